"""The forward pass: from fed values to the value of every vertex."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from .. import arrays
from ..arrays import Array
from ..errors import N_, GraphlabError, ShapeError, message
from ..graph import Graph, Operation


def prepare(graph: Graph, feeds: Mapping[str, Array], device: str = "cpu") -> dict[str, Array]:
    """The fed values as floating-point arrays of the device, checked, with the constants of the text beside them.

    float32 stays float32 where all feeds are; everything else becomes float64.
    Raises GraphlabError for a name that is missing or unknown, ShapeError for a value of the wrong shape.
    """
    xp = arrays.namespace(device)
    missing = [name for name in graph.fed if name not in feeds]
    if missing:
        raise GraphlabError(message(N_("no value was given for {names}"), names=", ".join(missing)))
    unknown = [name for name in feeds if name not in graph.fed]
    if unknown:
        raise GraphlabError(
            message(
                N_("{names} can not be fed: it is not an input, a parameter or a constant"), names=", ".join(unknown)
            ),
            expected=message(N_("values for {names}"), names=", ".join(graph.fed)),
        )
    single = bool(graph.fed) and all(arrays.is_single(feeds[name]) for name in graph.fed)
    dtype = xp.float32 if single else xp.float64
    values = {
        name: xp.full(vertex.shape, vertex.value, dtype=dtype)
        for name, vertex in graph.vertices.items()
        if vertex.value is not None
    }
    for name in graph.fed:
        values[name] = xp.asarray(feeds[name], dtype=dtype)
        if values[name].shape != graph.fed_shape(name):
            raise ShapeError(
                message(
                    N_("the value of {name} has the shape {given}; the graph needs {wanted}"),
                    name=name,
                    given=values[name].shape,
                    wanted=graph.fed_shape(name),
                )
            )
        for t, step in enumerate(graph.sequences.get(name, ())):
            values[step] = values[name][t, ...]
    return values


def apply(operation: Operation, values: Mapping[str, Array]) -> Array:
    """The output of one operation. Overflow and division by zero give inf and nan, which are shown, not warned of."""
    with np.errstate(all="ignore"):
        return operation.op.forward(*(values[name] for name in operation.inputs), **operation.attributes)


def forward(graph: Graph, feeds: Mapping[str, Array], *, device: str = "cpu") -> dict[str, Array]:
    """The value of every vertex, in order of evaluation: {vertex name: array of the vertex's shape}.

    `feeds` gives inputs, parameters and declared constants by name. A sequence is one array under its own name, axis 0
    is time; the values hold it both ways, `values["x"]` and, as a view of it, `values["x_2"]`.
    Every array stays on `device`, "cpu" or "gpu".
    Raises GraphlabError for a name that is missing or unknown, ShapeError for a value of the wrong shape.
    """
    xp = arrays.namespace(device)
    values = prepare(graph, feeds, device)
    for operation in graph.operations:
        # A full reduction gives a numpy scalar; a vertex always holds an array.
        values[operation.output] = xp.asarray(apply(operation, values))
    return values
