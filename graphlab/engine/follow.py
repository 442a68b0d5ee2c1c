"""One element followed through the graph: the entries it is made of, and those its gradient is made of.

What depends on what is read off the declarations of the ops, not off the numbers at hand: an entry feeds another even
where the derivative happens to be 0, as at a ReLU that stays silent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..arrays import Array, to_host
from ..errors import N_, GraphlabError, message
from ..graph import Operation
from ..op import Entries, Index, Op, Shape
from ..ops.rules import leading, trailing, unbroadcast
from .paths import Edge
from .tangents import push
from .trace import Walk

Entry = tuple[int, Index]  # a slot, and a place in its operand


@dataclass(frozen=True, eq=False)
class Followed:
    """An element of a vertex, and what it hangs together with.

    forward          {vertex: which of its entries feed the element}, boolean arrays of the vertices' shapes; the
                     element itself among them
    backward         the same for the gradient at the element: the entries of the gradients that it is made of
    forward_edges    the edges on which something flows to the element, in order of evaluation
    backward_edges   those on which a part of its gradient comes back
    """

    vertex: str
    index: Index
    forward: Mapping[str, np.ndarray]
    backward: Mapping[str, np.ndarray]
    forward_edges: tuple[Edge, ...]
    backward_edges: tuple[Edge, ...]


def entries(op: Op, at: Index, inputs: Sequence[Array], attributes: Mapping[str, Any]) -> tuple[Entry, ...]:
    """The entries of the operands that y[at] is computed from, each once, in the order of its formula."""
    if op.elementwise:
        return tuple((slot, trailing(at, a.shape)) for slot, a in enumerate(inputs))
    if op.terms is not None:
        # An operand with no VJP chooses among the others: indices, lengths, a mask.
        choices = [(i, leading(at, inputs[i].shape)) for i, vjp in enumerate(op.vjps) if vjp is None]
        factors = [factor for _, factors in op.terms(at, *inputs, **attributes) for factor in factors]
        return tuple(dict.fromkeys(choices + factors))
    asked: dict[Entry, None] = {}

    def asking(slot: int, shape: Shape) -> Entries:
        def latex(index: Index) -> str:
            asked[slot, index] = None
            return ""

        return Entries(shape, latex)

    assert op.element is not None  # asked for where y is not elementwise
    op.element(at, *(asking(slot, a.shape) for slot, a in enumerate(inputs)), **attributes)
    return tuple(asked)


def _plain_values(operation: Operation, values: Mapping[str, Array]) -> dict[str, np.ndarray]:
    """Ones for what is computed with, so that nothing cancels or vanishes; what chooses among operands as it is."""
    op = operation.op
    plain = {
        name: to_host(values[name]) if vjp is None else np.ones(values[name].shape)
        for name, vjp in zip(operation.inputs, op.vjps, strict=True)
    }
    plain[operation.output] = np.ones(values[operation.output].shape)
    return plain


def feeding(operation: Operation, wanted: np.ndarray, values: Mapping[str, Array]) -> list[np.ndarray]:
    """For each slot, the entries of the operand that the `wanted` entries of the output are computed from."""
    op, shapes = operation.op, [values[name].shape for name in operation.inputs]
    if op.elementwise:
        return [unbroadcast(wanted.astype(np.int64), shape) > 0 for shape in shapes]
    found = [np.zeros(shape, dtype=bool) for shape in shapes]
    if op.terms is None:
        inputs = [to_host(values[name]) for name in operation.inputs]
        for at in map(tuple, np.argwhere(wanted).tolist()):
            for slot, index in entries(op, at, inputs, operation.attributes):
                found[slot][index] = True
        return found
    plain = _plain_values(operation, values)
    inputs = [plain[name] for name in operation.inputs]
    for slot, vjp in enumerate(op.vjps):
        if vjp is not None:
            sent = vjp(wanted.astype(np.float64), plain[operation.output], *inputs, **operation.attributes)
            found[slot] = np.asarray(sent) != 0
        else:
            for at in np.argwhere(wanted).tolist():
                found[slot][leading(tuple(at), shapes[slot])] = True
    return found


def fed(operation: Operation, slot: int, moved: np.ndarray, values: Mapping[str, Array]) -> np.ndarray:
    """The entries of the output that are computed from any of the `moved` entries of one operand."""
    op, shape = operation.op, values[operation.output].shape
    if op.elementwise:
        return np.broadcast_to(moved, shape)
    if op.terms is not None:
        return push(operation, slot, moved.astype(np.float64), _plain_values(operation, values)) != 0
    inputs = [to_host(values[name]) for name in operation.inputs]
    found = np.zeros(shape, dtype=bool)
    for at in np.ndindex(shape):
        found[at] = any(moved[i] for s, i in entries(op, at, inputs, operation.attributes) if s == slot)
    return found


def _joined(masks: dict[str, np.ndarray], name: str, mask: np.ndarray) -> None:
    masks[name] = masks[name] | mask if name in masks else mask


def checked_index(walk: Walk, vertex: str, index: Sequence[int]) -> Index:
    """`index` as a tuple. Raises GraphlabError where there is no such vertex, or no such element of it."""
    if vertex not in walk.graph.vertices:
        raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=vertex))
    shape, at = walk.graph.vertices[vertex].shape, tuple(index)
    if len(at) != len(shape) or not all(isinstance(i, int) and 0 <= i < n for i, n in zip(at, shape, strict=True)):
        raise GraphlabError(
            message(N_("{name} has the shape {shape}: there is no element {index}"), name=vertex, shape=shape, index=at)
        )
    return at


def follow(walk: Walk, vertex: str, index: Sequence[int] = ()) -> Followed:
    """What one element is made of, down to the inputs, and what its gradient is made of, up to the loss.

    `index` counts from 0, one number an axis. The gradient is that of the walk: where the walk brings none, `backward`
    is empty. Raises GraphlabError where there is no such vertex, or no such element of it.
    """
    at = checked_index(walk, vertex, index)
    here = np.zeros(walk.graph.vertices[vertex].shape, dtype=bool)
    here[at] = True
    forward, backward = {vertex: here}, {vertex: here}
    forward_edges, backward_edges = [], []
    for operation in reversed(walk.graph.operations):
        if operation.output in forward:
            masks = feeding(operation, forward[operation.output], walk.values)
            for slot, mask in reversed(list(enumerate(masks))):
                if mask.any():
                    _joined(forward, operation.inputs[slot], mask)
                    forward_edges.append(Edge(operation.output, slot))
    walked = {Edge(step.output, c.slot) for step in walk for c in step.contributions}
    for operation in walk.graph.operations:
        for slot, name in enumerate(operation.inputs):
            if name in backward and Edge(operation.output, slot) in walked:
                mask = fed(operation, slot, backward[name], walk.values)
                if mask.any():
                    _joined(backward, operation.output, mask)
                    backward_edges.append(Edge(operation.output, slot))
    reached = {c.vertex for step in walk for c in step.contributions} | {walk.of}
    return Followed(
        vertex, at, forward, backward if vertex in reached else {}, tuple(forward_edges[::-1]), tuple(backward_edges)
    )
