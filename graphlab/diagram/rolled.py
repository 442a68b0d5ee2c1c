r"""The rolled picture of a graph through time: one cell for all steps, what it carries on led back to it by a loop.

A vertex of the cell is named after the vertex of the last step that it stands for, and says `h_t` on it. The walk is
the same as on the unrolled graph: at a step of time t the cell shows the numbers of that t.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..arrays import Array
from ..engine.trace import Contribution, Walk
from ..errors import N_
from ..explain.names import KIND_NAMES
from ..folding.boxes import Box, single
from ..gc_pause import without_collection
from ..graph import Graph, Operation, Vertex
from ..i18n import translator
from ..notation import names
from .layout import placement, routes
from .layout.routes import Route
from .layout.unrolled import MARGIN
from .marks import chips, labels, measure
from .marks.measure import RADIUS, Sized
from .marks.picture import Chip, Command, EdgeShape, OperationShape, Picture, Rect, Role, Text, VertexShape
from .marks.structure import Key, Structure, build
from .options import DrawOptions

_TITLE = N_("Rolled computation graph: one cell for {steps} time steps")
_LANE = 46.0  # between the picture and a loop, and between two loops
_CORRIDOR = 18.0  # kept free beside what is carried on, for its loop
_CORNER = 12.0
_CLOCK = 20.0
_CLOCK_HEIGHT = 32.0
_HALF_DELAY = (26.0, 17.0)
_LEAVES = 14.0  # over or under the middle of a circle, so that the straight edge keeps the middle
Point = tuple[float, float]


@dataclass(frozen=True)
class Cell:
    """How the vertices of all steps are those of one cell.

    drawn    the vertices of the picture, by name: those outside of time, and those of the cell with their labels
    stands   for each time step, which vertex of the picture a vertex is: {2: {"h_2": "h_3", "h_1": "h_2"}};
             for None as it is for operations before and after all steps
    shows    the other way round: {2: {"h_3": "h_2", "h_2": "h_1"}}
    loops    what is carried on: (h_t, h_{t-1}, how many steps later) by their names in the picture
    boxes    the operations of the picture
    """

    steps: int
    drawn: Mapping[str, Vertex]
    stands: Mapping[int | None, Mapping[str, str]]
    shows: Mapping[int, Mapping[str, str]]
    loops: tuple[tuple[str, str, int], ...]
    boxes: tuple[Box, ...]

    def name(self, vertex: str, t: int | None) -> str:
        """What a vertex is called in the picture while the walk is at time t; None: outside of all steps."""
        return self.stands[t].get(vertex, vertex)


def can_roll(graph: Graph) -> bool:
    """Whether all time steps do the same, so that one cell can stand for them."""
    return cell_of(graph) is not None


def cell_of(graph: Graph) -> Cell | None:
    """The one cell of a graph through time; None where there is no time, the steps differ, or there are several runs."""
    by_step: dict[int, list[Operation]] = {}
    for operation in graph.operations:
        if operation.t is not None:
            by_step.setdefault(operation.t, []).append(operation)
    if not by_step or _several_ways(graph):
        return None
    last = max(by_step)
    stands: dict[int, dict[str, str]] = {}
    for t, operations in by_step.items():
        found = _matched(operations, by_step[last])
        if found is None:
            return None
        stands[t] = found
    shows = {t: {mine: name for name, mine in found.items()} for t, found in stands.items()}
    timed = {name for name in stands[last].values() if graph.vertices[name].t is not None}
    labelled = {name: _label(graph, name, last, shows[min(shows)][name]) for name in timed}
    start = {name: mine for t in sorted(stands, reverse=True) for name, mine in stands[t].items()}
    own = {o.output for o in by_step[last]}
    # Outside of time a vertex of any step is that of the cell: its own one first, then the one that is carried in.
    outside = {**start, **{name: mine for found in stands.values() for name, mine in found.items() if mine in own}}
    drawn = {n: v for n, v in graph.vertices.items() if v.t is None and n not in outside}
    drawn |= {name: replace(graph.vertices[name], latex=latex) for name, latex in labelled.items()}
    drawn |= {name: graph.vertices[name] for name in stands[last].values() if name not in labelled}
    boxes = tuple(
        single(o) if o.t == last else _outside(o, outside) for o in graph.operations if o.t is None or o.t == last
    )
    used = {name for box in boxes for name in (*box.inputs, *box.outputs)}
    drawn = {name: v for name, v in drawn.items() if name in used}
    loops = tuple(_loops(graph, own, [n for n in drawn if n in timed], last))
    whole = {t: {**{n: outside[n] for n in outside if n not in found}, **found} for t, found in stands.items()}
    return Cell(last, drawn, {**whole, None: outside}, shows, loops, boxes)


def _several_ways(graph: Graph) -> bool:
    """Whether there are several runs through time, or one that goes back: a cell with its loops would not tell that."""
    timed = [o for o in graph.operations if o.t is not None]
    ahead = ((graph.vertices[n].t or 0) > (o.t or 0) for o in timed for n in o.inputs)
    return any(o.run for o in timed) or any(ahead)


def _matched(operations: Sequence[Operation], like: Sequence[Operation]) -> dict[str, str] | None:
    """Which vertex of the other step each vertex of these operations is; None where they do not do the same."""
    found: dict[str, str] = {}
    if len(operations) != len(like):
        return None
    for mine, other in zip(operations, like, strict=True):
        if mine.op is not other.op or mine.attributes != other.attributes:
            return None
        for name, same in zip((*mine.inputs, mine.output), (*other.inputs, other.output), strict=True):
            if found.setdefault(name, same) != same:
                return None
    return found if len(set(found.values())) == len(found) else None


def _label(graph: Graph, name: str, last: int, first: str) -> str:
    """h_3 as h_t, h_2 as h_{t-1}; tmp_9, which in the first step is tmp_1, as tmp_1."""
    v = graph.vertices[name]
    if not v.base:
        return graph.vertices[first].latex
    back = last - (v.t or 0)
    return names.latex(names.at(v.base, f"{{t-{back}}}" if back else "t"), len(v.shape))


def _outside(operation: Operation, outside: Mapping[str, str]) -> Box:
    """An operation before or after all steps: what it takes of every step comes from the one cell."""
    inputs = tuple(dict.fromkeys(outside.get(n, n) for n in operation.inputs))
    sends = {outside.get(n, n): vjp is not None for n, vjp in zip(operation.inputs, operation.op.vjps, strict=True)}
    output = outside.get(operation.output, operation.output)
    drawn = replace(operation, inputs=inputs, output=output)
    return Box(output, (drawn,), inputs, (output,), sends=tuple(sends[n] for n in inputs))


def _loops(graph: Graph, own: set[str], drawn: Sequence[str], last: int) -> Iterator[tuple[str, str, int]]:
    computed = {graph.vertices[name].base: name for name in own if graph.vertices[name].base}
    for name in drawn:
        v = graph.vertices[name]
        if name not in own and v.base in computed:
            yield computed[v.base], name, max(last - (v.t or 0), 1)


def _times(walk: Walk) -> list[int]:
    """The time at which the walk is after each step, that of step 0 first: before and after all cells the nearest one."""
    found = [1]
    for step in walk:
        t = step.operation and step.operation.t
        found.append(found[-1] if t is None else t)
    return found


class Roll:
    """Which vertex of the graph each shape of the rolled picture is at each step of a walk, and the other way round."""

    def __init__(self, walk: Walk) -> None:
        cell = cell_of(walk.graph)
        if cell is None:
            raise ValueError("the time steps of this graph differ, or there are none")
        self._walk, self._cell = walk, cell

    def name(self, vertex: str, index: int) -> str:
        """The name of the shape at which the step of this number shows a vertex that takes part in it."""
        operation = self._walk[index - 1].operation
        return self._cell.name(vertex, operation and operation.t)

    def as_json(self) -> dict[str, Any]:
        """For the page: the time at each step, {time: {shape: vertex}}, and {vertex: the shape that computes it}."""
        shows = {
            str(t): {shape: name for shape, name in found.items() if shape != name}
            for t, found in self._cell.shows.items()
        }
        return {"at": _times(self._walk), "shows": shows, "stands": dict(self._cell.stands[None])}


@dataclass
class _Moments:
    """What is where at each step of the walk, by the names of the picture."""

    walk: Walk
    cell: Cell
    at: list[int] = field(default_factory=list)  # the time of each step, that of step 0 first
    forward: dict[str, list[int]] = field(default_factory=dict)
    backward: dict[str, list[int]] = field(default_factory=dict)
    reached: dict[str, int] = field(default_factory=dict)
    arrivals: dict[str, list[tuple[int, Contribution | None]]] = field(default_factory=dict)
    sent: dict[str, list[tuple[int, Contribution]]] = field(default_factory=dict)
    first_backward: int = 0
    outputs: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        walk, cell = self.walk, self.cell
        self.at = _times(walk)
        self.first_backward = len(walk) + 1
        for step in walk:
            here = step.operation and step.operation.t
            name = cell.name(step.output, here)
            if step.phase == "forward":
                self.forward.setdefault(name, []).append(step.index)
                self.reached[step.output] = step.index
                continue
            self.first_backward = min(self.first_backward, step.index)
            if step.operation is None:
                self.arrivals.setdefault(step.output, []).append((step.index, None))
                continue
            self.backward.setdefault(name, []).append(step.index)
            for c in step.contributions:
                self.arrivals.setdefault(c.vertex, []).append((step.index, c))
                self._send(step.operation, name, cell.name(c.vertex, here), step.index, c)

    def _send(self, operation: Operation, output: str, vertex: str, index: int, c: Contribution) -> None:
        """Of what goes to all steps at once the last one is shown, at which the walk goes on."""
        box = next(b for b in self.cell.boxes if b.name == output)
        slot = c.slot if operation.t is not None else box.inputs.index(vertex)
        parts = self.sent.setdefault(f"{output}:{slot}", [])
        if parts and parts[-1][0] == index:
            parts.pop()
        parts.append((index, c))

    def actual(self, name: str, step: int) -> str:
        """The vertex of the graph that a vertex of the picture shows at a step."""
        return self.cell.shows[self.at[step]].get(name, name)

    @property
    def receiving(self) -> set[str]:
        """The vertices of the picture that have a gradient at some step."""
        return {
            name
            for name in self.cell.drawn
            if any(self.cell.shows[t].get(name, name) in self.arrivals for t in self.cell.shows)
        }

    def active(self, name: str) -> list[int]:
        """The steps in which the gradient of a vertex takes part."""
        found = set(self.backward.get(name, ()))
        for actual in {shows.get(name, name) for shows in self.cell.shows.values()}:
            found.update(step for step, _ in self.arrivals.get(actual, ()))
        return sorted(found)


@without_collection
def draw_rolled(walk: Walk, options: DrawOptions) -> Picture:
    """The rolled picture of a walk: geometry and shapes as those of `draw`. Raises ValueError: see `can_roll`."""
    cell = cell_of(walk.graph)
    if cell is None:
        raise ValueError("the time steps of this graph differ, or there are none")
    if options.setting.down:
        raise ValueError("a graph through time runs from left to right")
    moments = _Moments(walk, cell)
    graph = Graph(cell.drawn, ())
    structure = build(graph, cell.name(walk.of, None), cell.boxes)
    receiving = moments.receiving if options.gradients else frozenset()
    sizes, distances = measure.sizes(graph, structure, receiving, cell.boxes, options.setting)
    placed = placement.arrange(structure, sizes, distances)
    plans = _planned(cell, structure, placed.at, sizes)
    corridors = _corridors(plans, structure, placed.at, sizes)
    placed = placement.close_up(structure, corridors, {key: y for key, (_, y) in placed.at.items()})
    ways = routes.route(structure, placed, sizes)
    loops = _lead_back(plans, structure, placed.at, sizes, ways)
    return _Painter(walk, cell, moments, structure, sizes, placed.at, ways, loops, options).picture()


@dataclass(frozen=True)
class _Loop:
    """h_t → a step later → h_{t-1}."""

    source: str
    target: str
    later: int
    box: Rect
    leaving: tuple[Command, ...]
    entering: tuple[Command, ...]


@dataclass
class _Way:
    """What is known of a loop before its lane: its ends, over (-1) or under (1) everything, and its two corridors.

    A corridor is an x relative to the middle of its vertex, at which the loop can run up or down.
    """

    source: str
    target: str
    later: int
    side: int
    right: float = 0.0
    left: float = 0.0


def _planned(cell: Cell, structure: Structure, at: Mapping[Key, Point], sizes: Mapping[Key, Sized]) -> list[_Way]:
    """The loops, the shorter ones first, each on the side that is nearer to its ends."""
    top, bottom = _extent(structure, at, sizes)
    found = []
    for source, target, later in cell.loops:
        heights = [at["vertex", name][1] for name in (source, target)]
        side = -1 if sum(y - top for y in heights) <= sum(bottom - y for y in heights) else 1
        found.append(_Way(source, target, later, side))
    columns: dict[tuple[int, int], int] = {}

    def corridor(name: str, way: int) -> float:
        # Beside everything in the column of the vertex, and beside other corridors there.
        rank = structure.ranks["vertex", name]
        number = columns[rank, way] = columns.get((rank, way), 0) + 1
        reaches = [sizes[key].reach for key, r in structure.ranks.items() if r == rank]
        edge = max(reach[2] for reach in reaches) if way > 0 else min(reach[0] for reach in reaches)
        return edge + way * (number - 0.5) * _CORRIDOR

    found.sort(key=lambda way: at["vertex", way.source][0] - at["vertex", way.target][0])
    for way in found:
        way.right, way.left = corridor(way.source, 1), corridor(way.target, -1)
    return found


def _extent(structure: Structure, at: Mapping[Key, Point], sizes: Mapping[Key, Sized]) -> tuple[float, float]:
    rooms = [part.moved(*at[key]) for key in structure.ranks for part in sizes[key].parts]
    return min(r.top for r in rooms), max(r.bottom for r in rooms)


def _corridors(
    plans: Sequence[_Way], structure: Structure, at: Mapping[Key, Point], sizes: Mapping[Key, Sized]
) -> dict[Key, Sized]:
    """The sizes with the corridors of the loops, which nothing else may enter."""
    found = dict(sizes)
    top, bottom = _extent(structure, at, sizes)
    for way in plans:
        for name, x in ((way.source, way.right), (way.target, way.left)):
            y = at["vertex", name][1]
            low, high = (top - y, -_LEAVES) if way.side < 0 else (_LEAVES, bottom - y)
            room = Rect(x - _CORRIDOR / 2, low, x + _CORRIDOR / 2, high)
            size = found["vertex", name]
            found["vertex", name] = replace(size, stems=(*size.stems, room))
    return found


def _lead_back(
    plans: Sequence[_Way],
    structure: Structure,
    at: Mapping[Key, Point],
    sizes: Mapping[Key, Sized],
    ways: Mapping[str, Route],
) -> list[_Loop]:
    """The loops, each on a lane of its own over or under everything."""
    top, bottom = _extent(structure, at, sizes)
    badges = [way.badge for way in ways.values() if way.badge is not None]
    lanes = {
        -1: min([top, *(r.top for r in badges)]) - _LANE * 0.6,
        1: max([bottom, *(r.bottom for r in badges)]) + _LANE * 0.6,
    }
    found = []
    for way in plans:
        found.append(_loop(way, lanes[way.side], at, sizes))
        lanes[way.side] += way.side * _LANE
    return found


def _loop(way: _Way, lane: float, at: Mapping[Key, Point], sizes: Mapping[Key, Sized]) -> _Loop:
    (x0, y0), (x1, y1) = at["vertex", way.source], at["vertex", way.target]
    across = (RADIUS**2 - _LEAVES**2) ** 0.5
    first, last = sizes["vertex", way.source].body, sizes["vertex", way.target].body
    start = (x0 + first.right - RADIUS + across, y0 + way.side * _LEAVES)
    goal = (x1 + last.left + RADIUS - across, y1 + way.side * _LEAVES)
    right, left = x0 + way.right, x1 + way.left
    x, (wide, high) = (left + right) / 2, _HALF_DELAY
    box = Rect(x - wide, lane - high, x + wide, lane + high)
    out = [start, (right, start[1]), (right, lane), (box.right, lane)]
    back = [(box.left, lane), (left, lane), (left, goal[1]), goal]
    return _Loop(way.source, way.target, way.later, box, _rounded(out), _rounded(back))


def _rounded(corners: Sequence[Point]) -> tuple[Command, ...]:
    """A way through these corners, each of them round."""
    path: list[Command] = [("M", corners[0])]
    for before, here, after in zip(corners, corners[1:], corners[2:], strict=False):
        a, b = math.dist(before, here), math.dist(here, after)
        radius = min(_CORNER, a / 2, b / 2)
        if radius < 0.5:
            continue
        enters, leaves = _along(here, before, radius / a), _along(here, after, radius / b)
        path += [("L", enters), ("C", (*_along(enters, here, 0.55), *_along(leaves, here, 0.55), *leaves))]
    path.append(("L", corners[-1]))
    return tuple(path)


def _along(a: Point, b: Point, share: float) -> Point:
    """The point that lies this share of the way from a to b."""
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


class _Painter:
    """Shapes with all of their numbers, moved into the frame."""

    def __init__(
        self, walk: Walk, cell: Cell, moments: _Moments, structure: Structure, sizes: Mapping[Key, Sized],
        at: Mapping[Key, Point], ways: Mapping[str, Route], loops: Sequence[_Loop], options: DrawOptions,
    ) -> None:  # fmt: skip
        self.walk, self.cell, self.moments, self.structure = walk, cell, moments, structure
        self.sizes, self.ways, self.loops, self.options = sizes, ways, loops, options
        self.translate = translator(options.lang)
        rooms = [p.moved(*at[k]) for k in structure.ranks for p in sizes[k].parts]
        rooms += [way.badge for way in ways.values() if way.badge is not None]
        rooms += [loop.box for loop in loops]
        lines = [v[-2:] for loop in loops for path in (loop.leaving, loop.entering) for _, v in path]
        rooms += [Rect(x - 6, y - 6, x + 6, y + 6) for x, y in lines]
        # The clock stands over everything, at the left.
        left, top = min(r.left for r in rooms), min(r.top for r in rooms) - _CLOCK_HEIGHT - 8
        self.dx, self.dy = MARGIN - left, MARGIN - top
        self.width = round(max(r.right for r in rooms) - left + 2 * MARGIN, 1)
        self.height = round(max(r.bottom for r in rooms) - top + 2 * MARGIN, 1)
        self.at = {key: (x + self.dx, y + self.dy) for key, (x, y) in at.items()}

    def picture(self) -> Picture:
        vertices = tuple(self._vertex(name) for name in self.cell.drawn)
        operations = tuple(self._operation(box) for box in self.cell.boxes)
        edges = tuple(self._edge(link) for link in self.structure.links)
        title = self.translate(_TITLE).format(steps=self.cell.steps)
        for loop in self.loops:
            shape, ends = self._loop(loop)
            operations, edges = (*operations, shape), (*edges, *ends)
        steps = len(self.walk)
        return Picture(
            self.width, self.height, steps, self.moments.first_backward, vertices, operations, edges, title,
            stops=tuple(range(1, steps + 1)), clock=self._clock(),
        )  # fmt: skip

    def _clock(self) -> tuple[Chip, ...]:
        """The time step in the upper left corner, from the first operation of a cell on."""
        found: list[Chip] = []
        first = next(step.index for step in self.walk if step.operation and step.operation.t is not None)
        widest = labels.text_width(f"t = {self.cell.steps} / {self.cell.steps}", _CLOCK) + 24
        room = Rect(MARGIN, MARGIN, MARGIN + widest, MARGIN + _CLOCK_HEIGHT)
        x, y = room.centre
        at = self.moments.at
        for step in range(first, len(at)):
            if step == first or at[step] != at[step - 1]:
                said = f"t = {at[step]} / {self.cell.steps}"
                text = Text(said, x, y + 0.35 * _CLOCK, _CLOCK, labels.text_width(said, _CLOCK))
                found.append(Chip("value", step, room, room, (text,)))
        return tuple(found)

    def _vertex(self, name: str) -> VertexShape:

        moments, v = self.moments, self.cell.drawn[name]
        size, (x, y) = self.sizes["vertex", name], self.at["vertex", name]
        forward = moments.forward.get(name, [0])
        room = size.gradient.moved(x, y) if size.gradient else size.body
        steps = moments.active(name)
        values = self._chips(name, "value", size.value.moved(x, y)) if size.value else ()
        gradients = self._chips(name, "gradient", room) if self.options.gradients and steps else ()
        aria = f"{name}, {self.translate(KIND_NAMES[v.kind])}"
        return VertexShape(
            name, v.kind, size.body.moved(x, y), size.label, size.label.centred(x, y, size.scale), size.scale,
            forward[0], tuple(steps), tuple(steps), values, gradients, aria, tuple(forward[1:]),
        )  # fmt: skip

    def _chips(self, name: str, role: Role, room: Rect) -> tuple[Chip, ...]:
        """A chip for every step at which something else is to be seen; an empty one where nothing is."""
        found: list[Chip] = []
        before: tuple[str, int] | None = None
        moments = self.moments
        for step in range(len(moments.at)):
            actual = moments.actual(name, step)
            if role == "value":
                number = int(moments.reached.get(actual, 0) <= step)
            else:
                number = bisect_right(moments.arrivals.get(actual, ()), step, key=lambda arrived: arrived[0])
            now = (actual, number) if number else None
            if now != before:
                found.append(self._chip(actual, number, role, step, room) if now else _empty(role, step, room))
            before = now
        return tuple(found)

    def _chip(self, actual: str, number: int, role: Role, step: int, room: Rect) -> Chip:
        if role == "value":
            return self._array(self.walk.values[actual], "value", step, room)
        arrived = self.moments.arrivals[actual]
        c = arrived[number - 1][1]
        if c is None:
            seed = next(s for s in self.walk if s.phase == "backward" and s.operation is None)
            return self._array(seed.upstream, "gradient", step, room)
        scale = max(chips.scale_of(c.total) for _, c in arrived if c is not None)
        return self._array(c.total, "gradient", step, room, scale=scale, part=c.part, parts=c.parts)

    def _array(self, array: Array, role: Role, step: int, room: Rect, **more: Any) -> Chip:
        return chips.chip(array, role, step, room, setting=self.options.setting, **more)

    def _operation(self, box: Box) -> OperationShape:
        size, (x, y) = self.sizes["operation", box.name], self.at["operation", box.name]
        forward, backward = self.moments.forward[box.name], sorted(self.moments.backward.get(box.name, ()))
        first = backward[0] if backward else None
        return OperationShape(
            box.name, box.operations[0].op.name, size.body.moved(x, y), size.label,
            size.label.centred(x, y, size.scale), size.scale, forward[0], first, forward[0], first,
            forwards=tuple(forward), backwards=tuple(backward),
        )  # fmt: skip

    def _edge(self, link) -> EdgeShape:
        out = link.source[0] == "operation"
        name = link.source[1] if out else link.target[1]
        way = routes.moved(self.ways[link.key], self.dx, self.dy)
        forward, backward = self.moments.forward[name], sorted(self.moments.backward.get(name, ()))
        badges: tuple[Chip, ...] = ()
        if not out:
            sent = self.moments.sent.get(link.key, [])
            backward = [step for step, _ in sent]
            if way.badge is not None and self.options.gradients:
                badges = tuple(self._array(c.value, "badge", step, way.badge) for step, c in sent)
        return EdgeShape(
            link.key, link.source[1], link.target[1], "out" if out else "in", link.slot, forward[0],
            backward[0] if backward else None, way.path, way.tip("end"), way.tip("start"),
            badges[0] if badges else None, way.stem, tuple(forward), tuple(backward), badges[1:],
        )  # fmt: skip

    def _loop(self, loop: _Loop) -> tuple[OperationShape, tuple[EdgeShape, EdgeShape]]:
        """The sign of the delay, with the edges to it and from it: passed where the walk goes to another time."""
        moments, name = self.moments, f"{loop.source}:later"
        turns = [n for n in range(1, len(moments.at)) if moments.at[n] != moments.at[n - 1]]
        forward = [n for n in turns if n < moments.first_backward] or [len(moments.at)]
        backward = [n for n in turns if n >= moments.first_backward] if loop.target in moments.receiving else []
        first = backward[0] if backward else None
        label = labels.latex(f"t-{loop.later}")
        box = loop.box.moved(self.dx, self.dy)
        scale = 19 / labels.SIZE
        shape = OperationShape(
            name, "", box, label, label.centred(*box.centre, scale), scale, forward[0], first, forward[0], first,
            forwards=tuple(forward), backwards=tuple(backward),
        )  # fmt: skip
        edges = []
        for part, source, target, path in (
            ("in", loop.source, name, loop.leaving), ("out", name, loop.target, loop.entering),
        ):  # fmt: skip
            way = Route(routes.moved_path(path, self.dx, self.dy))
            edges.append(
                EdgeShape(
                    f"{name}:{part}",
                    source,
                    target,
                    part,
                    0,
                    forward[0],
                    first,
                    way.path,
                    way.tip("end"),
                    way.tip("start"),
                    forwards=tuple(forward),
                    backwards=tuple(backward),
                )
            )
        return shape, (edges[0], edges[1])


def _empty(role: Role, step: int, room: Rect) -> Chip:
    """Nothing to be seen from this step on."""
    return Chip(role, step, room, Rect(room.left, room.top, room.left, room.top))
