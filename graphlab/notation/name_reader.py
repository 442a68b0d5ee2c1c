"""Reading names with their scripts, and superscripts, where they stand in a line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from ..errors import NotationError
from . import mistakes, names
from .latex import ACCENTS, COMMAND, STYLES, TILDE, TRANSPOSES
from .spans import Line

MAX_DEPTH = 64

_LETTERS = re.compile(r"[A-Za-zΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω][A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]*")
_EXPONENT = re.compile(r"[+\-−]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:/[0-9]+(?:\.[0-9]+)?)?")
_BARE_EXPONENT = re.compile(r"[A-Za-zΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+[0-9]*|[⊤ᵀ]|[+\-−]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_SUBSCRIPT = re.compile(r"[A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω]+")
_TIME = re.compile(r"(?:^|,)t(?:[+-][0-9]+)?(?:,|$)|,[0T]$|^[0-9]+,[0-9]+$")
_TIME_ABOVE = re.compile(r"t(?:[+-][0-9]+)?")
_INDEX_ABOVE = re.compile(
    r"\^\s*(?:\{\s*(?:\\left)?[\[(]\s*(?P<index>[^\[\](){}^]+?)\s*(?:\\right)?[\])]\s*\}|[\[(]\s*(?P<bare>\w+)\s*[\])]|"
    r"\{\s*(?:<|\\langle|⟨)\s*(?P<angle>[^<>{}^]+?)\s*(?:>|\\rangle|⟩)\s*\})"
)
_MARK_ABOVE = re.compile(r"\^\s*(?:\{\s*)?(\*|∗|\\ast\b|\\star\b|\\dagger\b)(?:\s*\})?")
_WORD_ABOVE = re.compile(
    r"\^\s*(?:\{?\s*\\(?:text|mathrm|textrm|textit|mathit|mathsf)\s*\{\s*(?P<styled>[A-Za-z]+)\s*\}\s*\}?|"
    r"\{\s*(?P<word>[A-Z][a-z]*|[A-Za-z]{2,})\s*\}|(?P<letter>[A-SU-Z])(?![A-Za-z]))"
)
_LETTER_ABOVE = re.compile(r"\^\s*(?:\{\s*(?P<braced>[a-zA-SU-Z])\s*\}|(?P<bare>[a-zA-SU-Z])(?![A-Za-z]))")
_SCRIPT_BETWEEN = re.compile(r"\^\s*(?:\{[^{}]*\}|\\[A-Za-z]+(?:\{[^{}]*\})?|[A-Za-z0-9⊤ᵀ−+-]+)_")
_PRIMES = re.compile(r"\^\s*(?:\{\s*(?:\\prime\s*)+\}|\\prime\b)")
RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-", strict=True))
_LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉", "0123456789", strict=True))
_ONE_LETTER = {"ϕ": "φ", "ϵ": "ε", "ϑ": "θ", "ϱ": "ρ", "ς": "σ", "µ": "μ", "ℒ": "L", "∑": "Σ"}


class NameReader:
    """Reads names, subscripts and superscripts of one line. A method takes the place where to begin, and returns last
    the place where it ended. Raises NotationError.

    `functions` maps canonical names to ops.
    """

    def __init__(self, line: Line, functions: Mapping[str, Any]) -> None:
        self.line, self.s, self.functions = line, line.source, functions
        self.styles = 0  # how deep \\mathbf{\\tilde{…}} is nested in the current name
        self.latex = False
        self.inside = ""  # what stands above a name within the braces of its style: \\mathbf{X^{(0)}}
        self.marks: frozenset[str] = frozenset()  # known names with something above them: F^[l]
        self.time_above = False  # whether the text writes h^{(t)}, so that h^{(0)} is its start
        self.is_left = False  # nothing above a name that is being defined is an exponent

    def _letter_at(self, i: int) -> bool:
        """Whether a name begins here: a letter, or a LaTeX command that stands for one."""
        c = self.s[i : i + 1]
        if c == "\\":
            match = COMMAND.match(self.s, i)
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

    def read_name(self, i: int) -> tuple[str, tuple[str, str, int, int] | None, int]:
        """A name with all its scripts: (canonical name, the ^T or ^2 in the middle of W^T_1 if any, where it ends)."""
        self.styles = 0
        base, marks, j = self._base(i)
        inside, self.inside = self.inside, ""
        subscripts, superscript, primes, j = self._scripts(j, base)
        superscript = superscript or inside
        base += "'" * primes
        raised: tuple[str, str, int, int] | None = None
        if self.s[j : j + 1] == "^" and _SCRIPT_BETWEEN.match(
            self.s, j
        ):  # W^T_1: the subscript belongs to the name all the same
            try:
                type_, value, end = self._read_superscript(j)
            except NotationError:  # an exponent that is an expression: it is no part of the name
                type_, value, end = "", "", j
            if end > j and self.s[end : end + 1] == "_":
                raised = (type_, value, j, end)
                more, _, _, j = self._scripts(end, base)
                subscripts += more
        subscripts = tuple(mark for mark in marks if mark != TILDE) + subscripts
        return names.spell(base, TILDE in marks, subscripts, superscript), raised, j

    def _base(self, i: int) -> tuple[str, tuple[str, ...], int]:
        """The letters of a name: (letters, marks, where they end). A mark is `TILDE` or a subscript."""
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
                out, tilde = out + plain[0], (TILDE,)
                break
            out += plain or c
            if self.s[j : j + 1] == "\u0303":
                tilde, j = (TILDE,), j + 1
                break
        if self.s[j : j + 1] == "~" and self._is_tilde(j):
            tilde, j = (TILDE,), j + 1
        return out, tilde, j

    def _is_tilde(self, j: int) -> bool:
        """`c~` and `c~_t` are a name; in `x~W` and `x~\\mathbf{W}` LaTeX means a space."""
        following = self.s[j + 1 : j + 2]
        return not (following == "\\" or following.isalnum())

    def _command_base(self, i: int) -> tuple[str, tuple[str, ...], int]:
        match = COMMAND.match(self.s, i)
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
        subscripts, superscript, primes, k = self._scripts(k, base)
        base += "'" * primes
        k = self._spaces(k)
        if self.s[k : k + 1] != "}":
            raise mistakes.not_a_name(self.line.span(i, self._group_end(j)))
        self.inside = superscript
        return base, accents + more + subscripts, k + 1

    def _spaces(self, i: int) -> int:
        while i < len(self.s) and self.s[i] == " ":
            i += 1
        return i

    def _scripts(self, j: int, base: str) -> tuple[tuple[str, ...], str, int, int]:
        """Subscripts, an index or a word above, and primes: (subscripts, superscript, primes, where they end)."""
        subscripts: list[str] = []
        superscript, primes = "", 0
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
                subscripts += text.split(",") if _TIME.search(text) else [text]  # `h_{1,t}`, `h_{1,0}`: of layer 1
                j = k
            elif c in "'’′":
                primes, j = primes + 1, j + 1
            elif match := _PRIMES.match(self.s, j):
                primes, j = primes + match[0].count("prime"), match.end()
            elif not superscript and (found := self._above(j, base)) is not None:
                text, j = found
                if _TIME_ABOVE.fullmatch(text) or (self.time_above and re.fullmatch(r"[0T]", text)):
                    subscripts.append(text)
                else:
                    superscript = text
            else:
                break
        return tuple(subscripts), superscript, primes, j

    def _above(self, j: int, base: str) -> tuple[str, int] | None:
        r"""An index or a word above a name, `W^{(1)}`, `x^{[n]}`, `W^Q`, `w^*`: (its text, where it ends)."""
        if match := _INDEX_ABOVE.match(self.s, j):
            text = self._script_text(match["index"] or match["bare"] or match["angle"])
            return (text, match.end()) if re.fullmatch(r"[\w+,*-]+", text) else None
        if match := _MARK_ABOVE.match(self.s, j):
            return "*" if match[1] != "\\dagger" else "dagger", match.end()
        if (match := _LETTER_ABOVE.match(self.s, j)) and base != "e":
            letter = match["braced"] or match["bare"]
            if self.is_left or f"{names.letter(base)}^[{letter}]" in self.marks:
                return letter, match.end()
        match = _WORD_ABOVE.match(self.s, j)
        if match and not (base == "e" or base in names.WORDS):
            word = match["styled"] or match["word"] or match["letter"]
            styled = match["styled"] is not None
            if word in ("T", "top") or (len(word) == 1 and not word.isupper()):
                return None
            if styled or base[:1].isupper() or self.s[match.end() : match.end() + 1] == "_":
                return word, match.end()
        return None

    def _subscript(self, j: int) -> tuple[str, int]:
        """The subscript whose `_` stands at j: (its text without spaces and style, where it ends)."""
        k = j + 1
        if self.s[k : k + 1] == "{":
            end = self._group_end(k)
            text = self._script_text(self.s[k + 1 : end - 1])
            text = text[1:-1] if re.fullmatch(r"\(t[-+0-9]*\)", text) else text
            letters = "A-Za-z0-9ΓΔΘΛΞΠΣΥΦΨΩα-νξπ-ω"
            if not re.fullmatch(rf"[{letters}]+(?:[-+,][{letters}]+)*'*|[{letters}]+_[{letters}]+", text):
                raise mistakes.bad_subscript(self.line.span(j, end))
            return text, end
        if match := _SUBSCRIPT.match(self.s, k):
            digits = re.match(r"[0-9]+(?=[A-Za-z])", match[0]) if self.latex else None
            return (digits[0], k + digits.end()) if digits else (match[0], match.end())
        if self.s[k : k + 1] == "\\" and (match := COMMAND.match(self.s, k)):
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
        text = re.sub(r"\\(?:rm|bf|it|sf|tt|sl)\b\s*", "", text)
        text = re.sub(r"\\(?:,|;|:|!| )|\s+|−", lambda m: "-" if m[0] == "−" else "", text)
        text = re.sub(r"\\([A-Za-z]+)", lambda m: "" if m[1] in STYLES else names.GREEK.get(m[1], m[0]), text)
        return names.subscript_letter(text.replace("\\_", "_").replace("{", "").replace("}", ""))

    def _read_superscript(self, i: int) -> tuple[str, str, int]:
        """`^2`, `^{-1}`, `²`, `^T`, `^{\\top}`: (type, value, where it ends)."""
        s = self.s
        if s[i] in RAISED:
            k = i
            while k < len(s) and s[k] in RAISED:
                k += 1
            value = "".join(RAISED[c] for c in s[i:k])
            if not re.fullmatch(r"-?[0-9]+", value):
                raise mistakes.bad_exponent(self.line.span(i, k))
            return "POWER", self._exponent(value, i, k), k
        k = self._spaces(i + 1)
        if s[k : k + 1] == "{":
            end = self._group_end(k)
            text = s[k + 1 : end - 1].strip()
        elif match := COMMAND.match(s, k):
            end = match.end()
            text = match[0]
            if match[1] in STYLES and s[end : end + 1] == "{":
                end = self._group_end(end)
                text = s[k:end]
        elif match := _BARE_EXPONENT.match(s, k):
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
