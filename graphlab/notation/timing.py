"""What a text says over time: which equations are unrolled, for how many steps, from which start, fed with what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from . import names
from .clocks import Clock, T, behind, gathered, is_timed
from .kinds import free_kind
from .lengths import Lengths, count_steps, find_axes, first_size
from .mistakes import timing as mistakes
from .runs import Schedule
from .tree import Equation, walk

__all__ = ["Clock", "base", "clock", "fed_and_computed", "number_of_steps"]


def clock(
    equations: Sequence[Equation],
    text: str,
    shapes: Mapping[str, Any],
    kinds: Mapping[str, str],
    lengths: Lengths = (),
) -> Clock | None:
    """How the equations go through time, all but the number of steps; None where no name has a time index.

    `shapes` and `kinds` by canonical name; `lengths` are the `t = 1..S` of the text. Raises NotationError.
    """
    found = Clock(list(equations))
    for equation in equations:
        if (left := names.timed(equation.name)) is not None:
            if left.offset:
                raise mistakes.shifted(equation, left.offset, equations)
            found.defined.setdefault(left.base, equation.name_span)
    uses = [use for e in equations for use in e.uses if names.timed(use[0])]
    if not found.defined and not uses:
        return None
    _check_outside(equations)
    _find_sequences(found, equations, shapes, kinds, {T, *(end for _, end in lengths)})
    find_axes(found, shapes, lengths)
    _find_bounds(found, equations, shapes, kinds, text)
    _check_names(found, equations, shapes, kinds, text)
    Schedule(found)
    return found


def number_of_steps(found: Clock, shapes: Mapping[str, Any], sizes: Mapping[str, Any], lengths: Lengths) -> int:
    """T, the steps of the first sequences; all other lengths, and with them the runs, are put into the clock.

    Raises NotationError and ShapeError where lengths differ, and where one is nowhere.
    """
    count_steps(found, shapes, sizes, lengths)
    Schedule(found).fill()
    return found.axes[0].steps


def _check_outside(equations: Sequence[Equation]) -> None:
    """Outside of time a time index stands only where a whole sequence is taken."""
    for equation in equations:
        if names.timed(equation.name):
            continue
        inside = {id(node) for _, part in gathered(equation) for node in walk(part)}
        for node in walk(equation.right):
            if is_timed(node) and id(node) not in inside:
                raise mistakes.no_time_on_the_left(equation, node)


def _find_sequences(
    found: Clock,
    equations: Sequence[Equation],
    shapes: Mapping[str, Any],
    kinds: Mapping[str, str],
    lengths: Collection[str],
) -> None:
    """Raises NotationError for a sequence that has no equation and is not fed; `lengths` are names of lengths."""
    firsts = {base: first_size(shape) for base, shape in shapes.items()}
    lengths = {*lengths, *(n for base, n in firsts.items() if isinstance(n, str) and _is_fed(base, kinds))}
    for equation in equations:
        for name, span in equation.uses:
            if (use := names.timed(name)) is None:
                continue
            if use.base not in found.defined:
                declared = use.base not in kinds and firsts.get(use.base) in lengths
                if not (declared or _is_fed(use.base, kinds)):
                    raise mistakes.no_sequence(name, span, use.base)
                found.fed.setdefault(use.base, span)
            if use.offset:
                (found.ends if use.offset > 0 else found.states).setdefault(use.base, span)
                found.lag = max(found.lag, abs(use.offset))


def _is_fed(base: str, kinds: Mapping[str, str]) -> bool:
    return (kinds.get(base) or free_kind(base)) in ("input", "constant")


def _find_bounds(
    found: Clock, equations: Sequence[Equation], shapes: Mapping[str, Any], kinds: Mapping[str, str], text: str
) -> None:
    """What stands before the first step and behind the last one. Raises NotationError where nothing says it."""
    lefts = {e.name for e in equations}
    for base, span in found.states.items():
        start = names.at(base, 0)
        if start not in lefts and start not in shapes and start not in kinds:
            raise mistakes.no_start(span, base, start, text)
        found.bounds[start] = (base, -1)
    for base, span in found.ends.items():
        ends = [behind(base, length) for length in found.lengths_of(base)]
        given = [end for end in ends if end in lefts or end in shapes or end in kinds]
        if not given and (base in found.fed or names.at(base, 0) in lefts):
            name = next(name for e in equations for name, where in e.uses if where == span)
            raise mistakes.future(name, span, base, base in found.fed)
        if not given:
            length = next(iter(found.axes[found.axis_of[base]].names), T)
            raise mistakes.no_end(span, behind(base, length), length, text)
        found.bounds[given[0]] = (base, 1)


def _check_names(
    found: Clock, equations: Sequence[Equation], shapes: Mapping[str, Any], kinds: Mapping[str, str], text: str
) -> None:
    """Raises NotationError for names without a time index that belong to a sequence."""
    lefts = {e.name for e in equations}
    ends = {T, *(name for axis in found.axes for name in axis.names)}
    for equation in equations:
        inside = names.timed(equation.name) is not None
        moves = any(names.timed(name) for name, _ in equation.uses)
        for name, span in ((equation.name, equation.name_span), *equation.uses):
            if names.timed(name):
                continue
            base, index = names.indexed(name) or ("", "")
            left = span is equation.name_span
            known = base in found.sequences
            if index.isdecimal() and index != "0" and known and (left or not found.first_of(name)):
                raise mistakes.taken(name, span, base, int(index), inside, equations, text)
            if name in found.sequences and (name in found.fed or name not in lefts):
                raise mistakes.without_index(name, span, inside, left)
            if index in ends and known and index not in found.lengths_of(base):
                raise mistakes.another_last(name, span, base, found.lengths_of(base))
            if index in ends and known and left:
                raise mistakes.last_is_defined(name, span, base, equations)
            if index in ends and known and inside and not moves:
                raise mistakes.last_inside(name, span, base, equation)
            given = name in lefts or name in shapes or name in kinds
            if index == T and not known and not given:
                raise mistakes.no_last(name, span, base, [*found.defined, *found.fed])


def fed_and_computed(equations: Sequence[Equation]) -> tuple[list[str], list[str]]:
    """(names to be fed, names computed), in order; sequences by their names without the time index."""
    computed = list(dict.fromkeys(base(e.name) for e in equations))
    used = [n.value for e in equations for n in walk(e.right) if n.kind == "name"]
    sequences = {use.base for name in (*used, *(e.name for e in equations)) if (use := names.timed(name))}
    lefts = {e.name for e in equations}
    fed: dict[str, None] = {}
    for name in used:
        of, index = names.indexed(name) or ("", "")
        if of in sequences and (index == "1" or (len(index) == 1 and index.isupper())):
            continue  # an element of a sequence: h_T, s_S, g_1
        if base(name) not in computed and name not in lefts:
            fed.setdefault(base(name))
    return list(fed), computed


def base(name: str) -> str:
    """The name without its time index: `h` for `h_{t-1}`, any other name unchanged."""
    use = names.timed(name)
    return use.base if use else name
