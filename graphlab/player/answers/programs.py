"""The walk as a program, for the page: its lines, their colours, and the steps they stand for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

from ...code import Listing, code, tokens
from ...engine import Walk

KINDS = ("comment", "string", "number", "keyword", "call")


def _shown(listing: Listing, stops: Sequence[int], stem: str) -> dict[str, Any]:
    """`spans` has for each line its coloured stretches, flat: start, end, kind, …; `steps` the first and the last step
    of the picture that the line stands for, or 0 and 0."""
    spans, steps = [], []
    for line in listing.lines:
        spans.append([x for start, end, kind in tokens(line.text) for x in (start, end, KINDS.index(kind))])
        first_and_last = (line.steps[0], line.steps[-1]) if line.steps else ()
        steps.append([bisect_left(stops, step) + 1 for step in first_and_last] or [0, 0])
    return {
        "language": listing.language,
        "file": f"{stem}_{listing.language}.py",
        "text": listing.text,
        "spans": spans,
        "steps": steps,
    }


def answer(walk: Walk, stops: Sequence[int], stem: str, lang: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """The program of the walk in `question["language"]`, its file named after `stem`.

    Raises GraphlabError for a language there is no program in.
    """
    listing = code(walk, str(question.get("language", "numpy")), lang=lang)
    return {**_shown(listing, stops, stem), "kinds": KINDS}
