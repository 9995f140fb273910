"""What is recorded of a population."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from pyNN import recording

from . import given, simulator

if TYPE_CHECKING:
    import tauspike

#: Columns of tauspike's probes, and what makes them PyNN's units.
COLUMNS = {"v": ("v_mv", 1.0), "isyn_exc": ("i_syn_ex_pa", 1e-3), "isyn_inh": ("i_syn_in_pa", 1e-3)}


class Recorder(recording.Recorder):
    """Keeps the spikes and samples of one population."""

    _simulator = simulator

    def __init__(self, population, file=None) -> None:
        super().__init__(population, file)
        self.forget()

    def forget(self) -> None:
        """Drop what was recorded since time 0, or since the last clearing."""
        #: Pieces of times, ms, and IDs.
        self._spikes: list[tuple[np.ndarray, np.ndarray]] = []
        #: Rows of times, ms, IDs and the variables of `COLUMNS`.
        self._samples: list[dict[str, np.ndarray]] = []

    def sampled(self) -> np.ndarray:
        """IDs of the cells of which a variable is recorded, ascending."""
        ids = {int(cell) for variable, cells in self.recorded.items() if variable.name in COLUMNS for cell in cells}
        return np.array(sorted(ids), dtype=np.int64)

    def take(self, recorded: tauspike.Recording) -> None:
        """Keep what a run brought."""
        cells = self._ids("spikes")
        if cells.size > 0:
            of_cells = self._mine(recorded.spikes.neuron, cells)
            self._spikes.append((recorded.spikes.time_ms[of_cells], recorded.spikes.neuron[of_cells]))
        if self.sampled().size > 0:
            probes = recorded.probes
            here = self._mine(probes["neuron"], self.sampled())
            columns = {name: probes[column][here] * scale for name, (column, scale) in COLUMNS.items()}
            self._samples.append({"time": probes["time_ms"][here], "id": probes["neuron"][here], **columns})

    def _mine(self, neurons: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """Positions of the rows of cells of this population."""
        first, last = int(self.population.first_id), int(self.population.last_id)
        here = np.flatnonzero((neurons >= first) & (neurons <= last))
        return here if cells.size == self.population.size else here[np.isin(neurons[here], cells)]

    def _ids(self, name: str) -> np.ndarray:
        variable = recording.Variable(name, location=None, label=None)
        return np.array(sorted(int(cell) for cell in self.recorded[variable]), dtype=np.int64)

    def record(self, variables, ids, sampling_interval=None, locations=None) -> None:
        """Add cells to those of which variables are recorded."""
        if sampling_interval is not None:
            given.number(f"population {self.population.label!r}: sampling_interval", sampling_interval, given.POSITIVE)
        super().record(variables, ids, sampling_interval, locations)

    def _record(self, variable, new_ids, sampling_interval=None) -> None:
        if sampling_interval is not None:
            self.sampling_interval = sampling_interval
        self._simulator.state.changed()

    def _get_spiketimes(self, ids: Iterable[int], clear: bool = False) -> dict[int, np.ndarray]:
        times = np.concatenate([np.empty(0), *(times for times, _ in self._spikes)])
        cells = np.concatenate([np.empty(0, dtype=np.uint32), *(cells for _, cells in self._spikes)])
        order = np.argsort(cells, kind="stable")
        times, cells = times[order], cells[order]
        asked = np.array([int(cell) for cell in ids], dtype=np.int64)
        bounds = zip(asked.tolist(), np.searchsorted(cells, asked), np.searchsorted(cells, asked, side="right"))
        return {cell: times[left:right] for cell, left, right in bounds}

    def _get_all_signals(self, variable, ids, clear: bool = False) -> tuple[np.ndarray, None]:
        start, step = float(self._recording_start_time.magnitude), self.sampling_interval
        # what was not yet recorded is NaN
        signals = np.full((int((self._simulator.state.t - start) / step + simulator.SAME) + 1, len(ids)), np.nan)
        asked = np.array([int(cell) for cell in ids], dtype=np.int64)
        for rows in self._samples:
            here = np.flatnonzero(np.isin(rows["id"], asked))
            moment = np.rint((rows["time"][here] - start) / step).astype(np.int64)
            signals[moment, np.searchsorted(asked, rows["id"][here])] = rows[variable.name][here]
        return signals, None

    def _local_count(self, variable, filter_ids=None) -> dict[int, int]:
        trains = self._get_spiketimes(sorted(self.filter_recorded(variable, filter_ids)))
        return {cell: len(times) for cell, times in trains.items()}

    def _clear_simulator(self) -> None:
        """Forget; a sample at the present begins what follows."""
        now = self._simulator.state.t
        last = [{name: column[rows["time"] == now] for name, column in rows.items()} for rows in self._samples[-1:]]
        self.forget()
        self._samples = last

    def _reset(self) -> None:
        self.forget()
        self._simulator.state.changed()
