"""A sequence with one vertex a time step, taken together: its sum, its mean, its maximum, and its steps as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from math import prod
from operator import add

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import (
    Code,
    Entries,
    Index,
    Inference,
    Kinks,
    Picks,
    Shape,
    ShapeMismatch,
    Source,
    Summand,
    Term,
    example,
    registry,
)
from .reductions import lead
from .rules import line
from .source import WINNERS, repeated

_DOTS = r"\dots"


def _together(*shapes: Shape, axis: int | None = None) -> Shape:
    """The steps lie along a first axis: axis=0 leaves one step's shape, with no axis everything is taken."""
    for slot, shape in enumerate(shapes):
        if shape != shapes[0]:
            raise ShapeMismatch(message(N_("the shapes have to be equal")), wanted={slot: shapes[0]})
    if axis not in (None, 0):
        raise ShapeMismatch(message(N_("over time only axis=0 can be taken, which is time itself")))
    return shapes[0] if axis == 0 else ()


def _total(*steps: Array, axis: int | None = None) -> Array:
    if axis is None:
        steps = tuple(xp_of(a).sum(a) for a in steps)
    return reduce(add, steps)


def _share(steps: Sequence[Array], axis: int | None) -> float:
    return 1 / (len(steps) * (prod(steps[0].shape) if axis is None else 1))


def _spread(slot: int) -> Callable[..., Array]:
    def vjp(g: Array, y: Array, *steps: Array, axis: int | None = None) -> Array:
        return xp_of(g).broadcast_to(g, steps[slot].shape)

    return vjp


def _spread_share(slot: int) -> Callable[..., Array]:
    def vjp(g: Array, y: Array, *steps: Array, axis: int | None = None) -> Array:
        return xp_of(g).broadcast_to(g * _share(steps, axis), steps[slot].shape)

    return vjp


def _derivative(slot: int, mean: bool) -> Callable[..., Array]:
    def jacobian(y: Array, *steps: Array, axis: int | None = None) -> Array:
        xp, a = xp_of(y), steps[slot]
        factor = _share(steps, axis) if mean else 1.0
        if axis is None:
            return xp.full(a.shape, factor, dtype=y.dtype)
        return xp.reshape(xp.eye(y.size, dtype=y.dtype) * factor, a.shape + a.shape)

    return jacobian


def _summands(at: Index, steps: Sequence[Array], axis: int | None, factor: float) -> list[Summand]:
    places = [at] if axis == 0 else line(steps[0].shape, None, at)
    return [(factor, ((slot, i),)) for slot in range(len(steps)) for i in places]


def _dots(terms: Sequence[Term]) -> str:
    return " + ".join(terms if len(terms) <= 3 else (terms[0], terms[1], r"\dots", terms[-1]))


def _sum_latex(*terms: Term, axis: int | None = None) -> str:
    inner = _dots(terms)
    return inner if axis == 0 or not terms[0].ndim else rf"\operatorname{{sum}}\left({inner}\right)"


def _count(terms: Sequence[Term], axis: int | None) -> str:
    return str(round(1 / _share(terms, axis)))


def _mean_latex(*terms: Term, axis: int | None = None) -> str:
    return rf"\frac{{1}}{{{_count(terms, axis)}}} \left({_sum_latex(*terms, axis=axis)}\right)"


def _one(a: Term, axis: int | None) -> str:
    """The Jacobian of a sum by one of its terms."""
    return r"\mathbf{I}" if axis == 0 and a.ndim else r"\mathbf{1}" if a.ndim else "1"


def _sent(g: Term, a: Term, axis: int | None) -> str:
    return rf"{g} \, \mathbf{{1}}" if axis is None and a.ndim else str(g)


def _sum_code(library: str) -> Callable[..., str]:
    def code(*steps: Source, axis: int | None = None) -> str:
        whole = axis == 0 or not steps[0].ndim
        terms = steps if whole else [f"{library}.sum({a})" for a in steps]
        return " + ".join(terms) if len(terms) <= 4 else f"sum([{', '.join(terms)}])"

    return code


def _mean_code(library: str) -> Callable[..., str]:
    def code(*steps: Source, axis: int | None = None) -> str:
        return f"({_sum_code(library)(*steps, axis=axis)}) / {_count(steps, axis)}"

    return code


_CASES = (
    example(0.4, -1.2, 0.3),
    example([0.7, -0.35, 0.1], [0.2, 0.5, -0.6]),
    example([0.7, -0.35, 0.1], [0.2, 0.5, -0.6], axis=0),
    example([[0.5, -1.5], [2.0, -0.25]], axis=0),
)

total = registry.declare(
    name="total",
    inference=Inference("over time"),
    arity=None,
    attributes={"axis": None},
    shape=_together,
    forward=_total,
    vjps=_spread,
    jacobians=lambda slot: _derivative(slot, mean=False),
    symbol=r"\sum_t",
    latex=_sum_latex,
    jacobian_latex=lambda slot: lambda y, *terms, axis=None: _one(terms[slot], axis),
    product_latex=lambda slot: lambda g, y, *terms, axis=None: _sent(g, terms[slot], axis),
    code=Code(
        _sum_code("np"),
        lambda slot: lambda g, y, *steps, axis=None: g if axis == 0 else repeated(g, steps[slot]),
        _sum_code("torch"),
    ),
    says=N_("{y} is the sum over all time steps."),
    says_back=lambda slot: N_("Every time step receives the gradient at {y} unchanged."),
    says_all=N_("Every time step receives the gradient at {y} unchanged."),
    linear="together",
    terms=lambda at, *steps, axis=None: _summands(at, steps, axis, 1.0),
    examples=_CASES,
)

average = registry.declare(
    name="average",
    inference=Inference("over time"),
    arity=None,
    attributes={"axis": None},
    shape=_together,
    forward=lambda *steps, axis=None: _total(*steps, axis=axis) * _share(steps, axis),
    vjps=_spread_share,
    jacobians=lambda slot: _derivative(slot, mean=True),
    symbol=r"\operatorname{mean}_t",
    latex=_mean_latex,
    jacobian_latex=lambda slot: (
        lambda y, *terms, axis=None: (
            rf"\frac{{1}}{{{_count(terms, axis)}}} {_one(terms[slot], axis)}"
            if terms[slot].ndim
            else rf"\frac{{1}}{{{_count(terms, axis)}}}"
        )
    ),
    product_latex=lambda slot: (
        lambda g, y, *terms, axis=None: rf"\frac{{1}}{{{_count(terms, axis)}}} {_sent(g, terms[slot], axis)}"
    ),
    code=Code(
        _mean_code("np"),
        lambda slot: (
            lambda g, y, *steps, axis=None: (
                f"{g} / {_count(steps, axis)}" if axis == 0 else repeated(f"{g} / {_count(steps, axis)}", steps[slot])
            )
        ),
        _mean_code("torch"),
    ),
    says=N_("{y} is the mean over all time steps."),
    says_back=lambda slot: N_("Every time step receives an equal share of the gradient at {y}."),
    says_all=N_("Every time step receives an equal share of the gradient at {y}."),
    linear="together",
    terms=lambda at, *steps, axis=None: _summands(at, steps, axis, _share(steps, axis)),
    examples=_CASES,
)


def _largest(*steps: Array, axis: int | None = None) -> Array:
    xp = xp_of(steps[0])
    return xp.max(xp.stack(steps), axis=axis)


def _won(slot: int, y: Array, steps: Sequence[Array], axis: int | None) -> Array:
    """1 where this step has the maximum and 0 elsewhere; the winners of a tie share the 1."""
    xp = xp_of(y)
    won = xp.astype(xp.stack(steps) == y, y.dtype)
    return won[slot, ...] / xp.sum(won, axis=axis)


def _won_jacobian(slot: int) -> Callable[..., Array]:
    def jacobian(y: Array, *steps: Array, axis: int | None = None) -> Array:
        xp, a = xp_of(y), steps[slot]
        won = _won(slot, y, steps, axis)
        if axis is None:
            return won
        return xp.reshape(xp.eye(a.size, dtype=y.dtype) * xp.reshape(won, (-1, 1)), a.shape + a.shape)

    return jacobian


def _max_element(at: Index, *steps: Entries, axis: int | None = None) -> tuple[str, ...]:
    places = [at] if axis == 0 else line(steps[0].shape, None, at)
    shown = [a(*i) for a in steps for i in places]
    return (rf"\max\left({', '.join(shown if len(shown) <= 6 else (*shown[:2], _DOTS, shown[-1]))}\right)",)


def _says_largest(*steps: Term, axis: int | None = None) -> str:
    if axis == 0 and steps[0].ndim:
        return N_("Each element of {y} is the largest that it has at any time step.")
    return N_("{y} is the largest over all time steps.")


def _says_winner(*steps: Term, axis: int | None = None) -> str:
    if axis == 0 and steps[0].ndim:
        return N_("Each element of the gradient at {y} goes to the time step that won; all others receive 0.")
    return N_("The winner takes the whole gradient of {y}; all the others receive 0.")


def _step_of_winner(slot: int, index: Index, *steps: Term, axis: int | None = None) -> tuple[str, dict[str, int]]:
    if not index:
        return N_("It stands at time step {step}."), {"step": slot + 1}
    if len(index) != 1:
        return "", {}
    words = {"number": index[0] + 1, "step": slot + 1}
    if axis == 0:
        return N_("The largest of element {number} stands at time step {step}."), words
    return N_("It is element {number} of time step {step}."), words


def _stack_code(library: str, steps: Sequence[Source]) -> str:
    return f"{library}.stack([{', '.join(steps)}])"


largest = registry.declare(
    name="largest",
    inference=Inference("over time"),
    arity=None,
    attributes={"axis": None},
    shape=_together,
    forward=_largest,
    vjps=lambda slot: lambda g, y, *steps, axis=None: g * _won(slot, y, steps, axis),
    jacobians=_won_jacobian,
    symbol=r"\max_t",
    latex=lambda *terms, axis=None: (
        rf"\max\left({', '.join(terms if len(terms) <= 3 else (terms[0], terms[1], _DOTS, terms[-1]))}\right)"
    ),
    jacobian_latex=lambda slot: lambda y, *terms, axis=None: rf"\left[{terms[slot]} = {y}\right]",
    product_latex=lambda slot: (
        lambda g, y, *terms, axis=None: (
            g + (r" \odot " if g.ndim else r" \cdot ") + rf"\left[{terms[slot]} = {y}\right]"
        )
    ),
    code=Code(
        lambda *steps, axis=None: f"np.max({_stack_code('np', steps)}{'' if axis is None else ', axis=0'})",
        lambda slot: (
            lambda g, y, *steps, axis=None: (
                f"{g} * winners({_stack_code('np', steps)}{'' if axis is None else ', axis=0'})[{slot}]"
            )
        ),
        lambda *steps, axis=None: f"torch.amax({_stack_code('torch', steps)}{'' if axis is None else ', dim=0'})",
        helpers=WINNERS,
    ),
    says=_says_largest,
    says_back=lambda slot: _says_winner,
    says_all=_says_winner,
    picks=Picks(lambda y, *steps, axis=None: tuple(a == y for a in steps), _step_of_winner),
    kinks=Kinks(
        N_("a tie in the maximum over time"), lambda *steps, axis=None: lead(xp_of(steps[0]).stack(steps), axis)
    ),
    element=_max_element,
    examples=_CASES,
)


def _stacked(*shapes: Shape) -> Shape:
    return (len(shapes), *_together(*shapes, axis=0))


def _selection(slot: int) -> Callable[..., Array]:
    def jacobian(y: Array, *steps: Array) -> Array:
        xp, a = xp_of(y), steps[slot]
        rows = xp.reshape(xp.eye(a.size, dtype=y.dtype), a.shape + a.shape)
        return xp.stack([rows if i == slot else xp.zeros_like(rows) for i in range(len(steps))])

    return jacobian


def _rows(*terms: Term) -> str:
    shown = terms if len(terms) <= 3 else (terms[0], r"\dots", terms[-1])
    return r"\left[" + r";\, ".join(shown) + r"\right]"


stack = registry.declare(
    name="stack",
    inference=Inference("stacks"),
    arity=None,
    shape=_stacked,
    forward=lambda *steps: xp_of(steps[0]).stack(steps),
    vjps=lambda slot: lambda g, y, *steps: g[slot, ...],
    jacobians=_selection,
    symbol=r"\operatorname{stack}",
    latex=_rows,
    jacobian_latex=lambda slot: (
        lambda y, *terms: r"\mathbf{P}" if terms[slot].ndim else rf"\mathbf{{e}}_{{{slot + 1}}}"
    ),
    product_latex=lambda slot: lambda g, y, *terms: rf"\left[{g}\right]_{{{slot + 1}}}",
    code=Code(
        lambda *steps: f"np.stack([{', '.join(steps)}])",
        lambda slot: f"{{g}}[{slot}]",
        lambda *steps: f"torch.stack([{', '.join(steps)}])",
    ),
    says=N_("{y} has its operands as rows."),
    says_back=lambda slot: N_("Each operand receives its own row of the gradient at {y}, unchanged."),
    function="stack",
    linear="together",
    terms=lambda at, *steps: [(1.0, ((at[0], at[1:]),))],
    examples=(
        example([0.7, -0.35, 0.1], [0.2, 0.5, -0.6]),
        example(0.4, -1.2, 0.3),
        example([[0.5, -1.5], [2.0, -0.25]]),
    ),
)
