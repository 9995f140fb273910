"""Brian2, C++ standalone with OpenMP, time step 0.1 ms. Called with --build it writes and compiles a program in --folder; without, it
runs that program once. So the compiler's time, and the memory of Python, are kept out of the measured process.

The formulation is Brian2's fast one: one group, weights as constants of the code, time constants too if all neurons share them,
synapses in the order of their sources. Arrivals in refractoriness are kept, not dropped as by the others: dropping them would cost an
operation per arrival, and moves the rate by less than the tolerance.
"""
import subprocess
import time
from pathlib import Path

import numpy as np

import scenario
from peer_process import arguments, peak_bytes, report, wait


def group(b2, tables):
    rng = np.random.default_rng(tables["seed"])
    same = {key: scenario.the_same(tables, key) for key in ("v_th_mv", "v_reset_mv", "e_l_mv", "t_ref_ms", "tau_m_ms", "v_init_mv")}
    current = {p.get("i_e_pa", 0.0) for p in tables["population"]}
    tau = scenario.values(same["tau_m_ms"], tables["neurons"], rng)
    own_tau = isinstance(tau, np.ndarray)
    if len(current) > 1 or (own_tau and current != {0.0}):
        raise ValueError("currents must be equal, and 0 if time constants differ")
    drive = same["e_l_mv"]
    if current != {0.0}:
        drive += tau * current.pop() / scenario.the_same(tables, "c_m_pf")
    constants = {"drive": drive, "theta": same["v_th_mv"], "v_reset": same["v_reset_mv"]}
    if not own_tau:
        constants["tau"] = tau * b2.ms
    made = b2.NeuronGroup(
        tables["neurons"],
        "dv/dt = (drive - v) / tau : 1 (unless refractory)" + ("\ntau : second (constant)" if own_tau else ""),
        threshold="v >= theta", reset="v = v_reset", refractory=same["t_ref_ms"] * b2.ms, method="exact", namespace=constants)
    if own_tau:
        made.tau = tau * b2.ms
    made.v = scenario.values(same["v_init_mv"], tables["neurons"], rng)
    return made


def connect(b2, tables, neurons):
    """One Synapses object for all projections that share source population, weight and delay."""
    rng, bundles = np.random.default_rng(tables["seed"]), {}
    for p in tables["projection"]:
        bundles.setdefault((p["from"], p["weight_mv"], p["delay_ms"]), []).append(p)
    made = []
    for (name, weight, delay), projections in bundles.items():
        pairs = []
        for p in projections:
            target = tables["populations"][p["to"]]
            pre = scenario.sources(tables, p, rng).astype(np.int64) << 32
            pairs.append((pre | np.arange(target["first"], target["first"] + target["size"])[:, None]).ravel())
            del pre
        pairs = np.concatenate(pairs)
        pairs.sort()
        synapses = b2.Synapses(neurons, neurons, on_pre=f"v_post += {weight!r}", delay=delay * b2.ms)
        synapses.connect(i=(pairs >> 32).astype(np.int32), j=(pairs & 0xFFFFFFFF).astype(np.int32))
        made.append(synapses)
    return made


def inputs(b2, tables, neurons):
    if not tables["input"]:
        return []
    (rate, weight), *others = {(t["rate_hz"], t["weight_mv"]) for t in tables["input"]}
    if others or len(tables["input"]) != len(tables["population"]):
        raise ValueError("Poisson inputs must be the same for all populations")
    return [b2.PoissonInput(neurons, "v", 1000, rate / 1000 * b2.Hz, weight)]


def build(args, tables):
    import brian2 as b2

    start = time.perf_counter()
    b2.set_device("cpp_standalone", build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = args.threads if args.threads > 1 else 0
    b2.defaultclock.dt = 0.1 * b2.ms
    neurons = group(b2, tables)
    network = b2.Network(neurons, connect(b2, tables, neurons), inputs(b2, tables, neurons))
    count = b2.SpikeMonitor(neurons, record=False)
    network.add(count)
    count.active = False
    network.run(args.warmup_ms * b2.ms)
    count.active = True
    network.run(args.window_ms * b2.ms)
    b2.device.build(directory=args.folder, compile=True, run=False)
    report(build_s=time.perf_counter() - start, peak_bytes=peak_bytes())


def run(args, tables):
    """`last_run_info.txt` holds the time of the second of the two runs: the window."""
    folder = Path(args.folder)
    start = time.perf_counter()
    child = subprocess.Popen([folder / "main"], cwd=folder, stdout=subprocess.DEVNULL)
    code, cpu_s, peak = wait(child)
    process_s = time.perf_counter() - start
    if code:
        raise SystemExit(f"{folder}/main ended with exit code {code}")
    window_s = float((folder / "results/last_run_info.txt").read_text().split()[0])
    (counted,) = (folder / "results").glob("_array_spikemonitor*_count*")
    spikes = int(np.fromfile(counted, np.int32).sum())
    # there is no time to build to compare: Python has drawn the synapses, the compiler has been at work, this program reads files
    # the CPU time is that of the whole process: scaled to the window, it shows the share of the cores it had
    report(build_s=None, run_s=window_s, cpu_s=cpu_s * window_s / process_s, spikes=spikes,
           synapses=scenario.synapses(tables), resident_before=0, peak_bytes=peak)


def main():
    args, tables = arguments(__doc__, "--folder", "--build")
    build(args, tables) if args.build else run(args, tables)


main()
