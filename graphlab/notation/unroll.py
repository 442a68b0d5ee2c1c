"""Equations over time -> a flat program: each step's equations one after another, each step with vertices of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..op import registry
from . import definitions, names
from .mistakes import timing as mistakes
from .program import MAX_OPERATIONS, Program, Step, Value, computed
from .timing import OVER_TIME, Clock, gathered, gathers
from .tree import Equation, Node, walk


def _count(top: Node) -> int:
    """The operations of an expression; a plain number makes a vertex all the same."""
    return sum(n.kind not in ("name", "number") and not n.factor for n in walk(top)) or top.kind == "number"


def check_limit(clock: Clock) -> None:
    """Raises NotationError where the steps would make more operations than the limit, before any of them is made."""
    step = sum(_count(e.right) for e in clock.loop) + sum(_count(part) for _, part in clock.parts)
    outside = sum(_count(e.right) for e in (*clock.before, *clock.after) if e.right.kind != "number")
    if not step:  # sum(x_t) alone: one operand a step
        step = 1
    operations = step * clock.steps + outside
    if operations > MAX_OPERATIONS:
        span = clock.loop[0].name_span if clock.loop else clock.after[0].name_span
        fits = max(0, (MAX_OPERATIONS - outside) // step)
        raise mistakes.too_many(span, operations, clock.steps, MAX_OPERATIONS, fits)


class Unrolling:
    """A program in the making. With `typing` each fed sequence is one value for all steps, by the name `x_t`: shapes
    are found and checked on a few steps, and hold for all of them.
    """

    def __init__(self, clock: Clock, steps: int, typing: bool) -> None:
        self.clock, self.steps, self.typing = clock, steps, typing
        self.program = Program()
        self.over: dict[str, list[int]] = {base: [-1] * (steps + 1) for base in clock.defined}
        self.fed: dict[str, list[int]] = {base: [-1] * (steps + 1) for base in clock.fed}
        self.starts: dict[str, int] = {}
        self.gathered: dict[int, list[int]] = {}

    def run(self) -> Program:
        clock = self.clock
        starts = {names.at(base, 0): base for base in clock.states}
        for equation in clock.before:
            if equation.name in starts and equation.right.kind == "number":
                self._constant_start(equation, starts[equation.name])
            else:
                self._once(equation)
        loop = [(e, list(walk(e.right)), names.timed(e.name)) for e in clock.loop]
        parts = [(e, part, list(walk(part))) for e, part in clock.parts]
        for t in range(1, self.steps + 1):
            for equation, nodes, left in loop:
                base = left.base if left else ""
                self.over[base][t] = self._define(equation, nodes, names.at(base, t), t, base)
            for equation, part, nodes in parts:
                self._emit(nodes, t, self._equation(equation))
                self.gathered.setdefault(id(part), []).append(part.index)
        for equation in clock.after:
            self._once(equation)
        self._tie_states()
        return self.program

    def _constant_start(self, equation: Equation, base: str) -> None:
        """`h_0 = 0`: a number of the shape of h."""
        value = Value(equation.name, equation.right.span, equation.right.value, t=0, base=base, spread=True)
        index = self.program.free[equation.name] = self.program.add(value)
        self.starts[base] = index

    def _tie_states(self) -> None:
        """A state has the same shape before the first step as after it."""
        for base in self.clock.states:
            line = self.over.get(base) or self.fed[base]
            found = [i for i in line[1:] if i >= 0]
            start = self._start(base)
            if found and (self.program.values[start].spread or names.at(base, 0) in self.program.free):
                self.program.alike.append((start, found[0]))

    def _equation(self, equation: Equation) -> str:
        left = names.timed(equation.name)
        return left.base if left else equation.name

    def _once(self, equation: Equation) -> None:
        nodes = list(_outside(equation))
        base, index = names.indexed(equation.name) or ("", "")
        start = base if index == "0" and base in self.clock.states else ""
        result = self._define(equation, nodes, equation.name, 0 if start else None, start)
        if start:
            self.starts[start] = result

    def _define(self, equation: Equation, nodes: Sequence[Node], name: str, t: int | None, base: str) -> int:
        top, program = equation.right, self.program
        if top.kind == "number":
            index = program.add(Value(name, top.span, top.value, t=t, base=base))
        elif top.kind == "name":
            raise definitions.computes_nothing(equation)
        else:
            # The start of a sequence is computed before the first step, outside of it.
            self._emit(nodes, t or None, base or equation.name)
            index = top.index
            value = program.values[index]
            value.name, value.t, value.base = name, t, base
        program.defined[name] = index
        return index

    def _emit(self, nodes: Sequence[Node], t: int | None, equation: str) -> None:
        program = self.program
        for node in nodes:
            if node.factor:
                node.index = node.parts[0].index
            elif node.kind == "name":
                node.index = self._named(node, t)
            elif node.kind == "number":
                node.index = program.add(Value("", node.span, node.value, t=t))
            elif any(id(part) in self.gathered for part in node.parts):
                self._gather(node, equation)
            else:
                computed(program, node, t, equation)

    def _gather(self, node: Node, equation: str) -> None:
        """A function of a whole sequence: an op with one operand a step."""
        inputs: list[int] = []
        for part in node.parts:
            inputs += self.gathered.get(id(part)) or [part.index]
        if node.op.name == "last" and id(node.parts[0]) in self.gathered:  # last(h_t, lengths)
            inputs = [node.parts[-1].index, *inputs[:-1]]
        op = registry[OVER_TIME.get(node.op.name, node.op.name)].of(len(inputs))
        node.index = self.program.add(Value("", node.span, made=True))
        step = Step(op, inputs, node.index, node, None, node.attributes or {}, None, equation)
        self.program.steps.append(step)

    def _named(self, node: Node, t: int | None) -> int:
        name = node.value
        if (use := names.timed(name)) is not None:
            assert t is not None
            return self._at(use.base, t + use.offset, node)
        if base := self.clock.last_of(name):
            return self._at(base, self.steps, node)
        program = self.program
        if name in program.defined:
            return program.defined[name]
        if name not in program.free:
            base, index = names.indexed(name) or ("", "")
            step = 0 if index == "0" and base in self.clock.states else None
            program.free[name] = program.add(Value(name, node.span, t=step, base=base if step == 0 else ""))
        return program.free[name]

    def _start(self, base: str) -> int:
        name = names.at(base, 0)
        if base not in self.starts:
            if name not in self.program.free:
                value = Value(name, self.clock.states[base], t=0, base=base)
                self.program.free[name] = self.program.add(value)
            self.starts[base] = self.program.free[name]
        return self.starts[base]

    def _at(self, base: str, t: int, node: Node) -> int:
        """The value of a sequence at a step; before the first one, its start."""
        if t < 1:
            return self._start(base)
        line = self.over.get(base)
        if line is not None:
            return line[t]
        line = self.fed[base]
        if line[t] < 0:
            name = names.at(base, "t" if self.typing else t)
            if name not in self.program.free:
                step, own = (None, "") if self.typing else (t, base)
                self.program.free[name] = self.program.add(Value(name, node.span, t=step, base=own))
            line[t] = self.program.free[name]
        return line[t]


def _outside(equation: Equation) -> Iterator[Node]:
    """The nodes of an equation outside of time, operands first, without the expressions that each step computes."""
    inner = {id(part) for _, part in gathered(equation)}
    found, stack = [], [equation.right]
    while stack:
        current = stack.pop()
        found.append(current)
        stack += [part for part in current.parts if not (gathers(current) and id(part) in inner)]
    return reversed(found)
