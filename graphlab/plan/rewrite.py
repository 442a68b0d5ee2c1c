"""What the merging passes share: who uses what, writing a recording anew, and joining operands without copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .differentiate import Recording
from .program import VIEWS, Node, Program


@dataclass(frozen=True)
class Costs:
    """What merging is weighed against on a device.

    call  a call costs about as much as the work on this many elements: what merging saves against what it copies
    run   no more elements than this in an array that a merged product reads or writes: larger ones are merged in runs
    """

    call: int
    run: int


COSTS = {
    "cpu": Costs(1000, 1 << 18),  # short runs: what has to be kept for them stays small, and near the processor
    "gpu": Costs(1 << 20, 1 << 28),  # a launch takes some microseconds, in which its memory moves megabytes
}


@dataclass(frozen=True)
class Replacement:
    """Another way to compute a node: `build(program, *operands)`, with `operands` of the old recording."""

    operands: tuple[Node, ...]
    build: Callable[..., Node]


def uses(recording: Recording, order: Sequence[Node]) -> Counter[Node]:
    """How often every node is an operand or an output."""
    return Counter(arg for node in order for arg in node.args) + Counter(recording.outputs)


def rewritten(recording: Recording, order: Sequence[Node], instead: Mapping[Node, Replacement]) -> Recording:
    """The recording with some nodes computed in another way, in an order that stays as near to the old one as it can.

    The replacements must not wait for each other.
    """
    if not instead:
        return recording
    program = Program()
    new: dict[Node, Node] = {}
    for wanted in (*recording.feeds.values(), *order):
        todo = [wanted]
        while todo:
            node = todo[-1]
            replacement = instead.get(node)
            operands = node.args if replacement is None else replacement.operands
            missing = [] if node in new else [a for a in operands if a not in new]
            if missing:
                todo += missing
                continue
            todo.pop()
            if node not in new:
                there = [new[a] for a in operands]
                new[node] = replacement.build(program, *there) if replacement else program.enter_again(node, there)
    owned: dict[str, Node] = {}  # the loss goes by the name "", which no vertex has
    for name, node in {"": recording.loss, **recording.gradients}.items():
        found = new[node]
        if found.kind in VIEWS or found.kind == "number" or found in owned.values():
            found = program.copy(found, name)
        owned[name] = found
    feeds = {name: new[node] for name, node in recording.feeds.items()}
    return Recording(feeds, owned.pop(""), owned)


def can_wait(order: Sequence[Node], groups: Sequence[Sequence[Node]]) -> bool:
    """Whether each of the groups can be computed at once, when all operands of all its members are there."""
    group_of = {node: group for group in groups for node in group}
    done: set[Node] = set()
    begun: set[Node] = set()
    todo = list(reversed(order))
    while todo:
        node = todo[-1]
        if node in done:
            todo.pop()
            continue
        members = group_of.get(node, (node,))
        missing = [a for member in members for a in member.args if a not in done]
        if not missing:
            done.update(members)
        elif members[0] in begun:
            return False  # it waits for something that waits for it
        else:
            begun.add(members[0])
            todo += missing
    return True


def join(program: Program, parts: Sequence[Node], axis: int) -> Node:
    """The matrices `parts` one behind the other along an axis; transposed ones, and columns, are joined as rows."""
    if all(_is_row_across(p) for p in parts) and any(p.kind != "broadcast" for p in parts):
        return program.permute(join(program, [_across(program, p) for p in parts], 1 - axis), (1, 0))
    return program.concat(tuple(parts), axis)


def _is_row_across(node: Node) -> bool:
    """Whether the transposed matrix is what lies in memory, or one number repeated, which is no matrix at all."""
    if node.kind == "broadcast":
        return node.args[0].size == 1
    return node.kind == "permute" or (len(node.shape) == 2 and node.shape[1] == 1 and node.shape[0] != 1)


def _across(program: Program, node: Node) -> Node:
    if node.kind == "broadcast":
        return program.permute(node, (1, 0))
    return node.args[0] if node.kind == "permute" else program.reshape(node, node.shape[::-1])


def copied(parts: Sequence[Node]) -> int:
    """How many elements have to be moved to join these: what is fed, unless it is one run of a fed array.

    What is computed is computed in its place.
    """
    fed = [p for p in parts if p.root.kind == "feed"]
    if len(fed) == len(parts) and len({p.root for p in parts}) == 1 and all(_leads(p) for p in parts):
        return 0
    return sum(p.size for p in fed)


def _leads(node: Node) -> bool:
    """Whether a view shows a contiguous piece, or one transposed."""
    while node.kind in VIEWS and not node.contiguous:
        if node.kind != "permute":
            return False
        node = node.args[0]
    return True


def runs(members: Sequence[Node], size: int, most: int) -> list[Sequence[Node]]:
    """The members in runs of neighbours, none of them with more than `most` elements, where each has `size`.

    They are counted from the end: what begins at the first step and what begins at the second end at the same one.
    """
    length = max(1, most // max(1, size))
    ends = range(len(members), 0, -length)
    return [members[max(0, end - length) : end] for end in ends][::-1]
