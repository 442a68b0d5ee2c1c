"""The elements of a picture as a tree with conditions: what is drawn at which step, and in which state.

The page's SVG, the SVG of one step and every other writer are made from these nodes; their looks are in `theme`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from . import labels
from .picture import (
    Chip,
    Command,
    EdgeShape,
    FrameShape,
    OperationShape,
    Picture,
    Rect,
    ReferenceShape,
    Text,
    VertexShape,
)

_HALO = 6.0
_HEAD = 11.0

Facts = Callable[[int], Mapping[str, str]]


def _nothing(step: int) -> Mapping[str, str]:
    return {}


def _always(step: int) -> bool:
    return True


@dataclass
class Node:
    """One element of the drawing, from which both kinds of SVG are written.

    `style` is its name in the style table; `data` are attributes of the page alone; `facts` tells, for a group, what
    the style table asks about at a step; `shown` whether a frame of that step has it.
    """

    tag: str
    attributes: dict[str, str | float] = field(default_factory=dict)
    style: str = ""
    classes: str = ""
    data: dict[str, str | int] = field(default_factory=dict)
    facts: Facts = _nothing
    shown: Callable[[int], bool] = _always
    children: list[Node] = field(default_factory=list)
    text: Text | str | None = None
    label: labels.Label | None = None


def plain(value: float) -> str:
    """A coordinate with two decimals at most, and no idle zeros."""
    text = f"{round(value, 2):g}" if -1e4 < value < 1e4 else f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def path_data(path: Iterable[Command]) -> str:
    """The commands of a path as the `d` of an SVG path."""
    return " ".join(c + " ".join(plain(v) for v in values) for c, values in path)


def _rect(box: Rect, radius: float, style: str) -> Node:
    at = {"x": box.left, "y": box.top, "width": box.width, "height": box.height}
    return Node("rect", {**at, **({"rx": radius} if radius else {})}, style)


def _round(box: Rect, more: float, style: str) -> Node:
    """A circle around the middle of a box, or a pill where the box is wider than high; `more` is added around."""
    x, y = box.centre
    radius = box.height / 2 + more
    if box.width - box.height < 0.5:
        return Node("circle", {"cx": x, "cy": y, "r": radius}, style)
    return _rect(Rect(box.left - more, box.top - more, box.right + more, box.bottom + more), radius, style)


def _crescent(box: Rect) -> Node:
    """The mark of an input: a second line on its left, where data comes in."""
    radius = box.height / 2
    x, y = box.left + radius, (box.top + box.bottom) / 2
    inner = radius - 4.5
    dx, dy = 0.62 * inner, 0.785 * inner
    c = 0.646 * inner  # a circular arc of about 103 degrees as one cubic curve, in the commands that every reader knows
    d = f"M{plain(x - dx)} {plain(y - dy)}C{plain(x - dx - 0.785 * c)} {plain(y - dy + 0.62 * c)} "
    d += f"{plain(x - dx - 0.785 * c)} {plain(y + dy - 0.62 * c)} {plain(x - dx)} {plain(y + dy)}"
    return Node("path", {"d": d}, "inner")


def _label(label: labels.Label, at: tuple[float, float], scale: float, style: str) -> Node:
    return Node(
        "use", {"transform": f"translate({plain(at[0])} {plain(at[1])}) scale({fine(scale)})"}, style, label=label
    )


def fine(value: float) -> str:
    """A scale with four decimals at most."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _chip(chip: Chip, group: str, until: int | None) -> Node:
    """A chip, shown from its step on, and before the step `until`."""
    radius = min(7.0, chip.box.height / 2)
    children = (
        [_rect(chip.box, radius if chip.texts and not chip.cells else 5, "blank" if chip.blank else "box")]
        if chip.box.width
        else []
    )
    if chip.title:
        children.insert(0, Node("title", text=chip.title))
    tone = "v" if chip.role == "value" else "g"
    spelled = bool(chip.texts) and not chip.title
    for cell in chip.cells:
        level = cell.level if cell.level is None or tone == "v" else cell.level + 4
        name = "unknown" if level is None else f"{'p' if spelled else ''}{tone}{level}"
        children.append(_rect(cell.rect, 0, "blank" if chip.blank else name))
    if spelled and not chip.cells and len(chip.texts) > 1:
        step = (chip.texts[-1].x - chip.texts[0].x) / (len(chip.texts) - 1)
        for t in chip.texts[1:]:
            ends = {"x1": t.x - step / 2, "x2": t.x - step / 2, "y1": chip.box.top + 6, "y2": chip.box.bottom - 6}
            children.append(Node("line", ends, "rule"))
    for t in chip.texts:
        children.append(Node("text", style="number" if spelled else "caption", text=t))

    for ring in chip.winners:
        inner = Rect(ring.left + 1.5, ring.top + 1.5, ring.right - 1.5, ring.bottom - 1.5)
        children.append(_rect(inner, min(6.0, inner.height / 3), "winner"))

    def shown(step: int) -> bool:
        return step >= chip.step and (until is None or step < until)

    def facts(step: int) -> Mapping[str, str]:
        return {"role": chip.role, "fresh": "true" if step == chip.step and step else "false"}

    data = {"data-step": chip.step, "data-chip": chip.role}
    if chip.parts > 1:
        data |= {"data-arrival": chip.part, "data-arrivals": chip.parts}
    return Node("g", classes=group, data=data, facts=facts, shown=shown, children=children)


def _chips(chips: tuple[Chip, ...]) -> list[Node]:
    nexts = [*(c.step for c in chips[1:]), None][: len(chips)]
    return [_chip(c, "chip", until) for c, until in zip(chips, nexts, strict=True)]


def vertex(v: VertexShape) -> Node:
    def facts(step: int) -> Mapping[str, str]:
        now = step > 0 and (step == v.forward or step in v.backward or step in v.again)
        state = "current" if now else "done" if step >= v.forward else "idle"
        return {"kind": v.kind, "state": state, "arrives": "true" if step in v.arrivals else "false"}

    body = [_round(v.box, _HALO, "halo"), _round(v.box, 0, "outline")]
    if v.kind == "parameter":
        body.append(_round(v.box, -4, "inner"))
    if v.kind == "input":
        body.append(_crescent(v.box))
    body.append(_label(v.label, v.label_at, v.label_scale, "label"))
    body.append(Node("g", data={"data-role": "value"}, children=_chips(v.values)))
    body.append(Node("g", data={"data-role": "gradient"}, children=_chips(v.gradients)))
    data = _vertex_data(v) | {"tabindex": 0, "role": "button", "aria-label": v.aria}
    return Node("g", classes=f"vertex kind-{v.kind}", data=data, facts=facts, children=body)


def _vertex_data(v: VertexShape) -> dict[str, str | int]:
    data: dict[str, str | int] = {"data-vertex": v.name, "data-forward": v.forward}
    if v.backward:
        data["data-backward"] = v.backward[0]
    return data


def vertex_outline(v: VertexShape) -> Node:
    """A vertex without its label and chips, and without its state, which the page writes."""
    return Node("g", classes=f"vertex kind-{v.kind}", data=_vertex_data(v), children=[_round(v.box, 0, "outline")])


def _passing(shape: OperationShape | EdgeShape) -> Facts:
    first, turn = shape.forward, shape.backward
    forward, backward = {first, *shape.forwards}, {turn, *shape.backwards}

    def facts(step: int) -> Mapping[str, str]:
        found = {"state": "idle" if step < first else "current" if step in forward else "done"}
        if turn is not None and step >= turn:
            found["gradient"] = "current" if step in backward else "done"
        return found

    return facts


def _passes(shape: OperationShape | EdgeShape) -> dict[str, str | int]:
    """All steps of a shape that is passed at several time steps, for the page."""
    all_steps = {"data-forwards": shape.forwards, "data-backwards": shape.backwards}
    return {name: " ".join(map(str, steps)) for name, steps in all_steps.items() if len(steps) > 1}


def operation(o: OperationShape) -> Node:
    halo = Rect(o.box.left - 5, o.box.top - 5, o.box.right + 5, o.box.bottom + 5)
    body = [_rect(halo, 13, "halo"), _rect(o.box, 9, "shape"), _label(o.label, o.label_at, o.label_scale, "symbol")]
    data: dict[str, str | int] = {"data-operation": o.name, "data-forward": o.forward}
    if o.backward is not None:
        data["data-backward"] = o.backward
    if o.folded:
        data |= {"data-cluster": o.name, "data-forward-first": o.forward_first}
        if o.backward_first is not None:
            data["data-backward-first"] = o.backward_first
        data |= {"tabindex": 0, "role": "button", "aria-label": o.name}
    if o.within:
        data["data-within"] = o.within
    if o.hint:  # in the page alone
        data |= {"tabindex": -1, "role": "group", "aria-label": o.hint}
        body.insert(0, Node("title", text=o.hint, shown=lambda step: False))
    classes = "operation folded" if o.folded else "operation"
    return Node("g", classes=classes, data=data | _passes(o), facts=_passing(o), children=body)


def time_step(f: FrameShape) -> Node:
    label = _label(f.label, f.label_at, f.label_scale, "frame-label")
    x, y = f.label_at
    width = f.label.right * f.label_scale
    press = _rect(Rect(x - 8, y - 19, x + width + 8, y + 8), 6, "")
    press.classes, press.shown = "press", lambda step: False  # in the page alone: a click on the caption folds
    data: dict[str, str | int] = {"data-cluster": f.name, "tabindex": 0, "role": "button", "aria-label": f.name}
    caption = Node("g", classes="caption", data=data, children=[press, label])
    return Node("g", classes="time-step", data={"data-frame": f.name}, children=[_rect(f.box, 14, "frame"), caption])


def clock(picture: Picture) -> Node:
    """At which time step the walk through a rolled picture is."""
    return Node("g", classes="clock", data={"data-role": "clock"}, children=_chips(picture.clock))


def reference(r: ReferenceShape) -> Node:
    body = [_round(r.box, 0, "outline")]
    if r.kind == "parameter":
        body.append(_round(r.box, -3, "inner"))
    body.append(_label(r.label, r.label_at, r.label_scale, "label"))
    return Node(
        "g", classes=f"reference kind-{r.kind}", data={"data-reference": r.name, "data-for": r.edge},
        facts=lambda step: {"kind": r.kind}, children=body,
    )  # fmt: skip


def _head(at: tuple[float, float, float, float], style: str) -> Node:
    x, y, dx, dy = at
    back, half = _HEAD, _HEAD * 0.48
    notch = back * 0.78
    points = (
        (x, y),
        (x - back * dx - half * dy, y - back * dy + half * dx),
        (x - notch * dx, y - notch * dy),
        (x - back * dx + half * dy, y - back * dy - half * dx),
    )
    return Node("path", {"d": "M" + "L".join(f"{plain(a)} {plain(b)}" for a, b in points) + "Z"}, style)


def edge(e: EdgeShape) -> Node:
    body = [Node("path", {"d": path_data(e.path)}, "line"), _head(e.head, "head")]
    if e.backward is not None:
        body.append(_head(e.tail, "tail"))
    if e.badge is not None:
        if e.stem:
            body.append(Node("path", {"d": path_data(e.stem)}, "stem"))
        body += [_chip(badge, "badge", badge.step + 1) for badge in (e.badge, *e.badges)]
    data: dict[str, str | int] = {
        "data-edge": e.key, "data-from": e.source, "data-to": e.target, "data-part": e.part, "data-slot": e.slot,
        "data-forward": e.forward,
    }  # fmt: skip
    if e.backward is not None:
        data["data-backward"] = e.backward
    data |= _passes(e)
    passing = _passing(e)
    return Node("g", classes="edge", data=data, facts=lambda step: {**passing(step), "part": e.part}, children=body)


def layers(picture: Picture) -> list[Node]:
    beneath = []
    if picture.frames:
        beneath.append(Node("g", classes="frames", children=[time_step(f) for f in picture.frames]))
    if picture.references:
        beneath.append(Node("g", classes="references", children=[reference(r) for r in picture.references]))
    if picture.clock:
        beneath.append(clock(picture))
    return [
        *beneath,
        Node("g", classes="operations", children=[operation(o) for o in picture.operations]),
        Node("g", classes="vertices", children=[vertex(v) for v in picture.vertices]),
        # Edges end at the boundaries of shapes; drawn last, they and their badges lie over the halos.
        Node("g", classes="edges", children=[edge(e) for e in picture.edges]),
    ]
