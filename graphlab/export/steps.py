"""Which steps of a walk are meant: "all", "backward", 12, "3-7", [1, 5]."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ..errors import N_, ExportError, message

WORDS = ("all", "forward", "backward", "last")
_RANGE = re.compile(r"(\d{1,9})(?:\s*(?:-|–|\.\.)\s*(\d{1,9}))?")


def _is_number(given: Any) -> bool:
    return hasattr(given, "__index__") and not isinstance(given, bool)


def chosen_steps(given: Any, last: int, first_backward: int) -> tuple[int, ...]:
    """The numbers of the steps that `given` means, in a walk of `last` steps.

    `given` is a number from 0 (before the first step) to `last`; "all", "forward", "backward" or "last"; a range
    "3-7"; several of these with commas between them; or an iterable of numbers. Forward begins with step 0.
    Raises ExportError for anything else, and for a step that there is not.
    """
    if isinstance(given, str):
        return _in_words(given, last, first_backward)
    found = (given,) if _is_number(given) else tuple(given) if isinstance(given, Iterable) else None
    if not found or not all(map(_is_number, found)):
        raise _unreadable(given, last)
    return _checked([n.__index__() for n in found], last)


def _in_words(given: str, last: int, first_backward: int) -> tuple[int, ...]:
    words = {
        "all": range(last + 1),
        "forward": range(min(first_backward, last + 1)),
        "backward": range(first_backward, last + 1),
        "last": range(last, last + 1),
    }
    found: list[int] = []
    for part in given.split(","):
        part = part.strip().lower()
        if part in words:
            found += words[part]
        elif match := _RANGE.fullmatch(part):
            first, end = int(match[1]), int(match[2] or match[1])
            _checked([first, end], last)
            found += range(first, end + 1) if first <= end else range(first, end - 1, -1)
        else:
            raise _unreadable(given, last)
    if not found:
        raise ExportError(message(N_("this walk has no step of that kind")))
    return tuple(dict.fromkeys(found))


def _checked(numbers: list[int], last: int) -> tuple[int, ...]:
    for step in numbers:
        if not 0 <= step <= last:
            raise ExportError(
                message(N_("there is no step {step}"), step=step),
                expected=message(N_("a step from 0 to {last}"), last=last),
            )
    return tuple(dict.fromkeys(numbers))


def _unreadable(given: Any, last: int) -> ExportError:
    return ExportError(
        message(N_("{given} does not name steps"), given=repr(given)[:40]),
        expected=message(
            N_("all, forward, backward, last, a step from 0 to {last}, or a range such as 3-7"), last=last
        ),
    )
