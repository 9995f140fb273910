"""Tables of a run: Arrow for polars, pyarrow, duckdb and pandas, and NumPy for single columns, without a copy where they can."""

from __future__ import annotations

import html
import os
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from . import _native, given
from .plot import SpikePlot

if TYPE_CHECKING:
    import neo
    import pandas
    import polars

    from .population import Population

#: Rows that a notebook shows.
SHOWN = 10


class Table:
    """A table of a run. Any library that knows Arrow's PyCapsule interface reads it: ``polars.DataFrame(table)``, ``pyarrow.table(table)``.

    ``table["time_ms"]`` is a column as a read-only NumPy array, without a copy. Units are in the names.
    """

    def __init__(self, native: _native.Table) -> None:
        self._native = native

    def __len__(self) -> int:
        return len(self._native)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._native.columns

    def __getitem__(self, column: str) -> NDArray[Any]:
        """A column, shape (n,). ``population`` holds positions in the list of populations; what is null is NaN; texts are copied."""
        texts = self._native.texts(column)
        return np.asarray(self._native.column(column)) if texts is None else np.array(texts, dtype=object)

    def __arrow_c_schema__(self) -> object:
        """Arrow's PyCapsule interface: names and types of the columns."""
        return self._native.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's PyCapsule interface: all rows, without a copy."""
        return self._native.__arrow_c_stream__(requested_schema)

    def to_polars(self) -> polars.DataFrame:
        """As a Polars data frame; ``population`` is Categorical."""
        import polars

        return polars.DataFrame(self)

    def to_pandas(self) -> pandas.DataFrame:
        """As a pandas data frame; ``population`` is a category."""
        import pandas

        columns = {name: self[name] for name in self.columns}
        if "population" in columns and self._native.populations:
            names = [name for name, _, _ in self._native.populations]
            columns["population"] = pandas.Categorical.from_codes(columns["population"], names)
        return pandas.DataFrame(columns, copy=False)

    def to_csv(self, path: str | os.PathLike[str]) -> None:
        """Write a CSV file that `tauspike compare` and scenarios read; numbers have all their digits.

        Parameters
        ----------
        path : path-like
            The file, replaced if it is there.
        """
        from .exchange import write_csv

        write_csv(self, given.path("path", path))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        names = [name for name, _, _ in self._native.populations]

        def cell(column: str, row: int) -> str:
            item = names[shown[column][row]] if column == "population" and names else shown[column][row]
            return f"<td>{html.escape(item) if isinstance(item, str) else format(item, '.10g')}</td>"

        shown = {name: self[name][:SHOWN] for name in self.columns}
        head = "".join(f"<th title='{self._native.described(name)[1]}'>{name}</th>" for name in self.columns)
        rows = ["".join(cell(name, row) for name in self.columns) for row in range(min(SHOWN, len(self)))]
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        more = f"<p>{SHOWN} of {len(self)} rows</p>" if len(self) > SHOWN else ""
        return f"<table><tr>{head}</tr>{body}</table>{more}"


class Spikes(Table):
    """Spikes, sorted by time, then neuron: ``time_ms`` (float64), ``neuron`` (uint32), ``population`` (dictionary)."""

    @property
    def time_ms(self) -> NDArray[np.float64]:
        """Times, ms, shape (n,), without a copy."""
        return self["time_ms"]

    @property
    def neuron(self) -> NDArray[np.uint32]:
        """Neurons, shape (n,), without a copy."""
        return self["neuron"]

    @property
    def populations(self) -> dict[str, range]:
        """The neurons of each population."""
        return {name: range(first, first + size) for name, first, size in self._native.populations}

    @property
    def digest(self) -> str:
        """SHA-256 over times and neurons; that of a run of the program `tauspike` with the same spikes."""
        return self._native.digest()

    @property
    def plot(self) -> SpikePlot:
        """Pictures: ``.raster()``, ``.rate()``, ``.isi()``, on matplotlib."""
        return SpikePlot(self)

    def of(self, population: Population | str) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
        """The spikes of one population.

        Parameters
        ----------
        population : Population or str
            Whose.

        Returns
        -------
        time_ms : NDArray[float64], shape (n,)
            Times, ms.
        position : NDArray[uint32], shape (n,)
            Positions in the population.
        """
        populations = self.populations
        members = populations[given.population("population", population, populations)]
        here = (self.neuron >= members.start) & (self.neuron < members.stop)
        return self.time_ms[here], self.neuron[here] - np.uint32(members.start)

    def trains(self, population: Population | str) -> list[NDArray[np.float64]]:
        """The spike train of each member of a population, ms, ascending; silent members too.

        Parameters
        ----------
        population : Population or str
            Whose.
        """
        time, position = self.of(population)
        order = np.argsort(position, kind="stable")
        size = len(self.populations[getattr(population, "name", population)])
        return np.split(time[order], np.searchsorted(position[order], np.arange(1, size)))

    def to_neo(self, t_stop_ms: float, *, t_start_ms: float = 0.0) -> neo.Segment:
        """As a Neo segment, for Elephant and others: a SpikeTrain for each neuron, silent ones too.

        Parameters
        ----------
        t_stop_ms : float
            End of the run, ms; what fires is silent afterwards for all that is known.
        t_start_ms : float
            Its start, ms.
        """
        from .exchange import segment

        return segment(self, given.finite("t_start_ms", t_start_ms), given.finite("t_stop_ms", t_stop_ms))

    def to_sonata(self, path: str | os.PathLike[str]) -> None:
        """Write a spike file in the SONATA format: ``/spikes/<population>/{timestamps, node_ids}``, sorted by time.

        Parameters
        ----------
        path : path-like
            The file, replaced if it is there. Nodes are positions in their population.
        """
        from .exchange import write_sonata

        write_sonata(self, given.path("path", path))
