"""From the characters of a line, plain text or LaTeX, to the words of the grammar, each with its place."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from ..errors import NotationError
from . import big_operators, mistakes, names
from .big_operators import read_reach
from .latex import (
    ARGUMENT_SKIPPED,
    COMMAND,
    COMPARISONS,
    EQUALITIES,
    MATRICES,
    OPERATORS,
    SIZING,
    SKIPPED,
    SPACES,
)
from .lines import Member, set_aside
from .name_reader import MAX_DEPTH, RAISED, NameReader
from .scope import Scope, is_latex, parameters
from .spans import Line, Span
from .word import Word

# Nearly all names are as simple as this; what follows must not belong to the name.
_SIMPLE = re.compile(r"[A-Za-zα-νξπρσ-ω][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?=[ ()+,=*/@\-\]]|$)")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INDEX = re.compile(r"(?P<base>\w+)_t(?P<offset>-[0-9])(?![0-9.])")
_WHOLE = re.compile(
    r"\\(?P<style>mathbf|boldsymbol|bm|vec|mathrm|mathbb|mathds|pmb)\s*(?:\{\s*(?P<number>[01])\s*\}|(?P<bare>[01]))"
)
_INDICATOR = re.compile(
    r"\\(?:mathbf|mathbb|mathds|mathrm|boldsymbol|bm)\s*\{?\s*(?:1|I)\s*\}?\s*(?:\\left|\\bigl?)?\s*(?=[\[(]|\\\{|_\{)"
)
_CONDITION_WORD = re.compile(
    r"\\(?:text|textrm|mathrm|textit|mbox|operatorname|rm)\s*\{\s*,?\s*((?:if|for|when|otherwise|else|если|при|иначе)[^{}]*)\}"
)
_MASK = re.compile(
    r"\\(?:mathbf|mathbb|mathds|mathrm)\s*\{?\s*[1I]\s*\}?\s*_?\s*\{?\s*\\?[\[({]\s*(?P<a>[a-z])\s*"
    r"(?:\\neq?\b|≠|\\not\s*=)\s*(?P<b>[a-z])\s*\\?[\])}]\s*\}?"
)
_BRACKET = re.compile(r"\s*(?:\\left|\\bigl?|\\Bigl?)?\s*[(\[]")
_ELEMENT = re.compile(r"\[\s*(?P<index>[i-n](?:\s*,\s*[i-n])*|t(?:\s*[-+−]\s*[0-9]+)?)\s*\]")
_LAST_DIVISOR = re.compile(
    r"/\s*(?:[0-9.]+|[A-Za-zα-ω]\w*|\\[A-Za-z]+(?:\{[^{}]*\})?)\s*(?:$|[+\-−)\],&}#$]|\\(?:right|end|\\|text|quad|qquad))"
)
_RUN = re.compile(r"[A-Za-zα-νξ-ω]+(?:_[A-Za-z0-9]+)*")
_UNITS = re.compile(r"[A-Za-zα-νξ-ω](?:_[0-9]+)?")
_DIGIT_SUBSCRIPTS = re.compile(
    r"(?:[A-Za-zα-νξ-ω](?:_[0-9]+)?)*[A-Za-zα-νξ-ω]_[0-9]+[A-Za-zα-νξ-ω](?:_[A-Za-z0-9]+|[A-Za-zα-νξ-ω]|_[0-9]+)*"
)
_FRACTION_PARTS = re.compile(r"\s*(?:\{|(?P<first>[A-Za-z0-9]|\\[A-Za-z]+))\s*")
_LENGTH = re.compile(
    r"(?:[,;]|(?<=\s)|\\q?quad)(?:\s|\\q?quad|\\[,;: ])*(?:(?:for|\\text\{\s*for\s*\}|\\forall)(?:\s|\\[,; ])*)?"
    r"[({\\\\]*(?P<range>(?P<index>[a-z])\s*(?:=|\\in|∈)\s*(?:\\?\{)?\s*1\s*,?\s*(?:2\s*,\s*)?(?:\.{2,3}|…|⋯|\\[lcd]?dots)\s*,?\s*(?P<end>[A-Za-z]|[0-9]{1,6}))(?:\\?\})?\)?"
    r"(?=\s*(?:\\\\|[#%&$.]|\\end|$))"
)
_CHARACTERS = {
    "=": "EQUALS", "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "*": "ODOT", "∗": "ODOT", "⊙": "ODOT",
    "∘": "ODOT", "⊗": "ODOT", "·": "DOT", "⋅": "DOT", "•": "DOT", "×": "DOT", "@": "DOT", ",": "COMMA",
    "≜": "EQUALS", "≔": "EQUALS", "⟨": "LANGLE", "⟩": "RANGLE", "<": "CMP", ">": "CMP", "≤": "CMP", "≥": "CMP",
    "≠": "CMP",
}  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}", "\\{": "\\}", "⟨": "⟩"}
_NORMS = "‖∥"


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner; `then` are words to add behind the closing one."""

    kind: str
    span: Span
    then: tuple[tuple[str, str], ...] = ()
    after: str = ""  # what opens when this one has closed: the second group of \\frac


class Reader(NameReader):
    """Reads one line into the words of its equations; `\\\\` of LaTeX begins a new one.

    `scope` is what the whole text knows. Raises NotationError.
    """

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
        for k, words in enumerate(self.equations):
            self.equations[k] = words = _conditions(words)
            self._settle_functions(words)
        return self.equations

    def members(self, words: list[Word], start: int) -> list[tuple[str, Member]]:
        r"""The sets that this equation's names are said to be in: `W \\in \\mathbb{R}^{n \\times d}`."""
        found = []
        left = next((w for w in words if w.type == "NAME"), None)
        has_equals = any(w.type == "EQUALS" for w in words)
        end = start
        for member in sorted(self.aside.members, key=lambda m: m.span.start):
            if member.span.start < start or (words and member.span.start < words[0].span.start):
                continue
            if has_equals and left is not None:
                found.append((str(left), member))
            else:
                found += [
                    (str(w), member) for w in words if w.type == "NAME" and end <= w.span.start < member.span.start
                ]
            end = member.span.end
        return found

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

    def _next(self, i: int) -> int | None:
        """Read what stands at `i`; returns where it ends, or None at a comment."""
        s, c = self.s, self.s[i]
        if c.isspace() or c in "$\u200b\u2060\ufeff":
            self.gap = True
            return i + 1
        if c == "&":
            self.gap = True
            return self._push("CELL", "&", i, i + 1) if self.environments else i + 1
        if (
            (c.isalpha() or c in "αβγδεζηθικλμνξπρστυφχψω")
            and i >= self.whole
            and (end := self._touching(i)) is not None
        ):
            return end
        if match := _SIMPLE.match(s, i):
            value = names.simple(match[0])
            if s[match.end() : match.end() + 1] == "-":
                self._check_index(match)
            if not (value == "e" and s[match.end() : match.end() + 1] == "^"):
                return self._word(value, i, match.end())
        if c == "\\":
            return self._command(i)
        if c in "#%":
            return None
        if c == ":" and s.startswith((":=", ":&=", ": ="), i):
            return self._push("EQUALS", "=", i, s.index("=", i) + 1)
        if c == "=" and s[i + 1 : i + 2] != "=" and not self.brackets and not self.words and self.equations[:-1]:
            self._carry_on()
        if c in big_operators.CHARACTERS:
            return self._big_operator(big_operators.CHARACTERS[c], i, i + 1)
        if (c in "<>" and s[i + 1 : i + 2] == "=") or (s.startswith(("!=", "=="), i) and "cases" in self.environments):
            return self._push("CMP", s[i : i + 2], i, i + 2)
        if c == ";" and self.brackets and self.brackets[-1].kind in "[(":
            return self._push("COMMA", ";", i, i + 1)
        if c in mistakes.SUSPICIOUS and (wrong := mistakes.wrong_operator(self.line, i)) is not None:
            raise wrong
        if c in "⟨⟩":
            return self._open("⟨", i, i + 1) if c == "⟨" else self._close("⟩", i, i + 1)
        if c in _CHARACTERS:
            if c in "+-−" and not self.words and self.equations[:-1]:
                self._carry_on()
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
        if c == "_" and self.words and self.words[-1].type in ("CLOSE", "END_NORM") and not self.gap:
            text, end = self._subscript(i)
            return self._push("INDEX", text, i, end)
        if c == "^" or c in RAISED or c in "ᵀ⊤":
            return self._superscript(i)
        if c in _NORMS or s.startswith("||", i):
            return self._norm(i, i + (1 if c in _NORMS else 2))
        if c == "|":
            return self._norm(i, i + 1, bars="|")
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
        if left != right and _LAST_DIVISOR.match(self.s, i):
            return self._push("OVER", "/", i, i + 1)  # nothing follows the divisor: both readings are the same
        if left != right:
            raise mistakes.lopsided_slash(self.line, i, left)
        return self._push("OVER" if left else "SLASH", "/", i, i + 1)

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
        if _CLOSING.get(opened.kind) != c:
            raise mistakes.wrong_partner(opened.span, span, _CLOSING.get(opened.kind, "‖"))
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
            r"_\s*(?:\{\s*)?(\\mathrm\s*\{?\s*F\s*\}?|\\text\s*\{\s*F\s*\}|\\rm F|\\infty|\w+|\\ell_?\w)(?:\s*\})?"
        ).match(self.s, i)
        if not match:
            return "", i
        which = "F" if "F" in match[1] else match[1].replace("\\ell", "").strip("_l")
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
        if name in ("begin", "end"):
            return self._environment(match)
        if name in ARGUMENT_SKIPPED:
            return self._after_group(end, match)
        if name in EQUALITIES or name == "stackrel":
            if not self.words and self.equations[:-1]:
                self._carry_on()
            return self._push("EQUALS", "=", i, self._relation_end(name, end))
        if name in COMPARISONS:
            return self._push("CMP", COMPARISONS[name], i, end)
        if name in big_operators.ALWAYS or (name in big_operators.WITH_INDEX and self._indexed(end)):
            op = big_operators.ALWAYS.get(name) or big_operators.WITH_INDEX[name]
            return self._big_operator(op, i, end)
        if (
            found := re.compile(
                r"\\(?:operatorname\*?|mathrm|text|mathop)\s*\{\s*(?:\\rm\s*)?(mean|max|min|sum|argmax|arg\s*max)\s*\}"
            ).match(self.s, i)
        ) and self._indexed(found.end()):
            word = found[1].replace(" ", "")
            return self._big_operator("sum" if word == "sum" else big_operators.WITH_INDEX[word], i, found.end())
        if self.environments and (found := _CONDITION_WORD.match(self.s, i)):
            type_ = "IF" if re.search(r"if|for|when|если|при", found[1]) else "OTHERWISE"
            return self._push(type_, found[0], i, found.end())
        if found := _MASK.match(self.s, i):
            return self._push("MASK", found[0], i, found.end(), (found["a"], found["b"]))
        if found := _INDICATOR.match(self.s, i):
            return self._push("INDICATOR", found[0], i, found.end())
        if name in ("langle", "rangle"):
            return self._open("⟨", i, end) if name == "langle" else self._close("⟩", i, end)
        if name in ("color", "textcolor", "underbrace", "overbrace", "boxed", "fbox", "mathop", "ensuremath", "smash"):
            return self._wrapper(name, match)
        if name == "sqrt":
            return self._root(i, end)
        if name in SIZING:
            return self._delimiter(end, i)
        if name in OPERATORS:
            return self._push(OPERATORS[name], match[0], i, end)
        if name in ("{", "lbrace"):
            return self._open("\\{", i, end)
        if name in ("}", "rbrace"):
            return self._close("\\}", i, end)
        if name in ("lbrack", "lparen"):
            return self._open("[" if name == "lbrack" else "(", i, end)
        if name in ("rbrack", "rparen"):
            return self._close("]" if name == "rbrack" else ")", i, end)
        if name in ("|", "Vert", "lVert", "rVert"):
            return self._norm(i, end, {"lVert": "opening", "rVert": "closing"}.get(name, ""))
        if name in ("vert", "lvert", "rvert", "mid"):
            return self._norm(i, end, {"lvert": "opening", "rvert": "closing"}.get(name, ""), "|")
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            self._push("FRAC", match[0], i, end)
            self._check_frac(match)
            return self._group("numerator", end)
        if found := _WHOLE.match(self.s, i):  # \\mathbf{0}: a number of any shape
            number = found["number"] or found["bare"]
            return self._push("NUMBER", number, i, found.end(), "" if found["style"] == "mathrm" else "whole")
        if self._letter_at(i):
            return self._name(i)
        raise mistakes.unknown_command(self.line.span(i, end), self.functions)

    def _indexed(self, end: int) -> bool:
        return bool(re.compile(r"\s*(?:\\limits)?\s*_").match(self.s, end))

    def _relation_end(self, name: str, end: int) -> int:
        if name != "stackrel":
            return end
        found = re.compile(r"\s*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\s*\{\s*=\s*\}").match(self.s, end)
        if not found:
            raise mistakes.unknown_command(self.line.span(end - len(name) - 1, end), self.functions)
        return found.end()

    def _carry_on(self) -> None:
        """A line of an aligned block that begins with = or + carries on the equation before it."""
        self.equations.pop()
        while len(self.equations) > 1 and not self.equations[-1]:
            self.equations.pop()
        self.words = self.equations[-1]

    def _wrapper(self, name: str, match: re.Match[str]) -> int:
        """\\color{red}, \\underbrace{…}_{text}: what is only said about how something looks, or written below it."""
        i = match.end()
        if name in ("color", "textcolor"):
            i = self._after_group(i, match)
            return i
        k = self._spaces(i)
        if self.s[k : k + 1] == "{":
            end = self._group_end(k)
            if note := re.compile(r"\s*[_^]\s*(?=\{)").match(self.s, end):
                stop = self._group_end(note.end())
                self.s = self.s[:end] + " " * (stop - end) + self.s[stop:]
        return i

    def _root(self, i: int, end: int) -> int:
        r"""`\\sqrt{x}`, `\\sqrt x` and `\\sqrt[3]{x}`, which is a power."""
        degree = re.compile(r"\s*\[\s*([0-9]+)\s*\]").match(self.s, end)
        if degree:
            k = self._spaces(degree.end())
            if self.s[k : k + 1] != "{" or not int(degree[1]):
                raise mistakes.missing_group(self.line.span(i, degree.end()))
            return self._open("{", i, k + 1, (("POWER", repr(1 / int(degree[1]))),))
        k = self._spaces(end)
        self._push("FUNCTION", "sqrt", i, end)
        if self.s[k : k + 1] and self.s[k] not in "({[" and not self.s.startswith("\\left", k):
            return self._group("", k)
        return end

    def _big_operator(self, op: str, i: int, end: int) -> int:
        """A sum, product, maximum, … with what stands below and above it."""
        s, below, above = self.s, "", ""
        while True:
            k = self._spaces(end)
            if found := re.compile(r"\\(?:no)?limits\b").match(s, k):
                end = found.end()
                continue
            sign = s[k : k + 1]
            if sign not in ("_", "^"):
                break
            k = self._spaces(k + 1)
            if s[k : k + 1] == "{":
                end = self._group_end(k)
                text = s[k + 1 : end - 1]
            elif found := COMMAND.match(s, k):
                end, text = found.end(), found[0]
            else:
                end, text = k + 1, s[k : k + 1]
            below, above = (text, above) if sign == "_" else (below, text)
        reach = read_reach(below, above)
        if reach is None:
            raise mistakes.bad_reach(self.line.span(i, end))
        return self._push("BIGOP", op, i, end, reach)

    def _environment(self, match: re.Match[str]) -> int:
        """\\begin and \\end: of cases and matrices, which are expressions; all others only align equations."""
        found = re.compile(r"\s*\{([A-Za-z]+)\*?\}").match(self.s, match.end())
        if not found:
            raise mistakes.missing_group(self.line.span(*match.span()))
        name, end, begins = found[1], found.end(), match[1] == "begin"
        cases = name in ("cases", "dcases", "rcases")
        if name == "array":
            if columns := re.compile(r"\s*\{[lcr|@{}\s]*\}").match(self.s, end):
                end = columns.end() if begins else end
            last = self.words[-1] if self.words else None
            if begins and last is not None and last.type == "OPEN" and last.span.text.startswith(("\\left", "\\{")):
                # \\left\\{ \\begin{array} … \\end{array} \\right. is what cases are, in brackets it is a matrix.
                self.words.pop()
                opened = self.brackets.pop()
                cases, name = opened.kind == "\\{", "cases" if opened.kind == "\\{" else "matrix"
            elif not begins and self.environments:
                cases, name = self.environments[-1] == "cases", "matrix"
                closing = re.compile(r"\s*\\right\s*(?:\.|\]|\))").match(self.s, end)
                end = closing.end() if closing else end
        if cases or name in MATRICES:
            type_ = ("CASES" if cases else "MATRIX") if begins else ("END_CASES" if cases else "END_MATRIX")
            if begins:
                self.environments.append("cases" if cases else "matrix")
            elif self.environments:
                self.environments.pop()
            return self._push(type_, name, match.start(), end)
        return end

    def _new_equation(self, end: int) -> int:
        if self.environments:
            skip = re.compile(r"\s*\[[^\]]*\]").match(self.s, end)
            self._push("ROW", "\\\\", end - 2, end)
            return skip.end() if skip else end
        if self.brackets and self.line.starts:  # inside brackets over several lines it only breaks the line
            self.gap = True
            return end
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
        side = "opening" if self.s.startswith(("\\left", "\\bigl", "\\Bigl"), start) else ""
        side = "closing" if self.s.startswith(("\\right", "\\bigr", "\\Bigr"), start) else side
        if match and what in ("|", "Vert", "lVert", "rVert"):
            return self._norm(start, match.end(), side)
        if what in ("|", "vert", "lvert", "rvert"):
            return self._norm(start, match.end() if match else i + 1, side, "|")
        if match and what in ("{", "lbrace"):
            return self._open("\\{", start, match.end())
        if match and what in ("}", "rbrace"):
            return self._close("\\}", start, match.end())
        if match and what in ("langle", "rangle"):
            return self._open("⟨", start, match.end()) if what == "langle" else self._close("⟩", start, match.end())
        if match and what in ("lbrack", "rbrack"):
            return self._open("[", start, match.end()) if what == "lbrack" else self._close("]", start, match.end())
        if what == "." and self.s.startswith("\\right", start):
            return i + 1  # the invisible partner of \\left\\{
        if not match and what and what in "([":
            return self._open(what, start, i + 1)
        if not match and what and what in ")]":
            return self._close(what, start, i + 1)
        if not match and what in ("‖", "∥"):
            return self._norm(start, i + 1)
        raise mistakes.sizing_without_bracket(self.line.span(start, max(i, start + 1)))

    def _check_frac(self, match: re.Match[str]) -> int:
        if not self.s[match.end() :].strip():
            raise mistakes.missing_group(self.line.span(*match.span()))
        return match.end()

    # --- names and superscripts

    def _name(self, i: int) -> int:
        value, raised, end = self.read_name(i)
        if value == "e" and self.s[end : end + 1] == "^" and "e" not in self.scope.known:
            self._push("FUNCTION", "exp", i, end)
            return self._group("", end + 1)
        if raised and raised[0] == "POWER" and value == "e" and "e" not in self.scope.known:
            pass
        end = self._word(value, i, end)
        if raised:
            self._push(*raised)
        return end

    def _word(self, value: str, i: int, end: int) -> int:
        """A name, the name of a function, or a number that a letter stands for."""
        words = self.words
        if not words and not self.brackets and (found := parameters(self.s, end)) is not None:
            spans, after, index = found
            named = [self._parameter(*span) for span in spans]
            if all(named):
                self.parameters[len(self.equations) - 1] = (tuple(named), self.line.span(i, after), index)
                return self._push("NAME", value, i, after)
        if (value == "mean" and self._indexed(end)) or (value in ("max", "min") and self._indexed(end)):
            return self._big_operator(value, i, end)
        if value in self.scope.known and value not in self.scope.definitions:
            return self._push("NAME", value, i, end)
        if log := re.fullmatch(r"log_\{?(2|10|e)\}?", value):
            return self._push("FUNCTION", {"2": "log2", "10": "log10", "e": "log"}[log[1]], i, end)
        if value in ("E", "Expectation", "Mean", "mathbb E") and re.compile(r"\s*(?:\\left|\\bigl?|\\Big)?\s*\[").match(
            self.s, end
        ):
            return self._push("FUNCTION", "mean", i, end, "expectation")
        if value in ("Var", "var") and re.compile(r"\s*(?:\\left|\\bigl?|\\Big)?\s*[\[(]").match(self.s, end):
            return self._push("FUNCTION", "var", i, end, "expectation")
        if value == "π" and "π" not in self.scope.known:
            return self._push("NUMBER", repr(math.pi), i, end, "constant")
        if not self.scope.calls(value) and _BRACKET.match(self.s, end):
            value = self.scope.spelled(value)  # Tanh(…) and Concat(…) of the documentation of libraries
        if self.scope.calls(value):
            return self._push("FUNCTION", value, i, end, "own" if value in self.scope.definitions else None)
        return self._push("NAME", value, i, end)

    def _parameter(self, start: int, end: int) -> str:
        """The name of a parameter of a function; "" for something that is no name."""
        start = re.compile(r"(?:\s|\\[ ,;:!{]|\{(?=\\\{))*").match(self.s, start).end()  # type: ignore[union-attr]
        stop = start + len(re.sub(r"(?:\s|\\[ ,;:!}]|\\(?:right|bigr?|Bigr?)\s*$)+$", "", self.s[start:end]))
        try:
            if not self._letter_at(start):
                return ""
            value, raised, at = self.read_name(start)
        except NotationError:
            return ""
        return value if at == stop and not raised else ""

    def _touching(self, i: int) -> int | None:
        """Take a run of letters apart into its factors: `xW`, `QK^T`, `w_0x_0`. None where it is one name."""
        run = _RUN.match(self.s, i)
        if not run or len(run[0]) < 2 or self.s[i - 1 : i] == "\\":
            return None
        text, known = run[0], self.scope.known
        while text and self.s.startswith("_", i + len(text)) and "_" not in text and len(text) > 1:
            break
        value = names.simple(text)
        timed = names.timed(value)
        if (
            value in known
            or text in known
            or len(value) == 1
            or self.scope.calls(value)
            or (timed and timed.base in known)
        ):
            return None
        scripts = self.s[i + len(text) : i + len(text) + 1]
        if scripts in ("_", "^", "'") and self._whole_name_known(i):
            return None
        pieces = self.scope.pieces(text)
        if pieces is None and _DIGIT_SUBSCRIPTS.fullmatch(text):
            pieces = _split_units(text)
        mixed = len(text) == 3 and not text.islower() and not text.isupper()
        if pieces is None and self.latex and "_" not in text and (len(text) == 2 or mixed):
            pieces = list(text)
        if pieces is None and self.latex and (two := re.fullmatch(r"([A-Za-zα-ω])([A-Za-zα-ω]_[A-Za-z0-9]+)", text)):
            pieces = list(two.groups())
        if pieces is None or len(pieces) < 2:
            return None
        if not self.latex:
            raise mistakes.run_together(self.line.span(i, i + len(text)), pieces)
        at = i
        for piece in pieces[:-1]:
            self._word(names.simple(piece), at, at + len(piece))
            at += len(piece)
        self.whole = at + len(pieces[-1])
        return at

    def _whole_name_known(self, i: int) -> bool:
        try:
            value, _, _ = self.read_name(i)
        except NotationError:
            return False
        timed = names.timed(value)
        return value in self.scope.known or bool(timed and timed.base in self.scope.known)

    def _settle_functions(self, words: list[Word]) -> None:
        """The name of a function is a call where a bracket follows, and takes what follows where none does."""
        for i, word in enumerate(words):
            if word.type != "FUNCTION":
                continue
            k = i + 1
            while k < len(words) and words[k].type == "POWER":
                k += 1
            following = words[k].type if k < len(words) else ""
            called = following == "OPEN" and (words[k] != "{" or str(word) in ("sqrt", "exp"))
            letter = str(word) in names.WORDS and str(word) not in self.scope.definitions
            if called and not (letter and k > i + 1):
                continue
            if str(word) in self.scope.definitions and not called:
                word.type = "NAME"
            elif letter or (len(str(word)) == 1 and not called):
                word.type = "NAME"
                if following in ("NAME", "NUMBER", "FUNCTION") and k == i + 1 and str(word) not in self.scope.known:
                    raise mistakes.function_or_factor(word.span, words[k].span)
            elif following in ("NAME", "NUMBER", "FUNCTION", "FRAC", "NORM", "BAR", "BIGOP", "OPEN", "INDICATOR"):
                word.type = "PREFIX"

    def _check_index(self, match: re.Match[str]) -> None:
        """`h_t-1` is h_t minus 1, and nearly always meant as h_{t-1}."""
        found = _INDEX.match(self.s, match.start())
        if found:
            raise mistakes.minus_in_the_index(self.line.span(*found.span()), found["base"], found["offset"])

    def _superscript(self, i: int) -> int:
        if self.s[i] in "ᵀ⊤":
            return self._push("TRANSPOSE", "^T", i, i + 1)
        if not self.words or self.words[-1].type in ("EQUALS", "PLUS", "MINUS", "OPEN"):
            type_, value, end = self._read_superscript(i)
        elif (general := self._general_exponent(i)) is not None:
            return general
        else:
            type_, value, end = self._read_superscript(i)
        if self.words and self.words[-1].type == "END_NORM":  # ‖W‖^2_F
            which, end = self._norm_index(end)
            self.words[-1].data = self.words[-1].data or which
        return self._push(type_, value, i, end)

    def _general_exponent(self, i: int) -> int | None:
        """An exponent that is an expression: `x^n`, `x^{n+1}`. None for a number or a transpose."""
        k = self._spaces(i + 1)
        if self.s[i] != "^" or k >= len(self.s):
            return None
        try:
            self._read_superscript(i)
        except NotationError:
            if re.match(r"\^\s*(?:\{\s*[-+−]?[0-9.]+\s*\}|[-+−]?[0-9])", self.s[i:]):
                raise
        else:
            return None
        if self.s[k] == "T":  # w^Tx: without braces it is only the T that stands above
            return self._push("TRANSPOSE", "^T", i, k + 1)
        if self.s[k] not in "{\\" and not self._letter_at(k):
            return None
        if re.match(r"\{?\s*t\s*(?:\}|$|[^A-Za-z])", self.s[k:]):
            raise mistakes.transpose_or_power(self.line.span(i, k + 1))
        if self.s[k] == "{" and not self.s[k + 1 : self._group_end(k) - 1].strip():
            return None
        self._push("RAISE", "^", i, i + 1)
        return self._group("", k)


def _conditions(words: list[Word]) -> list[Word]:
    """In cases a comma, `&` and "if" before a condition are one word, and "otherwise" is all of its branch's condition."""
    if not any(w.type == "CASES" for w in words):
        return words
    found: list[Word] = []
    environment, depth = "", 0
    for word in words:
        depth += (word.type in ("OPEN", "CASES", "MATRIX")) - (word.type in ("CLOSE", "END_CASES", "END_MATRIX"))
        if word.type in ("CASES", "MATRIX"):
            environment, level = word.type, depth
        elif word.type in ("END_CASES", "END_MATRIX"):
            environment = ""
        if environment == "CASES" and depth == level and word.type in ("COMMA", "CELL", "IF", "OTHERWISE"):
            if found[-1].type in ("IF", "OTHERWISE"):
                if word.type == "OTHERWISE":
                    found[-1] = word
                continue
            word.type = "OTHERWISE" if word.type == "OTHERWISE" else "IF"
        elif environment == "CASES" and word.type == "EQUALS":
            word.type = "CMP"
        elif found and found[-1].type == "IF" and word.type in ("ROW", "END_CASES"):
            found.pop()  # a comma at the end of a branch
        found.append(word)
    for position, word in enumerate(found):
        word.start_pos = position
    return found


def _split_units(text: str) -> list[str]:
    """`w_0x_0` as w_0 and x_0; what follows the last digit subscript keeps its letters together."""
    pieces = []
    while (match := re.match(r"[A-Za-zα-νξ-ω]_[0-9]+(?=[A-Za-zα-ω])|[A-Za-zα-νξ-ω](?=[A-Za-zα-ω])", text)) is not None:
        pieces.append(match[0])
        text = text[match.end() :]
    return [*pieces, text]
