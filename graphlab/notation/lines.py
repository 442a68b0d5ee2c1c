"""Lines of equations: physical lines that belong together are joined, and what is no mathematics is set aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .spans import Line, Span

MAX_LINES = 40  # that one equation may go over
_COMMENT = re.compile(r"(?<!\\)[#%].*")
_OPENING = re.compile(
    r"\\begin\{(?:cases|dcases|rcases|[bpvBV]?matrix|smallmatrix)\}|\\left\s*(?:\\\{|\[|\()\s*\\begin\{array\}"
)
_CLOSING = re.compile(r"\\end\{(?:cases|dcases|rcases|[bpvBV]?matrix|smallmatrix|array)\}")
_CONTINUES = re.compile(r"[&\s]*(?:=|\+|[-−](?!>)|·|⊙|\\(?:odot|cdot|times|circ)\b|\\q?quad\s*[&\s]*(?:=|\+|-))")
_UNFINISHED = re.compile(r"(?:[=+\-−*·⊙]|\\(?:odot|cdot|times|circ))[&\s]*$")

# Words in a formula, and where they stop being part of an equation.
_TEXT = r"\\(?:text|textrm|textit|textup|mbox|hbox|mathrm|textnormal|rm)\s*\{\s*"
_AND = r"(?:where|with|and|где|и|for which)"
_REMARK = r"(?:where|with|and|for|if|when|s\.t\.|subject|since|because|such|as|is|are|где|для|при|если|и|так)"
_NEXT = re.compile(
    rf"(?<![,;.\s\\])(?:[,;.\s]|\\[,;:! ]|\\q?quad\b){{0,12}}(?:{_TEXT}{_AND}\s*:?\s*\}}|(?<=[\s,]){_AND}(?=\s))(?=[^=]*=)"
)
_ASIDE = re.compile(
    rf"(?<![,;.\s\\])(?:[,;.\s]|\\[,;:! ]|\\q?quad\b){{0,12}}(?:{_TEXT}[,;(]?\s*{_REMARK}\b|(?<=[\s,])(?:where|где)(?=\s)|\\forall\b)(?P<rest>.*?)(?=\\\\|\\end\b|$)"
)
_NUMBER = re.compile(
    r"(?:\\q?quad|\\hfill|\t)(?:\s|\\q?quad){0,12}\(\s*(?P<number>[0-9]+(?:\.[0-9]+)*[a-z]?)\s*\)(?=\s*(?:\\\\|\\end\b|\$|$))"
)
_GOAL = re.compile(
    r"\\(?:to|rightarrow|longrightarrow)\s*\\?(?:min|max)(?![A-Za-z])\s*(?:\\limits)?\s*(?:_(?:\{[^{}]*\}|\w))?"
)
_MAPS = re.compile(r"^[&\s$]*(?:\\math\w+\{\w+\}|\w+)\s*\\(?:rightarrow|mapsto|to)\b(?=[^=]*\)\s*=)")
_LIST = re.compile(
    r"\\?[{\[(]\s*(?P<name>[A-Za-z]+|\\ell)_\{?1\}?\s*,\s*(?:\\[lc]?dots|\.\.\.|…)\s*,\s*(?P=name)_\{?[A-Za-z]\}?\s*\\?[}\])](?:\s*\^\s*\{?\s*(?:\\top|T)\s*\}?)?"
)
_SET = r"(?:\\mathbb\s*\{?\s*R\s*\}?|\\mathbf\{R\}|\\R\b|ℝ|\\Re\b|\\mathcal\{R\})"
_MEMBER = re.compile(
    rf"(?:[,\s]|\\[,;:! ]){{0,12}}(?:\\in\b|∈)\s*(?:{_SET}\s*(?:\^\s*(?:\{{(?P<size>[^{{}}]*)\}}|(?P<one>\w)))?|"
    r"(?P<other>\\(?:left)?\\?\{.*?\\\}|\\?\{[^{}]*\}|[\[(][^\[\]()]*[\])]|\\math(?:bb|cal)\s*\{?\w\}?(?:\^\{?\w+\}?)?))"
)
_STOP = re.compile(
    r"(?<![.\\])[.,;](?=(?:\s|\\[,;:! ]|\\q?quad\b){0,40}(?:\\\\|\$|\\end\b|\\tag|\\label|\\nonumber|\\notag|$))"
)


@dataclass(frozen=True)
class Member:
    r"""`X \in \mathbb{R}^{n \times d}`: what stands before it, and the sizes of its axes as text, () for a scalar.

    `sizes` is None for another set than the real numbers.
    """

    span: Span
    sizes: tuple[str, ...] | None


@dataclass
class Aside:
    """What a line says besides its equations."""

    remarks: list[Span] = field(default_factory=list)
    numbers: list[Span] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)


def logical_lines(text: str) -> Iterator[Line]:
    """The lines of a text; lines that an environment, a bracket or an operator carries on are one line."""
    physical = [source.rstrip("\r") for source in text.split("\n")]
    i = 0
    while i < len(physical):
        first, parts = i, [physical[i]]
        i += 1
        while i < len(physical) and _goes_on(parts, physical[i]):
            parts[-1] = _COMMENT.sub("", parts[-1])
            parts.append(physical[i])
            i += 1
        if len(parts) == 1:
            yield Line(first + 1, parts[0])
            continue
        starts, at = [], 0
        for part in parts:
            starts.append(at)
            at += len(part) + 1
        yield Line(first + 1, " ".join(parts), tuple(starts), tuple(physical[first:i]))


def _goes_on(parts: list[str], following: str) -> bool:
    """Whether the next line belongs to the one that is being put together."""
    if len(parts) >= MAX_LINES:
        return False
    last = _COMMENT.sub("", parts[-1])
    if "\\begin" in "".join(parts):
        so_far = " ".join(parts)
        if len(_OPENING.findall(so_far)) > len(_CLOSING.findall(so_far)) - _plain_arrays(so_far):
            return True
    if not last.strip() or not following.strip() or following.lstrip().startswith(("#", "%")):
        return False
    if following.lstrip().startswith("\\right"):
        return True
    if re.search(r"\\left\s*(?:\\\{|\[|\()\s*$", last):
        return True
    indented = len(following) - len(following.lstrip()) >= 4 and "\\" in last
    if indented and "=" in " ".join(parts) and "=" not in following and not re.search(r"\\\\\s*$", last):
        return True
    if _CONTINUES.match(following):
        return bool(re.search(r"[\w})\]]", re.sub(r"\\begin\{\w+\*?\}|&|\\\[|\$", "", last)))
    if "=" in following or "\\end" in following or "\\begin{a" in last:
        return False
    return bool(_UNFINISHED.search(last)) or _depth(" ".join(parts)) > 0


def _plain_arrays(s: str) -> int:
    r"""The arrays that only align equations, which have an \end too."""
    return sum(
        1 for m in re.finditer(r"\\begin\{array\}", s) if not re.search(r"\\left\s*(?:\\\{|\[|\()\s*$", s[: m.start()])
    )


def _depth(s: str) -> int:
    """How many brackets are open at the end."""
    s = re.sub(r"\\left\.|\\[{}]", "", s)
    return sum(c in "([{" for c in s) - sum(c in ")]}" for c in s)


def _blank(s: str, start: int, end: int) -> str:
    return s[:start] + " " * (end - start) + s[end:]


def set_aside(line: Line) -> tuple[str, Aside]:
    """The source with everything that is no equation blanked out, and what that was. Places stay as they are."""
    s, aside = line.source, Aside()
    if "\\" not in s and not any(c in s for c in ",;.∈") and "where" not in s and "где" not in s:
        return s, aside
    if "cases" not in s:
        while match := _NEXT.search(s):
            s = s[: match.start()] + "\\\\" + " " * (match.end() - match.start() - 2) + s[match.end() :]
        for match in reversed(list(_ASIDE.finditer(s))):
            aside.remarks.append(line.span(*match.span()))
            s = _blank(s, *match.span())
    for pattern in (_GOAL, _MAPS):
        for match in pattern.finditer(s):
            aside.remarks.append(line.span(*match.span()))
            s = _blank(s, *match.span())
    for match in _LIST.finditer(s):  # {l_1, …, l_N}^T is all of l
        s = (
            s[: match.start()]
            + match["name"]
            + " " * (match.end() - match.start() - len(match["name"]))
            + s[match.end() :]
        )
    for match in _NUMBER.finditer(s):
        aside.numbers.append(line.span(*match.span()))
        s = _blank(s, *match.span())
    if "∈" in s or "\\in" in s:
        for match in reversed(list(_MEMBER.finditer(s))):
            if _in_script(s, match.start()):
                continue
            sizes = match["size"] if match["size"] is not None else match["one"] or ""
            axes = tuple(a for a in re.split(r"\\times|×|\\,|,|\s+", sizes) if a.strip())
            aside.members.append(Member(line.span(*match.span()), None if match["other"] else axes))
            s = _blank(s, *match.span())
    for match in list(_STOP.finditer(s)):
        s = _blank(s, *match.span())
    return s, aside


def _in_script(s: str, at: int) -> bool:
    r"""Whether a place is inside the braces of a subscript, as in \sum_{i \in S}."""
    depth = 0
    for k in range(at - 1, -1, -1):
        depth += {"}": 1, "{": -1}.get(s[k], 0)
        if depth < 0:
            return s[k - 1 : k] in ("_", "^")
    return False
