"""Labels as vector mathematics: LaTeX or plain text in, one measured path out, so that no reader needs a font."""

from __future__ import annotations

import hashlib
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import ziafont

with warnings.catch_warnings():  # it opens its font in a way that Python 3.11 and 3.12 call deprecated
    warnings.simplefilter("ignore", DeprecationWarning)
    import ziamath

from ...explain.mathml import UnsafeFormula, tree

SIZE = 20.0
"""The nominal font size of every label path; a label is scaled where it is used."""

_LONGEST = 160  # characters of LaTeX; beyond it a label is set as cut plain text
_AXIS = 0.258  # of the em: the height of the minus sign over the baseline, on which labels are centred
_DIGIT_GAP = 0.6
_lock = threading.Lock()  # ziamath and ziafont keep module-wide state


@dataclass(frozen=True)
class Label:
    """A typeset label at `SIZE`: the path `d` starts at (0, 0) on the baseline, y grows downwards.

    `left`, `right`, `top`, `bottom` are the bounds of the ink. A label with `parts` has no path of its own: it is put
    together of others, each with the x at which it stands. `source` is its LaTeX, or for plain text "text " and the text.
    """

    id: str
    d: str
    left: float
    top: float
    right: float
    bottom: float
    parts: tuple[tuple[Label, float], ...] = ()
    source: str = ""

    @property
    def width(self) -> float:
        """The width of the ink."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The height of the ink."""
        return self.bottom - self.top

    def centred(self, x: float, y: float, scale: float) -> tuple[float, float]:
        """Where the origin goes so that the label stands in the middle of (x, y).

        Labels without deep subscripts share the mathematical axis, so that names in a row stand on one line; a tall
        one is moved only as far as its ink needs.
        """
        baseline = _AXIS * SIZE
        middle = (self.top + self.bottom) / 2
        shift = min(max(-middle, baseline - 1.5), baseline + 1.5)
        return x - scale * (self.left + self.right) / 2, y + scale * shift


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text


_TOKEN = re.compile(r"[MLQCZ]|-?\d+(?:\.\d+)?(?:e-?\d+)?")


class _Pen:
    """Collects path data of absolute commands under a scale and a shift, and its bounds."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.xs: list[float] = []
        self.ys: list[float] = []

    def path(self, d: str, scale: float, dx: float, dy: float) -> None:
        is_x = True
        for token in _TOKEN.findall(d):
            if token in "MLQCZ":
                self.parts.append(token)
                is_x = True
                continue
            value = float(token) * scale + (dx if is_x else dy)
            (self.xs if is_x else self.ys).append(value)
            self.parts.append(_number(value))
            is_x = not is_x

    def rectangle(self, x: float, y: float, w: float, h: float) -> None:
        self.path(f"M {x} {y} L {x + w} {y} L {x + w} {y + h} L {x} {y + h} Z", 1, 0, 0)

    def label(self, key: str) -> Label:
        d = re.sub(r" ?([MLQCZ]) ?", r"\1", " ".join(self.parts))
        xs, ys = self.xs or [0.0, 4.0], self.ys or [0.0, -8.0]
        return Label(label_id(key), d, min(xs), min(ys), max(xs), max(ys), source=key)


def label_id(key: str) -> str:
    """The id of a label: the same for the same text in every process."""
    return "gl-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _flatten(svg: ET.Element, key: str, only: slice = slice(None), dx: float = 0.0) -> Label:
    # Only path data and rectangles are taken over: no ids, no styles, no other element of the typesetter's drawing.
    pen = _Pen()
    symbols: dict[str, tuple[list[float], str]] = {}
    for element in svg.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "symbol":
            # A bracket taller than the font has is put together of several paths.
            paths = [inner.attrib["d"] for inner in element.iter() if inner.tag.rpartition("}")[2] == "path"]
            box = [float(v) for v in element.attrib["viewBox"].split()]
            symbols[element.attrib["id"]] = (box, " ".join(paths))
    drawn = [element for element in svg if element.tag.rpartition("}")[2] in ("use", "rect", "path")]
    for element in drawn[only]:
        a = element.attrib
        tag = element.tag.rpartition("}")[2]
        if tag == "use":
            box, d = symbols[a["href"][1:]]
            scale = float(a["height"]) / box[3]
            pen.path(d, scale, float(a["x"]) + dx - scale * box[0], float(a["y"]) - scale * box[1])
        elif tag == "rect":
            pen.rectangle(*(float(a[k]) for k in ("x", "y", "width", "height")))
        elif tag == "path":
            pen.path(a["d"], 1, 0, 0)
    return pen.label(key)


_NUMBERED = re.compile(r"([^_]*_|[a-z] = )\{?(\d{1,9})\}?")


@lru_cache(maxsize=256)
def _digits(base: str) -> tuple[Label, tuple[tuple[Label, float], ...], float] | None:
    """A name, the ten digits of its number with their advances, and the x at which the number begins."""
    source = base + "{0123456789}"
    with _lock:
        try:
            svg = ziamath.Latex(source, size=SIZE, inline=True).svgxml()
            drawn = [element for element in svg if element.tag.rpartition("}")[2] in ("use", "rect", "path")][-10:]
            places = [float(element.attrib["x"]) for element in drawn]
            places.append(places[-1] + float(drawn[-1].attrib["width"]) + _DIGIT_GAP)
            name = _flatten(svg, source, slice(None, -10))
            digits = [_flatten(svg, f"{source} {i}", slice(i - 10, i - 9 or None), -places[i]) for i in range(10)]
        except Exception:  # as in `_latex`
            ziamath.zmath.loadedfonts["default"].language("math", "")
            return None
    advances = [b - a for a, b in pairwise(places)]
    if not name.d or min(advances) <= 0 or not all(digit.d for digit in digits):
        return None
    return name, tuple(zip(digits, advances, strict=True)), places[0]


@lru_cache(maxsize=4096)
def latex(source: str) -> Label:
    """The label of a LaTeX expression. What the typesetter can not read is set as plain text: it never raises.

    A name with a number below, tmp_1234, and a moment, t = 12, are put together of a name and of digits, which many
    labels have in common.
    """
    numbered = _NUMBERED.fullmatch(source)
    found = _digits(numbered[1]) if numbered and len(source) <= _LONGEST else None
    if found is None:
        return _latex(source)
    name, digits, x = found
    parts = [(name, 0.0)]
    for character in numbered[2]:
        digit, advance = digits[int(character)]
        parts.append((digit, x))
        x += advance
    return Label(
        label_id(source),
        "",
        min(p.left + x for p, x in parts),
        min(p.top for p, _ in parts),
        max(p.right + x for p, x in parts),
        max(p.bottom for p, _ in parts),
        tuple(parts),
        source,
    )


def _latex(source: str) -> Label:
    if len(source) > _LONGEST:
        return text(source[: _LONGEST // 8] + "…")
    return _typeset(source, lambda: ziamath.Latex(source, size=SIZE, inline=True))


def outline(source: str) -> Label:
    """A formula that stands by itself, of any length, as one path. As with `latex`, it never raises."""
    try:
        formula = _roomy(tree(source, True))
    except UnsafeFormula:
        return text(source)
    return _typeset(source, lambda: ziamath.Math(formula, size=SIZE))


_ROWS = frozenset({"math", "mrow", "mtd", "msqrt"})
_FENCES = frozenset("()[]{}|‖")


def _roomy(e: ET.Element) -> ET.Element:
    """A copy with the room in a matrix that this typesetter does not leave, and without rows that do nothing.

    It sets every row twice, to see how tall its brackets are, and so what is in n rows 2ⁿ times.
    """
    copy = ET.Element(e.tag, {name: value for name, value in e.items() if name != "xmlns"})
    copy.text = e.text
    for child in e:
        inner = _roomy(child)
        if child.tag == "mtable":
            lines = any(cell.get("columnalign") == "left" for cell in child.iter("mtd"))
            inner.attrib |= {"rowspacing": "0.35em"} if lines else {"columnspacing": "0.6em", "rowspacing": "0.4em"}
            beside = [] if lines else [ET.Element("mspace", width="0.12em")]
            copy.extend([*beside, inner, *beside])
        elif child.tag == "mrow" and len(inner) == 1:
            copy.append(inner[0])
        elif child.tag == "mrow" and e.tag in _ROWS and not any(i.tag == "mo" and i.text in _FENCES for i in inner):
            copy.extend(inner)
        else:
            copy.append(inner)
    if e.tag == "mtd" and [i.tag for i in copy] == ["mo", "mn"] and copy[0].get("form") == "prefix":
        number = ET.Element("mn")
        number.text = f"{copy[0].text}{copy[1].text}"
        copy[:] = [number]
    return copy


def _typeset(source: str, formula: Callable[[], ziamath.Math]) -> Label:
    with _lock:
        try:
            label = _flatten(formula().svgxml(), source)
        except Exception:  # the typesetter raises whatever its parser meets; a label must not stop a picture
            # It may have stopped half way with its font switched to plain text, and would set later labels so.
            ziamath.zmath.loadedfonts["default"].language("math", "")
            label = None
    return label if label is not None and label.d else text(source)


@lru_cache(maxsize=1)
def _font() -> ziafont.Font:
    return ziafont.Font(str(Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"))


def sans(character: str) -> str:
    """The sans-serif form of a digit or letter, from the mathematical alphabet of the label font."""
    for first, last, base in (("0", "9", 0x1D7E2), ("A", "Z", 0x1D5A0), ("a", "z", 0x1D5BA)):
        if first <= character <= last:
            return chr(base + ord(character) - ord(first))
    return character


@lru_cache(maxsize=512)
def _advance(character: str) -> float:
    with _lock:
        font = _font()
        glyph = font.glyph(sans(character))
        return glyph.advance() * SIZE / font.info.layout.unitsperem


@lru_cache(maxsize=4096)
def text(characters: str) -> Label:
    """The label of plain text, such as a number: sans-serif, with digits of one width. Left edge at x = 0."""
    pen, x = _Pen(), 0.0
    with _lock:
        font = _font()
        for character in characters[:200]:
            glyph = font.glyph(sans(character))
            path = glyph.svgpath(x0=x, y0=0, scale_factor=SIZE / glyph.DFLT_SIZE_PT)
            if path is not None:
                pen.path(path.attrib["d"], 1, 0, 0)
            x += glyph.advance() * SIZE / font.info.layout.unitsperem
    return pen.label("text " + characters)


def characters(line: str) -> Iterator[tuple[Label, float]]:
    """The label of each character of a plain text, and the x at which it starts, at `SIZE`. Spaces are left out."""
    x = 0.0
    for character in line:
        if not character.isspace():
            yield text(character), x
        x += _advance(character)


def text_width(characters: str, size: float) -> float:
    """The width of plain text at a font size, as `text` sets it."""
    return sum(_advance(c) for c in characters) * size / SIZE
