"""From the characters of a line, plain text or LaTeX, to the words of the grammar, each with its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import mistakes, names
from .latex import ARGUMENT_SKIPPED, COMMAND, OPERATORS, SIZING, SKIPPED, SPACES
from .name_reader import MAX_DEPTH, RAISED, NameReader
from .spans import Line, Span
from .word import Word

# Nearly all names are as simple as this; what follows must not belong to the name.
_SIMPLE = re.compile(r"[A-Za-zα-νξπρσ-ω][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?=[ ()+,=*/@\-\]]|$)")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INDEX = re.compile(r"(?P<base>\w+)_t(?P<offset>-[0-9])(?![0-9.])")
_WHOLE = re.compile(r"\\(?:mathbf|boldsymbol|bm|vec|mathrm)\s*\{\s*(?P<number>[01])\s*\}")
_LENGTH = re.compile(
    r"(?:[,;]|(?<=\s)|\\q?quad)(?:\s|\\q?quad|\\[,;: ])*(?:(?:for|\\text\{\s*for\s*\}|\\forall)(?:\s|\\[,; ])*)?"
    r"\(?(?P<range>t\s*(?:=|\\in|∈)\s*1\s*,?\s*(?:2\s*,\s*)?(?:\.{2,3}|…|⋯|\\[lcd]?dots)\s*,?\s*(?P<end>T|[0-9]{1,6}))\)?"
    r"(?=\s*(?:\\\\|[#%&$.]|\\end|$))"
)
_CHARACTERS = {
    "=": "EQUALS", "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "*": "ODOT", "∗": "ODOT", "⊙": "ODOT",
    "∘": "ODOT", "·": "DOT", "⋅": "DOT", "•": "DOT", "@": "DOT", ",": "COMMA",
}  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NORMS = "‖∥"


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner."""

    kind: str
    span: Span


class Reader(NameReader):
    """Reads one line into the words of its equations; `\\\\` of LaTeX begins a new one.

    `functions` maps canonical names to ops. Raises NotationError.
    """

    def __init__(self, line: Line, functions: Mapping[str, Any]) -> None:
        super().__init__(line, functions)
        self.words: list[Word] = []
        self.equations = [self.words]
        self.brackets: list[_Open] = []
        self.gap = True  # whether white space was passed since the last word
        self.lengths: list[tuple[Span, str]] = []  # every `t = 1..3`, and its end
        if "1" in self.s and "t" in self.s:
            self._take_lengths()

    def read(self) -> list[list[Word]]:
        """The words of each equation of the line; comments and empty equations are left out."""
        i = 0
        while i < len(self.s):
            before = len(self.words)
            j = self._next(i)
            if j is None:
                break
            if len(self.words) > before:
                self.gap = False
            i = j
        if self.brackets:
            raise mistakes.never_closed(self.brackets[-1].span, _CLOSING.get(self.brackets[-1].kind, ""), self._end())
        return [e for e in self.equations if e]

    def _take_lengths(self) -> None:
        """`t = 1..3` behind an equation says for how many steps it holds; it is no part of the equation."""
        for match in _LENGTH.finditer(self.s):
            self.lengths.append((self.line.span(*match.span("range")), match["end"]))
            self.s = self.s[: match.start()] + " " * len(match[0]) + self.s[match.end() :]

    def _end(self) -> Span:
        last = self.words[-1].span.end if self.words else len(self.s)
        return self.line.span(last, last)

    def _push(self, type: str, value: str, start: int, end: int) -> int:
        self.words.append(Word.at(type, value, self.line.span(start, end), len(self.words)))
        return end

    def _next(self, i: int) -> int | None:
        """Read what stands at `i`; returns where it ends, or None at a comment."""
        s, c = self.s, self.s[i]
        if c.isspace() or c in "&$\u200b\u2060\ufeff":
            self.gap = True
            return i + 1
        if match := _SIMPLE.match(s, i):
            value = names.simple(match[0])
            if s[match.end() : match.end() + 1] == "-":
                self._check_index(match)
            return self._push("FUNCTION" if value in self.functions else "NAME", value, i, match.end())
        if c == "\\":
            return self._command(i)
        if c in "#%":
            return None
        if c in mistakes.SUSPICIOUS and (wrong := mistakes.wrong_operator(self.line, i)) is not None:
            raise wrong
        if c in _CHARACTERS:
            return self._push(_CHARACTERS[c], c, i, i + 1)
        if s.startswith(".T", i) and not self.gap and not s[i + 2 : i + 3].isalnum():
            return self._push("TRANSPOSE", ".T", i, i + 2)
        if match := _NUMBER.match(s, i):
            return self._number(match)
        if self._letter_at(i):
            return self._name(i)
        if c == "/":
            return self._slash(i)
        if c in "([{":
            return self._open(c, i, i + 1)
        if c in ")]}":
            return self._close(c, i, i + 1)
        if c == "^" or c in RAISED or c in "ᵀ⊤":
            return self._superscript(i)
        if c in _NORMS or s.startswith("||", i):
            return self._norm(i, i + (1 if c in _NORMS else 2))
        if c == "~":
            self.gap = True
            return i + 1
        raise mistakes.unknown_character(self.line.span(i, i + 1))

    # --- numbers, operators, brackets

    def _number(self, match: re.Match[str]) -> int:
        span = self.line.span(*match.span())
        if float(match[0]) in (float("inf"),):
            raise mistakes.number_too_large(span)
        if self.words and self.words[-1].type == "NUMBER" and not self.gap:
            raise mistakes.two_numbers(self.words[-1].span, span)
        return self._push("NUMBER", match[0], span.start, span.end)

    def _space_at(self, i: int) -> bool:
        s = self.s
        if i >= len(s) or s[i].isspace() or s[i] in "~&$":
            return True
        match = COMMAND.match(s, i)
        return bool(match) and match[1] in SPACES

    def _slash(self, i: int) -> int:
        left, right = self.gap, self._space_at(i + 1)
        if left != right:
            raise mistakes.lopsided_slash(self.line, i, left)
        return self._push("OVER" if left else "SLASH", "/", i, i + 1)

    def _open(self, kind: str, start: int, end: int) -> int:
        span = self.line.span(start, end)
        if len(self.brackets) >= MAX_DEPTH:
            raise mistakes.too_deep(span, MAX_DEPTH)
        last = self.words[-1] if self.words else None
        if last and last.type == "NAME" and kind in "([" and not self.gap and last.span.end == start:
            self._called(last)
        self.brackets.append(_Open(kind, span))
        return self._push("OPEN", kind, start, end)

    def _called(self, word: Word) -> None:
        """A name with a parenthesis right behind it reads as a function, unless LaTeX sets it as an array."""
        if not word.span.text.startswith(("\\mathbf", "\\boldsymbol", "\\bm", "{")):
            raise mistakes.unknown_function(word.span, word.value, self.functions)

    def _close(self, c: str, start: int, end: int) -> int:
        span = self.line.span(start, end)
        if not self.brackets:
            raise mistakes.never_opened(span)
        opened = self.brackets.pop()
        if _CLOSING.get(opened.kind) != c:
            raise mistakes.wrong_partner(opened.span, span, _CLOSING.get(opened.kind, "‖"))
        return self._push("CLOSE", c, start, end)

    def _norm(self, start: int, end: int, kind: str = "") -> int:
        """`‖` opens a norm, or closes the one that is open; the second takes its `_F` or `_2` with it."""
        if kind != "opening" and self.brackets and self.brackets[-1].kind == "‖" and not self._norm_inside(end, kind):
            self.brackets.pop()
            return self._push("END_NORM", "‖", start, self._norm_index(end))
        if kind == "closing":
            raise mistakes.never_opened(self.line.span(start, end))
        if len(self.brackets) >= MAX_DEPTH:
            raise mistakes.too_deep(self.line.span(start, end), MAX_DEPTH)
        self.brackets.append(_Open("‖", self.line.span(start, end)))
        return self._push("NORM", "‖", start, end)

    def _norm_inside(self, end: int, kind: str) -> bool:
        """Whether a `‖` within a norm opens another one: where an operand is due."""
        last = self.words[-1].type
        if last == "NORM":  # nothing between the two: an empty norm, or the second of ‖‖w‖^2 …
            following = self.s[end:].lstrip()[:1]
            return kind != "closing" and bool(following) and following not in "^)]}+-−*/=,_"
        return last in ("PLUS", "MINUS", "ODOT", "DOT", "OVER", "SLASH", "OPEN", "COMMA") and kind != "closing"

    def _norm_index(self, i: int) -> int:
        if match := re.compile(r"_(?:\{\s*)?(\\mathrm\{F\}|\\text\{F\}|\w+)(?:\s*\})?").match(self.s, i):
            if match[1] not in ("F", "2", r"\mathrm{F}", r"\text{F}"):
                raise mistakes.other_norm(self.line.span(*match.span()))
            return match.end()
        return i

    # --- LaTeX commands

    def _command(self, i: int) -> int:
        match = COMMAND.match(self.s, i)
        if not match:
            raise mistakes.unknown_character(self.line.span(i, i + 1))
        name, end = match[1], match.end()
        if name == "\\":
            return self._new_equation(end)
        if name in SPACES or name in SKIPPED:
            self.gap = self.gap or name in SPACES
            return end
        if name in ARGUMENT_SKIPPED:
            return self._after_group(end, match)
        if name in SIZING:
            return self._delimiter(end, i)
        if name in OPERATORS:
            return self._push(OPERATORS[name], match[0], i, end)
        if name in ("{", "lbrace"):
            raise mistakes.braces(self.line.span(i, end))
        if name in ("|", "Vert", "lVert", "rVert"):
            return self._norm(i, end, {"lVert": "opening", "rVert": "closing"}.get(name, ""))
        if name in ("frac", "dfrac", "tfrac"):
            self._push("FRAC", match[0], i, end)
            return self._check_frac(match)
        if found := _WHOLE.match(self.s, i):  # \\mathbf{0}: a number of any shape
            return self._push("NUMBER", found["number"], i, found.end())
        if self._letter_at(i):
            return self._name(i)
        raise mistakes.unknown_command(self.line.span(i, end), self.functions)

    def _new_equation(self, end: int) -> int:
        if self.brackets:
            raise mistakes.never_closed(self.brackets[-1].span, _CLOSING.get(self.brackets[-1].kind, ""), self._end())
        self.words = []
        self.equations.append(self.words)
        self.gap = True
        skip = re.compile(r"\*?\s*(?:\[[^\]]*\])?").match(self.s, end)
        return skip.end() if skip and "[" in skip[0] else end

    def _after_group(self, i: int, match: re.Match[str]) -> int:
        """The end of a `{…}` that means nothing to us, as in \\begin{aligned}."""
        found = re.compile(r"\s*\{[^{}]*\}").match(self.s, i)
        if not found:
            raise mistakes.missing_group(self.line.span(*match.span()))
        return found.end()

    def _delimiter(self, i: int, start: int) -> int:
        """What follows \\left, \\right, \\big …: the bracket, with its span from the command on."""
        i = self._spaces(i)
        match = COMMAND.match(self.s, i)
        what = match[1] if match else self.s[i : i + 1]
        if match and what in ("|", "Vert", "lVert", "rVert"):
            side = "opening" if self.s.startswith(("\\left", "\\bigl", "\\Bigl"), start) else ""
            return self._norm(start, match.end(), "closing" if self.s.startswith("\\right", start) else side)
        if not match and what and what in "([":
            return self._open(what, start, i + 1)
        if not match and what and what in ")]":
            return self._close(what, start, i + 1)
        if not match and what in ("‖", "∥"):
            return self._norm(start, i + 1)
        raise mistakes.sizing_without_bracket(self.line.span(start, max(i, start + 1)))

    def _check_frac(self, match: re.Match[str]) -> int:
        if not self.s[match.end() :].lstrip().startswith("{"):
            raise mistakes.missing_group(self.line.span(*match.span()))
        return match.end()

    # --- names and superscripts

    def _name(self, i: int) -> int:
        value, raised, end = self.read_name(i)
        self._push("FUNCTION" if value in self.functions else "NAME", value, i, end)
        if raised:
            self._push(*raised)
        return end

    def _check_index(self, match: re.Match[str]) -> None:
        """`h_t-1` is h_t minus 1, and nearly always meant as h_{t-1}."""
        found = _INDEX.match(self.s, match.start())
        if found:
            raise mistakes.minus_in_the_index(self.line.span(*found.span()), found["base"], found["offset"])

    def _superscript(self, i: int) -> int:
        if self.s[i] in "ᵀ⊤":
            return self._push("TRANSPOSE", "^T", i, i + 1)
        type_, value, end = self._read_superscript(i)
        if self.words and self.words[-1].type == "END_NORM":  # ‖W‖^2_F
            end = self._norm_index(end)
        return self._push(type_, value, i, end)
