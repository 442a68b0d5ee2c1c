"""The folding of the page: its policies with what a person opened and folded on top, and folded steps as the player has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..diagram import FOLDINGS, Folding, Picture
from ..diagram.folded import FoldedStep, folded_boxes
from ..engine import Walk
from ..explain import mathml
from ..graph import Graph


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


def folded_steps(walk: Walk, picture: Picture, folding: Folding, lang: str = "en") -> dict[int, dict[str, Any]]:
    """The steps of a picture that are folded boxes, by their number, as the player has its steps."""
    return {index: _step(step) for index, step in folded_boxes(walk, picture, folding, lang).items()}


def _step(step: FoldedStep) -> dict[str, Any]:
    return {
        "index": step.index,
        "phase": step.phase,
        "operation": step.box.name,
        "output": step.box.outputs[-1],
        "outputs": list(step.box.outputs),
        "inputs": list(step.box.inputs),
        "targets": list(step.targets),
        "formula": mathml(step.symbols) if step.symbols else "",
        "numbers": mathml(step.numbers) if step.numbers else "",
        "sentence": step.sentence,
    }
