"""The commands of LaTeX: big operators, fractions and roots, environments, sizes of brackets."""

from __future__ import annotations

import re

from . import big_operators, mistakes
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
from .word_reader import CLOSING, WordReader

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


class CommandReader(WordReader):
    """Reads a command where it stands. Raises NotationError."""

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
            raise mistakes.never_closed(self.brackets[-1].span, CLOSING.get(self.brackets[-1].kind, ""), self._end())
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

    def _name(self, i: int) -> int:
        raise NotImplementedError  # a name where it stands: tokens.py
