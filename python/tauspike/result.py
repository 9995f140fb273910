"""What a run brings."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import _native, given
from .plot import RunPlot
from .tables import Spikes, Table

if TYPE_CHECKING:
    from .population import Population
    from .progress import Progress
    from .simulation import Simulation


@dataclass(frozen=True)
class Recording:
    """What a stretch of model time brings.

    Attributes
    ----------
    spikes : Spikes
        ``time_ms``, ``neuron``, ``population``, sorted by time, then neuron.
    probes : Table
        ``time_ms``, ``neuron``, ``population``, ``v_mv``, ``i_syn_ex_pa``, ``i_syn_in_pa`` (null for delta synapses); empty without probes.
    intervals : Table
        ``start_ms``, ``end_ms`` and a column for each counter; empty unless counters are told for intervals.
    """

    spikes: Spikes
    probes: Table
    intervals: Table


@dataclass(frozen=True)
class Result(Recording):
    """What a whole run brings: a `Recording`, and what was counted and run.

    Attributes
    ----------
    counters : dict
        Totals by name: ``spikes``, ``source_spikes``, ``synaptic_arrivals``, ...
    manifest : dict
        What was run, where, and what came out, as ``manifest.json`` of the program tells it: seed, populations, realised parameters,
        energy proxies, ``digest``.
    """

    counters: dict[str, int]
    manifest: dict[str, Any]
    _built: _native.Built

    @property
    def plot(self) -> RunPlot:
        """Pictures: ``.raster()``, ``.rate()``, ``.isi()``, ``.tau()``, on matplotlib."""
        taus = {name: self.parameters(name) for name, _, _ in self._built.populations}
        return RunPlot(self.spikes, {name: each["tau_m_ms"] for name, each in taus.items() if "tau_m_ms" in each})

    def parameters(self, population: Population | str) -> dict[str, NDArray[np.float64]]:
        """The parameters that the neurons of a population came out with; as `Network.parameters`."""
        return self._built.parameters(given.population("population", population, self.spikes.populations))

    @property
    def digest(self) -> str:
        """SHA-256 of the spikes, which the program `tauspike` tells of a run with the same spikes."""
        return self.manifest["digest"]

    def rates(self) -> dict[str, float]:
        """Mean rate of each population, Hz: spikes / (size * time); NaN if no time has passed."""
        seconds = (self.manifest["model_time_ms"] - self.manifest["parameters"].get("start_ms", 0.0)) * 1e-3
        counts = self.manifest["spikes_per_population"]
        return {p["name"]: counts[p["name"]] / p["size"] / seconds if seconds else float("nan") for p in self.manifest["populations"]}

    def __repr__(self) -> str:
        time = self.manifest["model_time_ms"]
        return f"<Result: {len(self.spikes)} spikes up to {time} ms, digest {self.digest[:12]}>"

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><td>{html.escape(name)}</td><td>{rate:.2f}</td></tr>" for name, rate in self.rates().items())
        head = f"<p>{len(self.spikes)} spikes up to {self.manifest['model_time_ms']} ms</p>"
        return f"{head}<table><tr><th>population</th><th>rate (Hz)</th></tr>{rows}</table>"


def finish(simulation: Simulation, until_ms: float, progress: bool | Progress) -> Result:
    """Run to the end, and tell it all."""
    recording = simulation.run_until(until_ms, progress=progress)
    manifest = json.loads(simulation._native.manifest())
    return Result(recording.spikes, recording.probes, recording.intervals, simulation.counters, manifest, simulation._built)
