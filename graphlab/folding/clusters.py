"""The clusters of a graph: time steps, named blocks, and equations. Everything that folds is derived here.

A cluster is named "t=2" (a time step), "layer_1" or "t=2/layer_1" (a block), "h" or "t=2/f" (an equation); in a second
run through time, that of a decoder, "run2/t=2" and so on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from ..graph import Graph, Operation


Sort = Literal["step", "block", "equation"]


@dataclass(frozen=True)
class Cluster:
    """Operations that follow one another and fold into one box. `label` is the name of its block or equation."""

    name: str
    sort: Sort
    operations: tuple[Operation, ...]
    t: int | None = None
    label: str = ""
    run: int = 0


def step_name(t: int, run: int = 0) -> str:
    """The name of the cluster of a time step."""
    return f"run{run + 1}/t={t}" if run else f"t={t}"


@lru_cache(maxsize=16)
def derive(graph: Graph) -> Mapping[str, Cluster]:
    """All clusters by name, an outer one before those in it. One that would hold the same as another is left out."""
    found: dict[str, Cluster] = {}
    for (t, run), together in groupby(graph.operations, key=lambda o: (o.t, o.run)):
        operations = tuple(together)
        step = "" if t is None else step_name(t, run)
        if step:
            found[step] = Cluster(step, "step", operations, t, run=run)
        taken = {operations}
        for cluster in (*_blocks(graph, operations, step), *_equations(operations, step)):
            if cluster.operations not in taken and len(cluster.operations) < len(graph.operations):
                taken.add(cluster.operations)
                found.setdefault(cluster.name, cluster)
    return found


def _inside(step: str, name: str) -> str:
    return f"{step}/{name}" if step else name


def _blocks(graph: Graph, operations: Sequence[Operation], step: str) -> Iterator[Cluster]:
    for name, block in graph.blocks.items():
        places = [i for i, o in enumerate(operations) if o.equation in block.equations]
        # With others between them they could not be one step of the walk.
        if len(places) > 1 and all(b == a + 1 for a, b in pairwise(places)):
            inside = tuple(operations[i] for i in places)
            yield Cluster(_inside(step, name), "block", inside, inside[0].t, name, inside[0].run)


def _equations(operations: Sequence[Operation], step: str) -> Iterator[Cluster]:
    for equation, together in groupby(operations, key=lambda o: o.equation):
        members = tuple(together)
        if equation and len(members) > 1:
            yield Cluster(_inside(step, equation), "equation", members, members[0].t, equation, members[0].run)


def within(graph: Graph, box: str) -> Cluster | None:
    """The innermost block or equation that holds an operation, by its output, or a folded cluster, by its name."""
    found = derive(graph)
    inside = found[box].operations[0].output if box in found else box
    outer = around(graph)[inside]
    if box in found:
        outer = outer[: outer.index(box)]
    return next((found[name] for name in reversed(outer) if found[name].sort != "step"), None)


def around(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    """For the output of every operation the clusters that hold it, the outermost first."""
    return _around(graph)


@lru_cache(maxsize=16)
def _around(graph: Graph) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {o.output: () for o in graph.operations}
    for name, cluster in derive(graph).items():
        for operation in cluster.operations:
            found[operation.output] += (name,)
    return found
