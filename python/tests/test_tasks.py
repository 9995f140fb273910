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


U = np.ones(9)
WRONG = [
    (lambda: tasks.stimulus("foo", 10, dt_ms=1.0), ValueError, "kind = 'foo'; allowed: one of 'ornstein_uhlenbeck'"),
    (lambda: tasks.stimulus(None, 10, dt_ms=1.0), TypeError, "kind = None; allowed: one of"),
    (lambda: tasks.stimulus("uniform", 10, dt_ms="x"), TypeError, "dt_ms = 'x'; allowed: a number"),
    (lambda: tasks.stimulus("uniform", 10, dt_ms=None), TypeError, "dt_ms = None"),
    (lambda: tasks.stimulus("uniform", 10, dt_ms=np.nan), ValueError, "dt_ms = nan; allowed: a finite number > 0"),
    (lambda: tasks.stimulus("uniform", 10, dt_ms=1.0, tau=3), ValueError, "tau = 3; allowed: no key of 'uniform'"),
    (lambda: tasks.stimulus("lorenz", 10, dt_ms=1.0, unit=3), ValueError, "unit = 3; allowed: unit_ms of 'lorenz'"),
    (lambda: tasks.stimulus("lorenz", 10, dt_ms=1.0), ValueError, "unit_ms = absent"),
    (lambda: tasks.stimulus("lorenz", 10, dt_ms=1.0, unit_ms=1e-6), ValueError, "unit_ms = 1e-06; allowed: a number from 0.001 to 1000"),
    (lambda: tasks.stimulus("lorenz", 10, dt_ms=1e-323, unit_ms=0.0), ValueError, "unit_ms = 0.0; allowed: a finite number > 0"),
    (lambda: tasks.stimulus("ornstein_uhlenbeck", 10, dt_ms=1.0), ValueError, "correlation_time_ms = absent"),
    (lambda: tasks.stimulus("ornstein_uhlenbeck", 10, dt_ms=1.0, correlation_time_ms=np.nan), ValueError, "correlation_time_ms = nan; allowed"),
    (lambda: tasks.stimulus("band_limited", 10, dt_ms=1.0, correlation_time_ms=0.5), ValueError, "correlation_time_ms = 0.5; allowed: .* at least dt_ms = 1.0"),
    (lambda: tasks.target(U, [{"degree": -1}], dt_ms=1.0), ValueError, r"factors\[0\].degree = -1; allowed: an integer from 1"),
    (lambda: tasks.target(U, [{"degree": 1}, {"degree": 1.5}], dt_ms=1.0), TypeError, r"factors\[1\].degree = 1.5; allowed: an integer"),
    (lambda: tasks.target(U, [{"degree": 1, "shift_ms": np.nan}], dt_ms=1.0), ValueError, r"factors\[0\].shift_ms = nan; allowed: a finite number"),
    (lambda: tasks.target(U, [{"degree": 1, "shift": 1}], dt_ms=1.0), ValueError, r"factors\[0\].shift = 1; allowed: degree, dimension, shift_ms"),
    (lambda: tasks.target(U, [{}], dt_ms=1.0), ValueError, r"factors\[0\].degree = absent"),
    (lambda: tasks.target(U, [], dt_ms=1.0), ValueError, r"factors = \[\]"),
    (lambda: tasks.target(U, [3], dt_ms=1.0), TypeError, r"factors\[0\] = 3; allowed: a dictionary"),
    (lambda: tasks.target(U, None, dt_ms=1.0), TypeError, "factors = None; allowed: a list of dictionaries"),
    (lambda: tasks.target(U, {"degree": 1}, dt_ms=1.0), TypeError, "factors = .*; allowed: a list of dictionaries"),
    (lambda: tasks.target(U, [{"degree": 1}], dt_ms=1.0, basis="foo"), ValueError, "basis = 'foo'; allowed: one of 'power', 'legendre'"),
    (lambda: tasks.target(U, [{"degree": 1}], dt_ms=0), ValueError, "dt_ms = 0.0"),
    (lambda: tasks.target(np.ones((2, 2, 2)), [{"degree": 1}], dt_ms=1.0), ValueError, r"u = an array of shape \(2, 2, 2\); allowed: shape \(samples,\) or \(samples, dimensions\)"),
    (lambda: tasks.target([], [{"degree": 1}], dt_ms=1.0), ValueError, "u = an array of shape .*; allowed: at least 1 sample"),
    (lambda: tasks.target("abc", [{"degree": 1}], dt_ms=1.0), TypeError, "u = an array of <U3; allowed: numbers"),
    (lambda: tasks.target(U * 1j, [{"degree": 1}], dt_ms=1.0), TypeError, "u = an array of complex128"),
    (lambda: tasks.target([[1.0], [1.0, 2.0]], [{"degree": 1}], dt_ms=1.0), TypeError, "u = a value of type list"),
    (lambda: tasks.narma10(np.ones((3, 3))), ValueError, r"u = an array of shape \(3, 3\); allowed: shape \(samples,\)"),
    (lambda: tasks.narma10([0.1, np.nan]), ValueError, r"u\[1\] = nan; allowed: a finite number"),
    (lambda: tasks.suite(foo=1), ValueError, "foo = 1; allowed: noise, step_ms, degrees"),
    (lambda: tasks.suite(degrees=[0]), ValueError, r"degrees\[0\] = 0; allowed: an integer from 1 to 12"),
    (lambda: tasks.suite(degrees="x"), TypeError, "degrees = 'x'; allowed: a list of numbers"),
    (lambda: tasks.suite(degrees=3), TypeError, "degrees = 3; allowed: a list"),
    (lambda: tasks.suite(shifts_ms=[0.0, np.nan]), ValueError, r"shifts_ms\[1\] = nan; allowed: a finite number"),
    (lambda: tasks.suite(noise="foo"), ValueError, "noise = 'foo'; allowed: one of"),
    (lambda: tasks.readout(U, U), ValueError, r"states = an array of shape \(9,\); allowed: shape \(samples, features\)"),
    (lambda: tasks.readout(np.eye(9), np.ones((9, 2, 2))), ValueError, "targets = an array of shape"),
    (lambda: tasks.readout("a", "b"), TypeError, "states = an array of <U1; allowed: numbers"),
    (lambda: tasks.readout(np.eye(9), [*U[:8], np.inf]), ValueError, r"targets\[8\] = inf; allowed: a finite number"),
    (lambda: tasks.readout(np.eye(9), U, penalty=-1), ValueError, "penalty = -1.0; allowed: a finite number > 0"),
    (lambda: tasks.readout(np.eye(9), U, penalty="x"), TypeError, "penalty = 'x'; allowed: a number"),
    (lambda: tasks.readout(np.eye(4), U[:4]), ValueError, "penalty = None; allowed: a number > 0, because 4 samples do not make 5 folds"),
    (lambda: tasks.readout(np.eye(9), U).predict(np.ones((2, 3))), ValueError, "states = 3 columns; allowed: 9 columns"),
    (lambda: tasks.accuracy(np.eye(3), np.full((3, 3), np.nan)), ValueError, r"outputs\[0, 0\] = nan; allowed: a finite number"),
    (lambda: tasks.accuracy(np.eye(3) * np.inf, np.eye(3)), ValueError, r"labels\[0, 0\] = inf|labels\[0, 0\] = nan|labels\[0, 1\] = nan"),
    (lambda: tasks.accuracy(np.ones((2, 0)), np.ones((2, 0))), ValueError, r"labels = shape \(2, 0\)"),
    (lambda: tasks.accuracy([1, 0], [1, 0]), ValueError, r"labels = an array of shape \(2,\); allowed: shape \(samples, classes\)"),
]


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_what_is_wrong_is_told_by_its_name(call, error, message):
    with pytest.raises(error, match=message) as told:
        call()
    assert "line 1 column" not in str(told.value)


def test_numbers_of_numpy_are_numbers():
    u = tasks.stimulus("ornstein_uhlenbeck", np.int64(50), dt_ms=np.float32(1.0), correlation_time_ms=np.int64(3), seed=np.uint8(2))
    assert u.tolist() == tasks.stimulus("ornstein_uhlenbeck", 50, dt_ms=1.0, correlation_time_ms=3.0, seed=2).tolist()
    factors = [{"degree": np.int64(2), "shift_ms": np.float32(-2.0), "dimension": np.uint8(0)}]
    assert tasks.target(u.astype(np.float32), factors, dt_ms=np.int32(1))[0] == slice(2, 50)
    assert len(tasks.suite(degrees=np.array([1, 2]), shifts_ms=np.array([0.0]), dimensions=(1,), correlation_times_ms=np.float32([5.0]))) == 2
    assert tasks.accuracy(np.eye(3, dtype=bool), np.eye(3, dtype=np.float32)) == 1.0


def test_what_does_not_fit_into_memory_is_refused_before_it_is_made(monkeypatch):
    with pytest.raises(ValueError, match="samples = 1099511627776; allowed: an integer from 1 to 2147483648"):
        tasks.stimulus("uniform", 2**40, dt_ms=1.0)
    monkeypatch.setattr(tasks, "_available", lambda: 10**6)
    for kind, samples, keys in [("uniform", 10**5, {}), ("uniform", 100, {"dimensions": 10**4}), ("lorenz", 10, {"unit_ms": 0.001})]:
        with pytest.raises(ValueError, match=f"samples = {samples}, which take [0-9]* bytes; allowed: at most [0-9]*, in the 1000000 bytes"):
            tasks.stimulus(kind, samples, dt_ms=1.0, **keys)
    assert len(tasks.stimulus("uniform", 10**4, dt_ms=1.0)) == 10**4
    monkeypatch.undo()
    assert tasks._available() is None or tasks._available() > 10**6
