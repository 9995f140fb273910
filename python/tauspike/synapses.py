"""Tables of synapses, of any library, as the columns of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sized
from typing import Any

import numpy as np

from . import _native, given

#: Columns beside pre and post.
COLUMNS = ("weight_mv", "weight_pa", "delay_ms")


def synapse_columns(place: str, synapses: Any, pre: Any, post: Any, keys: dict[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
    """Sources and targets out of a table, and the keys with its other columns; no column is there twice."""
    table = _table(f"{place}synapses", synapses)
    beside = {"pre": pre, "post": post, **keys}
    for key in table:
        if beside.get(key) is not None:
            raise _native.ScenarioError(f"{place}{key} = a value beside the column {key!r} of synapses; allowed: one of the two")
    for key in ("pre", "post"):
        if key not in table:
            raise _native.ScenarioError(f"{place}synapses.{key} = absent; allowed: a column of positions")
    for key in sorted(table.keys() - {"pre", "post", *COLUMNS}):
        raise _native.ScenarioError(f"{place}synapses.{key} = a column; allowed: pre, post, {', '.join(COLUMNS)}")
    return table.pop("pre"), table.pop("post"), keys | table


def _table(field: str, synapses: Any) -> dict[str, Any]:
    """The columns of a table of any library by name."""
    names = None
    # a query that has not run has columns too, but no length
    if isinstance(synapses, Sized):
        of_dictionary = synapses if isinstance(synapses, Mapping) else None
        names = getattr(synapses, "column_names", getattr(synapses, "columns", of_dictionary))  # pyarrow; polars, pandas
    if names is None:
        allowed = "a table with columns pre and post: a dictionary of arrays, polars.DataFrame, pandas.DataFrame or pyarrow.Table"
        raise TypeError(f"{field} = a value of type {type(synapses).__name__}; allowed: {allowed}")
    return {str(name): synapses[name] for name in names}


def none_of_none(keys: dict[str, Any], synapses: int) -> dict[str, Any]:
    """Columns without a number, of no synapses, as a number that none of them has."""
    none = [key for key in COLUMNS if synapses == 0 and isinstance(keys.get(key), (list, np.ndarray)) and np.size(keys[key]) == 0]
    return keys | dict.fromkeys(none, 1.0)
