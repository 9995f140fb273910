"""What is put into a running simulation is, bit by bit, what the same input would have been beforehand."""

import threading

import numpy as np
import pytest

import tauspike

TIMES = [3.0, 5.5, 5.5, 20.25, 41.0]
SOURCES = [0, 2, 1, 2, 0]


def network(trains=((), (), ()), signal=None, rate_hz=8000.0, model="lif_delta", noise=True):
    unit, scale = ("weight_mv", 1.0) if model == "lif_delta" else ("weight_pa", 80.0)
    net = tauspike.Network(seed=5)
    cells = net.population("cells", 50, model=model, v_th_mv=-60.0, tau_m_ms=tauspike.gamma(20.0, cv=0.5))
    sources = net.population("sources", 3, model="spike_trains", trains_ms=list(trains))
    net.project(cells, cells, rule="fixed_indegree", indegree=5, delay_ms=1.5, **{unit: -0.3 * scale})
    net.project(sources, cells, rule="all_to_all", delay_ms=0.5, **{unit: 9.0 * scale})
    if noise:
        net.population("noise", 4, model="poisson", rate_hz=200.0)
        net.project("noise", cells, rule="all_to_all", delay_ms=1.0, **{unit: 1.0 * scale})
    net.input("poisson", cells, name="drive", rate_hz=rate_hz, **{unit: 0.1 * scale})
    if signal is not None:
        net.input("current", cells, members=[1, 4], signal=signal)
    return net


def trains_of(sources, times):
    return [sorted(time for source, time in zip(sources, times) if source == k) for k in range(3)]


@pytest.mark.parametrize("model", ["lif_delta", "lif_exp", "lif_alpha"])
def test_injected_spikes_are_those_of_trains(model):
    expected = network(trains_of(SOURCES, TIMES), model=model).run(60.0).digest
    net = network(model=model)
    simulation = net.simulation(threads=2)
    simulation.inject(np.array(SOURCES[:3]) + 50, TIMES[:3])
    simulation.run_until(10.0)
    simulation.inject(np.array(SOURCES[3:], dtype=np.uint32) + np.uint32(50), np.array(TIMES[3:]))
    simulation.run_until(60.0)
    assert simulation.digest == expected != network(model=model).run(60.0).digest


def test_what_is_pending_is_saved_and_restored():
    net = network()
    simulation = net.simulation()
    simulation.run_until(2.0)
    simulation.inject(np.array(SOURCES) + 50, TIMES)
    simulation.inject_onto([3, 7], 30.0, weight_mv=[12.0, 12.0])
    simulation.set_current([1, 4], [300.0, 200.0], from_ms=15.0)
    simulation.set_rate("drive", 9000.0)
    simulation.run_until(10.0)
    saved = simulation.save()
    expected = simulation.run_until(60.0).spikes.digest
    for threads in [1, 2]:
        restored = tauspike.Simulation.restore(net, saved, threads=threads)
        assert restored.run_until(60.0).spikes.digest == expected
    plain = net.simulation()
    plain.run_until(10.0)
    assert plain.run_until(60.0).spikes.digest != expected


def test_injected_arrivals_are_those_of_a_synapse():
    def cells(net):
        return net.population("cells", 4, model="lif_exp", v_th_mv=-60.0)

    described = tauspike.Network(seed=1)
    onto = cells(described)
    source = described.population("source", 1, model="spike_trains", trains_ms=[[1.0, 4.0]])
    described.project(source, onto, pre=[0, 0], post=[1, 3], weight_pa=[5000.0, 6000.0], delay_ms=0.5)
    expected = described.run(20.0).spikes.of("cells")
    put_in = tauspike.Network(seed=1)
    cells(put_in)
    simulation = put_in.simulation()
    simulation.inject_onto([1, 3, 1, 3], [1.5, 1.5, 4.5, 4.5], weight_pa=[5000.0, 6000.0, 5000.0, 6000.0])
    spikes = simulation.run_until(20.0).spikes
    assert spikes.time_ms.tolist() == expected[0].tolist() != []
    assert spikes.neuron.tolist() == expected[1].tolist()


def test_set_currents_are_those_of_an_input():
    signal = {"times_ms": [10.0, 30.0], "values_pa": [400.0, -100.0]}
    # without Poisson sources, whose draws depend on how many inputs there are
    expected = network(signal=signal, noise=False).run(60.0).digest
    simulation = network(noise=False).simulation()
    simulation.set_current([1, 4], 400.0, from_ms=10.0)
    simulation.run_until(30.0)
    simulation.set_current([1, 4], [-100.0, -100])
    simulation.run_until(60.0)
    assert simulation.digest == expected != network(noise=False).run(60.0).digest


def test_a_set_rate_is_that_of_a_resumed_network():
    simulation = network().simulation()
    simulation.run_until(20.0)
    saved = simulation.save()
    simulation.set_rate("drive", 14000.0)
    resumed = tauspike.Simulation.restore(network(rate_hz=14000.0), saved)
    assert simulation.run_until(60.0).spikes.digest == resumed.run_until(60.0).spikes.digest
    net = network()
    silent = net.simulation()
    silent.set_rate(net.populations["noise"], 0)
    assert len(silent.run_until(60.0).spikes.of("noise")[0]) == 0


REFUSED = [
    (lambda s: s.inject([0], 5.0), ValueError, r'sources.*0, of population "cells"'),
    (lambda s: s.inject([50], 0.5), ValueError, r"times_ms.*0\.5 ms"),
    (lambda s: s.inject([50], float("nan")), ValueError, "times_ms.*NaN"),
    (lambda s: s.inject([50, 51], [5.0]), ValueError, "times_ms = 1 values; allowed: a number, or 2 values, as many as sources"),
    (lambda s: s.inject([0.5], 5.0), TypeError, "sources = an array of float64"),
    (lambda s: s.inject([-1], 5.0), ValueError, r"sources\[0\] = -1"),
    (lambda s: s.inject([50], "soon"), TypeError, "times_ms = an array of"),
    (lambda s: s.inject([[50]], 5.0), ValueError, r"sources = an array of shape \(1, 1\)"),
    (lambda s: s.inject_onto([0], 5.0), ValueError, "weight_mv = None, weight_pa = None; allowed: one of the two"),
    (lambda s: s.inject_onto([0], 5.0, weight_pa=1.0), ValueError, 'weights = weight_pa; allowed: weight_mv, as neuron 0 is of population "cells"'),
    (lambda s: s.inject_onto([50], 5.0, weight_mv=1.0), ValueError, "neurons.*50.*global index of a LIF neuron"),
    (lambda s: s.inject_onto([0], 5.0, weight_mv=float("inf")), ValueError, "weights.*inf"),
    (lambda s: s.set_current([0], [1.0, 2.0]), ValueError, "values_pa = 2 values; allowed: a number, or 1 values"),
    (lambda s: s.set_current([0], 1.0, from_ms=0.0), ValueError, r"from_ms.*0\.0 ms"),
    (lambda s: s.set_current([0], None), TypeError, "values_pa = an array of object"),
    (lambda s: s.set_current([99], 1.0), ValueError, "neurons.*99"),
    (lambda s: s.set_rate("cells", 1.0), ValueError, 'name.*"cells"'),
    (lambda s: s.set_rate("drive", -1.0), ValueError, r"rate_hz.*-1\.0"),
    (lambda s: s.set_rate("drive", 10**400), ValueError, "rate_hz.*inf"),
    (lambda s: s.set_rate(3, 1.0), TypeError, "name = 3; allowed"),
    (lambda s: s.set_rate("drive", "fast"), TypeError, "rate_hz = 'fast'; allowed: a number"),
]


@pytest.mark.parametrize("wrong, kind, message", REFUSED)
def test_wrong_input_is_refused_and_changes_nothing(wrong, kind, message):
    simulation = network().simulation()
    simulation.run_until(1.0)
    with pytest.raises(kind, match=message):
        wrong(simulation)
    simulation.run_until(30.0)
    assert simulation.digest == network().run(30.0).digest


def test_membranes_in_any_order_are_those_of_single_neurons():
    simulation = network(model="lif_exp").simulation()
    simulation.run_until(9.0)
    asked = [49, 3, 4, 5, 5, 0, 1]
    found = simulation.membranes(asked)
    for row, neuron in enumerate(asked):
        assert [column[row] for column in found] == [column[0] for column in simulation.membranes([neuron])]
    assert len(set(found.v_mv)) > 1 and not np.isnan(found.i_syn_ex_pa).any()
    with pytest.raises(ValueError, match=r"neurons\[2\] = 50; allowed: the global index of a LIF neuron"):
        simulation.membranes([48, 49, 50])
    with pytest.raises(ValueError, match=r"neurons\[1\] = 4294967295"):
        simulation.membranes([3, 4294967295])


def test_other_threads_work_while_spikes_are_put_in():
    simulation = network().simulation()
    sources, times = np.full(3_000_000, 50), np.linspace(1.0, 1e6, 3_000_000)
    thread = threading.Thread(target=simulation.inject, args=(sources, times))
    thread.start()
    refused = 0
    while thread.is_alive():
        try:
            simulation.now_ms
        except RuntimeError:
            refused += 1
    thread.join()
    assert refused > 0, "the interpreter lock was held"
