"""A large picture in parts, side by side: the page draws those that are looked at, and of the others only their outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..gc_pause import without_collection
from . import svg
from .marks.nodes import Node, layers, operation, plain, vertex_outline
from .marks.picture import EdgeShape, OperationShape, Picture, Rect, VertexShape

MANY = 500  # vertices of a picture that is drawn in parts
BREADTH = 1200.0  # of a part; more of a picture is hardly ever seen at once at a scale at which it is read
_HALO = 6.0


@dataclass(frozen=True)
class Split:
    """A picture in parts: part n holds what stands from n · BREADTH on. `rest` has the whole of it without the parts:
    every vertex and operation, the frames, and the edges that are too long for any part."""

    rest: Picture
    parts: tuple[Picture, ...]

    def drawing(self) -> str:
        """The page's SVG without the parts: each vertex and operation with its place, its steps, and an outline."""
        rest = self.rest
        flat = replace(rest, vertices=(), operations=())
        found = layers(flat)
        empty = {node.classes: node for node in found}
        empty["operations"].children = [_bare_operation(o) for o in rest.operations]
        empty["vertices"].children = [_bare_vertex(v) for v in rest.vertices]
        return svg.page(rest, found)


@without_collection
def split(picture: Picture) -> Split | None:
    """The parts of a large picture; None where a picture goes to the page as a whole."""
    if len(picture.vertices) <= MANY or picture.width < 2 * BREADTH:
        return None
    count = int(picture.width // BREADTH) + 1
    found = [{"vertices": [], "operations": [], "edges": [], "references": []} for _ in range(count)]

    def put(kind: str, shapes: Iterable, middle) -> None:
        for shape in shapes:
            found[min(count - 1, max(0, int(middle(shape) // BREADTH)))][kind].append(shape)

    short = [edge for edge in picture.edges if _breadth(edge) < 2 * BREADTH]
    put("vertices", picture.vertices, lambda shape: shape.box.centre[0])
    put("operations", picture.operations, lambda shape: shape.box.centre[0])
    put("references", picture.references, lambda shape: shape.box.centre[0])
    put("edges", short, lambda edge: (edge.head[0] + edge.tail[0]) / 2)
    long = tuple(edge for edge in picture.edges if _breadth(edge) >= 2 * BREADTH)
    parts = (replace(picture, frames=(), **{kind: tuple(shapes) for kind, shapes in part.items()}) for part in found)
    return Split(replace(picture, edges=long, references=()), tuple(parts))


def _breadth(edge: EdgeShape) -> float:
    return abs(edge.head[0] - edge.tail[0])


def _bare_vertex(v: VertexShape) -> Node:
    node = vertex_outline(v)
    halo = Rect(v.box.left - _HALO, v.box.top - _HALO, v.box.right + _HALO, v.box.bottom + _HALO)
    node.data["data-room"] = _room([halo, *(chip.rect for chip in v.values[:1])])
    if v.gradients:
        node.data["data-gradient-room"] = _room([v.gradients[0].rect])
    return node


def _bare_operation(o: OperationShape) -> Node:
    node = operation(o)
    node.facts = _nothing
    node.children = [child for child in node.children if child.style == "shape"]
    node.data["data-room"] = _room([o.box])
    return node


def _nothing(step: int) -> Mapping[str, str]:
    return {}


def _room(rects: list[Rect]) -> str:
    """x, y, width and height of what holds all of them."""
    left, top = min(r.left for r in rects), min(r.top for r in rects)
    width, height = max(r.right for r in rects) - left, max(r.bottom for r in rects) - top
    return " ".join(plain(v) for v in (left, top, width, height))
