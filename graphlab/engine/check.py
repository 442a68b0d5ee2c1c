"""Gradients against central differences: the check that everyone can run, and its findings vertex by vertex."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Array, to_host
from ..graph import Graph, Operation
from .evaluate import apply, forward
from .sweep import backward
from .trace import Walk

Verdict = Literal["right", "wrong", "kink", "unknown"]

TOLERANCE = 1e-5
"""The relative error from which a gradient is called wrong; that of central differences in float64 is about 1e-10."""
STEP = float(np.finfo(np.float64).eps ** (1 / 3))  # Press et al., Numerical Recipes, section 5.7
VERDICTS = ("wrong", "kink", "unknown", "missed", "right")
"""The verdicts, the worst first. "missed" is that of a vertex for whose check no time was left."""


class GradientReport(dict[str, float]):
    """{vertex name: worst relative error}, over the vertices that are fed and that the loss reaches."""

    @property
    def worst(self) -> float:
        """The largest error of all; 0.0 where nothing was checked."""
        return max(self.values(), default=0.0)


def central_differences(graph: Graph, feeds: Mapping[str, Array], of: str, name: str) -> np.ndarray:
    """∂of/∂name by central differences with the step h = ε^(1/3) max(1, |x|), an array of the shape of `name`.

    The error is O(h²): about 1e-10 relative to the loss's third derivative, in float64.
    Source of the step: Press et al., Numerical Recipes, section 5.7.
    """
    feeds = {k: np.array(to_host(v), dtype=np.float64) for k, v in feeds.items()}
    x = feeds[name]
    estimate = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        h = STEP * max(1.0, abs(float(kept)))
        x[index] = kept + h
        above = forward(graph, feeds)[of]
        x[index] = kept - h
        below = forward(graph, feeds)[of]
        x[index] = kept
        estimate[index] = (above - below) / (2 * h)
    return estimate


def check_gradients(graph: Graph, feeds: Mapping[str, Array], of: str = "loss") -> GradientReport:
    """Compare `backward` with central differences, in float64, for every fed vertex that `of` reaches.

    The relative error of a vertex is max|a - b| / max(1, max|a|, max|b|) over its elements. Where a function has a
    kink (ReLU at 0, a tie in max) the two may differ and both be right: `check_walk` tells such points apart.
    Raises as `forward` and `backward` do.
    """
    feeds = {k: np.asarray(to_host(v), dtype=np.float64) for k, v in feeds.items()}
    gradients = backward(graph, forward(graph, feeds), of)
    report = GradientReport()
    for name in graph.fed:
        if name not in gradients:
            continue
        ours, theirs = gradients[name], central_differences(graph, feeds, of, name)
        with np.errstate(all="ignore"):
            size = max(1.0, float(np.max(np.abs(ours), initial=0)), float(np.max(np.abs(theirs), initial=0)))
            report[name] = float(np.max(np.abs(ours - theirs), initial=0)) / size
    return report


@dataclass(frozen=True)
class Element:
    """One element of a gradient: ours by backpropagation, theirs by central differences.

    left, right  the one-sided slopes. At a kink they differ, however small the step, and ours lies between them.
    error        |ours - theirs| / max(1, |ours|, |theirs|)
    """

    index: tuple[int, ...]
    ours: float
    theirs: float
    left: float
    right: float
    error: float
    verdict: Verdict


@dataclass(frozen=True)
class Checked:
    """What was found at a vertex: its worst element, and how many of its `size` elements were looked at.

    `kink` is the operation whose bend or tie makes a kink, None where there is none or no operation declares it.
    """

    vertex: str
    worst: Element
    elements: int
    size: int
    kink: Operation | None = None

    @property
    def verdict(self) -> Verdict:
        """That of the worst element."""
        return self.worst.verdict


class Differences:
    """One-element changes of a walk's vertices, each followed through the operations that depend on the vertex."""

    def __init__(self, walk: Walk) -> None:
        self.walk = walk
        self.graph = walk.graph
        self.values = {name: np.asarray(to_host(v), dtype=np.float64) for name, v in walk.values.items()}
        self.loss = float(self.values[walk.of])
        self._after: dict[str, tuple[Operation, ...]] = {}

    def after(self, name: str) -> tuple[Operation, ...]:
        """The operations between a vertex and the loss, in order of evaluation."""
        if name not in self._after:
            moved, found = {name}, []
            for operation in self.graph.operations:
                if moved.intersection(operation.inputs):
                    moved.add(operation.output)
                    found.append(operation)
            wanted, kept = {self.walk.of}, []
            for operation in reversed(found):
                if operation.output in wanted:
                    wanted.update(operation.inputs)
                    kept.append(operation)
            self._after[name] = tuple(reversed(kept))
        return self._after[name]

    def loss_at(self, name: str, index: tuple[int, ...], x: float) -> float:
        """The loss with one element of a vertex set to x."""
        changed = self.values[name].copy()
        changed[index] = x
        values = {**self.values, name: changed}
        for operation in self.after(name):
            values[operation.output] = np.asarray(apply(operation, values))
        return float(values[self.walk.of])

    def slopes(self, name: str, index: tuple[int, ...], h: float) -> tuple[float, float]:
        """The one-sided difference quotients, from the left and from the right."""
        x = float(self.values[name][index])
        with np.errstate(all="ignore"):
            above, below = self.loss_at(name, index, x + h), self.loss_at(name, index, x - h)
            return (self.loss - below) / h, (above - self.loss) / h

    def element(self, name: str, index: tuple[int, ...], ours: float) -> Element:
        """One element of a gradient held against the differences."""
        h = STEP * max(1.0, abs(float(self.values[name][index])))
        found = self._judged(name, index, ours, h)
        if found.verdict != "right":
            # A kink nearby, not here, is left behind by a shorter step; a wrong gradient stays wrong.
            closer = self._judged(name, index, ours, h / 64)
            if closer.verdict == "right":
                return closer
        return found

    def _judged(self, name: str, index: tuple[int, ...], ours: float, h: float) -> Element:
        left, right = self.slopes(name, index, h)
        theirs = (left + right) / 2
        if not np.isfinite([ours, left, right]).all():
            return Element(index, ours, theirs, left, right, float("nan"), "unknown")
        size = max(1.0, abs(ours), abs(theirs))
        rounding = 8 * np.finfo(np.float64).eps * max(1.0, abs(self.loss)) / h
        error, slack = abs(ours - theirs) / size, TOLERANCE + rounding / size
        verdict: Verdict = "right" if error <= slack else "wrong"
        if abs(right - left) > 1e3 * slack * size and self._stays(name, index, right - left, h):
            low, high = sorted((left, right))
            verdict = "kink" if low - slack * size <= ours <= high + slack * size else "wrong"
        return Element(index, ours, theirs, left, right, error, verdict)

    def _stays(self, name: str, index: tuple[int, ...], jump: float, h: float) -> bool:
        """Whether the slopes differ as much at a shorter step: at a kink they do, on a curve they come together."""
        left, right = self.slopes(name, index, h / 16)
        return abs(right - left) > 0.5 * abs(jump)

    def kink(self, name: str) -> Operation | None:
        """The first operation after a vertex, or the one that makes it, that stands at a place with no derivative."""
        for operation in self.after(name):
            if operation.op.kinks is None:
                continue
            operands = [self.values[n] for n in operation.inputs]
            with np.errstate(all="ignore"):
                distance = operation.op.kinks.distance(*operands, **operation.attributes)
            if np.min(distance, initial=np.inf) <= 16 * STEP:
                return operation
        return None


def _sample(gradient: np.ndarray, value: np.ndarray, name: str) -> Iterator[tuple[int, ...]]:
    """The places of an array, the largest gradient first and the others in an order that the name alone decides.

    What is infinite on purpose, as under a mask, can not be changed a little: it is passed over where others are not.
    """
    if not gradient.size:
        return
    passed = ~np.isfinite(value) if np.isfinite(value).any() else np.zeros(value.shape, bool)
    with np.errstate(all="ignore"):
        first = int(np.argmax(np.abs(np.nan_to_num(gradient))))
    rest = np.random.default_rng(list(name.encode())).permutation(gradient.size)
    for flat in (first, *(int(i) for i in rest if i != first)):
        index = tuple(int(i) for i in np.unravel_index(flat, gradient.shape))
        if not passed[index]:
            yield index


def gradients_of(walk: Walk) -> dict[str, np.ndarray]:
    """{vertex: its whole gradient} of everything that the walk brings a gradient to, in order of arrival."""
    found = {walk.of: np.ones_like(to_host(walk.values[walk.of]))}
    for step in walk:
        for part in step.contributions:
            found[part.vertex] = np.asarray(to_host(part.total), dtype=np.float64)
    return found


def check_walk(
    walk: Walk, *, most: int = 64, seconds: float = 1.0, first: Collection[str] = ()
) -> dict[str, Checked | None]:
    """Every gradient of a walk against central differences, in float64: {vertex: what was found}.

    At most `most` elements a vertex are looked at, and no new ones after `seconds`: each vertex has its turn, one
    element at a time, those named in `first` before the others. None stands for a vertex whose turn never came. A
    place where the one-sided slopes differ and backpropagation's value lies between them is a kink, and not an error.
    """
    end = time.monotonic() + seconds
    differences, gradients = Differences(walk), gradients_of(walk)
    order = sorted(gradients, key=lambda name: (name not in first, name not in walk.graph.names("parameter")))
    places = {name: _sample(gradients[name], differences.values[name], name) for name in order}
    found: dict[str, list[Element]] = {name: [] for name in gradients}
    for _ in range(most):
        for name in list(places):
            index = next(places[name], None)
            if index is None:
                del places[name]
                continue
            found[name].append(differences.element(name, index, float(gradients[name][index])))
            if time.monotonic() > end:
                places.clear()
                break
        if not places:
            break
    return {name: _summed_up(differences, name, elements, gradients[name]) for name, elements in found.items()}


def _summed_up(differences: Differences, name: str, elements: list[Element], gradient: np.ndarray) -> Checked | None:
    if not elements:
        return None
    worst = min(elements, key=lambda e: (VERDICTS.index(e.verdict), -e.error))
    kink = differences.kink(name) if worst.verdict == "kink" else None
    return Checked(name, worst, len(elements), gradient.size, kink)
