"""Spikes for others: Neo, SONATA, CSV."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ._native import ScenarioError

if TYPE_CHECKING:
    import neo

    from .tables import Spikes, Table

#: Rows of a CSV file that are made at once.
ROWS = 100_000


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[str]:
    """Where to write a file that takes the place of another when it is whole; pipes and devices are written to themselves."""
    place = os.path.realpath(path)
    if os.path.exists(place) and not os.path.isfile(place):
        yield place
        return
    parent, name = os.path.split(place)
    with tempfile.TemporaryDirectory(prefix=".tauspike-", dir=parent) as folder:
        unfinished = os.path.join(folder, name)
        yield unfinished
        os.replace(unfinished, place)


def check_names(names: Iterable[str], format: str) -> None:
    """Refuses what names something else in HDF5, which takes them for paths that end at a NUL."""
    for name in names:
        if name == "." or "/" in name or "\0" in name:
            raise ScenarioError(f"population {name!r}; allowed in {format}: a name without '/' and NUL, and not '.' alone")


def segment(spikes: Spikes, t_start_ms: float, t_stop_ms: float) -> neo.Segment:
    """A SpikeTrain for each neuron, in the order of neurons, annotated with its population and its neuron."""
    import neo

    made = neo.Segment(name="tauspike")
    for name, members in spikes.populations.items():
        for neuron, times in zip(members, spikes.trains(name), strict=True):
            train = neo.SpikeTrain(times, units="ms", t_start=t_start_ms, t_stop=t_stop_ms, population=name, neuron=neuron)
            made.spiketrains.append(train)
    return made


def write_sonata(spikes: Spikes, path: str | os.PathLike[str]) -> None:
    """One group for each population."""
    import h5py

    check_names(spikes.populations, "SONATA")
    sorting = h5py.enum_dtype({"none": 0, "by_id": 1, "by_time": 2}, basetype="u1")
    with replacing(path) as unfinished, h5py.File(unfinished, "w") as file:
        file.attrs["magic"] = np.uint32(0x0A7A)
        file.attrs["version"] = np.array([0, 1], dtype=np.uint32)
        for name in spikes.populations:
            time, position = spikes.of(name)
            group = file.create_group(f"spikes/{name}")
            group.attrs.create("sorting", 2, dtype=sorting)
            group.create_dataset("timestamps", data=time).attrs["units"] = "ms"
            group.create_dataset("node_ids", data=position.astype(np.uint64))


def write_csv(table: Table, path: str | os.PathLike[str]) -> None:
    """Columns under their names, populations by theirs; a float has the fewest digits that read back as the same bits."""
    names = [name for name, _, _ in table._native.populations]
    columns = [table[name] for name in table.columns]

    def cells(name: str, part: np.ndarray) -> list[Any]:
        if name == "population":
            return [_quoted(names[code]) for code in part]
        return ["" if item != item else repr(item) for item in part.tolist()]

    with replacing(path) as unfinished, open(unfinished, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(table.columns) + "\n")
        for start in range(0, len(table), ROWS):
            part = [cells(name, column[start : start + ROWS]) for name, column in zip(table.columns, columns, strict=True)]
            file.writelines(",".join(row) + "\n" for row in zip(*part, strict=True))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n\r') else text
