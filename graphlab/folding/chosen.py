"""The folding that a person chose: a way to fold the whole graph, and what was opened and folded one by one on top of it."""

from __future__ import annotations

from collections.abc import Iterable

from ..graph import Graph
from .boxes import FOLDINGS, Folding


def folding_of(graph: Graph, fold: str, opened: Iterable[str] = (), closed: Iterable[str] = ()) -> Folding:
    """The folding of a policy with what a person opened and folded one by one on top of it."""
    return FOLDINGS[fold](graph).clicked(graph, set(opened), set(closed))


def clicked(
    folding: Folding, name: str, opened: Iterable[str], closed: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clusters opened and those closed one by one, after a click on one that is shown as `folding` says."""
    opened, closed = set(opened) - {name}, set(closed) - {name}
    (opened if name in folding.closed else closed).add(name)
    return tuple(sorted(opened)), tuple(sorted(closed))
