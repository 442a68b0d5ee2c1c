"""The Jacobian of any vertex by any other, one row a backward sweep or one column a forward one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, ShapeError, message
from ..graph import Graph
from .sweep import sweep
from .tangents import by_columns

LIMIT = 10**8  # elements; the same limit as for a vertex


def jacobian(
    graph: Graph, values: Mapping[str, Array], *, of: str, by: str, mode: Literal["reverse", "forward"] = "reverse"
) -> Array:
    """∂of/∂by, of the shape of `of` followed by the shape of `by`; zeros where `of` does not depend on `by`.

    `values` is what `forward` returned; `by` may be a fed sequence. In reverse mode there is one pass for each element
    of `of`, in forward mode one for each element of `by`; both give the same up to rounding.
    Raises GraphlabError for a name that is not a vertex, ShapeError where the result would have more than 10^8 elements.
    """
    if by in graph.sequences:
        steps = [jacobian(graph, values, of=of, by=step, mode=mode) for step in graph.sequences[by]]
        return xp_of(values[of]).stack(steps, axis=values[of].ndim)
    for name in (of, by):
        if name not in graph.vertices:
            raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=name))
    above, below = graph.vertices[of], graph.vertices[by]
    if above.size * below.size > LIMIT:
        raise ShapeError(
            message(
                N_("the Jacobian of {of} by {by} would have {n} elements; the limit is {limit}"),
                of=of,
                by=by,
                n=above.size * below.size,
                limit=LIMIT,
            )
        )
    if mode == "forward":
        return by_columns(graph, values, of, by)
    xp = xp_of(values[of])
    within = graph.depending_on([by])
    rows = []
    for index in np.ndindex(above.shape):
        seed = xp.zeros_like(values[of])
        seed[index] = 1
        row = seed if of == by else xp.zeros_like(values[by])
        for step in sweep(graph, values, of, seed, within):
            for arrival in step.arrivals:
                if arrival.vertex == by:
                    row = arrival.total
        rows.append(row)
    return xp.reshape(xp.stack(rows), above.shape + below.shape) if rows else xp.zeros(above.shape + below.shape)
