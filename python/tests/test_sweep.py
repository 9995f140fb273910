"""Sweeps from Python: the rows of the program, one by one and over pools of any kind."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import duckdb
import joblib
import polars as pl
import pytest

import tauspike

SCRIPT = Path(sys.executable).with_name("tauspike")
WALL = {"build_s", "run_s", "wall_s"}

SCENARIO = """
name = "small"
duration_ms = 100.0
[[population]]
name = "E"
size = 20
model = "lif_delta"
[[input]]
kind = "poisson"
target = "E"
rate_hz = 8000.0
weight_mv = 0.3
"""

SWEEP = """
name = "small"
scenario = "scenario.toml"
repeats = 2
[[axis]]
name = "rate"
key = "input.0.rate_hz"
values = [6000.0, 8000.5, 10000.0]
[[axis]]
name = "tau"
key = "population.E.tau_m_ms"
values = [10.0, -1.0]
"""


@pytest.fixture
def path(tmp_path):
    (tmp_path / "scenario.toml").write_text(SCENARIO)
    (tmp_path / "sweep.toml").write_text(SWEEP)
    return tmp_path / "sweep.toml"


def without_wall(rows):
    return [{name: value for name, value in row.items() if name not in WALL} for row in rows]


def test_rows_come_one_by_one_and_a_run_that_fails_is_a_row(path):
    sweep = tauspike.sweep(path)
    assert len(sweep) == 12 and sweep.name == "small" and "12 runs" in repr(sweep)
    rows = iter(sweep)
    first = next(rows)
    assert (first["rate"], first["tau"], first["seed"], first["exit"], first["error"]) == (6000.0, 10.0, 1, 0, None)
    assert first["rate_hz_E"] > 0 and len(first["digest"]) == 64
    failed = sweep.run(2)
    assert failed["exit"] == 2 and "tau_m_ms" in failed["error"] and "digest" not in failed
    assert not (path.parent / "out").exists(), "nothing is written"
    assert without_wall([sweep.run(0, threads=2)]) == without_wall([first])


def test_the_row_is_that_of_a_run(path):
    row = tauspike.sweep(path).run(4)
    alone = tauspike.run(path.with_name("scenario.toml"), set=["input.0.rate_hz=8000.5", "population.E.tau_m_ms=10.0", "seed=1"])
    assert row["digest"] == alone.digest and row["spikes"] == alone.counters["spikes"]


def test_pools_of_threads_and_of_processes_give_the_same_rows(path):
    sweep = tauspike.sweep(path)
    rows = without_wall(sweep)
    with ThreadPoolExecutor(2) as pool:
        assert without_wall(sweep.over(pool, ahead=3)) == rows
    with ProcessPoolExecutor(2) as pool:
        assert without_wall(pool.map(sweep.run, range(len(sweep)))) == rows
    assert without_wall(pickle.loads(pickle.dumps(sweep)))[:1] == rows[:1]


def test_joblib_gives_the_same_rows(path):
    sweep = tauspike.sweep(path)
    found = joblib.Parallel(n_jobs=2)(joblib.delayed(sweep.run)(index) for index in range(len(sweep)))
    assert without_wall(found) == without_wall(sweep)


@pytest.mark.filterwarnings("ignore")
def test_dask_gives_the_same_rows(path):
    from dask.distributed import Client, LocalCluster

    sweep = tauspike.sweep(path)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster, Client(cluster) as client:
        mapped = client.gather(client.map(sweep.run, range(len(sweep))))
        over = list(sweep.over(client, ahead=4))
    assert without_wall(mapped) == without_wall(over) == without_wall(sweep)


def test_kept_rows_are_those_of_the_program_and_its_data_set_is_read_by_others(path):
    out = path.parent / "out"
    sweep = tauspike.sweep(path, out=out)
    rows = list(sweep)
    assert list(sweep) == rows, "not run again: wall times and all"
    run = subprocess.run([SCRIPT, "sweep", path, "--out", out, "--json"], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["computed"] == 0
    folder = sweep.collect()
    files = f"{folder}/**/*.parquet"
    table = pl.scan_parquet(files, hive_partitioning=True).sort("run").collect()
    assert table["rate"].to_list() == [row["rate"] for row in rows] and table["rate"].dtype == pl.Float64
    for name in ["run", "seed", "tau", "exit", "error", "key"]:
        assert table[name].to_list() == [row[name] for row in rows], name
    assert table["rate_hz_E"].to_list() == [row.get("rate_hz_E") for row in rows]
    count = duckdb.sql(f"SELECT count(*), sum(exit) FROM read_parquet('{files}', hive_partitioning = true, hive_types = {{'rate': DOUBLE}}) WHERE rate = 8000.5")
    assert count.fetchall() == [(4, 4)]


@pytest.mark.skipif(shutil.which("snakemake") is None, reason="Snakemake is installed by hand: dozens of packages for one file")
def test_snakemake_runs_all_shards(path, tmp_path):
    snakefile = Path(__file__).parents[2] / "scenarios" / "brunel_phases" / "Snakefile"
    command = ["snakemake", "-s", snakefile, "--cores", "2", "--config", f"sweep={path}", "out=out", "shards=3"]
    folders = os.pathsep.join([str(SCRIPT.parent), os.environ["PATH"]])
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PATH": folders}, check=True, capture_output=True)
    assert len(pl.read_parquet(f"{tmp_path}/out/runs/**/*.parquet", hive_partitioning=True)) == 12


def test_wrong_calls_are_refused(path, tmp_path):
    sweep = tauspike.sweep(path)
    with pytest.raises(tauspike.ScenarioError, match="index = 12; allowed: an integer from 0 to 11"):
        sweep.run(12)
    with pytest.raises(tauspike.ScenarioError, match="repeats"):
        tauspike.sweep(path, set=["repeats=0"])
    with pytest.raises(OSError):
        tauspike.sweep(tmp_path / "absent.toml")
    with pytest.raises(tauspike.ScenarioError, match="out = None"):
        sweep.collect()
    with pytest.raises(OSError, match="12 of 12 runs are missing"):
        tauspike.sweep(path, out=tmp_path / "new").collect()


def test_ctrl_c_ends_a_run(path):
    code = f"""
import os, signal, threading, tauspike
sweep = tauspike.sweep({str(path)!r}, set=['set=["duration_ms=1e9"]'])
threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
try:
    sweep.run(0)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, timeout=60)
    assert done.stdout == "interrupted\n", done.stderr
