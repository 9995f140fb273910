"""Wrong arrays and values raise ValueError or TypeError that name field and value, and change nothing."""

import numpy as np
import polars as pl
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


MASKED = np.ma.array([10.0, 9999.0, 20.0], mask=[False, True, False])
POSITIONS = np.ma.array([0, 1], mask=[False, True])
WITH_MASKS = [
    (lambda net: net.population("n", 3, tau_m_ms=MASKED), r'population "n": tau_m_ms\[1\] = masked; allowed: numbers'),
    (lambda net: net.population("n", 3, tau_m_ms=[1.0, np.ma.masked, 2.0]), r"tau_m_ms\[1\] = masked"),
    (lambda net: net.population("n", 3, tau_m_ms=tauspike.distribution.empirical(MASKED)), r"tau_m_ms.values\[1\] = masked"),
    (lambda net: net.population("n", 1, model="spike_trains", trains_ms=[MASKED]), r"trains_ms\[0\]\[1\] = masked"),
    (lambda net: net.population("n", 2, model="spike_trains", trains_ms=np.ma.array([[1.0], [2.0]], mask=[[0], [1]])), r"trains_ms\[1, 0\] = masked"),
    (lambda net: net.project("c", "c", pre=POSITIONS, post=[0, 1], weight_mv=1.0, delay_ms=1.0), r"projection: pre\[1\] = masked"),
    (lambda net: net.project("c", "c", synapses={"pre": [0, 1, 2], "post": [0, 1, 2], "weight_mv": MASKED}, delay_ms=1.0), r"weight_mv\[1\] = masked"),
    (lambda net: net.input("poisson", "c", members=POSITIONS, rate_hz=1.0, weight_mv=1.0), r"input: members\[1\] = masked"),
    (lambda net: net.input("current", "c", signal={"times_ms": MASKED, "values_pa": [1.0, 2.0, 3.0]}), r"signal.times_ms\[1\] = masked"),
    (lambda net: net.probe("c", POSITIONS, interval_ms=1.0), r"neurons\[1\] = masked"),
    (lambda net: net.probe("c", [0], interval_ms=np.ma.masked), "interval_ms = masked"),
    (lambda net: net.simulation().inject_onto([0, 1, 2], MASKED, weight_mv=1.0), r"times_ms\[1\] = masked"),
    (lambda net: net.simulation().set_current(POSITIONS, 1.0), r"neurons\[1\] = masked"),
    (lambda net: tauspike.Profile("empirical", values=MASKED), r"values\[1\] = masked"),
    (lambda net: tauspike.tasks.narma10(MASKED), r"u\[1\] = masked"),
    (lambda net: tauspike.tasks.target([MASKED, MASKED], [{"degree": 1}], dt_ms=1.0), r"u\[0\]\[1\] = masked"),
]


@pytest.mark.parametrize(("call", "message"), WITH_MASKS)
def test_what_is_masked_is_refused_and_not_taken_for_a_number(call, message):
    net = tauspike.Network()
    net.population("c", 3)
    with pytest.raises(tauspike.ScenarioError, match=message):
        call(net)
    assert list(net.populations) == ["c"]


def test_arrays_that_can_have_a_mask_and_have_none_are_arrays():
    net = tauspike.Network()
    net.population("n", 3, tau_m_ms=np.ma.array(GOOD))
    assert net.parameters("n")["tau_m_ms"].tolist() == GOOD.tolist()


@pytest.mark.parametrize("size", [3, 9])
def test_integers_beyond_64_bits_are_told_by_value(size):
    for huge, told in [(2**70, "1.18"), (2**64, "1.84"), (10**400, "inf")]:
        with pytest.raises(ValueError, match=f"tau_m_ms.* = {told}"):
            tauspike.Network().population("n", size, tau_m_ms=[huge, *[1.0] * (size - 1)])
        with pytest.raises(ValueError, match=f"tau_m_ms.* = {told}"):
            tauspike.Network().population("n", size, tau_m_ms=[huge] * size)
    net = tauspike.Network()
    net.population("c", 3)
    for indices in ([2**70], [2**70] * size, [10**400]):
        with pytest.raises(ValueError, match=r"neurons\[0\] = .*allowed: a number of at most 64 bits"):
            net.simulation().membranes(indices)


def test_a_table_of_synapses_has_what_is_not_given_beside_it():
    net = tauspike.Network()
    net.population("c", 3)
    columns = {"pre": [0], "post": [0], "weight_mv": [1.0], "delay_ms": [1.0]}
    table = "a table with columns pre and post"
    for synapses, beside, error, message in [
        (columns, {"pre": [1], "post": [2]}, ValueError, "pre = a value beside the column 'pre' of synapses"),
        (columns, {"post": [2]}, ValueError, "post = a value beside the column"),
        (columns, {"weight_mv": 5.0}, ValueError, "weight_mv = a value beside the column"),
        (pl.DataFrame(columns), {"delay_ms": 5.0}, ValueError, "delay_ms = a value beside the column"),
        ({"pre": [0]}, {}, ValueError, "synapses.post = absent; allowed: a column of positions"),
        (pl.DataFrame({"post": [0]}), {}, ValueError, "synapses.pre = absent"),
        ({**columns, "from": ["x"]}, {}, ValueError, "synapses.from = a column; allowed: pre, post, weight_mv"),
        (pl.LazyFrame(columns), {}, TypeError, f"projection: synapses = a value of type LazyFrame; allowed: {table}"),
        (np.zeros(3, dtype=[("pre", int), ("post", int)]), {}, TypeError, f"synapses = a value of type ndarray; allowed: {table}"),
        ([], {}, TypeError, "synapses = a value of type list"),
        (3, {}, TypeError, "synapses = a value of type int"),
    ]:
        with pytest.raises(error, match=message):
            net.project("c", "c", name=None, synapses=synapses, **beside)
    with pytest.raises(ValueError, match="projection: from = 'x'; allowed: `source` and `target`"):
        net.project("c", "c", rule="one_to_one", weight_mv=1.0, delay_ms=1.0, **{"from": "x"})
    assert net.check()["synapses"] == 0


def test_a_population_of_another_network_is_refused():
    other = tauspike.Network()
    other.population("x", 5)
    stranger = other.population("c", 7)
    twin = tauspike.Network().population("c", 2)
    net = tauspike.Network()
    cells = net.population("c", 2)
    result, simulation = net.run(1.0), net.simulation()
    for wrong in (stranger, twin):
        for call in [
            lambda wrong=wrong: net.project(wrong, cells, rule="all_to_all", weight_mv=1.0, delay_ms=1.0),
            lambda wrong=wrong: net.project(cells, wrong, rule="all_to_all", weight_mv=1.0, delay_ms=1.0),
            lambda wrong=wrong: net.input("poisson", wrong, rate_hz=1.0, weight_mv=1.0),
            lambda wrong=wrong: net.probe(wrong, [0], interval_ms=1.0),
            lambda wrong=wrong: net.parameters(wrong),
        ]:
            with pytest.raises(ValueError, match=r"= Population\(name='c'.*allowed: a population of this network \('c'\)"):
                call()
    for call in [
        lambda: result.parameters(stranger),
        lambda: result.spikes.of(stranger),
        lambda: result.spikes.trains(stranger),
        lambda: simulation.membranes(stranger),
        lambda: simulation.set_current(stranger, 1.0),
        lambda: simulation.set_rate(stranger, 1.0),
    ]:
        with pytest.raises(ValueError, match=r"= Population\(name='c'.*allowed: a population of this network \('c'\)"):
            call()


RUNS = [
    ({"duration_ms": float("nan")}, ValueError, "duration_ms = nan; allowed: a number from 0 to 1e12"),
    ({"duration_ms": -1}, ValueError, "duration_ms = -1.0; allowed: a number from 0 to 1e12"),
    ({"duration_ms": 1.1e12}, ValueError, "duration_ms = 1100000000000.0"),
    ({"duration_ms": "20"}, TypeError, "duration_ms = '20'; allowed: a number"),
    ({"duration_ms": True}, TypeError, "duration_ms = True"),
    ({"progress": 3}, TypeError, "progress = 3"),
    ({"threads": 0}, ValueError, "threads = 0"),
    ({"counters_interval_ms": "2"}, TypeError, "counters_interval_ms = '2'; allowed: a number"),
    ({"counters_interval_ms": [1.0]}, TypeError, r"counters_interval_ms = \[1.0\]; allowed: a number"),
]


@pytest.mark.parametrize(("wrong", "error", "message"), RUNS)
def test_a_wrong_run_is_refused_before_the_network_is_built(wrong, error, message):
    net = tauspike.Network()
    net.population("c", 3)
    with pytest.raises(error, match=message):
        net.run(**{"duration_ms": 1.0, **wrong})
    assert net._built == {}


def test_probes_are_checked_at_the_call():
    net = tauspike.Network()
    net.population("c", 3)
    for wrong in (1e13, 0.0, -1.0, 1e-7, float("nan"), float("inf")):
        with pytest.raises(tauspike.ScenarioError, match="interval_ms = .*; allowed: a number from 1e-06 to 1e12"):
            net.probe("c", [0], interval_ms=wrong)
    for wrong in ("1", True, [1.0]):
        with pytest.raises(TypeError, match="interval_ms = .*; allowed: a number"):
            net.probe("c", [0], interval_ms=wrong)


def test_names_and_trains_of_a_wrong_type_are_refused_by_field():
    for wrong in (None, 3, b"abc"):
        with pytest.raises(TypeError, match="name = .*; allowed: a text"):
            tauspike.Network(name=wrong)
    with pytest.raises(tauspike.ScenarioError, match="name = .*ud800.*; allowed: a text without half characters"):
        tauspike.Network(name="\ud800")
    with pytest.raises(tauspike.ScenarioError, match="name = .*ud800"):
        tauspike.Network().population("\ud800", 1)
    for wrong in (3, "abc", {0: [1.0]}, np.array(3.0)):
        with pytest.raises(TypeError, match='population "n": trains_ms = a value of type .*; allowed: a list'):
            tauspike.Network().population("n", 1, model="spike_trains", trains_ms=wrong)
    with pytest.raises(TypeError, match=r"trains_ms\[0\] = a value of type list; allowed: an array"):
        tauspike.Network().population("n", 1, model="spike_trains", trains_ms=[[[1.0], [1.0, 2.0]]])
    with pytest.raises(TypeError, match="tau_ms = 'x'; allowed: a number"):
        tauspike.Profile("gamma", cv=1.0).draw(5, tau_ms="x", seed=1)


def test_a_poisson_input_and_poisson_sources_have_names_of_their_own():
    net = tauspike.Network()
    net.population("p", 2, model="poisson", rate_hz=1.0)
    net.population("c", 2)
    drive = {"rate_hz": 1.0, "weight_mv": 1.0}
    with pytest.raises(tauspike.ScenarioError, match="input \"p\": name = 'p'; allowed: another, because the population of Poisson sources 'p'"):
        net.input("poisson", "c", name="p", **drive)
    net.input("current", "c", name="p", signal={"times_ms": [0.0], "values_pa": [1.0]})
    net.input("poisson", "c", name="c", **drive)
    net.input("poisson", "c", **drive)
    for taken in ("c2", "poisson to c"):
        if taken == "c2":
            net.input("poisson", "c", name="c2", **drive)
        with pytest.raises(tauspike.ScenarioError, match=f"name = '{taken}'; allowed: another, because the Poisson input"):
            net.population(taken, 2, model="poisson", rate_hz=1.0)
    net.simulation().set_rate("p", 2.0)
