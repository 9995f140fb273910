"""From a NIR graph to a network."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nir
import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import given
from .._native import ScenarioError
from ..network import Network, Population
from .meaning import NO_LEAK_MS, check, jump, loops, unused
from .signals import NEURONS, Synapses, Ways, floats, refused


@dataclass(frozen=True)
class Imported:
    """A network that was read, and what its nodes have become.

    Attributes
    ----------
    network : Network
        It can be probed, added to and run.
    populations : dict of str to Population
        By name of the node, of Input nodes and of neurons. A node in a nested graph is called ``"graph.node"``.
    outputs : dict of str to list of str
        For each Output node the neurons that lead to it.
    """

    network: Network
    populations: dict[str, Population]
    outputs: dict[str, list[str]]


def read(
    graph: nir.NIRGraph | str | os.PathLike[str],
    *,
    dt_ms: float,
    input: str,
    trains_ms: Mapping[str, Sequence[ArrayLike]] | Sequence[ArrayLike] | None = None,
    seed: int = 1,
) -> Imported:
    """Make a network of a NIR graph: of Input, Output, Affine, Linear, Scale, Delay, LIF, CubaLIF, IF, LI, CubaLI and nested graphs.

    Parameters
    ----------
    graph : nir.NIRGraph or path-like
        The graph, or a file.
    dt_ms : float
        The time step that its weights are meant for, ms. The network itself has none.
    input : str
        ``"exact"`` or ``"euler"``: what a spike does; see above.
    trains_ms : sequence of array_like, or mapping of such, optional
        Spike times of each channel of the Input node, ms, ascending; with several Input nodes, by name. Silent if absent.
    seed : int
        Of the network.

    Returns
    -------
    Imported

    Raises
    ------
    ScenarioError
        If there is a node of another type, or one that cannot be had exactly: it is named.

    Examples
    --------
    >>> import nir, numpy as np
    >>> from tauspike.nir import read
    >>> one = np.ones(1)
    >>> lif = nir.LIF(tau=0.01 * one, r=one, v_leak=0 * one, v_threshold=one)
    >>> graph = nir.NIRGraph.from_list(nir.Linear(weight=np.array([[60.0]])), lif)
    >>> found = read(graph, dt_ms=0.1, input="exact", trains_ms=[[1.0, 2.0]])
    >>> found.network.run(10.0).spikes.of("lif")[0]
    array([2.])
    """
    dt_ms = check(dt_ms, input)
    if not isinstance(graph, nir.NIRGraph):
        graph = nir.read(given.path("graph", graph), type_check=False)  # some files in use do not pass
    ways = Ways(graph)
    net = Network(seed=seed, name="nir")
    populations = _populations(net, ways, _trains(ways, trains_ms))
    synapses, outputs = _reached(ways, populations)
    back = loops(list(synapses))
    for (name, target), each in synapses.items():
        later = dt_ms if (name, target) in back else 0.0
        _project(net, populations[name], populations[target], each, jump(ways.nodes[target], dt_ms, input), later)
    return Imported(net, populations, outputs)


def _populations(net: Network, ways: Ways, trains: dict[str, Any]) -> dict[str, Population]:
    """A population for each Input and each node of neurons."""
    found, currents = {}, _currents(ways)
    for name, node in ways.nodes.items():
        if isinstance(node, NEURONS):
            found[name] = _neurons(net, ways, name, currents.get(name, 0.0))
        elif name in trains:
            size = int(np.prod(np.asarray(node.input_type["input"])))
            times = trains[name] if trains[name] is not None else [[]] * size
            found[name] = net.population(name, size, model="spike_trains", trains_ms=times)
    return found


def _reached(ways: Ways, populations: dict[str, Population]) -> tuple[dict[tuple[str, str], list[Synapses]], dict[str, list[str]]]:
    """Synapses by source and target, and who leads to each Output."""
    synapses: dict[tuple[str, str], list[Synapses]] = {}
    outputs: dict[str, list[str]] = {}
    for name, population in populations.items():
        for target, way in ways.synapses(name, population.size):
            if isinstance(ways.nodes[target], nir.Output):
                same = len(way.source) == population.size and (way.source == way.channel).all() and (way.weight == 1.0).all()
                if not same or way.delay.any() or isinstance(ways.nodes[name], nir.Input):
                    raise refused(target, f"what comes from {name!r} is not its spikes or potentials as they are", "an edge from a neuron")
                outputs.setdefault(target, []).append(name)
            elif isinstance(ways.nodes[name], (nir.LI, nir.CubaLI)):
                raise refused(name, f"its potential goes to {target!r}", "an edge to an Output, since it has no spikes")
            else:
                synapses.setdefault((name, target), []).append(way)
    return synapses, outputs


def _trains(ways: Ways, trains: Any) -> dict[str, Any]:
    """The trains of each Input, or None."""
    inputs = [name for name in ways.ends if isinstance(ways.nodes[name], nir.Input)]
    if trains is not None and not isinstance(trains, Mapping):
        if len(inputs) != 1:
            raise ScenarioError(f"trains_ms = a sequence; allowed: a mapping, since there are {len(inputs)} Input nodes: {sorted(inputs)}")
        trains = {inputs[0]: trains}
    trains = {} if trains is None else trains
    for name in trains:
        if name not in inputs:
            raise ScenarioError(f"trains_ms has {name!r}; allowed: Input nodes of the graph: {sorted(inputs)}")
    return {name: trains.get(name) for name in inputs}


def _currents(ways: Ways) -> dict[str, NDArray[np.float64]]:
    """The sum of what biases bring to each neuron."""
    found: dict[str, NDArray[np.float64]] = {}
    for name, node in ways.nodes.items():
        for target, current in ways.currents(name) if isinstance(node, nir.Affine) else ():
            if target in ways.ends:
                raise refused(target, f"the bias of {name!r} goes to it", "an edge from a neuron")
            found[target] = found.get(target, 0.0) + current
    return found


def _neurons(net: Network, ways: Ways, name: str, current: NDArray[np.float64] | float) -> Population:
    node = ways.nodes[name]
    fields = {key: np.atleast_1d(floats(name, key, value)) for key, value in _parameters(node)}
    shape = fields["r"].shape
    if len(shape) != 1:
        raise refused(name, f"r.shape = {shape}", "one dimension")
    if np.any(current) and np.shape(current) != shape:
        raise refused(name, f"a bias of shape {np.shape(current)} comes to it", f"{shape}, a number for each neuron")
    if not (fields["r"] > 0.0).all():
        raise refused(name, f"r = {fields['r'].min()}", "above 0")
    keys: dict[str, Any] = {}
    if isinstance(node, nir.IF):
        if np.any(current):
            raise refused(name, "a bias comes to a neuron that does not leak", "LIF, or no bias")
        keys |= {"tau_m_ms": NO_LEAK_MS, "e_l_mv": 0.0}
    else:
        tau_m_ms = fields["tau" if "tau" in fields else "tau_mem"] * 1e3
        keys |= {"tau_m_ms": tau_m_ms, "c_m_pf": tau_m_ms / fields["r"], "e_l_mv": fields["v_leak"]}
    if "v_threshold" in fields:
        keys |= {"v_th_mv": fields["v_threshold"], "v_reset_mv": fields["v_reset"], "t_ref_ms": 0.0}
    model = "lif" if "v_threshold" in fields else "li"
    if "tau_syn" not in fields:
        return net.population(name, shape[0], model=f"{model}_delta", i_e_pa=current, **keys)
    current = current * fields["w_in"]
    keys |= {"tau_syn_ex_ms": fields["tau_syn"] * 1e3, "tau_syn_in_ms": fields["tau_syn"] * 1e3}
    made = net.population(name, shape[0], model=f"{model}_exp", i_e_pa=current, **keys)
    if np.any(current):
        onset = net.population(unused(f"onset of {name}", ways.nodes.keys() | net.populations.keys()), 1, model="spike_trains", trains_ms=[[0.0]])
        everyone = np.arange(shape[0])
        net.project(onset, made, pre=0 * everyone, post=everyone, weight_pa=-current, delay_ms=0.0)
    return made


def _parameters(node: nir.NIRNode) -> Iterator[tuple[str, Any]]:
    for key in ("tau", "tau_mem", "tau_syn", "r", "v_leak", "v_threshold", "v_reset", "w_in"):
        if getattr(node, key, None) is not None:
            yield key, getattr(node, key)


def _project(
    net: Network, source: Population, target: Population, ways: list[Synapses], jump: NDArray[np.float64], later_ms: float
) -> None:
    """One projection for all ways from one population to another."""
    for way in ways:
        if way.width != target.size:
            raise refused(target.name, f"{way.width} channels come to it from {source.name!r}", f"{target.size}, as many as it has neurons")
    pre, post = np.concatenate([way.source for way in ways]), np.concatenate([way.channel for way in ways])
    weight = np.concatenate([way.weight for way in ways]) * np.broadcast_to(jump, (target.size,))[post]
    delay = np.concatenate([way.delay for way in ways]) * 1e3 + later_ms
    kept = weight != 0.0
    if kept.any():
        unit = "weight_mv" if target.model.endswith("_delta") else "weight_pa"
        net.project(source, target, pre=pre[kept], post=post[kept], delay_ms=delay[kept], **{unit: weight[kept]})
