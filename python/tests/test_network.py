"""Networks built in code: the same as those of a file, from numbers, arrays, distributions, sparse matrices and tables."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp

import tauspike
from tauspike import gamma, lognormal, uniform


def quickstart(seed=1):
    """What scenarios/quickstart/scenario.toml says."""
    net = tauspike.Network(seed=seed)
    lif = {"c_m_pf": 250.0, "e_l_mv": -70.0, "v_th_mv": -50.0, "v_reset_mv": -60.0, "v_init_mv": uniform(-70.0, -50.0)}
    e = net.population("E", 800, tau_m_ms=lognormal(20.0, cv=0.5), t_ref_ms=2.0, **lif)
    i = net.population("I", 200, tau_m_ms=gamma(10.0, cv=0.3), t_ref_ms=1.0, **lif)
    net.project(e, e, rule="fixed_indegree", indegree=80, weight_mv=0.2, delay_ms=1.5)
    net.project(e, i, rule="fixed_indegree", indegree=80, weight_mv=0.2, delay_ms=1.5)
    inhibition = {"rule": "bernoulli", "probability": 0.1, "autapses": False, "weight_mv": -1.0, "delay_ms": uniform(0.5, 1.5)}
    net.project("I", "E", **inhibition)
    net.project("I", "I", **inhibition)
    net.input("poisson", e, rate_hz=6000.0, weight_mv=0.2)
    net.input("poisson", i, rate_hz=11000.0, weight_mv=0.2)
    net.probe(e, [0, 1, 2], interval_ms=1.0)
    return net


def test_a_network_in_code_is_that_of_the_file(expected):
    net = quickstart()
    result = net.run(1000.0, threads=2, counters_interval_ms=100.0)
    assert result.digest == expected("quickstart")["digest"]
    assert len(result.intervals) == 10 and len(result.probes) == 3 * 1001
    assert result.manifest["parameters"]["E"]["tau_m_ms"]["mean"] == pytest.approx(20.0, rel=0.1)
    assert net.run(1000.0).digest == result.digest, "a second run is the same"
    assert quickstart(seed=2).run(1000.0).digest != result.digest
    assert net.populations["I"] == tauspike.Population("I", 800, 200, "lif_delta")


def test_check_and_inspect_tell_of_a_network_in_code():
    net = quickstart()
    assert net.check()["neurons"] == 1000
    assert net.inspect()["projections"][0]["in_degree"]["mean"] == 80.0
    tau = net.parameters("E")["tau_m_ms"]
    assert tau.shape == (800,) and tau.std() / tau.mean() == pytest.approx(0.5, rel=0.2)


def chain(delay=1.0):
    """Three neurons, of which the first fires by itself."""
    net = tauspike.Network(seed=1)
    return net, net.population("cells", 3, i_e_pa=[400.0, 0.0, 0.0])


def times(net):
    return net.run(100.0).spikes.time_ms.tolist()


def test_synapses_are_the_same_from_arrays_tables_and_matrices():
    pre, post, weight, delay = [0, 1], [1, 2], [30.0, 20.0], [1.0, 2.0]
    columns = {"pre": pre, "post": post, "weight_mv": weight, "delay_ms": delay}
    found = []
    for dtype in (np.int32, np.int64, np.uint32, np.uint64):
        net, cells = chain()
        net.project(
            cells, cells, pre=np.array(pre, dtype), post=np.array(post, dtype), weight_mv=np.array(weight), delay_ms=np.array(delay)
        )
        found.append(times(net))
    for table in (pl.DataFrame(columns), pa.table(columns), pd.DataFrame(columns), columns):
        net, cells = chain()
        net.project(cells, cells, synapses=table)
        found.append(times(net))
    assert all(times == found[0] for times in found) and len(found[0]) > 3
    assert found[0][1] == found[0][0] + 1.0


@pytest.mark.parametrize("form", [sp.csr_matrix, sp.csc_array, sp.coo_array, sp.csr_array])
def test_a_sparse_matrix_leads_from_row_to_column(form):
    weights = np.array([[0.0, 30.0, 0.0], [0.0, 0.0, 20.0], [0.0, 0.0, 0.0]])
    net, cells = chain()
    net.project(cells, cells, weight_mv=form(weights), delay_ms=1.0)
    assert net._build(1, None).synapses == 2
    source, target, weight, delay = net._build(1, None).synapses_of(0)
    assert (source.tolist(), target.tolist(), weight.tolist(), delay.tolist()) == ([0, 1], [1, 2], [30.0, 20.0], [1.0, 1.0])


@pytest.mark.parametrize("dtype", [np.int32, np.int64])
def test_both_kinds_of_indices_give_the_matrix_itself(dtype):
    matrix = sp.random(300, 200, 0.05, format="csr", random_state=1)
    matrix.indptr, matrix.indices = matrix.indptr.astype(dtype), matrix.indices.astype(dtype)
    net = tauspike.Network()
    sources = net.population("sources", 300, model="poisson", rate_hz=10.0)
    cells = net.population("cells", 200)
    net.project(sources, cells, weight_mv=matrix, delay_ms=1.5)
    source, target, weight, _ = net._build(2, None).synapses_of(0)
    back = sp.csr_matrix((weight, (source, target - 300)), shape=(300, 200))
    assert abs(back - matrix).max() < 1e-7, "weights are rounded to float32"


def test_sources_of_given_times_and_currents():
    net = tauspike.Network()
    given = net.population("given", 3, model="spike_trains", trains_ms=[[1.0, 2.5], [], np.array([2.0])])
    cells = net.population("cells", 2, model="lif_exp", tau_syn_ex_ms=[1.0, 2.0])
    net.project(given, cells, rule="all_to_all", weight_pa=100.0, delay_ms=1.0)
    net.input("current", cells, signal={"times_ms": [10.0, 50.0], "values_pa": [500.0, 0.0]}, members=[1])
    net.probe(cells, [0, 1], times_ms=[5.0, 20.0])
    result = net.run(60.0)
    assert [train.tolist() for train in result.spikes.trains("given")] == [[1.0, 2.5], [], [2.0]]
    fired = result.spikes.trains("cells")
    assert len(fired[0]) == 0 and len(fired[1]) > 0 and 10.0 < fired[1][0] < 50.0
    v = result.probes["v_mv"]
    assert v.shape == (4,) and v[0] > -70.0 and result.probes["time_ms"].tolist() == [5.0, 5.0, 20.0, 20.0]
    assert np.isfinite(result.probes["i_syn_ex_pa"]).all()


def test_potentials_follow_the_equation():
    net = tauspike.Network()
    cells = net.population("cells", 2, tau_m_ms=[10.0, 20.0], i_e_pa=200.0, c_m_pf=250.0, e_l_mv=-70.0, v_th_mv=0.0)
    t = np.linspace(1.0, 50.0, 50)
    net.probe(cells, np.array([0, 1], dtype=np.uint32), times_ms=t)
    v = net.run(60.0).probes["v_mv"].reshape(50, 2)
    tau = np.array([10.0, 20.0])
    assert v == pytest.approx(-70.0 + tau * 200.0 / 250.0 * (1 - np.exp(-t[:, None] / tau)), abs=1e-9)


def test_no_synapses_are_allowed_in_every_form():
    columns = {"pre": [], "post": [], "weight_mv": [], "delay_ms": []}
    forms = [
        {"pre": [], "post": [], "weight_mv": 1.0, "delay_ms": 1.0},
        {"pre": [], "post": [], "weight_mv": [], "delay_ms": 1.0},
        {"pre": np.array([]), "post": np.array([]), "weight_mv": np.array([]), "delay_ms": np.array([])},
        {"synapses": columns},
        *[{"synapses": library(columns)} for library in (pl.DataFrame, pd.DataFrame, pa.table)],
        {"weight_mv": sp.csr_array((3, 3)), "delay_ms": 1.0},
        {"weight_mv": sp.coo_matrix((3, 3)), "delay_ms": []},
    ]
    for form in forms:
        net, cells = chain()
        assert net.project(cells, cells, **form) == "cells to cells"
        assert net.check()["synapses"] == 0 and len(times(net)) > 0
    net, cells = chain()
    with pytest.raises(ValueError, match="weight_mv = 1 values; allowed: 0"):
        net.project(cells, cells, pre=[], post=[], weight_mv=[1.0], delay_ms=1.0)


def test_a_population_stands_for_its_name_in_results():
    net, cells = chain()
    result = net.run(50.0)
    assert result.parameters(cells)["tau_m_ms"].tolist() == result.parameters("cells")["tau_m_ms"].tolist() == [10.0] * 3
    assert result.spikes.of(cells)[0].tolist() == result.spikes.of("cells")[0].tolist() != []
    assert [train.tolist() for train in result.spikes.trains(cells)] == [train.tolist() for train in result.spikes.trains("cells")]
    for wrong in ("other", 3, None):
        for call in (result.parameters, result.spikes.of, result.spikes.trains):
            with pytest.raises(tauspike.ScenarioError, match=r"population = .*; allowed: a population of this network \('cells'\)"):
                call(wrong)


def test_a_run_of_no_time_has_no_rates_and_is_shown():
    net, _ = chain()
    result = net.run(0.0)
    assert list(result.rates()) == ["cells"] and np.isnan(result.rates()["cells"])
    assert "<td>cells</td><td>nan</td>" in result._repr_html_() and "0 spikes" in repr(result)


def test_a_name_is_shown_as_it_is():
    net = tauspike.Network()
    net.population("<b>", 1)
    assert "<td>&lt;b&gt;</td>" in net.run(1.0)._repr_html_()
