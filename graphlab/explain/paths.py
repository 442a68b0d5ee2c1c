"""The paths from a vertex to the loss as formulas, each with what it adds to the gradient, and the sum checked."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import Array, to_host
from ..engine import Walk, along_path, backward, paths
from ..engine.paths import Path, Paths

NAMES = 9  # vertices of a path that are named; of a longer one the first and the last


@dataclass(frozen=True, eq=False)
class PathExplained:
    """One path: its vertices in LaTeX, its edges, and the product of the Jacobians on it."""

    latex: str
    path: Path
    value: Array


@dataclass(frozen=True, eq=False)
class PathsExplained:
    """All paths from a vertex to the loss, `listed` where they are few.

    error   how far the sum over the listed paths is from the gradient of one backward pass, relative to it; None where
            they are not listed, or where numbers are infinite
    """

    paths: Paths
    listed: tuple[PathExplained, ...]
    error: float | None


def _latex(walk: Walk, vertex: str, path: Path) -> str:
    names = [walk.graph.vertices[name].latex for name in (vertex, *(edge.output for edge in path))]
    if len(names) > NAMES:
        names = [*names[:4], r"\cdots", *names[-3:]]
    return r" \to ".join(names)


def explain_paths(walk: Walk, vertex: str) -> PathsExplained:
    """The paths from `vertex` to the loss of the walk. Raises GraphlabError where there is no such vertex."""
    found = paths(walk.graph, vertex, walk.of)
    listed = tuple(
        PathExplained(_latex(walk, vertex, path), path, to_host(along_path(walk.graph, walk.values, path, walk.of)))
        for path in found.listed
    )
    if not listed:
        return PathsExplained(found, (), None)
    gradient = to_host(backward(walk.graph, walk.values, walk.of)[vertex])
    with np.errstate(all="ignore"):
        far = np.max(np.abs(sum(p.value for p in listed) - gradient), initial=0)
        error = float(far / max(1.0, float(np.max(np.abs(gradient), initial=0))))
    return PathsExplained(found, listed, error if np.isfinite(error) else None)
