"""Where the parts of joined arrays are computed: in their places inside it, so that joining them moves nothing.

A `concat` whose parts are computed for it alone needs no copy: each part is written where it will be read. A part of
two of them lies in the larger one; the smaller one is then often a view of it too, since its parts lie there one
behind the other: the steps 1 … T-1 inside of 1 … T, or one gate's columns inside of all gates'.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import prod
from types import ModuleType

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..arrays import Array
from ..op import Shape
from .program import ELEMENTWISE, Node

ITEM = np.dtype(np.float64).itemsize


@dataclass(frozen=True)
class Home:
    """A place inside the memory of `owner`, which has memory of its own; counted in elements."""

    owner: Node
    offset: int
    strides: tuple[int, ...]

    def array(self, memory: Array, shape: Shape, xp: ModuleType = np) -> Array:
        """This place as an array, in the contiguous array that the owner lives in."""
        item = memory.itemsize
        strides = tuple(n * item for n in self.strides)
        if xp is not np:
            return xp.lib.stride_tricks.as_strided(memory.reshape(-1)[self.offset :], shape, strides)
        return np.ndarray(shape, memory.dtype, memory, self.offset * item, strides)


def homes(order: list[Node], kept: Collection[Node]) -> dict[Node, Home]:
    """A home for every node that can be computed in one. What is `kept` has memory of its own and moves nowhere."""
    found: dict[Node, Home] = {}
    reshaped = {node.root for node in order if node.kind == "reshape"}
    joined = [node for node in order if node.kind == "concat"]
    for node in sorted(joined, key=lambda n: -n.size):
        if node in kept:
            continue
        if node not in found and (inside := _already_inside(node, found)):
            found[node] = inside
            continue
        home = found.get(node) or Home(node, 0, _contiguous(node.shape))
        offset, step = home.offset, home.strides[node.detail]
        for part in node.args:
            place = _reshaped(Home(home.owner, offset, home.strides), part)
            root = part.root
            if place and root not in found and root not in kept and _can_be_written(root, place, root in reshaped):
                found[root] = place
            offset += step * part.shape[node.detail]
    return found


def _contiguous(shape: Shape) -> tuple[int, ...]:
    return tuple(prod(shape[i + 1 :]) for i in range(len(shape)))


def _reshaped(home: Home, part: Node) -> Home | None:
    """The place of a part as the place of the node that it shows, in that node's shape; None where there is none."""
    if not part.contiguous or part.root.size != part.size:
        return None
    # An array of this shape and these strides that is never touched: numpy knows which reshapes are views.
    view = as_strided(np.empty(1), part.shape, [n * ITEM for n in home.strides])
    try:
        view = view.reshape(part.root.shape, copy=False)
    except ValueError:
        return None
    return Home(home.owner, home.offset, tuple(n // ITEM for n in view.strides))


def _can_be_written(node: Node, home: Home, reshaped: bool) -> bool:
    """Whether the calls that compute a node can write to this place, and all of its views can be taken there."""
    if node.type != "float" or node.kind in ("feed", "number"):
        return False
    if _is_contiguous(home.strides, node.shape):
        return True
    return not reshaped and (node.kind in ELEMENTWISE or node.kind in ("concat", "copy", "cast"))


def _is_contiguous(strides: tuple[int, ...], shape: Shape) -> bool:
    return all(n == 1 or a == b for n, a, b in zip(shape, strides, _contiguous(shape), strict=True))


def _already_inside(node: Node, found: dict[Node, Home]) -> Home | None:
    """The view that shows a joined array where all of its parts have homes, if these lie one behind the other."""
    places = []
    for part in node.args:
        home = found.get(part.root)
        place = home and part.contiguous and part.size == part.root.size and _shown(home, part)
        if not place:
            return None
        places.append(place)
    first = places[0]
    strides = list(first.strides)
    axis = node.detail
    if node.args[0].shape[axis] == 1:  # the stride of an axis of one element means nothing: the parts say it
        strides[axis] = places[1].offset - first.offset
    offset = first.offset
    for place, part in zip(places, node.args, strict=True):
        other = (i for i, n in enumerate(part.shape) if n != 1 and i != axis)
        same = all(place.strides[i] == strides[i] for i in other)
        if place.owner is not first.owner or place.offset != offset or not same:
            return None
        offset += strides[axis] * part.shape[axis]
    return Home(first.owner, first.offset, tuple(strides))


def _shown(home: Home, part: Node) -> Home | None:
    """A node's home in the shape of a part that shows it."""
    view = as_strided(np.empty(1), part.root.shape, [n * ITEM for n in home.strides])
    try:
        view = view.reshape(part.shape, copy=False)
    except ValueError:
        return None
    return Home(home.owner, home.offset, tuple(n // ITEM for n in view.strides))
