"""NIR: spikes of published and exported networks, the equations of each node, what is refused, and back again."""

import json
from pathlib import Path

import nir
import numpy as np
import pytest

import tauspike
from tauspike.nir import graph, read, write

#: Input of task 01_lif of the NIR paper (Pedersen et al. 2024, Nature Communications 15:8122): the steps of 0.1 ms in which a spike comes.
STEPS = [60, 220, 270, 310, 320, 350, 370, 400, 410, 430, 440, 450, 460, 470, 480, 490, 500, 510, 520, 530, 670, 680, 690, 700, 710, 720]
STEPS += [730, 740, 750, 760, 770, 780, 840, 850]
DATA = Path(__file__).parent / "data"
ONE = np.ones(1)


def lif(**other):
    return nir.LIF(**{"tau": 0.0025 * ONE, "r": ONE, "v_leak": 0.0 * ONE, "v_threshold": 0.1 * ONE, "v_reset": 0.0 * ONE, **other})


def cuba(**other):
    keys = {"tau_syn": 0.004 * ONE, "tau_mem": 0.01 * ONE, "r": 2.0 * ONE, "v_leak": 0.1 * ONE, "v_threshold": 1.0 * ONE, "w_in": 3.0 * ONE}
    return nir.CubaLIF(**{**keys, **other})


def line(*nodes):
    return nir.NIRGraph.from_list(*nodes)


def weight(*rows):
    return nir.Linear(weight=np.array(rows, dtype=float))


@pytest.mark.parametrize(("input", "steps"), [("exact", [460, 510, 710, 760]), ("euler", [450, 500, 710, 760])])
def test_a_task_of_the_nir_paper(input, steps):
    affine = nir.Affine(weight=np.array([[1.0]], dtype=np.float32), bias=np.zeros(1, dtype=np.float32))
    found = read(line(affine, lif()), dt_ms=0.1, input=input, trains_ms=[0.1 * np.array(STEPS)])
    time, _ = found.network.run(100.0).spikes.of("lif")
    assert time.tolist() == [0.1 * step for step in steps]
    assert found.outputs == {"output": ["lif"]}


def test_a_network_of_snntorch_fires_as_it_does_with_finer_steps():
    stored = json.loads((DATA / "snntorch.json").read_text())
    nodes = {name: {k: np.array(v) if isinstance(v, list) else v for k, v in node.items()} for name, node in stored["nodes"].items()}
    made = nir.NIRGraph.from_dict({"nodes": nodes, "edges": stored["edges"]})
    found = read(made, dt_ms=0.1, input="euler", trains_ms=stored["trains_ms"])
    spikes = found.network.run(40.0).spikes
    late = {times: np.concatenate([lateness(spikes, *pair) for pair in zip("13", both, strict=True)]) for times, both in stored["spikes"].items()}
    assert len(late["200"]) > 40 and np.abs(late["200"]).max() < 0.03
    assert np.abs(late["200"]).max() < 0.3 * np.abs(late["50"]).max()


def lateness(spikes, name, theirs):
    """Differences of spike times, ms, of neurons that fire as often as theirs."""
    time, position = spikes.of(name)
    order = np.lexsort((time, position))
    theirs = np.array(sorted(theirs, key=lambda spike: (spike[1], spike[0])))
    assert position[order].tolist() == theirs[:, 1].tolist()
    return time[order] - theirs[:, 0]


def fine(node, jumps, current, until_ms, steps=20_000):
    """V at the end of a leaky integrator, by midpoint steps; jumps: time to jump of I."""
    h = until_ms * 1e-3 / steps
    v, i = float(node.v_leak[0]), 0.0
    at = {round(time / until_ms * steps): size for time, size in jumps.items()}

    def slope(v, i):
        return (node.v_leak[0] - v + node.r[0] * i) / node.tau_mem[0], (node.w_in[0] * current - i) / node.tau_syn[0]

    for step in range(steps):
        i += at.get(step, 0.0)
        dv, di = slope(v, i)
        dv, di = slope(v + 0.5 * h * dv, i + 0.5 * h * di)
        v, i = v + h * dv, i + h * di
    return v


@pytest.mark.parametrize("input", ["exact", "euler"])
def test_currents_and_a_bias_follow_the_equations(input):
    node = nir.CubaLI(tau_syn=0.004 * ONE, tau_mem=0.01 * ONE, r=2.0 * ONE, v_leak=0.1 * ONE, w_in=3.0 * ONE)
    made = line(nir.Affine(weight=np.array([[5.0]]), bias=np.array([-0.7])), node)
    found = read(made, dt_ms=0.1, input=input, trains_ms=[[1.0, 4.0]])
    found.network.probe("cubali", [0], times_ms=[9.0])
    share = 1 - np.exp(-0.1 / 4.0) if input == "exact" else 0.1 / 4.0
    expected = fine(node, {1.0: 15.0 * share, 4.0: 15.0 * share}, -0.7, 9.0)
    assert found.network.run(10.0).probes["v_mv"][0] == pytest.approx(expected, abs=1e-6)


def test_a_bias_is_a_current_and_goes_through_linear_nodes():
    affine = nir.Affine(weight=np.array([[1.0]]), bias=np.array([0.5]))
    node = nir.LI(tau=0.01 * ONE, r=2.0 * ONE, v_leak=1.0 * ONE)
    found = read(line(affine, nir.Scale(scale=3.0 * ONE), weight([2.0]), node), dt_ms=0.1, input="exact")
    found.network.probe("li", [0], times_ms=[10.0])
    assert found.network.run(10.0).probes["v_mv"][0] == pytest.approx(1.0 + 2.0 * 3.0 * (1 - np.exp(-1)), abs=1e-12)


def test_neurons_that_do_not_leak_count():
    node = nir.IF(r=10.0 * ONE, v_threshold=ONE)
    found = read(line(weight([400.0]), node), dt_ms=0.1, input="exact", trains_ms=[[1.0, 50.0, 900.0, 910.0, 920.0, 930.0]])
    assert found.network.run(1000.0).spikes.of("if")[0].tolist() == [900.0, 930.0]


def test_delays_of_channels_and_ways_that_meet():
    """Two ways from one source: one at once with weight 1 and 2, one over delays of 1 and 3 ms."""
    nodes = {
        "in": nir.Input(input_type={"input": np.array([1])}),
        "wide": weight([1.0], [2.0]),
        "late": nir.Delay(delay=np.array([0.001, 0.003])),
        "cells": nir.LI(tau=0.01 * np.ones(2), r=np.ones(2), v_leak=np.zeros(2)),
        "out": nir.Output(output_type={"output": np.array([2])}),
    }
    edges = [("in", "wide"), ("wide", "late"), ("late", "cells"), ("wide", "cells"), ("cells", "out")]
    found = read(nir.NIRGraph(nodes=nodes, edges=edges), dt_ms=0.1, input="euler", trains_ms={"in": [[0.0]]})
    found.network.probe("cells", [0, 1], times_ms=[0.5, 2.0, 4.0])
    v = found.network.run(5.0).probes["v_mv"].reshape(3, 2) / 0.01
    decay = [[np.exp(-0.05), 0.0], [np.exp(-0.2), np.exp(-0.1)], [np.exp(-0.4), np.exp(-0.3)]]
    late = [[np.exp(-0.05), 0.0], [np.exp(-0.2), 0.0], [np.exp(-0.4), np.exp(-0.1)]]
    assert v == pytest.approx(np.stack([np.sum(decay, axis=1), 2.0 * np.sum(late, axis=1)], axis=1), abs=1e-10)


def test_a_nested_loop_has_a_step():
    """As snnTorch writes RLeaky: a graph in the graph, whose neuron excites itself."""
    inner = nir.NIRGraph(
        nodes={
            "input": nir.Input(input_type={"input": np.array([1])}),
            "lif": lif(),
            "w_rec": weight([3.0]),
            "output": nir.Output(output_type={"output": np.array([1])}),
        },
        edges=[("input", "lif"), ("lif", "w_rec"), ("w_rec", "lif"), ("lif", "output")],
    )
    outer = nir.NIRGraph(
        nodes={
            "input": nir.Input(input_type={"input": np.array([1])}),
            "in": weight([3.0]),
            "cell": inner,
            "output": nir.Output(output_type={"output": np.array([1])}),
        },
        edges=[("input", "in"), ("in", "cell"), ("cell", "output")],
    )
    found = read(outer, dt_ms=0.1, input="exact", trains_ms=[[1.0]])
    assert found.network.run(1.35).spikes.of("cell.lif")[0] == pytest.approx([1.0, 1.1, 1.2, 1.3])
    assert found.outputs == {"output": ["cell.lif"]}
    assert read(graph(found.network, dt_ms=0.1, input="exact"), dt_ms=0.1, input="exact").network.run(1.0).digest


TWO = np.array([1.0, 2.0])
ROUND = {
    "LIF": lif(tau=0.01 * TWO, r=0.5 * TWO, v_leak=-0.1 * TWO, v_threshold=TWO, v_reset=-0.5 * TWO),
    "CubaLIF": cuba(tau_syn=0.004 * TWO, tau_mem=0.01 * TWO, r=0.5 * TWO, v_leak=0.1 * TWO, v_threshold=TWO, v_reset=0.0 * TWO, w_in=np.ones(2)),
    "IF": nir.IF(r=np.ones(2), v_threshold=TWO),
    "LI": nir.LI(tau=0.01 * TWO, r=0.5 * TWO, v_leak=-0.1 * TWO),
    "CubaLI": nir.CubaLI(tau_syn=0.004 * TWO, tau_mem=0.01 * TWO, r=0.5 * TWO, v_leak=0.1 * TWO),
}
BETWEEN = {
    "Linear": weight([1.0, 0.0, -2.0], [0.5, 3.0, 0.0]),
    "Affine": nir.Affine(weight=np.array([[1.0, 0.0, -2.0], [0.5, 3.0, 0.0]]), bias=np.array([0.25, -0.5])),
    "Delay": nir.NIRGraph.from_list(nir.Delay(delay=np.array([0.001, 0.002, 0.0])), weight([1.0, 0.0, -2.0], [0.5, 3.0, 0.0])),
}
KEYS = ("tau", "tau_mem", "tau_syn", "r", "v_leak", "v_threshold", "v_reset", "w_in")


def synapses(found):
    """Position of source and target, weight, delay, in order: files have nodes in the order of their names."""
    pre, post, weight, delay = found.network._build(1, None).synapses_of(0)
    return sorted(zip(pre - found.populations["in"].first, post - found.populations["cells"].first, weight, delay, strict=True))


#: A bias into IF is refused, and into CubaLIF and CubaLI it is no constant current, which is refused when it is to be written.
PAIRS = [(neuron, between) for neuron in ROUND for between in BETWEEN if between != "Affine" or neuron in ("LIF", "LI")]


@pytest.mark.parametrize("input", ["exact", "euler"])
@pytest.mark.parametrize(("neuron", "between"), PAIRS)
def test_each_node_comes_back(neuron, between, input, tmp_path):
    node = ROUND[neuron]
    made = nir.NIRGraph(
        nodes={
            "in": nir.Input(input_type={"input": np.array([3])}),
            "between": BETWEEN[between],
            "cells": node,
            "out": nir.Output(output_type={"output": np.array([2])}),
        },
        edges=[("in", "between"), ("between", "cells"), ("cells", "out")],
    )
    first = read(made, dt_ms=0.1, input=input, trains_ms=[[1.0], [2.0], [2.5]])
    write(first.network, tmp_path / "net.nir", dt_ms=0.1, input=input)
    back = nir.read(tmp_path / "net.nir")
    found = back.nodes["cells"]
    assert type(found) is type(node)
    for key in KEYS:
        if hasattr(node, key):
            np.testing.assert_allclose(getattr(found, key), getattr(node, key), rtol=1e-14, err_msg=key)
    second = read(back, dt_ms=0.1, input=input, trains_ms={"in": [[1.0], [2.0], [2.5]]})
    np.testing.assert_allclose(synapses(second), synapses(first), rtol=1e-14)
    for key, values in first.network.parameters("cells").items():
        np.testing.assert_allclose(second.network.parameters("cells")[key], values, rtol=1e-14, err_msg=key)


def test_what_is_written_for_other_rules_and_steps_is_the_same_network():
    net = tauspike.Network()
    source = net.population("source", 2, model="spike_trains", trains_ms=[[1.0, 2.0], [1.5]])
    cells = net.population("cells", 2, t_ref_ms=0.0, i_e_pa=300.0)
    net.project(source, cells, rule="all_to_all", weight_mv=6.0, delay_ms=0.5)
    net.project(cells, cells, rule="all_to_all", weight_mv=1.0, delay_ms=2.0)
    spikes = net.run(50.0).spikes
    for keys in ({"dt_ms": 0.1, "input": "exact"}, {"dt_ms": 1.0, "input": "euler"}):
        found = read(graph(net, **keys), **keys, trains_ms=[[1.0, 2.0], [1.5]]).network.run(50.0).spikes
        assert len(spikes) > 4 and found.time_ms == pytest.approx(spikes.time_ms, abs=1e-9)


REFUSED = {
    "type = Threshold": line(nir.Threshold(threshold=ONE)),
    "type = Conv1d": line(nir.Conv1d(3, np.ones((1, 1, 3)), 1, 0, 1, 1, np.zeros(1))),
    "type = I;": line(nir.I(r=ONE)),
    "'lif': r = -1.0; allowed: above 0": line(weight([1.0]), lif(r=-1.0 * ONE)),
    "'if': a bias comes to a neuron that does not leak": line(nir.Affine(weight=np.eye(1), bias=ONE), nir.IF(r=ONE, v_threshold=ONE)),
    "'delay': a bias goes through it": line(nir.Affine(weight=np.eye(1), bias=ONE), nir.Delay(delay=ONE), lif()),
    "'output': what comes from 'lif' is not its spikes": line(lif(), weight([2.0])),
    "'output': what comes from 'lif' is not its spikes or potentials as they are; allowed": line(
        nir.LIF(tau=np.ones(2), r=np.ones(2), v_leak=np.zeros(2), v_threshold=np.ones(2)), weight([0.0, 1.0], [1.0, 0.0])
    ),
    "'li': its potential goes to 'lif'": line(nir.LI(tau=ONE, r=ONE, v_leak=ONE), lif()),
    r"'linear': weight.shape = \(1, 2\)": nir.NIRGraph(
        nodes={"lif": lif(), "linear": weight([1.0, 1.0])}, edges=[("lif", "linear")], type_check=False
    ),
    "'scale': a loop without a neuron": nir.NIRGraph(
        nodes={"lif": lif(), "scale": nir.Scale(scale=ONE)}, edges=[("lif", "scale"), ("scale", "scale")], type_check=False
    ),
    r"'lif': 2 channels come to it from 'input'": nir.NIRGraph(
        nodes={"input": nir.Input(input_type={"input": np.array([1])}), "linear": weight([1.0], [1.0]), "lif": lif()},
        edges=[("input", "linear"), ("linear", "lif")],
        type_check=False,
    ),
    "v_th_mv": line(weight([1.0]), lif(v_threshold=np.array([np.nan]))),
}


@pytest.mark.parametrize("message", REFUSED)
def test_what_cannot_be_had_is_refused_by_name(message):
    with pytest.raises(tauspike.ScenarioError, match=message):
        read(REFUSED[message], dt_ms=0.1, input="exact")


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"dt_ms": 0.0, "input": "exact"}, "dt_ms = 0.0; allowed"),
        ({"dt_ms": 0.1, "input": "spike"}, "input = 'spike'; allowed: 'exact' or 'euler'"),
        ({"dt_ms": 0.1, "input": "exact", "trains_ms": {"in": [[1.0]]}}, "trains_ms has 'in'; allowed: .*'input'"),
    ],
)
def test_what_has_to_be_said_is_asked_for(keys, message):
    with pytest.raises(tauspike.ScenarioError, match=message):
        read(line(weight([1.0]), lif()), **keys)


def test_a_step_that_is_no_number_is_named():
    with pytest.raises(TypeError, match="dt_ms = '0.1'; allowed: a number"):
        read(line(weight([1.0]), lif()), dt_ms="0.1", input="exact")


def cells(**keys):
    net = tauspike.Network()
    keys = {"t_ref_ms": 0.0, **keys} if keys.get("model", "lif").startswith("lif") else keys
    net.population("cells", 1, **keys)
    return net


def driven():
    net = cells()
    net.input("poisson", "cells", rate_hz=1.0, weight_mv=1.0)
    return net


def too_quick():
    net = cells()
    net.project("cells", "cells", rule="all_to_all", weight_mv=1.0, delay_ms=0.05)
    return net


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: cells(t_ref_ms=2.0), "t_ref_ms = 2.0; allowed in NIR: 0"),
        (lambda: cells(model="lif_alpha"), "model = 'lif_alpha'; allowed in NIR"),
        (lambda: cells(model="poisson", rate_hz=1.0), "model = 'poisson'"),
        (lambda: cells(v_init_mv=-60.0), "v_init_mv = -60.0"),
        (lambda: cells(model="lif_exp", tau_syn_in_ms=5.0), "tau_syn_in_ms = 5.0"),
        (lambda: cells(model="lif_exp", i_e_pa=5.0), "i_e_pa = 5.0"),
        (lambda: cells(i_e_pa=5.0), "i_e_pa; allowed in NIR: 0 where no projection"),
        (driven, "inputs .'poisson to cells'.; allowed in NIR: none"),
        (too_quick, "a delay of 0.05 ms in a loop; allowed in NIR: dt_ms = 0.1 or more"),
    ],
)
def test_what_nir_has_no_node_for_is_refused(made, message):
    with pytest.raises(tauspike.ScenarioError, match=message):
        graph(made(), dt_ms=0.1, input="exact")


def test_names_of_nodes_are_made_such_that_no_population_is_lost(tmp_path):
    net = tauspike.Network()
    quiet = {"t_ref_ms": 0.0}
    names = ["a", "output of a", "output of a #2", "a to a 0.0.0", "a to a 0.0.1"]
    for size, name in enumerate(names, start=1):
        net.population(name, size, **quiet)
    net.project("output of a", "a", rule="all_to_all", weight_mv=1.0, delay_ms=1.0)
    net.project("a", "a", rule="all_to_all", weight_mv=1.0, delay_ms=2.0)
    net.project("a", "a", rule="all_to_all", weight_mv=0.5, delay_ms=1.0)
    write(net, tmp_path / "net.nir", dt_ms=0.1, input="exact")
    found = read(tmp_path / "net.nir", dt_ms=0.1, input="exact")
    assert {name: each.size for name, each in found.populations.items()} == {name: size for size, name in enumerate(names, start=1)}
    assert found.network.check()["synapses"] == 2 + 1 + 1
    assert sorted(name for each in found.outputs.values() for name in each) == sorted(names[2:])


def test_the_source_of_an_onset_has_a_name_of_its_own():
    nodes = {"bias": nir.Affine(weight=np.array([[1.0]]), bias=np.array([1.0])), "n": cuba(), "onset of n": lif()}
    nodes["in"] = nir.Input(input_type={"input": np.array([1])})
    found = read(nir.NIRGraph(nodes=nodes, edges=[("in", "bias"), ("bias", "n")], type_check=False), dt_ms=0.1, input="exact")
    assert sorted(found.network.populations) == ["in", "n", "onset of n", "onset of n #2"]


def test_what_is_no_network_and_names_that_are_paths_are_refused(tmp_path, scenarios):
    for wrong in (None, tauspike.load(scenarios / "quickstart")):
        with pytest.raises(TypeError, match="network = .*; allowed: a Network"):
            write(wrong, tmp_path / "net.nir", dt_ms=0.1, input="exact")
    for wrong in ("a/b", ".", "a\0b"):
        net = tauspike.Network()
        net.population(wrong, 1, t_ref_ms=0.0)
        with pytest.raises(tauspike.ScenarioError, match="allowed in NIR: a name without '/' and NUL"):
            write(net, tmp_path / "net.nir", dt_ms=0.1, input="exact")
    with pytest.raises(TypeError, match="graph = 3; allowed: a path"):
        read(3, dt_ms=0.1, input="exact")
    with pytest.raises(tauspike.ScenarioError, match=r"node 'lif': tau\[0\] = masked"):
        read(line(weight([1.0]), lif(tau=np.ma.array([0.01], mask=[True]))), dt_ms=0.1, input="exact")
    assert list(tmp_path.iterdir()) == []
