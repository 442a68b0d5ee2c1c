"""How an export looks, whatever its format."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import N_, ExportError, message
from ..i18n import LANGUAGES

THEMES = ("light", "dark", "print")
BACKGROUNDS = ("transparent", "paper")


@dataclass(frozen=True)
class Options:
    """The language of the words, the theme, and what is behind the picture.

    `background` is "transparent", "paper" (the theme's own colour) or a colour such as "#ffffff".
    Raises ExportError for a value that is none of these.
    """

    lang: str = "en"
    theme: str = "light"
    background: str = "transparent"

    def __post_init__(self) -> None:
        for given, allowed in ((self.lang, LANGUAGES), (self.theme, THEMES)):
            if given not in allowed:
                raise ExportError(
                    message(N_("{given} is not one of {allowed}"), given=repr(given)[:40], allowed=", ".join(allowed))
                )
        colour = isinstance(self.background, str) and re.fullmatch("#[0-9a-fA-F]{6}", self.background)
        if not colour and self.background not in BACKGROUNDS:
            raise ExportError(
                message(N_("{given} is no background"), given=repr(self.background)[:40]),
                expected=message(N_("transparent, paper, or a colour such as #ffffff")),
            )
