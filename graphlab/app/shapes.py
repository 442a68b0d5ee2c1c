"""Shapes as people write them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import N_, ShapeError, message

Shape = tuple[int | str, ...]


def read_shape(text: str, sizes: Mapping[str, int]) -> Shape:
    """A shape as people write it: "4 × 3", "4, 3", "D, H", "(H,)"; "()" or "scalar" for a scalar.

    Raises ShapeError for anything else, and for the name of a size that is not one of `sizes`.
    """
    inner = text.strip().removeprefix("(").removesuffix(")").strip()
    if inner in ("", "scalar", "скаляр"):
        return ()
    shape: list[int | str] = []
    for part in re.split(r"\s*[,×*;]\s*|(?<=\d)\s*[xх]\s*(?=\d)|\s+", inner.rstrip(", ")):
        if re.fullmatch(r"[0-9]{1,9}", part):
            shape.append(int(part))
        elif part in sizes:
            shape.append(part)
        else:
            raise ShapeError(
                message(
                    N_("{text} is not a shape: {part} is neither a number nor a size"), text=text[:40], part=part[:40]
                ),
                expected=message(N_("numbers or sizes ({sizes}) between commas"), sizes=", ".join(sizes) or "–"),
                help=message(N_("write 4, 3 for a matrix, 3 for a vector, () for a scalar")),
            )
    return tuple(shape)


def show_shape(shape: Shape) -> str:
    """A shape as `read_shape` reads it."""
    return "(" + ", ".join(map(str, shape)) + ")"
