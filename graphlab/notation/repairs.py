"""Shapes that do not fit, said in the user's words, with a help that was tried before it is offered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from math import prod

from ..errors import N_, Fix, Message, MissingShapeError, NotationError, ShapeError, message
from ..op import Shape
from .infer import infer
from .program import Program
from .shapes import MATMUL, MAX_AXES, MAX_ELEMENTS, Misfit, TooLarge, all_shapes, turned

# Beyond this many operations only the plain repairs are tried: an answer within milliseconds is worth more.
SMALL = 120
TRIES = 12

Repair = tuple[Message, Fix]


def checked_shapes(
    program: Program, free: Mapping[str, Shape], known: Mapping[str, Shape], text: str, again: Callable[[str], Program]
) -> list[Shape]:
    """The shape of every value, from the shapes of the free names. Raises ShapeError with a help.

    `known` are the declared shapes, among them those of defined names, which have to come out as declared. `again`
    makes a program of a text that was edited.
    """
    try:
        found = all_shapes(program, free)
    except Misfit as e:
        raise _misfit(program, e, free, known, text, again) from None
    except TooLarge as e:
        raise _too_large(program, e, free) from None
    for name, index in program.defined.items():
        if name in known and known[name] != found[index]:
            raise ShapeError(
                message(N_("{name} comes out as {shape}"), name=name, shape=found[index]),
                expected=message(N_("{shape}, as it was declared"), shape=known[name]),
                help=message(N_("give {name} the shape {shape}"), name=name, shape=found[index]),
                place=program.values[index].span.place,
                fix=Fix(name=name, shape=found[index]),
            )
    return found


def _fits(program: Program, free: Mapping[str, Shape]) -> bool:
    try:
        all_shapes(program, free)
    except (Misfit, TooLarge):
        return False
    return True


def _too_large(program: Program, error: TooLarge, free: Mapping[str, Shape]) -> ShapeError:
    """A value is larger than the limit: the first axis that, made small, brings everything below it."""
    value = program.values[error.value]
    axes = sorted(((n, name, i) for name, shape in free.items() for i, n in enumerate(shape)), key=lambda a: -a[0])
    smaller = [Fix(name=name, shape=(*free[name][:i], 2, *free[name][i + 1 :])) for _, name, i in axes[:TRIES]]
    smaller += [Fix(name=name, shape=free[name][1:]) for _, name, _ in axes[:TRIES]]
    fix = next((f for f in smaller if _fits(program, {**free, f.name: whole_shape(f)})), smaller[0])
    return ShapeError(
        message(
            N_("{name} would be {shape}, with {n} elements"),
            name=value.name or value.span.short,
            shape=error.shape,
            n=f"{prod(error.shape):,}",
        ),
        expected=message(N_("at most {limit} elements and {axes} axes"), limit=f"{MAX_ELEMENTS:,}", axes=MAX_AXES),
        help=message(N_("make it smaller: for example, give {name} the shape {shape}"), name=fix.name, shape=fix.shape),
        place=value.span.place,
        fix=fix,
    )


def _misfit(
    program: Program,
    error: Misfit,
    free: Mapping[str, Shape],
    known: Mapping[str, Shape],
    text: str,
    again: Callable[[str], Program],
) -> ShapeError:
    """The operands of a step do not fit."""
    step, inputs = error.step, error.inputs
    span = step.node.span
    operands = [program.values[i].name or program.values[i].span.short for i in step.inputs]
    are = [message(N_("{name} is {shape}"), name=t, shape=s) for t, s in zip(operands, inputs, strict=True)]
    if len(are) > 3:  # of many operands the first, and those that differ
        are = [are[i] for i in sorted({0, *error.mismatch.wanted})[:3]]
    last = are.pop()
    for other in reversed(are):
        last = message(N_("{a}, {b}"), a=other, b=last)
    reason = message(N_("{text}: {why}: {a}"), text=span.short, why=error.mismatch.reason, a=last)
    first: Repair | None = None
    for repair in _repairs(program, error, free, known):
        first = first or repair
        if _works(repair[1], program, free, text, again):
            first = repair
            break
    help, fix = first or (None, None)
    return ShapeError(reason, help=help, place=span.place, fix=fix)


def whole_shape(fix: Fix) -> Shape:
    """The shape that a fix gives, in numbers; that of a scalar where it gives none."""
    return tuple(n for n in fix.shape or () if isinstance(n, int))


def _works(fix: Fix, program: Program, free: Mapping[str, Shape], text: str, again: Callable[[str], Program]) -> bool:
    """Whether the text and its shapes go together after the fix."""
    if fix.shape is not None:
        return _fits(program, {**free, fix.name: whole_shape(fix)})
    try:
        edited = fix.apply(text)
        return _fits(again(edited), free)
    except (NotationError, ShapeError, KeyError):
        return False


# --- candidates, the most likely first


def _repairs(
    program: Program, error: Misfit, free: Mapping[str, Shape], known: Mapping[str, Shape]
) -> Iterator[Repair]:
    small = len(program.steps) <= SMALL
    if small:
        yield from _transposing(error)
        yield from _without_setting(error)
    yield from _wanted(program, error)
    if small:
        yield from _inferred(program, free, known)
        yield from _guessed(free)


def _transposing(error: Misfit) -> Iterator[Repair]:
    """`Q K` where `Q K^T` fits."""
    step = error.step
    if step.op is not None and step.op is not MATMUL:
        return
    for slot in (1, 0):
        shapes = list(error.inputs)
        node = step.node.parts[slot]
        flags = step.transposed or (False, False)
        if len(shapes[slot]) != 2 or flags[slot] or not (node.grouped or node.kind == "name"):
            continue
        left, right = (turned(s) if t else s for s, t in zip(shapes, flags, strict=True))
        left, right = (left, turned(right)) if slot else (turned(left), right)
        if left[-1] == right[0]:
            raised = f"{node.outer.text}^T"
            if (fix := node.outer.replaced(raised)) is not None:
                yield message(N_("write {this}"), this=raised), fix


def _without_setting(error: Misfit) -> Iterator[Repair]:
    """`sum(x, axis=1)` of a vector, `dropout(x, m, p=2)`."""
    span = error.step.node.span
    for name in error.step.attributes:
        found = list(re.finditer(rf"\s*,\s*{name}\s*=\s*[-−]?\s*[0-9.]+(e[-−+]?[0-9]+)?", span.text))
        if found:
            start, end = (span.start + i for i in found[-1].span())
            if (fix := span.line.span(start, end).replaced("")) is not None:
                yield message(N_("leave {name} out"), name=name), fix


def _wanted(program: Program, error: Misfit) -> Iterator[Repair]:
    """Shapes that the free names among the operands could take, the right operand first."""
    wanted = error.mismatch.wanted
    for slot in sorted(wanted, reverse=True):
        name = program.values[error.step.inputs[slot]].name
        if name not in program.free:
            continue
        shape, whole = error.inputs[slot], tuple(wanted[slot])
        # A bias that does not fit a matrix should fit a row of it, not become a matrix.
        for other in (whole[-len(shape) :], whole) if 0 < len(shape) < len(whole) else (whole,):
            yield _needs(name, shape, other), Fix(name=name, shape=other)


def _needs(name: str, shape: Shape, wanted: Shape) -> Message:
    """ "W_1 needs 5 rows", or the whole shape where more than one axis differs."""
    differ = [i for i, (a, b) in enumerate(zip(shape, wanted, strict=False)) if a != b]
    if len(shape) == len(wanted) <= 2 and len(differ) == 1:
        n = wanted[differ[0]]
        if len(shape) == 1:
            return message(
                N_("{name} needs {n} elements") if n != 1 else N_("{name} needs one element"), name=name, n=n
            )
        if differ[0] == 0:
            return message(N_("{name} needs {n} rows") if n != 1 else N_("{name} needs one row"), name=name, n=n)
        return message(N_("{name} needs {n} columns") if n != 1 else N_("{name} needs one column"), name=name, n=n)
    return message(N_("give {name} the shape {shape}"), name=name, shape=wanted)


def _inferred(program: Program, free: Mapping[str, Shape], known: Mapping[str, Shape]) -> Iterator[Repair]:
    """For each free name in turn: the shape it would be given if nobody had declared it."""
    for name in list(free)[:TRIES]:
        rest = {n: s for n, s in {**free, **known}.items() if n != name}
        try:
            shape = infer(program, rest, {})[name]
        except MissingShapeError as e:
            shape = e.shapes[name]
        if shape != free[name]:
            yield message(N_("give {name} the shape {shape}"), name=name, shape=shape), Fix(name=name, shape=shape)


def _guessed(free: Mapping[str, Shape]) -> Iterator[Repair]:
    """A scalar or a vector for each free name in turn."""
    for shape in ((3,), ()):
        for name in list(free)[:TRIES]:
            yield message(N_("give {name} the shape {shape}"), name=name, shape=shape), Fix(name=name, shape=shape)
