"""What several families share: shape rules, sums over broadcast axes, closed-form Jacobians, pieces of LaTeX."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Index, Shape, ShapeMismatch, Term


def broadcast(*shapes: Shape, **_: object) -> Shape:
    """The common shape by numpy's rule: aligned at the last axis, a missing axis or one of size 1 is repeated."""
    result: list[int] = []
    for i in range(1, max(map(len, shapes), default=0) + 1):
        sizes = {s[-i] for s in shapes if len(s) >= i and s[-i] != 1}
        if len(sizes) > 1:
            raise ShapeMismatch(
                message(N_("the shapes can not be broadcast together")),
                wanted={slot: other for slot, other in enumerate(reversed(shapes)) if len(shapes) == 2},
            )
        result.append(sizes.pop() if sizes else 1)
    return tuple(reversed(result))


def same(shape: Shape, **_: object) -> Shape:
    """The shape of the only operand."""
    return shape


def equal(a: Shape, *others: Shape, **_: object) -> Shape:
    """Operands that must have one shape. A loss does not broadcast: (N,) against (N, 1) is nearly always a slip."""
    for slot, b in enumerate(others, 1):
        if a != b:
            wanted = {0: b, slot: a} if len(others) == 1 else {slot: a}
            raise ShapeMismatch(message(N_("the shapes have to be equal")), wanted=wanted)
    return a


def equal_to_number(a: Shape, b: Shape, **_: object) -> Shape:
    """Two operands of one shape, and a single number of both: a loss that is a mean over all elements."""
    equal(a, b)
    return ()


def equal_by_row(a: Shape, b: Shape, **_: object) -> Shape:
    """Two operands of one shape, and one number for each row of the last axis."""
    if not equal(a, b):
        raise ShapeMismatch(message(N_("one number is made of each row, along the last axis, and a scalar has none")))
    return a[:-1]


def check_axis(axis: int | None, shape: Shape) -> None:
    """Raises ShapeMismatch where `axis` is not an axis of `shape`."""
    if axis is not None and not -len(shape) <= axis < len(shape):
        raise ShapeMismatch(message(N_("there is no axis {axis} in a shape with {n} axes"), axis=axis, n=len(shape)))


def unbroadcast(g: Array, shape: Shape) -> Array:
    """The gradient summed back over what was broadcast: from g's shape to `shape`."""
    extra = g.ndim - len(shape)
    axes = tuple(range(extra)) + tuple(extra + i for i, n in enumerate(shape) if n == 1 and g.shape[extra + i] != 1)
    if not axes:
        return g
    return xp_of(g).reshape(xp_of(g).sum(g, axis=axes), shape)


def elementwise_jacobian(d: Array, y: Array, x: Array) -> Array:
    """∂y/∂x of an elementwise op from its derivative `d`, of y's shape or broadcastable to it.

    Shape of y, then shape of x; zero off the (broadcast) diagonal.
    """
    xp = xp_of(y)
    n = prod(y.shape)
    diagonal = xp.eye(n, dtype=y.dtype) * xp.reshape(xp.broadcast_to(d, y.shape), (n, 1))
    rows = xp.reshape(diagonal, y.shape + y.shape)
    lead = len(y.shape)
    extra = len(y.shape) - len(x.shape)
    axes = tuple(lead + i for i in range(extra))
    axes += tuple(lead + extra + i for i, k in enumerate(x.shape) if k == 1 and y.shape[extra + i] != 1)
    return xp.reshape(xp.sum(rows, axis=axes) if axes else rows, y.shape + x.shape)


def times(*terms: Term) -> str:
    """The elementwise product in symbols: `⊙` where both are arrays, `·` where one is a scalar."""
    out = terms[0]
    ndim = _ndim(terms[0])
    for t in terms[1:]:
        sign = r"\odot" if ndim and _ndim(t) else r"\cdot"
        out = rf"{out} {sign} {t}"
        ndim = max(ndim, _ndim(t))
    return out


def _ndim(term: str) -> int:
    return term.ndim if isinstance(term, Term) else 0


def brackets(latex: str, like: Term) -> Term:
    """`latex` in parentheses, standing for something of the shape of `like`."""
    return Term(rf"\left({latex}\right)", like.shape)


def diag(latex: str, like: Term) -> str:
    """A derivative as a Jacobian: `diag(…)` for arrays, the number itself for a scalar."""
    return rf"\operatorname{{diag}}\left({latex}\right)" if like.ndim else str(latex)


def by_row(block: Array, a: Array) -> Array:
    """Jacobian blocks (…, n, n), one for each row of `a`, as the Jacobian of the whole: a's shape, then a's shape."""
    xp = xp_of(a)
    n = a.shape[-1]
    rows = a.size // n
    blocks = xp.reshape(block, (rows, n, 1, n))
    j = xp.reshape(xp.eye(rows, dtype=a.dtype), (rows, 1, rows, 1)) * blocks
    return xp.reshape(j, a.shape + a.shape)


def summed(latex: str, g: Term, operand: Term) -> str:
    """The product, with a sum sign where the operand was broadcast to g's shape."""
    return rf"{{\textstyle\sum}} {latex}" if g.shape != operand.shape else latex


def ones(y: Term, operand: Term) -> str:
    """∂(a + b)/∂a: the identity, or all ones where the operand was broadcast."""
    if y.shape != operand.shape:
        return r"\mathbf{1}"
    return r"\mathbf{I}" if y.ndim else "1"


def line(shape: Shape, axis: int | None, at: Index) -> list[Index]:
    """The places of an array that come together at `at` when it is taken along `axis`; all of them with no axis."""
    if axis is None:
        return list(np.ndindex(shape))
    axis %= len(shape)
    return [(*at[:axis], i, *at[axis:]) for i in range(shape[axis])]


def added(terms: Sequence[str], most: int = 8) -> str:
    """A sum in symbols, with dots in the middle where it has more than `most` terms."""
    return " + ".join(terms if len(terms) <= most else (*terms[: most - 2], r"\dots", terms[-1]))


def leading(at: Index, shape: Shape) -> Index:
    """The place that speaks of the element `at` in an operand whose axes are the first ones of the result's."""
    return tuple(0 if n == 1 else i for i, n in zip(at, shape, strict=False))


def trailing(at: Index, shape: Shape) -> Index:
    """The place in an operand of this shape that is broadcast to the element `at` of the result."""
    return leading(at[len(at) - len(shape) :], shape)


def decimal(x: float) -> str:
    """A small constant as LaTeX: 0.1, or 10^{-5}."""
    mantissa, _, exponent = f"{x:g}".partition("e")
    if not exponent:
        return mantissa
    return ("" if mantissa == "1" else rf"{mantissa} \cdot ") + f"10^{{{int(exponent)}}}"
