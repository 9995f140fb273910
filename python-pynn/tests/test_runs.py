"""Runs, resets, changes between runs, and what is recorded of them."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import tauspike
import tauspike_pynn as sim

EXAMPLE = Path(__file__).parents[1] / "examples/brunel.py"


def v_of(population, segment=-1):
    return population.get_data("v").segments[segment].filter(name="v")[0].magnitude


def trains_of(population):
    return [np.asarray(train).tolist() for train in population.get_data("spikes").segments[-1].spiketrains]


def cells(size=2, label=None, **parameters):
    sim.setup(timestep=0.1)
    made = sim.Population(size, sim.IF_curr_exp(**parameters), label=label)
    made.record(["spikes", "v"])
    return made


def test_two_runs_are_one():
    whole = cells(i_offset=1.1)
    sim.run(100.0)
    spikes, v = trains_of(whole), v_of(whole)
    pieces = cells(i_offset=1.1)
    for time in [0.3, 17.7, 60.0, 100.0]:
        assert sim.run_until(time) == pytest.approx(time)
        assert len(v_of(pieces)) == round(time / 0.1) + 1
    assert trains_of(pieces) == spikes and len(spikes[0]) > 2
    assert np.array_equal(v_of(pieces), v)


def test_currents_may_change_between_runs():
    stepped = cells(1)
    stepped.inject(sim.StepCurrentSource(times=[0.0, 50.0], amplitudes=[0.9, 1.5]))
    sim.run(100.0)
    expected = trains_of(stepped)[0]
    by_offset = cells(1, i_offset=0.9)
    sim.run(50.0)
    by_offset.set(i_offset=1.5)
    sim.run(50.0)
    by_source = cells(1)
    source = sim.DCSource(amplitude=0.9)
    by_source.inject(source)
    sim.run(50.0)
    source.amplitude = 1.5
    sim.run(50.0)
    injected = cells(1, i_offset=0.9)
    sim.run(50.0)
    injected.inject(sim.DCSource(amplitude=0.6))
    sim.run(50.0)
    assert len(expected) > 3
    for found in [by_offset, by_source, injected]:
        np.testing.assert_allclose(np.asarray(found.get_data("spikes").segments[0].spiketrains[0]), expected, rtol=1e-12)


def test_a_change_that_changes_nothing_changes_no_spike():
    def run(between):
        sim.setup(rng_seed=11)
        made = sim.Population(20, sim.IF_curr_exp(cm=0.2))
        rng = sim.NumpyRNG(seed=3)
        made.initialize(v=sim.RandomDistribution("uniform", low=-65.0, high=-55.0, rng=rng))
        noise = sim.Population(20, sim.SpikeSourcePoisson(rate=300.0))
        synapse = sim.StaticSynapse(weight=sim.RandomDistribution("uniform", low=0.1, high=0.3, rng=rng), delay=1.5)
        sim.Projection(noise, made, sim.FixedProbabilityConnector(0.5, rng=rng), synapse)
        (made + noise).record("spikes")
        sim.run(60.0)
        between(made)
        sim.run(60.0)
        return trains_of(made) + trains_of(noise)

    expected = run(lambda made: None)
    assert sum(map(len, expected[:20])) > 100
    assert run(lambda made: made.inject(sim.DCSource(amplitude=0.0))) == expected
    assert run(lambda made: made[:3].set(i_offset=0.0)) == expected
    assert run(lambda made: made[3].inject(sim.DCSource(amplitude=1.0))) != expected


def test_drawn_initial_values_stay_through_a_reset():
    made = cells(5)
    made.initialize(v=sim.RandomDistribution("uniform", low=-65.0, high=-55.0, rng=sim.NumpyRNG(seed=1)))
    sim.run(1.0)
    first = v_of(made)[0].tolist()
    sim.reset()
    sim.run(1.0)
    assert v_of(made)[0].tolist() == first and len(set(first)) == 5
    np.testing.assert_allclose(made.initial_values["v"].evaluate(), first, rtol=1e-14)


def test_rates_may_change_between_runs():
    sim.setup()
    sources = sim.Population(20, sim.SpikeSourcePoisson(rate=20.0))
    sources.record("spikes")
    sim.run(500.0)
    before = sum(sources.get_spike_counts().values())
    sources.set(rate=400.0)
    sim.run(500.0)
    assert before < 400 < 3000 < sum(sources.get_spike_counts().values())


CHANGES = [
    (lambda p, s, j: p.set(tau_m=5.0), "other tau_m of population 'cells'"),
    (lambda p, s, j: p[1:].set(v_thresh=-55.0), "other v_thresh of population 'cells'"),
    (lambda p, s, j: p[0].set_parameters(cm=0.5, i_offset=0.3), "other cm of population 'cells'"),
    (lambda p, s, j: p.initialize(v=-60.0), "other initial value of v of population 'cells'"),
    (lambda p, s, j: p[1].set_initial_value("v", -60.0), "other initial value of v of population 'cells'"),
    (lambda p, s, j: j.set(weight=0.9), "other weight of projection 'source→cells'"),
    (lambda p, s, j: j.set(weight=0.5, delay=0.9), "other delay of projection 'source→cells'"),
    (lambda p, s, j: setattr(j[1], "weight", 0.9), "other weight of projection 'source→cells'"),
    (lambda p, s, j: sim.Population(1, sim.IF_curr_exp()), "new population"),
    (lambda p, s, j: sim.Projection(s, p, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.9), label="more"), "new projection 'more'"),
]


@pytest.mark.parametrize("change, names", CHANGES)
def test_other_changes_are_refused_after_a_run_and_taken_after_a_reset(change, names):
    def network():
        made = cells(i_offset=0.8, label="cells")
        source = sim.Population(1, sim.SpikeSourceArray(spike_times=[5.0, 15.0]), label="source")
        return made, source, sim.Projection(source, made, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.5, delay=0.5))

    def described(made, source, projection):
        parameters = made.get(["tau_m", "v_thresh", "cm", "i_offset"], simplify=False)
        return repr((parameters, made.initial_values["v"].evaluate(simplify=False), projection.get(["weight", "delay"], "list")))

    made, source, projection = network()
    sim.run(20.0)
    before, told = v_of(made), described(made, source, projection)
    with pytest.raises(NotImplementedError, match=f"at 20.0 ms: {names}. Allowed: .* after reset"):
        change(made, source, projection)
    assert described(made, source, projection) == told
    sim.run(20.0)
    sim.reset()
    change(made, source, projection)
    sim.run(20.0)
    after = v_of(made)
    fresh = network()
    change(*fresh)
    sim.run(20.0)
    assert np.array_equal(after, v_of(fresh[0]))
    assert names == "new population" or not np.array_equal(after, before[: len(after)])


def test_what_is_set_to_the_same_is_no_change():
    made = cells(i_offset=0.8)
    source = sim.Population(4, sim.SpikeSourcePoisson(rate=10.0, start=1.0))
    projection = sim.Projection(source, made, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.5))
    sim.run(20.0)
    made.set(tau_m=20.0, i_offset=0.9)
    made.initialize(v=-65.0)
    projection.set(weight=0.5)
    projection[0].weight = 0.5
    source.set(start=5.0, duration=80.0)
    with pytest.raises(NotImplementedError, match="start and duration part or join neighbours in population"):
        source[1:].set(start=6.0)
    sim.run(20.0)
    assert source.get("start") == 5.0


def test_clearing_begins_anew_with_the_sample_at_the_present():
    made = cells(i_offset=1.2)
    sim.run(30.0)
    first = made.get_data(clear=True).segments[0]
    sim.run(30.0)
    second = made.get_data().segments[0]
    whole = cells(i_offset=1.2)
    sim.run(60.0)
    v = v_of(whole)
    assert np.array_equal(first.analogsignals[0].magnitude, v[:301])
    assert np.array_equal(second.analogsignals[0].magnitude, v[300:])
    assert float(second.analogsignals[0].t_start) == 30.0
    joined = [np.asarray(a).tolist() + np.asarray(b).tolist() for a, b in zip(first.spiketrains, second.spiketrains)]
    assert joined == trains_of(whole)


def test_what_was_not_yet_recorded_is_nan():
    sim.setup(timestep=0.5)
    made = sim.Population(3, sim.IF_curr_exp(i_offset=0.5))
    made[1:2].record("v", sampling_interval=1.0)
    sim.run(10.0)
    made[2:].record("v")
    sim.run(10.0)
    signal = made.get_data().segments[0].analogsignals[0]
    assert signal.shape == (21, 2) and float(signal.sampling_period) == 1.0
    assert signal.array_annotations["channel_index"].tolist() == [1, 2]
    assert np.isnan(signal.magnitude[:11, 1]).all() and not np.isnan(signal.magnitude[11:]).any()
    assert signal.magnitude[11:, 0].tolist() == signal.magnitude[11:, 1].tolist()


def test_views_and_assemblies_are_connected_and_recorded():
    sim.setup()
    first = sim.Population(3, sim.IF_curr_exp())
    second = sim.Population(2, sim.IF_curr_exp())
    sources = sim.Population(2, sim.SpikeSourceArray(spike_times=[[1.0], [2.0]]))
    both = first[1:] + second
    projection = sim.Projection(sources, both, sim.FromListConnector([(0, 0, 20.0, 0.5), (1, 3, 20.0, 1.5)]))
    both.record("spikes")
    assert projection.get(["weight", "delay"], "list") == [(0, 0, 20.0, 0.5), (1, 3, 20.0, 1.5)]
    sim.run(20.0)
    fired = [len(train) > 0 for train in both.get_data().segments[0].spiketrains]
    assert fired == [True, False, False, True]
    assert first[1:].mean_spike_count() > 0.0


def test_synapses_are_read_and_set():
    sim.setup(min_delay=0.2)
    pre, post = sim.Population(3, sim.SpikeSourceArray()), sim.Population(2, sim.IF_curr_exp())
    projection = sim.Projection(pre, post, sim.AllToAllConnector(), sim.StaticSynapse(weight=lambda d: 0.1 * d))
    assert len(projection) == projection.size() == 6 and projection[0].delay == 0.2
    np.testing.assert_allclose(projection.get("weight", "array"), [[0.0, 0.1], [0.1, 0.0], [0.2, 0.1]])
    projection.set(weight=0.3, delay=np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    assert projection.get("delay", "array").tolist() == [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    one = projection.connections[3]
    one.weight = 0.7
    assert projection.get("weight", "array")[one.presynaptic_index, one.postsynaptic_index] == 0.7
    assert one.as_tuple("weight", "delay") == (0.7, projection[3].delay) and one.postsynaptic_cell in post.all_cells
    with pytest.raises(IndexError):
        projection[6]


@pytest.mark.parametrize("sizes", [(1, 1), (1, 5), (5, 1), (5, 5)])
def test_synapses_of_single_cells_are_set(sizes):
    sim.setup()
    pre, post = (sim.Population(size, sim.IF_curr_exp()) for size in sizes)
    projection = sim.Projection(pre, post, sim.AllToAllConnector())
    projection.set(weight=0.123)
    assert np.all(projection.get("weight", "array") == 0.123)
    projection.set(weight=np.arange(len(projection), dtype=float).reshape(sizes))
    assert projection.get("weight", "array").tolist() == np.arange(len(projection)).reshape(sizes).tolist()
    sim.run(1.0)


def test_parameters_are_read_and_set_in_the_units_of_pynn():
    made = cells(3, cm=0.25, i_offset=[0.1, 0.2, 0.3])
    assert made.get("cm") == 0.25 and made.get("i_offset").tolist() == [0.1, 0.2, 0.3]
    made[1:][1:].set(tau_m=lambda i: 30.0 + i)
    assert made.get("tau_m").tolist() == [20.0, 20.0, 30.0] and made[2].tau_m == 30.0
    made.initialize(v=[-70.0, -60.0, -65.0])
    made[0].set_initial_value("v", -55.0)
    made[1:2].initialize(v=-58.0)
    sim.run(1.0)
    assert v_of(made)[0].tolist() == [-55.0, -58.0, -65.0]


def test_a_recorded_source_tells_its_current():
    made = cells()
    source = sim.DCSource(amplitude=0.5, start=1.0, stop=2.0)
    made.inject(source)
    source.record()
    sim.run(3.0)
    current = source.get_data()
    assert str(current.units.dimensionality) == "nA" and len(current) == 31
    assert current.magnitude[[9, 10, 19, 20], 0].tolist() == [0.0, 0.5, 0.5, 0.0]


def test_after_an_interruption_the_time_and_the_data_are_those_reached():
    def network():
        made = cells(2000, i_offset=1.0)
        noise = sim.Population(2000, sim.SpikeSourcePoisson(rate=3000.0))
        sim.Projection(noise, made, sim.OneToOneConnector(), sim.StaticSynapse(weight=0.01, delay=1.0))
        return made

    def data_of(made):
        return [np.asarray(train).tolist() for train in made.get_data("spikes").segments[0].spiketrains], v_of(made)

    made = network()
    sim.run(5.0)
    stop = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    stop.start()
    with pytest.raises(KeyboardInterrupt):
        sim.run(1e6)
    reached = sim.get_current_time()
    spikes, v = data_of(made)
    assert 5.0 < reached < 1e6 and made.mean_spike_count() > 0.0
    assert len(v) == int(reached / 0.1 + 1e-9) + 1
    made[0].i_offset = 1.0  # so that it is described anew
    sim.run(10.0)
    end = sim.get_current_time()
    assert end == pytest.approx(reached + 10.0)
    went_on, (whole, whole_v) = data_of(made), data_of_one_run(network, end, data_of)
    assert went_on[0] == whole and np.array_equal(went_on[1], whole_v)
    assert [[t for t in train if t < reached] for train in whole] == spikes
    assert np.array_equal(whole_v[: len(v)], v)


def data_of_one_run(network, end, data_of):
    made = network()
    sim.run_until(end)
    return data_of(made)


def test_what_was_recorded_before_a_failure_is_in_reach(monkeypatch):
    made = cells(i_offset=1.1)
    sim.run(1.0)
    runs = sim.simulator.state.simulation

    class Failing:
        """Fails at 40 ms."""

        now_ms = 40.0

        def run_until(self, time):
            raise tauspike.SimulationError("it cannot go on")

        def recorded(self):
            return runs.run_until(40.0)

    monkeypatch.setattr(sim.simulator.state, "simulation", Failing())
    with pytest.raises(tauspike.SimulationError):
        sim.run(100.0)
    assert sim.get_current_time() == 40.0 and len(v_of(made)) == 401
    assert made.mean_spike_count() > 0.0


def test_after_an_exception_of_a_callback_the_run_goes_on():
    def stop(time):
        if time > 2.5:
            raise RuntimeError("stop now")
        return time + 1.0

    made = cells(i_offset=1.1)
    with pytest.raises(RuntimeError, match="stop now"):
        sim.run(10.0, callbacks=[stop])
    assert sim.get_current_time() == pytest.approx(3.0) and len(v_of(made)) == 31
    sim.run_until(50.0)
    whole = v_of(made)
    made = cells(i_offset=1.1)
    sim.run(50.0)
    assert np.array_equal(v_of(made), whole)


def test_callbacks_are_called():
    made, called = cells(), []
    sim.run(5.0, callbacks=[lambda t: called.append(t) or t + 1.0])
    assert np.allclose(called, range(6)) and len(v_of(made)) == 51


def test_the_example_runs():
    run = subprocess.run([sys.executable, "-W", "ignore", EXAMPLE, "tauspike_pynn"], capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr
    rate = float(run.stdout.split(": ")[1].split(" Hz")[0])
    assert 40.0 < rate < 60.0, run.stdout
