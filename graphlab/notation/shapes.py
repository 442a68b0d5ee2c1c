"""Shapes of all values of a program, found and checked before anything is allocated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from ..op import Shape, ShapeMismatch
from ..ops import registry
from .program import Program, Step
from .spans import Span

MAX_ELEMENTS = 10**8
MAX_AXES = 8
MATMUL, SCALE, TRANSPOSE = registry["matmul"], registry["scale"], registry["transpose"]


class Misfit(Exception):
    """A step whose operands do not fit."""

    def __init__(self, step: Step, mismatch: ShapeMismatch, inputs: Sequence[Shape]) -> None:
        super().__init__(mismatch)
        self.step, self.mismatch, self.inputs = step, mismatch, tuple(inputs)


class TooLarge(Exception):
    """A value with more elements than the limit."""

    def __init__(self, value: int, shape: Shape) -> None:
        super().__init__(value, shape)
        self.value, self.shape = value, shape


def turned(shape: Shape) -> Shape:
    """The shape of a transposed operand."""
    return shape[:-2] + shape[-2:][::-1]


def is_scaling(inputs: Sequence[Shape]) -> bool:
    """Whether a product with these operands is a scaling by a scalar."""
    return not inputs[0] or not inputs[1]


def step_shape(step: Step, inputs: Sequence[Shape]) -> Shape:
    """The shape of a step's output. Raises ShapeMismatch."""
    if step.op is not None:
        return tuple(step.op.shape(*inputs, **step.attributes))
    if step.transposed is None:
        return (SCALE if is_scaling(inputs) else MATMUL).shape(*inputs)
    if is_scaling(inputs):
        return SCALE.shape(*(TRANSPOSE.shape(s) if t else s for s, t in zip(inputs, step.transposed, strict=True)))
    return MATMUL.shape(*inputs, ta=step.transposed[0], tb=step.transposed[1])


def all_shapes(program: Program, free: Mapping[str, Shape]) -> list[Shape]:
    """The shape of every value, from those of the free names. Raises Misfit or TooLarge."""
    shapes: list[Shape] = [()] * len(program.values)
    for name, index in program.free.items():
        shapes[index] = tuple(free[name])
        if prod(shapes[index]) > MAX_ELEMENTS:
            raise TooLarge(index, shapes[index])
    seen: dict[tuple[object, ...], Shape] = {}  # long texts repeat themselves
    for step in program.steps:
        inputs = tuple([shapes[i] for i in step.inputs])
        key = (id(step.op), inputs) if step.transposed is None and not step.attributes else None
        shape = seen.get(key) if key else None
        if shape is None:
            try:
                shape = step_shape(step, inputs)
            except ShapeMismatch as e:
                raise Misfit(step, e, inputs) from None
            if prod(shape) > MAX_ELEMENTS or len(shape) > MAX_AXES:
                raise TooLarge(step.output, shape)
            if key:
                seen[key] = shape
        shapes[step.output] = shape
    return shapes


def span_of(program: Program, name: str) -> Span:
    """Where a free name is used first."""
    return program.values[program.free[name]].span


def sizes_put_in(program: Program, shapes: Sequence[Shape], steps: int = 0) -> None:
    """The numbers that are sizes of axes, such as n in `1/n`, once the shapes are known; T is the number of `steps`."""
    for value in program.values:
        if value.size_of is None:
            continue
        name, axis = value.size_of
        index = program.free.get(name, program.defined.get(name))
        if name == "T" or index is None:
            value.number = float(steps)
        else:
            value.number = float(shapes[index][axis])
