"""A network in motion, to be run piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given
from .progress import Progress, shown
from .result import Recording
from .tables import Spikes, Table

if TYPE_CHECKING:
    from .network import Network, Population
    from .scenario import Scenario


class Membranes(NamedTuple):
    """States of neurons at one time; each array has shape (n,).

    Attributes
    ----------
    v_mv : NDArray[float64]
        Membrane potentials, mV.
    i_syn_ex_pa, i_syn_in_pa : NDArray[float64]
        Excitatory and inhibitory synaptic currents, pA; NaN for delta synapses.
    """

    v_mv: NDArray[np.float64]
    i_syn_ex_pa: NDArray[np.float64]
    i_syn_in_pa: NDArray[np.float64]


class Simulation:
    """A network in motion; made by `Network.simulation`, `Scenario.simulation` or `Simulation.restore`.

    Runs to a and then to b give the spikes of one run to b, bit by bit. While a run goes on other threads of Python work; Ctrl-C ends
    it at the next epoch with KeyboardInterrupt, and it can go on: the next run returns what the ended one would have. An exception
    in a callback, or a run that fails, ends the simulation for good.
    """

    def __init__(self, built: _native.Built, *, threads: int = 1, snapshot: bytes | None = None) -> None:
        self._built = built
        self._native = _native.Simulation(built, given.threads(threads), snapshot)

    @classmethod
    def restore(cls, network: Network | Scenario, snapshot: bytes, *, threads: int = 1) -> Simulation:
        """Go on from a saved state.

        Parameters
        ----------
        network : Network or Scenario
            Seed, neurons and synapses must be those of the snapshot; inputs may be others, which act from its time on.
        snapshot : bytes
            What `save` returned, or the content of a file of the program's ``--save-snapshot``.
        threads : int
            1 to 1024; no spike depends on it.

        Raises
        ------
        SnapshotError
            If it is damaged, or belongs to another network.
        """
        return cls(network._build(threads, None), threads=threads, snapshot=snapshot)

    @property
    def now_ms(self) -> float:
        """Model time, ms: all events before it have happened."""
        return self._native.now_ms

    @property
    def counters(self) -> dict[str, int]:
        """Totals since time 0, by name."""
        return self._native.counters()

    @property
    def digest(self) -> str:
        """SHA-256 of all spikes that runs have returned so far."""
        return self._native.digest()

    def __repr__(self) -> str:
        return f"<Simulation at {self.now_ms} ms>"

    def run_until(self, until_ms: float, *, progress: bool | Progress = False) -> Recording:
        """Run on.

        Parameters
        ----------
        until_ms : float
            Model time, ms, not before `now_ms`. The run covers ``[now_ms, until_ms)``; a probe at `until_ms` looks.
        progress : bool or callable, optional
            As of `Network.run`.

        Returns
        -------
        Recording
            Of this stretch.

        Raises
        ------
        ValueError
            If `until_ms` is before the present, or after 1e12 ms.
        SimulationError
            If the network cannot be simulated on, or could not before.
        """
        spikes, probes, intervals = self._native.run_until(given.number(until_ms), shown(progress))
        return Recording(Spikes(spikes), Table(probes), Table(intervals))

    def membranes(self, neurons: Population | ArrayLike) -> Membranes:
        """The states of neurons now.

        Parameters
        ----------
        neurons : Population or array_like of int, shape (n,)
            Whose: a whole population, or neurons as tables call them (``population.first + position``).

        Returns
        -------
        Membranes
            Arrays of shape (n,).
        """
        found = getattr(neurons, "neurons", neurons)
        return Membranes(*self._native.membranes(given.array(found)))

    def save(self) -> bytes:
        """The state as bytes, for `restore`."""
        return self._native.save()
