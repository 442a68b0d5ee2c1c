"""Plain text in a page that reads Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """The text with everything escaped that Markdown would take for its own."""
    return _SPECIAL.sub(r"\\\1", text)


def code(text: str) -> str:
    """The text as code in a line: nothing in it means anything to Markdown."""
    line = " ".join(text.split())
    longest = max((len(run) for run in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {line} {fence}" if line.startswith("`") or line.endswith("`") else f"{fence}{line}{fence}"
