"""Profiles and studies."""

import json
import signal
import threading
import time

import numpy as np
import polars as pl
import pytest

import tauspike

STUDY = """
name = "tiny"
seeds = 2
models = ["LI"]
[sampling]
step_ms = 1.0
washout = 20
train = 100
test = 50
[suite]
degrees = [1, 2]
shifts_tau = [-1.0, 0.0, 0.5]
dimensions = [1]
correlation_times_ms = [10.0]
[network]
n = 12
in_degree = 3
[[profile]]
name = "gamma"
distribution = "gamma"
cvs = [1.0]
[[experiment]]
name = "profiles"
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiny.toml"
    path.write_text(STUDY)
    return path


@pytest.mark.parametrize("match", ["mean", "median", "harmonic_mean"])
@pytest.mark.parametrize(("distribution", "cv", "keys"), [
    ("gamma", 1.0, {}),
    ("gamma", 0.3, {"mirrored": True}),
    ("lognormal", 1.5, {"levels": 6}),
    ("arcsine", 0.5, {}),
    ("log_uniform", 1.0, {"quantum_ms": 0.01}),
    ("beta", 0.5, {"skewness": 0.2}),
    ("two_point", 1.0, {"skewness": 2.0}),
    ("empirical", 0.8, {"values": np.array([3.0, 8.0, 21.0, 22.0])}),
])
def test_a_profile_realises_what_is_asked_for(distribution, cv, keys, match):
    taus, realised = tauspike.Profile(distribution, cv=cv, match=match, **keys).draw(200, tau_ms=20.0, seed=3)
    mean = {"mean": taus.mean(), "median": np.median(taus), "harmonic_mean": 1.0 / (1.0 / taus).mean()}[match]
    assert mean == pytest.approx(20.0, rel=1e-3) and taus.std() / taus.mean() == pytest.approx(cv, abs=1e-3)
    assert realised[f"{match}_ms"] == pytest.approx(mean) and realised["distinct"] == len(np.unique(taus))
    assert realised["distinct"] <= keys.get("levels", 200)


def test_a_profile_depends_on_its_seed_and_is_a_parameter():
    profile = tauspike.Profile("lognormal", cv=0.5)
    first, again, other = (profile.draw(50, tau_ms=10.0, seed=seed).tau_m_ms for seed in (1, 1, 2))
    assert first.tolist() == again.tolist() != other.tolist()
    net = tauspike.Network(seed=1)
    net.population("cells", 50, tau_m_ms=first)
    assert "gamma" not in repr(profile) and "cv=0.5" in repr(profile)


@pytest.mark.parametrize(("distribution", "keys", "message"), [
    ("gama", {"cv": 1.0}, 'did you mean "gamma"'),
    ("gamma", {}, "cv = absent"),
    ("gamma", {"cv": 1.0, "match": "mode"}, "match = .*median"),
    ("uniform", {"cv": 0.9}, "below 0.5774"),
    ("gamma", {"cv": 1.0, "levels": 1}, "levels = 1"),
    ("homogeneous", {"cv": 1.0}, "CV 0"),
    ("gamma", {"cv": 9.0}, "CV 4.* at best"),
])
def test_what_no_profile_can_have_is_refused(distribution, keys, message):
    with pytest.raises(ValueError, match=message):
        tauspike.Profile(distribution, **keys).draw(20, tau_ms=20.0, seed=1)


def test_wrong_times_are_refused_by_name():
    profile = tauspike.Profile("gamma", cv=1.0)
    for wrong in [{"tau_ms": -1.0}, {"tau_ms": float("nan")}, {"tau_ms": 1.0, "tau_min_ms": 2.0}]:
        with pytest.raises(ValueError, match="tau_"):
            profile.draw(20, seed=1, **wrong)


def test_a_study_gives_its_tables(file, tmp_path):
    told = []
    study = tauspike.study(file, out=tmp_path / "out", threads=2, progress=lambda done, all: told.append((done, all)))
    assert told[-1] == (4, 4) and study.summary["finished"]
    networks, results = pl.DataFrame(study.networks), pl.DataFrame(study.results)
    assert (networks.height, results.height) == (4, 24)
    on_disk = pl.read_parquet(tmp_path / "out" / "results.parquet")
    assert results.equals(on_disk)
    assert networks.filter(pl.col("cv") == 1.0)["tau_realised_cv"].to_numpy() == pytest.approx([1.0, 1.0], abs=1e-3)
    # e^(-2 D / tau) of the variance can be predicted, D = tau / 2.
    ahead = results.filter((pl.col("shift_ms") == 5.0) & (pl.col("degree") == 1))["possible_r2"].to_numpy()
    assert ahead == pytest.approx(np.full(4, np.exp(-1.0)))
    assert set(study.networks["profile"]) == {"homogeneous", "gamma"} and np.isnan(study.networks["spikes"]).all()
    assert study.results.to_pandas()["r2"].tolist() == results["r2"].to_list()
    assert "<td>homogeneous</td>" in study.networks._repr_html_()
    about = study.export(study.networks["network_id"][-1], tmp_path / "look")
    taus = np.load(tmp_path / "look" / "taus.npy")
    assert taus.shape == (12,) and about["realised"]["cv"] == pytest.approx(taus.std() / taus.mean())
    assert np.load(tmp_path / "look" / "states_0.npy").shape == (170, 12)
    with pytest.raises(ValueError, match="allowed: a network_id|did you mean"):
        study.export("none", tmp_path / "look")


def test_a_study_is_refused_before_it_runs(file, tmp_path):
    with pytest.raises(ValueError, match="tiny.toml: .*network.n = 1"):
        tauspike.study(file, out=tmp_path / "out", set=["network.n=1"])
    with pytest.raises(OSError, match="none.toml"):
        tauspike.study(tmp_path / "none.toml", out=tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "results.parquet").write_text("")
    with pytest.raises(OSError, match="of no study"):
        tauspike.study(file, out=tmp_path / "theirs")


def test_ctrl_c_ends_a_study_and_what_is_done_is_kept(file, tmp_path):
    out, larger = tmp_path / "out", ["seeds=20", "network.n=200"]

    def interrupt(done, all):
        signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        tauspike.study(file, out=out, set=larger, progress=interrupt)
    kept = len(list((out / "cells").glob("*.json")))
    assert 1 <= kept < 40
    assert not json.loads((out / "study.json").read_text())["finished"]
    study = tauspike.study(file, out=out, set=larger)
    assert study.summary["computed"] == 40 - kept and len(study.networks) == 40


def test_an_exception_of_the_callback_ends_a_study(file, tmp_path):
    def fails(done, all):
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        tauspike.study(file, out=tmp_path / "out", set=["seeds=20", "network.n=200"], progress=fails)
    assert not json.loads((tmp_path / "out" / "study.json").read_text())["finished"]


def test_other_threads_run_meanwhile(file, tmp_path):
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.005)

    thread = threading.Thread(target=tick)
    thread.start()
    begin = time.monotonic()
    tauspike.study(file, out=tmp_path / "out", set=["seeds=3", "network.n=100"])
    end = time.monotonic()
    done.set()
    thread.join()
    during = [now for now in ticks if begin < now < end]
    assert len(during) >= 0.2 * (end - begin) / 0.005
