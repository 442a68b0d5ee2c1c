"""A minibatch seen object by object: what each one adds to a gradient, and the graph of one object alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..arrays import Array, to_host
from ..engine import Backward, Contribution, Step, Walk, backward, forward
from ..errors import N_, GraphlabError, message
from ..graph import Graph
from ..scenario import Scenario

CLOSE = 1e-9  # relative; what two ways to the same sum may differ by


@dataclass(frozen=True, eq=False)
class Share:
    """What one object adds to a gradient. `total` is the sum of the shares up to this one.

    `right` is its row of the upstream gradient; `left`, for a matrix product, its row of the other factor.
    """

    value: np.ndarray
    total: np.ndarray
    right: np.ndarray
    left: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class Gathered:
    """A contribution to a vertex that all objects have in common, taken apart: one share an object, in order.

    kind    "outer" for a product, whose shares are outer products of rows; "rows" where each share is the row of the
            upstream gradient as it is; "share" for any other operation
    shares  none where the operation mixes the objects, so that they have no shares of their own
    """

    contribution: Contribution
    kind: str
    shares: tuple[Share, ...]


@dataclass(frozen=True, eq=False)
class Objects:
    """The graphs of the single objects against that of the minibatch.

    reduction  "mean" or "sum": how the losses of the objects make the loss; "" where they do not, since the objects
               depend on one another
    losses     of each object alone
    gradients  {parameter: the gradients of each object alone, axis 0 the objects}
    error      the largest difference between their mean, or sum, and the gradient of the minibatch, relative to it
    """

    reduction: str
    losses: np.ndarray
    gradients: Mapping[str, np.ndarray]
    error: float


class Lens:
    """A walk of a scenario with a minibatch. `count` is the number of objects, `axes` says which axis of a vertex has
    one entry an object: {vertex: axis}, vertices without such an axis are absent.

    Raises GraphlabError where the scenario has no minibatch.
    """

    def __init__(self, scenario: Scenario, walk: Walk) -> None:
        if scenario.batch is None:
            raise GraphlabError(message(N_("this graph has no minibatch")))
        self.walk = walk
        self.count = scenario.sizes[scenario.batch]
        other = replace(scenario, sizes={**scenario.sizes, scenario.batch: 1 if self.count > 1 else 2}).graph
        self.axes = _differing(walk.graph, other)
        self._single = other if self.count > 1 else walk.graph

    def row(self, vertex: str, array: Array, n: int) -> np.ndarray:
        """The part of object n, counted from 1, of a value or a gradient of a vertex, without the axis of objects."""
        return np.take(to_host(array), n - 1, axis=self.axes[vertex])

    def feeds(self, n: int) -> dict[str, np.ndarray]:
        """What to feed the graph of one object: object n of everything that has objects, the rest as it is.

        Raises GraphlabError where there is no such object.
        """
        if not 1 <= n <= self.count:
            raise GraphlabError(
                message(N_("there are {count} objects, and none with the number {n}"), count=self.count, n=n)
            )
        found = {}
        for name in self.walk.graph.fed:
            value = to_host(self.walk.values[name])
            steps = self.walk.graph.sequences.get(name)
            axis = self.axes.get(steps[0] if steps else name)
            found[name] = value if axis is None else np.take(value, [n - 1], axis=axis + bool(steps))
        return found

    def gathered(self, step: Step) -> tuple[Gathered, ...]:
        """What the step sends to vertices without objects, taken apart; nothing where its output has no objects."""
        if not isinstance(step, Backward) or step.output not in self.axes:
            return ()
        return tuple(self._apart(step, c) for c in step.contributions if c.vertex not in self.axes)

    def _cut(self, vertex: str, array: Array, n: int) -> np.ndarray:
        value = to_host(array)
        return value if vertex not in self.axes else np.take(value, [n], axis=self.axes[vertex])

    def _apart(self, step: Backward, sent: Contribution) -> Gathered:
        operation, values = step.operation, self.walk.values
        outer = operation.op.sums_over_rows == sent.slot
        shares, total = [], np.zeros_like(to_host(sent.value))
        for n in range(self.count):
            inputs = [self._cut(name, values[name], n) for name in operation.inputs]
            g = self._cut(step.output, step.upstream, n)
            with np.errstate(all="ignore"):
                value = operation.op.sent(sent.slot).vjp(
                    g, self._cut(step.output, step.value, n), *inputs, **operation.attributes
                )
            total = total + value
            left = self.row(operation.inputs[0], values[operation.inputs[0]], n + 1) if outer else None
            shares.append(Share(np.asarray(value), total, self.row(step.output, step.upstream, n + 1), left))
        whole = to_host(sent.value)
        if not np.allclose(total, whole, rtol=CLOSE, atol=CLOSE * np.abs(whole).max(initial=0)):
            return Gathered(sent, "share", ())
        rows = all(s.value.shape == s.right.shape and (s.value == s.right).all() for s in shares)
        return Gathered(sent, "outer" if outer else "rows" if rows else "share", tuple(shares))

    @cached_property
    def objects(self) -> Objects:
        """Every object alone, through the same equations with a minibatch of one."""
        of, walk = self.walk.of, self.walk
        batch = {c.vertex: to_host(c.total) for s in walk for c in s.contributions if c.part == c.parts}
        shared = [n for n in walk.graph.names("parameter") if n in batch and n not in self.axes]
        losses, gradients = [], {name: [] for name in shared}
        for n in range(1, self.count + 1):
            values = forward(self._single, self.feeds(n))
            alone = backward(self._single, values, of)
            losses.append(float(values[of]))
            for name in shared:
                gradients[name].append(alone[name])
        stacked = {name: np.stack(parts) for name, parts in gradients.items()}
        loss = float(to_host(walk.values[of]))
        for reduction, combined in (("mean", np.mean), ("sum", np.sum)):
            if np.isclose(combined(losses), loss, rtol=CLOSE, atol=0):
                error = max((_difference(combined(stacked[n], axis=0), batch[n]) for n in shared), default=0.0)
                if error < CLOSE:
                    return Objects(reduction, np.array(losses), stacked, error)
        return Objects("", np.array(losses), stacked, float("nan"))


def _differing(graph: Graph, other: Graph) -> dict[str, int]:
    """The first axis of each vertex in which two graphs of the same equations differ."""
    found = {}
    for name, vertex in graph.vertices.items():
        for axis, (m, n) in enumerate(zip(vertex.shape, other.vertices[name].shape, strict=True)):
            if m != n:
                found[name] = axis
                break
    return found


def _difference(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.abs(a - b).max(initial=0) / max(np.abs(b).max(initial=0), np.finfo(np.float64).tiny))
