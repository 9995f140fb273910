"""tauspike alone: time per arrival as the network grows, in four directions from `scenarios/brunel`. Needs pyarrow and matplotlib.

    .venv-peers/bin/python benches/peers/growth.py [--rounds 3] [--largest 1000000]

- neurons N at fixed in-degree (1000) and rate; - in-degree K at fixed N, weights scaled by 1/K so that mean input and rate stay;
- rate at fixed N and K, by the rate of the external input; - threads, at N = 10^5.

Arrivals are synaptic and external ones, counted by the program. Each point is resumed from a snapshot after a warm-up and timed over a
window of about as many arrivals for each point; the points of a round follow each other, so drift of the machine shows as spread.
Writes growth.parquet, growth.svg and growth.png.
"""
import argparse
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

import matplotlib
import pyarrow as pa
import pyarrow.parquet as pq

from measure import ROOT, Job, child
from networks import Row

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.ticker import NullLocator

HERE = Path(__file__).resolve().parent
ARRIVALS = 1e8  # in a window, about
WARMUP_MS = 30.0
PANELS = {"neurons": "neurons N (K = 1000)", "in_degree": "in-degree K (N = 10^4)", "rate": "mean rate (Hz; N = 10^4, K = 1000)",
          "threads": "threads (N = 10^5, K = 1000)"}


def point(panel, value, neurons=10_000, in_degree=1000, drive=1.0, threads=1):
    """One network: the scenario's changes and the window that gives about ARRIVALS at 43 Hz."""
    changes = [f"population.E.size={neurons * 4 // 5}", f"population.I.size={neurons // 5}"]
    for place, (share, weight) in enumerate(((0.8, 0.1), (0.8, 0.1), (0.2, -0.5), (0.2, -0.5))):
        changes += [f"projection.{place}.indegree={int(in_degree * share)}", f"projection.{place}.weight_mv={weight * 1000 / in_degree}"]
    changes += [f"input.{place}.rate_hz={20000.0 * drive}" for place in (0, 1)]
    per_ms = neurons * (0.043 * in_degree + 20.0 * drive)
    return {"panel": panel, "value": value, "changes": tuple(changes), "window_ms": max(2.0, round(ARRIVALS / per_ms, 1)), "threads": threads}


def points(largest):
    sizes = [n for n in (10_000, 30_000, 100_000, 300_000, 1_000_000) if n <= largest]
    return ([point("neurons", n, neurons=n) for n in sizes]
            + [point("in_degree", k, in_degree=k) for k in (100, 300, 1000, 3000, 8000)]
            + [point("rate", drive, drive=drive) for drive in (0.6, 0.8, 1.0, 2.0, 4.0)]
            + [point("threads", t, neurons=100_000, threads=t) for t in range(1, os.cpu_count() + 1)])


def measured(point, folder, snapshot):
    """A sample of one point; the snapshot is made if it is not there."""
    row = Row(point["panel"], "brunel", 0.0, WARMUP_MS, point["window_ms"], (), changes=point["changes"])
    job = Job(row, ROOT / "scenarios/brunel/scenario.toml", WARMUP_MS, point["window_ms"], point["threads"], folder)
    if not snapshot.exists():
        child([*job.tauspike(WARMUP_MS), "--save-snapshot", snapshot])
    report, cpu_s, wall_s, peak, others = child([*job.tauspike(WARMUP_MS + point["window_ms"]), "--resume", snapshot])
    counters, neurons = report["counters"], sum(p["size"] for p in report["populations"])
    arrivals = counters["synaptic_arrivals"] + counters["external_arrivals"]
    return {"panel": point["panel"], "value": float(point["value"]), "threads": point["threads"], "window_ms": point["window_ms"],
            "synaptic_arrivals": counters["synaptic_arrivals"], "arrivals": arrivals, "run_s": report["run_s"], "build_s": report["build_s"],
            "rate_hz": counters["spikes"] / neurons / point["window_ms"] * 1e3, "ns_per_arrival": report["run_s"] / arrivals * 1e9,
            "peak_gib": peak / 2**30, "cpu_share": cpu_s / wall_s / point["threads"], "others": others / wall_s}


def picture(samples, path):
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "growth", "font.size": 9})
    figure, panels = plt.subplots(1, len(PANELS), figsize=(11.0, 2.9), layout="constrained", sharey=True)
    for axes, (panel, label) in zip(panels, PANELS.items()):
        here = [s for s in samples if s["panel"] == panel]
        values = sorted({s["value"] for s in here})
        groups = [[s for s in here if s["value"] == v] for v in values]
        x = [g[0]["rate_hz"] for g in groups] if panel == "rate" else values
        times = [[s["ns_per_arrival"] for s in g] for g in groups]
        middle = [statistics.median(t) for t in times]
        spread = [[m - min(t) for m, t in zip(middle, times)], [max(t) - m for m, t in zip(middle, times)]]
        axes.errorbar(x, middle, yerr=spread, fmt="o-", capsize=3, ms=4, color="#0072b2")
        if panel == "threads":
            axes.plot(x, [middle[0] / v for v in values], "k:", lw=1, label="ideal")
            axes.set_xticks(values)
            axes.legend(frameon=False)
        else:
            axes.set_xscale("log")
            axes.set_xticks(x, [f"{v:.0f}" if v < 1e4 else f"{v:.0e}".replace("e+0", "e") for v in x])
            axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xlabel(label)
        axes.grid(alpha=0.3)
        axes.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("ns per arrival, wall time")
    panels[0].set_ylim(0.0, 1.1 * max(s["ns_per_arrival"] for s in samples))
    figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
    figure.savefig(path.with_suffix(".png"), dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--largest", type=int, default=1_000_000, help="most neurons; 10^6 have 10^9 synapses")
    parser.add_argument("--out", type=Path, default=HERE)
    args = parser.parse_args()
    subprocess.run(["cargo", "build", "--release", "--quiet", "-p", "tauspike-cli"], cwd=ROOT, check=True)
    samples = []
    with tempfile.TemporaryDirectory(prefix="tauspike-growth-") as folder:
        for turn in range(args.rounds):
            for place, each in enumerate(points(args.largest)):
                found = measured(each, Path(folder), Path(folder) / f"warm-{place}") | {"round": turn}
                samples.append(found)
                print(f"{turn} {found['panel']:10} {found['value']:9g}  {found['rate_hz']:6.1f} Hz  {found['ns_per_arrival']:7.3f} ns per "
                      f"arrival  {found['peak_gib']:.2f} GiB  CPU share {found['cpu_share']:.2f}", flush=True)
    args.out.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(samples), args.out / "growth.parquet")
    picture(samples, args.out / "growth")


if __name__ == "__main__":
    main()
