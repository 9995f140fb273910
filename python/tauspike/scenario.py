"""Networks of scenario files."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from . import _native, given
from .progress import checked
from .report import Report
from .result import Result, finish
from .simulation import Simulation

if TYPE_CHECKING:
    from .progress import Progress


class Scenario:
    """A scenario that has been read and checked; made by `load`."""

    def __init__(self, native: _native.Scenario) -> None:
        self._native = native

    @property
    def name(self) -> str:
        """Its name."""
        return self._native.name

    @property
    def seed(self) -> int:
        """Seed of every random draw."""
        return self._native.seed

    @property
    def duration_ms(self) -> float:
        """Model time to run, ms."""
        return self._native.duration_ms

    @property
    def warmup_ms(self) -> float:
        """Model time that rates should leave out, ms."""
        return self._native.warmup_ms

    @property
    def text(self) -> str:
        """The TOML that is run."""
        return self._native.text

    def __repr__(self) -> str:
        return f"<Scenario {self.name!r}, {self.duration_ms} ms>"

    def check(self) -> dict[str, int]:
        """Predict the size of the network without building it; as `Network.check`."""
        return json.loads(self._native.check())

    def inspect(self, *, threads: int = 1) -> Report:
        """Build the network, and tell what came out; as `Network.inspect`."""
        return Report(*self._native.inspect(given.threads(threads)))

    def simulation(self, *, threads: int = 1) -> Simulation:
        """The network at time 0, to be run piece by piece."""
        return Simulation(self._build(threads, None), threads=threads)

    def run(self, *, threads: int = 1, progress: bool | Progress = False) -> Result:
        """Build the network and run it to `duration_ms`; as `tauspike.run`."""
        progress = checked(progress)
        return finish(self.simulation(threads=threads), self.duration_ms, progress)

    def _build(self, threads: int, counters_interval_ms: None) -> _native.Built:
        return self._native.build(given.threads(threads))


def load(path: str | os.PathLike[str], *, set: Iterable[str] = ()) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    path : path-like
        A scenario file, or a folder with a ``scenario.toml``.
    set : iterable of str
        Changes, such as ``"population.E.tau_m_ms=10"``.

    Raises
    ------
    ScenarioError
        A ValueError that names file, line, field, value and what is allowed.
    OSError
        If a file cannot be read or is missing.
    """
    return Scenario(_native.Scenario(given.path("path", path), given.texts("set", set)))


def run(
    path: str | os.PathLike[str],
    *,
    threads: int = 1,
    set: Iterable[str] = (),
    progress: bool | Progress = False,
) -> Result:
    """Run a scenario, and keep in memory what the program ``tauspike run`` writes to a folder: the same spikes, bit by bit.

    Parameters
    ----------
    path : path-like
        A scenario file, or a folder with a ``scenario.toml``.
    threads : int
        1 to 1024; no spike depends on it.
    set : iterable of str
        Changes, such as ``"population.E.tau_m_ms=10"``.
    progress : bool or callable, optional
        As of `Network.run`.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        A ValueError that names file, line, field, value and what is allowed.
    OSError
        If a file cannot be read or is missing.
    SimulationError
        If the network cannot be simulated to the end.
    KeyboardInterrupt
        After Ctrl-C, at the next epoch.
    """
    return load(path, set=set).run(threads=threads, progress=progress)


def check(path: str | os.PathLike[str], *, set: Iterable[str] = ()) -> dict[str, int]:
    """Check a scenario, and predict the size of its network; as `Network.check`."""
    return load(path, set=set).check()


def inspect(path: str | os.PathLike[str], *, set: Iterable[str] = (), threads: int = 1) -> Report:
    """Build the network of a scenario, and tell what came out; as `Network.inspect`."""
    return load(path, set=set).inspect(threads=threads)
