"""Steps of a walk as files for slides: one function in front of a writer for each format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..engine import Walk
from ..errors import N_, ExportError, message
from ..i18n import LANGUAGES
from ..scenario import Scenario
from . import svg
from .files import write

# A writer takes (walk, steps, lang, theme) and gives the bytes of the file; `steps` is what the caller asked for.
FORMATS: dict[str, Callable[[Walk, Any, str, str], bytes]] = {"svg": svg.render}
THEMES = ("light", "dark", "print")


def render(
    scenario: Scenario,
    format: str,
    *,
    steps: Any = None,
    lang: str = "en",
    theme: str = "light",
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
    for value, allowed in ((theme, THEMES), (lang, LANGUAGES)):
        if value not in allowed:
            raise ExportError(
                message(N_("{given} is not one of {allowed}"), given=repr(value)[:40], allowed=", ".join(allowed))
            )
    return FORMATS[format](scenario.walk(seed), steps, lang, theme)


def export(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    steps: Any = None,
    lang: str = "en",
    theme: str = "light",
    seed: int | None = None,
) -> Path:
    """Write steps of the scenario's walk to `path`, whose ending says in which format, and return the path.

    `steps` is a step's number, 0 for the state before the first; an SVG holds one step, the last where none is named.
    `theme` is "light", "dark" or "print". A file that is there is replaced, whole or not at all.
    Raises ExportError for a format, step or path that can not be used.
    """
    path = Path(path)
    content = render(scenario, path.suffix[1:].lower(), steps=steps, lang=lang, theme=theme, seed=seed)
    write(path, content)
    return path


__all__ = ["FORMATS", "THEMES", "export", "render"]
