"""Element by element: arithmetic with broadcasting, powers, and the activations."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Fault, Fusion, Kinks, Source, Term, example, registry
from .rules import brackets, broadcast, diag, elementwise_jacobian, ones, same, summed, times, unbroadcast
from .source import summed_back
from .unary import ARRAYS, POSITIVE, SCALARS, called, unary

neg = registry.declare(
    name="neg",
    arity=1,
    shape=same,
    forward=lambda a: -a,
    vjps=(lambda g, y, a: -g,),
    jacobians=(lambda y, a: elementwise_jacobian(-xp_of(y).ones_like(y), y, a),),
    symbol="-",
    latex=lambda a: f"-{a}",
    jacobian_latex=(lambda y, a: r"-\mathbf{I}" if a.ndim else "-1",),
    product_latex=(lambda g, y, a: f"-{g}",),
    code=Code("-{a}", ("-{g}",), "-{a}"),
    says=N_("{y} is {a} with the opposite sign."),
    says_back=(N_("A minus turns the sign of the gradient."),),
    elementwise=True,
    examples=SCALARS + ARRAYS,
)

sigma = unary(
    "sigma",
    # For very negative x, exp overflows to inf and the result is 0, which is right; the engine silences the warning.
    lambda a: 1 / (1 + xp_of(a).exp(-a)),
    lambda y, a: y * (1 - y),
    lambda y, a: times(y, brackets(f"1 - {y}", y)) if y.ndim else rf"{y} \left(1 - {y}\right)",
    SCALARS + ARRAYS,
    symbol=r"\sigma",
    latex=called(r"\sigma"),
    code=Code("1 / (1 + np.exp(-{a}))", ("{g} * {y} * (1 - {y})",), "torch.sigmoid({a})"),
    says=N_("{y} is the sigmoid of {a}: any number becomes one between 0 and 1."),
    says_back=(N_("The sigmoid multiplies the gradient by its slope {y}(1 − {y}), which is 1/4 at most."),),
    function="sigma",
    aliases=("sigmoid",),
)

tanh = unary(
    "tanh",
    lambda a: xp_of(a).tanh(a),
    lambda y, a: 1 - y * y,
    lambda y, a: f"1 - {y}^2",
    SCALARS + ARRAYS,
    symbol=r"\tanh",
    latex=called(r"\tanh"),
    code=Code("np.tanh({a})", ("{g} * (1 - {y}**2)",), "torch.tanh({a})"),
    says=N_("{y} is the hyperbolic tangent of {a}: any number becomes one between −1 and 1."),
    says_back=(N_("tanh multiplies the gradient by its slope 1 − {y}²: where {y} is near ±1, little passes."),),
    function="tanh",
)

relu = unary(
    "relu",
    lambda a: xp_of(a).maximum(a, xp_of(a).zeros_like(a)),
    lambda y, a: xp_of(a).astype(a > 0, y.dtype),
    lambda y, a: rf"\left[{a} > 0\right]",
    SCALARS + ARRAYS,
    symbol=r"\operatorname{ReLU}",
    latex=called(r"\operatorname{ReLU}"),
    code=Code("np.maximum({a}, 0)", ("{g} * ({a} > 0)",), "torch.relu({a})"),
    says=N_("{y} is {a} where it is positive, and 0 elsewhere."),
    says_back=(N_("ReLU passes the gradient where {a} was positive, and stops it elsewhere."),),
    kinks=Kinks(N_("ReLU at 0"), lambda a: xp_of(a).abs(a)),
    function="ReLU",
    aliases=("relu",),
)

SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772  # Klambauer et al. 2017, equation 14


def _selu(a: Array) -> Array:
    xp = xp_of(a)
    below = xp.expm1(xp.minimum(a, xp.zeros_like(a)))  # so that exp of a large element does not overflow
    return SELU_SCALE * xp.where(a > 0, a, SELU_ALPHA * below)


selu = unary(
    "selu",
    _selu,
    lambda y, a: xp_of(a).where(a > 0, xp_of(a).full_like(a, SELU_SCALE), y + SELU_SCALE * SELU_ALPHA),
    lambda y, a: rf"\operatorname{{SELU}}'\left({a}\right)",
    SCALARS + ARRAYS,
    symbol=r"\operatorname{SELU}",
    latex=called(r"\operatorname{SELU}"),
    code=Code(
        f"{SELU_SCALE} * np.where({{a}} > 0, {{a}}, {SELU_ALPHA} * np.expm1(np.minimum({{a}}, 0)))",
        (f"{{g}} * np.where({{a}} > 0, {SELU_SCALE}, {{y}} + {SELU_SCALE} * {SELU_ALPHA})",),
        "F.selu({a})",
    ),
    says=N_("{y} is λ{a} where {a} is positive, and λα(exp({a}) − 1) elsewhere; λ = 1.0507, α = 1.6733."),
    says_back=(
        N_("SELU multiplies the gradient by λ = 1.0507 where {a} was positive, and by {y} + 1.7581 elsewhere."),
    ),
    kinks=Kinks(N_("SELU at 0"), lambda a: xp_of(a).abs(a)),
    function="SELU",
    aliases=("selu",),
)

exp = unary(
    "exp",
    lambda a: xp_of(a).exp(a),
    lambda y, a: y,
    lambda y, a: str(y),
    SCALARS + ARRAYS,
    symbol=r"\exp",
    latex=called(r"\exp"),
    code=Code("np.exp({a})", ("{g} * {y}",), "torch.exp({a})"),
    says=N_("{y} is e to the power {a}."),
    says_back=(N_("The exponential multiplies the gradient by its own value, {y}."),),
    faults=(
        Fault(
            N_(
                "e to the power {value} is larger than the largest number there is, about 1.8·10³⁰⁸: exp overflows from 709.8."
            ),
            lambda a: a > 709.78,
        ),
    ),
    function="exp",
)

log = unary(
    "log",
    lambda a: xp_of(a).log(a),
    lambda y, a: 1 / a,
    lambda y, a: rf"1 / {a}",
    POSITIVE,
    symbol=r"\log",
    latex=called(r"\log"),
    code=Code("np.log({a})", ("{g} / {a}",), "torch.log({a})"),
    says=N_("{y} is the natural logarithm of {a}."),
    says_back=(N_("The logarithm divides the gradient by {a}: near 0 it grows without bound."),),
    faults=(
        Fault(N_("The logarithm of 0 is −∞, and its slope 1/0 is ∞: {x} has become exactly 0."), lambda a: a == 0),
        Fault(N_("There is no logarithm of a negative number: {x} = {value}."), lambda a: a < 0),
    ),
    fusions=(
        Fusion(slot=0, inner="softmax", into="log_softmax"),
        Fusion(slot=0, inner="sigma", into="logsigmoid"),
    ),
    function="log",
    aliases=("ln",),
)

sqrt = unary(
    "sqrt",
    lambda a: xp_of(a).sqrt(a),
    lambda y, a: 0.5 / y,
    lambda y, a: rf"1 / \left(2 {y}\right)",
    POSITIVE,
    symbol=r"\sqrt{\;\;}",
    latex=lambda a: rf"\sqrt{{{a}}}",
    code=Code("np.sqrt({a})", ("{g} / (2 * {y})",), "torch.sqrt({a})"),
    says=N_("{y} is the square root of {a}."),
    says_back=(N_("The square root divides the gradient by 2{y}."),),
    faults=(
        Fault(N_("There is no square root of a negative number: {x} = {value}."), lambda a: a < 0),
        Fault(N_("At {x} = 0 the slope of the square root, 1/(2·0), is ∞."), lambda a: a == 0, back=True),
    ),
    function="sqrt",
)


def _power_slope(y: Array, a: Array, *, exponent: float = 2) -> Array:
    """n a^(n − 1). The slope of x^0 is 0 everywhere, at 0 too, as in torch."""
    if exponent == 0:
        return xp_of(a).zeros_like(a)
    return 2 * a if exponent == 2 else exponent * a ** (exponent - 1)


def _power_slope_latex(y: Term, a: Term, *, exponent: float = 2) -> str:
    if exponent in (0, 1):
        return f"{exponent:g}"
    return f"{exponent:g} {a}" if exponent == 2 else f"{exponent:g} {a}^{{{exponent - 1:g}}}"


def _number(x: float) -> str:
    """An exponent as Python, with all of its digits."""
    return str(int(x)) if x == int(x) else repr(float(x))


def _power_back(g: Source, y: Source, a: Source, *, exponent: float = 2) -> str:
    if exponent == 0:
        return f"np.zeros_like({a})"
    if exponent == 2:
        return f"{g} * 2 * {a}"
    return f"{g} * {_number(exponent)} * {a}**{_number(exponent - 1)}"


power = unary(
    "power",
    lambda a, *, exponent=2: a * a if exponent == 2 else a**exponent,
    _power_slope,
    _power_slope_latex,
    (
        example([0.7, -0.35, 0.1]),
        example([0.7, -0.35, 0.1], exponent=3),
        example([0.7, 1.35, 0.1], exponent=0.5),
        example([0.7, -0.35, 0.0], exponent=0),
        example([0.7, -0.35, 0.0], exponent=1),
        example(1.5, exponent=-1),
    ),
    attributes={"exponent": 2},
    symbol=lambda a, *, exponent=2: rf"(\cdot)^{{{exponent:g}}}",
    latex=lambda a, *, exponent=2: rf"{a}^{{{exponent:g}}}",
    code=Code(
        lambda a, *, exponent=2: f"{a}**{_number(exponent)}",
        (_power_back,),
        lambda a, *, exponent=2: f"{a}**{_number(exponent)}",
    ),
    faults=(
        Fault(
            N_("0 to a negative power is a division by 0: {x} = {value}."),
            lambda a, *, exponent=2: (a == 0) & (exponent < 0),
        ),
        Fault(
            N_("A negative number has no such power: {x} = {value}."),
            lambda a, *, exponent=2: (a < 0) & (exponent != int(exponent)),
        ),
        Fault(
            N_("At {x} = 0 the slope of this power is a division by 0."),
            lambda a, *, exponent=2: (a == 0) & (exponent < 1) & (exponent != 0),
            back=True,
        ),
    ),
    says=N_("{y} is {a} raised to a power, element by element."),
    says_back=(N_("A power multiplies the gradient by the exponent and by {a} to a power one lower."),),
)


def _diagonal(latex: str, y: Term, operand: Term) -> str:
    """A derivative as a Jacobian: diagonal, or as it stands where the operand was broadcast."""
    return diag(latex, y) if y.shape == operand.shape else str(latex)


def _scalars(one: str, many: str) -> Callable[..., str]:
    """`one` where all operands are scalars, else `many`."""
    return lambda *terms, **_: many if any(t.ndim for t in terms) else one


_PAIRS = (
    example(0.3, -1.2),
    example([0.7, -0.35, 0.1], [1.5, 0.5, -2.0]),
    example([[0.5, -1.5], [2.0, -0.25], [1.0, 3.0]], [0.4, -0.8]),
    example([[0.5], [2.0]], [[0.4, -0.8, 1.0]]),
    example([0.7, -0.35, 0.1], 1.5),
    example(2.0, [[0.5, -1.5], [2.0, -0.25]]),
)


def _plus(slot: int) -> Callable[..., Array]:
    return lambda g, y, *inputs: unbroadcast(g, inputs[slot].shape)


def _plus_says(slot: int, passes: str, gathers: str) -> Callable[..., str]:
    """`passes` where the operand has the shape of the result, `gathers` where it was broadcast."""
    return lambda *terms: passes if terms[slot].shape == broadcast(*(t.shape for t in terms)) else gathers


def _unless_broadcast(says: str) -> Callable[..., str]:
    """`says` where both operands have one shape, so that both fare alike."""
    return lambda a, b: says if a.shape == b.shape else ""


add = registry.declare(
    name="add",
    arity=2,
    shape=broadcast,
    forward=lambda a, b: a + b,
    vjps=(_plus(0), _plus(1)),
    jacobians=(
        lambda y, a, b: elementwise_jacobian(xp_of(y).ones_like(y), y, a),
        lambda y, a, b: elementwise_jacobian(xp_of(y).ones_like(y), y, b),
    ),
    symbol="+",
    latex=lambda a, b: f"{a} + {b}",
    jacobian_latex=(lambda y, a, b: ones(y, a), lambda y, a, b: ones(y, b)),
    product_latex=(
        lambda g, y, a, b: summed(str(g), g, a),
        lambda g, y, a, b: summed(str(g), g, b),
    ),
    code=Code(
        "{a} + {b}",
        (lambda g, y, a, b: summed_back(g, g.shape, a), lambda g, y, a, b: summed_back(g, g.shape, b)),
        "{a} + {b}",
    ),
    says=N_("{y} is the sum of {a} and {b}."),
    says_back=(
        _plus_says(
            0,
            N_("A sum passes the gradient on: {a} receives the gradient at {y} unchanged."),
            N_("{a} was added in several places, so it receives the gradient at {y} summed over all of them."),
        ),
        _plus_says(
            1,
            N_("A sum passes the gradient on: {b} receives the gradient at {y} unchanged."),
            N_("{b} was added in several places, so it receives the gradient at {y} summed over all of them."),
        ),
    ),
    says_all=_unless_broadcast(N_("A sum passes the gradient at {y} on unchanged: {a} and {b} both receive it.")),
    elementwise=True,
    examples=_PAIRS,
)

sub = registry.declare(
    name="sub",
    arity=2,
    shape=broadcast,
    forward=lambda a, b: a - b,
    vjps=(_plus(0), lambda g, y, a, b: -unbroadcast(g, b.shape)),
    jacobians=(
        lambda y, a, b: elementwise_jacobian(xp_of(y).ones_like(y), y, a),
        lambda y, a, b: elementwise_jacobian(-xp_of(y).ones_like(y), y, b),
    ),
    symbol="-",
    latex=lambda a, b: f"{a} - {b}",
    jacobian_latex=(lambda y, a, b: ones(y, a), lambda y, a, b: f"-{ones(y, b)}"),
    product_latex=(
        lambda g, y, a, b: summed(str(g), g, a),
        lambda g, y, a, b: f"-{summed(str(g), g, b)}",
    ),
    code=Code(
        "{a} - {b}",
        (lambda g, y, a, b: summed_back(g, g.shape, a), lambda g, y, a, b: f"-{summed_back(g, g.shape, b)}"),
        "{a} - {b}",
    ),
    says=N_("{y} is {a} minus {b}."),
    says_back=(
        _plus_says(
            0,
            N_("A difference passes the gradient at {y} on to {a} unchanged."),
            N_("{a} was used in several places, so it receives the gradient at {y} summed over all of them."),
        ),
        _plus_says(
            1,
            N_("{b} is subtracted, so it receives the gradient at {y} with the opposite sign."),
            N_(
                "{b} was subtracted in several places, so it receives minus the gradient at {y}, summed over all of them."
            ),
        ),
    ),
    elementwise=True,
    examples=_PAIRS,
)

mul = registry.declare(
    name="mul",
    arity=2,
    shape=broadcast,
    forward=lambda a, b: a * b,
    vjps=(
        lambda g, y, a, b: unbroadcast(g * b, a.shape),
        lambda g, y, a, b: unbroadcast(g * a, b.shape),
    ),
    jacobians=(
        lambda y, a, b: elementwise_jacobian(b, y, a),
        lambda y, a, b: elementwise_jacobian(a, y, b),
    ),
    symbol=r"\odot",
    latex=lambda a, b: rf"{a} \odot {b}",
    jacobian_latex=(lambda y, a, b: _diagonal(b, y, a), lambda y, a, b: _diagonal(a, y, b)),
    product_latex=(
        lambda g, y, a, b: summed(times(g, b), g, a),
        lambda g, y, a, b: summed(times(g, a), g, b),
    ),
    code=Code(
        "{a} * {b}",
        (
            lambda g, y, a, b: summed_back(f"{g} * {b}", g.shape, a),
            lambda g, y, a, b: summed_back(f"{g} * {a}", g.shape, b),
        ),
        "{a} * {b}",
    ),
    says=_scalars(N_("{y} is the product of {a} and {b}."), N_("{y} is the elementwise product of {a} and {b}.")),
    says_back=(
        N_("In a product each factor receives the gradient times the other one: here, times {b}."),
        N_("In a product each factor receives the gradient times the other one: here, times {a}."),
    ),
    says_all=N_(
        "Each factor receives the gradient at {y} times the other one: {a} receives it times {b}, {b} times {a}."
    ),
    elementwise=True,
    examples=_PAIRS,
)

div = registry.declare(
    name="div",
    arity=2,
    shape=broadcast,
    forward=lambda a, b: a / b,
    vjps=(
        lambda g, y, a, b: unbroadcast(g / b, a.shape),
        lambda g, y, a, b: unbroadcast(-g * y / b, b.shape),
    ),
    jacobians=(
        lambda y, a, b: elementwise_jacobian(1 / b, y, a),
        lambda y, a, b: elementwise_jacobian(-y / b, y, b),
    ),
    symbol=r"\div",
    latex=lambda a, b: rf"\frac{{{a}}}{{{b}}}",
    jacobian_latex=(
        lambda y, a, b: _diagonal(rf"1 / {b}", y, a),
        lambda y, a, b: _diagonal(rf"-{y} / {b}", y, b),
    ),
    product_latex=(
        lambda g, y, a, b: summed(rf"{g} / {b}", g, a),
        lambda g, y, a, b: summed(rf"-{times(g, y)} / {b}", g, b),
    ),
    code=Code(
        "{a} / {b}",
        (
            lambda g, y, a, b: summed_back(f"{g} / {b}", g.shape, a),
            lambda g, y, a, b: summed_back(f"-{g} * {y} / {b}", g.shape, b),
        ),
        "{a} / {b}",
    ),
    faults=(
        Fault(N_("0 divided by 0 is nan: {x} = 0."), lambda a, b: (b == 0) & (a == 0), slot=1),
        Fault(N_("A division by 0: {x} = 0."), lambda a, b: b == 0, slot=1),
    ),
    says=_scalars(N_("{y} is {a} divided by {b}."), N_("{y} is {a} divided by {b}, element by element.")),
    says_back=(
        N_("{a} receives the gradient at {y} divided by {b}."),
        N_("{b} stands below the line: it receives the gradient times −{y}, divided by {b}."),
    ),
    elementwise=True,
    examples=_PAIRS,
)
