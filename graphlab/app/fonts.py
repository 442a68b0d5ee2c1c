"""The font of mathematics: the one that draws the labels, served to browsers that have none of their own."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import ziamath

from .site import site

NAME = "STIXTwoMath-Regular.ttf"
# Streamlit serves this folder beside app.py, and .streamlit/config.toml names the font in it.
STATIC = site() / "static"


@cache
def serve() -> bool:
    """Put the font where Streamlit serves it from; once a process. False where the folder can not be written.

    Without it a browser sets formulas in whatever fonts the machine has, and brackets may not grow with what they hold.
    """
    source, target = Path(ziamath.__file__).parent / "fonts" / NAME, STATIC / NAME
    try:
        if not target.exists() or target.stat().st_size != source.stat().st_size:
            STATIC.mkdir(exist_ok=True)
            shutil.copyfile(source, target)
    except OSError:
        return False
    return True
