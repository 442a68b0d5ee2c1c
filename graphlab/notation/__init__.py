"""Equations as they stand on the slide, plain or LaTeX, read into a Graph."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ..errors import ShapeError
from ..graph import Graph, Kind
from . import definitions, names
from .build import build
from .declared import canonical, declared_kinds, declared_shapes, is_name, with_members
from .echo import with_reading
from .infer import infer
from .mistakes.indices import check_elements
from .program import Program, lower
from .reader import read, read_text, read_timed
from .repairs import checked_shapes
from .second_sides import verify, with_second_sides
from .sequences import Declared, check_whole, of_sequences, unrolled
from .settle import settle
from .shapes import sizes_put_in
from .spans import Span
from .timing import Clock, clock, fed_and_computed, number_of_steps
from .tree import Equation
from .unroll import Unrolling, check_limit
from .whole_text import meant

__all__ = ["fed_and_computed", "parse"]

Shapes = Mapping[str, Sequence[int | str]]
Kinds = Mapping[str, Kind]


def parse(
    text: str,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int] | None = None,
    kinds: Kinds | None = None,
) -> Graph:
    """The computation graph of some equations.

    text    one equation a line, `name = expression`, plain or LaTeX
    shapes  shapes of names that are fed, of numbers and of names of sizes: {"W_1": ("D", "H")}; the others are inferred.
            The first axis of a sequence is time: {"x": ("T", "D")}
    sizes   {"D": 4, "H": 3}, and T, the number of time steps
    kinds   kinds of names where the convention (x, X, y_true and Y_true are inputs, the rest parameters) does not say it

    Raises NotationError for a text that can not be read, ShapeError for shapes that do not fit or are too large, and
    MissingShapeError, which is a ShapeError, for those that can not be inferred.
    """
    shapes, sizes = shapes or {}, sizes or {}
    known_kinds = declared_kinds(kinds or {})
    named = {canonical(name): shape for name, shape in shapes.items()}
    with names.without_time(_plain_although_timed(text, named)):
        return _parse(text, named, sizes, known_kinds)


def _plain_although_timed(text: str, shapes: Shapes) -> list[str]:
    """Names such as p_t that are declared as they stand, in a text in which nothing else goes through time."""
    found = [n for n in shapes if is_name(n) and (use := names.timed(n)) is not None and use.base not in shapes]
    if not found or any("T" in map(str, shape) for shape in shapes.values() if not isinstance(shape, (str, int))):
        return []
    return found if not re.search(r"_\{?\s*\(?\s*t\s*[-+−]|_T\b|\^\{?\(t", text) else []


def _parse(text: str, named: dict[str, Sequence[int | str]], sizes: Mapping[str, int], known_kinds: Kinds) -> Graph:
    reading = read_text(text, {*named, *known_kinds})
    named = with_members(named, reading.members, sizes)
    equations, lengths = meant(reading, named, sizes), reading.lengths
    if any(e.checks for e in equations):
        with_checks, pairs = with_second_sides(equations)
        verify(_graph_of(text, with_checks, lengths, named, sizes, known_kinds, []), pairs)
    graph = _graph_of(text, equations, lengths, named, sizes, known_kinds, reading.remarks)
    check_elements(graph, equations, named)
    return graph


def _graph_of(
    text: str,
    equations: list[Equation],
    lengths: list[tuple[Span, str]],
    named: Shapes,
    sizes: Mapping[str, int],
    known_kinds: Kinds,
    remarks: Sequence[Span],
) -> Graph:
    time = clock(equations, text, named, known_kinds, lengths)
    if time is not None:
        definitions.check(equations, text, time)
        time.steps = number_of_steps(time, named, sizes, lengths)
        check_limit(time)
        return _parse_over_time(text, time, named, sizes, known_kinds, remarks)
    program = lower(equations, text)
    known = declared_shapes(named, sizes, program)
    free = infer(program, known, sizes, named)
    convention = settle(program, free, text)
    found = checked_shapes(program, free, known, text, lambda edited: lower(read(edited, named), edited))
    sizes_put_in(program, found)
    graph = build(program, found, known_kinds, text)
    return with_reading(graph, known, convention.known, remarks)


def _parse_over_time(
    text: str,
    time: Clock,
    shapes: Shapes,
    sizes: Mapping[str, int],
    kinds: Kinds,
    remarks: Sequence[Span],
) -> Graph:
    """Shapes are found and checked on as many steps as the equations reach back, and hold for all."""
    short = Unrolling(time, typing=True).run()
    declared = Declared(shapes, sizes, time)

    def again(edited: str) -> Program:
        equations, lengths = read_timed(edited, shapes, sizes)
        found = clock(equations, edited, shapes, kinds, lengths)
        if not found:
            return lower(equations, edited)
        number_of_steps(found, shapes, sizes, lengths)
        return Unrolling(found, typing=True).run()

    try:
        known = declared.known(short)
        free = infer(short, known, sizes, (*shapes, *time.sequences))
        settle(short, free, text)
        checked_shapes(short, free, known, text, again)
        check_whole(free, time)
    except ShapeError as e:
        raise of_sequences(e, time) from None
    program = Unrolling(time, typing=False).run()
    free = unrolled(program, free)
    convention = settle(program, free, text)
    found = checked_shapes(program, free, declared.known(program), text, again)
    sizes_put_in(program, found, time.steps)
    graph = build(program, found, {**dict.fromkeys(time.fed, "input"), **kinds}, text, time.vertices())
    return with_reading(graph, shapes, convention.known, remarks)
