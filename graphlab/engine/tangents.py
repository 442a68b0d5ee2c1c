"""Forward mode: a tangent is carried along the graph, operation by operation, beside the values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, ShapeError, message
from ..graph import Graph, Operation


def push(operation: Operation, slot: int, v: Array, values: Mapping[str, Array]) -> Array:
    """The Jacobian-vector product of one slot: ∂output/∂input times the tangent `v` of the input.

    An op declares its VJPs alone, so its JVP is found in the cheapest way that its declaration allows:
    elementwise: one VJP, of ones, gives the diagonal; linear: one forward pass, with `v` as the operand; otherwise the
    closed Jacobian where there is one, and else one VJP for each element of the output.
    """
    op, attributes = operation.op, operation.attributes
    y, inputs = values[operation.output], [values[name] for name in operation.inputs]
    xp = xp_of(y)
    with np.errstate(all="ignore"):
        if op.elementwise:
            # With all operands at their broadcast shape nothing is summed, and each element has its own derivative.
            wide = [xp.broadcast_to(a, y.shape) for a in inputs]
            return op.sent(slot).vjp(xp.ones_like(y), y, *wide, **attributes) * xp.broadcast_to(v, y.shape)
        if op.linear:
            held = [a if op.linear == "each" or op.vjps[i] is None else xp.zeros_like(a) for i, a in enumerate(inputs)]
            held[slot] = v
            return xp.asarray(op.forward(*held, **attributes))
        if (closed := op.jacobians[slot]) is not None:
            jacobian = xp.asarray(closed(y, *inputs, **attributes))
            return xp.asarray(xp.tensordot(jacobian, v, axes=v.ndim))
        moved = xp.zeros_like(y)
        for index in np.ndindex(y.shape):
            unit = xp.zeros_like(y)
            unit[index] = 1
            moved[index] = xp.sum(op.sent(slot).vjp(unit, y, *inputs, **attributes) * v)
        return moved


def _tangents(graph: Graph, values: Mapping[str, Array], along: Mapping[str, Array]) -> dict[str, Array]:
    """The given tangents as arrays of their vertices' shapes, a sequence's one by one for its steps."""
    found: dict[str, Array] = {}
    for name, given in along.items():
        if name not in graph.vertices and name not in graph.sequences:
            raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=name))
        v = xp_of(values[name]).asarray(given, dtype=values[name].dtype)
        if v.shape != values[name].shape:
            raise ShapeError(
                message(
                    N_("the tangent of {name} has the shape {given}; the vertex has {wanted}"),
                    name=name,
                    given=v.shape,
                    wanted=values[name].shape,
                )
            )
        for vertex, part in (
            [(s, v[t, ...]) for t, s in enumerate(graph.sequences[name])] if name in graph.sequences else [(name, v)]
        ):
            found[vertex] = found[vertex] + part if vertex in found else part
    return found


def jvp(graph: Graph, values: Mapping[str, Array], *, of: str, along: Mapping[str, Array]) -> Array:
    """How `of` moves when the vertices of `along` move by the tangents given: an array of the shape of `of`.

    It is the sum over the names of ∂of/∂name · along[name], found in one pass from the inputs up (forward mode), where
    `backward` makes one pass down. `values` is what `forward` returned; `along` gives {name: tangent of its shape}, for
    inputs, parameters, fed sequences, or any other vertex, which then moves by itself.
    Raises GraphlabError for a name that is not a vertex, ShapeError for a tangent of another shape than its vertex.
    """
    if of not in graph.vertices:
        raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=of))
    moving = _tangents(graph, values, along)
    needed = graph.reaching(of)
    for operation in graph.operations:
        output = operation.output
        if output not in needed:
            continue
        for slot, name in enumerate(operation.inputs):
            if operation.op.vjps[slot] is not None and name in moving:
                v = push(operation, slot, moving[name], values)
                moving[output] = moving[output] + v if output in moving else v
    return moving[of] if of in moving else xp_of(values[of]).zeros_like(values[of])


def by_columns(graph: Graph, values: Mapping[str, Array], of: str, by: str) -> Array:
    """∂of/∂by in forward mode: one pass, and one column, for each element of `by`."""
    xp = xp_of(values[of])
    columns = []
    for index in np.ndindex(values[by].shape):
        unit = xp.zeros_like(values[by])
        unit[index] = 1
        columns.append(jvp(graph, values, of=of, along={by: unit}))
    shape = values[of].shape + values[by].shape
    return xp.reshape(xp.stack(columns, axis=values[of].ndim), shape) if columns else xp.zeros(shape)
