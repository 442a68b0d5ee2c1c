"""Normalisations beside layer and batch: by the root mean square of a row (Zhang, Sennrich 2019), and by groups."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Helper, Index, Inference, Shape, ShapeMismatch, Source, Term, example, registry
from .normalisation import _Z, _mean, _normalise, _normalised_jacobian, _normalised_product
from .rules import added, by_row, decimal, elementwise_jacobian, line, ones, summed, times, unbroadcast
from .source import NORMALISE, summed_back


def _rms_shape(a: Shape, gain: Shape, *, eps: float = 1e-5) -> Shape:
    if not a:
        raise ShapeMismatch(message(N_("RMSnorm works along the last axis, and a scalar has none")))
    if not eps >= 0:
        raise ShapeMismatch(message(N_("eps has to be 0 or more, not {eps}"), eps=eps))
    if gain != a[-1:]:
        raise ShapeMismatch(message(N_("the gain has one element for each column")), wanted={1: a[-1:]})
    return a


def _by_rms(a: Array, eps: float) -> tuple[Array, Array]:
    """The rows of `a` divided by their root mean square, and these (axis kept)."""
    r = xp_of(a).sqrt(_mean(a * a, -1) + eps)
    return a / r, r


def _rms_vjp(g: Array, y: Array, a: Array, gain: Array, *, eps: float = 1e-5) -> Array:
    z, r = _by_rms(a, eps)
    d = g * gain
    return (d - z * _mean(d * z, -1)) / r


def _rms_jacobian(y: Array, a: Array, gain: Array, *, eps: float = 1e-5) -> Array:
    """For each row diag(gain) (I − zᵀz/n) / r."""
    xp = xp_of(y)
    n = a.shape[-1]
    z, r = _by_rms(a, eps)
    outer = xp.expand_dims(z, axis=-1) * xp.expand_dims(z, axis=-2)
    block = (xp.eye(n, dtype=y.dtype) - outer / n) / xp.expand_dims(r, axis=-1)
    return by_row(block * xp.expand_dims(gain, axis=-1), a)


def _rms_element(at: Index, a: Entries, gain: Entries, *, eps: float = 1e-5) -> tuple[str, ...]:
    squares = [f"{a(*i)}^2" for i in line(a.shape, -1, at[:-1])]
    return (
        rf"\frac{{{a(*at)}}}{{r}} \cdot {gain(at[-1])}",
        rf"r = \sqrt{{\frac{{{added(squares)}}}{{{len(squares)}}} + {decimal(eps)}}}",
    )


RMS = {
    "by_rms": Helper(
        N_("The rows of a divided by their root mean square, and these."),
        """\
def by_rms(a, eps):
    r = np.sqrt(np.mean(a**2, axis=-1, keepdims=True) + eps)
    return a / r, r
""",
    ),
    "rmsnorm_vjp": Helper(
        "",
        """\
def rmsnorm_vjp(g, a, eps):
    z, r = by_rms(a, eps)
    return (g - z * np.mean(g * z, axis=-1, keepdims=True)) / r
""",
    ),
}

_ROWS = [[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]

rmsnorm = registry.declare(
    name="RMSnorm",
    inference=Inference("alike", slice(1), {1: slice(-1, None)}),
    arity=2,
    attributes={"eps": 1e-5},
    shape=_rms_shape,
    forward=lambda a, gain, *, eps=1e-5: _by_rms(a, eps)[0] * gain,
    vjps=(
        _rms_vjp,
        lambda g, y, a, gain, *, eps=1e-5: unbroadcast(g * _by_rms(a, eps)[0], gain.shape),
    ),
    jacobians=(
        _rms_jacobian,
        lambda y, a, gain, *, eps=1e-5: elementwise_jacobian(_by_rms(a, eps)[0], y, gain),
    ),
    symbol=r"\operatorname{RMSnorm}",
    latex=lambda a, gain, *, eps=1e-5: times(
        Term(
            rf"\frac{{{a}}}{{\sqrt{{\operatorname{{mean}}\left({a}^2\right) + {decimal(eps)}}}}}",
            a.shape,
        ),
        gain,
    ),
    jacobian_latex=(
        lambda y, a, gain, **_: (
            rf"\frac{{1}}{{r}} \operatorname{{diag}}\left({gain}\right)"
            rf" \left(\mathbf{{I}} - \frac{{1}}{{n}} {_Z}^{{\top}} {_Z}\right)"
        ),
        lambda y, a, gain, **_: r"\operatorname{diag}\left(\mathbf{z}\right)" if a.ndim == gain.ndim else _Z,
    ),
    product_latex=(
        lambda g, y, a, gain, **_: (
            rf"\frac{{1}}{{r}} \left(\mathbf{{d}} - {_Z} \odot \overline{{\mathbf{{d}} \odot {_Z}}}\right),"
            rf" \quad \mathbf{{d}} = {times(g, gain)}"
        ),
        lambda g, y, a, gain, **_: summed(times(g, Term(_Z, y.shape)), g, gain),
    ),
    code=Code(
        "by_rms({a}, {eps})[0] * {b}",
        (
            "rmsnorm_vjp({g} * {b}, {a}, {eps})",
            lambda g, y, a, gain, *, eps=1e-5: summed_back(f"{g} * by_rms({a}, {eps})[0]", g.shape, gain),
        ),
        "F.rms_norm({a}, {a}.shape[-1:], {b}, eps={eps})",
        helpers=RMS,
    ),
    why=(
        N_(
            "All elements of a row share their root mean square r: the part of the gradient along the "
            "row is taken off, and the rest is divided by r."
        ),
        N_("{b} scales every row alike: what the rows send, the gradient times the normalised z, is added up."),
    ),
    says=N_("Each row of {a} is divided by its root mean square r, then scaled by {b}: the result is {y}."),
    says_back=(
        N_(
            "{a} receives the gradient times {b}, less its part along the normalised row z, divided by r: a stretch of "
            "the row changes nothing."
        ),
        N_("{b} receives the gradient at {y} times the normalised rows z, summed over the rows."),
    ),
    function="RMSnorm",
    draws={1: "ones"},
    aliases=("rmsnorm",),
    element=_rms_element,
    examples=(
        example([0.7, -0.35, 0.1], [1.5, 0.5, 1.0]),
        example(_ROWS, [1.5, 0.5, 1.0]),
        example(_ROWS, [1.5, 0.5, 1.0], eps=0.1),
        example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], [1.5, 0.5]),
    ),
)


def _group_shape(a: Shape, gain: Shape, bias: Shape, *, groups: int = 2, eps: float = 1e-5) -> Shape:
    if len(a) not in (1, 2):
        raise ShapeMismatch(message(N_("groupnorm takes the channels of one object, or one row of channels an object")))
    if not eps >= 0:
        raise ShapeMismatch(message(N_("eps has to be 0 or more, not {eps}"), eps=eps))
    if not isinstance(groups, int) or groups < 1 or a[-1] % groups:
        raise ShapeMismatch(
            message(
                N_("{channels} channels can not be shared out into {groups} equal groups"),
                channels=a[-1],
                groups=groups,
            )
        )
    for slot, given in ((1, gain), (2, bias)):
        if given != a[-1:]:
            raise ShapeMismatch(message(N_("gain and bias have one element for each channel")), wanted={slot: a[-1:]})
    return a


def _in_groups(a: Array, groups: int) -> Array:
    """The channels as one row a group."""
    return xp_of(a).reshape(a, (*a.shape[:-1], groups, a.shape[-1] // groups))


def _by_groups(a: Array, groups: int, eps: float) -> Array:
    return xp_of(a).reshape(_normalise(_in_groups(a, groups), -1, eps)[0], a.shape)


def _group_vjp(g: Array, y: Array, a: Array, gain: Array, bias: Array, *, groups: int = 2, eps: float = 1e-5) -> Array:
    z, deviation = _normalise(_in_groups(a, groups), -1, eps)
    d = _in_groups(g * gain, groups)
    return xp_of(g).reshape((d - _mean(d, -1) - z * _mean(d * z, -1)) / deviation, a.shape)


def _group_element(
    at: Index, a: Entries, gain: Entries, bias: Entries, *, groups: int = 2, eps: float = 1e-5
) -> tuple[str, ...]:
    n = a.shape[-1] // groups
    first = at[-1] // n * n
    places = [(*at[:-1], i) for i in range(first, first + n)]
    squares = added([rf"\left({a(*i)} - \mu\right)^2" for i in places])
    return (
        rf"\frac{{{a(*at)} - \mu}}{{\sqrt{{\sigma^2 + {decimal(eps)}}}}} \cdot {gain(at[-1])} + {bias(at[-1])}",
        rf"\mu = \frac{{{added([a(*i) for i in places])}}}{{{n}}}",
        rf"\sigma^2 = \frac{{{squares}}}{{{n}}}",
    )


def _group_torch(a: Source, gain: Source, bias: Source, *, groups: int = 2, eps: float = 1e-5) -> str:
    rows, back = (a, "") if a.ndim == 2 else (f"{a}[None]", "[0]")
    return f"F.group_norm({rows}, {groups}, {gain}, {bias}, {eps}){back}"


GROUPS = {
    **NORMALISE,
    "in_groups": Helper(
        N_("The channels as one row a group."),
        """\
def in_groups(a, groups):
    return a.reshape(*a.shape[:-1], groups, -1)
""",
    ),
}

_CHANNELS = [0.5, -1.5, 0.2, 2.0, -0.25, 0.9]
_GAIN, _BIAS = [1.5, 0.5, 1.0, -0.7, 0.8, 1.2], [0.1, 0.0, -0.2, 0.3, 0.5, -0.4]

groupnorm = registry.declare(
    name="groupnorm",
    inference=Inference("alike", slice(1), {1: slice(-1, None), 2: slice(-1, None)}),
    arity=3,
    attributes={"groups": 2, "eps": 1e-5},
    shape=_group_shape,
    forward=lambda a, gain, bias, *, groups=2, eps=1e-5: _by_groups(a, groups, eps) * gain + bias,
    vjps=(
        _group_vjp,
        lambda g, y, a, gain, bias, *, groups=2, eps=1e-5: unbroadcast(g * _by_groups(a, groups, eps), gain.shape),
        lambda g, y, a, gain, bias, **_: unbroadcast(g, bias.shape),
    ),
    jacobians=(
        None,
        lambda y, a, gain, bias, *, groups=2, eps=1e-5: elementwise_jacobian(_by_groups(a, groups, eps), y, gain),
        lambda y, a, gain, bias, **_: elementwise_jacobian(xp_of(y).ones_like(y), y, bias),
    ),
    symbol=r"\operatorname{groupnorm}",
    latex=lambda a, gain, bias, **_: (
        times(Term(rf"\frac{{{a} - \mu}}{{\sqrt{{\sigma^2 + \epsilon}}}}", a.shape), gain) + f" + {bias}"
    ),
    jacobian_latex=(
        _normalised_jacobian,
        lambda y, a, gain, bias, **_: r"\operatorname{diag}\left(\mathbf{z}\right)" if a.ndim == gain.ndim else _Z,
        lambda y, a, gain, bias, **_: ones(y, bias),
    ),
    product_latex=(
        _normalised_product,
        lambda g, y, a, gain, bias, **_: summed(times(g, Term(_Z, y.shape)), g, gain),
        lambda g, y, a, gain, bias, **_: summed(str(g), g, bias),
    ),
    code=Code(
        "normalise(in_groups({a}, {groups}), -1, {eps})[0].reshape({a}.shape) * {b} + {c}",
        (
            lambda g, y, a, gain, bias, *, groups=2, eps=1e-5: (
                f"normalise_vjp(in_groups({g} * {gain}, {groups}), in_groups({a}, {groups}), -1, {eps})"
                f".reshape({a}.shape)"
            ),
            lambda g, y, a, gain, bias, *, groups=2, eps=1e-5: summed_back(
                f"{g} * normalise(in_groups({a}, {groups}), -1, {eps})[0].reshape({a}.shape)", g.shape, gain
            ),
            lambda g, y, a, gain, bias, **_: summed_back(g, g.shape, bias),
        ),
        _group_torch,
        helpers=GROUPS,
    ),
    why=(
        N_(
            "All channels of a group share their mean and their σ: what both take is taken off the "
            "gradient, and the rest is divided by σ."
        ),
        N_("{b} scales every object alike: what the objects send, the gradient times the normalised z, is added up."),
        None,
    ),
    says=N_(
        "Each group of neighbouring channels of {a} is brought to mean 0 and variance 1 (μ and σ² are its own), then every "
        "channel is scaled by {b} and shifted by {c}: the result is {y}."
    ),
    says_back=(
        N_(
            "{a} receives the gradient times {b}, less its mean over the group and less its part along the normalised "
            "group z, divided by σ: a shift or a stretch of the group changes nothing."
        ),
        N_("{b} receives the gradient at {y} times the normalised channels z, summed over the objects."),
        N_("{c} was added to every object, so it receives the gradient at {y} summed over the objects."),
    ),
    function="groupnorm",
    draws={1: "ones"},
    element=_group_element,
    examples=(
        example(_CHANNELS, _GAIN, _BIAS),
        example([_CHANNELS, _CHANNELS[::-1]], _GAIN, _BIAS),
        example([_CHANNELS, [0.3, 1.1, -0.6, 0.4, -1.2, 0.7]], _GAIN, _BIAS, groups=3, eps=0.1),
        example([_CHANNELS], _GAIN, _BIAS, groups=1),
    ),
)
