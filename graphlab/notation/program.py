"""Trees -> a flat program: values, and steps in order of evaluation. Names are resolved and checked here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..op import Op
from . import definitions
from .spans import Span
from .tree import Equation, Node, walk

MAX_OPERATIONS = 10_000


@dataclass(slots=True, eq=False)
class Value:
    """A vertex to be. `name` is empty for what the program will name; `number` is set for a literal.

    `span` is where it is read or made, for messages. `t` and `base` as of a `Vertex`. With `spread` the number is that
    of every element of an array (`h_0 = 0`).
    """

    name: str
    span: Span
    number: float | None = None
    made: bool = False
    t: int | None = None
    base: str = ""
    spread: bool = False


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
    definitions.check(equations, text)
    program = Program()
    for equation in equations:
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
        if node.factor:
            node.index = node.parts[0].index
        elif node.kind == "name":
            node.index = _named(program, node)
        elif node.kind == "number":
            node.index = program.add(Value("", node.span, node.value))
        else:
            computed(program, node, None, equation.name)
    index = top.index
    program.values[index].name = equation.name
    program.defined[equation.name] = index


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
    program.steps.append(_step(node, [part.index for part in node.parts], node.index, t, equation))


def _step(node: Node, inputs: list[int], output: int, t: int | None, equation: str) -> Step:
    if node.kind == "product":
        left, right = node.parts
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
