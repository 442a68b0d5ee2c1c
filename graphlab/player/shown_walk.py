"""A walk as it is shown: folded or rolled, in a language, with everything of it that is made once and read often."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..arrays import to_host
from ..diagram import DrawOptions, Folding, Picture, draw, svg
from ..diagram.parts import Split, split
from ..diagram.rolled import Roll
from ..engine import Step, Walk
from ..explain import mathml
from ..explain.folded_step import FoldedStep, folded_steps
from ..explain.lens import Lens
from ..gc_pause import without_collection
from ..scenario import Scenario, digest
from .answers.step_card import Cards
from .answers.texts import FIELDS
from .choices import Choices


@dataclass(frozen=True, eq=False)
class ShownWalk:
    """A walk, and how it is shown. One object serves everybody who looks at the walk, so it is only read.

    `choices` made the walk from the scenario, and say how it is shown; `scenario` is None for a walk that has none.
    Where they ask for the rolled picture, one cell in place of all time steps, `folding` folds nothing. Questions name
    the `key` of the walk that they are about.
    """

    walk: Walk
    scenario: Scenario | None = None
    folding: Folding = field(default_factory=Folding.open_all)
    choices: Choices = field(default_factory=Choices)

    @property
    def lang(self) -> str:
        """The language of the words."""
        return self.choices.lang

    @cached_property
    def picture(self) -> Picture:
        """The walk as it is drawn, made when it is first asked for."""
        return draw(self.walk, folding=self.folding, options=DrawOptions(lang=self.lang), rolled=self.choices.rolled)

    @cached_property
    def roll(self) -> Roll | None:
        """What stands for what in the rolled picture; None where every time step is drawn."""
        return Roll(self.walk) if self.choices.rolled else None

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
        found = folded_steps(self.walk, self.folding, self.picture.folded, self.lang)
        return {index: _folded_step(step) for index, step in found.items()}

    @property
    def stops(self) -> tuple[int, ...]:
        """For every step of the picture the step of the whole walk that it ends with."""
        return self.picture.stops

    @property
    def program_name(self) -> str:
        """The stem of the files of the walk as a program."""
        return self.scenario.name.replace("-", "_") if self.scenario else "walk"

    @cached_property
    def cards(self) -> Cards:
        """The cards of the steps, each made when it is first asked for."""
        return Cards(self.walk, self.stops, self.folded_steps, self.scenario, self.lang)

    @cached_property
    def lens(self) -> Lens | None:
        """The minibatch seen object by object; None where the scenario has none."""
        if self.scenario is None or self.scenario.batch is None:
            return None
        return Lens(self.scenario, self.walk)

    @cached_property
    def steps(self) -> list[dict[str, Any]]:
        """What happens in each step, as the player has it, without words and formulas."""
        folded = self.folded_steps
        ready = {i: {k: v for k, v in step.items() if k not in FIELDS} for i, step in folded.items()}
        steps = [ready.get(i) or _step(self.walk[stop - 1], i) for i, stop in enumerate(self.picture.stops, 1)]
        return [_rolled(step, self.roll) for step in steps] if self.roll else steps

    @cached_property
    def origin(self) -> tuple:
        """What the walk was made from: the scenario and the choices, or where there is none every value that was fed.

        An array on a device stays there.
        """
        if self.scenario is not None:
            return digest(self.scenario), self.choices.seed, self.choices.inputs
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


def _folded_step(step: FoldedStep) -> dict[str, Any]:
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
