"""What training runs: a graph's loss and gradients, again and again, with nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import Context

import numpy as np

from .. import arrays
from ..arrays import Array
from ..engine.evaluate import prepare
from ..engine.sweep import check_target
from ..errors import N_, GraphlabError, message
from ..graph import Graph
from .device import DeviceBinding
from .differentiate import Recording, record
from .kernels import Call, bind
from .memory import place
from .passes import merged
from .program import VIEWS

Results = tuple[Array, dict[str, Array]]


class Binding:
    """A recording in one precision: its arrays, with `nbytes` of values in all, and the calls between them."""

    def __init__(self, recording: Recording, dtype: np.dtype) -> None:
        order = recording.order()
        at = place(order, recording.outputs, dtype)
        owners = {id(a): a for a in (_owner(at[node]) for node in order if node.kind not in VIEWS)}
        self.nbytes = sum(a.nbytes for a in owners.values())
        self.dtype = dtype
        self.feeds = [(name, node.shape, at.get(node)) for name, node in recording.feeds.items()]
        self.loss = at[recording.loss]
        self.gradients = {name: at[node] for name, node in recording.gradients.items()}
        self.calls: list[Call] = []
        for node in order:
            self.calls += bind(node, [at[arg] for arg in node.args], at[node])
        # Entering a context costs a fifteenth of `with np.errstate(…)`, and one context can not be entered twice: a
        # plan that two threads run at once says so, and does not mix their numbers.
        self._quiet = Context()
        self._quiet.run(np.seterr, all="ignore")

    def load(self, feeds: Mapping[str, Array]) -> bool:
        """Copy the fed values in; False where they are not all arrays of the right name, shape and precision."""
        if len(feeds) != len(self.feeds):
            return False
        dtype = self.dtype
        try:
            for name, shape, array in self.feeds:
                value = feeds[name]
                if value.dtype != dtype or value.shape != shape:
                    return False
                if array is not None:
                    array[...] = value
        except (KeyError, AttributeError):
            return False
        return True

    def run(self) -> None:
        """Compute everything from what was loaded."""
        self._quiet.run(self._run)

    def _run(self) -> None:
        for call in self.calls:
            call()


def _owner(array: np.ndarray) -> np.ndarray:
    """The array that owns the memory of a view."""
    while array.base is not None:
        array = array.base
    return array


class Plan:
    """A graph's loss and gradients as one call: `plan(feeds) -> (loss, {name: gradient})`.

    The arrays are the plan's own, on its device, and are overwritten by its next call. Not to be called by two threads at once.
    """

    def __init__(self, graph: Graph, of: str, wrt: tuple[str, ...], device: str = "cpu") -> None:
        self.device = device
        self.graph = graph
        self.of = of
        self.wrt = wrt
        self.recording = merged(record(graph, of, wrt), device)
        self._bindings: dict[np.dtype, Binding | DeviceBinding] = {}
        self._current: Binding | DeviceBinding | None = None

    def __call__(self, feeds: Mapping[str, Array]) -> Results:
        """The loss, an array of shape (), and its gradients by name; a vertex the loss does not reach is absent.

        `feeds` as for `forward`, all of them float32 for a plan in float32. Raises as `forward` does.
        """
        binding = self._current
        if binding is None or not binding.load(feeds):
            binding = self._load_checked(feeds)
        binding.run()
        return binding.loss, binding.gradients.copy()

    def binding(self, dtype: np.dtype) -> Binding | DeviceBinding:
        """The arrays and calls for one precision, allocated when they are first asked for."""
        if dtype not in self._bindings:
            if self.device == "cpu":
                self._bindings[dtype] = Binding(self.recording, dtype)
            else:
                self._bindings[dtype] = DeviceBinding(self.recording, dtype, arrays.namespace(self.device))
        return self._bindings[dtype]

    def _load_checked(self, feeds: Mapping[str, Array]) -> Binding | DeviceBinding:
        """The long way in: every error is found and named, anything array-like becomes an array."""
        values = prepare(self.graph, feeds, self.device)
        values = {name: values[name] for name in self.graph.fed}
        dtype = next((v.dtype for v in values.values()), np.dtype(np.float64))
        self._current = self.binding(dtype)
        self._current.load(values)
        return self._current


def compile(graph: Graph, of: str = "loss", wrt: Iterable[str] | None = None, *, device: str = "cpu") -> Plan:
    """A plan for the value of `of` and its gradients by the vertices `wrt`, which are all parameters by default.

    Where a pair of operations has a stable form (sigma and BCE, softmax and CrossEntropy) the plan computes that one:
    it equals `forward` and `backward` where they are finite, and stays finite where they are not.
    Raises GraphlabError where `of` is not a scalar vertex, `wrt` names something that is not a vertex, or the device
    is not there.
    """
    check_target(graph, of)
    wrt = graph.names("parameter") if wrt is None else tuple(dict.fromkeys(wrt))
    if unknown := [name for name in graph.expanded(wrt) if name not in graph.vertices]:
        raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=unknown[0]))
    arrays.namespace(device)  # raises where the device is not there
    return Plan(graph, of, wrt, device)
