"""Chips: how the numbers of one array are shown at a vertex. Their room depends on the shape alone, never on the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from ...engine.overview import Overview, overview
from ...engine.overview import scale_of as scale_of
from ...explain.numbers import number
from .labels import text_width
from .lazy_chips import later
from .picture import Cell, Chip, Rect, Role, Text
from .sizing import NATURAL, Setting

DIGIT_SIZE = 15.0
"""The font size of numbers at the natural scale."""
GRID_SIZE = 14.0
CAPTION_SIZE = 12.0
MOST_CELLS = 12  # cells drawn along an axis; longer axes are averaged in blocks
MOST_DIGITS = 4  # elements along an axis that are still spelled out


@dataclass(frozen=True)
class Form:
    """How an array of one shape is drawn: its size, its grid, and the digits after the point (None: a heat map)."""

    width: float
    height: float
    rows: int
    columns: int
    cell_width: float
    cell_height: float
    digits: int | None
    caption: str = ""
    padding: float = 0.0
    scale: float = 1.0

    @property
    def spelled(self) -> bool:
        """Whether the numbers are written out."""
        return self.digits is not None


@lru_cache(maxsize=16)
def room(digits: int, size: float) -> float:
    """The width reserved for a number: a negative one with all its digits. The rare wider text is set narrower."""
    return text_width("−8." + "8" * digits, size) + 1


def _grid(shape: Sequence[int]) -> tuple[int, int]:
    """Rows and columns of an array drawn as a table; leading axes are stacked."""
    if not shape:
        return 1, 1
    rows = 1
    for n in shape[:-1]:
        rows *= n
    return rows, shape[-1]


def _caption(shape: Sequence[int]) -> str:
    return "×".join(str(n) for n in shape)


@lru_cache(maxsize=512)
def form(shape: tuple[int, ...], role: Role = "value", setting: Setting = NATURAL) -> Form:
    """The form of an array of this shape. Badges of matrices are heat maps with no caption, small enough for an edge."""
    f, k = _form(shape, role, setting.digits), setting.scale
    if k == 1 or (role == "badge" and not f.spelled):  # there is no type in it to be made larger
        return f
    return replace(
        f, width=k * f.width, height=k * f.height, cell_width=k * f.cell_width, cell_height=k * f.cell_height,
        padding=k * f.padding, scale=k,
    )  # fmt: skip


def _form(shape: tuple[int, ...], role: Role, digits: int | None) -> Form:
    rows, columns = _grid(shape)
    if not shape:
        digits = digits or 3
        width = room(digits, DIGIT_SIZE)
        return Form(width + 14, 24, 1, 1, width, 24, digits, padding=7)
    digits = digits or 2
    if rows * columns == 0:
        caption = _caption(shape)
        return Form(text_width(caption, CAPTION_SIZE) + 14, 24, 0, 0, 0, 0, None, caption, padding=7)
    if len(shape) == 1 and columns <= MOST_DIGITS:
        cell = room(digits, GRID_SIZE) + 7
        return Form(columns * cell + 4, 24, 1, columns, cell, 24, digits, padding=2)
    if role == "badge":
        return _badge_map(rows, columns, len(shape))
    if len(shape) == 2 and rows <= MOST_DIGITS and columns <= MOST_DIGITS:
        cell = room(digits, GRID_SIZE) + 7
        return Form(columns * cell + 6, rows * 20 + 6, rows, columns, cell, 20, digits, padding=3)
    return _heat_map(rows, columns, shape)


def _heat_map(rows: int, columns: int, shape: tuple[int, ...]) -> Form:
    drawn_rows, drawn_columns = min(rows, MOST_CELLS), min(columns, MOST_CELLS)
    cell = 11.0 if max(drawn_rows, drawn_columns) > 8 else 13.0
    cell_height = 18.0 if len(shape) == 1 else cell
    caption = _caption(shape)
    width = max(drawn_columns * cell, text_width(caption, CAPTION_SIZE)) + 8
    return Form(
        width, drawn_rows * cell_height + 8 + 16, drawn_rows, drawn_columns, cell, cell_height, None, caption, 4
    )


def _badge_map(rows: int, columns: int, axes: int) -> Form:
    rows, columns = min(rows, 6), min(columns, MOST_CELLS if axes == 1 else 6)
    cell = 7.0
    height = 14.0 if axes == 1 else cell
    return Form(columns * cell + 8, rows * height + 8, rows, columns, cell, height, None, "", 4)


def in_full(shape: tuple[int, ...], role: Role = "value") -> bool:
    """Whether a chip of this shape has a place for each element, and does not average blocks of them."""
    f = form(shape, role)
    return (f.rows, f.columns) == _grid(shape)


def levels(x: np.ndarray, role: Role, scale: float) -> list[list[int | None]]:
    """The level of each element on the colour scale: see `Cell`."""
    x = np.asarray(x, dtype=float)
    known = np.isfinite(x)
    if role == "value":
        low = float(x[known].min()) if known.any() else 0.0
        high = float(x[known].max()) if known.any() else 0.0
        span = high - low
        unit = (x - low) / span if span > 0 else np.full(x.shape, 0.5)
        found = np.where(np.isposinf(x), 8, np.where(np.isneginf(x), 0, np.round(8 * np.where(known, unit, 0))))
    else:
        unit = x / scale if scale > 0 else np.zeros(x.shape)
        bounded = np.clip(np.where(np.isnan(unit), 0, unit), -1, 1)
        found = np.sign(bounded) * np.ceil(np.abs(bounded) * 4 - 1e-9)
    return [[None if np.isnan(v) else int(k) for v, k in zip(*row, strict=True)] for row in zip(x, found, strict=True)]


def _title(seen: Overview, shape: tuple[int, ...]) -> str:
    if seen.whole is not None:
        return "; ".join(" ".join(number(v) for v in row) for row in seen.whole)
    return f"{_caption(shape)}: {number(seen.least)} … {number(seen.most)}"


@later
def chip(
    array: Any,
    role: Role,
    step: int,
    rect: Rect,
    *,
    scale: float | None = None,
    part: int = 1,
    parts: int = 1,
    winners: np.ndarray | None = None,
    setting: Setting = NATURAL,
) -> Chip:
    """The chip of an array in its reserved room `rect`, which has the size of the array's form.

    `scale` is the magnitude that stands at the ends of the colour scale of a gradient; by default the array's own.
    `winners` are truth values, of the array's shape: the elements that get a ring, where each has a place of its own.
    """
    shape = tuple(np.shape(array) if isinstance(array, (list, float, int)) else array.shape)
    f = form(shape, role, setting)
    k = f.scale
    if 0 in shape:
        return Chip(role, step, rect, rect, (_centred(f.caption, rect, k * CAPTION_SIZE),), part=part, parts=parts)
    size = k * (DIGIT_SIZE if not shape else GRID_SIZE)
    box, texts, cells, rings = rect, [], [], []
    ringed = winners.reshape(_grid(shape)) if winners is not None and shape and in_full(shape, role) else None
    left = rect.left + (rect.width - f.columns * f.cell_width) / 2
    top = rect.top + (f.padding if len(shape) > 1 or not f.spelled else 0)
    coloured = not f.spelled or len(shape) > 1
    with np.errstate(all="ignore"):
        seen = overview(array, _grid(shape), f.rows, f.columns)
        shown = seen.blocks
        tones = levels(shown, role, seen.scale if scale is None else scale) if coloured else []
    for i in range(f.rows):
        for j in range(f.columns):
            x0, y0 = left + j * f.cell_width, top + i * f.cell_height
            place = Rect(x0, y0, x0 + f.cell_width, y0 + f.cell_height)
            if ringed is not None and ringed[i, j]:
                rings.append(place)
            if coloured:
                cells.append(Cell(place, tones[i][j]))
            if f.spelled:
                widest = f.cell_width - (6 * k if shape else 0)
                texts.append(_centred(number(shown[i, j], f.digits), place, size, widest))
    if f.caption:
        low = Rect(rect.left, rect.bottom - 17 * k, rect.right, rect.bottom)
        texts.append(_centred(f.caption, low, k * CAPTION_SIZE))
    if not shape:  # a pill as wide as its number
        half = (texts[0].width + 14 * k) / 2
        middle = (rect.left + rect.right) / 2
        box = Rect(middle - half, rect.top, middle + half, rect.bottom)
    title = "" if f.spelled else _title(seen, shape)
    return Chip(role, step, rect, box, tuple(texts), tuple(cells), title, part, parts, tuple(rings))


def _centred(text: str, place: Rect, size: float, widest: float | None = None) -> Text:
    x, y = place.centre
    width = text_width(text, size)
    return Text(text, x, y + 0.35 * size, size, width if widest is None else min(width, widest))
