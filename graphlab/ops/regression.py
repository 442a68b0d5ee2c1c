"""Losses on real numbers: squared, absolute and Huber errors, averaged over all elements, and the hinge loss."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Kinks, Op, Shape, ShapeMismatch, Source, Term, example, registry
from .rules import added, decimal, diag, elementwise_jacobian, equal, equal_to_number, line, times

DOT = r" \cdot "

_CASES = (
    example(0.4, 1.3),
    example([0.4, -1.0, 2.0], [1.3, -0.6, 0.1]),
    example([[0.5, -1.5], [2.0, -0.25]], [[0.2, 0.9], [2.6, -0.7]]),
)


def _difference(t: Term, p: Term) -> str:
    return f"{p} - {t}"


def _fraction(over: int, under: int) -> str:
    return rf"\frac{{{over}}}{{{under}}}"


def _share(n: int) -> str:
    """The weight of one of n errors in their mean, as a factor in front."""
    return "" if n == 1 else rf"{_fraction(1, n)} \cdot "


def _count(a: Term) -> int:
    return prod(a.shape)


def _mean_error(
    name: str,
    error: Callable[..., Array],
    slope: Callable[..., Array],
    error_latex: Callable[..., str],
    slope_latex: Callable[..., str],
    slope_code: str,
    shape: Callable[..., Shape] = equal_to_number,
    short_latex: Callable[..., str] | None = None,
    **parts: Any,
) -> Op:
    """The mean of `error(prediction - truth)` over all elements, a single number.

    error, slope              of the differences: the error of each, and its derivative
    error_latex               the error of one difference in symbols
    slope_latex               the derivative of the mean of n errors by one of them, given the difference and n
    slope_code                the derivative in numpy, a template with {d}
    short_latex               a shorter name for the error of a whole array, where `error_latex` is long
    """

    def forward(t: Array, p: Array, **k: float) -> Array:
        return xp_of(p).sum(error(p - t, **k)) / prod(p.shape)

    def by_prediction(g: Array, y: Array, t: Array, p: Array, **k: float) -> Array:
        return g * slope(p - t, **k) / prod(p.shape)

    def latex(t: Term, p: Term, **k: float) -> str:
        written = (short_latex or error_latex)(_difference(t, p), **k)
        return rf"\operatorname{{mean}}\left({written}\right)" if p.ndim else written

    def element(at: Index, t: Entries, p: Entries, **k: float) -> tuple[str, ...]:
        places = line(p.shape, None, at)
        # A long error is written less often.
        total = added([error_latex(f"{p(*i)} - {t(*i)}", **k) for i in places], most=4 if short_latex else 8)
        return (total if len(places) == 1 else rf"\frac{{{total}}}{{{len(places)}}}",)

    def slope_in_numpy(prediction: bool) -> Callable[..., str]:
        def vjp(g: Source, y: Source, t: Source, p: Source, **k: float) -> str:
            d = f"({p} - {t})" if prediction else f"({t} - {p})"
            over = f" / {_count(p)}" if _count(p) != 1 else ""
            return f"{g} * {slope_code.format(d=d, **k)}{over}"

        return vjp

    # Each error is the same for d and -d, so that its slope changes sign with d: the truth receives the slope at t - p.
    return registry.declare(
        name=name,
        inference=Inference("a number"),
        arity=2,
        shape=shape,
        forward=forward,
        vjps=(lambda g, y, t, p, **k: by_prediction(g, y, p, t, **k), by_prediction),
        jacobians=(
            lambda y, t, p, **k: slope(t - p, **k) / prod(p.shape),
            lambda y, t, p, **k: slope(p - t, **k) / prod(p.shape),
        ),
        symbol=rf"\operatorname{{{name}}}",
        latex=latex,
        jacobian_latex=(
            lambda y, t, p, **k: slope_latex(_difference(p, t), _count(p), **k),
            lambda y, t, p, **k: slope_latex(_difference(t, p), _count(p), **k),
        ),
        product_latex=(
            lambda g, y, t, p, **k: rf"{g} \cdot {slope_latex(_difference(p, t), _count(p), **k)}",
            lambda g, y, t, p, **k: rf"{g} \cdot {slope_latex(_difference(t, p), _count(p), **k)}",
        ),
        element=element,
        partials=(
            lambda at, i, y, t, p, **k: slope_latex(f"{t(*i)} - {p(*i)}", prod(p.shape), **k),
            lambda at, i, y, t, p, **k: slope_latex(f"{p(*i)} - {t(*i)}", prod(p.shape), **k),
        ),
        code=Code(
            parts.pop("numpy"),
            (slope_in_numpy(prediction=False), slope_in_numpy(prediction=True)),
            parts.pop("torch"),
        ),
        function=name,
        **parts,
    )


mse = _mean_error(
    "MSE",
    lambda d: d * d,
    lambda d: 2 * d,
    lambda d: rf"\left({d}\right)^2",
    lambda d, n: rf"{2 if n == 1 else _fraction(2, n)} \left({d}\right)",
    "2 * {d}",
    numpy="np.mean(({b} - {a})**2)",
    torch="F.mse_loss({b}, {a})",
    aliases=("mse",),
    why=(
        N_(
            "The slope of a square is twice the number, and the mean gives each element the same share of the gradient."
        ),
        N_(
            "The slope of a square is twice the number, and the mean gives each element the same share of the gradient."
        ),
    ),
    says=N_("{y} is the mean squared error: the mean of the squares of {b} − {a} over all elements."),
    says_back=(
        N_(
            "{a} receives what {b} receives, with the opposite sign: twice the error {a} − {b}, as its share of the mean."
        ),
        N_(
            "{b} receives twice the error {b} − {a} as its share of the mean: the larger the error, the harder the pull."
        ),
    ),
    examples=_CASES,
)

mae = _mean_error(
    "MAE",
    lambda d: xp_of(d).abs(d),
    lambda d: xp_of(d).sign(d),
    lambda d: rf"\left|{d}\right|",
    lambda d, n: rf"{_share(n)}\operatorname{{sign}}\left({d}\right)",
    "np.sign{d}",
    numpy="np.mean(np.abs({b} - {a}))",
    torch="F.l1_loss({b}, {a})",
    aliases=("mae", "L1Loss"),
    why=(
        N_("The slope of the absolute value is the sign alone, and the mean gives each element the same share."),
        N_("The slope of the absolute value is the sign alone, and the mean gives each element the same share."),
    ),
    says=N_("{y} is the mean absolute error: the mean of |{b} − {a}| over all elements."),
    says_back=(
        N_("{a} receives what {b} receives, with the opposite sign: the sign of {a} − {b}, as its share of the mean."),
        N_("{b} receives only the sign of {b} − {a}, as its share of the mean: a large error pulls no harder."),
    ),
    kinks=Kinks(N_("the absolute error at 0"), lambda t, p: xp_of(p).abs(p - t)),
    examples=_CASES,
)


def _huber_shape(t: Shape, p: Shape, *, delta: float = 1.0) -> Shape:
    if not delta > 0:
        raise ShapeMismatch(message(N_("delta has to be greater than 0, not {delta}"), delta=delta))
    return equal_to_number(t, p)


def _at_most(d: Array, delta: float) -> Array:
    """`d`, brought to -delta or delta where it lies beyond: the slope of the Huber loss."""
    xp = xp_of(d)
    limit = xp.full_like(d, delta)
    return xp.maximum(-limit, xp.minimum(d, limit))


def _huber(d: Array, *, delta: float = 1.0) -> Array:
    # d²/2 up to delta, and delta (|d| - delta/2) beyond: with c, the part of |d| up to delta, both are one formula.
    xp = xp_of(d)
    size = xp.abs(d)
    c = xp.minimum(size, xp.full_like(d, delta))
    return c * c / 2 + delta * (size - c)


huber = _mean_error(
    "Huber",
    _huber,
    lambda d, *, delta=1.0: _at_most(d, delta),
    lambda d, *, delta=1.0: (
        rf"\frac{{1}}{{2}} \min\left(\left|{d}\right|, {decimal(delta)}\right)^2"
        rf" + {'' if delta == 1 else decimal(delta) + DOT}\max\left(\left|{d}\right| - {decimal(delta)}, 0\right)"
    ),
    lambda d, n, *, delta=1.0: (
        rf"{_share(n)}\max\left(-{decimal(delta)}, \min\left({d}, {decimal(delta)}\right)\right)"
    ),
    "np.clip({d}, -{delta}, {delta})",
    shape=_huber_shape,
    short_latex=lambda d, *, delta=1.0: rf"\operatorname{{Huber}}_{{{decimal(delta)}}}\left({d}\right)",
    attributes={"delta": 1.0},
    numpy=(
        "np.mean(np.minimum(np.abs({b} - {a}), {delta})**2 / 2 + {delta} * np.maximum(np.abs({b} - {a}) - {delta}, 0))"
    ),
    torch="F.huber_loss({b}, {a}, delta={delta})",
    aliases=("huber",),
    why=(
        N_("The slope is the error itself up to delta and ±delta beyond; the mean gives each element the same share."),
        N_("The slope is the error itself up to delta and ±delta beyond; the mean gives each element the same share."),
    ),
    says=N_(
        "{y} is the mean Huber loss of {b} − {a}: half the square of an error up to delta, and a straight line beyond."
    ),
    says_back=(
        N_("{a} receives what {b} receives, with the opposite sign: the error {a} − {b}, cut off at ±delta."),
        N_(
            "{b} receives the error {b} − {a}, cut off at ±delta, as its share of the mean: an outlier pulls no harder."
        ),
    ),
    examples=(*_CASES, example([0.4, -1.0, 2.0], [1.3, -0.6, 0.1], delta=0.5)),
)


def _active(t: Array, p: Array) -> Array:
    """1 where the margin is not reached, 0 elsewhere: at the hinge itself too, as torch.relu has it."""
    return xp_of(p).astype(t * p < 1, p.dtype)


def _hinge(t: Array, p: Array) -> Array:
    margin = 1 - t * p
    return xp_of(p).maximum(margin, xp_of(p).zeros_like(margin))


def _hinge_slope(t: Term, p: Term, other: Term) -> Term:
    active = Term(rf"\left[1 > {times(t, p)}\right]", p.shape)
    return Term(times(other, active), p.shape)


hinge = registry.declare(
    name="hinge",
    arity=2,
    shape=equal,
    forward=_hinge,
    vjps=(
        lambda g, y, t, p: -g * p * _active(t, p),
        lambda g, y, t, p: -g * t * _active(t, p),
    ),
    jacobians=(
        lambda y, t, p: elementwise_jacobian(-p * _active(t, p), y, t),
        lambda y, t, p: elementwise_jacobian(-t * _active(t, p), y, p),
    ),
    symbol=r"\operatorname{hinge}",
    latex=lambda t, p: rf"\max\left(0, 1 - {times(t, p)}\right)",
    jacobian_latex=(
        lambda y, t, p: diag(f"-{_hinge_slope(t, p, p)}", y),
        lambda y, t, p: diag(f"-{_hinge_slope(t, p, t)}", y),
    ),
    product_latex=(
        lambda g, y, t, p: f"-{times(g, _hinge_slope(t, p, p))}",
        lambda g, y, t, p: f"-{times(g, _hinge_slope(t, p, t))}",
    ),
    code=Code(
        "np.maximum(1 - {a} * {b}, 0)",
        ("-{g} * {b} * ({a} * {b} < 1)", "-{g} * {a} * ({a} * {b} < 1)"),
        "torch.relu(1 - {a} * {b})",
    ),
    says=N_(
        "{y} is the hinge loss, with labels {a} of −1 and 1: 0 where {b} is on the right side by 1 or more, and growing "
        "in a straight line elsewhere."
    ),
    says_back=(
        N_("{a} receives minus {b} times the gradient where the margin of 1 is not reached, and 0 elsewhere."),
        N_("{b} is pulled towards the label {a} where the margin of 1 is not reached; the others receive 0."),
    ),
    kinks=Kinks(N_("the hinge at a margin of 1"), lambda t, p: xp_of(p).abs(1 - t * p)),
    elementwise=True,
    function="hinge",
    draws={0: "labels"},
    examples=(
        example(1.0, 0.4),
        example(-1.0, -1.6),
        example([1.0, -1.0, 1.0], [0.3, -1.7, -0.4]),
        example([[1.0, -1.0], [-1.0, 1.0]], [[2.5, 0.5], [-0.3, 0.9]]),
    ),
)
