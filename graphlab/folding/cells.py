"""Time steps as cells: what flows into each, what is its own, and which cells are the same but for the names."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ..graph import Graph
from .boxes import Box


@dataclass(frozen=True)
class Cell:
    """The boxes of one time step (t None: what comes before a run or after it), and the vertices around them.

    `own` are computed in it; `local` are fed and used nowhere else; `entries` flow in from other cells; `shared` are
    fed and used by several cells; `exits` are the own ones that others use.
    """

    t: int | None
    boxes: tuple[Box, ...]
    own: tuple[str, ...]
    local: tuple[str, ...]
    entries: tuple[str, ...]
    shared: tuple[str, ...]
    exits: tuple[str, ...] = ()
    signature: tuple = ()
    run: int = 0

    @property
    def vertices(self) -> tuple[str, ...]:
        """What is drawn in it, in an order that equal cells have in common."""
        return (*self.own, *self.local)


def split(graph: Graph, boxes: Sequence[Box], receiving: Collection[str]) -> list[Cell]:
    """The cells in order: what comes before all time steps, if anything, then every step of a run, then what comes
    after it, and so on for each run.
    """
    groups: dict[Place, list[Box]] = {}
    timed: set[str] = set()
    run = 0
    for box in boxes:
        if box.t is not None:
            run = box.run
            place: Place = (run, box.t)
        else:
            place = (run, None) if any(name in timed for name in box.inputs) else _BEFORE
        if place != _BEFORE:
            timed.update(box.outputs)
        groups.setdefault(place, []).append(box)
    # A run may go from the last step to the first: within a run the order is that of evaluation.
    order = sorted(groups, key=lambda place: (place[0], place[1] is None))
    home = {name: place for place in order for box in groups[place] for name in box.outputs}
    users: dict[str, set[Place]] = {}
    for place in order:
        for box in groups[place]:
            for name in box.inputs:
                users.setdefault(name, set()).add(place)
    bare = [_cell(graph, place, groups[place], home, users) for place in order]
    return _with_exits(graph, bare, receiving)


Place = tuple[int, int | None]  # the run, and the step in it; None for what comes after the run
_BEFORE: Place = (-1, None)


def _cell(graph: Graph, place: Place, boxes: list[Box], home: dict, users: dict) -> Cell:
    run, t = place
    own = tuple(name for box in boxes for name in box.outputs)
    local, entries, shared = [], [], []
    for name in dict.fromkeys(name for box in boxes for name in box.inputs):
        if name in own:
            continue
        v = graph.vertices[name]
        before = t is not None and v.t is not None and abs(v.t - t) == 1 and v.kind != "parameter"
        if name in home or (before and name not in graph.producer):
            entries.append(name)
        elif len(users[name]) == 1:
            local.append(name)
        else:
            shared.append(name)
    return Cell(t, tuple(boxes), own, tuple(local), tuple(entries), tuple(shared), run=max(run, 0))


def _with_exits(graph: Graph, cells: list[Cell], receiving: Collection[str]) -> list[Cell]:
    used = {name for cell in cells for name in cell.entries}
    by_facts: dict[tuple, list[Cell]] = {}
    for cell in cells:
        by_facts.setdefault(_facts(graph, cell), []).append(cell)
    found: dict[int, Cell] = {}
    for facts, same in by_facts.items():
        # Equal cells have the same exits, so that they can be laid out once: those that any of them needs.
        exits = sorted({i for cell in same for i, name in enumerate(cell.own) if name in used})
        receives = tuple(
            any(name in receiving for name in names)
            for names in zip(*((*cell.vertices, *cell.entries) for cell in same), strict=True)
        )
        for cell in same:
            names = tuple(cell.own[i] for i in exits)
            signature = (facts, tuple(exits), receives)
            found[id(cell)] = Cell(
                cell.t, cell.boxes, cell.own, cell.local, cell.entries, cell.shared, names, signature, cell.run
            )
    return [found[id(cell)] for cell in cells]


def _facts(graph: Graph, cell: Cell) -> tuple:
    """What the layout of a cell depends on; names do not enter, but for those of shared vertices."""
    slot: dict[str, tuple] = {name: ("shared", name) for name in cell.shared}
    for kind in ("own", "local", "entries"):
        for i, name in enumerate(getattr(cell, kind)):
            v = graph.vertices[name]
            slot[name] = (kind, i, v.shape, "" if kind == "entries" else v.kind)
    boxes = tuple(
        (
            tuple((o.op.name, str(sorted(o.attributes.items()))) for o in box.operations),
            tuple(slot[name] for name in box.inputs),
            tuple(slot[name] for name in box.outputs),
            box.folded,
            box.equation,
            box.title,
        )
        for box in cell.boxes
    )
    carried = tuple(carries(graph, cell))
    return (cell.t is None, boxes, carried)


def carries(graph: Graph, cell: Cell) -> list[tuple[int, int]]:
    """(number of an entry, number of an own vertex) of what is carried on: h_{t-1} comes in and h_t is computed."""
    own: dict[str, int] = {}
    for i, name in enumerate(cell.own):
        if graph.vertices[name].base:
            own.setdefault(graph.vertices[name].base, i)
    if cell.t is None:
        return []
    found = []
    for i, name in enumerate(cell.entries):
        base = graph.vertices[name].base
        step = graph.vertices[name].t
        if base in own and step is not None and abs(step - cell.t) == 1:
            found.append((i, own[base]))
    return found
