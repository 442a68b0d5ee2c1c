"""The card of a step for the panel: asked for when a person looks at it, so that a walk opens without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..engine import Step
from ..errors import N_, GraphlabError
from ..explain import mathml
from ..explain.card import Axes, as_json, card, named
from ..scenario import Scenario

if TYPE_CHECKING:
    from .answers import Context

LISTED = 32  # operations of a folded box that are listed
KEPT = 256  # cards of a walk that are kept for whoever looks at it next

_made: WeakKeyDictionary[Context, dict[tuple[int, int | None], dict[str, Any]]] = WeakKeyDictionary()


@lru_cache(maxsize=16)
def _axes(scenario: Scenario) -> Mapping[str, Axes]:
    return named(scenario)


def answer(context: Context, question: Mapping[str, Any]) -> dict[str, Any]:
    """The card of the player's step `step`: {"step": n, "card": {…}}.

    Of a folded box {"step": n, "inside": [{"math": …, "of": i}, …], "more": …}: the rules of its operations, the first
    ones where there are many; and with "of", the place of one of them from 1, its "card" as well.
    Raises GraphlabError where there is no such step, and no such operation in it.
    """
    n, of, stops = question.get("step"), question.get("of"), context.picture.stops
    if type(n) is not int or not 1 <= n <= len(stops) or not (of is None or type(of) is int):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    kept = _made.setdefault(context, {})
    if (n, of) in kept:
        return kept[n, of]
    made: dict[str, Any] = {"step": n}
    if n in context.folded_steps:
        steps = [s for s in context.walk[stops[n - 2] if n > 1 else 0 : stops[n - 1]] if s.operation]
        made |= {"inside": _inside(context, steps), "more": len(steps) > LISTED}
        if of is not None:
            if not 1 <= of <= min(LISTED, len(steps)):
                raise GraphlabError(N_("The page asks for something that is not there: load it again."))
            made["card"] = _card(context, steps[of - 1])
    else:
        made["card"] = _card(context, context.walk[stops[n - 1] - 1])
    if len(kept) >= KEPT:
        kept.clear()
    kept[n, of] = made
    return made


def _card(context: Context, step: Step) -> dict[str, Any]:
    axes = _axes(context.scenario) if context.scenario is not None else None
    return as_json(card(context.walk, step, lang=context.lang, axes=axes), context.lang)


def _inside(context: Context, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """The rules of the operations in a folded box, in the order of the walk."""
    rules = [card(context.walk, step, lang=context.lang).title for step in steps[:LISTED]]
    return [{"math": mathml(rule, display=False), "of": i} for i, rule in enumerate(rules, 1)]
