"""Cases, matrices, lists and sets that can not be read."""

from __future__ import annotations

from ...errors import N_, NotationError, message
from ..spans import Span
from .common import mistake


def list_in_parentheses(comma: Span) -> NotationError:
    """`(a, b)` with no function in front of it."""
    return mistake(
        comma,
        message(N_("a comma separates the arguments of a function, and no function is called here")),
        message(N_("an operator, or square brackets around a list")),
        message(N_("write [a, b] to join two arrays")),
    )


def inverse_function(span: Span, call: Span) -> NotationError:
    r"""`\\tanh^{-1}(x)`: the inverse function, or one over the function."""
    return mistake(
        span,
        message(N_("{c} can be the inverse function or one divided by the function"), c=span.text),
        message(N_("a positive exponent")),
        message(N_("write 1/… for the quotient; inverse functions are called by their names, such as arctan")),
    )


def case_without_condition(span: Span) -> NotationError:
    """A branch before the last one that says no condition."""
    return mistake(
        span,
        message(N_("this branch has no condition")),
        message(N_("a condition such as x > 0 behind &")),
        message(N_("only the last branch can do without one")),
    )


def case_without_rest(span: Span) -> NotationError:
    """A single branch with a condition."""
    return mistake(
        span,
        message(N_("the other case has no value")),
        message(N_("a second branch")),
        message(N_("add a branch for all other values, with \\text{{otherwise}}")),
    )


def uneven_rows(span: Span) -> NotationError:
    """A matrix whose rows have different lengths."""
    return mistake(
        span,
        message(N_("the rows of the matrix have different lengths")),
        message(N_("the same number of & in each row")),
    )


def set_without_name(span: Span) -> NotationError:
    r"""`x + y \\in \\mathbb{R}`."""
    return mistake(
        span,
        message(N_("only a name can be declared to be in a set")),
        message(N_("names, as in W \\in \\mathbb{{R}}^{{n \\times d}}")),
    )


def no_settings(span: Span, function: str) -> NotationError:
    """`f(x, axis=0)` where the text defines f."""
    return mistake(
        span,
        message(N_("{name} has no settings: the text defines it"), name=function),
        message(N_("an argument")),
    )
