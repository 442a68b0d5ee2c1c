"""Noise that keeps a network from leaning on single elements. The noise is fed, so that a walk can be repeated."""

from __future__ import annotations

from ..arrays import Array
from ..errors import N_, message
from ..op import Code, Inference, Shape, ShapeMismatch, Term, example, registry
from .rules import diag, elementwise_jacobian, equal, times


def _dropout_shape(a: Shape, mask: Shape, *, p: float = 0.5) -> Shape:
    if not 0 <= p < 1:
        raise ShapeMismatch(message(N_("p is a probability from 0 to below 1, not {p}"), p=p))
    return equal(a, mask)


def _kept(latex: str, p: float) -> str:
    """The factor 1/(1 − p), as the line under a product."""
    return rf"\frac{{{latex}}}{{1 - {p:g}}}"


_MASKED = (
    example([0.7, -0.35, 0.1], [1.0, 0.0, 1.0]),
    example([[0.5, -1.5], [2.0, -0.25]], [[0.0, 1.0], [1.0, 1.0]], p=0.25),
    example(0.4, 1.0, p=0.2),
)

dropout = registry.declare(
    name="dropout",
    inference=Inference("alike"),
    arity=2,
    draws={1: lambda shapes, p=0.5: ("mask", 1 - p)},
    attributes={"p": 0.5},
    shape=_dropout_shape,
    # Inverted dropout: the mask keeps an element with the probability 1 − p, so the factor 1/(1 − p) keeps the mean.
    # The slide's 1/p does so for p = 1/2 alone.
    forward=lambda a, mask, *, p=0.5: a * mask / (1 - p),
    vjps=(lambda g, y, a, mask, *, p=0.5: g * mask / (1 - p), None),
    jacobians=(lambda y, a, mask, *, p=0.5: elementwise_jacobian(mask / (1 - p), y, a), None),
    symbol=r"\operatorname{dropout}",
    latex=lambda a, mask, *, p=0.5: _kept(times(a, mask), p),
    jacobian_latex=(lambda y, a, mask, *, p=0.5: diag(_kept(mask, p), y), None),
    product_latex=(lambda g, y, a, mask, *, p=0.5: _kept(times(g, mask), p), None),
    code=Code("{a} * {b} / (1 - {p})", ("{g} * {b} / (1 - {p})", None), "{a} * {b} / (1 - {p})"),
    says=N_(
        "{y} is {a} with the elements dropped where {b} is 0, and the others divided by 1 − p, which keeps the mean. "
        "The slide prints the factor 1/p, which does so for p = 1/2 alone."
    ),
    says_back=(
        N_("The gradient passes where {b} kept {a}, divided by 1 − p as on the way there; elsewhere it is 0."),
        None,
    ),
    function="dropout",
    elementwise=True,
    examples=_MASKED,
)

gaussian_dropout = registry.declare(
    name="gaussian_dropout",
    arity=2,
    draws={1: lambda shapes: ("noise", 0.5)},
    shape=equal,
    forward=lambda a, noise: a * noise,
    vjps=(lambda g, y, a, noise: g * noise, lambda g, y, a, noise: g * a),
    jacobians=(
        lambda y, a, noise: elementwise_jacobian(noise, y, a),
        lambda y, a, noise: elementwise_jacobian(a, y, noise),
    ),
    symbol=r"\operatorname{gaussian}",
    latex=times,
    jacobian_latex=(lambda y, a, noise: diag(noise, y), lambda y, a, noise: diag(a, y)),
    product_latex=(lambda g, y, a, noise: times(g, noise), lambda g, y, a, noise: times(g, a)),
    code=Code("{a} * {b}", ("{g} * {b}", "{g} * {a}"), "{a} * {b}"),
    says=N_("{y} is {a} times the noise {b}, drawn around 1: the mean stays as it is."),
    says_back=(
        N_("{a} receives the gradient at {y} times the noise {b}, the same as on the way there."),
        N_("{b} receives the gradient at {y} times {a}."),
    ),
    function="gaussian_dropout",
    elementwise=True,
    examples=(
        example([0.7, -0.35, 0.1], [1.2, 0.6, 0.9]),
        example([[0.5, -1.5], [2.0, -0.25]], [[0.7, 1.1], [1.3, 1.0]]),
        example(0.4, 1.5),
    ),
)


def _zoneout(new: Array, old: Array, mask: Array) -> Array:
    return mask * old + (1 - mask) * new


def _open(mask: Term) -> Term:
    return Term(rf"\left(1 - {mask}\right)", mask.shape)


zoneout = registry.declare(
    name="zoneout",
    arity=3,
    draws={2: lambda shapes: ("mask", 0.5)},
    shape=equal,
    forward=_zoneout,
    vjps=(lambda g, y, new, old, mask: g * (1 - mask), lambda g, y, new, old, mask: g * mask, None),
    jacobians=(
        lambda y, new, old, mask: elementwise_jacobian(1 - mask, y, new),
        lambda y, new, old, mask: elementwise_jacobian(mask, y, old),
        None,
    ),
    symbol=r"\operatorname{zoneout}",
    latex=lambda new, old, mask: rf"{times(mask, old)} + {times(_open(mask), new)}",
    jacobian_latex=(
        lambda y, new, old, mask: diag(rf"1 - {mask}", y) if y.ndim else str(_open(mask)),
        lambda y, new, old, mask: diag(mask, y),
        None,
    ),
    product_latex=(
        lambda g, y, new, old, mask: times(g, _open(mask)),
        lambda g, y, new, old, mask: times(g, mask),
        None,
    ),
    code=Code("{c} * {b} + (1 - {c}) * {a}", ("{g} * (1 - {c})", "{g} * {c}", None), "{c} * {b} + (1 - {c}) * {a}"),
    says=N_("{y} keeps the old {b} where {c} is 1, and takes the new {a} elsewhere."),
    says_back=(
        N_("{a} receives the gradient where it was taken, and 0 where the old value was kept."),
        N_("{b} receives the gradient where it was kept: there it passes the step unchanged."),
        None,
    ),
    function="zoneout",
    elementwise=True,
    examples=(
        example([0.7, -0.35, 0.1], [0.2, 0.9, -0.4], [1.0, 0.0, 1.0]),
        example([[0.5, -1.5], [2.0, -0.25]], [[0.3, 0.4], [-0.6, 1.0]], [[0.0, 1.0], [0.0, 0.0]]),
        example(0.4, 0.9, 1.0),
    ),
)
