"""Every operation of the program, one file a family. Importing this package fills the registry."""

from . import (
    convolution,
    elementwise,
    linear,
    losses,
    normalisation,
    reductions,
    regularisation,
    selection,
    sequences,
    shaping,
    softmax,
)

__all__ = [
    "convolution",
    "elementwise",
    "linear",
    "losses",
    "normalisation",
    "reductions",
    "regularisation",
    "selection",
    "sequences",
    "shaping",
    "softmax",
]
