"""What is drawn as a rectangle: an operation, or a box that the operations of a step or of an equation are folded into."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import N_
from .clusters import around, derive, step_name

if TYPE_CHECKING:
    from ..graph import Graph, Operation


@dataclass(frozen=True)
class Folding:
    """Which clusters are folded into one box, by their names: "t=2" (a time step), "t=2/f" (an equation in it).

    `closed` are the folded ones. A folded cluster hides what is folded in it.
    """

    closed: frozenset[str] = frozenset()

    @staticmethod
    def open_all() -> Folding:
        """Every operation is drawn."""
        return Folding()

    @staticmethod
    def fold_all(graph: Graph) -> Folding:
        """Every time step is one box; without time, every block and every equation. Opened, they show the level below."""
        return Folding(frozenset(_levels(graph)[-1]))

    @staticmethod
    def equations(graph: Graph) -> Folding:
        """Every equation that is more than one operation is one box: the gates of a cell. Through time, in the steps."""
        return Folding(frozenset(_levels(graph)[1]))

    @staticmethod
    def blocks(graph: Graph) -> Folding:
        """Every named block is one box, and what is in no block is as in `equations`."""
        return Folding(frozenset(_levels(graph)[2]))

    @staticmethod
    def default(graph: Graph) -> Folding:
        """What reads well: small graphs open, gates or layers folded in larger ones, of many steps the last two open."""
        timed = [o for o in graph.operations if o.t is not None]
        runs: dict[int, list[tuple[int, int]]] = {}
        for t, run in dict.fromkeys((o.t or 0, o.run) for o in timed):
            runs.setdefault(run, []).append((t, run))
        last = max(map(len, runs.values()), default=0)
        levels = _levels(graph)[:3]
        if last <= _FEW_STEPS:
            operations = timed or graph.operations
            return Folding(_first_that_reads(graph, operations, levels, _ALL_OPEN if timed else _ALL_OPEN_UNTIMED))
        steps = {step_name(*step) for steps in runs.values() for step in steps[:-2]}
        lasts = [steps[-1] for steps in runs.values()]
        inner = _first_that_reads(graph, [o for o in timed if (o.t, o.run) in lasts], levels, _ALL_OPEN // 2)
        return Folding(frozenset(steps | inner))

    def clicked(self, graph: Graph, opened: Collection[str], closed: Collection[str]) -> Folding:
        """With these clusters opened and closed one by one; names that the graph does not have fall away."""
        return Folding((self.closed - set(opened)) | (set(closed) & derive(graph).keys()))


@dataclass(frozen=True)
class FoldingPolicy:
    """A way to fold a whole graph, and what it is called, a text of the catalogues."""

    label: str
    fold: Callable[[Graph], Folding]

    def __call__(self, graph: Graph) -> Folding:
        """The folding of a graph."""
        return self.fold(graph)


FOLDINGS: Mapping[str, FoldingPolicy] = {
    "auto": FoldingPolicy(N_("what reads well"), Folding.default),
    "open": FoldingPolicy(N_("all open"), lambda graph: Folding.open_all()),
    "gates": FoldingPolicy(N_("gates folded"), Folding.equations),
    "blocks": FoldingPolicy(N_("blocks folded"), Folding.blocks),
    "folded": FoldingPolicy(N_("steps folded"), Folding.fold_all),
}
"""The ways to fold a whole graph, by their names in addresses, on the command line and in `gl.export`."""

_ALL_OPEN = 24
_ALL_OPEN_UNTIMED = 30
_FEW_STEPS = 4


def _levels(graph: Graph) -> list[set[str]]:
    """What is closed from all open to all folded: nothing, the equations, the blocks too, and the time steps too."""
    found = derive(graph).values()
    through_time = any(c.sort == "step" for c in found)
    equations = {c.name for c in found if c.sort == "equation" and (c.t is not None or not through_time)}
    blocks = equations | {c.name for c in found if c.sort == "block"}
    return [set(), equations, blocks, blocks | {c.name for c in found if c.sort == "step"}]


def _first_that_reads(
    graph: Graph, operations: Iterable[Operation], levels: Iterable[set[str]], most: int
) -> frozenset[str]:
    """The first of the levels at which these operations are no more than so many boxes, or the last of them."""
    level: set[str] = set()
    for level in levels:
        if len({_group(graph, o, level) or o.output for o in operations}) <= most:
            break
    return frozenset(level)


def cluster_names(graph: Graph) -> Collection[str]:
    """The names of all clusters of a graph that can be folded."""
    return derive(graph).keys()


@dataclass(frozen=True)
class Box:
    """A rectangle. `name` is the output of its one operation, or of a folded cluster its name ("t=2", "t=2/f").

    `inputs` are vertices, one a slot: of a folded box every vertex from outside once; `outputs` what others use.
    `title` is what a folded block is called.
    """

    name: str
    operations: tuple[Operation, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    t: int | None = None
    equation: str = ""
    folded: bool = False
    sends: tuple[bool, ...] = field(default=())
    title: str = ""
    run: int = 0


def single(operation: Operation) -> Box:
    """The box of one operation."""
    sends = tuple(vjp is not None for vjp in operation.op.vjps)
    return Box(
        operation.output,
        (operation,),
        operation.inputs,
        (operation.output,),
        operation.t,
        operation.equation,
        sends=sends,
        run=operation.run,
    )


def boxes(graph: Graph, folding: Folding, lang: str = "en") -> list[Box]:
    """Everything that is drawn as a rectangle, in order of evaluation."""
    closed = folding.closed and folding.closed & derive(graph).keys()
    if not closed:
        return [single(o) for o in graph.operations]
    groups: dict[str, list[Operation]] = {}
    for operation in graph.operations:
        groups.setdefault(_group(graph, operation, closed) or operation.output, []).append(operation)
    return [
        single(operations[0]) if name not in closed else _folded(name, operations, graph, lang)
        for name, operations in groups.items()
    ]


def _group(graph: Graph, operation: Operation, closed: Collection[str]) -> str:
    """The outermost folded cluster around an operation, "" where there is none."""
    return next((name for name in around(graph)[operation.output] if name in closed), "")


def _folded(name: str, operations: Iterable[Operation], graph: Graph, lang: str) -> Box:
    operations = tuple(operations)
    inside = {o.output for o in operations}
    inputs = tuple(dict.fromkeys(n for o in operations for n in o.inputs if n not in inside))
    # An output is what is used outside, and what nothing uses at all.
    outputs = tuple(
        o.output
        for o in operations
        if any(user.output not in inside for user, _ in graph.consumers[o.output]) or not graph.consumers[o.output]
    )
    cluster = derive(graph)[name]
    equation = cluster.label if cluster.sort == "equation" else ""
    title = block_title(graph, cluster.label, lang) if cluster.sort == "block" else ""
    sends = _sending(operations, inputs)
    return Box(name, operations, inputs, outputs, cluster.t, equation, True, sends, title, cluster.run)


def block_title(graph: Graph, block: str, lang: str) -> str:
    """What a named block is called in a language, or else in English or any other."""
    titles = graph.blocks[block].titles
    return titles.get(lang) or titles.get("en") or next(iter(titles.values()), block)


def _sending(operations: Iterable[Operation], inputs: Iterable[str]) -> tuple[bool, ...]:
    """For each input of a folded box whether a gradient can leave the box by it."""
    sending = {n for o in operations for n, vjp in zip(o.inputs, o.op.vjps, strict=True) if vjp is not None}
    return tuple(name in sending for name in inputs)
