"""From samples to results.parquet, table.md and the picture. `python3 benches/peers/report.py FOLDER` does the last two again.

The headline is the ratio peer / tauspike of window times, taken within a round against the mean of the two runs of tauspike beside the
peer's, so that a machine that slows down for a minute slows down both. Absolute times stand beside it.
"""
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

import matplotlib
import pyarrow as pa
import pyarrow.parquet as pq

matplotlib.use("Agg")
import matplotlib.pyplot as plt

NAMES = {"nest_grid": "NEST, grid 0.1 ms", "nest_precise": "NEST, precise", "brian2": "Brian2 C++", "arbor": "Arbor"}
COLOURS = {"nest_grid": "#0072b2", "nest_precise": "#d55e00", "brian2": "#009e73", "arbor": "#cc79a7"}


def machine():
    cpu = next((x.split(":")[1].strip() for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{cpu}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}"


def commit():
    text = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=Path(__file__).parent, capture_output=True, text=True)
    return text.stdout.strip() or "unknown"


def write(samples, versions, quick, folder):
    """Writes all files; whether all rates agree."""
    about = {"date": str(datetime.date.today()), "machine": machine(), "commit": commit(), "versions": versions, "quick": quick,
             "command": f"python3 benches/peers/run.py {' '.join(sys.argv[1:])}".strip()}
    table = pa.Table.from_pylist(samples).replace_schema_metadata({"about": json.dumps(about)})
    pq.write_table(table, folder / "results.parquet")
    return render(folder)


def render(folder):
    """table.md, peers.svg and peers.png from results.parquet; whether all rates agree."""
    table = pq.read_table(folder / "results.parquet")
    about, rows = json.loads(table.schema.metadata[b"about"]), summarise(table.to_pylist())
    (folder / "table.md").write_text(markdown(rows, about))
    picture(rows, about, folder)
    return all(row["agrees"] for row in rows)


def summarise(samples):
    """One entry for each network, number of threads and peer, in the order measured."""
    rows = []
    for network, threads in dict.fromkeys((s["network"], s["threads"]) for s in samples):
        here = [s for s in samples if (s["network"], s["threads"]) == (network, threads)]
        ours = [s for s in here if s["simulator"] == "tauspike"]
        for peer in dict.fromkeys(s["simulator"] for s in here if s["simulator"] != "tauspike"):
            rows.append(compare(network, threads, peer, [s for s in here if s["simulator"] == peer], ours))
    return rows


def compare(network, threads, peer, theirs, ours):
    seconds = theirs[0]["window_ms"] * 1e-3
    spikes, our_spikes = statistics.mean(s["spikes"] for s in theirs), ours[0]["spikes"]
    # counts of two independent runs: 4 standard deviations of a Poisson difference, besides the tolerance of the row
    allowed = theirs[0]["tolerance"] * our_spikes + 4.0 * (spikes + our_spikes) ** 0.5
    ratios = [s["run_s"] / beside(s, ours, "run_s") for s in theirs if beside(s, ours, "run_s")]
    middle = lambda group, key: statistics.median(s[key] for s in group)
    return {
        "network": network, "threads": threads, "peer": peer, "ratios": ratios,
        "their_s": middle(theirs, "run_s") / seconds, "our_s": middle(ours, "run_s") / seconds,
        "build_ratio": middle(theirs, "build_s") / middle(ours, "build_s") if theirs[0]["build_s"] is not None else None,
        "their_gib": max(s["peak_gib"] for s in theirs), "our_gib": max(s["peak_gib"] for s in ours),
        "their_bytes": middle(theirs, "bytes_per_synapse"), "our_bytes": middle(ours, "bytes_per_synapse"),
        "off": spikes / our_spikes - 1.0 if our_spikes else float("nan"), "agrees": abs(spikes - our_spikes) <= allowed,
        "cpu_share": (middle(theirs, "cpu_share"), middle(ours, "cpu_share")), "others": middle(theirs + ours, "others")}


def beside(sample, ours, key):
    """Mean over the runs of tauspike just before and after the sample; 0 if there is none."""
    near = [s[key] for s in ours if s["round"] == sample["round"] and abs(s["place"] - sample["place"]) == 1]
    return statistics.mean(near) if near else 0.0


def markdown(rows, about):
    versions = ", ".join(f"{NAMES[peer]} {version}" for peer, version in about["versions"].items())
    lines = [
        "# tauspike and its peers", "",
        f"`{about['command']}`, {about['date']}, commit {about['commit']}.", "",
        f"Machine: {about['machine']}.", "", f"{versions}.", "",
        *(["**A quick pass: one short round. It shows that every row works, and no more.**", ""] if about["quick"] else []),
        "Ratio: window time of the peer over that of tauspike beside it, median of the rounds (least to largest). Above 1 tauspike is "
        "faster. s/s: seconds of wall time per second of model time. Build: the peer's time over ours (without a compiler). CPU share: "
        "CPU seconds / (wall seconds x threads), peer and tauspike; others: cores that everything else on the machine kept busy. "
        "Rate: the peer's over ours, less 1.", "",
        "| network | threads | peer | ratio | peer s/s | tauspike s/s | build | GiB, peer / tauspike | bytes per synapse | CPU share | others "
        "| rate |", "|---|---|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        low, high = min(r["ratios"]), max(r["ratios"])
        build = "" if r["build_ratio"] is None else f"{r['build_ratio']:.2g}"
        lines.append(
            f"| {r['network']} | {r['threads']} | {NAMES[r['peer']]} | **{statistics.median(r['ratios']):.3g}** ({low:.3g} to {high:.3g}) | "
            f"{r['their_s']:.3g} | {r['our_s']:.3g} | {build} | {r['their_gib']:.2f} / {r['our_gib']:.2f} | "
            f"{r['their_bytes']:.0f} / {r['our_bytes']:.1f} | {r['cpu_share'][0]:.2f} / {r['cpu_share'][1]:.2f} | {r['others']:.2f} | "
            f"{100 * r['off']:+.1f} % {'' if r['agrees'] else 'DIFFERS'} |")
    return "\n".join(lines) + "\n"


def picture(rows, about, folder):
    """Ratios on a logarithmic axis: a line of dots for each network and number of threads, a bar from least to largest round."""
    places = list(dict.fromkeys((r["network"], r["threads"]) for r in rows))
    plt.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "peers", "font.size": 9})
    figure, axes = plt.subplots(figsize=(8.0, 1.6 + 0.36 * len(places)), layout="constrained")
    for peer in dict.fromkeys(r["peer"] for r in rows):
        mine = [r for r in rows if r["peer"] == peer]
        middle = [statistics.median(r["ratios"]) for r in mine]
        spread = [[m - min(r["ratios"]) for m, r in zip(middle, mine)], [max(r["ratios"]) - m for m, r in zip(middle, mine)]]
        y = [places.index((r["network"], r["threads"])) for r in mine]
        axes.errorbar(middle, y, xerr=spread, fmt="o", ms=6, capsize=3, color=COLOURS[peer], label=NAMES[peer])
    axes.axvline(1.0, color="black", lw=1)
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_yticks(range(len(places)), [f"{network}, {threads} thread{'s' * (threads > 1)}" for network, threads in places])
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_xlabel("wall time of the peer / wall time of tauspike, same model time")
    axes.grid(axis="x", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(loc="outside upper center", ncols=4, frameon=False)
    note = "quick pass" if about["quick"] else f"{about['date']}"
    figure.text(0.995, 0.005, note, ha="right", va="bottom", fontsize=7, color="grey")
    figure.savefig(folder / "peers.svg", metadata={"Date": None})
    figure.savefig(folder / "peers.png", dpi=120)
    plt.close(figure)


if __name__ == "__main__":
    sys.exit(0 if render(Path(sys.argv[1])) else 1)
