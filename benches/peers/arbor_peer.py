"""Arbor: `lif_cell`, which is event-driven and exact, with delta synapses; it has no constant current. All spikes are recorded."""
import time

import arbor
import numpy as np
from arbor import units

import scenario
from peer_process import arguments, peak_bytes, report, resident_bytes

CELLS_PER_GROUP = 1000


class Network(arbor.recipe):
    """The scenario as Arbor asks for it, neuron by neuron."""

    def __init__(self, tables):
        super().__init__()
        self.tables, rng = tables, np.random.default_rng(tables["seed"])
        self.tau, self.v_init = (
            np.concatenate([np.full(p["size"], scenario.values(p[key], p["size"], rng)) for p in tables["population"]])
            for key in ("tau_m_ms", "v_init_mv"))
        self.of = [p for p in tables["population"] for _ in range(p["size"])]
        self.onto = {name: [(p, scenario.sources(tables, p, rng)) for p in tables["projection"] if p["to"] == name]
                     for name in tables["populations"]}
        self.inputs = {t["target"]: t for t in tables["input"]}

    def num_cells(self):
        return self.tables["neurons"]

    def cell_kind(self, gid):
        return arbor.cell_kind.lif

    def cell_description(self, gid):
        p = self.of[gid]
        return arbor.lif_cell("source", "target", tau_m=self.tau[gid] * units.ms, V_th=p["v_th_mv"] * units.mV, C_m=1.0 * units.pF,
                              E_L=p["e_l_mv"] * units.mV, E_R=p["v_reset_mv"] * units.mV, V_m=self.v_init[gid] * units.mV,
                              t_ref=p["t_ref_ms"] * units.ms)

    def connections_on(self, gid):
        p = self.of[gid]
        return [arbor.connection((source, "source"), "target", projection["weight_mv"], projection["delay_ms"] * units.ms)
                for projection, sources in self.onto[p["name"]] for source in sources[gid - p["first"]].tolist()]

    def event_generators(self, gid):
        table = self.inputs[self.of[gid]["name"]]
        seed = self.tables["seed"] * self.num_cells() + gid
        schedule = arbor.poisson_schedule(tstart=0 * units.ms, freq=table["rate_hz"] * units.Hz, seed=seed)
        return [arbor.event_generator("target", table["weight_mv"], schedule)]


def main():
    args, tables = arguments(__doc__)
    before, start = resident_bytes(), time.perf_counter()
    recipe, context, hint = Network(tables), arbor.context(threads=args.threads), arbor.partition_hint()
    hint.cpu_group_size = CELLS_PER_GROUP
    parts = arbor.partition_load_balance(recipe, context, {arbor.cell_kind.lif: hint})
    simulation = arbor.simulation(recipe, context, parts)
    build_s = time.perf_counter() - start
    simulation.record(arbor.spike_recording.all)
    simulation.run(args.warmup_ms * units.ms, 0.1 * units.ms)
    start, cpu = time.perf_counter(), time.process_time()
    simulation.run((args.warmup_ms + args.window_ms) * units.ms, 0.1 * units.ms)
    run_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    spikes = int((simulation.spikes()["time"] >= args.warmup_ms).sum())
    report(build_s=build_s, run_s=run_s, cpu_s=cpu_s, spikes=spikes, synapses=scenario.synapses(tables), resident_before=before,
           peak_bytes=peak_bytes())


main()
