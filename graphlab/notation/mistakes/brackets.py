"""Brackets with no partner or the wrong one, and norms."""

from __future__ import annotations

from ...errors import N_, NotationError, message
from ..spans import Span
from .common import mistake, remove


def too_deep(span: Span, limit: int) -> NotationError:
    """More brackets inside each other than the limit allows."""
    return mistake(
        span,
        message(N_("the brackets are nested too deeply")),
        message(N_("at most {limit} levels"), limit=limit),
        message(N_("give the inner part a name, in an equation of its own")),
        None,
    )


def never_closed(opened: Span, closing: str, end: Span) -> NotationError:
    """A bracket with no partner."""
    if end.end == opened.end:
        return remove(
            opened,
            message(N_("this {c} opens nothing"), c=opened.text),
            message(N_("an operator, or the end of the line")),
        )
    if not closing:
        return mistake(
            opened,
            message(N_("this norm is never closed")),
            message(N_("a second {c}"), c="‖"),
            message(N_("write {c} at the end of the norm"), c="‖"),
            end.replaced("‖"),
        )
    right = "\\right" if opened.text.startswith("\\left") else ""
    return mistake(
        opened,
        message(N_("this {c} is never closed"), c=opened.text),
        message(N_("a {c} that closes it"), c=right + closing),
        message(N_("write {c} where it ends, for example at the end of the line"), c=right + closing),
        end.replaced(right + closing),
    )


def never_opened(span: Span) -> NotationError:
    """A closing bracket too many."""
    return remove(
        span, message(N_("this {c} closes nothing"), c=span.text), message(N_("an operator, or the end of the line"))
    )


def wrong_partner(opened: Span, span: Span, closing: str) -> NotationError:
    """`(a]`."""
    return mistake(
        span,
        message(N_("{opened} is closed by {c}"), opened=opened.text, c=span.text),
        message(N_("a {c}"), c=closing),
        message(N_("write {this}"), this=closing),
        span.replaced(("\\right" if span.text.startswith("\\right") else "") + closing),
    )


def braces(span: Span) -> NotationError:
    """\\{ … \\}."""
    rest = span.line.source[span.end :]
    inner, closed, _ = rest.partition("\\}")
    whole = span.line.span(span.start, span.end + len(inner) + 2) if closed else span
    fixed = f"({inner})" if closed else "("
    return mistake(
        span,
        message(N_("braces are not part of the notation")),
        message(N_("parentheses")),
        message(N_("write {this}"), this=fixed),
        whole.replaced(fixed),
    )


def other_norm(span: Span) -> NotationError:
    """‖w‖_1."""
    return mistake(
        span,
        message(N_("this norm is not supported")),
        message(N_("‖w‖ or ‖W‖_F, the root of the sum of the squares")),
        message(N_("remove {this}"), this=span.text),
        span.replaced(""),
    )
