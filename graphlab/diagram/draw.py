"""A walk becomes a `Picture`: structure, sizes, places and routes, then the chips of every step."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..engine.trace import Contribution, Walk
from ..errors import N_
from ..graph import Graph
from ..i18n import translator
from . import chips, layout, measure, routes
from .measure import Sized
from .picture import Chip, Command, EdgeShape, OperationShape, Picture, VertexShape
from .routes import Route
from .structure import Key, Structure, build

MARGIN = 10.0

KINDS = {
    "input": N_("input"),
    "parameter": N_("parameter"),
    "temporary": N_("temporary"),
    "output": N_("output"),
    "constant": N_("constant"),
}
_VERTEX = N_("{name}, {kind}, shape {shape}")
_SCALAR = N_("{name}, {kind}, a scalar")
_TITLE = N_("Computation graph with {vertices} vertices and {operations} operations")


@dataclass(frozen=True)
class Options:
    """How a walk is drawn. `lang` is the language of the texts for screen readers."""

    lang: str = "en"


@dataclass(frozen=True)
class Plan:
    """Everything of a picture that depends on the graph alone, moved into the frame."""

    structure: Structure
    sizes: Mapping[Key, Sized]
    at: Mapping[Key, tuple[float, float]]
    routes: Mapping[str, Route]
    width: float
    height: float


@dataclass(frozen=True)
class _GraphKey:
    """What of a graph its plan depends on; equal for graphs that are drawn the same."""

    facts: tuple
    graph: Graph

    def __hash__(self) -> int:
        return hash(self.facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _GraphKey) and self.facts == other.facts


def plan(graph: Graph, of: str, receiving: Collection[str] | None = None) -> Plan:
    """The plan of a graph whose main line leads to `of`. Kept for the graphs drawn last.

    `receiving` names the vertices that have a gradient in the walk, by default all: only they get room for one.
    """
    vertices = tuple((v.name, v.kind, v.shape, v.latex) for v in graph.vertices.values())
    operations = tuple((o.op.name, o.inputs, o.output, str(sorted(o.attributes.items()))) for o in graph.operations)
    received = frozenset(graph.vertices if receiving is None else receiving)
    return _plan(_GraphKey((of, vertices, operations, received), graph))


@lru_cache(maxsize=64)
def _plan(key: _GraphKey) -> Plan:
    graph, of, receiving = key.graph, key.facts[0], key.facts[-1]
    structure = build(graph, of)
    sizes, distance = measure.sizes(graph, structure, receiving)
    placed = layout.arrange(structure, sizes, distance)
    paths = routes.route(structure, placed, sizes)
    rooms = [p.moved(*placed.at[k]) for k in structure.ranks for p in sizes[k].parts]
    rooms += [r.badge for r in paths.values() if r.badge is not None]
    left, top = min(r.left for r in rooms), min(r.top for r in rooms)
    dx, dy = MARGIN - left, MARGIN - top
    width = max(r.right for r in rooms) - left + 2 * MARGIN
    height = max(r.bottom for r in rooms) - top + 2 * MARGIN
    at = {k: (x + dx, y + dy) for k, (x, y) in placed.at.items()}
    moved = {
        name: Route(_moved(r.path, dx, dy), r.badge and r.badge.moved(dx, dy), _moved(r.stem, dx, dy))
        for name, r in paths.items()
    }
    return Plan(structure, sizes, at, moved, round(width, 1), round(height, 1))


def _moved(path: tuple[Command, ...], dx: float, dy: float) -> tuple[Command, ...]:
    return tuple((c, tuple(v + (dy if i % 2 else dx) for i, v in enumerate(values))) for c, values in path)


def draw(walk: Walk, *, options: Options | None = None) -> Picture:
    """The picture of a whole walk. Its geometry depends on the graph alone, so all steps share one frame."""
    options = options or Options()
    graph = walk.graph
    translate = translator(options.lang)
    moments = _Moments(walk)
    drawn = plan(graph, walk.of, moments.receiving)
    vertices = tuple(_vertex(name, drawn, walk, moments, translate) for name in graph.vertices)
    operations = tuple(_operation(o.output, o.op.name, drawn, moments) for o in graph.operations)
    edges = tuple(_edge(link, drawn, moments) for link in drawn.structure.links)
    title = translate(_TITLE).format(vertices=len(vertices), operations=len(operations))
    return Picture(drawn.width, drawn.height, len(walk), moments.first_backward, vertices, operations, edges, title)


class _Moments:
    """At which steps of a walk things happen, by name."""

    def __init__(self, walk: Walk) -> None:
        self.forward: dict[str, int] = {}
        self.backward: dict[str, int] = {}
        self.seed: tuple[str, int] | None = None
        self.arrivals: dict[str, list[tuple[int, Contribution]]] = {}
        self.sent: dict[str, tuple[int, Contribution]] = {}
        self.upstream: dict[str, object] = {}
        self.first_backward = len(walk) + 1
        for step in walk:
            if step.phase == "forward":
                self.forward[step.output] = step.index
                continue
            self.first_backward = min(self.first_backward, step.index)
            if step.operation is None:
                self.seed = (step.output, step.index)
                self.upstream[step.output] = step.upstream
                continue
            self.backward[step.output] = step.index
            for c in step.contributions:
                self.arrivals.setdefault(c.vertex, []).append((step.index, c))
                self.sent[f"{step.output}:{c.slot}"] = (step.index, c)

    @property
    def receiving(self) -> frozenset[str]:
        """The vertices that have a gradient at some step."""
        return frozenset({*self.arrivals, *([self.seed[0]] if self.seed else [])})


def _vertex(name: str, drawn: Plan, walk: Walk, moments: _Moments, translate) -> VertexShape:
    v = walk.graph.vertices[name]
    size, (x, y) = drawn.sizes["vertex", name], drawn.at["vertex", name]
    forward = moments.forward.get(name, 0)
    value = chips.chip(walk.values[name], "value", forward, size.value.moved(x, y))
    room = size.gradient.moved(x, y) if size.gradient else size.body
    arrivals = moments.arrivals.get(name, [])
    scale = max([chips.scale_of(c.total) for _, c in arrivals], default=0.0)
    gradients: dict[int, Chip] = {}
    if moments.seed and moments.seed[0] == name:
        gradients[moments.seed[1]] = chips.chip(moments.upstream[name], "gradient", moments.seed[1], room)
    for step, c in arrivals:  # two slots of one operation arrive in one step: the later sum is shown
        gradients[step] = chips.chip(c.total, "gradient", step, room, scale=scale, part=c.part, parts=c.parts)
    backward = sorted({*gradients, *([moments.backward[name]] if name in moments.backward else [])})
    shape = "×".join(str(n) for n in v.shape)
    template = _VERTEX if v.shape else _SCALAR
    aria = translate(template).format(name=name, kind=translate(KINDS[v.kind]), shape=shape)
    return VertexShape(
        name, v.kind, size.body.moved(x, y), size.label, size.label.centred(x, y, size.scale), size.scale,
        forward, tuple(backward), tuple(gradients), (value,), tuple(gradients.values()), aria,
    )  # fmt: skip


def _operation(name: str, op: str, drawn: Plan, moments: _Moments) -> OperationShape:
    key = ("operation", name)
    size, (x, y) = drawn.sizes[key], drawn.at[key]
    at = size.label.centred(x, y, size.scale)
    return OperationShape(
        name, op, size.body.moved(x, y), size.label, at, size.scale, moments.forward[name], moments.backward.get(name)
    )


def _edge(link, drawn: Plan, moments: _Moments) -> EdgeShape:
    way = drawn.routes[link.key]
    out = link.source[0] == "operation"
    operation = link.source[1] if out else link.target[1]
    badge, backward = None, moments.backward.get(operation) if out else None
    if not out and link.key in moments.sent:
        backward, c = moments.sent[link.key]
        badge = chips.chip(c.value, "badge", backward, way.badge)
    return EdgeShape(
        link.key, link.source[1], link.target[1], "out" if out else "in", link.slot, moments.forward[operation],
        backward, way.path, way.tip("end"), way.tip("start"), badge, way.stem,
    )  # fmt: skip
