"""Text and formulas for a plain pdflatex: text with every special escaped, formulas read and written again.

A formula is taken apart into what we write ourselves, known commands with their arguments, and put together anew:
what is anything else does not pass, and what passes compiles with amsmath.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..explain import UnsafeFormula
from .typeset import legal

_LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
_NAMES = """alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon varphi chi psi
omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega"""
_GREEK = {letter: f"\\{name}" for letter, name in zip(_LETTERS, _NAMES.split(), strict=True)}
_SIGNS = {
    "−": "-", "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "⊙": r"\odot", "÷": r"\div", "±": r"\pm", "∂": r"\partial",
    "∇": r"\nabla", "→": r"\rightarrow", "←": r"\leftarrow", "≤": r"\leq", "≥": r"\geq", "≠": r"\neq", "≈": r"\approx",
    "∈": r"\in", "∞": r"\infty", "∑": r"\sum", "∏": r"\prod", "√": r"\surd", "⊤": r"\top", "ℒ": r"\mathcal{L}", "ℓ": r"\ell",
    "ε": r"\varepsilon", "‖": r"\|", "∘": r"\circ", "∗": r"\ast", "⁻": "{}^{-}", "¹": "{}^{1}", "²": "{}^{2}", "³": "{}^{3}",
}  # fmt: skip
_MATHEMATICAL = _GREEK | _SIGNS
_ESCAPED = {
    **{c: "\\" + c for c in "#$%&_{}"},
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\textless{}",
    ">": r"\textgreater{}", '"': r"\char34{}", "|": r"\textbar{}", "`": r"\textasciigrave{}", "'": "'{}", "-": "-{}",
    "…": r"\dots{}", "–": "--{}", "—": "---{}", "’": "'{}", "“": "``{}", "”": "''{}", "«": r"\ensuremath{\ll}",
    "»": r"\ensuremath{\gg}", "№": "No.{}", "\xa0": "~", "\n": " ", "\t": " ",
}  # fmt: skip


def text(characters: str) -> str:
    """The characters as LaTeX text. Those that no font of a plain LaTeX has are written as U+1F600."""
    return "".join(map(_character, legal(characters)))


def _character(c: str) -> str:
    if c in _ESCAPED:
        return _ESCAPED[c]
    if c in _MATHEMATICAL:
        return rf"\ensuremath{{{_MATHEMATICAL[c]}}}"
    return c if " " <= c <= "~" or _cyrillic(c) else f"[U+{ord(c):04X}]"


def _cyrillic(c: str) -> bool:
    return "А" <= c <= "я" or c in "Ёё"


def has_cyrillic(source: str) -> bool:
    """Whether the source needs a font with Cyrillic letters."""
    return any(map(_cyrillic, source))


@lru_cache(maxsize=4096)
def formula(source: str) -> str:
    """The formula, to stand between dollars; what is not in our own LaTeX is set as the text that it is."""
    try:
        return _Reader(source).all()
    except (UnsafeFormula, RecursionError):
        return rf"\text{{{text(source)}}}"


_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.", re.DOTALL)
_SIGNS_ALONE = r"""\cdot \cdots \dots \ldots \vdots \ddots \odot \otimes \oplus \times \div \ast \circ \pm \top \intercal \sum
\prod \partial \nabla \infty \ell \to \rightarrow \leftarrow \Rightarrow \mapsto \geq \leq \neq \ge \le \ne \approx \sim \equiv
\in \forall \max \min \log \exp \tanh \sin \cos \det \arg \quad \qquad \, \; \: \! \| \{ \} \% \& \# \_ \$ \lVert \rVert \mid
\prime \textstyle \displaystyle \langle \rangle \epsilon \phi \vartheta"""
_ALONE = frozenset(_SIGNS_ALONE.split()) | frozenset(_GREEK.values())
_OF_ONE = r"""\mathbf \mathit \mathrm \mathcal \mathsf \mathbb \boldsymbol \operatorname \tilde \widetilde \hat \widehat
\bar \dot \ddot \vec \overline \underline \sqrt \phantom"""
_OF_TWO = r"\frac \tfrac \dfrac"
_ARGUMENTS = dict.fromkeys(_OF_ONE.split(), 1) | dict.fromkeys(_OF_TWO.split(), 2)
_BESIDE = frozenset("()[]|.") | {r"\|", r"\{", r"\}", r"\langle", r"\rangle", r"\lVert", r"\rVert"}
_MATRICES = frozenset(["matrix", "pmatrix", "bmatrix", "vmatrix", "Vmatrix", "cases", "aligned"])
_PLAIN = re.compile(r"[A-Za-z0-9+\-*/=<>()\[\]|,.:;!?@]")


class _Reader:
    """Reads a formula from left to right and gives what it was made of. Raises UnsafeFormula."""

    def __init__(self, source: str) -> None:
        self._tokens = _TOKEN.findall(source)
        self._at = 0

    def all(self) -> str:
        found = self._row(())
        if self._at < len(self._tokens):
            raise self._refused()
        return found

    def _refused(self) -> UnsafeFormula:
        return UnsafeFormula(f"{self._peek()[:20]!r} has no place in a formula")

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self, wanted: str = "") -> str:
        token = self._peek()
        if not token or (wanted and token != wanted):
            raise self._refused()
        self._at += 1
        return token

    def _row(self, ends: tuple[str, ...]) -> str:
        """Atoms with their scripts, up to one of the tokens `ends`."""
        parts: list[str] = []
        self._skip()
        while (token := self._peek()) and token not in ends and token != "}":
            parts.append(self._scripts(self._atom()))
            self._skip()
        return "".join(parts)

    def _scripts(self, base: str) -> str:
        marks: set[str] = set()
        self._skip()
        while (mark := self._peek()) in ("_", "^", "'"):
            self._next()
            prime, mark = mark == "'", mark.replace("'", "^")
            if mark in marks:
                raise self._refused()
            marks.add(mark)
            base += r"^{\prime}" if prime else f"{mark}{{{self._argument()}}}"
            self._skip()
        return base

    def _skip(self) -> None:
        while self._peek().isspace():
            self._next()

    def _argument(self) -> str:
        """What a command or a script is applied to, without its braces."""
        self._skip()
        if self._peek() == "{":
            self._next()
            inside = self._row(())
            self._next("}")
            return inside
        return self._atom().rstrip()

    def _atom(self) -> str:
        token = self._next()
        if token == "{":
            self._at -= 1
            return f"{{{self._argument()}}}"
        if token in _ALONE:
            return token + (" " if token[-1].isalpha() else "")
        if token in _ARGUMENTS:
            return token + "".join(f"{{{self._argument()}}}" for _ in range(_ARGUMENTS[token]))
        if token == "\\text":
            return rf"\text{{{self._words()}}}"
        if token == "\\left":
            return self._fenced()
        if token == "\\begin":
            return self._table()
        if token in _MATHEMATICAL:
            return _MATHEMATICAL[token] + " "
        if len(token) == 1 and _cyrillic(token):
            return rf"\text{{{token}}}"
        if len(token) > 1 or not _PLAIN.fullmatch(token):
            self._at -= 1
            raise self._refused()
        return token

    def _words(self) -> str:
        self._next("{")
        found = ""
        while self._peek() not in ("}", "{", ""):
            found += self._next()
        self._next("}")
        return text(found)

    def _fenced(self) -> str:
        opening = self._fence()
        inside = self._row(("\\right",))
        self._next("\\right")
        return rf"\left{opening} {inside}\right{self._fence()} "

    def _fence(self) -> str:
        if self._peek() not in _BESIDE:
            raise self._refused()
        return self._next()

    def _table(self) -> str:
        name = self._name()
        columns = ""
        if name == "array":
            columns = f"{{{self._name('[lcr]+')}}}"
        elif name not in _MATRICES:
            raise self._refused()
        rows = ""
        while True:
            rows += self._row(("&", "\\\\", "\\end"))
            token = self._next()
            if token == "\\end":
                break
            rows += f" {token} "
        if self._name() != name:
            raise self._refused()
        return rf"\begin{{{name}}}{columns} {rows} \end{{{name}}}"

    def _name(self, form: str = "[a-zA-Z]+") -> str:
        self._next("{")
        found = ""
        while self._peek() not in ("}", ""):
            found += self._next()
        self._next("}")
        if not re.fullmatch(form, found):
            raise self._refused()
        return found
