"""Losses: binary and general cross-entropy, on probabilities and, in their stable forms, on logits."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Entries, Fault, Fusion, Index, Inference, Shape, ShapeMismatch, Term, example, registry
from .rules import added, brackets, diag, elementwise_jacobian, equal, line, times
from .softmax import _log_softmax, _softmax, exponentials
from .source import SOFTMAX, XLOGY, column


def _x_log_y(x: Array, y: Array) -> Array:
    """x log y, with 0 log 0 = 0, its limit."""
    xp = xp_of(y)
    return xp.where(x == 0, xp.zeros_like(y), x * xp.log(y))


def _x_over_y(x: Array, y: Array) -> Array:
    """x / y, with 0 / 0 = 0: the derivative of `_x_log_y`."""
    xp = xp_of(y)
    return xp.where(x == 0, xp.zeros_like(y), x / y)


def _bce(t: Array, y: Array) -> Array:
    return -(_x_log_y(t, y) + _x_log_y(1 - t, 1 - y))


def _bce_slope(t: Array, y: Array) -> Array:
    return _x_over_y(1 - t, 1 - y) - _x_over_y(t, y)


def _log_odds(y: Array) -> Array:
    xp = xp_of(y)
    return xp.log(1 - y) - xp.log(y)


def _bce_slope_latex(y: Term, t: Term, p: Term) -> str:
    below = times(p, brackets(f"1 - {p}", p)) if p.ndim else rf"{p} \left(1 - {p}\right)"
    return rf"\frac{{{p} - {t}}}{{{below}}}"


def _bce_latex(t: Term, p: Term) -> str:
    of_one = times(t, Term(rf"\log {p}", p.shape))
    of_zero = times(brackets(f"1 - {t}", t), Term(rf"\log\left(1 - {p}\right)", p.shape))
    return rf"-\left({of_one} + {of_zero}\right)"


bce = registry.declare(
    name="BCE",
    arity=2,
    draws={0: "bernoulli"},
    shape=equal,
    forward=_bce,
    vjps=(
        lambda g, y, t, p: g * _log_odds(p),
        lambda g, y, t, p: g * _bce_slope(t, p),
    ),
    jacobians=(
        lambda y, t, p: elementwise_jacobian(_log_odds(p), y, t),
        lambda y, t, p: elementwise_jacobian(_bce_slope(t, p), y, p),
    ),
    symbol=r"\operatorname{BCE}",
    latex=_bce_latex,
    jacobian_latex=(
        lambda y, t, p: diag(rf"\log\left(1 - {p}\right) - \log {p}", y),
        lambda y, t, p: diag(_bce_slope_latex(y, t, p), y),
    ),
    product_latex=(
        lambda g, y, t, p: times(g, brackets(rf"\log\left(1 - {p}\right) - \log {p}", p)),
        lambda g, y, t, p: times(g, Term(_bce_slope_latex(y, t, p), p.shape)),
    ),
    code=Code(
        "-(xlogy({a}, {b}) + xlogy(1 - {a}, 1 - {b}))",
        (
            "{g} * (np.log(1 - {b}) - np.log({b}))",
            "{g} * (ratio(1 - {a}, 1 - {b}) - ratio({a}, {b}))",
        ),
        'F.binary_cross_entropy({b}, {a}, reduction="none")',
        helpers=XLOGY,
    ),
    says=N_(
        "{y} is the binary cross-entropy: small where {b} is near the truth {a}, and large where it is surely wrong."
    ),
    says_back=(
        N_("{a} receives the log-odds of {b}, with a minus."),
        N_("The gradient at {b} points away from the truth {a}; a confident wrong answer makes it large."),
    ),
    fusions=(Fusion(slot=1, inner="sigma", into="BCEWithLogits"),),
    faults=(
        Fault(
            N_("{x} is exactly 1, since the sigmoid is saturated: 1 − {x} is 0, and BCE takes its logarithm, −∞."),
            lambda t, p: (p == 1) & (t != 1),
            slot=1,
        ),
        Fault(
            N_("{x} is exactly 0, since the sigmoid is saturated, and BCE takes its logarithm, −∞."),
            lambda t, p: (p == 0) & (t != 0),
            slot=1,
        ),
        Fault(
            N_("{x} = {value} is not between 0 and 1: BCE takes the logarithm of a negative number."),
            lambda t, p: (p < 0) | (p > 1),
            slot=1,
        ),
    ),
    elementwise=True,
    function="BCE",
    examples=(
        example(1.0, 0.466),
        example([1.0, 0.0, 1.0], [0.8, 0.3, 0.1]),
        example([[0.25, 0.5], [1.0, 0.0]], [[0.2, 0.9], [0.6, 0.7]]),
    ),
)


def _bce_logits(t: Array, z: Array) -> Array:
    # max(z, 0) - t z + log(1 + e^{-|z|}): no exponent is ever positive, and nothing is subtracted from 1.
    xp = xp_of(z)
    return xp.maximum(z, xp.zeros_like(z)) - t * z + xp.log1p(xp.exp(-xp.abs(z)))


def _sigma(z: Array) -> Array:
    return 1 / (1 + xp_of(z).exp(-z))


bce_logits = registry.declare(
    name="BCEWithLogits",
    arity=2,
    draws={0: "bernoulli"},
    shape=equal,
    forward=_bce_logits,
    vjps=(
        lambda g, y, t, z: -g * z,
        lambda g, y, t, z: g * (_sigma(z) - t),
    ),
    jacobians=(
        lambda y, t, z: elementwise_jacobian(-z, y, t),
        lambda y, t, z: elementwise_jacobian(_sigma(z) - t, y, z),
    ),
    symbol=r"\operatorname{BCE}\,\sigma",
    latex=lambda t, z: rf"\operatorname{{BCE}}\left({t}, \sigma\left({z}\right)\right)",
    jacobian_latex=(
        lambda y, t, z: diag(f"-{z}", y),
        lambda y, t, z: diag(rf"\sigma\left({z}\right) - {t}", y),
    ),
    product_latex=(
        lambda g, y, t, z: f"-{times(g, z)}",
        lambda g, y, t, z: times(g, brackets(rf"\sigma\left({z}\right) - {t}", z)),
    ),
    code=Code(
        "np.maximum({b}, 0) - {a} * {b} + np.log1p(np.exp(-np.abs({b})))",
        ("-{g} * {b}", "{g} * (1 / (1 + np.exp(-{b})) - {a})"),
        'F.binary_cross_entropy_with_logits({b}, {a}, reduction="none")',
    ),
    says=N_("{y} is the binary cross-entropy of the sigmoid of {b}, in the form that never overflows."),
    says_back=(
        N_("{a} receives {b} with the opposite sign."),
        N_("Sigmoid and cross-entropy together leave the plain difference: the prediction less the truth {a}."),
    ),
    elementwise=True,
    function="BCEWithLogits",
    examples=(
        example(1.0, -0.138),
        example([1.0, 0.0, 1.0], [0.8, 3.0, -2.1]),
        example([[0.25, 0.5], [1.0, 0.0]], [[-0.2, 0.9], [6.0, -7.0]]),
    ),
)


def _classes(t: Shape, y: Shape) -> Shape:
    if not equal(t, y):
        raise ShapeMismatch(message(N_("cross-entropy works along the last axis, and a scalar has none")))
    return y[:-1]


def _column(g: Array) -> Array:
    return xp_of(g).expand_dims(g, axis=-1)


def _rows_jacobian(d: Array) -> Array:
    """∂y/∂x where each y[i] depends on the row x[i, :] only, with derivative `d` of x's shape."""
    xp = xp_of(d)
    n = d.shape[-1]
    rows = d.size // n
    j = xp.reshape(xp.eye(rows, dtype=d.dtype), (rows, rows, 1)) * xp.reshape(d, (1, rows, n))
    return xp.reshape(j, d.shape[:-1] + d.shape)


def _by_rows(g: Term) -> Term:
    """The gradient, one number a row of the operand, as a column that scales the rows."""
    return Term(rf"{g}^{{\top}}", (*g.shape, 1)) if g.ndim else g


def _cross_entropy_of_one(at: Index, t: Entries, p: Entries) -> tuple[str, ...]:
    terms = [rf"{t(*i)} \cdot \log {p(*i)}" for i in line(p.shape, -1, at)]
    return (rf"-\left({added(terms)}\right)",)


cross_entropy = registry.declare(
    name="CrossEntropy",
    inference=Inference("a number a row"),
    arity=2,
    draws={0: "one_hot"},
    shape=_classes,
    forward=lambda t, y: -xp_of(y).sum(_x_log_y(t, y), axis=-1),
    vjps=(
        lambda g, y, t, p: -_column(g) * xp_of(p).log(p),
        lambda g, y, t, p: -_column(g) * _x_over_y(t, p),
    ),
    jacobians=(
        lambda y, t, p: _rows_jacobian(-xp_of(p).log(p)),
        lambda y, t, p: _rows_jacobian(-_x_over_y(t, p)),
    ),
    symbol=r"\operatorname{CE}",
    latex=lambda t, p: rf"-{t} \log\left({p}\right)^{{\top}}",
    jacobian_latex=(
        lambda y, t, p: rf"-\log\left({p}\right)",
        lambda y, t, p: rf"-{t} / {p}",
    ),
    product_latex=(
        lambda g, y, t, p: "-" + times(_by_rows(g), Term(rf"\log\left({p}\right)", p.shape)),
        lambda g, y, t, p: times(_by_rows(g), brackets(f"-{t} / {p}", p)),
    ),
    code=Code(
        "-np.sum(xlogy({a}, {b}), axis=-1)",
        (
            lambda g, y, t, p: f"-{column(g)} * np.log({p})",
            lambda g, y, t, p: f"-{column(g)} * ratio({t}, {p})",
        ),
        "-torch.sum(torch.xlogy({a}, {b}), dim=-1)",
        helpers=XLOGY,
    ),
    why=(
        N_("Each row has a loss of its own: its gradient scales the row of logarithms."),
        N_(
            "Each row has a loss of its own: its gradient scales the slopes of the logarithm, and "
            "{a} lets only the true class through."
        ),
    ),
    says=N_("{y} is the cross-entropy: minus the logarithm of the probability that {b} gives to the true class."),
    says_back=(
        N_("{a} receives minus the logarithm of {b}."),
        N_("Only the true class receives a gradient: the smaller its probability in {b}, the larger."),
    ),
    fusions=(Fusion(slot=1, inner="softmax", into="CrossEntropyWithLogits"),),
    faults=(
        Fault(
            N_(
                "The probability {x} of the true class has become exactly 0, and the cross-entropy takes its logarithm, −∞."
            ),
            lambda t, p: (p == 0) & (t != 0),
            slot=1,
        ),
        Fault(N_("There is no logarithm of a negative number: {x} = {value}."), lambda t, p: p < 0, slot=1),
    ),
    function="CrossEntropy",
    element=_cross_entropy_of_one,
    partials=(
        lambda at, i, y, t, p: rf"-\log {p(*i)}",
        lambda at, i, y, t, p: rf"-\frac{{{t(*i)}}}{{{p(*i)}}}",
    ),
    examples=(
        example([0.0, 1.0, 0.0], [0.2, 0.5, 0.3]),
        example([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]]),
        example([[0.2, 0.5, 0.3]], [[0.6, 0.3, 0.1]]),
    ),
)


def _cross_entropy_of_logits(at: Index, t: Entries, z: Entries) -> tuple[str, ...]:
    row = line(z.shape, -1, at)
    weighted = added([rf"{t(*i)} \cdot {z(*i)}" for i in row])
    return (
        rf"\left({added([t(*i) for i in row])}\right) \cdot S - \left({weighted}\right)",
        rf"S = \log\left({exponentials(z, at)}\right)",
    )


cross_entropy_logits = registry.declare(
    name="CrossEntropyWithLogits",
    inference=Inference("a number a row"),
    arity=2,
    draws={0: "one_hot"},
    shape=_classes,
    forward=lambda t, z: -xp_of(z).sum(t * _log_softmax(z), axis=-1),
    vjps=(
        lambda g, y, t, z: -_column(g) * _log_softmax(z),
        # Σ t = 1 for one-hot and soft targets alike gives softmax(z) - t; the sum stays for targets of any weight.
        lambda g, y, t, z: _column(g) * (_softmax(z) * xp_of(t).sum(t, axis=-1, keepdims=True) - t),
    ),
    jacobians=(
        lambda y, t, z: _rows_jacobian(-_log_softmax(z)),
        lambda y, t, z: _rows_jacobian(_softmax(z) * xp_of(t).sum(t, axis=-1, keepdims=True) - t),
    ),
    symbol=r"\operatorname{CE}\,\operatorname{softmax}",
    latex=lambda t, z: rf"\operatorname{{CrossEntropy}}\left({t}, \operatorname{{softmax}}\left({z}\right)\right)",
    jacobian_latex=(
        lambda y, t, z: rf"-\log\operatorname{{softmax}}\left({z}\right)",
        lambda y, t, z: rf"\operatorname{{softmax}}\left({z}\right) - {t}",
    ),
    product_latex=(
        lambda g, y, t, z: "-" + times(_by_rows(g), Term(rf"\log\operatorname{{softmax}}\left({z}\right)", z.shape)),
        lambda g, y, t, z: times(_by_rows(g), brackets(rf"\operatorname{{softmax}}\left({z}\right) - {t}", z)),
    ),
    code=Code(
        "-np.sum({a} * log_softmax({b}), axis=-1)",
        (
            lambda g, y, t, z: f"-{column(g)} * log_softmax({z})",
            lambda g, y, t, z: f"{column(g)} * (softmax({z}) * np.sum({t}, axis=-1, keepdims=True) - {t})",
        ),
        "-torch.sum({a} * torch.log_softmax({b}, dim=-1), dim=-1)",
        helpers=SOFTMAX,
    ),
    why=(
        N_("Each row has a loss of its own: its gradient scales the row of logarithms."),
        N_(
            "Softmax and logarithm together leave a difference, the probabilities less {a}; the "
            "gradient of the row scales it."
        ),
    ),
    says=N_("{y} is the cross-entropy of the softmax of {b}, in the form that never overflows."),
    says_back=(
        N_("{a} receives minus the logarithm of the softmax of {b}."),
        N_("Softmax and cross-entropy together leave the plain difference: the prediction less the truth {a}."),
    ),
    function="CrossEntropyWithLogits",
    element=_cross_entropy_of_logits,
    partials=(
        lambda at, i, y, t, z: rf"\log\left({exponentials(z, at)}\right) - {z(*i)}",
        lambda at, i, y, t, z: (
            rf"\left({added([t(*j) for j in line(z.shape, -1, at)])}\right)"
            rf" \cdot \frac{{e^{{{z(*i)}}}}}{{{exponentials(z, at)}}} - {t(*i)}"
        ),
    ),
    examples=(
        example([0.0, 1.0, 0.0], [0.2, -0.5, 1.3]),
        example([[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]], [[0.2, 0.5, 0.3], [4.0, -0.3, 0.6]]),
    ),
)
