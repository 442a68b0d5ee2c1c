"""Activations beyond those of the first lectures: the leaky and the smooth relatives of ReLU, and bounded ones."""

from __future__ import annotations

from math import pi, sqrt

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Fault, Helper, Kinks, Term, example
from .normal import normal_cdf, normal_density
from .rules import brackets, decimal, times
from .unary import ARRAYS, SCALARS, called, unary

_CASES = SCALARS + ARRAYS
_MINUS_INFINITY = Fault(
    N_("−∞ is multiplied by 0 here, which is nan: {x} = {value}."),
    lambda a, **_: a == -float("inf"),
)


def _sigmoid(a: Array) -> Array:
    """1 / (1 + exp(−a)) with an exponential of a negative number only: none overflows."""
    xp = xp_of(a)
    e = xp.exp(-xp.abs(a))
    return xp.where(a >= 0, xp.ones_like(a), e) / (1 + e)


def _softplus(a: Array) -> Array:
    """log(1 + exp(a)) without an overflow."""
    xp = xp_of(a)
    return xp.maximum(a, xp.zeros_like(a)) + xp.log1p(xp.exp(-xp.abs(a)))


SIGMOID = {
    "sigmoid": Helper(
        "",
        """\
def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))
""",
    ),
}


def _below(value: float, usual: float) -> str:
    """An attribute as the index of a function, where it is not the usual one."""
    return "" if value == usual else f"_{{{decimal(value)}}}"


leaky_relu = unary(
    "leaky_relu",
    lambda a, *, slope=0.01: xp_of(a).where(a > 0, a, slope * a),
    lambda y, a, *, slope=0.01: xp_of(a).where(a > 0, xp_of(a).ones_like(a), xp_of(a).full_like(a, slope)),
    lambda y, a, *, slope=0.01: (
        rf"\left[{a} > 0\right] + {decimal(slope)} \cdot \left[{a} \le 0\right]"
        if slope >= 0
        else rf"\left[{a} > 0\right] - {decimal(-slope)} \cdot \left[{a} \le 0\right]"
    ),
    (*_CASES, example([0.7, -0.35, 0.1], slope=0.2)),
    attributes={"slope": 0.01},
    symbol=r"\operatorname{LeakyReLU}",
    latex=lambda a, *, slope=0.01: rf"\operatorname{{LeakyReLU}}{_below(slope, 0.01)}\left({a}\right)",
    code=Code(
        "np.where({a} > 0, {a}, {slope} * {a})",
        ("{g} * np.where({a} > 0, 1, {slope})",),
        "F.leaky_relu({a}, {slope})",
    ),
    says=N_("{y} is {a} where it is positive, and a small fraction of it, the slope, elsewhere."),
    says_back=(
        N_("LeakyReLU passes the gradient where {a} was positive, and a small fraction of it, the slope, elsewhere."),
    ),
    kinks=Kinks(N_("LeakyReLU at 0"), lambda a, **_: xp_of(a).abs(a)),
    function="LeakyReLU",
    aliases=("leaky_relu", "leakyReLU"),
)


def _elu(a: Array, *, alpha: float = 1.0) -> Array:
    xp = xp_of(a)
    below = xp.expm1(xp.minimum(a, xp.zeros_like(a)))  # so that exp of a large element does not overflow
    return xp.where(a > 0, a, alpha * below)


def _elu_kink(a: Array, *, alpha: float = 1.0) -> Array:
    """With alpha = 1 both slopes at 0 are 1."""
    return xp_of(a).full_like(a, float("inf")) if alpha == 1 else xp_of(a).abs(a)


elu = unary(
    "elu",
    _elu,
    lambda y, a, *, alpha=1.0: xp_of(a).where(a > 0, xp_of(a).ones_like(a), y + alpha),
    lambda y, a, *, alpha=1.0: rf"\operatorname{{ELU}}'{_below(alpha, 1)}\left({a}\right)",
    (*_CASES, example([0.7, -0.35, 0.1], alpha=0.5)),
    attributes={"alpha": 1.0},
    symbol=r"\operatorname{ELU}",
    latex=lambda a, *, alpha=1.0: rf"\operatorname{{ELU}}{_below(alpha, 1)}\left({a}\right)",
    code=Code(
        "np.where({a} > 0, {a}, {alpha} * np.expm1(np.minimum({a}, 0)))",
        ("{g} * np.where({a} > 0, 1, {y} + {alpha})",),
        "F.elu({a}, {alpha})",
    ),
    says=N_("{y} is {a} where it is positive, and α(exp({a}) − 1) elsewhere, which is never below −α."),
    says_back=(N_("ELU passes the gradient where {a} was positive, and multiplies it by {y} + α elsewhere."),),
    kinks=Kinks(N_("ELU at 0"), _elu_kink),
    function="ELU",
    aliases=("elu",),
)

NORMAL = {
    "erf": Helper(
        N_("The error function, element by element."),
        """\
def erf(x):
    from math import erf

    return np.vectorize(erf, otypes=[float])(x)
""",
    ),
    "normal_cdf": Helper(
        N_("The probability that a standard normal number is below x."),
        """\
def normal_cdf(x):
    return 0.5 * (1 + erf(x / np.sqrt(2)))
""",
    ),
    "normal_density": Helper(
        N_("The density of the standard normal distribution."),
        """\
def normal_density(x):
    return np.exp(-(x**2) / 2) / np.sqrt(2 * np.pi)
""",
    ),
}


def _gelu_slope_latex(y: Term, a: Term) -> str:
    density = Term(rf"\varphi\left({a}\right)", a.shape)
    return rf"\Phi\left({a}\right) + {times(a, density)}"


gelu = unary(
    "gelu",
    lambda a: a * normal_cdf(a),
    lambda y, a: normal_cdf(a) + a * normal_density(a),
    _gelu_slope_latex,
    _CASES,
    symbol=r"\operatorname{GELU}",
    latex=called(r"\operatorname{GELU}"),
    code=Code(
        "{a} * normal_cdf({a})",
        ("{g} * (normal_cdf({a}) + {a} * normal_density({a}))",),
        "F.gelu({a})",
        helpers=NORMAL,
    ),
    faults=(_MINUS_INFINITY,),
    says=N_("{y} is {a} times Φ({a}), the probability that a standard normal number is below it."),
    says_back=(
        N_(
            "GELU multiplies the gradient by Φ({a}) + {a} φ({a}), where φ is the density of the standard normal "
            "distribution."
        ),
    ),
    function="GELU",
    aliases=("gelu",),
)

normal_probability = unary(
    "normal_cdf",
    normal_cdf,
    lambda y, a: normal_density(a),
    lambda y, a: rf"\varphi\left({a}\right)",
    _CASES,
    symbol=r"\Phi",
    latex=called(r"\Phi"),
    code=Code("normal_cdf({a})", ("{g} * normal_density({a})",), "torch.special.ndtr({a})", helpers=NORMAL),
    says=N_("{y} is the probability that a standard normal number is below {a}."),
    says_back=(N_("Φ multiplies the gradient by φ({a}), the density of the standard normal distribution."),),
    function="Phi",
)

_BEND, _SCALE = 0.044715, sqrt(2 / pi)  # Hendrycks and Gimpel 2016


def _gelu_inner(a: Array) -> Array:
    return xp_of(a).tanh(_SCALE * (a + _BEND * a * a * a))


def _gelu_tanh_slope(y: Array, a: Array) -> Array:
    t = _gelu_inner(a)
    return 0.5 * (1 + t) + 0.5 * a * (1 - t * t) * (_SCALE * (1 + 3 * _BEND * a * a))


gelu_tanh = unary(
    "gelu_tanh",
    lambda a: 0.5 * a * (1 + _gelu_inner(a)),
    _gelu_tanh_slope,
    lambda y, a: rf"\operatorname{{GELU}}_{{\tanh}}'\left({a}\right)",
    _CASES,
    symbol=r"\operatorname{GELU}_{\tanh}",
    latex=called(r"\operatorname{GELU}_{\tanh}"),
    code=Code(
        "0.5 * {a} * (1 + gelu_inner({a}))",
        ("{g} * gelu_tanh_slope({a})",),
        'F.gelu({a}, approximate="tanh")',
        helpers={
            "gelu_inner": Helper(
                "",
                """\
def gelu_inner(x):
    return np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))
""",
            ),
            "gelu_tanh_slope": Helper(
                "",
                """\
def gelu_tanh_slope(x):
    t = gelu_inner(x)
    inner_slope = np.sqrt(2 / np.pi) * (1 + 3 * 0.044715 * x**2)
    return 0.5 * (1 + t) + 0.5 * x * (1 - t**2) * inner_slope
""",
            ),
        },
    ),
    faults=(_MINUS_INFINITY,),
    says=N_("{y} is {a} times (1 + tanh(0.798({a} + 0.0447{a}³)))/2, which is close to GELU and needs no integral."),
    says_back=(N_("The gradient is multiplied by the slope of both factors: of {a} itself, and of the tanh."),),
    function="gelu_tanh",
)


def _silu_slope(y: Array, a: Array) -> Array:
    s = _sigmoid(a)
    return s + y * (1 - s)


def _silu_slope_latex(y: Term, a: Term) -> str:
    sigmoid = rf"\sigma\left({a}\right)"
    rest = brackets(f"1 - {sigmoid}", y)
    return f"{sigmoid} + {times(y, rest) if y.ndim else f'{y} {rest}'}"


silu = unary(
    "silu",
    lambda a: a * _sigmoid(a),
    _silu_slope,
    _silu_slope_latex,
    _CASES,
    symbol=r"\operatorname{SiLU}",
    latex=called(r"\operatorname{SiLU}"),
    code=Code(
        "{a} * sigmoid({a})",
        ("{g} * (sigmoid({a}) + {y} * (1 - sigmoid({a})))",),
        "F.silu({a})",
        helpers=SIGMOID,
    ),
    faults=(_MINUS_INFINITY,),
    says=N_("{y} is {a} times its own sigmoid, σ({a}): a gate that opens where {a} is large."),
    says_back=(N_("SiLU multiplies the gradient by σ({a}) + {y}(1 − σ({a})), which can be a little below 0."),),
    function="SiLU",
    aliases=("silu", "swish", "Swish"),
)


def _mish_slope(y: Array, a: Array) -> Array:
    t = xp_of(a).tanh(_softplus(a))
    return t + a * (1 - t * t) * _sigmoid(a)


mish = unary(
    "mish",
    lambda a: a * xp_of(a).tanh(_softplus(a)),
    _mish_slope,
    lambda y, a: rf"\operatorname{{Mish}}'\left({a}\right)",
    _CASES,
    symbol=r"\operatorname{Mish}",
    latex=called(r"\operatorname{Mish}"),
    code=Code(
        "{a} * np.tanh(np.logaddexp({a}, 0))",
        ("{g} * mish_slope({a})",),
        "F.mish({a})",
        helpers={
            **SIGMOID,
            "mish_slope": Helper(
                "",
                """\
def mish_slope(x):
    t = np.tanh(np.logaddexp(x, 0))
    return t + x * (1 - t**2) * sigmoid(x)
""",
            ),
        },
    ),
    faults=(_MINUS_INFINITY,),
    says=N_("{y} is {a} times tanh(log(1 + exp({a}))): smooth, and close to {a} where it is large."),
    says_back=(N_("The gradient is multiplied by the slope of both factors: of {a} itself, and of the tanh."),),
    function="Mish",
    aliases=("mish",),
)

softplus = unary(
    "softplus",
    _softplus,
    lambda y, a: _sigmoid(a),
    lambda y, a: rf"\sigma\left({a}\right)",
    (*_CASES, example([40.0, -40.0])),
    symbol=r"\operatorname{softplus}",
    latex=called(r"\operatorname{softplus}"),
    code=Code("np.logaddexp({a}, 0)", ("{g} * sigmoid({a})",), "F.softplus({a})", helpers=SIGMOID),
    says=N_("{y} is log(1 + exp({a})), a smooth ReLU: close to 0 far to the left, and to {a} far to the right."),
    says_back=(N_("Softplus multiplies the gradient by the sigmoid of {a}."),),
    function="softplus",
    aliases=("Softplus",),
)

softsign = unary(
    "softsign",
    lambda a: a / (1 + xp_of(a).abs(a)),
    lambda y, a: 1 / (1 + xp_of(a).abs(a)) ** 2,
    lambda y, a: rf"1 / \left(1 + \left|{a}\right|\right)^2",
    _CASES,
    symbol=r"\operatorname{softsign}",
    latex=called(r"\operatorname{softsign}"),
    code=Code("{a} / (1 + np.abs({a}))", ("{g} / (1 + np.abs({a}))**2",), "F.softsign({a})"),
    faults=(Fault(N_("∞ divided by ∞ is nan: {x} = {value}."), lambda a: xp_of(a).abs(a) == float("inf")),),
    says=N_("{y} is {a} divided by 1 + |{a}|: any number becomes one between −1 and 1, more slowly than by tanh."),
    says_back=(N_("Softsign divides the gradient by (1 + |{a}|)²."),),
    function="softsign",
    aliases=("Softsign",),
)


def _within(y: Array, low: float, high: float) -> Array:
    """1 where the result lies between the bounds; 0 on a bound too, as in torch."""
    xp = xp_of(y)
    return xp.astype(y > low, y.dtype) * xp.astype(y < high, y.dtype)


def _bounded(a: Array, low: float, high: float) -> Array:
    xp = xp_of(a)
    return xp.minimum(xp.maximum(a, xp.full_like(a, low)), xp.full_like(a, high))


def _to_bounds(a: Array, low: float, high: float) -> Array:
    xp = xp_of(a)
    return xp.minimum(xp.abs(a - low), xp.abs(a - high))


hardtanh = unary(
    "hardtanh",
    lambda a: _bounded(a, -1, 1),
    lambda y, a: _within(y, -1, 1),
    lambda y, a: rf"\left[-1 < {a} < 1\right]",
    (*_CASES, example([-3.0, 0.5, 1.75])),
    symbol=r"\operatorname{hardtanh}",
    latex=called(r"\operatorname{hardtanh}"),
    code=Code("np.clip({a}, -1, 1)", ("{g} * ((-1 < {a}) & ({a} < 1))",), "F.hardtanh({a})"),
    says=N_("{y} is {a} between −1 and 1, and the nearer one of these bounds outside."),
    says_back=(N_("Hardtanh passes the gradient where {a} was between −1 and 1, and stops it elsewhere."),),
    kinks=Kinks(N_("hardtanh at −1 and 1"), lambda a: _to_bounds(a, -1, 1)),
    function="hardtanh",
    aliases=("Hardtanh",),
)

relu6 = unary(
    "relu6",
    lambda a: _bounded(a, 0, 6),
    lambda y, a: _within(y, 0, 6),
    lambda y, a: rf"\left[0 < {a} < 6\right]",
    (*_CASES, example([-3.0, 4.5, 7.75])),
    symbol=r"\operatorname{ReLU6}",
    latex=called(r"\operatorname{ReLU6}"),
    code=Code("np.clip({a}, 0, 6)", ("{g} * ((0 < {a}) & ({a} < 6))",), "F.relu6({a})"),
    says=N_("{y} is {a} between 0 and 6, and the nearer one of these bounds outside."),
    says_back=(N_("ReLU6 passes the gradient where {a} was between 0 and 6, and stops it elsewhere."),),
    kinks=Kinks(N_("ReLU6 at 0 and 6"), lambda a: _to_bounds(a, 0, 6)),
    function="ReLU6",
    aliases=("relu6",),
)
