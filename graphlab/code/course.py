"""The course of a walk, without its numbers: which operation sends a gradient to what, step by step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from ..graph import Graph, Operation


@dataclass(frozen=True)
class Sent:
    """One gradient on its way to a vertex: from which slot, which part of how many."""

    slot: int
    vertex: str
    part: int
    parts: int


@dataclass(frozen=True)
class Passed:
    """One operation of the backward pass with what it sends; `index` is its step in the walk."""

    index: int
    operation: Operation
    sent: tuple[Sent, ...]


def course(graph: Graph, of: str, within: Collection[str] | None = None) -> tuple[Passed, ...]:
    """The backward pass from `of`, as the engine walks it; with `within`, only to the vertices named there."""
    reached: dict[str, int] = {of: 0}
    passes: list[tuple[Operation, list[tuple[int, str, int]]]] = []
    for operation in reversed(graph.operations):
        if operation.output not in reached:
            continue
        sent = []
        for slot, name in enumerate(operation.inputs):
            if operation.op.vjps[slot] is not None and (within is None or name in within):
                reached[name] = reached.get(name, 0) + 1
                sent.append((slot, name, reached[name]))
        if sent:
            passes.append((operation, sent))
    first = len(graph.operations) + 2  # behind the seed step
    return tuple(
        Passed(i, operation, tuple(Sent(*one, parts=reached[one[1]]) for one in sent))
        for i, (operation, sent) in enumerate(passes, first)
    )
