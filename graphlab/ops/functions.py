"""Elementary functions, element by element: trigonometric and hyperbolic ones, logarithms, erf, and the absolute value."""

from __future__ import annotations

from math import log as log_of
from math import pi, sqrt

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Fault, Kinks, Op, example, registry
from .activations import NORMAL, SIGMOID
from .normal import erf as error_function
from .rules import same
from .unary import ARRAYS, POSITIVE, SCALARS, called, unary

_CASES = SCALARS + ARRAYS

sin = unary(
    "sin",
    lambda a: xp_of(a).sin(a),
    lambda y, a: xp_of(a).cos(a),
    lambda y, a: rf"\cos\left({a}\right)",
    _CASES,
    symbol=r"\sin",
    latex=called(r"\sin"),
    code=Code("np.sin({a})", ("{g} * np.cos({a})",), "torch.sin({a})"),
    says=N_("{y} is the sine of {a}, an angle in radians."),
    says_back=(N_("The sine multiplies the gradient by the cosine of {a}."),),
    function="sin",
)

cos = unary(
    "cos",
    lambda a: xp_of(a).cos(a),
    lambda y, a: -xp_of(a).sin(a),
    lambda y, a: rf"-\sin\left({a}\right)",
    _CASES,
    symbol=r"\cos",
    latex=called(r"\cos"),
    code=Code("np.cos({a})", ("-{g} * np.sin({a})",), "torch.cos({a})"),
    says=N_("{y} is the cosine of {a}, an angle in radians."),
    says_back=(N_("The cosine multiplies the gradient by minus the sine of {a}."),),
    function="cos",
)

tan = unary(
    "tan",
    lambda a: xp_of(a).tan(a),
    lambda y, a: 1 + y * y,
    lambda y, a: f"1 + {y}^2",
    _CASES,
    symbol=r"\tan",
    latex=called(r"\tan"),
    code=Code("np.tan({a})", ("{g} * (1 + {y}**2)",), "torch.tan({a})"),
    says=N_("{y} is the tangent of {a}, an angle in radians."),
    says_back=(N_("The tangent multiplies the gradient by 1 + {y}², which is 1 or more."),),
    function="tan",
)

_HYPERBOLIC = Fault(
    N_("The exponential of |{value}| is larger than the largest number there is: this overflows from about 710.5."),
    lambda a: xp_of(a).abs(a) > 710.47,
)

sinh = unary(
    "sinh",
    lambda a: xp_of(a).sinh(a),
    lambda y, a: xp_of(a).cosh(a),
    lambda y, a: rf"\cosh\left({a}\right)",
    _CASES,
    symbol=r"\sinh",
    latex=called(r"\sinh"),
    code=Code("np.sinh({a})", ("{g} * np.cosh({a})",), "torch.sinh({a})"),
    faults=(_HYPERBOLIC,),
    says=N_("{y} is the hyperbolic sine of {a}, (exp({a}) − exp(−{a}))/2."),
    says_back=(N_("The hyperbolic sine multiplies the gradient by the hyperbolic cosine of {a}, which is 1 or more."),),
    function="sinh",
)

cosh = unary(
    "cosh",
    lambda a: xp_of(a).cosh(a),
    lambda y, a: xp_of(a).sinh(a),
    lambda y, a: rf"\sinh\left({a}\right)",
    _CASES,
    symbol=r"\cosh",
    latex=called(r"\cosh"),
    code=Code("np.cosh({a})", ("{g} * np.sinh({a})",), "torch.cosh({a})"),
    faults=(_HYPERBOLIC,),
    says=N_("{y} is the hyperbolic cosine of {a}, (exp({a}) + exp(−{a}))/2."),
    says_back=(N_("The hyperbolic cosine multiplies the gradient by the hyperbolic sine of {a}."),),
    function="cosh",
)


def _over_one_plus_square(a: Array) -> Array:
    # A square that overflows gives 1/∞ = 0, which is right; the engine silences the warning.
    return 1 / (1 + a * a)


arctan = unary(
    "arctan",
    lambda a: xp_of(a).atan(a),
    lambda y, a: _over_one_plus_square(a),
    lambda y, a: rf"1 / \left(1 + {a}^2\right)",
    _CASES,
    symbol=r"\arctan",
    latex=called(r"\arctan"),
    code=Code("np.arctan({a})", ("{g} / (1 + {a}**2)",), "torch.atan({a})"),
    says=N_("{y} is the arctangent of {a}: any number becomes an angle between −π/2 and π/2."),
    says_back=(N_("The arctangent divides the gradient by 1 + {a}²."),),
    function="arctan",
    aliases=("atan",),
)


def _erf_slope(y: Array, a: Array) -> Array:
    xp = xp_of(a)
    size = xp.minimum(xp.abs(a), xp.full_like(a, 40.0))  # beyond, the slope is 0
    return 2 / sqrt(pi) * xp.exp(-size * size)


erf = unary(
    "erf",
    lambda a: error_function(a),
    _erf_slope,
    lambda y, a: rf"2 / \sqrt{{\pi}} \cdot \exp\left(-{a}^2\right)",
    _CASES,
    symbol=r"\operatorname{erf}",
    latex=called(r"\operatorname{erf}"),
    code=Code(
        "erf({a})",
        ("{g} * 2 / np.sqrt(np.pi) * np.exp(-({a}**2))",),
        "torch.erf({a})",
        helpers={"erf": NORMAL["erf"]},
    ),
    says=N_("{y} is the error function of {a}: any number becomes one between −1 and 1."),
    says_back=(N_("The error function multiplies the gradient by 2/√π · exp(−{a}²)."),),
    function="erf",
)

abs_ = unary(
    "abs",
    lambda a: xp_of(a).abs(a),
    lambda y, a: xp_of(a).sign(a),
    lambda y, a: rf"\operatorname{{sign}}\left({a}\right)",
    _CASES,
    symbol=r"\left|\cdot\right|",
    latex=lambda a: rf"\left|{a}\right|",
    code=Code("np.abs({a})", ("{g} * np.sign({a})",), "torch.abs({a})"),
    says=N_("{y} is the absolute value of {a}."),
    says_back=(
        N_("The gradient passes where {a} was positive, changes its sign where it was negative, and is 0 at 0."),
    ),
    kinks=Kinks(N_("the absolute value at 0"), lambda a: xp_of(a).abs(a)),
    function="abs",
)

sign = registry.declare(
    name="sign",
    arity=1,
    shape=same,
    forward=lambda a: xp_of(a).sign(a),
    vjps=(None,),
    jacobians=(None,),
    symbol=r"\operatorname{sign}",
    latex=called(r"\operatorname{sign}"),
    jacobian_latex=(None,),
    product_latex=(None,),
    code=Code("np.sign({a})", (None,), "torch.sign({a})"),
    says=N_("{y} is the sign of {a}: 1, −1, or 0 for 0. It is flat almost everywhere, so no gradient flows back."),
    says_back=(None,),
    kinks=Kinks(N_("the sign at 0"), lambda a: xp_of(a).abs(a)),
    elementwise=True,
    function="sign",
    aliases=("sgn",),
    examples=_CASES,
)


def _logarithm(name: str, base: int, says: str, back: str) -> Op:
    """The logarithm to a base, which is the natural one over log base."""
    return unary(
        name,
        lambda a: getattr(xp_of(a), name)(a),
        lambda y, a: 1 / (log_of(base) * a),
        lambda y, a: rf"1 / \left({a} \ln {base}\right)",
        POSITIVE,
        symbol=rf"\log_{{{base}}}",
        latex=called(rf"\log_{{{base}}}"),
        code=Code(f"np.{name}({{a}})", (f"{{g}} / ({{a}} * np.log({base}))",), f"torch.{name}({{a}})"),
        faults=(
            Fault(N_("The logarithm of 0 is −∞, and its slope 1/0 is ∞: {x} has become exactly 0."), lambda a: a == 0),
            Fault(N_("There is no logarithm of a negative number: {x} = {value}."), lambda a: a < 0),
        ),
        says=says,
        says_back=(back,),
        function=name,
    )


log2 = _logarithm(
    "log2",
    2,
    N_("{y} is the logarithm of {a} to the base 2."),
    N_("The binary logarithm divides the gradient by {a} ln 2, that is by 0.693{a}."),
)
log10 = _logarithm(
    "log10",
    10,
    N_("{y} is the logarithm of {a} to the base 10."),
    N_("The decimal logarithm divides the gradient by {a} ln 10, that is by 2.303{a}."),
)

log1p = unary(
    "log1p",
    lambda a: xp_of(a).log1p(a),
    lambda y, a: 1 / (1 + a),
    lambda y, a: rf"1 / \left(1 + {a}\right)",
    (example(0.3), example([0.7, -0.35, 0.1]), example([[0.5, 1.5], [2.0, -0.25]])),
    symbol=r"\operatorname{log1p}",
    latex=lambda a: rf"\log\left(1 + {a}\right)",
    code=Code("np.log1p({a})", ("{g} / (1 + {a})",), "torch.log1p({a})"),
    faults=(
        Fault(N_("1 + {x} is exactly 0: its logarithm is −∞, and the slope 1/0 is ∞."), lambda a: a == -1),
        Fault(N_("There is no logarithm of a negative number: 1 + {x} with {x} = {value}."), lambda a: a < -1),
    ),
    says=N_("{y} is the natural logarithm of 1 + {a}, with all its digits where {a} is tiny."),
    says_back=(N_("The gradient is divided by 1 + {a}."),),
    function="log1p",
)

expm1 = unary(
    "expm1",
    lambda a: xp_of(a).expm1(a),
    lambda y, a: y + 1,
    lambda y, a: f"{y} + 1",
    _CASES,
    symbol=r"\operatorname{expm1}",
    latex=lambda a: rf"\exp\left({a}\right) - 1",
    code=Code("np.expm1({a})", ("{g} * ({y} + 1)",), "torch.expm1({a})"),
    faults=(
        Fault(
            N_(
                "e to the power {value} is larger than the largest number there is, about 1.8·10³⁰⁸: exp overflows from 709.8."
            ),
            lambda a: a > 709.78,
        ),
    ),
    says=N_("{y} is e to the power {a}, less 1, with all its digits where {a} is tiny."),
    says_back=(N_("The gradient is multiplied by the exponential itself, {y} + 1."),),
    function="expm1",
)


def _logsigmoid(a: Array) -> Array:
    xp = xp_of(a)
    return xp.minimum(a, xp.zeros_like(a)) - xp.log1p(xp.exp(-xp.abs(a)))


def _sigmoid_of_minus(a: Array) -> Array:
    """1 / (1 + exp(a)) with an exponential of a negative number only: none overflows."""
    xp = xp_of(a)
    e = xp.exp(-xp.abs(a))
    return xp.where(a >= 0, e, xp.ones_like(a)) / (1 + e)


logsigmoid = unary(
    "logsigmoid",
    _logsigmoid,
    lambda y, a: _sigmoid_of_minus(a),
    lambda y, a: rf"\sigma\left(-{a}\right)",
    (*_CASES, example([40.0, -40.0])),
    symbol=r"\log \sigma",
    latex=called(r"\log \sigma"),
    code=Code("-np.logaddexp(0, -{a})", ("{g} * sigmoid(-{a})",), "F.logsigmoid({a})", helpers=SIGMOID),
    says=N_("{y} is the logarithm of the sigmoid of {a}, computed in one step: it does not overflow to −∞."),
    says_back=(N_("The gradient is multiplied by σ(−{a}): nothing is divided by a sigmoid that has become 0."),),
    function="logsigmoid",
    aliases=("LogSigmoid",),
)
