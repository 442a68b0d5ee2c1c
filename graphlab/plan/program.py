"""The plan's own language: a list of primitive calls on symbolic arrays, simplified as it is written down.

Every expression is entered once (common sub-expressions are the same `Node`), constants are folded, and broadcasts
move outwards: `f(broadcast(a), broadcast(b))` is entered as `broadcast(f(a, b))`, so that nothing is computed twice
because it is needed in two places, or for a hundred rows because it is shown in a hundred rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import prod
from typing import Any, Literal

import numpy as np

from ..op import Shape

Type = Literal["float", "bool"]

VIEWS = frozenset({"permute", "reshape", "broadcast", "slice"})
COMPARISONS = frozenset({"equal", "not_equal", "less", "less_equal", "greater", "greater_equal"})
ELEMENTWISE = COMPARISONS | {
    *("add", "subtract", "multiply", "divide", "power", "maximum", "minimum"),
    *("negative", "absolute", "sign", "exp", "expm1", "log", "log1p", "sqrt", "square", "tanh", "sin", "cos"),
    *("tan", "sinh", "cosh", "arctan", "log2", "log10"),
    "where",
}
COMMUTATIVE = frozenset({"add", "multiply", "maximum", "minimum", "equal", "not_equal"})


class Node:
    """One primitive call, or a leaf. Equal expressions of a program are the same object.

    kind    "feed" (detail: the vertex), "number" (detail: its value), a view, a numpy ufunc, or one of
            "where", "cast", "copy", "dot", "concat" (detail: the axis), "sum", "max" (detail: the axes) and "call"
            (detail: a function of arrays)
    args    the operands
    index   the place in the order of recording, in which everything is computed
    """

    __slots__ = ("args", "detail", "index", "kind", "shape", "type")

    def __init__(self, kind: str, args: tuple[Node, ...], detail: Hashable, shape: Shape, type: Type, index: int):
        self.kind = kind
        self.args = args
        self.detail = detail
        self.shape = shape
        self.type = type
        self.index = index

    @property
    def size(self) -> int:
        """The number of elements."""
        return prod(self.shape)

    @property
    def root(self) -> Node:
        """The node whose memory this one shows: itself, unless it is a view."""
        node = self
        while node.kind in VIEWS:
            node = node.args[0]
        return node

    @property
    def contiguous(self) -> bool:
        """Whether the elements lie in memory in the order of the axes."""
        if self.kind == "slice":
            return self.args[0].contiguous and _is_one_run(self.detail, self.args[0].shape)
        return self.kind not in VIEWS or (self.kind == "reshape" and self.args[0].contiguous)

    def __repr__(self) -> str:
        operands = ", ".join(f"%{a.index}" for a in self.args)
        return f"%{self.index}{list(self.shape)} = {self.kind}({operands}{'; ' if operands else ''}{self.detail})"


def _is_one_run(ranges: tuple[tuple[int, int, int], ...], shape: Shape) -> bool:
    """Whether the elements of a slice lie one behind the other in memory: rows of a matrix, and not columns."""
    kept = [(step == 1, len(range(start, stop, step)), n) for (start, stop, step), n in zip(ranges, shape, strict=True)]
    first = next((i for i, (_, length, _) in enumerate(kept) if length != 1), len(kept))
    return all(ahead and (length == n or i == first) for i, (ahead, length, n) in enumerate(kept) if i >= first)


def place_of(node: Node) -> tuple[Node, int]:
    """The node whose memory a contiguous view shows, and where in it the view begins, in elements."""
    offset = 0
    while node.kind in VIEWS:
        if node.kind == "slice":
            shape = node.args[0].shape
            offset += sum(start * prod(shape[i + 1 :]) for i, (start, _, _) in enumerate(node.detail))
        node = node.args[0]
    return node, offset


class Program:
    """The nodes of one program in the order they were recorded. Each method enters one primitive and returns its node."""

    def __init__(self) -> None:
        self._entered: dict[tuple, Node] = {}

    def _enter(
        self, kind: str, args: tuple[Node, ...], detail: Hashable, shape: Iterable[int], type: Type = "float"
    ) -> Node:
        key = (kind, args, detail)
        node = self._entered.get(key)
        if node is None:
            node = self._entered[key] = Node(kind, args, detail, tuple(shape), type, len(self._entered))
        return node

    def enter_again(self, node: Node, args: Iterable[Node]) -> Node:
        """A node of another program, on operands of this one that have the shapes of its own."""
        return self._enter(node.kind, tuple(args), node.detail, node.shape, node.type)

    # Leaves

    def feed(self, name: str, shape: Shape) -> Node:
        """The fed value of a vertex."""
        return self._enter("feed", (), name, shape)

    def number(self, value: float, shape: Shape = ()) -> Node:
        """A constant, shown in `shape`. Zero has no sign here."""
        return self.broadcast(self._enter("number", (), float(value) + 0.0, ()), shape)

    # Views: they cost nothing

    def permute(self, a: Node, axes: tuple[int, ...]) -> Node:
        """The axes of `a` in another order."""
        if a.kind == "permute":
            a, axes = a.args[0], tuple(a.detail[i] for i in axes)
        shape = tuple(a.shape[i] for i in axes)
        if a.kind == "broadcast" and a.args[0].size == 1:
            return self.broadcast(a.args[0], shape)
        long = [i for i in axes if a.shape[i] != 1]
        if long == sorted(long):  # only axes of one element moved: the memory stays as it is
            return a if shape == a.shape else self.reshape(a, shape)
        return self._enter("permute", (a,), axes, shape)

    def reshape(self, a: Node, shape: Shape) -> Node:
        """The elements of `a`, in their order, in another shape."""
        if shape == a.shape:
            return a
        if a.kind == "reshape":
            return self.reshape(a.args[0], shape)
        if a.kind == "broadcast" and a.args[0].size == 1:
            return self.broadcast(self.reshape(a.args[0], ()), shape)
        a = a if a.contiguous else self.copy(a)
        return self._enter("reshape", (a,), shape, shape)

    def expand(self, a: Node, axis: int) -> Node:
        """`a` with an axis of one element put in at `axis`."""
        axis %= len(a.shape) + 1
        shape = (*a.shape[:axis], 1, *a.shape[axis:])
        if a.kind == "broadcast":
            return self.broadcast(self.expand(self._aligned(a.args[0], len(a.shape)), axis), shape)
        if a.kind == "permute":  # put the axis in below the permutation
            axes = [i + 1 for i in a.detail]
            return self.permute(self.expand(a.args[0], 0), (*axes[:axis], 0, *axes[axis:]))
        return self.reshape(a, shape)

    def broadcast(self, a: Node, shape: Shape) -> Node:
        """`a` repeated to `shape`, by numpy's rule."""
        if a.kind == "broadcast":
            a = a.args[0]
        if shape == (1,) * (len(shape) - len(a.shape)) + a.shape:
            return self._aligned(a, len(shape))
        while a.kind == "reshape" and len(a.shape) > len(a.args[0].shape) and a.args[0].shape == a.shape[1:]:
            a = a.args[0]  # a leading axis of one element is understood
        return self._enter("broadcast", (a,), shape, shape)

    def slice(self, a: Node, ranges: tuple[tuple[int, int, int], ...]) -> Node:
        """A part of `a`: (start, stop, step) for each axis, as `range` takes them."""
        shape = tuple(len(range(*r)) for r in ranges)
        if shape == a.shape and all(step > 0 for *_, step in ranges):
            return a
        return self._enter("slice", (a,), ranges, shape)

    def _aligned(self, a: Node, ndim: int) -> Node:
        """`a` with the leading axes of one element that broadcasting to `ndim` axes understands."""
        while len(a.shape) < ndim:
            a = self.expand(a, 0)
        return a

    # Computations

    def elementwise(self, name: str, *args: Node) -> Node:
        """A numpy ufunc, or `where`, on arrays that broadcast together."""
        shape = np.broadcast_shapes(*(a.shape for a in args))
        if name not in COMPARISONS:
            args = tuple(a if name == "where" and i == 0 else self.cast(a) for i, a in enumerate(args))
        args = tuple(a.args[0] if a.kind == "broadcast" else a for a in args)
        args = tuple(self.reshape(a, ()) if a.size == 1 else a for a in args)
        return self.broadcast(self._simplified(name, args, np.broadcast_shapes(*(a.shape for a in args))), shape)

    def _simplified(self, name: str, args: tuple[Node, ...], shape: Shape) -> Node:
        values = [a.detail if a.kind == "number" else None for a in args]
        if None not in values and name not in COMPARISONS and name != "where":
            with np.errstate(all="ignore"):
                return self.number(getattr(np, name)(*values))
        match name, values:
            case ("multiply", [1.0, _]) | ("add", [0.0, _]):
                return self.broadcast(args[1], shape)
            case ("multiply" | "divide" | "power", [_, 1.0]) | ("add" | "subtract", [_, 0.0]):
                return self.broadcast(args[0], shape)
            case ("multiply", [-1.0, _]):
                return self.elementwise("negative", self.broadcast(args[1], shape))
            case ("multiply", [_, -1.0]):
                return self.elementwise("negative", self.broadcast(args[0], shape))
            case ("power", [_, 2.0]):
                return self.elementwise("multiply", args[0], args[0])
            case ("power", [_, 3.0]):  # numpy's power takes a logarithm and an exponential
                return self.elementwise("multiply", args[0], self.elementwise("multiply", args[0], args[0]))
            case ("power", [_, -1.0]):
                return self.elementwise("divide", self.number(1), args[0])
            case ("negative", _) if args[0].kind == "negative":
                return args[0].args[0]
        if name in COMMUTATIVE:
            args = tuple(sorted(args, key=lambda a: a.index))
        return self._enter(name, args, None, shape, "bool" if name in COMPARISONS else "float")

    def cast(self, a: Node) -> Node:
        """Truth values as numbers, 0 and 1."""
        return self._enter("cast", (a,), None, a.shape) if a.type == "bool" else a

    def copy(self, a: Node, name: str | None = None) -> Node:
        """The elements of `a` in memory of its own; with a `name`, in memory that nothing else shares."""
        if a.kind == "permute" and a.args[0].kind == "dot" and len(a.shape) == 2:
            left, right = a.args[0].args
            return self.dot(self.permute(right, (1, 0)), self.permute(left, (1, 0)))
        return self._enter("copy", (a,), name, a.shape, a.type)

    def reduce(self, kind: Literal["sum", "max"], a: Node, axes: Iterable[int]) -> Node:
        """The sum or the maximum over `axes`, which disappear."""
        a = self.cast(a)
        axes = tuple(sorted(i % len(a.shape) for i in axes))
        shape = tuple(n for i, n in enumerate(a.shape) if i not in axes)
        if all(a.shape[i] == 1 for i in axes):
            return self.reshape(a, shape)
        if a.kind == "broadcast":
            return self._reduce_broadcast(kind, a, axes, shape)
        if kind == "sum" and a.kind == "multiply" and not shape and all(f.contiguous for f in a.args):
            left, right = a.args
            if left.shape == right.shape == a.shape:  # Σ a ⊙ b is a scalar product
                return self.dot(self.reshape(left, (a.size,)), self.reshape(right, (a.size,)))
        return self._enter(kind, (a,), axes, shape)

    def _reduce_broadcast(self, kind: Literal["sum", "max"], a: Node, axes: tuple[int, ...], shape: Shape) -> Node:
        """What is only repeated along an axis is its own maximum there, and n times itself in the sum."""
        base = self._aligned(a.args[0], len(a.shape))
        repeated = [i for i in axes if base.shape[i] != a.shape[i]]
        result = self.reduce(kind, base, [i for i in axes if i not in repeated])
        result = self.reshape(result, tuple(n for i, n in enumerate(base.shape) if i not in axes))
        if kind == "sum":
            result = self.elementwise("multiply", result, self.number(prod(a.shape[i] for i in repeated)))
        return self.broadcast(result, shape)

    def dot(self, a: Node, b: Node) -> Node:
        """The product of vectors and matrices: last axis of `a` with first axis of `b`."""
        return self._enter("dot", (a, b), None, a.shape[:-1] + b.shape[1:])

    def tensordot(self, a: Node, b: Node, axes: tuple[tuple[int, ...], tuple[int, ...]]) -> Node:
        """The array-API `tensordot`, brought to a product of at most two matrices."""
        left, right = (tuple(i % len(n.shape) for i in ax) for n, ax in zip((a, b), axes, strict=True))
        free_a = tuple(i for i in range(len(a.shape)) if i not in left)
        free_b = tuple(i for i in range(len(b.shape)) if i not in right)
        shape = tuple(a.shape[i] for i in free_a) + tuple(b.shape[i] for i in free_b)
        if not left and not (a.shape and b.shape):
            return self.elementwise("multiply", a, b)
        n, k, m = prod(a.shape[i] for i in free_a), prod(a.shape[i] for i in left), prod(b.shape[i] for i in free_b)
        # An outer product goes through here too, with k = 1: a broadcasting multiply costs three times as much a call.
        rows = self.reshape(self.permute(a, free_a + left), (n, k) if free_a else (k,))
        columns = self.reshape(self.permute(b, right + free_b), (k, m) if free_b else (k,))
        return self.reshape(self.dot(rows, columns), shape)

    def concat(self, parts: tuple[Node, ...], axis: int) -> Node:
        """The parts one behind the other along an axis."""
        parts = tuple(self.cast(p) for p in parts)
        axis %= len(parts[0].shape)
        shape = list(parts[0].shape)
        shape[axis] = sum(p.shape[axis] for p in parts)
        if len(parts) == 1:
            return parts[0]
        if (run := self._one_run(parts, axis)) is not None:
            return self.reshape(run, tuple(shape))
        return self._enter("concat", parts, axis, shape)

    def _one_run(self, parts: tuple[Node, ...], axis: int) -> Node | None:
        """The parts as one piece of the memory that they all show, where they lie there one behind the other."""
        if any(n != 1 for n in parts[0].shape[:axis]) or not all(p.contiguous and p.size for p in parts):
            return None
        root, start = place_of(parts[0])
        stop = start
        for part in parts:
            if part.kind not in VIEWS or place_of(part) != (root, stop):
                return None
            stop += part.size
        return self.slice(self.reshape(root, (root.size,)), ((start, stop, 1),))

    def call(self, function: Callable[..., Any], args: tuple[Node, ...], shape: Shape) -> Node:
        """Any function of arrays, called as it is."""
        return self._enter("call", tuple(self.cast(a) for a in args), function, shape)
