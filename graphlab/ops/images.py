"""Convolution over the rows and columns of an image, and the pooling of its windows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Index, Kinks, Picks, Shape, ShapeMismatch, Source, Summand, Term, example, registry
from .image_source import CONV2D, MAX_POOL, MEAN_POOL
from .reductions import lead

ROWS = -2  # the axes of an image come last: its rows, then its columns


def _whole(name: str, value: object, least: int) -> None:
    if not isinstance(value, int) or value < least:
        raise ShapeMismatch(
            message(
                N_("{name} has to be a whole number from {least} up, not {value}"), name=name, least=least, value=value
            )
        )


def _conv2d_shape(x: Shape, w: Shape, *, stride: int = 1, padding: int = 0) -> Shape:
    _whole("stride", stride, 1)
    _whole("padding", padding, 0)
    if len(x) not in (2, 3, 4):
        raise ShapeMismatch(
            message(N_("an image is a matrix, or has axes for channels, rows and columns; a minibatch has one more"))
        )
    if len(w) != (2 if len(x) == 2 else 4):
        kernel = tuple(min(2, n) for n in x[ROWS:])
        if len(x) == 2:
            raise ShapeMismatch(message(N_("the filter for a matrix is a matrix")), {1: kernel})
        raise ShapeMismatch(
            message(N_("a filter bank has four axes: filters, channels, rows, columns")), {1: (1, x[-3], *kernel)}
        )
    if len(x) > 2 and x[-3] != w[1]:
        wanted = {0: (*x[:-3], w[1], *x[ROWS:]), 1: (w[0], x[-3], *w[ROWS:])}
        raise ShapeMismatch(message(N_("the filters are for another number of channels")), wanted)
    if any(n + 2 * padding < k for n, k in zip(x[ROWS:], w[ROWS:], strict=True)):
        fitting = tuple(min(n + 2 * padding, k) for n, k in zip(x[ROWS:], w[ROWS:], strict=True))
        raise ShapeMismatch(message(N_("a filter is larger than the image")), {1: (*w[:ROWS], *fitting)})
    sizes = ((n + 2 * padding - k) // stride + 1 for n, k in zip(x[ROWS:], w[ROWS:], strict=True))
    return (*x[:-3], *w[:-3], *sizes)


def _four_axes(a: Array) -> Array:
    """An image or a filter with axes of size 1 put in front: (N, C, H, W)."""
    return xp_of(a).reshape(a, (1,) * (4 - a.ndim) + tuple(a.shape))


def _zeros(a: Array, n: int, axis: int) -> Array:
    """Zeros of a's shape, but of size n along the axis."""
    xp = xp_of(a)
    edge = a[:, :, :1, :] if axis == 2 else a[:, :, :, :1]
    return xp.broadcast_to(xp.zeros_like(edge), (*a.shape[:axis], n, *a.shape[axis + 1 :]))


def _padded(a: Array, rows: tuple[int, int], columns: tuple[int, int]) -> Array:
    """(N, C, H, W) with zeros before and after its rows and its columns."""
    for axis, (before, after) in ((2, rows), (3, columns)):
        parts = [_zeros(a, before, axis)] * (before > 0) + [a] + [_zeros(a, after, axis)] * (after > 0)
        a = xp_of(a).concat(parts, axis=axis) if len(parts) > 1 else a
    return a


def _spaced(a: Array, stride: int) -> Array:
    """(N, C, H, W) with stride - 1 zeros between neighbouring rows and columns: the inverse of `a[::stride]`."""
    if stride == 1:
        return a
    xp = xp_of(a)
    for axis in (2, 3):
        each = xp.expand_dims(a, axis=axis + 1)
        zeros = xp.zeros_like(each)
        n = a.shape[axis] * stride
        a = xp.reshape(
            xp.concat([each, *[zeros] * (stride - 1)], axis=axis + 1), (*a.shape[:axis], n, *a.shape[axis + 1 :])
        )
    return a[:, :, : a.shape[2] - stride + 1, : a.shape[3] - stride + 1]


def _windows(x: Array, h: int, w: int, stride: int = 1) -> Array:
    """Every window of h rows and w columns as one column: (N, h w C, rows, columns), so that one product does it all."""
    rows, columns = x.shape[2] - h + 1, x.shape[3] - w + 1
    places = [(i, j) for i in range(h) for j in range(w)]
    return xp_of(x).concat([x[:, :, i : i + rows : stride, j : j + columns : stride] for i, j in places], axis=1)


def _slid(x: Array, filters: Array, h: int, w: int, stride: int = 1) -> Array:
    """Filters (F, h w C) applied to every window of (N, C, H, W): (N, F, rows, columns)."""
    xp = xp_of(x)
    return xp.permute_dims(xp.tensordot(_windows(x, h, w, stride), filters, axes=((1,), (1,))), (0, 3, 1, 2))


def _conv2d(x: Array, w: Array, *, stride: int = 1, padding: int = 0) -> Array:
    xp = xp_of(x)
    image, filters = _four_axes(x), _four_axes(w)
    f, c, h, k = filters.shape
    rows = xp.reshape(xp.permute_dims(filters, (0, 2, 3, 1)), (f, h * k * c))
    y = _slid(_padded(image, (padding, padding), (padding, padding)), rows, h, k, stride)
    return xp.reshape(y, _conv2d_shape(x.shape, w.shape, stride=stride, padding=padding))


def _conv2d_vjp_x(g: Array, y: Array, x: Array, w: Array, *, stride: int = 1, padding: int = 0) -> Array:
    # The gradients stand where their windows begin; the filters, turned round, slide over them and bring each pixel
    # what its windows send. Rows and columns in which no window fits any more receive zeros.
    xp = xp_of(g)
    filters = _four_axes(w)
    f, _, h, k = filters.shape
    height, width = (n + 2 * padding for n in x.shape[ROWS:])
    sent = _spaced(xp.reshape(g, _sent_shape(y.shape, f)), stride)
    around = _padded(sent, (h - 1, height - sent.shape[2]), (k - 1, width - sent.shape[3]))
    turned = xp.concat([filters[:, :, i, j] for i in reversed(range(h)) for j in reversed(range(k))], axis=0)
    total = _slid(around, xp.permute_dims(turned, (1, 0)), h, k)
    inner = total[:, :, padding : height - padding, padding : width - padding]
    return xp.reshape(inner, x.shape)


def _sent_shape(y: Shape, filters: int) -> Shape:
    """The shape (N, F, rows, columns) of a result that may lack the first axes."""
    return (y[0] if len(y) == 4 else 1, filters, *y[ROWS:])


def _conv2d_vjp_w(g: Array, y: Array, x: Array, w: Array, *, stride: int = 1, padding: int = 0) -> Array:
    xp = xp_of(g)
    f, c, h, k = (1,) * (4 - w.ndim) + tuple(w.shape)
    windows = _windows(_padded(_four_axes(x), (padding, padding), (padding, padding)), h, k, stride)
    rows = xp.tensordot(xp.reshape(g, _sent_shape(y.shape, f)), windows, axes=((0, 2, 3), (0, 2, 3)))
    return xp.reshape(xp.permute_dims(xp.reshape(rows, (f, h, k, c)), (0, 3, 1, 2)), w.shape)


def _conv2d_terms(at: Index, x: Array, w: Array, *, stride: int = 1, padding: int = 0) -> list[Summand]:
    *lead_axes, row, column = at
    *objects, f = (*lead_axes[:-1], lead_axes[-1] if lead_axes else None)
    terms: list[Summand] = []
    for *channel, i, j in np.ndindex(w.shape[len(w.shape) - (2 if f is None else 3) :]):
        r, s = row * stride + i - padding, column * stride + j - padding
        if 0 <= r < x.shape[-2] and 0 <= s < x.shape[-1]:  # beyond the edge there are zeros, which are no summands
            own = () if f is None else (f,)
            terms.append((1.0, ((0, (*objects, *channel, r, s)), (1, (*own, *channel, i, j)))))
    return terms


def _conv2d_torch(x: Source, w: Source, *, stride: int = 1, padding: int = 0) -> str:
    given = (f", stride={stride}" if stride != 1 else "") + (f", padding={padding}" if padding else "")
    if x.ndim == 2:
        return f"F.conv2d({x}[None], {w}[None, None]{given})[0]"
    return f"F.conv2d({x}, {w}{given})"


def _times(stride: int) -> str:
    return "" if stride == 1 else f"{stride} "


def _conv2d_latex(x: Term, w: Term, *, stride: int = 1, padding: int = 0) -> str:
    settings = [
        rf"\text{{{name}}}={n}" for name, n, usual in (("stride", stride, 1), ("padding", padding, 0)) if n != usual
    ]
    return rf"{x} \ast_{{{', '.join(settings)}}} {w}" if settings else rf"{x} \ast {w}"


_IMAGE = [
    [0.5, -1.5, 0.7, 0.1],
    [2.0, -0.25, 1.3, -0.9],
    [0.3, 0.8, -1.1, 0.6],
    [-0.7, 1.1, 0.4, -0.2],
    [1.6, -0.4, 0.9, 1.2],
]
_OTHER = [row[::-1] for row in _IMAGE[::-1]]
_KERNEL = [[0.4, -0.6], [0.2, 0.9]]
_BANK = [[[[0.4, -0.6], [0.2, 0.9]], [[-1.2, 0.5], [0.7, 0.3]]], [[[1.0, -0.3], [0.1, 0.8]], [[0.6, -0.5], [0.9, 0.2]]]]

conv2d = registry.declare(
    name="conv2d",
    arity=2,
    attributes={"stride": 1, "padding": 0},
    shape=_conv2d_shape,
    forward=_conv2d,
    vjps=(_conv2d_vjp_x, _conv2d_vjp_w),
    jacobians=(None, None),
    symbol=r"\ast",
    latex=_conv2d_latex,
    jacobian_latex=(
        lambda y, x, w, *, stride=1, **_: rf"\left[{w}\right]_{{j - {_times(stride)}i}}",
        lambda y, x, w, *, stride=1, **_: rf"\left[{x}\right]_{{{_times(stride)}i + j}}",
    ),
    product_latex=(
        lambda g, y, x, w, **_: rf"{g} \ast_{{\text{{full}}}} {w}^{{\top}}",
        lambda g, y, x, w, **_: rf"{x}^{{\top}} \ast {g}",
    ),
    code=Code(
        "conv2d({a}, {b}, {stride}, {padding})",
        ("conv2d_vjp_x({g}, {a}, {b}, {stride}, {padding})", "conv2d_vjp_w({g}, {a}, {b}, {stride}, {padding})"),
        _conv2d_torch,
        helpers=CONV2D,
    ),
    why=(
        N_(
            "A pixel lies under several windows: the filters slide back over the gradient, and what "
            "they bring to a pixel is added up."
        ),
        N_(
            "A filter is used at every window: the products of the windows with their gradients "
            "are added up over all of them."
        ),
    ),
    says=N_(
        "The filters {b} slide over the image {a}: each element of {y} is the scalar product of a filter with one window."
    ),
    says_back=(
        N_("A pixel of {a} lies under several windows, and receives the sum of what each of them sends it."),
        N_("The filters {b} are the same for all windows, so they receive the sum over all of them."),
    ),
    function="conv2d",
    linear="each",
    terms=_conv2d_terms,
    examples=(
        example(_IMAGE, _KERNEL),
        example(_IMAGE, [[0.4, -0.6, 1.0]], stride=2, padding=1),
        example([_IMAGE[:3], _OTHER[:3]], _BANK),
        example([_IMAGE, _OTHER], _BANK[:1], stride=2),
        example([[_IMAGE[:2], _OTHER[:2]], [_OTHER[2:4], _IMAGE[1:3]]], _BANK, padding=1, stride=3),
    ),
)


def _pool_shape(a: Shape, *, size: int = 2) -> Shape:
    _whole("size", size, 1)
    if len(a) not in (2, 3, 4):
        raise ShapeMismatch(
            message(N_("an image is a matrix, or has axes for channels, rows and columns; a minibatch has one more"))
        )
    if min(a[ROWS:]) < size:
        raise ShapeMismatch(message(N_("a window of {size} × {size} is larger than the image"), size=size))
    return (*a[:ROWS], *(n // size for n in a[ROWS:]))


def _pool_windows(a: Array, size: int) -> Array:
    """The windows as rows: (…, rows, columns, size²). What does not fill a window is left out."""
    xp = xp_of(a)
    rows, columns = (n // size for n in a.shape[ROWS:])
    lead_axes = tuple(a.shape[:ROWS])
    split = xp.reshape(a[..., : rows * size, : columns * size], (*lead_axes, rows, size, columns, size))
    return xp.reshape(_inner_swapped(split), (*lead_axes, rows, columns, size * size))


def _inner_swapped(a: Array) -> Array:
    """The third and the second axis from the end exchanged."""
    n = a.ndim
    return xp_of(a).permute_dims(a, (*range(n - 3), n - 2, n - 3, n - 1))


def _to_image(windows: Array, a: Array, size: int) -> Array:
    """The inverse of `_pool_windows`: numbers put back where they stand in `a`, and 0 where no window is."""
    xp = xp_of(a)
    lead_axes, (rows, columns) = tuple(a.shape[:ROWS]), (n // size for n in a.shape[ROWS:])
    split = _inner_swapped(xp.reshape(windows, (*lead_axes, rows, columns, size, size)))
    image = xp.reshape(split, (*lead_axes, rows * size, columns * size))
    below, beside = a[..., rows * size :, : columns * size], a[..., columns * size :]
    parts = [image, xp.zeros_like(below)] if below.shape[-2] else [image]
    image = xp.concat(parts, axis=-2) if len(parts) > 1 else image
    return xp.concat([image, xp.zeros_like(beside)], axis=-1) if beside.shape[-1] else image


def _first_winners(y: Array, windows: Array) -> Array:
    """1 at the first of the largest elements of each window, 0 elsewhere. Torch too gives a tie to the first one."""
    xp = xp_of(windows)
    open_, won = xp.ones_like(y), []
    for p in range(windows.shape[-1]):
        here = xp.astype(windows[..., p] == y, y.dtype) * open_
        open_ = open_ - here
        won.append(here)
    return xp.stack(won, axis=-1)


def _max_pool_vjp(g: Array, y: Array, a: Array, *, size: int = 2) -> Array:
    won = _first_winners(y, _pool_windows(a, size))
    return _to_image(xp_of(g).expand_dims(g, axis=-1) * won, a, size)


def _pool_places(at: Index, size: int) -> list[Index]:
    """The places of an image that come together in the element `at`."""
    return [(*at[:-2], at[-2] * size + i, at[-1] * size + j) for i in range(size) for j in range(size)]


def _winner_says(slot: int, index: Index, a: Term, *, size: int = 2) -> tuple[str, dict[str, int]]:
    """Where the winner of which window stands, all counted from 1."""
    row, column = index[ROWS:]
    words = {"down": row // size + 1, "across": column // size + 1, "row": row + 1, "column": column + 1}
    if a.ndim == 2:
        return N_("The largest of window ({down}, {across}) stands in row {row}, column {column}."), words
    words = {"channel": index[-3] + 1, **words}
    if a.ndim == 3:
        return (
            N_("Channel {channel}: the largest of window ({down}, {across}) stands in row {row}, column {column}."),
            words,
        )
    return (
        N_(
            "Object {object}, channel {channel}: the largest of window ({down}, {across}) stands in row {row}, "
            "column {column}."
        ),
        {"object": index[0] + 1, **words},
    )


def _pool_torch(function: str) -> Callable[..., str]:
    def code(a: Source, *, size: int = 2) -> str:
        return f"F.{function}({a}[None], {size})[0]" if a.ndim == 2 else f"F.{function}({a}, {size})"

    return code


def _pool_latex(function: str) -> Callable[..., str]:
    def latex(a: Term, *, size: int = 2) -> str:
        return rf"\operatorname{{{function}}}_{{{size} \times {size}}}\left({a}\right)"

    return latex


_POOLED = (
    example(_IMAGE),
    example(_IMAGE, size=3),
    example([_IMAGE[:2], _OTHER[1:3]]),
    example([[_IMAGE[:3], _OTHER[:3]], [_OTHER[2:], _IMAGE[1:4]]]),
    example(_IMAGE, size=1),
)

max_pool = registry.declare(
    name="max_pool",
    arity=1,
    attributes={"size": 2},
    shape=_pool_shape,
    forward=lambda a, *, size=2: xp_of(a).max(_pool_windows(a, size), axis=-1),
    vjps=(_max_pool_vjp,),
    jacobians=(None,),
    symbol=r"\operatorname{maxpool}",
    latex=_pool_latex("maxpool"),
    jacobian_latex=(lambda y, a, **_: rf"\left[{a} = {y}\right]",),
    product_latex=(lambda g, y, a, **_: rf"{g} \odot \left[{a} = {y}\right]",),
    code=Code(
        "np.max(pool_windows({a}, {size}), axis=-1)",
        ("max_pool_vjp({g}, {a}, {size})",),
        _pool_torch("max_pool2d"),
        helpers=MAX_POOL,
    ),
    why=(N_("The Jacobian is 1 where a pixel won its window and 0 elsewhere: to multiply by it is to pick."),),
    says=N_("{y} keeps of each window of {a} the largest pixel; the windows do not overlap."),
    says_back=(N_("In each window the winner takes the whole gradient at {y}; all other pixels receive 0."),),
    picks=Picks(
        lambda y, a, *, size=2: (_to_image(_first_winners(y, _pool_windows(a, size)), a, size) == 1,), _winner_says
    ),
    kinks=Kinks(N_("a tie in a window of the maximum"), lambda a, *, size=2: lead(_pool_windows(a, size), -1)),
    function="max_pool",
    aliases=("max_pool2d", "MaxPool"),
    element=lambda at, a, *, size=2: (rf"\max\left({', '.join(a(*i) for i in _pool_places(at, size))}\right)",),
    examples=_POOLED,
)


def _mean_pool(a: Array, *, size: int = 2) -> Array:
    return xp_of(a).sum(_pool_windows(a, size), axis=-1) / size**2


def _mean_pool_vjp(g: Array, y: Array, a: Array, *, size: int = 2) -> Array:
    xp = xp_of(g)
    shares = xp.broadcast_to(xp.expand_dims(g / size**2, axis=-1), (*g.shape, size * size))
    return _to_image(shares, a, size)


mean_pool = registry.declare(
    name="mean_pool",
    arity=1,
    attributes={"size": 2},
    shape=_pool_shape,
    forward=_mean_pool,
    vjps=(_mean_pool_vjp,),
    jacobians=(None,),
    symbol=r"\operatorname{meanpool}",
    latex=_pool_latex("meanpool"),
    jacobian_latex=(lambda y, a, *, size=2: rf"\frac{{1}}{{{size**2}}}",),
    product_latex=(lambda g, y, a, *, size=2: rf"{g} \cdot \frac{{1}}{{{size**2}}}",),
    code=Code(
        "np.mean(pool_windows({a}, {size}), axis=-1)",
        ("mean_pool_vjp({g}, {a}.shape, {size})",),
        _pool_torch("avg_pool2d"),
        helpers=MEAN_POOL,
    ),
    why=(N_("Every pixel has the same weight in the mean of its window, so all of them receive the same share."),),
    says=N_("{y} keeps of each window of {a} the mean; the windows do not overlap."),
    says_back=(N_("Every pixel of {a} receives an equal share of the gradient of its window."),),
    function="mean_pool",
    aliases=("avg_pool", "avg_pool2d", "AvgPool"),
    linear="each",
    terms=lambda at, a, *, size=2: [(1 / size**2, ((0, i),)) for i in _pool_places(at, size)],
    examples=_POOLED,
)
