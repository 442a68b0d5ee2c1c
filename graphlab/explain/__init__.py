"""One step of a walk in words: LaTeX in symbols, the same with numbers, and a sentence."""

from .numbers import array_latex, number, number_latex

__all__ = ["array_latex", "number", "number_latex"]
