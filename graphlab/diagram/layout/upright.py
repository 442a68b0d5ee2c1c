"""The layout of a time step: it runs upwards, in columns, so that steps stand side by side and fit on a slide.

What a step shares with others comes from the left, on horizontal lanes under the row of its box.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...folding.boxes import Box
from ...folding.cells import Cell, carries
from ...graph import Graph
from ..marks import measure
from ..marks.box_labels import REFERENCE, face, shared_slots
from ..marks.measure import CHIP_GAP, RADIUS, Sized
from ..marks.picture import Command, Rect
from ..marks.sizing import NATURAL, Setting
from ..marks.structure import Key, Link
from .routes import Route
from .rows import Row, entry, flow_inputs, leaving, lines, links, ranks

LANE = 6.0  # between the lanes of one rail, one for each time step
_BESIDE = 7.0  # between a box and the badge beside it
_COLUMN_GAP = 16.0
_STRAIGHT = 20.0  # the shortest edge
_CURVED = 38.0  # the shortest edge between columns
_RAIL_GAP = 12.0
_PORT = 13.0  # between the edges that enter a box from below
_REFERENCE_EDGE = 24.0


@dataclass(frozen=True)
class Tap:
    """Where something from outside enters a box: a lane at the height `lane`, up at `x`, and in at `y`.

    `source` is the shared vertex's name, or the number of the entry. A reference has no lane: its middle is at `at`.
    """

    box: str
    slot: int
    source: str | int
    x: float
    y: float
    lane: float
    badge: Rect | None = None
    stem: tuple[Command, ...] = ()
    at: tuple[float, float] | None = None


@dataclass(frozen=True)
class Upright:
    """A laid out time step, with the names of one cell of its kind; (0, 0) is the left border, at the foot."""

    cell: Cell
    links: tuple[Link, ...]
    sizes: Mapping[Key, Sized]
    at: Mapping[Key, tuple[float, float]]
    routes: Mapping[str, Route]
    taps: tuple[Tap, ...]
    exits: Mapping[int, tuple[tuple[float, float], ...]]
    width: float
    top: float
    bottom: float


def lay_out(graph: Graph, cell: Cell, receiving: set[str], of: str, lanes: int, setting: Setting = NATURAL) -> Upright:
    """The layout of a time step. `lanes` is the number of steps whose parameters come on rails, 0 for references."""
    return _Layout(graph, cell, receiving, of, lanes, setting).result()


class _Layout:
    def __init__(self, graph: Graph, cell: Cell, receiving: set[str], of: str, lanes: int, setting: Setting) -> None:
        self.graph, self.cell, self.receiving, self.lanes = graph, cell, receiving, lanes
        self.setting = setting
        self.rank = ranks(cell, {})
        self.rank = {key: r for key, r in self.rank.items() if key[0] != "bend"}
        self.edges = [link for link in links(cell, {}, self._with_borders()) if "bend" not in self._ends(link)]
        for link in self.edges:
            self.rank.update({bend: self.rank[link.source] + 1 + i for i, bend in enumerate(link.bends)})
        self.rows = self._columns(of)
        self.sizes: dict[Key, Sized] = {}
        self.boxes = {box.name: box for box in cell.boxes}
        self.badge_of: dict[tuple[str, int], Rect] = {}
        self.over: dict[int, float] = {}  # the upper border of each row

    def _with_borders(self) -> dict[Key, int]:
        found = dict(self.rank)
        found.update({entry(i): 0 for i in range(len(self.cell.entries))})
        last = max(self.rank.values()) + 1
        found.update({leaving(i): last for i in range(len(self.cell.own))})
        return found

    @staticmethod
    def _ends(link: Link) -> tuple[str, str]:
        return link.source[0], link.target[0]

    def _columns(self, of: str) -> list[Row]:
        carried = carries(self.graph, self.cell)
        rows = lines(self.cell, {}, carried, of)
        if len(carried) == 1:  # what is carried on enters from the left
            rows.reverse()
        for row in rows:
            row.nodes = [key for key in row.nodes if key[0] != "bend"]
        rows = [row for row in rows if row.nodes]
        row_of = {key: row for row in rows for key in row.nodes}
        filled = {id(row): {self.rank[key] for key in row.nodes} for row in rows}
        for link in self.edges:
            numbers = {self.rank[bend] for bend in link.bends}
            if not numbers:
                continue
            ends = [row_of[end] for end in (link.target, link.source) if not filled[id(row_of[end])] & numbers]
            if not ends:
                ends = [Row([])]
                rows.insert(rows.index(row_of[link.target]) + 1, ends[0])
                filled[id(ends[0])] = set()
            ends[0].nodes.extend(link.bends)
            filled[id(ends[0])] |= numbers
        return rows

    def result(self) -> Upright:
        self._vertex_sizes()
        for box in self.cell.boxes:
            self._box_size(box)
        x = self._across()
        y, lanes = self._up()
        at = {key: (x[key], y[rank]) for key, rank in self.rank.items()}
        rooms = [p.moved(*at[key]) for key in at for p in self.sizes[key].parts]
        left = min(r.left for r in rooms)
        at = {key: (cx - left, cy) for key, (cx, cy) in at.items()}
        taps = self._taps(at, lanes)
        rooms = [p.moved(*at[key]) for key in at for p in self.sizes[key].parts]
        lowest = max([*(r.bottom for r in rooms), *(t.lane for t in taps if t.at is None)])
        exits = {i: self._leaving(name, at) for i, name in enumerate(self.cell.own) if name in self.cell.exits}
        return Upright(
            self.cell, tuple(self.edges), self.sizes, at, self._routes(at), tuple(taps), exits,
            max(r.right for r in rooms), min([*(r.top for r in rooms), *(y - 6 for way in exits.values() for _, y in way)]),
            lowest,
        )  # fmt: skip

    def _blocked(self, name: str) -> bool:
        """Whether something stands in the same row to the right of a vertex."""
        key: Key = ("vertex", name)
        here = next(i for i, row in enumerate(self.rows) if key in row.nodes)
        return any(self.rank[other] == self.rank[key] for row in self.rows[here + 1 :] for other in row.nodes)

    def _leaving(self, name: str, at: Mapping[Key, tuple[float, float]]) -> tuple[tuple[float, float], ...]:
        """The way from a vertex to where it can run to the right: at once, or over its row."""
        x, y = at["vertex", name]
        body = self.sizes["vertex", name].body
        if not self._blocked(name):
            return ((x + body.right, y),)
        aside = 0.7 * RADIUS
        height = self.over[self.rank["vertex", name]] - 8
        return (
            (x + body.right - RADIUS + aside, y - math.sqrt(RADIUS**2 - aside**2)),
            (x + body.right - RADIUS + aside, height),
        )

    def _vertex_sizes(self) -> None:
        for name in self.cell.vertices:
            size = measure.vertex(self.graph.vertices[name], None, name in self.receiving, self.setting)
            # What leaves the step does so at its right, and nothing stands in the way there.
            leads_on = any(link.source == ("vertex", name) for link in self.edges)
            if name in self.cell.exits and not leads_on and not self._blocked(name):
                self.sizes["vertex", name] = over(size)
            else:
                self.sizes["vertex", name] = beside(size, -1 if name in self.cell.exits else 1)
        for link in self.edges:
            self.sizes.update({bend: Sized(Rect(-8, -8, 8, 8)) for bend in link.bends})

    def _badge_size(self, source: str, box: Box, slot: int) -> tuple[float, float]:
        if source not in self.receiving or not box.sends[slot]:
            return (0.0, 0.0)
        return measure.vertex(self.graph.vertices[source], None, True, self.setting).badge

    def _box_size(self, box: Box) -> None:
        shared = shared_slots(self.cell, box)
        flows = [slot for slot, _ in flow_inputs(self.cell, box, {})]
        label, scale, body = face(self.graph, box, 0, 0, self.setting)
        width = max(body.width, (len(shared) + len(flows) + 1) * _PORT)
        body = Rect(-width / 2, body.top, width / 2, body.bottom)
        left, right = body.left - _BESIDE, body.right + _BESIDE
        stems: list[Rect] = []
        if not self.lanes:
            stems, left = self._references(box, shared, left)
        badges = [(slot, self._badge_size(box.inputs[slot], box, slot)) for slot in flows]
        badges = [(slot, size) for slot, size in badges if size[0]]
        # Of a folded box the parts of parameters are read off the parameters: its own place is for what flows.
        taps = [(slot, self._badge_size(name, box, slot)) for slot, name in shared if not box.folded]
        taps = [(slot, size) for slot, size in taps if size[0]]
        if len(badges) == 2 and not taps:
            taps, badges = badges[:1], badges[1:]
        self._stack(box, taps, left, -1)
        self._stack(box, badges, right, 1)
        stems += [room for (name, _), room in self.badge_of.items() if name == box.name]
        self.sizes["operation", box.name] = Sized(body, label, scale, stems=tuple(stems))

    def _references(self, box: Box, shared: Sequence[tuple[int, str]], left: float) -> tuple[list[Rect], float]:
        rooms = []
        for i, _ in enumerate(shared):
            y = (i - (len(shared) - 1) / 2) * (2 * REFERENCE + 4)
            x = left + _BESIDE - _REFERENCE_EDGE - REFERENCE
            rooms.append(Rect(x - REFERENCE, y - REFERENCE, x + REFERENCE, y + REFERENCE))
        return rooms, (min(r.left for r in rooms) - 5 if rooms else left)

    def _stack(self, box: Box, badges: Sequence[tuple[int, tuple[float, float]]], edge: float, sign: int) -> None:
        """Badges beside a box, one over the other."""
        top = -(sum(h for _, (_, h) in badges) + 4 * (len(badges) - 1)) / 2
        for slot, (w, h) in badges:
            near, far = sorted((edge, edge + sign * w))
            self.badge_of[box.name, slot] = Rect(near, top, far, top + h)
            top += h + 4

    def _across(self) -> dict[Key, float]:
        """The x of every node: column after column, as far left as the rooms in each row allow."""
        floor: dict[int, float] = {}
        found: dict[Key, float] = {}
        for row in self.rows:
            x = max(
                floor.get(self.rank[key], 0.0) + (_COLUMN_GAP if self.rank[key] in floor else 0)
                - self.sizes[key].reach[0]
                for key in row.nodes
            )  # fmt: skip
            for key in row.nodes:
                found[key] = x
                floor[self.rank[key]] = max(floor.get(self.rank[key], 0.0), x + self.sizes[key].reach[2])
        self.x = found
        return found

    def _up(self) -> tuple[dict[int, float], dict[tuple[str, int], float]]:
        """The y of every row, upwards from 0, and the height of every lane under its row."""
        rows: dict[int, list[Key]] = {}
        for key, rank in self.rank.items():
            rows.setdefault(rank, []).append(key)
        column = {key: i for i, row in enumerate(self.rows) for key in row.nodes}
        y: dict[int, float] = {}
        lanes: dict[tuple[str, int], float] = {}
        at = 0.0
        for rank in sorted(rows):
            below = max(self.sizes[key].reach[3] for key in rows[rank])
            wanted = self._lanes_under(rows[rank])
            bent = any(column[a] != column[b] for link in self.edges for a, b in link.pieces if self.rank[b] == rank)
            gap = _CURVED if bent else _STRAIGHT
            lane = at - (gap if y else 0) - 2
            previous = None
            for key, size, rail in wanted:
                lane -= 0 if rail == previous else size
                previous = rail
                lanes[key] = lane
            room = (at - 2 - lane) + _STRAIGHT if wanted else gap
            middle = at - max(room, gap if y else 0.0) - below
            y[rank] = middle
            at = self.over[rank] = middle + min(self.sizes[key].reach[1] for key in rows[rank])
        return y, lanes

    def _lanes_under(self, keys: Sequence[Key]) -> list[tuple[tuple[str, int], float, object]]:
        """((box, slot), height it takes, what runs on it), the lowest first."""
        found = []
        boxes = [self.boxes[key[1]] for key in keys if key[0] == "operation"]
        boxes.sort(key=lambda box: self.x["operation", box.name])
        for number, name in enumerate(self.cell.entries):
            for box in boxes:
                found += [((box.name, slot), 12.0, number) for slot, n in enumerate(box.inputs) if n == name]
        for box in boxes[::-1] if self.lanes else ():  # what goes further runs lower, and crosses less
            for slot, name in shared_slots(self.cell, box):
                found.append(((box.name, slot), (self.lanes - 1) * LANE + _RAIL_GAP, name))
        return found

    def _taps(self, at: Mapping[Key, tuple[float, float]], lanes: Mapping[tuple[str, int], float]) -> list[Tap]:
        found = []
        for box in self.cell.boxes:
            x, y = at["operation", box.name]
            body = self.sizes["operation", box.name].body
            shared = shared_slots(self.cell, box)
            lane_slots = [slot for slot, _ in shared] if self.lanes else []
            inner = [slot for slot, (kind, _) in flow_inputs(self.cell, box, {}) if kind == "vertex"]
            coming = [slot for slot, n in enumerate(box.inputs) if n in self.cell.entries]
            outside = [*lane_slots, *coming]
            for slot in outside:
                order = outside.index(slot) - (len(outside) + len(inner) - 1) / 2
                order = -1 if len(outside) == len(inner) == 1 else order
                name = box.inputs[slot]
                source = name if slot in lane_slots else self.cell.entries.index(name)
                badge = self.badge_of.get((box.name, slot))
                found.append(
                    Tap(
                        box.name, slot, source, x + order * _PORT, y + body.bottom, lanes[box.name, slot],
                        badge and badge.moved(x, y),
                    )
                )  # fmt: skip
            if not self.lanes:
                found += self._reference_taps(box, shared, x, y, body)
        return found

    def _reference_taps(self, box: Box, shared: Sequence[tuple[int, str]], x: float, y: float, body: Rect) -> list[Tap]:
        found = []
        for i, (slot, name) in enumerate(shared):
            dy = (i - (len(shared) - 1) / 2) * (2 * REFERENCE + 4)
            enters = max(min(dy, body.bottom - 8), body.top + 8)
            at = (x + body.left - _REFERENCE_EDGE - REFERENCE, y + dy)
            badge = self.badge_of.get((box.name, slot))
            found.append(
                Tap(box.name, slot, name, x + body.left, y + enters, 0, badge and badge.moved(x, y), at=at)
            )  # fmt: skip
        return found

    def _routes(self, at: Mapping[Key, tuple[float, float]]) -> dict[str, Route]:
        found = {}
        entering = self._entering(at)
        for link in self.edges:
            x, y = at[link.source]
            path: list[Command] = [("M", (x, y + self.sizes[link.source].body.top))]
            x, y = path[0][1]
            for a, b in link.pieces:
                bx, by = at[b]
                size = self.sizes[b]
                end = (bx + entering.get(link.key, 0.0) if b == link.target else bx, by + size.body.bottom)
                if abs(end[0] - x) < 0.5:
                    path.append(("L", end))
                else:
                    # The curve stays in the gap over the row that it leaves, clear of the lanes.
                    start = self.over[self.rank[a]] - 2
                    stop = start - _CURVED + 16
                    middle = (start + stop) / 2
                    path += [("L", (x, start)), ("C", (x, middle, end[0], middle, end[0], stop)), ("L", end)]
                x, y = end
                if b != link.target:
                    y = by + size.body.top
                    path.append(("L", (x, y)))
            badge = None
            if link.target[0] == "operation":
                badge = self.badge_of.get((link.target[1], link.slot))
                badge = badge and badge.moved(*at[link.target])
            found[link.key] = Route(tuple(path), badge)
        return found

    def _entering(self, at: Mapping[Key, tuple[float, float]]) -> dict[str, float]:
        """For each edge the x, from the middle of its box, at which it comes in from below."""
        found = {}
        for box in self.cell.boxes:
            target: Key = ("operation", box.name)
            outside = sum(n in self.cell.entries for n in box.inputs)
            outside += len(shared_slots(self.cell, box)) if self.lanes else 0
            here = [link for link in self.edges if link.target == target]
            here.sort(key=lambda link: (at[(link.source, *link.bends)[-1]][0], link.slot))
            level = [i for i, link in enumerate(here) if abs(at[link.source][0] - at[target][0]) < 0.5]
            for i, link in enumerate(here):
                found[link.key] = (outside + i - (outside + len(here) - 1) / 2) * _PORT
                if len(level) == 1 and outside + len(here) <= 2:  # one straight edge keeps the middle
                    found[link.key] = (i - level[0]) * _PORT
        return found


def beside(size: Sized, sign: int) -> Sized:
    """The same vertex with its chips beside it, the gradient over the value: at its right for sign 1, else its left."""
    if size.value is None and size.gradient is None:
        return size
    edge = RADIUS + CHIP_GAP if sign > 0 else size.body.left - CHIP_GAP
    edge = size.body.right + CHIP_GAP if sign > 0 else edge
    value, gradient = size.value, size.gradient
    high = gradient.height + 4 if gradient and value else 0.0
    top = -((value or gradient).height + high) / 2

    def room(rect: Rect, at: float) -> Rect:
        left = edge if sign > 0 else edge - rect.width
        return Rect(left, at, left + rect.width, at + rect.height)

    return replace(size, value=value and room(value, top + high), gradient=gradient and room(gradient, top))


def over(size: Sized) -> Sized:
    """The same vertex with its chips over it, the gradient over the value."""
    value, gradient = size.value, size.gradient
    low = -RADIUS - CHIP_GAP
    if value is not None:
        size = replace(size, value=Rect(-value.width / 2, low - value.height, value.width / 2, low))
        low -= value.height + 4
    if gradient is None:
        return size
    return replace(size, gradient=Rect(-gradient.width / 2, low - gradient.height, gradient.width / 2, low))
