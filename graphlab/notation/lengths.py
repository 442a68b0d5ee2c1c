"""The lengths of the sequences: which of them have the same one, what it is called, and how many steps it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import Any, TypeGuard

from . import names
from .clocks import Axis, Clock, T, gathered, is_timed
from .mistakes import timing as mistakes
from .spans import Span
from .tree import Equation, walk

Lengths = Sequence[tuple[Span, str]]


def find_axes(found: Clock, shapes: Mapping[str, Any], lengths: Lengths) -> None:
    """Sequences that are used at the same steps have one length: an axis of time. Steps are not counted yet."""
    together = _together(found)
    parent: dict[str | int, str | int] = {}

    def root(key: str | int) -> str | int:
        while parent.setdefault(key, key) != key:
            key = parent[key]
        return key

    for keys, _ in together:
        for key in keys[1:]:
            parent[root(key)] = root(keys[0])
    numbers: dict[str | int, int] = {}
    for keys, equation in together:
        if root(keys[0]) not in numbers:
            numbers[root(keys[0])] = len(found.axes)
            found.axes.append(Axis(equation.name_span))
        for key in keys:
            found.axis_of[key] = numbers[root(key)]
    for base in (*found.fed, *found.defined):
        found.axes[found.axis_of[base]].bases.append(base)
    for axis in found.axes:
        axis.names += [s for base in axis.bases if isinstance(s := first_size(shapes.get(base)), str)]
    for span, end in lengths:
        if not end.isdecimal():
            _axis_beside(found, span).names.append(end)


def _together(found: Clock) -> list[tuple[list[str | int], Equation]]:
    """For each equation over time, and each part, the sequences in it; a part by its id."""
    together: list[tuple[list[str | int], Equation]] = []
    for equation in found.equations:
        left = names.timed(equation.name)
        parts = [equation.right] if left else [part for _, part in gathered(equation)]
        for part in parts:
            used = [names.timed(n.value).base for n in walk(part) if is_timed(n)]  # type: ignore[union-attr]
            together.append(([left.base if left else id(part), *used], equation))
    return together


def first_size(shape: Any) -> Any:
    """The first axis of a declared shape: of a sequence its length, or what that is called. None where there is none."""
    return shape[0] if isinstance(shape, Sequence) and not isinstance(shape, str) and shape else None


def _axis_beside(found: Clock, span: Span) -> Axis:
    """The axis of the equation that `t = 1..T` stands behind; the first one where that equation is not over time."""
    line = [e for e in found.equations if e.name_span.line.number == span.line.number]
    for equation in reversed([e for e in line if e.name_span.start <= span.start] or line):
        keys = [use.base] if (use := names.timed(equation.name)) else [id(part) for _, part in gathered(equation)]
        for key in keys:
            return found.axes[found.axis_of[key]]
    return found.axes[0]


def is_size(value: Any) -> TypeGuard[int]:
    """Whether this can be a size: a whole number from 1 on."""
    return isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= 1


def count_steps(found: Clock, shapes: Mapping[str, Any], sizes: Mapping[str, Any], lengths: Lengths) -> None:
    """The number of steps of each axis, from the sizes, from the text or from the shape of a sequence.

    `lengths` are the `t = 1..3` of the text, each with its end. Raises NotationError and ShapeError where
    they differ, and where a length is nowhere.
    """
    if T in sizes and not is_size(sizes[T]):
        raise mistakes.not_a_number_of_steps(sizes[T], found.axes[0].first)
    owned = any(T in axis.names for axis in found.axes)
    said = [(_axis_beside(found, span), span, end) for span, end in lengths]
    for number, axis in enumerate(found.axes):
        mine = T in axis.names or (number == 0 and not owned and not any(name in sizes for name in axis.names))
        total = sizes.get(T) if mine else None
        beside = [(span, end) for other, span, end in said if other is axis]
        axis.steps = _counted(found, axis, total, shapes, sizes, beside)
    default = sizes.get(T) or next((axis.steps for axis in found.axes if axis.steps), 0)
    for axis in found.axes:
        unknown = next((name for name in axis.names if name != T and name not in sizes), "")
        if not axis.steps and unknown and len(found.axes) > 1:
            raise mistakes.length_not_given(unknown, axis.first)
        axis.steps = axis.steps or int(default)
    if not default:
        raise mistakes.how_many_steps(next(e for e in found.equations if e.name_span == found.axes[0].first))


def _counted(
    found: Clock, axis: Axis, total: Any, shapes: Mapping[str, Any], sizes: Mapping[str, Any], beside: Lengths
) -> int:
    """The steps of one axis; 0 where nothing says it. Raises NotationError and ShapeError where two things differ."""
    source, steps = (T, int(total)) if total else ("", 0)
    for span, end in beside:
        if end == T:
            continue
        if not end.isdecimal():
            if end not in sizes:
                continue
            if not is_size(sizes[end]):
                raise mistakes.not_a_number_of_steps(sizes[end], span, end)
        n = int(end) if end.isdecimal() else int(sizes[end])
        if not n:
            raise mistakes.no_steps(span)
        if steps and n != steps:
            raise mistakes.another_end(span, end, n, steps)
        source, steps = span.text, n
    for base in axis.bases:
        first = first_size(shapes.get(base))
        if first is None or (base not in found.fed and not isinstance(first, str)):
            continue
        n = sizes.get(first) if isinstance(first, str) else first
        if not is_size(n):
            continue
        if steps and n != steps:
            span = found.fed.get(base) or found.defined[base]
            raise mistakes.different_lengths(base, span, int(n), source, steps, tuple(shapes[base]))
        source, steps = (source, steps) if steps else (base, int(n))
    return steps
