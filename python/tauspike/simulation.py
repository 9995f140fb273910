"""A network in motion, to be run piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given
from .population import Population
from .progress import Progress, shown
from .result import Recording
from .tables import Spikes, Table

if TYPE_CHECKING:
    from .network import Network
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
    in a callback, or a run that fails, ends the simulation for good; `recorded` then returns what there was before.

    Threads do not follow a fork: a simulation that has run with several can go on in the process that made it alone.
    """

    def __init__(self, built: _native.Built, *, threads: int = 1, snapshot: bytes | None = None) -> None:
        self._built = built
        self._native = _native.Simulation(built, given.threads(threads), snapshot)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Neither copied nor pickled: a copy would run with what it is a copy of."""
        raise TypeError("a Simulation can be neither copied nor pickled; `Simulation.restore` makes another from its `save()`")

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
        if not hasattr(network, "_build"):
            raise TypeError(f"network = {network!r}; allowed: a Network or a Scenario")
        if not isinstance(snapshot, (bytes, bytearray, memoryview)):
            raise TypeError(f"snapshot = a value of type {type(snapshot).__name__}; allowed: bytes, as `save` returns them")
        return cls(network._build(threads, None), threads=threads, snapshot=bytes(snapshot))

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
        try:
            return f"<Simulation at {self.now_ms} ms>"
        except RuntimeError:
            # another thread runs it, and its time with it
            return "<Simulation, running>"

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
        return _recording(self._native.run_until(given.number("until_ms", until_ms), shown(progress)))

    def recorded(self) -> Recording:
        """What runs have recorded and not returned, because they failed or were ended by an exception.

        Returns
        -------
        Recording
            Empty if there is nothing. It is returned once.
        """
        return _recording(self._native.recorded())

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
        return Membranes(*self._native.membranes(given.array("neurons", self._neurons(neurons))))

    def inject(self, sources: Population | ArrayLike, times_ms: ArrayLike) -> None:
        """Make sources fire: bit by bit as if these spikes were in their trains.

        Source ``sources[k]`` fires at ``times_ms[k]``, in any order; a single number stands for all. A spike at the time of another
        is a second one.

        Parameters
        ----------
        sources : Population or array_like of int, shape (n,)
            Of populations of model ``"spike_trains"``, as tables call them (``population.first + position``).
        times_ms : array_like of float, shape (n,)
            Not before `now_ms`, ms.

        Raises
        ------
        ValueError
            If a source has no trains, or a time is past; then nothing is taken.

        Examples
        --------
        >>> net = tauspike.Network(seed=1)
        >>> sources = net.population("sources", 2, model="spike_trains", trains_ms=[[], []])
        >>> simulation = net.simulation()
        >>> simulation.inject(sources, [3.0, 1.5])
        >>> simulation.run_until(10.0).spikes.neuron.tolist()
        [1, 0]
        """
        self._native.inject(*given.each(sources=self._neurons(sources), times_ms=times_ms))

    def inject_onto(
        self,
        neurons: Population | ArrayLike,
        times_ms: ArrayLike,
        *,
        weight_mv: ArrayLike | None = None,
        weight_pa: ArrayLike | None = None,
    ) -> None:
        """Let arrivals come to neurons: bit by bit as if a synapse of that weight brought a spike then.

        Parameters
        ----------
        neurons : Population or array_like of int, shape (n,)
            Whom they reach, as tables call them (``population.first + position``).
        times_ms : array_like of float, shape (n,)
            When, not before `now_ms`, ms. A single number stands for all, here as for weights.
        weight_mv, weight_pa : array_like of float, shape (n,)
            One of the two: mV for delta synapses, pA for synaptic currents.

        Raises
        ------
        ValueError
            If a neuron, time or weight is not allowed; then nothing is taken.
        """
        if (weight_mv is None) == (weight_pa is None):
            both = f"weight_mv = {weight_mv!r}, weight_pa = {weight_pa!r}"
            raise _native.ScenarioError(f"{both}; allowed: one of the two")
        unit, weight = ("weight_pa", weight_pa) if weight_mv is None else ("weight_mv", weight_mv)
        neurons, times, weights = given.each(neurons=self._neurons(neurons), times_ms=times_ms, **{unit: weight})
        self._native.inject_onto(neurons, times, unit, weights)

    def set_current(self, neurons: Population | ArrayLike, values_pa: ArrayLike, *, from_ms: float | None = None) -> None:
        """Set the currents of neurons, which add to ``i_e_pa`` and current inputs, and hold until others are set.

        Parameters
        ----------
        neurons : Population or array_like of int, shape (n,)
            Whose, as tables call them (``population.first + position``).
        values_pa : array_like of float, shape (n,)
            pA; a single number is that of all.
        from_ms : float, optional
            From when on, ms, not before `now_ms`; from now on if absent. What was set for later times stays.

        Raises
        ------
        ValueError
            If a neuron, value or time is not allowed; then nothing is set.
        """
        neurons, values = given.each(neurons=self._neurons(neurons), values_pa=values_pa)
        self._native.set_current(neurons, values, None if from_ms is None else given.number("from_ms", from_ms))

    def set_rate(self, name: Population | str, rate_hz: float) -> None:
        """Set the rate of a Poisson input, or of a population of Poisson sources, from now on; a profile still multiplies it.

        Parameters
        ----------
        name : Population or str
            The population, or the name of it or of the input.
        rate_hz : float
            Of each member, Hz.

        Raises
        ------
        ValueError
            If nothing of this name has a rate, or the rate is not allowed.
        """
        if not isinstance(name, (str, Population)):
            raise TypeError(f"name = {name!r}; allowed: a population, or the name of one or of an input")
        called = given.population("name", name, self._members()) if isinstance(name, Population) else given.text("name", name)
        self._native.set_rate(called, given.number("rate_hz", rate_hz))

    def save(self) -> bytes:
        """The state as bytes, for `restore`.

        Raises
        ------
        RuntimeError
            If a run was ended, and what it recorded has not been returned: a snapshot does not hold it.
        """
        return self._native.save()

    def _neurons(self, neurons: Population | ArrayLike) -> ArrayLike:
        """The neurons of a population of this network, or the indices in its place."""
        if not isinstance(neurons, Population):
            return neurons
        given.population("neurons", neurons, self._members())
        return neurons.neurons

    def _members(self) -> dict[str, range]:
        """The neurons of each population."""
        return {name: range(first, first + size) for name, first, size in self._built.populations}


def _recording(tables: tuple[_native.Table, _native.Table, _native.Table]) -> Recording:
    spikes, probes, intervals = tables
    return Recording(Spikes(spikes), Table(probes), Table(intervals))
