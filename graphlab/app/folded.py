"""A folded time step or gate as one step of the walk: what flows in, what comes out, and what goes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..diagram import Folding, Picture
from ..diagram.boxes import Box, boxes
from ..engine import Walk
from ..errors import N_
from ..explain import array_latex, mathml, spoken
from ..i18n import translator


def folded_steps(walk: Walk, picture: Picture, folding: Folding, lang: str = "en") -> dict[int, dict[str, Any]]:
    """The steps of a picture that are folded boxes, by their number, as the player has its steps."""
    by_name = {box.name: box for box in boxes(walk.graph, folding) if box.folded}
    found = {}
    for shape in picture.operations:
        if shape.folded:
            found[shape.forward] = _forward(walk, by_name[shape.name], shape.forward, lang)
            if shape.backward is not None:
                found[shape.backward] = _backward(walk, by_name[shape.name], shape.backward, lang)
    return found


def _step(
    box: Box, index: int, phase: str, targets: list[str], formula: str, numbers: str, sentence: str
) -> dict[str, Any]:
    return {
        "index": index,
        "phase": phase,
        "operation": box.name,
        "output": box.outputs[-1],
        "inputs": list(box.inputs),
        "targets": targets,
        "formula": mathml(formula) if formula else "",
        "numbers": mathml(numbers) if numbers else "",
        "sentence": sentence,
    }


def _told(walk: Walk, template: str, box: Box, names: Iterable[str], lang: str) -> str:
    def said(names: Iterable[str]) -> str:
        # A start such as h_0 goes by its name: what flows in is a state, whatever its numbers are.
        return ", ".join(
            name if walk.graph.vertices[name].kind == "constant" else spoken(walk.graph, name) for name in names
        )

    return translator(lang)(template).format(outputs=said(box.outputs), names=said(names), n=len(box.operations))


def _flowing(walk: Walk, box: Box) -> list[str]:
    return [name for name in box.inputs if walk.graph.vertices[name].kind != "parameter"] or list(box.inputs)


def _forward(walk: Walk, box: Box, index: int, lang: str) -> dict[str, Any]:
    latex = {name: v.latex for name, v in walk.graph.vertices.items()}
    inputs = ",\\; ".join(latex[name] for name in _flowing(walk, box))
    outputs = ",\\; ".join(latex[name] for name in box.outputs)
    values = ",\\quad ".join(f"{latex[name]} = {array_latex(walk.values[name])}" for name in box.outputs)
    told = _told(
        walk, N_("{outputs} from {names}, by the {n} operations folded in this box."), box, _flowing(walk, box), lang
    )
    return _step(box, index, "forward", [], rf"{outputs} \leftarrow {inputs}", values, told)


def _backward(walk: Walk, box: Box, index: int, lang: str) -> dict[str, Any]:
    latex = {name: v.latex for name, v in walk.graph.vertices.items()}
    inside = {o.output for o in box.operations}
    totals = {
        c.vertex: c.total
        for step in walk
        if step.phase == "backward" and step.operation and step.output in inside
        for c in step.contributions
        if c.vertex in box.inputs
    }
    loss = latex[walk.of]
    shown = [name for name in _flowing(walk, box) if name in totals] or list(totals)
    given = ",\\; ".join(rf"\nabla_{{{latex[name]}}} {loss}" for name in box.outputs)
    sent = ",\\; ".join(rf"\nabla_{{{latex[name]}}} {loss}" for name in shown)
    values = ",\\quad ".join(rf"\nabla_{{{latex[name]}}} {loss} = {array_latex(totals[name])}" for name in shown)
    template = N_("The gradient at {outputs} passes back through the {n} operations of this box, to {names}.")
    told = _told(walk, template, box, list(totals), lang)
    return _step(box, index, "backward", list(totals), rf"{given} \rightarrow {sent}" if sent else "", values, told)
