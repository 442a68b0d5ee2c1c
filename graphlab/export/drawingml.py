"""Shapes, connectors, groups and text of a slide as DrawingML, the XML of PowerPoint, in strings. Lengths are points."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from ..diagram.marks.labels import Label
from ..diagram.marks.picture import Command, Rect
from .runs import Run
from .typeset import legal

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
INK = "tx1"  # the slide's own colour of text, which follows its theme
SERIF, SANS, MONO = "Cambria", "Calibri", "Consolas"  # every PowerPoint has them, and LibreOffice has their likes
_LANGUAGES = {"en": "en-US", "ru": "ru-RU"}
_UNIT = 50  # of the coordinates in a formula's outline, to a pixel of the label
_COMMAND = re.compile(r"([MLQC])([^MLQC]*)")
_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
_POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}
_STEPS = {"M": "moveTo", "L": "lnTo", "Q": "quadBezTo", "C": "cubicBezTo"}


def attribute(text: str) -> str:
    """A text to be put between double quotes."""
    return escape(legal(text)).replace("\n", "&#10;").replace("\t", "&#9;")


def emu(points: float) -> int:
    """The length in English Metric Units, 12,700 to a point."""
    return round(points * 12700)


def colour(value: str, opacity: float = 1.0) -> str:
    """A colour such as "#0072b2", or the name of one of the slide's theme, as `INK`."""
    inside = f'<a:alpha val="{round(opacity * 100000)}"/>' if opacity < 1 else ""
    if value.startswith("#"):
        return f'<a:srgbClr val="{value[1:].upper()}">{inside}</a:srgbClr>'
    return f'<a:schemeClr val="{value}">{inside}</a:schemeClr>'


def fill(value: str | None, opacity: float = 1.0) -> str:
    """The paint of an area, or of a line."""
    return "<a:noFill/>" if value is None else f"<a:solidFill>{colour(value, opacity)}</a:solidFill>"


def stroke(
    value: str | None,
    width: float = 0.0,
    opacity: float = 1.0,
    dash: tuple[float, ...] = (),
    round_ends: bool = False,
    heads: tuple[float, float] = (0, 0),
) -> str:
    """A line. `dash` counts in its width; `heads` are the lengths of the arrow heads at its start and its end, 0 for none."""
    if value is None or not width:
        return "<a:ln><a:noFill/></a:ln>"
    inside = fill(value, opacity)
    if dash:
        lengths = "".join(
            f'<a:ds d="{round(on * 100000)}" sp="{round(off * 100000)}"/>'
            for on, off in zip(dash[::2], dash[1::2], strict=True)
        )
        inside += f"<a:custDash>{lengths}</a:custDash>"
    inside += "<a:round/>"
    for end, length in zip(("headEnd", "tailEnd"), heads, strict=True):
        inside += f"<a:{end} {_head(length, width)}/>" if length else ""
    cap = ' cap="rnd"' if round_ends else ""
    return f'<a:ln w="{emu(width)}"{cap}>{inside}</a:ln>'


def _head(length: float, width: float) -> str:
    """PowerPoint has three sizes of arrow heads, of which each is a multiple of the line's width."""
    sizes = {"sm": 2, "med": 3, "lg": 5}
    size = min(sizes, key=lambda name: abs(sizes[name] * max(width, 2.0) - length))
    return f'type="stealth" w="{size}" len="{size}"'


def _transform(r: Rect, inside: str = "", flips: str = "") -> str:
    off = f'x="{emu(r.left)}" y="{emu(r.top)}"'
    ext = f'cx="{max(emu(r.width), 0)}" cy="{max(emu(r.height), 0)}"'
    return f"<a:xfrm{flips}><a:off {off}/><a:ext {ext}/>{inside}</a:xfrm>"


def _about(id: int, name: str, description: str = "") -> str:
    described = f' descr="{attribute(description)}"' if description else ""
    return f'<p:cNvPr id="{id}" name="{attribute(name)}"{described}/>'


def preset(shape: str, **adjustments: int) -> str:
    """The geometry of one of PowerPoint's own shapes."""
    given = "".join(f'<a:gd name="{k}" fmla="val {v}"/>' for k, v in adjustments.items())
    return f'<a:prstGeom prst="{shape}"><a:avLst>{given}</a:avLst></a:prstGeom>'


def rounded(r: Rect, radius: float) -> str:
    """The geometry of a rectangle with rounded corners."""
    side = min(r.width, r.height)
    return preset("roundRect", adj=round(min(radius / side, 0.5) * 100000)) if radius and side else preset("rect")


def path(commands: Iterable[Command], r: Rect, filled: bool) -> str:
    """The geometry of a path in the rectangle `r`, in which all of its points lie."""
    steps = []
    for letter, values in commands:
        points = zip(values[::2], values[1::2], strict=True)
        steps.append(_step(letter, [(emu(x - r.left), emu(y - r.top)) for x, y in points]))
    kind = "" if filled else ' fill="none"'
    return _custom(f'<a:path w="{emu(r.width)}" h="{emu(r.height)}"{kind}>{"".join(steps)}</a:path>')


def outline(label: Label) -> str:
    """The geometry of a typeset formula, in the bounds of its ink."""
    size = f'w="{round(label.width * _UNIT)}" h="{round(label.height * _UNIT)}"'
    glyphs = ("".join(contour.xml for contour in glyph) for glyph in _glyphs(list(_contours(label))))
    return _custom("".join([f"<a:path {size}>{xml}</a:path>" for xml in glyphs]))


@dataclass(frozen=True)
class _Contour:
    xml: str
    left: int
    top: int
    right: int
    bottom: int

    def around(self, other: _Contour) -> bool:
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


def _contours(label: Label) -> Iterator[_Contour]:
    for one in label.d.split("Z"):
        steps, xs, ys = [], [], []
        for letter, given in _COMMAND.findall(one):
            numbers = [float(n) for n in _NUMBER.findall(given)]
            x = [round((v - label.left) * _UNIT) for v in numbers[::2]]
            y = [round((v - label.top) * _UNIT) for v in numbers[1::2]]
            n = _POINTS[letter]
            for i in range(0, len(x), n):
                steps.append(_step(letter, list(zip(x[i : i + n], y[i : i + n], strict=True))))
            xs += x
            ys += y
        if steps:
            yield _Contour("".join(steps) + "<a:close/>", min(xs), min(ys), max(xs), max(ys))


def _glyphs(contours: list[_Contour]) -> list[list[_Contour]]:
    """Contours with the holes in them. Where two paths overlap in one shape, PowerPoint would leave a hole as well."""
    found: list[list[_Contour]] = []
    for contour in contours:
        near = next((g for g in reversed(found[-3:]) if any(c.around(contour) or contour.around(c) for c in g)), None)
        if near is None:
            found.append([contour])
        else:
            near.append(contour)
    return found


def _step(letter: str, points: list[tuple[int, int]]) -> str:
    if letter == "Z":
        return "<a:close/>"
    name = _STEPS[letter]
    inside = "".join([f'<a:pt x="{x}" y="{y}"/>' for x, y in points])
    return f"<a:{name}>{inside}</a:{name}>"


def _custom(paths: str) -> str:
    lists = "<a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
    return f'<a:custGeom>{lists}<a:rect l="0" t="0" r="r" b="b"/><a:pathLst>{paths}</a:pathLst></a:custGeom>'


def words(runs: Iterable[Run], size: float, paint: str, lang: str, font: str = "") -> str:
    """Runs of text; with no font named, the theme's."""
    face = "".join(f'<a:{script} typeface="{font}"/>' for script in ("latin", "ea", "cs")) if font else ""
    found = []
    for run in runs:
        look = f'lang="{_LANGUAGES.get(lang, "en-US")}" sz="{max(100, round(size * 100))}"'
        look += f' b="{run.bold:d}" i="{run.italic:d}"'
        look += f' baseline="{run.shift * 1000}"' if run.shift else ""
        text = escape(legal(run.text), quote=False)
        found.append(f'<a:r><a:rPr {look} dirty="0">{paint}{face}</a:rPr><a:t>{text}</a:t></a:r>')
    return "".join(found)


def body(paragraphs: Iterable[str], align: str = "ctr", anchor: str = "ctr", wrap: bool = False) -> str:
    """The text of a shape, each paragraph made by `words`."""
    look = f'<a:pPr algn="{align}" marL="0" indent="0"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/></a:pPr>'
    box = f'wrap="{"square" if wrap else "none"}" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}" rtlCol="0"'
    lines = "".join(f"<a:p>{look}{p}</a:p>" for p in paragraphs)
    return f"<p:txBody><a:bodyPr {box}><a:noAutofit/></a:bodyPr><a:lstStyle/>{lines}</p:txBody>"


def shape(id: int, name: str, r: Rect, geometry: str, paint: str, text: str = "", description: str = "") -> str:
    """A shape; `paint` is its fill and then its stroke."""
    about = f"<p:nvSpPr>{_about(id, name, description)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr>"
    return f"<p:sp>{about}<p:spPr>{_transform(r)}{geometry}{paint}</p:spPr>{text}</p:sp>"


def text_box(id: int, name: str, r: Rect, text: str) -> str:
    """Text that stands by itself."""
    about = f'<p:nvSpPr>{_about(id, name)}<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr>'
    return f"<p:sp>{about}<p:spPr>{_transform(r)}{preset('rect')}<a:noFill/></p:spPr>{text}</p:sp>"


def placeholder(id: int, name: str, kind: str, r: Rect | None, text: str) -> str:
    """The slide's title or another of the texts that its layout has a place for; `kind` are the attributes of p:ph."""
    locks = '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
    about = f"<p:nvSpPr>{_about(id, name)}{locks}<p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>"
    return f"<p:sp>{about}<p:spPr>{_transform(r) if r else ''}</p:spPr>{text}</p:sp>"


def connector(
    id: int,
    name: str,
    start: tuple[float, float],
    end: tuple[float, float],
    line: str,
    glue: tuple[tuple[int, int] | None, tuple[int, int] | None] = (None, None),
) -> str:
    """A straight line that follows the shapes it is glued to: each by its id and the number of its connection site."""
    (x0, y0), (x1, y1) = start, end
    ties = "".join(
        f'<a:{tag} id="{to[0]}" idx="{to[1]}"/>'
        for tag, to in zip(("stCxn", "endCxn"), glue, strict=True)
        if to is not None
    )
    flips = (' flipH="1"' if x1 < x0 else "") + (' flipV="1"' if y1 < y0 else "")
    about = f"<p:nvCxnSpPr>{_about(id, name)}<p:cNvCxnSpPr>{ties}</p:cNvCxnSpPr><p:nvPr/></p:nvCxnSpPr>"
    at = _transform(Rect(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), flips=flips)
    return f"<p:cxnSp>{about}<p:spPr>{at}{preset('straightConnector1')}{line}</p:spPr></p:cxnSp>"


def group(id: int, name: str, r: Rect, children: Iterable[str], description: str = "") -> str:
    """Shapes that are moved as one."""
    about = f"<p:nvGrpSpPr>{_about(id, name, description)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
    inside = f'<a:chOff x="{emu(r.left)}" y="{emu(r.top)}"/><a:chExt cx="{max(emu(r.width), 0)}" cy="{max(emu(r.height), 0)}"/>'
    return f"<p:grpSp>{about}<p:grpSpPr>{_transform(r, inside)}</p:grpSpPr>{''.join(children)}</p:grpSp>"
