"""A card as plain data for the page: MathML, axes with their colours, the heat map and its counts, in one language."""

from __future__ import annotations

from math import isfinite
from typing import Any

import numpy as np

from ...errors import N_, Translate
from ...i18n import translator
from ..mathml import mathml
from ..numbers import number
from .axes import Axes, Axis
from .card import Card, SlotCard
from .local import LARGEST, Local
from .product import Factor, Shapes

_SPELLED = 256  # elements of a Jacobian up to which their digits go to the page

STRUCTURES = {
    "number": N_("The local derivative is one number."),
    "row": N_("One row: {y} is a single number."),
    "column": N_("One column: {x} is a single number."),
    "diagonal": N_("Diagonal: each element of {y} depends on the same element of {x} alone."),
    "selection": N_("At most one entry in a row: each element of {y} depends on one element of {x}."),
    "full": N_("Full: every element of {y} depends on every element of {x}."),
    "blocks": N_("Mostly zeros: each element of {y} depends on a part of {x}."),
    "zero": N_("All zeros: nothing of {x} passes to {y} here."),
}
TOO_LARGE = N_("{n} numbers are too many to form. The picture shows where they are not 0.")


def as_json(card: Card, lang: str = "en", digits: int = 3) -> dict[str, Any]:
    """The card as the page's panel reads it. Raises ValueError for an unknown language."""
    page = _Page(card, translator(lang), digits)
    found = {
        "phase": card.phase,
        "vertex": card.vertex,
        "title": mathml(card.title),
        "sentence": card.sentence,
        "sizes": [{"name": n, "size": size, "colour": page.colour(Axis(size, n))} for n, size in card.sizes.items()],
        "slots": [page.slot(slot) for slot in card.slots],
    }
    if card.shapes is not None:
        found["shapes"] = page.shapes(card.shapes)
        found["numbers"] = [mathml(line) for line in card.numbers]
    return found


class _Page:
    """One card on its way to the page: an axis has the same colour wherever it stands."""

    def __init__(self, card: Card, translate: Translate, digits: int) -> None:
        self.translate, self.digits = translate, digits
        self.colours: dict[str, int] = {name: i for i, name in enumerate(card.sizes)}

    def colour(self, axis: Axis) -> int | None:
        """The number of an axis' colour; None for an axis of one element with no name, which is there for the form."""
        if axis.size == 1 and not axis.name:
            return None
        return self.colours.setdefault(axis.label, len(self.colours)) % 6

    def axes(self, axes: Axes, met: frozenset[int] = frozenset()) -> list[dict[str, Any]]:
        return [
            {"label": a.label, "size": a.size, "colour": self.colour(a), "met": i in met} for i, a in enumerate(axes)
        ]

    def factor(self, factor: Factor) -> dict[str, Any]:
        return {"math": mathml(factor.latex, display=False), "axes": self.axes(factor.axes, factor.met)}

    def shapes(self, shapes: Shapes) -> dict[str, Any]:
        return {
            "factors": [self.factor(f) for f in shapes.factors],
            "sign": shapes.sign,
            "result": self.factor(shapes.result),
            "summed": shapes.summed,
            "text": shapes.text(),
        }

    def slot(self, slot: SlotCard) -> dict[str, Any]:
        local = self.factor(slot.local)
        local["axes"], local["input"] = self.axes(slot.output_axes), self.axes(slot.contraction.result.axes)
        return {
            "slot": slot.slot,
            "vertex": slot.vertex,
            "output": slot.output,
            "part": slot.part,
            "parts": slot.parts,
            "target": mathml(slot.target, display=False),
            "rank": slot.rank,
            "local": local,
            "symbols": [mathml(line) for line in slot.symbols],
            "derivatives": [mathml(line) for line in slot.derivatives],
            "numbers": [mathml(line) for line in slot.numbers],
            "contraction": self.shapes(slot.contraction),
            "coded": self.shapes(slot.coded),
            "why": slot.why,
            "jacobian": self.jacobian(slot),
        }

    def jacobian(self, slot: SlotCard) -> dict[str, Any]:
        local: Local = slot.jacobian
        over = tuple(a.size for a in slot.output_axes)
        by = tuple(a.size for a in slot.contraction.result.axes)
        said = {"y": slot.output, "x": slot.vertex}
        found: dict[str, Any] = {
            "rows": local.rows,
            "columns": local.columns,
            "structure": local.structure,
            "says": self.translate(STRUCTURES[local.structure]).format(**said),
            "elements": local.elements,
            "dense": local.dense,
            "product": local.product,
            "outline": [[int(field) for field in row] for row in local.outline],
            "block": [over[-1] if len(over) > 1 else 0, by[-1] if len(by) > 1 else 0],
            "row_places": _places(over),
            "column_places": _places(by),
        }
        if local.matrix is None:
            found["too_large"] = self.translate(TOO_LARGE).format(n=f"{local.elements:,}".replace(",", "\u202f"))
            found["row_places"] = found["column_places"] = []
            return found
        found["values"] = [[_plain(x) for x in row] for row in local.matrix.tolist()]
        if local.elements <= _SPELLED:
            found["texts"] = [[number(x, min(self.digits, 2)) for x in row] for row in local.matrix.tolist()]
        return found


def _places(shape: tuple[int, ...]) -> list[list[int]]:
    """The places of the elements in order, counted from 1."""
    return [[i + 1 for i in index] for index in np.ndindex(shape)] if np.prod(shape) <= LARGEST else []


def _plain(x: float) -> float | None:
    """A number that JSON can hold, with as many digits as a colour needs; None for what is no number."""
    return float(f"{x:.6g}") if isfinite(x) else None
