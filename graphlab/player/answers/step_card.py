"""The card of a step for the panel: asked for when a person looks at it, so that a walk opens without it."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import Any

from ...engine import Step, Walk
from ...errors import N_, GraphlabError
from ...explain import mathml
from ...explain.card import Axes, as_json, card, named
from ...scenario import Scenario

LISTED = 32  # operations of a folded box that are listed
KEPT = 256  # cards of a walk that are kept for whoever looks at it next


@lru_cache(maxsize=16)
def _axes(scenario: Scenario) -> Mapping[str, Axes]:
    return named(scenario)


class Cards:
    """The cards of a walk's steps, made when they are asked for and kept for whoever looks next.

    `stops` gives for every step of the picture the step of the walk that it ends with; `folded` are the numbers of the
    steps that are folded boxes. Axes have names where the walk is of a scenario.
    """

    def __init__(
        self, walk: Walk, stops: Sequence[int], folded: Container[int], scenario: Scenario | None, lang: str
    ) -> None:
        self._walk, self._stops, self._folded, self._lang = walk, stops, folded, lang
        self._axes = _axes(scenario) if scenario is not None else None
        self._made: dict[tuple[int, int | None], dict[str, Any]] = {}

    def card(self, n: int, of: int | None) -> dict[str, Any]:
        """See `answer`."""
        if not 1 <= n <= len(self._stops):
            raise GraphlabError(N_("The page asks for something that is not there: load it again."))
        if (n, of) not in self._made:
            made = self._make(n, of)
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[n, of] = made
        return self._made[n, of]

    def _make(self, n: int, of: int | None) -> dict[str, Any]:
        stops = self._stops
        if n not in self._folded:
            return {"step": n, "card": self._card(self._walk[stops[n - 1] - 1])}
        steps = [s for s in self._walk[stops[n - 2] if n > 1 else 0 : stops[n - 1]] if s.operation]
        made = {"step": n, "inside": self._rules(steps), "more": len(steps) > LISTED}
        if of is not None:
            if not 1 <= of <= min(LISTED, len(steps)):
                raise GraphlabError(N_("The page asks for something that is not there: load it again."))
            made["card"] = self._card(steps[of - 1])
        return made

    def _card(self, step: Step) -> dict[str, Any]:
        return as_json(card(self._walk, step, lang=self._lang, axes=self._axes), self._lang)

    def _rules(self, steps: Sequence[Step]) -> list[dict[str, Any]]:
        """The rules of the operations in a folded box, in the order of the walk."""
        rules = [card(self._walk, step, lang=self._lang).title for step in steps[:LISTED]]
        return [{"math": mathml(rule, display=False), "of": i} for i, rule in enumerate(rules, 1)]


def answer(cards: Cards, question: Mapping[str, Any]) -> dict[str, Any]:
    """The card of the player's step `step`: {"step": n, "card": {…}}.

    Of a folded box {"step": n, "inside": [{"math": …, "of": i}, …], "more": …}: the rules of its operations, the first
    ones where there are many; and with "of", the place of one of them from 1, its "card" as well.
    Raises GraphlabError where there is no such step, and no such operation in it.
    """
    n, of = question.get("step"), question.get("of")
    if type(n) is not int or not (of is None or type(of) is int):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    return cards.card(n, of)
