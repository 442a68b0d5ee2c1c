"""Plain text in a page that reads Markdown."""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&])")


def plain(text: str) -> str:
    """The text with everything escaped that Markdown would take for its own."""
    return _SPECIAL.sub(r"\\\1", text)
