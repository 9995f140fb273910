"""One LIF cell of the study (gamma tau_m, CV 2), by tauspike and by NEST's precise model, in turn.

    .venv-peers/bin/python benches/study_nest.py target/release/tauspike [rounds]

tauspike's time is that of the whole command `study --export-states`: all stimuli, probes at every step, and writing states and targets.
NEST's is that of `Run` alone: the same number of stimuli, neurons, synapses, current steps, noise trains and samples of V, with the
parameters of scenarios/skewed_heterogeneity/full.toml and random numbers of its own. The rates are printed to show that both do the
same work. NEST 3.10, `iaf_psc_exp_ps`, resolution 0.1 ms, one thread.
"""
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nest
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
STUDY = ROOT / "scenarios/skewed_heterogeneity/full.toml"
N, DEGREE, STEP, R, TAU_SYN = 50, 10, 1.0, 0.04, 5.0
SAMPLES = sum(int(re.search(rf"^{key} = (\d+)", STUDY.read_text(), re.M)[1]) for key in ("washout", "train", "gap", "test"))
SOURCES = [(tau, 1) for tau in (2.0, 6.0, 20.0, 60.0, 200.0)]
EVERY, BIAS = 5, 15.0


def ornstein_uhlenbeck(rng, tau):
    decay, u = np.exp(-STEP / tau), np.empty(SAMPLES)
    u[0] = rng.normal()
    for k in range(1, SAMPLES):
        u[k] = decay * u[k - 1] + np.sqrt(1 - decay**2) * rng.normal()
    return u


def nest_source(rng, tau_stimulus, dimensions):
    """Seconds of `Run`, and the mean rate in Hz."""
    nest.ResetKernel()
    nest.set(resolution=0.1, local_num_threads=1, rng_seed=int(rng.integers(1, 2**31)))
    tau = np.maximum(rng.gamma(0.25, 80.0, N), 1e-9)
    tau = np.maximum(tau * 20.0 / tau.mean(), 0.1)
    cells = nest.Create("iaf_psc_exp_ps", N, params={
        "tau_m": tau, "C_m": tau / R, "E_L": -70.0, "V_th": -50.0, "V_reset": -60.0, "t_ref": 2.0, "V_m": -70.0,
        "tau_syn_ex": TAU_SYN, "tau_syn_in": TAU_SYN, "I_e": (BIAS + 10.0 * rng.uniform(-1, 1, N)) / R})
    for target in range(N):
        sources = rng.choice(np.delete(np.arange(N), target), DEGREE, replace=False)
        weights = rng.normal(size=DEGREE) * 10.0 / np.sqrt(DEGREE) / R
        for source, weight in zip(sources, weights):
            nest.Connect(cells[int(source)], cells[target], syn_spec={"weight": weight, "delay": 1.5})
    drive = sum(np.outer(ornstein_uhlenbeck(rng, tau_stimulus), rng.uniform(-1, 1, N)) for _ in range(dimensions))
    drive *= 15.0 / np.sqrt(dimensions) / R
    times = STEP * np.arange(SAMPLES) + 0.1
    for n in range(N):
        steps = nest.Create("step_current_generator", params={"amplitude_times": np.round(times, 1), "amplitude_values": drive[:, n]})
        nest.Connect(steps, cells[n])
    weight = 0.02 * 15.0 / R / np.sqrt(0.5 * TAU_SYN)
    for sign in (1, -1):
        noise = nest.Create("poisson_generator_ps", params={"rate": 500.0})
        nest.Connect(noise, cells, syn_spec={"weight": sign * weight, "delay": 0.1})
    meter = nest.Create("multimeter", params={"interval": EVERY * STEP, "record_from": ["V_m"]})
    nest.Connect(meter, cells)
    nest.Prepare()
    begin = time.perf_counter()
    nest.Run(SAMPLES * STEP)
    seconds, spikes = time.perf_counter() - begin, nest.local_spike_counter
    nest.Cleanup()
    return seconds, spikes / N / (SAMPLES * STEP * 1e-3)


def tauspike_cell(program):
    identity = "mean/LIF/gamma/cv2/tau_ms=20.0/seed1"
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        subprocess.run([program, "study", STUDY, "--export-states", f"{folder}/states", "--network", identity], check=True,
                       stdout=subprocess.DEVNULL)
        return time.perf_counter() - begin


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1
    nest.verbosity = nest.VerbosityLevel.ERROR
    for turn in range(rounds):
        ours = tauspike_cell(program)
        theirs = [nest_source(np.random.default_rng([turn, k]), *source) for k, source in enumerate(SOURCES)]
        seconds, rate = sum(s for s, _ in theirs), np.mean([r for _, r in theirs])
        print(f"round {turn}: tauspike {ours:.2f} s, NEST {seconds:.2f} s ({rate:.1f} Hz), ratio {seconds / ours:.1f}", flush=True)


main()
