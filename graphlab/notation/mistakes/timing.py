"""Mistakes in equations over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...errors import N_, Fix, NotationError, ShapeError, message
from .. import names
from ..spans import Span
from ..tree import Equation, Node
from .common import closest, mistake


def shown(base: str, offset: int = 0) -> str:
    """A name over time as people type it: h_t, h_{t-1}."""
    return names.at(base, f"{{t{offset:+d}}}" if offset else "t")


def how_many_steps(equation: Equation) -> NotationError:
    """T is nowhere."""
    end = equation.right.outer.after()
    return mistake(
        equation.name_span,
        message(N_("the number of time steps T is not known")),
        message(N_("a size T, or a sequence whose shape begins with the number of steps")),
        message(N_("say it behind the equation: {this}"), this="t = 1..3"),
        end.replaced(", t = 1..3"),
    )


def no_start(span: Span, base: str, start: str, text: str) -> NotationError:
    """h_{t-1} with no h_0."""
    return mistake(
        span,
        message(N_("at t = 1 this is {name}, which is not known"), name=start),
        message(N_("a start for the step before the first")),
        message(N_("add a line: {this}"), this=f"{start} = 0"),
        Fix(whole=f"{text.rstrip()}\n{start} = 0"),
    )


def no_end(span: Span, end: str, length: str, text: str) -> NotationError:
    """g_{t+1} with no g_{T+1}."""
    return mistake(
        span,
        message(N_("at t = {length} this is {name}, which is not known"), name=end, length=length),
        message(N_("an end for the step behind the last")),
        message(N_("add a line: {this}"), this=f"{end} = 0"),
        Fix(whole=f"{text.rstrip()}\n{end} = 0"),
    )


def both_ways(ahead: str, back: str, span: Span) -> NotationError:
    """`h_t = f(h_{t-1}, h_{t+1})`: neither way through time computes it."""
    return mistake(
        span,
        message(N_("this needs {back} and {ahead}: no order of the steps computes both"), ahead=ahead, back=back),
        message(N_("a sequence that runs one way")),
        message(N_("write two sequences, one with t-1 and one with t+1, and put them together in a third")),
        None,
    )


def future(name: str, span: Span, base: str, fed: bool) -> NotationError:
    """h_{t+1} on the right."""
    other = shown(base, 0 if fed else -1)
    return mistake(
        span,
        message(N_("{name} lies in the future: at step t it is not known yet"), name=name),
        message(N_("this step or an earlier one")),
        message(N_("for another step write for example {this}"), this=other),
    )


def shifted(equation: Equation, offset: int, equations: Sequence[Equation]) -> NotationError:
    """h_{t+1} = … on the left. What is fed keeps its index: how a lecture counts its inputs is its own choice."""
    left = names.timed(equation.name)
    assert left is not None
    computed = {use.base for e in equations if (use := names.timed(e.name))}
    line = equation.name_span.line
    edited = line.source
    spans = [(equation.name, equation.name_span), *equation.uses]
    for name, span in sorted(spans, key=lambda use: -use[1].start):
        if (use := names.timed(name)) and use.base in computed:
            edited = edited[: span.start] + shown(use.base, use.offset - offset) + edited[span.end :]
    return mistake(
        equation.name_span,
        message(N_("an equation over time says what a name is at step t, not at another one")),
        message(N_("{this}"), this=shown(left.base)),
        message(N_("shift the whole equation: {this}"), this=edited.strip()),
        line.span(0, len(line.source)).replaced(edited),
    )


def no_time_on_the_left(equation: Equation, node: Node) -> NotationError:
    """`y = h_t V`."""
    reason = message(N_("{name} changes with t, and {left} has no time index"), name=node.span.text, left=equation.name)
    expected = message(N_("_t on the left too, or a sum or mean over all steps"))
    if equation.name in names.LOSSES:
        span = equation.right.outer
        return mistake(span, reason, expected, message(N_("for the mean over all steps write mean(…)")))
    other = names.at(equation.name, "t")
    return mistake(
        node.span, reason, expected, message(N_("for a value at every step write {this}"), this=f"{other} =")
    )


def no_sequence(name: str, span: Span, base: str) -> NotationError:
    """W_t: a parameter with a time index, or a state with no equation."""
    return mistake(
        span,
        message(N_("{name} has no equation, and a parameter is the same at every step"), name=name),
        message(N_("a sequence that has an equation or is fed, such as x_t or y_true_t")),
        message(
            N_("give {base} the shape (T, …) if it is fed, or leave the index out if it is a parameter"), base=base
        ),
    )


def taken(
    name: str, span: Span, base: str, step: int, inside: bool, equations: Sequence[Equation], text: str
) -> NotationError:
    """`h_1` beside `h_t`."""
    reason = message(N_("{name} is the name of {sequence} at t = {t}"), name=name, sequence=shown(base), t=step)
    expected = message(N_("a name that no step has"))
    known = {e.name for e in equations} | {n for e in equations for n, _ in e.uses}
    other = base + "ab"[0]
    while other in known:
        other += "a"
    lines = text.split("\n")
    spots = {
        (s.line.number, s.start, s.end) for e in equations for n, s in ((e.name, e.name_span), *e.uses) if n == name
    }
    for number, start, end in sorted(spots, reverse=True):
        lines[number - 1] = lines[number - 1][:start] + other + lines[number - 1][end:]
    help = message(N_("if another value is meant, give it another name, such as {this}"), this=other)
    return mistake(span, reason, expected, help, Fix(whole="\n".join(lines)))


def without_index(name: str, span: Span, inside: bool, left: bool) -> NotationError:
    """`y_t = h V` where h_t is meant; `x` beside `x_t`."""
    other = names.at(name, "t" if inside else "T")
    if left:
        other = f"{name}a"
        help = message(N_("give it a name of its own, such as {this}"), this=other)
    else:
        help = message(N_("write {this}"), this=other)
    return mistake(
        span,
        message(N_("{name} is a sequence: it needs a time index"), name=name),
        message(N_("{t} at each step, {last} at the last one"), t=shown(name), last=names.at(name, "T")),
        help,
        span.replaced(other),
    )


def last_is_defined(name: str, span: Span, base: str, equations: Sequence[Equation]) -> NotationError:
    """`h_T = …` beside `h_t = …`."""
    other = f"{base}_end"
    return mistake(
        span,
        message(N_("{name} is {sequence} at the last step already"), name=name, sequence=shown(base)),
        message(N_("a name that is not in use")),
        message(N_("give it a name of its own, such as {this}"), this=other),
        span.replaced(other),
    )


def last_inside(name: str, span: Span, base: str, equation: Equation) -> NotationError:
    """`y_t = h_T V`."""
    own = names.timed(equation.name)
    other = shown(base, -1 if own and own.base == base else 0)
    return mistake(
        span,
        message(N_("{name} is known only after the last step"), name=name),
        message(N_("this step or an earlier one")),
        message(N_("write {this}"), this=other),
        span.replaced(other),
    )


def another_last(name: str, span: Span, base: str, lengths: Sequence[str]) -> NotationError:
    """`h_S` where h runs for t = 1..T."""
    other = names.at(base, lengths[-1])
    return mistake(
        span,
        message(N_("{sequence} has another length: its last step is {last}"), sequence=shown(base), last=other),
        message(N_("{this}"), this=other),
        message(N_("write {this}"), this=other),
        span.replaced(other),
    )


def length_not_given(length: str, span: Span) -> ShapeError:
    """`t = 1..S` where nothing says S."""
    return ShapeError(
        message(N_("the number of time steps {length} is not known"), length=length),
        expected=message(N_("a size {length}, or a sequence whose shape begins with it"), length=length),
        help=message(N_("give it, for example {size} = 3"), size=length),
        place=span.place,
    )


def no_last(name: str, span: Span, base: str, known: Sequence[str]) -> NotationError:
    """`h_T` where nothing says h_t."""
    near = closest(base, known) or known[0]
    other = names.at(near, "T")
    return mistake(
        span,
        message(N_("{name} has no equation: nothing says what {sequence} is"), name=name, sequence=shown(base)),
        message(N_("the last of a sequence: {names}"), names=", ".join(names.at(k, "T") for k in known)),
        message(N_("did you mean {this}?"), this=other),
        span.replaced(other),
    )


def too_late(name: str, span: Span) -> NotationError:
    """An equation of every step needs what is computed after the last one."""
    return mistake(
        span,
        message(N_("{name} is known only after the last step"), name=name),
        message(N_("this step or an earlier one")),
        message(N_("compute it at every step, or leave it out")),
        None,
    )


def not_a_number_of_steps(steps: Any, span: Span, length: str = "T") -> ShapeError:
    """T = 0."""
    return ShapeError(
        message(N_("the number of time steps {length} is {n}"), length=length, n=repr(steps)[:40]),
        expected=message(N_("whole numbers from 1 on")),
        help=message(N_("give {length} another value, for example {length} = 3"), length=length),
        place=span.place,
    )


def no_steps(span: Span) -> NotationError:
    """`t = 1..0`."""
    fixed = f"{span.text[:-1]}3"
    return mistake(
        span,
        message(N_("the number of time steps T is {n}"), n=0),
        message(N_("whole numbers from 1 on")),
        message(N_("write {this}"), this=fixed),
        span.replaced(fixed),
    )


def another_end(span: Span, end: str, n: int, steps: int) -> NotationError:
    """`t = 1..4` where T is 3."""
    fixed = f"{span.text[: -len(end)]}{steps}"
    return mistake(
        span,
        message(N_("this says {end} steps, and there are {steps}"), end=n, steps=steps),
        message(N_("{this}"), this=fixed),
        message(N_("write {this}"), this=fixed),
        span.replaced(fixed),
    )


def different_lengths(base: str, span: Span, n: int, source: str, steps: int, shape: tuple[Any, ...]) -> ShapeError:
    """Two sequences that do not go together."""
    # A vector beside a given T was declared for one step.
    shape = (steps, *shape) if source == "T" and len(shape) == 1 else (steps, *shape[1:])
    if source == "T":
        reason = message(N_("{name} has {n} steps, and T is {steps}"), name=base, n=n, steps=steps)
    else:
        reason = message(N_("{name} has {n} steps, and {other} has {steps}"), name=base, n=n, other=source, steps=steps)
    return ShapeError(
        reason,
        expected=message(N_("sequences of one length")),
        help=message(N_("give {name} the shape {shape}"), name=base, shape=shape),
        place=span.place,
        fix=Fix(name=base, shape=shape),
    )


def too_many(span: Span, operations: int, steps: int, limit: int, fits: int) -> NotationError:
    """More operations than the limit allows."""
    help = message(N_("T = {fits} is the most that fits"), fits=fits)
    if not fits:
        help = message(N_("leave out what is not needed, or split the model in two"))
    return mistake(
        span,
        message(N_("{steps} time steps make {n} operations"), steps=f"{steps:,}", n=f"{operations:,}"),
        message(N_("at most {limit} operations"), limit=f"{limit:,}"),
        help,
        None,
    )


def minus_in_the_index(span: Span, base: str, offset: str) -> NotationError:
    """`h_t-1`, which is h_t minus 1."""
    other = f"{base}_{{t{offset}}}"
    return mistake(
        span,
        message(N_("this is {a} minus a number, or an index without its braces"), a=f"{base}_t"),
        message(N_("{step} for an earlier step, spaces around a minus"), step=other),
        message(N_("write {this}"), this=other),
        span.replaced(other),
    )


def needs_itself(equation: Equation, use: Span, name: str, other: str) -> NotationError:
    """`h_t = f(h_t)`, or a circle of equations within one step."""
    if name == equation.name:
        reason = message(N_("{name} is used in its own definition"), name=name)
    else:
        reason = message(N_("{a} and {b} need each other"), a=equation.name, b=name)
    return mistake(
        use,
        reason,
        message(N_("this step's names that are defined above, or an earlier step")),
        message(N_("for the step before, write {this}"), this=other),
        use.replaced(other),
    )
