"""Indices, big operators and calls of the text's own functions that can not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import N_, Choice, NotationError, message
from ...graph import Graph
from .. import names
from ..spans import Span
from ..tree import Equation
from .common import mistake


def index_not_understood(span: Span) -> NotationError:
    """An expression under indices with no reading as operations on arrays."""
    return mistake(
        span,
        message(N_("with these indices the expression can not be read")),
        message(N_("sums, products and functions of single elements, or of rows")),
        message(N_("write it with whole arrays, for example W x for \\sum_j W_{{ij}} x_j")),
    )


def too_many_indices(span: Span, name: str, rank: int, given: int) -> NotationError:
    """`x_{ij}` of a vector x."""
    return mistake(
        span,
        message(N_("{name} has {rank} axes and gets {given} indices"), name=name, rank=rank, given=given),
        message(N_("at most one index an axis")),
        message(N_("declare {name} with more axes, or leave an index out"), name=name),
    )


def index_by_label(span: Span, name: str) -> NotationError:
    """`s_{y_i}`: the element that a label names."""
    return mistake(
        span,
        message(N_("{name} is the element that a label names, and nothing says which"), name=span.text),
        message(N_("a name with a shape of its own, or pick(s, y)")),
        message(N_("write pick(s, y) with the labels y, counted from 0, or give {name} a shape"), name=name),
    )


def check_elements(graph: Graph, equations: Sequence[Equation], shapes: Mapping[str, Any]) -> None:
    """Raises NotationError for `x_i` that nobody has declared, where the array x is, and nothing binds the index i."""
    used = {name for e in equations for name, _ in e.uses} | {e.name for e in equations}
    for equation in equations:
        for name, span in equation.uses:
            base, letter = names.indexed(name) or ("", "")
            if name in shapes or base not in shapes or base in used or not shapes[base]:
                continue
            if len(letter) == 1 and letter.islower() and letter != "t" and name in graph.vertices:
                raise mistake(
                    span,
                    message(N_("{name} reads as an element of {array}, and nothing says which"), name=name, array=base),
                    message(N_("an index on the left side or below a big operator, or a shape for {name}"), name=name),
                    message(N_("write {array} for the whole array"), array=base),
                )


def nothing_indexed(span: Span, letter: str) -> NotationError:
    r"""`\sum_i a` of a number."""
    return mistake(
        span,
        message(N_("nothing here is counted by {letter}"), letter=letter),
        message(N_("a name with the index {letter}, or an array to take over all its elements"), letter=letter),
        message(N_("write the index behind what it counts, for example {this}"), this=f"x_{letter}"),
    )


def part_of_an_axis(span: Span, text: str) -> NotationError:
    r"""`\sum_{i=2}^n`."""
    return mistake(
        span,
        message(N_("{text} takes a part of an axis, which is not supported"), text=text),
        message(N_("an index that begins with 1 (or 0) and takes all values")),
        message(N_("feed the part as an array of its own")),
    )


def condition_not_read(span: Span, text: str) -> NotationError:
    r"""`\sum_{j \neq i}`."""
    return mistake(
        span,
        message(N_("the condition {text} can not be read"), text=text),
        message(N_("an index that takes all values")),
        message(N_("multiply by a mask that is fed, with 0 for what is left out")),
    )


def function_of_function(function: Span, operand: Span, later: Span) -> NotationError:
    r"""`\\sin x \\cos x`: a product of two functions, or the sine of all that follows."""
    first = operand.line.span(operand.start, later.start).text.strip()
    whole = function.to(operand)
    two, one = f"{function.text}({first}) {later.text}", f"{function.text}({operand.text})"
    meanings = (
        (message(N_("the product of two functions")), two),
        (message(N_("the function of all that follows")), one),
    )
    choices = tuple(Choice(label, text, (), fix) for label, text in meanings if (fix := whole.replaced(text)))
    return NotationError(
        message(N_("it is not clear where the argument of {name} ends"), name=function.text),
        expected=message(N_("parentheses around the argument")),
        help=message(N_("choose: {a}, or {b}"), a=two, b=one),
        place=whole.place,
        choices=choices,
    )


def transpose_or_power(span: Span) -> NotationError:
    """`w^t`: a transpose written with a small letter, or a power."""
    return mistake(
        span,
        message(N_("{c} can be a transpose or a power"), c=span.text),
        message(N_("^T for a transpose")),
        message(N_("write ^T, or pow(a, t) for a power")),
    )


def wrong_number_of_arguments(span: Span, name: str, parameters: Sequence[str], given: int) -> NotationError:
    """`f(x)` where the text defines f(x, y)."""
    return mistake(
        span,
        message(N_("{name} is defined with {n} arguments, not {given}"), name=name, n=len(parameters), given=given),
        message(N_("{this}"), this=f"{name}({', '.join(parameters)})"),
    )


def calls_itself(span: Span, name: str) -> NotationError:
    """A function whose definition calls itself."""
    return mistake(
        span,
        message(N_("{name} calls itself"), name=name),
        message(N_("a definition from other functions")),
        message(N_("for steps through time write h_t and h_{{t-1}}")),
    )


def defined_twice(span: Span, name: str) -> NotationError:
    """Two definitions of one function."""
    return mistake(
        span,
        message(N_("the function {name} is defined above already"), name=name),
        message(N_("a name that is not in use")),
    )
