"""Constants that the player shares with Python, as the module constants.js of its script. This is their one source."""

from __future__ import annotations

import json
from typing import Any

from ..code import LANGUAGES
from ..engine.check import VERDICTS
from ..explain.names import KIND_NAMES
from .choices import PANELS
from .embedded_answers import BETWEEN, FEW, WITHIN

THEMES = ("light", "dark")  # those of the page; a file may have others

SHARED: dict[str, tuple[Any, str]] = {
    "FEW_ELEMENTS": (FEW, "elements of an array that a file can follow one by one"),
    "WORST_FIRST": (VERDICTS, "verdicts of the check, the worst first"),
    "PANELS": (PANELS, 'the names of the tabs; "" where the panel is closed'),
    "CODE_LANGUAGES": (LANGUAGES, "the programs that a walk can be written as, and what they are called"),
    "THEMES": (THEMES, "those that the player can be told to have"),
    "BETWEEN_DETAILS": (BETWEEN, "what stands between the details of a question, in the key of its answer in a file"),
    "WITHIN_DETAIL": (WITHIN, "what stands between the items of a detail that is a list"),
    "KINDS_OF_VERTEX": (tuple(KIND_NAMES), "in the order of the legend"),
}


def constants() -> str:
    """The source of constants.js."""
    lines = [f"export const {name} = {json.dumps(value)}; // {about}" for name, (value, about) in SHARED.items()]
    return "// Shared with Python, which writes this file: graphlab/player/constants.py.\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":  # for tsc, which takes it for a file of the player
    print(constants(), end="")
