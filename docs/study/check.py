"""Recomputes a study with other software: scores of some networks by scikit-learn, and what is concluded by pandas and SciPy.

    python docs/study/check.py OUT                        # every comparison of OUT/verdicts.json from OUT/networks.parquet; those
                                                          # over single tasks, 7 (b) and 8 (b), from OUT/results.parquet if it is there
    python docs/study/check.py OUT --readme README.md     # and every number that the README quotes
    python docs/study/check.py OUT --states DIR ...       # and the scores of exported networks, as OUT/results.parquet has them

OUT is the folder of a study with its report, or docs/study. DIR is what `tauspike study FILE --export-states DIR --network ID` wrote. It shares
no code with tauspike; formulas are those of docs/study/rules.md.
"""
import argparse
import itertools
import json
import os
import re
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # matrices are small
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from scipy import stats

SETTINGS = {"LI, states": ("LI", "state"), "LIF, filtered spikes": ("LIF", "filtered"), "LIF, membranes": ("LIF", "membrane")}
NAMED = ["mean", "size", "recurrence", "bias", "rate"]
KEYS = {"tau_min_ms": "tau_smallest_ms", "rate_hz": "matched_rate_hz"}


def points(networks, value="score"):
    """Seeds x points of a sweep."""
    axes = [KEYS.get(key, key) for key in networks["axes"].iloc[0].split(",") if key]
    return networks.pivot_table(index="seed", columns=["profile", "cv", *axes], values=value, aggfunc="mean").dropna()


def own_best(networks, value="score"):
    """For each seed, the value at the point whose mean score over the other seeds is highest."""
    scores = points(networks).to_numpy()
    chosen = np.argmax(scores.sum(0) - scores, axis=1)
    values = points(networks, value)
    return pd.Series(values.to_numpy()[np.arange(len(scores)), chosen], values.index)


def own_worst(networks):
    scores = points(networks)
    chosen = np.argmin(scores.to_numpy().sum(0) - scores.to_numpy(), axis=1)
    return pd.Series(scores.to_numpy()[np.arange(len(scores)), chosen], scores.index)


def t(values, bound=0.0):
    values = np.asarray(values)
    test = stats.ttest_1samp(values, bound)
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval()
    # Of values that are all the same, t is 0 / 0 or infinite.
    p = test.pvalue if np.ptp(values) > 0 else float(np.isclose(values.mean(), bound))
    return values.mean(), low, high, p


def jackknife(seeds, statistic, bound):
    """Of the logarithm of a factor."""
    all_of_them = np.arange(seeds)
    value = statistic(all_of_them)
    without = np.array([statistic(np.delete(all_of_them, k)) for k in range(seeds)])
    error = np.sqrt((seeds - 1) / seeds * ((without - without.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, seeds - 1) * error
    p = 2 * stats.t.sf(abs(value - np.log(bound)) / error, seeds - 1)
    return np.exp(value), np.exp(value - half), np.exp(value + half), p


def ladder_factor(a, b):
    """Mean logarithm of how many times as much `a` needs as `b`: lists of (score, ln amount), rungs ascending."""
    def curve(ladder):
        scores, amounts = np.array(ladder).T
        return np.maximum.accumulate(scores), amounts

    def amount(scores, amounts, level):
        above = next((k for k, score in enumerate(scores) if score >= level), len(scores) - 1)
        if above == 0:
            return amounts[0]
        step = scores[above] - scores[above - 1]
        share = min((level - scores[above - 1]) / step, 1.0) if step > 0 else 1.0
        return amounts[above - 1] + share * (amounts[above] - amounts[above - 1])

    (sa, xa), (sb, xb) = curve(a), curve(b)
    if sb[0] > sa[-1] or sa[0] > sb[-1]:
        return np.nan
    levels = np.linspace(max(sa[0], sb[0]), min(sa[-1], sb[-1]), 9)
    return np.mean([amount(sa, xa, level) - amount(sb, xb, level) for level in levels])


def changes(table, key):
    """Of every heterogeneous row less the homogeneous one of its seed and mean: alignment, ln of the rank, and score, less their means
    over all rows of that CV."""
    homogeneous = table[table.profile == "homogeneous"]
    pairs = table[table.profile != "homogeneous"].merge(homogeneous, on=["seed", "tau_ms", *key], suffixes=("", "_before"))
    found = pd.DataFrame({
        "alignment": pairs.alignment - pairs.alignment_before,
        "rank": np.log(pairs["rank"] / pairs.rank_before),
        "gain": pairs.score - pairs.score_before,
    })
    whole = np.isfinite(found[["alignment", "rank"]]).all(axis=1)
    found, pairs = found[whole], pairs[whole]
    return (found - found.groupby(pairs.cv).transform("mean")).groupby(pairs.seed)


def predicted(by_seed, name, left_out=None):
    """R2 of lines through what other seeds have: 1 - squared errors over those of the means of the other seeds."""
    parts = {seed: part for seed, part in by_seed if seed != left_out}
    error = spread = 0.0
    for seed, part in parts.items():
        rest = pd.concat([other for key, other in parts.items() if key != seed])
        line = np.polynomial.Polynomial.fit(rest[name], rest.gain, 1)
        error += ((part.gain - line(part[name].to_numpy())) ** 2).sum()
        spread += ((part.gain - rest.gain.mean()) ** 2).sum()
    return 1 - error / spread


def alignment_less_rank(table, key):
    by_seed = changes(table, key)
    seeds = sorted(by_seed.groups)
    better = lambda left_out=None: predicted(by_seed, "alignment", left_out) - predicted(by_seed, "rank", left_out)
    value, without = better(), np.array([better(seed) for seed in seeds])
    n = len(seeds)
    error = np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, n - 1) * error
    return value, value - half, value + half, 2 * stats.t.sf(abs(value) / error, n - 1)


def tuned_to_every_task(rows):
    """For each seed the mean over tasks of the score at the mean time constant that is best for the task on all other seeds."""
    per_task = []
    for _, task in rows.groupby("task"):
        scores = task.pivot(index="seed", columns="tau_ms", values="score").dropna()
        others = scores.sum() - scores
        # of equals, as where all fail, the longest
        chosen = others.shape[1] - 1 - np.argmax(others.to_numpy()[:, ::-1], axis=1)
        per_task.append(pd.Series(scores.to_numpy()[np.arange(len(scores)), chosen], scores.index))
    return pd.concat(per_task, axis=1).mean(axis=1)


def over_tasks(networks, results):
    """The results of the networks of a setting in `mean`, with what the networks are made from."""
    known = networks[["network_id", "readout", "profile", "cv", "seed", "tau_ms"]]
    rows = results.merge(known, on=["network_id", "readout"])
    return rows.assign(score=rows.r2.clip(lower=0)).rename(columns={"effective_rank": "rank"})


def comparisons(networks, reference, base, results=None):
    """(statement, setting, start of the label) -> value, low, high, p; those over single tasks only with `results`."""
    found = {}
    for setting, (model, readout) in SETTINGS.items():
        mine = networks[(networks.model == model) & (networks.readout == readout)]
        of = {name: part for name, part in mine.groupby("experiment")}
        arm = lambda part, profile: part[(part.profile == profile[0]) & (part.cv == profile[1])]
        same = ("homogeneous", 0.0)

        def put(statement, label, values, bound=0.0):
            found[statement, setting, label] = t(values.dropna(), bound)

        if "mean" in of:
            mean = of["mean"]
            others, homogeneous = mean[mean.cv > 0], arm(mean, same)
            at_base = lambda part: part[part.tau_ms == base].groupby("seed").score.mean()
            put(1, "(a)", own_best(others) - own_best(homogeneous))
            put(1, "(b)", at_base(others) - at_base(homogeneous))
            skew = others.groupby("profile").tau_skewness.mean()
            cvs = others.groupby(["profile", "cv"]).tau_realised_cv.mean()
            is_skewed = lambda key: skew[key[0]] > 0.3
            pairs = [(a, b) for a, b in itertools.permutations(cvs.index, 2)
                     if is_skewed(a) and not is_skewed(b) and abs(cvs[a] - cvs[b]) <= 0.02]
            if pairs:
                gains = [own_best(arm(mean, a)) - own_best(arm(mean, b)) for a, b in pairs]
                put(2, "(a)", sum(gains) / len(gains))
            kinds = others.profile.map(skew) > 0.3
            if kinds.any() and not kinds.all():
                put(2, "(b)", own_best(others[kinds]) - own_best(others[~kinds]))
            skewed = arm(mean, reference)
            put(5, "mis-set mean: (a)", points(skewed).mean(axis=1) - points(homogeneous).mean(axis=1))
            put(5, "mis-set mean: (b)", own_worst(skewed) - own_worst(homogeneous))
            put(8, "(a)", at_base(skewed) - own_best(homogeneous))
            means = mean.rename(columns={"mean_alignment": "alignment", "mean_effective_rank": "rank"})
            found[7, setting, "(a)"] = alignment_less_rank(means, [])
            if results is not None:
                rows = over_tasks(mean, results)
                found[7, setting, "(b)"] = alignment_less_rank(rows, ["task"])
                tuned = tuned_to_every_task(rows[rows.profile == "homogeneous"])
                put(8, "(b)", at_base(skewed) - tuned, -0.01)
        if "size" in of:
            amounts = {"n": [(3, "above 2", 2.0), (3, "above 1", 1.0)], "operations": [(4, "operations", 1.0)],
                       "chip": [(4, "chip energy", 1.0)], "energy_metabolic_atp": [(4, "metabolic energy", 1.0)]}
            for amount, tests in amounts.items():
                size = of["size"].dropna(subset=[amount]).assign(ln=lambda part: np.log(part[amount].astype(float)))
                if size.empty:
                    continue
                rungs = [[(own_best(rung), own_best(rung, "ln")) for _, rung in arm(size, profile).groupby("n")]
                         for profile in (same, reference)]
                ladder = lambda rungs, seeds: [(score.iloc[seeds].mean(), ln.iloc[seeds].mean()) for score, ln in rungs]
                factor = lambda seeds: ladder_factor(ladder(rungs[0], seeds), ladder(rungs[1], seeds))
                for statement, label, bound in tests:
                    found[statement, setting, label] = jackknife(len(rungs[0][0][0]), factor, bound)
        if "recurrence" in of:
            there = {kind: {degree: own_best(part) for degree, part in arm(of["recurrence"], profile).groupby("in_degree")}
                     for kind, profile in (("same", same), ("skewed", reference))}
            most = max(there["skewed"])
            put(6, "(a)", there["skewed"][0] - there["skewed"][most], -0.01)
            put(6, "(b)", there["skewed"][0] - there["same"][0])
        for name, part in of.items():
            if name not in NAMED and part["axes"].iloc[0] and "," not in part["axes"].iloc[0]:
                change = lambda profile: own_worst(arm(part, profile)) - own_best(arm(part, profile))
                put(5, f"{name.replace('_', ' ')} ({part['axes'].iloc[0]}): (c)", change(reference) - change(same))
    return {key: value for key, value in found.items() if np.isfinite(value[0])}


def check_verdicts(folder, networks, manifest, results):
    reference = (manifest["reference"]["profile"], manifest["reference"]["cv"])
    base = min(networks[networks.experiment == "mean"].tau_ms.unique(), key=lambda tau: abs(np.log(tau / manifest["base_tau_ms"])))
    found = comparisons(networks, reference, base, results)
    checked = left = 0
    for statement in json.loads((folder / "verdicts.json").read_text()):
        for finding in statement["findings"]:
            for item in filter(lambda item: item["test"], finding["evidence"]):
                keys = [key for key in found if key[:2] == (statement["number"], finding["setting"])
                        and (key[2] in item["label"] if statement["number"] in (3, 4) else item["label"].startswith(key[2]))]
                if not keys:
                    assert results is None and statement["number"] in (7, 8) and item["label"].startswith("(b)"), item["label"]
                    left += 1
                    continue
                theirs, ours = found[keys[0]], item["estimate"]
                for mine, other in zip((ours["value"], ours["low"], ours["high"], item["test"]["p"]), theirs):
                    assert np.isclose(mine, other, rtol=1e-6, atol=1e-9), (statement["number"], finding["setting"], item["label"], mine, other)
                checked += 1
    missing = f"; {left} over single tasks need results.parquet, which is not there" if left else ", all there are"
    print(f"{checked} comparisons as pandas and SciPy have them{missing}")
    return found


def tell_plateau(networks):
    """How homogeneous spiking networks far below the grid do against the best mean on it, under the same seeds (rules.md)."""
    for readout, of in networks[networks.profile == "homogeneous"].groupby("readout"):
        below, on_grid = of[of.experiment == "plateau"], of[(of.experiment == "mean") & (of.model == "LIF")]
        if below.empty:
            continue
        scores = on_grid[on_grid.seed.isin(below.seed)].groupby("tau_ms").score.mean()
        told = "; ".join(f"{score:.4f} at {tau} ms" for tau, score in below.groupby("tau_ms").score.mean().items())
        print(f"below the grid, {readout}, {below.seed.nunique()} seeds: {told}; on it at most {scores.max():.4f}, at {scores.idxmax()} ms")


def check_readme(text, folder):
    """Every `a [b, c]` of the part about the study is a figure of verdicts.json, rounded, in whatever setting it is about."""
    part = text[text.index("## A study"):]
    part = part[:part.index("\n## ", 5)]
    known = [item["estimate"] for statement in json.loads((folder / "verdicts.json").read_text())
             for finding in statement["findings"] for item in finding["evidence"]]
    quoted = re.findall(r"([+-]?\d+(?:\.\d+)?)\s+\[([+-]?\d+(?:\.\d+)?),\s+([+-]?\d+(?:\.\d+)?)\]", part)
    assert quoted, "the README quotes nothing"
    for numbers in quoted:
        digits = [len(number.partition(".")[2]) for number in numbers]
        is_it = lambda e: all(abs(float(n) - e[key]) <= 0.5001 * 10.0 ** -d for n, d, key in zip(numbers, digits, ("value", "low", "high")))
        assert any(is_it(estimate) for estimate in known), f"{numbers} is no figure of {folder / 'verdicts.json'}"
    print(f"{len(quoted)} figures of the README are those of the study")


def check_states(states, results, networks):
    from sklearn.linear_model import Ridge
    from sklearn.metrics import r2_score

    about = json.loads((states / "export.json").read_text())
    score = {readout: [] for readout in about["readouts"]}
    for k, stimulus in enumerate(about["stimuli"]):
        y = np.load(states / f"targets_{k}.npy")
        train, test = slice(*stimulus["train"]), slice(*stimulus["test"])
        for at, readout in enumerate(about["readouts"]):
            x = np.load(states / (f"states_{k}.npy" if at == 0 else f"states_{k}_{readout}.npy"))
            scale = ((x[train] - x[train].mean(0)) ** 2).sum() / x.shape[1]
            lambdas = scale * 10.0 ** np.arange(-8, 2)
            n, folds = len(x[train]), about["folds"]
            parts = [np.arange(f * n // folds, (f + 1) * n // folds) for f in range(folds)]
            errors = np.zeros((len(lambdas), y.shape[1]))
            for part in parts:
                rest = np.setdiff1d(np.arange(n), part)
                for i, alpha in enumerate(lambdas):
                    fit = Ridge(alpha=alpha, solver="svd").fit(x[train][rest], y[train][rest])
                    errors[i] += ((fit.predict(x[train][part]) - y[train][part]) ** 2).sum(0)
            spectrum = np.linalg.svd(x[train] - x[train].mean(0), compute_uv=False) ** 2
            theirs = results[(results.network_id == about["network_id"]) & (results.readout == readout)].set_index("task")
            outputs = [Ridge(alpha=alpha, solver="svd").fit(x[train], y[train]).predict(x[test]) for alpha in lambdas]
            for j, task in enumerate(stimulus["tasks"]):
                best = errors[:, j].argmin()
                alpha, r2 = lambdas[best], r2_score(y[test, j], outputs[best][:, j])
                rank = (spectrum / (spectrum + alpha)).sum()
                row = theirs.loc[task]
                assert np.isclose(row["lambda"], alpha, rtol=1e-6), (task, row["lambda"], alpha)
                assert np.isclose(row.r2, r2, atol=1e-6) and np.isclose(row.effective_rank, rank, rtol=1e-5), (task, row.r2, r2)
                score[readout].append(max(r2, 0.0))
    for readout, scores in score.items():
        row = networks[(networks.network_id == about["network_id"]) & (networks.readout == readout)]
        assert np.isclose(row.score.item(), np.mean(scores), atol=1e-6)
        print(f"{about['network_id']}, {readout}: {len(scores)} scores as scikit-learn has them")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--readme", type=Path)
    parser.add_argument("--states", type=Path, nargs="*", default=[])
    arguments = parser.parse_args()
    networks = pd.read_parquet(arguments.out / "networks.parquet")
    networks["chip"] = networks.energy_recurrence_pj + networks.energy_input_pj + networks.energy_neurons_pj
    manifest = json.loads((arguments.out / "study.json").read_text())
    report = arguments.out / "report" if (arguments.out / "report").is_dir() else arguments.out
    path, results = arguments.out / "results.parquet", None
    if path.is_file():
        results = pd.read_parquet(path, columns=["network_id", "readout", "task", "r2", "lambda", "alignment", "effective_rank"])
    check_verdicts(report, networks, manifest, results)
    tell_plateau(networks)
    if arguments.readme:
        check_readme(arguments.readme.read_text(), report)
    if arguments.states:
        for states in arguments.states:
            check_states(states, results, networks)


if __name__ == "__main__":
    main()
