"""Recurrent networks unrolled by hand, op by op as on the slides, for the tests of what happens through time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from graphlab.graph import Graph, Operation, Vertex
from graphlab.ops import registry


class Unrolled:
    """A graph under construction, with sequences and with feeds. `n` rows a step; None for one object, a vector."""

    def __init__(self, steps: int, n: int | None, seed: int = 0) -> None:
        self.steps = steps
        self.rows = () if n is None else (n,)
        self.rng = np.random.default_rng(seed)
        self.vertices: dict[str, Vertex] = {}
        self.operations: list[Operation] = []
        self.feeds: dict[str, np.ndarray] = {}
        self.sequences: dict[str, tuple[str, ...]] = {}
        self._temporaries = 0

    def parameter(self, name: str, *shape: int) -> None:
        self.vertices[name] = Vertex(name, "parameter", shape, name)
        self.feeds[name] = self.rng.normal(size=shape) / max(1, shape[0] if len(shape) > 1 else 2) ** 0.5

    def sequence(self, name: str, *shape: int) -> None:
        steps = tuple(f"{name}_{t}" for t in range(1, self.steps + 1))
        for t, step in enumerate(steps, 1):
            self.vertices[step] = Vertex(step, "input", (*self.rows, *shape), step, t=t, base=name)
        self.sequences[name] = steps
        self.feeds[name] = self.rng.normal(size=(self.steps, *self.rows, *shape))

    def start(self, name: str, *shape: int) -> None:
        self.vertices[name] = Vertex(name, "constant", (*self.rows, *shape), name, value=0.0, t=0, base=name[:-2])

    def apply(self, op: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        if not name:
            self._temporaries += 1
            name = f"tmp_{self._temporaries}"
        shape = registry[op].shape(*(self.vertices[i].shape for i in inputs), **attributes)
        self.vertices[name] = Vertex(name, "temporary", shape, name)
        self.operations.append(Operation(registry[op], inputs, name, attributes))
        return name

    def affine(self, x: str, h: str, gate: str) -> str:
        """x W_gate + h U_gate + b_gate"""
        xw, hu = self.apply("matmul", x, f"W_{gate}"), self.apply("matmul", h, f"U_{gate}")
        return self.apply("add", self.apply("add", xw, hu), f"b_{gate}")

    def weights(self, gates: str, d: int, h: int) -> None:
        for gate in gates:
            self.parameter(f"W_{gate}", d, h)
            self.parameter(f"U_{gate}", h, h)
            self.parameter(f"b_{gate}", h)

    def graph(self) -> Graph:
        return Graph(self.vertices, tuple(self.operations), sequences=self.sequences)


def rnn(steps: int, n: int | None, d: int, h: int, seed: int = 0, every: bool = False) -> Unrolled:
    """h_t = tanh(x_t W + h_{t-1} U + b), loss = ‖h_T‖²; with `every`, a loss at every step."""
    b = Unrolled(steps, n, seed)
    b.sequence("x", d)
    b.weights("h", d, h)
    b.start("h_0", h)
    total = ""
    for t in range(1, steps + 1):
        b.apply("tanh", b.affine(f"x_{t}", f"h_{t - 1}", "h"), name=f"h_{t}")
        if every:
            part = b.apply("norm2", f"h_{t}")
            total = b.apply("add", total, part) if total else part
    b.apply("sum" if every else "norm2", total or f"h_{steps}", name="loss")
    return b


def lstm(steps: int, n: int | None, d: int, h: int, seed: int = 0, layers: int = 1, every: bool = False) -> Unrolled:
    """The slides' LSTM, gate by gate; layers above the first read the h of the one below. loss = ‖h_T‖², or their sum."""
    b = Unrolled(steps, n, seed)
    b.sequence("x", d)
    for k in range(layers):
        b.weights([f"{g}{k}" for g in "fico"], d if k == 0 else h, h)
        b.start(f"h{k}_0", h)
        b.start(f"c{k}_0", h)
    total = ""
    for t in range(1, steps + 1):
        below = f"x_{t}"
        for k in range(layers):
            f, i, c, o = (
                b.apply(
                    "tanh" if g == "c" else "sigma", b.affine(below, f"h{k}_{t - 1}", f"{g}{k}"), name=f"{g}{k}_{t}~"
                )
                for g in "fico"
            )
            kept, new = b.apply("mul", f, f"c{k}_{t - 1}"), b.apply("mul", i, c)
            b.apply("add", kept, new, name=f"c{k}_{t}")
            below = b.apply("mul", o, b.apply("tanh", f"c{k}_{t}"), name=f"h{k}_{t}")
        if every:
            part = b.apply("norm2", below)
            total = b.apply("add", total, part) if total else part
    b.apply("sum" if every else "norm2", total or below, name="loss")
    return b


def with_loss(b: Unrolled, *operations: tuple[str, ...]) -> Graph:
    """The graph with another loss: operations as (op, inputs…, output)."""
    b.operations = [o for o in b.operations if o.output != "loss"]
    b.vertices = {name: replace(v) for name, v in b.vertices.items() if name != "loss"}
    for op, *inputs, name in operations:
        b.apply(op, *inputs, name=name)
    return b.graph()
