"""The C of a generated kernel: one statement for each node of a launch, on one element of every array."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .fusion import Launch
from .program import Node

# `{type}` is the C type of the numbers. nan passes through `maximum`, `minimum` and `sign`, as it does in numpy.
STATEMENTS = {
    "add": "{0} + {1}",
    "subtract": "{0} - {1}",
    "multiply": "{0} * {1}",
    "divide": "{0} / {1}",
    "power": "pow({0}, {1})",
    "maximum": "(({0} > {1}) | ({0} != {0})) ? {0} : {1}",
    "minimum": "(({0} < {1}) | ({0} != {0})) ? {0} : {1}",
    "negative": "-{0}",
    "absolute": "fabs({0})",
    "sign": "({0} != {0}) ? {0} : {type}({0} > 0) - {type}({0} < 0)",
    "square": "{0} * {0}",
    "arctan": "atan({0})",
    "where": "({0}) ? {1} : {2}",
    "cast": "{type}({0})",
    "copy": "{0}",
    "equal": "{0} == {1}",
    "not_equal": "{0} != {1}",
    "less": "{0} < {1}",
    "less_equal": "{0} <= {1}",
    "greater": "{0} > {1}",
    "greater_equal": "{0} >= {1}",
}
FUNCTIONS = (
    *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt"),
    *("tanh", "sinh", "cosh", "sin", "cos", "tan"),
)
STATEMENTS |= {name: f"{name}({{0}})" for name in FUNCTIONS}

C_TYPES = {"float32": "float", "float64": "double"}


@dataclass(frozen=True)
class Source:
    """A kernel as cupy takes it. The texts of equal cells are equal, whatever their step: one is compiled for all.

    inputs   the nodes to hand in, in the order of `in_params`; constants stand in the text
    outputs  the nodes to hand in behind them, in the order of `out_params`
    """

    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    in_params: str
    out_params: str
    body: str


def source(launch: Launch, dtype: np.dtype) -> Source:
    """The kernel of a launch, for numbers of one precision."""
    real = C_TYPES[str(dtype)]
    inputs = tuple(a for a in launch.operands if a.root.kind != "number")
    names = {a: f"in{i}" for i, a in enumerate(inputs)}
    names |= {a: _literal(a.root.detail, real) for a in launch.operands if a.root.kind == "number"}
    lines = []
    for i, node in enumerate(launch.nodes):
        names[node] = f"t{i}"
        value = STATEMENTS[node.kind].format(*(names[a] for a in node.args), type=real)
        lines.append(f"{'bool' if node.type == 'bool' else real} t{i} = {value};")
    lines += [f"out{i} = {names[node]};" for i, node in enumerate(launch.outputs)]
    in_params = ", ".join(f"{_array_type(a, dtype)} {names[a]}" for a in inputs)
    out_params = ", ".join(f"{_array_type(n, dtype)} out{i}" for i, n in enumerate(launch.outputs))
    return Source(inputs, launch.outputs, in_params, out_params, "\n".join(lines))


def _literal(value: float, real: str) -> str:
    if math.isnan(value):
        return f"{real}(NAN)"
    if math.isinf(value):
        return f"{real}({'-' if value < 0 else ''}INFINITY)"
    return f"{real}({value!r})"


def _array_type(node: Node, dtype: np.dtype) -> str:
    return "bool" if node.type == "bool" else str(dtype)
