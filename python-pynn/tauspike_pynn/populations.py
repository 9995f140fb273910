"""Populations, views of them, and assemblies."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import common
from pyNN.parameters import LazyArray, ParameterSpace, Sequence, simplify

from . import cells, given, simulator
from .description import stretches
from .recording import Recorder

#: Parameters that may change between runs, by names of tauspike.
CHANGEABLE = {"i_offset_pa", "spike_times_ms", "rate_hz", "start_ms", "duration_ms"}


class Assembly(common.Assembly):
    __doc__ = common.Assembly.__doc__
    _simulator = simulator

    @property
    def receptor_types(self) -> list[str]:
        """Those common to all of its populations, in their order: PyNN takes the first as the excitatory one."""
        first, *others = [population.celltype.receptor_types for population in self.populations]
        return [name for name in first if all(name in other for other in others)]


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

    def __init__(
        self, size, cellclass, cellparams=None, structure=None, initial_values={}, label=None,
    ) -> None:
        state = simulator.state
        called = "population" if label is None else f"population {label!r}"
        state.refuse_after_run(f"new {called}")
        for edge in size if isinstance(size, tuple) else (size,):
            if isinstance(edge, (int, np.integer)) and edge < 1:
                raise given.refused(f"{called}: size", size, "at least 1 cell")
        try:
            super().__init__(size, cellclass, cellparams, structure, initial_values, label)
        except BaseException:
            # of a population that is refused nothing stays
            state.recorders = {recorder for recorder in state.recorders if recorder.population is not self}
            raise
        state.id_counter += self.size
        state.populations.append(self)
        state.changed()

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

    def put(self, parameter_space: ParameterSpace, members: np.ndarray, size: int) -> None:
        """Give members parameters, all or none."""
        parameter_space.shape = (size,)
        parameter_space.evaluate(simplify=False)
        new = dict(self.native)
        for name, values in parameter_space.items():
            if name == "spike_times_ms":
                values = _trains(f"population {self.label!r}: spike_times", values, size)
            # what was read before stays as it was
            whole = new[name].copy() if name in new else np.empty(self.size, dtype=values.dtype)
            whole[members] = values
            new[name] = whole
        self._check({name: new[name] for name in parameter_space.keys()})
        self.native = new
        simulator.state.changed()

    def _check(self, native: dict[str, np.ndarray]) -> None:
        """Refuses parameters that are not allowed, or not any more."""
        numbers = {name: values for name, values in native.items() if name != "spike_times_ms"}
        values = self.celltype.reverse_translate(ParameterSpace(numbers, shape=(self.size,)))
        values.evaluate(simplify=False)
        for name in values.keys():
            given.each(f"population {self.label!r}: {name}", values[name], cells.ALLOWED[name])
            key = self.celltype.translations[name]["translated_name"]
            if key not in CHANGEABLE and not np.array_equal(native[key], self.native.get(key, native[key])):
                simulator.state.refuse_after_run(f"other {name} of population {self.label!r}")
        if self.celltype.model == "poisson" and self.native and stretches({**self.native, **native}) != stretches(self.native):
            # each stretch is a population of tauspike
            simulator.state.refuse_after_run(f"start and duration part or join neighbours in population {self.label!r}")

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
        new = _each(initial_values, self.size)
        if variable == "v":
            given.each(f"population {self.label!r}: initial value of v", new, cells.INITIAL)
        if variable in self.initial_values and not np.array_equal(new, _each(self.initial_values[variable], self.size)):
            simulator.state.refuse_after_run(f"other initial value of {variable} of population {self.label!r}")
        simulator.state.changed()

    def _set_cell_initial_value(self, id: simulator.ID, variable: str, value: float) -> None:
        self.put_initial(variable, LazyArray(value, shape=(1,), dtype=float), np.array([self.id_to_index(id)]))


def _each(values: LazyArray, size: int) -> np.ndarray:
    """A number for each cell; lazyarray gives one cell's as a scalar."""
    return np.array(np.broadcast_to(values.evaluate(simplify=False), (size,)))


def _trains(field: str, sequences: Any, size: int) -> np.ndarray:
    """Spike trains as an array of arrays, ascending each."""
    trains = np.empty(size, dtype=object)
    for k, sequence in enumerate(np.broadcast_to(np.asarray(sequences, dtype=object), (size,))):
        times = _times(f"{field}[{k}]", sequence.value if isinstance(sequence, Sequence) else sequence)
        given.ascending(f"{field}[{k}]", times, strictly=False)
        trains[k] = Sequence(times)
    return trains


def _times(field: str, values: Any) -> np.ndarray:
    try:
        times = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        raise given.refused(field, values, "a list of times, ms") from None
    if times.ndim != 1:
        raise given.refused(field, times.tolist(), "a list of times, ms")
    return times
