"""The minibatch under the lens, for the page: a step for one object, for all of them one by one, and as matrices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ...arrays import to_host
from ...engine import Contribution, Step
from ...errors import N_, GraphlabError
from ...explain import mathml, number, spoken
from ...explain.lens import Gathered, Lens
from ...explain.pieces import Piece, fill
from ...i18n import translator

MOST_OBJECTS, MOST_CELLS = 64, 400  # what is sent; more would neither be read nor be quick


def table(array: np.ndarray) -> dict[str, Any] | None:
    """An array as rows of numbers with their texts; a vector is one row. None where it is too large to be read."""
    array = np.asarray(array, dtype=np.float64)
    if array.size > MOST_CELLS:
        return None
    rows = array.reshape(-1, array.shape[-1]) if array.ndim > 1 else array.reshape(1, -1)
    return {
        "rows": [[float(x) if np.isfinite(x) else None for x in row] for row in rows],
        "texts": [[number(x) for x in row] for row in rows],
    }


class _Scene:
    """One step of the walk, with the names that its formulas are made of."""

    def __init__(self, lens: Lens, step: Step, lang: str) -> None:
        self.walk, self.lens, self.step, self.say = lens.walk, lens, step, translator(lang)
        self.vertices = self.walk.graph.vertices

    def latex(self, name: str) -> str:
        return self.vertices[name].latex

    def gradient(self, name: str) -> str:
        return rf"\nabla_{{{self.latex(name)}}} {self.latex(self.walk.of)}"

    def object(self, latex: str) -> str:
        return rf"\left[{latex}\right]_n"

    def told(self, template: str, **names: str) -> str:
        spoken_ = {key: spoken(self.walk.graph, name) for key, name in names.items()}
        return self.say(template).format(**spoken_, count=self.lens.count)

    def part(self, sent: Contribution) -> str:
        """Which part of the vertex's gradient this is; "" where it is the only one."""
        return self.say(N_("part {part} of {parts}")).format(part=sent.part, parts=sent.parts) if sent.parts > 1 else ""

    def product(self, gathered: Gathered) -> str:
        """The contribution as one codes it: Xᵀ G."""
        operation, slot = self.step.operation, gathered.contribution.slot
        names = operation.inputs
        pieces = [
            Piece(self.gradient(self.step.output), self.vertices[self.step.output].shape),
            *(Piece(self.latex(n), self.vertices[n].shape) for n in (self.step.output, *names)),
        ]
        return fill(operation.op.product_latex[slot], pieces, **operation.attributes)

    def share(self, gathered: Gathered) -> str:
        """The contribution of object n in symbols."""
        right = self.object(self.gradient(self.step.output))
        if gathered.kind == "rows":
            return right
        if gathered.kind == "outer":
            left = self.object(self.latex(self.step.operation.inputs[0]))
            scalar = gathered.shares[0].right.ndim == 0
            transposed = self.step.operation.attributes.get("tb") and not scalar
            product = rf"{right} \cdot {left}" if scalar else rf"{left}^{{\top}} \, {right}"
            return rf"{right}^{{\top}} \, {left}" if transposed and len(self.shape(gathered)) > 1 else product
        return self.object(self.gradient(gathered.contribution.vertex))

    def shape(self, gathered: Gathered) -> tuple[int, ...]:
        return self.vertices[gathered.contribution.vertex].shape


_SAYS: dict[str, str] = {
    "outer": N_(
        "{vertex} is the same for all {count} objects. Each adds an outer product, its row of {left} by its row of the "
        "gradient at {y}; the matrix product is the sum of them all."
    ),
    "scaled": N_(
        "{vertex} is the same for all {count} objects. Each adds its row of {left}, times its own element of the gradient "
        "at {y}; the product is the sum of them all."
    ),
    "elements": N_(
        "{vertex} is added to each of the {count} objects. Each sends back its own element of the gradient at {y}, and the "
        "elements are summed."
    ),
    "rows": N_(
        "{vertex} is added to each of the {count} objects. Each sends back its own row of the gradient at {y}, and the "
        "rows are summed."
    ),
    "share": N_(
        "{vertex} is the same for all {count} objects. Each sends back its own share, and the shares are summed."
    ),
    "mixed": N_("Here the objects depend on one another, so the gradient of {vertex} has no share of a single object."),
}


def _told(kind: str, gathered: Gathered) -> str:
    """Which sentence: an object whose row is one number has an element, and no outer product."""
    if kind in ("outer", "rows") and gathered.shares[0].right.ndim == 0:
        return {"outer": "scaled", "rows": "elements"}[kind]
    return kind


def _gathered(scene: _Scene, gathered: Gathered) -> dict[str, Any]:
    sent = gathered.contribution
    kind = gathered.kind if gathered.shares else "mixed"
    left = scene.step.operation.inputs[0]
    shown = {
        "vertex": sent.vertex,
        "kind": kind,
        "sentence": scene.told(_SAYS[_told(kind, gathered)], vertex=sent.vertex, y=scene.step.output, left=left),
        "whole": table(to_host(sent.value)),
        "part": scene.part(sent),
    }
    gradient = scene.gradient(sent.vertex)
    to = f"{gradient} =" if sent.part == 1 else rf"{gradient} \leftarrow {gradient} +"
    if not gathered.shares:
        return {**shown, "shares": []}
    product, share = scene.product(gathered), scene.share(gathered)
    total = rf"{{\textstyle\sum_{{n=1}}^{{{scene.lens.count}}}}} {share}"
    return {
        **shown,
        "matrix": mathml(f"{to} {product}"),
        "stack": mathml(f"{to} {total}"),
        "object": mathml(share),
        "left": table(np.stack([s.left for s in gathered.shares])) if kind == "outer" else None,
        "right": table(_rows([s.right for s in gathered.shares])),
        "names": [mathml(scene.latex(left)) if kind == "outer" else "", mathml(scene.gradient(scene.step.output))],
        "shares": [{"value": table(s.value), "total": table(s.total)} for s in gathered.shares],
    }


def _rows(parts: list[np.ndarray]) -> np.ndarray:
    """One row an object; of scalars, a column."""
    stacked = np.stack(parts)
    return stacked.reshape(len(parts), -1)


_ROWS: dict[str, str] = {
    "forward": N_("Each object has its own row of {vertex}: all {count} are computed at once, and none needs another."),
    "backward": N_("Each object has its own row of the gradient at {vertex}: the rows pass back side by side."),
    "meet": N_("Here the {count} objects meet: {vertex} is made of all of them."),
}


def _row(scene: _Scene, vertex: str, array: Any, phase: str) -> dict[str, Any] | None:
    """A value, or a gradient, that has one row an object."""
    if vertex not in scene.lens.axes:
        return None
    latex = scene.latex(vertex) if phase == "forward" else scene.gradient(vertex)
    rows = _rows([scene.lens.row(vertex, array, n) for n in range(1, scene.lens.count + 1)])
    return {
        "vertex": vertex,
        "kind": "own",
        "sentence": scene.told(_ROWS[phase], vertex=vertex),
        "matrix": mathml(latex),
        "object": mathml(scene.object(latex)),
        "whole": table(rows),
        "shares": [{"value": table(row)} for row in rows],
    }


def _items(scene: _Scene) -> list[dict[str, Any]]:
    step, lens = scene.step, scene.lens
    if step.phase == "forward":
        if item := _row(scene, step.output, step.value, "forward"):
            return [item]
        if any(name in lens.axes for name in step.operation.inputs):
            return [{"vertex": step.output, "kind": "meet", "sentence": scene.told(_ROWS["meet"], vertex=step.output)}]
        return []
    found = [_gathered(scene, g) for g in lens.gathered(step)]
    for c in step.contributions:
        if item := _row(scene, c.vertex, c.total, "backward"):
            found.append({**item, "part": scene.part(c)})
    return found


_WHOLE: dict[str, str] = {
    "mean": N_(
        "Each object alone, through the same graph: the mean of the {count} gradients is the gradient of the minibatch. "
        "Checked, they differ by {error} at most."
    ),
    "sum": N_(
        "Each object alone, through the same graph: the sum of the {count} gradients is the gradient of the minibatch. "
        "Checked, they differ by {error} at most."
    ),
    "": N_(
        "These objects depend on one another, as in batch normalisation: there is no graph of one object alone that adds "
        "up to this one."
    ),
}


def answer(lens: Lens | None, stops: Sequence[int], lang: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """The step of the picture with the number `question["step"]`, object by object.

    Raises GraphlabError where there is no minibatch, too large a one, or no such step.
    """
    if lens is None:
        raise GraphlabError(N_("this graph has no minibatch"))
    if lens.count > MOST_OBJECTS:
        raise GraphlabError(N_("this minibatch is too large to be shown object by object"))
    number_ = question.get("step")
    if not isinstance(number_, int) or isinstance(number_, bool) or not 0 <= number_ <= len(stops):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    objects, say = lens.objects, translator(lang)
    told: Callable[..., str] = say(_WHOLE[objects.reduction]).format
    found: dict[str, Any] = {
        "count": lens.count,
        "reduction": objects.reduction,
        "check": told(count=lens.count, error=number(objects.error)),
        "losses": [number(x) for x in objects.losses],
        "loss": mathml(lens.walk.graph.vertices[lens.walk.of].latex),
        "items": [],
        "sentence": "",
    }
    if number_ == 0:
        return found
    before = stops[number_ - 2] if number_ > 1 else 0
    step = lens.walk[stops[number_ - 1] - 1]
    if stops[number_ - 1] - before > 1:
        return {**found, "sentence": say(N_("This step is folded: open its box to see the objects one by one."))}
    items = _items(_Scene(lens, step, lang)) if step.operation else []
    return {
        **found,
        "items": items,
        "sentence": "" if items else say(N_("No object takes part in this step by itself.")),
    }
