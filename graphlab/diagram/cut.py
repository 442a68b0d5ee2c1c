"""A part of a picture: only some vertices and what lies between them, or no more paper than what is drawn needs."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from .layout.routes import moved_path
from .marks.picture import Cell, Chip, Command, EdgeShape, FrameShape, Picture, Rect, Text
from .marks.still import Stills, room

MARGIN = 4.0  # pixels around what is left
STUB = 30.0  # pixels that are left of an edge that has lost an end
_PADDING, _CAPTION, _NARROWEST = 16.0, 26.0, 110.0  # of a frame around a time step
_PIECES = 16  # straight pieces that a curve is cut into

Node = tuple[str, str]


def only(picture: Picture, names: Iterable[str]) -> Picture:
    """These vertices, and what lies on a way from one of them to another; the frame is that of what is left.

    An edge that loses an end stays as a stub. Steps keep their numbers. Raises ValueError for a name that the picture
    has no vertex of.
    """
    wanted = {("vertex", name) for name in names}
    shown = {("vertex", v.name) for v in picture.vertices}
    if not wanted or wanted - shown:
        raise ValueError(", ".join(sorted(name for _, name in wanted - shown)))
    ends = {e.key: _ends(e) for e in picture.edges}
    ahead: dict[Node, list[Node]] = {}
    behind: dict[Node, list[Node]] = {}
    for source, target in ends.values():
        ahead.setdefault(source, []).append(target)
        behind.setdefault(target, []).append(source)
    kept = wanted | (_reached(wanted, ahead) & _reached(wanted, behind))
    vertices = tuple(v for v in picture.vertices if ("vertex", v.name) in kept)
    operations = tuple(o for o in picture.operations if ("operation", o.name) in kept)
    edges = tuple(
        edge if len(left) == 2 else _stub(edge, left == {ends[edge.key][1]})
        for edge in picture.edges
        if (left := kept & set(ends[edge.key]))
    )
    whole = {key for key, pair in ends.items() if kept.issuperset(pair)}
    part = replace(
        picture,
        vertices=vertices,
        operations=operations,
        edges=edges,
        references=tuple(r for r in picture.references if r.edge in whole),
        clock=(),  # it stands in a corner of the whole
    )
    return cropped(replace(part, frames=_frames(part)))


def _frames(part: Picture) -> tuple[FrameShape, ...]:
    """The frames that still hold something, drawn closer around it; all of them reach as far up and down."""
    rooms = [shape.box for shape in (*part.vertices, *part.operations, *part.references)]
    rooms += [c.rect for v in part.vertices for c in (*v.values, *v.gradients)]
    rooms += [e.badge.box for e in part.edges if e.badge is not None]
    lines = [Rect(x, y, x, y) for e in part.edges for x, y in _points(e.path)]
    found = []
    for frame in part.frames:
        held = [r for r in rooms if frame.box.overlaps(r)]
        if not held:
            continue
        low = max(r.bottom for r in (*rooms, *lines) if frame.box.overlaps(r)) + _PADDING
        top = min(r.top for r in (*rooms, *lines) if frame.box.overlaps(r)) - _PADDING - _CAPTION
        left, right = min(r.left for r in held) - _PADDING, max(r.right for r in held) + _PADDING
        found.append((frame, Rect(left, top, max(right, left + _NARROWEST), low)))
    top, low = min((r.top for _, r in found), default=0), max((r.bottom for _, r in found), default=0)
    return tuple(
        replace(
            frame,
            box=Rect(r.left, top, r.right, low),
            label_at=(r.left + frame.label_at[0] - frame.box.left, top + frame.label_at[1] - frame.box.top),
        )
        for frame, r in found
    )


def _ends(edge: EdgeShape) -> tuple[Node, Node]:
    kinds = ("vertex", "operation") if edge.part == "in" else ("operation", "vertex")
    return (kinds[0], edge.source), (kinds[1], edge.target)


def _reached(start: Collection[Node], ways: Mapping[Node, Iterable[Node]]) -> set[Node]:
    """What can be reached from the start, in one step or more."""
    found: set[Node] = set()
    waiting = list(start)
    while waiting:
        for node in ways.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _stub(edge: EdgeShape, at_target: bool) -> EdgeShape:
    """What is left of an edge beside the end that it keeps."""
    points = _points(edge.path)
    points = _first(points[::-1], STUB)[::-1] if at_target else _first(points, STUB)
    path: tuple[Command, ...] = (("M", points[0]), *(("L", p) for p in points[1:]))
    head = edge.head if at_target else _tip(points[-2], points[-1])
    tail = edge.tail if not at_target else _tip(points[1], points[0])
    return replace(edge, path=path, head=head, tail=tail, badge=None, stem=(), badges=())


def _tip(before: tuple[float, float], at: tuple[float, float]) -> tuple[float, float, float, float]:
    length = math.dist(before, at) or 1.0
    return (*at, (at[0] - before[0]) / length, (at[1] - before[1]) / length)


def _points(path: Iterable[Command]) -> list[tuple[float, float]]:
    """A path as straight pieces."""
    found: list[tuple[float, float]] = []
    for letter, v in path:
        if letter != "C":
            found.append((v[0], v[1]))
            continue
        x, y = found[-1]
        for i in range(1, _PIECES + 1):
            t = i / _PIECES
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
            found.append((a * x + b * v[0] + c * v[2] + d * v[4], a * y + b * v[1] + c * v[3] + d * v[5]))
    return found


def _first(points: list[tuple[float, float]], length: float) -> list[tuple[float, float]]:
    """So much of a row of straight pieces, from its start."""
    found = [points[0]]
    for here in points[1:]:
        step = math.dist(found[-1], here)
        if step >= length:
            part = length / step
            x, y = found[-1]
            return [*found, (x + part * (here[0] - x), y + part * (here[1] - y))]
        if step > 0:
            found.append(here)
            length -= step
    return found


def cropped(picture: Picture, steps: Iterable[int] | None = None) -> Picture:
    """The picture with its frame drawn close around all that is seen at some of the steps, by default at any."""
    stills = Stills(picture)
    parts = {p.key: p for step in (range(picture.steps + 1) if steps is None else steps) for p in stills.at(step)}
    rooms = [(room(mark), mark.look.width / 2) for part in parts.values() for mark in part]
    left = min(r.left - w for r, w in rooms) - MARGIN
    top = min(r.top - w for r, w in rooms) - MARGIN
    right = max(r.right + w for r, w in rooms) + MARGIN
    bottom = max(r.bottom + w for r, w in rooms) + MARGIN
    return replace(moved(picture, -left, -top), width=round(right - left, 1), height=round(bottom - top, 1))


def moved(picture: Picture, dx: float, dy: float) -> Picture:
    """The same picture with everything at another place."""

    def at(point: tuple[float, float]) -> tuple[float, float]:
        return point[0] + dx, point[1] + dy

    def tip(end: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        return end[0] + dx, end[1] + dy, end[2], end[3]

    def shape(s):
        return replace(s, box=s.box.moved(dx, dy), label_at=at(s.label_at))

    def edge(e: EdgeShape) -> EdgeShape:
        path, stem = moved_path(e.path, dx, dy), moved_path(e.stem, dx, dy)
        badge, badges = e.badge and _moved_chip(e.badge, dx, dy), tuple(_moved_chip(b, dx, dy) for b in e.badges)
        return replace(e, path=path, head=tip(e.head), tail=tip(e.tail), badge=badge, stem=stem, badges=badges)

    def vertex(v):
        values, gradients = (tuple(_moved_chip(c, dx, dy) for c in chips) for chips in (v.values, v.gradients))
        return replace(shape(v), values=values, gradients=gradients)

    return replace(
        picture,
        vertices=tuple(map(vertex, picture.vertices)),
        operations=tuple(map(shape, picture.operations)),
        edges=tuple(map(edge, picture.edges)),
        frames=tuple(map(shape, picture.frames)),
        references=tuple(map(shape, picture.references)),
        clock=tuple(_moved_chip(chip, dx, dy) for chip in picture.clock),
    )


def _moved_chip(chip: Chip, dx: float, dy: float) -> Chip:
    def text(t: Text) -> Text:
        return replace(t, x=t.x + dx, y=t.y + dy)

    def cell(c: Cell) -> Cell:
        return replace(c, rect=c.rect.moved(dx, dy))

    # Made anew, so that one which would be filled later has its contents.
    return Chip(
        chip.role,
        chip.step,
        chip.rect.moved(dx, dy),
        chip.box.moved(dx, dy),
        tuple(map(text, chip.texts)),
        tuple(map(cell, chip.cells)),
        chip.title,
        chip.part,
        chip.parts,
        tuple(r.moved(dx, dy) for r in chip.winners),
        chip.blank,
    )
