r"""An entry of a large Jacobian in closed form: $(\nabla_W y)_{ijk} = x_j [i = k]$, read from how the op declares its elements.

Nothing is known here of single ops. Of a sum of products the places of its factors are held against the places of the
entry: where they always agree they share a letter, and an entry of which that is not so at every place has no closed form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ...graph import Operation
from ...op import Index
from ..pieces import Piece, fill, in_brackets

SAMPLED = 48  # elements of y whose sums are looked at
LONGEST = 4096  # elements of an operand and of y beyond which none is looked for
Names = Callable[[int, str], str]


@dataclass(frozen=True)
class Entry:
    """∂y/∂x at one place: a number, times elements of other operands, where the letters of `same` are equal; else 0.

    `factors` are slots, each with its letters: "j", "i+k-1", or "1" on an axis of one element.
    """

    number: float
    factors: tuple[tuple[int, tuple[str, ...]], ...]
    same: tuple[tuple[str, str], ...]


def of_sums(
    operation: Operation, slot: int, shape: Index, inputs: Sequence[np.ndarray], i: str, j: str
) -> Entry | None:
    """The entry of a slot whose op declares its `terms`; `i` and `j` are the letters of y's places and of the operand's."""
    if None in operation.op.vjps or max(prod(shape), inputs[slot].size) > LONGEST:
        return None  # it would take too long; and an operand with no gradient picks by its values, so places agree by chance
    looked_at = _sampled(shape)
    found = list(_summands(operation, slot, looked_at, inputs))
    if not found or len({(c, tuple(s for s, _ in others)) for _, _, c, others in found}) != 1:
        return None
    at, index = (np.array([row[n] for row in found]).reshape(len(found), -1) for n in (0, 1))
    wide = [b for b, n in enumerate(inputs[slot].shape) if n > 1]
    same: dict[int, int] = {}
    for b in wide:
        equal = [a for a in range(at.shape[1]) if a not in same.values() and (at[:, a] == index[:, b]).all()]
        same |= {b: equal[0]} if equal else {}
    if not _complete(found, looked_at, prod(n for b, n in enumerate(inputs[slot].shape) if b not in same)):
        return None
    letters = _Letters({**dict(zip(j, index.T, strict=True)), **dict(zip(i, at.T, strict=True))}, i, j)
    factors = []
    for n, (other, _) in enumerate(found[0][3]):
        places = np.array([row[3][n][1] for row in found]).reshape(len(found), -1)
        named = [letters.of(column) for column in places.T]
        if None in named:
            return None
        factors.append((other, tuple(named)))
    return Entry(found[0][2], tuple(factors), tuple((i[a], j[b]) for b, a in same.items()))


def _sampled(shape: Index) -> list[Index]:
    """Places of y that are looked at: all of them, or some, at random so that no two axes go together."""
    every = prod(shape)
    some = range(every) if every <= SAMPLED else np.random.default_rng(0).choice(every, SAMPLED, replace=False)
    return [tuple(int(n) for n in np.unravel_index(flat, shape)) for flat in some]


def _summands(
    operation: Operation, slot: int, places: Sequence[Index], inputs: Sequence[np.ndarray]
) -> Iterator[tuple]:
    """(place of y, place of the operand, number, other factors) of each summand with an element of the slot in it."""
    terms = operation.op.terms
    assert terms is not None  # asked for of ops that are sums of products alone
    for at in places:
        for c, factors in terms(at, *inputs, **operation.attributes):
            for n, (other, index) in enumerate(factors):
                if other == slot:
                    yield at, tuple(index), c, (*factors[:n], *factors[n + 1 :])


def _complete(found: Sequence[tuple], looked_at: Sequence[Index], free: int) -> bool:
    """Whether each element of y meets every element of the operand that the letters leave open, and each of them once."""
    places: dict[Index, list[Index]] = {at: [] for at in looked_at}
    for at, index, *_ in found:
        places[at].append(index)
    return all(len(set(met)) == len(met) == free for met in places.values())


class _Letters:
    """Which letter, or sum of two, a column of places is."""

    def __init__(self, columns: dict[str, np.ndarray], i: str, j: str) -> None:
        self.columns, self.i, self.j = columns, i, j

    def of(self, column: np.ndarray) -> str | None:
        for letter, places in self.columns.items():
            if (places == column).all():
                return letter
        for a in self.i:
            for b in self.j:
                if (self.columns[a] + self.columns[b] == column).all():
                    return f"{a}+{b}-1"  # they count from 1
        return "1" if not column.any() else None


def _same_axes(shape: Index, operand: Index, i: str, j: str) -> tuple[tuple[str, str], ...]:
    """Letters that are equal where an operand is used element by element; an axis that is repeated has none."""
    return tuple((a, b) for a, b, n in zip(i[len(shape) - len(operand) :], j, operand, strict=True) if n > 1)


def closed_entry(
    operation: Operation,
    slot: int,
    y: np.ndarray,
    inputs: Sequence[np.ndarray],
    i: str,
    j: str,
    names: Names,
    numeric: Sequence[bool],
) -> str:
    """The entry as LaTeX, "" where there is no closed form. `names` gives the LaTeX of an element, y under the slot −1.

    `numeric` says of each operand whether its name is a number.
    """
    op = operation.op
    if op.elementwise:
        if any(a.ndim > y.ndim for a in inputs):
            return ""
        along = [tuple(x if n > 1 else "1" for x, n in zip(i[y.ndim - a.ndim :], a.shape, strict=True)) for a in inputs]
        pieces = [Piece(names(-1, _joined(tuple(i))))]
        pieces += [
            Piece(names(s, _joined(at)), numeric=known)
            for (s, at), known in zip(enumerate(along), numeric, strict=True)
        ]
        slope = fill(op.sent(slot).jacobian_latex, pieces, **operation.attributes)
        return _written(slope, _same_axes(y.shape, inputs[slot].shape, i, j))
    if op.terms is None:
        return ""
    entry = of_sums(operation, slot, y.shape, inputs, i, j)
    if entry is None:
        return ""
    factors = r"\,".join(names(s, _joined(at)) for s, at in entry.factors)
    if entry.number == 1 or not (factors or entry.same):
        number = "" if factors or entry.number == 1 else _number(entry.number)
    else:
        number = "-" if entry.number == -1 else _number(entry.number)
    return _written(
        f"{number}\\,{factors}" if number not in ("", "-") and factors else f"{number}{factors}", entry.same
    )


def _joined(letters: tuple[str, ...]) -> str:
    return (", " if any(len(x) > 1 for x in letters) else "").join(letters)


def _number(x: float) -> str:
    whole = round(1 / x) if x else 0
    return rf"\frac{{1}}{{{whole}}}" if whole > 1 and abs(1 / x - whole) < 1e-9 else f"{x:.3g}"


def _written(slope: str, same: tuple[tuple[str, str], ...]) -> str:
    where = r"\,".join(rf"\left[{a} = {b}\right]" for a, b in same)
    if slope in ("", "1"):
        return where or "1"
    if slope == "-1" and where:
        return f"-{where}"
    if not where:
        return slope
    return rf"\left({slope}\right)\,{where}" if " / " in slope else rf"{in_brackets(slope)}\,{where}"
