"""What is drawn as a rectangle: an operation, or a box that the operations of a step or of an equation are folded into."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from ..graph import Graph, Operation


@dataclass(frozen=True)
class Folding:
    """Which clusters are folded into one box. A cluster is named "t=2" (a time step) or "t=2/f" (an equation in it).

    `closed` are the folded ones. A folded step hides what is folded in it.
    """

    closed: frozenset[str] = frozenset()

    @staticmethod
    def open_all() -> Folding:
        """Every operation is drawn."""
        return Folding()

    @staticmethod
    def fold_all(graph: Graph) -> Folding:
        """Every time step is one box."""
        return Folding(frozenset(step_name(o.t) for o in graph.operations if o.t is not None))

    @staticmethod
    def equations(graph: Graph) -> Folding:
        """Every equation of a time step that is more than one operation is one box: the gates of a cell."""
        return Folding(frozenset(name for name in clusters(graph) if "/" in name))

    @staticmethod
    def default(graph: Graph) -> Folding:
        """What reads well: small graphs open, gates folded in larger ones, and of many steps the last two open."""
        timed = [o for o in graph.operations if o.t is not None]
        last = max((o.t for o in timed), default=0)
        if len(timed) <= _ALL_OPEN and last <= _FEW_STEPS:
            return Folding()
        gates = Folding.equations(graph).closed
        if last <= _FEW_STEPS:
            return Folding(gates)
        steps = {step_name(o.t) for o in timed if o.t <= last - 2}
        open_steps = len([o for o in timed if o.t == last]) <= _ALL_OPEN / 2
        return Folding(frozenset(steps if open_steps else steps | gates))


_ALL_OPEN = 24
_FEW_STEPS = 4


def step_name(t: int) -> str:
    """The name of the cluster of a time step."""
    return f"t={t}"


def clusters(graph: Graph) -> Iterator[str]:
    """The names of all clusters that can be folded: steps, and in them the equations of more than one operation."""
    timed = (o for o in graph.operations if o.t is not None)
    for t, step in groupby(timed, key=lambda o: o.t):
        operations = list(step)
        yield step_name(t)
        equations = [o.equation for o in operations]
        for equation in dict.fromkeys(equations):
            if equation and equations.count(equation) > 1 and len(set(equations)) > 1:
                yield f"{step_name(t)}/{equation}"


@dataclass(frozen=True)
class Box:
    """A rectangle. `name` is the output of its one operation, or of a folded cluster its name ("t=2", "t=2/f").

    `inputs` are vertices, one a slot: of a folded box every vertex from outside once; `outputs` what others use.
    """

    name: str
    operations: tuple[Operation, ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    t: int | None = None
    equation: str = ""
    folded: bool = False
    sends: tuple[bool, ...] = field(default=())


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
    )


def boxes(graph: Graph, folding: Folding) -> list[Box]:
    """Everything that is drawn as a rectangle, in order of evaluation."""
    if not folding.closed:
        return [single(o) for o in graph.operations]
    groups: dict[str, list[Operation]] = {}
    for operation in graph.operations:
        groups.setdefault(_group(operation, folding.closed) or operation.output, []).append(operation)
    return [
        single(operations[0]) if name not in folding.closed else _folded(name, operations, graph)
        for name, operations in groups.items()
    ]


def _group(operation: Operation, closed: Collection[str]) -> str:
    if operation.t is None:
        return ""
    step = step_name(operation.t)
    if step in closed:
        return step
    return inner if (inner := f"{step}/{operation.equation}") in closed else ""


def _folded(name: str, operations: Iterable[Operation], graph: Graph) -> Box:
    operations = tuple(operations)
    inside = {o.output for o in operations}
    inputs = tuple(dict.fromkeys(n for o in operations for n in o.inputs if n not in inside))
    # An output is what is used outside, and what nothing uses at all.
    outputs = tuple(
        o.output
        for o in operations
        if any(user.output not in inside for user, _ in graph.consumers[o.output]) or not graph.consumers[o.output]
    )
    first = operations[0]
    equation = first.equation if "/" in name else ""
    return Box(name, operations, inputs, outputs, first.t, equation, True, (True,) * len(inputs))
