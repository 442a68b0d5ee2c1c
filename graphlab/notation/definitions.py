"""Names across equations: what is defined where, and the mistakes one can make with that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..errors import N_, NotationError, message
from ..ops import registry
from . import names
from .mistakes import mistake, timing
from .spans import Span
from .timing import Clock
from .tree import Equation

TRANSPOSE = registry["transpose"]


def check(equations: Sequence[Equation], text: str, clock: Clock | None = None) -> None:
    """Raises NotationError for a name defined twice, or defined by itself, directly or through others."""
    if clock is not None:  # `h_T` needs the equation of h_t; the start of a sequence may stand anywhere
        equations = [_with_needs(e, clock) for e in equations]
    ordered(equations)


def ordered(equations: Sequence[Equation]) -> list[Equation]:
    """The equations in an order in which they can be computed: as they stand, but what one needs goes before it.

    Raises NotationError for a name defined twice, or defined by itself, directly or through others.
    """
    lines: dict[str, Equation] = {}
    for equation in equations:
        if equation.name in lines:
            raise _defined_twice(equation, lines[equation.name], equations)
        lines[equation.name] = equation
    found: list[Equation] = []
    state: dict[str, str] = {}
    for first in equations:
        stack: list[tuple[Equation, Iterator[tuple[str, Span]]]] = []
        if first.name not in state:
            state[first.name] = "open"
            stack.append((first, iter(first.uses)))
        while stack:
            equation, uses = stack[-1]
            for name, span in uses:
                if name not in lines or state.get(name) == "done":
                    continue
                if name == equation.name:
                    raise _defined_by_itself(equation, span)
                if state.get(name) == "open":
                    raise _need_each_other(equation, name, span)
                state[name] = "open"
                stack.append((lines[name], iter(lines[name].uses)))
                break
            else:
                stack.pop()
                state[equation.name] = "done"
                found.append(equation)
    return found


def _with_needs(equation: Equation, clock: Clock) -> Equation:
    """The equation with the names in `uses` that have to be known before it."""
    uses = [(names.at(base, "t") if (base := clock.last_of(name)) else name, span) for name, span in equation.uses]
    return Equation(equation.name, equation.name_span, equation.right, uses)


def _unused_name(name: str, equations: Sequence[Equation]) -> str:
    taken = {e.name for e in equations}
    taken |= {name for e in equations for name, _ in e.uses}
    k = 2
    if (timed := names.timed(name)) is not None:
        while names.at(f"{timed.base}{k}", "t") in taken:
            k += 1
        return names.at(f"{timed.base}{k}", "t")
    while f"{name}_{k}" in taken:
        k += 1
    return f"{name}_{k}"


def _defined_twice(equation: Equation, first: Equation, equations: Sequence[Equation]) -> NotationError:
    other = _unused_name(equation.name, equations)
    return mistake(
        equation.name_span,
        message(N_("{name} is defined in line {line} already"), name=equation.name, line=first.name_span.line.number),
        message(N_("a name that is not in use")),
        message(N_("give it a name of its own, such as {this}"), this=other),
        equation.name_span.replaced(other),
    )


def _defined_by_itself(equation: Equation, use: Span) -> NotationError:
    if timed := names.timed(equation.name):
        return timing.needs_itself(equation, use, equation.name, timing.shown(timed.base, -1))
    other = f"{equation.name}_0"
    return mistake(
        use,
        message(N_("{name} is used in its own definition"), name=equation.name),
        message(N_("names that are fed or defined above")),
        message(N_("if another value is meant, give it another name, such as {this}"), this=other),
        use.replaced(other),
    )


def _need_each_other(equation: Equation, name: str, use: Span) -> NotationError:
    if timed := names.timed(name):
        return timing.needs_itself(equation, use, name, timing.shown(timed.base, -1))
    return mistake(
        use,
        message(N_("{a} and {b} need each other"), a=equation.name, b=name),
        message(N_("equations that can be computed one after the other")),
        message(N_("write what {name} is with names that are fed or defined without it"), name=name),
    )


def computes_nothing(equation: Equation) -> NotationError:
    """`y = x`: a second name for the same value."""
    span, other = equation.right.outer, equation.right.span.text
    return mistake(
        span,
        message(N_("this computes nothing: {name} would be another name for {other}"), name=equation.name, other=other),
        message(N_("an operation or a function")),
        message(N_("use {other} itself, or compute something from it"), other=other),
    )


def too_many_operations(equation: Equation, limit: int) -> NotationError:
    """More operations than the limit allows."""
    return mistake(
        equation.name_span,
        message(N_("the equations have more than {limit} operations"), limit=f"{limit:,}"),
        message(N_("at most {limit} operations"), limit=f"{limit:,}"),
        message(N_("leave out what is not needed, or split the model in two")),
        None,
    )
