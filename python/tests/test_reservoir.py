"""The estimator: scikit-learn's own checks, and that it computes what it says."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

import tauspike
from tauspike import tasks
from tauspike.reservoir import Reservoir

#: Rows are successive times.
OF_TIME = {
    "check_methods_sample_order_invariance": "the state of a row depends on the rows before",
    "check_methods_subset_invariance": "the state of a row depends on the rows before",
}


@parametrize_with_checks(
    [Reservoir(20, indegree=5, dt_ms=2.0, random_state=0)],
    expected_failed_checks=lambda estimator: OF_TIME,
)
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


def memory(samples=900):
    u = tasks.stimulus("ornstein_uhlenbeck", samples, dt_ms=5.0, correlation_time_ms=20.0, seed=2)
    rows, y = tasks.target(u, [{"degree": 1, "shift_ms": -10.0}], dt_ms=5.0)
    return u[rows], y


def test_a_heterogeneous_reservoir_remembers():
    u, y = memory()
    reservoir = Reservoir(200, tau_m_ms=tauspike.lognormal(20.0, cv=1.0), washout=50, random_state=1)
    reservoir.fit(u[:600], y[:600])
    assert reservoir.score(u, y) > 0.6
    assert clone(reservoir).fit(u[:600], y[:600]).predict(u).tolist() == reservoir.predict(u).tolist()
    threads = clone(reservoir).set_params(threads=2).fit(u[:600], y[:600])
    assert threads.predict(u).tolist() == reservoir.predict(u).tolist()
    assert make_pipeline(StandardScaler(), clone(reservoir)).fit(u, y).score(u, y) > 0.6


def test_states_are_the_filtered_spikes():
    u, y = memory(60)
    reservoir = Reservoir(50, random_state=3, tau_state_ms=15.0, delay_ms=1.0).fit(u, y)
    states = reservoir.transform(u)
    result = reservoir.network(u).run(len(u) * 5.0)
    assert len(result.spikes.of("states")[0]) == 0 and len(result.spikes) > 100
    t = 5.0 * np.arange(1, len(u) + 1)[:, np.newaxis] - 1.0
    for neuron, train in enumerate(result.spikes.trains("cells")):
        expected = np.where(train <= t, np.exp(-np.clip(t - train, 0.0, None) / 15.0), 0.0).sum(axis=1)
        assert states[:, neuron] == pytest.approx(expected, abs=1e-6)
    assert not states.flags.owndata, "a view of what the simulation brought"


def test_masked_rows_are_refused():
    masked = np.ma.array(np.ones((20, 1)), mask=np.zeros((20, 1)))
    masked.mask[3, 0] = True
    reservoir = Reservoir(10, indegree=2, random_state=0)
    with pytest.raises(ValueError, match=r"X\[3, 0\] = masked"):
        reservoir.fit(masked, np.ones(20))
    with pytest.raises(ValueError, match=r"y\[3, 0\] = masked"):
        reservoir.fit(np.ones((20, 1)), masked)
    reservoir.fit(np.random.default_rng(1).normal(size=(20, 1)), np.arange(20.0))
    for call in (reservoir.transform, reservoir.predict, reservoir.network):
        with pytest.raises(ValueError, match=r"X\[3, 0\] = masked"):
            call(masked)
