"""How the equations of a text go through time, as data: its sequences, their lengths, and the runs that compute them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from ..ops import registry
from . import names
from .mistakes import timing as mistakes
from .spans import Span
from .tree import Equation, Node, walk

# The functions that take a whole sequence outside of time, and the ops of any number of operands they become.
OVER_TIME = {"sum": "total", "mean": "average", "max": "largest"}
WHOLE = frozenset(["stack", "last"])  # these take a sequence wherever they stand, also inside a sum, mean or max
T = "T"


@dataclass(eq=False)
class Run:
    """One run through time: the equations of each of its steps, in order of evaluation.

    before  equations outside of time that are computed before the first step, after the runs before this one
    loop    the equations of each step
    parts   expressions in equations outside of time that are computed at each step: mean(BCE(y_true_t, y_t))
    """

    axis: int
    backward: bool = False
    before: list[Equation] = field(default_factory=list)
    loop: list[Equation] = field(default_factory=list)
    parts: list[tuple[Equation, Node]] = field(default_factory=list)


@dataclass(eq=False)
class Axis:
    """Sequences that are used at the same steps, and so have one length.

    names   what the length is called: T, S
    steps   the length; 0 while it is not known
    first   where the axis is met first
    """

    first: Span
    names: list[str] = field(default_factory=list)
    steps: int = 0
    bases: list[str] = field(default_factory=list)

    @property
    def key(self) -> object:
        """Equal for axes that can be run through together."""
        return next((name for name in self.names if name != T), self.steps)


@dataclass(eq=False)
class Clock:
    """The equations of a text in their order of evaluation, and how they go through time.

    equations  all of them, in the order of the text
    steps      T: the length of the first axis
    lag        how many steps back, or ahead, the equations reach
    defined    the sequences that have an equation, {"h": where}
    fed        the sequences that are fed, {"x": where it is used first}
    states     the sequences that are used at an earlier step, {"h": where}
    ends       the sequences that are used at a later step, {"g": where}
    bounds     the names of what stands before the first step and behind the last one, {"h_0": ("h", -1)} and
               {"g_{T+1}": ("g", 1)}
    axes       the lengths that there are; `axis_of` says which one a sequence, or a part by its id, has
    runs       one after another; `after` are the equations outside of time behind the last one
    """

    equations: list[Equation] = field(default_factory=list)
    steps: int = 0
    lag: int = 0
    defined: dict[str, Span] = field(default_factory=dict)
    fed: dict[str, Span] = field(default_factory=dict)
    states: dict[str, Span] = field(default_factory=dict)
    ends: dict[str, Span] = field(default_factory=dict)
    bounds: dict[str, tuple[str, int]] = field(default_factory=dict)
    axes: list[Axis] = field(default_factory=list)
    axis_of: dict[str | int, int] = field(default_factory=dict)
    runs: list[Run] = field(default_factory=list)
    after: list[Equation] = field(default_factory=list)

    @property
    def sequences(self) -> Collection[str]:
        """All names that take a time index."""
        return self.defined.keys() | self.fed.keys()

    def vertices(self) -> dict[str, tuple[str, ...]]:
        """The names of the vertices of each fed sequence."""
        return {base: tuple(names.at(base, t) for t in range(1, self.steps_of(base) + 1)) for base in self.fed}

    def steps_of(self, base: str | int) -> int:
        """The number of steps of a sequence, or of a part by its id."""
        return self.axes[self.axis_of[base]].steps

    def lengths_of(self, base: str) -> list[str]:
        """What the length of a sequence may be called; T always is one of them."""
        return list(dict.fromkeys((T, *self.axes[self.axis_of[base]].names)))

    def last_of(self, name: str) -> str:
        """The sequence whose last element `name` is: "h" for `h_T`; "" for any other name."""
        base, index = names.indexed(name) or ("", "")
        return base if base in self.sequences and index in self.lengths_of(base) else ""

    def first_of(self, name: str) -> str:
        """The sequence that runs backwards and whose first element `name` is: "g" for `g_1`; "" for any other name."""
        base, index = names.indexed(name) or ("", "")
        return base if index == "1" and base in self.ends and base in self.defined else ""

    def bound(self, base: str, side: int) -> str:
        """The name of what stands before the first step (`side` -1) or behind the last one (1) of a sequence."""
        found = (name for name, where in self.bounds.items() if where == (base, side))
        return next(found, names.at(base, 0) if side < 0 else behind(base))


def behind(base: str, length: str = T) -> str:
    """The name of what stands behind the last step: `g_{T+1}`."""
    letters, tilde, subscripts, superscript = names.split(base)
    return names.spell(letters, tilde, (*subscripts, f"{length}+1"), superscript)


def is_timed(node: Node) -> bool:
    """Whether a node is a name with a time index."""
    return node.kind == "name" and names.timed(node.value) is not None


def gathers(node: Node) -> bool:
    """Whether a node may take a whole sequence: sum, mean, max, and the functions of any number of arguments."""
    return node.kind == "apply" and (node.applied.name in OVER_TIME or registry[node.applied.name].arity is None)


def _over_time(node: Node) -> bool:
    """Whether an expression changes with t: it has a time index that no `stack` or `last` in it takes."""
    stack = [node]
    while stack:
        node = stack.pop()
        if is_timed(node):
            return True
        if not (node.kind == "apply" and node.applied.name in WHOLE):
            stack += node.parts
    return False


def gathered(equation: Equation) -> Iterator[tuple[Node, Node]]:
    """Each expression over time outside of time, with the function that takes it as a sequence: (function, part).

    Raises NotationError where a function of a whole sequence stands inside of another one.
    """
    stack = [equation.right]
    while stack:
        node = stack.pop()
        for part in reversed(node.parts):
            if gathers(node) and _over_time(part):
                if inner := next((n for n in walk(part) if n.kind == "apply" and n.applied.name in WHOLE), None):
                    raise mistakes.too_late(inner.span.text, inner.span)
                yield node, part
            else:
                stack.append(part)
