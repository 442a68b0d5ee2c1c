"""A folded time step or gate as one step of the walk: what flows in, what comes out, and what goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ..arrays import Array
from ..diagram import Folding, Picture
from ..diagram.boxes import Box, boxes
from ..engine import Walk, jacobian
from ..errors import N_
from ..explain import array_latex, mathml, spoken
from ..graph import Graph
from ..i18n import translator

POLICIES: Mapping[str, Callable[[Graph], Folding]] = {
    "auto": Folding.default,
    "open": lambda graph: Folding.open_all(),
    "gates": Folding.equations,
    "blocks": Folding.blocks,
    "folded": Folding.fold_all,
}
"""What the page calls the ways to fold a whole graph."""


def folding_of(graph: Graph, fold: str, opened: Iterable[str] = (), closed: Iterable[str] = ()) -> Folding:
    """The folding of a policy with what a person opened and folded one by one on top of it."""
    return POLICIES[fold](graph).clicked(graph, set(opened), set(closed))


def clicked(
    folding: Folding, name: str, opened: Iterable[str], closed: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The clusters opened and those closed one by one, after a click on one that is shown as `folding` says."""
    opened, closed = set(opened) - {name}, set(closed) - {name}
    (opened if name in folding.closed else closed).add(name)
    return tuple(sorted(opened)), tuple(sorted(closed))


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
    values = [rf"\nabla_{{{latex[name]}}} {loss} = {array_latex(totals[name])}" for name in shown]
    formula = rf"{given} \rightarrow {sent}" if sent else ""
    pairs = jacobian_pairs(walk.graph, box)
    for of, by in pairs:
        name = rf"\nabla_{{{latex[by]}}} {latex[of]}"
        shapes = [r" \times ".join(map(str, walk.graph.vertices[n].shape)) or "1" for n in (of, by)]
        if any(len(walk.graph.vertices[n].shape) > 1 for n in (of, by)):
            shapes = [f"({shape})" for shape in shapes]
        formula += rf",\quad {name}: {shapes[0]} \times {shapes[1]}"
        if (matrix := box_jacobian(walk, box, of, by)) is not None:
            values.append(rf"{name} = {array_latex(matrix)}")
    template = N_("The gradient at {outputs} passes back through the {n} operations of this box, to {names}.")
    told = _told(walk, template, box, list(totals), lang)
    if pairs:
        times = N_("On the way it is multiplied by the box's own Jacobian, {names}.")
        names = ", ".join(f"∂{of}/∂{by}" for of, by in pairs)
        told += " " + translator(lang)(times).format(names=names)
    return _step(box, index, "backward", list(totals), formula, ",\\quad ".join(values), told)


LARGEST_JACOBIAN = 64  # elements; of a larger one the shape is told, and no numbers


def jacobian_pairs(graph: Graph, box: Box) -> list[tuple[str, str]]:
    """(output, input) of the Jacobians of a folded box: of what it carries on, h_2 by h_1; else of its last output."""
    vertices = graph.vertices
    carried = [
        (of, by)
        for of in box.outputs
        for by in box.inputs
        if box.t is not None
        and vertices[of].base
        and vertices[of].base == vertices[by].base
        and vertices[by].t == box.t - 1
    ]
    if carried:
        return carried
    flowing = [n for n, sends in zip(box.inputs, box.sends, strict=True) if sends and vertices[n].kind != "parameter"]
    return [(box.outputs[-1], flowing[0])] if flowing else []


def box_jacobian(walk: Walk, box: Box, of: str, by: str) -> Array | None:
    """∂of/∂by through the operations of a box alone, its other inputs held, as a matrix: a row an element of `of`.

    None where it has more than `LARGEST_JACOBIAN` elements.
    """
    vertices = walk.graph.vertices
    if vertices[of].size * vertices[by].size > LARGEST_JACOBIAN:
        return None
    inside = {o.output for o in box.operations}
    # What flows in is fed here, so that no path outside of the box counts.
    held = {n: replace(vertices[n], kind="input") for n in box.inputs}
    part = Graph({**held, **{n: vertices[n] for n in vertices if n in inside}}, box.operations)
    return jacobian(part, walk.values, of=of, by=by).reshape(vertices[of].size, vertices[by].size)
