"""The paths of the edges: straight along a line, S-curves between columns, both ends exactly on a boundary."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..marks.box_labels import PORT
from ..marks.measure import RADIUS, Sized
from ..marks.picture import Command, Rect
from ..marks.sizing import exchanged as swap
from ..marks.structure import Key, Link, Structure
from .placement import Placed, on_vertical

_FAN = 8.0  # between edges that leave a circle side by side
_BULGE = 20.0  # of two edges between the same two shapes


@dataclass(frozen=True)
class Route:
    """The path of an edge, the room of its badge, and the stem that joins a badge off the path to its operation."""

    path: tuple[Command, ...]
    badge: Rect | None = None
    stem: tuple[Command, ...] = ()

    @property
    def start(self) -> tuple[float, float]:
        """The first point."""
        return self.path[0][1][0], self.path[0][1][1]

    @property
    def end(self) -> tuple[float, float]:
        """The last point."""
        return self.path[-1][1][-2], self.path[-1][1][-1]

    def tip(self, at: Literal["start", "end"]) -> tuple[float, float, float, float]:
        """(x, y, dx, dy): an end of the path and the direction in which it is left there, of length 1."""
        if at == "end":
            before = self.path[-1][1][-4:-2] if self.path[-1][0] == "C" else self.path[-2][1][-2:]
            tip, other = self.end, before
        else:
            tip, other = self.start, self.path[1][1][:2]
        dx, dy = tip[0] - other[0], tip[1] - other[1]
        length = math.hypot(dx, dy) or 1.0
        return (*tip, dx / length, dy / length)


def moved(way: Route, dx: float, dy: float) -> Route:
    """The same route at another place."""
    return Route(moved_path(way.path, dx, dy), way.badge and way.badge.moved(dx, dy), moved_path(way.stem, dx, dy))


def moved_path(path: tuple[Command, ...], dx: float, dy: float) -> tuple[Command, ...]:
    """The same commands at another place."""
    return tuple(
        (c, (v[0] + dx, v[1] + dy))
        if len(v) == 2
        else (c, (v[0] + dx, v[1] + dy, v[2] + dx, v[3] + dy, v[4] + dx, v[5] + dy))
        for c, v in path
    )


def exchanged(way: Route) -> Route:
    """The same route with x and y exchanged."""
    path, stem = (
        tuple((c, tuple(v[i ^ 1] for i in range(len(v)))) for c, v in commands) for commands in (way.path, way.stem)
    )
    return Route(path, way.badge and swap(way.badge), stem)


def _side_x(body: Rect, offset: float, side: int) -> float:
    """The x of a circle's boundary (or of one drawn out) at a height `offset` from its middle; side is -1 or 1."""
    straight = (body.right - body.left) / 2 - RADIUS
    offset = max(abs(offset) - ((body.bottom - body.top) / 2 - RADIUS), 0)
    return side * (straight + math.sqrt(max(RADIUS**2 - offset**2, 0)))


def _offsets(
    structure: Structure, placed: Placed, sizes: Mapping[Key, Sized]
) -> tuple[dict[str, float], dict[str, float]]:
    """For each link the heights, relative to the middles, at which it leaves its source and arrives at its target."""
    leaving: dict[Key, list[Link]] = {}
    arriving: dict[Key, list[Link]] = {}
    for link in structure.links:
        if is_hanging(structure, link):
            continue
        leaving.setdefault(link.source, []).append(link)
        arriving.setdefault(link.target, []).append(link)
    start, end = {}, {}
    for found, links_of, step in ((start, leaving, _FAN), (end, arriving, PORT)):
        for key, links in links_of.items():
            away = {link.key: _height_of_next(link, key, placed) - placed.at[key][1] for link in links}
            order = sorted(links, key=lambda link: (away[link.key], link.slot))
            level = [i for i, link in enumerate(order) if abs(away[link.key]) < 1]
            # The edge that runs straight on keeps the middle; the others go to its sides.
            pivot = float(level[0]) if len(level) == 1 else (len(order) - 1) / 2
            widest = max((abs(i - pivot) for i in range(len(order))), default=1) or 1
            limit = (RADIUS - 6) if key[0] == "vertex" else max(sizes[key].body.bottom - 6, 0)
            limit = 0 if key[0] == "bend" else limit
            for i, link in enumerate(order):
                found[link.key] = (i - pivot) * min(step, limit / widest)
    return start, end


def _height_of_next(link: Link, key: Key, placed: Placed) -> float:
    points = (link.source, *link.bends, link.target)
    return placed.at[points[1] if key == link.source else points[-2]][1]


def is_hanging(structure: Structure, link: Link) -> bool:
    """Whether this is the vertical edge between a hanging vertex and its operation."""
    home = structure.hanging.get(link.source[1]) if link.source[0] == "vertex" else None
    return home is not None and home[0] == link.target[1]


def route(structure: Structure, placed: Placed, sizes: Mapping[Key, Sized]) -> dict[str, Route]:
    """The route of every link, by key."""
    start, end = _offsets(structure, placed, sizes)
    twins: dict[tuple[Key, Key], list[Link]] = {}
    for link in structure.links:
        if not link.bends and not is_hanging(structure, link):
            twins.setdefault((link.source, link.target), []).append(link)

    def level(link: Link) -> bool:
        return abs(placed.at[link.source][1] - placed.at[link.target][1]) < 1

    paths = {}
    for link in structure.links:
        if is_hanging(structure, link):
            paths[link.key] = _vertical(link, placed, sizes)
        elif len(same := twins.get((link.source, link.target), ())) > 1 and level(link):
            paths[link.key] = _parallel(link, same.index(link), len(same), placed, sizes)
        else:
            paths[link.key] = _across(link, start[link.key], end[link.key], placed, sizes)
    return _with_badges(structure, placed, sizes, paths, end)


def _vertical(link: Link, placed: Placed, sizes: Mapping[Key, Sized]) -> tuple[Command, ...]:
    (x0, y0), (x1, y1) = placed.at[link.source], placed.at[link.target]
    up = 1 if y0 > y1 else -1
    start = y0 - up * sizes[link.source].body.bottom
    return (("M", (x0, start)), ("L", (x1, y1 + up * sizes[link.target].body.bottom)))


def _parallel(link: Link, index: int, count: int, placed: Placed, sizes: Mapping[Key, Sized]) -> tuple[Command, ...]:
    """One of several edges between the same two shapes: they bulge away from each other."""
    (x0, y0), (x1, y1) = placed.at[link.source], placed.at[link.target]
    away = 2 * index / (count - 1) - 1  # from -1 to 1
    target = sizes[link.target].body
    dy = away * RADIUS * 0.5
    begin = (x0 + _side_x(sizes[link.source].body, dy, 1), y0 + dy)
    finish = (x1 + target.left, y1 + away * min(PORT, target.bottom - 8))
    third = (finish[0] - begin[0]) / 3
    bulge = away * _BULGE
    return (("M", begin), ("C", (begin[0] + third, y0 + dy + bulge, finish[0] - third, finish[1] + bulge, *finish)))


def _across(link: Link, leave: float, arrive: float, placed: Placed, sizes: Mapping[Key, Sized]) -> tuple[Command, ...]:
    x, y = placed.at[link.source]
    y += leave
    body = sizes[link.source].body
    x += _side_x(body, leave, 1) if link.source[0] == "vertex" else body.right
    path: list[Command] = [("M", (x, y))]
    goal_x, goal_y = placed.at[link.target]
    body = sizes[link.target].body
    if link.target[0] == "vertex":
        goal_x += _side_x(body, arrive, -1)
    else:
        goal_x += body.left
    goal_y += arrive
    for a, b in link.pieces:
        next_y = goal_y if b == link.target else placed.at[b][1]
        if abs(next_y - y) < 0.5:
            continue
        if (a, b) in placed.lanes:
            left, right = placed.lanes[a, b]
            left, right = max(left, x), min(right, goal_x)
        else:  # only the offsets of the ends differ
            left, right = x, goal_x if b == link.target else placed.at[b][0] + sizes[b].body.left
        if left - x > 0.5:
            path.append(("L", (left, y)))
        middle = (left + right) / 2
        path.append(("C", (middle, y, middle, next_y, right, next_y)))
        x, y = right, next_y
    if goal_x - x > 0.01 or len(path) == 1:
        path.append(("L", (goal_x, goal_y)))
    return tuple(path)


def _with_badges(
    structure: Structure,
    placed: Placed,
    sizes: Mapping[Key, Sized],
    paths: Mapping[str, tuple[Command, ...]],
    arrival: Mapping[str, float],
) -> dict[str, Route]:
    routes = {}
    groups: dict[Key, list[Link]] = {}
    for link in structure.links:
        if link.target[0] != "operation":
            routes[link.key] = Route(paths[link.key])
        elif is_hanging(structure, link):
            routes[link.key] = Route(
                paths[link.key],
                on_vertical(*placed.at[link.source], structure.hanging[link.source[1]][1], sizes[link.source]),
            )
        elif not sizes[link.source].badge[0]:  # it never receives anything
            routes[link.key] = Route(paths[link.key])
        else:
            groups.setdefault(link.target, []).append(link)
    leaving = Counter(link.source for link in structure.links if not is_hanging(structure, link))
    for target, links in groups.items():
        order = sorted(links, key=lambda link: (arrival[link.key], link.slot))
        rooms = dict(sizes[target].badges)
        x, y = placed.at[target]
        for i, link in enumerate(order):
            if link.bends and sizes[link.bends[-1]].badge[0]:
                routes[link.key] = Route(paths[link.key], sizes[link.bends[-1]].body.moved(*placed.at[link.bends[-1]]))
                continue
            side = "above" if i == 0 else "below" if i == len(order) - 1 else ""
            if side not in rooms and len(order) == 1:
                side = next(iter(rooms), "")
            if side not in rooms:
                last = (link.source, *link.bends)[-1]
                if not link.bends and leaving.get(link.source, 0) > 1:
                    # Beside the other edges that leave here there is no room: its part is read off the vertex.
                    routes[link.key] = Route(paths[link.key])
                    continue
                until = placed.lanes.get((last, link.target))
                routes[link.key] = Route(
                    paths[link.key], _before_curve(paths[link.key], until, sizes[link.source].badge)
                )
                continue
            width, height = sizes[link.source].badge
            room = rooms[side].moved(x, y)
            centre = room.centre[0]
            sign = -1 if side == "above" else 1
            # The badge stands at the near edge of its room, so that its stem is short.
            near = room.bottom if side == "above" else room.top
            box = Rect(
                centre - width / 2, min(near, near + sign * height), centre + width / 2, max(near, near + sign * height)
            )
            stem = (("M", (x, near)), ("L", (x, y + sign * sizes[target].body.bottom)))
            routes[link.key] = Route(paths[link.key], box, stem)
    return routes


def _before_curve(path: tuple[Command, ...], lane: tuple[float, float] | None, size: tuple[float, float]) -> Rect:
    """On the level piece of a path that ends where its last curve begins, or in the middle of a path that is level."""
    width, height = size
    if lane is not None:
        before = [command[1][-2:] for command in path if command[1][-2] <= lane[0] + 0.01]
        right, y = lane[0] - 4, before[-1][1]
        return Rect(right - width, y - height / 2, right, y + height / 2)
    (x0, y0), (x1, y1) = path[-2][1][-2:], path[-1][1][-2:]
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return Rect(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
