"""Symbolic arrays: an op's forward or VJP runs on them as on any other array, and leaves its calls in a program."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..op import Shape
from .program import COMPARISONS, ELEMENTWISE, Node, Program


class Unrecordable(Exception):
    """Raised where a function needs the numbers themselves, or a call that the recorder does not know."""


class Symbol:
    """An array of which only the shape and the kind of its elements are known. Equality is elementwise, as for arrays."""

    __slots__ = ("_xp", "node")
    __hash__ = None

    def __init__(self, node: Node, xp: Namespace) -> None:
        self.node = node
        self._xp = xp

    def __array_namespace__(self, *, api_version: str | None = None) -> Namespace:
        return self._xp

    @property
    def shape(self) -> Shape:
        return self.node.shape

    @property
    def ndim(self) -> int:
        return len(self.node.shape)

    @property
    def size(self) -> int:
        return self.node.size

    @property
    def dtype(self) -> str:
        return self.node.type

    def __getattr__(self, name: str) -> Any:
        raise Unrecordable(f"the attribute {name} of an array") if not name.startswith("__") else AttributeError(name)

    def __getitem__(self, key: Any) -> Symbol:
        """Slices, integers, None and an ellipsis; anything else needs the numbers."""
        return self._xp.part(self, key if isinstance(key, tuple) else (key,))

    def __neg__(self) -> Symbol:
        return self._xp.negative(self)

    def __abs__(self) -> Symbol:
        return self._xp.abs(self)


def _needs_numbers(self: Symbol, *_: Any, **__: Any) -> Any:
    raise Unrecordable("the elements of an array")


def _operator(name: str, swapped: bool) -> Callable[[Symbol, Any], Symbol]:
    def operator(self: Symbol, other: Any) -> Symbol:
        return self._xp.elementwise(name, *((other, self) if swapped else (self, other)))

    return operator


for _method, _name in (
    *(("add", "add"), ("sub", "subtract"), ("mul", "multiply"), ("truediv", "divide"), ("pow", "power")),
    *(("eq", "equal"), ("ne", "not_equal"), ("lt", "less"), ("le", "less_equal")),
    *(("gt", "greater"), ("ge", "greater_equal")),
):
    setattr(Symbol, f"__{_method}__", _operator(_name, swapped=False))
    if _name not in COMPARISONS:
        setattr(Symbol, f"__r{_method}__", _operator(_name, swapped=True))
for _method in ("bool", "float", "int", "index", "len", "iter", "array", "array_ufunc", "array_function"):
    setattr(Symbol, f"__{_method}__", _needs_numbers)


class Namespace:
    """The part of the array-API standard that operations are written in, recording into a program.

    Elementwise functions are found by name; what is not here raises Unrecordable.
    """

    bool = "bool"

    def __init__(self, program: Program) -> None:
        self.program = program

    def wrap(self, node: Node) -> Symbol:
        return Symbol(node, self)

    def node(self, value: Any) -> Node:
        """The node of a symbol, or of a plain number."""
        if isinstance(value, Symbol):
            return value.node
        if isinstance(value, (int, float)):
            return self.program.number(value)
        raise Unrecordable(f"an operand of type {type(value).__name__}")

    def elementwise(self, name: str, *args: Any) -> Symbol:
        return self.wrap(self.program.elementwise(name, *map(self.node, args)))

    def __getattr__(self, name: str) -> Callable[..., Symbol]:
        name = {"abs": "absolute", "pow": "power", "atan": "arctan"}.get(name, name)
        if name not in ELEMENTWISE:
            raise Unrecordable(f"the function {name}")
        return lambda *args: self.elementwise(name, *args)

    def permute_dims(self, a: Symbol, axes: tuple[int, ...]) -> Symbol:
        return self.wrap(self.program.permute(a.node, tuple(axes)))

    def matrix_transpose(self, a: Symbol) -> Symbol:
        return self.permute_dims(a, (*range(a.ndim - 2), a.ndim - 1, a.ndim - 2))

    def reshape(self, a: Symbol, shape: Shape) -> Symbol:
        if -1 in shape:
            raise Unrecordable("a shape with an unknown axis")
        return self.wrap(self.program.reshape(a.node, tuple(shape)))

    def expand_dims(self, a: Symbol, *, axis: int) -> Symbol:
        return self.wrap(self.program.expand(a.node, axis))

    def broadcast_to(self, a: Symbol, shape: Shape) -> Symbol:
        return self.wrap(self.program.broadcast(a.node, tuple(shape)))

    def part(self, a: Symbol, key: tuple[Any, ...]) -> Symbol:
        """`a[key]`, basic indexing."""
        given = sum(k is not None and k is not Ellipsis for k in key)
        if Ellipsis not in key:
            key = (*key, Ellipsis)
        i = key.index(Ellipsis)
        key = (*key[:i], *[slice(None)] * (a.ndim - given), *key[i + 1 :])
        ranges, shape = [], []
        for k in key:
            if k is None:
                shape.append(1)
                continue
            n = a.shape[len(ranges)]
            if isinstance(k, int):
                ranges.append((k % n, k % n + 1, 1))
            elif isinstance(k, slice):
                ranges.append(k.indices(n))
                shape.append(len(range(*ranges[-1])))
            else:
                raise Unrecordable(f"an index of type {type(k).__name__}")
        return self.wrap(self.program.reshape(self.program.slice(a.node, tuple(ranges)), tuple(shape)))

    def concat(self, arrays: Iterable[Symbol], *, axis: int = 0) -> Symbol:
        return self.wrap(self.program.concat(tuple(a.node for a in arrays), axis))

    def stack(self, arrays: Iterable[Symbol], *, axis: int = 0) -> Symbol:
        return self.concat([self.expand_dims(a, axis=axis) for a in arrays], axis=axis)

    def full(self, shape: Shape, value: float, **_: Any) -> Symbol:
        return self.wrap(self.program.number(value, tuple(shape)))

    def zeros(self, shape: Shape, **_: Any) -> Symbol:
        return self.full(shape, 0)

    def ones(self, shape: Shape, **_: Any) -> Symbol:
        return self.full(shape, 1)

    def full_like(self, a: Symbol, value: float, **_: Any) -> Symbol:
        return self.full(a.shape, value)

    def zeros_like(self, a: Symbol, **_: Any) -> Symbol:
        return self.full(a.shape, 0)

    def ones_like(self, a: Symbol, **_: Any) -> Symbol:
        return self.full(a.shape, 1)

    def astype(self, a: Symbol, dtype: str, **_: Any) -> Symbol:
        if dtype == a.dtype:
            return a
        if dtype != "float":
            raise Unrecordable("numbers as another type")
        return self.wrap(self.program.cast(a.node))

    def sum(self, a: Symbol, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Symbol:
        return self._reduce("sum", a, axis, keepdims)

    def max(self, a: Symbol, *, axis: int | tuple[int, ...] | None = None, keepdims: bool = False) -> Symbol:
        return self._reduce("max", a, axis, keepdims)

    def _reduce(self, kind: str, a: Symbol, axis: int | tuple[int, ...] | None, keepdims: bool) -> Symbol:
        axes = range(a.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
        axes = {i % a.ndim for i in axes}
        node = self.program.reduce(kind, a.node, axes) if axes else a.node
        for i in sorted(axes) if keepdims else ():
            node = self.program.expand(node, i)
        return self.wrap(node)

    def tensordot(self, a: Symbol, b: Symbol, *, axes: int | tuple = 2) -> Symbol:
        if isinstance(axes, int):
            axes = (tuple(range(a.ndim - axes, a.ndim)), tuple(range(axes)))
        return self.wrap(self.program.tensordot(a.node, b.node, (tuple(axes[0]), tuple(axes[1]))))
