"""Wrong arrays and values raise ValueError or TypeError that name field and value, and change nothing."""

import numpy as np
import pytest
import scipy.sparse as sp

import tauspike

GOOD = np.array([10.0, 20.0, 30.0])

PARAMETERS = [
    (GOOD.astype(">f8"), TypeError, r'population "n": tau_m_ms = an array of >f8 \(big-endian\); allowed: float64'),
    (GOOD.astype(complex), TypeError, "tau_m_ms = an array of complex128"),
    (np.array([True, False, True]), TypeError, "tau_m_ms = an array of bool"),
    (np.array(["a", "b", "c"]), TypeError, "tau_m_ms = an array of <U1"),
    (np.array([1.0, None, 2.0]), TypeError, "tau_m_ms = an array of object"),
    (GOOD.astype(np.float16), TypeError, "tau_m_ms = an array of float16"),
    (np.arange(6.0)[::2], ValueError, "tau_m_ms = an array with steps of 16 bytes; allowed: an array without gaps"),
    (GOOD[::-1], ValueError, "tau_m_ms = an array with steps of -8 bytes"),
    (GOOD.reshape(1, 3), ValueError, r"tau_m_ms = an array of shape \(1, 3\)"),
    (GOOD[:2], ValueError, "tau_m_ms = 2 values; allowed: 3 values, one per member"),
    (GOOD[:0], ValueError, r"tau_m_ms = \[\]; allowed: a list of numbers, not empty"),
    (np.array([1.0, np.nan, 1.0]), ValueError, r"tau_m_ms\[1\] = nan; allowed: a finite number"),
    (np.array([1.0, 1.0, np.inf]), ValueError, r"tau_m_ms\[2\] = inf"),
    (np.array([1.0, -2.0, 1.0]), ValueError, r"tau_m_ms = -2 \(of member 1\); allowed: finite and > 0"),
    ([1.0, "x", 2.0], ValueError, r'tau_m_ms\[1\] = "x"'),
    ("fast", ValueError, 'tau_m_ms = "fast"'),
    (True, ValueError, "tau_m_ms = true"),
    (1j, TypeError, "tau_m_ms = a value of type complex"),
    (object(), TypeError, "tau_m_ms = a value of type object"),
    (-1.0, ValueError, "tau_m_ms = -1; allowed: finite and > 0"),
    (float("nan"), ValueError, "tau_m_ms = nan"),
    (10**400, ValueError, "tau_m_ms = inf"),
    (tauspike.lognormal(20.0, cv=-1.0), ValueError, "tau_m_ms.cv = -1"),
    (tauspike.lognormal(20.0), ValueError, "tau_m_ms.cv = absent"),
    ({"mean": 3.0}, ValueError, "tau_m_ms.file = absent|tau_m_ms.mean = 3"),
    ({3: 3.0}, TypeError, "a key of type int"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), PARAMETERS)
def test_a_wrong_parameter_is_refused_by_name_and_value(wrong, error, message):
    net = tauspike.Network()
    with pytest.raises(error, match=message):
        net.population("n", 3, tau_m_ms=wrong)
    assert net.populations == {}
    net.population("n", 3, tau_m_ms=GOOD)
    assert net.parameters("n")["tau_m_ms"].tolist() == GOOD.tolist()


def test_a_wrong_unit_in_a_name_is_told_with_the_right_one():
    net = tauspike.Network()
    with pytest.raises(ValueError, match=r'tau_m_s = 0.01; allowed: `tau_m_ms` \(a key ends in the unit of its value\)'):
        net.population("n", 1, tau_m_s=0.01)
    with pytest.raises(ValueError, match="v_threshold_mv"):
        net.population("n", 1, v_threshold_mv=0.01)
    n = net.population("n", 2)
    x = net.population("x", 2, model="lif_exp")
    with pytest.raises(ValueError, match="weight_pa = 3.0; allowed: `weight_mv`"):
        net.project(n, n, rule="one_to_one", weight_pa=3.0, delay_ms=1.0)
    with pytest.raises(ValueError, match="weight_mv = .*; allowed: `weight_pa`"):
        net.project(n, x, weight_mv=sp.eye_array(2, format="csr"), delay_ms=1.0)
    with pytest.raises(ValueError, match="weight_mv"):
        net.input("poisson", x, rate_hz=1.0, weight_mv=1.0)


SYNAPSES = [
    ({"pre": [0, 3]}, ValueError, r"pre = 3 \(of member 1\); allowed: a position below 3|pre\[1\] = 3"),
    ({"post": [0, -1]}, ValueError, r'projection: post\[1\] = -1; allowed: a position'),
    ({"post": [0, 2**40]}, ValueError, r"post\[1\] = 1099511627776"),
    ({"pre": [0.0, 1.0]}, TypeError, "pre = an array of float64; allowed: int32"),
    ({"pre": np.array([0, 1], ">i4")}, TypeError, "pre = an array of >i4"),
    ({"pre": np.array([[0, 1]])}, ValueError, r"pre = an array of shape \(1, 2\)"),
    ({"pre": np.arange(4)[::2]}, ValueError, "pre = an array with steps of 16 bytes"),
    ({"pre": [0]}, ValueError, "post = 2 values; allowed: 1, one per pre"),
    ({"pre": None}, ValueError, "pre = None; allowed: both pre and post"),
    ({"weight_mv": [1.0]}, ValueError, "weight_mv = 1 values; allowed: 2, one per pre"),
    ({"weight_mv": np.array([1.0, np.nan])}, ValueError, r"weight_mv\[1\] = nan"),
    ({"delay_ms": np.array([1.0, -1.0])}, ValueError, "delay_ms = -1"),
    ({"delay_ms": [1.0, np.inf]}, ValueError, "delay_ms"),
    ({"delay_ms": None}, ValueError, "delay"),
    ({"rule": "one_to_one"}, ValueError, "rule"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), SYNAPSES)
def test_wrong_synapses_are_refused_by_name_and_value(wrong, error, message):
    net = tauspike.Network()
    cells = net.population("cells", 3)
    good = {"pre": [0, 1], "post": [1, 2], "weight_mv": [1.0, 2.0], "delay_ms": 1.0}
    with pytest.raises(error, match=message):
        net.project(cells, cells, **{**good, **wrong})
    assert net.project(cells, cells, **good) == "cells to cells"
    assert net._build(1, None).synapses == 2


def test_a_weight_beyond_float32_is_refused_when_the_network_is_built():
    net = tauspike.Network()
    cells = net.population("cells", 3)
    net.project(cells, cells, pre=[0, 1], post=[1, 2], weight_mv=[1.0, 1e300], delay_ms=1.0)
    with pytest.raises(ValueError, match=r"weight.* = 1e300|weight.* = 1000"):
        net.run(1.0)


def test_a_broken_matrix_is_refused():
    net = tauspike.Network()
    cells = net.population("cells", 3)
    with pytest.raises(ValueError, match=r"weight_mv.shape = \(2, 3\); allowed: \(3, 3\)"):
        net.project(cells, cells, weight_mv=sp.csr_array(np.ones((2, 3))), delay_ms=1.0)
    broken = sp.csr_array(np.eye(3))
    for indptr in ([0, 2, 1, 3], [1, 1, 2, 3], [0, 1, 2, 9], [0, 1, 2, 2], [0, -1, 2, 3]):
        broken.indptr = np.array(indptr)
        with pytest.raises(ValueError, match="indptr"):
            net._native.csr({"from": "cells", "to": "cells", "weight_mv": 1.0, "delay_ms": 1.0}, broken.indptr, broken.indices)


def test_unknown_populations_and_wrong_trains_are_refused():
    net = tauspike.Network()
    cells = net.population("cells", 3)
    with pytest.raises(ValueError, match=r"target = 'cell'; allowed: a population of this network \('cells'\)"):
        net.project(cells, "cell", rule="all_to_all")
    for trains, message in [
        ([[1.0], [2.0]], "trains"),
        ([[1.0], [3.0, 2.0], []], "trains"),
        ([[1.0], [np.nan], []], "trains"),
        ([[1.0], np.array([1.0], ">f8"), []], r"trains_ms\[1\] = an array of >f8"),
    ]:
        with pytest.raises((ValueError, TypeError), match=message):
            net.population("given", 3, model="spike_trains", trains_ms=trains)
    with pytest.raises(ValueError, match='model = "lif_delta"'):
        net.population("given", 3, trains_ms=[[], [], []])
    with pytest.raises(ValueError, match="unique"):
        net.population("cells", 3)
    with pytest.raises(ValueError, match="duration|until"):
        net.run(-1.0)
    with pytest.raises(ValueError, match="counters_interval_ms = 0"):
        net.run(1.0, counters_interval_ms=0.0)
