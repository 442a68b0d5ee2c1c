"""Conditions put together. What is not 0 counts as true; the result is 1 or 0, and no gradient flows through it."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_
from ..op import Code, Example, Op, example, registry
from .rules import broadcast

_PAIRS = (
    example(1.0, 0.0),
    example([1.0, 1.0, 0.0, 0.0], [1.0, 0.0, 1.0, 0.0]),
    example([[1.0, 0.0], [0.0, 0.5]], [1.0, -2.0]),
    example(1.0, [[1.0, 0.0], [0.0, 1.0]]),
)


def _true(a: Array) -> Array:
    """1 where an element is not 0, else 0."""
    return xp_of(a).astype(a != 0, a.dtype)


def _connective(
    name: str,
    sign: str,
    says: str,
    forward: Callable[..., Array],
    numpy: str,
    torch: str,
    examples: tuple[Example, ...],
) -> Op:
    """A condition of one or two others, by what it makes of them."""
    slots = len(examples[0].inputs)
    return registry.declare(
        name=name,
        arity=slots,
        shape=broadcast,
        forward=forward,
        vjps=(None,) * slots,
        jacobians=(None,) * slots,
        symbol=sign,
        latex=(lambda a: f"{sign} {a}") if slots == 1 else (lambda a, b: f"{a} {sign} {b}"),
        jacobian_latex=(None,) * slots,
        product_latex=(None,) * slots,
        code=Code(numpy, (None,) * slots, torch),
        says=says,
        says_back=(None,) * slots,
        elementwise=True,
        function=name,
        examples=examples,
    )


logical_and = _connective(
    "logical_and",
    r"\land",
    N_("{y} is 1 where both {a} and {b} hold, and 0 elsewhere."),
    lambda a, b: _true(a) * _true(b),
    "np.logical_and({a}, {b}) * 1.0",
    "(({a} != 0) & ({b} != 0)) * 1.0",
    _PAIRS,
)
logical_or = _connective(
    "logical_or",
    r"\lor",
    N_("{y} is 1 where {a} or {b} holds, or both, and 0 elsewhere."),
    lambda a, b: xp_of(a).maximum(_true(a), _true(b)),
    "np.logical_or({a}, {b}) * 1.0",
    "(({a} != 0) | ({b} != 0)) * 1.0",
    _PAIRS,
)
logical_not = _connective(
    "logical_not",
    r"\lnot",
    N_("{y} is 1 where {a} does not hold, and 0 where it does."),
    lambda a: 1 - _true(a),
    "np.logical_not({a}) * 1.0",
    "({a} == 0) * 1.0",
    (example(0.0), example([1.0, 0.0, -0.5]), example([[1.0, 0.0], [0.0, 1.0]])),
)
