"""Trees -> a flat program: values, and steps in order of evaluation. Names are resolved and checked here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..op import Op
from ..ops import registry
from . import definitions
from .spans import Span
from .tree import Equation, Node, walk

MAX_OPERATIONS = 10_000
MUL = registry["mul"]


@dataclass(slots=True, eq=False)
class Value:
    """A vertex to be. `name` is empty for what the program will name; `number` is set for a literal.

    `span` is where it is read or made, for messages. `t` and `base` as of a `Vertex`. With `spread` the number is that
    of every element of an array (`h_0 = 0`). `size_of` is the axis whose size the number is, once shapes are known:
    (the name of an array, the axis).
    """

    name: str
    span: Span
    number: float | None = None
    made: bool = False
    t: int | None = None
    base: str = ""
    spread: bool = False
    size_of: tuple[str, int] | None = None


@dataclass(slots=True, eq=False)
class Step:
    """An operation to be. `op` is None for a product: the shapes decide between matmul and scale.

    `inputs` and `output` index the values; `transposed` says which operands of a product stand under ^T, None
    where none does.
    """

    op: Op | None
    inputs: list[int]
    output: int
    node: Node
    transposed: tuple[bool, bool] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    t: int | None = None
    equation: str = ""
    run: int = 0

    @property
    def applied(self) -> Op:
        """The op. Raises TypeError for a product, whose shapes have not decided yet."""
        if self.op is None:
            raise TypeError("a product of which the shapes decide")
        return self.op


@dataclass(slots=True, eq=False)
class Program:
    """Values and steps; `defined` maps the names on the left of equations to values, `free` the names that are fed.

    `alike` are pairs of values that have one shape, and no operation that says so.
    """

    values: list[Value] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    defined: dict[str, int] = field(default_factory=dict)
    free: dict[str, int] = field(default_factory=dict)
    alike: list[tuple[int, int]] = field(default_factory=list)

    def add(self, value: Value) -> int:
        """Append a value; returns its index."""
        self.values.append(value)
        return len(self.values) - 1


def lower(equations: Sequence[Equation], text: str) -> Program:
    """The program of equations outside of time. Raises NotationError for names that are used or defined wrongly."""
    program = Program()
    for equation in definitions.ordered(equations):
        _lower_equation(program, equation)
        if len(program.steps) > MAX_OPERATIONS:
            raise definitions.too_many_operations(equation, MAX_OPERATIONS)
    return program


def _lower_equation(program: Program, equation: Equation) -> None:
    top = equation.right
    if top.kind == "number":
        program.defined[equation.name] = program.add(Value(equation.name, top.span, top.value))
        return
    if top.kind == "name":
        raise definitions.computes_nothing(equation)
    for node in walk(top):
        if not taken_over(program, node):
            if node.kind == "name":
                node.index = _named(program, node)
            else:
                computed(program, node, None, equation.name)
    index = top.index
    if program.values[index].name or not program.values[index].made:
        raise definitions.computes_nothing(equation)
    program.values[index].name = equation.name
    program.defined[equation.name] = index


def taken_over(program: Program, node: Node, t: int | None = None) -> bool:
    """Give a node the value that it stands for where it computes nothing; False for names and operations."""
    if node.factor:
        node.index = node.parts[0].index
    elif node.kind == "block":
        node.index = node.parts[-1].index
    elif node.kind == "shared":
        node.index = node.value.index
    elif node.kind == "size":
        node.index = program.add(Value("", node.span, math.nan, t=t, size_of=node.value))
    elif node.kind == "number" and node.data == "ones":
        node.index = program.add(Value("", node.span, node.value, t=t, spread=True))
        program.free[f"ones_{node.index}"] = node.index
    elif node.kind == "number":
        node.index = program.add(Value("", node.span, node.value, t=t))
    else:
        return False
    return True


def _named(program: Program, node: Node) -> int:
    name = node.value
    if name in program.defined:
        return program.defined[name]
    if name not in program.free:
        program.free[name] = program.add(Value(name, node.span))
    return program.free[name]


def computed(program: Program, node: Node, t: int | None, equation: str) -> None:
    """Append the operation of a node whose parts have their values."""
    node.index = program.add(Value("", node.span, made=True, t=t))
    inputs = [part.index for part in node.parts]
    program.steps.append(_step(node, inputs, node.index, t, node.block or equation))


def _step(node: Node, inputs: list[int], output: int, t: int | None, equation: str) -> Step:
    if node.kind == "product":
        left, right = node.parts
        if node.sign == "elementwise":
            return Step(MUL, inputs, output, node, None, {}, t, equation)
        turned = (_turned(left), _turned(right)) if left.factor or right.factor else None
        return Step(None, inputs, output, node, turned, {}, t, equation)
    if node.kind == "transpose":
        return Step(definitions.TRANSPOSE, inputs, output, node, None, {}, t, equation)
    return Step(node.op, inputs, output, node, None, node.attributes or {}, t, equation)


def _turned(node: Node) -> bool:
    """Whether an odd number of transposes stands on a factor."""
    turned = False
    while node.kind == "transpose":
        turned, node = not turned, node.parts[0]
    return turned
