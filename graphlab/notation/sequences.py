"""Declared shapes of sequences, whose first axis is time, and the shapes of their vertices, which have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import Fix, Message, MissingShapeError, ShapeError
from ..op import Shape
from . import names
from .declared import canonical, declared_shapes
from .program import Program
from .timing import Clock


class Declared:
    """The shapes that were declared, by canonical name; those of sequences without their axis of time."""

    def __init__(self, shapes: Mapping[str, Any], sizes: Mapping[str, int], clock: Clock) -> None:
        self.shapes = {canonical(name): shape for name, shape in shapes.items()}
        self.sizes, self.clock = sizes, clock

    def known(self, program: Program, steps: int) -> dict[str, Shape]:
        """The shapes of the program's values, sizes put in. Raises ShapeError."""
        shapes: dict[str, Any] = {}
        for name, shape in self.shapes.items():
            if (use := names.timed(name)) is not None and use.base in self.clock.sequences:
                shapes |= dict.fromkeys(self._vertices(use.base, steps), shape)
            elif name in self.clock.sequences and name not in program.defined:
                whole = isinstance(shape, Sequence) and not isinstance(shape, str) and len(shape)
                shapes |= dict.fromkeys(self._vertices(name, steps), tuple(shape[1:]) if whole else shape)
            else:
                shapes[name] = shape
        return declared_shapes(shapes, self.sizes, program)

    def _vertices(self, base: str, steps: int) -> list[str]:
        return [names.at(base, "t"), *(names.at(base, t) for t in range(1, steps + 1))]


def unrolled(program: Program, free: Mapping[str, Shape], clock: Clock) -> tuple[dict, dict[str, tuple[str, ...]]]:
    """From the shapes by name `x_t`: (the shapes of all free names of the whole program, the fed sequences)."""
    found, sequences = {}, {}
    for name, index in program.free.items():
        value = program.values[index]
        if name in free:
            found[name] = free[name]
        else:
            found[name] = free[names.at(value.base, "t")]
    for base in clock.fed:
        sequences[base] = tuple(names.at(base, t) for t in range(1, clock.steps + 1))
    return found, sequences


def of_sequences(error: ShapeError, clock: Clock) -> ShapeError:
    """The error with the shapes of sequences as they are declared: `x_t` of shape (4,) is `x` of shape (3, 4)."""

    def whole(name: str, shape: Any) -> tuple[str, Any]:
        use = names.timed(name)
        if use is None or use.base not in clock.fed or not isinstance(shape, tuple):
            return name, shape
        return use.base, (clock.steps, *shape)

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
