"""Two arrays compared element by element: the larger and the smaller, bounds, conditions, and a power of two arrays."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Fault, Kinks, Op, Source, Term, example, registry
from .rules import broadcast, diag, elementwise_jacobian, summed, times, unbroadcast
from .source import summed_back

_PAIRS = (
    example(0.3, -1.2),
    example([0.7, -0.35, 0.1], [1.5, -0.5, -2.0]),
    example([[0.5, -1.5], [2.0, -0.25], [1.0, 3.0]], [0.4, -0.8]),
    example([0.7, -0.35, 0.1], 0.3),
    example(0.2, [[0.5, -1.5], [2.0, -0.25]]),
)


def _floats(condition: Array, like: Array) -> Array:
    return xp_of(like).astype(condition, like.dtype)


def _share(first: Callable[[Array, Array], Array]) -> Callable[[Array, Array], Array]:
    """How much of the gradient an operand receives: all where it was taken, half at a tie, as in torch."""
    return lambda one, other: _floats(first(one, other), one) + 0.5 * _floats(one == other, one)


def _jacobian(share: Array, y: Array, operand: Array) -> Array:
    return elementwise_jacobian(xp_of(y).broadcast_to(share, y.shape), y, operand)


def _extreme(name: str, sign: str, says: str, back: str, kink: str, taken: Callable[[Array, Array], Array]) -> Op:
    """The larger or the smaller of two arrays, element by element; `sign` is > or <."""
    share = _share(taken)
    latex = rf"\{name[:3]}"

    def winners(a: Term, b: Term, like: Term) -> Term:
        return Term(rf"\left[{a} {sign} {b}\right]", like.shape)

    return registry.declare(
        name=name,
        arity=2,
        shape=broadcast,
        forward=lambda a, b: getattr(xp_of(a), name)(a, b),
        vjps=(
            lambda g, y, a, b: unbroadcast(g * share(a, b), a.shape),
            lambda g, y, a, b: unbroadcast(g * share(b, a), b.shape),
        ),
        jacobians=(
            lambda y, a, b: _jacobian(share(a, b), y, a),
            lambda y, a, b: _jacobian(share(b, a), y, b),
        ),
        symbol=latex,
        latex=lambda a, b: rf"{latex}\left({a}, {b}\right)",
        jacobian_latex=(
            lambda y, a, b: diag(winners(a, b, y), y) if a.shape == y.shape else winners(a, b, y),
            lambda y, a, b: diag(winners(b, a, y), y) if b.shape == y.shape else winners(b, a, y),
        ),
        product_latex=(
            lambda g, y, a, b: summed(times(g, winners(a, b, y)), g, a),
            lambda g, y, a, b: summed(times(g, winners(b, a, y)), g, b),
        ),
        code=Code(
            f"np.{name}({{a}}, {{b}})",
            (
                lambda g, y, a, b: summed_back(f"{g} * (({a} {sign} {b}) + 0.5 * ({a} == {b}))", g.shape, a),
                lambda g, y, a, b: summed_back(f"{g} * (({b} {sign} {a}) + 0.5 * ({a} == {b}))", g.shape, b),
            ),
            f"torch.{name}({{a}}, {{b}})",
        ),
        says=says,
        says_back=(back, back),
        kinks=Kinks(kink, lambda a, b: xp_of(a).abs(a - b)),
        function=name,
        elementwise=True,
        examples=_PAIRS,
    )


maximum = _extreme(
    "maximum",
    ">",
    N_("{y} takes the larger one of {a} and {b}, element by element."),
    N_("The larger one receives the gradient, the other one nothing; at a tie each receives half."),
    N_("the maximum where both are equal"),
    lambda one, other: one > other,
)
minimum = _extreme(
    "minimum",
    "<",
    N_("{y} takes the smaller one of {a} and {b}, element by element."),
    N_("The smaller one receives the gradient, the other one nothing; at a tie each receives half."),
    N_("the minimum where both are equal"),
    lambda one, other: one < other,
)


def _clip(x: Array, low: Array, high: Array) -> Array:
    xp = xp_of(x)
    return xp.minimum(xp.maximum(x, low), high)


def _within(x: Array, low: Array, high: Array) -> Array:
    return _floats(x >= low, x) * _floats(x <= high, x)


def _low_taken(x: Array, low: Array, high: Array) -> Array:
    return _floats(x < low, x) * _floats(low < high, x)


def _high_taken(x: Array, low: Array, high: Array) -> Array:
    """Where the bounds are out of order the upper one is taken, as in torch."""
    return xp_of(x).maximum(_floats(x > high, x), _floats(low > high, x))


def _value(operand: Source) -> float | None:
    """The number that an operand of a program is; None where it is a name."""
    try:
        return float(operand.strip("()"))
    except ValueError:
        return None


def _in_order(low: Source, high: Source) -> bool:
    """Whether the lower bound is plainly the lower one. Where it is not, the upper bound is taken, as in torch."""
    least, greatest = _value(low), _value(high)
    return least is not None and greatest is not None and least < greatest


def _below(x: Source, low: Source, high: Source) -> str:
    return f"({x} < {low})" if _in_order(low, high) else f"(({x} < {low}) & ({low} < {high}))"


def _above(x: Source, low: Source, high: Source) -> str:
    return f"({x} > {high})" if _in_order(low, high) else f"(({x} > {high}) | ({low} > {high}))"


clip = registry.declare(
    name="clip",
    arity=3,
    shape=broadcast,
    forward=_clip,
    vjps=(
        lambda g, y, x, low, high: unbroadcast(g * _within(x, low, high), x.shape),
        lambda g, y, x, low, high: unbroadcast(g * _low_taken(x, low, high), low.shape),
        lambda g, y, x, low, high: unbroadcast(g * _high_taken(x, low, high), high.shape),
    ),
    jacobians=(
        lambda y, x, low, high: _jacobian(_within(x, low, high), y, x),
        lambda y, x, low, high: _jacobian(_low_taken(x, low, high), y, low),
        lambda y, x, low, high: _jacobian(_high_taken(x, low, high), y, high),
    ),
    symbol=r"\operatorname{clip}",
    latex=lambda x, low, high: rf"\operatorname{{clip}}\left({x}, {low}, {high}\right)",
    jacobian_latex=(
        lambda y, x, low, high: diag(rf"\left[{low} \le {x} \le {high}\right]", y),
        lambda y, x, low, high: rf"\left[{x} < {low}\right]",
        lambda y, x, low, high: rf"\left[{x} > {high}\right]",
    ),
    product_latex=(
        lambda g, y, x, low, high: summed(times(g, Term(rf"\left[{low} \le {x} \le {high}\right]", y.shape)), g, x),
        lambda g, y, x, low, high: summed(times(g, Term(rf"\left[{x} < {low}\right]", y.shape)), g, low),
        lambda g, y, x, low, high: summed(times(g, Term(rf"\left[{x} > {high}\right]", y.shape)), g, high),
    ),
    code=Code(
        "np.clip({a}, {b}, {c})",
        (
            lambda g, y, x, low, high: summed_back(f"{g} * (({x} >= {low}) & ({x} <= {high}))", g.shape, x),
            lambda g, y, x, low, high: summed_back(f"{g} * {_below(x, low, high)}", g.shape, low),
            lambda g, y, x, low, high: summed_back(f"{g} * {_above(x, low, high)}", g.shape, high),
        ),
        "torch.clamp({a}, {b}, {c})",
    ),
    says=N_("{y} is {a} within the bounds {b} and {c}: what lies outside is set to the bound."),
    says_back=(
        N_("{a} receives the gradient where it lies within the bounds, and nothing where it was cut off."),
        N_("The lower bound receives the gradient where it was taken."),
        N_("The upper bound receives the gradient where it was taken."),
    ),
    kinks=Kinks(
        N_("clip at a bound"), lambda x, low, high: xp_of(x).minimum(xp_of(x).abs(x - low), xp_of(x).abs(x - high))
    ),
    function="clip",
    aliases=("clamp",),
    elementwise=True,
    examples=(
        example([0.7, -1.35, 2.1], -1.0, 1.0),
        example(0.3, 0.8, 1.2),
        example([[0.5, -1.5], [2.0, -0.25]], [-0.5, -1.0], 0.9),
    ),
)


def _condition(name: str, sign: str, words: str, compare: Callable[[Array, Array], Array], code: str) -> Op:
    """1 where a condition holds and 0 elsewhere; no gradient flows through it."""
    return registry.declare(
        name=name,
        arity=2,
        shape=broadcast,
        forward=lambda a, b: _floats(compare(a, b), a),
        vjps=(None, None),
        jacobians=(None, None),
        symbol=sign,
        latex=lambda a, b: rf"\left[{a} {sign} {b}\right]",
        jacobian_latex=(None, None),
        product_latex=(None, None),
        code=Code(f"({{a}} {code} {{b}}) * 1.0", (None, None), f"({{a}} {code} {{b}}) * 1.0"),
        says=words,
        says_back=(None, None),
        function=name,
        elementwise=True,
        examples=_PAIRS,
    )


less = _condition("less", "<", N_("{y} is 1 where {a} is less than {b}, and 0 elsewhere."), lambda a, b: a < b, "<")
less_equal = _condition(
    "less_equal", r"\le", N_("{y} is 1 where {a} is at most {b}, and 0 elsewhere."), lambda a, b: a <= b, "<="
)
greater = _condition(
    "greater", ">", N_("{y} is 1 where {a} is greater than {b}, and 0 elsewhere."), lambda a, b: a > b, ">"
)
greater_equal = _condition(
    "greater_equal", r"\ge", N_("{y} is 1 where {a} is at least {b}, and 0 elsewhere."), lambda a, b: a >= b, ">="
)
equal = _condition("equal", "=", N_("{y} is 1 where {a} equals {b}, and 0 elsewhere."), lambda a, b: a == b, "==")
not_equal = _condition(
    "not_equal", r"\ne", N_("{y} is 1 where {a} differs from {b}, and 0 elsewhere."), lambda a, b: a != b, "!="
)


def _taken(g: Array, mask: Array, operand: Array, where: bool) -> Array:
    """The gradient where the operand was taken; exactly 0 elsewhere, even where the gradient is infinite."""
    xp = xp_of(g)
    zeros = xp.zeros_like(g)
    return unbroadcast(xp.where(mask != 0, g, zeros) if where else xp.where(mask != 0, zeros, g), operand.shape)


def _where_jacobian(y: Array, mask: Array, operand: Array, where: bool) -> Array:
    share = _floats(mask != 0, y) if where else _floats(mask == 0, y)
    return _jacobian(share, y, operand)


where = registry.declare(
    name="where",
    arity=3,
    shape=broadcast,
    forward=lambda mask, a, b: xp_of(a).where(mask != 0, a, b),
    vjps=(
        None,
        lambda g, y, mask, a, b: _taken(g, mask, a, True),
        lambda g, y, mask, a, b: _taken(g, mask, b, False),
    ),
    jacobians=(
        None,
        lambda y, mask, a, b: _where_jacobian(y, mask, a, True),
        lambda y, mask, a, b: _where_jacobian(y, mask, b, False),
    ),
    symbol=r"\operatorname{cases}",
    latex=lambda mask, a, b: rf"\begin{{cases}} {a} & {mask} \\ {b} & \text{{else}} \end{{cases}}",
    jacobian_latex=(
        None,
        lambda y, mask, a, b: diag(rf"\left[{mask} \ne 0\right]", y),
        lambda y, mask, a, b: diag(rf"\left[{mask} = 0\right]", y),
    ),
    product_latex=(
        None,
        lambda g, y, mask, a, b: summed(times(Term(rf"\left[{mask} \ne 0\right]", y.shape), g), g, a),
        lambda g, y, mask, a, b: summed(times(Term(rf"\left[{mask} = 0\right]", y.shape), g), g, b),
    ),
    code=Code(
        "np.where({a} != 0, {b}, {c})",
        (
            None,
            lambda g, y, mask, a, b: summed_back(f"np.where({mask} != 0, {g}, 0)", g.shape, a),
            lambda g, y, mask, a, b: summed_back(f"np.where({mask} != 0, 0, {g})", g.shape, b),
        ),
        "torch.where({a} != 0, {b}, {c})",
    ),
    says=N_("{y} is {b} where the condition {a} holds, and {c} elsewhere."),
    says_back=(
        None,
        N_("{b} receives the gradient at {y} where the condition holds, and exactly 0 elsewhere."),
        N_("{c} receives the gradient at {y} where the condition does not hold, and exactly 0 elsewhere."),
    ),
    function="where",
    elementwise=True,
    examples=(
        example([1.0, 0.0, 1.0], [0.7, -0.35, 0.1], [1.5, 0.5, -0.2]),
        example([1.0, 0.0, 1.0], [0.7, -0.35, 0.1], 0.0),
        example(1.0, 0.4, 1.5),
        example([[1.0, 0.0], [0.0, 1.0]], [0.5, -1.5], [[0.4, 0.9], [0.1, 0.3]]),
    ),
)


def _base_slope(y: Array, a: Array, b: Array) -> Array:
    """b a^(b − 1); 0 where b is 0, also at a = 0, as in torch."""
    xp = xp_of(y)
    return xp.where(b == 0, xp.zeros_like(y), b * a ** xp.where(b == 0, xp.ones_like(b), b - 1))


def _exponent_slope(y: Array, a: Array, b: Array) -> Array:
    """y log a; 0 where a is 0 and the power is finite, as in torch: there no logarithm is taken."""
    xp = xp_of(y)
    return y * xp.log(xp.where(b >= 0, xp.where(a == 0, xp.ones_like(a), a), a))


def _base_back(g: Source, y: Source, a: Source, b: Source) -> str:
    known = _value(b)
    less = f"np.where({b} == 0, 0, {b} - 1)" if known is None else f"({b} - 1)" if known else "0"
    return summed_back(f"{g} * {b} * {a} ** {less}", g.shape, a)


pow_ = registry.declare(
    name="pow",
    arity=2,
    shape=broadcast,
    forward=lambda a, b: a**b,
    vjps=(
        lambda g, y, a, b: unbroadcast(g * _base_slope(y, a, b), a.shape),
        lambda g, y, a, b: unbroadcast(g * _exponent_slope(y, a, b), b.shape),
    ),
    jacobians=(
        lambda y, a, b: _jacobian(_base_slope(y, a, b), y, a),
        lambda y, a, b: _jacobian(_exponent_slope(y, a, b), y, b),
    ),
    symbol=r"(\cdot)^{(\cdot)}",
    latex=lambda a, b: rf"{a}^{{{b}}}",
    jacobian_latex=(
        lambda y, a, b: diag(times(b, Term(rf"{a}^{{{b} - 1}}", y.shape)), y),
        lambda y, a, b: diag(times(y, Term(rf"\log {a}", a.shape)), y),
    ),
    product_latex=(
        lambda g, y, a, b: summed(times(g, b, Term(rf"{a}^{{{b} - 1}}", y.shape)), g, a),
        lambda g, y, a, b: summed(times(g, y, Term(rf"\log {a}", a.shape)), g, b),
    ),
    code=Code(
        "{a} ** {b}",
        (
            _base_back,
            lambda g, y, a, b: summed_back(
                f"{g} * {y} * np.log(np.where(({a} == 0) & ({b} >= 0), 1, {a}))", g.shape, b
            ),
        ),
        "{a} ** {b}",
    ),
    faults=(
        Fault(N_("0 to a negative power is a division by 0: {x} = {value}."), lambda a, b: (a == 0) & (b < 0)),
        Fault(
            N_("A negative number has no such power: {x} = {value}."),
            lambda a, b: (a < 0) & (b != xp_of(a).round(b)),
        ),
        Fault(
            N_("At {x} = 0 the slope of this power is a division by 0."),
            lambda a, b: (a == 0) & (b < 1) & (b != 0),
            back=True,
        ),
        Fault(
            N_("There is no logarithm of a negative number: {x} = {value}."),
            lambda a, b: a < 0,
            back=True,
        ),
    ),
    says=N_("{y} is {a} to the power {b}, element by element."),
    says_back=(
        N_("The base receives the gradient times {b}, times the base to a power one lower."),
        N_("The exponent receives the gradient times {y}, times the logarithm of the base."),
    ),
    function="pow",
    elementwise=True,
    examples=(
        example(0.3, 2.2),
        example([0.7, 0.35, 1.1], [1.5, 0.5, -2.0]),
        example([0.7, 0.35, 1.1], 2.5),
        example([0.7, 0.35, 1.1], 0.0),
        example(1.7, [[0.5, -1.5], [2.0, -0.25]]),
    ),
)

__all__ = [
    "clip",
    "equal",
    "greater",
    "greater_equal",
    "less",
    "less_equal",
    "maximum",
    "minimum",
    "not_equal",
    "pow_",
    "where",
]
