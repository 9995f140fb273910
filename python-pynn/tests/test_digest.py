"""One network, as a scenario file, in Python, in PyNN, and in Rust (`tests/it/descriptions.rs`): the same spikes to the bit."""

from pathlib import Path

import numpy as np
import tauspike
import tauspike_pynn as sim

DIGEST = (Path(__file__).parents[2] / "tests/data/one_network/digest.txt").read_text().strip()
SIZE, KICKS, UNTIL = 30, 5, 200.0
TAU_M = np.linspace(8.0, 40.0, SIZE)
#: ms, of each source.
TRAINS = [np.arange(1.0 + source, UNTIL - 5.0, 2.5 + source).tolist() for source in range(KICKS)]

SCENARIO = f"""
name = "one"
seed = 1
duration_ms = {UNTIL}

[[population]]
name = "kicks"
size = {KICKS}
model = "spike_trains"
file = "trains.csv"

[[population]]
name = "cells"
size = {SIZE}
model = "lif_exp"
tau_m_ms = {TAU_M.tolist()}
c_m_pf = 250.0
e_l_mv = -65.0
v_th_mv = -50.0
v_reset_mv = -65.0
v_init_mv = -60.0
t_ref_ms = 2.0
tau_syn_ex_ms = 2.0
tau_syn_in_ms = 4.0

[[projection]]
from = "kicks"
to = "cells"
rule = "all_to_all"
weight_pa = 500.0
delay_ms = 1.5

[[projection]]
from = "cells"
to = "cells"
rule = "all_to_all"
autapses = false
weight_pa = -20.0
delay_ms = 0.5
"""

MEMBRANE = {"e_l_mv": -65.0, "v_th_mv": -50.0, "v_reset_mv": -65.0, "v_init_mv": -60.0, "t_ref_ms": 2.0}
CURRENTS = {"c_m_pf": 250.0, "tau_syn_ex_ms": 2.0, "tau_syn_in_ms": 4.0}


def by_scenario(folder):
    rows = [f"{time},{source}" for source, train in enumerate(TRAINS) for time in train]
    (folder / "trains.csv").write_text("\n".join(["time_ms,neuron", *rows]) + "\n")
    (folder / "scenario.toml").write_text(SCENARIO)
    return tauspike.run(folder / "scenario.toml").digest


def by_python():
    network = tauspike.Network(seed=1)
    kicks = network.population("kicks", KICKS, model="spike_trains", trains_ms=TRAINS)
    cells = network.population("cells", SIZE, model="lif_exp", tau_m_ms=TAU_M, **MEMBRANE, **CURRENTS)
    network.project(kicks, cells, rule="all_to_all", weight_pa=500.0, delay_ms=1.5)
    network.project(cells, cells, rule="all_to_all", autapses=False, weight_pa=-20.0, delay_ms=0.5)
    simulation = network.simulation()
    simulation.run_until(UNTIL)
    return simulation.digest


def by_pynn():
    sim.setup(timestep=0.1)
    kicks = sim.Population(KICKS, sim.SpikeSourceArray(spike_times=TRAINS))
    parameters = {"cm": 0.25, "v_rest": -65.0, "v_thresh": -50.0, "v_reset": -65.0, "tau_refrac": 2.0, "tau_syn_E": 2.0, "tau_syn_I": 4.0}
    cells = sim.Population(SIZE, sim.IF_curr_exp(tau_m=TAU_M.tolist(), **parameters), initial_values={"v": -60.0})
    sim.Projection(kicks, cells, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.5, delay=1.5))
    recurrent = sim.AllToAllConnector(allow_self_connections=False)
    sim.Projection(cells, cells, recurrent, sim.StaticSynapse(weight=-0.02, delay=0.5), receptor_type="inhibitory")
    sim.run(UNTIL)
    simulation = sim.simulator.state.simulation
    assert simulation.counters["spikes"] > 300
    return simulation.digest


def test_one_network_in_all_descriptions_has_one_digest(tmp_path):
    assert by_scenario(tmp_path) == by_python() == by_pynn() == DIGEST
