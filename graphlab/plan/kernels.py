"""Each node of a program as calls of numpy, bound to the arrays they read and write."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from .memory import address
from .program import Node

Call = Callable[[], object]


def bind(node: Node, args: list[np.ndarray], out: np.ndarray) -> list[Call]:
    """The calls that compute `node` from `args` into `out`.

    What is bound was chosen by measuring a call of a few elements, where the call is all there is to pay:
    `a.dot(b, out)` costs a third of `np.matmul(a, b, out)`, and of `np.add.reduce(a, 0, None, out)` as well.
    """
    match node.kind:
        case "feed" | "number" | "permute" | "reshape" | "broadcast" | "slice":
            return []
        case "dot":
            return [partial(args[0].dot, args[1], out)]
        case "sum":
            return [_sum(args[0], node.detail, out)]
        case "max":
            return [partial(np.maximum.reduce, args[0], node.detail, None, out)]
        case "where":
            condition, chosen, other = args
            write = partial(np.copyto, out, chosen, where=condition)
            return [write] if other is out else [partial(np.copyto, out, other), write]
        case "cast" | "copy":
            return [partial(np.copyto, out, args[0])]
        case "concat":
            ends = np.cumsum([a.shape[node.detail] for a in args])[:-1]
            parts = zip(np.split(out, ends, node.detail), args, strict=True)
            return [partial(np.copyto, place, a) for place, a in parts if address(place) != address(a)]
        case "call":
            return [partial(_call_into, out, node.detail, *args)]
        case "maximum" | "minimum":  # these two want their output by name, which costs 0.15 µs a call
            return [partial(getattr(np, node.kind), *args, out=out)]
        case ufunc:
            return [partial(getattr(np, ufunc), *args, out)]


def _sum(a: np.ndarray, axes: tuple[int, ...], out: np.ndarray) -> Call:
    """A sum over leading axes, over trailing axes or over all of them is a product with ones."""
    lead = axes == tuple(range(len(axes)))
    trail = axes == tuple(range(a.ndim - len(axes), a.ndim))
    if not (lead or trail) or not a.flags.c_contiguous or not a.size:
        return partial(np.add.reduce, a, axes, None, out)
    n = int(np.prod([a.shape[i] for i in axes]))
    ones = np.ones(n, a.dtype)
    if lead and trail:
        return partial(ones.dot, a.reshape(n), out)
    if lead:
        return partial(ones.dot, a.reshape(n, -1), out.reshape(-1))
    return partial(a.reshape(-1, n).dot, ones, out.reshape(-1))


def _call_into(out: np.ndarray, function: Callable[..., object], *args: np.ndarray) -> None:
    np.copyto(out, function(*args))
