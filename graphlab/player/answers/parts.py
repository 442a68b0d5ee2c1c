"""A large picture in parts: those that a page looks at are written when it comes near them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...diagram import parts, svg
from ...diagram.parts import Split
from ...errors import N_, GraphlabError
from ..packing import pack

FIRST = 2  # parts that are sent with the walk


def part(split: Split, n: int) -> str:
    """One part as SVG, packed."""
    return pack(svg.page(split.parts[n]))


def sent(split: Split, whole: bool) -> dict[str, Any]:
    """What the payload says of the parts: how broad they are, how many there are, and the first, or all, of them."""
    count = len(split.parts)
    there: Iterable[int] = range(count if whole else min(FIRST, count))
    return {"breadth": parts.BREADTH, "count": count, "drawn": {str(n): part(split, n) for n in there}}


def answer(split: Split | None, question: Mapping[str, Any]) -> dict[str, Any]:
    """One part: {"part": n, "packed": "…"}. Raises GraphlabError where there is none of that number."""
    n = question.get("part")
    if type(n) is not int or split is None or not 0 <= n < len(split.parts):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    return {"part": n, "packed": part(split, n)}
