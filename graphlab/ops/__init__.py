"""Every operation of the program, one file a family. Importing this package fills the registry."""

from . import (
    comparison,
    convolution,
    divergences,
    elementwise,
    images,
    linear,
    losses,
    normalisation,
    reductions,
    regression,
    regularisation,
    scaling_norms,
    selection,
    sequences,
    shaping,
    softmax,
)

__all__ = [
    "comparison",
    "convolution",
    "divergences",
    "elementwise",
    "images",
    "linear",
    "losses",
    "normalisation",
    "reductions",
    "regression",
    "regularisation",
    "scaling_norms",
    "selection",
    "sequences",
    "shaping",
    "softmax",
]
