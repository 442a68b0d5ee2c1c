"""Every operation of the program, one file a family. Importing this package fills the registry."""

from . import elementwise, linear, losses, reductions, shaping, softmax

__all__ = ["elementwise", "linear", "losses", "reductions", "shaping", "softmax"]
