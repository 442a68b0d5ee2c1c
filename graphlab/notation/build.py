"""A program with its shapes -> the Graph."""

from __future__ import annotations

from collections.abc import Mapping

from ..graph import Graph, Kind, Operation, Vertex
from ..op import Shape
from ..ops import registry
from . import names
from .kinds import free_kind
from .program import Program, Step
from .shapes import MATMUL, SCALE, is_scaling

_TRANSPOSE = registry["transpose"]


class _Builder:
    """Collects vertices and operations in order of evaluation."""

    def __init__(self, program: Program, shapes: list[Shape], kinds: Mapping[str, Kind]) -> None:
        self.program, self.shapes, self.kinds = program, shapes, kinds
        self.vertices: dict[str, Vertex] = {}
        self.operations: list[Operation] = []
        self.names: dict[int, str] = {}  # value -> vertex
        self.taken = {*program.free, *program.defined}
        self.counts = {"tmp": 0, "const": 0}
        self.used = {i for step in program.steps for i in step.inputs}

    def new_name(self, stem: str) -> str:
        """The next free tmp_k or const_k."""
        while True:
            self.counts[stem] += 1
            name = f"{stem}_{self.counts[stem]}"
            if name not in self.taken:
                return name

    def operand(self, index: int) -> str:
        """The vertex of a value that is used; it appears in the graph where it is used first."""
        if index in self.names:
            return self.names[index]
        value = self.program.values[index]
        name = self.names[index] = value.name or self.new_name("const")
        shape = self.shapes[index]
        if value.number is None:
            kind = self.kinds.get(name) or self.kinds.get(value.base) or free_kind(name)
            kind = kind if kind in ("input", "parameter", "constant") else free_kind(name)
            self.vertices[name] = Vertex(name, kind, shape, names.latex(name, len(shape)), None, value.t, value.base)
        else:
            latex = names.latex(name, len(shape)) if value.name else names.number_latex(value.number)
            self.vertices[name] = Vertex(name, "constant", shape, latex, value.number, value.t, value.base)
        return name

    def unused_steps(self, sequences: Mapping[str, tuple[str, ...]]) -> None:
        """A sequence is fed whole: the steps that no equation uses (x_3 of `x_{t-1}`) are vertices too."""
        for base, steps in sequences.items():
            like = next(self.vertices[name] for name in steps if name in self.vertices)
            for t, name in enumerate(steps, 1):
                if name not in self.vertices:
                    latex = names.latex(name, len(like.shape))
                    self.vertices[name] = Vertex(name, like.kind, like.shape, latex, None, t, base)

    def result(self, name: str, shape: Shape, used: bool = True, t: int | None = None, base: str = "") -> str:
        kind = self.made_kind(name, used, base)
        self.vertices[name] = Vertex(name, kind, shape, names.latex(name, len(shape)), None, t, base)
        return name

    def made_kind(self, name: str, used: bool, base: str) -> Kind:
        if name not in self.program.defined:
            return "temporary"
        declared = self.kinds.get(name) or self.kinds.get(base)
        if declared in ("output", "temporary"):
            return declared
        return "output" if not used or name.startswith("y") or name == "loss" else "temporary"

    def step(self, step: Step) -> None:
        """One step: an operation, or two where a scaled operand has to be transposed first."""
        value, shape = self.program.values[step.output], self.shapes[step.output]
        inputs = [self.operand(i) for i in step.inputs]
        op, attributes = step.op, dict(step.attributes)
        if op is None and is_scaling([self.shapes[i] for i in step.inputs]):
            op = SCALE
            if step.transposed:
                inputs = [self.turn(name, i, step) for i, name in enumerate(inputs)]
        elif op is None:
            op = MATMUL
            if step.transposed:
                attributes = {flag: True for flag, turned in zip(("ta", "tb"), step.transposed, strict=True) if turned}
        elif op is _TRANSPOSE and len(shape) < 2 and not value.name:
            self.names[step.output] = inputs[0]  # a vector is its own transpose
            return
        name = self.names[step.output] = self.result(
            value.name or self.new_name("tmp"), shape, step.output in self.used, value.t, value.base
        )
        self.operations.append(
            Operation(op, tuple(inputs), name, attributes, step.node.span.short, step.t, step.equation, step.run)
        )

    def turn(self, name: str, slot: int, step: Step) -> str:
        """The operand of a scaling, transposed where ^T stands on a matrix."""
        shape = self.vertices[name].shape
        if step.transposed is None or not step.transposed[slot] or len(shape) < 2:
            return name
        output = self.result(self.new_name("tmp"), _TRANSPOSE.shape(shape), t=step.t)
        text = step.node.parts[slot].span.short
        self.operations.append(Operation(_TRANSPOSE, (name,), output, {}, text, step.t, step.equation, step.run))
        return output


def build(
    program: Program,
    shapes: list[Shape],
    kinds: Mapping[str, Kind],
    text: str,
    sequences: Mapping[str, tuple[str, ...]] | None = None,
) -> Graph:
    """The graph of a program: temporaries numbered in order of evaluation, kinds as declared or by convention."""
    builder = _Builder(program, shapes, kinds)
    for step in program.steps:
        builder.step(step)
    for index in program.defined.values():  # a constant that nothing uses
        if program.values[index].number is not None:
            builder.operand(index)
    builder.unused_steps(sequences or {})
    return Graph(builder.vertices, tuple(builder.operations), text, sequences or {})
