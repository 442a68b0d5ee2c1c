"""The walk: every step of the forward and of the backward pass, with everything that is shown of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, overload

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, message
from ..graph import Graph, Operation
from .evaluate import forward
from .sweep import check_target, sweep


@dataclass(frozen=True, eq=False)
class Contribution:
    """What one slot of an operation sends back to its vertex.

    value   the vector-Jacobian product, of the vertex's shape
    total   the vertex's gradient with this part added
    part    which of its parts this is, from 1
    parts   how many arrive in the whole walk; `total` is complete when part == parts
    """

    slot: int
    vertex: str
    value: Array
    total: Array
    part: int
    parts: int


@dataclass(frozen=True, eq=False)
class Forward:
    """A forward step: `operation` computes the vertex `output`, whose value is `value`. `index` counts from 1."""

    index: int
    operation: Operation
    output: str
    value: Array
    phase: Literal["forward"] = "forward"
    upstream: None = None
    contributions: tuple[()] = ()


@dataclass(frozen=True, eq=False)
class Seed:
    """The first backward step, ∂loss/∂loss = 1: `output` is the loss, `upstream` the 1 that everything begins with."""

    index: int
    output: str
    value: Array
    upstream: Array
    phase: Literal["backward"] = "backward"
    operation: None = None
    contributions: tuple[()] = ()


@dataclass(frozen=True, eq=False)
class Backward:
    """A backward step: the gradient `upstream` at `output` goes back through `operation`.

    `contributions` are what goes back, one for each slot that a gradient flows to; `value` is the value of `output`.
    """

    index: int
    operation: Operation
    output: str
    value: Array
    upstream: Array
    contributions: tuple[Contribution, ...]
    phase: Literal["backward"] = "backward"


OperationStep = Forward | Backward
"""A step at which an operation is at work."""
Step = Forward | Seed | Backward
"""One step of the walk; 0 is the state before the first."""


class Walk(Sequence[Step]):
    """The steps in order, with what they were made from: `graph`, `values` (all of forward) and `of`, the loss."""

    def __init__(self, graph: Graph, values: Mapping[str, Array], of: str, steps: Iterable[Step]) -> None:
        self.graph = graph
        self.values = values
        self.of = of
        self._steps = tuple(steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Step, ...]: ...
    def __getitem__(self, index):
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)


def trace(
    graph: Graph,
    feeds: Mapping[str, Array],
    of: str = "loss",
    *,
    wrt: Iterable[str] | None = None,
    device: str = "cpu",
) -> Walk:
    """The whole walk, forward and then backward, one operation a step.

    `wrt` names the vertices whose gradients are wanted; only what lies between them and `of` is walked, as on the
    slides, where the walk goes to the parameters and leaves x alone. By default every gradient is walked.
    Raises as `forward` and `backward` do, and GraphlabError where `wrt` names something that is not a vertex.
    """
    check_target(graph, of)
    values = forward(graph, feeds, device=device)
    steps: list[Step] = [
        Forward(i, operation, operation.output, values[operation.output])
        for i, operation in enumerate(graph.operations, 1)
    ]
    within = None
    if wrt is not None:
        wrt = tuple(wrt)
        if unknown := [name for name in graph.expanded(wrt) if name not in graph.vertices]:
            raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=unknown[0]))
        within = graph.depending_on(graph.expanded(wrt))
    seed = xp_of(values[of]).ones_like(values[of])
    passes = list(sweep(graph, values, of, seed, within))
    parts: dict[str, int] = {}
    for arrival in (a for p in passes for a in p.arrivals):
        parts[arrival.vertex] = arrival.part
    steps.append(Seed(len(steps) + 1, of, values[of], seed))
    for operation, upstream, arrivals in passes:
        contributions = tuple(Contribution(*arrival, parts=parts[arrival.vertex]) for arrival in arrivals)
        output = operation.output
        steps.append(Backward(len(steps) + 1, operation, output, values[output], upstream, contributions))
    return Walk(graph, values, of, steps)
