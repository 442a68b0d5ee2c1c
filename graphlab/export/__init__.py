"""Steps of a walk as files for slides: one function in front of a writer for each format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..engine import Walk
from ..errors import N_, ExportError, message
from ..scenario import Scenario
from . import svg
from .files import write
from .options import BACKGROUNDS, THEMES, Options

# A writer takes the walk, the steps as the caller asked for them, and the options; it gives the content of the file.
FORMATS: dict[str, Callable[[Walk, Any, Options], bytes]] = {"svg": svg.render}


def render(
    scenario: Scenario,
    format: str,
    *,
    steps: Any = None,
    lang: str = "en",
    theme: str = "light",
    background: str = "transparent",
    seed: int | None = None,
) -> bytes:
    """The content of the file that `export` would write, as bytes.

    `format` is a file name's ending without the dot, one of `FORMATS`. Raises ExportError as `export` does.
    """
    if format not in FORMATS:
        raise ExportError(
            message(N_("there is no export to {format}"), format=format[:20] or message(N_("a file with no ending"))),
            expected=message(N_("a name that ends in {endings}"), endings=", ".join(f".{f}" for f in FORMATS)),
        )
    options = Options(lang, theme, background)
    return FORMATS[format](scenario.walk(seed), steps, options)


def export(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    steps: Any = None,
    lang: str = "en",
    theme: str = "light",
    background: str = "transparent",
    seed: int | None = None,
) -> Path:
    """Write steps of the scenario's walk to `path`, whose ending says in which format, and return the path.

    `steps` is a step's number, 0 for the state before the first; an SVG holds one step, the last where none is named.
    `theme` is "light", "dark" or "print"; `background` "transparent", "paper" (the theme's own) or a colour such as
    "#ffffff". A file that is there is replaced, whole or not at all.
    Raises ExportError for a format, step, look or path that can not be used.
    """
    path = Path(path)
    look = {"lang": lang, "theme": theme, "background": background}
    write(path, render(scenario, path.suffix[1:].lower(), steps=steps, seed=seed, **look))
    return path


__all__ = ["BACKGROUNDS", "FORMATS", "THEMES", "Options", "export", "render"]
