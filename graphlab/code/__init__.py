"""The walk as a program that stands alone: numpy lines forward and backward, or PyTorch."""

from .listing import Line, Listing
from .program import LANGUAGES, code
from .tokens import tokens

__all__ = ["LANGUAGES", "Line", "Listing", "code", "tokens"]
