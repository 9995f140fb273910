"""What lies between the neurons of a NIR graph: nested graphs taken apart, and linear nodes multiplied into synapses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import nir
import numpy as np
from numpy.typing import NDArray

from .._native import ScenarioError
from ..given import unmasked

#: What becomes a population.
NEURONS = (nir.LIF, nir.CubaLIF, nir.IF, nir.LI, nir.CubaLI)
#: What becomes weights, delays and currents.
LINEAR = (nir.Affine, nir.Linear, nir.Scale, nir.Delay)


def refused(node: str, problem: str, allowed: str) -> ScenarioError:
    """The error that names a node."""
    return ScenarioError(f"node {node!r}: {problem}; allowed: {allowed}")


def floats(node: str, field: str, given) -> NDArray[np.float64]:
    """The numbers of a field of a node."""
    unmasked(f"node {node!r}: {field}", given)
    return np.asarray(given, dtype=np.float64)


@dataclass
class Synapses:
    """Ways from neurons to channels of a node: each array has shape (n,); delays are in s."""

    source: NDArray[np.int64]
    channel: NDArray[np.int64]
    weight: NDArray[np.float64]
    delay: NDArray[np.float64]
    width: int

    @classmethod
    def of(cls, size: int) -> Synapses:
        """Each neuron on a channel of its own."""
        return cls(np.arange(size), np.arange(size), np.ones(size), np.zeros(size), size)

    def through(self, name: str, node: nir.NIRNode) -> Synapses:
        """What comes out of a linear node."""
        if isinstance(node, nir.Scale):
            scale = _channels(name, "scale", node.scale, self.width)
            return Synapses(self.source, self.channel, self.weight * scale[self.channel], self.delay, self.width)
        if isinstance(node, nir.Delay):
            delay = _channels(name, "delay", node.delay, self.width)
            return Synapses(self.source, self.channel, self.weight, self.delay + delay[self.channel], self.width)
        matrix = _matrix(name, node.weight, self.width)
        column, row = np.nonzero(matrix.T)
        count = np.bincount(column, minlength=self.width)
        first = np.cumsum(count) - count
        each = count[self.channel]
        way = np.repeat(np.arange(len(each)), each)
        entry = np.arange(len(way)) - np.repeat(np.cumsum(each) - each, each) + first[self.channel[way]]
        weight = self.weight[way] * matrix[row[entry], column[entry]]
        return _summed(Synapses(self.source[way], row[entry], weight, self.delay[way], len(matrix)))


def constant(name: str, node: nir.NIRNode, current: NDArray[np.float64]) -> NDArray[np.float64]:
    """What comes out of a linear node into which a constant goes, its own bias aside."""
    if isinstance(node, nir.Scale):
        return current * _channels(name, "scale", node.scale, len(current))
    if isinstance(node, nir.Delay):
        raise refused(name, "a bias goes through it, which NIR does not say the beginning of", "a bias after the Delay")
    return _matrix(name, node.weight, len(current)) @ current


class Ways:
    """The nodes and edges of a graph without nested graphs."""

    def __init__(self, graph: nir.NIRGraph) -> None:
        self.nodes: dict[str, nir.NIRNode] = {}
        self.edges: list[tuple[str, str]] = []
        self._take(graph, "")
        #: Inputs and outputs of the whole; those of nested graphs let everything through.
        self.ends = {name for name, node in graph.nodes.items() if isinstance(node, (nir.Input, nir.Output))}

    def _take(self, graph: nir.NIRGraph, prefix: str) -> None:
        for name, node in graph.nodes.items():
            if isinstance(node, nir.NIRGraph):
                self._take(node, f"{prefix}{name}.")
                continue
            if not isinstance(node, (*NEURONS, *LINEAR, nir.Input, nir.Output)):
                allowed = ", ".join(sorted(kind.__name__ for kind in (*NEURONS, *LINEAR, nir.Input, nir.Output, nir.NIRGraph)))
                raise refused(prefix + name, f"type = {type(node).__name__}", allowed)
            if prefix + name in self.nodes:
                raise refused(prefix + name, "the name of two nodes", "a name for each, where a node of a nested graph is 'graph.node'")
            self.nodes[prefix + name] = node
        for before, after in graph.edges:
            for name in (before, after):
                if name not in graph.nodes:
                    raise refused(prefix + name, "an edge leads to or from it, and there is no such node", "nodes of the graph")
            self.edges.append((_end(graph, prefix, before, nir.Output), _end(graph, prefix, after, nir.Input)))

    def after(self, name: str) -> list[str]:
        """Where edges from a node lead."""
        return [after for before, after in self.edges if before == name]

    def synapses(self, source: str, size: int) -> Iterator[tuple[str, Synapses]]:
        """Neurons, and outputs of the whole, that a neuron or an input reaches, each with what reaches it on one way."""
        yield from self._follow(source, Synapses.of(size), (), lambda name, node, synapses: synapses.through(name, node))

    def currents(self, affine: str) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Neurons that the bias of a node reaches, each with what reaches it on one way."""
        node = self.nodes[affine]
        bias = _channels(affine, "bias", node.bias, np.shape(node.weight)[0])
        if bias.any():
            yield from self._follow(affine, bias, (), constant)

    def _follow(self, name, signal, passed, through):
        for after in self.after(name):
            node = self.nodes[after]
            if isinstance(node, NEURONS) or after in self.ends:
                yield after, signal
            elif after in passed:
                raise refused(after, "a loop without a neuron", "a neuron in each loop")
            else:
                out = through(after, node, signal) if isinstance(node, LINEAR) else signal
                yield from self._follow(after, out, (*passed, after), through)


def _end(graph: nir.NIRGraph, prefix: str, name: str, kind: type) -> str:
    node = graph.nodes[name]
    if not isinstance(node, nir.NIRGraph):
        return prefix + name
    ends = [inner for inner, each in node.nodes.items() if isinstance(each, kind)]
    if len(ends) != 1:
        raise refused(prefix + name, f"{len(ends)} nodes of type {kind.__name__} in it", "one")
    return f"{prefix}{name}.{ends[0]}"


def _summed(ways: Synapses) -> Synapses:
    """One weight for each source, channel and delay."""
    if not len(ways.source):
        return ways
    order = np.lexsort((ways.delay, ways.channel, ways.source))
    source, channel, delay = ways.source[order], ways.channel[order], ways.delay[order]
    new = np.r_[True, (np.diff(source) != 0) | (np.diff(channel) != 0) | (np.diff(delay) != 0)]
    weight = np.add.reduceat(ways.weight[order], np.flatnonzero(new))
    return Synapses(source[new], channel[new], weight, delay[new], ways.width)


def _channels(name: str, field: str, given, width: int) -> NDArray[np.float64]:
    found = floats(name, field, given)
    if found.ndim > 1 or found.size not in (1, width):
        raise refused(name, f"{field}.shape = {found.shape}", f"({width},), one number for each channel that comes to it")
    return np.broadcast_to(found.reshape(-1), (width,))


def _matrix(name: str, given, width: int) -> NDArray[np.float64]:
    found = floats(name, "weight", given)
    if found.ndim != 2 or found.shape[1] != width:
        raise refused(name, f"weight.shape = {found.shape}", f"(n, {width}), a column for each channel that comes to it")
    return found
