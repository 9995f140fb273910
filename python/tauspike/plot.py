"""Pictures of spikes and time constants, on matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .tables import Spikes

#: Okabe and Ito's colours, which most people can tell apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
#: Dots of a raster; more only make it black.
MOST_DOTS = 200_000
#: Intervals that a neuron needs for a CV.
LEAST_INTERVALS = 5


class SpikePlot:
    """Pictures of one table of spikes; `Spikes.plot` makes it. Each returns the matplotlib axes it has drawn on."""

    def __init__(self, spikes: Spikes) -> None:
        self._spikes = spikes

    def raster(self, *, ax: Axes | None = None, from_ms: float | None = None, to_ms: float | None = None) -> Axes:
        """A dot for each spike, by time and neuron, coloured by population.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; otherwise a new figure.
        from_ms, to_ms : float, optional
            The time shown, ms. Of more than 200 000 spikes in it every n-th is drawn, and the title says so.
        """
        ax = _axes(ax)
        time = self._spikes.time_ms
        first, last = np.searchsorted(time, [-np.inf if from_ms is None else from_ms, np.inf if to_ms is None else to_ms])
        step = max(1, -(-int(last - first) // MOST_DOTS))
        time, neuron = time[first:last:step], self._spikes.neuron[first:last:step]
        for colour, (name, members) in _coloured(self._spikes):
            here = (neuron >= members.start) & (neuron < members.stop)
            ax.plot(time[here], neuron[here], ".", color=colour, markersize=1.5, markeredgewidth=0, label=name)
        ax.set(xlabel="time (ms)", ylabel="neuron", xlim=(from_ms, to_ms))
        if step > 1:
            ax.set_title(f"one of {step} spikes", fontsize="small", loc="right")
        _legend(ax, len(self._spikes.populations), markerscale=6)
        return ax

    def rate(
        self, *, ax: Axes | None = None, bin_ms: float = 5.0, from_ms: float | None = None, to_ms: float | None = None
    ) -> Axes:
        """Rate of each population over time: spikes in a bin / (size * bin), Hz.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; otherwise a new figure.
        bin_ms : float
            Width of a bin, ms, > 0.
        from_ms, to_ms : float, optional
            The time shown, ms; otherwise from 0 to the last spike. Bins begin at `from_ms`, and only whole ones are shown.
        """
        if not (np.isfinite(bin_ms) and bin_ms > 0):
            raise ValueError(f"bin_ms = {bin_ms}; allowed: a finite number > 0")
        ax = _axes(ax)
        start = 0.0 if from_ms is None else from_ms
        time = self._spikes.time_ms
        stop = to_ms if to_ms is not None else (float(time[-1]) if len(time) else start)
        edges = start + bin_ms * np.arange(max(1, int((stop - start) / bin_ms)) + 1)
        for colour, (name, members) in _coloured(self._spikes):
            counts, _ = np.histogram(self._spikes.of(name)[0], edges)
            ax.stairs(counts / (len(members) * bin_ms * 1e-3), edges, color=colour, label=name, linewidth=1.2)
        ax.set(xlabel="time (ms)", ylabel="rate (Hz)", xlim=(edges[0], edges[-1]), ylim=(0, None))
        _legend(ax, len(self._spikes.populations))
        return ax

    def isi(self, *, ax: Axes | None = None, bins: int = 60) -> Axes:
        """Histogram of interspike intervals of each population, as a density over the logarithm of the interval.

        The legend has the mean CV of the intervals over the neurons that have at least five.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; otherwise a new figure.
        bins : int
            Number of bins, equal on the logarithmic axis.
        """
        ax = _axes(ax)
        intervals = {name: [np.diff(train) for train in self._spikes.trains(name)] for name in self._spikes.populations}
        merged = {name: np.concatenate(each) for name, each in intervals.items()}
        positive = np.concatenate([each[each > 0] for each in merged.values()]) if merged else np.empty(0)
        if len(positive):
            edges = np.geomspace(positive.min() * 0.999, positive.max() * 1.001, bins + 1)
            for colour, (name, _) in _coloured(self._spikes):
                if not len(merged[name]):
                    continue
                counts, _ = np.histogram(merged[name], edges)
                density = counts / (counts.sum() or 1) / np.diff(np.log10(edges))
                ax.stairs(density, edges, color=colour, label=name + _mean_cv(intervals[name]), linewidth=1.2)
            ax.set_xscale("log")
        ax.set(xlabel="interspike interval (ms)", ylabel="density per decade", ylim=(0, None))
        _legend(ax, 2)
        return ax


class RunPlot(SpikePlot):
    """Pictures of a run: of its spikes, and of the time constants of its neurons; `Result.plot` makes it."""

    def __init__(self, spikes: Spikes, tau_m_ms: dict[str, NDArray[np.float64]]) -> None:
        super().__init__(spikes)
        self._tau_m_ms = tau_m_ms

    def tau(self, *, ax: Axes | None = None, bins: int = 50) -> Axes:
        """Histogram of the membrane time constants of each population of neurons.

        Parameters
        ----------
        ax : Axes, optional
            Where to draw; otherwise a new figure.
        bins : int
            Number of bins.
        """
        ax = _axes(ax)
        populations = list(self._spikes.populations)
        all_of_them = np.concatenate([*self._tau_m_ms.values(), np.empty(0)])
        edges = np.histogram_bin_edges(all_of_them, bins).tolist()
        for name, values in self._tau_m_ms.items():
            label = f"{name}: mean {values.mean():.3g} ms, CV {values.std() / values.mean():.2f}"
            colour = COLOURS[populations.index(name) % len(COLOURS)]
            ax.hist(values, edges, color=colour, histtype="stepfilled", alpha=0.6, label=label)
        ax.set(xlabel="membrane time constant (ms)", ylabel="neurons")
        _legend(ax, 2)
        return ax


def _mean_cv(intervals: list[np.ndarray]) -> str:
    enough = [each for each in intervals if len(each) >= LEAST_INTERVALS]
    return f" (CV {np.mean([each.std() / each.mean() for each in enough]):.2f})" if enough else ""


def _axes(ax: Axes | None) -> Axes:
    if ax is not None:
        return ax
    from matplotlib import pyplot

    return pyplot.subplots(figsize=(7, 3.5), layout="constrained")[1]


def _coloured(spikes: Spikes) -> list[tuple[str, tuple[str, range]]]:
    return [(COLOURS[k % len(COLOURS)], item) for k, item in enumerate(spikes.populations.items())]


def _legend(ax: Axes, entries: int, **how: Any) -> None:
    """Beside the picture, where it hides nothing; one population alone needs none."""
    if entries > 1 and ax.get_legend_handles_labels()[1]:
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False, fontsize="small", **how)
