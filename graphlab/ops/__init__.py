"""Every operation of the program, one file a family. Importing this package fills the registry."""

from . import elementwise, linear, losses, normalisation, reductions, regularisation, shaping, softmax

__all__ = ["elementwise", "linear", "losses", "normalisation", "reductions", "regularisation", "shaping", "softmax"]
