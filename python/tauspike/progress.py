"""How far a run is: a line in a terminal, or an output that is replaced in a notebook."""

from __future__ import annotations

import sys
from collections.abc import Callable

#: Gets the model time and the time to run to, ms; of a study, how many networks are done and how many there are.
Progress = Callable[[float, float], object]


def checked(progress: bool | Progress) -> bool | Progress:
    """What was asked for, if it can be."""
    if not callable(progress) and not isinstance(progress, bool):
        raise TypeError(f"progress = {progress!r}; allowed: True, False or a callable")
    return progress


def shown(progress: bool | Progress, unit: str = "ms") -> Progress | None:
    """What `progress` asks for: nothing, a bar in this unit, or itself."""
    if callable(progress):
        return progress
    if not checked(progress):
        return None
    return _in_notebook(unit) if _notebook() else _in_terminal(unit)


def _bar(now: float, end: float, unit: str) -> str:
    width = 40
    full = width if end <= 0 else int(width * now / end)
    digits = 1 if unit == "ms" else 0
    return f"[{'#' * full}{'.' * (width - full)}] {now:.{digits}f} of {end:.{digits}f} {unit}"


def _in_terminal(unit: str) -> Progress:
    def update(now: float, end: float) -> None:
        print(f"\r{_bar(now, end, unit)}", end="\n" if now >= end else "", file=sys.stderr, flush=True)

    return update


def _notebook() -> bool:
    """Whether IPython runs with a kernel: then it is there already, and need not be imported."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _in_notebook(unit: str) -> Progress:
    from IPython.display import display

    handle = display({"text/plain": _bar(0.0, 1.0, unit)}, raw=True, display_id=True)

    def update(now: float, end: float) -> None:
        handle.update({"text/plain": _bar(now, end, unit)}, raw=True)

    return update
