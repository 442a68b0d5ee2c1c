"""A line of Python cut into what is coloured alike."""

from __future__ import annotations

import keyword
import re

_PARTS = re.compile(
    r"(?P<comment>#.*)"
    r'|(?P<string>"""(?:.*?""")?|"[^"]*"|\'[^\']*\')'
    r"|(?P<number>(?<![\w.])\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?)"
    r"|(?P<word>\w+)"
)


def tokens(text: str) -> list[tuple[int, int, str]]:
    """The coloured stretches of a line, as (start, end, kind); kind is comment, string, number, keyword or call."""
    found = []
    for match in _PARTS.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            if keyword.iskeyword(match[0]):
                kind = "keyword"
            elif text[match.end() : match.end() + 1] == "(":
                kind = "call"
            else:
                continue
        found.append((*match.span(), kind))
    return found
