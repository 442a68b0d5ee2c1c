"""Matrices as a whole: inverse, determinant and its logarithm, trace, diagonals, and the outer product of two vectors."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Fault, Index, Inference, Shape, ShapeMismatch, example, registry
from .norms import singular
from .statistics import others


def _square(a: Shape) -> Shape:
    if len(a) != 2 or a[0] != a[1] or not a[0]:
        wanted = (a[-1], a[-1]) if a and a[-1] else (3, 3)
        raise ShapeMismatch(
            message(N_("one square matrix is needed here: two axes of the same size")), wanted={0: wanted}
        )
    return a


def _number_of(a: Shape) -> Shape:
    _square(a)
    return ()


def _t(a: Array) -> Array:
    return xp_of(a).permute_dims(a, (1, 0))


def _inverse(a: Array) -> Array:
    xp = xp_of(a)
    try:
        return xp.linalg.inv(a)
    except np.linalg.LinAlgError:  # numpy refuses a singular matrix, of which cupy makes inf and nan
        return xp.full_like(a, float("inf"))


def _determinant(a: Array) -> Array:
    return xp_of(a).linalg.det(a)


def _is_singular(a: Array) -> Array:
    return _determinant(a) == 0


# Determinants in symbols, written out up to three rows.

_WRITTEN_OUT = 3


def _minor(a: Entries, rows: Sequence[int], columns: Sequence[int]) -> str:
    """The determinant of the rows and columns named."""
    if not rows:
        return "1"
    if len(rows) == 1:
        return a(rows[0], columns[0])
    if len(rows) > _WRITTEN_OUT:
        named = [a(i, j) for i in rows for j in columns]
        return rf"\det\left({named[0]}, {named[1]}, \dots, {named[-1]}\right)"
    if len(rows) == 2:
        (i, k), (j, m) = rows, columns
        return rf"{a(i, j)} \cdot {a(k, m)} - {a(i, m)} \cdot {a(k, j)}"
    # The rule of Sarrus: three products to the right, and three to the left.
    right = [r" \cdot ".join(a(rows[n], columns[(n + k) % 3]) for n in range(3)) for k in range(3)]
    left = [r" \cdot ".join(a(rows[n], columns[(k - n) % 3]) for n in range(3)) for k in range(3)]
    return " + ".join(right) + "".join(f" - {term}" for term in left)


def _determinant_of(a: Entries) -> str:
    every = range(a.shape[0])
    return _minor(a, every, every)


def _cofactor(a: Entries, i: int, j: int) -> str:
    """∂ det / ∂a[i, j]: the determinant without row i and column j, with its sign."""
    rows, columns = ([k for k in range(a.shape[0]) if k != without] for without in (i, j))
    minor = _minor(a, rows, columns)
    if (i + j) % 2 == 0:
        return minor
    return rf"-\left({minor}\right)" if len(rows) > 1 else f"-{minor}"


def _inverse_of(at: Index, a: Entries) -> tuple[str, ...]:
    row, column = at
    return rf"\frac{{{_cofactor(a, column, row)}}}{{D}}", f"D = {_determinant_of(a)}"


def _inverse_jacobian(y: Array, a: Array) -> Array:
    # ∂y[i, j] / ∂a[k, l] = -y[i, k] y[l, j].
    xp, n = xp_of(y), y.shape[0]
    return -xp.reshape(y, (n, 1, n, 1)) * xp.reshape(_t(y), (1, n, 1, n))


_SQUARE = (
    example([[0.5, -1.5], [2.0, -0.25]]),
    example([[2.0, -1.0, 0.3], [0.4, 1.5, -0.8], [-0.6, 0.2, 1.1]]),
)

inverse = registry.declare(
    name="inverse",
    arity=1,
    shape=_square,
    forward=_inverse,
    vjps=(lambda g, y, a: -(_t(y) @ g @ _t(y)),),
    jacobians=(_inverse_jacobian,),
    symbol=r"(\cdot)^{-1}",
    latex=lambda a: rf"{a}^{{-1}}",
    jacobian_latex=(lambda y, a: rf"-{y} \otimes {y}^{{\top}}",),
    product_latex=(lambda g, y, a: rf"-{y}^{{\top}}\,{g}\,{y}^{{\top}}",),
    code=Code("np.linalg.inv({a})", ("-{y}.T @ {g} @ {y}.T",), "torch.linalg.inv({a})"),
    why=(
        N_(
            "As 1/x has the slope −1/x², an inverse has −{y} on both sides: the gradient stands between two transposed "
            "inverses."
        ),
    ),
    says=N_("{y} is the inverse of the matrix {a}: their product is the identity."),
    says_back=(N_("{a} receives minus the gradient at {y} between two transposes of {y}."),),
    faults=(Fault(N_("The matrix is singular, its determinant is 0: it has no inverse."), _is_singular),),
    function="inv",
    aliases=("inverse",),
    element=_inverse_of,
    partials=(lambda at, i, y, a: rf"-{y(at[0], i[0])} \cdot {y(i[1], at[1])}",),
    examples=(*_SQUARE, example([[-0.8]])),
)


def _cofactors(a: Array) -> Array:
    """∂ det(a) / ∂a, also where the determinant is 0 and a has no inverse."""
    u, s, v = singular(a)
    return (u * others(s, None)) @ v * (_determinant(u) * _determinant(v))


det = registry.declare(
    name="det",
    arity=1,
    shape=_number_of,
    forward=_determinant,
    vjps=(lambda g, y, a: g * _cofactors(a),),
    jacobians=(lambda y, a: _cofactors(a),),
    symbol=r"\det",
    latex=lambda a: rf"\det\left({a}\right)",
    jacobian_latex=(lambda y, a: rf"{y} \cdot {a}^{{-\top}}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot {y} \cdot {a}^{{-\top}}",),
    code=Code("np.linalg.det({a})", ("{g} * {y} * np.linalg.inv({a}).T",), "torch.linalg.det({a})"),
    why=(
        N_(
            "The slope by an element is its cofactor, the determinant without its row and column; all of them together "
            "are {y} times the transposed inverse of {a}."
        ),
    ),
    says=N_("{y} is the determinant of the matrix {a}: by how much {a} enlarges a volume."),
    says_back=(N_("{a} receives the gradient at {y}, times {y}, times the transposed inverse of {a}."),),
    function="det",
    element=lambda at, a: (_determinant_of(a),),
    partials=(lambda at, i, y, a: _cofactor(a, *i),),
    examples=(*_SQUARE, example([[-0.8]])),
)


def _logdet(a: Array) -> Array:
    # The logarithms of the pivots are added: the determinant itself of a large matrix overflows.
    xp = xp_of(a)
    sign, size = xp.linalg.slogdet(a)
    return xp.where(sign < 0, xp.full_like(size, float("nan")), size)


logdet = registry.declare(
    name="logdet",
    arity=1,
    shape=_number_of,
    forward=_logdet,
    vjps=(lambda g, y, a: g * _t(_inverse(a)),),
    jacobians=(lambda y, a: _t(_inverse(a)),),
    symbol=r"\log\det",
    latex=lambda a: rf"\log\det\left({a}\right)",
    jacobian_latex=(lambda y, a: rf"{a}^{{-\top}}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot {a}^{{-\top}}",),
    code=Code("np.linalg.slogdet({a})[1]", ("{g} * np.linalg.inv({a}).T",), "torch.logdet({a})"),
    why=(
        N_(
            "The logarithm divides the slope of the determinant by the determinant: the transposed inverse of {a} remains."
        ),
    ),
    says=N_("{y} is the logarithm of the determinant of the matrix {a}."),
    says_back=(N_("{a} receives the gradient at {y} times the transposed inverse of {a}."),),
    faults=(
        Fault(N_("The matrix is singular: its determinant is 0, and the logarithm of 0 is −∞."), _is_singular),
        Fault(
            N_("The determinant of the matrix is negative, and there is no logarithm of a negative number."),
            lambda a: _determinant(a) < 0,
        ),
    ),
    function="logdet",
    element=lambda at, a: (r"\log\left(D\right)", f"D = {_determinant_of(a)}"),
    partials=(lambda at, i, y, a: rf"\frac{{{_cofactor(a, *i)}}}{{{_determinant_of(a)}}}",),
    examples=(*_SQUARE, example([[0.8]])),
)


def _diagonal(a: Array) -> Array:
    # Row by row, each element of the diagonal stands one place and one row behind the one before.
    xp, n = xp_of(a), a.shape[0]
    return xp.reshape(a, (n * n,))[:: n + 1]


def _on_diagonal(v: Array) -> Array:
    """The square matrix with v on its diagonal: each row of n zeros behind an element of v shifts the next one by one."""
    xp, n = xp_of(v), v.shape[0]
    column = xp.expand_dims(v, axis=1)
    rows = xp.concat([column, xp.broadcast_to(xp.zeros_like(column), (n, n))], axis=1)
    return xp.reshape(xp.reshape(rows, (n * (n + 1),))[: n * n], (n, n))


trace = registry.declare(
    name="trace",
    arity=1,
    shape=_number_of,
    forward=lambda a: xp_of(a).sum(_diagonal(a)),
    vjps=(lambda g, y, a: _on_diagonal(xp_of(g).broadcast_to(g, a.shape[:1])),),
    jacobians=(lambda y, a: xp_of(a).eye(a.shape[0], dtype=a.dtype),),
    symbol=r"\operatorname{tr}",
    latex=lambda a: rf"\operatorname{{tr}}\left({a}\right)",
    jacobian_latex=(lambda y, a: r"\mathbf{I}",),
    product_latex=(lambda g, y, a: rf"{g} \cdot \mathbf{{I}}",),
    code=Code("np.trace({a})", (lambda g, y, a: f"{g} * np.eye({a.shape[0]})",), "torch.trace({a})"),
    why=(N_("Each element of the diagonal is a summand, with the slope 1; the others do not take part."),),
    says=N_("{y} is the trace of the matrix {a}: the sum of its diagonal."),
    says_back=(N_("The diagonal of {a} receives the gradient at {y}; all other elements receive 0."),),
    function="tr",
    aliases=("trace",),
    linear="each",
    terms=lambda at, a: [(1.0, ((0, (i, i)),)) for i in range(a.shape[0])],
    examples=(*_SQUARE, example([[-0.8]])),
)


def _vector(a: Shape) -> Shape:
    if len(a) != 1 or not a[0]:
        raise ShapeMismatch(message(N_("a diagonal matrix is made of a vector")), wanted={0: a[-1:] or (3,)})
    return (a[0], a[0])


diag = registry.declare(
    name="diag",
    inference=Inference("diagonal"),
    arity=1,
    shape=_vector,
    forward=_on_diagonal,
    vjps=(lambda g, y, a: _diagonal(g),),
    jacobians=(None,),
    symbol=r"\operatorname{diag}",
    latex=lambda a: rf"\operatorname{{diag}}\left({a}\right)",
    jacobian_latex=(lambda y, a: r"\mathbf{P}",),
    product_latex=(lambda g, y, a: rf"\operatorname{{diagonal}}\left({g}\right)",),
    code=Code("np.diag({a})", ("np.diag({g})",), "torch.diag({a})"),
    why=(N_("The Jacobian is 1 on the diagonal: to multiply by it is to read the diagonal."),),
    says=N_("{y} is the diagonal matrix of {a}: {a} on the diagonal, and 0 elsewhere."),
    says_back=(N_("{a} receives the diagonal of the gradient at {y}."),),
    function="diag",
    linear="each",
    terms=lambda at, a: [(1.0, ((0, at[:1]),))] if at[0] == at[1] else [],
    examples=(example([0.7, -0.35, 0.1]), example([0.4])),
)

diagonal = registry.declare(
    name="diagonal",
    arity=1,
    shape=lambda a: _square(a)[:1],
    forward=_diagonal,
    vjps=(lambda g, y, a: _on_diagonal(g),),
    jacobians=(None,),
    symbol=r"\operatorname{diagonal}",
    latex=lambda a: rf"\operatorname{{diagonal}}\left({a}\right)",
    jacobian_latex=(lambda y, a: r"\mathbf{P}",),
    product_latex=(lambda g, y, a: rf"\operatorname{{diag}}\left({g}\right)",),
    code=Code("np.diagonal({a})", ("np.diag({g})",), "torch.diagonal({a})"),
    why=(N_("The Jacobian is 1 on the diagonal and 0 elsewhere: zeros are put around the gradient."),),
    says=N_("{y} is the diagonal of the matrix {a}."),
    says_back=(N_("The diagonal of {a} receives the gradient at {y}; all other elements receive 0."),),
    function="diagonal",
    linear="each",
    terms=lambda at, a: [(1.0, ((0, at * 2),))],
    examples=(*_SQUARE, example([[-0.8]])),
)


def _outer_shape(a: Shape, b: Shape) -> Shape:
    for slot, shape in enumerate((a, b)):
        if len(shape) != 1:
            raise ShapeMismatch(
                message(N_("an outer product is that of two vectors")), wanted={slot: shape[-1:] or (3,)}
            )
    return a + b


def _outer(a: Array, b: Array) -> Array:
    xp = xp_of(a)
    return xp.expand_dims(a, axis=1) * xp.expand_dims(b, axis=0)


def _by_left(y: Array, a: Array, b: Array) -> Array:
    xp, m = xp_of(y), a.shape[0]
    return xp.reshape(xp.eye(m, dtype=y.dtype), (m, 1, m)) * xp.reshape(b, (1, b.shape[0], 1))


def _by_right(y: Array, a: Array, b: Array) -> Array:
    xp, n = xp_of(y), b.shape[0]
    return xp.reshape(xp.eye(n, dtype=y.dtype), (1, n, n)) * xp.reshape(a, (a.shape[0], 1, 1))


outer = registry.declare(
    name="outer",
    inference=Inference("outer"),
    arity=2,
    shape=_outer_shape,
    forward=_outer,
    vjps=(
        lambda g, y, a, b: xp_of(g).tensordot(g, b, axes=1),
        lambda g, y, a, b: xp_of(g).tensordot(a, g, axes=1),
    ),
    jacobians=(_by_left, _by_right),
    symbol=r"\otimes",
    latex=lambda a, b: rf"{a}^{{\top}}\,{b}",  # vectors are rows: a column times a row
    jacobian_latex=(
        lambda y, a, b: rf"\mathbf{{I}} \otimes {b}^{{\top}}",
        lambda y, a, b: rf"{a}^{{\top}} \otimes \mathbf{{I}}",
    ),
    product_latex=(lambda g, y, a, b: rf"{b}\,{g}^{{\top}}", lambda g, y, a, b: rf"{a}\,{g}"),
    code=Code("np.outer({a}, {b})", ("{g} @ {b}", "{a} @ {g}"), "torch.outer({a}, {b})"),
    says=N_("{y} is the outer product: its element (i, j) is element i of {a} times element j of {b}."),
    says_back=(
        N_("{a} receives the rows of the gradient at {y}, each multiplied by {b} and summed."),
        N_("{b} receives the columns of the gradient at {y}, each multiplied by {a} and summed."),
    ),
    function="outer",
    linear="each",
    terms=lambda at, a, b: [(1.0, ((0, at[:1]), (1, at[1:])))],
    examples=(
        example([0.7, -0.35, 0.1], [1.5, -0.5]),
        example([0.7, -0.35], [1.5, -0.5]),
        example([0.4], [1.5, -0.5, 0.2]),
    ),
)
