"""From the characters of a line, plain text or LaTeX, to the words of the grammar, each with its place."""

from __future__ import annotations

import math
import re

from ..errors import NotationError
from . import big_operators, mistakes, names
from .command_reader import CommandReader
from .latex import COMMAND, SPACES
from .lines import Member
from .name_reader import RAISED
from .scope import parameters
from .word import Word
from .word_reader import CLOSING

# Nearly all names are as simple as this; what follows must not belong to the name.
_SIMPLE = re.compile(r"[A-Za-zα-νξπρσ-ω][A-Za-z0-9]*(?:_[A-Za-z0-9]+)*(?=[ ()+,=*/@\-\]]|$)")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_INDEX = re.compile(r"(?P<base>\w+)_t(?P<offset>-[0-9])(?![0-9.])")
_BRACKET = re.compile(r"\s*(?:\\left|\\bigl?|\\Bigl?)?\s*[(\[]")
_LAST_DIVISOR = re.compile(
    r"/\s*(?:[0-9.]+|[A-Za-zα-ω]\w*|\\[A-Za-z]+(?:\{[^{}]*\})?)\s*(?:$|[+\-−)\],&}#$]|\\(?:right|end|\\|text|quad|qquad))"
)
_RUN = re.compile(r"[A-Za-zα-νξ-ω]+(?:_[A-Za-z0-9]+)*")
_DIGIT_SUBSCRIPTS = re.compile(
    r"(?:[A-Za-zα-νξ-ω](?:_[0-9]+)?)*[A-Za-zα-νξ-ω]_[0-9]+[A-Za-zα-νξ-ω](?:_[A-Za-z0-9]+|[A-Za-zα-νξ-ω]|_[0-9]+)*"
)
_CHARACTERS = {
    "=": "EQUALS", "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "*": "ODOT", "∗": "ODOT", "⊙": "ODOT",
    "∘": "ODOT", "⊗": "ODOT", "·": "DOT", "⋅": "DOT", "•": "DOT", "×": "DOT", "@": "DOT", ",": "COMMA",
    "≜": "EQUALS", "≔": "EQUALS", "⟨": "LANGLE", "⟩": "RANGLE", "<": "CMP", ">": "CMP", "≤": "CMP", "≥": "CMP",
    "≠": "CMP",
}  # fmt: skip
_NORMS = "‖∥"


class Reader(CommandReader):
    """Reads one line into the words of its equations; `\\\\` of LaTeX begins a new one.

    `scope` is what the whole text knows. Raises NotationError.
    """

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
            raise mistakes.never_closed(self.brackets[-1].span, CLOSING.get(self.brackets[-1].kind, ""), self._end())
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

    def _next(self, i: int) -> int | None:
        """Read what stands at `i`; returns where it ends, or None at a comment."""
        s, c = self.s, self.s[i]
        if c.isspace() or c in "$\u200b\u2060\ufeff":
            self.gap = True
            return i + 1
        if c == "&":
            self.gap = True
            return self._push("CELL", "&", i, i + 1) if self.environments else i + 1
        if c == "e" and s[i + 1 : i + 2] == "^" and "e" not in self.scope.known:
            self._push("FUNCTION", "exp", i, i + 1)
            return self._group("", i + 2)
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
        if not self.latex and not self.scope.latex:
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
    environment, depth, level = "", 0, 0
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
