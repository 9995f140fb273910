"""What users hand in, as what the compiled part takes: numbers, texts, lists, dictionaries and NumPy arrays.

Each function is told how messages call the value, and refuses it by that name with what is allowed.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _native
from .distribution import Distribution
from .population import Population

#: Times beyond this, ms, are refused by the engine.
LATEST_MS = 1e12
#: Shortest interval of probes and of counters, ms.
SHORTEST_MS = 1e-6


def value(field: str, given: Any) -> Any:
    """A distribution as its table, a path as its text, a column of any library as a NumPy array; anything else as it is."""
    if isinstance(given, Distribution):
        return value(field, given.table)
    if isinstance(given, Mapping):
        return {key: value(f"{field}.{key}", item) for key, item in given.items()}
    if isinstance(given, os.PathLike):
        return os.fspath(given)
    if isinstance(given, str):
        return text(field, given)
    if isinstance(given, (bytes, int, float)) or given is None:
        return given
    if isinstance(given, (list, tuple)):
        return _list(field, given)
    if isinstance(given, range) or hasattr(given, "__array__") or hasattr(given, "__array_interface__"):
        unmasked(field, given)
        return np.asarray(given)
    return given


def values(place: str, keys: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a call, each under its name with `place` before it."""
    return {key: value(f"{place}{key}", item) for key, item in keys.items()}


def text(field: str, given: Any) -> str:
    """A text."""
    if not isinstance(given, str):
        raise TypeError(f"{field} = {given!r}; allowed: a text")
    try:
        given.encode()
    except UnicodeEncodeError:
        raise _native.ScenarioError(f"{field} = {given!r}; allowed: a text without half characters, as UTF-8 can hold it") from None
    return given


def texts(field: str, given: Any) -> list[str]:
    """Several texts; one alone is not taken for its letters."""
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise TypeError(f"{field} = {given!r}; allowed: a list of texts")
    return [text(f"{field}[{k}]", item) for k, item in enumerate(given)]


def path(field: str, given: Any) -> str | os.PathLike[str]:
    """A file or folder."""
    if not isinstance(given, (str, os.PathLike)):
        raise TypeError(f"{field} = {given!r}; allowed: a path, as a text or a pathlib.Path")
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
    unmasked(field, given)
    if isinstance(given, (str, bytes, bool, np.bool_)):
        raise TypeError(f"{field} = {given!r}; allowed: a number")
    try:
        return float(given)
    except OverflowError:
        return float("inf")
    except (TypeError, ValueError):
        raise TypeError(f"{field} = {given!r}; allowed: a number") from None


def within(field: str, given: Any, least: float, most: float) -> float:
    """A number within bounds."""
    found = number(field, given)
    if not least <= found <= most:
        raise _native.ScenarioError(f"{field} = {found!r}; allowed: a number from {_short(least)} to {_short(most)}")
    return found


def positive(field: str, given: Any) -> float:
    """A finite number above 0."""
    found = number(field, given)
    if not 0.0 < found < float("inf"):
        raise _native.ScenarioError(f"{field} = {found!r}; allowed: a finite number > 0")
    return found


def finite(field: str, given: Any) -> float:
    """A number that is neither infinite nor none at all."""
    found = number(field, given)
    if not np.isfinite(found):
        raise _native.ScenarioError(f"{field} = {found!r}; allowed: a finite number")
    return found


def choice(field: str, given: Any, allowed: Iterable[str]) -> str:
    """One of some texts."""
    if not isinstance(given, str) or given not in allowed:
        kind = _native.ScenarioError if isinstance(given, str) else TypeError
        raise kind(f"{field} = {given!r}; allowed: one of {', '.join(map(repr, allowed))}")
    return given


def threads(given: Any) -> int:
    """How many threads."""
    return integer("threads", given, 1, 1024)


def population(field: str, given: Any, known: Mapping[str, range]) -> str:
    """The name of a population, handed in as such or by its name, among those of a network with their neurons."""
    name = given.name if isinstance(given, Population) else given
    if isinstance(name, str) and name in known and (given is name or given.members == known[name]):
        return name
    raise _native.ScenarioError(f"{field} = {given!r}; allowed: {of_this_network(known)}")


def of_this_network(names: Iterable[str]) -> str:
    """What is allowed in place of a population that is not there."""
    return f"a population of this network ({', '.join(map(repr, names)) or 'none yet'})"


def unmasked(field: str, given: Any) -> None:
    """Refuses what NumPy would take for a number although it is masked, in arrays and in lists of them."""
    if isinstance(given, np.ma.MaskedArray):
        for entry in np.argwhere(np.ma.getmaskarray(given))[:1]:
            raise _native.ScenarioError(f"{field}{_place(entry)} = masked; allowed: numbers, none of them masked")
    elif isinstance(given, (list, tuple)):
        for k, item in enumerate(given):
            if isinstance(item, (np.ma.MaskedArray, list, tuple)):
                unmasked(f"{field}[{k}]", item)


def array(field: str, given: Any) -> NDArray[Any]:
    """Any column or sequence of numbers as a NumPy array, without a copy where it is one; of no numbers, of integers."""
    unmasked(field, given)
    try:
        found = np.asarray(given)
    except (TypeError, ValueError, OverflowError):
        _within_64_bits(field, given)
        # lists of different lengths in a list, and tables of other libraries
        raise TypeError(f"{field} = a value of type {type(given).__name__}; allowed: an array, or a list of numbers") from None
    if found.dtype == object:
        _within_64_bits(field, given)
    # nothing is cast that is not there, and an empty column has the type that its library likes
    return np.empty(0, dtype=np.int64) if found.shape == (0,) else found


def floats(field: str, given: Any, *shapes: tuple[str, ...]) -> NDArray[np.float64]:
    """Finite numbers as float64 in the order of C, in an array of one of these shapes, each told by its axes."""
    found = array(field, given)
    try:
        if found.dtype.kind not in "biufO":
            raise TypeError
        numbers = np.ascontiguousarray(found.astype(np.float64, copy=False)).reshape(found.shape)
    except (TypeError, ValueError):
        raise TypeError(f"{field} = an array of {found.dtype}; allowed: numbers") from None
    if found.ndim not in [len(axes) for axes in shapes]:
        allowed = " or ".join(f"({', '.join(axes)}{',' * (len(axes) == 1)})" for axes in shapes)
        raise _native.ScenarioError(f"{field} = an array of shape {found.shape}; allowed: shape {allowed}")
    for entry in np.argwhere(~np.isfinite(numbers))[:1]:
        raise _native.ScenarioError(f"{field}{_place(entry)} = {numbers[tuple(entry)]}; allowed: a finite number")
    return numbers


def each(**columns: Any) -> list[NDArray[Any]]:
    """Columns of one length; a single number is that of all rows."""
    found = {name: array(name, column) for name, column in columns.items()}
    lengths = {name: len(column) for name, column in found.items() if column.ndim > 0}
    if not lengths:
        return [np.atleast_1d(column) for column in found.values()]
    longest, rows = next(iter(lengths.items()))
    for name, length in lengths.items():
        if length != rows:
            raise _native.ScenarioError(f"{name} = {length} values; allowed: a number, or {rows} values, as many as {longest}")
    return [np.full(rows, column) if column.ndim == 0 else column for column in found.values()]


def _within_64_bits(field: str, given: Any) -> None:
    """Refuses larger integers in a list by value: NumPy keeps them as objects, which say nothing."""
    for k, item in enumerate(given if isinstance(given, (list, tuple)) else ()):
        if isinstance(item, int) and not _in_64_bits([item]):
            raise _native.ScenarioError(f"{field}[{k}] = {_number(item)}; allowed: a number of at most 64 bits")


def _in_64_bits(given: Sequence[int | float]) -> bool:
    """Whether NumPy has integers for those that are such, and floats for the rest."""
    return all(isinstance(item, float) or -(2**63) <= item < 2**63 for item in given)


def _number(given: int | float) -> float:
    """An integer beyond the range of floats as infinity, which is refused."""
    return float(given) if isinstance(given, float) or abs(given) < 2**1023 else float("inf")


def _list(field: str, given: Sequence[Any]) -> Any:
    """Lists of numbers alone become arrays, since there may be a million of them."""
    if len(given) > 8 and all(type(item) in (int, float) for item in given):
        return np.asarray(given if _in_64_bits(given) else [_number(item) for item in given])
    return [value(f"{field}[{k}]", item) for k, item in enumerate(given)]


def _place(entry: Sequence[int]) -> str:
    """``[1]`` or ``[0, 2]``; nothing for a number alone."""
    return f"[{', '.join(map(str, entry))}]" if len(entry) else ""


def _short(bound: float) -> str:
    return f"{bound:.12g}".replace("e+", "e")
