"""Which array every node of a program lives in: own memory for what is returned, shared memory for what is passing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from types import ModuleType

import numpy as np

from ..arrays import Array
from ..op import Shape
from .homes import homes
from .program import ELEMENTWISE, VIEWS, Node

# No more than this many times the size asked for: a scalar should not sit in a matrix that is needed soon. A large
# array may be kept for long, and takes what fits: a gate in the place of four gates would waste three at every step.
ROOMY, TIGHT, LARGE = 4, 1.25, 4096


class Pool:
    """Flat arrays that are free to be used again."""

    def __init__(self, empty: Callable[..., Array] = np.empty) -> None:
        self._empty = empty
        self._free: list[Array] = []
        self.nbytes = 0

    def take(self, shape: Shape, dtype: np.dtype) -> Array:
        """An array of this shape: the smallest free one that is large enough, or a new one."""
        size = int(np.prod(shape, dtype=np.int64))
        most = size * (ROOMY if size < LARGE else TIGHT)
        fitting = [a for a in self._free if a.dtype == dtype and size <= a.size <= most]
        flat = min(fitting, key=lambda a: a.size, default=None)
        if flat is None:
            flat = self._empty(size, dtype)
            self.nbytes += flat.nbytes
        else:
            self._free = [a for a in self._free if a is not flat]
        return flat[:size].reshape(shape)

    def give_back(self, array: Array) -> None:
        """Let the memory of an array that `take` returned be used again."""
        self._free.append(array.base if array.base is not None else array)


def place(order: list[Node], outputs: Iterable[Node], dtype: np.dtype) -> dict[Node, np.ndarray]:
    """An array for every node of `order`, which is the order of computation.

    A feed and an output keep theirs for good; all others hand theirs on after their last use. An elementwise call
    writes over an operand that is not used again.
    """
    kept = {*outputs, *(node for node in order if node.kind == "feed")}
    home = homes(order, kept)
    # What lives inside of a joined array keeps that one's memory alive, and the first of it asks for the memory.
    last = {(home[arg.root].owner if arg.root in home else arg.root): node for node in order for arg in node.args}
    ending: dict[Node, list[Node]] = defaultdict(list)
    for node, user in last.items():
        if node not in kept and node.kind != "number":
            ending[user].append(node)
    pool = Pool()
    arrays: dict[Node, np.ndarray] = {}
    for node in order:
        kind = np.dtype(bool) if node.type == "bool" else dtype
        if node in home:
            owner = home[node].owner
            if owner not in arrays:
                arrays[owner] = pool.take(owner.shape, dtype)
            arrays[node] = home[node].array(arrays[owner], node.shape)
        elif node in arrays:
            pass  # a joined array, since its first part was computed
        elif node.kind in VIEWS:
            arrays[node] = view(node, arrays[node.args[0]])
        elif node.kind == "number":
            arrays[node] = np.array(node.detail, dtype)
        elif node in kept:
            arrays[node] = np.empty(node.shape, dtype)
        elif (dying := _overwritable(node, ending[node])) is not None:
            arrays[node] = arrays[dying].reshape(node.shape)
            ending[node].remove(dying)
        else:
            arrays[node] = pool.take(node.shape, kind)
        for gone in ending[node]:
            pool.give_back(arrays[gone])
    return arrays


def _overwritable(node: Node, ending: list[Node]) -> Node | None:
    """The root of an operand that ends here and whose memory the result can take, element for element."""
    if node.kind not in ELEMENTWISE:
        return None
    # `where` copies its second choice and then writes the first over it: only the second can be there already.
    for arg in node.args[2:] if node.kind == "where" else node.args:
        sharing = [a for a in node.args if a.root is arg.root]
        in_step = all(a.contiguous and a.shape == node.shape for a in sharing)
        if arg.root in ending and in_step and arg.root.size == node.size and arg.type == node.type:
            return arg.root
    return None


def view(node: Node, array: Array, xp: ModuleType = np) -> Array:
    """The array of a view of what lies in `array`."""
    if node.kind == "permute":
        return array.transpose(node.detail)
    if node.kind == "broadcast":
        return xp.broadcast_to(array, node.shape)
    if node.kind == "slice":
        return array[tuple(_slice(*r) for r in node.detail)]
    return in_shape(array, node.shape)


def in_shape(array: Array, shape: Shape) -> Array:
    """A view of `array` in another shape, without a copy. Raises ValueError where only a copy could have it."""
    shown = array.reshape(shape)
    if array.size and address(shown) != address(array):
        raise ValueError(f"no view of shape {shape} exists: the elements do not lie in order")
    return shown


def address(array: Array) -> int:
    """Where the first element lies in memory: of the device for an array of cupy."""
    return array.data.ptr if hasattr(array.data, "ptr") else array.__array_interface__["data"][0]


def _slice(start: int, stop: int, step: int) -> slice:
    """The slice of a `range`: one that counts down to the first element ends at None, since -1 is the last one."""
    return slice(start, None if stop < 0 else stop, step)
