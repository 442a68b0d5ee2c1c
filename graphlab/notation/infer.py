"""Shapes that nobody has declared, found from how the names are used."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import N_, Fix, MissingShapeError, message
from ..op import Shape
from .program import Program
from .shapes import span_of


def infer(program: Program, known: Mapping[str, Shape], sizes: Mapping[str, int]) -> dict[str, Shape]:
    """The shape of every free name. Raises MissingShapeError for those that can not be inferred."""
    missing = tuple(name for name in program.free if name not in known)
    if missing:
        raise MissingShapeError(
            message(N_("the shape of {names} can not be inferred"), names=", ".join(missing)),
            missing,
            place=span_of(program, missing[0]).place,
            fix=Fix(name=missing[0], shape=()),
        )
    return {name: tuple(known[name]) for name in program.free}
