"""Writes scenario.toml of the cortical microcircuit of Potjans and Diesmann (2014), Cereb. Cortex 24:785, at 10 % of its neurons.

    python3 scenarios/microcircuit/generate.py > scenarios/microcircuit/scenario.toml

A number as argument is another share of the neurons: 1.0 writes all 77169 of them.

The tables below are those of the reference implementation (github.com/INM-6/microcircuit-PD14-model,
PyNEST/src/microcircuit/parameter_definitions.py), compared number by number. In-degrees are the full ones, so weights and drive
need no compensation. What differs from the reference:

- 10 % of the neurons, hence stronger correlations (van Albada, Helias and Diesmann 2015, PLoS Comput. Biol. 11:e1004490);
- Poisson background arrives without its delay of 1.5 ms, which shifts a stationary process by 1.5 ms;
- delays are normal, truncated at half a step and rounded to 0.1 ms, as clock-driven simulators round them.
"""
import sys
from math import log

POPULATIONS = ["L23E", "L23I", "L4E", "L4I", "L5E", "L5I", "L6E", "L6I"]
FULL_SIZE = [20683, 5834, 21915, 5479, 4850, 1065, 14395, 2948]
PROBABILITY = [  # row: target, column: source
    [0.1009, 0.1689, 0.0437, 0.0818, 0.0323, 0.0000, 0.0076, 0.0000],
    [0.1346, 0.1371, 0.0316, 0.0515, 0.0755, 0.0000, 0.0042, 0.0000],
    [0.0077, 0.0059, 0.0497, 0.1350, 0.0067, 0.0003, 0.0453, 0.0000],
    [0.0691, 0.0029, 0.0794, 0.1597, 0.0033, 0.0000, 0.1057, 0.0000],
    [0.1004, 0.0622, 0.0505, 0.0057, 0.0831, 0.3726, 0.0204, 0.0000],
    [0.0548, 0.0269, 0.0257, 0.0022, 0.0600, 0.3158, 0.0086, 0.0000],
    [0.0156, 0.0066, 0.0211, 0.0166, 0.0572, 0.0197, 0.0396, 0.2252],
    [0.0364, 0.0010, 0.0034, 0.0005, 0.0277, 0.0080, 0.0658, 0.1443],
]
EXTERNAL_IN_DEGREE = [1600, 1500, 2100, 1900, 2000, 1900, 2900, 2100]
V_INIT_MEAN = [-68.28, -63.16, -63.33, -63.45, -63.11, -61.66, -66.72, -61.43]
V_INIT_SD = [5.36, 4.57, 4.74, 4.94, 4.94, 4.55, 5.46, 4.48]
BACKGROUND_HZ = 8.0
PSP_MV, G, WEIGHT_CV = 0.15, -4.0, 0.1
C_M, TAU_M, TAU_SYN = 250.0, 10.0, 0.5
DELAY_MS = {"E": 1.5, "I": 0.75}  # mean; the standard deviation is half of it
SCALE = float(sys.argv[1]) if len(sys.argv) > 1 else 0.1


def peak_current():
    """PSC in pA whose PSP has its peak at 1 mV: V(t) = I tau_m tau_s / (C (tau_m - tau_s)) (exp(-t/tau_m) - exp(-t/tau_s))."""
    ratio = TAU_M / TAU_SYN
    difference = TAU_M - TAU_SYN
    factor = TAU_M * TAU_SYN / (C_M * difference)
    return 1.0 / (factor * (ratio ** (-TAU_SYN / difference) - ratio ** (-TAU_M / difference)))


def synapses(target, source):
    """Number of synapses in the full network, multapses allowed, that joins a pair with the given probability."""
    pairs = FULL_SIZE[target] * FULL_SIZE[source]
    return log(1.0 - PROBABILITY[target][source]) / log((pairs - 1.0) / pairs)


def main():
    excitatory = PSP_MV * peak_current()
    print(f'''# Written by generate.py, which also says where the numbers come from.

name = "microcircuit"
description = "Cortical microcircuit of Potjans and Diesmann (2014): {SCALE * 100:.3g} % of the neurons, full in-degree, about {SCALE * 300:.3g} million synapses"
seed = 1
duration_ms = 1100.0
warmup_ms = 100.0
''')
    for k, name in enumerate(POPULATIONS):
        print(f'''[[population]]
name = "{name}"
size = {round(FULL_SIZE[k] * SCALE)}
model = "lif_exp"
tau_m_ms = {TAU_M}
c_m_pf = {C_M}
e_l_mv = -65.0
v_th_mv = -50.0
v_reset_mv = -65.0
t_ref_ms = 2.0
tau_syn_ex_ms = {TAU_SYN}
tau_syn_in_ms = {TAU_SYN}
v_init_mv = {{ distribution = "normal", mean = {V_INIT_MEAN[k]}, sd = {V_INIT_SD[k]} }}
''')
    for target, to in enumerate(POPULATIONS):
        for source, name in enumerate(POPULATIONS):
            total = round(synapses(target, source) * SCALE) if PROBABILITY[target][source] else 0
            if total == 0:
                continue
            weight = excitatory if name.endswith("E") else G * excitatory
            if (name, to) == ("L4E", "L23E"):
                weight *= 2.0
            bound = "min" if weight > 0.0 else "max"
            delay = DELAY_MS[name[-1]]
            print(f'''[[projection]]
from = "{name}"
to = "{to}"
rule = "fixed_total"
total = {total}
weight_pa = {{ distribution = "normal", mean = {weight!r}, cv = {WEIGHT_CV}, {bound} = 0.0 }}
delay_ms = {{ distribution = "normal", mean = {delay}, sd = {delay / 2}, min = 0.05, round_to_ms = 0.1 }}
''')
    inputs = [f'''[[input]]
kind = "poisson"
target = "{name}"
rate_hz = {BACKGROUND_HZ * EXTERNAL_IN_DEGREE[k]}
weight_pa = {excitatory!r}
''' for k, name in enumerate(POPULATIONS)]
    print("\n".join(inputs), end="")


if __name__ == "__main__":
    main()
