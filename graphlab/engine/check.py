"""Gradients against central differences: the check that everyone can run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..arrays import Array, to_host
from ..graph import Graph
from .evaluate import forward
from .sweep import backward


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
        h = np.finfo(np.float64).eps ** (1 / 3) * max(1.0, abs(float(kept)))
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
    kink (ReLU at 0, a tie in max) the two may differ and both be right.
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
