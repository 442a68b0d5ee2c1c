"""Shapes of a program: the declared ones, and those of all values, checked before anything is allocated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from ..errors import N_, Fix, Message, ShapeError, message
from ..op import Shape, ShapeMismatch, registry
from .program import Program, Step
from .spans import Span

MAX_ELEMENTS = 10**8
MAX_AXES = 8
MATMUL, SCALE = registry["matmul"], registry["scale"]


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
    if is_scaling(inputs):
        return SCALE.shape(*(turned(s) if t else s for s, t in zip(inputs, step.transposed, strict=True)))
    return MATMUL.shape(*inputs, ta=step.transposed[0], tb=step.transposed[1])


def all_shapes(program: Program, free: Mapping[str, Shape]) -> list[Shape]:
    """The shape of every value, from those of the free names. Raises Misfit or TooLarge."""
    shapes: list[Shape] = [()] * len(program.values)
    for name, index in program.free.items():
        shapes[index] = tuple(free[name])
        if prod(shapes[index]) > MAX_ELEMENTS:
            raise TooLarge(index, shapes[index])
    for step in program.steps:
        inputs = [shapes[i] for i in step.inputs]
        try:
            shape = step_shape(step, inputs)
        except ShapeMismatch as e:
            raise Misfit(step, e, inputs) from None
        if prod(shape) > MAX_ELEMENTS or len(shape) > MAX_AXES:
            raise TooLarge(step.output, shape)
        shapes[step.output] = shape
    return shapes


# --- what goes wrong, said in the user's words


def too_large(program: Program, error: TooLarge, free: Mapping[str, Shape]) -> ShapeError:
    """The error for a value that is larger than the limit, with the largest axis of its sources as the culprit."""
    value = program.values[error.value]
    name = max(free, key=lambda n: max(free[n], default=0))
    longest = free[name].index(max(free[name]))
    smaller = tuple(2 if i == longest else n for i, n in enumerate(free[name]))
    limit = message(N_("at most {limit} elements and {axes} axes"), limit=f"{MAX_ELEMENTS:,}", axes=MAX_AXES)
    return ShapeError(
        message(
            N_("{name} would be {shape}: {n} elements"),
            name=value.span.text,
            shape=error.shape,
            n=f"{prod(error.shape):,}",
        ),
        expected=limit,
        help=message(N_("make {name} smaller, for example {shape}"), name=name, shape=smaller),
        place=value.span.place,
        fix=Fix(name=name, shape=smaller),
    )


def misfit(program: Program, error: Misfit, free: Mapping[str, Shape], again: object = None) -> ShapeError:
    """The error for a step whose operands do not fit, with a help that makes them fit."""
    step, inputs = error.step, error.inputs
    span = step.node.span
    texts = [program.values[i].name or program.values[i].span.text for i in step.inputs]
    are = [message(N_("{name} is {shape}"), name=t, shape=s) for t, s in zip(texts, inputs, strict=True)]
    reason = (
        message(N_("{text}: {why}: {a}, {b}"), text=span.text, why=error.mismatch.reason, a=are[0], b=are[1])
        if len(are) == 2
        else message(N_("{text}: {why}: {a}"), text=span.text, why=error.mismatch.reason, a=are[0])
    )
    help, fix = _help(program, error, free)
    return ShapeError(reason, help=help, place=span.place, fix=fix)


def _help(program: Program, error: Misfit, free: Mapping[str, Shape]) -> tuple[Message | None, Fix | None]:
    first: tuple[Message, Fix] | None = None
    for candidate in _candidates(program, error):
        help, fix = candidate
        first = first or candidate
        if _works(program, free, fix):
            return help, fix
    return first or (None, None)


def _candidates(program: Program, error: Misfit) -> list[tuple[Message, Fix]]:
    """Shapes that the free names among the operands could take, the right operand first."""
    found = []
    wanted = error.mismatch.wanted
    for slot in sorted(wanted, reverse=True):
        name = program.values[error.step.inputs[slot]].name
        if name in program.free:
            found.append((_needs(name, error.inputs[slot], wanted[slot]), Fix(name=name, shape=tuple(wanted[slot]))))
    return found


def _needs(name: str, shape: Shape, wanted: Shape) -> Message:
    """ "W_1 needs 5 rows", or the whole shape where more than one axis differs."""
    differ = [i for i, (a, b) in enumerate(zip(shape, wanted, strict=False)) if a != b]
    if len(shape) == len(wanted) and len(differ) == 1:
        n = wanted[differ[0]]
        if len(shape) == 1:
            return message(
                N_("{name} needs {n} elements") if n != 1 else N_("{name} needs one element"), name=name, n=n
            )
        if len(shape) == 2 and differ[0] == 0:
            return message(N_("{name} needs {n} rows") if n != 1 else N_("{name} needs one row"), name=name, n=n)
        if len(shape) == 2:
            return message(N_("{name} needs {n} columns") if n != 1 else N_("{name} needs one column"), name=name, n=n)
    return message(N_("give {name} the shape {shape}"), name=name, shape=wanted)


def _works(program: Program, free: Mapping[str, Shape], fix: Fix) -> bool:
    if fix.shape is None:
        return True
    try:
        all_shapes(program, {**free, fix.name: fix.shape})
    except (Misfit, TooLarge):
        return False
    return True


def span_of(program: Program, name: str) -> Span:
    """Where a free name is used first."""
    return program.values[program.free[name]].span
