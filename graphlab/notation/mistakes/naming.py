"""Names, scripts and LaTeX commands that are not part of the notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ...errors import N_, NotationError, message
from .. import names
from ..latex import ACCENTS, OPERATORS, STYLES
from ..spans import Span
from .common import mistake, remove, spoken, write
from .order import bad_left


def unknown_command(span: Span, functions: Mapping[str, Any]) -> NotationError:
    """A LaTeX command that the notation does not know."""
    word = span.text[1:]
    fixed = {
        "times": r"\cdot",
        "div": "/",
        "leftarrow": "=",
        "gets": "=",
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
    if near := _same_letters(word, known):
        return mistake(
            span,
            reason,
            expected,
            message(N_("did you mean {this}?"), this=f"\\{near}"),
            span.replaced(f"\\{near}"),
        )
    return mistake(span, reason, expected, message(N_("write it with the functions and operators of the notation")))


def _same_letters(word: str, known: Iterable[str]) -> str:
    """The known word that has the same letters in another order or case: tahn is tanh. "" where there is none."""
    letters = sorted(word.lower())
    return next((k for k in sorted(known) if k.isascii() and sorted(k.lower()) == letters), "")


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
        message(N_("write what belongs there, for example {this}"), this=example),
    )


def missing_part(span: Span) -> NotationError:
    """\\frac{a} with nothing below the line."""
    return mistake(
        span,
        message(N_("\\frac has two groups in braces, and the second is missing")),
        message(N_("\\frac{{a}}{{b}}")),
        message(N_("write the part below the line, for example {this}"), this="{2}"),
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
    expected = message(N_("letters or digits, W_1 or W_{{hf}}"))
    return mistake(span, message(N_("this is not a subscript")), expected, message(N_("write a name or a number")))


def bad_exponent(span: Span) -> NotationError:
    """An exponent that is not a number."""
    base = span.line.source[: span.start].rstrip()
    expected = message(N_("a number as in ^2, or ^T"))
    text = span.text[1:].strip("{} ")
    if base.endswith("e") and not base[-2:-1].isalnum() and text:
        whole = span.line.span(len(base) - 1, span.end)
        return write(whole, f"exp({text})", message(N_("the exponential function is written exp(…)")), expected)
    help = message(N_("write x^2 for a power, x^n with a name, or W^{{(1)}} for an index"))
    return mistake(span, message(N_("this exponent can not be read")), expected, help)


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
    expected = message(N_("a function that the text defines or the notation has, or a known name for a product"))
    base = names.split(name)[0]
    near = spoken(base) if base in functions else _same_letters(name, words)
    if near and len(name) > 2 and base not in functions:
        help = message(N_("did you mean {this}?"), this=near)
        return mistake(span, reason, expected, help, span.replaced(near))
    example = f"{span.text}(x) = …"
    if len(base) > 1 or base in ("f", "g", "φ", "ψ", "h"):
        help = message(N_("define it in a line of its own: {this}"), this=example)
        return mistake(span, reason, expected, help)
    help = message(N_("define it, {this}; for a product, put a space in front of the bracket"), this=example)
    return mistake(span, reason, expected, help)


def bad_reach(span: Span) -> NotationError:
    r"""`\\sum_{…}` with something below it that names no index."""
    return mistake(
        span,
        message(N_("what stands below {c} does not name an index"), c=span.text),
        message(N_("an index as in \\sum_i, \\sum_{{i=1}}^n, \\sum_{{i \\in S}} or \\sum_{{j \\neq i}}")),
        message(N_("write the letter that counts, for example {this}"), this="\\sum_{i=1}^n"),
    )


def run_together(span: Span, pieces: list[str]) -> NotationError:
    """`ax` where a and x are names, in plain text, in which a word is one name."""
    product = " ".join(pieces)
    return mistake(
        span,
        message(N_("{name} is not a name of the text, and its letters are"), name=span.text),
        message(N_("a name, or factors with a space between them")),
        message(N_("if a product is meant, put a space in it: {this}"), this=product),
        span.replaced(product),
    )


def function_or_factor(function: Span, operand: Span) -> NotationError:
    r"""`\\sigma z`: the sigmoid of z, or a name σ times z."""
    called = f"{function.text}({operand.text})"
    return mistake(
        function.to(operand),
        message(N_("{c} can be a function or a factor here"), c=function.text),
        message(N_("parentheses behind the function, or a shape for the name")),
        message(N_("for the function write {this}"), this=called),
    )
