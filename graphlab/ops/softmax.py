"""From scores to probabilities along one axis, the last unless another is named, and from probabilities to a class."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Kinks, Picks, Shape, ShapeMismatch, example, registry
from .reductions import lead, over_axis, picked, place_of_winner
from .rules import added, by_row, check_axis, line
from .source import SOFTMAX, SOFTMAX_ALONG


def _along(a: Shape, *, axis: int = -1) -> Shape:
    if a:
        check_axis(axis, a)
    if not a or not a[axis]:
        raise ShapeMismatch(message(N_("softmax works along the last axis, and a scalar has none")))
    return a


def _softmax(a: Array, axis: int = -1) -> Array:
    # Subtracting the largest score changes nothing and keeps exp from overflowing.
    xp = xp_of(a)
    e = xp.exp(a - xp.max(a, axis=axis, keepdims=True))
    return e / xp.sum(e, axis=axis, keepdims=True)


def _softmax_vjp(g: Array, y: Array, a: Array, *, axis: int = -1) -> Array:
    return (g - xp_of(g).sum(g * y, axis=axis, keepdims=True)) * y


def _by_line(block: Callable[[Array], Array], y: Array, axis: int) -> Array:
    """The Jacobian by an operand of y's shape, from the blocks (…, n, n) of `block(y)`, one for each line along the axis.

    `block` is given y with that axis as its last.
    """
    xp = xp_of(y)
    axis %= y.ndim
    last = (*range(axis), *range(axis + 1, y.ndim), axis)
    back = (*range(axis), y.ndim - 1, *range(axis, y.ndim - 1))
    moved = xp.permute_dims(y, last)
    return xp.permute_dims(by_row(block(moved), moved), (*back, *(y.ndim + i for i in back)))


def _softmax_block(y: Array) -> Array:
    xp = xp_of(y)
    column, row = xp.expand_dims(y, axis=-1), xp.expand_dims(y, axis=-2)
    return xp.eye(y.shape[-1], dtype=y.dtype) * column - column * row


def exponentials(a: Entries, at: Index, axis: int | None = -1) -> str:
    """The sum below the line of softmax, over the elements along the axis; `at` is a place without it."""
    return added([f"e^{{{a(*i)}}}" for i in line(a.shape, axis, at)])


def _without(at: Index, axis: int) -> Index:
    """A place without the axis."""
    axis %= len(at)
    return at[:axis] + at[axis + 1 :]


def _function(name: str) -> Callable[..., str]:
    return lambda a, *, axis=-1: over_axis(name, None if axis == -1 else axis) + rf"\left({a}\right)"


def _call(name: str) -> Callable[..., str]:
    """The call in numpy: along the last axis by the short helper."""
    return lambda a, *, axis=-1: f"{name}({a})" if axis == -1 else f"{name}_along({a}, axis={axis})"


_CASES = (
    example([0.7, -0.35, 0.1]),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]),
    example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]]),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], axis=0),
    example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], axis=1),
)

softmax = registry.declare(
    name="softmax",
    inference=Inference("same"),
    arity=1,
    attributes={"axis": -1},
    shape=_along,
    forward=lambda a, *, axis=-1: _softmax(a, axis),
    vjps=(_softmax_vjp,),
    jacobians=(lambda y, a, *, axis=-1: _by_line(_softmax_block, y, axis),),
    symbol=r"\operatorname{softmax}",
    latex=_function(r"\operatorname{softmax}"),
    jacobian_latex=(lambda y, a, *, axis=-1: rf"\operatorname{{diag}}\left({y}\right) - {y}^{{\top}} {y}",),
    product_latex=(
        lambda g, y, a, *, axis=-1: (
            rf"\left({g} - {g}\,{y}^{{\top}}\right) \odot {y}"
            if y.ndim == 1
            else rf"\left({g} - {{\textstyle\sum}} {g} \odot {y}\right) \odot {y}"
        ),
    ),
    code=Code(
        _call("softmax"),
        (
            lambda g, y, a, *, axis=-1: (
                f"({g} - {g} @ {y}) * {y}"
                if y.ndim == 1
                else f"({g} - np.sum({g} * {y}, axis={axis}, keepdims=True)) * {y}"
            ),
        ),
        "torch.softmax({a}, dim={axis})",
        helpers=SOFTMAX | SOFTMAX_ALONG,
    ),
    why=(
        N_(
            "Every element of {a} moves every element of {y}: the mean of the gradient, weighed by "
            "{y}, is taken off, and the rest is weighed by {y}."
        ),
    ),
    says=N_("{y} turns the scores {a} into probabilities: positive numbers with the sum 1."),
    says_back=(
        N_("Every probability depends on every score, so the Jacobian of softmax is full: diag({y}) − {y}ᵀ{y}."),
    ),
    function="softmax",
    element=lambda at, a, *, axis=-1: (rf"\frac{{e^{{{a(*at)}}}}}{{{exponentials(a, _without(at, axis), axis)}}}",),
    partials=(
        lambda at, i, y, a, *, axis=-1: (
            rf"{y(*at)} \cdot \left(1 - {y(*at)}\right)" if at == i else rf"\left(-{y(*at)} \cdot {y(*i)}\right)"
        ),
    ),
    examples=_CASES,
)


def _log_softmax(a: Array, axis: int = -1) -> Array:
    xp = xp_of(a)
    shifted = a - xp.max(a, axis=axis, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=axis, keepdims=True))


def _log_softmax_vjp(g: Array, y: Array, a: Array, *, axis: int = -1) -> Array:
    xp = xp_of(g)
    return g - xp.exp(y) * xp.sum(g, axis=axis, keepdims=True)


def _log_softmax_block(y: Array) -> Array:
    xp = xp_of(y)
    n = y.shape[-1]
    row = xp.broadcast_to(xp.expand_dims(xp.exp(y), axis=-2), (*y.shape, n))
    return xp.eye(n, dtype=y.dtype) - row


log_softmax = registry.declare(
    name="log_softmax",
    inference=Inference("same"),
    arity=1,
    attributes={"axis": -1},
    shape=_along,
    forward=lambda a, *, axis=-1: _log_softmax(a, axis),
    vjps=(_log_softmax_vjp,),
    jacobians=(lambda y, a, *, axis=-1: _by_line(_log_softmax_block, y, axis),),
    symbol=r"\log\operatorname{softmax}",
    latex=_function(r"\log\operatorname{softmax}"),
    jacobian_latex=(lambda y, a, *, axis=-1: rf"\mathbf{{I}} - \mathbf{{1}}^{{\top}} e^{{{y}}}",),
    product_latex=(lambda g, y, a, *, axis=-1: rf"{g} - \left({{\textstyle\sum}} {g}\right) e^{{{y}}}",),
    code=Code(
        _call("log_softmax"),
        ("{g} - np.exp({y}) * np.sum({g}, axis={axis}, keepdims=True)",),
        "torch.log_softmax({a}, dim={axis})",
        helpers=SOFTMAX | SOFTMAX_ALONG,
    ),
    why=(
        N_(
            "All elements share the logarithm of one sum: each gives back its probability times "
            "the sum of the gradient."
        ),
    ),
    says=N_("{y} is the logarithm of the softmax of {a}, computed without leaving the logarithms."),
    says_back=(N_("{a} receives the gradient at {y} less its sum, shared out by the probabilities."),),
    function="log_softmax",
    element=lambda at, a, *, axis=-1: (rf"{a(*at)} - \log\left({exponentials(a, _without(at, axis), axis)}\right)",),
    partials=(lambda at, i, y, a, *, axis=-1: f"{'1' if at == i else ''} - e^{{{y(*i)}}}",),
    examples=_CASES,
)


def _argmax_shape(a: Shape, *, axis: int | None = -1) -> Shape:
    check_axis(axis, a)
    if not a or 0 in a:
        raise ShapeMismatch(message(N_("there is no maximum of no elements")))
    return () if axis is None else a[: axis % len(a)] + a[axis % len(a) + 1 :]


argmax = registry.declare(
    name="argmax",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": -1},
    shape=_argmax_shape,
    # An index, kept in the type of the values: a vertex of the graph like any other, that no gradient reaches.
    forward=lambda a, *, axis=-1: xp_of(a).astype(xp_of(a).argmax(a, axis=axis), a.dtype),
    vjps=(None,),
    jacobians=(None,),
    symbol=r"\operatorname{argmax}",
    latex=lambda a, *, axis=-1: rf"\operatorname{{argmax}}\left({a}\right)",
    jacobian_latex=(None,),
    product_latex=(None,),
    code=Code("np.argmax({a}, axis={axis})", (None,), "torch.argmax({a}, dim={axis})"),
    says=N_(
        "{y} is the index of the largest element of {a}, counted from 0: the predicted class. No gradient flows here."
    ),
    says_back=(None,),
    picks=Picks(lambda y, a, *, axis=-1: (picked(a, axis),), place_of_winner),
    kinks=Kinks(N_("a tie in argmax"), lambda a, *, axis=-1: lead(a, axis)),
    function="argmax",
    element=lambda at, a, *, axis=-1: (
        rf"\operatorname{{argmax}}\left({', '.join(a(*i) for i in line(a.shape, axis, at))}\right)",
    ),
    examples=(example([0.7, -0.35, 0.1]), example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]])),
)
