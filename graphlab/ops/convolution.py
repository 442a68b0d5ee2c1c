"""Convolution over the words of a sentence, and what it is pooled by (Kim 2014)."""

from __future__ import annotations

from ..arrays import Array, xp_of
from ..errors import N_, message
from ..op import Code, Index, Kinks, Picks, Shape, ShapeMismatch, Summand, Term, example, registry
from .reductions import greatest, lead, nonempty, picked, reduction_jacobian, spread, winners
from .source import CONV, WINNERS

TIME = -2  # the axis of the words: a sentence is (T, D), a minibatch of sentences (B, T, D)


def _conv_shape(x: Shape, w: Shape) -> Shape:
    if len(x) not in (2, 3):
        raise ShapeMismatch(message(N_("a sentence is a matrix with one row a word, or a minibatch of such matrices")))
    if len(w) != 3:
        wanted = {1: (min(2, x[TIME]), x[-1], w[-1] if w else 1)}
        raise ShapeMismatch(message(N_("a filter bank has three axes: words, their vectors, filters")), wanted)
    if x[-1] != w[1]:
        wanted = {0: (*x[:-1], w[1]), 1: (w[0], x[-1], w[2])}
        raise ShapeMismatch(message(N_("the filters are for word vectors of another length")), wanted)
    if x[TIME] < w[0]:
        wanted = {0: (*x[:TIME], w[0], x[-1]), 1: (x[TIME], w[1], w[2])}
        raise ShapeMismatch(message(N_("a filter is longer than the sentence")), wanted)
    return (*x[:TIME], x[TIME] - w[0] + 1, w[2])


def _windows(x: Array, k: int) -> Array:
    """Every fragment of k words as one row: (…, T − k + 1, k D). All scalar products are then one matrix product."""
    n = x.shape[TIME] - k + 1
    return xp_of(x).concat([x[..., i : i + n, :] for i in range(k)], axis=-1)


def _conv(x: Array, w: Array) -> Array:
    xp = xp_of(x)
    return xp.tensordot(_windows(x, w.shape[0]), xp.reshape(w, (w.shape[0] * w.shape[1], w.shape[2])), axes=1)


def _conv_vjp_x(g: Array, y: Array, x: Array, w: Array) -> Array:
    xp = xp_of(g)
    k, d, filters = w.shape
    n = x.shape[TIME] - k + 1
    fragments = xp.tensordot(g, xp.reshape(w, (k * d, filters)), axes=((g.ndim - 1,), (1,)))
    total = None
    for i in range(k):  # what the fragments send to their word i, moved to where that word stands
        before, after = xp.zeros_like(x[..., :i, :]), xp.zeros_like(x[..., i + n :, :])
        parts = (before, fragments[..., i * d : (i + 1) * d], after)
        moved = xp.concat([p for p in parts if p.shape[TIME]], axis=TIME)
        total = moved if total is None else total + moved
    return total


def _conv_vjp_w(g: Array, y: Array, x: Array, w: Array) -> Array:
    xp = xp_of(g)
    rows = tuple(range(g.ndim - 1))
    return xp.reshape(xp.tensordot(_windows(x, w.shape[0]), g, axes=(rows, rows)), w.shape)


def _conv_terms(at: Index, x: Array, w: Array) -> list[Summand]:
    *objects, n, f = at
    return [(1.0, ((0, (*objects, n + i, d)), (1, (i, d, f)))) for i in range(w.shape[0]) for d in range(w.shape[1])]


_SENTENCE = [[0.5, -1.5], [2.0, -0.25], [0.3, 0.8], [-0.7, 1.1]]
_FILTERS = [[[0.4, -0.6, 1.0], [0.2, 0.9, -0.3]], [[-1.2, 0.5, 0.1], [0.7, 0.3, 0.8]]]

conv = registry.declare(
    name="conv",
    arity=2,
    shape=_conv_shape,
    forward=_conv,
    vjps=(_conv_vjp_x, _conv_vjp_w),
    jacobians=(None, None),
    symbol=r"\ast",
    latex=lambda x, w: rf"{x} \ast {w}",
    jacobian_latex=(
        lambda y, x, w: rf"\left[{w}\right]_{{j - i}}",
        lambda y, x, w: rf"\left[{x}\right]_{{i + j}}",
    ),
    product_latex=(
        lambda g, y, x, w: rf"{g} \ast_{{\text{{full}}}} {w}^{{\top}}",
        lambda g, y, x, w: rf"{x}^{{\top}} \ast {g}",
    ),
    code=Code(
        "conv({a}, {b})",
        ("conv_vjp_x({g}, {a}, {b})", "conv_vjp_w({g}, {a}, {b})"),
        "F.conv1d({a}.mT, {b}.permute(2, 1, 0)).mT",
        helpers=CONV,
    ),
    why=(
        N_(
            "A word lies under several windows: the filters slide back over the gradient, and what "
            "they bring to a word is added up."
        ),
        N_(
            "A filter is used at every window: the products of the windows with their gradients "
            "are added up over all of them."
        ),
    ),
    says=N_(
        "The filters {b} slide over the words of {a}: each row of {y} holds the scalar product of every filter with one "
        "fragment of the sentence."
    ),
    says_back=(
        N_("A word of {a} stands in several fragments, and receives the sum of what each of them sends it."),
        N_("The filters {b} are the same for all fragments, so they receive the sum over all of them."),
    ),
    function="conv",
    linear="each",
    terms=_conv_terms,
    examples=(
        example(_SENTENCE, _FILTERS),
        example(_SENTENCE, _FILTERS[:1]),
        example(_SENTENCE[:2], _FILTERS),
        example([_SENTENCE, _SENTENCE[::-1]], _FILTERS),
        example([_SENTENCE[:3]], [*_FILTERS, _FILTERS[0]]),
    ),
)


def _window(slot: int, index: Index, a: Term) -> tuple[str, dict[str, int]]:
    """Which window a filter answered to most strongly, both counted from 1."""
    words = {"filter": index[-1] + 1, "window": index[TIME] + 1}
    if a.ndim == 2:
        return N_("The largest of filter {filter} stands at window {window}."), words
    return (
        N_("Object {object}: the largest of filter {filter} stands at window {window}."),
        {"object": index[0] + 1, **words},
    )


def _over_time(a: Shape) -> Shape:
    if len(a) not in (2, 3):
        raise ShapeMismatch(message(N_("a sentence is a matrix with one row a word, or a minibatch of such matrices")))
    return nonempty(a, axis=TIME)


max_over_time = registry.declare(
    name="max_over_time",
    arity=1,
    shape=_over_time,
    forward=lambda a: xp_of(a).max(a, axis=TIME),
    vjps=(lambda g, y, a: spread(g, a, TIME) * winners(y, a, TIME),),
    jacobians=(lambda y, a: reduction_jacobian(winners(y, a, TIME), y, a, TIME),),
    symbol=r"\max_t",
    latex=lambda a: rf"\max_t \left({a}\right)",
    jacobian_latex=(lambda y, a: rf"\left[{a} = {y}\right]",),
    product_latex=(lambda g, y, a: rf"{g} \odot \left[{a} = {y}\right]",),
    code=Code(
        "np.max({a}, axis=-2)",
        ("np.expand_dims({g}, -2) * winners({a}, axis=-2)",),
        "torch.amax({a}, dim=-2)",
        helpers=WINNERS,
    ),
    why=(N_("The Jacobian is 1 where an element won its column and 0 elsewhere: to multiply by it is to pick."),),
    says=N_("{y} keeps of each column of {a} the largest element: how strongly a filter answered, and not where."),
    says_back=(N_("In each column the winner takes the whole gradient at {y}; all other places receive 0."),),
    picks=Picks(lambda y, a: (picked(a, TIME),), _window),
    kinks=Kinks(N_("a tie in the maximum over time"), lambda a: lead(a, TIME)),
    function="max_over_time",
    element=lambda at, a: greatest(a, TIME, at),
    examples=(
        example(_SENTENCE),
        example([[0.5, -1.5, 0.2]]),
        example([_SENTENCE, [[0.1, 0.6], [-0.4, 0.2], [0.9, -0.1], [0.3, 0.5]]]),
    ),
)
