"""The gradient of any vertex by any other, in reverse and in forward mode, with what each of them costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..arrays import to_host
from ..engine import Walk, jacobian, paths
from ..errors import N_
from ..i18n import translator
from .steps import spoken

VISITS = 20_000  # edge visits up to which both modes are run: about half a second


@dataclass(frozen=True, eq=False)
class TargetExplained:
    """∂of/∂by both ways.

    reverse_passes   one for each element of `of`; forward_passes one for each element of `by`
    edges            the edges between the two, each visited once a pass
    reverse          ∂of/∂by in reverse mode, of the shape of `of` and then of `by`; None where it is too much to run
    forward          the same in forward mode
    error            how far the two are apart, relative to the largest element
    sentence         which of them is the cheaper one, and why
    """

    of: str
    by: str
    latex: str
    reverse_passes: int
    forward_passes: int
    edges: int
    reverse: np.ndarray | None
    forward: np.ndarray | None
    error: float | None
    sentence: str


def _sentence(walk: Walk, of: str, by: str, edges: int, lang: str) -> str:
    n, m = walk.graph.vertices[of].size, walk.graph.vertices[by].size
    if of == by:
        says = N_("A vertex by itself: every element moves with itself alone, so the Jacobian is the identity.")
    elif not edges:
        says = N_("{of} does not depend on {by}, at least not with a gradient: every derivative is 0.")
    elif n == 1 < m:
        says = N_(
            "{of} is one number: reverse mode takes one pass, which brings its gradient by every vertex at once. Forward "
            "mode takes a pass for each element of {by}: {m}. This is why networks are trained in reverse mode."
        )
    elif n < m:
        says = N_("Reverse mode is the cheaper one here: {of} has fewer elements, {n}, than {by}, {m}.")
    elif n > m:
        says = N_("Forward mode is the cheaper one here: {by} has fewer elements, {m}, than {of}, {n}.")
    else:
        says = N_("Both modes take the same number of passes here: {n}.")
    return translator(lang)(says).format(of=spoken(walk.graph, of), by=spoken(walk.graph, by), n=n, m=m)


def explain_target(walk: Walk, of: str, by: str, lang: str = "en") -> TargetExplained:
    """The gradient of `of` by `by`, any two vertices of the walk. Raises GraphlabError for a name that is not a vertex."""
    edges = paths(walk.graph, by, of, limit=0).visits
    vertices = walk.graph.vertices
    reverse_passes, forward_passes = vertices[of].size, vertices[by].size
    reverse = forward = error = None
    if (reverse_passes + forward_passes) * max(1, edges) <= VISITS:
        reverse = to_host(jacobian(walk.graph, walk.values, of=of, by=by))
        forward = to_host(jacobian(walk.graph, walk.values, of=of, by=by, mode="forward"))
        with np.errstate(all="ignore"):
            apart = float(np.max(np.abs(reverse - forward), initial=0))
            size = max(1.0, float(np.max(np.abs(reverse), initial=0)))
        error = apart / size if np.isfinite(apart / size) else None
    latex = rf"\frac{{\partial {vertices[of].latex}}}{{\partial {vertices[by].latex}}}"
    says = _sentence(walk, of, by, edges, lang)
    return TargetExplained(of, by, latex, reverse_passes, forward_passes, edges, reverse, forward, error, says)
