"""The functions that programs with images write out."""

from __future__ import annotations

from ..errors import N_
from ..op import Helper

CONV2D = {
    "image_windows": Helper(
        N_("Every window of an image under a filter of h rows and w columns, the image padded with zeros."),
        """\
def image_windows(x, h, w, stride, padding):
    x = np.pad(x, [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)
    windows = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(-2, -1))
    return windows[..., ::stride, ::stride, :, :]
""",
    ),
    "conv2d": Helper(
        "",
        """\
def conv2d(x, w, stride, padding):
    windows = image_windows(x, *w.shape[-2:], stride, padding)
    if w.ndim == 2:
        return np.einsum("rshw,hw->rs", windows, w)
    return np.einsum("...crshw,fchw->...frs", windows, w)
""",
    ),
    "conv2d_vjp_x": Helper(
        N_("What every window sends back to its pixels, added up where the pixel stands."),
        """\
def conv2d_vjp_x(g, x, w, stride, padding):
    if w.ndim == 2:
        return conv2d_vjp_x(g[None], x[None], w[None, None], stride, padding)[0]
    total = np.pad(np.zeros_like(x), [(0, 0)] * (x.ndim - 2) + [(padding, padding)] * 2)
    rows, columns = (stride * n for n in g.shape[-2:])
    for i in range(w.shape[-2]):
        for j in range(w.shape[-1]):
            sent = np.einsum("...frs,fc->...crs", g, w[:, :, i, j])
            total[..., i : i + rows : stride, j : j + columns : stride] += sent
    return total[..., padding : padding + x.shape[-2], padding : padding + x.shape[-1]]
""",
    ),
    "conv2d_vjp_w": Helper(
        "",
        """\
def conv2d_vjp_w(g, x, w, stride, padding):
    windows = image_windows(x, *w.shape[-2:], stride, padding)
    if w.ndim == 2:
        return np.einsum("rshw,rs->hw", windows, g)
    windows, g = windows.reshape(-1, *windows.shape[-5:]), g.reshape(-1, *g.shape[-3:])
    return np.einsum("ncrshw,nfrs->fchw", windows, g)
""",
    ),
}

_POOL = {
    "pool_windows": Helper(
        N_("The k × k windows of an image, each as one row; what does not fill a window is left out."),
        """\
def pool_windows(x, k):
    rows, columns = x.shape[-2] // k, x.shape[-1] // k
    x = x[..., : rows * k, : columns * k].reshape(*x.shape[:-2], rows, k, columns, k)
    return x.swapaxes(-3, -2).reshape(*x.shape[:-4], rows, columns, k * k)
""",
    ),
}

_BACK = {
    "to_image": Helper(
        N_("Rows of k × k numbers put back where their windows stand in an image of this shape; 0 elsewhere."),
        """\
def to_image(windows, shape, k):
    *lead, rows, columns, _ = windows.shape
    image = np.zeros(shape)
    windows = windows.reshape(*lead, rows, columns, k, k).swapaxes(-3, -2)
    image[..., : rows * k, : columns * k] = windows.reshape(*lead, rows * k, columns * k)
    return image
""",
    ),
}

MAX_POOL = {
    **_POOL,
    **_BACK,
    "max_pool_vjp": Helper(
        N_("The first of the largest numbers of each window receives its gradient."),
        """\
def max_pool_vjp(g, x, k):
    windows = pool_windows(x, k)
    won = np.argmax(windows, axis=-1)[..., None] == np.arange(k * k)
    return to_image(g[..., None] * won, x.shape, k)
""",
    ),
}

MEAN_POOL = {
    **_POOL,
    **_BACK,
    "mean_pool_vjp": Helper(
        "",
        """\
def mean_pool_vjp(g, shape, k):
    return to_image(np.repeat(g[..., None], k * k, axis=-1) / k**2, shape, k)
""",
    ),
}
