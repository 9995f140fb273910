"""Sources of current."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN import errors
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import StandardCurrentSource, build_translations, electrodes

from . import given, simulator


class _Source(StandardCurrentSource):
    """A current that is constant between steps."""

    def __init__(self, **parameters: Any) -> None:
        self.cells: list[int] = []
        self._recorded_from: float | None = None
        self._native: dict[str, Any] = {}
        space = ParameterSpace(self.default_parameters, self.get_schema(), shape=(1,))
        space.update(**parameters)
        self.set_native_parameters(self.translate(space))
        self.steps()
        simulator.state.current_sources.append(self)

    def inject_into(self, cells: Any) -> None:
        """Give this current to cells, a population, view, assembly or list of IDs, beside any other they have."""
        cells = list(cells)
        if not all(cell.celltype.injectable for cell in cells):
            raise TypeError("Can't inject current into a spike source.")
        self.cells += [int(cell) for cell in cells]
        simulator.state.changed()

    def set_native_parameters(self, parameters: ParameterSpace) -> None:
        """Set the parameters."""
        parameters.evaluate(simplify=True)
        self._native = self._checked({**self._native, **dict(parameters.items())})
        simulator.state.changed()

    def get_parameters(self) -> dict[str, Any]:
        """The parameters, numbers and arrays, in the units of PyNN, which are those kept."""
        return dict(self._native)

    def record(self) -> None:
        """Record the current from now on."""
        self._recorded_from = simulator.state.t

    def _get_data(self) -> tuple[np.ndarray, np.ndarray]:
        state = simulator.state
        samples = np.arange(round(self._recorded_from / state.dt), round(state.t / state.dt) + 1) * state.dt
        times, amplitudes = self.steps()
        before = np.searchsorted(times, samples + simulator.SAME, side="right")
        return samples, np.concatenate([[0.0], amplitudes])[before]


class DCSource(_Source, electrodes.DCSource):
    __doc__ = electrodes.DCSource.__doc__
    translations = build_translations(("amplitude", "amplitude"), ("start", "start"), ("stop", "stop"))

    def _checked(self, native: dict[str, Any]) -> dict[str, Any]:
        allowed = {"amplitude": given.FINITE, "start": given.FINITE, "stop": given.END}
        return {name: given.number(f"DCSource: {name}", value, allowed[name]) for name, value in native.items()}

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Times, ms, and the current from each on, nA."""
        start, stop = self._native["start"], self._native["stop"]
        # not when it is set: start and stop may be set one after the other
        if stop < start:
            raise given.refused("DCSource: stop", stop, f"at least start = {start:g}")
        if start == stop:
            return np.empty(0), np.empty(0)
        return np.array([start, stop]), np.array([self._native["amplitude"], 0.0])


class StepCurrentSource(_Source, electrodes.StepCurrentSource):
    __doc__ = electrodes.StepCurrentSource.__doc__
    translations = build_translations(("amplitudes", "amplitudes"), ("times", "times"))

    def _checked(self, native: dict[str, Any]) -> dict[str, Any]:
        """Steps on the grid of the timestep, as PyNN asks; where two fall on one time the later holds."""
        times, amplitudes = _array("times", native), _array("amplitudes", native)
        if len(times) != len(amplitudes):
            allowed = f"{len(times)}, one for each of times"
            raise errors.InvalidParameterValueError(f"StepCurrentSource: amplitudes = {len(amplitudes)} values; allowed: {allowed}")
        given.ascending("StepCurrentSource: times", times, strictly=True)
        given.each("StepCurrentSource: amplitudes", amplitudes, given.FINITE)
        times = simulator.on_grid(times, simulator.state.dt)
        kept = np.append(np.diff(times) > 0.0, True)[: len(times)]
        return {"times": times[kept], "amplitudes": amplitudes[kept]}

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Times, ms, and the current from each on, nA."""
        return self._native["times"], self._native["amplitudes"]


def _array(name: str, native: dict[str, Any]) -> np.ndarray:
    values = np.asarray(getattr(native[name], "value", native[name]), dtype=np.float64)
    if values.ndim != 1:
        raise given.refused(f"StepCurrentSource: {name}", values.tolist(), "a list of numbers")
    return values
