"""What a text says over time: which equations are unrolled, for how many steps, from which start, fed with what."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from numbers import Integral
from typing import Any

from ..op import registry
from . import names
from .kinds import free_kind
from .mistakes import timing as mistakes
from .spans import Span
from .tree import Equation, Node, walk

# The functions that take a whole sequence outside of time, and the ops of any number of operands they become.
OVER_TIME = {"sum": "total", "mean": "average", "max": "largest"}
WHOLE = frozenset(["stack", "last"])  # these take a sequence wherever they stand, also inside a sum, mean or max
T = "T"


@dataclass(eq=False)
class Clock:
    """The equations of a text in their order of evaluation, and how they go through time.

    steps    T
    lag      how many steps back the equations reach
    defined  the sequences that have an equation, {"h": where}
    fed      the sequences that are fed, {"x": where it is used first}
    states   the sequences that are used at an earlier step, {"h": where}
    before   equations outside of time that the steps may need, `loop` those of each step, `after` those that need the
             steps
    parts    expressions inside `after` that are computed at each step: mean(BCE(y_true_t, y_t))
    """

    steps: int = 0
    lag: int = 0
    defined: dict[str, Span] = field(default_factory=dict)
    fed: dict[str, Span] = field(default_factory=dict)
    states: dict[str, Span] = field(default_factory=dict)
    before: list[Equation] = field(default_factory=list)
    loop: list[Equation] = field(default_factory=list)
    after: list[Equation] = field(default_factory=list)
    parts: list[tuple[Equation, Node]] = field(default_factory=list)

    @property
    def sequences(self) -> Collection[str]:
        """All names that take a time index."""
        return self.defined.keys() | self.fed.keys()

    def vertices(self) -> dict[str, tuple[str, ...]]:
        """The names of the vertices of each fed sequence."""
        return {base: tuple(names.at(base, t) for t in range(1, self.steps + 1)) for base in self.fed}

    def last_of(self, name: str) -> str:
        """The sequence whose last element `name` is: "h" for `h_T`; "" for any other name."""
        base, index = names.indexed(name) or ("", "")
        return base if index == T and base in self.sequences else ""


def _is_timed(node: Node) -> bool:
    return node.kind == "name" and names.timed(node.value) is not None


def gathers(node: Node) -> bool:
    """Whether a node may take a whole sequence: sum, mean, max, and the functions of any number of arguments."""
    return node.kind == "apply" and (node.op.name in OVER_TIME or registry[node.op.name].arity is None)


def _over_time(node: Node) -> bool:
    """Whether an expression changes with t: it has a time index that no `stack` or `last` in it takes."""
    stack = [node]
    while stack:
        node = stack.pop()
        if _is_timed(node):
            return True
        if not (node.kind == "apply" and node.op.name in WHOLE):
            stack += node.parts
    return False


def gathered(equation: Equation) -> Iterator[tuple[Node, Node]]:
    """Each expression over time outside of time, with the function that takes it as a sequence: (function, part)."""
    stack = [equation.right]
    while stack:
        node = stack.pop()
        for part in reversed(node.parts):
            if gathers(node) and _over_time(part):
                if inner := next((n for n in walk(part) if n.kind == "apply" and n.op.name in WHOLE), None):
                    raise mistakes.too_late(inner.span.text, inner.span)
                yield node, part
            else:
                stack.append(part)


def clock(
    equations: Sequence[Equation],
    text: str,
    shapes: Mapping[str, Any],
    kinds: Mapping[str, str],
) -> Clock | None:
    """How the equations go through time, all but the number of steps; None where no name has a time index.

    `shapes` and `kinds` by canonical name. Raises NotationError.
    """
    found = Clock()
    for equation in equations:
        if (left := names.timed(equation.name)) is not None:
            if left.offset:
                raise mistakes.shifted(equation, left.offset, equations)
            found.defined.setdefault(left.base, equation.name_span)
            found.loop.append(equation)
    uses = [use for e in equations for use in e.uses if names.timed(use[0])]
    if not found.loop and not uses:
        return None
    _check_outside(equations)
    _find_sequences(found, equations, shapes, kinds)
    _check_names(found, equations, shapes, kinds, text)
    _sort_equations(found, equations)
    return found


def _check_outside(equations: Sequence[Equation]) -> None:
    """Outside of time a time index stands only where a whole sequence is taken."""
    for equation in equations:
        if names.timed(equation.name):
            continue
        inside = {id(node) for _, part in gathered(equation) for node in walk(part)}
        for node in walk(equation.right):
            if _is_timed(node) and id(node) not in inside:
                raise mistakes.no_time_on_the_left(equation, node)


def _find_sequences(
    found: Clock, equations: Sequence[Equation], shapes: Mapping[str, Any], kinds: Mapping[str, str]
) -> None:
    for equation in equations:
        for name, span in equation.uses:
            if (use := names.timed(name)) is None:
                continue
            if use.base not in found.defined:
                shape = shapes.get(use.base)
                declared = isinstance(shape, Sequence) and shape[:1] in ((T,), [T])
                kind = kinds.get(use.base) or ("input" if declared else free_kind(use.base))
                if kind not in ("input", "constant"):
                    raise mistakes.no_sequence(name, span, use.base)
                found.fed.setdefault(use.base, span)
            if use.offset > 0:
                raise mistakes.future(name, span, use.base, use.base in found.fed)
            if use.offset < 0:
                found.states.setdefault(use.base, span)
                found.lag = max(found.lag, -use.offset)


def _check_names(
    found: Clock, equations: Sequence[Equation], shapes: Mapping[str, Any], kinds: Mapping[str, str], text: str
) -> None:
    """Raises NotationError for names without a time index that belong to a sequence."""
    lefts = {e.name for e in equations}
    for base, span in found.states.items():
        start = names.at(base, 0)
        if start not in lefts and start not in shapes and start not in kinds:
            raise mistakes.no_start(span, base, start, text)
    for equation in equations:
        inside = names.timed(equation.name) is not None
        for name, span in ((equation.name, equation.name_span), *equation.uses):
            if names.timed(name):
                continue
            base, index = names.indexed(name) or ("", "")
            if index.isdecimal() and index != "0" and base in found.sequences:
                raise mistakes.taken(name, span, base, int(index), inside, equations, text)
            if name in found.sequences and (name in found.fed or name not in lefts):
                raise mistakes.without_index(name, span, inside, span is equation.name_span)
            if index == T and span is equation.name_span and base in found.sequences:
                raise mistakes.last_is_defined(name, span, base, equations)
            if index == T and base in found.sequences and inside:
                raise mistakes.last_inside(name, span, base, equation)
            given = name in lefts or name in shapes or name in kinds
            if index == T and base not in found.sequences and not given:
                raise mistakes.no_last(name, span, base, [*found.defined, *found.fed])


def _sort_equations(found: Clock, equations: Sequence[Equation]) -> None:
    """Outside of time, what needs the steps comes after them, and everything else before."""
    late: dict[str, Equation] = {}
    for equation in equations:
        if names.timed(equation.name):
            continue
        parts = [part for _, part in gathered(equation)]
        if parts or any(found.last_of(name) in found.defined or name in late for name, _ in equation.uses):
            late[equation.name] = equation
            found.after.append(equation)
            found.parts += [(equation, part) for part in parts]
        else:
            found.before.append(equation)
    for base in found.states:
        if (name := names.at(base, 0)) in late:
            raise mistakes.second_loop(name, base, late[name])
    needed = [use for e in found.loop for use in e.uses]
    for equation, part in found.parts:
        inner = {id(n) for n in walk(part)}
        needed += [(n.value, n.span) for n in walk(equation.right) if n.kind == "name" and id(n) in inner]
    for name, span in needed:
        if name in late or found.last_of(name) in found.defined:
            raise mistakes.too_late(name, span)


def _is_size(value: Any) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and value >= 1


def number_of_steps(
    found: Clock, shapes: Mapping[str, Any], sizes: Mapping[str, Any], lengths: Sequence[tuple[Span, str]]
) -> int:
    """T, from the sizes, from the text or from the shape of a sequence.

    `lengths` are the `t = 1..3` of the text, each with its end. Raises NotationError and ShapeError where
    they differ, and where T is nowhere.
    """
    equations = found.loop or found.after
    source, steps = "", 0
    if T in sizes:
        source, steps = T, sizes[T]
        if not _is_size(steps):
            raise mistakes.not_a_number_of_steps(steps, equations[0].name_span)
    for span, end in lengths:
        if end == T:
            continue
        if not int(end):
            raise mistakes.no_steps(span)
        if steps and int(end) != steps:
            raise mistakes.another_end(span, int(end), steps)
        source, steps = span.text, int(end)
    for base, span in found.fed.items():
        shape = shapes.get(base)
        if not isinstance(shape, Sequence) or isinstance(shape, str) or not shape:
            continue
        n = sizes.get(shape[0]) if isinstance(shape[0], str) else shape[0]
        if not _is_size(n):
            continue
        if steps and n != steps:
            raise mistakes.different_lengths(base, span, n, source, steps, tuple(shape))
        source, steps = (source, steps) if steps else (base, int(n))
    if not steps:
        raise mistakes.how_many_steps(equations[0])
    return int(steps)


def fed_and_computed(equations: Sequence[Equation]) -> tuple[list[str], list[str]]:
    """(names to be fed, names computed), in order; sequences by their names without the time index."""
    computed = list(dict.fromkeys(base(e.name) for e in equations))
    over_time = {left.base for e in equations if (left := names.timed(e.name))}
    lefts = {e.name for e in equations}
    fed: dict[str, None] = {}
    for equation in equations:
        for node in walk(equation.right):
            if node.kind != "name":
                continue
            name, index = base(node.value), (names.indexed(node.value) or ("", ""))
            if name not in computed and node.value not in lefts and not (index[1] == T and index[0] in over_time):
                fed.setdefault(name)
    ends = {names.at(name, T) for name in fed}
    return [name for name in fed if name not in ends], computed


def base(name: str) -> str:
    """The name without its time index: `h` for `h_{t-1}`, any other name unchanged."""
    use = names.timed(name)
    return use.base if use else name
