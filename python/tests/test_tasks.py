"""Stimuli, targets, suites and readouts."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

import tauspike
from tauspike import tasks


def test_stimuli_are_what_they_are_called():
    u = tasks.stimulus("ornstein_uhlenbeck", 20_000, dt_ms=1.0, dimensions=2, seed=3, correlation_time_ms=10.0)
    assert u.shape == (20_000, 2) and u.std() == pytest.approx(1.0, abs=0.1)
    assert np.corrcoef(u[:-10, 0], u[10:, 0])[0, 1] == pytest.approx(np.exp(-1.0), abs=0.08)
    assert abs(np.corrcoef(u.T)[0, 1]) < 0.1
    again = tasks.stimulus("ornstein_uhlenbeck", 100, dt_ms=1.0, dimensions=2, seed=3, correlation_time_ms=10.0)
    assert again.tolist() == u[:100].tolist()
    for kind, keys in [("uniform", {}), ("narma10", {}), ("lorenz", {"unit_ms": 50.0}), ("mackey_glass", {"unit_ms": 2.0})]:
        assert np.isfinite(tasks.stimulus(kind, 50, dt_ms=1.0, **keys)).all()
    for wrong in [{"kind": "noise"}, {"kind": "uniform", "tau": 1.0}, {"kind": "ornstein_uhlenbeck", "correlation_time_ms": -1.0}]:
        with pytest.raises(ValueError, match="noise|tau|correlation_time"):
            tasks.stimulus(samples=10, dt_ms=1.0, **wrong)


def test_narma10_is_made_of_its_drive():
    u = tasks.stimulus("narma10", 300, dt_ms=1.0, seed=3)[:, 0]
    y = tasks.narma10(u)
    assert (u > 0).all() and (u <= 0.5).all() and (y[:10] == 0).all()
    k = np.arange(9, 299)
    recent = np.array([y[j - 9 : j + 1].sum() for j in k])
    assert y[k + 1] == pytest.approx(0.3 * y[k] + 0.05 * y[k] * recent + 1.5 * u[k - 9] * u[k] + 0.1)


def test_targets_are_products_of_powers_of_the_past():
    u = tasks.stimulus("uniform", 100, dt_ms=2.0, dimensions=2)
    rows, y = tasks.target(u, [{"degree": 2, "shift_ms": -4.0}, {"degree": 1, "dimension": 1}], dt_ms=2.0)
    assert rows == slice(2, 100) and y == pytest.approx(u[:98, 0] ** 2 * u[2:, 1])
    with pytest.raises(ValueError, match="shift"):
        tasks.target(u, [{"degree": 1, "shift_ms": -3.0}], dt_ms=2.0)


def test_the_suite_is_that_of_the_study():
    suite = tasks.suite()
    assert len(suite) == 396 and suite[0].complexity <= suite[-1].complexity
    first = tasks.suite(degrees=[2], shifts_ms=[-10.0], dimensions=[1], correlation_times_ms=[5.0])[0]
    assert first.name.endswith("u0^2@-10") and first.factors[0]["shift_ms"] == -10.0
    ahead = tasks.suite(degrees=[1], shifts_tau=[0.5], step_ms=0.5, dimensions=[1], correlation_times_ms=[5.0, 50.0])
    assert sorted(task.factors[0]["shift_ms"] for task in ahead) == [2.5, 25.0]
    source = dict(first.stimulus)
    u = tasks.stimulus(source.pop("kind"), 50, dt_ms=5.0, **source)
    assert tasks.target(u, first.factors, dt_ms=5.0)[0] == slice(2, 50)
    with pytest.raises(ValueError, match="degrees"):
        tasks.suite(degrees=[])


def test_a_readout_is_that_of_scikit_learn():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(200, 20)), rng.normal(size=(200, 3))
    found, theirs = tasks.readout(x, y, penalty=2.5), Ridge(alpha=2.5).fit(x, y)
    assert found.weights == pytest.approx(theirs.coef_.T) and found.intercepts == pytest.approx(theirs.intercept_)
    assert found.predict(x) == pytest.approx(theirs.predict(x)) and found.penalties.tolist() == [2.5] * 3
    exact = tasks.readout(x, x[:, :2] @ [[1.0], [2.0]])
    assert exact.weights[:2, 0] == pytest.approx([1.0, 2.0], abs=1e-5)
    with pytest.raises(ValueError, match="rows"):
        tasks.readout(x, y[:10])
    with pytest.raises(tauspike.ScenarioError, match="finite|NaN|nan"):
        tasks.readout(x * np.nan, y)


def test_accuracy_counts_runs_of_one_label():
    labels = np.eye(3)[[0, 0, 0, 2, 2, 1]]
    outputs = labels.copy()
    outputs[0] = [0.0, 1.5, 0.0]  # outvoted
    assert tasks.accuracy(labels, outputs) == 1.0
    outputs[5] = [0.5, 0.2, 0.0]
    assert tasks.accuracy(labels, outputs) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match=r"outputs = shape \(6, 2\)"):
        tasks.accuracy(labels, outputs[:, :2])
