"""How an export looks, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..errors import N_, ExportError, message
from ..i18n import LANGUAGES

THEMES = ("light", "dark", "print")
BACKGROUNDS = ("transparent", "paper")
RATIOS = {"16:9": (960.0, 540.0), "4:3": (720.0, 540.0)}  # the pages of a deck, in points
DPI = (36.0, 1200.0)


def _one_of(given: Any, allowed: Iterable[str]) -> None:
    if given not in allowed:
        raise ExportError(
            message(N_("{given} is not one of {allowed}"), given=repr(given)[:40], allowed=", ".join(allowed))
        )


@dataclass(frozen=True)
class Options:
    """The language of the words, the theme, and what is behind the picture.

    background  "transparent", "paper" (the theme's own colour) or a colour such as "#ffffff"
    ratio       of a deck's pages, "16:9" or "4:3"
    dpi         of pictures made of pixels; at 96 a pixel of the page is one pixel
    Raises ExportError for a value that is none of these.
    """

    lang: str = "en"
    theme: str = "light"
    background: str = "transparent"
    ratio: str = "16:9"
    dpi: float = 192.0

    def __post_init__(self) -> None:
        _one_of(self.lang, LANGUAGES)
        _one_of(self.theme, THEMES)
        _one_of(self.ratio, RATIOS)
        colour = isinstance(self.background, str) and re.fullmatch("#[0-9a-fA-F]{6}", self.background)
        if not colour and self.background not in BACKGROUNDS:
            raise ExportError(
                message(N_("{given} is no background"), given=repr(self.background)[:40]),
                expected=message(N_("transparent, paper, or a colour such as #ffffff")),
            )
        low, high = DPI
        if isinstance(self.dpi, bool) or not isinstance(self.dpi, int | float) or not low <= self.dpi <= high:
            raise ExportError(
                message(N_("{given} is no resolution"), given=repr(self.dpi)[:40]),
                expected=message(N_("dots per inch from {low} to {high}"), low=int(low), high=int(high)),
            )
