"""From scores to probabilities along the last axis, and from probabilities to a class."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Kinks, Picks, Shape, ShapeMismatch, example, registry
from .reductions import lead, picked, place_of_winner
from .rules import added, by_row, check_axis, line
from .source import SOFTMAX


def _along_last(a: Shape) -> Shape:
    if not a or not a[-1]:
        raise ShapeMismatch(message(N_("softmax works along the last axis, and a scalar has none")))
    return a


def _softmax(a: Array) -> Array:
    # Subtracting the largest score changes nothing and keeps exp from overflowing.
    xp = xp_of(a)
    e = xp.exp(a - xp.max(a, axis=-1, keepdims=True))
    return e / xp.sum(e, axis=-1, keepdims=True)


def _softmax_vjp(g: Array, y: Array, a: Array) -> Array:
    return (g - xp_of(g).sum(g * y, axis=-1, keepdims=True)) * y


def _softmax_jacobian(y: Array, a: Array) -> Array:
    xp = xp_of(y)
    column, row = xp.expand_dims(y, axis=-1), xp.expand_dims(y, axis=-2)
    return by_row(xp.eye(y.shape[-1], dtype=y.dtype) * column - column * row, a)


def exponentials(a: Entries, at: Index) -> str:
    """The sum below the line of softmax, over the row of the element `at`."""
    return added([f"e^{{{a(*i)}}}" for i in line(a.shape, -1, at)])


_CASES = (
    example([0.7, -0.35, 0.1]),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]),
    example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]]),
)

softmax = registry.declare(
    name="softmax",
    arity=1,
    shape=_along_last,
    forward=_softmax,
    vjps=(_softmax_vjp,),
    jacobians=(_softmax_jacobian,),
    symbol=r"\operatorname{softmax}",
    latex=lambda a: rf"\operatorname{{softmax}}\left({a}\right)",
    jacobian_latex=(lambda y, a: rf"\operatorname{{diag}}\left({y}\right) - {y}^{{\top}} {y}",),
    product_latex=(
        lambda g, y, a: (
            rf"\left({g} - {g}\,{y}^{{\top}}\right) \odot {y}"
            if y.ndim == 1
            else rf"\left({g} - {{\textstyle\sum}} {g} \odot {y}\right) \odot {y}"
        ),
    ),
    code=Code(
        "softmax({a})",
        (
            lambda g, y, a: (
                f"({g} - {g} @ {y}) * {y}"
                if y.ndim == 1
                else f"({g} - np.sum({g} * {y}, axis=-1, keepdims=True)) * {y}"
            ),
        ),
        "torch.softmax({a}, dim=-1)",
        helpers=SOFTMAX,
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
    element=lambda at, a: (rf"\frac{{e^{{{a(*at)}}}}}{{{exponentials(a, at[:-1])}}}",),
    partials=(
        lambda at, i, y, a: (
            rf"{y(*at)} \cdot \left(1 - {y(*at)}\right)" if at == i else rf"\left(-{y(*at)} \cdot {y(*i)}\right)"
        ),
    ),
    examples=_CASES,
)


def _log_softmax(a: Array) -> Array:
    xp = xp_of(a)
    shifted = a - xp.max(a, axis=-1, keepdims=True)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=-1, keepdims=True))


def _log_softmax_vjp(g: Array, y: Array, a: Array) -> Array:
    xp = xp_of(g)
    return g - xp.exp(y) * xp.sum(g, axis=-1, keepdims=True)


def _log_softmax_jacobian(y: Array, a: Array) -> Array:
    xp = xp_of(y)
    n = y.shape[-1]
    row = xp.broadcast_to(xp.expand_dims(xp.exp(y), axis=-2), (*y.shape, n))
    return by_row(xp.eye(n, dtype=y.dtype) - row, a)


log_softmax = registry.declare(
    name="log_softmax",
    arity=1,
    shape=_along_last,
    forward=_log_softmax,
    vjps=(_log_softmax_vjp,),
    jacobians=(_log_softmax_jacobian,),
    symbol=r"\log\operatorname{softmax}",
    latex=lambda a: rf"\log\operatorname{{softmax}}\left({a}\right)",
    jacobian_latex=(lambda y, a: rf"\mathbf{{I}} - \mathbf{{1}}^{{\top}} e^{{{y}}}",),
    product_latex=(lambda g, y, a: rf"{g} - \left({{\textstyle\sum}} {g}\right) e^{{{y}}}",),
    code=Code(
        "log_softmax({a})",
        ("{g} - np.exp({y}) * np.sum({g}, axis=-1, keepdims=True)",),
        "torch.log_softmax({a}, dim=-1)",
        helpers=SOFTMAX,
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
    element=lambda at, a: (rf"{a(*at)} - \log\left({exponentials(a, at[:-1])}\right)",),
    partials=(lambda at, i, y, a: f"{'1' if at == i else ''} - e^{{{y(*i)}}}",),
    examples=_CASES,
)


def _argmax_shape(a: Shape, *, axis: int | None = -1) -> Shape:
    check_axis(axis, a)
    if not a or 0 in a:
        raise ShapeMismatch(message(N_("there is no maximum of no elements")))
    return () if axis is None else a[: axis % len(a)] + a[axis % len(a) + 1 :]


argmax = registry.declare(
    name="argmax",
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
