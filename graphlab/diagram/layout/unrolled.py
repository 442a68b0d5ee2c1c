"""A graph through time: each kind of cell is laid out once and repeated, what they share stands once at the left."""

from __future__ import annotations

import math
import statistics
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from ...folding.boxes import Box, Folding, boxes
from ...folding.cells import Cell, split
from ...folding.clusters import step_name
from ...graph import Graph
from ..marks import labels, measure
from ..marks.box_labels import REFERENCE, fold_label
from ..marks.measure import CHIP_GAP, RADIUS, Sized
from ..marks.picture import Command, Rect
from ..marks.sizing import NATURAL, Setting
from ..marks.structure import Key, Link
from . import routes, tile, upright
from .routes import Route
from .rows import entry, leaving
from .tile import Tile
from .upright import LANE, Upright

FEW = 4
"""Up to so many time steps a shared parameter is drawn with all of its edges; beyond, each step has references to it."""
_MOST_RAILS = 6  # shared vertices whose edges can still be told apart
PADDING = 16.0  # between a frame and what it holds
CAPTION = 26.0  # over a cell, for the caption of its frame
GUTTER = 30.0  # between two frames
_SHELF_GAP = 60.0  # between the shared vertices and the first cell
MARGIN = 10.0  # around the whole picture
_ROW = 14.0
_CORNER = 10.0
_GUTTER_LANE = 12.0
_COLUMN = 22.0  # between the columns of the shelf


@dataclass(frozen=True)
class Frame:
    """The light frame around a time step. `name` is that of its cluster."""

    name: str
    t: int
    box: Rect
    boxes: tuple[str, ...]


@dataclass(frozen=True)
class Reference:
    """A small sign of a parameter that stands elsewhere: what enters a box at a slot."""

    name: str
    key: str
    at: tuple[float, float]


@dataclass
class Unrolled:
    """Everything of a picture with its places in the frame, `width` by `height`."""

    boxes: list[Box] = field(default_factory=list)
    vertices: list[str] = field(default_factory=list)
    sizes: dict[Key, Sized] = field(default_factory=dict)
    at: dict[Key, tuple[float, float]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    routes: dict[str, Route] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


Kind = Tile | Upright
_tiles: OrderedDict[tuple, Kind] = OrderedDict()
_MOST_TILES = 64


def _tile(
    graph: Graph, same: Sequence[Cell], receiving: set[str], of: str, lanes: int, facts: tuple, setting: Setting
) -> Kind:
    """The tile of a kind of cells, kept. It is made for the last of them, whose names are the longest."""
    cell = same[-1]
    own = tuple(graph.vertices[n].latex for n in cell.vertices)
    key = (cell.signature, own, facts, lanes, of in cell.own, setting)
    found = _tiles.get(key)
    if found is None:
        if cell.t is None:
            found = tile.lay_out(graph, cell, receiving, of, 0, setting)
        else:
            found = upright.lay_out(graph, cell, receiving, of, lanes, setting)
        _tiles[key] = found
        while len(_tiles) > _MOST_TILES:
            _tiles.popitem(last=False)
    return found


def unroll(
    graph: Graph,
    of: str,
    receiving: Collection[str],
    folding: Folding,
    lang: str = "en",
    setting: Setting = NATURAL,
) -> Unrolled:
    """The picture of a graph with time steps. Cost grows linearly with their number once their cells are known."""
    cells = split(graph, boxes(graph, folding, lang), receiving)
    steps = sum(cell.t is not None for cell in cells)
    shared = {name for cell in cells for name in cell.shared}
    lanes = steps if steps <= FEW and len(shared) <= _MOST_RAILS else 0
    kinds: dict[tuple, list[Cell]] = {}
    for cell in cells:
        kinds.setdefault(cell.signature, []).append(cell)
    tiles = {}
    for signature, same in kinds.items():
        together = set(receiving)
        for cell in same:  # what one of them receives, all have room for
            for mine, last in zip(
                (*cell.vertices, *cell.entries), (*same[-1].vertices, *same[-1].entries), strict=True
            ):
                if mine in receiving:
                    together.add(last)
        facts = tuple((n, graph.vertices[n].latex, graph.vertices[n].shape) for n in same[-1].shared)
        tiles[signature] = _tile(graph, same, together, of, lanes, facts, setting)
    return _Builder(graph, cells, tiles, lanes, set(receiving), setting).build()


class _Builder:
    """Puts the tiles side by side and draws what runs between them."""

    def __init__(
        self,
        graph: Graph,
        cells: list[Cell],
        tiles: Mapping[tuple, Kind],
        lanes: int,
        receiving: set[str],
        setting: Setting,
    ) -> None:
        self.setting = setting
        self.graph, self.cells, self.tiles, self.lanes, self.receiving = graph, cells, tiles, lanes, receiving
        self.out = Unrolled()
        self.home = {name: i for i, cell in enumerate(cells) for name in cell.own}
        self.number = list(accumulate((c.t is not None for c in cells), initial=0))  # of steps before each cell
        self.left: list[float] = []
        self.down: list[float] = []

    def build(self) -> Unrolled:
        x = 0.0
        gutters = []
        for i, cell in enumerate(self.cells):
            if i:
                lanes = {n for n in cell.entries if self.home.get(n, -1) >= 0}
                gutters.append(max(GUTTER, (len(lanes) + 1) * _GUTTER_LANE))
                before = self.cells[i - 1]
                x += gutters[-1] + (PADDING if before.t is not None else 0) + (PADDING if cell.t is not None else 0)
            self.left.append(x)
            x += self._tile(i).width
        self._shift_down()
        self._frames()
        self._shelf()
        self._into_the_frame()
        for i, cell in enumerate(self.cells):
            named = self._place(i, cell, self._tile(i))
            if cell.t is None:
                self._flows(i, cell, self._tile(i), named)
            self._taps(i, cell, self._tile(i), named)
        return self.out

    def _into_the_frame(self) -> None:
        """Moves everything so that (0, 0) is the corner of the frame; the cells are placed only then, and once."""
        out = self.out
        rooms = [f.box for f in out.frames] + [p.moved(*at) for k, at in out.at.items() for p in out.sizes[k].parts]
        for i, (x, y) in enumerate(zip(self.left, self.down, strict=True)):
            tile = self._tile(i)
            rooms.append(Rect(x, y + tile.top, x + tile.width, y + tile.bottom))
        if any(self.home.get(n, i) not in (i, i - 1) for i, cell in enumerate(self.cells) for n in cell.entries):
            rooms.append(Rect(0, self.over - _ROW - 6, 0, self.over))
        dx = MARGIN - min(r.left for r in rooms)
        dy = MARGIN - min(r.top for r in rooms)
        out.width = round(max(r.right for r in rooms) + dx + MARGIN, 1)
        out.height = round(max(r.bottom for r in rooms) + dy + MARGIN, 1)
        self.left = [x + dx for x in self.left]
        self.down = [y + dy for y in self.down]
        self.over += dy
        out.frames = [replace(f, box=f.box.moved(dx, dy)) for f in out.frames]
        out.at = {key: (x + dx, y + dy) for key, (x, y) in out.at.items()}

    def _tile(self, i: int) -> Kind:
        return self.tiles[self.cells[i].signature]

    def _shift_down(self) -> None:
        """Steps stand on one line; what follows continues at the height of what it takes up."""
        for i, cell in enumerate(self.cells):
            dy = 0.0
            if cell.t is None:
                for number, name in enumerate(cell.entries):
                    source = self.home.get(name, -1)
                    if source >= 0 and self.cells[source].t is not None:
                        dy = self.down[source] + self._exit(source, name)[-1][1] - self._tile(i).at[entry(number)][1]
            self.down.append(dy)

    def _exit(self, i: int, name: str) -> tuple[tuple[float, float], ...]:
        """The way that an own vertex of a cell leaves it by, before it runs to the right, in the cell's coordinates."""
        tile, number = self._tile(i), self.cells[i].own.index(name)
        if isinstance(tile, Upright):
            return tile.exits[number]
        vertex: Key = ("vertex", tile.cell.own[number])
        x, y = tile.at[vertex]
        bends = next(link.bends for link in tile.structure.links if link.key == f"exit/{number}")
        return ((x + tile.sizes[vertex].body.right, y), *(tile.at[key] for key in (*bends, leaving(number))))

    def _place(self, i: int, cell: Cell, tile: Kind) -> dict[str, str]:
        """The nodes of one cell and the edges inside it; returns what the boxes of the tile are called here."""
        out, dx, dy = self.out, self.left[i], self.down[i]
        called = dict(zip(tile.cell.vertices, cell.vertices, strict=True))
        named = {mine.name: box.name for mine, box in zip(tile.cell.boxes, cell.boxes, strict=True)}
        for theirs, name in called.items():
            x, y = tile.at["vertex", theirs]
            key: Key = ("vertex", name)
            out.vertices.append(name)
            out.sizes[key] = self._named(tile.sizes["vertex", theirs], name)
            out.at[key] = (x + dx, y + dy)
        for mine, box in zip(tile.cell.boxes, cell.boxes, strict=True):
            x, y = tile.at["operation", mine.name]
            key = ("operation", box.name)
            size = tile.sizes["operation", mine.name]
            if box.folded:
                label = fold_label(self.graph, box)
                size = replace(size, label=label, scale=min(size.scale, (size.body.width - 8) / max(label.width, 1)))
            out.boxes.append(box)
            out.sizes[key] = size
            out.at[key] = (x + dx, y + dy)
        edges = tile.links if isinstance(tile, Upright) else tile.structure.links
        for link in edges:
            if link.source[0] == "vertex" and link.target[0] == "operation":
                key_of = f"{named[link.target[1]]}:{link.slot}"
                moved = Link(
                    key_of, ("vertex", called[link.source[1]]), ("operation", named[link.target[1]]), link.slot
                )
            elif link.source[0] == "operation":
                box_name = named[link.source[1]]
                key_of = box_name + link.key[len(link.source[1]) :]
                moved = Link(key_of, ("operation", box_name), ("vertex", called[link.target[1]]), link.slot)
            else:
                continue
            out.links.append(moved)
            out.routes[key_of] = routes.moved(tile.routes[link.key], dx, dy)
        return named

    def _named(self, size: Sized, name: str) -> Sized:
        label = labels.latex(self.graph.vertices[name].latex)
        room = size.body.width - 14
        scale = min(self.setting.scale * measure.LABEL_SIZE / labels.SIZE, room / max(label.width, 1))
        return Sized(size.body, label, scale, size.value, size.gradient, size.badge)

    def _frames(self) -> None:
        steps = [i for i, cell in enumerate(self.cells) if cell.t is not None]
        top = min(self._tile(i).top for i in steps) - PADDING - CAPTION
        bottom = max(self._tile(i).bottom for i in steps) + PADDING
        self.over = min(top, *(self._tile(i).top + y - PADDING for i, y in enumerate(self.down)))
        for i in steps:
            cell = self.cells[i]
            frame = Rect(self.left[i] - PADDING, top, self.left[i] + self._tile(i).width + PADDING, bottom)
            self.out.frames.append(Frame(step_name(cell.t, cell.run), cell.t, frame, tuple(b.name for b in cell.boxes)))

    def _shelf(self) -> None:
        """What is shared and what is carried on from the start, at the left, each near to where it is used."""
        wanted: dict[str, float] = {}
        for i, cell in enumerate(self.cells):
            tile = self._tile(i)
            for tap in tile.taps if isinstance(tile, Upright) else ():
                name = tap.source if isinstance(tap.source, str) else cell.entries[tap.source]
                if name not in self.home:
                    middle = LANE * (self.lanes - 1) / 2 if isinstance(tap.source, str) else 0
                    wanted.setdefault(name, tap.lane + middle if tap.at is None else tap.at[1])
        for cell in self.cells:
            for name in (*cell.shared, *(n for n in cell.entries if n not in self.home)):
                wanted.setdefault(name, 0.0)
        sized = {name: _aside(measure.vertex(self.graph.vertices[name], None, name in self.receiving, self.setting))
                 for name in wanted}  # fmt: skip
        x = -_SHELF_GAP - PADDING - RADIUS
        if self.lanes:
            self._shelve(x, _apart(wanted, sized), sized)
            return
        # With no edges to them, shared vertices stand in columns no higher than the steps.
        starts = {name: y for name, y in wanted.items() if name not in {n for c in self.cells for n in c.shared}}
        self._shelve(x, _apart(starts, sized), sized)
        frame = self.out.frames[0].box
        if starts:
            x -= max(-sized[n].reach[0] for n in starts) + RADIUS + _COLUMN
        column: dict[str, float] = {}
        y = frame.top
        for name in (n for n in wanted if n not in starts):
            _, top, _, bottom = sized[name].reach
            if column and y + bottom - top > frame.bottom:
                self._shelve(x, column, sized)
                x -= max(-sized[n].reach[0] for n in column) + RADIUS + _COLUMN
                column, y = {}, frame.top
            column[name] = y - top
            y += bottom - top + _ROW
        self._shelve(x, column, sized)

    def _shelve(self, x: float, places: Mapping[str, float], sized: Mapping[str, Sized]) -> None:
        for name, y in places.items():
            self.out.vertices.append(name)
            self.out.sizes["vertex", name] = sized[name]
            self.out.at["vertex", name] = (x, y)

    def _flows(self, i: int, cell: Cell, tile: Tile, named: Mapping[str, str]) -> None:
        """The edges that come into what stands before or after the steps."""
        dx, dy = self.left[i], self.down[i]
        for link in tile.structure.links:
            if link.source[0] != "bend":
                continue
            name, box = cell.entries[int(link.source[1].rpartition("/")[2])], named[link.target[1]]
            way = routes.moved(tile.routes[link.key], dx, dy)
            goal = way.path[0][1]
            path = self._turning(name, i, goal) if name in self.home else (("M", self._start(name)), ("L", goal))
            self._add(f"{box}:{link.slot}", name, box, link.slot, Route((*path, *way.path[1:]), way.badge, way.stem))

    def _add(self, key: str, name: str, box: str, slot: int, route: Route) -> None:
        self.out.links.append(Link(key, ("vertex", name), ("operation", box), slot))
        self.out.routes[key] = route

    def _start(self, name: str) -> tuple[float, float]:
        """Where edges leave a vertex of the shelf."""
        x, y = self.out.at["vertex", name]
        return (x + self.out.sizes["vertex", name].body.right, y)

    def _turning(self, name: str, i: int, goal: Sequence[float]) -> tuple[Command, ...]:
        """From an own vertex of another cell to the left border of cell i, at the height of the goal."""
        source = self.home[name]
        way = [(x + self.left[source], y + self.down[source]) for x, y in self._exit(source, name)]
        start = way[-1]
        lane = _GUTTER_LANE * (1 + [n for n in self.cells[i].entries if n in self.home].index(name))
        border = self.left[i] - (PADDING if self.cells[i].t is not None else 0)
        if source == i - 1:
            return _corners([*way, (border - lane, start[1]), (border - lane, goal[1]), (goal[0], goal[1])])
        # Over the steps between: up in the gutter behind its own step, and down again in the one before its goal.
        over = self.over - _ROW
        right = self.left[source] + self._tile(source).width + PADDING + 10
        points = [*way, (right, start[1]), (right, over), (border - lane, over), (border - lane, goal[1])]
        return _corners([*points, (goal[0], goal[1])])

    def _taps(self, i: int, cell: Cell, tile: Kind, named: Mapping[str, str]) -> None:
        """The edges of what is shared, and of what comes into a step from outside."""
        dx, dy = self.left[i], self.down[i]
        for tap in tile.taps:
            box = named[tap.box]
            key = f"{box}:{tap.slot}"
            badge = tap.badge and tap.badge.moved(dx, dy)
            if isinstance(tile, Tile):  # what comes after the steps takes references
                self._reference(
                    key, tap.name, box, tap.slot, (tap.x + dx, tap.turn + dy), (tap.x + dx, tap.y + dy), badge
                )
                continue
            x, y = tap.x + dx, tap.y + dy
            name = cell.entries[tap.source] if isinstance(tap.source, int) else tap.source
            if tap.at is not None:
                self._reference(key, name, box, tap.slot, (tap.at[0] + dx, tap.at[1] + dy), (x, y), badge)
                continue
            lane = tap.lane + dy
            if isinstance(tap.source, str):
                lane += LANE * self.number[i]
            if name in self.home:
                path = self._turning(name, i, (self.left[i] - PADDING, lane))
                points = [*path[:-1], *_corners([path[-1][1][-2:], (x, lane), (x, y)])[1:]]
                self._add(key, name, box, tap.slot, Route(tuple(points), badge))
            else:
                self._add(key, name, box, tap.slot, Route(self._rail(name, lane, x, y), badge))

    def _reference(
        self, key: str, name: str, box: str, slot: int, at: tuple[float, float], goal: tuple[float, float],
        badge: Rect | None,
    ) -> None:  # fmt: skip
        self.out.references.append(Reference(name, key, at))
        dx, dy = goal[0] - at[0], goal[1] - at[1]
        length = math.hypot(dx, dy)
        start = (at[0] + dx / length * REFERENCE, at[1] + dy / length * REFERENCE)
        self._add(key, name, box, slot, Route((("M", start), ("L", goal)), badge))

    def _rail(self, name: str, lane: float, x: float, y: float) -> tuple[Command, ...]:
        """From the shelf along a lane, and up into a box."""
        start = self._start(name)
        end = self.left[0] - PADDING
        path: list[Command] = [("M", start)]
        if abs(lane - start[1]) < 0.5:
            path.append(("L", (end, lane)))
        else:
            middle = (start[0] + end) / 2
            path.append(("C", (middle, start[1], middle, lane, end, lane)))
        return (*path, *_corners([(end, lane), (x, lane), (x, y)])[1:])


def _corners(points: Sequence[Sequence[float]]) -> tuple[Command, ...]:
    """A path of straight pieces with round corners."""
    path: list[Command] = [("M", tuple(points[0]))]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        first, second = math.dist(before, here), math.dist(here, after)
        if first < 0.5 or second < 0.5:
            continue
        r = min(_CORNER, first / 2, second / 2)
        a = tuple(h + (b - h) * r / first for b, h in zip(before, here, strict=True))
        b = tuple(h + (n - h) * r / second for n, h in zip(after, here, strict=True))
        k = 0.45
        c = tuple(p + (h - p) * (1 - k) for p, h in zip(a, here, strict=True))
        d = tuple(p + (h - p) * (1 - k) for p, h in zip(b, here, strict=True))
        path += [("L", a), ("C", (*c, *d, *b))]
    path.append(("L", tuple(points[-1])))
    return tuple(path)


def _aside(size: Sized) -> Sized:
    """The same vertex with its chips to its left, the value over the gradient."""
    right = -RADIUS - CHIP_GAP
    value, gradient = size.value, size.gradient
    if value is None:
        if gradient is not None:
            high = gradient.height / 2
            size = replace(size, gradient=Rect(right - gradient.width, -high, right, high))
        return size
    top = -(value.height + gradient.height + 4) / 2 if gradient else -value.height / 2
    above = Rect(right - value.width, top, right, top + value.height)
    if gradient is None:
        return replace(size, value=above)
    low = above.bottom + 4
    return replace(size, value=above, gradient=Rect(right - gradient.width, low, right, low + gradient.height))


def _apart(wanted: Mapping[str, float], sized: Mapping[str, Sized]) -> dict[str, float]:
    """Heights near to the wanted ones, in their order, at which nothing touches."""
    groups: list[tuple[float, list[tuple[str, float]]]] = []  # (its shift, names with their places)
    for name in sorted(wanted, key=wanted.__getitem__):
        groups.append((wanted[name], [(name, 0.0)]))
        while len(groups) > 1 and _overlap(groups[-2], groups[-1], sized):
            lower, upper = groups.pop()[1], groups[-1][1]
            last, first = upper[-1], lower[0]
            step = last[1] + sized[last[0]].reach[3] + _ROW - sized[first[0]].reach[1]
            merged = [*upper, *((n, step + at - first[1]) for n, at in lower)]
            # All of them move as one, by as little as they can.
            groups[-1] = (statistics.fmean(wanted[n] - at for n, at in merged), merged)
    return {name: y + at for y, names in groups for name, at in names}


def _overlap(upper: tuple, lower: tuple, sized: Mapping[str, Sized]) -> bool:
    (y0, a), (y1, b) = upper, lower
    end = y0 + a[-1][1] + sized[a[-1][0]].reach[3]
    return end + _ROW > y1 + b[0][1] + sized[b[0][0]].reach[1]
