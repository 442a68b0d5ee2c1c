"""Graphs of the lecture, put together by hand, for the tests of the picture."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from graphlab import ops  # noqa: F401  (declares the ops)
from graphlab.engine import trace
from graphlab.engine.trace import Walk
from graphlab.graph import Graph, Operation, Vertex
from graphlab.ops import registry

MLP = """
tmp_1 = matmul x W_1
tmp_2 = add tmp_1 b_1
h = tanh tmp_2
tmp_3 = matmul h w_2 tb
tmp_4 = add tmp_3 b_2
y = sigma tmp_4
"""


def latex(name: str, shape: tuple[int, ...]) -> str:
    base, _, index = name.partition("_")
    base = rf"\mathbf{{{base}}}" if shape else rf"\mathit{{{base}}}"
    return base + (rf"_{{{index}}}" if index else "")


def graph(lines: str, fed: dict[str, tuple[int, ...]], labels: dict[str, str] | None = None) -> Graph:
    """A graph from lines such as `h = tanh tmp_2`, and the shapes of what is fed (x… and y_true are inputs)."""
    labels = labels or {}
    vertices = {}
    for name, shape in fed.items():
        kind = "input" if name[0] in "xX" or name == "y_true" else "constant" if name == "c" else "parameter"
        vertices[name] = Vertex(name, kind, shape, labels.get(name, latex(name, shape)))
    operations = []
    for line in lines.strip().splitlines():
        output, _, op, *inputs = line.split()
        attributes = {"tb": True} if inputs[-1] == "tb" else {}
        inputs = [name for name in inputs if name != "tb"]
        shape = registry[op].shape(*[vertices[n].shape for n in inputs], **attributes)
        kind = "output" if output in ("y", "y_pred", "losses", "loss") else "temporary"
        vertices[output] = Vertex(output, kind, shape, labels.get(output, latex(output, shape)))
        operations.append(Operation(registry[op], tuple(inputs), output, attributes))
    return Graph(vertices, tuple(operations))


def walk(g: Graph, seed: int = 0, scale: float = 1.0, wrt: tuple[str, ...] | None = None) -> Walk:
    draw = np.random.default_rng(seed)
    feeds = {name: scale * draw.uniform(0.1, 0.9, size=g.vertices[name].shape) for name in g.fed}
    if "y_true" in feeds:
        feeds["y_true"] = np.round(feeds["y_true"] / scale)
    of = "loss" if "loss" in g.vertices else "y"
    return trace(g, feeds, of=of, wrt=wrt or g.names("parameter") or None)


def mlp(d: int = 4, h: int = 3) -> Graph:
    fed = {"x": (d,), "W_1": (d, h), "b_1": (h,), "w_2": (h,), "b_2": (), "y_true": ()}
    return graph(MLP + "loss = BCE y_true y", fed)


def minibatch(n: int = 4, d: int = 2, h: int = 3) -> Graph:
    fed = {"x": (n, d), "W_1": (d, h), "b_1": (h,), "w_2": (h,), "b_2": (), "y_true": (n,)}
    return graph(MLP + "losses = BCE y_true y\nloss = mean losses", fed)


def penalised() -> Graph:
    fed = {"x": (2,), "W_1": (2, 3), "b_1": (3,), "w_2": (3,), "b_2": (), "y_true": (), "l": (), "c": ()}
    end = "tmp_5 = BCE y_true y\ntmp_6 = div l c\ntmp_7 = norm2 w_2\ntmp_8 = scale tmp_6 tmp_7\nloss = add tmp_5 tmp_8"
    return graph(MLP + end, fed)


def softmax() -> Graph:
    fed = {"x": (2,), "W_1": (2, 3), "b_1": (3,), "W_2": (3, 3), "b_2": (3,), "y_true": (3,)}
    lines = MLP.replace("w_2 tb", "W_2").replace("sigma", "softmax")
    return graph(lines + "y_pred = argmax y\nloss = CrossEntropy y_true y", fed)


def square() -> Graph:
    return graph("z = mul x x\nloss = sum z", {"x": (3,)})


def neuron() -> Graph:
    return graph("tmp_1 = matmul x w tb\ntmp_2 = add tmp_1 b\ny = sigma tmp_2", {"x": (2,), "w": (2,), "b": ()})


def diamond() -> Graph:
    lines = "tmp_1 = tanh w\ntmp_2 = sigma tmp_1\ntmp_3 = exp tmp_1\ntmp_4 = mul tmp_2 tmp_3\n"
    return graph(lines + "tmp_5 = mul tmp_1 tmp_4\nloss = sum tmp_5", {"w": (3,)})


def chain(n: int = 30) -> Graph:
    names = ["w", *(f"tmp_{k}" for k in range(1, n)), "loss"]
    return graph("\n".join(f"{b} = tanh {a}" for a, b in pairwise(names)), {"w": ()})


def random_graph(seed: int, operations: int = 12) -> Graph:
    """Any graph of elementwise operations, with vertices used many times and branches that end nowhere."""
    draw = np.random.default_rng(seed)
    shape = [(), (3,), (2, 2), (6,)][seed % 4]
    fed = {name: shape for name in ("x", "w", "v", "b")[: 1 + seed % 4]}
    names = list(fed)
    lines = []
    for k in range(1, operations + 1):
        op = str(draw.choice(["add", "mul", "sub", "tanh", "sigma"]))
        recent = names[-4:] if draw.random() < 0.6 else names
        inputs = [str(draw.choice(recent)) for _ in range(registry[op].arity)]
        lines.append(f"tmp_{k} = {op} {' '.join(inputs)}")
        names.append(f"tmp_{k}")
    lines.append(f"loss = sum tmp_{operations}")
    return graph("\n".join(lines), fed)


ALL = {
    "mlp": mlp,
    "mlp2": lambda: mlp(2, 3),
    "minibatch": minibatch,
    "large minibatch": lambda: minibatch(64, 12, 20),
    "penalised": penalised,
    "softmax": softmax,
    "square": square,
    "neuron": neuron,
    "diamond": diamond,
    "chain": chain,
}
