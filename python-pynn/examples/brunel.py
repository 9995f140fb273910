"""Brunel's network of excitatory and inhibitory neurons (J. Comput. Neurosci. 8, 183, 2000), scaled down to 2000 neurons at g = 5, eta = 2.

    python brunel.py tauspike_pynn
    python brunel.py pyNN.nest
"""

import importlib
import sys
import time

import numpy as np
from pyNN.random import NumpyRNG

sim = importlib.import_module(sys.argv[1])

DURATION, SETTLED = 1000.0, 200.0  # ms; not every simulator begins where it is told
N_E, N_I, EPSILON = 1600, 400, 0.1
J, G, ETA = 0.5, 5.0, 2.0  # mV; inhibition over excitation; external rate over that at threshold
TAU_M, THETA, DELAY = 20.0, 20.0, 1.5  # ms, mV, ms
RATE = ETA * THETA / (J * TAU_M) * 1000.0  # Hz, of all external synapses of a neuron

begun = time.process_time()
sim.setup(timestep=0.1, min_delay=DELAY, max_delay=DELAY, rng_seed=7)
cell = sim.IF_curr_delta(tau_m=TAU_M, cm=0.25, v_rest=0.0, v_reset=10.0, v_thresh=THETA, tau_refrac=2.0)
cells = sim.Population(N_E + N_I, cell, initial_values={"v": 0.0}, label="cells")
excitatory, inhibitory = cells[:N_E], cells[N_E:]
noise = sim.Population(N_E + N_I, sim.SpikeSourcePoisson(rate=RATE), label="noise")

rng = NumpyRNG(seed=42)
for source, weight, receptor in [(excitatory, J, "excitatory"), (inhibitory, -G * J, "inhibitory")]:
    connector = sim.FixedNumberPreConnector(int(EPSILON * source.size), rng=rng)
    sim.Projection(source, cells, connector, sim.StaticSynapse(weight=weight, delay=DELAY), receptor_type=receptor)
sim.Projection(noise, cells, sim.OneToOneConnector(), sim.StaticSynapse(weight=J, delay=DELAY), receptor_type="excitatory")
cells.record("spikes")
described = time.process_time()
sim.run(DURATION)
ran = time.process_time()

trains = [np.asarray(train) for train in cells.get_data("spikes").segments[0].spiketrains]
trains = [train[train >= SETTLED] for train in trains]
intervals = [np.diff(train) for train in trains if len(train) > 5]
rate = sum(map(len, trains)) / len(trains) / (DURATION - SETTLED) * 1000.0
cv = np.mean([np.std(interval) / np.mean(interval) for interval in intervals])
print(f"{sys.argv[1]}: {rate:.1f} Hz, CV of intervals {cv:.2f}")
print(f"seconds of processor time: described in {described - begun:.1f}, run in {ran - described:.1f}")
sim.end()
