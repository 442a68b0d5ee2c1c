"""What a small picture of a large array shows: made where the array lives, so that only this leaves a device."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from math import prod
from types import ModuleType

import numpy as np

from ..arrays import Array, to_host, xp_of

WHOLE = 144  # an array of no more elements than this is moved as it is


@dataclass(frozen=True, eq=False)
class Overview:
    """A matrix averaged in blocks.

    blocks  the means, rows × columns
    least   the smallest element, nan where there is one
    most    the largest
    scale   the largest finite magnitude, 0 where there is none
    whole   the array itself where it is small, else None
    """

    blocks: np.ndarray
    least: float
    most: float
    scale: float
    whole: np.ndarray | None


def overview(array: Array, shape: tuple[int, int], rows: int, columns: int) -> Overview:
    """The overview of an array read as a matrix of `shape`, which has elements; at most rows · columns + 3 are moved."""
    if prod(shape) <= WHOLE or isinstance(array, (np.ndarray, np.generic)):
        x = np.asarray(to_host(array), dtype=float).reshape(shape)
        whole = x if x.size <= WHOLE else None
        return Overview(_on_host(x, rows, columns), float(x.min()), float(x.max()), scale_of(x), whole)
    xp = xp_of(array)
    x = xp.reshape(array, shape)
    blocks = x if shape == (rows, columns) else _means(xp, _means(xp, x, rows, 0), columns, 1)
    least, most = (float(to_host(f(x))) for f in (xp.min, xp.max))
    return Overview(np.asarray(to_host(blocks), dtype=float), least, most, scale_of(x), None)


def scale_of(array: Array) -> float:
    """The largest finite magnitude in an array; 0 where there is none."""
    if isinstance(array, (np.ndarray, np.generic, float, int, list)):
        x = np.asarray(array, dtype=float)
        finite = np.abs(x[np.isfinite(x)])
        return float(finite.max()) if finite.size else 0.0
    xp = xp_of(array)
    known = xp.where(xp.isfinite(array), xp.abs(array), xp.zeros_like(array))
    return float(to_host(xp.max(known))) if prod(array.shape) else 0.0


def _ends(n: int, parts: int) -> list[int]:
    return np.linspace(0, n, parts + 1).astype(int).tolist()


def _means(xp: ModuleType, x: Array, parts: int, axis: int) -> Array:
    """The means of blocks along an axis, one call a block."""
    ends = _ends(x.shape[axis], parts)
    pieces = [(slice(a, b), slice(None))[:: 1 - 2 * axis] for a, b in pairwise(ends)]
    return xp.stack([xp.mean(x[piece], axis=axis) for piece in pieces], axis=axis)


def _on_host(x: np.ndarray, rows: int, columns: int) -> np.ndarray:
    if x.shape == (rows, columns):
        return x
    down, across = _ends(x.shape[0], rows), _ends(x.shape[1], columns)
    with np.errstate(all="ignore"):
        sums = np.add.reduceat(np.add.reduceat(x, down[:-1], axis=0), across[:-1], axis=1)
        return sums / np.outer(np.diff(down), np.diff(across))
