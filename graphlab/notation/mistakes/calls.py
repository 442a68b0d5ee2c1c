"""Calls of functions with the wrong arguments."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...errors import N_, NotationError, message
from ...op import Op
from ..spans import Span
from ..tree import Node
from .common import closest, mistake, remove, write


def wrong_arity(call: Span, function: Span, op: Op, operands: Sequence[Node]) -> NotationError:
    """Too many arguments, or too few."""
    wanted = op.arity if op.arity is not None else op.at_least
    if op.arity is None:
        template = N_("{name} takes at least {n} arguments, not {given}")
    elif op.arity == 1:
        template = N_("{name} takes one argument, not {given}")
    else:
        template = N_("{name} takes {n} arguments, not {given}")
    reason = message(template, name=op.function, n=wanted, given=len(operands))
    more = ", …" if op.arity is None else ""
    expected = message(N_("{this}"), this=f"{op.function}({', '.join('abcdef'[:wanted])}{more})")
    if len(operands) > wanted:
        kept = operands[wanted - 1].outer if wanted else function
        extra = call.line.span(kept.end, operands[-1].outer.end)
        fixed = f"{call.line.source[call.start : extra.start]}{call.line.source[extra.end : call.end]}"
        return mistake(call, reason, expected, message(N_("write {this}"), this=fixed), extra.replaced(""))
    missing = ", ".join(["y_true", "y"][: wanted - len(operands)] if wanted > 1 else ["x"])
    inside = operands[0].outer.before() if operands else call.line.span(call.end - 1, call.end - 1)
    extra = missing + (", " if operands else "")
    fixed = f"{call.line.source[call.start : inside.start]}{extra}{call.line.source[inside.start : call.end]}"
    return mistake(call, reason, expected, message(N_("write for example {this}"), this=fixed), inside.replaced(extra))


def keyword_first(span: Span) -> NotationError:
    """`sum(axis=0, X)`."""
    match = re.compile(r"\s*=\s*[-−]?\s*[\w.]+\s*,\s*").match(span.line.source, span.end)
    whole = span.line.span(span.start, match.end() if match else span.end)
    return mistake(
        span,
        message(N_("{name}=… has to stand behind the other arguments"), name=span.text),
        message(N_("an argument")),
        message(N_("move it to the end, or leave it out")),
        whole.replaced(""),
    )


def unknown_attribute(span: Span, key: str, op: Op, twice: bool, alone: bool) -> NotationError:
    """`tanh(x, axis=0)`, `sum(X, axes=0)`."""
    source = span.line.source
    comma = source.rfind(",", 0, span.start)
    whole = span.line.span(comma if comma >= 0 else span.start, span.end)
    if twice:
        return remove(whole, message(N_("{key} is given twice"), key=key), message(N_("each setting once")))
    reason = message(N_("{name} has no setting {key}"), name=op.function, key=key)
    if alone:
        value = re.sub(r"^.*?=\s*", "", span.text)
        return write(span, value, reason, message(N_("an argument")))
    expected = (
        message(N_("the settings {names}"), names=", ".join(op.attributes))
        if op.attributes
        else message(N_("no settings"))
    )
    if near := closest(key, op.attributes):
        fixed = span.text.replace(key, near, 1)
        return mistake(span, reason, expected, message(N_("did you mean {this}?"), this=fixed), span.replaced(fixed))
    return mistake(
        span, reason, expected, message(N_("remove {this}"), this=whole.text.lstrip(", ")), whole.replaced("")
    )


def attribute_value(key: str, text: str, negative: bool, span: Span) -> int | float:
    """The value of a keyword argument; an axis has to be a whole number. Raises NotationError."""
    value = float(text) * (-1 if negative else 1)
    if value == int(value) and "." not in text and abs(value) < 1e6:
        return int(value)
    if key == "axis":
        raise write(span, "0", message(N_("an axis is a whole number, counted from 0")), message(N_("a whole number")))
    return value
