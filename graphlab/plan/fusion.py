"""What a device is asked to do, launch by launch: elementwise calls that hang together are one launch.

A launch costs the same for a few numbers and for a million, and every array that passes between two launches goes out
to memory and back. So a cell of an LSTM is one launch each way, between the products that it waits for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from .differentiate import Recording
from .program import ELEMENTWISE, VIEWS, Node

FUSED = ELEMENTWISE | {"cast", "copy"}
# No more arrays than this in one kernel: CUDA takes 4 KB of arguments, and an array of four axes is 80 bytes of them.
MOST_ARRAYS = 40


@dataclass(frozen=True)
class Launch:
    """Nodes that are computed at once: one of any kind, or elementwise ones of one shape, operands first.

    operands  what is read and not computed here
    outputs   the nodes that others read, or that are returned; what is only passing needs no memory
    """

    nodes: tuple[Node, ...]
    operands: tuple[Node, ...]
    outputs: tuple[Node, ...]

    @property
    def is_kernel(self) -> bool:
        """Whether this is a generated kernel, and not a call of the library."""
        return self.nodes[0].kind in FUSED


def fused(recording: Recording) -> list[Launch]:
    """A recording as launches, in an order in which each finds its operands computed."""
    order = [n for n in recording.order() if n.kind not in VIEWS and n.kind not in ("feed", "number")]
    readers = _readers(order)
    kept = set(recording.outputs)
    depth = _depths(order, readers, kept)
    together: dict[tuple, list[Node]] = defaultdict(list)
    for node in order:
        together[depth[node], node.shape if node.kind in FUSED else node.index].append(node)
    launches = []
    for _, nodes in sorted(together.items(), key=lambda item: item[0][0]):
        for members in _hanging_together(nodes):
            for part in _small_enough(members, readers, kept):
                inside = set(part)
                outputs = tuple(n for n in part if n in kept or any(u not in inside for u, _ in readers[n]))
                operands = dict.fromkeys(a for n in part for a in n.args if a not in inside)
                launches.append(Launch(part, tuple(operands), outputs))
    return launches


Readers = Mapping[Node, list[tuple[Node, Node]]]  # of each node: who reads it, and through which view


def _readers(order: Iterable[Node]) -> Readers:
    found = defaultdict(list)
    for node in order:
        for arg in node.args:
            found[arg.root].append((node, arg))
    return found


def _joins(arg: Node, node: Node) -> bool:
    """Whether `arg` can be computed in the kernel of `node`, which reads it: element for element, not through a view."""
    return arg.kind in FUSED and node.kind in FUSED and arg.shape == node.shape


def _depths(order: Sequence[Node], readers: Readers, kept: Collection[Node]) -> dict[Node, int]:
    """How many launches each node has to wait for, at least.

    What only later kernels read is computed in the first of them: 1 - f is not kept from the forward pass for the
    backward one, it is computed anew from f.
    """
    depth: dict[Node, int] = {}
    for node in order:
        waits = (depth.get(a.root, 0) + (not _joins(a, node)) for a in node.args)
        depth[node] = max(waits, default=1)
    for node in reversed(order):
        if node not in kept and all(_joins(arg, user) for user, arg in readers[node]):
            depth[node] = min(depth[user] for user, _ in readers[node])
    return depth


def _hanging_together(nodes: Sequence[Node]) -> list[list[Node]]:
    """The nodes in groups that read each other, or the same computed array."""
    group = {node: {node} for node in nodes}
    first: dict[Node, Node] = {}
    for node in nodes:
        for arg in node.args:
            if arg.root.kind in ("feed", "number"):
                continue
            other = arg if arg in group else first.setdefault(arg, node)
            if group[other] is not group[node]:
                group[other] |= group[node]
                for member in group[node]:
                    group[member] = group[other]
    distinct = {id(members): members for members in group.values()}
    return [sorted(members, key=lambda n: n.index) for members in distinct.values()]


def _small_enough(members: list[Node], readers: Readers, kept: Collection[Node]) -> list[tuple[Node, ...]]:
    """The members in as few parts as the limit on arrays allows; each part needs no later one."""
    inside = set(members)
    parts: list[tuple[Node, ...]] = []
    part: list[Node] = []
    arrays: set[tuple[str, Node]] = set()
    for node in members:
        needed = {("in", a) for a in node.args if a not in inside}
        # What an earlier part computes comes in as an array too.
        needed |= {("in", a) for a in node.args if a in inside and a not in part}
        if node in kept or any(user not in inside for user, _ in readers[node]):
            needed.add(("out", node))
        if part and len(arrays | needed) > MOST_ARRAYS:
            parts.append(tuple(part))
            part, arrays = [], set()
        part.append(node)
        arrays |= needed
    return [*parts, tuple(part)]
