"""What a scenario file says, in the form in which a peer's script needs it: populations, projections, inputs and their numbers.

Only what the compared scenarios use; anything else is refused, so that a peer never simulates half of a network. Units are those of
the file: ms, mV, pA, pF, Hz. Drawn values come from numpy, so they have the distribution that tauspike draws from, not its values.
"""
import tomllib
from pathlib import Path

import numpy as np

CELL_KEYS = {"name", "size", "model", "tau_m_ms", "c_m_pf", "e_l_mv", "v_th_mv", "v_reset_mv", "t_ref_ms", "i_e_pa", "v_init_mv",
             "tau_syn_ex_ms", "tau_syn_in_ms"}
PROJECTION_KEYS = {"from", "to", "rule", "indegree", "total", "weight_mv", "weight_pa", "delay_ms"}
INPUT_KEYS = {"kind", "target", "rate_hz", "weight_mv", "weight_pa"}


def load(path, changes=()):
    """The tables of the file after `population.NAME.key=value` for each of `changes`; `first` is a population's first neuron."""
    tables = tomllib.loads(Path(path).read_text())
    populations = {p["name"]: p for p in tables["population"]}
    for change in changes:
        place, value = change.split("=", 1)
        kind, name, key = place.split(".")
        if kind != "population":
            raise ValueError(f"{change}: only populations can be changed here")
        populations[name][key] = tomllib.loads(f"value = {value}")["value"]
    for kind, allowed in (("population", CELL_KEYS), ("projection", PROJECTION_KEYS), ("input", INPUT_KEYS)):
        for table in tables.setdefault(kind, []):
            if unknown := table.keys() - allowed:
                raise ValueError(f"{path}: {kind} has {sorted(unknown)}, which the peers' scripts do not know")
    first = 0
    for population in tables["population"]:
        population["first"], first = first, first + population["size"]
    tables["neurons"], tables["populations"] = first, populations
    return tables


def values(parameter, size, rng):
    """A number if all members share it, else one per member."""
    if not isinstance(parameter, dict):
        return float(parameter)
    match parameter["distribution"]:
        case "uniform":
            return rng.uniform(parameter["low"], parameter["high"], size)
        case "normal":
            return rng.normal(parameter["mean"], parameter["sd"], size)
        case "lognormal":
            log_variance = np.log1p(parameter["cv"] ** 2)
            return parameter["mean"] * rng.lognormal(-log_variance / 2, log_variance**0.5, size)
        case other:
            raise ValueError(f"distribution {other!r} is not known to the peers' scripts")


def synapses(tables):
    """How many there are."""
    targets = tables["populations"]
    return sum(p["total"] if p["rule"] == "fixed_total" else p["indegree"] * targets[p["to"]]["size"] for p in tables["projection"])


def sources(tables, projection, rng):
    """Fixed in-degree: one row of source neurons for each target."""
    if projection["rule"] != "fixed_indegree":
        raise ValueError(f"rule {projection['rule']!r} is for NEST alone")
    source, target = tables["populations"][projection["from"]], tables["populations"][projection["to"]]
    shape = (target["size"], projection["indegree"])
    return rng.integers(source["first"], source["first"] + source["size"], shape, dtype=np.int32)


def the_same(tables, key):
    """The value of `key` in all populations; refused if they differ."""
    first, *others = [p[key] for p in tables["population"]]
    if any(other != first for other in others):
        raise ValueError(f"populations differ in {key}, which this peer's script does not know")
    return first
