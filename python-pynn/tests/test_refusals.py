"""What is not allowed is refused at once, by PyNN's name, value and what is allowed; and leaves nothing behind."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tauspike_pynn as sim
from pyNN import errors
from pyNN.parameters import Sequence

NAN, INF = float("nan"), float("inf")


def neurons(size=3, label="cells", **parameters):
    return sim.Population(size, sim.IF_curr_exp(**parameters), label=label)


def sources(spike_times, label="given"):
    return sim.Population(3, sim.SpikeSourceArray(spike_times=spike_times), label=label)


def noise(**parameters):
    return sim.Population(2, sim.SpikeSourcePoisson(**parameters), label="noise")


CELLS = [
    (lambda: neurons(tau_m=-1.0), r"population 'cells': tau_m\[0\] = -1; allowed: a finite number above 0"),
    (lambda: neurons(tau_m=[20.0, 0.0, 20.0]), r"tau_m\[1\] = 0; allowed"),
    (lambda: neurons(cm=0.0), r"cm\[0\] = 0; allowed: .* nF"),
    (lambda: neurons(v_rest=INF), r"v_rest\[0\] = inf; allowed"),
    (lambda: neurons(tau_refrac=-1.0), r"tau_refrac\[0\] = -1; allowed: a finite number, at least 0"),
    (lambda: neurons(i_offset=[0.0, 0.0, NAN]), r"i_offset\[2\] = nan; allowed: a finite number"),
    (lambda: neurons(tau_syn_I=0.0), r"tau_syn_I\[0\] = 0; allowed"),
    (lambda: neurons().set(tau_m=NAN), r"population 'cells': tau_m\[0\] = nan"),
    (lambda: neurons()[1:].set(cm=-1.0), r"population 'cells': cm\[1\] = -1"),
    (lambda: setattr(neurons()[2], "tau_syn_E", -2.0), r"population 'cells': tau_syn_E\[2\] = -2"),
    (lambda: neurons().initialize(v=NAN), r"population 'cells': initial value of v\[0\] = nan"),
    (lambda: neurons()[1].set_initial_value("v", INF), r"initial value of v\[1\] = inf"),
    (lambda: noise(rate=-1.0), r"population 'noise': rate\[0\] = -1; allowed: 0 to 1e9 Hz"),
    (lambda: noise(rate=1e10), r"rate\[0\] = 1e\+10; allowed"),
    (lambda: noise(start=[0.0, NAN]), r"start\[1\] = nan; allowed: a finite number, at least 0"),
    (lambda: noise(duration=NAN), r"duration\[0\] = nan; allowed: a number, at least 0"),
    (lambda: sources(5.0), r"population 'given': spike_times\[0\] = 5.0; allowed: a list of times, ms"),
    (lambda: sources([2.0, 1.0]), r"spike_times\[0\]\[1\] = 1; allowed: times in ascending order, here after 2"),
    (lambda: sources([Sequence([1.0]), Sequence([0.5, NAN]), Sequence([])]), r"spike_times\[1\]\[1\] = nan; allowed"),
    (lambda: sources([-1.0, 2.0]), r"spike_times\[0\]\[0\] = -1; allowed: a finite number, at least 0"),
    (lambda: sources([1.0, INF]), r"spike_times\[0\]\[1\] = inf"),
    (lambda: sources([])[1:].set(spike_times=[3.0, 1.0]), r"population 'given': spike_times\[0\]\[1\] = 1"),
    (lambda: neurons(0), "population 'cells': size = 0; allowed: at least 1 cell"),
    (lambda: neurons(-1), "size = -1"),
    (lambda: neurons((3, 0)), r"size = \(3, 0\)"),
    (lambda: neurons().record("v", sampling_interval=0.0), "population 'cells': sampling_interval = 0.0; allowed: a finite number above 0"),
    (lambda: neurons().record("v", sampling_interval=NAN), "sampling_interval = nan"),
]

SETUP = [
    ({"timestep": 0}, "timestep = 0; allowed: a finite number above 0"),
    ({"timestep": -0.1}, "timestep = -0.1"),
    ({"timestep": NAN}, "timestep = nan"),
    ({"timestep": "0.1"}, "timestep = '0.1'"),
    ({"min_delay": NAN}, "min_delay = nan; allowed: 'auto', or a number of at least timestep = 0.1"),
    ({"min_delay": 0.01}, "min_delay = 0.01; allowed"),
    ({"min_delay": 2.0, "max_delay": 1.0}, "max_delay = 1.0; allowed: 'auto', or a number of at least min_delay = 2"),
    ({"max_delay": 0.05}, "max_delay = 0.05; allowed: 'auto', or a number of at least timestep = 0.1"),
    ({"threads": 0}, "threads = 0; allowed: an integer, 1 to 1024"),
    ({"threads": 1.5}, "threads = 1.5"),
]

RUNS = [
    (lambda: sim.run(NAN), "simtime = nan; allowed: 0 to"),
    (lambda: sim.run(-1), "simtime = -1; allowed: 0 to"),
    (lambda: sim.run(INF), "simtime = inf"),
    (lambda: sim.run("5"), "simtime = '5'"),
    (lambda: sim.run_until(5.0), "time_point = 5.0; allowed: 10, which is the present, to"),
    (lambda: sim.run_until(NAN), "time_point = nan"),
    (lambda: sim.run_until(1e13), "time_point = 1"),
    (lambda: sim.run(5.0, callbacks=[lambda time: None]), "callback '<lambda>': result = None; allowed: the time"),
    (lambda: sim.run(5.0, callbacks=[lambda time: NAN]), "result = nan"),
]

CURRENTS = [
    (lambda: sim.DCSource(amplitude=NAN), "DCSource: amplitude = nan; allowed: a finite number"),
    (lambda: sim.DCSource(amplitude=INF), "amplitude = inf"),
    (lambda: sim.DCSource(start=NAN), "DCSource: start = nan"),
    (lambda: sim.DCSource(start=INF), "DCSource: start = inf"),
    (lambda: sim.DCSource(stop=NAN), "DCSource: stop = nan"),
    (lambda: sim.DCSource(start=5.0, stop=1.0), "DCSource: stop = 1.0; allowed: at least start = 5"),
    (lambda: setattr(sim.DCSource(), "amplitude", NAN), "amplitude = nan"),
    (lambda: sim.StepCurrentSource(times=[1.0, NAN, 20.0], amplitudes=[5.0, 0.0, 0.0]), r"StepCurrentSource: times\[1\] = nan"),
    (lambda: sim.StepCurrentSource(times=[1.0, INF], amplitudes=[5.0, 0.0]), r"times\[1\] = inf"),
    (lambda: sim.StepCurrentSource(times=[-1.0], amplitudes=[5.0]), r"times\[0\] = -1"),
    (lambda: sim.StepCurrentSource(times=[2.0, 1.0], amplitudes=[5.0, 1.0]), r"times\[1\] = 1; allowed: .* here after 2"),
    (lambda: sim.StepCurrentSource(times=[1.0, 1.0], amplitudes=[5.0, 1.0]), r"times\[1\] = 1; allowed: .*, none twice"),
    (lambda: sim.StepCurrentSource(times=[1.0], amplitudes=[NAN]), r"StepCurrentSource: amplitudes\[0\] = nan"),
    (lambda: sim.StepCurrentSource(times=1.0, amplitudes=1.0), "times = 1.0; allowed: a list of numbers"),
    (lambda: sim.StepCurrentSource(times=[1.0], amplitudes=[1.0]).set_parameters(amplitudes=[INF]), r"amplitudes\[0\] = inf"),
]


@pytest.mark.parametrize("wrong, message", CELLS + CURRENTS)
def test_parameters_are_refused_where_they_are_given(wrong, message):
    sim.setup()
    with pytest.raises(errors.InvalidParameterValueError, match=message):
        wrong()


@pytest.mark.parametrize("wrong, message", SETUP)
def test_a_setup_that_is_refused_changes_nothing(wrong, message):
    sim.setup(timestep=0.1)
    cells = neurons()
    sim.run(1.0)
    with pytest.raises(errors.InvalidParameterValueError, match=message):
        sim.setup(**wrong)
    assert sim.get_time_step() == 0.1 and sim.run(1.0) == 2.0 and cells.get("tau_m") == 20.0


@pytest.mark.parametrize("wrong, message", RUNS)
def test_times_of_runs_are_refused(wrong, message):
    sim.setup()
    neurons()
    sim.run(10.0)
    with pytest.raises(errors.InvalidParameterValueError, match=message):
        wrong()
    assert sim.get_current_time() == 10.0


@pytest.mark.parametrize("model", ["ACSource", "NoisyCurrentSource", "SmallWorldConnector"])
def test_what_is_not_there_says_so(model):
    with pytest.raises(NotImplementedError, match=f"{model} model is not available"):
        getattr(sim, model)()


@pytest.mark.parametrize("refused", [lambda: neurons(tau_m=-1.0), lambda: neurons(0), lambda: neurons(v_rest=[1.0, 2.0])])
def test_a_population_that_is_refused_leaves_nothing_behind(refused):
    sim.setup()
    with pytest.raises(ValueError):
        refused()
    with pytest.raises(NotImplementedError):
        sim.Population(1, sim.IF_curr_exp(), initial_values={"isyn_exc": 1.0})
    cells = neurons(i_offset=1.0)
    cells.record(["spikes", "v"])
    sim.run(50.0)
    sim.reset()
    sim.run(50.0)
    assert int(cells[0]) == 0 and cells.mean_spike_count() > 0.0 and len(cells.get_data().segments) == 2


def test_what_is_set_together_is_set_or_not():
    sim.setup()
    cells = neurons()
    with pytest.raises(errors.InvalidParameterValueError, match="cm"):
        cells.set(tau_m=5.0, cm=-1.0)
    assert cells.get(["tau_m", "cm"]) == [20.0, 1.0]
    projection = sim.Projection(cells, cells, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.1, delay=1.0))
    with pytest.raises(errors.InvalidParameterValueError, match="projection 'cells→cells': delay of synapse 0 = -1; allowed: .* at least 0"):
        projection.set(weight=0.2, delay=-1.0)
    with pytest.raises(errors.InvalidParameterValueError, match="weight of synapse 2 = inf; allowed: a finite number"):
        projection[2].weight = INF
    assert np.all(projection.get("weight", "array") == 0.1)
    both, source = cells + sources([]), sim.DCSource()
    with pytest.raises(TypeError, match="spike source"):
        source.inject_into(both)
    assert source.cells == []


def test_start_and_stop_may_be_set_one_after_the_other():
    sim.setup()
    cells, source = neurons(), sim.DCSource(amplitude=5.0, start=1.0, stop=2.0)
    cells.inject(source)
    cells.record("spikes")
    source.start = 30.0
    with pytest.raises(errors.InvalidParameterValueError, match="DCSource: stop = 2.0; allowed: at least start = 30"):
        sim.run(10.0)
    source.stop = 50.0
    sim.run(50.0)
    assert cells.mean_spike_count() > 0.0


def test_reset_and_threshold_may_be_set_one_after_the_other():
    sim.setup()
    cells = neurons(v_thresh=[-50.0, -70.0, -50.0])
    with pytest.raises(errors.InvalidParameterValueError, match=r"population 'cells': v_reset\[1\] = -65; allowed: below v_thresh\[1\] = -70"):
        sim.run(1.0)
    cells.set(v_reset=-80.0)
    sim.run(1.0)


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda cells: cells.set(v_rest=1e12), "population 'cells': v_rest = "),
        (lambda cells: cells.set(i_offset=1e9), "i_offset of 'cells'"),
        (lambda cells: cells.inject(sim.DCSource(amplitude=1e9)), "input DCSource number 0: "),
        (lambda cells: cells.initialize(v=-1e14), "population 'cells': initial value of v = "),
        (
            lambda cells: sim.Projection(cells, cells, sim.AllToAllConnector(), sim.StaticSynapse(weight=1e30)),
            r"projection 'cells→cells': weight \(in pA\) = .* onto every neuron of population 'cells'",
        ),
    ],
)
def test_what_only_tauspike_refuses_is_told_in_the_terms_of_pynn(wrong, message):
    sim.setup()
    wrong(neurons())
    with pytest.raises(errors.InvalidParameterValueError, match=message):
        sim.run(1.0)


def connected(connector, **synapse):
    return sim.Projection(sources([], label="pre"), neurons(label="post"), connector, sim.StaticSynapse(**synapse))


@pytest.mark.parametrize(
    "rows, message",
    [
        ([(0, 0, 5.0, 1.0), (-1, 0, 5.0, 1.0)], r"row 1 = \(-1, 0, 5, 1\), whose source = -1; allowed: an integer, 0 to 2, as a position in 'pre'"),
        ([(0, 2, 5.0, 1.0), (3, 1, 5.0, 1.0)], r"row 1 = .* whose source = 3"),
        ([(2, 2, 5.0, 1.0), (0, 9, 5.0, 1.0)], r"row 1 = .* whose target = 9; allowed: an integer, 0 to 2, as a position in 'post'"),
        ([(0, -1, 5.0, 1.0), (0, 0, 5.0, 1.0)], r"row 0 = .* whose target = -1"),
        ([(0, 0, 5.0, 1.0), (0.5, 1, 5.0, 1.0)], r"row 1 = .* whose source = 0.5"),
        ([(0, 0, 5.0, 1.0), (1, NAN, 5.0, 1.0)], r"row 1 = .* whose target = nan"),
    ],
)
def test_lists_and_files_with_cells_that_are_not_there_are_refused(rows, message, tmp_path):
    sim.setup()
    with pytest.raises(errors.ConnectionError, match=f"FromListConnector: {message}"):
        connected(sim.FromListConnector(rows))
    np.savetxt(tmp_path / "rows.txt", rows)
    with pytest.raises(errors.ConnectionError, match=f"FromFileConnector: {message}"):
        connected(sim.FromFileConnector(str(tmp_path / "rows.txt")))
    sim.run(1.0)


def test_lists_and_files_connect_what_they_say_and_stay_as_they_are(tmp_path):
    sim.setup()
    rows = [(1, 2, 0.25, 1.0), (2, 0, 0.5, 2.0)]
    given = sim.FromListConnector(rows)
    np.savetxt(tmp_path / "rows.txt", rows)
    for connector in [given, sim.FromFileConnector(str(tmp_path / "rows.txt"))]:
        assert sorted(connected(connector).get(["weight", "delay"], "list")) == rows
    assert given.conn_list.tolist() == [list(row) for row in rows]
    assert len(connected(sim.FromListConnector([]))) == 0


@pytest.mark.parametrize(
    "connector, kind, message",
    [
        (lambda: sim.ArrayConnector(np.ones((2, 3), bool)), errors.ConnectionError, r"ArrayConnector: array.shape = \(2, 3\); allowed: \(3, 3\)"),
        (lambda: sim.ArrayConnector(np.ones((4, 3), bool)), errors.ConnectionError, r"array.shape = \(4, 3\)"),
        (lambda: sim.ArrayConnector(np.eye(3, dtype=int)), errors.ConnectionError, "array.dtype = int64; allowed: bool"),
        (lambda: sim.FixedProbabilityConnector(1.5), errors.ConnectionError, "FixedProbabilityConnector: p_connect = 1.5; allowed: 0 to 1"),
        (lambda: sim.FromListConnector([(0, 1, NAN, 1.0)]), ValueError, "projection 'pre→post': weight of synapse 0 = nan"),
        (lambda: sim.FromListConnector([(0, 1, 1.0, -1.0)]), ValueError, "delay of synapse 0 = -1; allowed: a finite number, at least 0"),
    ],
)
def test_connectors_that_would_give_other_synapses_are_refused(connector, kind, message):
    sim.setup()
    with pytest.raises(kind, match=message):
        connected(connector())
    sim.run(1.0)


def test_an_array_of_truths_connects_what_it_says():
    sim.setup()
    assert connected(sim.ArrayConnector(np.eye(3, dtype=bool)), weight=1.0).get("weight", "list") == [(k, k, 1.0) for k in range(3)]


@pytest.mark.parametrize(
    "synapse, message",
    [({"weight": NAN}, "weight = nan"), ({"delay": -1.0}, "delay = -1"), ({"weight": [0.1, INF]}, r"weight\[1\] = inf")],
)
def test_synapses_are_refused_where_they_are_given(synapse, message):
    sim.setup()
    with pytest.raises(errors.InvalidParameterValueError, match=f"StaticSynapse: {message}; allowed: a finite number"):
        sim.StaticSynapse(**synapse)


def test_a_projection_onto_sources_is_refused():
    sim.setup()
    with pytest.raises(errors.ConnectionError, match="projection onto 'given': cells that have no synapses"):
        sim.Projection(neurons(), sources([]), sim.AllToAllConnector())


ONTO_ASSEMBLY = """
import tauspike_pynn as sim
sim.setup()
both = sim.Population(2, sim.IF_curr_exp()) + sim.Population(2, sim.IF_curr_alpha())
for weight in (0.1, -0.1):
    print(sim.Projection(both, both, sim.AllToAllConnector(), sim.StaticSynapse(weight=weight)).receptor_type)
"""


@pytest.mark.parametrize("seed", ["1", "2", "3", "4"])
def test_a_projection_onto_an_assembly_does_not_depend_on_the_hash_seed(seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run([sys.executable, "-W", "ignore", "-c", ONTO_ASSEMBLY], env=environment, capture_output=True, text=True, timeout=60)
    assert run.stdout.split() == ["excitatory", "inhibitory"], run.stderr
