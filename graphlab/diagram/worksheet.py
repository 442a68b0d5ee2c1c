"""A picture as a worksheet has it: the graph with all numbers and nothing under way, some of them left blank."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .marks.chips import form
from .marks.picture import Chip, EdgeShape, Picture, VertexShape

Blank = tuple[str, str]  # ("gradient", "tmp_3")


def sheet(picture: Picture, blanks: Collection[Blank], *, key: bool = False) -> Picture:
    """The picture with one step more, at which all is computed and nothing is current; edges point forward.

    The numbers of `blanks` are empty boxes of the same size; in a key they are there, with a thick outline.
    """
    last = picture.steps + 1

    def chips(v: VertexShape, role: str) -> tuple[Chip, ...]:
        found = getattr(v, f"{role}s")[-1:]
        if (role, v.name) not in blanks:
            return found
        return tuple(replace(_made(c), step=last) if key else _emptied(c) for c in found)

    def vertex(v: VertexShape) -> VertexShape:
        return replace(v, backward=(), arrivals=(), values=chips(v, "value"), gradients=chips(v, "gradient"))

    def edge(e: EdgeShape) -> EdgeShape:
        return replace(e, backward=None, badge=None, stem=())

    return replace(
        picture,
        steps=last,
        vertices=tuple(map(vertex, picture.vertices)),
        operations=tuple(replace(o, backward=None, backward_first=None) for o in picture.operations),
        edges=tuple(map(edge, picture.edges)),
    )


def _made(chip: Chip) -> Chip:
    return Chip(
        chip.role, chip.step, chip.rect, chip.box, chip.texts, chip.cells, chip.title, chip.part, chip.parts,
        chip.winners,
    )  # fmt: skip


def _emptied(chip: Chip) -> Chip:
    """The boxes of a chip with nothing in them; a space stands where each number would."""
    texts = tuple(replace(t, text=" ") for t in chip.texts) if not chip.title else ()
    return Chip(chip.role, chip.step, chip.rect, chip.rect, texts, chip.cells if not chip.title else (), blank=True)


def can_be_blank(shape: tuple[int, ...]) -> bool:
    """Whether an array is so small that its numbers are spelled out, each in a box of its own."""
    return form(shape).spelled
