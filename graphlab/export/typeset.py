"""Typst source made from our own trees and strings, and its compilation: the one typesetter behind PDF and PNG.

Everything a person wrote travels as a Typst string literal, which has no markup in it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from xml.etree.ElementTree import Element

from ..errors import N_, ExportError, message

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ACCENTS = {"~": "\u0303", "^": "\u0302", "¯": "\u0304", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7"}
_PAIRS = {"(": ")", "[": "]", "{": "}", "‖": "‖", "|": "|"}
_SYMBOLS = {"·": "⋅", "-": "−", "*": "∗"}
_CLASSES = {
    **dict.fromkeys("=<>≤≥∼≈←→↔∈≠≔", "relation"),
    **dict.fromkeys("+−⋅⊙×÷±∗∘", "binary"),
    **dict.fromkeys(",;", "punctuation"),
    **dict.fromkeys("∑∏", "large"),
}


def legal(text: str) -> str:
    """The text with U+FFFD for the characters that no file format can hold."""
    return _ILLEGAL.sub("\ufffd", text)


def string(text: str) -> str:
    """A Typst string literal of the legal text."""
    text = legal(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{text}"'


def text(characters: str, **style: str) -> str:
    """A Typst expression for plain text; `style` are arguments of Typst's `text`, already written as Typst."""
    arguments = "".join(f"{k}: {v}, " for k, v in style.items())
    return f"text({arguments}{string(characters)})"


def equation(latex: str, block: bool = True) -> str:
    """A Typst expression for a formula in the LaTeX that we write ourselves. Raises UnsafeFormula (a ValueError)."""
    from ..explain.mathml import tree

    body = _row(list(tree(latex, True)))
    return f"math.equation(block: true, math.display({body}))" if block else f"math.equation(block: false, {body})"


def _row(elements: list[Element]) -> str:
    """Elements one behind the other, with brackets as tall as what is between them."""
    parts: list[str] = []
    i = 0
    while i < len(elements):
        closing = _closing(elements, i)
        if closing is None:
            parts.append(_content(elements[i]))
            i += 1
        else:
            ends = (f"symbol({string(elements[k].text or '')})" for k in (i, closing))
            parts.append(f"math.lr({next(ends)} + {_row(elements[i + 1 : closing])} + {next(ends)})")
            i = closing + 1
    return " + ".join(parts) if parts else "[]"


def _closing(elements: list[Element], start: int) -> int | None:
    """Where the bracket that opens at `start` closes; None where none opens or it stays open."""
    opening = elements[start].text if elements[start].tag == "mo" else None
    if opening not in _PAIRS:
        return None
    depth = 0
    for i in range(start + 1, len(elements)):
        if elements[i].tag != "mo":
            continue
        if elements[i].text == _PAIRS[opening]:
            if depth == 0:
                return i
            depth -= 1
        elif elements[i].text == opening:
            depth += 1
    return None


def _operator(e: Element) -> str:
    symbol = _SYMBOLS.get(e.text or "", e.text or "")
    if e.get("form") == "prefix" or e.get("lspace") == "0em":
        return f'math.class("normal", {string(symbol)})'
    return f"math.class({string(_CLASSES.get(symbol, 'normal'))}, {string(symbol)})"


def _content(e: Element) -> str:
    children = list(e)
    match e.tag:
        case "mi" if len(e.text or "") == 1:
            return f"math.italic({string(e.text or '')})"
        case "mi" | "mn" | "mtext":
            return f"text({string(e.text or '')})"
        case "mo":
            return _operator(e)
        case "mspace":
            return f"h({e.get('width', '0em')})"
        case "msub" | "msup" | "msubsup" | "munder" | "munderover":
            names = {"msub": "b", "munder": "b", "msup": "t"}.get(e.tag, "bt")
            base = _content(children[0])
            base = f"math.limits({base})" if e.tag.startswith("munder") else base
            scripts = ", ".join(f"{n}: {_content(c)}" for n, c in zip(names, children[1:], strict=True))
            return f"math.attach({base}, {scripts})"
        case "mover":
            mark = (children[1].text or "").strip()
            if mark in _ACCENTS:
                return f"math.accent({_content(children[0])}, {string(_ACCENTS[mark])})"
            return f"math.overline({_content(children[0])})"
        case "mfrac":
            return f"math.frac({_content(children[0])}, {_content(children[1])})"
        case "msqrt":
            return f"math.sqrt({_row(children)})"
        case "mroot":
            return f"math.root({_content(children[1])}, {_content(children[0])})"
        case "mtable":
            return _table(children)
    return f"({_row(children)})"


def _table(rows: list[Element]) -> str:
    left = any(cell.get("columnalign") == "left" for row in rows for cell in row)
    lines = ", ".join("(" + "".join(f"math.display({_row(list(cell))}), " for cell in row) + ")" for row in rows)
    gap = "0.55em" if left else "0.3em"
    align = "left" if left else "center"
    return f"math.mat(delim: none, align: {align}, row-gap: {gap}, column-gap: 0.8em, {lines})"


@lru_cache(maxsize=1)
def _fonts():
    """The fonts of formulas and words: those that come with the packages, whatever the machine has."""
    import typst
    import ziamath

    folder = Path(ziamath.__file__).parent / "fonts"
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(folder)])


def compile(source: str, format: Literal["pdf", "png"], dpi: float = 144.0) -> list[bytes]:
    """The pages of a Typst document as PNG files, or the one PDF.

    The same input gives the same bytes: no time of the day, no system font. Raises ExportError where Typst refuses.
    """
    import typst

    try:
        main: Any = {"main": source.encode()}
        compiler = typst.Compiler(main, font_paths=_fonts(), ignore_system_fonts=True)
        found = compiler.compile(format=format, ppi=dpi, timestamp=0, pdf_tags=False)
    except typst.TypstError as e:
        raise ExportError(message(N_("the page can not be typeset: {why}"), why=str(e)[:200])) from None
    return [page for page in (found if isinstance(found, list) else [found]) if page is not None]
