"""What all messages on mistakes share."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from ...errors import N_, Fix, Message, NotationError, message
from ..spans import Span


def mistake(
    span: Span, reason: Message, expected: Message | None = None, help: Message | None = None, fix: Fix | None = None
) -> NotationError:
    """A NotationError at a span."""
    return NotationError(reason, expected=expected, help=help, place=span.place, fix=fix)


def write(span: Span, by: str, reason: Message, expected: Message | None = None) -> NotationError:
    """The mistake with the help "write BY", and BY as the fix; BY is also what was expected, unless that is given."""
    expected = expected or message(N_("{this}"), this=by.strip())
    return mistake(span, reason, expected, message(N_("write {this}"), this=by.strip() or by), span.replaced(by))


def remove(span: Span, reason: Message, expected: Message) -> NotationError:
    """The mistake with the help to take the span out, and that as the fix."""
    return mistake(span, reason, expected, message(N_("remove {this}"), this=span.text), span.replaced(""))


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that was probably meant, or ''."""
    known = list(known)
    lower = {k.lower(): k for k in reversed(known)}
    if word.lower() in lower:
        return lower[word.lower()]
    near = get_close_matches(word[:40], known, n=1, cutoff=0.6)
    return near[0] if near else ""


def spoken(name: str) -> str:
    """The name of a function as people type it: sigma for σ."""
    return "sigma" if name == "σ" else str(name)
