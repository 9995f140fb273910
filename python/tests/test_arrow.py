"""Tables reach other libraries by Arrow's PyCapsule interface, without a copy where they can, and without pyarrow."""

import gc

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import tauspike
from conftest import python


@pytest.fixture(scope="module")
def spikes():
    """100 000 spikes of two populations of sources."""
    net = tauspike.Network(seed=3)
    net.population("fast", 100, model="poisson", rate_hz=900.0)
    net.population("slow", 100, model="poisson", rate_hz=100.0)
    return net.run(1000.0).spikes


def address(array):
    return array.__array_interface__["data"][0]


def test_polars_reads_the_same_buffers(spikes):
    frame = pl.DataFrame(spikes)
    assert frame.columns == ["time_ms", "neuron", "population"] and frame.n_chunks() == 1
    assert frame.dtypes == [pl.Float64, pl.UInt32, pl.Categorical]
    for name in ["time_ms", "neuron"]:
        assert address(frame[name].to_numpy(allow_copy=False)) == address(spikes[name])
    assert spikes.to_polars().equals(frame)
    assert frame["population"].to_list()[:50] == ["fast" if n < 100 else "slow" for n in spikes.neuron[:50]]


def test_pyarrow_reads_the_same_buffers(spikes):
    table = pa.table(spikes)
    for name in ["time_ms", "neuron"]:
        assert table[name].chunk(0).buffers()[1].address == address(spikes[name])
    assert table.schema.field("time_ms").metadata[b"unit"] == b"ms"
    assert table.schema == pa.schema(spikes)


def test_duckdb_reads_them(spikes):
    count, last, fast = duckdb.sql("select count(*), max(time_ms), count(*) filter (population = 'fast') from spikes").fetchall()[0]
    assert (count, last, fast) == (len(spikes), spikes.time_ms[-1], len(spikes.of("fast")[0]))


def test_pandas_shares_the_buffers(spikes):
    frame = spikes.to_pandas()
    for name in ["time_ms", "neuron"]:
        assert address(frame[name].to_numpy()) == address(spikes[name])
    assert frame["population"].dtype == "category" and (frame["population"] == "slow").sum() == len(spikes.of("slow")[0])
    assert len(pd.DataFrame.from_arrow(spikes)) == len(spikes)


def test_columns_are_read_only_views_that_outlive_their_table():
    net = tauspike.Network(seed=3)
    net.population("sources", 100, model="poisson", rate_hz=900.0)
    table = net.run(100.0).spikes
    time, frame, total = table.time_ms, pl.DataFrame(table), float(table.time_ms.sum())
    assert address(time) == address(table.time_ms) and time.dtype == np.float64 and table.neuron.dtype == np.uint32
    with pytest.raises(ValueError, match="read-only"):
        time[0] = 0.0
    del table
    gc.collect()
    np.ones(10**6).sum()
    assert float(time.sum()) == total == pytest.approx(frame["time_ms"].sum())


def test_empty_tables_are_tables():
    net = tauspike.Network()
    net.population("n", 1)
    result = net.run(1.0)
    assert len(pl.DataFrame(result.spikes)) == len(result.probes["v_mv"]) == len(result.spikes.to_pandas()) == 0
    assert result.spikes.trains("n")[0].shape == (0,) and "0 rows" in repr(result.spikes)
    assert "<table>" in result.spikes._repr_html_()


def test_notebooks_see_a_table(spikes):
    html = spikes._repr_html_()
    assert f"10 of {len(spikes)} rows" in html and "<td>fast</td>" in html and "model time of the spike" in html
    with pytest.raises(KeyError, match="voltage"):
        spikes["voltage"]


def test_capsules_that_nobody_reads_are_released(spikes):
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(1000):
        spikes.__arrow_c_stream__()
        spikes.__arrow_c_schema__()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000, "kB; 1000 copies would be 1.6 GB"


def test_neither_pyarrow_nor_any_other_library_is_imported():
    code = "import sys, tauspike; print([m for m in ('pyarrow', 'polars', 'pandas', 'scipy', 'matplotlib', 'IPython') if m in sys.modules])"
    assert python(code).stdout == "[]\n"
