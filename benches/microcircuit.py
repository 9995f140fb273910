"""The cortical microcircuit by the recipe of its benchmark: V from the stationary distribution, 500 ms dropped, 10 s timed.

    cargo build --release && python3 benches/microcircuit.py time 1.0 2        # scale, threads: seconds per second, without recording
    cargo build --release && python3 benches/microcircuit.py activity 0.1 2 10 # scale, threads, seeds: rates, CV, correlation

What is measured follows van Albada et al. (2018, Front Neurosci 12:291) and Kurth et al. (2022, Neuromorph Comput Eng 2:021001) for time. Rates
and CV of intervals are those of the manifest, CV over neurons with at least three spikes. Correlation is the mean Pearson coefficient of the spike counts, in
bins of 2 ms, of all pairs of the first 200 neurons of a population that fire. Needs numpy and pyarrow.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM = ROOT / "target/release/tauspike"
DROPPED_MS, TIMED_MS = 500.0, 10_000.0
BIN_MS, NEURONS = 2.0, 200


def scenario(folder, scale):
    """The scenario at this share of its neurons, in a folder of its own."""
    generate = ROOT / "scenarios/microcircuit/generate.py"
    text = subprocess.run([sys.executable, generate, str(scale)], check=True, capture_output=True, text=True).stdout
    (folder / "scenario.toml").write_text(text)


def run(folder, threads, seed, duration_ms, *more):
    """The report of a run from time 0."""
    settings = {"duration_ms": duration_ms, "warmup_ms": 0.0 if duration_ms <= DROPPED_MS else DROPPED_MS}
    sets = [argument for key, value in settings.items() for argument in ("--set", f"{key}={value}")]
    command = [PROGRAM, "run", folder, "--json", "--force", "--out", folder / "out", "--seed", str(seed), "--threads", str(threads), *sets, *more]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def time(folder, threads):
    """Wall seconds per second of model time: what the whole run takes beyond the part that is dropped."""
    unrecorded = ("--set", "record.spikes=false")
    whole, dropped = (run(folder, threads, 1, t, *unrecorded) for t in (DROPPED_MS + TIMED_MS, DROPPED_MS))
    taken = [report["run_s"] - report["finish_s"] for report in (whole, dropped)]
    seconds = (taken[0] - taken[1]) / TIMED_MS * 1e3
    arrivals = sum(whole["counters"][kind] - dropped["counters"][kind] for kind in ("synaptic_arrivals", "external_arrivals"))
    print(f"{seconds:.3g} s per s of model time on {threads} threads; build {whole['build_s']:.3g} s; "
          f"{arrivals:.4g} arrivals, {seconds * TIMED_MS * 1e6 * threads / arrivals:.3g} core ns each")


def correlation(times, senders, members):
    """Mean Pearson coefficient of binned spike counts over pairs of neurons that fire."""
    import numpy as np

    first = members[np.isin(members, senders)][:NEURONS]
    bins = int(TIMED_MS / BIN_MS)
    counts = np.zeros((len(first), bins))
    mine = np.isin(senders, first)
    rows = np.searchsorted(first, senders[mine])
    np.add.at(counts, (rows, np.minimum(((times[mine] - DROPPED_MS) / BIN_MS).astype(int), bins - 1)), 1)
    matrix = np.corrcoef(counts)
    return matrix[np.triu_indices_from(matrix, 1)].mean()


def activity(folder, threads, seeds):
    """Mean and standard deviation over seeds of rate, CV and correlation of each population."""
    import numpy as np
    import pyarrow.parquet as parquet

    found = {}
    for seed in range(1, seeds + 1):
        report = run(folder, threads, seed, DROPPED_MS + TIMED_MS)
        table = parquet.read_table(folder / "out" / "spikes.parquet", columns=["time_ms", "neuron"])
        times, senders = (table[name].to_numpy() for name in ("time_ms", "neuron"))
        times, senders = times[times >= DROPPED_MS], senders[times >= DROPPED_MS]
        first = 0
        for population in report["populations"]:
            members = np.arange(first, first + population["size"])
            first += population["size"]
            values = (population["rate_hz"], population["cv_isi"], correlation(times, senders, members))
            found.setdefault(population["name"], []).append(values)
    print(f"| population | rate, Hz | CV of intervals | correlation |\n|---|---|---|---|")
    for name, values in found.items():
        cells = (f"{mean:.3g} ± {sd:.1g}" for mean, sd in zip(np.mean(values, 0), np.std(values, 0, ddof=1)))
        print(f"| {name} | " + " | ".join(cells) + " |")


def main():
    what, scale, threads, *seeds = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        scenario(Path(folder), float(scale))
        if what == "time":
            time(Path(folder), int(threads))
        else:
            activity(Path(folder), int(threads), int(seeds[0]))


main()
