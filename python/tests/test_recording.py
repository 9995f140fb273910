"""What others read of a recording: the row groups, and of a divided one the files, that a filter needs."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from conftest import python

SCRIPT = Path(sys.executable).with_name("tauspike")

SOURCES = """
name = "sources"
duration_ms = 1000.0
[[population]]
name = "E"
size = 800
model = "poisson"
rate_hz = 20.0
[[population]]
name = "I"
size = 200
model = "poisson"
rate_hz = 20.0
[record]
rows_per_group = 1000
"""


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    folder = tmp_path_factory.mktemp("recording")
    (folder / "sources.toml").write_text(SOURCES)
    for arguments in [["run", "sources.toml", "--quiet", "--out", "out"], ["split", "out", "--out", "divided"]]:
        subprocess.run([SCRIPT, *arguments], cwd=folder, check=True, capture_output=True)
    return folder


def test_duckdb_reads_what_a_filter_needs(recording):
    def plan(query):
        return duckdb.sql("EXPLAIN ANALYZE " + query).fetchall()[0][1]

    whole = plan(f"SELECT count(*) FROM '{recording}/out/spikes.parquet' WHERE time_ms BETWEEN 500 AND 510")
    scanned, groups = whole.split("Row Groups Scanned: ")[1].split("│")[0].split("/")
    assert int(scanned) <= 2 and int(groups) >= 19
    divided = f"read_parquet('{recording}/divided/**/*.parquet', hive_partitioning = true)"
    assert "Scanning Files: 1/2" in plan(f"SELECT count(*) FROM {divided} WHERE population = 'I'")
    counts = duckdb.sql(f"SELECT population, count(*) FROM {divided} GROUP BY population ORDER BY population").fetchall()
    again = f"SELECT population, count(*) FROM '{recording}/out/spikes.parquet' GROUP BY population ORDER BY population"
    assert counts == duckdb.sql(again).fetchall()


def test_polars_reads_what_a_filter_needs(recording):
    code = f"""
import os
os.environ["POLARS_VERBOSE"] = "1"
import polars as pl
window = pl.col("time_ms").is_between(500.0, 510.0)
print(pl.scan_parquet("{recording}/out/spikes.parquet").filter(window).select(pl.len()).collect().item())
divided = pl.scan_parquet("{recording}/divided/**/*.parquet", hive_partitioning=True)
print(divided.filter(pl.col("population") == "I").select(pl.len()).collect().item())
"""
    done = python(code)
    assert done.returncode == 0, done.stderr
    scanned, groups = done.stderr.split("Predicate pushdown: reading ")[1].split(" row groups")[0].split("/")
    assert int(scanned) <= 2 and int(groups) >= 19, done.stderr
    assert "skipping 1 / 2 files" in done.stderr
