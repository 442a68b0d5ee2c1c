"""Names, scripts and LaTeX commands that are not part of the notation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ...errors import N_, NotationError, message
from .. import names
from ..latex import ACCENTS, OPERATORS, STYLES
from ..spans import Span
from .common import closest, mistake, remove, spoken, write
from .order import bad_left


def unknown_command(span: Span, functions: Mapping[str, Any]) -> NotationError:
    """A LaTeX command that the notation does not know."""
    word = span.text[1:]
    fixed = {
        "times": r"\cdot",
        "div": "/",
        "leftarrow": "=",
        "gets": "=",
        "to": "=",
        "rightarrow": "=",
        "coloneqq": "=",
    }
    if word == "times":
        return mistake(
            span,
            message(N_("{c} can mean several products"), c=span.text),
            message(N_("\\cdot or \\odot")),
            message(N_("write \\cdot for the matrix product, or \\odot for the product element by element")),
            span.replaced(fixed[word]),
        )
    reason = message(N_("the LaTeX command {c} is not part of the notation"), c=span.text)
    expected = message(N_("commands such as \\tanh, \\odot, \\frac or \\mathbf"))
    if word in fixed:
        return write(span, fixed[word], reason)
    known = {*functions, *names.GREEK, *STYLES, *ACCENTS, *OPERATORS, "frac", "sqrt", "left", "right"}
    if near := closest(word, sorted(w for w in known if w.isascii())):
        return mistake(
            span,
            reason,
            expected,
            message(N_("did you mean {this}?"), this=f"\\{near}"),
            span.replaced(f"\\{near}"),
        )
    return remove(span, reason, expected)


def missing_group(span: Span) -> NotationError:
    """\\frac, \\mathbf … with nothing in braces behind it."""
    command = span.text.split("{")[0].strip()
    example = {"\\frac": "\\frac{a}{b}", "\\begin": "\\begin{aligned}"}.get(command, f"{command}{{x}}")
    if command == "\\frac" and (m := re.compile(r"\s*(\w)\s*(\w)").match(span.line.source, span.end)):
        example, span = f"\\frac{{{m[1]}}}{{{m[2]}}}", span.line.span(span.start, m.end())
    return mistake(
        span,
        message(N_("{c} needs braces behind it"), c=command),
        message(N_("for example {this}"), this=example),
        message(N_("write {this}"), this=example),
        span.replaced(example),
    )


def not_a_name(span: Span) -> NotationError:
    """\\mathbf{…} with something in it that is not one name."""
    inner = span.text[span.text.find("{") + 1 : -1].strip() if "{" in span.text else "x"
    return mistake(
        span,
        message(N_("{this} does not hold a single name"), this=span.text),
        message(N_("a name in the braces, such as \\mathbf{{W}}")),
        message(N_("take the braces away: {this}"), this=inner),
        span.replaced(inner),
    )


def sizing_without_bracket(span: Span) -> NotationError:
    """\\left or \\big with no bracket behind it."""
    span = span.line.span(span.start, span.start + len(span.text.rstrip()))
    return remove(
        span, message(N_("{c} has to stand in front of a bracket"), c=span.text), message(N_("( ) [ ] or \\|"))
    )


def bad_subscript(span: Span) -> NotationError:
    """A subscript that is empty or no name."""
    if step := re.compile(r"_\((t[^()]*)\)").match(span.line.source, span.start):  # h_(t-1)
        fixed = f"_{{{step[1].replace(' ', '')}}}"
        return write(span.line.span(*step.span()), fixed, message(N_("a subscript stands in braces")))
    return write(span, "_1", message(N_("this is not a subscript")), message(N_("letters or digits, W_1 or W_{{hf}}")))


def bad_exponent(span: Span) -> NotationError:
    """An exponent that is not a number."""
    base = span.line.source[: span.start].rstrip()
    expected = message(N_("a number as in ^2, or ^T"))
    text = span.text[1:].strip("{} ")
    if base.endswith("e") and not base[-2:-1].isalnum() and text:
        whole = span.line.span(len(base) - 1, span.end)
        return write(whole, f"exp({text})", message(N_("the exponential function is written exp(…)")), expected)
    if (layer := re.fullmatch(r"\((\w+)\)", text)) is not None:
        return write(
            span, f"^{{[{layer[1]}]}}", message(N_("an index above a name stands in square brackets")), expected
        )
    return write(span, "^2", message(N_("an exponent has to be a number")), expected)


def unknown_function(span: Span, name: str, functions: Mapping[str, Any]) -> NotationError:
    """A name with a parenthesis behind it that is no function."""
    if step := re.compile(r"\[\s*(t(?:\s*[-+−]\s*[0-9]+)?)\s*\]").match(span.line.source, span.end):  # h[t-1]
        index = step[1].replace(" ", "").replace("−", "-")
        fixed = f"{span.text}_{{{index}}}"
        return write(span.to(span.line.span(span.end, step.end())), fixed, message(N_("a time index is a subscript")))
    rest = re.compile(r"\([^()=]*\)(?=\s*=)").match(span.line.source, span.end)
    if rest and not span.line.source[: span.start].strip():
        return bad_left(span.line.span(span.start, rest.end()), span.text)
    reason = message(N_("there is no function {name}"), name=span.text)
    words = sorted({spoken(name) for name in functions})
    base = names.split(name)[0]
    near = spoken(base) if base in functions else closest(name, words)
    if near and len(name) > 1:
        help = message(N_("did you mean {this}?"), this=near)
        return mistake(span, reason, message(N_("the name of a function")), help, span.replaced(near))
    if base in ("f", "g", "φ") and names.timed(name) is None:
        help = message(N_("name it: for example sigma, tanh or ReLU"))
        return mistake(span, reason, message(N_("the name of a function")), help, span.replaced("sigma"))
    if len(base) > 2:
        help = message(N_("use a function that there is, such as tanh, sigma, ReLU or softmax"))
        return mistake(span, reason, message(N_("the name of a function")), help, span.replaced("tanh"))
    return mistake(
        span,
        reason,
        message(N_("the name of a function")),
        message(N_("for a product, put a space in front of the parenthesis")),
        span.after().replaced(" "),
    )
