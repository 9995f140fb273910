"""The one simulation that PyNN knows: what was described, and how far it has run."""

from __future__ import annotations

import numpy as np
import tauspike
from pyNN import common, errors

from .description import described
from .terms import Names

name = "tauspike"

#: What may change between runs.
CHANGEABLE = "currents, spike times and rates may change between runs; anything else before run() or after reset()"

#: Times that differ by less, ms, are one step.
SAME = 1e-9


class ID(int, common.IDMixin):
    """A cell, by its number in the network of tauspike."""


class State(common.control.BaseState):
    """Populations, projections and current sources, and the tauspike simulation of them.

    The network of tauspike is built at `run_until`. When something has changed since the last run, it is built anew, and goes on from
    the saved state of the one before.
    """

    def __init__(self) -> None:
        super().__init__()
        self.mpi_rank = 0
        self.num_processes = 1
        self.clear()

    def clear(self, *, timestep: float = 0.1, min_delay="auto", max_delay="auto", threads: int = 1, seed: int = 1) -> None:
        """Forget everything."""
        self.dt = timestep
        #: Delay of synapses that have none given, ms.
        self.default_delay = timestep if min_delay == "auto" else min_delay
        self.is_delay_found = min_delay == "auto"
        self.max_delay = float("inf") if max_delay == "auto" else max_delay
        self.threads = threads
        self.seed = seed
        self.recorders = set()
        self.write_on_end = []
        self.populations = []
        self.projections = []
        self.current_sources = []
        self.id_counter = 0
        self.segment_counter = -1
        self.reset()

    @property
    def min_delay(self) -> float:
        """As it was given, or the smallest of the synapses there are, ms."""
        found = [projection.columns["delay"].min() for projection in self.projections if len(projection) > 0]
        return float(min(found, default=self.default_delay)) if self.is_delay_found else self.default_delay

    def reset(self) -> None:
        """Back to time 0, with what is described now."""
        self.running = False
        self.t = 0.0
        self.t_start = 0.0
        self.segment_counter += 1
        self.simulation = None
        self.is_changed = True
        for recorder in self.recorders:
            recorder.forget()

    def changed(self) -> None:
        """Something is described otherwise than it was."""
        self.is_changed = True

    def run_until(self, time: float) -> None:
        """Run on to this time, ms."""
        if self.is_changed:
            self.simulation = self._simulation()
            self.is_changed = False
        time = max(self._on_grid(time), self.t)
        try:
            recording = self.simulation.run_until(time)
        except (KeyboardInterrupt, tauspike.SimulationError):
            # what was done until then counts; after Ctrl-C the next run goes on from there
            self._arrive(self.simulation.now_ms, self.simulation.recorded())
            raise
        self._arrive(time, recording)

    def refuse_after_run(self, change: str) -> None:
        """Refuses what cannot be between runs, if there has been one."""
        if self.simulation is not None and self.t > 0.0:
            raise NotImplementedError(f"at {self.t} ms: {change}. Allowed: {CHANGEABLE}")

    def _arrive(self, time: float, recording: tauspike.Recording) -> None:
        self.t = time
        self.running = True
        for recorder in self.recorders:
            recorder.take(recording)

    def _simulation(self) -> tauspike.Simulation:
        names = Names()
        try:
            network = described(self, names)
            if self.simulation is None or self.t == 0.0:
                return network.simulation(threads=self.threads)
            return tauspike.Simulation.restore(network, self.simulation.save(), threads=self.threads)
        except tauspike.ScenarioError as error:
            raise errors.InvalidParameterValueError(names.in_pynn(str(error))) from error
        except tauspike.SnapshotError as error:
            raise NotImplementedError(f"at {self.t} ms: {names.in_pynn(str(error))}. Allowed: {CHANGEABLE}") from error

    def _on_grid(self, time: float) -> float:
        """The time, as multiples of steps and sampling intervals come out, so that samples at the end are taken."""
        steps = [self.dt, *(recorder.sampling_interval for recorder in self.recorders)]
        multiples = [round(time / step) * step for step in steps]
        near = [multiple for multiple in multiples if abs(multiple - time) < SAME * max(1.0, time)]
        return float(max(near, default=time))


state = State()


def on_grid(times: np.ndarray, step: float) -> np.ndarray:
    """Times as multiples of a step."""
    return np.rint(times / step) * step
