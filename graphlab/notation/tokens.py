"""From the characters of a line, plain text or LaTeX, to the words of the grammar, each with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lark import Token

from . import mistakes, names
from .latex import ACCENTS, ARGUMENT_SKIPPED, OPERATORS, SIZING, SKIPPED, SPACES, STYLES, TRANSPOSES
from .spans import Line, Span

MAX_DEPTH = 64

_LETTERS = re.compile(r"[A-Za-zΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω][A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]*")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_EXPONENT = re.compile(r"[+\-−]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:/[0-9]+(?:\.[0-9]+)?)?")
_COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)")
_SUBSCRIPT = re.compile(r"[A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+")
_TIME = re.compile(r"t(?:[+-][0-9]+)?")
_RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_CHARACTERS = {
    "=": "EQUALS", "+": "PLUS", "-": "MINUS", "−": "MINUS", "–": "MINUS", "*": "ODOT", "∗": "ODOT", "⊙": "ODOT",
    "∘": "ODOT", "·": "DOT", "⋅": "DOT", "•": "DOT", "@": "DOT", ",": "COMMA",
}  # fmt: skip
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NORMS = "‖∥"
_ONE_LETTER = {"ϕ": "φ", "ϵ": "ε", "ϑ": "θ", "ϱ": "ρ", "ς": "σ", "µ": "μ", "ℒ": "L", "∑": "Σ"}


class Word(Token):
    """A terminal of the grammar: a canonical name, a number as text, or the characters themselves, and its span."""

    span: Span

    @classmethod
    def at(cls, type: str, value: str, span: Span, position: int) -> Word:
        """The word number `position` of its equation."""
        word = cls(type, value, start_pos=position)
        word.span = span
        return word


@dataclass(slots=True)
class _Open:
    """A bracket that waits for its partner."""

    kind: str
    span: Span


class Reader:
    """Reads one line into the words of its equations; `\\\\` of LaTeX begins a new one.

    `functions` maps canonical names to ops. `timed` collects the subscripts that speak of time steps.
    Raises NotationError.
    """

    def __init__(self, line: Line, functions: Mapping[str, Any], timed: list[Span]) -> None:
        self.line, self.s, self.functions, self.timed = line, line.source, functions, timed
        self.words: list[Word] = []
        self.equations = [self.words]
        self.brackets: list[_Open] = []
        self.styles = 0
        self.gap = True  # whether white space was passed since the last word

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

    def _end(self) -> Span:
        last = self.words[-1].span.end if self.words else len(self.s)
        return self.line.span(last, last)

    def _push(self, type: str, value: str, start: int, end: int) -> int:
        self.words.append(Word.at(type, value, self.line.span(start, end), len(self.words)))
        return end

    def _next(self, i: int) -> int | None:
        """Read what stands at `i`; returns where it ends, or None at a comment."""
        s, c = self.s, self.s[i]
        if c in "#%":
            return None
        if c.isspace() or c in "&$\u200b\u2060\ufeff":
            self.gap = True
            return i + 1
        if c == "\\":
            return self._command(i)
        if (wrong := mistakes.wrong_operator(self.line, i)) is not None:
            raise wrong
        if s.startswith(".T", i) and not self.gap and not s[i + 2 : i + 3].isalnum():
            return self._push("TRANSPOSE", ".T", i, i + 2)
        if match := _NUMBER.match(s, i):
            return self._number(match)
        if self._letter_at(i):
            return self._name(i)
        if c in _CHARACTERS:
            return self._push(_CHARACTERS[c], c, i, i + 1)
        if c == "/":
            return self._slash(i)
        if c in "([{":
            return self._open(c, i, i + 1)
        if c in ")]}":
            return self._close(c, i, i + 1)
        if c == "^" or c in _RAISED or c in "ᵀ⊤":
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
        match = _COMMAND.match(s, i)
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
        if kind != "opening" and self.brackets and self.brackets[-1].kind == "‖":
            self.brackets.pop()
            return self._push("END_NORM", "‖", start, self._norm_index(end))
        if kind == "closing":
            raise mistakes.never_opened(self.line.span(start, end))
        if len(self.brackets) >= MAX_DEPTH:
            raise mistakes.too_deep(self.line.span(start, end), MAX_DEPTH)
        self.brackets.append(_Open("‖", self.line.span(start, end)))
        return self._push("NORM", "‖", start, end)

    def _norm_index(self, i: int) -> int:
        if match := re.compile(r"_(?:\{\s*)?(\\mathrm\{F\}|\\text\{F\}|\w+)(?:\s*\})?").match(self.s, i):
            if match[1] not in ("F", "2", r"\mathrm{F}", r"\text{F}"):
                raise mistakes.other_norm(self.line.span(*match.span()))
            return match.end()
        return i

    # --- LaTeX commands

    def _command(self, i: int) -> int:
        match = _COMMAND.match(self.s, i)
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
        match = _COMMAND.match(self.s, i)
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

    # --- names

    def _letter_at(self, i: int) -> bool:
        """Whether a name begins here: a letter, or a LaTeX command that stands for one."""
        c = self.s[i : i + 1]
        if c == "\\":
            match = _COMMAND.match(self.s, i)
            word = match[1] if match else ""
            return (
                word in STYLES
                or word in ACCENTS
                or word in names.GREEK
                or word in names.VARIANTS
                or word in ("arg", "ell")
                or names.letter(word) in self.functions
            )
        return bool(c) and self._plain(c) is not None

    @staticmethod
    def _plain(c: str) -> str | None:
        """A letter in its plain form: ASCII and Greek as they are, mathematical alphabets (𝐖) by their letter."""
        if _LETTERS.match(c):
            return _ONE_LETTER.get(c, c)
        if c in _ONE_LETTER:
            return _ONE_LETTER[c]
        if "\U0001d400" <= c <= "\U0001d7ff" and _LETTERS.fullmatch(plain := unicodedata.normalize("NFKC", c)):
            return plain
        decomposed = unicodedata.normalize("NFD", c)
        if len(decomposed) == 2 and decomposed[1] == "\u0303" and _LETTERS.match(decomposed[0]):
            return decomposed
        return None

    def _name(self, i: int) -> int:
        self.styles = 0  # how deep \\mathbf{\\tilde{…}} is nested in this name
        base, accents, j = self._base(i)
        subscripts, superscript, j = self._scripts(j)
        raised: tuple[str, str, int, int] | None = None
        if self.s[j : j + 1] == "^":  # W^T_1: the subscript belongs to the name all the same
            type_, value, end = self._read_superscript(j)
            if self.s[end : end + 1] == "_":
                raised = (type_, value, j, end)
                more, _, j = self._scripts(end)
                subscripts += more
        tilde = "tilde" in accents
        subscripts = tuple(a for a in accents if a != "tilde") + subscripts
        value = names.spell(base, tilde, subscripts, superscript)
        kind = "FUNCTION" if value in self.functions else "NAME"
        self._push(kind, value, i, j)
        if raised:
            self._push(raised[0], raised[1], raised[2], raised[3])
        return j

    def _base(self, i: int) -> tuple[str, tuple[str, ...], int]:
        """The letters of a name, without scripts: (letters, accents, where they end)."""
        if self.s[i] == "\\":
            return self._command_base(i)
        out, j, tilde = "", i, ()
        while j < len(self.s):
            c = self.s[j]
            plain = self._plain(c)
            if plain is None and not (out and c in "0123456789"):
                break
            j += 1
            if plain and plain[-1] == "\u0303":
                out, tilde = out + plain[0], ("tilde",)
                break
            out += plain or c
            if self.s[j : j + 1] == "\u0303":
                tilde, j = ("tilde",), j + 1
                break
        if self.s[j : j + 1] == "~" and self._is_tilde(j):
            tilde, j = ("tilde",), j + 1
        return out, tilde, j

    def _is_tilde(self, j: int) -> bool:
        """`c~` and `c~_t` are a name; in `x~W` and `x~\\mathbf{W}` LaTeX means a space."""
        following = self.s[j + 1 : j + 2]
        return not (following == "\\" or following.isalnum())

    def _command_base(self, i: int) -> tuple[str, tuple[str, ...], int]:
        match = _COMMAND.match(self.s, i)
        assert match
        word, j = match[1], match.end()
        if word in names.GREEK or word in names.VARIANTS:
            return names.GREEK.get(word) or names.VARIANTS[word], (), j
        if word == "arg":
            if found := re.compile(r"\s*(?:\\,|\\!)?\s*\\(max)").match(self.s, j):
                return "argmax", (), found.end()
            raise mistakes.unknown_command(self.line.span(i, j), self.functions)
        if word == "ell":
            return "l", (), j
        if word not in STYLES and word not in ACCENTS:
            return word, (), j  # \tanh, \log, …
        accents = (ACCENTS[word],) if word in ACCENTS else ()
        self.styles += 1
        if self.styles > MAX_DEPTH:
            raise mistakes.too_deep(self.line.span(i, match.end()), MAX_DEPTH)
        j = self._spaces(j)
        if self.s[j : j + 1] != "{":
            if not self._letter_at(j):
                raise mistakes.missing_group(self.line.span(i, match.end()))
            if self.s[j] == "\\":
                base, more, j = self._command_base(j)
                return base, accents + more, j
            return self._plain(self.s[j])[0], accents, j + 1  # type: ignore[index]
        return self._styled_group(i, j, accents)

    def _styled_group(self, i: int, j: int, accents: tuple[str, ...]) -> tuple[str, tuple[str, ...], int]:
        """The name inside \\mathbf{…}; subscripts inside the braces count as if they stood behind them."""
        k = self._spaces(j + 1)
        if k >= len(self.s) or self.s[k] == "}":
            raise mistakes.missing_group(self.line.span(i, min(k + 1, len(self.s))))
        if not self._letter_at(k):
            raise mistakes.not_a_name(self.line.span(i, self._group_end(j)))
        base, more, k = self._base(k)
        subscripts, superscript, k = self._scripts(k)
        k = self._spaces(k)
        if self.s[k : k + 1] != "}" or superscript:
            raise mistakes.not_a_name(self.line.span(i, self._group_end(j)))
        return names.spell(base, False, subscripts), accents + more, k + 1

    def _spaces(self, i: int) -> int:
        while i < len(self.s) and self.s[i] == " ":
            i += 1
        return i

    def _scripts(self, j: int) -> tuple[tuple[str, ...], str, int]:
        """Subscripts, and a superscript in square brackets: (subscripts, superscript, where they end)."""
        subscripts: list[str] = []
        superscript = ""
        while j < len(self.s):
            c = self.s[j]
            if c in _LOWERED:
                k = j
                while k < len(self.s) and self.s[k] in _LOWERED:
                    k += 1
                subscripts.append("".join(_LOWERED[d] for d in self.s[j:k]))
                j = k
            elif c == "_" or self.s.startswith("\\_", j):
                text, k = self._subscript(j + (c == "\\"))
                if _TIME.fullmatch(text):
                    self.timed.append(self.line.span(j, k))
                subscripts.append(text)
                j = k
            elif not superscript and (match := re.compile(r"\^\s*(?:\{\s*\[(\w+)\]\s*\}|\[(\w+)\])").match(self.s, j)):
                superscript, j = match[1] or match[2], match.end()
            else:
                break
        return tuple(subscripts), superscript, j

    def _subscript(self, j: int) -> tuple[str, int]:
        """The subscript whose `_` stands at j: (its text without spaces and style, where it ends)."""
        k = j + 1
        if self.s[k : k + 1] == "{":
            end = self._group_end(k)
            text = self._script_text(self.s[k + 1 : end - 1])
            if not re.fullmatch(r"[A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+(?:[-+,][A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+)*", text):
                raise mistakes.bad_subscript(self.line.span(j, end))
            return text, end
        if match := _SUBSCRIPT.match(self.s, k):
            return match[0], match.end()
        if self.s[k : k + 1] == "\\" and (match := _COMMAND.match(self.s, k)):
            end = match.end()
            if self.s[end : end + 1] == "{":
                end = self._group_end(end)
            text = self._script_text(self.s[k:end])
            if text.isalnum():
                return text, end
        raise mistakes.bad_subscript(self.line.span(j, min(k + 1, len(self.s))))

    def _group_end(self, j: int) -> int:
        """Where the group that opens at j ends, its brace included."""
        depth = 0
        for k in range(j, len(self.s)):
            depth += {"{": 1, "}": -1}.get(self.s[k], 0)
            if not depth:
                return k + 1
        raise mistakes.never_closed(self.line.span(j, j + 1), "}", self.line.span(len(self.s), len(self.s)))

    @staticmethod
    def _script_text(text: str) -> str:
        """The letters of a script: spaces and style commands dropped, Greek by its letter."""
        text = re.sub(r"\\(?:,|;|:|!| )|\s+|−", lambda m: "-" if m[0] == "−" else "", text)
        text = re.sub(r"\\([A-Za-z]+)", lambda m: "" if m[1] in STYLES else names.GREEK.get(m[1], m[0]), text)
        return names.letter(text.replace("\\_", "_").replace("{", "").replace("}", ""))

    # --- superscripts

    def _superscript(self, i: int) -> int:
        if self.s[i] in "ᵀ⊤":
            return self._push("TRANSPOSE", "^T", i, i + 1)
        type_, value, end = self._read_superscript(i)
        if self.words and self.words[-1].type == "END_NORM":  # ‖W‖^2_F
            end = self._norm_index(end)
        return self._push(type_, value, i, end)

    def _read_superscript(self, i: int) -> tuple[str, str, int]:
        """`^2`, `^{-1}`, `²`, `^T`, `^{\\top}`: (type, value, where it ends)."""
        s = self.s
        if s[i] in _RAISED:
            k = i
            while k < len(s) and s[k] in _RAISED:
                k += 1
            value = "".join(_RAISED[c] for c in s[i:k])
            if not re.fullmatch(r"-?[0-9]+", value):
                raise mistakes.bad_exponent(self.line.span(i, k))
            return "POWER", self._exponent(value, i, k), k
        k = self._spaces(i + 1)
        if s[k : k + 1] == "{":
            end = self._group_end(k)
            text = s[k + 1 : end - 1].strip()
        elif match := _COMMAND.match(s, k):
            end = match.end()
            text = match[0]
            if match[1] in STYLES and s[end : end + 1] == "{":
                end = self._group_end(end)
                text = s[k:end]
        elif match := re.compile(r"[A-Za-zΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+[0-9]*|[⊤ᵀ]").match(s, k):
            end, text = match.end(), match[0]
        elif match := re.compile(r"[+\-−]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)").match(s, k):
            end, text = match.end(), match[0]
        else:
            raise mistakes.bad_exponent(self.line.span(i, min(k + 1, len(s))))
        if text in TRANSPOSES or self._script_text(text) == "T":
            return "TRANSPOSE", "^T", end
        if not _EXPONENT.fullmatch(text):
            raise mistakes.bad_exponent(self.line.span(i, end))
        return "POWER", self._exponent(text, i, end), end

    def _exponent(self, text: str, start: int, end: int) -> str:
        numerator, _, denominator = text.replace("−", "-").partition("/")
        below = float(denominator or 1)
        if not below:
            raise mistakes.bad_exponent(self.line.span(start, end))
        value = float(numerator) / below
        if abs(value) > 1000:
            raise mistakes.number_too_large(self.line.span(start, end))
        return repr(int(value) if value == int(value) else value)
