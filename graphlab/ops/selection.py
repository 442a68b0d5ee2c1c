"""Operations that choose: rows of a table, the last real step, one of two values, the steps that may be seen."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays import Array, xp_of
from ..errors import N_, GraphlabError, message
from ..op import Code, Index, Inference, Picks, Shape, ShapeMismatch, Source, Summand, Term, example, registry
from .rules import broadcast, elementwise_jacobian, leading, summed, trailing, unbroadcast
from .source import EMBED, LAST, LAST_IN_TORCH, column, summed_back


def _embed_shape(indices: Shape, table: Shape) -> Shape:
    if len(table) != 2:
        reason = message(N_("the table of an embedding is a matrix with one row a word"))
        raise ShapeMismatch(reason, wanted={1: (table[0] if table else 4, 3)})
    return (*indices, table[1])


def _whole(indices: Array, table: Array) -> Array:
    """The indices as integers, one after the other. Raises GraphlabError for one that is no row of the table."""
    xp = xp_of(table)
    flat = xp.reshape(indices, (indices.size,))
    if not xp.all((flat >= 0) & (flat < table.shape[0]) & (flat == xp.floor(flat))):
        raise GraphlabError(
            message(N_("an index is not a whole number from 0 to {last}, a row of the table"), last=table.shape[0] - 1)
        )
    return xp.astype(flat, xp.int64)


def _embed(indices: Array, table: Array) -> Array:
    xp = xp_of(table)
    rows = xp.take(table, _whole(indices, table), axis=0)
    return xp.reshape(rows, (*indices.shape, table.shape[1]))


def _one_hot(indices: Array, table: Array) -> Array:
    """One row an index, 1 in its column: (number of indices, rows of the table)."""
    xp = xp_of(table)
    columns = xp.cumulative_sum(xp.ones_like(table[:, 0])) - 1  # 0, 1, 2, … where the table is
    return xp.astype(xp.reshape(indices, (indices.size, 1)) == columns, table.dtype)


def _embed_vjp(g: Array, y: Array, indices: Array, table: Array) -> Array:
    xp = xp_of(g)
    rows = xp.reshape(g, (indices.size, table.shape[1]))
    if hasattr(xp.add, "at"):  # numpy and cupy add up rows in place; the standard has nothing like it
        total = xp.zeros_like(table)
        xp.add.at(total, _whole(indices, table), rows)
        return total
    return xp.matrix_transpose(_one_hot(indices, table)) @ rows


def _embed_jacobian(y: Array, indices: Array, table: Array) -> Array:
    xp = xp_of(table)
    (n, d), k = table.shape, indices.size
    chosen = xp.reshape(_one_hot(indices, table), (k, 1, n, 1))
    return xp.reshape(chosen * xp.reshape(xp.eye(d, dtype=table.dtype), (1, d, 1, d)), y.shape + table.shape)


_TABLE = [[0.5, -1.5], [2.0, -0.25], [0.3, 0.8], [-0.7, 1.1]]

embed = registry.declare(
    name="embed",
    arity=2,
    draws={0: lambda shapes: ("index", shapes[1][0])},
    shape=_embed_shape,
    forward=_embed,
    vjps=(None, _embed_vjp),
    jacobians=(None, _embed_jacobian),
    symbol=r"\operatorname{embed}",
    latex=lambda indices, table: rf"\operatorname{{embed}}\left({indices}, {table}\right)",
    jacobian_latex=(None, lambda y, indices, table: rf"\operatorname{{onehot}}\left({indices}\right)"),
    product_latex=(
        None,
        lambda g, y, indices, table: rf"\operatorname{{onehot}}\left({indices}\right)^{{\top}} {g}",
    ),
    code=Code(
        "{b}[np.asarray({a}, dtype=int)]",
        (None, "embed_vjp({g}, {a}, {b})"),
        "F.embedding({a}.long(), {b})",
        helpers=EMBED,
    ),
    why=(
        None,
        N_(
            "A product with one-hot rows: in code, each row of the gradient is added to the row of "
            "{b} that was looked up."
        ),
    ),
    says=N_("{y} is made of rows of the table {b}: for each index in {a} the row with that number, counted from 0."),
    says_back=(
        None,
        N_(
            "Only the rows that {a} names receive a gradient, a row that is named twice the sum of both; all the others "
            "receive 0."
        ),
    ),
    function="embed",
    linear="each",
    terms=lambda at, indices, table: [(1.0, ((1, (int(indices[at[:-1]]), at[-1])),))],
    examples=(
        example(2.0, _TABLE),
        example([3.0, 0.0, 3.0], _TABLE),
        example([[1.0, 2.0], [0.0, 1.0]], _TABLE),
    ),
)


def _columns(mask: Array, like: Array) -> Array:
    """`mask`, which speaks of the leading axes of `like`, with the missing ones put in behind."""
    xp = xp_of(mask)
    for _ in range(like.ndim - mask.ndim):
        mask = xp.expand_dims(mask, axis=-1)
    return mask


def _last_shape(length: Shape, *states: Shape) -> Shape:
    first = states[0]
    if not first:
        raise ShapeMismatch(message(N_("a state is a vector, or a matrix with one row an object")))
    if length != first[:-1]:
        raise ShapeMismatch(message(N_("there is one length for each row of the states")), wanted={0: first[:-1]})
    for slot, state in enumerate(states, 1):
        if state != first:
            raise ShapeMismatch(message(N_("the shapes have to be equal")), wanted={slot: first})
    return first


def _last(length: Array, *states: Array) -> Array:
    xp = xp_of(length)
    length = _columns(length, states[0])
    y = xp.zeros_like(states[0])  # a sequence of length 0 never leaves its start
    for t, state in enumerate(states, 1):
        y = xp.where(length == t, state, y)
    return y


def _last_vjp(slot: int) -> Callable[..., Array] | None:
    if slot == 0:
        return None

    def vjp(g: Array, y: Array, length: Array, *states: Array) -> Array:
        return xp_of(g).where(_columns(length, g) == slot, g, xp_of(g).zeros_like(g))

    return vjp


def _last_jacobian(slot: int) -> Callable[..., Array] | None:
    if slot == 0:
        return None

    def jacobian(y: Array, length: Array, *states: Array) -> Array:
        return elementwise_jacobian(xp_of(y).astype(_columns(length, y) == slot, y.dtype), y, states[slot - 1])

    return jacobian


def _last_picked(y: Array, length: Array, *states: Array) -> tuple[Array, ...]:
    rows = _columns(length, y)
    taken = [(rows == t) & (state == state) for t, state in enumerate(states, 1)]
    return (length != length, *taken)


def _last_step(slot: int, index: Index, length: Term, *states: Term) -> tuple[str, dict[str, int]]:
    if len(index) != 2:
        return N_("The last real step is {step}."), {"step": slot}
    return N_("The last real step of object {object} is {step}."), {"object": index[0] + 1, "step": slot}


def _last_latex(length: Term, *states: Term) -> str:
    shown = states if len(states) <= 3 else (states[0], r"\dots", states[-1])
    return r"\left[" + r";\, ".join(shown) + rf"\right]_{{{length}}}"


last = registry.declare(
    name="last",
    inference=Inference("alike", slice(1, None), {0: slice(-1)}),
    arity=None,
    draws={0: lambda shapes, **k: ("lengths", len(shapes) - 1)},
    at_least=2,
    shape=_last_shape,
    forward=_last,
    vjps=_last_vjp,
    jacobians=_last_jacobian,
    symbol=r"\operatorname{last}",
    latex=_last_latex,
    jacobian_latex=lambda slot: (
        (lambda y, length, *states: rf"\left[{length} = {slot}\right] \mathbf{{I}}") if slot else None
    ),
    product_latex=lambda slot: (
        (lambda g, y, length, *states: rf"\left[{length} = {slot}\right] \odot {g}") if slot else None
    ),
    code=Code(
        lambda length, *states: f"last({length}, [{', '.join(states)}])",
        lambda slot: f"np.where(np.expand_dims({{a}}, -1) == {slot}, {{g}}, 0)" if slot else None,
        lambda length, *states: f"last({length}, [{', '.join(states)}])",
        helpers=LAST,
        torch_helpers=LAST_IN_TORCH,
    ),
    says=N_("{y} is the state at the true last step of each sequence, which {a} counts: padded steps are passed over."),
    says_back=lambda slot: (
        N_("The gradient at {y} goes to the last real step alone; all other steps receive exactly 0 from here.")
        if slot
        else None
    ),
    function="last",
    linear="together",
    picks=Picks(_last_picked, _last_step),
    terms=lambda at, length, *states: [(1.0, ((int(length[at[:-1]]), at),))] if length[at[:-1]] else [],
    examples=(
        example(2.0, [0.7, -0.35, 0.1], [1.5, 0.5, -0.2], [0.3, 0.9, 0.4]),
        example([1.0, 3.0], [[0.5, -1.5], [2.0, -0.25]], [[0.4, 0.9], [0.1, 0.3]], [[1.0, 0.2], [-0.6, 0.8]]),
        example([0.0, 1.0], [[0.5, -1.5], [2.0, -0.25]]),
    ),
)


def _select_shape(mask: Shape, a: Shape, b: Shape) -> Shape:
    """The operands broadcast together; a mask of fewer axes speaks of the first ones, and not of the last ones.

    So the mask of a minibatch, one number an object, reaches all that belongs to the object.
    """
    try:
        chosen = broadcast(a, b)
    except ShapeMismatch:
        raise ShapeMismatch(message(N_("the shapes have to be equal")), wanted={1: b, 2: a}) from None
    try:
        return broadcast(mask + (1,) * (len(chosen) - len(mask)), chosen)
    except ShapeMismatch:
        raise ShapeMismatch(
            message(
                N_("the mask speaks of objects, of rows or of elements: its axes are the first ones of the others")
            ),
            wanted={0: chosen[:-1]},
        ) from None


def _reaching(mask: Source, shape: Shape) -> str:
    return column(mask, max(0, len(shape) - mask.ndim))


def _chosen(mask: Array, ndim: int) -> Array:
    """Where the first operand is taken, `mask` with the missing axes put in behind."""
    xp = xp_of(mask)
    for _ in range(ndim - mask.ndim):
        mask = xp.expand_dims(mask, axis=-1)
    return mask != 0


def _taken(g: Array, mask: Array, operand: Array, where: bool) -> Array:
    """The gradient where the mask chose the operand; exactly 0 elsewhere, even where the gradient is infinite."""
    xp = xp_of(g)
    zeros = xp.zeros_like(g)
    chosen = _chosen(mask, g.ndim)
    return unbroadcast(xp.where(chosen, g, zeros) if where else xp.where(chosen, zeros, g), operand.shape)


def _all_of(latex: str, y: Term) -> str:
    return rf"{latex} \mathbf{{I}}" if y.ndim else latex


def _select_jacobian(y: Array, mask: Array, operand: Array, where: bool) -> Array:
    return elementwise_jacobian(_taken(xp_of(y).ones_like(y), mask, y, where), y, operand)


def _select_term(at: Index, mask: Array, a: Array, b: Array) -> list[Summand]:
    shown = (1,) * (len(at) - mask.ndim)
    first = mask[leading(at, mask.shape + shown)[: mask.ndim]]
    return [(1.0, ((1, trailing(at, a.shape)) if first else (2, trailing(at, b.shape)),))]


select = registry.declare(
    name="select",
    inference=Inference("alike", slice(1, None)),
    arity=3,
    shape=_select_shape,
    forward=lambda mask, a, b: xp_of(mask).where(_chosen(mask, max(a.ndim, b.ndim)), a, b),
    vjps=(
        None,
        lambda g, y, mask, a, b: _taken(g, mask, a, True),
        lambda g, y, mask, a, b: _taken(g, mask, b, False),
    ),
    jacobians=(
        None,
        lambda y, mask, a, b: _select_jacobian(y, mask, a, True),
        lambda y, mask, a, b: _select_jacobian(y, mask, b, False),
    ),
    symbol=r"\operatorname{select}",
    latex=lambda mask, a, b: rf"\operatorname{{select}}\left({mask}, {a}, {b}\right)",
    jacobian_latex=(
        None,
        lambda y, mask, a, b: _all_of(rf"\left[{mask} \neq 0\right]", a),
        lambda y, mask, a, b: _all_of(rf"\left[{mask} = 0\right]", b),
    ),
    product_latex=(
        None,
        lambda g, y, mask, a, b: summed(rf"\left[{mask} \neq 0\right] \odot {g}", g, a),
        lambda g, y, mask, a, b: summed(rf"\left[{mask} = 0\right] \odot {g}", g, b),
    ),
    code=Code(
        lambda mask, a, b: f"np.where({_reaching(mask, broadcast(a.shape, b.shape))} != 0, {a}, {b})",
        (
            None,
            lambda g, y, mask, a, b: summed_back(f"np.where({_reaching(mask, g.shape)} != 0, {g}, 0)", g.shape, a),
            lambda g, y, mask, a, b: summed_back(f"np.where({_reaching(mask, g.shape)} != 0, 0, {g})", g.shape, b),
        ),
        lambda mask, a, b: f"torch.where({_reaching(mask, broadcast(a.shape, b.shape))} != 0, {a}, {b})",
    ),
    why=(
        None,
        N_("The Jacobian is 1 where {b} was taken and 0 elsewhere: a mask does the same."),
        N_("The Jacobian is 1 where {c} was taken and 0 elsewhere: a mask does the same."),
    ),
    says=N_("{y} takes {b} where {a} is not 0, and {c} elsewhere, each exactly as it is."),
    says_back=(
        None,
        N_("{b} receives the gradient at {y} where it was taken, and exactly 0 elsewhere."),
        N_("{c} receives the gradient at {y} where it was taken, and exactly 0 elsewhere."),
    ),
    function="select",
    linear="together",
    terms=_select_term,
    examples=(
        example([1.0, 0.0], [[0.5, -1.5], [2.0, -0.25]], [[0.4, 0.9], [0.1, 0.3]]),
        example([[0.0], [1.0]], [[0.5, -1.5], [2.0, -0.25]], [[0.4, 0.9], [0.1, 0.3]]),
        example([1.0, 0.0, 1.0], [0.7, -0.35, 0.1], [1.5, 0.5, -0.2]),
        example(1.0, [0.7, -0.35, 0.1], [1.5, 0.5, -0.2]),
        example(0.0, 0.4, 1.5),
        example([1.0, 0.0], [[0.5, -1.5], [2.0, -0.25]], 0.3),
        example([[1.0, 0.0], [0.0, 1.0]], [0.4, 0.9], [[0.5], [2.0]]),
        example([1.0, 0.0, 1.0], 0.7, -0.35),
    ),
)


def _square(a: Shape) -> Shape:
    if len(a) < 2 or a[-1] != a[-2]:
        reason = message(N_("the scores of attention within one sequence are a square matrix"))
        raise ShapeMismatch(reason, wanted={0: (*a[:-2], a[-1], a[-1]) if a else (3, 3)})
    return a


def _seen(a: Array) -> Array:
    """True on and below the diagonal: step t sees the steps up to t."""
    return xp_of(a).tril(xp_of(a).ones_like(a)) != 0


mask_future = registry.declare(
    name="mask_future",
    inference=Inference("alike", slice(1)),
    arity=1,
    shape=_square,
    forward=lambda a: xp_of(a).where(_seen(a), a, xp_of(a).full_like(a, -float("inf"))),
    vjps=(lambda g, y, a: xp_of(a).where(_seen(a), g, xp_of(g).zeros_like(g)),),
    jacobians=(lambda y, a: elementwise_jacobian(xp_of(a).astype(_seen(a), a.dtype), y, a),),
    symbol=r"\operatorname{mask}",
    latex=lambda a: rf"\operatorname{{mask}}\left({a}\right)",
    jacobian_latex=(lambda y, a: r"\operatorname{diag}\left(\left[i \geq j\right]\right)",),
    product_latex=(lambda g, y, a: rf"\left[i \geq j\right] \odot {g}",),
    code=Code(
        "np.where(np.tri({a}.shape[-1], dtype=bool), {a}, -np.inf)",
        ("np.where(np.tri({a}.shape[-1], dtype=bool), {g}, 0)",),
        "{a}.masked_fill(torch.ones_like({a}).triu(1) != 0, -torch.inf)",
    ),
    why=(N_("The Jacobian is 1 on and below the diagonal and 0 above it: a mask does the same."),),
    says=N_("{y} is {a} with −∞ above the diagonal: softmax makes 0 of it, so no step attends to a later one."),
    says_back=(N_("On and below the diagonal {a} receives the gradient at {y} unchanged; above it, exactly 0."),),
    infinite=True,
    function="mask_future",
    element=lambda at, a: (a(*at) if at[-2] >= at[-1] else r"-\infty",),
    examples=(
        example([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9], [0.3, 0.8, -0.7]]),
        example([[[0.5, -1.5], [2.0, -0.25]], [[0.4, 0.9], [0.1, 0.3]]]),
        example([[0.4]]),
    ),
)
