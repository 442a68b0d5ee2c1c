"""The card of a step for the panel: asked for when a person looks at it, so that a walk opens without it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..engine import Step
from ..errors import N_, GraphlabError
from ..explain import mathml
from ..explain.card import Axes, as_json, card, named
from ..scenario import Scenario

if TYPE_CHECKING:
    from .answers import Context

LISTED = 12  # operations of a folded box that are listed


@lru_cache(maxsize=16)
def _axes(scenario: Scenario) -> Mapping[str, Axes]:
    return named(scenario)


def answer(context: Context, question: Mapping[str, Any]) -> dict[str, Any]:
    """The card of the player's step `step`: {"step": n, "card": {…}}; of a folded box, {"step": n, "inside": […]}.

    Raises GraphlabError where there is no such step.
    """
    n, stops = question.get("step"), context.picture.stops
    if type(n) is not int or not 1 <= n <= len(stops):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    if n in context.folded_steps:
        first = stops[n - 2] if n > 1 else 0
        return {"step": n, "inside": _inside(context, context.walk[first : stops[n - 1]])}
    axes = _axes(context.scenario) if context.scenario is not None else None
    explained = card(context.walk, context.walk[stops[n - 1] - 1], lang=context.lang, axes=axes)
    return {"step": n, "card": as_json(explained, context.lang)}


def _inside(context: Context, steps: tuple[Step, ...]) -> list[str]:
    """The rules of the operations in a folded box, in the order of the walk."""
    rules = [card(context.walk, step, lang=context.lang).title for step in steps[:LISTED] if step.operation]
    return [mathml(rule) for rule in rules] + ([mathml(r"\dots")] if len(steps) > LISTED else [])
