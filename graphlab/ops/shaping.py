"""Operations that move elements and compute nothing."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Shape, ShapeMismatch, example, registry


def _transpose_shape(a: Shape) -> Shape:
    if len(a) > 2:
        raise ShapeMismatch(message(N_("only a matrix or a vector can be transposed")))
    return a[::-1]


def _transpose(a: Array) -> Array:
    return xp_of(a).permute_dims(a, (1, 0)) if a.ndim == 2 else a


transpose = registry.declare(
    name="transpose",
    arity=1,
    shape=_transpose_shape,
    forward=_transpose,
    vjps=(lambda g, y, a: _transpose(g),),
    jacobians=(None,),
    symbol=r"(\cdot)^{\top}",
    latex=lambda a: rf"{a}^{{\top}}",
    jacobian_latex=(lambda y, a: r"\mathbf{P}" if a.ndim == 2 else r"\mathbf{I}",),
    product_latex=(lambda g, y, a: rf"{g}^{{\top}}" if g.ndim == 2 else str(g),),
    says=N_("{y} is {a} with rows and columns exchanged."),
    says_back=(N_("{a} receives the gradient at {y}, transposed back."),),
    examples=(example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), example([0.7, -0.35])),
)
