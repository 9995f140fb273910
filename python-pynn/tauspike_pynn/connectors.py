"""What connectors of PyNN are given, checked against the populations: PyNN leaves out what does not fit, or wraps it around."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyNN import connectors, errors

if TYPE_CHECKING:
    from .projections import Projection


def check(connector: connectors.Connector, projection: Projection) -> None:
    """Refuses what would give other synapses than were asked for."""
    name = type(connector).__name__
    if isinstance(connector, connectors.FromFileConnector):
        # of a distributed file there is one for each process, which PyNN opens itself
        if not connector.distributed:
            connector.file.get_metadata()  # which goes back to the beginning
            _check_rows(name, connector.file.read(), projection)
    elif isinstance(connector, connectors.FromListConnector):
        _check_rows(name, connector.conn_list, projection)
    elif isinstance(connector, connectors.ArrayConnector):
        _check_matrix(name, np.asarray(connector.array), projection)
    elif isinstance(connector, connectors.FixedProbabilityConnector) and not 0.0 <= connector.p_connect <= 1.0:
        raise errors.ConnectionError(f"{name}: p_connect = {connector.p_connect!r}; allowed: 0 to 1")


def _check_rows(name: str, rows: np.ndarray, projection: Projection) -> None:
    if rows.size == 0:
        return
    if rows.ndim != 2:
        raise errors.ConnectionError(f"{name}: an array of shape {rows.shape}; allowed: rows (source, target, ..), of a file at least two")
    for column, role, population in [(0, "source", projection.pre), (1, "target", projection.post)]:
        positions = rows[:, column].astype(np.float64)
        fits = (positions >= 0) & (positions < population.size) & (positions == np.rint(positions))
        wrong = np.flatnonzero(~fits)
        if wrong.size > 0:
            row = wrong[0]
            allowed = f"an integer, 0 to {population.size - 1}, as a position in {population.label!r}"
            values = ", ".join(f"{value:g}" for value in rows[row])
            raise errors.ConnectionError(f"{name}: row {row} = ({values}), whose {role} = {positions[row]:g}; allowed: {allowed}")


def _check_matrix(name: str, array: np.ndarray, projection: Projection) -> None:
    if array.shape != projection.shape:
        allowed = f"{projection.shape}, a row for each source and a column for each target"
        raise errors.ConnectionError(f"{name}: array.shape = {array.shape}; allowed: {allowed}")
    if array.dtype != bool:
        # PyNN takes numbers as the positions of sources
        raise errors.ConnectionError(f"{name}: array.dtype = {array.dtype}; allowed: bool, True where there is a synapse")
