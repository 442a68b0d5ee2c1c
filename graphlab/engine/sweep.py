"""The backward pass: one sweep over the operations, from the loss to the inputs."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, message
from ..graph import Graph, Operation


class Arrival(NamedTuple):
    """One product g · ∂y/∂input on its way to a vertex. `total` is the vertex's gradient with this part added."""

    slot: int
    vertex: str
    value: Array
    total: Array
    part: int


class Pass(NamedTuple):
    """One operation of the backward pass: the gradient that came in, and what went out of each slot."""

    operation: Operation
    upstream: Array
    arrivals: tuple[Arrival, ...]


def check_target(graph: Graph, of: str) -> None:
    """Raises GraphlabError where `of` is not a vertex, or not a scalar."""
    if of not in graph.vertices:
        raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=of))
    if graph.vertices[of].shape != ():
        raise GraphlabError(
            message(
                N_("{name} has the shape {shape}: a gradient starts from a scalar"),
                name=of,
                shape=graph.vertices[of].shape,
            ),
            help=message(N_("take the mean or the sum first: loss = mean({name})"), name=of),
        )


def contract(operation: Operation, slot: int, g: Array, values: Mapping[str, Array]) -> Array:
    """The vector-Jacobian product of one slot: the upstream gradient times ∂output/∂input."""
    inputs = (values[name] for name in operation.inputs)
    with np.errstate(all="ignore"):
        product = operation.op.sent(slot).vjp(g, values[operation.output], *inputs, **operation.attributes)
    return xp_of(g).asarray(product)


def sweep(
    graph: Graph, values: Mapping[str, Array], of: str, seed: Array, within: Collection[str] | None = None
) -> Iterator[Pass]:
    """Every operation that the gradient of `of` passes through, last one first.

    A vertex's gradient is unset until a part arrives, which is not the same as zero. With `within`, only the vertices
    named there receive anything.
    """
    gradients: dict[str, Array] = {of: seed}
    parts: dict[str, int] = {}
    for operation in reversed(graph.operations):
        upstream = gradients.get(operation.output)
        if upstream is None:
            continue
        arrivals = []
        for slot, name in enumerate(operation.inputs):
            if operation.op.vjps[slot] is None or (within is not None and name not in within):
                continue
            value = contract(operation, slot, upstream, values)
            with np.errstate(all="ignore"):  # ∞ − ∞ is shown as nan, not warned of
                gradients[name] = gradients[name] + value if name in gradients else value
            parts[name] = parts.get(name, 0) + 1
            arrivals.append(Arrival(slot, name, value, gradients[name], parts[name]))
        if arrivals:
            yield Pass(operation, upstream, tuple(arrivals))


def backward(graph: Graph, values: Mapping[str, Array], of: str = "loss") -> dict[str, Array]:
    """The gradient of the scalar `of` by every vertex it depends on: {vertex name: array of the vertex's shape}.

    `values` is what `forward` returned. A vertex that the loss does not reach is absent. A fed sequence that it reaches
    is there as one array, `x`, and by its steps, `x_2`, which are views of it: zeros at a step that nothing reaches.
    Raises GraphlabError where `of` is not a vertex or not a scalar.
    """
    check_target(graph, of)
    seed = xp_of(values[of]).ones_like(values[of])
    gradients = {of: seed}
    for step in sweep(graph, values, of, seed):
        for arrival in step.arrivals:
            gradients[arrival.vertex] = arrival.total
    return gradients | sequences(graph, values, gradients)


def sequences(graph: Graph, values: Mapping[str, Array], gradients: Mapping[str, Array]) -> dict[str, Array]:
    """The gradients of the fed sequences that any gradient reached, each as one array and by its steps."""
    found: dict[str, Array] = {}
    for name, steps in graph.sequences.items():
        if any(step in gradients for step in steps):
            xp = xp_of(values[name])
            parts = [gradients[s] if s in gradients else xp.zeros_like(values[s]) for s in steps]
            found[name] = xp.stack(parts)
            found |= {step: found[name][t, ...] for t, step in enumerate(steps)}
    return found
