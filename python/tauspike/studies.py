"""Studies: many reservoirs over a suite of tasks, from a study file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import _native, given
from .progress import checked, shown
from .tables import Table

if TYPE_CHECKING:
    from .progress import Progress


@dataclass(frozen=True)
class Study:
    """A study that has run to its end; made by `study`.

    Attributes
    ----------
    out : Path
        Its folder, with ``networks.parquet``, ``results.parquet``, ``study.json`` and a file for each network in ``cells``.
    networks : Table
        A row for each network: what it is, what its time constants realise, its counts and energies.
    results : Table
        A row for each network and task: ``r2``, ``possible_r2`` and other scores.
    summary : dict[str, Any]
        What was run, where and when: ``study.json``.
    """

    out: Path
    networks: Table
    results: Table
    summary: dict[str, Any]
    _native: _native.Study = field(repr=False)

    def export(self, network: str, out: str | os.PathLike[str]) -> dict[str, Any]:
        """Write what one network is and did as NPY files: ``stimulus_0.npy``, ``states_0.npy`` and ``targets_0.npy`` for the first stimulus and
        so on, ``taus.npy``, ``sources.npy``, ``weights.npy``, ``input_weights.npy``, ``bias.npy``. The network is run again for that.

        Parameters
        ----------
        network : str
            A ``network_id`` of `networks`.
        out : path-like
            Folder for the files.

        Returns
        -------
        dict[str, Any]
            ``export.json``: what its time constants realise, its tasks in the order of the columns, and the rows that are fitted and scored.
        """
        self._native.export(given.text("network", network), given.path("out", out))
        return json.loads((Path(out) / "export.json").read_text())


def study(
    path: str | os.PathLike[str],
    *,
    out: str | os.PathLike[str],
    threads: int = 1,
    set: Iterable[str] = (),
    progress: bool | Progress = False,
) -> Study:
    """Run what is missing of a study, as the program ``tauspike study`` does, without its report.

    The interpreter is free for other threads meanwhile. A study that was ended goes on where it was, in Python or by the program: each
    finished network is a file in `out`, and the tables depend on the study file alone.

    Parameters
    ----------
    path : path-like
        A study file, or a folder with a ``study.toml``.
    out : path-like
        Folder for the results.
    threads : int
        1 to 1024 networks at a time; no result depends on it.
    set : iterable of str
        Changes, such as ``"network.tau_ms=10"``.
    progress : bool or callable, optional
        True shows a bar; a callable gets how many networks are done, and how many there are. What it raises ends the study as Ctrl-C does.

    Returns
    -------
    Study

    Raises
    ------
    ScenarioError
        A ValueError that names file, line, field, value and what is allowed, before anything runs.
    OSError
        If a file cannot be read, or `out` holds something else or is being written to.
    SimulationError
        If a network cannot be made or run.
    KeyboardInterrupt
        After Ctrl-C, when the networks in the works are done and kept.
    """
    threads, out, progress = given.threads(threads), given.path("out", out), checked(progress)
    asked = _native.Study(given.path("path", path), given.texts("set", set))
    summary = asked.run(out, threads, shown(progress, "networks"))
    networks, results = _native.study_tables(out)
    return Study(Path(out), Table(networks), Table(results), json.loads(summary), asked)
