"""How ops are written in a program: what several families share, and the functions that programs write out."""

from __future__ import annotations

from ..errors import N_
from ..op import Helper, Shape, Source


def summed_back(expression: str, shape: Shape, operand: Source) -> str:
    """An expression of `shape`, summed over what was broadcast from the operand's shape; itself where nothing was."""
    extra = len(shape) - operand.ndim
    kept = [extra + i for i, n in enumerate(operand.shape) if n == 1 and shape[extra + i] != 1]
    if not extra and not kept:
        return expression
    if not operand.ndim:
        return f"np.sum({expression})"
    axes = [*range(extra), *kept]
    axis = str(axes[0]) if len(axes) == 1 else str(tuple(axes))
    if not kept:
        return f"np.sum({expression}, axis={axis})"
    total = f"np.sum({expression}, axis={axis}, keepdims=True)"
    return f"{total}.reshape({operand.shape})" if extra else total


def repeated(expression: str, operand: Source) -> str:
    """An expression, repeated to the shape of the operand."""
    return f"np.broadcast_to({expression}, {operand}.shape)" if operand.ndim else expression


def column(name: Source, axes: int = 1) -> str:
    """A name with axes of size 1 put in behind: one number a row becomes a column. A scalar stays as it is."""
    return f"{name}[...{', None' * axes}]" if name.ndim and axes else str(name)


def swapped(name: Source) -> str:
    """The name with its last two axes exchanged; a vector is its own transpose."""
    if name.ndim < 2:
        return str(name)
    return f"{name}.T" if name.ndim == 2 else f"{name}.swapaxes(-1, -2)"


XLOGY = {
    "xlogy": Helper(
        N_("x log y, with 0 log 0 = 0."),
        """\
def xlogy(x, y):
    return x * np.log(np.where(x == 0, 1.0, y))
""",
    ),
    "ratio": Helper(
        N_("x / y, with 0 / 0 = 0."),
        """\
def ratio(x, y):
    return x / np.where(x == 0, 1.0, y)
""",
    ),
}

SOFTMAX = {
    "softmax": Helper(
        "",
        """\
def softmax(z):
    e = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return e / np.sum(e, axis=-1, keepdims=True)
""",
    ),
    "log_softmax": Helper(
        "",
        """\
def log_softmax(z):
    shifted = z - np.max(z, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))
""",
    ),
}

SOFTMAX_ALONG = {
    "softmax_along": Helper(
        "",
        """\
def softmax_along(z, axis):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / np.sum(e, axis=axis, keepdims=True)
""",
    ),
    "log_softmax_along": Helper(
        "",
        """\
def log_softmax_along(z, axis):
    shifted = z - np.max(z, axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
""",
    ),
}

WINNERS = {
    "winners": Helper(
        N_("1 at the maximum, 0 elsewhere; the winners of a tie share the 1."),
        """\
def winners(a, axis=None):
    won = a == np.max(a, axis=axis, keepdims=True)
    return won / np.sum(won, axis=axis, keepdims=True)
""",
    ),
}

OTHERS = {
    "others": Helper(
        N_("For each element the product of all others."),
        """\
def others(a, axis=None):
    zero = a == 0
    plain = np.where(zero, 1.0, a)
    zeros = np.sum(zero, axis=axis, keepdims=True)
    return np.where(zeros == zero, np.prod(plain, axis=axis, keepdims=True) / plain, 0.0)
""",
    ),
}

LOGSUMEXP = {
    "logsumexp": Helper(
        "",
        """\
def logsumexp(a, axis=None):
    top = np.max(a, axis=axis, keepdims=True)
    return np.max(a, axis=axis) + np.log(np.sum(np.exp(a - top), axis=axis))
""",
    ),
}

SINGULAR = {
    "spectral_slope": Helper(
        N_("The product u vᵀ of the largest singular value; equal ones share it."),
        """\
def spectral_slope(a):
    u, s, v = np.linalg.svd(a, full_matrices=False)
    first = s == s[0]
    return (u * (first / np.sum(first))) @ v
""",
    ),
}

NORMALISE = {
    "normalise": Helper(
        N_("a with mean 0 and variance 1 along the axis, and the deviation it was divided by."),
        """\
def normalise(a, axis, eps):
    centred = a - np.mean(a, axis=axis, keepdims=True)
    deviation = np.sqrt(np.mean(centred**2, axis=axis, keepdims=True) + eps)
    return centred / deviation, deviation
""",
    ),
    "normalise_vjp": Helper(
        "",
        """\
def normalise_vjp(g, a, axis, eps):
    z, deviation = normalise(a, axis, eps)
    along = np.mean(g * z, axis=axis, keepdims=True)
    return (g - np.mean(g, axis=axis, keepdims=True) - z * along) / deviation
""",
    ),
}

DIRECTION = {
    "direction": Helper(
        N_("The columns of v brought to length 1, and their lengths."),
        """\
def direction(v):
    length = np.sqrt(np.sum(v**2, axis=0))
    return v / length, length
""",
    ),
    "weightnorm_vjp": Helper(
        "",
        """\
def weightnorm_vjp(g, v, lengths):
    u, length = direction(v)
    return (g - u * np.sum(g * u, axis=0)) * (lengths / length)
""",
    ),
}

CONV = {
    "windows": Helper(
        N_("Every fragment of k words as one row."),
        """\
def windows(x, k):
    n = x.shape[-2] - k + 1
    return np.concatenate([x[..., i : i + n, :] for i in range(k)], axis=-1)
""",
    ),
    "conv": Helper(
        "",
        """\
def conv(x, w):
    return windows(x, len(w)) @ w.reshape(-1, w.shape[-1])
""",
    ),
    "conv_vjp_x": Helper(
        N_("What every fragment sends back to its words, added up where the word stands."),
        """\
def conv_vjp_x(g, x, w):
    total, n = np.zeros_like(x), g.shape[-2]
    for i in range(len(w)):
        total[..., i : i + n, :] += g @ w[i].T
    return total
""",
    ),
    "conv_vjp_w": Helper(
        "",
        """\
def conv_vjp_w(g, x, w):
    rows = windows(x, len(w)).reshape(-1, w.shape[0] * w.shape[1])
    return (rows.T @ g.reshape(-1, g.shape[-1])).reshape(w.shape)
""",
    ),
}

EMBED = {
    "embed_vjp": Helper(
        N_("Each row of g is added to the row of the table that its index names."),
        """\
def embed_vjp(g, indices, table):
    total = np.zeros_like(table)
    np.add.at(total, np.asarray(indices, dtype=int), g)
    return total
""",
    ),
}

PICK = {
    "pick_vjp": Helper(
        N_("Each gradient is put at the place in its row that the index names; the rest is 0."),
        """\
def pick_vjp(g, a, indices):
    total = np.zeros_like(a)
    np.put_along_axis(total, np.asarray(indices, dtype=int)[..., None], g, axis=-1)
    return total
""",
    ),
}

LAST = {
    "last": Helper(
        N_("Of each sequence the state at its own last step."),
        """\
def last(lengths, states):
    y = np.zeros_like(states[0])
    for t, state in enumerate(states, 1):
        y = np.where(np.expand_dims(lengths, -1) == t, state, y)
    return y
""",
    ),
}

LAST_IN_TORCH = {
    "last": Helper(
        N_("Of each sequence the state at its own last step."),
        """\
def last(lengths, states):
    y = torch.zeros_like(states[0])
    for t, state in enumerate(states, 1):
        y = torch.where(lengths.unsqueeze(-1) == t, state, y)
    return y
""",
    ),
}
