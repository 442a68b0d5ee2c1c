"""Layer, batch and weight normalisation: values, or weights, brought to one scale, which is then learned anew."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Index, Inference, Op, Shape, ShapeMismatch, Source, Term, example, registry
from .rules import added, brackets, by_row, decimal, elementwise_jacobian, line, ones, summed, times, unbroadcast
from .source import DIRECTION, NORMALISE, summed_back


def _mean(a: Array, axis: int) -> Array:
    return xp_of(a).sum(a, axis=axis, keepdims=True) / a.shape[axis]


def _normalise(a: Array, axis: int, eps: float) -> tuple[Array, Array]:
    """`a` with mean 0 and variance 1 along the axis, and the standard deviation it was divided by (axis kept)."""
    centred = a - _mean(a, axis)
    deviation = xp_of(a).sqrt(_mean(centred * centred, axis) + eps)
    return centred / deviation, deviation


def _normalise_shape(axis: int) -> Callable[..., Shape]:
    def shape(a: Shape, gain: Shape, bias: Shape, *, eps: float = 1e-5) -> Shape:
        if not a:
            raise ShapeMismatch(message(N_("a single number has no mean and no variance to be normalised by")))
        if not eps >= 0:
            raise ShapeMismatch(message(N_("eps has to be 0 or more, not {eps}"), eps=eps))
        wanted = a[-1:] if axis == -1 else a[1:]
        for slot, given in ((1, gain), (2, bias)):
            if given != wanted:
                raise ShapeMismatch(
                    message(N_("gain and bias have one element for each normalised column")), wanted={slot: wanted}
                )
        return a

    return shape


def _normalised_element(axis: int) -> Callable[..., tuple[str, ...]]:
    """One element in terms of the mean and the variance of its row or column, and these of its elements."""

    def element(at: Index, a: Entries, gain: Entries, bias: Entries, *, eps: float = 1e-5) -> tuple[str, ...]:
        rest = at[:-1] if axis == -1 else at[1:]
        column = at[-1:] if axis == -1 else rest
        places = line(a.shape, axis, rest)
        squares = added([rf"\left({a(*i)} - \mu\right)^2" for i in places])
        return (
            rf"\frac{{{a(*at)} - \mu}}{{\sqrt{{\sigma^2 + {decimal(eps)}}}}} \cdot {gain(*column)} + {bias(*column)}",
            rf"\mu = \frac{{{added([a(*i) for i in places])}}}{{{len(places)}}}",
            rf"\sigma^2 = \frac{{{squares}}}{{{len(places)}}}",
        )

    return element


def _normalised(name: str, axis: int, **parts: object) -> Op:
    """The op `(a - mean)/deviation ⊙ gain + bias`, with mean and deviation taken along `axis`."""

    def forward(a: Array, gain: Array, bias: Array, *, eps: float = 1e-5) -> Array:
        return _normalise(a, axis, eps)[0] * gain + bias

    def vjp(g: Array, y: Array, a: Array, gain: Array, bias: Array, *, eps: float = 1e-5) -> Array:
        # Mean and deviation depend on every element: what they pass back takes the mean out of the gradient, and its
        # component along the normalised values.
        z, deviation = _normalise(a, axis, eps)
        d = g * gain
        return (d - _mean(d, axis) - z * _mean(d * z, axis)) / deviation

    def gain_vjp(g: Array, y: Array, a: Array, gain: Array, bias: Array, *, eps: float = 1e-5) -> Array:
        return unbroadcast(g * _normalise(a, axis, eps)[0], gain.shape)

    def gain_jacobian(y: Array, a: Array, gain: Array, bias: Array, *, eps: float = 1e-5) -> Array:
        return elementwise_jacobian(_normalise(a, axis, eps)[0], y, gain)

    return registry.declare(
        name=name,
        inference=Inference(
            "alike", slice(1), dict.fromkeys((1, 2), slice(-1, None) if axis == -1 else slice(1, None))
        ),
        arity=3,
        draws={1: "ones"},
        element=_normalised_element(axis),
        attributes={"eps": 1e-5},
        shape=_normalise_shape(axis),
        forward=forward,
        vjps=(vjp, gain_vjp, lambda g, y, a, gain, bias, **_: unbroadcast(g, bias.shape)),
        jacobians=(
            _layernorm_jacobian if axis == -1 else None,
            gain_jacobian,
            lambda y, a, gain, bias, **_: elementwise_jacobian(xp_of(y).ones_like(y), y, bias),
        ),
        symbol=rf"\operatorname{{{name}}}",
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
            f"normalise({{a}}, {axis}, {{eps}})[0] * {{b}} + {{c}}",
            (
                f"normalise_vjp({{g}} * {{b}}, {{a}}, {axis}, {{eps}})",
                lambda g, y, a, gain, bias, *, eps=1e-5: summed_back(
                    f"{g} * normalise({a}, {axis}, {eps})[0]", g.shape, gain
                ),
                lambda g, y, a, gain, bias, **_: summed_back(g, g.shape, bias),
            ),
            _layernorm_torch if axis == -1 else _batchnorm_torch,
            helpers=NORMALISE,
        ),
        function=name,
        **parts,
    )


_Z = r"\mathbf{z}"


def _layernorm_jacobian(y: Array, a: Array, gain: Array, bias: Array, *, eps: float = 1e-5) -> Array:
    """For each row diag(gain) (I − 1/n − zᵀz/n) / σ."""
    xp = xp_of(y)
    n = a.shape[-1]
    z, deviation = _normalise(a, -1, eps)
    column, row = xp.expand_dims(z, axis=-1), xp.expand_dims(z, axis=-2)
    block = (xp.eye(n, dtype=y.dtype) - (1 + column * row) / n) / xp.expand_dims(deviation, axis=-1)
    return by_row(block * xp.expand_dims(gain, axis=-1), a)


def _normalised_jacobian(y: Term, a: Term, gain: Term, bias: Term, **_: float) -> str:
    return (
        rf"\frac{{1}}{{\sigma}} \operatorname{{diag}}\left({gain}\right)"
        rf" \left(\mathbf{{I}} - \frac{{1}}{{n}} \left(\mathbf{{1}} + {_Z}^{{\top}} {_Z}\right)\right)"
    )


def _normalised_product(g: Term, y: Term, a: Term, gain: Term, bias: Term, **_: float) -> str:
    return (
        rf"\frac{{1}}{{\sigma}} \left(\mathbf{{d}} - \overline{{\mathbf{{d}}}} - {_Z} \odot"
        rf" \overline{{\mathbf{{d}} \odot {_Z}}}\right), \quad \mathbf{{d}} = {times(g, gain)}"
    )


def _layernorm_torch(a: Source, gain: Source, bias: Source, *, eps: float = 1e-5) -> str:
    return f"F.layer_norm({a}, {a}.shape[-1:], {gain}, {bias}, eps={eps})"


def _batchnorm_torch(a: Source, gain: Source, bias: Source, *, eps: float = 1e-5) -> str:
    if a.ndim == 2 and a.shape[0] > 1:  # torch refuses a minibatch of one object
        return f"F.batch_norm({a}, None, None, {gain}, {bias}, training=True, eps={eps})"
    deviation = f"torch.sqrt({a}.var(0, unbiased=False) + {eps})"
    return f"({a} - {a}.mean(0)) / {deviation} * {gain} + {bias}"


_ROWS = [[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]

layernorm = _normalised(
    "layernorm",
    -1,
    why=(
        N_(
            "All elements of a row share their mean and their σ: what both take is taken off the "
            "gradient, and the rest is divided by σ."
        ),
        N_("{b} scales every row alike: what the rows send, the gradient times the normalised z, is added up."),
        None,
    ),
    says=N_(
        "Each row of {a} is brought to mean 0 and variance 1 (μ and σ² are its own), then scaled by {b} and shifted by "
        "{c}: the result is {y}."
    ),
    says_back=(
        N_(
            "{a} receives the gradient times {b}, less its mean over the row and less its part along the normalised row "
            "z, divided by σ: a shift or a stretch of the row changes nothing."
        ),
        N_("{b} receives the gradient at {y} times the normalised rows z, summed over the rows."),
        N_("{c} was added to every row, so it receives the gradient at {y} summed over the rows."),
    ),
    examples=(
        example([0.7, -0.35, 0.1], [1.5, 0.5, 1.0], [0.1, 0.0, -0.2]),
        example(_ROWS, [1.5, 0.5, 1.0], [0.1, 0.0, -0.2]),
        example(_ROWS, [1.5, 0.5, 1.0], [0.1, 0.0, -0.2], eps=0.1),
        example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], [1.5, 0.5], [0.1, 0.0]),
    ),
)

batchnorm = _normalised(
    "batchnorm",
    0,
    why=(
        N_(
            "All objects share the mean and the σ of a column: what both take is taken off the "
            "gradient, and the rest is divided by σ."
        ),
        N_("{b} scales every object alike: what the objects send, the gradient times the normalised z, is added up."),
        None,
    ),
    says=N_(
        "Each column of {a} is brought to mean 0 and variance 1 over the minibatch (μ and σ² are its own), then scaled "
        "by {b} and shifted by {c}: the result is {y}."
    ),
    says_back=(
        N_(
            "{a} receives the gradient times {b}, less its mean over the minibatch and less its part along the "
            "normalised column z, divided by σ: the objects of a minibatch share their mean, so each one's gradient "
            "depends on the others."
        ),
        N_("{b} receives the gradient at {y} times the normalised columns z, summed over the objects."),
        N_("{c} was added to every object, so it receives the gradient at {y} summed over the objects."),
    ),
    examples=(
        example(_ROWS, [1.5, 0.5, 1.0], [0.1, 0.0, -0.2]),
        example([[0.5, -1.5], [2.0, -0.25], [0.9, 1.1]], [1.5, 0.5], [0.1, 0.0], eps=0.1),
        example([0.7, -0.35, 0.1], 1.5, 0.2),
    ),
)


def _weightnorm_shape(v: Shape, g: Shape) -> Shape:
    if not v:
        raise ShapeMismatch(message(N_("a single number has no direction")))
    if g != v[1:]:
        raise ShapeMismatch(message(N_("there is one length for each column of weights")), wanted={1: v[1:]})
    return v


def _direction(v: Array) -> tuple[Array, Array]:
    """The columns of `v` brought to length 1, and their lengths."""
    xp = xp_of(v)
    length = xp.sqrt(xp.sum(v * v, axis=0))
    return v / length, length


def _weightnorm_vjp(g: Array, y: Array, v: Array, lengths: Array) -> Array:
    u, length = _direction(v)
    return (g - u * xp_of(g).sum(g * u, axis=0)) * (lengths / length)


def _ratio(v: Term, lengths: Term) -> Term:
    return Term(rf"\frac{{{lengths}}}{{\left\|{v}\right\|}}", lengths.shape)


def _unit(v: Term) -> Term:
    return Term(rf"\frac{{{v}}}{{\left\|{v}\right\|}}", v.shape)


weightnorm = registry.declare(
    name="weightnorm",
    inference=Inference("alike", slice(1), {1: slice(1, None)}),
    arity=2,
    shape=_weightnorm_shape,
    forward=lambda v, g: _direction(v)[0] * g,
    vjps=(
        _weightnorm_vjp,
        lambda g, y, v, lengths: unbroadcast(g * _direction(v)[0], lengths.shape),
    ),
    jacobians=(None, lambda y, v, lengths: elementwise_jacobian(_direction(v)[0], y, lengths)),
    symbol=r"\operatorname{weightnorm}",
    latex=lambda v, lengths: times(lengths, _unit(v)),
    jacobian_latex=(
        lambda y, v, lengths: rf"{_ratio(v, lengths)} \left(\mathbf{{I}} - \mathbf{{u}}^{{\top}} \mathbf{{u}}\right)",
        lambda y, v, lengths: r"\mathbf{u}",
    ),
    product_latex=(
        lambda g, y, v, lengths: times(
            _ratio(v, lengths),
            brackets(rf"{g} - \mathbf{{u}} \odot {{\textstyle\sum}} {g} \odot \mathbf{{u}}", v),
        ),
        lambda g, y, v, lengths: rf"{{\textstyle\sum}} {g} \odot \mathbf{{u}}",
    ),
    code=Code(
        "direction({a})[0] * {b}",
        (
            "weightnorm_vjp({g}, {a}, {b})",
            lambda g, y, v, lengths: summed_back(f"{g} * direction({v})[0]", g.shape, lengths),
        ),
        "{a} / torch.linalg.vector_norm({a}, dim=0) * {b}",
        helpers=DIRECTION,
    ),
    why=(
        N_(
            "The norm is divided out, so along its own direction u {a} changes nothing: that part "
            "is taken off the gradient."
        ),
        N_("{b} scales the direction u: it receives the gradient along u."),
    ),
    says=N_("{y} has the direction of {a} and the length {b}, column by column: the two are learned apart."),
    says_back=(
        N_("{a} receives only what turns it: the part of the gradient along its own direction u is taken out."),
        N_("{b} receives the part of the gradient at {y} along the direction u of {a}."),
    ),
    function="weightnorm",
    element=lambda at, v, lengths: (
        rf"\frac{{{v(*at)}}}{{\ell}} \cdot {lengths(*at[1:])}",
        rf"\ell = \sqrt{{{added([f'{v(*i)}^2' for i in line(v.shape, 0, at[1:])])}}}",
    ),
    examples=(
        example([0.7, -0.35, 0.1], 1.5),
        example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], [1.5, 0.5, 2.0]),
    ),
)
