"""What users hand in, as what the compiled part takes: numbers, texts, lists, dictionaries and NumPy arrays."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from . import _native
from .distribution import Distribution


def value(given: Any) -> Any:
    """A distribution as its table, a path as its text, a column of any library as a NumPy array; anything else as it is."""
    if isinstance(given, Distribution):
        return value(given.table)
    if isinstance(given, Mapping):
        return {key: value(item) for key, item in given.items()}
    if isinstance(given, os.PathLike):
        return os.fspath(given)
    if isinstance(given, (str, bytes, int, float)) or given is None:
        return given
    if isinstance(given, (list, tuple)):
        return _list(given)
    if isinstance(given, range) or hasattr(given, "__array__") or hasattr(given, "__array_interface__"):
        return np.asarray(given)
    return given


def integer(field: str, given: Any, least: int, most: int) -> int:
    """An integer of any library within bounds."""
    try:
        found = operator.index(given)
    except TypeError:
        raise TypeError(f"{field} = {given!r}; allowed: an integer from {least} to {most}") from None
    if not least <= found <= most:
        raise _native.ScenarioError(f"{field} = {found}; allowed: an integer from {least} to {most}")
    return found


def number(field: str, given: Any) -> float:
    """A number of any library; one beyond the range of floats is infinite, which is refused."""
    if isinstance(given, (str, bytes)):
        raise TypeError(f"{field} = {given!r}; allowed: a number")
    try:
        return float(given)
    except OverflowError:
        return float("inf")
    except (TypeError, ValueError):
        raise TypeError(f"{field} = {given!r}; allowed: a number") from None


def threads(given: Any) -> int:
    """How many threads."""
    return integer("threads", given, 1, 1024)


def array(given: Any) -> np.ndarray:
    """Any column or sequence of numbers as a NumPy array, without a copy where it is one; of no numbers, of integers."""
    found = np.asarray(given)
    return found.astype(np.int64) if found.size == 0 and isinstance(given, (list, tuple)) else found


def each(**columns: Any) -> list[np.ndarray]:
    """Columns of one length; a single number is that of all rows."""
    found = {name: array(column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in found.items() if column.ndim > 0}
    if not lengths:
        return [np.atleast_1d(column) for column in found.values()]
    longest, rows = next(iter(lengths.items()))
    for name, length in lengths.items():
        if length != rows:
            raise _native.ScenarioError(f"{name} = {length} values; allowed: a number, or {rows} values, as many as {longest}")
    return [np.full(rows, column) if column.ndim == 0 else column for column in found.values()]


def _within_floats(given: float) -> float:
    """An integer beyond the range of floats as infinity, which is refused."""
    return given if isinstance(given, float) or abs(given) < 2**1023 else float("inf")


def _list(given: Sequence[Any]) -> Any:
    """Lists of numbers alone become arrays, since there may be a million of them."""
    if len(given) > 8 and all(type(item) in (int, float) for item in given):
        return np.asarray([_within_floats(item) for item in given])
    return [value(item) for item in given]
