"""One step of a walk in words: LaTeX in symbols, the same with numbers, and a sentence."""

from .mathml import UnsafeFormula, mathml, width
from .numbers import array_latex, number, number_latex
from .steps import Explanation, explain, spoken

__all__ = [
    "Explanation",
    "UnsafeFormula",
    "array_latex",
    "explain",
    "mathml",
    "number",
    "number_latex",
    "spoken",
    "width",
]
