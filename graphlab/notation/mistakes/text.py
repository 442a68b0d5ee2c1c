"""Mistakes of a text as a whole: nothing in it, too much, or time in it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import N_, Fix, NotationError, Place, message
from ..spans import Span
from .common import mistake


def check_text(text: str, limit: int) -> None:
    """Raises NotationError for a text that is empty or longer than the limit."""
    if len(text) > limit:
        raise NotationError(
            message(N_("the text has {n} characters"), n=len(text)),
            expected=message(N_("at most {limit} characters"), limit=limit),
            help=message(N_("leave out what is not needed, or split the model in two")),
            fix=Fix(whole=_first_lines(text, limit)),
        )


def _first_lines(text: str, limit: int) -> str:
    return text[:limit].rpartition("\n")[0]


def no_equation(text: str) -> NotationError:
    """Nothing but white space and comments."""
    first = (text.split("\n") or [""])[0]
    return NotationError(
        message(N_("there is no equation")),
        expected=message(N_("one equation a line, name = expression")),
        help=message(N_("write for example {this}"), this="y = sigma(x w^T + b)"),
        place=Place(1, 0, len(first), first),
        fix=Fix(whole=text.rstrip() + "\n" * bool(text.strip()) + "y = sigma(x w^T + b)"),
    )


def time_index(timed: Sequence[Span], text: str) -> NotationError:
    """`h_t`: equations over time come later."""
    lines = text.split("\n")
    for span in reversed(timed):
        i = span.line.number - 1
        plain = re.sub(r"[^t0-9+-]", "", span.text) == "t"
        lines[i] = lines[i][: span.start] + ("" if plain else "_0") + lines[i][span.end :]
    return mistake(
        timed[0],
        message(N_("equations over time are not supported yet")),
        message(N_("names with no time index")),
        message(N_("write one step by itself: h instead of h_t, and h_0 for the step before")),
        Fix(whole="\n".join(lines)),
    )
