"""`a = b = c`: b defines a, and c has to have the same value. That is tried with numbers before the graph is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import N_, message
from ..graph import Graph
from . import names
from .mistakes import mistake
from .spans import Span
from .tree import Equation, walk

RELATIVE = 1e-8  # how far apart two ways to compute one value may be, for rounding alone

Pair = tuple[str, str | float, Span]


def with_second_sides(equations: Sequence[Equation]) -> tuple[list[Equation], list[Pair]]:
    """The equations, and one more for each further side: (all of them, (defined name, name of the side, its place))."""
    found: list[Equation] = []
    pairs: list[Pair] = []
    for equation in equations:
        found.append(Equation(equation.name, equation.name_span, equation.right, equation.uses))
        for side in equation.checks:
            if side.kind == "number":
                pairs.append((equation.name, float(side.value), side.outer))
                continue
            if side.kind == "name":
                pairs.append((equation.name, side.value, side.outer))
                continue
            base = f"side{len(pairs) + 1}"
            name = names.at(base, "t") if names.timed(equation.name) else base
            uses = [(n.value, n.span) for n in walk(side) if n.kind == "name"]
            found.append(Equation(name, side.span, side, uses))
            pairs.append((equation.name, name, side.outer))
    return found, pairs


def verify(graph: Graph, pairs: Sequence[Pair]) -> None:
    """Compute both sides with numbers between 0.2 and 0.8. Raises NotationError where they differ."""
    random = np.random.default_rng(0)
    values = {}
    for name, vertex in graph.vertices.items():
        if vertex.value is not None:
            values[name] = np.full(vertex.shape, vertex.value)
        elif name not in graph.producer:
            values[name] = random.uniform(0.2, 0.8, vertex.shape)
    with np.errstate(all="ignore"):
        for o in graph.operations:
            values[o.output] = np.asarray(o.op.forward(*(values[n] for n in o.inputs), **o.attributes))
    for name, side, place in pairs:
        for one, other in _both(graph, name, side):
            a, b = values[one], np.asarray(other) if isinstance(other, float) else values.get(other)
            if b is None or a.shape != b.shape or not np.allclose(a, b, rtol=RELATIVE, atol=RELATIVE, equal_nan=True):
                raise mistake(
                    place,
                    message(N_("this is not equal to the expression before it")),
                    message(N_("another way to write the same value")),
                    message(N_("write it as an equation of its own, or correct one of the two")),
                )


def _both(graph: Graph, name: str, side: str | float) -> list[tuple[str, str | float]]:
    """The vertices of the two sides, at every step of time."""
    left = names.timed(name)
    if left is not None and isinstance(side, float):
        return [(v.name, side) for v in graph.vertices.values() if v.base == left.base and v.t]
    right = None if isinstance(side, float) else names.timed(str(side))
    if left is not None and right is None:
        return [(v.name, side) for v in graph.vertices.values() if v.base == left.base and v.t]
    if left is None or right is None:
        return [(name, side)]
    steps = sorted({v.t for v in graph.vertices.values() if v.base == right.base and v.t})
    return [(names.at(left.base, t), names.at(right.base, t)) for t in steps]
