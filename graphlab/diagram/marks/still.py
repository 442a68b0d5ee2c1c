"""A `Picture` at one step as plain marks with their colours put in: what every writer of files draws.

A writer takes `Stills(picture, theme).at(step)`: parts in drawing order, each a list of marks. A part that looks the same
at two steps is the same object, so that a writer may describe it once.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from . import nodes, theme
from .labels import Label
from .picture import Command, EdgeShape, OperationShape, Picture, Rect, Text


@dataclass(frozen=True)
class Look:
    """Colours such as "#0072b2", None for none; widths and dashes in pixels of the picture; opacity from 0 to 1."""

    fill: str | None = "#000000"
    stroke: str | None = None
    width: float = 0.0
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    round_ends: bool = False


@dataclass(frozen=True)
class Box:
    """A rectangle with rounded corners."""

    style: str
    rect: Rect
    radius: float
    look: Look


@dataclass(frozen=True)
class Circle:
    """A circle."""

    style: str
    x: float
    y: float
    r: float
    look: Look


@dataclass(frozen=True)
class Path:
    """A path of M, L, C and Z, in absolute coordinates."""

    style: str
    commands: tuple[Command, ...]
    look: Look


@dataclass(frozen=True)
class Formula:
    """A typeset label: its origin at (x, y), on the baseline, drawn at `scale` times `labels.SIZE`."""

    style: str
    label: Label
    x: float
    y: float
    scale: float
    look: Look


@dataclass(frozen=True)
class Line:
    """A line of plain text such as a number, centred on `text.x`."""

    style: str
    text: Text
    look: Look


Mark = Box | Circle | Path | Formula | Line


@dataclass(frozen=True, eq=False)
class Part:
    """A vertex, an operation, an edge, a frame or a reference at a step.

    `marks` are its own; `chips` are the marks of its numbers, by role: "value", "gradient" or "badge". `key` is unique
    among all parts of all steps.
    """

    key: str
    kind: str
    name: str
    marks: tuple[Mark, ...]
    chips: Mapping[str, tuple[Mark, ...]]

    def __iter__(self) -> Iterator[Mark]:
        yield from self.marks
        for marks in self.chips.values():
            yield from marks


class Stills:
    """The picture at every step, in the colours of a theme, its lines `line` times as wide as on the page.

    Raises ValueError for a theme that is none.
    """

    def __init__(self, picture: Picture, name: str = "light", line: float = 1.0) -> None:
        self.picture = picture
        self.theme = name
        self.line = line
        theme.palette(name)
        self._groups = list(_groups(picture))
        self._made: dict[tuple[int, int], Part] = {}

    def at(self, step: int) -> list[Part]:
        """The parts after a step, 0 for the state before the first. Raises ValueError for a step that there is not."""
        if not 0 <= step <= self.picture.steps:
            raise ValueError(f"step {step} is not between 0 and {self.picture.steps}")
        return [self._part(i, step) for i in range(len(self._groups))]

    def _part(self, i: int, step: int) -> Part:
        kind, name, node, changes = self._groups[i]
        state = bisect_right(changes, step)
        if (i, state) not in self._made:
            marks: list[Mark] = []
            chips: dict[str, list[Mark]] = {}
            _collect(node, step, self.theme, self.line, {"phase": self.picture.phase(step)}, marks, chips)
            found = {role: tuple(m) for role, m in chips.items()}
            self._made[i, state] = Part(f"p{i}-{state}", kind, name, tuple(marks), found)
        return self._made[i, state]


def _groups(picture: Picture) -> Iterator[tuple[str, str, nodes.Node, list[int]]]:
    """Everything drawn by itself: its kind, its name, its node, and the steps at which it changes."""
    turn = picture.first_backward
    for frame in picture.frames:
        yield "frame", frame.name, nodes.time_step(frame), []
    for reference in picture.references:
        yield "reference", reference.name, nodes.reference(reference), []
    for o in picture.operations:
        yield "operation", o.name, nodes.operation(o), _moments(turn, *_passed(o))
    for v in picture.vertices:
        chips = (c.step for c in (*v.values, *v.gradients))
        yield "vertex", v.name, nodes.vertex(v), _moments(turn, v.forward, *v.again, *v.backward, *v.arrivals, *chips)
    for e in picture.edges:
        yield "edge", e.key, nodes.edge(e), _moments(turn, *_passed(e))
    if picture.clock:
        yield "clock", "", nodes.clock(picture), _moments(turn, *(chip.step for chip in picture.clock))


def _passed(shape: OperationShape | EdgeShape) -> tuple[int | None, ...]:
    return shape.forward, shape.backward, *shape.forwards, *shape.backwards


def _moments(turn: int, *steps: int | None) -> list[int]:
    """The steps that begin something new: each of `steps`, the one after it, and where the walk turns."""
    return sorted({turn, *(n for s in steps if s is not None for n in (s, s + 1))})


def _collect(node, step, name, line, outer, marks, chips, into=None) -> None:
    """Resolve a node and what it holds: marks of chips go to `chips`, all others to `marks`."""
    if not node.shown(step):
        return
    facts = {**outer, **node.facts(step)}
    if "role" in facts and into is None:
        into = chips.setdefault(facts["role"], [])
    look = theme.resolve(node.style, facts, name) if node.style else {}
    if look.get("display") != "none" and look.get("opacity") != "0" and node.tag not in ("g", "title"):
        (marks if into is None else into).append(_mark(node, _look(look, line)))
    for child in node.children:
        _collect(child, step, name, line, facts, marks, chips, into)


def _look(found: Mapping[str, str], line: float) -> Look:
    fill, stroke = found.get("fill", "#000000"), found.get("stroke")
    return Look(
        None if fill == "none" else fill,
        None if stroke == "none" else stroke,
        line * float(found.get("stroke-width", 1 if stroke else 0)),
        tuple(float(n) for n in found.get("stroke-dasharray", "").split()),
        float(found.get("opacity", 1)),
        found.get("stroke-linecap") == "round",
    )


def room(mark: Mark) -> Rect:
    """A rectangle that the mark does not leave, but for half the width of its line."""
    match mark:
        case Box(rect=r):
            return r
        case Circle(x=x, y=y, r=r):
            return Rect(x - r, y - r, x + r, y + r)
        case Path(commands=commands):
            xs = [v for _, values in commands for v in values[::2]]
            ys = [v for _, values in commands for v in values[1::2]]
            return Rect(min(xs), min(ys), max(xs), max(ys))
        case Line(text=t):
            return Rect(t.x - t.width / 2, t.y - t.size, t.x + t.width / 2, t.y)
        case Formula(label=label, x=x, y=y, scale=k):
            return Rect(x + k * label.left, y + k * label.top, x + k * label.right, y + k * label.bottom)


def _mark(node: nodes.Node, look: Look) -> Mark:
    a = node.attributes
    if node.label is not None:
        x, y, scale = _PLACE.fullmatch(str(a["transform"])).groups()
        return Formula(node.style, node.label, float(x), float(y), float(scale), look)
    match node.tag:
        case "rect":
            x, y = a["x"], a["y"]
            return Box(node.style, Rect(x, y, x + a["width"], y + a["height"]), float(a.get("rx", 0)), look)
        case "circle":
            return Circle(node.style, a["cx"], a["cy"], a["r"], look)
        case "line":
            ends = ("M", (a["x1"], a["y1"])), ("L", (a["x2"], a["y2"]))
            return Path(node.style, ends, look)
        case "text":
            return Line(node.style, node.text, look)
    return Path(node.style, commands(str(a["d"])), look)


_PLACE = re.compile(r"translate\((\S+) (\S+)\) scale\((\S+)\)")
_COMMAND = re.compile(r"([MLCZ])([^MLCZ]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")


@lru_cache(maxsize=4096)
def commands(d: str) -> tuple[Command, ...]:
    """The commands of an SVG path in absolute coordinates; several points behind one letter become commands of their own."""
    found: list[Command] = []
    for letter, rest in _COMMAND.findall(d):
        numbers = [float(n) for n in _NUMBER.findall(rest)]
        if letter == "Z":
            found.append(("Z", ()))
            continue
        size = 6 if letter == "C" else 2
        for i in range(0, len(numbers), size):
            found.append(("L" if letter == "M" and i else letter, tuple(numbers[i : i + size])))
    return tuple(found)
