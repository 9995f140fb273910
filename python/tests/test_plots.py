"""Pictures: what is drawn is what was recorded. (How they look was looked at.)"""

import numpy as np
import pytest
from matplotlib import pyplot

import tauspike
from tauspike import plot


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


def drawn(axes):
    """It can be drawn, and this is the legend."""
    axes.figure.canvas.draw()
    legend = axes.get_legend()
    return [] if legend is None else [text.get_text() for text in legend.get_texts()]


def test_a_raster_has_every_spike(quickstart):
    axes = quickstart.spikes.plot.raster()
    assert drawn(axes) == ["E", "I"]
    assert sum(len(line.get_xdata()) for line in axes.lines) == len(quickstart.spikes)
    some = quickstart.spikes.plot.raster(from_ms=100.0, to_ms=200.0)
    time = quickstart.spikes.time_ms
    assert sum(len(line.get_xdata()) for line in some.lines) == ((time >= 100.0) & (time < 200.0)).sum()


def test_a_raster_says_what_it_leaves_out(quickstart, monkeypatch):
    monkeypatch.setattr(plot, "MOST_DOTS", 5000)
    axes = quickstart.spikes.plot.raster()
    assert axes.get_title(loc="right") == "one of 4 spikes"


def test_a_rate_integrates_to_the_spikes(quickstart):
    axes = quickstart.spikes.plot.rate(bin_ms=10.0, to_ms=1000.0)
    assert drawn(axes) == ["E", "I"]
    for patch, (name, size) in zip(axes.patches, [("E", 800), ("I", 200)], strict=True):
        values, _, _ = patch.get_data()
        assert values.sum() * size * 0.01 == pytest.approx(len(quickstart.spikes.of(name)[0]))
    with pytest.raises(ValueError, match="bin_ms = 0"):
        quickstart.spikes.plot.rate(bin_ms=0)


def test_intervals_and_time_constants(quickstart):
    axes = quickstart.spikes.plot.isi()
    assert all("CV 0." in label for label in drawn(axes))
    values, edges, _ = axes.patches[0].get_data()
    assert (values * np.diff(np.log10(edges))).sum() == pytest.approx(1.0)
    axes = quickstart.plot.tau()
    assert [label[:8] for label in drawn(axes)] == ["E: mean ", "I: mean "]
    assert quickstart.parameters("E")["tau_m_ms"].shape == (800,)


def test_no_spikes_make_empty_pictures():
    net = tauspike.Network()
    net.population("n", 1)
    spikes = net.run(1.0).spikes
    for axes in [spikes.plot.raster(), spikes.plot.rate(), spikes.plot.isi()]:
        assert drawn(axes) == []
