"""Products: the matrix product with its transposed forms, and scaling by a scalar."""

from __future__ import annotations

from math import prod

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Index, Shape, ShapeMismatch, Source, Summand, Term, example, registry
from .rules import broadcast, elementwise_jacobian, times, unbroadcast
from .source import column, summed_back, swapped


def _flip(shape: tuple[int, ...]) -> tuple[int, ...]:
    return shape[:-2] + shape[-2:][::-1]


def _t(x: Array, transposed: bool) -> Array:
    """x with its last two axes exchanged, as a view; a vector is its own transpose."""
    if not transposed or x.ndim < 2:
        return x
    axes = tuple(range(x.ndim))
    return xp_of(x).permute_dims(x, (*axes[:-2], axes[-1], axes[-2]))


def _matmul_shape(a: Shape, b: Shape, *, ta: bool = False, tb: bool = False) -> Shape:
    left, right = _flip(a) if ta else a, _flip(b) if tb else b
    if not left or not right:
        raise ShapeMismatch(message(N_("a matrix product needs arrays on both sides")))
    if left[-1] != right[0]:
        fit_right, fit_left = (left[-1], *right[1:]), (*left[:-1], right[0])
        raise ShapeMismatch(
            message(N_("inner sizes differ")),
            wanted={1: _flip(fit_right) if tb else fit_right, 0: _flip(fit_left) if ta else fit_left},
        )
    return left[:-1] + right[1:]


def _matmul(a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> Array:
    return xp_of(a).tensordot(_t(a, ta), _t(b, tb), axes=1)


def _grad_left(g: Array, y: Array, a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> Array:
    b = _t(b, tb)
    free = b.ndim - 1  # the axes of g that come from b: contract them with b's
    xp = xp_of(g)
    axes = (tuple(range(g.ndim - free, g.ndim)), tuple(range(1, b.ndim)))
    return _t(xp.tensordot(g, b, axes=axes), ta)


def _grad_right(g: Array, y: Array, a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> Array:
    a = _t(a, ta)
    free = tuple(range(a.ndim - 1))
    return _t(xp_of(g).tensordot(a, g, axes=(free, free)), tb)


def _jacobian_left(y: Array, a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> Array:
    # y[A, B] = Σ_k a[A, k] b[k, B], so ∂y[A, B] / ∂a[A', k] = δ_{A A'} b[k, B].
    xp = xp_of(y)
    left, right = _t(a, ta), _t(b, tb)
    n, k, m = prod(left.shape[:-1]), left.shape[-1], prod(right.shape[1:])
    bt = xp.permute_dims(xp.reshape(right, (k, m)), (1, 0))
    j = xp.reshape(xp.eye(n, dtype=y.dtype), (n, 1, n, 1)) * xp.reshape(bt, (1, m, 1, k))
    return _t(xp.reshape(j, y.shape + left.shape), ta)


def _jacobian_right(y: Array, a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> Array:
    # ∂y[A, B] / ∂b[k, B'] = a[A, k] δ_{B B'}.
    xp = xp_of(y)
    left, right = _t(a, ta), _t(b, tb)
    n, k, m = prod(left.shape[:-1]), left.shape[-1], prod(right.shape[1:])
    j = xp.reshape(left, (n, 1, k, 1)) * xp.reshape(xp.eye(m, dtype=y.dtype), (1, m, 1, m))
    return _t(xp.reshape(j, y.shape + right.shape), tb)


def _top(term: Term, transposed: bool) -> str:
    return rf"{term}^{{\top}}" if transposed else str(term)


def _matmul_latex(a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    # The transpose stays in the text for vectors too (w_2^T), as it stands on the slide.
    return rf"{_top(a, ta)}\,{_top(b, tb)}"


def _matmul_symbol(a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    return (r"{}^{\top}\!" if ta else "") + r"\times" + (r"^{\top}" if tb else "")


def _left_jacobian_latex(y: Term, a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    # With one row on the left the Jacobian is bᵀ; a vector is its own transpose.
    return _top(b, b.ndim > 1 and not tb)


def _left_product_latex(g: Term, y: Term, a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    if a.ndim > 1 and b.ndim == 1:  # rows are vectors: a column times a row is the outer product
        return rf"{_top(b, True)}\,{g}" if ta else rf"{_top(g, True)}\,{b}"
    if ta and a.ndim > 1:
        return rf"{_top(b, tb)}\,{_top(g, g.ndim > 1)}"
    sign = r"\," if g.ndim and b.ndim > 1 else r" \cdot "
    return rf"{g}{sign}{_left_jacobian_latex(y, a, b, ta=ta, tb=tb)}"


def _right_jacobian_latex(y: Term, a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    if b.ndim == 1:
        return _top(a, ta and a.ndim > 1)
    return _top(a, not ta)


def _right_product_latex(g: Term, y: Term, a: Term, b: Term, *, ta: bool = False, tb: bool = False) -> str:
    if not g.ndim:
        return rf"{g} \cdot {a}"
    if b.ndim == 1:
        return rf"{g}\,{_top(a, ta)}"
    if tb and b.ndim > 1:
        return rf"{_top(g, True)}\,{_top(a, ta)}"
    return rf"{_top(a, not ta)}\,{g}"


def _matmul_says(a: Term, b: Term, **_: bool) -> str:
    if a.ndim == 1 and b.ndim == 1:
        return N_("{y} is the scalar product of {a} and {b}: elements multiplied in pairs, and summed.")
    if a.ndim == 1:
        return N_("{y} is the row vector {a} times the matrix {b}.")
    return N_("{y} is the matrix product of {a} and {b}: each row on the left with each column on the right.")


def _left_says(a: Term, b: Term, **_: bool) -> str:
    if a.ndim == 1 and b.ndim == 1:
        return N_("{a} receives the gradient at {y}, multiplied by {b}.")
    return N_("{a} receives the gradient at {y}, carried back through {b}.")


def _right_says(a: Term, b: Term, **_: bool) -> str:
    if a.ndim == 1 and b.ndim == 1:
        return N_("{b} receives the gradient at {y}, multiplied by {a}.")
    if a.ndim == 1:
        return N_("{b} receives an outer product: its element (i, j) is {a}[i] times element j of the gradient at {y}.")
    return N_("{b} receives the gradient at {y} multiplied by {a}: a sum over all the objects, the rows.")


def _both_say(a: Term, b: Term, **_: bool) -> str:
    if a.ndim == 1 and b.ndim == 1:
        return N_(
            "{a} and {b} trade places: {a} receives the gradient at {y} times {b}, and {b} receives it times {a}."
        )
    return ""


def _sides(a: Source, b: Source, ta: bool, tb: bool) -> tuple[str, str]:
    return swapped(a) if ta else str(a), swapped(b) if tb else str(b)


def _matmul_code(a: Source, b: Source, *, ta: bool = False, tb: bool = False) -> str:
    left, right = _sides(a, b, ta, tb)
    return f"{left} @ {right}" if b.ndim <= 2 else f"np.tensordot({left}, {right}, axes=1)"


def _matmul_torch(a: Source, b: Source, *, ta: bool = False, tb: bool = False) -> str:
    left, right = _sides(a, b, ta, tb)
    return f"{left} @ {right}" if b.ndim <= 2 else f"torch.tensordot({left}, {right}, dims=1)"


def _left_code(g: Source, y: Source, a: Source, b: Source, *, ta: bool = False, tb: bool = False) -> str:
    if b.ndim == 1:
        if a.ndim > 2:
            return _turned(f"{column(g)} * {b}", a, ta)
        if a.ndim == 2:
            return f"np.outer({b}, {g})" if ta else f"np.outer({g}, {b})"
        return f"{g} * {b}"
    if b.ndim > 2:
        free = b.ndim - 1
        axes = (list(range(g.ndim - free, g.ndim)), list(range(1, b.ndim)))
        return _turned(f"np.tensordot({g}, {swapped(b) if tb else b}, axes={axes})", a, ta)
    if ta and a.ndim == 2:
        return f"{b if not tb else swapped(b)} @ {g}.T"
    return _turned(f"{g} @ {b if tb else swapped(b)}", a, ta)


def _right_code(g: Source, y: Source, a: Source, b: Source, *, ta: bool = False, tb: bool = False) -> str:
    turned = tb and b.ndim > 1
    if a.ndim == 1:
        if b.ndim == 1:
            return f"{g} * {a}"
        if b.ndim == 2:
            return f"np.outer({g}, {a})" if turned else f"np.outer({a}, {g})"
        return _turned(f"np.tensordot({a}, {g}, axes=0)", b, tb)
    left = swapped(a) if ta else str(a)
    if a.ndim == 2 and b.ndim <= 2:
        return f"{g}.T @ {left}" if turned else f"{a if ta else swapped(a)} @ {g}"
    free = list(range(a.ndim - 1))
    return _turned(f"np.tensordot({left}, {g}, axes=({free}, {free}))", b, tb)


def _turned(expression: str, operand: Source, transposed: bool) -> str:
    """An expression in the layout of an operand that entered transposed."""
    return f"np.swapaxes({expression}, -1, -2)" if transposed and operand.ndim > 1 else expression


def _matmul_terms(at: Index, a: Array, b: Array, *, ta: bool = False, tb: bool = False) -> list[Summand]:
    rows = a.ndim - 1
    left = [(*at[:rows], k) for k in range(_t(a, ta).shape[-1])]
    right = [(k, *at[rows:]) for k in range(len(left))]
    if ta:
        left = [_flip(i) for i in left]
    if tb:
        right = [_flip(i) for i in right]
    return [(1.0, ((0, i), (1, j))) for i, j in zip(left, right, strict=True)]


matmul = registry.declare(
    name="matmul",
    arity=2,
    sums_over_rows=1,
    attributes={"ta": False, "tb": False},
    shape=_matmul_shape,
    forward=_matmul,
    vjps=(_grad_left, _grad_right),
    jacobians=(_jacobian_left, _jacobian_right),
    symbol=_matmul_symbol,
    latex=_matmul_latex,
    jacobian_latex=(_left_jacobian_latex, _right_jacobian_latex),
    product_latex=(_left_product_latex, _right_product_latex),
    code=Code(_matmul_code, (_left_code, _right_code), _matmul_torch),
    says=_matmul_says,
    says_back=(_left_says, _right_says),
    says_all=_both_say,
    linear="each",
    terms=_matmul_terms,
    examples=(
        example([1.0, -0.5], [[0.2, 0.4, -0.6], [1.0, 0.3, 0.5]]),
        example([0.6, -0.34, 0.1], [0.5, 1.0, -1.0]),
        example([0.6, -0.34, 0.1], [0.5, 1.0, -1.0], tb=True),
        example([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]], [[0.2, 0.4], [1.0, -0.3]]),
        example([[1.0, 2.0], [3.0, -4.0], [0.5, 0.25]], [0.2, 0.4]),
        example([[1.0, 2.0], [3.0, -4.0]], [[0.2, 0.4], [1.0, -0.3], [0.7, 0.1]], tb=True),
        example([[1.0, 2.0], [3.0, -4.0]], [[0.2, 0.4, 0.7], [1.0, -0.3, 0.1]], ta=True),
        example([[1.0, 2.0], [3.0, -4.0], [5.0, 6.0]], [[0.2, 0.4, 0.7], [1.0, -0.3, 0.1]], ta=True, tb=True),
        example([[[1.0, 2.0], [3.0, -4.0]], [[0.5, 0.25], [1.5, -1.0]]], [[0.2, 0.4], [1.0, -0.3]]),
    ),
)


def _scale_shape(a: Shape, b: Shape) -> Shape:
    if a and b:
        raise ShapeMismatch(message(N_("scaling needs a scalar on one side")), wanted={0: ()})
    return broadcast(a, b)


scale = registry.declare(
    name="scale",
    arity=2,
    shape=_scale_shape,
    forward=lambda a, b: a * b,
    vjps=(
        lambda g, y, a, b: unbroadcast(g * b, a.shape),
        lambda g, y, a, b: unbroadcast(g * a, b.shape),
    ),
    jacobians=(
        lambda y, a, b: elementwise_jacobian(b, y, a),
        lambda y, a, b: elementwise_jacobian(a, y, b),
    ),
    symbol=r"\cdot",
    latex=lambda a, b: rf"{a}\,{b}",
    jacobian_latex=(
        lambda y, a, b: str(b),
        lambda y, a, b: rf"{a}\,\mathbf{{I}}" if b.ndim else str(a),
    ),
    product_latex=(
        lambda g, y, a, b: rf"{{\textstyle\sum}} {times(g, b)}" if g.ndim and not a.ndim else times(g, b),
        lambda g, y, a, b: rf"{{\textstyle\sum}} {times(g, a)}" if g.ndim and not b.ndim else times(g, a),
    ),
    code=Code(
        "{a} * {b}",
        (
            lambda g, y, a, b: summed_back(f"{g} * {b}", g.shape, a),
            lambda g, y, a, b: summed_back(f"{g} * {a}", g.shape, b),
        ),
        "{a} * {b}",
    ),
    says=N_("{y} is {b}, scaled by {a}."),
    says_back=(
        N_("{a} receives the gradient at {y} times {b}, summed over all that it scales."),
        N_("{b} receives the gradient at {y}, scaled by {a}."),
    ),
    elementwise=True,
    examples=(example(0.7, [1.0, -2.0, 0.5]), example([[1.0, -2.0], [0.5, 3.0]], -1.3), example(0.7, 1.1)),
)
