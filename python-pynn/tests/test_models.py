"""Cells, sources and synapses do what PyNN's units say."""

import numpy as np
import pytest
import tauspike_pynn as sim
from pyNN.parameters import Sequence


def v_of(population, segment=-1):
    return population.get_data("v").segments[segment].filter(name="v")[0].magnitude


def trains_of(population):
    return [np.asarray(train) for train in population.get_data("spikes").segments[-1].spiketrains]


def test_a_delta_synapse_is_a_step_of_its_weight_in_millivolt():
    sim.setup(timestep=0.1)
    cell = sim.Population(1, sim.IF_curr_delta(tau_m=20.0, v_rest=-65.0))
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[1.0]))
    sim.Projection(source, cell, sim.AllToAllConnector(), sim.StaticSynapse(weight=3.5, delay=0.5))
    cell.record("v")
    sim.run(10.0)
    times = np.arange(101) * 0.1
    expected = np.where(times > 1.5, -65.0 + 3.5 * np.exp(-(times - 1.5) / 20.0), -65.0)
    found = v_of(cell)[:, 0]
    elsewhere = np.abs(times - 1.5) > 0.01
    np.testing.assert_allclose(found[elsewhere], expected[elsewhere], atol=1e-12, rtol=0.0)


def exponential(s, tau_m, tau_s, weight, cm):
    return weight / cm * (np.exp(-s / tau_m) - np.exp(-s / tau_s)) / (1.0 / tau_s - 1.0 / tau_m)


def alpha(s, tau_m, tau_s, weight, cm):
    rate = 1.0 / tau_s - 1.0 / tau_m
    return weight * np.e / (cm * tau_s) * (np.exp(-s / tau_m) - np.exp(-s / tau_s) * (1.0 + s * rate)) / rate**2


@pytest.mark.parametrize("model, shape", [("IF_curr_exp", exponential), ("IF_curr_alpha", alpha)])
@pytest.mark.parametrize("weight, receptor", [(0.4, "excitatory"), (-0.3, "inhibitory")])
def test_a_synaptic_current_has_its_weight_in_nanoampere(model, shape, weight, receptor):
    sim.setup(timestep=0.1)
    taus = {"excitatory": 2.5, "inhibitory": 7.0}
    celltype = getattr(sim, model)(tau_m=15.0, cm=0.5, tau_syn_E=2.5, tau_syn_I=7.0)
    cell = sim.Population(2, celltype)
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[2.0]))
    synapse = sim.StaticSynapse(weight=weight, delay=1.0)
    sim.Projection(source, cell[1:], sim.AllToAllConnector(), synapse, receptor_type=receptor)
    cell.record("v")
    sim.run(40.0)
    s = np.maximum(np.arange(401) * 0.1 - 3.0, 0.0)
    found = v_of(cell)
    np.testing.assert_allclose(found[:, 1], -65.0 + shape(s, 15.0, taus[receptor], weight, 0.5), atol=1e-9)
    assert np.all(found[:, 0] == -65.0)


def test_synaptic_currents_are_recorded_in_nanoampere():
    sim.setup(timestep=0.5)
    cell = sim.Population(1, sim.IF_curr_exp(tau_syn_E=5.0))
    source = sim.Population(1, sim.SpikeSourceArray(spike_times=[1.0]))
    sim.Projection(source, cell, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.2, delay=1.0))
    cell.record(["isyn_exc", "isyn_inh"])
    sim.run(5.0)
    segment = cell.get_data().segments[0]
    signal = segment.filter(name="isyn_exc")[0]
    assert str(signal.units.dimensionality) == "nA"
    assert signal.magnitude[6, 0] == pytest.approx(0.2 * np.exp(-1.0 / 5.0), rel=1e-9)
    assert np.all(segment.filter(name="isyn_inh")[0].magnitude == 0.0)


def test_an_offset_is_a_current_source_in_nanoampere():
    sim.setup()
    cells = sim.Population(3, sim.IF_curr_exp(tau_m=20.0, cm=1.0, v_reset=-65.0, tau_refrac=2.0))
    cells[0].i_offset = 1.0
    cells[1].inject(sim.DCSource(amplitude=1.0))
    twice = sim.StepCurrentSource(times=[0.0], amplitudes=[0.5])
    twice.inject_into(cells[2:])
    twice.inject_into([cells[2]])
    cells.record("spikes")
    sim.run(100.0)
    first, second, third = trains_of(cells)
    assert first[0] == pytest.approx(-20.0 * np.log(1.0 - 15.0 / 20.0))
    assert len(first) > 2 and first.tolist() == second.tolist() == third.tolist()


def test_an_array_of_spikes_is_fired_as_given_and_off_the_grid():
    sim.setup(timestep=0.1)
    sources = sim.Population(3, sim.SpikeSourceArray(spike_times=[Sequence([0.123456, 7.0]), Sequence([]), Sequence([3.3, 3.3, 20.0])]))
    sources.record("spikes")
    sim.run(10.0)
    assert [train.tolist() for train in trains_of(sources)] == [[0.123456, 7.0], [], [3.3, 3.3]]
    assert sources.get_spike_counts() == {int(sources[0]): 2, int(sources[1]): 0, int(sources[2]): 2}


def test_poisson_sources_fire_from_start_for_their_duration():
    sim.setup(rng_seed=3)
    sources = sim.Population(4, sim.SpikeSourcePoisson(rate=[500, 500, 0, 300], start=[100, 100, 0, 0], duration=[200, 50, 1e10, 1e10]))
    sources.record("spikes")
    cell = sim.Population(1, sim.IF_curr_delta())
    sim.Projection(sources, cell, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.1))
    sim.run(1000.0)
    first, second, third, fourth = trains_of(sources)
    assert 60 < len(first) < 140 and first.min() > 100.0 and first.max() < 300.0
    assert 10 < len(second) < 40 and second.max() < 150.0
    assert len(third) == 0 and 220 < len(fourth) < 380


def test_the_seed_and_the_segment_decide_the_trains_and_threads_do_not():
    def run(seed, threads, segments=1):
        sim.setup(rng_seed=seed, threads=threads)
        sources = sim.Population(50, sim.SpikeSourcePoisson(rate=80.0))
        cells = sim.Population(300, sim.IF_curr_exp(cm=0.25))
        cells.record("spikes")
        connector = sim.FixedNumberPreConnector(10, rng=sim.NumpyRNG(seed=1))
        sim.Projection(sources, cells, connector, sim.StaticSynapse(weight=0.5, delay=1.0))
        for segment in range(segments):
            if segment > 0:
                sim.reset()
            sim.run(200.0)
        return [[np.asarray(train).tolist() for train in segment.spiketrains] for segment in cells.get_data().segments]

    (one,), (other_threads,), (other_seed,) = run(1, 1), run(1, 2), run(2, 1)
    assert one == other_threads != other_seed and sum(map(len, one)) > 100
    first, second = run(1, 1, segments=2)
    assert first == one != second


def test_a_current_of_no_amplitude_keeps_the_trains():
    def trains(amplitude, later):
        sim.setup(rng_seed=3)
        sources = sim.Population(5, sim.SpikeSourcePoisson(rate=100.0))
        cells = sim.Population(2, sim.IF_curr_exp())
        cells.inject(sim.DCSource(amplitude=amplitude))
        sources.record("spikes")
        sim.run(50.0)
        cells.set(i_offset=later)
        sim.run(50.0)
        return [train.tolist() for train in trains_of(sources)]

    assert trains(0.0, 0.0) == trains(1.0, 0.0) == trains(1.0, 0.3)


@pytest.mark.parametrize(
    "wrong, kind, message",
    [
        (lambda: sim.setup(rng_seed=-1), ValueError, "rng_seed = -1; allowed: an integer, 0 to"),
        (lambda: sim.IF_cond_exp(), NotImplementedError, "IF_cond_exp model is not available"),
        (lambda: sim.StepCurrentSource(times=[1.0, 2.0], amplitudes=[1.0]), ValueError, "amplitudes = 1 values; allowed: 2"),
        (lambda: sim.Population(1, sim.IF_curr_exp(), initial_values={"isyn_exc": 1.0}), NotImplementedError, "'isyn_exc' other than 0"),
        (lambda: sim.Population(1, sim.SpikeSourceArray(spike_times=[2.0, 1.0])), ValueError, r"spike_times\[0\]\[1\] = 1; allowed: times in"),
        (lambda: sim.DCSource().inject_into(sim.Population(1, sim.SpikeSourceArray())), TypeError, "spike source"),
    ],
)
def test_wrong_input_is_refused(wrong, kind, message):
    sim.setup()
    with pytest.raises(kind, match=message):
        wrong()
