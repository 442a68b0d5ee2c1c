"""The rows of one cell, from top to bottom: what is carried on runs straight through, branches stand beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...folding.boxes import Box
from ...folding.cells import Cell
from ..marks.structure import Key, Link, Side

_EARLY = 5  # columns from the start of a branch: what joins it there stands over it, and the rest under it


@dataclass
class Row:
    """Nodes that stand on one line. `side` is where parameters reach it from; `carried` runs through the cell."""

    nodes: list[Key]
    side: Side = "below"
    carried: bool = False


def entry(number: int) -> Key:
    """The point at the left border where an entry flows in. It is no vertex, and drawn as nothing."""
    return ("bend", f"entry/{number}")


def leaving(number: int) -> Key:
    """The point at the right border where an own vertex flows out."""
    return ("bend", f"exit/{number}")


def flow_inputs(cell: Cell, box: Box, hung: Mapping[str, object]) -> list[tuple[int, Key]]:
    """(slot, source) of what leads into a box from the left."""
    found: list[tuple[int, Key]] = []
    for slot, name in enumerate(box.inputs):
        if name in cell.entries:
            found.append((slot, entry(cell.entries.index(name))))
        elif name in cell.own or (name in cell.local and name not in hung):
            found.append((slot, ("vertex", name)))
    return found


def hang_locals(cell: Cell) -> dict[str, str]:
    """What is fed for one box alone hangs at it, where something else leads into that box: vertex -> box."""
    found: dict[str, str] = {}
    for box in cell.boxes:
        able = [n for n in dict.fromkeys(box.inputs) if n in cell.local and box.inputs.count(n) == 1]
        able = [n for n in able if sum(n in other.inputs for other in cell.boxes) == 1]
        leads = [n for n in box.inputs if n in cell.own or n in cell.entries or (n in cell.local and n not in able)]
        for name in able if leads else able[1:]:
            found[name] = box.name
            break  # one at a box: the other side is for what is shared
    return found


def ranks(cell: Cell, hung: Mapping[str, str]) -> dict[Key, int]:
    """The column of every node: entries in the first, boxes as far left as what flows into them allows."""
    rank: dict[Key, int] = {entry(i): 0 for i in range(len(cell.entries))}
    for box in cell.boxes:
        before = [rank[source] for _, source in flow_inputs(cell, box, hung) if source in rank]
        here = rank["operation", box.name] = max(before, default=0) + 1
        for name in box.outputs:
            rank["vertex", name] = here + 1
        for name, home in hung.items():
            if home == box.name:
                rank["vertex", name] = here
    for name in cell.local:
        if name not in hung:
            rank["vertex", name] = min(rank["operation", b.name] for b in cell.boxes if name in b.inputs) - 1
    last = max(rank.values()) + 1
    for i, name in enumerate(cell.own):
        if name in cell.exits:
            rank[leaving(i)] = last
    return rank


def _longest(cell: Cell, hung: Mapping[str, str], taken: set[Key], start: Key | None, goal: Key | None) -> list[Key]:
    """The longest path through what is not taken yet, from `start` where one is given, to `goal` where one is given."""
    best: dict[Key, int] = {} if start is None else {start: 0}
    through: dict[Key, Key] = {}
    for box in cell.boxes:
        here: Key = ("operation", box.name)
        if here in taken:
            continue
        ways = []
        for slot, source in flow_inputs(cell, box, hung):
            if source in best:
                ways.append((best[source], -slot, source))
            elif start is None:
                fresh = source[0] == "vertex" and source not in taken
                ways.append((0 if fresh else -1, -slot, source))
        if not ways and start is not None:
            continue
        length, _, source = max(ways, default=(0, 0, ("", "")))
        through[here] = source
        for name in box.outputs:
            out: Key = ("vertex", name)
            if out not in taken or out == goal:
                best[out] = length + 1
                through[out] = here
    ends = [key for key in best if key in through and (goal is None or key == goal)]
    if not ends:
        return []
    key = max(ends, key=best.__getitem__)
    path = [key]
    while (key := through.get(key, ("", ""))) != ("", "") and (key not in taken or key == start):
        path.append(key)
    return path[::-1]


def lines(cell: Cell, hung: Mapping[str, str], carried: Sequence[tuple[int, int]], of: str) -> list[Row]:
    """The rows from top to bottom, with no coordinates yet."""
    taken: set[Key] = set()
    main: list[Row] = []
    tried = [(i, own, _longest(cell, hung, set(), entry(i), ("vertex", cell.own[own]))) for i, own in carried]
    for i, own, path in sorted(tried, key=lambda found: len(found[2])):
        others = {("vertex", cell.own[o]) for _, o in carried if o != own}
        path = path and (_longest(cell, hung, taken | others, entry(i), ("vertex", cell.own[own])) or [])
        row = Row([k for k in path if k not in taken] or [entry(i)], carried=True)
        if ("vertex", cell.own[own]) in row.nodes and leaving(own)[1] and cell.own[own] in cell.exits:
            row.nodes.append(leaving(own))
        taken.update(row.nodes)
        main.append(row)
    if not main:
        goal = ("vertex", of) if of in cell.own else None
        path = _longest(cell, hung, set(), None, goal)
        first = next((b for b in cell.boxes if path and ("operation", b.name) == path[0]), None)
        led = first and next((s for _, s in flow_inputs(cell, first, hung) if s[1].startswith("entry/")), None)
        main.append(Row(([led] if led else []) + path, carried=True))
        taken.update(main[0].nodes)
    branches: list[Row] = []
    while path := _longest(cell, hung, taken, None, None):
        branches.append(Row(path))
        taken.update(path)
    for key in [("vertex", n) for n in cell.vertices if n not in hung] + [entry(i) for i in range(len(cell.entries))]:
        if key not in taken:
            branches.append(Row([key]))
            taken.add(key)
    return _ordered(cell, hung, main, branches)


def _ordered(cell: Cell, hung: Mapping[str, str], main: list[Row], branches: list[Row]) -> list[Row]:
    row_of = {key: row for row in (*main, *branches) for key in row.nodes}
    rank = ranks(cell, hung)
    above: dict[int, list[tuple[int, Row]]] = {}
    below: dict[int, list[tuple[int, Row]]] = {}
    for row in branches:
        parent, at = _joins(cell, hung, row, row_of, rank)
        if parent is None:
            parent, at = main[-1], 0
        # Branches stand between what is carried on: under the first line, and over the last.
        early = at - min(rank[k] for k in parent.nodes) <= _EARLY
        is_above = parent is main[-1] if parent in main else early
        row.side = "above" if is_above else "below"
        (above if is_above else below).setdefault(id(parent), []).append((at, row))

    done: set[int] = set()

    def expand(row: Row) -> list[Row]:
        if id(row) in done:  # two branches that lead to each other
            return []
        done.add(id(row))
        found: list[Row] = []
        for _, child in sorted(above.get(id(row), ()), key=lambda pair: -pair[0]):
            found += expand(child)
        found.append(row)
        for _, child in sorted(below.get(id(row), ()), key=lambda pair: pair[0]):
            found += expand(child)
        return found

    return [row for start in (*main, *branches) for row in expand(start)]


def _joins(
    cell: Cell, hung: Mapping[str, str], row: Row, row_of: Mapping[Key, Row], rank: Mapping[Key, int]
) -> tuple[Row | None, int]:
    """The row that a branch leads to, or comes from where it leads nowhere, and the column where they meet."""
    here, end = set(row.nodes), row.nodes[-1]
    to, back = [], []
    for box in cell.boxes:
        key: Key = ("operation", box.name)
        for _, source in flow_inputs(cell, box, hung):
            if source in here and key not in here and key in row_of:
                # Where its end leads counts; a vertex on the way may be used anywhere else as well.
                to.append((source != end, rank[key], row_of[key]))
            if key in here and source not in here and source in row_of:
                back.append((rank[source], row_of[source]))
    to.sort(key=lambda way: way[:2])
    for at, other in (*(way[1:] for way in to), *back):
        if other is not row:
            return other, at
    return None, 0


def links(cell: Cell, hung: Mapping[str, str], rank: dict[Key, int]) -> list[Link]:
    """The edges inside a cell, of what hangs too, and from what leaves it to the right border; bends enter `rank`."""
    found = []

    def link(key: str, source: Key, target: Key, slot: int) -> None:
        bends: tuple[Key, ...] = ()
        if rank[source] < rank[target] - 1:
            bends = tuple(("bend", f"{key}/{r}") for r in range(rank[source] + 1, rank[target]))
            rank.update({bend: rank[source] + 1 + i for i, bend in enumerate(bends)})
        found.append(Link(key, source, target, slot, bends))

    for box in cell.boxes:
        target: Key = ("operation", box.name)
        flows = dict(flow_inputs(cell, box, hung))
        for slot, name in enumerate(box.inputs):
            if name in hung and hung[name] == box.name:
                found.append(Link(f"{box.name}:{slot}", ("vertex", name), target, slot))
            elif slot in flows:
                link(f"{box.name}:{slot}", flows[slot], target, slot)
        for i, name in enumerate(box.outputs):
            key = f"{box.name}:out" if not i else f"{box.name}:out{i}"
            found.append(Link(key, target, ("vertex", name), i))
    for i, name in enumerate(cell.own):
        if name in cell.exits:
            link(f"exit/{i}", ("vertex", name), leaving(i), 0)
    return found
