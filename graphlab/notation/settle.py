"""What shapes decide: which product a product is, what a power of a matrix is, along which axis a bias is added.

Where two meanings are as likely, the user is asked: the error carries a `Choice` for each, with the text that says it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import N_, Choice, Message, ShapeError, message
from ..op import Op, Shape, ShapeMismatch
from ..ops import registry
from .program import Program, Step, Value
from .shapes import MATMUL, MAX_AXES, Misfit, is_scaling, step_shape, turned
from .spans import Span
from .tree import Node

MUL, OUTER, INVERSE, EXPAND, POWER = (registry[name] for name in ("mul", "outer", "inverse", "expand", "power"))
ADDING = frozenset(["add", "sub"])
WHOLE = frozenset(["sum", "mean", "norm2"])
STATISTICS = frozenset(["mean", "var"])


@dataclass
class Convention:
    """Whether a text's vectors are rows (`x W`) or columns (`W x`): how many of its products show one or the other."""

    rows: int = 0
    columns: int = 0

    @property
    def known(self) -> str:
        """ "rows", "columns", or "" where the products show neither, or both."""
        if bool(self.rows) == bool(self.columns):
            return ""
        return "rows" if self.rows else "columns"


def settle(program: Program, free: Mapping[str, Shape], text: str) -> Convention:
    """Decide, in place, what the shapes of a program decide. Raises ShapeError with choices where they do not.

    Steps that do not fit are left as they are: the check of shapes says why.
    """
    shapes: list[Shape | None] = [None if v.made else () for v in program.values]
    for name, index in program.free.items():
        shapes[index] = tuple(free[name])
    users: dict[int, list[Step]] = {}
    for step in program.steps:
        for index in step.inputs:
            users.setdefault(index, []).append(step)
    convention = _convention(program, shapes)
    state = _Settling(program, shapes, users, convention)
    for step in list(program.steps):
        state.step(step)
    if state.inserted:
        program.steps = [s for step in program.steps for s in (*state.inserted.get(id(step), ()), step)]
    return convention


class _Shapes(dict[object, Shape | None]):
    """Shapes of steps; what long texts repeat is found once. None where the operands do not fit."""

    def __call__(self, step: Step, inputs: tuple[Shape, ...]) -> Shape | None:
        key = (id(step.op), inputs) if step.transposed is None and not step.attributes else None
        if key is not None and key in self:
            return self[key]
        try:
            shape = step_shape(step, inputs)
        except ShapeMismatch:
            shape = None
        if shape is not None and len(shape) > MAX_AXES:
            shape = None
        if key is not None:
            self[key] = shape
        return shape


def _convention(program: Program, shapes: Sequence[Shape | None]) -> Convention:
    found, seen = Convention(), _Shapes()
    known = list(shapes)
    data = {i for n, i in program.free.items() if n[0] in "xX" or program.values[i].t is not None}
    for step in program.steps:
        inputs = [known[i] for i in step.inputs]
        if any(i in data for i in step.inputs):
            data.add(step.output)
        if None in inputs:
            continue
        known[step.output] = seen(step, tuple(inputs))  # type: ignore[arg-type]
        if known[step.output] is None:
            continue
        if step.op is not None or is_scaling(inputs):  # type: ignore[arg-type]
            continue
        axes = [len(s) for s in inputs]  # type: ignore[arg-type]
        parameters = set(program.free.values()) - data
        if axes == [1, 2]:
            found.rows += step.inputs[1] in parameters
        elif axes == [2, 1]:
            found.columns += step.inputs[0] in parameters
        elif axes == [2, 2] and step.inputs[0] in data and step.inputs[1] in program.free.values():
            found.rows += step.inputs[1] not in data
        elif axes == [2, 2] and step.inputs[1] in data and step.inputs[0] in program.free.values():
            found.columns += step.inputs[0] not in data
    return found


class _Settling:
    """One pass over the steps of a program, in order."""

    def __init__(
        self,
        program: Program,
        shapes: list[Shape | None],
        users: Mapping[int, list[Step]],
        convention: Convention,
    ) -> None:
        self.program, self.shapes, self.users, self.convention = program, shapes, users, convention
        self.inserted: dict[int, list[Step]] = {}
        self.seen = _Shapes()

    def step(self, step: Step) -> None:
        inputs = [self.shapes[i] for i in step.inputs]
        if None in inputs:
            return
        if step.op is None:
            self.product(step, *inputs)  # type: ignore[misc]
        elif step.op is POWER:
            self.power(step, inputs[0])  # type: ignore[arg-type]
        elif step.op.name in ("norm", "norm2") and step.node.data == "2" and len(inputs[0] or ()) == 2:
            self.norm(step)
        elif step.op.name == "abs" and step.node.data == "bars" and len(inputs[0] or ()) == 2:
            self.bars(step, inputs[0])  # type: ignore[arg-type]
        elif step.op.name in ADDING and step.node.data != "settled":
            self.sum(step, *inputs)  # type: ignore[misc]
        elif step.op.name in STATISTICS and step.node.data == "expectation":
            self.expectation(step, inputs[0])  # type: ignore[arg-type]
        self.shapes[step.output] = self.seen(step, tuple(self.shapes[i] for i in step.inputs))  # type: ignore[misc]

    # --- products

    def product(self, step: Step, a: Shape, b: Shape) -> None:
        sign = step.node.sign
        if is_scaling([a, b]) or sign in ("inner", "matrix"):
            return
        left, right = step.transposed or (False, False)
        if len(a) == len(b) == 1:
            if left and not right:
                if a != b:
                    self._becomes(step, OUTER)
            elif right and not left:
                if a != b or self.convention.known == "columns":
                    self._becomes(step, OUTER)
                elif self.convention.known == "" and self._joins_matrix(step, (*a, *b)):
                    self._ask_outer(step, a, b)
            elif a == b and sign != "@" and a != (1,) and not self._is_row(step.node.parts[0]):
                self._ask_elementwise(step, a)
            return
        if not a or not b:
            return
        fits = (turned(a) if left else a)[-1] == (turned(b) if right else b)[0]
        if not fits and not left and not right and sign in ("·", "⋅", "•", "×", "\\cdot", "\\times", "\\bullet"):
            if a == b or a == b[-len(a) :] or b == a[-len(b) :]:
                self._becomes(step, MUL)
        elif fits and sign in ("×", "\\times") and a == b:
            self._ask_elementwise(step, a)

    def _is_row(self, node: Node) -> bool:
        """Whether a factor is a vector that the text has turned: `x^T`, `x^T A`, `2 x^T`, `-x^T`."""
        while True:
            if node.kind == "transpose":
                return True
            if node.kind == "product":
                left, right = node.parts
                scalar = node.index >= 0 and self.shapes[left.index] == ()
                node = right if scalar else left
            elif node.kind == "apply" and node.op is not None and node.op.name in ("neg", "div"):
                node = node.parts[0]
            else:
                return False

    def _joins_matrix(self, step: Step, shape: Shape) -> bool:
        """Whether the result is added to, or compared with, a matrix of the shape of the outer product."""
        for user in self.users.get(step.output, ()):
            if user.op is not None and user.op.name in (*ADDING, "mul"):
                others = [self.shapes[i] for i in user.inputs if i != step.output]
                if any(s == shape for s in others):
                    return True
        return False

    def _becomes(self, step: Step, op: Op) -> None:
        step.op, step.transposed = op, None

    def _ask_elementwise(self, step: Step, shape: Shape) -> None:
        left, right = (part.outer for part in step.node.parts)
        whole = step.node.span
        inner = f"⟨{left.text}, {right.text}⟩"
        elementwise = f"{left.text} ⊙ {right.text}"
        if len(shape) == 2:
            inner = f"{left.text} @ {right.text}"
        raise _ambiguous(
            whole,
            message(N_("{this} can be the product of the vectors or of their elements"), this=whole.short),
            (
                message(N_("the inner product, one number")) if len(shape) == 1 else message(N_("the matrix product")),
                inner,
                () if len(shape) == 1 else shape,
            ),
            (message(N_("the product element by element")), elementwise, shape),
        )

    def _ask_outer(self, step: Step, a: Shape, b: Shape) -> None:
        left, right = step.node.parts[0].outer, step.node.parts[1]
        plain = right.parts[0].outer if right.kind == "transpose" else right.outer
        raise _ambiguous(
            step.node.span,
            message(N_("{this} is one number for rows, and a matrix for columns"), this=step.node.span.short),
            (message(N_("rows: the inner product, one number")), f"⟨{left.text}, {plain.text}⟩", ()),
            (message(N_("columns: the outer product, a matrix")), f"outer({left.text}, {plain.text})", (*a, *b)),
        )

    # --- powers

    def power(self, step: Step, shape: Shape) -> None:
        exponent = step.attributes.get("exponent")
        if len(shape) != 2:
            return
        if exponent == -1:
            if shape[0] == shape[1]:
                step.op, step.attributes = INVERSE, {}
                return
            raise ShapeError(
                message(
                    N_("{name} is {shape}: only a square matrix has an inverse"),
                    name=step.node.parts[0].span.short,
                    shape=shape,
                ),
                expected=message(N_("a square matrix")),
                help=message(
                    N_("for one divided by each element write {this}"), this=f"1/{step.node.parts[0].outer.text}"
                ),
                place=step.node.span.place,
            )
        if shape[0] != shape[1] or shape == (1, 1) or step.node.data == "settled":
            return
        consumers = self.users.get(step.output, ())
        if consumers and all(
            u.op is not None and u.op.name in WHOLE and u.attributes.get("axis") is None for u in consumers
        ):
            return
        base = step.node.parts[0].outer
        if exponent is not None and exponent != 2:
            raise ShapeError(
                message(N_("the power {exponent} of a square matrix is not part of the notation"), exponent=exponent),
                expected=message(N_("^2, ^{{-1}} or ^T for a matrix")),
                help=message(N_("for the power of each element write {this}"), this=f"pow({base.text}, {exponent:g})"),
                place=step.node.span.place,
            )
        if exponent == 2:
            raise _ambiguous(
                step.node.span,
                message(N_("the square of a square matrix can be taken of the matrix or of its elements")),
                (message(N_("the matrix product with itself")), f"{base.text} @ {base.text}", shape),
                (message(N_("the square of each element")), f"{base.text} ⊙ {base.text}", shape),
            )

    def norm(self, step: Step) -> None:
        """`‖A‖_2` of a matrix: the spectral norm, or the root of the sum of all squares."""
        inner, square = step.node.parts[0].outer.text, "^2" if step.op is not None and step.op.name == "norm2" else ""
        raise _ambiguous(
            step.node.span,
            message(N_("{this} of a matrix can be two norms"), this=step.node.span.short),
            (message(N_("the largest singular value")), f"spectral_norm({inner}){square}", ()),
            (message(N_("the root of the sum of all squares (Frobenius)")), f"\\|{inner}\\|_F{square}", ()),
        )

    def bars(self, step: Step, shape: Shape) -> None:
        """`|A|` of a square matrix is its determinant."""
        if shape[0] == shape[1]:
            step.op, step.attributes = registry["det"], {}

    # --- sums

    def sum(self, step: Step, a: Shape, b: Shape) -> None:
        for slot, (one, other) in enumerate(((a, b), (b, a))):
            if len(one) == 1 and other == (one[0], 1) and one[0] > 1:
                raise self._pairs(step, slot, one)
            if len(one) == 1 and len(other) == 2 and one[0] == other[0] and one[0] > 1 and other[1] > 1:
                if self.convention.known == "columns":
                    self._as_column(step, slot, one)
                elif (
                    other[0] == other[1] and self.convention.known != "rows" and _is_product(step.node.parts[1 - slot])
                ):
                    self._ask_bias(step, slot, one, other)
                return

    def _as_column(self, step: Step, slot: int, shape: Shape) -> None:
        """A bias of a text of columns is added to each column."""
        node = step.node.parts[slot]
        index = self.program.add(Value("", node.span, made=True, t=step.t))
        self.shapes.append((*shape, 1))
        column = Step(EXPAND, [step.inputs[slot]], index, node, None, {"axis": -1}, step.t, step.equation)
        self.inserted.setdefault(id(step), []).append(column)
        step.inputs[slot] = index

    def _pairs(self, step: Step, slot: int, shape: Shape) -> ShapeError:
        n = shape[0]
        names = [part.span.short for part in step.node.parts]
        return ShapeError(
            message(
                N_("{this}: {a} is {shape} and {b} is {column}: the result would be all {n} × {n} pairs"),
                this=step.node.span.short,
                a=names[slot],
                b=names[1 - slot],
                shape=shape,
                column=(n, 1),
                n=n,
            ),
            expected=message(N_("two operands of one shape")),
            help=message(N_("give both the same shape, ({n},) or ({n}, 1)"), n=n),
            place=step.node.span.place,
        )

    def _ask_bias(self, step: Step, slot: int, shape: Shape, other: Shape) -> None:
        bias = step.node.parts[slot].outer
        raise _ambiguous(
            bias,
            message(
                N_("{name} has as many elements as {other} has rows and columns"),
                name=bias.text,
                other=step.node.parts[1 - slot].span.short,
            ),
            (message(N_("added to each row")), f"outer(\\mathbf{{1}}, {bias.text})", other),
            (message(N_("added to each column")), f"outer({bias.text}, \\mathbf{{1}})", other),
        )

    # --- expectations

    def expectation(self, step: Step, shape: Shape) -> None:
        if len(shape) < 2 or "axis" in step.attributes:
            return
        inside, name = step.node.parts[0].outer.text, step.op.name if step.op else ""
        choices = [
            (message(N_("over the objects: one number a column")), f"{name}({inside}, axis=0)", shape[1:]),
            (message(N_("over everything: one number")), f"{name}({inside})", ()),
        ]
        raise _ambiguous(
            step.node.span,
            message(N_("{this} does not say over what it is taken"), this=step.node.span.short),
            *choices,
        )


def _is_product(node: Node) -> bool:
    """Whether an expression is a product, or a sum that begins with one: what a bias is added to."""
    while node.kind == "apply" and node.op is not None and node.op.name in ADDING:
        node = node.parts[0]
    return node.kind == "product"


def _ambiguous(span: Span, reason: Message, *meanings: tuple[Message, str, Shape]) -> ShapeError:
    """The error that asks: one choice a meaning, each with the text that says it."""
    choices = tuple(
        Choice(label, by, tuple(shape), fix) for label, by, shape in meanings if (fix := span.replaced(by)) is not None
    )
    return ShapeError(
        reason,
        expected=message(N_("one of the two meanings")) if len(meanings) == 2 else message(N_("one meaning")),
        help=message(N_("choose: {a}, or {b}"), a=meanings[0][1], b=meanings[1][1]),
        place=span.place,
        choices=choices,
    )


__all__ = ["MATMUL", "Convention", "Misfit", "settle"]
