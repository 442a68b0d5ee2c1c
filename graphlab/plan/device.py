"""A recording on a GPU: arrays that are allocated once on the device, and the launches between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from types import ModuleType

import numpy as np

from ..arrays import Array
from .differentiate import Recording
from .fusion import Launch, fused
from .homes import Home, homes
from .kernels import Call
from .memory import Pool, address, view
from .program import VIEWS, Node
from .source import source


class DeviceBinding:
    """What `Binding` is on the processor, with cupy's functions; between `load` and the results nothing leaves the device."""

    def __init__(self, recording: Recording, dtype: np.dtype, xp: ModuleType) -> None:
        self.xp = xp
        self.dtype = dtype
        launches = fused(recording)
        order = recording.order()
        memory = DeviceMemory(order, launches, recording.outputs, dtype, xp)
        at = memory.array
        self.nbytes = memory.nbytes
        self.feeds = [(name, node.shape, at(node)) for name, node in recording.feeds.items()]
        self.loss = at(recording.loss)
        self.gradients = {name: at(node) for name, node in recording.gradients.items()}
        kernels: dict[tuple[str, str, str], Callable[..., object]] = {}
        self.calls: list[Call] = []
        for launch in launches:
            if not launch.is_kernel:
                (node,) = launch.nodes
                self.calls += _calls(node, [at(a) for a in node.args], at(node), xp)
                continue
            text = source(launch, dtype)
            key = (text.in_params, text.out_params, text.body)
            if key not in kernels:
                kernels[key] = xp.ElementwiseKernel(*key, "graphlab_cell")
            self.calls.append(partial(kernels[key], *map(at, text.inputs), *map(at, text.outputs)))

    def load(self, feeds: Mapping[str, Array]) -> bool:
        """Copy the fed values in; False where they are not all arrays of the right name, shape and precision."""
        if len(feeds) != len(self.feeds):
            return False
        for name, shape, array in self.feeds:
            value = feeds.get(name)
            if getattr(value, "dtype", None) != self.dtype or value.shape != shape:
                return False
            array[...] = self.xp.asarray(value)
        return True

    def run(self) -> None:
        """Compute everything from what was loaded. Returns when all is launched; the device may still be at work."""
        for call in self.calls:
            call()


class DeviceMemory:
    """An array for every node that is read: own memory for what is fed or returned, shared memory for the rest."""

    def __init__(
        self, order: list[Node], launches: Sequence[Launch], outputs: Iterable[Node], dtype: np.dtype, xp: ModuleType
    ) -> None:
        feeds = [node for node in order if node.kind == "feed"]
        kept = {*outputs, *feeds}
        self._xp = xp
        self._dtype = dtype
        self._homes: dict[Node, Home] = homes(order, kept)
        self._pool = Pool(xp.empty)
        self._arrays: dict[Node, Array] = {}
        for node in feeds:
            self._arrays[node] = xp.empty(node.shape, dtype)
        ending = self._ending(launches, kept)
        for i, launch in enumerate(launches):
            for node in launch.outputs:
                owner = self._owner(node)
                if owner not in self._arrays:
                    kind = np.dtype(bool) if owner.type == "bool" else dtype
                    make = xp.empty if owner in kept else self._pool.take
                    self._arrays[owner] = make(owner.shape, kind)
                self.array(node)
            # After the launch: a kernel may read one operand for an element while another one is written.
            for owner in ending[i]:
                self._pool.give_back(self._arrays[owner])
        self.nbytes = self._pool.nbytes + sum(self._arrays[node].nbytes for node in kept)

    def array(self, node: Node) -> Array:
        """The array of a node whose memory is known: of its own, a place inside of a joined one, or a view."""
        if node not in self._arrays:
            if node.kind in VIEWS:
                self._arrays[node] = view(node, self.array(node.args[0]), self._xp)
            elif node.kind == "number":
                self._arrays[node] = self._xp.full((), node.detail, dtype=self._dtype)
            else:
                home = self._homes[node]
                self._arrays[node] = home.array(self._arrays[home.owner], node.shape, self._xp)
        return self._arrays[node]

    def _owner(self, node: Node) -> Node:
        return self._homes[node].owner if node in self._homes else node

    def _ending(self, launches: Sequence[Launch], kept: set[Node]) -> dict[int, list[Node]]:
        """Whose memory is free after each launch. What lives inside of a joined array keeps that one's alive."""
        last = {self._owner(a.root): i for i, launch in enumerate(launches) for a in launch.operands}
        ending = defaultdict(list)
        for owner, i in last.items():
            if owner not in kept and owner.kind != "number":
                ending[i].append(owner)
        return ending


def _calls(node: Node, args: list[Array], out: Array, xp: ModuleType) -> list[Call]:
    """The calls of the library that compute a node which is not elementwise."""
    match node.kind:
        case "dot":
            return [partial(xp.dot, *args, out=out)]
        case "sum" | "max":
            return [partial(getattr(xp, node.kind), args[0], axis=node.detail, out=out)]
        case "concat":
            return _join(node, args, out)
        case "call":
            return [partial(_call_into, out, node.detail, *args)]
    raise AssertionError(node)


def _join(node: Node, parts: Sequence[Array], out: Array) -> list[Call]:
    """A copy for each part that was not computed in its place."""
    calls, start, axis = [], 0, node.detail
    for part in parts:
        stop = start + part.shape[axis]
        place = out[(slice(None),) * axis + (slice(start, stop),)]
        if part.size and address(part) != address(place):
            calls.append(partial(place.__setitem__, ..., part))
        start = stop
    return calls


def _call_into(out: Array, function: Callable[..., Array], *args: Array) -> None:
    out[...] = function(*args)
