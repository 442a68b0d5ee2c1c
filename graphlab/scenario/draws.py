"""Seeded values that read well on a projector: rounded, and independent of one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod, sqrt
from zlib import crc32

import numpy as np

from ..graph import Graph

Rng = np.random.Generator
Dims = tuple[int, ...]


@dataclass(frozen=True)
class Draw:
    """How a value is drawn: one of `DRAWS`, its scale, and the digits after the point (None: as many as it takes).

    What the scale means is the draw's own: the spread of "normal", "uniform" and "noise" (around 1), the probability of a
    one in "mask", how many there are to choose from in "index" (from 0) and "lengths" (from 1), else a factor.
    """

    draw: str
    scale: float = 1.0
    decimals: int | None = None


def _glorot(rng: Rng, shape: Dims, scale: float) -> np.ndarray:
    # Glorot & Bengio 2010: uniform, ± sqrt(6 / (fan_in + fan_out)); rows are objects, so W has fan_in rows.
    fan_in, fan_out = (shape[0], prod(shape[1:])) if shape else (1, 1)
    limit = scale * sqrt(6 / (fan_in + fan_out))
    return rng.uniform(-limit, limit, shape)


def _lengths(rng: Rng, shape: Dims, scale: float) -> np.ndarray:
    # The longest sequence fills all steps, and the longest come first: that is how a minibatch is padded and packed.
    lengths = np.sort(rng.integers(1, max(1, int(scale)) + 1, shape), axis=None)[::-1]
    if shape:
        lengths[:1] = max(1, int(scale))
    return lengths.reshape(shape)


def _one_hot(rng: Rng, shape: Dims, scale: float) -> np.ndarray:
    if not shape:
        return np.array(scale)
    return scale * np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]


def _probabilities(rng: Rng, shape: Dims, scale: float) -> np.ndarray:
    # Whole parts of 1/20, or of less where a row is long, and none of them 0: short to read, and a row sums to 1.
    n = shape[-1] if shape else 1
    parts = next((p for p in (20, 100, 1000, 10_000) if p >= 2 * n), 2 * n)
    shares = 1 + rng.multinomial(parts - n, np.full(n, 1 / n), size=shape[:-1])
    return scale * np.reshape(shares, shape) / parts


DRAWS: dict[str, Callable[[Rng, Dims, float], np.ndarray]] = {
    "normal": lambda rng, shape, scale: rng.normal(0, scale, shape),
    "uniform": lambda rng, shape, scale: rng.uniform(-scale, scale, shape),
    "glorot": _glorot,
    "zeros": lambda rng, shape, scale: np.zeros(shape),
    "ones": lambda rng, shape, scale: np.full(shape, scale),
    "one_hot": _one_hot,
    "index": lambda rng, shape, scale: rng.integers(max(1, int(scale)), size=shape),
    "lengths": _lengths,
    "mask": lambda rng, shape, scale: 1.0 * (rng.random(shape) < scale),
    "noise": lambda rng, shape, scale: rng.normal(1, scale, shape),
    "bernoulli": lambda rng, shape, scale: scale * rng.integers(0, 2, shape),
    "labels": lambda rng, shape, scale: scale * (2 * rng.integers(0, 2, shape) - 1),
    "probabilities": _probabilities,
}


def drawn(draw: Draw, name: str, shape: Dims, seed: int) -> np.ndarray:
    """A float64 array of `shape`. It depends on the seed, the name and the shape, and on no other vertex."""
    rng = np.random.default_rng([seed, crc32(name.encode())])
    value = np.asarray(DRAWS[draw.draw](rng, shape, draw.scale), dtype=np.float64)
    decimals = draw.decimals
    if decimals is None and draw.draw == "probabilities":
        decimals = 4  # fewer, and the rows would no longer sum to 1
    elif decimals is None:
        largest = float(np.max(np.abs(value), initial=0))
        # Two significant digits of the largest element, and never fewer than one after the point.
        decimals = 1 if largest >= 0.4 else 2 if largest >= 0.04 else 4
    return np.round(value, decimals) + 0.0  # -0.0 + 0.0 is 0.0


def draw_for(graph: Graph, name: str, declared: Draw | None) -> Draw:
    """The draw of a fed value: as declared, or else the default one. The range of whole numbers is always the graph's."""
    wanted = default_draw(graph, name)
    if declared is None or (declared.draw == wanted.draw and wanted.draw in ("index", "lengths")):
        return wanted
    return declared


def default_draw(graph: Graph, name: str) -> Draw:
    """The draw of a fed value whose file says nothing: a truth as its loss wants it, weights small, all else normal."""
    name = graph.sequences.get(name, (name,))[0]  # what holds for one time step holds for all
    if graph.vertices[name].kind == "constant":
        return Draw("ones", 0.1)
    for operation, slot in graph.consumers[name]:
        declared = operation.op.draws.get(slot)
        if callable(declared):
            shapes = [graph.vertices[operand].shape for operand in operation.inputs]
            return Draw(*declared(shapes, **operation.attributes))
        if declared is not None:
            return Draw(declared)
    if graph.vertices[name].kind == "parameter":
        return Draw("glorot") if len(graph.vertices[name].shape) > 1 else Draw("normal", 0.5)
    return Draw("normal")
