"""Which names a text knows before it is read: the functions it defines, its left sides, and what is declared beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .latex import COMMAND

# What may stand in front of the left side of an equation.
_LEAD = re.compile(
    r"(?:[&\s$]|\\q?quad\b|\\[,;:! ]|\\\[|\\begin\{[a-z*]+\}(?:\{[lcr|\s]*\}|\[\w\])?|\\left\\\{|\\displaystyle|\{(?=\\))*"
)
_PARAMETERS = re.compile(
    r"\s*(?:\\left|\\bigl?|\\Bigl?)?\s*(?P<open>[(\[])(?P<inside>[^=()\[\]]*(?:\([^=()]*\)[^=()\[\]]*)*)"
    r"(?:\\right|\\bigr?|\\Bigr?)?\s*[)\]]\s*(?:_(?:\{\s*(?P<index>[i-n]{1,3})\s*\}|(?P<letter>[i-n])))?\s*&?\s*(?:=|:=|\\coloneqq|\\triangleq|\\equiv\b|≡|≜|:&?=|\\stackrel\{[^{}]*\}\{=\}|\\doteq)"
)


@dataclass
class Scope:
    """What a text knows.

    functions    canonical name -> the op that is called by it
    definitions  functions that the text defines, canonical name -> the names of their parameters
    known        names that are defined on some left side, or declared beside the text
    marks        those of them that have something above them, F^[l]
    parameters   of the functions that the text defines
    time_above   whether the text writes h^{(t)}
    latex        whether some line of the text is written in LaTeX
    """

    functions: Mapping[str, Any]
    definitions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    marks: frozenset[str] = frozenset()
    parameters: set[str] = field(default_factory=set)
    time_above: bool = False
    latex: bool = False

    def calls(self, name: str) -> bool:
        """Whether the name, with a bracket behind it, is the call of a function."""
        return name in self.definitions or name in self.functions

    def spelled(self, name: str) -> str:
        """The function that differs from a name in capital letters only; the name itself where there is none."""
        if len(name) < 3 or name in self.known:
            return name
        return _by_lower(tuple(self.functions)).get(name.replace("_", "").lower(), name)

    def pieces(self, word: str) -> list[str] | None:
        """The word as known names one behind the other, the longest first; None where it is not made of them."""
        return _pieces(word, frozenset(self.known | self.parameters)) if len(word) <= 24 else None


@lru_cache(maxsize=8)
def _by_lower(functions: tuple[str, ...]) -> dict[str, str]:
    return {name.replace("_", "").lower(): name for name in reversed(functions)}


@lru_cache(maxsize=4096)
def _pieces(word: str, known: frozenset[str]) -> list[str] | None:
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before = best[start]
            if (
                before is not None
                and word[start:end] in known
                and ((now := best[end]) is None or len(before) + 1 < len(now))
            ):
                best[end] = [*before, word[start:end]]
    found = best[-1]
    return found if found and len(found) > 1 else None


def lead(source: str, start: int) -> int:
    """Where the left side of an equation begins that starts at `start`."""
    match = _LEAD.match(source, start)
    return match.end() if match else start


def parameters(source: str, end: int) -> tuple[list[tuple[int, int]], int, str] | None:
    """The parameters in `f(x, y) =` whose name ends at `end`; None where no such list follows.

    (their places, where the list ends, the letters of an index behind it as in `softmax(z)_i =`).
    """
    match = _PARAMETERS.match(source, end)
    if not match or not match["inside"].strip():
        return None
    places, at, depth = [], match.start("inside"), 0
    for k in range(match.start("inside"), match.end("inside") + 1):
        c = source[k] if k < match.end("inside") else ","
        depth += (c in "{(") - (c in "})")
        bar = c == "|" or source.startswith("\\mid", k)
        if (c in ",;" or bar) and depth == 0 and (bar or source[k - 1] != "\\"):
            places.append((at, k))
            at = k + (4 if source.startswith("\\mid", k) else 1)
    close = re.compile(r"(?:\\right|\\bigr?|\\Bigr?)?\s*[)\]]").match(source, match.end("inside"))
    index = match["index"] or match["letter"] or ""
    stop = close.end() if close else match.end("inside")
    if index:
        stop = match.end("index") + 1 if match["index"] else match.end("letter")
    return places, stop, index


def is_latex(source: str) -> bool:
    """Whether a line is written in LaTeX: then letters that touch are factors, unless the whole word is a known name."""
    return any(m[1].isalpha() or m[1] == "|" for m in COMMAND.finditer(source)) or "^{" in source or "_{" in source


__all__ = ["Scope", "is_latex", "lead", "parameters"]
