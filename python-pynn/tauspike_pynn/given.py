"""What users hand in: refused by field, value and what is allowed, in the terms of PyNN."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np
from pyNN import errors


class Range(NamedTuple):
    """Numbers that are allowed; never NaN."""

    low: float
    high: float
    words: str

    def includes(self, values: Any) -> Any:
        """Whether it includes a number, or each of an array."""
        return (values >= self.low) & (values <= self.high)


FINITE = Range(-sys.float_info.max, sys.float_info.max, "a finite number")
NOT_NEGATIVE = Range(0.0, sys.float_info.max, "a finite number, at least 0")
POSITIVE = Range(sys.float_info.min, sys.float_info.max, "a finite number above 0")
#: An end may be never.
END = Range(-sys.float_info.max, float("inf"), "a number; inf if it never ends")
DURATION = Range(0.0, float("inf"), "a number, at least 0")


def refused(field: str, value: Any, allowed: str) -> errors.InvalidParameterValueError:
    """The refusal of a value."""
    told = f"{value:g}" if isinstance(value, np.floating) else repr(value)
    return errors.InvalidParameterValueError(f"{field} = {told}; allowed: {allowed}")


def number(field: str, value: Any, allowed: Range) -> float:
    """A number of any library."""
    try:
        found = float("nan" if isinstance(value, (str, bytes)) else value)
    except (TypeError, ValueError, OverflowError):
        found = float("nan")
    if not allowed.includes(found):
        raise refused(field, value, allowed.words)
    return found


def each(field: str, values: Any, allowed: Range) -> None:
    """Refuses the first of these numbers that is not allowed; one number has no position."""
    values = np.asarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~allowed.includes(values))
    if wrong.size > 0:
        position = "" if values.ndim == 0 else f"[{wrong[0]}]"
        raise refused(f"{field}{position}", values.flat[wrong[0]], allowed.words)


def integer(field: str, value: Any, least: int, most: int) -> int:
    """An integer of any library."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or not least <= value <= most:
        raise refused(field, value, f"an integer, {least} to {most}")
    return int(value)


def ascending(field: str, times: np.ndarray, *, strictly: bool) -> None:
    """Refuses times (ms) that are not finite, are negative, or do not ascend."""
    each(field, times, NOT_NEGATIVE)
    steps = np.diff(times)
    wrong = np.flatnonzero(steps <= 0.0 if strictly else steps < 0.0)
    if wrong.size > 0:
        k = wrong[0] + 1
        order = "in increasing order, none twice" if strictly else "in ascending order"
        raise refused(f"{field}[{k}]", times[k], f"times {order}, here after {times[k - 1]:g}")
