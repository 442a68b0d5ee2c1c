"""How an export looks, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..errors import N_, ExportError, Message, message
from ..i18n import LANGUAGES

THEMES = ("light", "dark", "print", "colour-blind")
BACKGROUNDS = ("transparent", "paper")
RATIOS = {"16:9": (960.0, 540.0), "4:3": (720.0, 540.0)}  # the pages of a deck, in points
FOLDS = ("auto", "open", "gates", "blocks", "folded")
DIRECTIONS = ("lr", "tb")
FRAMES = ("svg", "png")
PACES = (0.1, 30.0)  # seconds
DPI = (36.0, 1200.0)
SCALES = (0.5, 2.0)
LINES = (0.25, 4.0)
TYPE = (4.0, 72.0)  # points
DIGITS = (1, 6)
WIDTHS = (10.0, 20_000.0)  # pixels
UNITS = {"px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_WIDTH = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*(px|pt|mm|cm|in)?")


@dataclass(frozen=True)
class Options:
    """What is drawn of a walk, and how.

    lang        of the words
    theme       "light", "dark", "print" (black and white) or "colour-blind"
    background  "transparent", "paper" (the theme's own colour) or a colour such as "#ffffff"
    fold        how much is folded into boxes: "auto" (as reads well), "open", "gates", "blocks" or "folded"; a box is
                one step
    rolled      whether a graph through time is one cell with a loop in place of all its steps; nothing is folded then
    only        names of vertices: these alone, and what lies between them; edges that lose an end become stubs
    values      whether there are chips with values, `gradients` whether there are some with gradients
    digits      decimals in chips and formulas, from 1 to 6; by default as reads well
    scale       of the type in labels, chips and formulas, from 0.5 to 2
    direction   "lr", from left to right, or "tb", from top to bottom; a graph through time has "lr" alone
    crop        whether the frame is drawn close around what is seen at the steps of the file
    line        how many times as wide as on the page lines are, from 0.25 to 4
    width       of an SVG or PNG file: pixels (800), or a length ("120mm", "12cm", "4in", "340pt")
    type_size   of the names of vertices in an SVG or PNG file, in points; it gives the width, or, where there is one,
                takes the place of `scale`
    ratio       of a deck's pages, "16:9" or "4:3"
    dpi         of pictures made of pixels; at 96 a pixel of the page is one pixel
    pace        seconds a step of an animation stays, from 0.1 to 30; the last stays twice as long
    loop        whether an animation begins again when it is over
    words       whether pictures made of pixels are pages of the deck, with formulas and a sentence under the graph
    frames      of a ZIP file, "svg" or "png"
    bare        whether a TikZ file is one tikzpicture to paste into a paper, and not Beamer slides
    Raises ExportError for a value that is none of these.
    """

    lang: str = "en"
    theme: str = "light"
    background: str = "transparent"
    ratio: str = "16:9"
    dpi: float = 192.0
    fold: str = "auto"
    only: tuple[str, ...] | None = None
    values: bool = True
    gradients: bool = True
    digits: int | None = None
    scale: float = 1.0
    direction: str = "lr"
    crop: bool = False
    line: float = 1.0
    width: float | str | None = None
    type_size: float | None = None
    pace: float = 1.2
    loop: bool = True
    words: bool = False
    frames: str = "svg"
    bare: bool = False
    rolled: bool = False

    def __post_init__(self) -> None:
        _one_of(self.lang, LANGUAGES)
        _one_of(self.theme, THEMES)
        _one_of(self.ratio, RATIOS)
        _one_of(self.fold, FOLDS)
        _one_of(self.direction, DIRECTIONS)
        _one_of(self.frames, FRAMES)
        for given in (self.values, self.gradients, self.crop, self.loop, self.words, self.bare, self.rolled):
            if not isinstance(given, bool):
                raise _refused(N_("{given} is neither true nor false"), given)
        colour = isinstance(self.background, str) and re.fullmatch("#[0-9a-fA-F]{6}", self.background)
        if not colour and self.background not in BACKGROUNDS:
            expected = message(N_("transparent, paper, or a colour such as #ffffff"))
            raise _refused(N_("{given} is no background"), self.background, expected)
        _between(self.dpi, DPI, N_("{given} is no resolution"), N_("dots per inch from {low} to {high}"))
        _between(self.pace, PACES, N_("{given} is no pace"), N_("seconds from {low} to {high}"))
        _between(self.scale, SCALES, N_("{given} is no scale"), N_("a number from {low} to {high}"))
        _between(self.line, LINES, N_("{given} is no width of lines"), N_("a number from {low} to {high}"))
        if self.type_size is not None:
            _between(self.type_size, TYPE, N_("{given} is no size of type"), N_("points from {low} to {high}"))
        if self.digits is not None:
            expected = N_("a whole number from {low} to {high}")
            _between(self.digits, DIGITS, N_("{given} is no number of digits"), expected, whole=True)
        # A list is as good as a tuple, and one name as good as a list of it.
        if self.only is not None:
            object.__setattr__(self, "only", _names(self.only))
        self.pixels  # noqa: B018  a width that is none is refused here

    @property
    def pixels(self) -> float | None:
        """The width asked for, in CSS pixels."""
        if self.width is None:
            return None
        number, unit = self.width, "px"
        if isinstance(self.width, str) and (found := _WIDTH.fullmatch(self.width.strip())):
            number, unit = float(found[1]), found[2] or "px"
        pixels = number * UNITS[unit] if _is_number(number) else None
        if pixels is None or not WIDTHS[0] <= pixels <= WIDTHS[1]:
            low, high = map(int, WIDTHS)
            expected = message(N_("pixels from {low} to {high}, or a length such as 120mm"), low=low, high=high)
            raise _refused(N_("{given} is no width"), self.width, expected)
        return pixels

    @property
    def on_paper(self) -> bool:
        """Whether the size asked for is a length on paper, and not a number of pixels."""
        if self.width is None:
            return self.type_size is not None
        return isinstance(self.width, str) and self.width.strip()[-2:] in UNITS.keys() - {"px"}

    @property
    def decimals(self) -> int:
        """The decimals of numbers in formulas."""
        return self.digits or 3


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool)


def _refused(template: str, given: Any, expected: Message | None = None) -> ExportError:
    return ExportError(message(template, given=repr(given)[:40]), expected=expected)


def _one_of(given: Any, allowed: Iterable[str]) -> None:
    if not isinstance(given, str) or given not in allowed:
        raise ExportError(
            message(N_("{given} is not one of {allowed}"), given=repr(given)[:40], allowed=", ".join(allowed))
        )


def _between(given: Any, bounds: tuple[float, float], refusal: str, expected: str, *, whole: bool = False) -> None:
    low, high = bounds
    number = _is_number(given) and (not whole or isinstance(given, int))
    if not number or not low <= given <= high:
        raise _refused(refusal, given, message(expected, low=f"{low:g}", high=f"{high:g}"))


def _names(given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        given = [name.strip() for name in given.split(",")]
    names = tuple(given) if isinstance(given, Iterable) else ()
    if not names or not all(isinstance(name, str) and name for name in names):
        raise _refused(N_("{given} names no vertices"), given)
    return names
