"""Names across equations: what is defined where, and the mistakes one can make with that."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import N_, Fix, NotationError, message
from ..op import registry
from . import names
from .mistakes import mistake, timing
from .spans import Span
from .timing import Clock
from .tree import Equation

TRANSPOSE = registry["transpose"]


def check(equations: Sequence[Equation], text: str, clock: Clock | None = None) -> None:
    """Raises NotationError for a name defined twice, used before its definition, or defined by itself."""
    if clock is not None:  # `h_T` needs the equation of h_t; the start of a sequence may stand anywhere
        equations = [_with_needs(e, clock) for e in equations]
    lines: dict[str, Equation] = {}
    for equation in equations:
        if equation.name in lines:
            raise _defined_twice(equation, lines[equation.name], equations)
        lines[equation.name] = equation
    done: set[str] = set()
    for equation in equations:
        for name, span in equation.uses:
            if name in lines and name not in done:
                if name == equation.name:
                    raise _defined_by_itself(equation, span)
                raise _used_before(equation, name, span, lines, text)
        done.add(equation.name)


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


def _needs(name: str, lines: dict[str, Equation]) -> set[str]:
    """The defined names that `name` is computed from, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        for used, _ in lines[waiting.pop()].uses:
            if used in lines and used not in found:
                found.add(used)
                waiting.append(used)
    return found


def _used_before(equation: Equation, name: str, use: Span, lines: dict[str, Equation], text: str) -> NotationError:
    later = lines[name]
    if equation.name in _needs(name, lines):
        if timed := names.timed(name):
            return timing.needs_itself(equation, use, name, timing.shown(timed.base, -1))
        other = f"{name}_0"
        return mistake(
            use,
            message(N_("{a} and {b} need each other"), a=equation.name, b=name),
            message(N_("equations that can be computed from top to bottom")),
            message(N_("if another value is meant, give it another name, such as {this}"), this=other),
            use.replaced(other),
        )
    here, there = equation.name_span.line.number, later.name_span.line.number
    return mistake(
        use,
        message(N_("{name} is used before it is defined, in line {line}"), name=name, line=there),
        message(N_("names that are fed or defined above")),
        message(N_("move line {there} above line {here}"), there=there, here=here),
        Fix(whole=_moved(text, there - 1, here - 1)),
    )


def _moved(text: str, start: int, to: int) -> str:
    lines = text.split("\n")
    lines.insert(to, lines.pop(start))
    return "\n".join(lines)


def computes_nothing(equation: Equation) -> NotationError:
    """`y = x`: a second name for the same value."""
    span, other = equation.right.outer, equation.right.span.text
    return mistake(
        span,
        message(N_("this computes nothing: {name} would be another name for {other}"), name=equation.name, other=other),
        message(N_("an operation or a function")),
        message(
            N_("use {other} itself, or compute something from it, for example {this}"),
            other=other,
            this=f"sigma({other})",
        ),
        span.replaced(f"sigma({other})"),
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
