"""Populations, views of them, and assemblies."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import common, errors
from pyNN.parameters import LazyArray, ParameterSpace, Sequence, simplify

from . import simulator
from .recording import Recorder


class Assembly(common.Assembly):
    __doc__ = common.Assembly.__doc__
    _simulator = simulator


class _Parameters:
    """Parameters by names and units of tauspike, of a population or of a view of it."""

    def _get_parameters(self, *names: str) -> ParameterSpace:
        return self.celltype.reverse_translate(self._get_native_parameters(*self.celltype.get_native_names(*names)))

    def _get_native_parameters(self, *names: str) -> ParameterSpace:
        population, members = self._whole()
        found = {name: simplify(population.native[name][members]) for name in names}
        return ParameterSpace(found, shape=(self.size,))

    def _set_parameters(self, parameter_space: ParameterSpace) -> None:
        population, members = self._whole()
        population.put(parameter_space, members, self.size)

    def _get_view(self, selector: Any, label: str | None = None) -> PopulationView:
        return PopulationView(self, selector, label)


class PopulationView(_Parameters, common.PopulationView):
    __doc__ = common.PopulationView.__doc__
    _assembly_class = Assembly
    _simulator = simulator

    def _whole(self) -> tuple[Population, np.ndarray]:
        return self.grandparent, self.index_in_grandparent(np.arange(self.size))

    def _set_initial_value_array(self, variable: str, initial_values: LazyArray) -> None:
        population, members = self._whole()
        population.put_initial(variable, initial_values, members)

    @property
    def initial_values(self) -> dict[str, LazyArray]:
        """Initial values of its members; what is put into this dictionary is not set."""
        population, members = self._whole()
        values = {name: _each(value, population.size)[members] for name, value in population.initial_values.items()}
        return {name: LazyArray(value, shape=(self.size,), dtype=float) for name, value in values.items()}


class Population(_Parameters, common.Population):
    __doc__ = common.Population.__doc__
    _simulator = simulator
    _recorder_class = Recorder
    _assembly_class = Assembly

    def _create_cells(self) -> None:
        state = simulator.state
        first = state.id_counter
        if not hasattr(self.celltype, "model"):
            raise NotImplementedError(f"{type(self.celltype).__name__} is not a model of tauspike_pynn")
        self.all_cells = np.array([simulator.ID(cell) for cell in range(first, first + self.size)], dtype=simulator.ID)
        for cell in self.all_cells:
            cell.parent = self
        self._mask_local = np.ones(self.size, dtype=bool)
        #: Parameters by names and units of tauspike, one for each cell.
        self.native: dict[str, np.ndarray] = {}
        self.put(self.celltype.native_parameters, np.arange(self.size), self.size)
        state.id_counter += self.size
        state.populations.append(self)

    def put(self, parameter_space: ParameterSpace, members: np.ndarray, size: int) -> None:
        """Give members parameters."""
        parameter_space.shape = (size,)
        parameter_space.evaluate(simplify=False)
        for name, values in parameter_space.items():
            if name == "spike_times_ms":
                values = _trains(values, size)
            # what was read before stays as it was
            whole = self.native[name].copy() if name in self.native else np.empty(self.size, dtype=values.dtype)
            whole[members] = values
            self.native[name] = whole
        simulator.state.changed()

    def initialize(self, **initial_values: Any) -> None:
        """Set initial values: numbers, arrays, functions of the index or distributions, which are drawn from once."""
        drawn = {name: LazyArray(value, shape=(self.size,), dtype=float) for name, value in initial_values.items()}
        super().initialize(**{name: simplify(_each(value, self.size)) for name, value in drawn.items()})

    def initial_v(self) -> np.ndarray:
        """Initial potentials, mV."""
        return _each(self.initial_values["v"], self.size)

    def put_initial(self, variable: str, values: LazyArray, members: np.ndarray) -> None:
        """Give members initial values."""
        whole = _each(self.initial_values[variable], self.size)
        whole[members] = _each(values, len(members))
        self.initialize(**{variable: whole})

    def _whole(self) -> tuple[Population, slice]:
        return self, slice(None)

    def _set_initial_value_array(self, variable: str, initial_values: LazyArray) -> None:
        if variable != "v" and np.any(_each(initial_values, self.size) != 0.0):
            raise NotImplementedError(f"initial value of {variable!r} other than 0; allowed: that of 'v'")
        simulator.state.changed()

    def _set_cell_initial_value(self, id: simulator.ID, variable: str, value: float) -> None:
        super()._set_cell_initial_value(id, variable, value)
        simulator.state.changed()


def _each(values: LazyArray, size: int) -> np.ndarray:
    """A number for each cell; lazyarray gives one cell's as a scalar."""
    return np.array(np.broadcast_to(values.evaluate(simplify=False), (size,)))


def _trains(sequences: Any, size: int) -> np.ndarray:
    """Spike trains as an array of arrays, ascending each."""
    trains = np.empty(size, dtype=object)
    for k, sequence in enumerate(np.broadcast_to(np.asarray(sequences, dtype=object), (size,))):
        times = np.asarray(sequence.value if isinstance(sequence, Sequence) else sequence, dtype=np.float64)
        if np.any(np.diff(times) < 0.0):
            raise errors.InvalidParameterValueError(f"spike_times[{k}] = {times.tolist()}; allowed: times in ascending order")
        trains[k] = Sequence(times)
    return trains
