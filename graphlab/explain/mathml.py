"""LaTeX to MathML that a browser draws by itself: converted, mended for MathML Core, and checked against a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

NAMESPACE = "http://www.w3.org/1998/Math/MathML"

# What our own LaTeX turns into. Nothing here can load, link or run anything.
TAGS = frozenset(
    {"math", "mrow", "mstyle", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot"}
    | {"msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd"}
)
ATTRIBUTES = {
    "display": re.compile(r"block|inline"),
    "displaystyle": re.compile(r"true|false"),
    "scriptlevel": re.compile(r"[+-]?\d"),
    "stretchy": re.compile(r"true|false"),
    "fence": re.compile(r"true|false"),
    "separator": re.compile(r"true|false"),
    "form": re.compile(r"prefix|infix|postfix"),
    "lspace": re.compile(r"-?[\d.]+em"),
    "rspace": re.compile(r"-?[\d.]+em"),
    "width": re.compile(r"-?[\d.]+em"),
    "linethickness": re.compile(r"[\d.]+(em|px)?"),
    "movablelimits": re.compile(r"true|false"),
    "accent": re.compile(r"true|false"),
    "accentunder": re.compile(r"true|false"),
    "minsize": re.compile(r"[\d.]+em"),
    "maxsize": re.compile(r"[\d.]+em"),
    "columnalign": re.compile(r"left|center|right"),  # of no meaning to MathML Core: the page's CSS heeds it
}

_SPACES = {"negativethinmathspace": "-0.167em", "thinmathspace": "0.167em", "mediummathspace": "0.222em"}
_THIN = "0.167em"

# MathML Core knows no bold attribute: bold letters are characters of their own.
_BOLD = {
    **{ord("A") + i: 0x1D400 + i for i in range(26)},
    **{ord("a") + i: 0x1D41A + i for i in range(26)},
    **{ord("0") + i: 0x1D7CE + i for i in range(10)},
    **{ord("Α") + i: 0x1D6A8 + i for i in range(25)},
    **{ord("α") + i: 0x1D6C2 + i for i in range(25)},
}


class UnsafeFormula(ValueError):
    """The LaTeX gives something that is not plain MathML."""


def _word(element: ElementTree.Element) -> bool:
    """Whether this is the name of a function, such as log: several letters set upright."""
    if element.tag in ("msub", "msup", "msubsup") and len(element):
        element = element[0]
    return element.tag in ("mi", "mo") and len(element.text or "") > 1 and (element.text or "").isalpha()


def _opens(element: ElementTree.Element) -> bool:
    """Whether the element starts with an opening bracket."""
    while len(element) and element.tag in ("mrow", "msub", "msup", "msubsup", "mstyle"):
        element = element[0]
    if element.tag == "mi" and "\ue000" <= (element.text or "") <= "\uf8ff":
        return True  # the mark of a grid, which brings its parentheses
    return element.tag == "mo" and element.text in ("(", "[", "‖", "|")


def _space_words(row: ElementTree.Element) -> None:
    """Thin spaces around the names of functions, which MathML sets without any: y log x."""
    children = list(row)
    spaced: list[ElementTree.Element] = []
    for i, child in enumerate(children):
        if _word(child):
            if i and children[i - 1].tag not in ("mo", "mspace"):
                spaced.append(ElementTree.Element("mspace", width=_THIN))
            spaced.append(child)
            following = children[i + 1] if i + 1 < len(children) else child
            if following.tag not in ("mo", "mspace") and not _opens(following) and not _word(following):
                spaced.append(ElementTree.Element("mspace", width=_THIN))
        else:
            spaced.append(child)
    row[:] = spaced


def _mend(element: ElementTree.Element) -> None:
    """Where latex2mathml speaks MathML 3 and browsers speak MathML Core, in place."""
    element.tag = element.tag.rpartition("}")[2]
    for child in element:
        _mend(child)
    variant = element.attrib.pop("mathvariant", "")
    if variant.startswith("bold") and element.text:
        element.text = element.text.translate(_BOLD)
    if "width" in element.attrib:
        element.set("width", _SPACES.get(element.attrib["width"], element.attrib["width"]))
    if element.tag in ("mrow", "math", "mtd", "mstyle", "msqrt"):
        _space_words(element)
        _sign(element)
    for child in element:
        if child.tag == "mo" and child.text == "∇":
            child.attrib |= {"lspace": "0em", "rspace": "0em"}
        if child.tag == "mo" and _word(child):
            child.tag = "mi"


def _sign(row: ElementTree.Element) -> None:
    """A minus that stands before a number is a sign, not an operator with space on both sides; ∇ keeps close as well."""
    before = None
    for child in row:
        leads = before is None or before.tag == "mspace" or (before.tag == "mo" and before.text not in (")", "]", "‖"))
        if leads and child.tag == "mo" and child.text in ("−", "+"):
            child.attrib |= {"form": "prefix", "lspace": "0em", "rspace": "0em"}
        before = child


def _check(element: ElementTree.Element) -> None:
    if element.tag not in TAGS:
        raise UnsafeFormula(f"<{element.tag}> is not allowed in a formula")
    for name, value in element.attrib.items():
        if name not in ATTRIBUTES or not ATTRIBUTES[name].fullmatch(value):
            raise UnsafeFormula(f"{name}={value!r} is not allowed in a formula")
    for child in element:
        _check(child)


# A walk has thousands of formulas but few kinds of them. What differs, the numbers and the grids of numbers, is taken out;
# the rest is converted once, and each formula is that with its numbers put in.
_GRID = re.compile(r"\{\\begin\{pmatrix\} (.*?) \\end\{pmatrix\}\}")
_NUMBER = re.compile(r"(?<![\d_^.])\d+(?:\.\d+)?")  # after a bare _ or ^ a digit is not taken for a whole number
_GRID_MARK = 0xE000  # private characters stand for the grids
_NUMBER_MARK = 90001  # and these numbers for the numbers
_MARKED = re.compile(r"<mn>(9\d{4})</mn>|<mi>([\ue000-\uf8ff])</mi>")
_MOST = 999


@dataclass(frozen=True)
class _Kind:
    """Formulas that differ in their numbers alone: the tree of the marks, and its markup split where they stand."""

    root: ElementTree.Element
    between: tuple[str, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True)
class _Formula:
    """A formula as its kind and what stands for the marks: numbers as text, grids as rows of LaTeX cells."""

    kind: _Kind
    numbers: Mapping[str, str]
    grids: Mapping[str, list[list[str]]]


@lru_cache(maxsize=4096)
def _converted(latex: str) -> ElementTree.Element:
    try:
        root = ElementTree.fromstring(convert(latex, display="block"))
    except ElementTree.ParseError as e:
        raise UnsafeFormula(f"not well-formed: {e}") from None
    except Exception as e:  # latex2mathml has errors of several kinds for LaTeX that it can not read
        raise UnsafeFormula(f"{type(e).__name__}: {e}") from None
    _mend(root)
    _check(root)
    return root


@lru_cache(maxsize=4096)
def _kind(latex: str) -> _Kind:
    root = _converted(latex)
    split = _MARKED.split("".join(map(_written, root)))
    return _Kind(root, tuple(split[::3]), tuple(a or b for a, b in zip(split[1::3], split[2::3], strict=True)))


@lru_cache(maxsize=8192)
def _formula(latex: str) -> _Formula:
    """Raises UnsafeFormula."""
    grids: dict[str, list[list[str]]] = {}
    numbers: dict[str, str] = {}

    def grid(found: re.Match) -> str:
        mark = chr(_GRID_MARK + len(grids))
        grids[mark] = [[cell.strip() for cell in row.split("&")] for row in found[1].split(r"\\")]
        return mark

    def number(found: re.Match) -> str:
        mark = str(_NUMBER_MARK + len(numbers))
        numbers[mark] = found[0]
        return mark

    skeleton = _NUMBER.sub(number, _GRID.sub(grid, latex))
    if len(grids) + len(numbers) <= _MOST:
        kind = _kind(skeleton)
        if sorted(kind.marks) == sorted([*grids, *numbers]):
            return _Formula(kind, numbers, grids)
    root = _converted(latex)  # numbers in a text, or where one digit is all that is read
    return _Formula(_Kind(root, ("".join(map(_written, root)),), ()), {}, {})


def _grid_tree(rows: list[list[str]]) -> ElementTree.Element:
    row, table = ElementTree.Element("mrow"), ElementTree.Element("mtable")
    for cells in rows:
        tr = ElementTree.SubElement(table, "mtr")
        for cell in cells:
            ElementTree.SubElement(tr, "mtd").extend(tree(cell, True)[0] if cell else ())
    for child in (_mo("("), table, _mo(")")):
        row.append(child)
    return row


def _mo(text: str) -> ElementTree.Element:
    found = ElementTree.Element("mo")
    found.text = text
    return found


@lru_cache(maxsize=8192)
def tree(latex: str, display: bool) -> ElementTree.Element:
    """The MathML of `latex` as an element tree; not to be changed. Raises UnsafeFormula."""
    formula = _formula(latex)

    def filled(e: ElementTree.Element) -> ElementTree.Element:
        if e.tag == "mi" and e.text in formula.grids:
            return _grid_tree(formula.grids[e.text or ""])
        copy = ElementTree.Element(e.tag, e.attrib)
        copy.text = formula.numbers.get(e.text or "", e.text) if e.tag == "mn" else e.text
        copy.extend(map(filled, e))
        return copy

    root = filled(formula.kind.root)
    root.attrib |= {"display": "block" if display else "inline", "xmlns": NAMESPACE}
    return root


def _written(e: ElementTree.Element) -> str:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in e.attrib.items())
    return f"<{e.tag}{attributes}>{escape(e.text or '')}{''.join(map(_written, e))}</{e.tag}>"


def _markup(latex: str) -> str:
    """What stands inside the math element."""
    formula = _formula(latex)
    found = [formula.kind.between[0]]
    for mark, after in zip(formula.kind.marks, formula.kind.between[1:], strict=True):
        if mark in formula.grids:
            found.append(_grid_markup(formula.grids[mark]))
        else:
            found.append(f"<mn>{formula.numbers[mark]}</mn>")
        found.append(after)
    return "".join(found)


def _grid_markup(rows: list[list[str]]) -> str:
    def cell(latex: str) -> str:
        return _markup(latex).removeprefix("<mrow>").removesuffix("</mrow>") if latex else ""

    table = "".join(f"<mtr>{''.join(f'<mtd>{cell(c)}</mtd>' for c in row)}</mtr>" for row in rows)
    return f"<mrow><mo>(</mo><mtable>{table}</mtable><mo>)</mo></mrow>"


@lru_cache(maxsize=8192)
def mathml(latex: str, display: bool = True) -> str:
    """The formula as one `<math>` element, safe to be put into a page; "" for an empty formula.

    Every tag and attribute is on a list of harmless ones. Raises UnsafeFormula (a ValueError) for LaTeX that can not be
    read or that makes anything else.
    """
    if not latex.strip():
        return ""
    kind = "block" if display else "inline"
    return f'<math display="{kind}" xmlns="{NAMESPACE}">{_markup(latex)}</math>'


_WIDE = frozenset("=+−<>∼≈⊙·×←→÷±")  # operators with space on both sides


def _width(latex: str, scale: float) -> float:
    """The width of a formula in another one, scaled as a script is."""
    if not latex:
        return 0.0
    formula = _formula(latex)
    return _measure(formula.kind.root, scale, formula)


def _grid_width(rows: list[list[str]], scale: float) -> float:
    columns = max(map(len, rows))
    widest = [max(_width(row[i], scale) for row in rows if i < len(row)) for i in range(columns)]
    return 0.8 * scale + sum(widest) + 0.8 * columns  # the parentheses, and the padding of cells


def _measure(e: ElementTree.Element, scale: float, formula: _Formula) -> float:
    def _sum(elements: Iterable[ElementTree.Element], scale: float) -> float:
        return sum(_measure(inner, scale, formula) for inner in elements)

    text = e.text or ""
    match e.tag:
        case "mi" if text in formula.grids:
            return _grid_width(formula.grids[text], scale)
        case "mspace":
            return scale * float(e.get("width", "0em").removesuffix("em"))
        case "mn":
            return scale * sum(0.28 if c in ".,−" else 0.5 for c in formula.numbers.get(text, text))
        case "mo" if text in _WIDE and e.get("form") != "prefix":
            return scale * (1.3 if scale == 1 else 0.8)
        case "mo":
            return scale * (0.4 if text in "()[]|‖," else 0.8)
        case "mi" | "mtext":
            return scale * sum(0.8 if c.isupper() or ord(c) > 0x2000 else 0.52 for c in text)
        case "msub" | "msup" | "msubsup" | "munder" | "munderover":
            scripts = [_measure(s, scale * 0.7, formula) for s in list(e)[1:]]
            return _measure(e[0], scale, formula) + max(scripts, default=0)
        case "mover":
            return _measure(e[0], scale, formula)
        case "mfrac":
            return 0.2 + max(_measure(part, scale, formula) for part in e)
        case "msqrt":
            return 0.9 * scale + _sum(e, scale)
        case "mtable":
            rows = [[_sum(cell, scale) for cell in row] for row in e]
            columns = max(map(len, rows), default=0)
            return (
                sum(max(r[i] for r in rows if i < len(r)) for i in range(columns)) + 0.8 * columns
            )  # the padding of cells
    return _sum(e, scale)


@lru_cache(maxsize=8192)
def width(latex: str) -> float:
    """About how wide the formula is when it is set, in em; within a tenth or so. Raises UnsafeFormula."""
    return _width(latex.strip(), 1.0)


_ROWS = re.compile(r"\\begin\{pmatrix\}(.*?)\\end\{pmatrix\}")
_SCRIPT = re.compile(r"[_^]\{[^{}]*\}")


def surely_wider(latex: str, limit: float) -> bool:
    """Whether the digits alone are wider than `limit` em: a quick no, before the formula is converted and measured."""
    if r"\frac" in latex or r"\begin{array}" in latex:  # where digits stand above one another
        return False
    flat = _SCRIPT.sub("", _ROWS.sub(lambda grid: max(grid[1].split(r"\\"), key=len), latex))
    return 0.5 * sum(map(str.isdigit, flat)) + 0.8 * flat.count("&") > limit
