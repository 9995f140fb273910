"""Stimuli, tasks and readouts for reservoirs: what drives one, what it should compute, and how well a linear readout does.

A task is a function y = F[u] of a stimulus u(t), a product of factors::

    y(t) = product over factors of u_dimension(t + shift)^degree

Names are those of study files. Everything is keyed by its seed: the same arguments give the same arrays.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given


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
    described = json.dumps({"kind": kind, **keys})
    samples = given.integer("samples", samples, 1, 2**40)
    dimensions = given.integer("dimensions", dimensions, 1, 2**20)
    seed, index = given.integer("seed", seed, 0, 2**63 - 1), given.integer("index", index, 0, 2**32 - 1)
    return np.stack(_native.stimulus(described, dt_ms, samples, dimensions, seed, index), axis=1)


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
    columns = np.asarray(u, dtype=np.float64)
    columns = columns[:, np.newaxis] if columns.ndim == 1 else columns
    described = json.dumps({"basis": basis, "factors": [dict(factor) for factor in factors]})
    first, values = _native.target(described, [np.ascontiguousarray(column) for column in columns.T], dt_ms)
    return slice(first, first + len(values)), values


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
    return _native.narma10(np.ascontiguousarray(u, dtype=np.float64))


def suite(**grid: Any) -> list[Task]:
    """The tasks of a grid, simplest first; without arguments the 396 of the study of skewed time constants.

    Parameters
    ----------
    **grid : Any
        ``degrees``, ``shifts_ms``, ``dimensions``, ``correlation_times_ms``: lists; ``noise``: ``"ornstein_uhlenbeck"`` or ``"band_limited"``;
        ``shifts_tau`` in place of ``shifts_ms``: in correlation times, rounded to ``step_ms``.
    """
    tasks = []
    for name, described, complexity in _native.suite(json.dumps(grid)):
        task = json.loads(described)
        source = {**task["stimulus"]["kind"], "dimensions": task["stimulus"]["dimensions"]}
        tasks.append(Task(name, source, task["target"]["factors"], task["correlation_time_ms"], complexity))
    return tasks


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
        return np.asarray(states) @ self.weights + self.intercepts


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
    y = np.asarray(targets, dtype=np.float64)
    y = y[:, np.newaxis] if y.ndim == 1 else y
    x = np.ascontiguousarray(states, dtype=np.float64)
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
    y, z = np.asarray(labels), np.asarray(outputs)
    if y.ndim != 2 or y.shape != z.shape or len(y) == 0:
        raise _native.ScenarioError(f"outputs = shape {z.shape}; allowed: (samples, classes) as labels, {y.shape}, with at least 1 sample")
    classes = y.argmax(axis=1)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(classes)) + 1])
    return float(np.mean(np.add.reduceat(z, starts).argmax(axis=1) == classes[starts]))
