"""The local Jacobian of one slot: dense where it is small, by its structure where it is not, and what each form costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ...arrays import Array, to_host
from ...graph import Operation

LARGEST = 4096  # elements of a Jacobian that is still formed
_SAMPLED = 24  # rows and columns of the outline of one that is not


@dataclass(frozen=True, eq=False)
class Local:
    """∂y/∂x of one operation and slot, flattened to a matrix of `rows` × `columns`.

    matrix     the numbers; None where there are too many to be formed
    structure  "number", "row", "column", "diagonal", "selection" (one entry a row at most), "full", "blocks" or "zero"
    outline    where it is not 0, as rows of at most 24 × 24 fields
    dense      the multiplications of the gradient with the whole Jacobian
    product    the multiplications of the product that never forms it
    """

    rows: int
    columns: int
    matrix: np.ndarray | None
    structure: str
    outline: tuple[tuple[bool, ...], ...]
    dense: int
    product: int

    @property
    def ones(self) -> bool:
        """Whether it has no other numbers than 0, 1 and −1 in it; False where it is not formed."""
        return self.matrix is not None and bool(np.isin(self.matrix, (-1, 0, 1)).all())

    @property
    def elements(self) -> int:
        """How many numbers the Jacobian has."""
        return self.rows * self.columns


def local_jacobian(
    operation: Operation, slot: int, y: Array, inputs: Sequence[Array], product: int | None = None
) -> Local:
    """The Jacobian of a slot at the values `y` and `inputs`. `product`: the cost of the product where it is known."""
    y, inputs = np.asarray(to_host(y)), [np.asarray(to_host(a)) for a in inputs]
    x = inputs[slot]
    rows, columns = y.size, x.size
    small = rows * columns <= LARGEST
    matrix = _dense(operation, slot, y, inputs) if small else None
    places = range(rows) if small else sorted({int(i) for i in np.linspace(0, rows - 1, _SAMPLED)})
    filled = _pattern(operation, slot, y, inputs, matrix, places)
    structure = _structure(filled, list(places), rows, columns, operation.op.elementwise and y.shape == x.shape)
    entries = round(filled.sum() * rows / max(1, len(filled)))  # each of them is multiplied once at most
    cost = entries if product is None else min(product, rows * columns)
    return Local(rows, columns, matrix, structure, _outline(filled), rows * columns, cost)


def _row(operation: Operation, slot: int, y: np.ndarray, inputs: Sequence[np.ndarray], i: int) -> np.ndarray:
    """One row of the Jacobian: the product with a gradient that is 1 at one element."""
    g = np.zeros(y.size)
    g[i] = 1
    g = g.reshape(y.shape)
    return np.asarray(operation.op.sent(slot).vjp(g, y, *inputs, **operation.attributes)).reshape(-1)


def _dense(operation: Operation, slot: int, y: np.ndarray, inputs: Sequence[np.ndarray]) -> np.ndarray:
    closed = operation.op.jacobians[slot]
    with np.errstate(all="ignore"):
        if closed is not None:
            return np.asarray(closed(y, *inputs, **operation.attributes)).reshape(y.size, inputs[slot].size)
        if not y.size:
            return np.zeros((0, inputs[slot].size))
        return np.stack([_row(operation, slot, y, inputs, i) for i in range(y.size)])


def _pattern(operation: Operation, slot: int, y, inputs, matrix, places) -> np.ndarray:
    """Where the rows at `places` are not 0, at values of which none is 0 by chance."""
    if matrix is not None and matrix.all():
        return matrix != 0
    moved = [
        np.where(a == 0, 0.37 + 0.01 * np.arange(a.size).reshape(a.shape), a) if vjp is not None and a.size else a
        for a, vjp in zip(inputs, operation.op.vjps, strict=True)
    ]
    with np.errstate(all="ignore"):
        there = np.asarray(operation.op.forward(*moved, **operation.attributes)).reshape(y.shape)
        if matrix is not None:
            return (_dense(operation, slot, there, moved) != 0) | (matrix != 0)
        rows = [_row(operation, slot, there, moved, i) for i in places]
    return np.stack(rows) != 0


def _structure(filled: np.ndarray, places: list[int], rows: int, columns: int, elementwise: bool) -> str:
    if rows == columns == 1:
        return "number"
    if rows == 1:
        return "row"
    if columns == 1:
        return "column"
    if elementwise:
        return "diagonal"
    if not filled.any():
        return "zero"
    on_diagonal = rows == columns and all(row[i] for row, i in zip(filled, places, strict=True))
    if filled.sum(axis=1).max() <= 1:
        return "diagonal" if on_diagonal else "selection"
    return "full" if filled.all() else "blocks"


def _outline(filled: np.ndarray) -> tuple[tuple[bool, ...], ...]:
    """The pattern in at most 24 × 24 fields, each filled where anything in it is."""
    if not prod(filled.shape):
        return ()
    for axis in (0, 1):
        if filled.shape[axis] > _SAMPLED:
            starts = np.linspace(0, filled.shape[axis], _SAMPLED, endpoint=False).astype(int)
            filled = np.logical_or.reduceat(filled, starts, axis=axis)
    return tuple(tuple(bool(f) for f in row) for row in filled)
