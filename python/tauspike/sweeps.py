"""Many networks: one scenario over axes of its values and over seeds."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from typing import Any

from . import _native, given

#: The columns of a run: what was varied, what came out.
Row = dict[str, Any]


class Sweep:
    """A sweep that has been read and checked; made by `sweep`.

    Iterating runs one network after the other and gives a row for each, in the order of the sweep, when it is asked for. It can be
    pickled, so that a pool of processes, joblib or Dask can call `run`.
    """

    def __init__(
        self, path: str | os.PathLike[str], set: Iterable[str] = (), out: str | os.PathLike[str] | None = None
    ) -> None:
        # Absolute: a worker may have another folder.
        self._path = os.path.abspath(given.path("path", path))
        self._set = given.texts("set", set)
        self._out = None if out is None else os.path.abspath(given.path("out", out))
        self._native = _native.Sweep(self._path, self._set, self._out)

    def __reduce__(self) -> tuple[type[Sweep], tuple[str, list[str], str | None]]:
        return Sweep, (self._path, self._set, self._out)

    @property
    def name(self) -> str:
        """Its name."""
        return self._native.name

    def __len__(self) -> int:
        """Number of runs."""
        return len(self._native)

    def __repr__(self) -> str:
        return f"<Sweep {self.name!r}, {len(self)} runs>"

    def run(self, index: int, *, threads: int = 1) -> Row:
        """The row of one run, run now unless it is in the folder already.

        A run that fails has a row, too: its ``exit`` is not 0 and its ``error`` says why.

        Parameters
        ----------
        index : int
            0 to ``len(sweep) - 1``.
        threads : int
            1 to 1024; the row does not depend on it.
        """
        index = given.integer("index", index, 0, len(self) - 1)
        return json.loads(self._native.run(index, given.threads(threads)))

    def __iter__(self) -> Iterator[Row]:
        for index in range(len(self)):
            yield self.run(index)

    def over(self, executor: Executor, *, ahead: int = 64) -> Iterator[Row]:
        """The rows, in the order of the sweep, run by an executor.

        Parameters
        ----------
        executor : concurrent.futures.Executor
            Or anything whose ``submit`` gives something with a ``result``, such as a ``dask.distributed.Client``.
        ahead : int
            So many runs are handed out before the first row is taken; more only as rows are.
        """
        if not callable(getattr(executor, "submit", None)):
            raise TypeError(f"executor = {executor!r}; allowed: a concurrent.futures.Executor, or what has its `submit`")
        ahead = given.integer("ahead", ahead, 1, 1_000_000)
        waiting = [executor.submit(self.run, index) for index in range(min(ahead, len(self)))]
        following = iter(range(len(waiting), len(self)))
        while waiting:
            row = waiting.pop(0).result()
            for index in following:
                waiting.append(executor.submit(self.run, index))
                break
            yield row

    def collect(self, *, partial: bool = False) -> str:
        """Make the data set and the figures in the folder ``out``, and give the path of the data set.

        ``polars.scan_parquet(path + "/**/*.parquet", hive_partitioning=True)`` reads it. With `partial` also if runs are missing.
        """
        return os.fspath(self._native.collect(partial))


def sweep(
    path: str | os.PathLike[str], *, set: Iterable[str] = (), out: str | os.PathLike[str] | None = None
) -> Sweep:
    """Read and check a sweep: one scenario over axes of its values and over seeds.

    Parameters
    ----------
    path : path-like
        A sweep file, or a folder with a ``sweep.toml``.
    set : iterable of str
        Changes of the sweep, such as ``"sample.count=100"``.
    out : path-like, optional
        A folder in which runs are kept, and not run again; the same as of ``tauspike sweep --out``. Without it nothing is written.

    Returns
    -------
    Sweep

    Raises
    ------
    ScenarioError
        A ValueError that names file, line, field, value and what is allowed.
    OSError
        If a file cannot be read or is missing.
    """
    return Sweep(path, set, out)
