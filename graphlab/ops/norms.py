"""Norms: of all elements the Euclidean one and the sum of absolute values, of a matrix its largest singular value."""

from __future__ import annotations

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Kinks, Shape, ShapeMismatch, Term, example, registry
from .rules import added, line
from .source import SINGULAR, XLOGY

_CASES = (example([0.7, -0.35, 0.1]), example([[0.5, -1.5], [2.0, -0.25]]), example(-0.4))


def _number(a: Shape) -> Shape:
    return ()


def _norm(a: Array) -> Array:
    xp = xp_of(a)
    return xp.sqrt(xp.sum(a * a))


def _direction(y: Array, a: Array) -> Array:
    """a / y, and 0 at 0."""
    xp = xp_of(a)
    length = xp.broadcast_to(y, a.shape)
    return a / xp.where(length == 0, xp.ones_like(a), length)


def _norm_of(a: Entries) -> str:
    return rf"\sqrt{{{added([f'{a(*i)}^2' for i in line(a.shape, None, ())])}}}"


norm = registry.declare(
    name="norm",
    inference=Inference("reduces"),
    arity=1,
    shape=_number,
    forward=_norm,
    vjps=(lambda g, y, a: g * _direction(y, a),),
    jacobians=(_direction,),
    symbol=lambda a: r"\|\cdot\|" + ("_F" if a.ndim > 1 else ""),
    latex=lambda a: rf"\left\| {a} \right\|" + ("_F" if a.ndim > 1 else ""),
    jacobian_latex=(lambda y, a: f"{a} / {y}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot {a} / {y}",),
    code=Code("np.sqrt(np.sum({a}**2))", ("{g} * ratio({a}, {y})",), "torch.linalg.vector_norm({a})", helpers=XLOGY),
    why=(
        N_(
            "The slope of a length is the direction, {a} / {y}. At 0 there is none: of the possible choices (subgradients) "
            "0 is taken."
        ),
    ),
    says=N_("{y} is the norm of {a}: the square root of the sum of the squares of its elements."),
    says_back=(N_("{a} receives its own direction, a step of length 1, times the gradient at {y}."),),
    kinks=Kinks(N_("the norm at 0, where the gradient 0 is a choice"), _norm),
    function="norm",
    element=lambda at, a: (_norm_of(a),),
    partials=(lambda at, i, y, a: rf"\frac{{{a(*i)}}}{{{_norm_of(a)}}}",),
    examples=_CASES,
)

norm1 = registry.declare(
    name="norm1",
    inference=Inference("reduces"),
    arity=1,
    shape=_number,
    forward=lambda a: xp_of(a).sum(xp_of(a).abs(a)),
    vjps=(lambda g, y, a: g * xp_of(a).sign(a),),
    jacobians=(lambda y, a: xp_of(a).sign(a),),
    symbol=r"\|\cdot\|_1",
    latex=lambda a: rf"\left\| {a} \right\|_1",
    jacobian_latex=(lambda y, a: rf"\operatorname{{sign}}\left({a}\right)",),
    product_latex=(lambda g, y, a: rf"{g} \cdot \operatorname{{sign}}\left({a}\right)",),
    code=Code("np.sum(np.abs({a}))", ("{g} * np.sign({a})",), "torch.sum(torch.abs({a}))"),
    why=(
        N_("The slope of an absolute value is the sign. At 0 there is none: of the choices from −1 to 1, 0 is taken."),
    ),
    says=N_("{y} is the sum of the absolute values of {a}."),
    says_back=(
        N_("Every element receives the gradient at {y} times its own sign: small and large ones are pulled alike."),
    ),
    kinks=Kinks(N_("an element of norm1 at 0"), lambda a: xp_of(a).abs(a)),
    function="norm1",
    element=lambda at, a: (added([rf"\left|{a(*i)}\right|" for i in line(a.shape, None, at)]),),
    partials=(lambda at, i, y, a: rf"\operatorname{{sign}}\left({a(*i)}\right)",),
    examples=_CASES,
)


def singular(a: Array) -> tuple[Array, Array, Array]:
    """The singular value decomposition u, s, v of a matrix, a = u · diag(s) · v; nan where a is not finite."""
    xp = xp_of(a)
    try:
        return tuple(xp.linalg.svd(a, full_matrices=False))
    except np.linalg.LinAlgError:  # numpy refuses what cupy computes as nan
        nan, k = xp.full_like(a, float("nan")), min(a.shape)
        return nan[:, :k], nan[0, :k], nan[:k, :]


def _matrix(a: Shape) -> Shape:
    if len(a) != 2 or 0 in a:
        raise ShapeMismatch(
            message(N_("the spectral norm is that of a matrix")), wanted={0: (a[0], a[0]) if a else (3, 3)}
        )
    return ()


def _spectral_slope(a: Array) -> Array:
    """u vᵀ of the largest singular value; the mean of several where it is there several times, as in torch."""
    xp = xp_of(a)
    u, s, v = singular(a)
    first = xp.astype(s == s[0], a.dtype)
    return (u * (first / xp.sum(first))) @ v


def _gap(a: Array) -> Array:
    """How far the largest singular value is ahead of the next one, which is 0 where there is none."""
    s = singular(a)[1]
    return s[0] - s[1] if s.shape[0] > 1 else s[0]


def _largest_singular(at: Index, a: Entries) -> tuple[str, ...]:
    rows = r";\, ".join(", ".join(a(i, j) for j in range(a.shape[1])) for i in range(a.shape[0]))
    return (rf"\sigma_{{\max}}\left({rows}\right)",)


def _spectral_latex(a: Term) -> str:
    return rf"\left\| {a} \right\|_2"


spectral_norm = registry.declare(
    name="spectral_norm",
    arity=1,
    shape=_matrix,
    forward=lambda a: singular(a)[1][0],
    vjps=(lambda g, y, a: g * _spectral_slope(a),),
    jacobians=(lambda y, a: _spectral_slope(a),),
    symbol=r"\|\cdot\|_2",
    latex=_spectral_latex,
    jacobian_latex=(lambda y, a: r"\mathbf{u}_1\,\mathbf{v}_1^{\top}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot \mathbf{{u}}_1\,\mathbf{{v}}_1^{{\top}}",),
    code=Code(
        "np.linalg.norm({a}, 2)",
        ("{g} * spectral_slope({a})",),
        "torch.linalg.matrix_norm({a}, 2)",
        helpers=SINGULAR,
    ),
    why=(
        N_(
            "The slope is u vᵀ, the directions that {a} stretches most: v before and u behind. Where the largest singular "
            "value is there twice there is no slope, and the mean of both is taken."
        ),
    ),
    says=N_("{y} is the spectral norm of {a}, its largest singular value: how much longer {a} can make a vector."),
    says_back=(N_("{a} receives the matrix u vᵀ of its largest singular value, times the gradient at {y}."),),
    kinks=Kinks(N_("two largest singular values that are equal"), _gap),
    function="spectral_norm",
    element=_largest_singular,
    examples=(
        example([[0.5, -1.5], [2.0, -0.25]]),
        example([[0.5, -1.5, 0.3], [2.0, -0.25, 0.9]]),
        example([[0.7], [-0.4], [0.2]]),
        example([[-1.5]]),
    ),
)
