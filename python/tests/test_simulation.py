"""Simulations run piece by piece, saved, restored, interrupted and failed."""

import copy
import pickle
import signal
import subprocess
import threading
import time

import numpy as np
import pytest

import tauspike
from conftest import python


def network(rate_hz=9000.0, size=200, seed=7):
    net = tauspike.Network(seed=seed)
    cells = net.population("cells", size, tau_m_ms=tauspike.gamma(20.0, cv=0.5), v_th_mv=-60.0)
    sources = net.population("sources", 10, model="poisson", rate_hz=50.0)
    net.project(cells, cells, rule="fixed_indegree", indegree=20, weight_mv=-0.3, delay_ms=1.5)
    net.project(sources, cells, rule="all_to_all", weight_mv=0.1, delay_ms=0.5)
    net.input("poisson", cells, rate_hz=rate_hz, weight_mv=0.15)
    return net


def test_pieces_are_the_whole():
    whole = network().run(300.0, threads=2)
    simulation = network().simulation()
    pieces = [simulation.run_until(until).spikes for until in [0.0, 17.3, 100.0, 100.0, 300.0]]
    assert np.concatenate([piece.time_ms for piece in pieces]).tolist() == whole.spikes.time_ms.tolist()
    assert simulation.digest == whole.digest and simulation.now_ms == 300.0
    assert simulation.counters["spikes"] == whole.counters["spikes"] > 100
    assert pieces[1].digest != whole.digest and repr(simulation) == "<Simulation at 300.0 ms>"


def test_a_saved_state_goes_on_with_the_same_bits_or_with_another_input():
    net = network()
    simulation = net.simulation()
    simulation.run_until(100.0)
    saved = simulation.save()
    after = simulation.run_until(200.0).spikes
    restored = tauspike.Simulation.restore(net, saved, threads=2)
    assert restored.now_ms == 100.0
    assert restored.run_until(200.0).spikes.digest == after.digest
    other = tauspike.Simulation.restore(network(rate_hz=20000.0), saved)
    assert len(other.run_until(200.0).spikes) > len(after)
    with pytest.raises(tauspike.SnapshotError, match="another network"):
        tauspike.Simulation.restore(network(seed=8), saved)
    with pytest.raises(tauspike.SnapshotError, match="does not begin with TAUSPIKE"):
        tauspike.Simulation.restore(net, b"nonsense" * 20)
    with pytest.raises(tauspike.SnapshotError, match="checksum"):
        tauspike.Simulation.restore(net, saved[:-1] + bytes([saved[-1] ^ 1]))


def test_membranes_are_those_that_probes_see():
    net = network()
    cells = net.populations["cells"]
    net.probe(cells, np.arange(200), times_ms=[50.0])
    simulation = net.simulation()
    probes = simulation.run_until(50.0).probes
    found = simulation.membranes(cells)
    assert found.v_mv.tolist() == probes["v_mv"].tolist() and np.isnan(found.i_syn_ex_pa).all()
    assert simulation.membranes([3, 1]).v_mv.tolist() == found.v_mv[[3, 1]].tolist()
    with pytest.raises(ValueError, match=r"neurons\[1\] = 200; allowed: the global index of a LIF neuron"):
        simulation.membranes([0, 200])
    with pytest.raises(TypeError, match="neurons = an array of float64"):
        simulation.membranes([0.5])


def test_wrong_times_are_refused_and_harm_nothing():
    simulation = network().simulation()
    simulation.run_until(10.0)
    for wrong in [9.0, float("nan"), float("inf"), -1.0, 1e300]:
        with pytest.raises(tauspike.ScenarioError, match="until_ms = .*; allowed: a number from 10.0, the present, to 1e12"):
            simulation.run_until(wrong)
    with pytest.raises(TypeError, match="until_ms = '20'; allowed: a number"):
        simulation.run_until("20")
    with pytest.raises(TypeError, match="progress = 3; allowed: True, False or a callable"):
        simulation.run_until(20.0, progress=3)
    simulation.run_until(20.0)


class Stop(Exception):
    pass


def test_an_exception_in_a_callback_ends_the_simulation_for_good():
    simulation = network(size=2000, rate_hz=40000.0).simulation()

    def progress(now_ms, until_ms):
        raise Stop(f"at {now_ms}")

    with pytest.raises(Stop):
        simulation.run_until(100.0, progress=progress)
    for forbidden in [lambda: simulation.run_until(2000.0), lambda: simulation.membranes([0]), simulation.save]:
        with pytest.raises(tauspike.SimulationError, match="the simulation ended at .* ms: the callback raised Stop"):
            forbidden()
    assert simulation.now_ms > 0.0


def test_an_endless_cascade_ends_the_simulation_for_good():
    net = tauspike.Network()
    cells = net.population("cells", 2, t_ref_ms=0.0, i_e_pa=400.0)
    net.project(cells, cells, rule="all_to_all", weight_mv=50.0, delay_ms=0.0)
    simulation = net.simulation()
    with pytest.raises(tauspike.SimulationError, match="without end"):
        simulation.run_until(100.0)
    for until in (200.0, 0.0):
        with pytest.raises(tauspike.SimulationError, match="begin anew or from a snapshot"):
            simulation.run_until(until)


def test_progress_is_told_and_shown(capsys):
    seen = []
    simulation = network().simulation()
    simulation.run_until(50.0, progress=lambda now, until: seen.append((now, until)))
    assert seen[-1] == (50.0, 50.0) and all(now <= until for now, until in seen)
    simulation.run_until(60.0, progress=True)
    assert capsys.readouterr().err.endswith("60.0 of 60.0 ms\n")


def test_other_threads_work_while_a_run_goes_on_and_may_not_disturb_it():
    simulation = network(size=3000, rate_hz=40000.0).simulation()
    thread = threading.Thread(target=simulation.run_until, args=(60.0,))
    thread.start()
    turns, refused = 0, 0
    while thread.is_alive():
        turns += 1
        try:
            simulation.now_ms
        except RuntimeError as error:
            assert "the simulation is running" in str(error)
            refused += 1
        time.sleep(0.001)
    thread.join()
    assert turns > 10 and refused > 5, "the interpreter lock was held"
    assert simulation.now_ms == 60.0


INTERRUPTED = """
import threading, signal, os
from test_simulation import network
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
simulation = network(size=2000, rate_hz=60000.0).simulation(threads=2)
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    simulation.run_until(1e7)
except KeyboardInterrupt:
    stopped = simulation.now_ms
    rest = simulation.run_until(stopped + 5.0).spikes
    whole = network(size=2000, rate_hz=60000.0).run(stopped + 5.0, threads=2)
    print("interrupted", 0.0 < stopped < 1e7, rest.digest == whole.digest)
"""


def test_ctrl_c_ends_a_run_at_the_next_epoch_and_loses_nothing():
    started = time.monotonic()
    run = python(INTERRUPTED)
    assert run.stdout == "interrupted True True\n", run.stderr
    assert time.monotonic() - started < 100


LAST_EPOCH = """
import threading, signal, os, tauspike
signal.signal(signal.SIGINT, signal.default_int_handler)
net = tauspike.Network(seed=1)
cells = net.population("cells", 20000)
net.input("poisson", cells, rate_hz=3e6, weight_mv=0.02)
simulation = net.simulation()
threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    simulation.run_until(1.0)  # one epoch, of 6e7 arrivals
except KeyboardInterrupt:
    try:
        simulation.save()
    except RuntimeError as error:
        print("recorded()" in str(error))
    now = simulation.now_ms
    rest = simulation.recorded().spikes
    simulation.save()
    print(now, len(rest) == simulation.counters["spikes"] > 0, rest.digest == net.run(now).digest, len(simulation.recorded().spikes))
"""


def test_ctrl_c_in_the_last_epoch_loses_nothing_and_a_snapshot_leaves_nothing_out():
    run = python(LAST_EPOCH)
    assert run.stdout == "True\n1.0 True True 0\n", (run.stdout, run.stderr)


BY_INTERVALS = """
import threading, signal, os
from test_simulation import network
signal.signal(signal.SIGINT, signal.default_int_handler)
threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
try:
    network(size=2000, rate_hz=60000.0).run(1e6, counters_interval_ms=0.01)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_a_run_that_counts_by_intervals():
    started = time.monotonic()
    assert python(BY_INTERVALS).stdout == "interrupted\n"
    assert time.monotonic() - started < 100


def test_a_callback_that_raises_is_asked_no_more():
    called = []

    def progress(now, until):
        called.append(now)
        raise KeyError("enough")

    with pytest.raises(KeyError):
        network(size=2000, rate_hz=60000.0).run(1000.0, counters_interval_ms=1.0, progress=progress)
    assert len(called) == 1


def test_what_was_recorded_before_a_failure_can_be_had():
    net = tauspike.Network(seed=1)
    source = net.population("source", 1, model="spike_trains", trains_ms=[[10.0, 20.0, 40.0]])
    cells = net.population("cells", 2, t_ref_ms=0.0)
    late = net.population("late", 1, model="spike_trains", trains_ms=[[40.0]])
    net.project(source, cells, rule="all_to_all", weight_mv=0.1, delay_ms=0.0)
    net.project(late, cells, rule="all_to_all", weight_mv=100.0, delay_ms=0.0)
    net.project(cells, cells, rule="all_to_all", weight_mv=100.0, delay_ms=0.0)
    simulation = net.simulation()
    with pytest.raises(tauspike.SimulationError):
        simulation.run_until(100.0)
    assert simulation.recorded().spikes.time_ms.tolist()[:2] == [10.0, 20.0]
    assert len(simulation.recorded().spikes) == 0


FORKED = """
import os, tauspike
net = tauspike.Network()
net.population("cells", 100, i_e_pa=500.0)
simulation, alone = net.simulation(threads=2), net.simulation()
simulation.run_until(10.0), alone.run_until(10.0)
child = os.fork()
if child == 0:
    alone.run_until(20.0)
    try:
        simulation.run_until(20.0)
    except ValueError as error:
        ok = "fork" in str(error)
    del simulation
    os._exit(0 if ok else 1)
print(os.waitpid(child, 0)[1], len(simulation.run_until(20.0).spikes))
"""


def test_threads_are_not_waited_for_after_a_fork():
    run = python(FORKED)
    assert run.stdout.startswith("0 "), (run.stdout, run.stderr)


@pytest.mark.parametrize("model, weight", [("lif_delta", {"weight_mv": 2.0}), ("lif_exp", {"weight_pa": 400.0})])
def test_probes_do_not_depend_on_counters_or_cuts(model, weight):
    def made():
        net = tauspike.Network()
        source = net.population("s", 1, model="spike_trains", trains_ms=[np.arange(1.0, 20.0)])
        cell = net.population("c", 1, model=model, v_th_mv=0.0)
        net.project(source, cell, rule="one_to_one", delay_ms=1.0, **weight)
        net.probe(cell, [0], interval_ms=1.0)
        return net

    whole = made().run(10.0).probes["v_mv"]
    assert whole[2] == -70.0 and whole[3] > -70.0
    assert np.array_equal(whole, made().run(10.0, counters_interval_ms=1.0).probes["v_mv"])
    cut = made().simulation()
    pieces = [cut.run_until(until).probes["v_mv"] for until in (6.0, 10.0)]
    assert np.array_equal(whole, np.concatenate(pieces))


def test_ctrl_c_ends_the_script_with_exit_code_130(tmp_path, scenarios):
    from test_run import SCRIPT

    arguments = ["run", scenarios / "quickstart", "--set", "duration_ms=1e8", "--quiet", "--out", tmp_path / "out"]
    run = subprocess.Popen([SCRIPT, *arguments], stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "out" / "manifest.json").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    run.send_signal(signal.SIGINT)
    _, told = run.communicate(timeout=60)
    assert (run.returncode, told) == (130, "")
    assert '"interrupted"' in (tmp_path / "out" / "manifest.json").read_text()


def test_what_would_share_its_state_with_a_copy_is_neither_copied_nor_pickled():
    net = network()
    for whole in (net, net.simulation()):
        for way in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="can be neither copied nor pickled"):
                way(whole)


def test_restore_names_what_is_wrong():
    net = network(size=5)
    saved = net.simulation().save()
    for wrong in (None, 3, "network"):
        with pytest.raises(TypeError, match="network = .*; allowed: a Network or a Scenario"):
            tauspike.Simulation.restore(wrong, saved)
    fresh = network(size=5)
    for wrong in (None, 3, "abc"):
        with pytest.raises(TypeError, match="snapshot = a value of type .*; allowed: bytes"):
            tauspike.Simulation.restore(fresh, wrong)
    assert fresh._built == {}, "it was checked before"
    assert tauspike.Simulation.restore(net, bytearray(saved)).now_ms == 0.0


def test_a_simulation_that_another_thread_runs_is_shown():
    simulation = network(size=2000, rate_hz=40000.0).simulation()
    told = []

    def progress(now, until):
        told.append(repr(simulation))
        raise Stop

    with pytest.raises(Stop):
        simulation.run_until(1e6, progress=progress)
    assert told == ["<Simulation, running>"] and repr(simulation).startswith("<Simulation at ")
