"""The axes of an array rearranged, and parts of it taken: permute, expand, reshape, flatten, slice, and one element a row."""

from __future__ import annotations

from math import prod
from typing import Any

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, message
from ..op import Code, Index, Op, Shape, ShapeMismatch, Source, Summand, Term, example, registry
from .reductions import reduction_jacobian
from .rules import check_axis
from .source import PICK, column


def _is_whole(*numbers: Any) -> bool:
    return all(isinstance(n, int) and not isinstance(n, bool) for n in numbers)


def _named(name: str) -> dict[str, Any]:
    """The LaTeX of an op that is written as a function."""
    return {
        "symbol": rf"\operatorname{{{name}}}",
        "latex": lambda a, **_: rf"\operatorname{{{name}}}\left({a}\right)",
    }


def _moves(name: str, **parts: Any) -> Op:
    """An op of one operand whose elements are all found again in the result, each once."""
    return registry.declare(
        name=name,
        arity=1,
        jacobians=(None,),
        jacobian_latex=(lambda y, a, **_: r"\mathbf{P}" if a.ndim else "1",),
        why=(N_("The elements only change their places, so the gradient takes the same way back."),),
        linear="each",
        **parts,
    )


def _permute_shape(a: Shape, *, axes: tuple[int, ...] = ()) -> Shape:
    if not _is_whole(*axes) or sorted(axes) != list(range(len(a))):
        raise ShapeMismatch(
            message(N_("axes has to name each of the {n} axes once, counted from 0, not {axes}"), n=len(a), axes=axes)
        )
    return tuple(a[i] for i in axes)


def _inverse(axes: tuple[int, ...]) -> tuple[int, ...]:
    """The order that undoes the order `axes`."""
    return tuple(sorted(range(len(axes)), key=lambda i: axes[i]))


permute = _moves(
    "permute",
    attributes={"axes": ()},
    shape=_permute_shape,
    forward=lambda a, *, axes=(): xp_of(a).permute_dims(a, tuple(axes)),
    vjps=(lambda g, y, a, *, axes=(): xp_of(g).permute_dims(g, _inverse(axes)),),
    **_named("permute"),
    product_latex=(lambda g, y, a, *, axes=(): rf"\operatorname{{permute}}^{{-1}}\left({g}\right)",),
    code=Code(
        lambda a, *, axes=(): f"np.transpose({a}, {tuple(axes)})",
        (lambda g, y, a, *, axes=(): f"np.transpose({g}, {_inverse(axes)})",),
        lambda a, *, axes=(): f"{a}.permute({tuple(axes)})",
    ),
    says=N_("{y} is {a} with its axes in another order."),
    says_back=(N_("{a} receives the gradient at {y} with the axes put back in their old order."),),
    terms=lambda at, a, *, axes=(): [(1.0, ((0, tuple(at[i] for i in _inverse(axes))),))],
    examples=(
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], axes=(1, 0)),
        example([[[0.5, -1.5, 0.2], [0.3, 0.2, 0.8]]], axes=(2, 0, 1)),
        example([0.7, -0.35], axes=(0,)),
    ),
)


def _expand_shape(a: Shape, *, axis: int = 0) -> Shape:
    n = len(a) + 1
    if not _is_whole(axis) or not -n <= axis < n:
        raise ShapeMismatch(
            message(N_("the new axis has to be one of {n}, counted from 0, not {axis}"), n=n, axis=axis)
        )
    axis %= n
    return (*a[:axis], 1, *a[axis:])


def _without(axes: Index, axis: int) -> Index:
    """A shape or a place without one of its axes."""
    axis %= len(axes)
    return axes[:axis] + axes[axis + 1 :]


expand = _moves(
    "expand",
    attributes={"axis": 0},
    shape=_expand_shape,
    forward=lambda a, *, axis=0: xp_of(a).expand_dims(a, axis=axis),
    vjps=(lambda g, y, a, *, axis=0: xp_of(g).reshape(g, a.shape),),
    **_named("expand"),
    product_latex=(lambda g, y, a, *, axis=0: rf"\operatorname{{squeeze}}\left({g}\right)",),
    code=Code(
        "np.expand_dims({a}, {axis})",
        (lambda g, y, a, *, axis=0: f"np.squeeze({g}, {axis})",),
        # A number of the text is no tensor yet.
        lambda a, *, axis=0: f"torch.as_tensor({a}).unsqueeze({axis})" if not a.ndim else f"{a}.unsqueeze({axis})",
    ),
    says=N_("{y} is {a} with one more axis, of size 1."),
    says_back=(N_("{a} receives the gradient at {y} without the axis of size 1."),),
    terms=lambda at, a, *, axis=0: [(1.0, ((0, _without(at, axis)),))],
    examples=(
        example([0.7, -0.35, 0.1]),
        example([0.7, -0.35, 0.1], axis=-1),
        example([[0.5, -1.5], [2.0, -0.25]], axis=1),
        example(0.4),
    ),
)


def _reshape_shape(a: Shape, *, shape: tuple[int, ...] = ()) -> Shape:
    shape = tuple(shape)
    if not _is_whole(*shape) or min(shape, default=1) < 0 or prod(shape) != prod(a):
        raise ShapeMismatch(message(N_("{n} elements do not fill the shape {shape}"), n=prod(a), shape=shape))
    return shape


def _same_place(at: Index, over: Shape, shape: Shape) -> Index:
    """The place in an array of `shape` of the element that stands at `at` in one of the shape `over`, row by row."""
    flat, found = 0, []
    for i, n in zip(at, over, strict=True):
        flat = flat * n + i
    for n in reversed(shape):
        flat, i = divmod(flat, n)
        found.append(i)
    return tuple(reversed(found))


reshape = _moves(
    "reshape",
    attributes={"shape": ()},
    shape=_reshape_shape,
    forward=lambda a, *, shape=(): xp_of(a).reshape(a, tuple(shape)),
    vjps=(lambda g, y, a, *, shape=(): xp_of(g).reshape(g, a.shape),),
    **_named("reshape"),
    product_latex=(lambda g, y, a, *, shape=(): rf"\operatorname{{reshape}}\left({g}\right)",),
    code=Code(
        lambda a, *, shape=(): f"np.reshape({a}, {tuple(shape)})",
        (lambda g, y, a, *, shape=(): f"np.reshape({g}, {a.shape})",),
        lambda a, *, shape=(): f"torch.reshape({a}, {tuple(shape)})",
    ),
    says=N_("{y} has the elements of {a}, row by row, in another shape."),
    says_back=(N_("{a} receives the gradient at {y}, brought back to its own shape."),),
    terms=lambda at, a, *, shape=(): [(1.0, ((0, _same_place(at, tuple(shape), a.shape)),))],
    examples=(
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], shape=(3, 2)),
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], shape=(2, 1, 3)),
        example([0.7, -0.35, 0.1, 0.4], shape=(2, 2)),
        example([[0.4]], shape=()),
    ),
)


def _flat_shape(a: Shape, *, start: int = 0) -> Shape:
    if not _is_whole(start):
        raise ShapeMismatch(message(N_("start has to be a whole number, not {start}"), start=start))
    check_axis(start, a)
    start %= len(a)
    return (*a[:start], prod(a[start:]))


def _flat_latex(a: Term, *, start: int = 0) -> str:
    place = rf"_{{\text{{start}}={start}}}" if start else ""
    return rf"\operatorname{{flatten}}{place}\left({a}\right)"


flatten = _moves(
    "flatten",
    attributes={"start": 0},
    shape=_flat_shape,
    forward=lambda a, *, start=0: xp_of(a).reshape(a, _flat_shape(a.shape, start=start)),
    vjps=(lambda g, y, a, *, start=0: xp_of(g).reshape(g, a.shape),),
    symbol=r"\operatorname{flatten}",
    latex=_flat_latex,
    product_latex=(lambda g, y, a, *, start=0: rf"\operatorname{{reshape}}\left({g}\right)",),
    code=Code(
        lambda a, *, start=0: f"np.reshape({a}, {_flat_shape(a.shape, start=start)})",
        (lambda g, y, a, *, start=0: f"np.reshape({g}, {a.shape})",),
        lambda a, *, start=0: f"torch.flatten({a}, start_dim={start})",
    ),
    says=lambda a, *, start=0: (
        N_("{y} has all elements of {a} one behind the other, row by row: a vector.")
        if not start % max(a.ndim, 1)
        else N_("{y} has the elements of {a}, with the last axes joined into one.")
    ),
    says_back=(N_("{a} receives the gradient at {y}, brought back to its own shape."),),
    function="flatten",
    terms=lambda at, a, *, start=0: [(1.0, ((0, _same_place(at, _flat_shape(a.shape, start=start), a.shape)),))],
    examples=(
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], start=1),
        example([0.7, -0.35], start=-1),
    ),
)


def _slice_shape(a: Shape, *, axis: int = 0, start: int = 0, stop: int = 1) -> Shape:
    if not a:
        raise ShapeMismatch(message(N_("a slice is taken along an axis, and a scalar has none")))
    check_axis(axis, a)
    axis %= len(a)
    if not _is_whole(start, stop) or not 0 <= start < stop <= a[axis]:
        raise ShapeMismatch(
            message(
                N_("a slice from {start} to before {stop} does not lie within an axis of size {n}"),
                start=start,
                stop=stop,
                n=a[axis],
            )
        )
    return (*a[:axis], stop - start, *a[axis + 1 :])


def _part(a: Array, axis: int, start: int, stop: int) -> Array:
    return a[(slice(None),) * (axis % a.ndim) + (slice(start, stop), ...)]


def _padded(g: Array, a: Array, axis: int, start: int, stop: int) -> Array:
    """g at its place in an array of a's shape, with zeros before and after it."""
    xp = xp_of(g)
    zeros, n = xp.zeros_like(a), a.shape[axis]
    before, after = _part(zeros, axis, 0, start), _part(zeros, axis, stop, n)
    return xp.concat([part for part in (before, g, after) if part.shape[axis]], axis=axis)


def _range(start: int, stop: int) -> str:
    """The places as formulas count them, from 1: 3:5, or 3."""
    return f"{start + 1}:{stop}" if stop > start + 1 else str(stop)


def _slice_latex(a: Term, *, axis: int = 0, start: int = 0, stop: int = 1) -> str:
    axis %= max(a.ndim, 1)
    places = [":"] * axis + [_range(start, stop)] + [":"] * (a.ndim - axis - 1)
    joined = r",\,".join(places)
    return rf"\left[{a}\right]_{{{joined}}}"


def _slice_code(a: Source, axis: int, start: int, stop: int) -> str:
    return f"{a}[{':, ' * (axis % a.ndim)}{start}:{stop}]"


def _pad_code(g: Source, a: Source, axis: int, start: int, stop: int) -> str:
    axis %= a.ndim
    widths = [(start, n - stop) if i == axis else (0, 0) for i, n in enumerate(a.shape)]
    return f"np.pad({g}, {widths})"


slice_ = registry.declare(
    name="slice",
    arity=1,
    attributes={"axis": 0, "start": 0, "stop": 1},
    shape=_slice_shape,
    forward=lambda a, *, axis=0, start=0, stop=1: _part(a, axis, start, stop),
    vjps=(lambda g, y, a, *, axis=0, start=0, stop=1: _padded(g, a, axis, start, stop),),
    jacobians=(None,),
    symbol=r"[\,\cdot\,]",
    latex=_slice_latex,
    jacobian_latex=(
        lambda y, a, *, axis=0, start=0, stop=1: (
            rf"\mathbf{{I}}_{{{_range(start, stop)},\,:}}" if a.ndim == 1 else r"\mathbf{P}"
        ),
    ),
    product_latex=(lambda g, y, a, *, axis=0, start=0, stop=1: rf"\operatorname{{pad}}\left({g}\right)",),
    code=Code(
        lambda a, *, axis=0, start=0, stop=1: _slice_code(a, axis, start, stop),
        (lambda g, y, a, *, axis=0, start=0, stop=1: _pad_code(g, a, axis, start, stop),),
        lambda a, *, axis=0, start=0, stop=1: _slice_code(a, axis, start, stop),
    ),
    why=(
        N_(
            "The Jacobian is 1 for the elements that were taken and 0 for the others: zeros are put around the gradient."
        ),
    ),
    says=N_("{y} is a part of {a}: some places along one axis."),
    says_back=(N_("The part of {a} that was taken receives the gradient at {y} unchanged; the rest receives 0."),),
    linear="each",
    terms=lambda at, a, *, axis=0, start=0, stop=1: [
        (1.0, ((0, tuple(i + start if k == axis % len(at) else i for k, i in enumerate(at))),))
    ],
    examples=(
        example([0.7, -0.35, 0.1, 0.4], start=1, stop=3),
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
        example([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], axis=-1, start=1, stop=3),
        example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], axis=1, start=1, stop=2),
        example([0.7, -0.35], start=0, stop=2),
    ),
)


def _pick_shape(a: Shape, index: Shape) -> Shape:
    if not a:
        raise ShapeMismatch(message(N_("an element is picked along the last axis, and a scalar has none")))
    if index != a[:-1]:
        raise ShapeMismatch(message(N_("there is one index for each row of the scores")), wanted={1: a[:-1]})
    return index


def _chosen(a: Array, index: Array) -> Array:
    """True at the element of each row that its index names. Raises GraphlabError for an index that is no place in it."""
    xp, n = xp_of(a), a.shape[-1]
    if not xp.all((index >= 0) & (index < n) & (index == xp.floor(index))):
        raise GraphlabError(
            message(N_("an index is not a whole number from 0 to {last}, a place in its row"), last=n - 1)
        )
    places = xp.cumulative_sum(xp.ones_like(a), axis=-1) - 1  # 0, 1, 2, … in every row, where `a` is
    return places == xp.expand_dims(index, axis=-1)


def _pick(a: Array, index: Array) -> Array:
    # Not a product with 0 and 1: a score that is not picked may be infinite.
    xp = xp_of(a)
    return xp.sum(xp.where(_chosen(a, index), a, xp.zeros_like(a)), axis=-1)


def _pick_vjp(g: Array, y: Array, a: Array, index: Array) -> Array:
    xp = xp_of(g)
    return xp.where(_chosen(a, index), xp.broadcast_to(xp.expand_dims(g, axis=-1), a.shape), xp.zeros_like(a))


def _pick_terms(at: Index, a: Array, index: Array) -> list[Summand]:
    return [(1.0, ((0, (*at, int(index[at]))),))]


gather = registry.declare(
    name="gather",
    arity=2,
    draws={1: lambda shapes, **k: ("index", shapes[0][-1])},
    shape=_pick_shape,
    forward=_pick,
    vjps=(_pick_vjp, None),
    jacobians=(lambda y, a, index: reduction_jacobian(xp_of(a).astype(_chosen(a, index), a.dtype), y, a, -1), None),
    symbol=r"\operatorname{pick}",
    latex=lambda a, index: rf"\operatorname{{pick}}\left({a}, {index}\right)",
    jacobian_latex=(lambda y, a, index: rf"\operatorname{{onehot}}\left({index}\right)", None),
    product_latex=(
        lambda g, y, a, index: (
            (rf"{g}^{{\top}} \odot " if g.ndim else rf"{g} \cdot ") + rf"\operatorname{{onehot}}\left({index}\right)"
        ),
        None,
    ),
    code=Code(
        "np.take_along_axis({a}, np.asarray({b}, dtype=int)[..., None], axis=-1)[..., 0]",
        (lambda g, y, a, index: f"pick_vjp({column(g)}, {a}, {index})", None),
        "torch.gather({a}, -1, {b}.long()[..., None])[..., 0]",
        helpers=PICK,
    ),
    why=(
        N_("The Jacobian is 1 at the element that was picked and 0 elsewhere: the gradient is put at its place."),
        None,
    ),
    says=N_("{y} is the element of each row of {a} whose number stands in {b}, counted from 0."),
    says_back=(N_("The element that {b} names receives the gradient at {y}; all others in its row receive 0."), None),
    function="pick",
    linear="each",
    terms=_pick_terms,
    examples=(
        example([0.7, -0.35, 0.1], 2.0),
        example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], [1.0, 0.0]),
        example([[[0.5, -1.5], [0.3, 0.2]], [[2.0, -0.25], [0.9, 1.0]]], [[1.0, 0.0], [1.0, 1.0]]),
    ),
)
