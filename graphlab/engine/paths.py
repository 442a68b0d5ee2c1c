"""The paths from a vertex to the loss: how many there are, which, and what each of them adds to the gradient."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, message
from ..graph import Graph
from .sweep import contract

LISTED = 24  # paths; of more than these only the number is shown


class Edge(NamedTuple):
    """The way from a vertex into the operation that computes `output`, by one of its slots."""

    output: str
    slot: int


Path = tuple[Edge, ...]  # from the vertex upwards: the last edge leads into the operation that computes the target


@dataclass(frozen=True)
class Paths:
    """All paths from `vertex` to `of` on which a gradient flows.

    count    how many there are; 1 for the target itself, whose only path is empty
    edges    the edges that lie on any of them, in order of evaluation: backprop visits each of these once
    listed   the paths one by one, where there are at most as many as was asked for; else empty
    """

    vertex: str
    of: str
    count: int
    edges: tuple[Edge, ...]
    listed: tuple[Path, ...]

    @property
    def visits(self) -> int:
        """How many edges backprop visits between the two: one vector-Jacobian product each."""
        return len(self.edges)


def _ways(graph: Graph, of: str) -> dict[str, int]:
    """For every vertex that reaches `of`, the number of its paths there; counted from the target down."""
    ways = {of: 1}
    for operation in reversed(graph.operations):
        for name, vjp in zip(operation.inputs, operation.op.vjps, strict=True):
            if vjp is not None and operation.output in ways:
                ways[name] = ways.get(name, 0) + ways[operation.output]
    return ways


def _walk_all(graph: Graph, vertex: str, of: str, ways: Mapping[str, int]) -> Iterator[Path]:
    """Every path, depth first, without recursion: a graph through time is deeper than Python's stack."""
    open_ends: list[tuple[str, Path]] = [(vertex, ())]
    while open_ends:
        name, path = open_ends.pop()
        if name == of:
            yield path
            continue
        onward = [
            (operation.output, (*path, Edge(operation.output, slot)))
            for operation, slot in graph.consumers[name]
            if operation.op.vjps[slot] is not None and operation.output in ways
        ]
        open_ends.extend(reversed(onward))


def paths(graph: Graph, vertex: str, of: str = "loss", *, limit: int = LISTED) -> Paths:
    """The paths from `vertex` to `of`, counted exactly; listed too where there are at most `limit`.

    A path is a row of edges, an edge a slot of an operation: `x ⊙ x` gives x two of them. Counting takes one pass over
    the operations however many paths there are. Raises GraphlabError for a name that is not a vertex.
    """
    for name in (vertex, of):
        if name not in graph.vertices:
            raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=name))
    ways = _ways(graph, of)
    count = ways.get(vertex, 0)
    moved = graph.depending_on([vertex])
    edges = tuple(
        Edge(operation.output, slot)
        for operation in graph.operations
        for slot, name in enumerate(operation.inputs)
        if operation.output in ways and name in moved and operation.op.vjps[slot] is not None
    )
    listed = tuple(_walk_all(graph, vertex, of, ways)) if 0 < count <= limit else ()
    return Paths(vertex, of, count, edges if count else (), listed)


def along_path(graph: Graph, values: Mapping[str, Array], path: Path, of: str) -> Array:
    """What one path adds to the gradient of the scalar `of`: the product of the Jacobians on it, from the loss down.

    `values` is what `forward` returned. The array has the shape of the vertex where the path begins.
    """
    product = xp_of(values[of]).ones_like(values[of])
    for edge in reversed(path):
        product = contract(graph.producer[edge.output], edge.slot, product, values)
    return product
