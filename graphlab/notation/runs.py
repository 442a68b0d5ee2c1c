"""Equations over time -> runs through time: what depends on what, which way each run goes, and in which order."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field

from . import names
from .clocks import Clock, Run, gathered
from .mistakes import timing as mistakes
from .spans import Span
from .tree import Equation, Node, walk


@dataclass(eq=False, slots=True)
class _Edge:
    """What an item needs. `offset` is the step it is needed from: 0 this one, -1 the one before; None: before the run."""

    source: int
    offset: int | None
    name: str
    span: Span


@dataclass(eq=False, slots=True)
class _Item:
    """An equation, or a part of one outside of time that is computed at each step.

    `way` is 1 for what needs earlier steps of itself, -1 for later ones, 0 for neither. `place` is the number of its
    run; of an equation outside of time, the number of runs that come before it.
    """

    equation: Equation
    part: Node | None
    timed: bool
    needs: list[_Edge] = field(default_factory=list)
    way: int = 0
    place: int = 0

    @property
    def key(self) -> str | int:
        use = names.timed(self.equation.name)
        return use.base if use else id(self.part)


class Schedule:
    """The order in which the equations of a clock are evaluated. Made with all names checked, before the lengths.

    Raises NotationError for what needs itself within a step, or before a run what only the run computes.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.items: list[_Item] = []
        self.lefts: dict[str, int] = {}
        self._make_items()
        for number, item in enumerate(self.items):
            self._find_needs(number, item)
        self.groups = _strongly_connected([[e.source for e in item.needs] for item in self.items])
        self.group_of = {number: g for g, group in enumerate(self.groups) for number in group}
        for group in self.groups:
            self._check_group(sorted(group))

    def _make_items(self) -> None:
        for equation in self.clock.equations:
            timed = names.timed(equation.name) is not None
            if not timed:
                for _, part in gathered(equation):
                    self.items.append(_Item(equation, part, True))
            self.lefts[equation.name] = len(self.items)
            self.items.append(_Item(equation, None, timed))

    def _find_needs(self, number: int, item: _Item) -> None:
        clock = self.clock
        if item.part is not None:
            owner = self.items[self.lefts[item.equation.name]]
            owner.needs.append(_Edge(number, None, "", item.part.span))
            nodes = list(walk(item.part))
        else:
            inner = {id(n) for _, part in gathered(item.equation) for n in walk(part)} if not item.timed else set()
            nodes = [n for n in walk(item.equation.right) if id(n) not in inner]
        for node in nodes:
            if node.kind != "name":
                continue
            name, span = node.value, node.span
            if (use := names.timed(name)) is not None:
                if use.base in clock.defined:
                    self._need(item, names.at(use.base, "t"), use.offset, name, span)
                if use.offset:
                    self._need(item, clock.bound(use.base, 1 if use.offset > 0 else -1), None, name, span)
            elif base := clock.last_of(name) or clock.first_of(name):
                self._need(item, names.at(base, "t"), None, name, span)
            else:
                self._need(item, name, None, name, span)

    def _need(self, item: _Item, left: str, offset: int | None, name: str, span: Span) -> None:
        if left in self.lefts:
            item.needs.append(_Edge(self.lefts[left], offset, name, span))

    def _check_group(self, group: Sequence[int]) -> None:
        """What needs each other: steps of one run, which then goes one way, or a mistake."""
        inside = [(n, e) for n in group for e in self.items[n].needs if e.source in group]
        if not inside or not any(self.items[n].timed for n in group):
            return  # a circle outside of time is found with the other names
        for number, edge in inside:
            item = self.items[number]
            base = self.clock.last_of(edge.name) if edge.name else ""
            if edge.offset is None and base and names.timed(item.equation.name):
                raise mistakes.last_inside(edge.name, edge.span, base, item.equation)
        # What is named is a better place for the message than the start that h_{t-1} implies.
        before = [(n, e) for n, e in inside if e.offset is None and not (e.name and names.timed(e.name))]
        for _, edge in sorted(before, key=lambda found: (not self.items[found[0]].timed, not found[1].name)):
            raise mistakes.too_late(edge.name or edge.span.text, edge.span)
        ahead = next((e for _, e in inside if (e.offset or 0) > 0), None)
        back = next((e for _, e in inside if (e.offset or 0) < 0), None)
        if ahead and back:
            raise mistakes.both_ways(ahead.name, back.name, ahead.span)
        now: list[list[int]] = [[] for _ in self.items]
        for number, edge in inside:
            if edge.offset == 0:
                now[number].append(edge.source)
        for circle in _strongly_connected(now):
            for number in sorted(circle):
                for edge in self.items[number].needs:
                    if edge.offset == 0 and edge.source in circle:
                        base = names.timed(edge.name).base  # type: ignore[union-attr]
                        other = mistakes.shown(base, 1 if ahead else -1)
                        raise mistakes.needs_itself(self.items[number].equation, edge.span, edge.name, other)
        for number in group:
            self.items[number].way = 1 if back else -1

    def fill(self) -> None:
        """Put the runs into the clock, once all lengths are known."""
        runs: list[Run] = []
        order = _in_order(
            range(len(self.groups)),
            lambda g: {self.group_of[e.source] for n in self.groups[g] for e in self.items[n].needs} - {g},
            [min(group) for group in self.groups],
        )
        for g in order:
            self._place(sorted(self.groups[g]), runs)
        self._put_off(order, runs)
        used = sorted({item.place for item in self.items if item.timed})
        self.clock.runs = [runs[place] for place in used]
        for place, run in zip(used, self.clock.runs, strict=True):
            mine = [n for n, item in enumerate(self.items) if item.timed and item.place == place]
            parts = ((self.items[n].equation, self.items[n].part) for n in mine)
            run.parts = [(equation, part) for equation, part in parts if part is not None]
            loop = [n for n in mine if self.items[n].part is None]
            run.loop = [self.items[n].equation for n in self._sorted(loop, 0)]
        rest = [n for n, item in enumerate(self.items) if not item.timed]
        for n in self._sorted(rest, None):
            later = next((i for i, place in enumerate(used) if place >= self.items[n].place), None)
            (self.clock.after if later is None else self.clock.runs[later].before).append(self.items[n].equation)

    def _sorted(self, numbers: Sequence[int], offset: int | None) -> list[int]:
        """The items, each behind those it needs at this offset; in the order of the text where that is one."""
        needs = {n: {e.source for e in self.items[n].needs if e.offset == offset} & {*numbers} for n in numbers}
        return _in_order(numbers, needs.__getitem__, {n: n for n in numbers})

    def _place(self, group: Sequence[int], runs: list[Run]) -> None:
        """The first run that a group can be computed in; a run of its own where it fits in none."""
        members = [self.items[n] for n in group]
        way = next((item.way for item in members if item.way), 1)
        first = 0
        for item in members:
            for edge in item.needs:
                source = self.items[edge.source]
                if edge.source in group:
                    continue
                wait = source.timed and not (
                    item.timed and _fits_in(runs[source.place], way) and _reaches(edge.offset, way)
                )
                first = max(first, source.place + wait)
        if members[0].timed:
            axis = self.clock.axis_of[members[0].key]
            key = self.clock.axes[axis].key
            for place in range(first, len(runs)):
                if _fits_in(runs[place], way) and self.clock.axes[runs[place].axis].key == key:
                    first = place
                    break
            else:
                first = len(runs)
                runs.append(Run(axis, way < 0))
        for item in members:
            item.place = first

    def _put_off(self, order: Sequence[int], runs: Sequence[Run]) -> None:
        """What depends on no other equation over time is computed in the run that needs it, not long before it."""
        users: dict[int, list[tuple[int, _Edge]]] = {}
        for number, item in enumerate(self.items):
            for edge in item.needs:
                users.setdefault(edge.source, []).append((number, edge))
        for g in reversed(order):
            number = self.groups[g][0]
            item = self.items[number]
            mine = users.get(number, [])
            if len(self.groups[g]) > 1 or not item.timed or item.way or not mine:
                continue
            if any(self.items[e.source].timed and self.items[e.source].place == item.place for e in item.needs):
                continue
            if any(edge.offset is None for _, edge in mine):
                continue
            place = min(self.items[user].place for user, _ in mine)
            way = -1 if runs[place].backward else 1
            here = [edge for user, edge in mine if self.items[user].place == place]
            if self._same_length(item, runs[place]) and all(_reaches(edge.offset, way) for edge in here):
                item.place = place

    def _same_length(self, item: _Item, run: Run) -> bool:
        axes = self.clock.axes
        return axes[self.clock.axis_of[item.key]].key == axes[run.axis].key


def _fits_in(run: Run, way: int) -> bool:
    return run.backward == (way < 0)


def _reaches(offset: int | None, way: int) -> bool:
    """Whether a run that goes this way has what stands at this offset: this step, or one that it has passed."""
    return offset is not None and offset * way <= 0


def _in_order(
    numbers: Iterable[int], needs: Callable[[int], Collection[int]], rank: Sequence[int] | dict[int, int]
) -> list[int]:
    """The numbers, each behind those it needs, and of those that may come next always the one of the lowest rank."""
    numbers = list(numbers)
    waiting = {n: len(needs(n)) for n in numbers}
    users: dict[int, list[int]] = {}
    for n in numbers:
        for source in needs(n):
            users.setdefault(source, []).append(n)
    ready = [(rank[n], n) for n in numbers if not waiting[n]]
    heapq.heapify(ready)
    found: list[int] = []
    while ready:
        _, n = heapq.heappop(ready)
        found.append(n)
        for user in users.get(n, ()):
            waiting[user] -= 1
            if not waiting[user]:
                heapq.heappush(ready, (rank[user], user))
    return found + sorted({*numbers} - {*found})  # a circle, which is reported elsewhere


def _strongly_connected(needs: Sequence[Sequence[int]]) -> list[list[int]]:
    """The numbers in groups that need each other. One that needs itself is a group of its own like any other."""
    order: list[int] = []
    seen: set[int] = set()
    for start in range(len(needs)):
        stack = [(start, iter(needs[start]))] if start not in seen else []
        seen.add(start)
        while stack:
            number, rest = stack[-1]
            following = next((n for n in rest if n not in seen), None)
            if following is None:
                order.append(number)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(needs[following])))
    users: list[list[int]] = [[] for _ in needs]
    for number, sources in enumerate(needs):
        for source in sources:
            users[source].append(number)
    groups: list[list[int]] = []
    left = {*range(len(needs))}
    for start in reversed(order):
        if start not in left:
            continue
        group, waiting = [], [start]
        left.discard(start)
        while waiting:
            number = waiting.pop()
            group.append(number)
            for user in users[number]:
                if user in left:
                    left.discard(user)
                    waiting.append(user)
        groups.append(group)
    return groups
