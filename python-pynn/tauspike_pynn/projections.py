"""Projections: synapses as columns, which tauspike takes as they are."""

from __future__ import annotations

from copy import copy
from typing import Any

import numpy as np
from pyNN import common, errors
from pyNN.parameters import ParameterSpace
from pyNN.space import Space

from . import connectors, given, simulator
from .synapses import ALLOWED, StaticSynapse


class Connection(common.Connection):
    """One synapse of a projection; its weight (nA, or mV onto IF_curr_delta) and delay (ms) can be read and set."""

    def __init__(self, projection: Projection, row: int) -> None:
        self._projection, self._row = projection, row

    @property
    def presynaptic_index(self) -> int:
        """Position of its source in ``projection.pre``."""
        return int(self._projection.columns["pre"][self._row])

    @property
    def postsynaptic_index(self) -> int:
        """Position of its target in ``projection.post``."""
        return int(self._projection.columns["post"][self._row])

    @property
    def presynaptic_cell(self) -> simulator.ID:
        """Its source."""
        return self._projection.pre.all_cells[self.presynaptic_index]

    @property
    def postsynaptic_cell(self) -> simulator.ID:
        """Its target."""
        return self._projection.post.all_cells[self.postsynaptic_index]

    @property
    def weight(self) -> float:
        """In the unit of PyNN."""
        return float(self._projection.columns["weight"][self._row])

    @weight.setter
    def weight(self, weight: float) -> None:
        self._projection.put_one("weight", self._row, weight)

    @property
    def delay(self) -> float:
        """ms."""
        return float(self._projection.columns["delay"][self._row])

    @delay.setter
    def delay(self, delay: float) -> None:
        self._projection.put_one("delay", self._row, delay)

    def as_tuple(self, *names: str) -> tuple[Any, ...]:
        """Attributes by name."""
        return tuple(getattr(self, name) for name in names)


class Projection(common.Projection):
    __doc__ = common.Projection.__doc__
    _simulator = simulator
    _static_synapse_class = StaticSynapse

    def __init__(
        self, presynaptic_neurons, postsynaptic_neurons, connector, synapse_type=None, source=None, receptor_type=None,
        space=Space(), label=None,
    ) -> None:
        simulator.state.refuse_after_run("new projection" if label is None else f"new projection {label!r}")
        if len(getattr(postsynaptic_neurons, "receptor_types", ["any"])) == 0:
            what = f"projection onto {postsynaptic_neurons.label!r}: cells that have no synapses, or not all the same"
            raise errors.ConnectionError(f"{what}; allowed: neurons, IF_curr_*")
        super().__init__(presynaptic_neurons, postsynaptic_neurons, connector, synapse_type, source, receptor_type, space, label)
        connectors.check(connector, self)
        self._pieces: list[tuple[np.ndarray, ...]] = []
        # a list is sorted while it is used: the user's stays as it is
        copy(connector).connect(self)
        columns = self._joined()
        self._check(columns)
        #: Positions in `pre` and in `post`, weight (PyNN's unit) and delay (ms) of each synapse.
        self.columns = columns
        simulator.state.projections.append(self)
        simulator.state.changed()

    def __len__(self) -> int:
        return len(self.columns["pre"])

    def __getitem__(self, row: int | slice) -> Connection | list[Connection]:
        if isinstance(row, slice):
            return [Connection(self, k) for k in range(*row.indices(len(self)))]
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return Connection(self, row % len(self))

    @property
    def connections(self) -> list[Connection]:
        """Every synapse."""
        return self[:]

    def put(self, **columns: Any) -> None:
        """Set columns, all or none."""
        new = {name: np.broadcast_to(np.asarray(values, dtype=np.float64), len(self)) for name, values in columns.items()}
        self._check(new)
        for name, values in new.items():
            if not np.array_equal(values, self.columns[name]):
                simulator.state.refuse_after_run(f"other {name} of projection {self.label!r}")
        self.columns.update({name: values.copy() for name, values in new.items()})
        simulator.state.changed()

    def put_one(self, name: str, row: int, value: float) -> None:
        """Set a row of a column, without a copy: somebody may set one after the other."""
        value = given.number(f"projection {self.label!r}: {name} of synapse {row}", value, ALLOWED[name])
        if value != self.columns[name][row]:
            simulator.state.refuse_after_run(f"other {name} of projection {self.label!r}")
        self.columns[name][row] = value
        simulator.state.changed()

    def _check(self, columns: dict[str, np.ndarray]) -> None:
        for name, values in columns.items():
            # positions are checked with the connector, but connectors of others can give any
            ends = {"pre": self.pre, "post": self.post}
            most = ends[name].size - 1 if name in ends else 0
            allowed = ALLOWED.get(name) or given.Range(0, most, f"0 to {most}")
            wrong = np.flatnonzero(~allowed.includes(values))
            if wrong.size > 0:
                raise given.refused(f"projection {self.label!r}: {name} of synapse {wrong[0]}", values[wrong[0]], allowed.words)

    def _convergent_connect(self, presynaptic_indices, postsynaptic_index, location_selector=None, **parameters) -> None:
        if location_selector is not None:
            raise NotImplementedError(f"location_selector = {location_selector!r}; allowed: None, as neurons are points")
        pre = np.asarray(presynaptic_indices, dtype=np.int64)
        each = [np.broadcast_to(np.asarray(parameters[name], dtype=np.float64), pre.shape) for name in ("weight", "delay")]
        self._pieces.append((pre, np.full(pre.shape, postsynaptic_index, dtype=np.int64), *each))

    def _joined(self) -> dict[str, np.ndarray]:
        pieces, self._pieces = self._pieces, []
        empty = (np.empty(0, dtype=np.int64),) * 2 + (np.empty(0),) * 2
        columns = [np.concatenate(column) for column in zip(empty, *pieces)]
        return dict(zip(("pre", "post", "weight", "delay"), columns))

    def _set_attributes(self, parameter_space: ParameterSpace) -> None:
        parameter_space.evaluate(simplify=False)
        # lazyarray drops dimensions of one
        matrices = {name: np.reshape(values, self.shape) for name, values in parameter_space.items()}
        self.put(**{name: matrix[self.columns["pre"], self.columns["post"]] for name, matrix in matrices.items()})

    def _get_attributes_as_list(self, names: list[str]) -> list[tuple[Any, ...]]:
        column = {"presynaptic_index": "pre", "postsynaptic_index": "post"}
        return list(zip(*(self.columns[column.get(name, name)].tolist() for name in names)))
