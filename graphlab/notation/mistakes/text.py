"""Mistakes of a text as a whole: nothing in it, too much, or time in it."""

from __future__ import annotations

from ...errors import N_, Fix, NotationError, Place, message


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
