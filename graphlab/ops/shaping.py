"""Operations that move elements and compute nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Index, Inference, Shape, ShapeMismatch, Source, Summand, Term, example, registry
from .rules import check_axis
from .source import swapped


def _transpose_shape(a: Shape) -> Shape:
    if len(a) > 2:
        raise ShapeMismatch(message(N_("only a matrix or a vector can be transposed")))
    return a[::-1]


def _transpose(a: Array) -> Array:
    return xp_of(a).permute_dims(a, (1, 0)) if a.ndim == 2 else a


transpose = registry.declare(
    name="transpose",
    inference=Inference("transposes", factor=True),
    arity=1,
    shape=_transpose_shape,
    forward=_transpose,
    vjps=(lambda g, y, a: _transpose(g),),
    jacobians=(None,),
    symbol=r"(\cdot)^{\top}",
    latex=lambda a: rf"{a}^{{\top}}",
    jacobian_latex=(lambda y, a: r"\mathbf{P}" if a.ndim == 2 else r"\mathbf{I}",),
    product_latex=(lambda g, y, a: rf"{g}^{{\top}}" if g.ndim == 2 else str(g),),
    code=Code(lambda a: swapped(a), (lambda g, y, a: swapped(g),), lambda a: swapped(a)),
    says=N_("{y} is {a} with rows and columns exchanged."),
    says_back=(N_("{a} receives the gradient at {y}, transposed back."),),
    linear="each",
    terms=lambda at, a: [(1.0, ((0, at[::-1]),))],
    examples=(example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), example([0.7, -0.35])),
)


def _concat_shape(*shapes: Shape, axis: int = -1) -> Shape:
    first = shapes[0]
    if not first:
        raise ShapeMismatch(message(N_("concat joins arrays along an axis, and a scalar has none")))
    check_axis(axis, first)
    axis %= len(first)
    for slot, shape in enumerate(shapes):
        if len(shape) != len(first) or shape[:axis] + shape[axis + 1 :] != first[:axis] + first[axis + 1 :]:
            size = shape[axis] if len(shape) == len(first) else shape[-1] if shape else 1
            raise ShapeMismatch(
                message(N_("the shapes have to be equal but for the axis they are joined along")),
                wanted={slot: (*first[:axis], size, *first[axis + 1 :])},
            )
    return (*first[:axis], sum(shape[axis] for shape in shapes), *first[axis + 1 :])


def _place(shapes: Sequence[Shape], slot: int, axis: int) -> tuple[int, int]:
    """Where the operand of a slot begins and ends in the result, along the axis."""
    start = sum(shape[axis] for shape in shapes[:slot])
    return start, start + shapes[slot][axis]


def _concat_vjp(slot: int) -> Callable[..., Array]:
    def vjp(g: Array, y: Array, *inputs: Array, axis: int = -1) -> Array:
        start, stop = _place([a.shape for a in inputs], slot, axis)
        return g[(slice(None),) * (axis % g.ndim) + (slice(start, stop), ...)]

    return vjp


def _concat_jacobian(slot: int) -> Callable[..., Array]:
    def jacobian(y: Array, *inputs: Array, axis: int = -1) -> Array:
        xp = xp_of(y)
        start, stop = _place([a.shape for a in inputs], slot, axis)
        rows = xp.reshape(xp.eye(y.size, dtype=y.dtype), y.shape + y.shape)
        return rows[(slice(None),) * (y.ndim + axis % y.ndim) + (slice(start, stop), ...)]

    return jacobian


def _concat_terms(at: Index, *inputs: Array, axis: int = -1) -> list[Summand]:
    axis %= len(at)
    slot, i = 0, at[axis]
    while i >= inputs[slot].shape[axis]:
        slot, i = slot + 1, i - inputs[slot].shape[axis]
    return [(1.0, ((slot, (*at[:axis], i, *at[axis + 1 :])),))]


def _elements(slot: int, terms: Sequence[Term], axis: int) -> str:
    """The place of an operand in the result as an index, counted from 1: 4:6, or :,4:6 for columns."""
    start, stop = _place([t.shape for t in terms], slot, axis)
    return ":,\\," * (axis % terms[0].ndim) + f"{start + 1}:{stop}"


def _slice(slot: int, inputs: Sequence[Source], axis: int) -> str:
    """The place of an operand in the result, as Python counts: 3:5, or :, 3:5 for columns."""
    axis %= inputs[0].ndim
    start, stop = _place([a.shape for a in inputs], slot, axis)
    return ":, " * axis + f"{start}:{stop}"


def _joined(*terms: Term, axis: int = -1) -> str:
    shown = terms if len(terms) <= 4 else (*terms[:2], r"\dots", terms[-1])
    return r"\left[" + r";\, ".join(shown) + r"\right]"


_TWO = example([0.7, -0.35, 0.1], [1.5, 0.5])

concat = registry.declare(
    name="concat",
    inference=Inference("joins"),
    arity=None,
    attributes={"axis": -1},
    shape=_concat_shape,
    forward=lambda *inputs, axis=-1: xp_of(inputs[0]).concat(inputs, axis=axis),
    vjps=_concat_vjp,
    jacobians=_concat_jacobian,
    symbol=r"\operatorname{concat}",
    latex=_joined,
    jacobian_latex=lambda slot: (
        lambda y, *terms, axis=-1: (
            rf"\mathbf{{I}}_{{:,\,{_elements(slot, terms, axis)}}}" if y.ndim == 1 else r"\mathbf{P}"
        )
    ),
    product_latex=lambda slot: lambda g, y, *terms, axis=-1: rf"\left[{g}\right]_{{{_elements(slot, terms, axis)}}}",
    code=Code(
        lambda *inputs, axis=-1: f"np.concatenate([{', '.join(inputs)}], axis={axis})",
        lambda slot: lambda g, y, *inputs, axis=-1: f"{g}[{_slice(slot, inputs, axis)}]",
        lambda *inputs, axis=-1: f"torch.cat([{', '.join(inputs)}], dim={axis})",
    ),
    says=lambda *terms, axis=-1: (
        N_("{y} is {a} and {b}, one behind the other.")
        if len(terms) == 2
        else N_("{y} is its operands, one behind the other.")
    ),
    says_back=lambda slot: N_("Each operand receives its own part of the gradient at {y}, unchanged."),
    function="concat",
    linear="together",
    terms=_concat_terms,
    examples=(
        _TWO,
        example([[0.5, -1.5], [2.0, -0.25]], [[0.4], [0.9]]),
        example([[0.5, -1.5], [2.0, -0.25]], [[0.4, 0.9]], [[1.0, 2.0]], axis=0),
        example([[[0.5, -1.5]], [[2.0, -0.25]]], [[[0.4, 0.1]], [[0.9, 0.3]]], axis=1),
        example([0.7, -0.35]),
    ),
)
