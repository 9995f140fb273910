"""Rates and CVs of the scenarios over several seeds, against NEST's.

    .venv/bin/python benches/validation/run.py target/release/tauspike 5 > docs/validation.md

Windows are those of the NEST runs, because the CV of intervals grows with the window. The rate of a heterogeneous network depends on
the time constants drawn, so those scenarios get the very values that NEST had.

Test: t of the difference of means, with the spread between seeds on our side and the larger of that and its own between NEST's runs.
|t| below 3.5 passes; with 14 comparisons chance alone fails one in under 5 % of cases.
"""
import datetime
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 3.5


def nest_time_constants(folder, seed):
    """The lognormal draw (mean 20 ms, CV 0.5) of the script that ran NEST, as arguments; excitatory neurons first."""
    folder = Path(folder)
    sizes = {"brunel_heterogeneous": 10_000, "sparse_low": 100_000}
    for scenario, n in sizes.items():
        s2 = np.log1p(0.25)
        tau = 20.0 * np.random.default_rng(seed).lognormal(-s2 / 2, np.sqrt(s2), n)
        for name, part in (("E", tau[: n * 4 // 5]), ("I", tau[n * 4 // 5 :])):
            pd.DataFrame({"tau_m_ms": part}).to_parquet(folder / f"{scenario}-{name}.parquet")


def run(program, scenario, seed, overrides):
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", ROOT / "scenarios" / scenario, "--seed", str(seed), "--json", "--out", f"{folder}/out"]
        command += [word for item in overrides for word in ("--set", item)]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def overall(report, key):
    values = [(p["size"], p[key]) for p in report["populations"] if p[key] is not None]
    return sum(n * v for n, v in values) / sum(n for n, _ in values)


def compare(ours, nest):
    """Mean and spread of ours, mean of NEST's, t."""
    spread = statistics.stdev(ours)
    nest_spread = max(statistics.stdev(nest), spread) if len(nest) > 1 else spread
    error = (spread**2 / len(ours) + nest_spread**2 / len(nest)) ** 0.5
    return statistics.mean(ours), spread, statistics.mean(nest), (statistics.mean(ours) - statistics.mean(nest)) / error


def rows(program, seeds, scenario, expected, folder):
    overrides = list(expected["set"])
    if "tau_m_of_nest" in expected:
        nest_time_constants(folder, expected["tau_m_of_nest"])
        overrides += [f'population.{p}.tau_m_ms={{ file = "{folder}/{scenario}-{p}.parquet", column = "tau_m_ms" }}' for p in "EI"]
    reports = [run(program, scenario, seed, overrides) for seed in range(1, seeds + 1)]
    if scenario == "microcircuit":
        return {p["name"]: [r["populations"][k]["rate_hz"] for r in reports] for k, p in enumerate(reports[0]["populations"])}
    return {key: [overall(r, key) for r in reports] for key in ("rate_hz", "cv_isi") if key in expected}


def main():
    program, seeds, only = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
    nest = json.loads((Path(__file__).parent / "nest.json").read_text())
    print("# Agreement with NEST\n")
    print(f"`.venv/bin/python benches/validation/run.py target/release/tauspike {seeds}`, {datetime.date.today()}.")
    print(f"{nest.pop('source')} (`benches/validation/nest.json`).\n")
    print(__doc__.split("\n\n", 2)[2])
    print("| scenario | quantity | tauspike, mean of seeds | sd | NEST | t | |\n|---|---|---|---|---|---|---|")
    failed = 0
    for scenario, expected in nest.items():
        if only and scenario not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for key, ours in rows(program, seeds, scenario, expected, folder).items():
                mean, spread, other, t = compare(ours, expected[key])
                verdict = "agrees" if abs(t) < LIMIT else "DIFFERS"
                failed += verdict == "DIFFERS"
                print(f"| {scenario} | {key} | {mean:.4g} | {spread:.2g} | {other:.4g} | {t:+.2f} | {verdict} |", flush=True)
    sys.exit(failed > 0)


main()
