"""SVG from a `Picture`: for the page, with every chip of every step in it, and as a frame that stands by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from . import labels, theme
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
from .quick import without_collection

FONT = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_TEXT = 14.0  # the size of most numbers
_HALO = 6.0
_HEAD = 11.0

Facts = Callable[[int], Mapping[str, str]]


def _nothing(step: int) -> Mapping[str, str]:
    return {}


def _always(step: int) -> bool:
    return True


@dataclass
class _Node:
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
    children: list[_Node] = field(default_factory=list)
    text: Text | str | None = None
    label: labels.Label | None = None


_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_PLAIN = re.compile(r"[\w .:;,#/()+×…−-]*")


def _escape(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    value = _ILLEGAL.sub("\ufffd", value)  # XML has no way to write these at all
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        value = value.replace(character, entity)
    return value


def _n(value: float) -> str:
    text = f"{round(value, 2):g}" if -1e4 < value < 1e4 else f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _attribute(value: str | float) -> str:
    return _escape(value) if isinstance(value, str) else _n(value)


def path_data(path: Iterable[Command]) -> str:
    """The commands of a path as the `d` of an SVG path."""
    return " ".join(c + " ".join(_n(v) for v in values) for c, values in path)


def _rect(box: Rect, radius: float, style: str) -> _Node:
    at = {"x": box.left, "y": box.top, "width": box.width, "height": box.height}
    return _Node("rect", {**at, **({"rx": radius} if radius else {})}, style)


def _round(box: Rect, more: float, style: str) -> _Node:
    """A circle around the middle of a box, or a pill where the box is wider than high; `more` is added around."""
    x, y = box.centre
    radius = box.height / 2 + more
    if box.width - box.height < 0.5:
        return _Node("circle", {"cx": x, "cy": y, "r": radius}, style)
    return _rect(Rect(box.left - more, box.top - more, box.right + more, box.bottom + more), radius, style)


def _crescent(box: Rect) -> _Node:
    """The mark of an input: a second line on its left, where data comes in."""
    radius = box.height / 2
    x, y = box.left + radius, (box.top + box.bottom) / 2
    inner = radius - 4.5
    dx, dy = 0.62 * inner, 0.785 * inner
    c = 0.646 * inner  # a circular arc of about 103 degrees as one cubic curve, in the commands that every reader knows
    d = f"M{_n(x - dx)} {_n(y - dy)}C{_n(x - dx - 0.785 * c)} {_n(y - dy + 0.62 * c)} "
    d += f"{_n(x - dx - 0.785 * c)} {_n(y + dy - 0.62 * c)} {_n(x - dx)} {_n(y + dy)}"
    return _Node("path", {"d": d}, "inner")


def _label(label: labels.Label, at: tuple[float, float], scale: float, style: str) -> _Node:
    return _Node("use", {"transform": f"translate({_n(at[0])} {_n(at[1])}) scale({_n4(scale)})"}, style, label=label)


def _n4(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _chip(chip: Chip, group: str, until: int | None) -> _Node:
    """A chip, shown from its step on, and before the step `until`."""
    radius = min(7.0, chip.box.height / 2)
    children = [_rect(chip.box, radius if chip.texts and not chip.cells else 5, "box")]
    if chip.title:
        children.insert(0, _Node("title", text=chip.title))
    tone = "v" if chip.role == "value" else "g"
    spelled = bool(chip.texts) and not chip.title
    for cell in chip.cells:
        level = cell.level if cell.level is None or tone == "v" else cell.level + 4
        name = "unknown" if level is None else f"{'p' if spelled else ''}{tone}{level}"
        children.append(_rect(cell.rect, 0, name))
    if spelled and not chip.cells and len(chip.texts) > 1:
        step = (chip.texts[-1].x - chip.texts[0].x) / (len(chip.texts) - 1)
        for t in chip.texts[1:]:
            ends = {"x1": t.x - step / 2, "x2": t.x - step / 2, "y1": chip.box.top + 6, "y2": chip.box.bottom - 6}
            children.append(_Node("line", ends, "rule"))
    for t in chip.texts:
        children.append(_Node("text", style="number" if spelled else "caption", text=t))

    def shown(step: int) -> bool:
        return step >= chip.step and (until is None or step < until)

    def facts(step: int) -> Mapping[str, str]:
        return {"role": chip.role, "fresh": "true" if step == chip.step and step else "false"}

    data = {"data-step": chip.step, "data-chip": chip.role}
    if chip.parts > 1:
        data |= {"data-arrival": chip.part, "data-arrivals": chip.parts}
    return _Node("g", classes=group, data=data, facts=facts, shown=shown, children=children)


def _chips(chips: tuple[Chip, ...]) -> list[_Node]:
    nexts = [*(c.step for c in chips[1:]), None][: len(chips)]
    return [_chip(c, "chip", until) for c, until in zip(chips, nexts, strict=True)]


def _vertex(v: VertexShape) -> _Node:
    def facts(step: int) -> Mapping[str, str]:
        now = step > 0 and (step == v.forward or step in v.backward)
        state = "current" if now else "done" if step >= v.forward else "idle"
        return {"kind": v.kind, "state": state, "arrives": "true" if step in v.arrivals else "false"}

    body = [_round(v.box, _HALO, "halo"), _round(v.box, 0, "outline")]
    if v.kind == "parameter":
        body.append(_round(v.box, -4, "inner"))
    if v.kind == "input":
        body.append(_crescent(v.box))
    body.append(_label(v.label, v.label_at, v.label_scale, "label"))
    body.append(_Node("g", data={"data-role": "value"}, children=_chips(v.values)))
    body.append(_Node("g", data={"data-role": "gradient"}, children=_chips(v.gradients)))
    data: dict[str, str | int] = {"data-vertex": v.name, "data-forward": v.forward}
    if v.backward:
        data["data-backward"] = v.backward[0]
    data |= {"tabindex": 0, "role": "button", "aria-label": v.aria}
    return _Node("g", classes=f"vertex kind-{v.kind}", data=data, facts=facts, children=body)


def _passing(forward: int, backward: int | None) -> Facts:
    def facts(step: int) -> Mapping[str, str]:
        found = {"state": "idle" if step < forward else "current" if step == forward else "done"}
        if backward is not None and step >= backward:
            found["gradient"] = "current" if step == backward else "done"
        return found

    return facts


def _operation(o: OperationShape) -> _Node:
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
    classes = "operation folded" if o.folded else "operation"
    return _Node("g", classes=classes, data=data, facts=_passing(o.forward, o.backward), children=body)


def _time_step(f: FrameShape) -> _Node:
    body = [_rect(f.box, 14, "frame"), _label(f.label, f.label_at, f.label_scale, "frame-label")]
    return _Node("g", classes="time-step", data={"data-frame": f.name}, children=body)


def _reference(r: ReferenceShape) -> _Node:
    body = [_round(r.box, 0, "outline")]
    if r.kind == "parameter":
        body.append(_round(r.box, -3, "inner"))
    body.append(_label(r.label, r.label_at, r.label_scale, "label"))
    return _Node(
        "g", classes=f"reference kind-{r.kind}", data={"data-reference": r.name, "data-for": r.edge},
        facts=lambda step: {"kind": r.kind}, children=body,
    )  # fmt: skip


def _head(at: tuple[float, float, float, float], style: str) -> _Node:
    x, y, dx, dy = at
    back, half = _HEAD, _HEAD * 0.48
    notch = back * 0.78
    points = (
        (x, y),
        (x - back * dx - half * dy, y - back * dy + half * dx),
        (x - notch * dx, y - notch * dy),
        (x - back * dx + half * dy, y - back * dy - half * dx),
    )
    return _Node("path", {"d": "M" + "L".join(f"{_n(a)} {_n(b)}" for a, b in points) + "Z"}, style)


def _edge(e: EdgeShape) -> _Node:
    body = [_Node("path", {"d": path_data(e.path)}, "line"), _head(e.head, "head")]
    if e.backward is not None:
        body.append(_head(e.tail, "tail"))
    if e.badge is not None:
        if e.stem:
            body.append(_Node("path", {"d": path_data(e.stem)}, "stem"))
        body.append(_chip(e.badge, "badge", e.badge.step + 1))
    data: dict[str, str | int] = {
        "data-edge": e.key, "data-from": e.source, "data-to": e.target, "data-part": e.part, "data-slot": e.slot,
        "data-forward": e.forward,
    }  # fmt: skip
    if e.backward is not None:
        data["data-backward"] = e.backward
    passing = _passing(e.forward, e.backward)
    return _Node("g", classes="edge", data=data, facts=lambda step: {**passing(step), "part": e.part}, children=body)


def _layers(picture: Picture) -> list[_Node]:
    beneath = []
    if picture.frames:
        beneath.append(_Node("g", classes="frames", children=[_time_step(f) for f in picture.frames]))
    if picture.references:
        beneath.append(_Node("g", classes="references", children=[_reference(r) for r in picture.references]))
    return [
        *beneath,
        _Node("g", classes="operations", children=[_operation(o) for o in picture.operations]),
        _Node("g", classes="vertices", children=[_vertex(v) for v in picture.vertices]),
        # Edges end at the boundaries of shapes; drawn last, they and their badges lie over the halos.
        _Node("g", classes="edges", children=[_edge(e) for e in picture.edges]),
    ]


def _defs(used: Mapping[str, labels.Label], href: str = "href") -> str:
    """The definitions of the labels; what several of them have in common is defined once."""
    simple = {part.id: part for label in used.values() for part, _ in label.parts}
    simple |= {i: label for i, label in used.items() if not label.parts}
    found = [f'<path id="{i}" d="{label.d}"/>' for i, label in simple.items()]
    for i, label in used.items():
        if label.parts:
            uses = "".join(
                f'<use {href}="#{p.id}" x="{_n(x)}"/>' if x else f'<use {href}="#{p.id}"/>' for p, x in label.parts
            )
            found.append(f'<g id="{i}">{uses}</g>')
    return f"<defs>{''.join(found)}</defs>"


@without_collection
def page(picture: Picture) -> str:
    """The SVG that the player drives: every chip of every step in it, in the state of step 0, coloured by `css()`."""
    used: dict[str, labels.Label] = {}
    body = "".join(_page(node, used) for node in _layers(picture))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphlab-graph" viewBox="0 0 {_n(picture.width)}'
        f' {_n(picture.height)}" role="img" text-anchor="middle" font-size="{_n(_TEXT)}" aria-label="{_escape(picture.title)}">{_defs(used)}{body}</svg>'
    )


def _page(node: _Node, used: dict[str, labels.Label]) -> str:
    names = " ".join(c for c in (node.classes, node.style) if c)
    attributes: dict[str, str | float] = {"class": names} if names else {}
    attributes |= {k: str(v) for k, v in node.data.items()}
    facts = node.facts(0)
    attributes |= {f"data-{k}": facts[k] for k in ("state", "gradient") if k in facts}
    attributes |= node.attributes
    if node.label is not None:
        used[node.label.id] = node.label
        attributes["href"] = "#" + node.label.id
    content = "".join(_page(child, used) for child in node.children)
    if isinstance(node.text, Text):
        t = node.text
        attributes |= {"x": t.x, "y": t.y, **({} if t.size == _TEXT else {"font-size": t.size})}
        # A reader's font may be wider than ours: its digits are made narrower, and do not run into one another.
        attributes |= {"textLength": t.width, "lengthAdjust": "spacingAndGlyphs"}
        content = _escape(t.text)
    elif node.text is not None:
        content = _escape(node.text)
    written = "".join(f' {k}="{_attribute(v)}"' for k, v in attributes.items())
    # The space keeps two numbers apart in textContent; between elements it is not drawn.
    after = " " if node.tag in ("text", "title") else ""
    return f"<{node.tag}{written}>{content}</{node.tag}>{after}" if content else f"<{node.tag}{written}/>{after}"


def frame(
    picture: Picture, step: int, theme: str = "light", background: Literal["transparent", "paper"] | str = "transparent"
) -> str:
    """One moment as an SVG that stands by itself: only what is reached at `step`, all colours put in, no font needed.

    `step` runs from 0, before the first step, to `picture.steps`. `background` is "transparent", "paper" (the theme's)
    or a colour such as "#ffffff". Raises ValueError where the step, the theme or the colour is none.
    """
    if not 0 <= step <= picture.steps:
        raise ValueError(f"step {step} is not between 0 and {picture.steps}")
    facts = {"phase": picture.phase(step)}
    used: dict[str, labels.Label] = {}
    body = "".join(_frame(node, step, theme, facts, used) for node in _layers(picture))
    width, height = _n(picture.width), _n(picture.height)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"><title>{_escape(picture.title)}</title>'
        f"{_defs(used, 'xlink:href')}{_background(background, theme, width, height)}{body}</svg>"
    )


def _background(background: str, name: str, width: str, height: str) -> str:
    if background == "transparent":
        return ""
    colour = theme.palette(name)["paper"] if background == "paper" else background
    if not re.fullmatch(r"#[0-9a-fA-F]{6}|[a-z]{3,20}", colour):
        raise ValueError(f"{background!r} is not a colour such as #ffffff")
    return f'<rect x="0" y="0" width="{width}" height="{height}" fill="{colour}"/>'


def _frame(node: _Node, step: int, name: str, outer: Mapping[str, str], used: dict[str, labels.Label]) -> str:
    if not node.shown(step):
        return ""
    facts = {**outer, **node.facts(step)}
    look = theme.resolve(node.style, facts, name) if node.style else {}
    if look.pop("display", "") == "none" or look.get("opacity") == "0":
        return ""
    attributes: dict[str, str | float] = dict(node.attributes)
    tag, label, content = node.tag, node.label, ""
    if isinstance(node.text, Text):  # numbers become paths, as the reader may lack every font
        t = node.text
        scale = t.size / labels.SIZE
        width = labels.text_width(t.text, labels.SIZE)
        across = min(scale, t.width / width)
        tag = "g"
        attributes["transform"] = (
            f"translate({_n(t.x - across * width / 2)} {_n(t.y)}) scale({_n4(across)} {_n4(scale)})"
        )
        for character, x in labels.characters(t.text):
            used[character.id] = character
            content += f'<use x="{_n(x)}" xlink:href="#{character.id}"/>'
    if label is not None:
        used[label.id] = label
        attributes["xlink:href"] = "#" + label.id
    content += "".join(_frame(child, step, name, facts, used) for child in node.children)
    if isinstance(node.text, str):
        content = _escape(node.text)
    if tag == "g" and not content:
        return ""
    written = "".join(f' {k}="{_attribute(v)}"' for k, v in {**attributes, **look}.items())
    return f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>"


def css() -> str:
    """The rules that the page needs for the SVG of `page`; the colours are the custom properties of `theme.variables`."""
    return "\n".join(
        [
            ".graphlab-graph { display: block; font-family: "
            + FONT
            + "; font-variant-numeric: tabular-nums; font-size: 14px;"
            " text-anchor: middle }",
            theme.css(),
            ".graphlab-graph .edges { pointer-events: none }",
            ".graphlab-graph .badge { visibility: hidden }",
            '.graphlab-graph :where([data-gradient="current"]) > .badge { visibility: visible }',
            ".graphlab-graph .vertex { cursor: pointer; outline: none }",
            ".graphlab-graph .vertex:focus-visible .outline { stroke: var(--gl-ink); stroke-width: 4 }",
            ".graphlab-graph :is(text, .label, .symbol) { pointer-events: none; user-select: none }",
            "@media (prefers-reduced-motion: no-preference) {",
            "  .graphlab-graph :is(.line, .head, .tail, .halo, .outline, .inner, .shape, .label, .symbol)"
            " { transition: fill .2s ease, stroke .2s ease, stroke-width .2s ease, opacity .2s ease }",
            "}",
        ]
    )
