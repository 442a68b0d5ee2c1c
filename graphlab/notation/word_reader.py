"""The words that are being made of a line: adding one, and brackets, bars and groups, which come in pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import mistakes, names
from .lines import set_aside
from .name_reader import MAX_DEPTH, NameReader
from .scope import Scope, is_latex
from .spans import Line, Span
from .word import Word

_ELEMENT = re.compile(r"\[\s*(?P<index>[i-n](?:\s*,\s*[i-n])*|t(?:\s*[-+−]\s*[0-9]+)?)\s*\]")
_LENGTH = re.compile(
    r"(?:[,;]|(?<=\s)|\\q?quad)(?:\s|\\q?quad|\\[,;: ])*(?:(?:for|\\text\{\s*for\s*\}|\\forall)(?:\s|\\[,; ])*)?"
    r"[({\\\\]*(?P<range>(?P<index>[a-z])\s*(?:=|\\in|∈)\s*(?:\\?\{)?\s*1\s*,?\s*(?:2\s*,\s*)?(?:\.{2,3}|…|⋯|\\[lcd]?dots)\s*,?\s*(?P<end>[A-Za-z]|[0-9]{1,6}))(?:\\?\})?\)?"
    r"(?=\s*(?:\\\\|[#%&$.]|\\end|$))"
)
CLOSING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩"}


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner; `then` are words to add behind the closing one."""

    kind: str
    span: Span
    then: tuple[tuple[str, str], ...] = ()
    after: str = ""  # what opens when this one has closed: the second group of \\frac


class WordReader(NameReader):
    """What reading a line keeps: the words of its equations, and the brackets that are open. Raises NotationError."""

    def __init__(self, line: Line, scope: Scope) -> None:
        super().__init__(line, scope.functions)
        self.scope = scope
        self.words: list[Word] = []
        self.equations = [self.words]
        self.brackets: list[_Open] = []
        self.gap = True  # whether white space was passed since the last word
        self.environments: list[str] = []  # cases and matrices that are open
        self.lengths: list[tuple[Span, str]] = []  # every `t = 1..3`, and its end
        self.ranges: list[tuple[str, Span, str]] = []  # every `i = 1, …, n`: the index, and its end
        # Of functions that an equation defines, by its number: the parameters, where the left side stands, its index.
        self.parameters: dict[int, tuple[tuple[str, ...], Span, str]] = {}
        self.latex = is_latex(self.s)
        self.marks, self.time_above = scope.marks, scope.time_above
        self.whole = 0  # a run of letters that ends here has been taken apart already
        if "1" in self.s and "=" in self.s:
            self._take_lengths()
        self.line = Line(line.number, line.source, line.starts, line.parts)
        self.s, self.aside = set_aside(Line(line.number, self.s, line.starts, line.parts))

    def _take_lengths(self) -> None:
        """`t = 1..3` behind an equation says for how many steps it holds; it is no part of the equation."""
        for match in _LENGTH.finditer(self.s):
            span = self.line.span(*match.span("range"))
            if match["index"] == "t":
                self.lengths.append((span, match["end"]))
            else:
                self.ranges.append((match["index"], span, match["end"]))
            self.s = self.s[: match.start()] + " " * len(match[0]) + self.s[match.end() :]

    def _end(self) -> Span:
        last = self.words[-1].span.end if self.words else len(self.s)
        return self.line.span(last, last)

    def _push(self, type: str, value: str, start: int, end: int, data: object = None) -> int:
        self.words.append(Word.at(type, value, self.line.span(start, end), len(self.words), data))
        return end

    # --- brackets, bars and groups

    def _open(self, kind: str, start: int, end: int, then: tuple[tuple[str, str], ...] = (), after: str = "") -> int:
        span = self.line.span(start, end)
        if len(self.brackets) >= MAX_DEPTH:
            raise mistakes.too_deep(span, MAX_DEPTH)
        last = self.words[-1] if self.words else None
        if last and last.type == "NAME" and kind in "([" and not self.gap and last.span.end == start:
            if kind == "[" and (element := _ELEMENT.match(self.s, start)):  # y[i] is y_i
                self.words.pop()
                index = re.sub(r"[\s,]", "", element["index"]).replace("−", "-")
                text = f"{last}_{index}" if index.isalpha() else f"{last}_{{{index}}}"
                return self._push("NAME", text, last.span.start, element.end())
            self._called(last)
        self.brackets.append(_Open(kind, span, then, after))
        return self._push("LANGLE" if kind == "⟨" else "OPEN", kind, start, end)

    def _called(self, word: Word) -> None:
        """A name with a bracket right behind it reads as a function, unless it is known to be a value."""
        name = str(word)
        if name in self.scope.definitions:
            word.type, word.data = "FUNCTION", "own"
            return
        timed = names.timed(name)
        if name in self.scope.known or (timed and timed.base in self.scope.known) or word.data == "constant":
            return
        raise mistakes.unknown_function(word.span, word.value, self.functions)

    def _close(self, c: str, start: int, end: int) -> int:
        span = self.line.span(start, end)
        if not self.brackets:
            raise mistakes.never_opened(span)
        opened = self.brackets.pop()
        if CLOSING.get(opened.kind) != c:
            raise mistakes.wrong_partner(opened.span, span, CLOSING.get(opened.kind, "‖"))
        self._push("RANGLE" if c == "⟩" else "CLOSE", c, start, end)
        for type_, value in opened.then:
            self._push(type_, value, start, end)
        if opened.after:
            return self._group(opened.after, end)
        return end

    def _norm(self, start: int, end: int, kind: str = "", bars: str = "‖") -> int:
        """`‖` opens a norm, or closes the one that is open; the second takes its `_F` or `_2` with it. `|` likewise."""
        open_, close = ("BAR", "END_BAR") if bars == "|" else ("NORM", "END_NORM")
        if (
            kind != "opening"
            and self.brackets
            and self.brackets[-1].kind == bars
            and not self._norm_inside(end, kind, open_)
        ):
            self.brackets.pop()
            if bars == "|":
                return self._push(close, bars, start, end)
            which, after = self._norm_index(end)
            return self._push(close, bars, start, after, which)
        if kind == "closing":
            raise mistakes.never_opened(self.line.span(start, end))
        if len(self.brackets) >= MAX_DEPTH:
            raise mistakes.too_deep(self.line.span(start, end), MAX_DEPTH)
        self.brackets.append(_Open(bars, self.line.span(start, end)))
        return self._push(open_, bars, start, end)

    def _norm_inside(self, end: int, kind: str, opened: str) -> bool:
        """Whether a `‖` within a norm opens another one: where an operand is due."""
        last = self.words[-1].type
        if last == opened:  # nothing between the two: an empty norm, or the second of ‖‖w‖^2 …
            following = self.s[end:].lstrip()[:1]
            return kind != "closing" and bool(following) and following not in "^)]}+-−*/=,_"
        return last in ("PLUS", "MINUS", "ODOT", "DOT", "OVER", "SLASH", "OPEN", "COMMA") and kind != "closing"

    def _norm_index(self, i: int) -> tuple[str, int]:
        """The `_F`, `_1`, `_2` behind a norm: (which, where it ends)."""
        match = re.compile(
            r"_\s*(?P<open>\{\s*)?(\\mathrm\s*\{\s*F\s*\}|\\mathrm\s*F|\\text\s*\{\s*F\s*\}|\\rm F|\\infty|\w+|\\ell_?\w)"
            r"(?(open)\s*\})"
        ).match(self.s, i)
        if not match:
            return "", i
        which = "F" if "F" in match[2] else match[2].replace("\\ell", "").strip("_l")
        if which not in ("F", "2", "1"):
            raise mistakes.other_norm(self.line.span(*match.span()))
        return which, match.end()

    def _group(self, then: str, i: int) -> int:
        """The group that a command takes next: braces, or a single letter, digit or command. `then` as in `_Open`."""
        i = self._spaces(i)
        if self.s[i : i + 1] == "{":
            return self._open("{", i, i + 1, (), "denominator" if then == "numerator" else "")
        if i >= len(self.s):
            raise (
                mistakes.missing_part(self.words[-1].span)
                if then == "denominator"
                else mistakes.missing_group(self.words[-1].span)
            )
        self._push("OPEN", "{", i, i)
        if self.s[i].isdigit():
            end = self._push("NUMBER", self.s[i], i, i + 1)
        elif self.s[i].isalpha():
            end = self._word(self.s[i], i, i + 1)
        elif self.s[i] == "\\" and self._letter_at(i):
            value, _, end = self.read_name(i)
            self._word(value, i, end)
        else:
            self.words.pop()
            last = self.words[-1].span
            raise mistakes.missing_part(last) if then == "denominator" else mistakes.missing_group(last)
        self._push("CLOSE", "}", end, end)
        return self._group("denominator", end) if then == "numerator" else end

    def _word(self, value: str, i: int, end: int) -> int:
        raise NotImplementedError  # a name, or what a name stands for: tokens.py
