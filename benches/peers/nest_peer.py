"""NEST: `iaf_psc_delta` or `iaf_psc_exp` on a grid of 0.1 ms, or with --precise yes their `_ps` variants, which are exact.

It records the spikes of 1000 neurons; spikes are counted for all. Poisson input takes 1.5 ms, which changes nothing but the start.
"""
import time

import nest
import numpy as np

import scenario
from peer_process import arguments, peak_bytes, report, resident_bytes

RECORDED = 1000
NAMES = {"C_m": "c_m_pf", "E_L": "e_l_mv", "V_th": "v_th_mv", "V_reset": "v_reset_mv", "t_ref": "t_ref_ms", "tau_m": "tau_m_ms",
         "V_m": "v_init_mv", "I_e": "i_e_pa", "tau_syn_ex": "tau_syn_ex_ms", "tau_syn_in": "tau_syn_in_ms"}


def value(parameter):
    """A number or a distribution as NEST draws it, one value for each synapse."""
    if not isinstance(parameter, dict):
        return parameter
    if parameter["distribution"] != "normal":
        raise ValueError(f"synapses with distribution {parameter['distribution']!r}")
    sd = parameter.get("sd", abs(parameter["mean"]) * parameter.get("cv", 0.0))
    bounds = {"min": parameter.get("min", -np.inf), "max": parameter.get("max", np.inf)}
    return nest.math.redraw(nest.random.normal(parameter["mean"], sd), **bounds)


def weight(table):
    return table["weight_mv"] if "weight_mv" in table else table["weight_pa"]


def populations(tables, suffix):
    rng = np.random.default_rng(tables["seed"])
    made = {}
    for p in tables["population"]:
        given = {theirs: scenario.values(p[ours], p["size"], rng) for theirs, ours in NAMES.items() if ours in p}
        made[p["name"]] = nest.Create({"lif_delta": "iaf_psc_delta", "lif_exp": "iaf_psc_exp"}[p["model"]] + suffix, p["size"], given)
    return made


def connect(tables, made):
    # NEST allows 2^27 - 2 connections per thread and synapse model: one model per source population
    for name in made:
        nest.CopyModel("static_synapse", f"from_{name}")
    for p in tables["projection"]:
        rule = {"fixed_total": {"rule": "fixed_total_number", "N": p.get("total")},
                "fixed_indegree": {"rule": "fixed_indegree", "indegree": p.get("indegree")}}[p["rule"]]
        how = {"synapse_model": f"from_{p['from']}", "weight": value(weight(p)), "delay": value(p["delay_ms"])}
        nest.Connect(made[p["from"]], made[p["to"]], rule, how)


def add_inputs(tables, made, suffix):
    for table in tables["input"]:
        noise = nest.Create("poisson_generator" + suffix, params={"rate": table["rate_hz"]})
        nest.Connect(noise, made[table["target"]], syn_spec={"weight": weight(table), "delay": 1.5})


def main():
    args, tables = arguments(__doc__, "--precise")
    suffix = "_ps" if args.precise == "yes" else ""
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.set(resolution=0.1, local_num_threads=args.threads, rng_seed=tables["seed"])
    before, start = resident_bytes(), time.perf_counter()
    made = populations(tables, suffix)
    connect(tables, made)
    add_inputs(tables, made, suffix)
    recorder = nest.Create("spike_recorder", params={"start": args.warmup_ms})
    for population in made.values():
        nest.Connect(population[:: max(1, tables["neurons"] // RECORDED)], recorder)
    nest.Prepare()
    build_s = time.perf_counter() - start
    nest.Run(args.warmup_ms)
    start, cpu = time.perf_counter(), time.process_time()
    nest.Run(args.window_ms)
    run_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    spikes = nest.local_spike_counter  # of the last Run alone
    nest.Cleanup()
    report(build_s=build_s, run_s=run_s, cpu_s=cpu_s, spikes=int(spikes), synapses=scenario.synapses(tables),
           resident_before=before, peak_bytes=peak_bytes())


main()
