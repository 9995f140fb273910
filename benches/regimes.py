"""Time for an arrival in networks that differ in everything that speed depends on: synapses, time constants, drive, delays.

    python3 benches/regimes.py target/release/tauspike [ANOTHER ..]

The programs take turns, three times, on one thread; the least time of each counts, without building. Networks: 3200 excitatory and 800 inhibitory neurons, 400
synapses onto each, 100 ms; `sub`, `supra`: the mean of the Poisson input is at 0.9 of threshold, or at twice; `current`: I_e drives to 1.3 of it.
"""
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

SYNAPSES = {"delta": 0.1, "exp": 20.0, "alpha": 10.0}  # weight, mV or pA
TAU_M = {
    "one": "20.0",
    "own": '{ distribution = "lognormal", mean = 20.0, cv = 0.5, min = 1.0 }',
    "wide": '{ distribution = "gamma", mean = 20.0, cv = 1.5, min = 0.2 }',
}
DELAYS = {
    "one": "1.5",
    "steps": '{ distribution = "normal", mean = 1.5, sd = 0.75, min = 0.1, round_to_ms = 0.1 }',
    "drawn": '{ distribution = "uniform", low = 0.5, high = 5.0 }',
    "long": '{ distribution = "uniform", low = 0.1, high = 20.0 }',
}
DRIVES = ["sub", "supra", "current"]
TAU_SYN, C_M, THETA = 2.0, 250.0, 20.0


def scenario(synapse, tau_m, drive, delays):
    weight, unit = SYNAPSES[synapse], "mv" if synapse == "delta" else "pa"
    # mV ms that an arrival adds to the integral of V / tau_m
    lift = {"delta": weight, "exp": weight * TAU_SYN / C_M, "alpha": weight * 2.71828 * TAU_SYN / C_M}[synapse]
    rate_hz = {"sub": 0.9, "supra": 2.0, "current": 0.0}[drive] * THETA / 20.0 / lift * 1000.0
    current = C_M * THETA / 20.0 * 1.3 if drive == "current" else 0.0
    tau_syn = "" if synapse == "delta" else f"tau_syn_ex_ms = {TAU_SYN}\ntau_syn_in_ms = {TAU_SYN}\n"
    text = 'name = "regime"\nseed = 1\nduration_ms = 100.0\n'
    for name, size in (("E", 3200), ("I", 800)):
        text += f"""
[[population]]
name = "{name}"
size = {size}
model = "lif_{synapse}"
tau_m_ms = {TAU_M[tau_m]}
c_m_pf = {C_M}
e_l_mv = 0.0
v_th_mv = {THETA}
v_reset_mv = 10.0
t_ref_ms = 2.0
i_e_pa = {current}
{tau_syn}v_init_mv = {{ distribution = "uniform", low = 0.0, high = {THETA} }}
"""
        if rate_hz:
            text += f'\n[[input]]\nkind = "poisson"\ntarget = "{name}"\nrate_hz = {rate_hz}\nweight_{unit} = {weight}\n'
        for source, in_degree, w in (("E", 320, weight), ("I", 80, -5.0 * weight)):
            text += f"""
[[projection]]
from = "{source}"
to = "{name}"
rule = "fixed_indegree"
indegree = {in_degree}
weight_{unit} = {w}
delay_ms = {DELAYS[delays]}
"""
    return text


def run(program, file, out):
    """Seconds of running, and arrivals."""
    command = [program, "run", file, "--out", out, "--force", "--threads", "1"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    number, unit = re.search(r"([\d.]+) (\S+) to run", told).groups()
    counters = json.loads((out / "manifest.json").read_text())["counters"]
    scale = {"s": 1.0, "ms": 1e-3, "µs": 1e-6}[unit]
    return float(number) * scale, counters["synaptic_arrivals"] + counters["external_arrivals"]


def main():
    programs = sys.argv[1:]
    print("synapses  tau_m  drive    delays  ns for an arrival, by program")
    with tempfile.TemporaryDirectory() as folder:
        file, out = Path(folder) / "scenario.toml", Path(folder) / "out"
        for kind in itertools.product(SYNAPSES, TAU_M, DRIVES, DELAYS):
            file.write_text(scenario(*kind))
            least = dict.fromkeys(programs, float("inf"))
            for _, program in itertools.product(range(3), programs):
                seconds, arrivals = run(program, file, out)
                least[program] = min(least[program], 1e9 * seconds / arrivals)
            times = "  ".join(f"{least[program]:7.1f}" for program in programs)
            print("{:9} {:6} {:8} {:7} {}".format(*kind, times), flush=True)


if __name__ == "__main__":
    main()
