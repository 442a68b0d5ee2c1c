"""Which axes meet: an op's own product, read back from its LaTeX as factors with their axes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...op import Term
from .axes import Axes, Axis

_FIRST = 0xE000
_FACTOR = re.compile(r"\s*([\ue000-\uf8ff])(\^\{\\top\})?\s*")
_SIGN = re.compile(r"(\\,|\\cdot|\\odot)")


@dataclass(frozen=True)
class Factor:
    """An array in a product. `met` are the places of the axes that are summed over, each with one of its neighbour."""

    latex: str
    axes: Axes
    met: frozenset[int] = frozenset()
    operand: int = -1
    transposed: bool = False


@dataclass(frozen=True)
class Shapes:
    """A product with its axes spelled out: `(H) · (H×D) → (D)`. `summed`: it is summed back over what was repeated."""

    factors: tuple[Factor, ...]
    sign: str
    result: Factor
    summed: bool = False

    @property
    def outer(self) -> bool:
        """Whether a column stands beside a row, so that every element of one meets every element of the other."""
        return len(self.factors) == 2 and self.factors[0].axes[1:] == (Axis(1),) == self.factors[1].axes[:1]

    @property
    def multiplications(self) -> int:
        """How many pairs of numbers the product multiplies."""
        if len(self.factors) < 2:
            return 0
        left, right = self.factors
        count = 1
        for axis in (*left.axes, *(a for i, a in enumerate(right.axes) if self.sign != "⊙" and i not in right.met)):
            count *= axis.size
        return count

    def text(self) -> str:
        """The shapes as plain text."""
        return f" {self.sign} ".join(spelled(f.axes) for f in self.factors) + f" → {spelled(self.result.axes)}"


def spelled(axes: Axes) -> str:
    """(D×H); () for a number."""
    return "(" + "×".join(axis.label for axis in axes) + ")"


def contraction(gradient: Factor, jacobian: str, over: Axes, by: Axes, result: Factor) -> Shapes:
    """The chain rule: the gradient times the Jacobian, summed over the axes of what was computed."""
    places = frozenset(range(len(over)))
    left = Factor(gradient.latex, over, places)
    return Shapes((left, Factor(jacobian, (*over, *by), places)), "·", result)


def read_product(
    write: Callable[..., str],
    operands: Sequence[tuple[str, Axes]],
    result: Factor,
    attributes: Mapping[str, Any],
) -> Shapes | None:
    """The product that `write` sets, as factors; None where it is more than a product of operands and their transposes.

    `operands` are LaTeX and axes, in the order that `write` takes them. What comes out has the axes of `result`.
    """
    terms = [Term(chr(_FIRST + i), tuple(a.size for a in axes)) for i, (_, axes) in enumerate(operands)]
    pieces = _SIGN.split(str(write(*terms, **attributes)))
    found = [_FACTOR.fullmatch(piece) for piece in pieces[::2]]
    matches = [match for match in found if match is not None]
    if len(matches) < len(found) or len(matches) > 2:
        return None
    factors = []
    for match in matches:
        i, transposed = ord(match[1]) - _FIRST, bool(match[2])
        latex, axes = operands[i]
        if transposed and "^" in latex:  # W^{(1)} has something above it already
            latex = f"{{{latex}}}"
        factors.append(
            Factor(latex + (match[2] or ""), _turned(axes) if transposed else axes, frozenset(), i, transposed)
        )
    if len(factors) == 1:
        fits = _sizes(factors[0].axes) == _sizes(result.axes)
        return Shapes(tuple(factors), "", result) if fits else None
    return _paired(factors[0], factors[1], pieces[1], result)


def _paired(left: Factor, right: Factor, sign: str, result: Factor) -> Shapes | None:
    if sign == r"\odot":
        fits = _sizes(left.axes) == _sizes(right.axes) == _sizes(result.axes)
        return Shapes((left, right), "⊙", result) if fits else None
    if not left.axes or not right.axes:
        return Shapes((left, right), "·", result) if _sizes(left.axes + right.axes) == _sizes(result.axes) else None
    if len(left.axes) == len(right.axes) == 1 and left.transposed:  # a column beside a row
        one = Axis(1)
        left = Factor(left.latex, (*left.axes, one), frozenset({1}), left.operand, True)
        right = Factor(right.latex, (one, *right.axes), frozenset({0}), right.operand)
        fits = _sizes((left.axes[0], right.axes[1])) == _sizes(result.axes)
        return Shapes((left, right), "·", result) if fits else None
    for n in range(1, min(len(left.axes), len(right.axes)) + 1):
        kept = left.axes[:-n] + right.axes[n:]
        if _sizes(left.axes[-n:]) == _sizes(right.axes[:n]) and _sizes(kept) == _sizes(result.axes):
            met = frozenset(range(len(left.axes) - n, len(left.axes)))
            left = Factor(left.latex, left.axes, met, left.operand, left.transposed)
            right = Factor(right.latex, right.axes, frozenset(range(n)), right.operand, right.transposed)
            return Shapes((left, right), "·", result)
    return None


def _turned(axes: Axes) -> Axes:
    """The axes of the transpose; of a stack of rows, the columns come first."""
    return axes[-1:] + axes[:-1]


def _sizes(axes: Axes) -> tuple[int, ...]:
    return tuple(axis.size for axis in axes)
