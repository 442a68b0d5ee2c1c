"""From many numbers to few: sums, means, maxima and norms."""

from __future__ import annotations

from math import prod

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Kinks, Picks, Shape, ShapeMismatch, Source, Term, example, registry
from .rules import check_axis, line
from .source import WINNERS, repeated


def reduced(a: Shape, *, axis: int | None = None) -> Shape:
    check_axis(axis, a)
    if axis is None:
        return ()
    axis %= len(a)
    return a[:axis] + a[axis + 1 :]


def spread(g: Array, a: Array, axis: int | None) -> Array:
    """g, which lacks the reduced axis, repeated along it: of a's shape."""
    xp = xp_of(g)
    if axis is not None:
        g = xp.expand_dims(g, axis=axis)
    return xp.broadcast_to(g, a.shape)


def count(shape: Shape, axis: int | None) -> int:
    return prod(shape) if axis is None else shape[axis]


def reduction_jacobian(d: Array, y: Array, a: Array, axis: int | None) -> Array:
    """∂y/∂a where y[i] depends on a along `axis` only, with the derivative `d` of a's shape."""
    xp = xp_of(a)
    n = prod(a.shape)
    rows = xp.reshape(xp.eye(n, dtype=a.dtype) * xp.reshape(d, (n, 1)), a.shape + a.shape)
    return xp.sum(rows, axis=tuple(range(a.ndim)) if axis is None else axis % a.ndim)


def over_axis(latex: str, axis: int | None) -> str:
    """The name of a function, with the axis it goes along below it."""
    return latex if axis is None else rf"{latex}_{{\text{{axis}}={axis}}}"


def axis_code(word: str, axis: int | None) -> str:
    return "" if axis is None else f", {word}={axis}"


def unreduced(g: Source, axis: int | None) -> str:
    """The gradient with the reduced axis put back, of size 1."""
    return str(g) if axis is None else f"np.expand_dims({g}, {axis})"


_CASES = (
    example([0.7, -0.35, 0.1]),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], axis=0),
    example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], axis=-1),
    example(0.4),
)

sum_ = registry.declare(
    name="sum",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=reduced,
    forward=lambda a, *, axis=None: xp_of(a).sum(a, axis=axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(xp_of(a).ones_like(a), y, a, axis),),
    symbol=r"\Sigma",
    latex=lambda a, *, axis=None: over_axis(r"\operatorname{sum}", axis) + rf"\left({a}\right)",
    jacobian_latex=(lambda y, a, *, axis=None: r"\mathbf{1}" if a.ndim else "1",),
    product_latex=(lambda g, y, a, *, axis=None: rf"{g} \cdot \mathbf{{1}}" if a.ndim else str(g),),
    code=Code(
        lambda a, *, axis=None: f"np.sum({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: repeated(unreduced(g, axis), a),),
        lambda a, *, axis=None: f"torch.sum({a}{axis_code('dim', axis)})",
    ),
    says=N_("{y} is the sum over the elements of {a}."),
    says_back=(N_("Every summand receives the gradient at {y} unchanged."),),
    function="sum",
    linear="each",
    terms=lambda at, a, *, axis=None: [(1.0, ((0, i),)) for i in line(a.shape, axis, at)],
    examples=_CASES,
)

mean = registry.declare(
    name="mean",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=reduced,
    forward=lambda a, *, axis=None: xp_of(a).sum(a, axis=axis) / count(a.shape, axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g / count(a.shape, axis), a, axis),),
    jacobians=(
        lambda y, a, *, axis=None: reduction_jacobian(xp_of(a).ones_like(a) / count(a.shape, axis), y, a, axis),
    ),
    symbol=r"\operatorname{mean}",
    latex=lambda a, *, axis=None: over_axis(r"\operatorname{mean}", axis) + rf"\left({a}\right)",
    jacobian_latex=(
        lambda y, a, *, axis=None: rf"\frac{{1}}{{{count(a.shape, axis)}}}" + (r" \cdot \mathbf{1}" if a.ndim else ""),
    ),
    product_latex=(
        lambda g, y, a, *, axis=None: (
            rf"{g} \cdot \frac{{1}}{{{count(a.shape, axis)}}}" + (r" \cdot \mathbf{1}" if a.ndim else "")
        ),
    ),
    code=Code(
        lambda a, *, axis=None: f"np.mean({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: repeated(f"{unreduced(g, axis)} / {count(a.shape, axis)}", a),),
        lambda a, *, axis=None: f"torch.mean({a}{axis_code('dim', axis)})",
    ),
    why=(N_("Every element has the same weight in the mean, so all receive the same share of the gradient."),),
    says=N_("{y} is the mean over the elements of {a}."),
    says_back=(N_("Every element receives an equal share of the gradient at {y}."),),
    function="mean",
    linear="each",
    terms=lambda at, a, *, axis=None: [(1 / count(a.shape, axis), ((0, i),)) for i in line(a.shape, axis, at)],
    examples=_CASES,
)


def nonempty(a: Shape, *, axis: int | None = None) -> Shape:
    shape = reduced(a, axis=axis)
    if not count(a, axis):
        raise ShapeMismatch(message(N_("there is no maximum of no elements")))
    return shape


def winners(y: Array, a: Array, axis: int | None) -> Array:
    """1 at each maximum and 0 elsewhere; k winners of a tie get 1/k each, the mean of the one-sided derivatives."""
    xp = xp_of(a)
    won = xp.astype(a == spread(y, a, axis), a.dtype)
    return won / spread(xp.sum(won, axis=axis), a, axis)


def picked(a: Array, axis: int | None) -> Array:
    """Whether an element is a maximum."""
    return a == xp_of(a).max(a, axis=axis, keepdims=True)


def place_of_winner(slot: int, index: Index, a: Term, *, axis: int | None = None) -> tuple[str, dict[str, int]]:
    """Where a picked element of a vector or a matrix stands, counted from 1; along an axis also what it is the largest of."""
    if axis is not None and a.ndim == 2:
        row, column = index[0] + 1, index[1] + 1
        if axis % 2 == 0:
            return N_("The largest of column {column} stands in row {row}."), {"column": column, "row": row}
        return N_("The largest of row {row} stands in column {column}."), {"row": row, "column": column}
    if a.ndim == 2:
        return N_("It stands in row {row}, column {column}."), {"row": index[0] + 1, "column": index[1] + 1}
    return (N_("It is element {number}."), {"number": index[0] + 1}) if a.ndim == 1 else ("", {})


def lead(a: Array, axis: int | None) -> Array:
    """How far the largest element is ahead of the next one; inf where there is only one."""
    xp = xp_of(a)
    if axis is None:
        a, axis = xp.reshape(a, (-1,)), 0
    first = xp.max(a, axis=axis, keepdims=True)
    alone = xp.sum(xp.astype(a == first, a.dtype), axis=axis, keepdims=True) == 1
    others = xp.where((a == first) & alone, xp.full_like(a, -float("inf")), a)
    return first - xp.max(others, axis=axis, keepdims=True)


def greatest(a: Entries, axis: int | None, at: Index) -> tuple[str, ...]:
    """One element of a maximum, written out over the elements it is taken from."""
    return (rf"\max\left({', '.join(a(*i) for i in line(a.shape, axis, at))}\right)",)


max_ = registry.declare(
    name="max",
    inference=Inference("reduces"),
    arity=1,
    attributes={"axis": None},
    shape=nonempty,
    forward=lambda a, *, axis=None: xp_of(a).max(a, axis=axis),
    vjps=(lambda g, y, a, *, axis=None: spread(g, a, axis) * winners(y, a, axis),),
    jacobians=(lambda y, a, *, axis=None: reduction_jacobian(winners(y, a, axis), y, a, axis),),
    symbol=r"\max",
    latex=lambda a, *, axis=None: over_axis(r"\max", axis) + rf"\left({a}\right)",
    jacobian_latex=(lambda y, a, *, axis=None: rf"\left[{a} = {y}\right]",),
    product_latex=(lambda g, y, a, *, axis=None: rf"{g} \cdot \left[{a} = {y}\right]",),
    code=Code(
        lambda a, *, axis=None: f"np.max({a}{axis_code('axis', axis)})",
        (lambda g, y, a, *, axis=None: f"{unreduced(g, axis)} * winners({a}{axis_code('axis', axis)})",),
        lambda a, *, axis=None: f"torch.amax({a}{axis_code('dim', axis)})",
        helpers=WINNERS,
    ),
    why=(N_("The Jacobian is 1 at the winner and 0 elsewhere: to multiply by it is to pick."),),
    says=N_("{y} is the largest element of {a}."),
    says_back=(N_("The winner takes the whole gradient of {y}; all the others receive 0."),),
    picks=Picks(lambda y, a, *, axis=None: (picked(a, axis),), place_of_winner),
    kinks=Kinks(N_("a tie in the maximum"), lambda a, *, axis=None: lead(a, axis)),
    function="max",
    element=lambda at, a, *, axis=None: greatest(a, axis, at),
    examples=_CASES,
)


def _norm_latex(a: Term) -> str:
    return rf"\left\| {a} \right\|" + ("_F^2" if a.ndim > 1 else "^2")


norm2 = registry.declare(
    name="norm2",
    inference=Inference("reduces", factor=True),
    arity=1,
    shape=reduced,
    forward=lambda a: xp_of(a).sum(a * a),
    vjps=(lambda g, y, a: (2 * g) * a,),
    jacobians=(lambda y, a: 2 * a,),
    symbol=lambda a: r"\|\cdot\|" + ("_F^2" if a.ndim > 1 else "^2"),
    latex=_norm_latex,
    jacobian_latex=(lambda y, a: f"2 {a}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot 2 {a}",),
    code=Code("np.sum({a}**2)", ("{g} * 2 * {a}",), "torch.sum({a}**2)"),
    why=(N_("The slope of a square is twice the number: the one gradient at {y} scales 2 {a}."),),
    says=N_("{y} is the squared norm of {a}: the sum of the squares of its elements."),
    says_back=(
        N_("{a} receives twice itself times the gradient at {y}: the larger a weight, the harder it is pulled."),
    ),
    terms=lambda at, a: [(1.0, ((0, i), (0, i))) for i in line(a.shape, None, at)],
    examples=(example([0.7, -0.35, 0.1]), example([[0.5, -1.5], [2.0, -0.25]]), example(0.4)),
)
