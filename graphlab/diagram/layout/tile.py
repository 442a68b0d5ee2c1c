"""The layout of one cell: rows from top to bottom, columns closed up, and the ways that shared parameters reach it by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ...folding.boxes import Box
from ...folding.cells import Cell, carries
from ...graph import Graph
from ..marks import measure
from ..marks.box_labels import REFERENCE, face, shared_slots
from ..marks.measure import BADGE_GAP, BADGE_SPACE, RADIUS, STEM, Sized
from ..marks.picture import Rect
from ..marks.sizing import NATURAL, Setting
from ..marks.structure import Key, Link, Side, Structure
from . import placement, routes
from .routes import Route
from .rows import Row, entry, flow_inputs, hang_locals, leaving, lines, links, ranks

LANE = 6.0  # between the lanes of a rail, one for each time step
_RAIL_GAP = 14.0  # between the rails of two parameters
_HEAD_ROOM = 16.0  # of a vertical edge between its badge and a reference


@dataclass(frozen=True)
class Tap:
    """Where a shared vertex enters a box: the edge comes straight up (side "below") at `x` and ends at `y`.

    `turn` is the y of the first lane of its rail, or of the middle of the reference; `badge` the room of what travels
    back on the edge.
    """

    box: str
    slot: int
    name: str
    side: Side
    x: float
    y: float
    turn: float
    badge: Rect | None


@dataclass(frozen=True)
class Tile:
    """A laid out cell, with the names of one cell of its kind; (0, 0) is the left border at the height of the first
    thing that is carried on."""

    cell: Cell
    structure: Structure
    sizes: Mapping[Key, Sized]
    at: Mapping[Key, tuple[float, float]]
    routes: Mapping[str, Route]
    taps: tuple[Tap, ...]
    width: float
    top: float
    bottom: float


def lay_out(graph: Graph, cell: Cell, receiving: set[str], of: str, lanes: int, setting: Setting = NATURAL) -> Tile:
    """The layout of a cell. `lanes` is the number of time steps where parameters come on rails, 0 for references."""
    hung = hang_locals(cell)
    rank = ranks(cell, hung)
    edges = links(cell, hung, rank)
    rows = lines(cell, hung, carries(graph, cell), of)
    _give_bends(rows, edges, rank)
    _give_exits(rows, edges, rank)
    sides = {key: row.side for row in rows for key in row.nodes}
    hanging = {name: (home, _other(sides["operation", home])) for name, home in hung.items()}
    for name, home in hung.items():  # nothing shared comes from below: the side where it would come from is free
        if not any(n in cell.shared for n in next(b for b in cell.boxes if b.name == home).inputs):
            hanging[name] = (home, sides["operation", home])
    structure = Structure((), hanging, rank, tuple(edges))
    sizes, taps, distances = _sizes(graph, cell, rows, structure, receiving, lanes, setting)
    heights = _heights(rows, structure, sizes, taps, distances, lanes)
    placed = placement.close_up(structure, sizes, heights)
    ways = routes.route(structure, placed, sizes)
    return _normal(cell, structure, sizes, placed.at, ways, taps)


def _other(side: Side) -> Side:
    return "above" if side == "below" else "below"


def _give_bends(rows: list[Row], edges: Sequence[Link], rank: Mapping[Key, int]) -> None:
    """Every long edge runs on the row of one of its ends where that is free, and else on a row of its own."""
    row_of = {key: row for row in rows for key in row.nodes}
    filled = {id(row): {rank[key] for key in row.nodes} for row in rows}
    for link in edges:
        if not link.bends:
            continue
        numbers = {rank[bend] for bend in link.bends}
        for end in (link.target, link.source):
            row = row_of.get(end)
            if row is not None and not filled[id(row)] & numbers:
                filled[id(row)] |= numbers
                row.nodes.extend(link.bends)
                break
        else:
            near = row_of.get(link.target) or row_of.get(link.source) or rows[-1]
            rows.insert(rows.index(near), Row(list(link.bends), side=near.side))


def _give_exits(rows: list[Row], edges: Sequence[Link], rank: Mapping[Key, int]) -> None:
    """What leaves the cell for a later one reaches its border on the row of its vertex where that is free, and else on a
    row of its own.
    """
    for link in edges:
        if not link.key.startswith("exit/") or any(link.target in row.nodes for row in rows):
            continue
        row = next(row for row in rows if link.source in row.nodes)
        if all(rank[key] != rank[link.target] for key in row.nodes):
            row.nodes.append(link.target)
        else:
            rows.insert(rows.index(row) + 1, Row([link.target], side=row.side))


def _sizes(
    graph: Graph,
    cell: Cell,
    rows: list[Row],
    structure: Structure,
    receiving: set[str],
    lanes: int,
    setting: Setting,
) -> tuple[dict[Key, Sized], list[Tap], dict[str, float]]:
    found: dict[Key, Sized] = {}
    for name in cell.vertices:
        side = structure.hanging.get(name)
        found["vertex", name] = measure.vertex(graph.vertices[name], side and side[1], name in receiving, setting)
    for i, name in enumerate(cell.entries):
        v = measure.vertex(graph.vertices[name], None, name in receiving, setting)
        found[entry(i)] = Sized(Rect(-10, -8, 10, 8), badge=v.badge)
    for i in range(len(cell.own)):
        if leaving(i) in structure.ranks:
            found[leaving(i)] = Sized(Rect(-6, -8, 6, 8))
    for link in structure.links:
        found.update({bend: Sized(Rect(-14, -8, 14, 8)) for bend in link.bends})
    taps: list[Tap] = []
    distances: dict[str, float] = {}
    by_name = {box.name: box for box in cell.boxes}
    for row in rows:
        boxes = [by_name[key[1]] for key in row.nodes if key[0] == "operation"]
        boxes.sort(key=lambda box: structure.ranks["operation", box.name])
        circles = [found[key] for key in row.nodes if key[0] == "vertex"]
        level = max([RADIUS, *(c.reach[3] for c in circles)])
        most = [
            measure.vertex(graph.vertices[n], None, True, setting).badge[1]
            for b in boxes
            for _, n in shared_slots(cell, b)
        ]
        most += [found["vertex", n].badge[1] for n, (home, _) in structure.hanging.items() if home in by_name]
        zone = level + BADGE_GAP + max(most, default=0.0)
        turn = zone + _HEAD_ROOM + REFERENCE if not lanes else zone + _HEAD_ROOM
        for box in boxes:
            here, turn = _box(graph, cell, box, row, structure, found, receiving, level, turn, lanes, setting)
            taps += here
            for name, (home, _) in structure.hanging.items():
                if home == box.name:
                    distances[name] = zone + BADGE_SPACE + RADIUS
    return found, taps, distances


def _box(
    graph: Graph,
    cell: Cell,
    box: Box,
    row: Row,
    structure: Structure,
    found: dict[Key, Sized],
    receiving: set[str],
    level: float,
    turn: float,
    lanes: int,
    setting: Setting,
) -> tuple[list[Tap], float]:
    shared = shared_slots(cell, box)
    label, scale, body = face(graph, box, len(flow_inputs(cell, box, structure.hanging)), len(shared), setting)
    taken = {side for home, side in structure.hanging.values() if home == box.name} | ({row.side} if shared else set())
    badges, stems = [], []
    flows = flow_inputs(cell, box, structure.hanging)
    sending = [found[source].badge for slot, source in flows if box.sends[slot] and found[source].badge[0]]
    for side in [s for s in ("above", "below") if s not in taken][: len(sending)]:
        width, height = (max(size) for size in zip(*sending, strict=True))
        sign = -1 if side == "above" else 1
        room = Rect(-width / 2, level + BADGE_GAP, width / 2, level + BADGE_GAP + height)
        badges.append((side, room if sign > 0 else Rect(room.left, -room.bottom, room.right, -room.top)))
        stems.append(_upright(0, body.bottom, level + BADGE_GAP, sign))
    taps = []
    for k, (slot, name) in enumerate(shared):
        x = (k - (len(shared) - 1) / 2) * (2 * REFERENCE + 6)
        sign = -1 if row.side == "above" else 1
        size = measure.vertex(graph.vertices[name], None, name in receiving, setting).badge
        room = None
        if size[0] and box.sends[slot]:
            room = Rect(x - size[0] / 2, level + BADGE_GAP, x + size[0] / 2, level + BADGE_GAP + size[1])
            room = room if sign > 0 else Rect(room.left, -room.bottom, room.right, -room.top)
            stems.append(room)
        taps.append(Tap(box.name, slot, name, row.side, x, sign * body.bottom, sign * turn, room))
        stems.append(_upright(x, body.bottom, turn, sign))
        if lanes:
            turn += (lanes - 1) * LANE + _RAIL_GAP
        else:
            middle = sign * turn
            stems.append(Rect(x - REFERENCE, middle - REFERENCE, x + REFERENCE, middle + REFERENCE))
    found["operation", box.name] = Sized(body, label, scale, badges=tuple(badges), stems=tuple(stems))
    return taps, turn


def _upright(x: float, start: float, end: float, sign: int) -> Rect:
    return Rect(x - STEM, min(sign * start, sign * end), x + STEM, max(sign * start, sign * end))


def _extents(
    row: Row, structure: Structure, sizes: Mapping[Key, Sized], distances: Mapping[str, float]
) -> list[tuple[int, float, float]]:
    found = []
    homes: dict[str, list[str]] = {}
    for name, (home, _) in structure.hanging.items():
        homes.setdefault(home, []).append(name)
    for key in row.nodes:
        _, top, _, bottom = sizes[key].reach
        found.append((structure.ranks[key], top, bottom))
        for name in homes.get(key[1], ()) if key[0] == "operation" else ():
            shift = distances[name] if structure.hanging[name][1] == "below" else -distances[name]
            _, top, _, bottom = sizes["vertex", name].reach
            found.append((structure.ranks[key], shift + top, shift + bottom))
    return found


def _heights(
    rows: list[Row],
    structure: Structure,
    sizes: Mapping[Key, Sized],
    taps: list[Tap],
    distances: Mapping[str, float],
    lanes: int,
) -> dict[Key, float]:
    columns = max(structure.ranks.values()) + 1
    floor = [float("-inf")] * columns
    heights: dict[Key, float] = {}
    for row in rows:
        parts = _extents(row, structure, sizes, distances)
        turns = [abs(tap.turn) for tap in taps if ("operation", tap.box) in row.nodes]
        if lanes and turns:  # the rails run through all columns
            near, far = min(turns) - _RAIL_GAP / 2, max(turns) + (lanes - 1) * LANE + _RAIL_GAP / 2
            strip = (near, far) if row.side == "below" else (-far, -near)
            parts += [(column, *strip) for column in range(columns)]
        y = max([floor[column] + placement.ROW_GAP - top for column, top, _ in parts])
        y = 0.0 if y == float("-inf") else y
        for column, _, bottom in parts:
            floor[column] = max(floor[column], y + bottom)
        for key in row.nodes:
            heights[key] = y
    for name, (home, side) in structure.hanging.items():
        heights["vertex", name] = heights["operation", home] + (
            distances[name] if side == "below" else -distances[name]
        )
    return heights


def _normal(
    cell: Cell,
    structure: Structure,
    sizes: dict[Key, Sized],
    at: Mapping[Key, tuple[float, float]],
    ways: Mapping[str, Route],
    taps: list[Tap],
) -> Tile:
    rooms = [p.moved(*at[k]) for k in structure.ranks for p in sizes[k].parts]
    rooms += [r.badge for r in ways.values() if r.badge is not None]
    dx = -min(r.left for r in rooms)
    moved = {name: routes.moved(way, dx, 0) for name, way in ways.items()}
    placed = []
    for tap in taps:
        x, y = at["operation", tap.box]
        badge = tap.badge and tap.badge.moved(x + dx, y)
        placed.append(replace(tap, x=tap.x + x + dx, y=tap.y + y, turn=tap.turn + y, badge=badge))
    return Tile(
        cell,
        structure,
        sizes,
        {key: (x + dx, y) for key, (x, y) in at.items()},
        moved,
        tuple(placed),
        max(r.right for r in rooms) + dx,
        min(r.top for r in rooms),
        max(r.bottom for r in rooms),
    )
