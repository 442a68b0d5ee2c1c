"""More ways from many numbers to one: minimum, product, variance, standard deviation, logarithm of a sum of exponentials."""

from __future__ import annotations

from collections.abc import Callable
from math import prod

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Kinks, Picks, Shape, ShapeMismatch, Source, Term, example, registry
from .reductions import axis_code, count, lead, over_axis, reduced, reduction_jacobian, spread, unreduced, winners
from .rules import added, line
from .softmax import exponentials
from .source import LOGSUMEXP, OTHERS, WINNERS, XLOGY

_MATRIX = [[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]
_CASES = (
    example([0.7, -0.35, 0.1]),
    example(_MATRIX),
    example(_MATRIX, axis=0),
    example(_MATRIX, axis=-1),
)


def _of_some(a: Shape, *, axis: int | None = None) -> Shape:
    shape = reduced(a, axis=axis)
    if not (prod(a) if axis is None else a[axis]):
        raise ShapeMismatch(message(N_("there are no elements to take together")))
    return shape


def _named(name: str) -> Callable[..., str]:
    """A function in symbols, with the axis that it goes along."""
    return lambda a, *, axis=None: over_axis(name, axis) + rf"\left({a}\right)"


def _place_of_least(slot: int, index: Index, a: Term, *, axis: int | None = None) -> tuple[str, dict[str, int]]:
    """Where a smallest element stands, counted from 1; along an axis also what it is the smallest of."""
    if a.ndim == 1:
        return N_("It is element {number}."), {"number": index[0] + 1}
    if a.ndim != 2:
        return "", {}
    places = {"row": index[0] + 1, "column": index[1] + 1}
    if axis is None:
        return N_("It stands in row {row}, column {column}."), places
    if axis % 2 == 0:
        return N_("The smallest of column {column} stands in row {row}."), places
    return N_("The smallest of row {row} stands in column {column}."), places


def _min(a: Array, axis: int | None) -> Array:
    return -xp_of(a).max(-a, axis=axis)


min_ = registry.declare(
    name="min",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=_of_some,
    forward=lambda a, *, axis=None: _min(a, axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * winners(y, a, axis),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(winners(y, a, axis), y, a, axis),),
    symbol=r"\min",
    latex=_named(r"\min"),
    jacobian_latex=(lambda y, a, *, axis=None: rf"\left[{a} = {y}\right]",),
    product_latex=(lambda g, y, a, *, axis=None: rf"{g} \cdot \left[{a} = {y}\right]",),
    code=Code(
        lambda a, *, axis=None: f"np.min({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: f"{unreduced(g, axis)} * winners(-{a}{axis_code('axis', axis)})",),
        lambda a, *, axis=None: f"torch.amin({a}{axis_code('dim', axis)})",
        helpers=WINNERS,
    ),
    why=(N_("The Jacobian is 1 at the winner and 0 elsewhere: to multiply by it is to pick."),),
    says=N_("{y} is the smallest element of {a}."),
    says_back=(N_("The smallest element receives the whole gradient of {y}; all the others receive 0."),),
    picks=Picks(
        lambda y, a, *, axis=None: (a == -xp_of(a).max(-a, axis=axis, keepdims=True),),
        _place_of_least,
    ),
    kinks=Kinks(N_("a tie in the minimum"), lambda a, *, axis=None: lead(-a, axis)),
    function="min",
    element=lambda at, a, *, axis=None: (rf"\min\left({', '.join(a(*i) for i in line(a.shape, axis, at))}\right)",),
    examples=(*_CASES, example(0.4)),
)


def _halves(a: Array, axis: int, n: int) -> tuple[Array, Array, Array]:
    """The first and the second half along the axis, and what remains of an odd number."""
    ahead = (slice(None),) * axis
    return tuple(a[(*ahead, slice(n // 2 * k, n // 2 * (k + 1) if k < 2 else n), ...)] for k in range(3))


def product(a: Array, axis: int | None) -> Array:
    """The product along an axis, or of all elements."""
    # By halves, and not xp.prod: a plan can record this, and the rounding errors grow more slowly.
    xp = xp_of(a)
    if axis is None:
        a = xp.reshape(a, (prod(a.shape),))
    along = (axis or 0) % a.ndim
    while (n := a.shape[along]) > 1:
        first, second, rest = _halves(a, along, n)
        a = xp.concat([first * second, rest], axis=along) if n % 2 else first * second
    return xp.reshape(a, a.shape[:along] + a.shape[along + 1 :])


def others(a: Array, axis: int | None) -> Array:
    """For each element the product of all others along the axis, right where some of them are 0."""
    xp = xp_of(a)
    zero = xp.astype(a == 0, a.dtype)
    plain = xp.where(a == 0, xp.ones_like(a), a)
    zeros = spread(xp.sum(zero, axis=axis), a, axis)
    # Without zeros it is the quotient; of a single 0 the others are all there; everyone else has a 0 among the others.
    return xp.where(zeros == zero, spread(product(plain, axis), a, axis) / plain, xp.zeros_like(a))


prod_ = registry.declare(
    name="prod",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=_of_some,
    forward=lambda a, *, axis=None: product(a, axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * others(a, axis),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(others(a, axis), y, a, axis),),
    symbol=r"\Pi",
    latex=_named(r"\operatorname{prod}"),
    jacobian_latex=(lambda y, a, *, axis=None: f"{y} / {a}",),
    product_latex=(lambda g, y, a, *, axis=None: rf"{g} \cdot {y} / {a}",),
    code=Code(
        lambda a, *, axis=None: f"np.prod({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: f"{unreduced(g, axis)} * others({a}{axis_code('axis', axis)})",),
        lambda a, *, axis=None: f"torch.prod({a}{axis_code('dim', axis)})",
        helpers=OTHERS,
    ),
    why=(N_("The slope of a product by one factor is the product of the others: {y} / {a}, unless a factor is 0."),),
    says=N_("{y} is the product of the elements of {a}."),
    says_back=(N_("Every factor receives the gradient at {y} times the product of all the other factors."),),
    function="prod",
    terms=lambda at, a, *, axis=None: [(1.0, tuple((0, i) for i in line(a.shape, axis, at)))],
    examples=(*_CASES, example([0.7, 0.0, -0.4]), example([[0.0, 2.0], [0.0, 3.0]], axis=0), example(0.4)),
)


def _centred(a: Array, axis: int | None) -> Array:
    return a - spread(xp_of(a).sum(a, axis=axis) / count(a.shape, axis), a, axis)


def _var(a: Array, axis: int | None) -> Array:
    centred = _centred(a, axis)
    return xp_of(a).sum(centred * centred, axis=axis) / count(a.shape, axis)


def _mean_of(a: Entries, axis: int | None, at: Index) -> str:
    places = line(a.shape, axis, at)
    return rf"\frac{{{added([a(*i) for i in places])}}}{{{len(places)}}}"


def _variance_of(a: Entries, axis: int | None, at: Index) -> str:
    places = line(a.shape, axis, at)
    squares = added([rf"\left({a(*i)} - \mu\right)^2" for i in places])
    return rf"\frac{{{squares}}}{{{len(places)}}}"


_mean = _named(r"\operatorname{mean}")
_shares = _named(r"\operatorname{softmax}")


def _mean_code(a: Source, axis: int | None) -> str:
    return f"np.mean({a}{axis_code('axis', axis)}{', keepdims=True' if axis is not None else ''})"


var = registry.declare(
    name="var",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=_of_some,
    forward=lambda a, *, axis=None: _var(a, axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * _centred(a, axis) * (2 / count(a.shape, axis)),),
    jacobians=(
        lambda y, a, *, axis=None: reduction_jacobian(_centred(a, axis) * (2 / count(a.shape, axis)), y, a, axis),
    ),
    symbol=r"\operatorname{Var}",
    latex=_named(r"\operatorname{Var}"),
    jacobian_latex=(
        lambda y, a, *, axis=None: rf"\frac{{2}}{{{count(a.shape, axis)}}} \left({a} - {_mean(a, axis=axis)}\right)",
    ),
    product_latex=(
        lambda g, y, a, *, axis=None: (
            rf"{g} \cdot \frac{{2}}{{{count(a.shape, axis)}}} \left({a} - {_mean(a, axis=axis)}\right)"
        ),
    ),
    code=Code(
        lambda a, *, axis=None: f"np.var({a}{axis_code('axis', axis)})",
        (
            lambda g, y, a, *, axis=None: (
                f"{unreduced(g, axis)} * 2 * ({a} - {_mean_code(a, axis)}) / {count(a.shape, axis)}"
            ),
        ),
        lambda a, *, axis=None: f"torch.var({a}{axis_code('dim', axis)}, correction=0)",
    ),
    why=(
        N_("The slope of a square is twice the deviation; the mean shares it out, and what the mean itself adds is 0."),
    ),
    says=N_("{y} is the variance of {a}: the mean of the squared deviations from the mean."),
    says_back=(N_("Each element receives its own deviation from the mean, times 2/n and the gradient at {y}."),),
    function="var",
    aliases=("Var",),
    element=lambda at, a, *, axis=None: (_variance_of(a, axis, at), rf"\mu = {_mean_of(a, axis, at)}"),
    partials=(
        lambda at, i, y, a, *, axis=None: (
            rf"\frac{{2}}{{{count(a.shape, axis)}}} \cdot \left({a(*i)} - {_mean_of(a, axis, at)}\right)"
        ),
    ),
    examples=_CASES,
)


def _std_slope(y: Array, a: Array, axis: int | None) -> Array:
    # Of equal elements there is no slope; like torch, 0 is sent.
    xp = xp_of(a)
    y = spread(y, a, axis)
    flat = y == 0
    slope = _centred(a, axis) / (xp.where(flat, xp.ones_like(a), y) * count(a.shape, axis))
    return xp.where(flat, xp.zeros_like(a), slope)


std = registry.declare(
    name="std",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=_of_some,
    forward=lambda a, *, axis=None: xp_of(a).sqrt(_var(a, axis)),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * _std_slope(y, a, axis),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(_std_slope(y, a, axis), y, a, axis),),
    symbol=r"\operatorname{std}",
    latex=_named(r"\operatorname{std}"),
    jacobian_latex=(
        lambda y, a, *, axis=None: (
            rf"\left({a} - {_mean(a, axis=axis)}\right) / \left({count(a.shape, axis)}\,{y}\right)"
        ),
    ),
    product_latex=(
        lambda g, y, a, *, axis=None: (
            rf"{g} \cdot \left({a} - {_mean(a, axis=axis)}\right)"
            rf" / \left({count(a.shape, axis)}\,{y}\right)"
        ),
    ),
    code=Code(
        lambda a, *, axis=None: f"np.std({a}{axis_code('axis', axis)})",
        (
            lambda g, y, a, *, axis=None: (
                f"{unreduced(g, axis)} * ratio({a} - {_mean_code(a, axis)}, {count(a.shape, axis)} * {unreduced(y, axis)})"
            ),
        ),
        lambda a, *, axis=None: f"torch.std({a}{axis_code('dim', axis)}, correction=0)",
        helpers=XLOGY,
    ),
    why=(
        N_(
            "The square root divides the slope of the variance by 2{y}. Where all elements are equal there is no slope, "
            "and 0 is sent."
        ),
    ),
    says=N_("{y} is the standard deviation of {a}: the square root of the mean squared deviation from the mean."),
    says_back=(N_("Each element receives its deviation from the mean, divided by n{y}, times the gradient at {y}."),),
    kinks=Kinks(N_("the standard deviation of equal elements"), lambda a, *, axis=None: xp_of(a).sqrt(_var(a, axis))),
    function="std",
    element=lambda at, a, *, axis=None: (
        rf"\sqrt{{{_variance_of(a, axis, at)}}}",
        rf"\mu = {_mean_of(a, axis, at)}",
    ),
    partials=(
        lambda at, i, y, a, *, axis=None: (
            rf"\frac{{{a(*i)} - {_mean_of(a, axis, at)}}}{{{count(a.shape, axis)} \cdot {y(*at)}}}"
        ),
    ),
    examples=_CASES,
)


def _logsumexp(a: Array, axis: int | None) -> Array:
    # The largest element is taken out, so that no exponential overflows; an infinite one would leave inf - inf.
    xp = xp_of(a)
    top = xp.max(a, axis=axis)
    top = xp.where(xp.abs(top) == float("inf"), xp.zeros_like(top), top)
    return top + xp.log(xp.sum(xp.exp(a - spread(top, a, axis)), axis=axis))


logsumexp = registry.declare(
    name="logsumexp",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=_of_some,
    forward=lambda a, *, axis=None: _logsumexp(a, axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * xp_of(a).exp(a - spread(y, a, axis)),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(xp_of(a).exp(a - spread(y, a, axis)), y, a, axis),),
    symbol=r"\log\Sigma\exp",
    latex=_named(r"\operatorname{logsumexp}"),
    jacobian_latex=(lambda y, a, *, axis=None: _shares(a, axis=axis),),
    product_latex=(lambda g, y, a, *, axis=None: rf"{g} \cdot {_shares(a, axis=axis)}",),
    code=Code(
        lambda a, *, axis=None: f"logsumexp({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: f"{unreduced(g, axis)} * np.exp({a} - {unreduced(y, axis)})",),
        lambda a, *, axis=None: (
            f"torch.logsumexp({a}.flatten(), dim=0)" if axis is None else f"torch.logsumexp({a}, dim={axis})"
        ),
        helpers=LOGSUMEXP,
    ),
    why=(N_("The slope by each element is its share of the sum of exponentials: the softmax of {a}."),),
    says=N_(
        "{y} is the logarithm of the sum of the exponentials of {a}: a smooth maximum, in the form that never overflows."
    ),
    says_back=(N_("The gradient at {y} is shared out by the softmax of {a}: the largest element receives the most."),),
    function="logsumexp",
    element=lambda at, a, *, axis=None: (rf"\log\left({exponentials(a, at, axis)}\right)",),
    partials=(lambda at, i, y, a, *, axis=None: rf"\frac{{e^{{{a(*i)}}}}}{{{exponentials(a, at, axis)}}}",),
    examples=(*_CASES, example(0.4)),
)
