"""Graphs for the engine's tests: built by hand, and random ones built by hypothesis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from graphlab.graph import Graph, Operation, Vertex
from graphlab.op import Op, ShapeMismatch
from graphlab.ops import registry

# What deals in indices, or in a matrix as a whole: a plan calls such an op as it is, and does not record it.
CALLED = frozenset(
    ["argmax", "embed", "mask_future", "gather", "inverse", "det", "logdet", "spectral_norm"],
)


@dataclass
class Builder:
    """A graph under construction, with values for what is fed."""

    rng: np.random.Generator = field(default_factory=lambda: np.random.default_rng(0))
    vertices: dict[str, Vertex] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    feeds: dict[str, np.ndarray] = field(default_factory=dict)
    bounds: dict[str, float] = field(default_factory=dict)  # no element of the vertex is larger than this

    def leaf(self, value: Any, kind: str = "parameter", name: str = "") -> str:
        value = np.array(value, dtype=np.float64)
        name = name or f"p_{len(self.vertices)}"
        self.vertices[name] = Vertex(name, kind, value.shape, name)
        self.feeds[name] = value
        self.bounds[name] = float(np.max(np.abs(value), initial=1))
        return name

    def number(self, value: float) -> str:
        name = f"const_{len(self.vertices)}"
        self.vertices[name] = Vertex(name, "constant", (), name, value=value)
        self.bounds[name] = abs(value)
        return name

    def shape(self, name: str) -> tuple[int, ...]:
        return self.vertices[name].shape

    def apply(self, op: str | Op, *inputs: str, name: str = "", **attributes: Any) -> str:
        op = registry[op] if isinstance(op, str) else op
        shape = op.shape(*(self.shape(i) for i in inputs), **attributes)
        name = name or f"tmp_{len(self.vertices)}"
        self.vertices[name] = Vertex(name, "temporary", shape, name)
        self.operations.append(Operation(op, inputs, name, attributes))
        self.bounds[name] = GROWTH.get(op.name, lambda a, *b: a)(*(self.bounds[i] for i in inputs))
        if op.name in ("matmul", "sum", "norm2"):
            self.bounds[name] *= max(1, *(prod(self.shape(i)) for i in inputs))
        return name

    def graph(self) -> Graph:
        return Graph(self.vertices, tuple(self.operations))


GROWTH: Mapping[str, Callable[..., float]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "scale": lambda a, b: a * b,
    "matmul": lambda a, b: a * b,
    "div": lambda a, b: 3 * a,
    "norm2": lambda a: a * a,
    "power": lambda a: max(a, 3) ** 3,
    "exp": lambda a: float(np.exp(min(a, 100))),
    "tanh": lambda a: 1.0,
    "sigma": lambda a: 1.0,
    "softmax": lambda a: 1.0,
    "selu": lambda a: 2 * a,
    "concat": lambda *parts: max(parts),
    "last": lambda length, *states: max(states),
    "select": lambda mask, a, b: max(a, b),
    "zoneout": lambda new, old, mask: max(new, old),
    "dropout": lambda a, mask: 2 * a,
    "layernorm": lambda a, gain, bias: 2 * gain + bias,
    "batchnorm": lambda a, gain, bias: 2 * gain + bias,
    "weightnorm": lambda v, lengths: lengths,
    "embed": lambda indices, table: table,
    "conv": lambda x, w: 9 * x * w,
    "gaussian_dropout": lambda a, noise: a * noise,
    "mask_future": lambda a: np.inf,
}


class Case(tuple):
    """A graph and its feeds, printed as one would write it down."""

    def __repr__(self) -> str:
        graph, feeds = self
        lines = [f"{name} = {value.tolist()}" for name, value in feeds.items()]
        lines += [f"{v.name} = {v.value}" for v in graph.vertices.values() if v.value is not None]
        lines += [f"{o.output} = {o.op.name}({', '.join(o.inputs)}; {dict(o.attributes)})" for o in graph.operations]
        return "\n".join(["", *lines])


def mlp() -> tuple[Graph, dict[str, np.ndarray]]:
    """The slides' perceptron on one object, with D = H = 2 and numbers that can be followed by hand."""
    b = Builder()
    b.leaf([1, 2], "input", "x")
    b.leaf([[0.5, -1], [0.25, 0.5]], name="W_1")
    b.leaf([0, 0.5], name="b_1")
    b.leaf([1, -2], name="w_2")
    b.leaf(0.5, name="b_2")
    b.leaf(1, "input", "y_true")
    b.apply("matmul", "x", "W_1", name="tmp_1")
    b.apply("add", "tmp_1", "b_1", name="tmp_2")
    b.apply("tanh", "tmp_2", name="h")
    b.apply("matmul", "h", "w_2", name="tmp_3", tb=True)
    b.apply("add", "tmp_3", "b_2", name="tmp_4")
    b.apply("sigma", "tmp_4", name="y")
    b.apply("BCE", "y_true", "y", name="loss")
    return b.graph(), b.feeds


# Random graphs. A recipe adds one op to a builder, on operands drawn from what is there, and returns the new vertex.

SHAPES = ((), (1,), (2,), (3,), (1, 3), (2, 1), (2, 3), (3, 3), (3, 2))
Draw = Callable[[st.SearchStrategy], Any]


def _pick(draw: Draw, b: Builder, wanted: Callable[[tuple[int, ...]], bool] = lambda shape: True) -> str:
    """A vertex of a shape that is wanted, made smaller where it may have grown large; none with infinite elements."""
    names = [n for n in b.vertices if len(b.shape(n)) <= 2 and wanted(b.shape(n)) and np.isfinite(b.bounds[n])]
    name = draw(st.sampled_from(names)) if names else ""
    if not name:
        shapes = [s for s in SHAPES if wanted(s)]
        assume(shapes)  # an op's own example can leave a size that fits nothing here
        shape = draw(st.sampled_from(shapes))
        return b.leaf(b.rng.uniform(-2, 2, shape))
    return b.apply("tanh", name) if b.bounds[name] > 30 else name


def _partner(draw: Draw, b: Builder, op: str, first: str, **attributes: Any) -> str:
    """A vertex that `op` takes beside `first`; often `first` itself."""

    def fits(shape: tuple[int, ...]) -> bool:
        try:
            registry[op].shape(b.shape(first), shape, **attributes)
        except ShapeMismatch:
            return False
        return True

    if fits(b.shape(first)) and draw(st.integers(0, 3)) == 0:
        return first
    return _pick(draw, b, fits)


def _unary(op: str) -> Callable[[Draw, Builder], str]:
    return lambda draw, b: b.apply(op, _pick(draw, b))


def _pair(op: str) -> Callable[[Draw, Builder], str]:
    def recipe(draw: Draw, b: Builder) -> str:
        first = _pick(draw, b)
        pair = [first, _partner(draw, b, op, first)]
        return b.apply(op, *(pair if draw(st.booleans()) else pair[::-1]))

    return recipe


def _positive(draw: Draw, b: Builder) -> str:
    """A vertex with values between 1/e and e, so that nothing is divided by zero."""
    return b.apply("exp", b.apply("tanh", _pick(draw, b)))


def _matmul(draw: Draw, b: Builder) -> str:
    attributes = {"ta": draw(st.booleans()), "tb": draw(st.booleans())}
    first = _pick(draw, b, lambda shape: len(shape) > 0)
    return b.apply("matmul", first, _partner(draw, b, "matmul", first, **attributes), **attributes)


def _scale(draw: Draw, b: Builder) -> str:
    pair = [_pick(draw, b, lambda shape: shape == ()), _pick(draw, b)]
    return b.apply("scale", *(pair if draw(st.booleans()) else pair[::-1]))


def _reduction(op: str) -> Callable[[Draw, Builder], str]:
    def recipe(draw: Draw, b: Builder) -> str:
        a = _pick(draw, b)
        axes = [None, *range(-len(b.shape(a)), len(b.shape(a)))]
        return b.apply(op, a, axis=draw(st.sampled_from(axes)))

    return recipe


def _has_axis(shape: tuple[int, ...]) -> bool:
    return len(shape) > 0


def _is_square(shape: tuple[int, ...]) -> bool:
    return len(shape) == 2 and shape[0] == shape[1]


def _power(draw: Draw, b: Builder) -> str:
    exponent = draw(st.sampled_from([2, 3, 0.5, -1, 1.5]))
    return b.apply("power", _pick(draw, b) if exponent in (2, 3) else _positive(draw, b), exponent=exponent)


def _loss(op: str, inner: str, wanted: Callable[[tuple[int, ...]], bool] = lambda shape: True):
    def recipe(draw: Draw, b: Builder) -> str:
        scores = _pick(draw, b, wanted)
        truth = b.leaf(b.rng.uniform(0, 1, b.shape(scores)).round(draw(st.integers(0, 2))), "input")
        return b.apply(op, truth, b.apply(inner, scores) if inner else scores)

    return recipe


def _joined(draw: Draw, b: Builder) -> str:
    first = _pick(draw, b, _has_axis)
    axis = draw(st.integers(0, len(b.shape(first)) - 1))
    return b.apply("concat", first, *(_partner(draw, b, "concat", first, axis=axis) for _ in range(2)), axis=axis)


def _masked(op: str, operands: int, **attributes: Any) -> Callable[[Draw, Builder], str]:
    """An op of operands of one shape and a mask of zeros and ones, which stands first or last."""

    def recipe(draw: Draw, b: Builder) -> str:
        first = _pick(draw, b)
        shape = b.shape(first)
        others = [_pick(draw, b, lambda other: other == shape) for _ in range(operands - 1)]
        if op == "select":
            shape = shape[: draw(st.integers(0, len(shape)))]
        mask = b.leaf(b.rng.integers(0, 2, shape), "input")
        return b.apply(op, *((mask, first, *others) if op == "select" else (first, *others, mask)), **attributes)

    return recipe


def _last(draw: Draw, b: Builder) -> str:
    first = _pick(draw, b, _has_axis)
    shape = b.shape(first)
    states = [first, *(_pick(draw, b, lambda other: other == shape) for _ in range(2))]
    return b.apply("last", b.leaf(b.rng.integers(0, 4, shape[:-1]), "input"), *states)


def _normalised(op: str) -> Callable[[Draw, Builder], str]:
    def recipe(draw: Draw, b: Builder) -> str:
        # torch takes no minibatch of a single object.
        a = _pick(draw, b, _has_axis if op == "layernorm" else lambda shape: len(shape) > 0 and shape[0] > 1)
        part = b.shape(a)[-1:] if op == "layernorm" else b.shape(a)[1:]
        gain, bias = (_pick(draw, b, lambda other: other == part) for _ in range(2))
        return b.apply(op, a, gain, bias, eps=0.1)

    return recipe


RECIPES: dict[str, Callable[[Draw, Builder], str]] = {
    **{op: _unary(op) for op in ("neg", "sigma", "tanh", "relu", "transpose", "norm2")},
    **{op: _pair(op) for op in ("add", "sub", "mul")},
    **{op: _reduction(op) for op in ("sum", "mean", "max")},
    "exp": lambda draw, b: b.apply("exp", b.apply("tanh", _pick(draw, b))),
    "log": lambda draw, b: b.apply("log", _positive(draw, b)),
    "sqrt": lambda draw, b: b.apply("sqrt", _positive(draw, b)),
    "div": lambda draw, b: b.apply("div", first := _pick(draw, b), _denominator(draw, b, first)),
    "power": _power,
    "matmul": _matmul,
    "scale": _scale,
    "softmax": lambda draw, b: b.apply("softmax", _pick(draw, b, _has_axis)),
    "log_softmax": lambda draw, b: b.apply("log_softmax", _pick(draw, b, _has_axis)),
    "selu": _unary("selu"),
    "concat": _joined,
    "last": _last,
    "dropout": _masked("dropout", 1, p=0.25),
    "zoneout": _masked("zoneout", 2),
    "select": _masked("select", 2),
    **{op: _normalised(op) for op in ("layernorm", "batchnorm")},
    "max_over_time": lambda draw, b: b.apply("max_over_time", _pick(draw, b, lambda shape: len(shape) == 2)),
    "mask_future": lambda draw, b: b.apply("softmax", b.apply("mask_future", _pick(draw, b, _is_square))),
    "argmax": lambda draw, b: b.apply("argmax", _pick(draw, b, _has_axis)),
    "BCE": _loss("BCE", "sigma"),
    "BCEWithLogits": _loss("BCEWithLogits", ""),
    "CrossEntropy": _loss("CrossEntropy", "softmax", _has_axis),
    "CrossEntropyWithLogits": _loss("CrossEntropyWithLogits", "", _has_axis),
}


def _denominator(draw: Draw, b: Builder, first: str) -> str:
    return b.apply("exp", b.apply("tanh", _partner(draw, b, "div", first)))


def _from_example(op: Op) -> Callable[[Draw, Builder], str]:
    """An op with no recipe of its own is tried on its own examples."""

    def recipe(draw: Draw, b: Builder) -> str:
        case = draw(st.sampled_from(op.examples))
        return b.apply(op, *(b.leaf(value) for value in case.inputs), **case.attributes)

    return recipe


@st.composite
def random_graphs(draw: Draw, operations: int = 7) -> Case:
    """A random graph with the scalar `loss`, and feeds: vertices that are shared, diamonds, broadcasts, scalars, `x ⊙ x`.

    Everything that nothing uses goes into the loss, so that all of it is judged.
    """
    b = Builder(np.random.default_rng(draw(st.integers(0, 2**32 - 1))))
    for shape in draw(st.lists(st.sampled_from(SHAPES), min_size=1, max_size=3)):
        b.leaf(b.rng.uniform(-2, 2, shape), draw(st.sampled_from(["input", "parameter"])))
    if draw(st.booleans()):
        b.number(draw(st.sampled_from([0.5, -2.0, 1.0, 3.0])))
    for op in draw(st.lists(st.sampled_from(list(registry)), min_size=1, max_size=operations)):
        RECIPES.get(op, _from_example(registry[op]))(draw, b)
    used = {name for o in b.operations for name in o.inputs}
    sinks = [o.output for o in b.operations if o.output not in used]
    parts = [b.apply(draw(st.sampled_from(["sum", "mean", "norm2"])), name) for name in sinks]
    total = parts[0]
    for part in parts[1:]:
        total = b.apply("add", total, part)
    b.apply("scale", b.number(0.5), total, name="loss")
    return Case((b.graph(), b.feeds))


def relative_error(ours: Any, theirs: Any) -> float:
    """The largest difference, against the largest element where that is above 1. Equal infinities do not differ."""
    ours, theirs = np.asarray(ours, dtype=np.float64), np.asarray(theirs, dtype=np.float64)
    assert ours.shape == theirs.shape
    infinite = np.isinf(theirs) & (ours == theirs)
    ours, theirs = np.where(infinite, 0, ours), np.where(infinite, 0, theirs)
    return float(np.max(np.abs(ours - theirs), initial=0) / max(1.0, np.max(np.abs(theirs), initial=0)))
