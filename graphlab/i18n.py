"""The languages of the program: gettext catalogues, read from their .po files."""

from __future__ import annotations

import gettext
import re
from functools import cache
from io import BytesIO
from itertools import islice
from pathlib import Path

from .errors import Translate

LOCALE = Path(__file__).parent / "locale"


def _own_names() -> dict[str, str]:
    """Every language with a catalogue, and what it calls itself: a comment at the top of its .po file."""
    found = {"en": "English"}
    for path in sorted(LOCALE.glob("*/LC_MESSAGES/graphlab.po")):
        lang = path.parts[-3]
        with path.open(encoding="utf-8") as f:
            name = re.search(r"^# Language name: (.+)$", "".join(islice(f, 5)), re.MULTILINE)
        found[lang] = name[1] if name else lang
    return found


LANGUAGE_NAMES = _own_names()
LANGUAGES = tuple(LANGUAGE_NAMES)


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    """The catalogue of a language. English is the language of the templates, so its catalogue is empty.

    Compiled in memory from the .po file: there is no .mo file that could grow stale beside it.
    Raises ValueError for a language that is not one of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}: choose one of {', '.join(LANGUAGES)}")
    if lang == "en":
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (LOCALE / lang / "LC_MESSAGES" / "graphlab.po").open("rb") as f:
        write_mo(compiled, read_po(f, locale=lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def translator(lang: str) -> Translate:
    """The gettext function of a language: English template in, text of that language out."""
    return catalogue(lang).gettext
