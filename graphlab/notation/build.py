"""A program with its shapes -> the Graph."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph import Graph, Kind, Operation, Vertex
from ..op import Shape, registry
from . import names
from .program import Program, Step
from .shapes import MATMUL, SCALE, is_scaling

_TRANSPOSE = registry["transpose"]


def free_kind(name: str) -> Kind:
    """The kind of a fed vertex that nobody has declared."""
    return "input" if name.startswith(("x", "X", "y_true")) else "parameter"


class _Builder:
    """Collects vertices and operations in order of evaluation."""

    def __init__(self, program: Program, shapes: list[Shape], kinds: Mapping[str, Kind]) -> None:
        self.program, self.shapes, self.kinds = program, shapes, kinds
        self.vertices: dict[str, Vertex] = {}
        self.operations: list[Operation] = []
        self.names: dict[int, str] = {}  # value -> vertex
        self.taken = {*program.free, *program.defined}
        self.counts = {"tmp": 0, "const": 0}

    def new_name(self, stem: str) -> str:
        """The next free tmp_k or const_k."""
        while True:
            self.counts[stem] += 1
            name = f"{stem}_{self.counts[stem]}"
            if name not in self.taken:
                return name

    def operand(self, index: int) -> str:
        """The vertex of a value that is used; it appears in the graph where it is used first."""
        value = self.program.values[index]
        if index not in self.names:
            name = self.names[index] = value.name or self.new_name("const")
            shape = self.shapes[index]
            if value.number is None:
                kind = self.kinds.get(name, free_kind(name))
                kind = kind if kind in ("input", "parameter", "constant") else free_kind(name)
                self.vertices[name] = Vertex(name, kind, shape, names.latex(name, len(shape)))
            else:
                latex = names.latex(name, 0) if value.name else names.number_latex(value.number)
                self.vertices[name] = Vertex(name, "constant", (), latex, value.number)
        return self.names[index]

    def result(self, name: str, shape: Shape) -> str:
        self.vertices[name] = Vertex(name, "temporary", shape, names.latex(name, len(shape)))
        return name

    def step(self, step: Step) -> None:
        """One step: an operation, or two where a scaled operand has to be transposed first."""
        value, shape = self.program.values[step.output], self.shapes[step.output]
        inputs = [self.operand(i) for i in step.inputs]
        op, attributes = step.op, dict(step.attributes)
        if op is None and is_scaling([self.shapes[i] for i in step.inputs]):
            op = SCALE
            inputs = [self.turn(name, i, step) for i, name in enumerate(inputs)]
        elif op is None:
            op = MATMUL
            flags = zip(("ta", "tb"), step.transposed, strict=True)
            attributes = {flag: True for flag, is_turned in flags if is_turned}
        elif op is _TRANSPOSE and len(shape) < 2 and not value.name:
            self.names[step.output] = inputs[0]  # a vector is its own transpose
            return
        name = self.names[step.output] = self.result(value.name or self.new_name("tmp"), shape)
        self.operations.append(Operation(op, tuple(inputs), name, attributes, step.node.span.text))

    def turn(self, name: str, slot: int, step: Step) -> str:
        """The operand of a scaling, transposed where ^T stands on a matrix."""
        shape = self.vertices[name].shape
        if not step.transposed[slot] or len(shape) < 2:
            return name
        output = self.result(self.new_name("tmp"), _TRANSPOSE.shape(shape))
        self.operations.append(Operation(_TRANSPOSE, (name,), output, {}, step.node.parts[slot].span.text))
        return output


def build(program: Program, shapes: list[Shape], kinds: Mapping[str, Kind], text: str) -> Graph:
    """The graph of a program: temporaries numbered in order of evaluation, kinds as declared or by convention."""
    builder = _Builder(program, shapes, kinds)
    for step in program.steps:
        builder.step(step)
    for index in program.defined.values():  # a constant that nothing uses
        if program.values[index].number is not None:
            builder.operand(index)
    used = {name for operation in builder.operations for name in operation.inputs}
    vertices = {
        name: Vertex(name, _made_kind(name, name in used, program, kinds), v.shape, v.latex)
        if v.kind == "temporary"
        else v
        for name, v in builder.vertices.items()
    }
    return Graph(vertices, tuple(builder.operations), text)


def _made_kind(name: str, used: bool, program: Program, kinds: Mapping[str, Kind]) -> Kind:
    if kinds.get(name) in ("output", "temporary"):
        return kinds[name]
    if name in program.defined and (not used or name.startswith("y") or name == "loss"):
        return "output"
    return "temporary"
