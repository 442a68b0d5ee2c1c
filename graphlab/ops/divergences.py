"""Row by row, along the last axis: the loss on log-probabilities, the Kullback-Leibler divergence, the cosine."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Entries, Fault, Helper, Index, Inference, Term, example, registry
from .losses import _by_rows, _column, _rows_jacobian, _x_over_y
from .rules import added, brackets, equal_by_row, line, times
from .source import XLOGY, column


def _weighted(t: Array, logp: Array) -> Array:
    """t log p, with 0 where t is 0: what is not the true class does not count, even where its logarithm is −∞."""
    xp = xp_of(logp)
    return xp.where(t == 0, xp.zeros_like(logp), t * logp)


def _nll_of_one(at: Index, t: Entries, logp: Entries) -> tuple[str, ...]:
    terms = [rf"{t(*i)} \cdot {logp(*i)}" for i in line(logp.shape, -1, at)]
    return (rf"-\left({added(terms)}\right)",)


nll = registry.declare(
    name="NLL",
    inference=Inference("a number a row"),
    arity=2,
    shape=equal_by_row,
    forward=lambda t, logp: -xp_of(logp).sum(_weighted(t, logp), axis=-1),
    vjps=(
        lambda g, y, t, logp: -_column(g) * logp,
        lambda g, y, t, logp: -_column(g) * t,
    ),
    jacobians=(
        lambda y, t, logp: _rows_jacobian(-logp),
        lambda y, t, logp: _rows_jacobian(-t),
    ),
    symbol=r"\operatorname{NLL}",
    latex=lambda t, logp: rf"-{t}\,{logp}^{{\top}}" if t.ndim == 1 else rf"-{{\textstyle\sum}} {times(t, logp)}",
    jacobian_latex=(lambda y, t, logp: f"-{logp}", lambda y, t, logp: f"-{t}"),
    product_latex=(
        lambda g, y, t, logp: "-" + times(_by_rows(g), logp),
        lambda g, y, t, logp: "-" + times(_by_rows(g), t),
    ),
    code=Code(
        "-np.sum(np.where({a} == 0, 0, {a} * {b}), axis=-1)",
        (
            lambda g, y, t, logp: f"-{column(g)} * {logp}",
            lambda g, y, t, logp: f"-{column(g)} * {t}",
        ),
        "-torch.sum({a} * {b}, dim=-1)",
    ),
    why=(
        N_("Each row has a loss of its own: its gradient scales the row of log-probabilities."),
        N_(
            "Each row has a loss of its own: its gradient scales the row of {a}, which lets only the true class through."
        ),
    ),
    says=N_("{y} is the negative log-likelihood: minus the log-probability that {b} gives to the true class."),
    says_back=(
        N_("{a} receives minus the log-probabilities {b}."),
        N_("{b} receives −{a} times the gradient of its row: only the true class receives anything."),
    ),
    faults=(
        Fault(
            N_("The log-probability {x} of the true class is −∞: its probability has become exactly 0."),
            lambda t, logp: (logp == -float("inf")) & (t != 0),
            slot=1,
        ),
    ),
    function="NLL",
    draws={0: "one_hot"},
    linear="each",
    element=_nll_of_one,
    partials=(lambda at, i, y, t, logp: f"-{logp(*i)}", lambda at, i, y, t, logp: f"-{t(*i)}"),
    examples=(
        example([0.0, 1.0, 0.0], [-1.6, -0.7, -1.2]),
        example([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]], [[-1.6, -0.7, -1.2], [-2.3, -1.2, -0.5]]),
        example([[0.2, 0.5, 0.3]], [[-0.5, -1.2, -2.3]]),
    ),
)


def _ratio_to(p: Array, q: Array) -> Array:
    """p log(p/q) with 0 log 0 = 0, its limit."""
    xp = xp_of(q)
    return xp.where(p == 0, xp.zeros_like(q), p * xp.log(p / q))


def _kl_latex(p: Term, q: Term) -> str:
    logarithm = rf"\log\left({p} / {q}\right)"
    if p.ndim == 1:
        return rf"{p}\,{logarithm}^{{\top}}"
    return rf"{{\textstyle\sum}} {times(p, Term(logarithm, p.shape))}"


def _kl_of_one(at: Index, p: Entries, q: Entries) -> tuple[str, ...]:
    row = line(p.shape, -1, at)
    return (added([rf"{p(*i)} \cdot \log\left({p(*i)} / {q(*i)}\right)" for i in row]),)


kl = registry.declare(
    name="KL",
    inference=Inference("a number a row"),
    arity=2,
    shape=equal_by_row,
    forward=lambda p, q: xp_of(q).sum(_ratio_to(p, q), axis=-1),
    vjps=(
        lambda g, y, p, q: _column(g) * (xp_of(q).log(p / q) + 1),
        lambda g, y, p, q: -_column(g) * _x_over_y(p, q),
    ),
    jacobians=(
        lambda y, p, q: _rows_jacobian(xp_of(q).log(p / q) + 1),
        lambda y, p, q: _rows_jacobian(-_x_over_y(p, q)),
    ),
    symbol=r"\operatorname{KL}",
    latex=_kl_latex,
    jacobian_latex=(
        lambda y, p, q: rf"\log\left({p} / {q}\right) + 1",
        lambda y, p, q: rf"-{p} / {q}",
    ),
    product_latex=(
        lambda g, y, p, q: times(_by_rows(g), brackets(rf"\log\left({p} / {q}\right) + 1", p)),
        lambda g, y, p, q: times(_by_rows(g), brackets(f"-{p} / {q}", q)),
    ),
    code=Code(
        "np.sum(xlogy({a}, ratio({a}, {b})), axis=-1)",
        (
            lambda g, y, p, q: f"{column(g)} * (np.log({p} / {q}) + 1)",
            lambda g, y, p, q: f"-{column(g)} * ratio({p}, {q})",
        ),
        "torch.sum(torch.xlogy({a}, {a}) - torch.xlogy({a}, {b}), dim=-1)",
        helpers=XLOGY,
    ),
    why=(
        N_("Each row has a divergence of its own: its gradient scales the slopes log({a}/{b}) + 1 of the row."),
        N_("Each row has a divergence of its own: its gradient scales the slopes of the logarithm, weighed by {a}."),
    ),
    says=N_(
        "{y} is the Kullback-Leibler divergence of {a} from {b}: the mean of log({a}/{b}) over {a}, and 0 only where the "
        "two are equal."
    ),
    says_back=(
        N_("{a} receives log({a}/{b}) + 1 times the gradient of its row."),
        N_("{b} receives −{a}/{b}: the less it gives to what is likely under {a}, the harder it is pulled up."),
    ),
    faults=(
        Fault(
            N_("{x} is exactly 0 where the other distribution is not: the logarithm of their ratio is ∞."),
            lambda p, q: (q == 0) & (p != 0),
            slot=1,
        ),
        Fault(
            N_("{x} = {value} is no probability: KL takes the logarithm of a negative number."),
            lambda p, q: p < 0,
        ),
        Fault(
            N_("{x} = {value} is no probability: KL takes the logarithm of a negative number."),
            lambda p, q: q < 0,
            slot=1,
        ),
        Fault(N_("At {x} = 0 the slope of p log p is −∞."), lambda p, q: p == 0, back=True),
    ),
    function="KL",
    draws={0: "probabilities", 1: "probabilities"},
    element=_kl_of_one,
    partials=(
        lambda at, i, y, p, q: rf"\log\left({p(*i)} / {q(*i)}\right) + 1",
        lambda at, i, y, p, q: rf"-\frac{{{p(*i)}}}{{{q(*i)}}}",
    ),
    examples=(
        example([0.2, 0.5, 0.3], [0.6, 0.3, 0.1]),
        example([[0.1, 0.7, 0.2], [0.25, 0.25, 0.5]], [[0.2, 0.5, 0.3], [0.1, 0.3, 0.6]]),
    ),
)


def _unit(a: Array, eps: float) -> tuple[Array, Array]:
    """The rows of `a` brought to length 1, and their lengths (axis kept), none taken for less than eps."""
    xp = xp_of(a)
    length = xp.sqrt(xp.sum(a * a, axis=-1, keepdims=True))
    length = xp.maximum(length, xp.full_like(length, eps))
    return a / length, length


def _cosine(a: Array, b: Array, *, eps: float = 1e-8) -> Array:
    return xp_of(a).sum(_unit(a, eps)[0] * _unit(b, eps)[0], axis=-1)


def _cosine_slope(y: Array, a: Array, b: Array, eps: float) -> Array:
    """∂y/∂a, row by row: the other direction, less its part along a's own, over a's length."""
    own, length = _unit(a, eps)
    return (_unit(b, eps)[0] - _column(y) * own) / length


def _lengths(*terms: Term) -> str:
    return r" ".join(rf"\left\|{term}\right\|" for term in terms)


def _cosine_latex(a: Term, b: Term, *, eps: float = 1e-8) -> str:
    product = rf"{a}\,{b}^{{\top}}" if a.ndim == 1 else rf"{{\textstyle\sum}} {times(a, b)}"
    return rf"\frac{{{product}}}{{{_lengths(a, b)}}}"


def _cosine_slope_latex(y: Term, a: Term, own: str, other: str) -> Term:
    along = times(_by_rows(y), Term(rf"\mathbf{{{own}}}", a.shape))
    return Term(rf"\frac{{\mathbf{{{other}}} - {along}}}{{{_lengths(a)}}}", a.shape)


def _squares(a: Entries, at: Index) -> str:
    return added([f"{a(*i)}^2" for i in line(a.shape, -1, at)])


def _cosine_of_one(at: Index, a: Entries, b: Entries, *, eps: float = 1e-8) -> tuple[str, ...]:
    products = added([rf"{a(*i)} \cdot {b(*i)}" for i in line(a.shape, -1, at)])
    return (rf"\frac{{{products}}}{{\sqrt{{{_squares(a, at)}}} \cdot \sqrt{{{_squares(b, at)}}}}}",)


def _cosine_partial(at: Index, i: Index, y: Entries, a: Entries, b: Entries) -> str:
    return (
        rf"\frac{{{b(*i)}}}{{\sqrt{{{_squares(a, at)}}} \cdot \sqrt{{{_squares(b, at)}}}}}"
        rf" - {y(*at)} \cdot \frac{{{a(*i)}}}{{{_squares(a, at)}}}"
    )


UNIT = {
    "unit": Helper(
        N_("The rows of a brought to length 1, and their lengths."),
        """\
def unit(a, eps):
    length = np.maximum(np.sqrt(np.sum(a**2, axis=-1, keepdims=True)), eps)
    return a / length, length
""",
    ),
    "cosine_vjp": Helper(
        "",
        """\
def cosine_vjp(g, y, a, b, eps):
    u, length = unit(a, eps)
    return g[..., None] * (unit(b, eps)[0] - y[..., None] * u) / length
""",
    ),
}

cosine = registry.declare(
    name="cosine",
    inference=Inference("a number a row"),
    arity=2,
    attributes={"eps": 1e-8},
    shape=equal_by_row,
    forward=_cosine,
    vjps=(
        lambda g, y, a, b, *, eps=1e-8: _column(g) * _cosine_slope(y, a, b, eps),
        lambda g, y, a, b, *, eps=1e-8: _column(g) * _cosine_slope(y, b, a, eps),
    ),
    jacobians=(
        lambda y, a, b, *, eps=1e-8: _rows_jacobian(_cosine_slope(y, a, b, eps)),
        lambda y, a, b, *, eps=1e-8: _rows_jacobian(_cosine_slope(y, b, a, eps)),
    ),
    symbol=r"\cos",
    latex=_cosine_latex,
    jacobian_latex=(
        lambda y, a, b, **_: str(_cosine_slope_latex(y, a, "u", "v")),
        lambda y, a, b, **_: str(_cosine_slope_latex(y, b, "v", "u")),
    ),
    product_latex=(
        lambda g, y, a, b, **_: times(_by_rows(g), _cosine_slope_latex(y, a, "u", "v")),
        lambda g, y, a, b, **_: times(_by_rows(g), _cosine_slope_latex(y, b, "v", "u")),
    ),
    code=Code(
        "np.sum(unit({a}, {eps})[0] * unit({b}, {eps})[0], axis=-1)",
        ("cosine_vjp({g}, {y}, {a}, {b}, {eps})", "cosine_vjp({g}, {y}, {b}, {a}, {eps})"),
        "F.cosine_similarity({a}, {b}, dim=-1, eps={eps})",
        helpers=UNIT,
    ),
    why=(
        N_(
            "The lengths are divided out, so only a turn of {a} changes the cosine: the part along {a} itself is taken off."
        ),
        N_(
            "The lengths are divided out, so only a turn of {b} changes the cosine: the part along {b} itself is taken off."
        ),
    ),
    says=N_(
        "{y} is the cosine of the angle between the rows of {a} and {b}: 1 for one direction, −1 for the opposite."
    ),
    says_back=(
        N_(
            "{a} receives v, the direction of {b}, less its part along u, the direction of {a} itself, divided by the length "
            "of {a}: what turns {a}, and nothing that only makes it longer."
        ),
        N_(
            "{b} receives u, the direction of {a}, less its part along v, the direction of {b} itself, divided by the length "
            "of {b}: what turns {b}, and nothing that only makes it longer."
        ),
    ),
    function="cosine",
    aliases=("cos_sim", "cosine_similarity"),
    element=_cosine_of_one,
    partials=(
        lambda at, i, y, a, b, **_: _cosine_partial(at, i, y, a, b),
        lambda at, i, y, a, b, **_: _cosine_partial(at, i, y, b, a),
    ),
    examples=(
        example([0.7, -0.35, 0.1], [1.5, 0.5, -2.0]),
        example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], [[0.4, -0.6, 1.0], [0.2, 0.9, -0.3]]),
    ),
)
