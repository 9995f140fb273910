"""Networks built in code, with the names of the scenario file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _native, given
from .population import Population
from .progress import checked
from .report import Report
from .result import Result, finish
from .simulation import Simulation
from .synapses import none_of_none, synapse_columns

if TYPE_CHECKING:
    from .progress import Progress


class Network:
    """A network in description, with populations, projections, inputs and probes.

    Neurons are leaky integrate-and-fire, with parameters of their own::

        tau_m dV/dt = -(V - E_L) + tau_m (I_e + I_syn) / C_m

    Where V reaches ``v_th`` a neuron fires, and V stands at ``v_reset`` for ``t_ref``. In model ``lif_delta`` V jumps by the weight
    (mV) of what arrives; in ``lif_exp`` the excitatory or the inhibitory part of I_syn does (pA), and decays with ``tau_syn_ex`` or
    ``tau_syn_in``; in ``lif_alpha`` an alpha function with its peak of that weight (pA) at ``tau_syn`` is added. ``li_delta``, ``li_exp`` and
    ``li_alpha`` are the same without a threshold: they never fire, and probes see them.

    Every call is checked at once, and changes nothing if it is refused. Parameters are numbers, a `Distribution`, or arrays with a
    number for each neuron. Arrays are float64, float32 or integers, of one dimension, without gaps and in the byte order of the
    machine; nothing is cast silently.

    Parameters
    ----------
    seed : int
        Of every random draw, >= 0.
    name : str
        Its name in messages and manifests.

    Raises
    ------
    ScenarioError
        A ValueError that names field, value and what is allowed.
    TypeError
        If a value is of a wrong type; it names the same.
    """

    def __init__(self, *, seed: int = 1, name: str = "network") -> None:
        self._native = _native.Network(given.text("name", name), given.integer("seed", seed, 0, 2**63 - 1))
        self._populations: dict[str, Population] = {}
        self._projections: list[tuple[str, str]] = []
        #: The kind of each by name.
        self._inputs: dict[str, str] = {}
        self._built: dict[tuple[int, float | None], _native.Built] = {}

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Neither copied nor pickled: a copy would share some of what is added to it."""
        raise TypeError("a Network can be neither copied nor pickled; make it again by the same calls, which give the same network")

    @property
    def name(self) -> str:
        """Its name."""
        return self._native.name

    @property
    def seed(self) -> int:
        """Seed of every random draw."""
        return self._native.seed

    @property
    def populations(self) -> dict[str, Population]:
        """All populations by name, in the order of their neurons."""
        return dict(self._populations)

    def __repr__(self) -> str:
        size = sum(population.size for population in self._populations.values())
        return f"<Network {self.name!r}: {size} neurons and sources in {len(self._populations)} populations>"

    def population(
        self, name: str, size: int, *, model: str = "lif_delta", trains_ms: Sequence[ArrayLike] | None = None, **parameters: Any
    ) -> Population:
        """Add neurons or spike sources.

        Parameters
        ----------
        name : str
            Unique.
        size : int
            How many, at least 1.
        model : str
            One of those above: neurons; ``"poisson"``: sources that fire as Poisson processes; ``"spike_trains"``:
            sources that fire at given times.
        trains_ms : sequence of array_like, optional
            For ``"spike_trains"``: the times of each source, ms, ascending.
        **parameters : float, Distribution or array_like of shape (size,)
            Of neurons: ``tau_m_ms`` (10), ``c_m_pf`` (250), ``e_l_mv`` (-70), ``v_th_mv`` (-55), ``v_reset_mv`` (that of ``e_l_mv``),
            ``t_ref_ms`` (2), ``i_e_pa`` (0), ``v_init_mv`` (that of ``e_l_mv``), and with ``_exp`` and ``_alpha`` ``tau_syn_ex_ms`` (2)
            and ``tau_syn_in_ms`` (2); ``li_*`` have no ``v_th_mv``, ``v_reset_mv`` and ``t_ref_ms``. Of Poisson sources: ``rate_hz``, ``profile``
            (``{"times_ms": .., "values": ..}``: a factor of the rate that changes with time), ``start_ms``, ``stop_ms``. Or the name of a file, as in a scenario: ``parameters``, ``file``.

        Returns
        -------
        Population

        Examples
        --------
        >>> net = Network(seed=1)
        >>> net.population("E", 3, tau_m_ms=[10.0, 20.0, 40.0], v_th_mv=-50.0)
        Population(name='E', first=0, size=3, model='lif_delta')
        """
        place = _place("population", name)
        keys = given.values(place, {"name": name, "size": size, "model": model, **parameters})
        _check_rate_name(place, name, model, self._inputs, "Poisson input")
        self._native.population(keys, None if trains_ms is None else _trains(f"{place}trains_ms", trains_ms))
        first = sum(population.size for population in self._populations.values())
        added = Population(name, first, int(size), model)
        self._populations[name] = added
        self._built.clear()
        return added

    def project(
        self,
        source: Population | str,
        target: Population | str,
        *,
        name: str | None = None,
        rule: str | None = None,
        pre: ArrayLike | None = None,
        post: ArrayLike | None = None,
        synapses: Any = None,
        **keys: Any,
    ) -> str:
        """Add synapses from one population to another: by a rule, or one by one from arrays.

        Parameters
        ----------
        source, target : Population or str
            From where, and to where: neurons.
        name : str, optional
            Unique; otherwise ``"E to I"``.
        rule : str, optional
            ``"fixed_indegree"`` with ``indegree``, ``"fixed_outdegree"`` with ``outdegree``, ``"fixed_total"`` with ``total``,
            ``"bernoulli"`` with ``probability``, ``"one_to_one"``, ``"all_to_all"``, or ``"explicit"`` with ``file``.
        pre, post : array_like of int, shape (n,), optional
            In place of a rule: positions of the sources and of the targets in their populations.
        synapses : table, optional
            In place of `pre` and `post`: any table (polars, pandas, pyarrow, a dictionary of arrays) with these columns, and with
            ``weight_mv`` or ``weight_pa`` and ``delay_ms`` if it has them; what it has is not given beside it.
        **keys : Any
            ``weight_mv`` (to ``*_delta``) or ``weight_pa`` (to ``*_exp`` and ``*_alpha``) and ``delay_ms``: a number, a `Distribution` (that of a delay
            may be rounded: ``{"distribution": .., "round_to_ms": 0.1}``), or with `pre` and `post` an array of shape (n,). A weight
            may be a SciPy sparse matrix or array of shape (source.size, target.size), whose entries are then the synapses: entry
            ``[i, j]`` leads from i to j. Also ``autapses``, ``multapses`` (both True) and ``procedural`` (False).

        Returns
        -------
        str
            The name of the projection.

        Examples
        --------
        >>> net = Network(seed=1)
        >>> cells = net.population("cells", 3)
        >>> net.project(cells, cells, pre=[0, 1], post=[1, 2], weight_mv=[0.1, 0.2], delay_ms=1.5)
        'cells to cells'
        """
        source, target = self._known("source", source), self._known("target", target)
        place = _place("projection", name)
        table = {"name": name, "from": source.name, "to": target.name, "rule": rule}
        for key in keys.keys() & table.keys():
            raise _native.ScenarioError(f"{place}{key} = {keys[key]!r}; allowed: `source` and `target` in its place")
        if synapses is not None:
            pre, post, keys = synapse_columns(place, synapses, pre, post, keys)
        matrix = next((key for key in ("weight_mv", "weight_pa") if hasattr(keys.get(key), "tocsr")), None)
        if (pre is None) != (post is None):
            raise _native.ScenarioError(f"{place}{'pre' if pre is None else 'post'} = None; allowed: both pre and post, or none")
        if matrix is not None and (pre is not None or rule is not None):
            raise _native.ScenarioError(f"{place}{matrix} = a sparse matrix; allowed: neither a rule nor pre and post beside it")
        self._built.clear()
        if matrix is not None:
            weights = keys[matrix]
            if weights.shape != (source.size, target.size):
                allowed = f"({source.size}, {target.size}), a row for each source and a column for each target"
                raise _native.ScenarioError(f"{place}{matrix}.shape = {weights.shape}; allowed: {allowed}")
            weights = weights.tocsr()
            table = none_of_none(given.values(place, {**table, **keys, matrix: weights.data}), len(weights.data))
            added = self._native.csr(table, weights.indptr, weights.indices)
        elif pre is not None:
            pre, post = given.array(f"{place}pre", pre), given.array(f"{place}post", post)
            added = self._native.pairs(none_of_none(given.values(place, {**table, **keys}), pre.size), pre, post)
        else:
            added = self._native.projection(given.values(place, {**table, **keys}))
        self._projections.append((source.name, target.name))
        return added

    def input(
        self,
        kind: str,
        target: Population | str,
        *,
        name: str | None = None,
        members: ArrayLike | None = None,
        **keys: Any,
    ) -> str:
        """Add an input that belongs to its neurons: a private Poisson train or a current for each.

        Parameters
        ----------
        kind : str
            ``"poisson"`` or ``"current"``.
        target : Population or str
            A population of neurons.
        name : str, optional
            Unique; otherwise ``"poisson to E"``.
        members : array_like of int, optional
            Positions of the neurons in the population, strictly increasing; all if absent.
        **keys : Any
            ``"poisson"``: ``rate_hz`` and ``weight_mv`` or ``weight_pa`` (number, `Distribution`, or an array with a number for each
            member), ``profile``, ``start_ms``, ``stop_ms``. ``"current"``: ``signal``, ``{"times_ms": .., "values_pa": ..}``: the value from
            each time to the next, and ``scale``, a factor for each member.

        Returns
        -------
        str
            The name of the input.
        """
        target = self._known("target", target).name
        place = _place("input", name)
        members = None if members is None else given.array(f"{place}members", members)
        models = {each.name: each.model for each in self._populations.values()}
        _check_rate_name(place, f"{kind} to {target}" if name is None else name, kind, models, "population of Poisson sources")
        self._built.clear()
        added = self._native.input(given.values(place, {"name": name, "kind": kind, "target": target, "members": members, **keys}))
        self._inputs[added] = kind
        return added

    def probe(
        self,
        population: Population | str,
        neurons: ArrayLike,
        *,
        interval_ms: float | None = None,
        times_ms: ArrayLike | None = None,
    ) -> None:
        """Record V, and the synaptic currents, of some neurons: rows of `Result.probes`.

        Parameters
        ----------
        population : Population or str
            A population of neurons.
        neurons : array_like of int, shape (n,)
            Positions in it.
        interval_ms : float, optional
            Look at 0, at this time, at twice this time, ...; 1e-6 to 1e12 ms.
        times_ms : array_like of float, optional
            Or look at these times, strictly increasing.
        """
        name = self._known("population", population).name
        keys = {"neurons": given.array("probe: neurons", neurons), "times_ms": times_ms}
        if interval_ms is not None:
            keys["interval_ms"] = given.within("probe: interval_ms", interval_ms, given.SHORTEST_MS, given.LATEST_MS)
        self._built.clear()
        self._native.probe({"population": name, **given.values("probe: ", keys)})

    def check(self) -> dict[str, int]:
        """Check everything, and predict the size of the network without building it.

        Returns
        -------
        dict
            ``neurons`` (with sources), ``synapses`` (expected), ``bytes``, ``external_per_s`` (arrivals of Poisson inputs in a second).
        """
        return json.loads(self._native.check())

    def inspect(self, *, threads: int = 1) -> Report:
        """Build the network, and tell mean, CV and skewness of every parameter, degrees, weights and delays.

        Parameters
        ----------
        threads : int
            1 to 1024; the network does not depend on it.

        Returns
        -------
        Report
            A dictionary that prints as a text.
        """
        return Report(*self._native.inspect(given.threads(threads)))

    def parameters(self, population: Population | str) -> dict[str, NDArray[np.float64]]:
        """The parameters that neurons came out with.

        Parameters
        ----------
        population : Population or str
            Whose.

        Returns
        -------
        dict
            Arrays of shape (size,) by name: ``tau_m_ms``, ...
        """
        built = next(iter(self._built.values()), None) or self._build(1, None)
        return built.parameters(self._known("population", population).name)

    def simulation(self, *, threads: int = 1) -> Simulation:
        """The network at time 0, to be run piece by piece.

        Parameters
        ----------
        threads : int
            1 to 1024; no spike depends on it.
        """
        return Simulation(self._build(threads, None), threads=threads)

    def run(
        self,
        duration_ms: float,
        *,
        threads: int = 1,
        counters_interval_ms: float | None = None,
        progress: bool | Progress = False,
    ) -> Result:
        """Build the network and run it from time 0.

        Parameters
        ----------
        duration_ms : float
            Model time, ms, 0 to 1e12. The run covers ``[0, duration_ms)``.
        threads : int
            1 to 1024; no spike depends on it.
        counters_interval_ms : float, optional
            Tell counters for each such interval (`Result.intervals`).
        progress : bool or callable, optional
            True: show how far it is, in a terminal or a notebook. A callable gets the model time and `duration_ms`, several times
            a second; what it raises ends the run.

        Returns
        -------
        Result

        Raises
        ------
        ScenarioError
            If the network cannot be built.
        SimulationError
            If it cannot be simulated to the end.
        KeyboardInterrupt
            After Ctrl-C, at the next epoch.
        """
        # before the network is built, which may take long
        duration_ms = given.within("duration_ms", duration_ms, 0.0, given.LATEST_MS)
        progress = checked(progress)
        if counters_interval_ms is not None:
            counters_interval_ms = given.number("counters_interval_ms", counters_interval_ms)
        simulation = Simulation(self._build(threads, counters_interval_ms), threads=threads)
        return finish(simulation, duration_ms, progress)

    def _build(self, threads: int, counters_interval_ms: float | None) -> _native.Built:
        """What has been built stays, until something is added."""
        # a network is divided for the threads that run it
        key = (given.threads(threads), counters_interval_ms)
        if key not in self._built:
            self._built = {key: self._native.build(*key)}
        return self._built[key]

    def _known(self, role: str, population: Population | str) -> Population:
        name = population.name if isinstance(population, Population) else population
        found = self._populations.get(name) if isinstance(name, str) else None
        if found is None or (isinstance(population, Population) and population is not found):
            raise _native.ScenarioError(f"{role} = {population!r}; allowed: {given.of_this_network(self._populations)}")
        return found


def _place(kind: str, name: Any) -> str:
    """How messages call the table of a call, here as in the compiled part."""
    return f'{kind} "{given.text("name", name)}": ' if isinstance(name, str) else f"{kind}: "


def _check_rate_name(place: str, name: Any, kind: Any, others: Mapping[str, str], whose: str) -> None:
    """What has a rate has a name of its own, by which `Simulation.set_rate` is told of it."""
    if isinstance(name, str) and isinstance(kind, str) and kind == "poisson" == others.get(name):
        raise _native.ScenarioError(f"{place}name = {name!r}; allowed: another, because the {whose} {name!r} has a rate too")


def _trains(field: str, trains: Any) -> list[NDArray[Any]]:
    """An array for each source."""
    if isinstance(trains, (str, bytes, Mapping)) or not isinstance(trains, Iterable) or getattr(trains, "ndim", 1) == 0:
        raise TypeError(f"{field} = a value of type {type(trains).__name__}; allowed: a list with the spike times of each source")
    given.unmasked(field, trains)
    return [given.array(f"{field}[{k}]", train) for k, train in enumerate(trains)]
