"""Declared shapes of sequences, whose first axis is time, and the shapes of their vertices, which have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from ..errors import N_, Fix, Message, MissingShapeError, ShapeError, message
from ..op import Shape
from . import names
from .clocks import Clock
from .declared import declared_shapes
from .program import Program
from .shapes import MAX_AXES, MAX_ELEMENTS


class Declared:
    """The shapes that were declared, by canonical name; those of sequences without their axis of time."""

    def __init__(self, shapes: Mapping[str, Any], sizes: Mapping[str, int], clock: Clock) -> None:
        self.shapes = shapes
        self.sizes, self.clock = sizes, clock

    def known(self, program: Program) -> dict[str, Shape]:
        """The shapes of the program's values, sizes put in. Raises ShapeError."""
        shapes: dict[str, Any] = {}
        for name, shape in self.shapes.items():
            if (use := names.timed(name)) is not None and use.base in self.clock.sequences:
                shapes |= dict.fromkeys(self._vertices(use.base), shape)
            elif name in self.clock.sequences and name not in program.defined:
                whole = isinstance(shape, Sequence) and not isinstance(shape, str) and len(shape)
                shapes |= dict.fromkeys(self._vertices(name), tuple(shape[1:]) if whole else shape)
            else:
                shapes[name] = shape
        return declared_shapes(shapes, self.sizes, program)

    def _vertices(self, base: str) -> list[str]:
        steps = self.clock.steps_of(base)
        return [names.at(base, "t"), *(names.at(base, t) for t in range(1, steps + 1))]


def unrolled(program: Program, free: Mapping[str, Shape]) -> dict[str, Shape]:
    """The shapes of all free names of a whole program, from those of a short one, where `x_t` stands for every step."""
    steps = {name: program.values[index].base for name, index in program.free.items()}
    return {name: free[name] if name in free else free[names.at(base, "t")] for name, base in steps.items()}


def check_whole(free: Mapping[str, Shape], clock: Clock) -> None:
    """Raises ShapeError for a fed sequence that is, with all its steps, larger than the limit for one array."""
    for base, span in clock.fed.items():
        shape = (clock.steps_of(base), *free[names.at(base, "t")])
        if prod(shape) > MAX_ELEMENTS:
            fits = max(1, MAX_ELEMENTS // prod(shape[1:]))
            raise ShapeError(
                message(N_("{name} would be {shape}, with {n} elements"), name=base, shape=shape, n=f"{prod(shape):,}"),
                expected=message(
                    N_("at most {limit} elements and {axes} axes"), limit=f"{MAX_ELEMENTS:,}", axes=MAX_AXES
                ),
                help=message(
                    N_("{length} = {fits} is the most that fits"), length=clock.lengths_of(base)[-1], fits=fits
                ),
                place=span.place,
            )


def of_sequences(error: ShapeError, clock: Clock) -> ShapeError:
    """The error with the shapes of sequences as they are declared: `x_t` of shape (4,) is `x` of shape (3, 4)."""

    def whole(name: str, shape: Any) -> tuple[str, Any]:
        use = names.timed(name)
        if use is None or use.base not in clock.fed or not isinstance(shape, tuple):
            return name, shape
        return use.base, (clock.steps_of(use.base), *shape)

    def told(text: Message | None) -> Message | None:
        if text is None or not isinstance(name := text.values.get("name"), str) or "shape" not in text.values:
            return text
        name, shape = whole(name, text.values["shape"])
        return Message(text.template, {**text.values, "name": name, "shape": shape})

    error.help = told(error.help)
    if error.fix is not None and error.fix.shape is not None:
        name, shape = whole(error.fix.name, error.fix.shape)
        error.fix = Fix(name=name, shape=shape)
    if isinstance(error, MissingShapeError) and error.shapes:
        given = dict(whole(name, shape) for name, shape in error.shapes.items())
        error.shapes, error.names = given, tuple(given)
        values = {"name": error.names[0], "names": ", ".join(error.names)}
        error.reason = Message(error.reason.template, {k: values.get(k, v) for k, v in error.reason.values.items()})
        if error.help is not None and "example" in error.help.values:
            example = ", ".join(f"{name}: {shape}" for name, shape in given.items())
            error.help = Message(error.help.template, {"example": example})
    return error
