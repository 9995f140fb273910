"""Stimuli, tasks and readouts for reservoirs: what drives one, what it should compute, and how well a linear readout does.

A task is a function y = F[u] of a stimulus u(t), a product of factors::

    y(t) = product over factors of u_dimension(t + shift)^degree

Names are those of study files. Everything is keyed by its seed: the same arguments give the same arrays.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given

#: The stimuli and the key of each.
KINDS = {
    "ornstein_uhlenbeck": "correlation_time_ms",
    "band_limited": "correlation_time_ms",
    "uniform": None,
    "narma10": None,
    "mackey_glass": "unit_ms",
    "lorenz": "unit_ms",
}
#: Of a chaotic system: the longest step of its solver, in units of its time, and how many numbers are a state.
SOLVED = {"mackey_glass": (1.0, 1), "lorenz": (0.01, 3)}
#: Steps of the grid in a unit of such a system, or units in a step.
MOST_STEPS = 1000.0
#: Axes of a suite: whole numbers, and times in ms or in correlation times.
WHOLE, TIMES = ("degrees", "dimensions"), ("shifts_ms", "shifts_tau", "correlation_times_ms")
#: Parts of the samples by which a penalty is chosen.
FOLDS = 5
#: Degrees and numbers of dimensions beyond this are no task of anybody.
LARGEST = 2**31 - 1


class Task(NamedTuple):
    """A task of a `suite`.

    Attributes
    ----------
    name : str
        ``"ou_tau10x2/u0^2*u1@-20"``: stimulus, dimensions, factors with degrees and shifts in ms.
    stimulus : dict
        What drives the reservoir: for `stimulus`, with ``dimensions``.
    factors : list of dict
        What is asked: for `target`.
    correlation_time_ms : float
        Of the stimulus.
    complexity : float
        Logarithm of the number of monomials of at most this degree in as many variables as the task reaches.
    """

    name: str
    stimulus: dict[str, Any]
    factors: list[dict[str, Any]]
    correlation_time_ms: float
    complexity: float


def stimulus(
    kind: str, samples: int, *, dt_ms: float, dimensions: int = 1, seed: int = 1, index: int = 0, **keys: float
) -> NDArray[np.float64]:
    """A signal u(t).

    Parameters
    ----------
    kind : str
        ``"ornstein_uhlenbeck"`` or ``"band_limited"`` (with ``correlation_time_ms``), ``"uniform"``, ``"narma10"`` (the drive of `narma10`),
        ``"mackey_glass"`` or ``"lorenz"`` (with ``unit_ms``, a unit of the equation's time).
    samples : int
        Number of samples.
    dt_ms : float
        Distance of samples, ms.
    dimensions : int
        Independent of each other.
    seed, index : int
        Of the draws; `index` tells several stimuli of one seed apart.
    **keys : float
        Of the kind.

    Returns
    -------
    NDArray[float64], shape (samples, dimensions)

    Raises
    ------
    ScenarioError
        A ValueError that names field, value and what is allowed.
    """
    dt_ms = given.positive("dt_ms", dt_ms)
    described = {"kind": given.choice("kind", kind, KINDS), **_keys(kind, keys, dt_ms)}
    samples = given.integer("samples", samples, 1, 2**31)
    dimensions = given.integer("dimensions", dimensions, 1, 2**20)
    seed, index = given.integer("seed", seed, 0, 2**63 - 1), given.integer("index", index, 0, 2**32 - 1)
    _check_memory(samples, 3 * dimensions + _solving(kind, described.get("unit_ms"), dt_ms))
    return np.stack(_native.stimulus(json.dumps(described), dt_ms, samples, dimensions, seed, index), axis=1)


def _keys(kind: str, keys: Mapping[str, Any], dt_ms: float) -> dict[str, float]:
    """The one key of a kind of stimulus, or none."""
    own = KINDS[kind]
    for key in keys:
        if key != own:
            allowed = f"{own} of {kind!r}" if own else f"no key of {kind!r}"
            raise _native.ScenarioError(f"{key} = {keys[key]!r}; allowed: {allowed}")
    if own is None:
        return {}
    if keys.get(own) is None:
        raise _native.ScenarioError(f"{own} = absent; allowed: a finite number > 0")
    time_ms = given.positive(own, keys[own])
    if kind in SOLVED:
        return {own: given.within(own, time_ms, dt_ms / MOST_STEPS, dt_ms * MOST_STEPS)}
    if kind == "band_limited" and time_ms < dt_ms:
        raise _native.ScenarioError(f"{own} = {time_ms!r}; allowed: a finite number, at least dt_ms = {dt_ms!r}")
    return {own: time_ms}


def _solving(kind: str, unit_ms: float | None, dt_ms: float) -> int:
    """Numbers that are kept for each sample while a stimulus is made, beside its dimensions."""
    if unit_ms is None or kind not in SOLVED:
        return 2
    longest, state = SOLVED[kind]
    return 2 * state * math.ceil(dt_ms / unit_ms / longest)


def _check_memory(samples: int, numbers: int) -> None:
    """Refuses what would not fit, as networks that would not are; the system ends a process that takes it all the same."""
    needed, available = 8 * samples * numbers, _available()
    if available is not None and needed > available:
        fitting = max(1, available // (8 * numbers))
        allowed = f"at most {fitting}, in the {available} bytes that this machine has available"
        raise _native.ScenarioError(f"samples = {samples}, which take {needed} bytes; allowed: {allowed}")


def _available() -> int | None:
    """Bytes that can be taken without swapping, by the kernel's estimate; None where it gives none."""
    try:
        with open("/proc/meminfo") as told:
            found = [line.split()[1] for line in told if line.startswith("MemAvailable:")]
    except OSError:
        return None
    return int(found[0]) * 1024 if found else None


def target(
    u: ArrayLike, factors: Sequence[Mapping[str, Any]], *, dt_ms: float, basis: str = "power"
) -> tuple[slice, NDArray[np.float64]]:
    """What is asked of a reservoir under the stimulus `u`.

    Parameters
    ----------
    u : array_like of float, shape (samples, dimensions)
        The stimulus.
    factors : sequence of dict
        ``{"degree": 2, "dimension": 0, "shift_ms": -20.0}``: the square of the first dimension 20 ms ago.
    dt_ms : float
        Distance of samples, ms, of which shifts are multiples.
    basis : str
        ``"power"``: u^d, or ``"legendre"``: sqrt(2 d + 1) P_d(u), for u on [-1, 1].

    Returns
    -------
    rows : slice
        The samples at which the target exists.
    y : NDArray[float64], shape (number of these,)
        Its values there.
    """
    columns = given.floats("u", u, ("samples",), ("samples", "dimensions"))
    columns = columns[:, np.newaxis] if columns.ndim == 1 else columns
    if 0 in columns.shape:
        raise _native.ScenarioError(f"u = an array of shape {columns.shape}; allowed: at least 1 sample and 1 dimension")
    described = {"basis": given.choice("basis", basis, ("power", "legendre")), "factors": _factors(factors)}
    dt_ms = given.positive("dt_ms", dt_ms)
    first, values = _native.target(json.dumps(described), [np.ascontiguousarray(column) for column in columns.T], dt_ms)
    return slice(first, first + len(values)), values


def _factors(factors: Any) -> list[dict[str, Any]]:
    """The factors of a target, at least one."""
    if isinstance(factors, (str, bytes, Mapping)) or not isinstance(factors, Iterable):
        raise TypeError(f"factors = {factors!r}; allowed: a list of dictionaries")
    found = [_factor(f"factors[{k}]", factor) for k, factor in enumerate(factors)]
    if not found:
        raise _native.ScenarioError("factors = []; allowed: at least one factor")
    return found


def _factor(field: str, factor: Any) -> dict[str, Any]:
    if not isinstance(factor, Mapping):
        raise TypeError(f"{field} = {factor!r}; allowed: a dictionary with degree, dimension and shift_ms")
    for key in factor:
        if key not in ("degree", "dimension", "shift_ms"):
            raise _native.ScenarioError(f"{field}.{key} = {factor[key]!r}; allowed: degree, dimension, shift_ms")
    if "degree" not in factor:
        raise _native.ScenarioError(f"{field}.degree = absent; allowed: an integer from 1 to {LARGEST}")
    return {
        "degree": given.integer(f"{field}.degree", factor["degree"], 1, LARGEST),
        "dimension": given.integer(f"{field}.dimension", factor.get("dimension", 0), 0, LARGEST),
        "shift_ms": given.finite(f"{field}.shift_ms", factor.get("shift_ms", 0.0)),
    }


def narma10(u: ArrayLike) -> NDArray[np.float64]:
    """What NARMA10 makes of a drive: ``y(k + 1) = 0.3 y(k) + 0.05 y(k) (y(k) + .. + y(k - 9)) + 1.5 u(k - 9) u(k) + 0.1``, the first ten 0.

    Parameters
    ----------
    u : array_like of float, shape (samples,)
        Meant to be uniform on [0, 0.5]; even then one series in about a hundred diverges.

    Returns
    -------
    NDArray[float64], shape (samples,)
        Infinite from some sample on, if it diverges (Atiya and Parlos 2000, IEEE Trans. Neural Netw. 11:697).
    """
    return _native.narma10(given.floats("u", u, ("samples",)))


def suite(**grid: Any) -> list[Task]:
    """The tasks of a grid, simplest first; without arguments the 396 of the study of skewed time constants.

    Parameters
    ----------
    **grid : Any
        ``degrees``, ``shifts_ms``, ``dimensions``, ``correlation_times_ms``: lists; ``noise``: ``"ornstein_uhlenbeck"`` or ``"band_limited"``;
        ``shifts_tau`` in place of ``shifts_ms``: in correlation times, rounded to ``step_ms``.
    """
    tasks = []
    for name, described, complexity in _native.suite(json.dumps({key: _axis(key, each) for key, each in grid.items()})):
        task = json.loads(described)
        source = {**task["stimulus"]["kind"], "dimensions": task["stimulus"]["dimensions"]}
        tasks.append(Task(name, source, task["target"]["factors"], task["correlation_time_ms"], complexity))
    return tasks


def _axis(key: str, each: Any) -> Any:
    """A key of a grid; how many values there may be, and which, is said where tasks are made."""
    if key == "noise":
        return given.choice(key, each, ("ornstein_uhlenbeck", "band_limited"))
    if key == "step_ms":
        return given.positive(key, each)
    if key not in (*WHOLE, *TIMES):
        raise _native.ScenarioError(f"{key} = {each!r}; allowed: noise, step_ms, {', '.join((*WHOLE, *TIMES))}")
    if isinstance(each, (str, bytes, Mapping)) or not isinstance(each, Iterable):
        raise TypeError(f"{key} = {each!r}; allowed: a list of numbers")
    if key in WHOLE:
        return [given.integer(f"{key}[{k}]", item, 1, 12) for k, item in enumerate(each)]
    return [given.finite(f"{key}[{k}]", item) for k, item in enumerate(each)]


class Readout(NamedTuple):
    """A linear readout: ``outputs = states @ weights + intercepts``.

    Attributes
    ----------
    weights : NDArray[float64], shape (features, targets)
    intercepts : NDArray[float64], shape (targets,)
    penalties : NDArray[float64], shape (targets,)
        lambda of each target.
    """

    weights: NDArray[np.float64]
    intercepts: NDArray[np.float64]
    penalties: NDArray[np.float64]

    def predict(self, states: ArrayLike) -> NDArray[np.float64]:
        """Outputs, shape (samples, targets), for states of shape (samples, features)."""
        found = given.floats("states", states, ("samples", "features"))
        if found.shape[1] != len(self.weights):
            allowed = f"{len(self.weights)} columns, as in the states that were fitted"
            raise _native.ScenarioError(f"states = {found.shape[1]} columns; allowed: {allowed}")
        return found @ self.weights + self.intercepts


def readout(states: ArrayLike, targets: ArrayLike, *, penalty: float | None = None) -> Readout:
    """Fit a linear readout by ridge regression, which minimises ``|targets - outputs|^2 + lambda |weights|^2``.

    Parameters
    ----------
    states : array_like of float, shape (samples, features)
        Read where they are if they are float64 in the order of C.
    targets : array_like of float, shape (samples,) or (samples, targets)
        What should come out.
    penalty : float, optional
        lambda, > 0; otherwise that of ten candidates with the least error over five contiguous folds, for each target.

    Returns
    -------
    Readout

    Raises
    ------
    ScenarioError
        If shapes differ, or a number is not finite.
    """
    x = given.floats("states", states, ("samples", "features"))
    y = given.floats("targets", targets, ("samples",), ("samples", "targets"))
    y = y[:, np.newaxis] if y.ndim == 1 else y
    if penalty is not None:
        penalty = given.positive("penalty", penalty)
    elif 2 <= len(x) == len(y) < FOLDS:
        raise _native.ScenarioError(f"penalty = None; allowed: a number > 0, because {len(x)} samples do not make {FOLDS} folds")
    return Readout(*_native.readout(x, np.ascontiguousarray(y), penalty))


def accuracy(labels: ArrayLike, outputs: ArrayLike) -> float:
    """How many cases are classified right: in each uninterrupted run of one label, the class with the largest sum of outputs wins.

    Parameters
    ----------
    labels : array_like of float, shape (samples, classes)
        1 in the column of the class, 0 elsewhere, as the targets of a study's labels.
    outputs : array_like of float, shape (samples, classes)
        Of a readout.

    Returns
    -------
    float
        Between 0 and 1.
    """
    y, z = (given.floats(name, each, ("samples", "classes")) for name, each in (("labels", labels), ("outputs", outputs)))
    if y.shape != z.shape:
        raise _native.ScenarioError(f"outputs = shape {z.shape}; allowed: (samples, classes) as labels, {y.shape}")
    if 0 in y.shape:
        raise _native.ScenarioError(f"labels = shape {y.shape}; allowed: (samples, classes) with at least 1 of each")
    classes = y.argmax(axis=1)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(classes)) + 1])
    return float(np.mean(np.add.reduceat(z, starts).argmax(axis=1) == classes[starts]))
