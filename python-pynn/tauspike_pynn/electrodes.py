"""Sources of current."""

from __future__ import annotations

from typing import Any

import numpy as np
from pyNN.parameters import ParameterSpace
from pyNN.standardmodels import StandardCurrentSource, build_translations, electrodes

from . import simulator


class _Source(StandardCurrentSource):
    """A current that is constant between steps."""

    def __init__(self, **parameters: Any) -> None:
        self.cells: list[int] = []
        self._recorded_from: float | None = None
        self._native: dict[str, Any] = {}
        space = ParameterSpace(self.default_parameters, self.get_schema(), shape=(1,))
        space.update(**parameters)
        self.set_native_parameters(self.translate(space))
        simulator.state.current_sources.append(self)

    def inject_into(self, cells: Any) -> None:
        """Give this current to cells, a population, view, assembly or list of IDs, beside any other they have."""
        for cell in cells:
            if not cell.celltype.injectable:
                raise TypeError("Can't inject current into a spike source.")
            self.cells.append(int(cell))
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
        return {name: float(value) for name, value in native.items()}

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Times, ms, and the current from each on, nA."""
        start, stop = self._native["start"], self._native["stop"]
        if not start < stop:
            return np.empty(0), np.empty(0)
        return np.array([start, stop]), np.array([self._native["amplitude"], 0.0])


class StepCurrentSource(_Source, electrodes.StepCurrentSource):
    __doc__ = electrodes.StepCurrentSource.__doc__
    translations = build_translations(("amplitudes", "amplitudes"), ("times", "times"))

    def _checked(self, native: dict[str, Any]) -> dict[str, Any]:
        """Steps on the grid of the timestep, as PyNN asks; where two fall on one time the later holds."""
        times, amplitudes = _array(native["times"]), _array(native["amplitudes"])
        if len(times) != len(amplitudes):
            raise ValueError(f"amplitudes = {len(amplitudes)} values; allowed: {len(times)}, one for each of times")
        if np.any(times < 0.0):
            raise ValueError(f"times = {times.tolist()}; allowed: times that are not negative")
        if np.any(np.diff(times) <= 0.0):
            raise ValueError(f"times = {times.tolist()}; allowed: times in increasing order")
        times = simulator.on_grid(times, simulator.state.dt)
        kept = np.append(np.diff(times) > 0.0, True)[: len(times)]
        return {"times": times[kept], "amplitudes": amplitudes[kept]}

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Times, ms, and the current from each on, nA."""
        return self._native["times"], self._native["amplitudes"]


def _array(values: Any) -> np.ndarray:
    return np.asarray(getattr(values, "value", values), dtype=np.float64)
