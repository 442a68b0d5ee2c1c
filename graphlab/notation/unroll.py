"""Equations over time -> a flat program: each step's equations one after another, each step with vertices of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..ops import registry
from . import definitions, names
from .clocks import OVER_TIME, Clock, gathered, gathers
from .mistakes import timing as mistakes
from .program import MAX_OPERATIONS, Program, Step, Value, computed, taken_over
from .tree import Equation, Node, walk


def _count(top: Node) -> int:
    """The operations of an expression; a plain number makes a vertex all the same."""
    return sum(n.kind not in ("name", "number") and not n.factor for n in walk(top)) or top.kind == "number"


def check_limit(clock: Clock) -> None:
    """Raises NotationError where the steps would make more operations than the limit, before any of them is made."""
    outside = [e for run in clock.runs for e in run.before] + clock.after
    others = sum(_count(e.right) for e in outside if e.right.kind != "number")
    operations, step = others, 0
    for run in clock.runs:
        here = sum(_count(e.right) for e in run.loop) + sum(_count(part) for _, part in run.parts)
        here = here or 1  # sum(x_t) alone: one operand a step
        operations, step = operations + here * clock.axes[run.axis].steps, step + here
    if operations > MAX_OPERATIONS:
        steps = max(axis.steps for axis in clock.axes)
        alike = all(axis.steps == steps for axis in clock.axes)
        fits = max(0, (MAX_OPERATIONS - others) // step) if alike else 0
        raise mistakes.too_many(clock.axes[0].first, operations, steps, MAX_OPERATIONS, fits)


class Unrolling:
    """A program in the making. With `typing` each fed sequence is one value for all steps, by the name `x_t`, and there
    are as many steps as the equations reach back: shapes are found and checked on these, and hold for all of them.
    """

    def __init__(self, clock: Clock, typing: bool) -> None:
        self.clock, self.typing = clock, typing
        self.steps = [self._steps(number) for number in range(len(clock.axes))]
        self.program = Program()
        self.over: dict[str, list[int]] = {base: self._line(base) for base in clock.defined}
        self.fed: dict[str, list[int]] = {base: self._line(base) for base in clock.fed}
        self.bounds: dict[str, int] = {}
        self.same: set[str] = set()  # bounds that are another name for a value
        self.gathered: dict[int, list[int]] = {}

    def _steps(self, axis: int) -> int:
        """Where all steps are put together in one array, its shape depends on how many they are.

        A sequence that needs no other is computed in the run of another one: then both have to have all of their steps.
        """
        clock = self.clock
        if not self.typing or _stacked(clock):
            return clock.axes[axis].steps
        return min(clock.axes[axis].steps, clock.lag + 1)

    def _line(self, base: str | int) -> list[int]:
        return [-1] * (self.steps[self.clock.axis_of[base]] + 1)

    def run(self) -> Program:
        """The whole program. Raises NotationError for an equation that computes nothing."""
        for number, run in enumerate(self.clock.runs):
            for equation in run.before:
                self._outside(equation)
            first = len(self.program.steps)
            loop = [(e, list(walk(e.right)), names.timed(e.name)) for e in run.loop]
            parts = [(e, part, list(walk(part))) for e, part in run.parts]
            for _, part, _ in parts:
                self.gathered[id(part)] = self._line(id(part))[1:]
            steps = range(1, self.steps[run.axis] + 1)
            for t in reversed(steps) if run.backward else steps:
                for equation, nodes, left in loop:
                    base = left.base if left else ""
                    self.over[base][t] = self._define(equation, nodes, names.at(base, t), t, base)
                for equation, part, nodes in parts:
                    self._emit(nodes, t, self._equation(equation))
                    self.gathered[id(part)][t - 1] = part.index
            for step in self.program.steps[first:] if number else ():
                step.run = number
        for equation in self.clock.after:
            self._outside(equation)
        self._tie_states()
        return self.program

    def _outside(self, equation: Equation) -> None:
        """An equation outside of time: once, before a run or behind all of them."""
        if equation.name not in self.clock.bounds:
            self._define(equation, list(_outside(equation)), equation.name, None, "")
            return
        base, side = self.clock.bounds[equation.name]
        t = 0 if side < 0 else len(self._line(base))
        if equation.right.kind == "number":  # `h_0 = 0`: a number of the shape of h
            value = Value(equation.name, equation.right.span, equation.right.value, t=t, base=base, spread=True)
            index = self.program.free[equation.name] = self.program.add(value)
        elif equation.right.kind == "name":  # `s_0 = h_T`
            index = self.program.defined[equation.name] = self._named(equation.right, None)
            self.same.add(equation.name)
        else:
            index = self._define(equation, list(_outside(equation)), equation.name, t, base)
        self.bounds[equation.name] = index

    def _tie_states(self) -> None:
        """What stands before the first step, or behind the last one, has the shape of a step."""
        for name, (base, _) in self.clock.bounds.items():
            line = self.over.get(base) or self.fed[base]
            found = [i for i in line[1:] if i >= 0]
            index = self._bound(name)
            if found and (self.program.values[index].spread or name in self.program.free or name in self.same):
                self.program.alike.append((index, found[0]))

    def _equation(self, equation: Equation) -> str:
        left = names.timed(equation.name)
        return left.base if left else equation.name

    def _define(self, equation: Equation, nodes: Sequence[Node], name: str, t: int | None, base: str) -> int:
        top, program = equation.right, self.program
        if top.kind == "number":
            index = program.add(Value(name, top.span, top.value, t=t, base=base))
        elif top.kind == "name":
            raise definitions.computes_nothing(equation)
        else:
            # What bounds a sequence is computed outside of its steps.
            bounds = equation.name in self.clock.bounds
            self._emit(nodes, None if bounds else t, base or equation.name)
            index = top.index
            value = program.values[index]
            value.name, value.t, value.base = name, t, base
        program.defined[name] = index
        return index

    def _emit(self, nodes: Sequence[Node], t: int | None, equation: str) -> None:
        program = self.program
        for node in nodes:
            if taken_over(program, node, t):
                continue
            if node.kind == "name":
                node.index = self._named(node, t)
            elif any(id(part) in self.gathered for part in node.parts):
                self._gather(node, equation)
            else:
                computed(program, node, t, equation)

    def _gather(self, node: Node, equation: str) -> None:
        """A function of a whole sequence: an op with one operand a step."""
        inputs: list[int] = []
        for part in node.parts:
            inputs += self.gathered.get(id(part)) or [part.index]
        if node.applied.name == "last" and id(node.parts[0]) in self.gathered:  # last(h_t, lengths)
            inputs = [node.parts[-1].index, *inputs[:-1]]
        op = registry[OVER_TIME.get(node.applied.name, node.applied.name)].of(len(inputs))
        node.index = self.program.add(Value("", node.span, made=True))
        step = Step(op, inputs, node.index, node, None, node.attributes or {}, None, equation)
        self.program.steps.append(step)

    def _named(self, node: Node, t: int | None) -> int:
        name = node.value
        if (use := names.timed(name)) is not None:
            assert t is not None
            return self._at(use.base, t + use.offset, node)
        if base := self.clock.last_of(name):
            return self._at(base, len(self._line(base)) - 1, node)
        if base := self.clock.first_of(name):
            return self._at(base, 1, node)
        if name in self.clock.bounds:
            return self._bound(name)
        program = self.program
        if name in program.defined:
            return program.defined[name]
        if name not in program.free:
            program.free[name] = program.add(Value(name, node.span))
        return program.free[name]

    def _bound(self, name: str) -> int:
        """The value before the first step, or behind the last one; where no equation says it, it is fed."""
        if name not in self.bounds:
            base, side = self.clock.bounds[name]
            span = (self.clock.states if side < 0 else self.clock.ends)[base]
            value = Value(name, span, t=0 if side < 0 else len(self._line(base)), base=base)
            self.bounds[name] = self.program.free[name] = self.program.add(value)
        return self.bounds[name]

    def _at(self, base: str, t: int, node: Node) -> int:
        """The value of a sequence at a step; before the first one, its start; behind the last one, its end."""
        line = self.over.get(base) or self.fed[base]
        if not 1 <= t < len(line):
            return self._bound(self.clock.bound(base, -1 if t < 1 else 1))
        if line[t] < 0:
            name = names.at(base, "t" if self.typing else t)
            if name not in self.program.free:
                step, own = (None, "") if self.typing else (t, base)
                self.program.free[name] = self.program.add(Value(name, node.span, t=step, base=own))
            line[t] = self.program.free[name]
        return line[t]


def _stacked(clock: Clock) -> set[int]:
    """The axes that an equation outside of time puts into one array."""
    found = set()
    for run in clock.runs:
        for equation, part in run.parts:
            for function, inner in gathered(equation):
                if inner is part and function.applied.name not in (*OVER_TIME, "last"):
                    found.add(clock.axis_of[id(part)])
    return found


def _outside(equation: Equation) -> Iterator[Node]:
    """The nodes of an equation outside of time, operands first, without the expressions that each step computes."""
    inner = {id(part) for _, part in gathered(equation)}
    found, stack = [], [equation.right]
    while stack:
        current = stack.pop()
        found.append(current)
        stack += [part for part in current.parts if not (gathers(current) and id(part) in inner)]
    return reversed(found)
