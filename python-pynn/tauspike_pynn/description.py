"""What PyNN describes, as a network of tauspike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import tauspike

from . import given

if TYPE_CHECKING:
    from .populations import Population
    from .projections import Projection
    from .simulator import State
    from .terms import Names

#: Draws of one segment are others than those of the next, and of the next seed.
SEGMENTS = 65536
#: tauspike knows no later times, ms.
LATEST = 1e12


def described(state: State, names: Names) -> tauspike.Network:
    """The network, with neuron k of tauspike the cell with ID k. `names` gets to know its names."""
    network = tauspike.Network(seed=state.seed * SEGMENTS + state.segment_counter)
    parts = [part for number, population in enumerate(state.populations) for part in _population(network, names, number, population)]
    for number, projection in enumerate(state.projections):
        _projection(network, names, number, projection, parts)
    for number, source in enumerate(state.current_sources):
        _current(network, names, number, source, parts)
    for recorder in state.recorders:
        ids = recorder.sampled()
        for part, members in _split(ids, parts):
            network.probe(part, members, interval_ms=recorder.sampling_interval)
    return network


def stretches(native: dict[str, np.ndarray]) -> list[tuple[int, int]]:
    """Poisson sources with the same start and end, one behind the other: from which to before which."""
    start, stop = native["start_ms"], native["start_ms"] + native["duration_ms"]
    ends = (np.flatnonzero((np.diff(start) != 0) | (np.diff(stop) != 0)) + 1).tolist()
    return list(zip([0, *ends], [*ends, len(start)]))


def _population(network: tauspike.Network, names: Names, number: int, population: Population) -> Iterator[tauspike.Population]:
    """One, or for Poisson sources one for each stretch."""
    celltype, native = population.celltype, population.native
    name = names.new(f"{number} {population.label}", repr(population.label))
    if celltype.model == "spike_trains":
        trains = [train.value for train in native["spike_times_ms"]]
        yield network.population(name, population.size, model="spike_trains", trains_ms=trains)
    elif celltype.model == "poisson":
        for first, last in stretches(native):
            start, stop = native["start_ms"][first], native["start_ms"][first] + native["duration_ms"][first]
            keys = {"rate_hz": _simple(native["rate_hz"][first:last]), "start_ms": start}
            if stop < LATEST:
                keys["stop_ms"] = stop
            part = names.new(f"{name} from {first}", f"{population.label!r} from cell {first} on")
            yield network.population(part, last - first, model="poisson", **keys)
    else:
        _check_reset(population)
        parameters = {key: _simple(values) for key, values in native.items() if key != "i_offset_pa"}
        part = network.population(name, population.size, model=celltype.model, v_init_mv=_simple(population.initial_v()), **parameters)
        offset = native["i_offset_pa"]
        if np.any(offset != 0.0):
            # an input may change between runs, which a parameter of neurons may not
            signal = {"times_ms": [0.0], "values_pa": [1.0]}
            offsets = names.new(f"offset of {name}", f"i_offset of {population.label!r}")
            network.input("current", part, name=offsets, signal=signal, scale=offset)
        yield part


def _check_reset(population: Population) -> None:
    # not when they are set: v_reset and v_thresh may be set one after the other
    reset, threshold = population.native["v_reset_mv"], population.native["v_th_mv"]
    wrong = np.flatnonzero(reset >= threshold)
    if wrong.size > 0:
        k = wrong[0]
        raise given.refused(f"population {population.label!r}: v_reset[{k}]", reset[k], f"below v_thresh[{k}] = {threshold[k]:g}")


def _projection(network: tauspike.Network, names: Names, number: int, projection: Projection, parts: list[tauspike.Population]) -> None:
    pre, post = projection.pre.all_cells.astype(np.int64), projection.post.all_cells.astype(np.int64)
    columns = projection.columns
    sources, targets = pre[columns["pre"]], post[columns["post"]]
    firsts = np.array([part.first for part in parts])
    from_part, to_part = _part_of(sources, firsts), _part_of(targets, firsts)
    pairs = from_part * len(parts) + to_part
    for pair in np.unique(pairs):
        source, target = parts[pair // len(parts)], parts[pair % len(parts)]
        here = pairs == pair
        unit, scale = ("weight_mv", 1.0) if target.model == "lif_delta" else ("weight_pa", 1e3)
        network.project(
            source,
            target,
            name=names.new(f"{number} {projection.label} {source.first} to {target.first}", repr(projection.label)),
            pre=sources[here] - source.first,
            post=targets[here] - target.first,
            delay_ms=_simple(columns["delay"][here]),
            **{unit: _simple(columns["weight"][here] * scale)},
        )


def _current(network: tauspike.Network, names: Names, number: int, source: Any, parts: list[tauspike.Population]) -> None:
    times, amplitudes = source.steps()
    kept = times < LATEST
    if not kept.any():
        return
    signal = {"times_ms": times[kept], "values_pa": amplitudes[kept] * 1e3}
    # a cell into which a source is injected twice gets its current twice
    for turn, ids in enumerate(_each_once(source.cells)):
        for part, members in _split(ids, parts):
            name = names.new(f"source {number}.{turn} of {part.first}", f"{type(source).__name__} number {number}")
            network.input("current", part, name=name, members=members, signal=signal)


def _each_once(cells: list[int]) -> Iterator[np.ndarray]:
    rest = np.sort(np.array(cells, dtype=np.int64))
    while rest.size > 0:
        once, firsts = np.unique(rest, return_index=True)
        yield once
        rest = np.delete(rest, firsts)


def _split(ids: np.ndarray, parts: list[tauspike.Population]) -> Iterator[tuple[tauspike.Population, np.ndarray]]:
    """Cells by the population they are of, as positions in it."""
    part_of = _part_of(ids, np.array([part.first for part in parts]))
    for part in np.unique(part_of):
        yield parts[part], ids[part_of == part] - parts[part].first


def _part_of(ids: np.ndarray, firsts: np.ndarray) -> np.ndarray:
    return np.searchsorted(firsts, ids, side="right") - 1


def _simple(values: np.ndarray) -> float | np.ndarray:
    """One number where all are the same."""
    return float(values[0]) if values.size > 0 and np.all(values == values[0]) else np.ascontiguousarray(values, dtype=np.float64)
