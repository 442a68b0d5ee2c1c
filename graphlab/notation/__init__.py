"""Equations as they stand on the slide, plain or LaTeX, read into a Graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..graph import Graph, Kind
from .build import build
from .declared import canonical, declared_kinds, declared_shapes
from .infer import infer
from .program import lower
from .reader import read
from .repairs import checked_shapes

__all__ = ["parse"]


def parse(
    text: str,
    shapes: Mapping[str, Sequence[int | str]] | None = None,
    sizes: Mapping[str, int] | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> Graph:
    """The computation graph of some equations.

    text    one equation a line, `name = expression`, plain or LaTeX
    shapes  shapes of names that are fed, of numbers and of names of sizes: {"W_1": ("D", "H")}; the others are inferred
    sizes   {"D": 4, "H": 3}
    kinds   kinds of names where the convention (x, X, y_true and Y_true are inputs, the rest parameters) does not say it

    Raises NotationError for a text that can not be read, ShapeError for shapes that do not fit or are too large, and
    MissingShapeError, which is a ShapeError, for those that can not be inferred.
    """
    equations = read(text)
    program = lower(equations, text)
    known = declared_shapes(shapes or {}, sizes or {}, program)
    free = infer(program, known, sizes or {}, map(canonical, shapes or {}))
    found = checked_shapes(program, free, known, text)
    return build(program, found, declared_kinds(kinds or {}), text)
