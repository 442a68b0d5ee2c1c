"""What the player may ask of a walk: one function a kind of question, each in its own module."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..arrays import to_host
from ..diagram import Folding, Options, Picture, draw, svg
from ..diagram.parts import Split, split
from ..diagram.quick import without_collection
from ..diagram.rolled import Roll
from ..engine import Step, Walk
from ..errors import N_, GraphlabError
from ..i18n import translator
from ..scenario import Scenario
from . import doubts, elements, minibatch, parts, programs, step_card, texts
from .folded import folded_steps


@dataclass(frozen=True, eq=False)
class Context:
    """What questions are asked about: a walk, and how it is shown. Shared by all who look at it, so only read.

    A question about a walk with another `key` is not answered. `seed` and `inputs` are the choices
    that made the walk from the scenario; `scenario` is None for a walk that has none. `rolled`: one cell is drawn in
    place of all time steps, and `folding` folds nothing.
    """

    walk: Walk
    scenario: Scenario | None = None
    folding: Folding = field(default_factory=Folding.open_all)
    lang: str = "en"
    seed: int = 0
    inputs: bool = False
    rolled: bool = False

    @cached_property
    def picture(self) -> Picture:
        """The walk as it is drawn, made when it is first asked for."""
        return draw(self.walk, folding=self.folding, options=Options(lang=self.lang), rolled=self.rolled)

    @cached_property
    def roll(self) -> Roll | None:
        """What stands for what in the rolled picture; None where every time step is drawn."""
        return Roll(self.walk) if self.rolled else None

    @cached_property
    def split(self) -> Split | None:
        """The parts of a large picture; None where it goes to the page as a whole."""
        return split(self.picture)

    @cached_property
    def drawing(self) -> str:
        """The picture as SVG; of a large one what is there before its parts."""
        return self.split.drawing() if self.split else svg.page(self.picture)

    @cached_property
    def folded_steps(self) -> dict[int, dict[str, Any]]:
        """The steps that are folded boxes, by their number, with their texts."""
        return folded_steps(self.walk, self.picture, self.folding, self.lang)

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """What happens in each step, as the player has it, without words and formulas."""
        folded = self.folded_steps
        ready = {i: {k: v for k, v in step.items() if k not in texts.FIELDS} for i, step in folded.items()}
        steps = [ready.get(i) or _step(self.walk[stop - 1], i) for i, stop in enumerate(self.picture.stops, 1)]
        return [_rolled(step, self.roll) for step in steps] if self.roll else steps

    @cached_property
    def origin(self) -> tuple:
        """What the walk was made from: the scenario and the choices, or where there is none every value that was fed.

        An array on a device stays there.
        """
        if self.scenario is not None:
            return self.scenario.key, self.seed, self.inputs
        values, made = self.walk.values, self.walk.graph.producer
        return self.walk.graph.text, [(n, to_host(v).tobytes()) for n, v in values.items() if n not in made]

    @cached_property
    @without_collection
    def key(self) -> str:
        """A digest of the contents: another one where anything that is shown is another."""
        shown = (self.drawing, self.steps, self.lang)
        if self.split:  # its numbers are not in the drawing, and follow from these
            shown += self.origin
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _step(step: Step, index: int) -> dict[str, Any]:
    targets = [c.vertex for c in step.contributions] if step.operation else [step.output]
    return {
        "index": index,
        "phase": step.phase,
        "operation": step.operation.output if step.operation else None,
        "output": step.output,
        "inputs": list(step.operation.inputs) if step.operation else [],
        "targets": targets if step.phase == "backward" else [],
    }


def _rolled(step: dict[str, Any], roll: Roll) -> dict[str, Any]:
    """The step with the names of the shapes that it is shown at."""

    def name(vertex: str) -> str:
        return roll.name(vertex, step["index"])

    return step | {
        "operation": step["operation"] and name(step["operation"]),
        "output": name(step["output"]),
        "inputs": [name(vertex) for vertex in step["inputs"]],
        "targets": [name(vertex) for vertex in step["targets"]],
    }


# A question's details come from a browser: what a function can not use it refuses with a GraphlabError.
KINDS: dict[str, Callable[[Context, Mapping[str, Any]], dict[str, Any]]] = {
    "texts": texts.answer,
    "part": parts.answer,
    "card": step_card.answer,
    "element": elements.element,
    "paths": elements.paths,
    "target": elements.target,
    "check": doubts.check,
    "stable": doubts.stable,
    "code": programs.answer,
    "lens": minibatch.answer,
}


def answer(context: Context, question: object) -> dict[str, Any]:
    """The answer to one question, with its id and kind: plain data for JSON; {"error": "…"} where it can not be given."""
    if not isinstance(question, dict):
        return {"error": "not a question"}
    asked = {name: question[name] for name in ("id", "kind") if isinstance(question.get(name), str)}
    give = KINDS.get(asked.get("kind", ""))
    try:
        if give is None or question.get("walk") != context.key:
            raise GraphlabError(N_("The page asks for something that is not there: load it again."))
        return {**give(context, question), **asked}
    except GraphlabError as e:
        return {"error": e.text(translator(context.lang)), **asked}
