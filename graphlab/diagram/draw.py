"""A walk becomes a `Picture`: structure, sizes, places and routes, then the chips of every step."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from ..arrays import to_host
from ..engine.trace import Contribution, Walk
from ..errors import N_
from ..explain.names import KIND_NAMES
from ..folding.boxes import Box, Folding, block_title, boxes
from ..folding.clusters import within
from ..gc_pause import without_collection
from ..graph import Graph
from ..i18n import translator
from .layout import placement, routes
from .layout.routes import Route
from .layout.unrolled import MARGIN, Frame, Reference, unroll
from .marks import chips, labels, measure
from .marks.box_labels import REFERENCE
from .marks.measure import Sized
from .marks.picture import Chip, EdgeShape, FrameShape, OperationShape, Picture, Rect, ReferenceShape, VertexShape
from .marks.sizing import NATURAL, Setting, exchanged
from .marks.structure import Key, Link, Structure, build
from .options import DrawOptions
from .rolled import draw_rolled

_VERTEX = N_("{name}, {kind}, shape {shape}")
_SCALAR = N_("{name}, {kind}, a scalar")
_FOLDS = N_("double click folds {title}")
_TITLE = N_("Computation graph with {vertices} vertices and {operations} operations")


@dataclass(frozen=True)
class Plan:
    """Everything of a picture that depends on the graph alone, moved into the frame.

    `structure` is None for graphs through time, whose cells have one each.
    """

    structure: Structure | None
    vertices: Sequence[str]
    boxes: Sequence[Box]
    links: Sequence[Link]
    sizes: Mapping[Key, Sized]
    at: Mapping[Key, tuple[float, float]]
    routes: Mapping[str, Route]
    width: float
    height: float
    frames: Sequence[Frame] = ()
    references: Sequence[Reference] = ()


@dataclass(frozen=True)
class _GraphKey:
    """What of a graph its plan depends on; equal for graphs that are drawn the same."""

    facts: tuple
    graph: Graph
    boxes: Sequence[Box]

    def __hash__(self) -> int:
        return hash(self.facts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _GraphKey) and self.facts == other.facts


def plan(
    graph: Graph,
    of: str,
    receiving: Collection[str] | None = None,
    folding: Folding | None = None,
    lang: str = "en",
    setting: Setting = NATURAL,
) -> Plan:
    """The plan of a graph whose main line leads to `of`. Kept for the graphs drawn last.

    `receiving` names the vertices that have a gradient in the walk, by default all: only they get room for one.
    `folding` says what is folded, by default nothing; folded blocks have their titles in the language `lang`.
    Raises ValueError for a graph through time that should run down.
    """
    received = frozenset(graph.vertices if receiving is None else receiving)
    if any(o.t is not None for o in graph.operations):
        if setting.down:
            raise ValueError("a graph through time runs from left to right")
        return _through_time(graph, of, received, folding or Folding(), lang, setting)
    vertices = tuple((v.name, v.kind, v.shape, v.latex) for v in graph.vertices.values())
    operations = tuple((o.op.name, o.inputs, o.output, str(sorted(o.attributes.items()))) for o in graph.operations)
    drawn = boxes(graph, folding or Folding(), lang)
    folded = tuple((box.name, box.title, tuple(o.output for o in box.operations)) for box in drawn if box.folded)
    return _plan(_GraphKey((of, vertices, operations, folded, setting, received), graph, drawn))


@lru_cache(maxsize=64)
def _plan(key: _GraphKey) -> Plan:
    graph, of, (setting, receiving) = key.graph, key.facts[0], key.facts[-2:]
    structure = build(graph, of, key.boxes)
    sizes, distances = measure.sizes(graph, structure, receiving, key.boxes, setting)
    placed = placement.arrange(structure, sizes, distances)
    paths = routes.route(structure, placed, sizes)
    rooms = [p.moved(*placed.at[k]) for k in structure.ranks for p in sizes[k].parts]
    rooms += [r.badge for r in paths.values() if r.badge is not None]
    dx, dy, width, height = _framed(rooms)
    at = {k: (x + dx, y + dy) for k, (x, y) in placed.at.items()}
    moved = {name: routes.moved(r, dx, dy) for name, r in paths.items()}
    vertices = tuple(name for name in graph.vertices if ("vertex", name) in at)
    found = Plan(structure, vertices, key.boxes, structure.links, sizes, at, moved, width, height)
    return _exchanged(found) if setting.down else found


def _exchanged(plan: Plan) -> Plan:
    """The plan with x and y exchanged: what ran to the right runs down."""
    return replace(
        plan,
        sizes={key: _exchanged_size(size) for key, size in plan.sizes.items()},
        at={key: (y, x) for key, (x, y) in plan.at.items()},
        routes={key: routes.exchanged(way) for key, way in plan.routes.items()},
        width=plan.height,
        height=plan.width,
    )


def _exchanged_size(size: Sized) -> Sized:
    """Only what is drawn: the rooms that kept others away have done their work."""
    value, gradient = (rect and exchanged(rect) for rect in (size.value, size.gradient))
    return replace(size, body=exchanged(size.body), value=value, gradient=gradient, badges=(), stems=())


@without_collection
def _through_time(
    graph: Graph, of: str, receiving: frozenset[str], folding: Folding, lang: str, setting: Setting
) -> Plan:
    found = unroll(graph, of, receiving, folding, lang, setting)
    return Plan(
        None, found.vertices, found.boxes, found.links, found.sizes, found.at, found.routes, found.width, found.height,
        found.frames, found.references,
    )  # fmt: skip


def _framed(rooms: Sequence[Rect]) -> tuple[float, float, float, float]:
    """How far everything moves into the frame, and the frame's width and height."""
    left, top = min(r.left for r in rooms), min(r.top for r in rooms)
    width = max(r.right for r in rooms) - left + 2 * MARGIN
    height = max(r.bottom for r in rooms) - top + 2 * MARGIN
    return MARGIN - left, MARGIN - top, round(width, 1), round(height, 1)


@without_collection
def draw(
    walk: Walk, *, folding: Folding | None = None, options: DrawOptions | None = None, rolled: bool = False
) -> Picture:
    """The picture of a whole walk. Its geometry depends on the graph alone, so all steps share one frame.

    `folding` says which time steps, blocks and equations are folded into one box each, by default none. `rolled` draws
    one cell of a graph through time, with a loop, in place of all steps; nothing is folded then.
    Raises ValueError for a direction that the graph can not have, and for a graph that can not be rolled.
    """
    options = options or DrawOptions()
    if rolled:
        return draw_rolled(walk, options)
    graph = walk.graph
    translate = translator(options.lang)
    folding = folding or Folding()
    stops = folded_steps(walk, folding)
    moments = _Moments(walk, stops)
    receiving = moments.receiving if options.gradients else frozenset()
    drawn = plan(graph, walk.of, receiving, folding, options.lang, options.setting)
    vertices = tuple(_vertex(name, drawn, walk, moments, translate, options) for name in drawn.vertices)
    operations = tuple(_operation(box, drawn, moments, graph, options.lang) for box in drawn.boxes)
    by_name = {box.name: box for box in drawn.boxes}
    edges = tuple(_edge(link, drawn, moments, by_name, options) for link in drawn.links)
    title = translate(_TITLE).format(vertices=len(vertices), operations=len(graph.operations))
    # A folded step is a box with the caption on it, and needs no frame.
    frames = tuple(_frame(frame) for frame in drawn.frames if frame.boxes != (frame.name,))
    references = tuple(_reference(r, graph, drawn) for r in drawn.references)
    return Picture(
        drawn.width, drawn.height, len(stops), moments.first_backward, vertices, operations, edges, title,
        frames, references, stops,
    )  # fmt: skip


def folded_steps(walk: Walk, folding: Folding) -> tuple[int, ...]:
    """The walk with each folded box as one step: for every step of it the last step of the whole walk that it holds."""
    if not folding.closed:
        return tuple(range(1, len(walk) + 1))
    box_of = {o.output: box.name for box in boxes(walk.graph, folding) if box.folded for o in box.operations}
    stops: list[int] = []
    before = None
    for step in walk:
        here = step.operation and (step.phase, box_of.get(step.output))
        if here and here[1] and here == before:
            stops[-1] = step.index
        else:
            stops.append(step.index)
        before = here
    return tuple(stops)


class _Moments:
    """At which steps of a walk things happen, by name."""

    def __init__(self, walk: Walk, stops: Sequence[int]) -> None:
        self.forward: dict[str, int] = {}
        self.backward: dict[str, int] = {}
        self.seed: tuple[str, int] | None = None
        self.arrivals: dict[str, list[tuple[int, Contribution]]] = {}
        self.sent: dict[str, tuple[int, Contribution]] = {}
        self.upstream: dict[str, object] = {}
        self.first_backward = len(stops) + 1
        for step in walk:
            number = bisect_left(stops, step.index) + 1
            if step.phase == "forward":
                self.forward[step.output] = number
                continue
            self.first_backward = min(self.first_backward, number)
            if step.operation is None:
                self.seed = (step.output, number)
                self.upstream[step.output] = step.upstream
                continue
            self.backward[step.output] = number
            for c in step.contributions:
                self.arrivals.setdefault(c.vertex, []).append((number, c))
                self.sent[f"{step.output}:{c.slot}"] = (number, c)
        self.picks = self._picks(walk)

    def _picks(self, walk: Walk) -> dict[str, list[tuple[int, int | None, np.ndarray]]]:
        """The vertices of which an operation picks elements: its step forward, the one backward, and what is picked."""
        found: dict[str, list[tuple[int, int | None, np.ndarray]]] = {}
        for o in walk.graph.operations:
            if o.op.picks is None or o.output not in self.forward:
                continue
            inputs = [walk.values[name] for name in o.inputs]
            if not all(chips.in_full(tuple(a.shape)) for a in inputs):
                continue  # a thumbnail averages blocks, and has no place for one element
            masks = o.op.picks.where(walk.values[o.output], *inputs, **o.attributes)
            for name, mask in zip(o.inputs, map(to_host, masks), strict=True):
                if mask.any():
                    found.setdefault(name, []).append((self.forward[o.output], self.backward.get(o.output), mask))
        return found

    @property
    def receiving(self) -> frozenset[str]:
        """The vertices that have a gradient at some step."""
        return frozenset({*self.arrivals, *([self.seed[0]] if self.seed else [])})


def _vertex(name: str, drawn: Plan, walk: Walk, moments: _Moments, translate, options: DrawOptions) -> VertexShape:
    setting = options.setting
    v = walk.graph.vertices[name]
    size, (x, y) = drawn.sizes["vertex", name], drawn.at["vertex", name]
    forward = moments.forward.get(name, 0)
    picks = moments.picks.get(name, [])
    values = {
        step: chips.chip(
            walk.values[name],
            "value",
            step,
            size.value.moved(x, y),
            winners=_picked([m for n, _, m in picks if n <= step]),
            setting=setting,
        )
        for step in sorted({forward, *(n for n, _, _ in picks)})
        if size.value is not None
    }
    room = size.gradient.moved(x, y) if size.gradient else size.body
    arrivals = moments.arrivals.get(name, [])
    scale = max([chips.scale_of(c.total) for _, c in arrivals], default=0.0)
    gradients: dict[int, Chip] = {}
    if moments.seed and moments.seed[0] == name:
        gradients[moments.seed[1]] = chips.chip(
            moments.upstream[name], "gradient", moments.seed[1], room, setting=setting
        )
    for step, c in arrivals:  # two slots of one operation arrive in one step: the later sum is shown
        gradients[step] = chips.chip(
            c.total,
            "gradient",
            step,
            room,
            scale=scale,
            part=c.part,
            parts=c.parts,
            winners=_picked([m for _, n, m in picks if n is not None and n <= step]),
            setting=setting,
        )
    backward = sorted({*gradients, *([moments.backward[name]] if name in moments.backward else [])})
    shape = "×".join(str(n) for n in v.shape)
    template = _VERTEX if v.shape else _SCALAR
    aria = translate(template).format(name=name, kind=translate(KIND_NAMES[v.kind]), shape=shape)
    shown = tuple(gradients.values()) if options.gradients else ()
    return VertexShape(
        name, v.kind, size.body.moved(x, y), size.label, size.label.centred(x, y, size.scale), size.scale,
        forward, tuple(backward), tuple(gradients), tuple(values.values()), shown, aria,
    )  # fmt: skip


def _picked(masks: Sequence[np.ndarray]) -> np.ndarray | None:
    """The elements that any of the operations has picked."""
    return np.logical_or.reduce(masks) if masks else None


def _spans(box: Box, moments: _Moments) -> tuple[tuple[int, int], tuple[int, int] | None]:
    """The first and the last step of a box, forward, and backward where a gradient passes."""
    forward = [moments.forward[o.output] for o in box.operations]
    backward = [moments.backward[o.output] for o in box.operations if o.output in moments.backward]
    return (min(forward), max(forward)), (min(backward), max(backward)) if backward else None


def _operation(box: Box, drawn: Plan, moments: _Moments, graph: Graph, lang: str) -> OperationShape:
    key = ("operation", box.name)
    size, (x, y) = drawn.sizes[key], drawn.at[key]
    at = size.label.centred(x, y, size.scale)
    forward, backward = _spans(box, moments)
    op = "" if box.folded else box.operations[0].op.name
    around, hint = within(graph, box.name), ""
    if around and not box.folded:  # a click opens what is folded: only the key folds what is around it
        title = block_title(graph, around.label, lang) if around.sort == "block" else around.operations[-1].output
        hint = translator(lang)(_FOLDS).format(title=title)
    return OperationShape(
        box.name, op, size.body.moved(x, y), size.label, at, size.scale, forward[1], backward and backward[1],
        forward[0], backward and backward[0], box.folded, within=around.name if around else "", hint=hint,
    )  # fmt: skip


def _edge(link: Link, drawn: Plan, moments: _Moments, by_name: Mapping[str, Box], options: DrawOptions) -> EdgeShape:
    way, setting = drawn.routes[link.key], options.setting
    room = way.badge if options.gradients else None
    out = link.source[0] == "operation"
    box = by_name[link.source[1] if out else link.target[1]]
    forward, passed = _spans(box, moments)
    badge, backward = None, passed and passed[1] if out else None
    if not out and box.folded:
        parts = [
            moments.sent[key][1].value
            for o in box.operations
            for slot, name in enumerate(o.inputs)
            if name == link.source[1] and (key := f"{o.output}:{slot}") in moments.sent
        ]
        if parts and passed:
            backward = passed[1]
            if room is not None:
                badge = chips.chip(sum(parts[1:], parts[0]), "badge", backward, room, setting=setting)
    elif not out and link.key in moments.sent:
        backward, c = moments.sent[link.key]
        if room is not None:
            badge = chips.chip(c.value, "badge", backward, room, setting=setting)
    return EdgeShape(
        link.key, link.source[1], link.target[1], "out" if out else "in", link.slot, forward[1],
        backward, way.path, way.tip("end"), way.tip("start"), badge, way.stem,
    )  # fmt: skip


def _frame(frame: Frame) -> FrameShape:
    label = labels.latex(f"t = {frame.t}")
    return FrameShape(frame.name, frame.box, label, (frame.box.left + 14, frame.box.top + 21), 17 / labels.SIZE)


def _reference(reference: Reference, graph: Graph, drawn: Plan) -> ReferenceShape:
    v = graph.vertices[reference.name]
    x, y = reference.at
    label = labels.latex(v.latex)
    scale = min(16 / labels.SIZE, (2 * REFERENCE - 8) / max(label.width, 1))
    box = Rect(x - REFERENCE, y - REFERENCE, x + REFERENCE, y + REFERENCE)
    return ReferenceShape(reference.name, v.kind, reference.key, box, label, label.centred(x, y, scale), scale)
