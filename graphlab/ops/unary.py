"""What operations of one operand share that work element by element: from a derivative to all of the backward step."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array
from ..op import Example, Op, Term, example, registry
from .rules import brackets, diag, elementwise_jacobian, same, times

SCALARS = (example(0.3), example(-1.2))
ARRAYS = (example([0.7, -0.35, 0.1]), example([[0.5, -1.5], [2.0, -0.25]]))
POSITIVE = (example(0.3), example([0.7, 1.35, 2.0]), example([[0.5, 1.5], [2.0, 0.25]]))


def unary(
    name: str,
    forward: Callable[..., Array],
    derivative: Callable[..., Array],
    derivative_latex: Callable[..., str],
    examples: tuple[Example, ...],
    **parts: object,
) -> Op:
    """An op of one operand from `derivative(y, a)`, which gives its VJP and its (diagonal) Jacobian."""
    return registry.declare(
        name=name,
        arity=1,
        shape=same,
        forward=forward,
        vjps=(lambda g, y, a, **k: g * derivative(y, a, **k),),
        jacobians=(lambda y, a, **k: elementwise_jacobian(derivative(y, a, **k), y, a),),
        jacobian_latex=(lambda y, a, **k: diag(derivative_latex(y, a, **k), y),),
        product_latex=(lambda g, y, a, **k: times(g, _factor(derivative_latex(y, a, **k), y)),),
        elementwise=True,
        examples=examples,
        **parts,
    )


def _factor(latex: str, like: Term) -> Term:
    """A derivative as a factor: in parentheses where it is a sum or has a sign."""
    depth = 0
    for c, following in zip(latex, latex[1:] + " ", strict=True):
        depth += (c in "({") - (c in ")}")
        if depth == 0 and c in "+-" and following == " ":
            return brackets(latex, like)
    return brackets(latex, like) if latex.startswith("-") else Term(latex, like.shape)


def called(function: str) -> Callable[..., str]:
    """The LaTeX of an op as the call of a function, which is given as LaTeX."""
    return lambda a, **_: rf"{function}\left({a}\right)"
