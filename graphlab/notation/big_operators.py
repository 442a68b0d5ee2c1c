r"""What stands below and above a big operator: `\sum_{i=1}^{n}`, `\max_{j \neq i}`, `\operatorname{mean}_i`."""

from __future__ import annotations

import re
from dataclasses import dataclass

# LaTeX commands and characters that are big operators, and the op each becomes. Those of the second kind need an index:
# without one they are ordinary functions.
ALWAYS = {"sum": "sum", "prod": "prod"}
WITH_INDEX = {"max": "max", "min": "min", "mean": "mean", "argmax": "argmax"}
CHARACTERS = {"∑": "sum", "∏": "prod"}

_LETTER = r"(?:[a-su-zA-Z]|\\ell)"
_RANGE = re.compile(
    r"(?P<index>[a-zA-Z]|\\ell)\s*=\s*(?P<lower>[^,;=]+?)\s*(?:,\s*(?:\.{2,3}|…|\\[lc]?dots)\s*,\s*(?P<upper>[^,]+))?"
)
_MEMBER = re.compile(r"(?P<index>[a-zA-Z]|\\ell|\([a-z](?:\s*,\s*[a-z])*\))\s*(?:\\in\b|∈)\s*(?P<set>.+)")
_CONDITION = re.compile(
    r"(?P<left>\w+)\s*(?P<sign>\\neq?\b|\\not\s*=|≠|!=|<|>|\\leq?\b|\\geq?\b|≤|≥|\\lt\b|\\gt\b)\s*(?P<right>.+)"
)
_SIGNS = {
    r"\ne": "≠",
    r"\neq": "≠",
    "!=": "≠",
    r"\leq": "≤",
    r"\le": "≤",
    r"\geq": "≥",
    r"\ge": "≥",
    r"\lt": "<",
    r"\gt": ">",
}


@dataclass(frozen=True)
class Reach:
    """The indices that a big operator binds.

    indices     letters, in order; empty where nothing stands below
    lower       the first value of the index as text, "" where none is given; upper the last one
    conditions  (letter, sign, what it is compared with): ("j", "≠", "y_i")
    text        what stands below, as written
    """

    indices: tuple[str, ...] = ()
    lower: str = ""
    upper: str = ""
    conditions: tuple[tuple[str, str, str], ...] = ()
    text: str = ""


def read_reach(below: str, above: str) -> Reach | None:
    """What is bound by the texts below and above a big operator; None where they can not be read."""
    text = _plain(below)
    if not text:
        return Reach(upper=_plain(above)) if not above else None
    indices: list[str] = []
    conditions: list[tuple[str, str, str]] = []
    lower, upper = "", _plain(above)
    if match := _RANGE.fullmatch(text):
        return Reach((match["index"],), match["lower"].strip(), (match["upper"] or upper).strip(), (), text)
    for part in _parts(text):
        if match := _RANGE.fullmatch(part):
            indices.append(match["index"])
            lower = match["lower"].strip()
        elif match := _MEMBER.fullmatch(part):
            indices += re.findall(r"[a-zA-Z]", match["index"].replace("\\ell", "l"))
        elif match := _CONDITION.fullmatch(part):
            sign = re.sub(r"\\not\s*=", "≠", match["sign"])
            conditions.append((match["left"], _SIGNS.get(sign, sign), match["right"].strip()))
        elif re.fullmatch(r"[a-zA-Z]|\\ell", part):
            indices.append("l" if part == "\\ell" else part)
        elif re.fullmatch(r"[i-n]{2,3}", part):
            indices += list(part)
        else:
            return None
    for left, _, _ in conditions:
        if left not in indices and len(left) == 1:
            indices.append(left)
    return Reach(tuple(indices), lower, upper, tuple(conditions), text) if indices else None


def _parts(text: str) -> list[str]:
    """The parts of a list, commas inside brackets apart."""
    parts, depth, at = [], 0, 0
    for k, c in enumerate(text + ","):
        depth += (c in "({[") - (c in ")}]")
        if c == "," and depth <= 0:
            parts.append(text[at:k].strip())
            at = k + 1
    return [p for p in parts if p]


def _plain(text: str) -> str:
    text = re.sub(r"\\(?:,|;|:|!| )|\\(?:limits|displaystyle|scriptstyle)\b", " ", text)
    text = re.sub(r"\\substack\s*\{(.*)\}", lambda m: m[1].replace("\\\\", ","), text)
    text = re.sub(r"\\(?:mathbf|boldsymbol|bm|mathrm|mathcal|mathbb|text)\s*\{(\w+)\}", r" \1", text)
    text = text.replace("\\ell", " l")
    return re.sub(r"\s+", " ", text).strip()
