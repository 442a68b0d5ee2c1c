"""Walks to explain: the slides' perceptron, shared vertices, and every op by itself."""

import numpy as np

from graphlab import ops  # noqa: F401  (fills the registry)
from graphlab.engine import trace
from graphlab.graph import Graph, Operation, Vertex
from graphlab.op import Example, Op
from graphlab.ops import registry


def vertex(name, kind, shape, latex, value=None):
    return Vertex(name, kind, shape, latex, value)


def tmp(k, shape=()):
    name = rf"\mathbf{{tmp}}_{k}" if shape else rf"\mathit{{tmp}}_{k}"
    return vertex(f"tmp_{k}", "temporary", shape, name)


def graph(vertices, operations):
    return Graph({v.name: v for v in vertices}, tuple(operations))


def do(op, inputs, output, **attributes):
    return Operation(registry[op], tuple(inputs.split()), output, attributes)


LOSS = vertex("loss", "output", (), r"\mathcal{L}")


def perceptron(d=2, h=2):
    """LECTURE D1: h = tanh(x W_1 + b_1), y = sigma(h w_2^T + b_2), loss = BCE(y_true, y)."""
    return graph(
        [
            vertex("x", "input", (d,), r"\mathbf{x}"),
            vertex("W_1", "parameter", (d, h), r"\mathbf{W}_1"),
            vertex("b_1", "parameter", (h,), r"\mathbf{b}_1"),
            vertex("w_2", "parameter", (h,), r"\mathbf{w}_2"),
            vertex("b_2", "parameter", (), "b_2"),
            vertex("y_true", "input", (), "y_{true}"),
            tmp(1, (h,)),
            tmp(2, (h,)),
            vertex("h", "temporary", (h,), r"\mathbf{h}"),
            tmp(3),
            tmp(4),
            vertex("y", "output", (), "y"),
            LOSS,
        ],
        [
            do("matmul", "x W_1", "tmp_1"),
            do("add", "tmp_1 b_1", "tmp_2"),
            do("tanh", "tmp_2", "h"),
            do("matmul", "h w_2", "tmp_3", tb=True),
            do("add", "tmp_3 b_2", "tmp_4"),
            do("sigma", "tmp_4", "y"),
            do("BCE", "y_true y", "loss"),
        ],
    )


FEEDS = {
    "x": [1, -0.5],
    "W_1": [[0.5, -0.25], [1, 0.5]],
    "b_1": [0.1, 0],
    "w_2": [2, -1],
    "b_2": -0.25,
    "y_true": 1,
}


def slides_walk():
    ours = perceptron()
    return trace(ours, FEEDS, wrt=ours.names("parameter"))


def square_walk():
    """loss = sum(x ⊙ x): one vertex, two edges."""
    ours = graph(
        [vertex("x", "parameter", (2,), r"\mathbf{x}"), tmp(1, (2,)), LOSS],
        [do("mul", "x x", "tmp_1"), do("sum", "tmp_1", "loss")],
    )
    return trace(ours, {"x": [0.5, -3]})


def single_walk(op: Op, example: Example):
    """The op alone on its example, with as much of sum and product behind it as makes a loss."""
    shapes = [np.shape(x) for x in example.inputs]
    names = [f"a_{i}" for i in range(len(example.inputs))]
    inputs = [
        vertex(n, "parameter", s, rf"\mathbf{{{'abcde'[i]}}}_{i}" if s else rf"{'abcde'[i]}_{i}")
        for i, (n, s) in enumerate(zip(names, shapes, strict=True))
    ]
    out = op.shape(*shapes, **example.attributes)
    operations = [Operation(op, tuple(names), "y", example.attributes)]
    vertices = [*inputs, vertex("y", "temporary", out, r"\mathbf{y}" if out else "y"), LOSS]
    operations.append(do("tanh" if not out else "norm2", "y", "loss"))
    feeds = dict(zip(names, example.inputs, strict=True))
    return trace(graph(vertices, operations), feeds)
