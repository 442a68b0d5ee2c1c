"""From structure and sizes to places: Graphviz finds the order and the heights, then the columns are closed up.

Graphviz is given every node at its exact size, chips and badges included. In its answer a column is as wide as its
widest chip; as chips may stand over and under the lower rectangles beside them, the columns then move together as far
as no two rooms touch. Where Graphviz gives no answer in time, a plain layered layout takes its place: a picture always
comes out.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import graphviz

from ..marks.measure import BADGE_SPACE, Sized
from ..marks.picture import Rect
from ..marks.structure import Key, Side, Structure
from . import graphviz_client

GAP = 6.0  # between rooms of different nodes
ROW_GAP = 14.0  # between rows of nodes
_STRAIGHT = 6.0  # edges that rise by less become straight
_SHORTEST = 20.0  # of a straight edge
_PARALLEL = 56.0  # of two edges between the same two shapes
_SHORTEST_CURVE = 40.0
_LONGEST_CURVE = 76.0
_LOOK_BACK = 8  # ranks that a room may reach over


@dataclass(frozen=True)
class Placed:
    """The middle of every node, and for every curved piece of an edge the x between which it may curve."""

    at: Mapping[Key, tuple[float, float]]
    lanes: Mapping[tuple[Key, Key], tuple[float, float]]


def dot_text(
    structure: Structure, sizes: Mapping[Key, Sized], distances: Mapping[str, float]
) -> tuple[str, dict[str, Key]]:
    """The DOT text of a graph and which node of it is which. No text of a user enters it: nodes are numbered."""
    names = {key: f"{key[0][0]}{i}" for i, key in enumerate(structure.ranks)}
    chain = set(structure.chain)
    dot = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "nodesep": f"{GAP / 72:.4f}", "ranksep": "0.3", "splines": "false"},
        node_attr={"shape": "box", "fixedsize": "true", "label": ""},
        edge_attr={"arrowhead": "none"},
    )
    hung = {("vertex", n): (("operation", home), side) for n, (home, side) in structure.hanging.items()}
    columns: dict[int, list[Key]] = {}
    for key, rank in structure.ranks.items():
        columns.setdefault(rank, []).append(key)
    for rank in sorted(columns):
        column = sorted(columns[rank], key=lambda k: k not in chain)
        with dot.subgraph(graph_attr={"rank": "same"}) as same:
            for key in column:
                left, top, right, bottom = sizes[key].reach
                half = max(-top, bottom)
                if key in hung:  # it hangs clear of the rows of chips beside the column
                    half = (distances[key[1]] - sizes[hung[key][0]].reach[3] - GAP + half) / 2
                same.node(
                    names[key],
                    width=f"{2 * max(-left, right) / 72:.4f}",
                    height=f"{2 * half / 72:.4f}",
                    **({"group": "chain"} if key in chain else {}),
                )
    for link in structure.links:
        hanging = hung.get(link.source)
        if hanging and hanging[0] == link.target:
            ends = (names[link.source], names[link.target])
            dot.edge(*(ends[::-1] if hanging[1] == "below" else ends), weight="20")  # the upper one first
            continue
        for a, b in link.pieces:
            inner = a[0] == b[0] == "bend"
            both = a in chain and b in chain
            weight = 100 if both else 30 if link.key.endswith(":out") else 8 if inner else 2
            dot.edge(names[a], names[b], weight=str(weight))
    return dot.source, {name: key for key, name in names.items()}


def arrange(structure: Structure, sizes: Mapping[Key, Sized], distances: Mapping[str, float]) -> Placed:
    """Places for all nodes. It never fails: see the module's text."""
    source, names = dot_text(structure, sizes, distances)
    try:
        found = graphviz_client.find(source)
        heights = {names[node]: -y for node, (_, y) in found.items()}
    except graphviz_client.LayoutFailed:
        heights = _layered(structure, sizes)
    _straighten(structure, sizes, heights, distances)
    return close_up(structure, sizes, heights)


def _layered(structure: Structure, sizes: Mapping[Key, Sized]) -> dict[Key, float]:
    """Heights without Graphviz: the chain in the middle, everything else below it in order of appearance."""
    chain = set(structure.chain)
    rows = {key for key in structure.ranks if key not in chain and key[1] not in structure.hanging}
    heights = dict.fromkeys(structure.ranks, 0.0)
    floor: dict[int, float] = {}
    lowest = max(s.reach[3] for s in sizes.values()) * 2 + 160
    for key in sorted(rows, key=lambda k: structure.ranks[k]):
        rank = structure.ranks[key]
        _, top, _, bottom = sizes[key].reach
        y = floor.get(rank, lowest) + GAP - top
        heights[key] = y
        for r in (rank - 1, rank, rank + 1):
            floor[r] = max(floor.get(r, lowest), y + bottom)
    return heights


def _straighten(
    structure: Structure, sizes: Mapping[Key, Sized], heights: dict[Key, float], distances: Mapping[str, float]
) -> None:
    """Take the last points out of straight lines, hang vertices at their exact distance, and close up the rows.

    What is joined by straight edges is one row and moves as one. From the main line outwards, every row moves towards
    it as far as the rooms in the columns that they share allow.
    """
    hung = {("vertex", n): (("operation", home), side) for n, (home, side) in structure.hanging.items()}
    rows = _rows(structure, heights, hung)
    chain = set(structure.chain)
    middle = heights[structure.chain[0]]
    reach: dict[int, list[tuple[float, float]]] = {}

    def extents(row: list[Key]) -> list[tuple[int, float, float]]:
        found = []
        for key in row:
            shift = 0.0
            if key in hung:
                shift = distances[key[1]] if hung[key][1] == "below" else -distances[key[1]]
            _, top, _, bottom = sizes[key].reach
            found.append((structure.ranks[key], shift + top, shift + bottom))
        return found

    def settle(row: list[Key], y: float) -> None:
        for key in row:
            heights[key] = y
            if key in hung:
                heights[key] += distances[key[1]] if hung[key][1] == "below" else -distances[key[1]]
        for rank, top, bottom in extents(row):
            reach.setdefault(rank, []).append((y + top, y + bottom))

    main = [row for row in rows if any(key in chain for key in row)]
    for row in main:
        settle(row, heights[next(key for key in row if key in chain)])
    others = [
        (statistics.median(heights[key] for key in row if key not in hung), row) for row in rows if row not in main
    ]
    others.sort(key=lambda found: abs(found[0] - middle))
    single = _from_the_main_line(structure, rows, chain)
    for height, row in others:
        upwards, downwards = [], []
        for rank, top, bottom in extents(row):
            for old_top, old_bottom in reach.get(rank, ()):
                downwards.append(old_bottom + ROW_GAP - top)
                upwards.append(old_top - ROW_GAP - bottom)
        if not upwards:
            settle(row, height)
            continue
        above, below = min(upwards), max(downwards)
        stays_below = height >= middle
        if row[0] in single:  # it crosses nothing on either side, and takes the nearer one
            stays_below = below - middle <= middle - above
        settle(row, below if stays_below else above)


def _from_the_main_line(structure: Structure, rows: list[list[Key]], chain: set[Key]) -> set[Key]:
    """The nodes of rows that are joined to the main line alone."""
    row_of = {key: i for i, row in enumerate(rows) for key in row}
    tied: set[int] = set()
    for link in structure.links:
        for a, b in link.pieces:
            if row_of[a] != row_of[b]:
                tied.update(row_of[end] for end, other in ((a, b), (b, a)) if other not in chain)
    return {key for key, i in row_of.items() if i not in tied}


def _rows(structure: Structure, heights: Mapping[Key, float], hung: Mapping[Key, tuple[Key, Side]]) -> list[list[Key]]:
    """Groups of nodes that stand on one line and are joined along it; what hangs goes with its operation."""
    parent = {key: key for key in structure.ranks}

    def root(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    ranks = {key: {rank} for key, rank in structure.ranks.items()}

    def join(a: Key, b: Key) -> None:
        if (a := root(a)) != (b := root(b)):
            parent[a] = b
            ranks[b] |= ranks[a]

    for line in (structure.chain, *structure.lines):
        for a, b in pairwise(line):
            join(b, a)
    main = root(structure.chain[0])
    for link in structure.links:
        for a, b in link.pieces:
            free = not {a, b} & hung.keys() and root(a) != main != root(b) and not ranks[root(a)] & ranks[root(b)]
            if free and abs(heights[a] - heights[b]) < _STRAIGHT:
                join(a, b)
    for key, (home, _) in hung.items():
        join(key, home)
    rows: dict[Key, list[Key]] = {}
    for key in structure.ranks:
        rows.setdefault(root(key), []).append(key)
    # What hangs comes last in its row: the first node of a row gives its height.
    return [sorted(row, key=lambda key: key in hung) for row in rows.values()]


def _between(a: float, b: float) -> tuple[float, float]:
    return (min(a, b) - 10, max(a, b) + 10)


def _curve_room(rise: float) -> float:
    return min(max(_SHORTEST_CURVE, 0.45 * abs(rise)), _LONGEST_CURVE)


def close_up(structure: Structure, sizes: Mapping[Key, Sized], heights: dict[Key, float]) -> Placed:
    """The x of every column: as far left as the rooms of what is placed already allow."""
    columns: dict[int, list[Key]] = {}
    for key, rank in structure.ranks.items():
        columns.setdefault(rank, []).append(key)
    pieces: dict[int, list[tuple[Key, Key, bool]]] = {}
    pairs: dict[tuple[Key, Key], int] = {}
    for link in structure.links:
        for a, b in link.pieces:
            if structure.ranks[a] < structure.ranks[b]:
                pairs[a, b] = pairs.get((a, b), 0) + 1
    for (a, b), count in pairs.items():
        pieces.setdefault(structure.ranks[b], []).append((a, b, count > 1))
    badges = _lane_badges(structure, sizes)
    x: dict[int, float] = {}
    taken: dict[int, list[Rect]] = {}
    lanes: dict[tuple[Key, Key], tuple[float, float]] = {}
    for rank in sorted(columns):
        here = [part.moved(0, heights[k]) for k in columns[rank] for part in sizes[k].parts]
        here += _hang_rooms(structure, sizes, heights, columns[rank])
        near = [rect for r in range(rank - _LOOK_BACK, rank) for rect in taken.get(r, ())]
        at = x.get(rank - 1, 0.0) if x else 0.0
        leftmost = min(new.left for new in here)
        for old in near:
            if old.right + GAP - leftmost <= at:
                continue
            for new in here:
                if old.top < new.bottom + GAP / 2 and new.top < old.bottom + GAP / 2:
                    at = max(at, old.right + GAP - new.left)
        curved = []
        room = max((badges.get((a, b), 0.0) for a, b, _ in pieces.get(rank, ())), default=0.0)
        for a, b, twice in pieces.get(rank, ()):
            if abs(heights[a] - heights[b]) < 1:
                shortest = _PARALLEL if twice else 0.0 if "bend" in (a[0], b[0]) else _SHORTEST
                if (a, b) in badges:
                    shortest = max(shortest, badges[a, b] + _SHORTEST)
                left = x[structure.ranks[a]] + sizes[a].body.right
                at = max(at, left + shortest - sizes[b].body.left)
                continue
            top, bottom = _between(heights[a], heights[b])
            crossing = [r.right for r in near if r.top < bottom and top < r.bottom]
            start = max([*crossing, x[structure.ranks[a]] + sizes[a].body.right])
            end = min([sizes[b].body.left, *(r.left for r in here if r.top < bottom and top < r.bottom)])
            curved.append((a, b, start, end, top, bottom))
        if room:  # badges stand on the edges before they curve, so that no other edge comes there
            common = room + max((start for _, _, start, *_ in curved), default=0.0)
            curved = [(a, b, common, end, top, bottom) for a, b, _, end, top, bottom in curved]
        for _, _, start, end, top, bottom in curved:
            at = max(at, start + _curve_room(bottom - top - 20) + GAP - end)
        x[rank] = at
        taken[rank] = [rect.moved(at, 0) for rect in here]
        for a, b, start, end, top, bottom in curved:
            lanes[a, b] = (start, at + end)
            taken[rank].append(Rect(start, top, at + end, bottom))
    centres = {key: (x[rank], heights[key]) for key, rank in structure.ranks.items()}
    return Placed(centres, lanes)


def on_vertical(x: float, y: float, side: Side, size: Sized) -> Rect:
    """The badge on the edge to a hanging vertex at (x, y): near it, clear of the rows of chips and of the arrow head."""
    width, height = size.badge
    middle = size.body.bottom + BADGE_SPACE + height / 2
    middle = y - middle if side == "below" else y + middle
    return Rect(x - width / 2, middle - height / 2, x + width / 2, middle + height / 2)


def _hang_rooms(
    structure: Structure, sizes: Mapping[Key, Sized], heights: Mapping[Key, float], column: list[Key]
) -> list[Rect]:
    """The rooms of the vertical edges of a column, and of their badges."""
    rooms = []
    for kind, name in column:
        if kind == "vertex" and name in structure.hanging:
            home = ("operation", structure.hanging[name][0])
            top, bottom = sorted((heights["vertex", name], heights[home]))
            rooms.append(Rect(-5, top, 5, bottom))
            rooms.append(on_vertical(0, heights["vertex", name], structure.hanging[name][1], sizes["vertex", name]))
    return rooms


def _lane_badges(structure: Structure, sizes: Mapping[Key, Sized]) -> dict[tuple[Key, Key], float]:
    """The width of the badges that have no room at their operation and stand on the edge, before it curves."""
    arriving: dict[Key, int] = {}
    widths = {}
    for link in structure.links:
        if link.target[0] != "operation" or structure.hanging.get(link.source[1], ("",))[0] == link.target[1]:
            continue
        arriving[link.target] = arriving.get(link.target, 0) + 1
        widths[(link.source, *link.bends)[-1], link.target] = sizes[link.source].badge[0] + 12
    return {pair: w for pair, w in widths.items() if arriving[pair[1]] > len(sizes[pair[1]].badges)}
