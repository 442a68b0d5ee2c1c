"""The structure of a drawing, before any coordinates: the main chain, what hangs from it, ranks, and long edges.

Vertices stand on even ranks and operations on odd ones; a vertex that hangs stands in the column of its operation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from ...folding.boxes import Box, single
from ...graph import Graph, Vertex

Side = Literal["below", "above"]
_MOST_LINES = 100  # beyond it, what is joined level is a line

Key = tuple[str, str]  # ("vertex", name), ("operation", name of its box) or ("bend", "edge key/number")


@dataclass(frozen=True)
class Link:
    """One edge of the graph: from `source` to `target`, through bends, one on every rank between them."""

    key: str
    source: Key
    target: Key
    slot: int
    bends: tuple[Key, ...] = ()

    @property
    def pieces(self) -> Iterator[tuple[Key, Key]]:
        """The pieces of the edge, each from one rank to the next."""
        return pairwise((self.source, *self.bends, self.target))


@dataclass(frozen=True)
class Structure:
    """chain: vertices and operations of the main line; hanging: vertex -> (operation, side); ranks of all nodes.

    `lines` are the branches, each a straight line of its own with the bends of the edges that lead to it and from it.
    """

    chain: tuple[Key, ...]
    hanging: Mapping[str, tuple[str, Side]]
    ranks: Mapping[Key, int]
    links: tuple[Link, ...]
    lines: tuple[tuple[Key, ...], ...] = ()


class Drawn:
    """What of a graph is drawn: its boxes in order, the vertices around them, who computes them and who uses them."""

    def __init__(self, graph: Graph, boxes: Sequence[Box]) -> None:
        self.boxes = boxes
        self.producer = {name: box for box in boxes for name in box.outputs}
        used = {name for box in boxes for name in box.inputs}
        self.vertices: dict[str, Vertex] = {
            name: v
            for name, v in graph.vertices.items()
            if name in used or name in self.producer or name not in graph.producer
        }
        self.consumers: dict[str, list[tuple[Box, int]]] = {name: [] for name in self.vertices}
        for box in boxes:
            for slot, name in enumerate(box.inputs):
                self.consumers[name].append((box, slot))


def main_chain(drawn: Drawn, of: str) -> tuple[Key, ...]:
    """The longest path that ends in `of`; among equals the one that starts at an input, through the earlier slots."""
    best: dict[str, tuple[int, bool]] = {n: (0, v.kind == "input") for n, v in drawn.vertices.items()}
    through: dict[str, str] = {}
    for box in drawn.boxes:
        rank = [(best[name][0], best[name][1], -slot, name) for slot, name in enumerate(box.inputs)]
        if rank:
            length, starts, _, name = max(rank)
            for output in box.outputs:
                best[output] = (length + 1, starts)
                through[output] = name
    path: list[Key] = [("vertex", of)]
    while (name := path[-1][1]) in through:
        path += [("operation", drawn.producer[name].name), ("vertex", through[name])]
    return tuple(reversed(path))


def hang(drawn: Drawn, chain: tuple[Key, ...]) -> dict[str, tuple[str, Side]]:
    """The vertices that are fed and stand in the column of their operation: one below it, a second one above."""
    on_chain = {name for kind, name in chain if kind == "vertex"}
    found: dict[str, tuple[str, Side]] = {}
    for box in drawn.boxes:
        names = list(dict.fromkeys(box.inputs))
        able = [n for n in names if n not in found and _can_hang(drawn, box, n, on_chain)]
        if len(able) == len(names):  # something has to lead into the column from the left
            able.remove(max(able, key=lambda n: (drawn.vertices[n].kind == "input", -names.index(n))))
        for name, side in zip(able, ("below", "above"), strict=False):
            found[name] = (box.name, side)
    return found


def _can_hang(drawn: Drawn, box: Box, name: str, on_chain: set[str]) -> bool:
    if name in drawn.producer or name in on_chain or box.inputs.count(name) > 1:
        return False
    # What is used again by later operations hangs from the first: those stand further to the right (see `_ranks`).
    return drawn.consumers[name][0][0] is box


def _ranks(drawn: Drawn, chain: tuple[Key, ...], hanging: Mapping[str, tuple[str, Side]]) -> dict[Key, int]:
    rank: dict[Key, int] = {}
    fed = [n for n in drawn.vertices if n not in drawn.producer]
    for box in drawn.boxes:
        before = [0]
        for name in box.inputs:
            if name in hanging:
                home = hanging[name][0]
                if home != box.name:
                    before.append(rank["operation", home] + 1)
            elif name in drawn.producer:
                before.append(rank["vertex", name])
        rank["operation", box.name] = max(before) + 1
        rank.update({("vertex", name): max(before) + 2 for name in box.outputs})
    fixed = set(chain)
    # What is not on the chain moves to where it is used, so that a short branch ends beside its goal.
    for box in reversed(drawn.boxes):
        users = [rank["operation", b.name] for name in box.outputs for b, _ in drawn.consumers[name]]
        # What hangs here and is used again stays to the left of its other uses.
        hung = [n for n in box.inputs if hanging.get(n, ("",))[0] == box.name]
        later = [rank["operation", b.name] - 2 for n in hung for b, _ in drawn.consumers[n] if b is not box]
        if users and ("operation", box.name) not in fixed:
            rank["operation", box.name] = min(*(r - 2 for r in users), *later, max(users))
            rank.update({("vertex", name): rank["operation", box.name] + 1 for name in box.outputs})
    for name in fed:
        if name in hanging:
            rank["vertex", name] = rank["operation", hanging[name][0]]
        elif (users := [rank["operation", b.name] for b, _ in drawn.consumers[name]]) and (
            "vertex",
            name,
        ) not in fixed:
            rank["vertex", name] = min(users) - 1
        else:
            rank["vertex", name] = 0
    return rank


def _lines(drawn: Drawn, chain: tuple[Key, ...], hanging: Mapping[str, tuple[str, Side]]) -> list[list[Key]]:
    """What is not on the main line as paths, the longest first: each ends where it joins a line that was there before."""
    taken = {*chain, *(("vertex", name) for name in hanging)}
    found = []
    for _ in range(_MOST_LINES):
        best: dict[str, tuple[int, bool, int]] = {}
        through: dict[str, str] = {}
        for box in drawn.boxes:
            if ("operation", box.name) in taken:
                continue
            ways = []
            for slot, name in enumerate(box.inputs):
                if hanging.get(name, ("",))[0] != box.name:
                    # Among equals the one that leaves a vertex which other lines have too: gradients meet there.
                    length, shared, _ = best.get(name, (0, ("vertex", name) in taken, 0))
                    ways.append((length, shared, -slot, name))
            length, shared, slot, before = max(ways, default=(0, False, 0, ""))
            for name in box.outputs:
                best[name], through[name] = (length + 1, shared, slot), before
        if not best:
            break
        name = max(best, key=best.__getitem__)
        line: list[Key] = []
        while name in best:
            line += [("vertex", name), ("operation", drawn.producer[name].name)]
            name = through[name]
        if name and ("vertex", name) not in taken:
            line.append(("vertex", name))
        taken.update(line)
        found.append(line[::-1])
    return found


def _with_bends(line: list[Key], links: list[Link], ranks: Mapping[Key, int], taken: set[Key]) -> tuple[Key, ...]:
    """A line with the bends between its nodes, of one edge that leads to its start, and of one that leaves its end."""
    here = set(line)
    whole = list(line)
    filled = {ranks[key] for key in line}
    led = left = False
    for link in links:
        if not link.bends or link.bends[0] in taken or not filled.isdisjoint(ranks[bend] for bend in link.bends):
            continue
        inner = link.source in here and link.target in here
        leads = not led and link.target == line[0]
        leaves = not left and link.source == line[-1] and link.target not in here
        if inner or leads or leaves:
            led, left = led or leads, left or leaves
            whole += link.bends
            filled.update(ranks[bend] for bend in link.bends)
            taken.update(link.bends)
    return tuple(whole)


def build(graph: Graph, of: str, boxes: Sequence[Box] | None = None) -> Structure:
    """The structure of a graph drawn as these boxes (by default its operations), whose main line leads to `of`."""
    drawn = Drawn(graph, boxes or [single(o) for o in graph.operations])
    chain = main_chain(drawn, of)
    hanging = hang(drawn, chain)
    ranks = _ranks(drawn, chain, hanging)
    links = []
    for box in drawn.boxes:
        target = ("operation", box.name)
        for slot, name in enumerate(box.inputs):
            source, key = ("vertex", name), f"{box.name}:{slot}"
            bends = ()
            if hanging.get(name, ("",))[0] != box.name:
                bends = tuple(("bend", f"{key}/{r}") for r in range(ranks[source] + 1, ranks[target]))
                ranks.update({bend: ranks[source] + 1 + i for i, bend in enumerate(bends)})
            links.append(Link(key, source, target, slot, bends))
        for i, name in enumerate(box.outputs):
            links.append(Link(f"{box.name}:out{i or ''}", target, ("vertex", name), i))
    taken: set[Key] = set()
    lines = tuple(_with_bends(line, links, ranks, taken) for line in _lines(drawn, chain, hanging))
    return Structure(chain, hanging, ranks, tuple(links), lines)
