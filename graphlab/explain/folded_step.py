"""A folded box as one step of a walk: what flows in, what comes out, what goes back, and its own Jacobian."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..arrays import Array
from ..engine import Walk, jacobian
from ..errors import N_
from ..folding.boxes import Box, Folding, boxes
from ..graph import Graph
from ..i18n import translator
from .mathml import width
from .numbers import array_latex
from .steps import STRIP, spoken


@dataclass(frozen=True)
class FoldedStep:
    """A step of a picture that is a folded box: its formulas in LaTeX (either may be empty), and a sentence.

    `targets` are the vertices that it brings a gradient to.
    """

    index: int
    phase: str
    box: Box
    targets: tuple[str, ...]
    symbols: str
    numbers: str
    sentence: str


Moments = tuple[int, int | None]  # the steps at which a box is passed: forward, and backward where it is


def folded_steps(
    walk: Walk, folding: Folding, moments: Mapping[str, Moments], lang: str = "en", digits: int = 3
) -> dict[int, FoldedStep]:
    """The steps that are folded boxes, by their number; numbers in formulas have `digits` decimals.

    `moments` says of each folded box, by its name, at which steps of the picture the walk passes it.
    """
    by_name = {box.name: box for box in boxes(walk.graph, folding) if box.folded}
    found = {}
    for name, (forward, backward) in moments.items():
        found[forward] = _forward(walk, by_name[name], forward, lang, digits)
        if backward is not None:
            found[backward] = _backward(walk, by_name[name], backward, lang, digits)
    return found


_NAMED = 6  # vertices that a sentence names; of more, how many there are besides


def _listed(parts: Sequence[str], separator: str, room: float = STRIP) -> str:
    """Formulas side by side, as many as fit into `room` em, at least one, and dots in place of the others."""
    found = list(parts)
    while len(found) > 1 and width(separator.join(found)) > room:
        found.pop()
    return separator.join(found if len(found) == len(parts) else [*found, r"\dots"])


def _told(walk: Walk, template: str, box: Box, names: Iterable[str], lang: str) -> str:
    translate = translator(lang)

    def said(names: Iterable[str]) -> str:
        # A start such as h_0 goes by its name: what flows in is a state, whatever its numbers are.
        words = [name if walk.graph.vertices[name].kind == "constant" else spoken(walk.graph, name) for name in names]
        if len(words) <= _NAMED + 1:
            return ", ".join(words)
        more = translate(N_("{names} and {n} more"))
        return more.format(names=", ".join(words[:_NAMED]), n=len(words) - _NAMED)

    return translate(template).format(outputs=said(box.outputs), names=said(names), n=len(box.operations))


def _flowing(walk: Walk, box: Box) -> list[str]:
    return [name for name in box.inputs if walk.graph.vertices[name].kind != "parameter"] or list(box.inputs)


def _forward(walk: Walk, box: Box, index: int, lang: str, digits: int) -> FoldedStep:
    latex = {name: v.latex for name, v in walk.graph.vertices.items()}
    inputs = _listed([latex[name] for name in _flowing(walk, box)], ",\\; ", STRIP / 2)
    outputs = _listed([latex[name] for name in box.outputs], ",\\; ", STRIP / 2)
    values = [f"{latex[name]} = {array_latex(walk.values[name], digits)}" for name in box.outputs]
    told = _told(
        walk, N_("{outputs} from {names}, by the {n} operations folded in this box."), box, _flowing(walk, box), lang
    )
    return FoldedStep(index, "forward", box, (), rf"{outputs} \leftarrow {inputs}", _listed(values, ",\\quad "), told)


def _backward(walk: Walk, box: Box, index: int, lang: str, digits: int) -> FoldedStep:
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
    given = _listed([rf"\nabla_{{{latex[name]}}} {loss}" for name in box.outputs], ",\\; ", STRIP / 3)
    sent = _listed([rf"\nabla_{{{latex[name]}}} {loss}" for name in shown], ",\\; ", STRIP / 3)
    values = [rf"\nabla_{{{latex[name]}}} {loss} = {array_latex(totals[name], digits)}" for name in shown]
    formulas = [rf"{given} \rightarrow {sent}"] if sent else []
    pairs = jacobian_pairs(walk.graph, box)
    for of, by in pairs:
        name = rf"\nabla_{{{latex[by]}}} {latex[of]}"
        shapes = [r" \times ".join(map(str, walk.graph.vertices[n].shape)) or "1" for n in (of, by)]
        if any(len(walk.graph.vertices[n].shape) > 1 for n in (of, by)):
            shapes = [f"({shape})" for shape in shapes]
        formulas.append(rf"{name}: {shapes[0]} \times {shapes[1]}")
        if (matrix := box_jacobian(walk, box, of, by)) is not None:
            values.append(rf"{name} = {array_latex(matrix, digits)}")
    template = N_("The gradient at {outputs} passes back through the {n} operations of this box, to {names}.")
    told = _told(walk, template, box, list(totals), lang)
    if pairs:
        times = N_("On the way it is multiplied by the box's own Jacobian, {names}.")
        names = ", ".join(f"∂{of}/∂{by}" for of, by in pairs)
        told += " " + translator(lang)(times).format(names=names)
    formula, numbers = (_listed(parts, ",\\quad ") if parts else "" for parts in (formulas, values))
    return FoldedStep(index, "backward", box, tuple(totals), formula, numbers, told)


MAX_JACOBIAN_ELEMENTS = 64  # larger Jacobians are shown as a shape, without numbers


def _neighbours(t: int | None, other: int | None) -> bool:
    """Whether two time steps follow each other."""
    return t is not None and other is not None and abs(t - other) == 1


def jacobian_pairs(graph: Graph, box: Box) -> list[tuple[str, str]]:
    """(output, input) of the Jacobians of a folded box: of what it carries on, h_2 by h_1; else of its last output."""
    vertices = graph.vertices
    carried = [
        (of, by)
        for of in box.outputs
        for by in box.inputs
        if vertices[of].base and vertices[of].base == vertices[by].base and _neighbours(vertices[by].t, box.t)
    ]
    if carried:
        return carried
    flowing = [n for n, sends in zip(box.inputs, box.sends, strict=True) if sends and vertices[n].kind != "parameter"]
    return [(box.outputs[-1], flowing[0])] if flowing else []


def box_jacobian(walk: Walk, box: Box, of: str, by: str) -> Array | None:
    """∂of/∂by through the operations of a box alone, its other inputs held, as a matrix: a row an element of `of`.

    None where it has more than `MAX_JACOBIAN_ELEMENTS` elements.
    """
    vertices = walk.graph.vertices
    if vertices[of].size * vertices[by].size > MAX_JACOBIAN_ELEMENTS:
        return None
    inside = {o.output for o in box.operations}
    # What flows in is fed here, so that no path outside of the box counts.
    held = {n: replace(vertices[n], kind="input") for n in box.inputs}
    part = Graph({**held, **{n: vertices[n] for n in vertices if n in inside}}, box.operations)
    return jacobian(part, walk.values, of=of, by=by).reshape(vertices[of].size, vertices[by].size)
