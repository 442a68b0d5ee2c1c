"""A label's LaTeX as runs of text, for programs that set words and not formulas: italics, bold, and scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from xml.etree.ElementTree import Element

from ..explain import UnsafeFormula

BELOW, ABOVE = -25, 30  # of the type size, in percent: where scripts stand

# The bold letters of mathematics as the plain ones that they are, so that a search and another font find them.
_BOLD = {
    first + i: chr(ord(plain) + i)
    for first, plain, n in (
        (0x1D400, "A", 26),
        (0x1D41A, "a", 26),
        (0x1D7CE, "0", 10),
        (0x1D6A8, "Α", 25),
        (0x1D6C2, "α", 25),
    )
    for i in range(n)
}
_ACCENTS = {"~": "\u0303", "^": "\u0302", "¯": "\u0304", "˙": "\u0307", "¨": "\u0308", "→": "\u20d7"}
_SPACED = frozenset("=+−⋅⊙×<>≤≥")


@dataclass(frozen=True)
class Run:
    """Characters of one look; `shift` is 0 on the line, `BELOW` or `ABOVE` for a script."""

    text: str
    italic: bool = False
    bold: bool = False
    shift: int = 0


@lru_cache(maxsize=4096)
def runs(source: str) -> tuple[Run, ...]:
    """The runs of a `Label`'s source: LaTeX, or "text " and plain text. What can not be read is set as it is."""
    from ..explain.mathml import tree

    if source.startswith("text "):
        return (Run(source[5:]),)
    found: list[Run] = []
    try:
        _row(list(tree(source, False)), 0, found)
    except UnsafeFormula:
        return (Run(source),)
    return tuple(_joined(found)) or (Run(source),)


def plain(source: str) -> str:
    """The label without its looks."""
    return "".join(run.text for run in runs(source)).strip()


def _joined(found: list[Run]) -> list[Run]:
    """Neighbours of one look as one run."""
    joined: list[Run] = []
    for run in found:
        if joined and replace(joined[-1], text=run.text) == run:
            joined[-1] = replace(run, text=joined[-1].text + run.text)
        elif run.text:
            joined.append(run)
    return joined


def _row(elements: list[Element], shift: int, found: list[Run]) -> None:
    for i, e in enumerate(elements):
        if e.tag == "mo" and e.text in _SPACED and 0 < i < len(elements) - 1 and e.get("form") != "prefix":
            found.append(Run(f" {e.text} ", shift=shift))
        else:
            _element(e, shift, found)


def _letters(e: Element, shift: int) -> Run:
    text = e.text or ""
    unbold = text.translate(_BOLD)
    greek_capital = "Α" <= text <= "Ω"
    slanted = e.tag == "mi" and len(text) == 1 and unbold == text and text != "ℒ" and not greek_capital
    return Run(unbold, italic=slanted, bold=unbold != text, shift=shift)


def _element(e: Element, shift: int, found: list[Run]) -> None:
    children = list(e)
    match e.tag:
        case "mi" | "mn" | "mo" | "mtext":
            found.append(_letters(e, shift))
        case "mspace":
            found.append(Run(" ", shift=shift))
        case "msub" | "munder" | "msup" | "msubsup" | "munderover":
            _element(children[0], shift, found)
            for sign, script in zip((ABOVE,) if e.tag == "msup" else (BELOW, ABOVE), children[1:], strict=False):
                _element(script, shift or sign, found)
        case "mover":
            _element(children[0], shift, found)
            if found:
                found[-1] = replace(found[-1], text=found[-1].text + _ACCENTS.get((children[1].text or "").strip(), ""))
        case "mfrac":
            _element(children[0], shift, found)
            found.append(Run("/", shift=shift))
            _element(children[1], shift, found)
        case "msqrt":
            inner: list[Run] = []
            _row(children, shift, inner)
            found.append(Run("√", shift=shift))
            found += inner if "".join(run.text for run in inner).strip() else []
        case _:
            _row(children, shift, found)
