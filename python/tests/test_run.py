"""Runs of scenario files: the same spikes as the program, and what is told of them."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tauspike

SCRIPT = Path(sys.executable).with_name("tauspike")


@pytest.mark.parametrize("name", ["quickstart", "sparse_low"])
def test_a_scenario_gives_the_digest_that_is_expected_of_it(scenarios, expected, name):
    if name == "sparse_low":
        found = tauspike.run(scenarios / name, threads=2, set=[*expected(name)["set"], "duration_ms=5"])
        again = tauspike.run(scenarios / name, threads=1, set=[*expected(name)["set"], "duration_ms=5"])
        assert found.digest == again.digest
        return
    found = tauspike.run(scenarios / name, threads=2, set=expected(name)["set"])
    assert found.digest == expected(name)["digest"] == found.spikes.digest
    assert len(found.spikes) == expected(name)["spikes"]
    counters = expected(name)["counters"]
    assert {key: found.counters[key] for key in counters} == counters


def test_the_script_is_the_program(scenarios, tmp_path, quickstart):
    run = subprocess.run(
        [SCRIPT, "run", scenarios / "quickstart", "--json", "--threads", "2", "--out", tmp_path / "out"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout)["digest"] == quickstart.digest
    recorded = json.loads((tmp_path / "out" / "manifest.json").read_text())
    told = ["counters", "energy", "seed", "spikes", "spikes_per_population", "parameters", "populations", "model_time_ms", "status"]
    assert {key: recorded[key] for key in told} == {key: quickstart.manifest[key] for key in told}
    assert recorded["scenario"] == quickstart.manifest["scenario"]
    compare = subprocess.run([SCRIPT, "compare", tmp_path / "out", tmp_path / "none"], capture_output=True, text=True)
    assert (compare.returncode, compare.stderr[:6]) == (3, "error:")
    wrong = subprocess.run([SCRIPT, "run"], capture_output=True, text=True)
    assert wrong.returncode == 2 and "Usage: tauspike run" in wrong.stderr


def test_tables_hold_what_the_files_hold(scenarios, tmp_path, quickstart):
    import polars as pl

    subprocess.run([SCRIPT, "run", scenarios / "quickstart", "--quiet", "--out", tmp_path / "out"], check=True)
    for name, table in [("spikes", quickstart.spikes), ("probes", quickstart.probes), ("counters", quickstart.intervals)]:
        recorded = pl.read_parquet(tmp_path / "out" / f"{name}.parquet")
        found = pl.DataFrame(table)
        assert found.columns == recorded.columns and len(found) > 5
        text = [pl.col(c).cast(pl.String) for c in found.columns if c == "population"]
        assert found.with_columns(text).equals(recorded.with_columns(text))


def test_rates_are_spikes_by_size_and_time(quickstart):
    sizes = {"E": 800, "I": 200}
    for name, rate in quickstart.rates().items():
        assert rate == pytest.approx(len(quickstart.spikes.of(name)[0]) / sizes[name])
    trains = quickstart.spikes.trains("I")
    assert len(trains) == 200 and sum(map(len, trains)) == len(quickstart.spikes.of("I")[0])
    assert all(np.all(np.diff(train) > 0) for train in trains)
    assert len(quickstart.spikes) == quickstart.counters["spikes"] and "digest" in repr(quickstart)
    assert "<td>E</td>" in quickstart._repr_html_()


def test_a_scenario_is_checked_inspected_and_refused(scenarios):
    size = tauspike.check(scenarios / "quickstart")
    assert size["neurons"] == 1000 and size["synapses"] > 90_000
    report = tauspike.inspect(scenarios / "quickstart")
    assert report["neurons"] == 1000 and "tau_m_ms" in str(report) and repr(report) == str(report)
    with pytest.raises(tauspike.ScenarioError, match=r'population "E": tau_m_ms = -3; allowed: finite and > 0'):
        tauspike.load(scenarios / "quickstart", set=["population.E.tau_m_ms=-3"])
    with pytest.raises(OSError, match="no_such"):
        tauspike.load(scenarios / "no_such")
    with pytest.raises(ValueError, match="threads = 0; allowed: an integer from 1 to 1024"):
        tauspike.run(scenarios / "quickstart", threads=0)


def test_paths_and_changes_of_a_wrong_type_are_refused_by_field(scenarios, tmp_path):
    for call in (tauspike.load, tauspike.run, tauspike.check, tauspike.inspect, tauspike.sweep, lambda path: tauspike.study(path, out=tmp_path)):
        for wrong in (None, 3, b"scenario"):
            with pytest.raises(TypeError, match="path = .*; allowed: a path"):
                call(wrong)
    path = scenarios / "quickstart"
    for wrong, message in [(3, "set = 3"), (None, "set = None"), ("seed=2", "set = 'seed=2'"), ([3], r"set\[0\] = 3")]:
        with pytest.raises(TypeError, match=f"{message}; allowed: "):
            tauspike.load(path, set=wrong)
        with pytest.raises(TypeError, match=f"{message}; allowed: "):
            tauspike.sweep(scenarios / "brunel_phases", set=wrong)
    with pytest.raises(TypeError, match="out = None; allowed: a path"):
        tauspike.study(path, out=None)
    with pytest.raises(TypeError, match="executor = None; allowed: "):
        next(tauspike.sweep(scenarios / "brunel_phases").over(None))


def test_a_wrong_progress_is_refused_before_the_network_is_built(scenarios, monkeypatch):
    scenario = tauspike.load(scenarios / "quickstart")
    monkeypatch.setattr(tauspike.Scenario, "_build", lambda *_: pytest.fail("built"))
    with pytest.raises(TypeError, match="progress = 3"):
        scenario.run(progress=3)
