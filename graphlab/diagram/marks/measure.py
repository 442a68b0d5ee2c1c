"""The sizes of everything that is drawn at a node, before it has a place: boxes, chips, badges, relative to its middle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from ...folding.boxes import Box, single
from ...graph import Graph, Vertex
from . import chips, labels
from .box_labels import face
from .labels import Label
from .picture import Rect
from .sizing import NATURAL, Setting
from .structure import Key, Link, Side, Structure

RADIUS = 25.0
CHIP_GAP = 7.0  # between a circle and its chip
BADGE_GAP = 7.0  # between the rows of chips and a badge
BADGE_SPACE = 22.0  # between a hanging vertex and the badge on its edge: room for the arrow head
STEM = 6.0  # half the width kept free for a vertical edge between chips
LABEL_SIZE = 21.0
SMALLEST_LABEL = 13.0
_WIDEST_LABEL = 180.0


@dataclass(frozen=True)
class Sized:
    """A node with everything that belongs to it, relative to the middle of its circle or rectangle.

    `body` is the circle or rectangle, `value`, `gradient` the rooms of the chips, `badges` the rooms over and under an
    operation for what it sends back, `badge` the size of a vertex's own badge. `scale` scales the label.
    """

    body: Rect
    label: Label | None = None
    scale: float = 1.0
    value: Rect | None = None
    gradient: Rect | None = None
    badge: tuple[float, float] = (0.0, 0.0)
    badges: tuple[tuple[Side, Rect], ...] = ()
    stems: tuple[Rect, ...] = ()

    @property
    def parts(self) -> tuple[Rect, ...]:
        """All rooms that nothing else may cover."""
        rooms = (self.value, self.gradient, *(rect for _, rect in self.badges), *self.stems)
        return (self.body, *(r for r in rooms if r is not None))

    @property
    def reach(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom of all parts together."""
        return (
            min(p.left for p in self.parts),
            min(p.top for p in self.parts),
            max(p.right for p in self.parts),
            max(p.bottom for p in self.parts),
        )


def _around(x: float, y: float, width: float, height: float) -> Rect:
    return Rect(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _fitted(label: Label, room: float, times: float) -> float:
    """The scale at which a label fits into a circle, or the smallest that can be read."""
    wanted = times * LABEL_SIZE / labels.SIZE
    if label.width * wanted <= room:
        return wanted
    return max(room / label.width, times * SMALLEST_LABEL / labels.SIZE)


def vertex(v: Vertex, hanging: str | None, receives: bool = True, setting: Setting = NATURAL) -> Sized:
    """A vertex with the rooms of its chips: above and below it, or where it hangs on the side away from its operation.

    What receives no gradient has no room for one.
    """
    label = labels.latex(v.latex)
    scale = _fitted(label, 2 * RADIUS - (18 if v.kind in ("parameter", "input") else 14), setting.scale)
    width = label.width * scale
    if width > _WIDEST_LABEL:
        scale *= _WIDEST_LABEL / width
        width = _WIDEST_LABEL
    long = max(2 * RADIUS, width + 24 if width > 2 * RADIUS - 8 else 0)
    body = setting.measured(_around(0, 0, long, 2 * RADIUS))
    value, gradient, badge = _rooms(v, hanging, receives, body.bottom, setting)
    return Sized(body, label, scale, value, gradient, badge)


def _rooms(
    v: Vertex, hanging: str | None, receives: bool, edge: float, setting: Setting
) -> tuple[Rect | None, Rect | None, tuple[float, float]]:
    """The rooms of a vertex's chips, and the size of its badge; `edge` is where its circle ends."""
    form = chips.form(v.shape, "value", setting)
    along, across = setting.sides(form.width, form.height)
    first = edge + CHIP_GAP + across / 2
    sign = -1 if hanging == "above" else 1
    alone = _around(0, sign * first, along, across)
    if not (receives and setting.values):
        one = alone if hanging is not None or not receives else _around(0, -first, along, across)
        value, gradient = (alone if setting.values else None), (one if receives else None)
    elif hanging is None:
        value, gradient = alone, _around(0, -first, along, across)
    elif (form.spelled or not form.rows) and not setting.down:
        value, gradient = alone, _around(0, sign * (first + across + 4), along, across)
    else:  # two heat maps stand side by side
        aside = along / 2 + 3
        value, gradient = (_around(x, sign * first, along, across) for x in (-aside, aside))
    small = chips.form(v.shape, "badge", setting)
    return value, gradient, setting.sides(small.width, small.height) if receives else (0.0, 0.0)


def sizes(
    graph: Graph,
    structure: Structure,
    receiving: Collection[str] | None = None,
    boxes: Sequence[Box] | None = None,
    setting: Setting = NATURAL,
) -> tuple[dict[Key, Sized], dict[str, float]]:
    """Every node's sizes, and the distances at which vertices hang from the middle of their boxes.

    `receiving` names the vertices that receive a gradient in the walk; by default every one may. `boxes` are what is
    drawn, by default every operation.
    """
    found: dict[Key, Sized] = {}
    receiving = graph.vertices if receiving is None else receiving
    for name in (name for kind, name in structure.ranks if kind == "vertex"):
        side = structure.hanging.get(name)
        found["vertex", name] = vertex(graph.vertices[name], side and side[1], name in receiving, setting)
    on_chain = set(structure.chain)
    in_one_row = set() if setting.down else on_chain  # beside a line that runs down, chips are no row in the way
    row = max(found[key].reach[3] for key in structure.chain if key[0] == "vertex")
    most = 0.0
    for name in structure.hanging:
        most = max(most, found["vertex", name].badge[1])
    for box in boxes or [single(o) for o in graph.operations]:
        key = ("operation", box.name)
        found[key] = _box(box, graph, structure, found, row if key in in_one_row else None, setting)
    distances = {}
    for name, (home, _) in structure.hanging.items():
        over = row + BADGE_GAP + most
        if ("operation", home) not in in_one_row:  # nothing has to stand in one row: as near as it goes
            over = found["operation", home].body.bottom + found["vertex", name].badge[1] + BADGE_GAP
        distances[name] = over + BADGE_SPACE + found["vertex", name].body.bottom
    for link in structure.links:
        found.update({bend: Sized(_around(0, 0, 28, 16)) for bend in link.bends})
    for link in structure.links:
        home = found[link.target]
        size = found[link.source].badge
        if not (link.bends and size[0] and len(home.badges) == 1) or link.target in on_chain:
            continue
        if _only_sender(link, structure, found):
            # The badge stands on the long edge itself; over the operation it would take a row of its own.
            found[link.bends[-1]] = Sized(_around(0, 0, size[0] + 8, size[1]), badge=size)
            found[link.target] = replace(home, badges=(), stems=())
    arriving = Counter(link.target for link in structure.links if link.target[0] == "operation")
    for link in structure.links:
        home = structure.hanging.get(link.source[1], ("",))[0]
        if link.bends and home != link.target[1] and arriving[link.target] > len(found[link.target].badges) + 1:
            bend = found[link.bends[-1]]  # a badge that has no room at its box stands here, before the edge curves
            if not bend.badge[0]:
                found[link.bends[-1]] = replace(bend, body=_around(0, 0, 28, max(16.0, found[link.source].badge[1])))
    return found, distances


def _only_sender(link: Link, structure: Structure, found: Mapping[Key, Sized]) -> bool:
    return not any(
        other.target == link.target and other is not link and found[other.source].badge[0]
        for other in structure.links
        if other.source[1] not in structure.hanging or structure.hanging[other.source[1]][0] != other.target[1]
    )


def _beside(box: Box, structure: Structure, found: Mapping[Key, Sized], body: Rect, here: Collection[str]) -> float:
    """How far from the middle of an operation off the main line its badges begin: over the rows of chips beside it,
    or over the operation itself where badges and chips stand clear of each other anyhow."""
    near = [found["vertex", n] for n in (*box.inputs, *box.outputs) if n not in here]
    widest = max(n.badge[0] for n in near) / 2
    clear = all(RADIUS + 20 - body.left >= n.reach[2] + widest + 6 for n in near)
    return body.bottom if clear else max(n.reach[3] for n in near)


def _box(
    box: Box,
    graph: Graph,
    structure: Structure,
    found: dict[Key, Sized],
    row: float | None,
    setting: Setting,
) -> Sized:
    here = [n for n, (home, _) in structure.hanging.items() if home == box.name]
    arriving = [s for s, n in enumerate(box.inputs) if n not in here]
    label, scale, body = face(graph, box, max(len(arriving), len(box.outputs)), 0, setting)
    if row is None:
        row = _beside(box, structure, found, body, here)
    row = max(row, body.bottom)
    taken = {structure.hanging[n][1] for n in here}
    badges, stems = [], []
    badges_of = [found["vertex", box.inputs[s]].badge for s in arriving if box.sends[s]]
    sending = [size for size in badges_of if size[0]]
    # A badge over the rows of chips for the edge along the line, one under them where a second edge arrives.
    for side in [s for s in ("above", "below") if s not in taken][: len(sending)]:
        width, height = (max(size) for size in zip(*sending, strict=True))
        sign = -1 if side == "above" else 1
        badges.append((side, _around(0, sign * (row + BADGE_GAP + height / 2), width, height)))
        stems.append(_around(0, sign * (body.bottom + row + BADGE_GAP) / 2, 2 * STEM, row + BADGE_GAP - body.bottom))
    return Sized(body, label, scale, badges=tuple(badges), stems=tuple(stems))
