"""SVG from a `Picture`: for the page, with every chip of every step in it, and as a frame that stands by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from ..gc_pause import without_collection
from .marks import labels, theme
from .marks.nodes import Node, layers
from .marks.nodes import fine as _n4
from .marks.nodes import plain as _n
from .marks.picture import Picture, Text

FONT = 'ui-sans-serif, system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
_TEXT = 14.0  # the size of most numbers

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_PLAIN = re.compile(r"[\w .:;,#/()+×…−-]*")


def _escape(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    value = _ILLEGAL.sub("\ufffd", value)  # XML has no way to write these at all
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        value = value.replace(character, entity)
    return value


# Sizes and heights are few, however many shapes there are.
_number = lru_cache(maxsize=65536)(_n)


def _attribute(value: str | float) -> str:
    return _escape(value) if isinstance(value, str) else _number(value)


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
def page(picture: Picture, nodes: Iterable[Node] | None = None) -> str:
    """The SVG that the player drives: every chip of every step in it, in the state of step 0, coloured by `css()`.

    `nodes` are what is drawn, by default all of the picture.
    """
    used: dict[str, labels.Label] = {}
    written: list[str] = []
    for node in layers(picture) if nodes is None else nodes:
        _page(node, used, written)
    body = "".join(written)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphlab-graph" viewBox="0 0 {_n(picture.width)}'
        f' {_n(picture.height)}" role="img" text-anchor="middle" font-size="{_n(_TEXT)}" aria-label="{_escape(picture.title)}">{_defs(used)}{body}</svg>'
    )


def _page(node: Node, used: dict[str, labels.Label], out: list[str]) -> None:
    """Add what is written of a node and its children to `out`; a large graph has a hundred thousand of them."""
    tag, text, facts = node.tag, node.text, node.facts(0)
    out.append(f"<{tag}")
    names = f"{node.classes} {node.style}" if node.classes and node.style else node.classes or node.style
    if names:
        out.append(f' class="{names}"')
    for name, value in node.data.items():
        out.append(f' {name}="{value if type(value) is int else _escape(value)}"')
    for name in ("state", "gradient"):
        if name in facts:
            out.append(f' data-{name}="{facts[name]}"')
    for name, value in node.attributes.items():
        out.append(f' {name}="{_attribute(value)}"')
    if node.label is not None:
        used[node.label.id] = node.label
        out.append(f' href="#{node.label.id}"')
    if isinstance(text, Text):
        size = "" if text.size == _TEXT else f' font-size="{_number(text.size)}"'
        # A reader's font may be wider than ours: its digits are made narrower, and do not run into one another.
        fitted = f' textLength="{_number(text.width)}" lengthAdjust="spacingAndGlyphs"'
        out.append(f' x="{_number(text.x)}" y="{_number(text.y)}"{size}{fitted}')
        text = text.text
    # The space keeps two numbers apart in textContent; between elements it is not drawn.
    after = " " if tag in ("text", "title") else ""
    if text:
        out.append(f">{_escape(text)}</{tag}>{after}")
    elif node.children:
        out.append(">")
        for child in node.children:
            _page(child, used, out)
        out.append(f"</{tag}>{after}")
    else:
        out.append(f"/>{after}")


def frame(
    picture: Picture,
    step: int,
    theme: str = "light",
    background: Literal["transparent", "paper"] | str = "transparent",
    *,
    size: tuple[str, str] | None = None,
    line: float = 1.0,
) -> str:
    """One moment as an SVG that stands by itself: only what is reached at `step`, all colours put in, no font needed.

    `step` runs from 0, before the first step, to `picture.steps`. `background` is "transparent", "paper" (the theme's)
    or a colour such as "#ffffff". `size` is the width and height that the file asks for, ("120mm", "40mm"), by default
    those of the picture in pixels; lines are `line` times as wide as on the page. Raises ValueError where the step, the theme or the colour is none.
    """
    if not 0 <= step <= picture.steps:
        raise ValueError(f"step {step} is not between 0 and {picture.steps}")
    facts = {"phase": picture.phase(step)}
    used: dict[str, labels.Label] = {}
    body = "".join(_frame(node, step, theme, facts, used, line) for node in layers(picture))
    width, height = _n(picture.width), _n(picture.height)
    wide, high = size or (width, height)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" version="1.1" '
        f'width="{wide}" height="{high}" viewBox="0 0 {width} {height}"><title>{_escape(picture.title)}</title>'
        f"{_defs(used, 'xlink:href')}{_background(background, theme, width, height)}{body}</svg>"
    )


def _background(background: str, name: str, width: str, height: str) -> str:
    if background == "transparent":
        return ""
    colour = theme.palette(name)["paper"] if background == "paper" else background
    if not re.fullmatch(r"#[0-9a-fA-F]{6}|[a-z]{3,20}", colour):
        raise ValueError(f"{background!r} is not a colour such as #ffffff")
    return f'<rect x="0" y="0" width="{width}" height="{height}" fill="{colour}"/>'


def _frame(
    node: Node, step: int, name: str, outer: Mapping[str, str], used: dict[str, labels.Label], line: float
) -> str:
    if not node.shown(step):
        return ""
    facts = {**outer, **node.facts(step)}
    look = theme.resolve(node.style, facts, name) if node.style else {}
    if look.pop("display", "") == "none" or look.get("opacity") == "0":
        return ""
    if line != 1 and "stroke-width" in look:
        look["stroke-width"] = _n(line * float(look["stroke-width"]))
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
    content += "".join(_frame(child, step, name, facts, used, line) for child in node.children)
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
