"""What NIR leaves open: what a spike does, and when it arrives."""

from __future__ import annotations

from collections.abc import Container
from itertools import count

import nir
import numpy as np
from numpy.typing import NDArray

from .. import given
from .._native import ScenarioError

#: Time constant of a neuron that does not leak, ms.
NO_LEAK_MS = 1e15


def check(dt_ms: float, input: str) -> float:
    """The time step, if it and what a spike does can be what they are said to be."""
    if input not in ("exact", "euler"):
        raise ScenarioError(f"input = {input!r}; allowed: 'exact' or 'euler', what a spike does, which NIR does not say")
    step = given.number("dt_ms", dt_ms)
    if not 0.0 < step < float("inf"):
        raise ScenarioError(f"dt_ms = {dt_ms!r}; allowed: a time above 0, the step that the weights are meant for")
    return step


def unused(name: str, taken: Container[str]) -> str:
    """The name, or if it is taken the first with a number behind it that is not."""
    names = (f"{name} #{number}" if number > 1 else name for number in count(1))
    return next(each for each in names if each not in taken)


def jump(node: nir.NIRNode, dt_ms: float, input: str) -> NDArray[np.float64]:
    """What a spike of weight 1 changes: V, or I of ``CubaLIF`` and ``CubaLI``; for each neuron."""
    dt = dt_ms * 1e-3
    if isinstance(node, nir.IF):
        return np.asarray(node.r, dtype=np.float64) * dt
    current = isinstance(node, (nir.CubaLIF, nir.CubaLI))
    height, tau = (node.w_in, node.tau_syn) if current else (node.r, node.tau)
    share = dt / np.asarray(tau, dtype=np.float64)
    return np.asarray(height, dtype=np.float64) * (-np.expm1(-share) if input == "exact" else share)


def loops(edges: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """The edges that are part of a loop."""
    after: dict[str, list[str]] = {}
    for before, behind in edges:
        after.setdefault(before, []).append(behind)

    def reached(start: str) -> set[str]:
        found, waiting = {start}, [start]
        while waiting:
            for name in after.get(waiting.pop(), []):
                if name not in found:
                    found.add(name)
                    waiting.append(name)
        return found

    return {(before, behind) for before, behind in edges if before in reached(behind)}
