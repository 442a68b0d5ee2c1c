"""Equations as they stand on the slide, plain or LaTeX, read into a Graph."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import ShapeError
from ..graph import Graph, Kind
from . import definitions
from .build import build
from .declared import canonical, declared_kinds, declared_shapes
from .infer import infer
from .program import lower
from .reader import read, read_timed
from .repairs import checked_shapes
from .sequences import Declared, of_sequences, unrolled
from .timing import Clock, clock, fed_and_computed
from .tree import Equation
from .unroll import Unrolling, check_limit

__all__ = ["fed_and_computed", "parse"]

Shapes = Mapping[str, Sequence[int | str]]


def parse(
    text: str,
    shapes: Shapes | None = None,
    sizes: Mapping[str, int] | None = None,
    kinds: Mapping[str, Kind] | None = None,
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
    equations, lengths = read_timed(text)
    known_kinds = declared_kinds(kinds or {})
    time = clock(equations, text, {canonical(n): s for n, s in shapes.items()}, sizes, known_kinds, lengths)
    if time is not None:
        return _parse_over_time(equations, text, time, shapes, sizes, known_kinds)
    program = lower(equations, text)
    known = declared_shapes(shapes, sizes, program)
    free = infer(program, known, sizes, map(canonical, shapes))
    found = checked_shapes(program, free, known, text, lambda edited: lower(read(edited), edited))
    return build(program, found, known_kinds, text)


def _parse_over_time(
    equations: Sequence[Equation],
    text: str,
    time: Clock,
    shapes: Shapes,
    sizes: Mapping[str, int],
    kinds: Mapping[str, Kind],
) -> Graph:
    """Shapes are found and checked on as many steps as the equations reach back, and hold for all."""
    definitions.check(equations, text, time)
    check_limit(time)
    few = min(time.steps, time.lag + 1)
    short = Unrolling(time, few, typing=True).run()
    declared = Declared(shapes, sizes, time)

    def again(edited: str):
        found, lengths = read_timed(edited)
        other = clock(found, edited, declared.shapes, {**sizes, "T": time.steps}, kinds, lengths)
        return Unrolling(other, few, typing=True).run() if other else lower(found, edited)

    try:
        known = declared.known(short, few)
        free = infer(short, known, sizes, (*declared.shapes, *time.sequences))
        checked_shapes(short, free, known, text, again)
    except ShapeError as e:
        raise of_sequences(e, time) from None
    program = Unrolling(time, time.steps, typing=False).run()
    free, sequences = unrolled(program, free, time)
    found = checked_shapes(program, free, declared.known(program, time.steps), text, again)
    return build(program, found, kinds, text, sequences)
