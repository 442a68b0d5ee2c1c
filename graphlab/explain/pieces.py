"""Operands put into the LaTeX of an op: symbols or numbers, with parentheses where a sign or an exponent needs them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..op import Term

_FIRST = 0xE000  # private characters stand for the operands while the op writes its LaTeX around them
_MARK = re.compile("[\ue000-\uf8ff]")
_IN_BRACKETS = re.compile(r"\\left\(([\ue000-\uf8ff])\\right\)")
_GRID = r"{\begin{pmatrix}"
_OPENS = ("(", "[", "{", "=", ",", "&", r"\leftarrow")
_OPERATORS = (*_OPENS, "+", "-", r"\cdot", r"\odot")


@dataclass(frozen=True)
class Piece:
    """What goes in for one operand: its LaTeX, the shape of what it stands for, and whether it is made of digits."""

    latex: str
    shape: tuple[int, ...] = ()
    numeric: bool = False

    @property
    def digits(self) -> bool:
        """Whether this is one plain number."""
        return self.numeric and not self.shape


def _bracketed(piece: Piece, before: str, after: str) -> bool:
    if piece.latex.startswith(_GRID):
        return False  # it brings its own, whatever powers of ten are in it
    first = not before or before.endswith(_OPENS)
    if after.startswith("^"):
        return "^" in piece.latex or piece.latex.startswith(("-", r"\nabla")) or r"\cdot " in piece.latex
    if piece.latex.startswith("-"):
        return not first
    return r"\cdot " in piece.latex and not first and not before.endswith(_OPERATORS)


def fill(write: Callable[..., str], pieces: Sequence[Piece], **attributes: object) -> str:
    """`write(*terms, **attributes)`, one of an op's LaTeX functions, with the pieces in place of its terms."""
    terms = [Term(chr(_FIRST + i), piece.shape) for i, piece in enumerate(pieces)]
    skeleton = str(write(*terms, **attributes))
    # The grid of an array brings its own parentheses: σ((1 2)) is σ(1 2).
    skeleton = _IN_BRACKETS.sub(
        lambda m: m[1] if pieces[ord(m[1]) - _FIRST].latex.startswith(_GRID) else m[0], skeleton
    )
    out, done, last = "", 0, None
    for mark in _MARK.finditer(skeleton):
        between = skeleton[done : mark.start()]
        out += between
        piece = pieces[ord(mark[0]) - _FIRST]
        before, after = out.rstrip(" ").removesuffix(r"\,").rstrip(" "), skeleton[mark.end() :].lstrip(" ")
        text = piece.latex
        if _bracketed(piece, before, after):
            text = rf"\left({text}\right)"
        elif piece.digits and (
            before[-1:].isdigit() or (last and last.numeric and not between.replace(r"\,", "").strip())
        ):
            out = rf"{before} \cdot "  # two numbers side by side would read as one
        elif out[-1:].isalpha() and text[:1].isalpha():
            out += " "
        out += text
        done, last = mark.end(), piece
    return out + skeleton[done:]


def is_sum(latex: str) -> bool:
    """Whether the LaTeX is a sum or a difference at its top level, so that it needs parentheses as a factor."""
    depth = 0
    for i, c in enumerate(latex):
        depth += (c in "({[") - (c in ")}]")
        if depth == 0 and c in "+-" and (i == 0 or latex[i + 1 : i + 2] == " "):
            return True
    return False


def in_brackets(latex: str) -> str:
    """The LaTeX as a factor: in parentheses where it is a sum or has a sign."""
    return rf"\left({latex}\right)" if is_sum(latex) else latex


def alike(a: str, b: str) -> bool:
    """Whether two products read the same but for the sign between their factors."""
    plain = [re.sub(r"\\cdot|\\,|\s", "", s) for s in (a, b)]
    return plain[0] == plain[1]
