"""Products that share a factor as one product: a [B_1 … B_n] = [a B_1 … a B_n], and [a_1; …; a_T] B = [a_1 B; …; a_T B].

The first is the gates of a cell side by side, with their weights joined once a call; the second is `x_t W` of all t,
with x one array already. Each product stays there, as a view of its columns or rows. Exact: block matrices.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from .differentiate import Recording
from .program import Node, Program
from .rewrite import Costs, Replacement, can_wait, copied, join, rewritten, runs


def merge_beside(recording: Recording, costs: Costs) -> Recording:
    """The recording with products of one left factor merged, where the right ones are weights that many share."""
    order = recording.order()
    groups: dict[Node, list[Node]] = defaultdict(list)
    for node in order:
        if node.kind == "dot" and len(node.args[1].shape) == 2 and node.args[1].root.kind == "feed":
            groups[node.args[0]].append(node)
    found = [sorted(group, key=lambda n: n.args[1].index) for group in groups.values() if len(group) > 1]
    shared = Counter(tuple(n.args[1] for n in group) for group in found)
    instead = {}
    for group in found:
        rights = tuple(n.args[1] for n in group)
        if copied(rights) / shared[rights] < (len(group) - 1) * (costs.call + group[0].size):
            instead |= _beside(group)
    return rewritten(recording, order, instead)


def _beside(group: Sequence[Node]) -> dict[Node, Replacement]:
    operands = (group[0].args[0], *(n.args[1] for n in group))
    instead, start = {}, 0
    for node in group:
        stop = start + node.shape[-1]

        def build(program: Program, left: Node, *rights: Node, start: int = start, stop: int = stop) -> Node:
            whole = program.dot(left, join(program, rights, 1))
            rows = tuple((0, n, 1) for n in whole.shape[:-1])
            return program.slice(whole, (*rows, (start, stop, 1)))

        instead[node] = Replacement(operands, build)
        start = stop
    return instead


def merge_gradients(recording: Recording, costs: Costs) -> Recording:
    """The recording with the gradients of the gates' weights merged: one product of all inputs with all gates' gradients.

    Each is copied out of the whole, which pays where a call costs more than a matrix of weights.
    """
    order = recording.order()
    groups: dict[Node, list[Node]] = defaultdict(list)
    for node in order:
        if node.kind == "dot" and node.args[1].kind == "concat" and len(node.shape) == 2:
            groups[node.args[0]].append(node)
    # In the order in which the steps have the gates side by side: then a step lies in one piece of the whole.
    joined = [node for node in order if node.kind == "concat" and node.detail == 1]
    beside = {part: i for node in joined for i, part in enumerate(node.args)}
    instead, chosen = {}, []
    for group in groups.values():
        if len(group) > 1 and group[0].size < costs.call and can_wait(order, [*chosen, group]):
            group.sort(key=lambda n: beside.get(n.args[1].args[-1], n.index))
            chosen.append(group)
            instead |= _beside(group)
    return rewritten(recording, order, instead)


def merge_rows(recording: Recording, costs: Costs) -> Recording:
    """The recording with products of one right factor merged, those that do not wait for each other."""
    order = recording.order()
    groups: dict[Node, list[Node]] = defaultdict(list)
    for node in order:
        if node.kind == "dot" and len(node.args[1].shape) == 2 and node.args[1].root.kind in ("feed", "concat"):
            groups[node.args[1]].append(node)
    found: list[Sequence[Node]] = []
    for group in groups.values():
        if len(group) > 1 and copied([n.args[0] for n in group]) < (len(group) - 1) * costs.call:
            size = max(max(n.size, n.args[0].size) for n in group)
            merged = [run for run in runs(group, size, costs.run) if len(run) > 1]
            if all(n.args[0].root.kind == "feed" for n in group) or can_wait(order, found + merged):
                found += merged
    instead = {}
    for run in found:
        instead |= _rows(run)
    return rewritten(recording, order, instead)


def _rows(run: Sequence[Node]) -> dict[Node, Replacement]:
    """Each product of a run as rows of the whole. The first one makes the whole, and the others ask it."""
    whole: list[Node] = []

    def first(program: Program, right: Node, *lefts: Node) -> Node:
        rows = [left if len(left.shape) == 2 else program.expand(left, 0) for left in lefts]
        whole.append(program.dot(join(program, rows, 0), right))
        return _part(program, whole[0], 0, run[0])

    instead = {run[0]: Replacement((run[0].args[1], *(n.args[0] for n in run)), first)}
    start = _height(run[0])
    for node in run[1:]:
        instead[node] = Replacement(
            (run[0],), lambda program, _, start=start, node=node: _part(program, whole[0], start, node)
        )
        start += _height(node)
    return instead


def _height(node: Node) -> int:
    return node.shape[0] if len(node.shape) == 2 else 1


def _part(program: Program, whole: Node, start: int, node: Node) -> Node:
    rows = program.slice(whole, ((start, start + _height(node), 1), (0, whole.shape[1], 1)))
    return program.reshape(rows, node.shape)
