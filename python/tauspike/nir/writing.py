"""From a network to a NIR graph."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import nir
import numpy as np
from numpy.typing import NDArray

from .. import given
from .._native import ScenarioError
from ..exchange import check_names, replacing
from ..network import Network, Population
from .meaning import NO_LEAK_MS, check, jump, loops, unused

#: How many delays a projection may have, a matrix for each.
DELAYS = 64
#: Models that have a node in NIR.
ALLOWED = "lif_delta, lif_exp, li_delta, li_exp, spike_trains"


def write(network: Network, path: str | os.PathLike[str], *, dt_ms: float, input: str) -> None:
    """Write a network as a NIR file; see `graph`.

    Parameters
    ----------
    network : Network
        What is written.
    path : path-like
        The file, replaced if it is there.
    dt_ms, input : float, str
        As of `graph`.
    """
    made = graph(network, dt_ms=dt_ms, input=input)
    with replacing(given.path("path", path)) as unfinished:
        nir.write(unfinished, made)


def graph(network: Network, *, dt_ms: float, input: str) -> nir.NIRGraph:
    """A network as a NIR graph.

    A population of ``spike_trains`` becomes an Input; its trains are no part of NIR. Neurons become LIF, CubaLIF, IF, LI or CubaLI, projections
    Linear (Affine where neurons have a constant current) and Delay. Populations that project nowhere get an Output, or all if there are none.

    Parameters
    ----------
    network : Network
        What is written.
    dt_ms : float
        The time step for which weights are meant, ms.
    input : str
        ``"exact"`` or ``"euler"``: what a spike does in whoever reads it.

    Returns
    -------
    nir.NIRGraph

    Raises
    ------
    ScenarioError
        If the network has what NIR has no node for: inputs, refractoriness, other models; it is named.
    """
    dt_ms = check(dt_ms, input)
    if not isinstance(network, Network):
        raise TypeError(f"network = {network!r}; allowed: a Network")
    check_names(network.populations, "NIR")
    if network._inputs:
        raise ScenarioError(f"inputs {list(network._inputs)}; allowed in NIR: none, only populations of spike_trains")
    nodes: dict[str, nir.NIRNode] = {name: _node(network, population) for name, population in network.populations.items()}
    bias = {name: network.parameters(name)["i_e_pa"] for name, node in nodes.items() if not isinstance(node, nir.Input)}
    edges: list[tuple[str, str]] = []
    back = loops(network._projections)
    for number, (source, target) in enumerate(network._projections):
        pre, post, weight, delay = _synapses(network, number, source, target)
        weight = weight / np.broadcast_to(jump(nodes[target], dt_ms, input), (network.populations[target].size,))[post]
        delay = delay - dt_ms if (source, target) in back else delay
        delay[np.abs(delay) < 1e-9] = 0.0
        if (delay < 0.0).any():
            raise ScenarioError(f"projection {number}: a delay of {delay.min() + dt_ms} ms in a loop; allowed in NIR: dt_ms = {dt_ms} or more")
        sizes = network.populations[source].size, network.populations[target].size
        for part, chain in enumerate(_chains(number, sizes, pre, post, weight, delay)):
            if isinstance(chain[-1], nir.Linear) and np.any(bias[target]):
                chain[-1] = nir.Affine(weight=chain[-1].weight, bias=bias.pop(target))
                bias[target] = np.zeros(sizes[1])
            names = []
            for place, node in enumerate(chain):
                names.append(unused(f"{source} to {target} {number}.{part}.{place}", nodes))
                nodes[names[-1]] = node
            edges += list(zip([source, *names], [*names, target], strict=True))
    for name, left in bias.items():
        if np.any(left):
            raise ScenarioError(f"population {name!r}: i_e_pa; allowed in NIR: 0 where no projection with equal delays can bring it as a bias")
    sources = {source for source, _ in network._projections}
    neurons = [name for name, node in nodes.items() if name in bias]
    for name in [name for name in neurons if name not in sources] or neurons:
        output = unused(f"output of {name}", nodes)
        nodes[output] = nir.Output(output_type={"output": np.array([network.populations[name].size])})
        edges.append((name, output))
    return nir.NIRGraph(nodes=nodes, edges=edges, type_check=False)


def _node(network: Network, population: Population) -> nir.NIRNode:
    name, model = population.name, population.model
    if model == "spike_trains":
        return nir.Input(input_type={"input": np.array([population.size])})
    if model not in ALLOWED.split(", "):
        raise ScenarioError(f"population {name!r}: model = {model!r}; allowed in NIR: {ALLOWED}")
    p = network.parameters(name)

    def only(key: str, value: NDArray[np.float64] | float, allowed: str) -> None:
        if key in p and (p[key] != value).any():
            raise ScenarioError(f"population {name!r}: {key} = {p[key][p[key] != value][0]}; allowed in NIR: {allowed}")

    only("t_ref_ms", 0.0, "0")
    only("v_init_mv", p["e_l_mv"], "that of e_l_mv")
    keys: dict[str, Any] = {"r": p["tau_m_ms"] / p["c_m_pf"], "v_leak": p["e_l_mv"]}
    if "v_th_mv" in p:
        keys |= {"v_threshold": p["v_th_mv"], "v_reset": p["v_reset_mv"]}
    if model.endswith("_exp"):
        only("tau_syn_in_ms", p["tau_syn_ex_ms"], "that of tau_syn_ex_ms")
        only("i_e_pa", 0.0, "0 in CubaLIF and CubaLI, where a bias goes through the synapse")
        keys |= {"tau_mem": p["tau_m_ms"] * 1e-3, "tau_syn": p["tau_syn_ex_ms"] * 1e-3}
        return (nir.CubaLIF if model == "lif_exp" else nir.CubaLI)(**keys)
    if model == "lif_delta" and (p["tau_m_ms"] == NO_LEAK_MS).all() and not p["e_l_mv"].any() and not p["i_e_pa"].any():
        return nir.IF(r=np.ones(population.size), v_threshold=p["v_th_mv"], v_reset=p["v_reset_mv"])
    return (nir.LIF if model == "lif_delta" else nir.LI)(tau=p["tau_m_ms"] * 1e-3, **keys)


def _synapses(network: Network, number: int, source: str, target: str) -> list[NDArray[Any]]:
    """Positions of source and target, weight and delay of each synapse."""
    pre, post, weight, delay = network._build(1, None).synapses_of(number)
    first = [network.populations[name].first for name in (source, target)]
    return [pre.astype(np.int64) - first[0], post.astype(np.int64) - first[1], weight, delay]


def _chains(number: int, sizes: tuple[int, int], pre, post, weight, delay) -> Iterator[list[nir.NIRNode]]:
    """Nodes one after the other: a delay and a matrix for each delay, or a matrix and a delay for each target."""
    delays, group = np.unique(delay, return_inverse=True)

    def matrix(among: NDArray[np.bool_]) -> NDArray[np.float64]:
        made = np.zeros((sizes[1], sizes[0]))
        np.add.at(made, (post[among], pre[among]), weight[among])
        return made

    of_target = np.zeros(sizes[1])
    of_target[post] = delay
    if len(delays) > 1 and (of_target[post] == delay).all():
        yield [nir.Linear(weight=matrix(group >= 0)), nir.Delay(delay=of_target * 1e-3)]
        return
    if len(delays) > DELAYS:
        raise ScenarioError(f"projection {number}: {len(delays)} delays; allowed in NIR: {DELAYS}, or one for each target")
    for place, each in enumerate(delays):
        linear = nir.Linear(weight=matrix(group == place))
        yield [nir.Delay(delay=np.full(sizes[0], each * 1e-3)), linear] if each > 0.0 else [linear]
