"""Shapes that nobody has declared, found from how the names are used.

Every value gets its axes, whose sizes may be unknown at first; each operation says which sizes are the same; conventions
of the lecture fill in what the operations leave open. Nothing is refused here: whether the shapes fit is checked after.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from itertools import zip_longest

from ..errors import N_, Fix, MissingShapeError, message
from ..op import Op, Shape, ShapeMismatch
from ..ops import rules
from . import names
from .program import Program, Step
from .shapes import MATMUL, MAX_AXES, Misfit, TooLarge, all_shapes, span_of

Axes = list[int]  # each entry a number of a size in `_Sizes`

# Greek letters that are scalars unless their shape is given: rates, weights of penalties, small constants.
SCALARS = frozenset("αγεηλμ")
# Sizes that the lecture gives these names, used for axes that nothing else determines: the last axis, then the first.
CUSTOMARY = {"x": ("D",), "X": ("D", "N"), "h": ("H",), "H": ("H", "N"), "y": ("K", "C"), "Y": ("K", "C")}
EXAMPLES = (4, 3, 2, 5, 6, 7)


class _Sizes:
    """Sizes that may be unknown, and may turn out to be the same: union-find."""

    def __init__(self) -> None:
        self.parent: list[int] = []
        self.number: list[int | None] = []

    def new(self, number: int | None = None) -> int:
        self.parent.append(len(self.parent))
        self.number.append(number)
        return len(self.parent) - 1

    def root(self, i: int) -> int:
        while self.parent[i] != i:
            self.parent[i] = self.parent[self.parent[i]]
            i = self.parent[i]
        return i

    def get(self, i: int) -> int | None:
        return self.number[self.root(i)]

    def unify(self, i: int, j: int) -> None:
        """The two are one size. Where both are known and differ they stay apart; the shape check will say so."""
        i, j = self.root(i), self.root(j)
        if i == j or (self.number[i] is not None and self.number[j] is not None):
            return
        if self.number[i] is None:
            i, j = j, i
        self.parent[j] = i


class _Inference:
    """The axes of all values of a program, as far as they are known."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.sizes = _Sizes()
        self.axes: list[Axes | None] = [None] * len(program.values)
        self.users: list[list[int]] = [[] for _ in program.values]
        for number, step in enumerate(program.steps):
            for index in {*step.inputs, step.output}:
                self.users[index].append(number)
        self.waiting: list[int] = []  # steps to follow again
        self.sweep = 0  # steps from here on have not been followed yet
        self.now = -1  # the step that is being followed
        self.sums: list[
            int
        ] = []  # steps that broadcast, with an operand that became known: a heap, the first one first
        self.rows: list[int] = []  # sizes that count objects: a bias is the same for all of them
        for index, value in enumerate(program.values):
            if value.number is not None and value.spread and not value.name:
                self.axes[index] = [self.sizes.new()]  # \\mathbf{1} is a vector
            elif value.number is not None and not value.spread:
                self.axes[index] = []
        self.partners: dict[int, list[int]] = {}  # values of the same shape
        for a, b in program.alike:
            self.partners.setdefault(a, []).append(b)
            self.partners.setdefault(b, []).append(a)

    def give(self, index: int, axes: Axes) -> None:
        """A value has these axes: new knowledge, or the same sizes where it had axes before."""
        known = self.axes[index]
        if known is None:
            if len(axes) <= MAX_AXES:
                self.axes[index] = axes
                for number in self.users[index]:
                    if number < self.sweep and number != self.now:
                        self.waiting.append(number)
                    if (
                        (op := self.program.steps[number].op) is not None
                        and op.shape is rules.broadcast
                        and op.arity == 2
                    ):
                        heapq.heappush(self.sums, number)
                for other in self.partners.get(index, ()):
                    self.give(other, axes)
        elif known is not axes and len(known) == len(axes):
            for a, b in zip(known, axes, strict=True):
                self.sizes.unify(a, b)

    def give_shape(self, index: int, shape: Iterable[int | None]) -> None:
        """A value has this shape, None for a size that is not known."""
        self.give(index, [self.sizes.new(n) for n in shape])

    def shape(self, index: int) -> Shape | None:
        """The shape of a value, or None while something of it is unknown."""
        axes = self.axes[index]
        if axes is None:
            return None
        numbers = [self.sizes.get(a) for a in axes]
        return None if None in numbers else tuple(numbers)  # type: ignore[arg-type]

    def propagate(self) -> None:
        """Follow the operations until they say nothing new."""
        steps = self.program.steps
        while self.waiting or self.sweep < len(steps):
            if self.waiting:
                self.now = self.waiting.pop()
            else:
                self.now = self.sweep
                self.sweep += 1
            self.follow(steps[self.now])
        self.now = -1

    def settle(self) -> None:
        """Follow the operations, and where they leave an operand of a sum open, the conventions."""
        self.propagate()
        while self.sums:
            _convention_of_sums(self, self.program.steps[heapq.heappop(self.sums)])
            self.propagate()

    def follow(self, step: Step) -> None:
        """What one step says of its operands and its output."""
        op, inputs, output = step.op, step.inputs, step.output
        rule = op.inference.rule if op is not None and op.inference is not None else ""
        if op is None:
            self.product(step)
        elif rule == "transposes":
            for source, target in ((inputs[0], output), (output, inputs[0])):
                if (axes := self.axes[source]) is not None:
                    self.give(target, axes[::-1])
        elif rule == "diagonal":
            if axes := self.axes[inputs[0]]:
                self.give(output, [axes[0], axes[0]])
            elif axes := self.axes[output]:
                self.give(inputs[0], axes[:1])
        elif rule == "joins":
            self.joined(step)
        elif rule == "outer":
            if (left := self.axes[inputs[0]]) and (right := self.axes[inputs[1]]):
                self.give(output, [left[0], right[0]])
        elif rule == "reduces":
            self.reduction(step, op)
        elif rule == "a number a row":
            self.same(*inputs)
            if axes := self.axes[inputs[0]]:
                self.give(output, axes[:-1])
        elif rule == "a number":
            self.same(*inputs)
            self.give(output, [])
        elif op.shape is rules.equal:
            self.same(*inputs, output)
        elif rule == "stacks":
            self.same(*step.inputs)
            if (axes := self.axes[step.inputs[0]]) is not None:
                self.give(step.output, [self.sizes.new(len(step.inputs)), *axes])
        elif rule == "over time":
            self.same(*step.inputs)
            if step.attributes.get("axis") is None:
                self.give(step.output, [])
            else:
                self.same(step.inputs[0], step.output)
        elif rule == "alike":
            self.alike(step, op)
        elif op.arity == 1 and (op.elementwise or op.shape is rules.same or rule == "same"):
            self.same(inputs[0], output)
        elif op.shape is rules.broadcast and op.arity == 2:
            self.broadcast(inputs[0], inputs[1], output)
        else:
            self.forward_only(step, op)

    def same(self, *values: int) -> None:
        """These values have one shape."""
        axes = next((self.axes[i] for i in values if self.axes[i] is not None), None)
        if axes is not None:
            for index in values:
                self.give(index, axes)

    def alike(self, step: Step, op: Op) -> None:
        """Some operands have the shape of the result, others a part of it."""
        assert op.inference is not None
        self.same(*step.inputs[op.inference.alike], step.output)
        if (axes := self.axes[step.output]) is not None:
            for slot, part in op.inference.parts.items():
                self.give(step.inputs[slot], axes[part])

    def product(self, step: Step) -> None:
        """A matrix product, or the scaling by a scalar."""
        a, b = (self.axes[i] for i in step.inputs)
        out = self.axes[step.output]
        if out is not None and step.transposed is None:  # what a scalar scales has the shape of the result
            for one, other, index in ((a, b, step.inputs[1]), (b, a, step.inputs[0])):
                if one == [] and other is None:
                    return self.give(index, out)
        if a is None or b is None:
            return
        if step.transposed:
            a, b = (axes[:-2] + axes[-2:][::-1] if t else axes for axes, t in zip((a, b), step.transposed, strict=True))
        if a and b and len(a) == len(b) == 1 and self.outer(step, a[0], b[0]):
            self.give(step.output, [a[0], b[0]])
        elif a and b:
            self.sizes.unify(a[-1], b[0])
            self.give(step.output, a[:-1] + b[1:])
        else:
            self.give(step.output, a or b)

    def joined(self, step: Step) -> None:
        """Arrays joined along their last axis have one rank, and sizes that add up."""
        if step.attributes.get("axis", -1) != -1:
            return self.forward_only(step, step.op)  # type: ignore[arg-type]
        values = [*step.inputs, step.output]
        like = next((self.axes[i] for i in values if self.axes[i] is not None), None)
        if not like:
            return None
        for index in values:
            if self.axes[index] is None:
                self.give(index, [*like[:-1], self.sizes.new()])
        lasts = [axes[-1] for i in values if (axes := self.axes[i])]
        sizes = [self.sizes.get(a) for a in lasts]
        if sizes.count(None) == 1 and len(lasts) == len(values):
            k = sizes.index(None)
            known = sum(n for n in sizes[:-1] if n is not None)
            n = known if k == len(sizes) - 1 else (sizes[-1] or 0) - known
            if n > 0:
                self.sizes.unify(lasts[k], self.sizes.new(n))
        return None

    def outer(self, step: Step, a: int, b: int) -> bool:
        """Whether a product of two vectors, one transposed, can only be their outer product: their sizes differ."""
        one, other = self.sizes.get(a), self.sizes.get(b)
        return step.transposed is not None and None not in (one, other) and one != other

    def reduction(self, step: Step, op: Op) -> None:
        axis = step.attributes.get("axis", op.attributes.get("axis"))
        axes = self.axes[step.inputs[0]]
        if axis is None:
            self.give(step.output, [])
        elif axes is not None and -len(axes) <= axis < len(axes):
            self.give(step.output, [a for i, a in enumerate(axes) if i != axis % len(axes)])

    def broadcast(self, left: int, right: int, output: int) -> None:
        """Sizes aligned at the last axis are the same, unless one of them is known to be 1."""
        a, b, out = self.axes[left], self.axes[right], self.axes[output]
        if a is not None and b is not None:
            result = []
            for i, j in zip_longest(reversed(a), reversed(b)):
                if i is None or j is None or self.sizes.get(j) == 1:
                    result.append(j if i is None else i)
                elif self.sizes.get(i) == 1:
                    result.append(j)
                else:
                    self.sizes.unify(i, j)
                    result.append(i)
            self.give(output, result[::-1])
        elif out is not None:
            for one, other in ((left, right), (right, left)):
                if self.axes[one] == [] and self.axes[other] is None:
                    self.give(other, out)

    def forward_only(self, step: Step, op: Op) -> None:
        """An operation with no rule here: its own shape rule, once all operands are known."""
        shapes = [self.shape(i) for i in step.inputs]
        if None not in shapes:
            try:
                self.give_shape(step.output, op.shape(*shapes, **step.attributes))
            except ShapeMismatch:
                return


# --- the conventions


def _is_upper(name: str) -> bool:
    return name[0].isupper()


def _convention_of_products(state: _Inference, undeclared: list[str]) -> None:
    """Of the names nobody has declared, λ and its like are scalars; a factor x is a vector, a factor W a matrix."""
    program = state.program
    factors = set()
    for step in program.steps:
        inference = step.op.inference if step.op is not None else None
        if step.op is None or (inference is not None and inference.factor) or step.op.shape is MATMUL.shape:
            factors.update(step.inputs)
    for name in undeclared:
        index = program.free[name]
        if name[0] in SCALARS:
            state.give_shape(index, ())
        elif index in factors and state.axes[index] is None:
            state.give_shape(index, (None, None) if _is_upper(name) else (None,))
    state.propagate()
    for name, index in program.free.items():
        if name[0] == "X" and len(state.axes[index] or ()) > 1:
            state.rows.append(state.axes[index][0])  # type: ignore[index]


def _convention_of_sums(state: _Inference, step: Step) -> None:
    """What is added to something known has its shape; a bias (a small letter) that of one row; a divisor is a scalar."""
    for slot, (one, other) in enumerate((step.inputs, step.inputs[::-1])):
        axes, name = state.axes[one], state.program.values[other].name
        if axes is None or state.axes[other] is not None:
            continue
        if step.applied.name == "add" and name in state.program.free and not _is_upper(name) and name[0] != "y":
            rows = {state.sizes.root(a) for a in state.rows}
            axes = [a for a in axes[-1:] if state.sizes.root(a) not in rows]
        elif step.applied.name == "div" and slot == 0:
            axes = []
        state.give(other, axes)


def _convention_of_sizes(state: _Inference, sizes: Mapping[str, int]) -> None:
    """Axes that are still open take the customary size: the last axis of x is D, that of h is H."""
    program = state.program
    for name, index in (*program.free.items(), *program.defined.items()):
        customary = CUSTOMARY.get(names.split(name)[0], ())
        axes = state.axes[index] or []
        if not axes:
            continue
        if len(customary) == 1 or name[0] in "yY":
            _fill(state, axes[-1], customary, sizes)
        elif customary:
            _fill(state, axes[-1], customary[:1], sizes)
            if len(axes) > 1:
                _fill(state, axes[0], customary[1:], sizes)


def _fill(state: _Inference, axis: int, customary: Iterable[str], sizes: Mapping[str, int]) -> None:
    number = next((sizes[n] for n in customary if isinstance(sizes.get(n), int) and sizes[n] >= 1), None)
    if number is not None:
        state.sizes.unify(axis, state.sizes.new(number))


def _fits_as_number(state: _Inference, index: int) -> bool:
    """Whether a name that nothing gives a shape is only used element by element, so that it can be a scalar."""
    steps = [state.program.steps[k] for k in state.users[index]]
    return all(s.op is not None and s.op.elementwise for s in steps)


def _examples(state: _Inference, undeclared: list[str]) -> dict[str, Shape]:
    """For every name that is still open, in order, a shape that goes together with the others'."""
    found: dict[str, Shape] = {}
    numbers = iter(EXAMPLES)
    guessed = set()
    for name in undeclared:
        index = state.program.free[name]
        if state.axes[index] is None and not _is_upper(name) and _fits_as_number(state, index):
            state.give(index, [])
            state.settle()
        elif state.axes[index] is None:
            guessed.add(name)
            state.give_shape(index, (None, None) if _is_upper(name) else (None,))
            state.settle()
    for name in undeclared:
        index = state.program.free[name]
        if name not in guessed and state.shape(index) is not None:
            continue
        for axis in state.axes[index] or []:
            if state.sizes.get(axis) is None:
                state.sizes.unify(axis, state.sizes.new(next(numbers, 3)))
        state.settle()
        found[name] = state.shape(index) or ()
    return found


def infer(
    program: Program, known: Mapping[str, Shape], sizes: Mapping[str, int], spoken: Iterable[str] = ()
) -> dict[str, Shape]:
    """The shape of every free name. Raises MissingShapeError for those that can not be inferred.

    `known` are the declared shapes, `spoken` all names that something was declared for, used or not.
    """
    if all(name in known or name[0] in SCALARS for name in program.free) and not program.defined.keys() & known.keys():
        return {name: known.get(name, ()) for name in program.free}
    if not any(known.values()) and _all_numbers(program):
        return dict.fromkeys(program.free, ())
    state = _Inference(program)
    for name, shape in known.items():
        index = program.free.get(name, program.defined.get(name))
        if index is not None:
            state.give_shape(index, shape)
    state.propagate()
    undeclared = [name for name in program.free if state.axes[program.free[name]] is None]
    starts = [name for name in undeclared if _bounds(program, name)]
    _convention_of_products(state, [name for name in undeclared if name not in starts])
    state.settle()
    if starts:
        _convention_of_products(state, starts)
        state.settle()
    for step in program.steps:  # sizes have become known since: those of arrays that are joined add up
        if step.op is not None and step.op.inference is not None and step.op.inference.rule == "joins":
            state.joined(step)
    state.settle()
    _convention_of_sizes(state, sizes)
    # The start of a sequence comes last: once its inputs are known, it mostly is.
    missing = _examples(state, sorted(program.free, key=lambda name: _bounds(program, name)))
    free = {name: state.shape(index) or () for name, index in program.free.items()}
    if missing:
        raise _missing(program, missing, free, {*spoken, *known, *program.free, *program.defined})
    return free


def _bounds(program: Program, name: str) -> bool:
    """Whether a name is what stands before the first step of a sequence, or behind its last one."""
    value = program.values[program.free[name]]
    return value.t == 0 or (value.spread and bool(value.name))


def _all_numbers(program: Program) -> bool:
    """Whether nothing in a text speaks of arrays: no capital letter, no transpose, no operation on whole arrays."""
    if any(_is_upper(name) or program.values[i].spread for name, i in program.free.items()):
        return False
    return all(
        (step.op is None and step.transposed is None and step.node.sign in ("", "·", "\\cdot", "\\times", "×"))
        or (step.op is not None and (step.op.elementwise or step.op.name == "select"))
        for step in program.steps
    )


def _run_together(missing: Iterable[str], spoken: set[str]) -> tuple[str, str, str] | None:
    """`xW` where x and W are names: the product was written without its space."""
    for name in missing:
        for k in range(1, min(len(name), 20)):
            if name[:k] in spoken and name[k:] in spoken:
                return name, name[:k], name[k:]
    return None


def _missing(
    program: Program, missing: dict[str, Shape], free: Mapping[str, Shape], spoken: set[str]
) -> MissingShapeError:
    if found := _run_together(missing, spoken):
        name, left, right = found
        span = span_of(program, name)
        return MissingShapeError(
            message(N_("the shape of {name} can not be inferred"), name=name),
            tuple(missing),
            missing,
            expected=message(N_("names whose shapes are given or can be inferred")),
            help=message(N_("if a product is meant, put a space in it: {this}"), this=f"{left} {right}"),
            place=span.place,
            fix=span.replaced(f"{left} {right}"),
        )
    try:
        all_shapes(program, free)
    except (Misfit, TooLarge):
        # The guess does not go together; a graph of scalars often does.
        scalars = {**free, **dict.fromkeys(missing, ())}
        try:
            all_shapes(program, scalars)
            missing = dict.fromkeys(missing, ())
        except (Misfit, TooLarge):
            pass
    first = next(iter(missing))
    example = ", ".join(f"{name}: {shape}" for name, shape in missing.items())
    only = message(N_("the shape of {name} can not be inferred"), name=first)
    several = message(N_("the shapes of {names} can not be inferred"), names=", ".join(missing))
    return MissingShapeError(
        only if len(missing) == 1 else several,
        tuple(missing),
        missing,
        help=message(
            N_("give it, for example {example}") if len(missing) == 1 else N_("give them, for example {example}"),
            example=example,
        ),
        place=span_of(program, first).place,
        fix=Fix(name=first, shape=missing[first]),
    )
