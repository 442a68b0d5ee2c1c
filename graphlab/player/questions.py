"""What the player may ask of a walk: the kinds of questions, and which values each answer is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..errors import N_, GraphlabError
from ..i18n import translator
from .answers import checks, elements, minibatch, parts, programs, step_card, texts
from .shown_walk import ShownWalk

Question = Mapping[
    str, Any
]  # its details come from a browser: an answer refuses what it can not use with a GraphlabError

KINDS: dict[str, Callable[[ShownWalk, Question], dict[str, Any]]] = {
    "texts": lambda shown, q: texts.answer(shown.walk, shown.stops, shown.folded_steps, shown.lang, q),
    "part": lambda shown, q: parts.answer(shown.split, q),
    "card": lambda shown, q: step_card.answer(shown.cards, q),
    "element": lambda shown, q: elements.element(shown.walk, shown.scenario, shown.lang, q),
    "paths": lambda shown, q: elements.paths(shown.walk, q),
    "target": lambda shown, q: elements.target(shown.walk, shown.lang, q),
    "check": lambda shown, q: checks.check(shown.walk, shown.lang, q),
    "stable": lambda shown, q: checks.stable(shown.walk, shown.scenario),
    "code": lambda shown, q: programs.answer(shown.walk, shown.stops, shown.program_name, shown.lang, q),
    "lens": lambda shown, q: minibatch.answer(shown.lens, shown.stops, shown.lang, q),
}


def answer(shown: ShownWalk, question: object) -> dict[str, Any]:
    """The answer to one question, with its id and kind: plain data for JSON; {"error": "…"} where it can not be given."""
    if not isinstance(question, dict):
        return {"error": "not a question"}
    asked = {name: question[name] for name in ("id", "kind") if isinstance(question.get(name), str)}
    give = KINDS.get(asked.get("kind", ""))
    try:
        if give is None or question.get("walk") != shown.key:
            raise GraphlabError(N_("The page asks for something that is not there: load it again."))
        return {**give(shown, question), **asked}
    except GraphlabError as e:
        return {"error": e.text(translator(shown.lang)), **asked}
