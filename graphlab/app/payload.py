"""The whole walk as the player needs it: one picture with every chip in it, and the words and formulas of each step."""

from __future__ import annotations

import hashlib
from typing import Any

from ..diagram import Folding, Options, draw, svg
from ..engine import Step, Walk
from ..explain import explain, mathml
from .folded import folded_steps
from .labels import labels


def _formulas(walk: Walk, step: Step | None, lang: str) -> dict[str, str]:
    said = explain(walk, step, lang=lang)
    return {
        "formula": mathml(said.symbols) if said.symbols else "",
        "numbers": mathml(said.numbers) if said.numbers else "",
        "sentence": said.sentence,
    }


def _step(walk: Walk, step: Step, lang: str) -> dict[str, Any]:
    targets = [c.vertex for c in step.contributions] if step.operation else [step.output]
    return {
        "index": step.index,
        "phase": step.phase,
        "operation": step.operation.output if step.operation else None,
        "output": step.output,
        "inputs": list(step.operation.inputs) if step.operation else [],
        "targets": targets if step.phase == "backward" else [],
        **_formulas(walk, step, lang),
    }


def payload(walk: Walk, *, title: str, stem: str, lang: str = "en", folding: Folding | None = None) -> dict[str, Any]:
    """Everything the player shows of a walk, as plain data for JSON.

    `title` is the scenario's name for people, `stem` the beginning of the names of files. "key" is a digest of the
    contents: the player starts again at the step it is given when it changes, and stays where it is when it does not.
    `folding` says what is folded into one box, and one step, each; by default nothing.
    """
    folding = folding or Folding.open_all()
    picture = draw(walk, folding=folding, options=Options(lang=lang))
    drawing = svg.page(picture)
    folded = folded_steps(walk, picture, folding, lang)
    steps = [
        folded.get(i) or {**_step(walk, walk[stop - 1], lang), "index": i} for i, stop in enumerate(picture.stops, 1)
    ]
    start = _formulas(walk, None, lang)
    key = hashlib.sha256(repr((drawing, steps, start)).encode()).hexdigest()[:16]
    return {
        "key": key,
        "lang": lang,
        "title": title,
        "stem": stem,
        "svg": drawing,
        "labels": labels(lang),
        "steps": steps,
        "start": start,
    }
