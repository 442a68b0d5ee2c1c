"""How an export looks, whatever its format."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ..choices import THEMES, choices_of, names, number, one_of, switch, text, whole
from ..errors import N_, ExportError, GraphlabError, Message, message
from ..folding.boxes import FOLDINGS
from ..i18n import LANGUAGE_NAMES

RATIOS = {"16:9": (960.0, 540.0), "4:3": (720.0, 540.0)}  # the pages of a deck, in points
SCALES = (0.5, 2.0)
WIDTHS = (10.0, 20_000.0)  # pixels
UNITS = {"px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_WIDTH = re.compile(r"(\d{1,6}(?:\.\d{1,4})?)\s*(px|pt|mm|cm|in)?")
DECKS = ("pdf", "pptx")  # formats whose pages are slides
PIXELS = ("png", "gif", "webp", "zip")
PLAYED = ("gif", "webp")


def _is_colour(text: str) -> bool:
    return re.fullmatch("#[0-9a-fA-F]{6}", text) is not None


@dataclass(frozen=True)
class Options:
    """What is drawn of a walk, and how: the language, the folding, the look, the size. Each field is a `Choice`.

    `only` are the vertices that are drawn, with what lies between them; edges that lose an end become stubs. `digits` of
    None are as reads well. `type_size`, that of the names of vertices in points, gives the width of the picture or,
    where there is one, takes the place of `scale`. Raises ExportError for a value that a field can not have.
    """

    lang: str = one_of(LANGUAGE_NAMES, "en", label=N_("Language of the file"), about="of the words")
    theme: str = one_of(
        THEMES,
        "light",
        label=N_("Theme"),
        about='"light", "dark", "print" (black and white) or "colour-blind"',
    )
    background: str = one_of(
        {"transparent": N_("transparent"), "paper": N_("of the theme"), "#ffffff": N_("white")},
        "transparent",
        also=_is_colour,
        label=N_("Background"),
        formats=("svg", *PIXELS),
        about='"transparent", "paper" (the theme\'s own colour) or a colour such as "#ffffff"',
        refusal=N_("{given} is no background"),
        expected=N_("transparent, paper, or a colour such as #ffffff"),
    )
    ratio: str = one_of(
        tuple(RATIOS), "16:9", label=N_("Pages"), formats=(*DECKS, *PIXELS), about='of a deck\'s pages, "16:9" or "4:3"'
    )
    dpi: float = number(
        192.0,
        36.0,
        1200.0,
        step=12.0,
        label=N_("Dots per inch"),
        formats=PIXELS,
        about="of pictures made of pixels; at 96 a pixel of the page is one pixel",
        refusal=N_("{given} is no resolution"),
        expected=N_("dots per inch from {low} to {high}"),
    )
    fold: str = one_of(
        {name: policy.label for name, policy in FOLDINGS.items()},
        "auto",
        about='how much is folded into boxes: "auto" (as reads well), "open", "gates", "blocks" or "folded"; a box is '
        "one step",
    )
    only: tuple[str, ...] | None = names(
        None,
        optional=True,
        label=N_("Only these vertices"),
        hint=N_("all"),
        about="names of vertices: these alone, and what lies between them; edges that lose an end become stubs",
    )
    values: bool = switch(True, label=N_("Values"), about="whether there are chips with values")
    gradients: bool = switch(True, label=N_("Gradients"), about="whether there are some with gradients")
    digits: int | None = whole(
        None,
        1,
        6,
        optional=True,
        label=N_("Decimals"),
        hint=N_("as reads well"),
        about="decimals in chips and formulas, from 1 to 6; by default as reads well",
        refusal=N_("{given} is no number of digits"),
        expected=N_("a whole number from {low} to {high}"),
    )
    scale: float = number(
        1.0,
        *SCALES,
        label=N_("Type, times"),
        about="of the type in labels, chips and formulas, from 0.5 to 2",
        refusal=N_("{given} is no scale"),
        expected=N_("a number from {low} to {high}"),
    )
    direction: str = one_of(
        {"lr": N_("left to right"), "tb": N_("top to bottom")},
        "lr",
        label=N_("Direction"),
        about='"lr", from left to right, or "tb", from top to bottom; a graph through time has "lr" alone',
    )
    crop: bool = switch(
        label=N_("Crop to what is seen"),
        about="whether the frame is drawn close around what is seen at the steps of the file",
    )
    line: float = number(
        1.0,
        0.25,
        4.0,
        label=N_("Lines, times"),
        about="how many times as wide as on the page lines are, from 0.25 to 4",
        refusal=N_("{given} is no width of lines"),
        expected=N_("a number from {low} to {high}"),
    )
    width: float | str | None = text(
        None,
        optional=True,
        label=N_("Width"),
        hint="800, 120mm, 12cm",
        formats=("svg", *PIXELS),
        about='of an SVG or PNG file: pixels (800), or a length ("120mm", "12cm", "4in", "340pt")',
    )
    type_size: float | None = number(
        None,
        4.0,
        72.0,
        optional=True,
        label=N_("Type, points"),
        formats=("svg", *PIXELS),
        about="of the names of vertices in an SVG or PNG file, in points; it gives the width, or, where there is one, "
        "takes the place of `scale`",
        refusal=N_("{given} is no size of type"),
        expected=N_("points from {low} to {high}"),
    )
    pace: float = number(
        1.2,
        0.1,
        30.0,
        label=N_("Seconds a step"),
        formats=PLAYED,
        about="seconds a step of an animation stays, from 0.1 to 30; the last stays twice as long",
        refusal=N_("{given} is no pace"),
        expected=N_("seconds from {low} to {high}"),
    )
    loop: bool = switch(
        True,
        label=N_("Begin again at the end"),
        formats=PLAYED,
        about="whether an animation begins again when it is over",
    )
    words: bool = switch(
        label=N_("With formulas and words"),
        formats=PIXELS,
        about="whether pictures made of pixels are pages of the deck, with formulas and a sentence under the graph",
    )
    frames: str = one_of(
        ("svg", "png"), "svg", label=N_("Pictures"), formats=("zip",), about='of a ZIP file, "svg" or "png"'
    )
    bare: bool = switch(
        label=N_("One picture to paste, no slides"),
        formats=("tikz",),
        about="whether a TikZ file is one tikzpicture to paste into a paper, and not Beamer slides",
    )
    rolled: bool = switch(
        about="whether a graph through time is one cell with a loop in place of all its steps; nothing is folded then"
    )

    def __post_init__(self) -> None:
        for name, choice in CHOICES.items():
            try:
                choice.check(getattr(self, name))
            except GraphlabError as e:
                raise ExportError(e.reason, expected=e.expected) from None
        # A list is as good as a tuple, and one name as good as a list of it.
        if self.only is not None:
            object.__setattr__(self, "only", _names(self.only))
        self.pixels  # noqa: B018  a width that is none is refused here

    @property
    def pixels(self) -> float | None:
        """The width asked for, in CSS pixels."""
        if self.width is None:
            return None
        number: float | str = self.width
        unit = "px"
        if isinstance(self.width, str) and (found := _WIDTH.fullmatch(self.width.strip())):
            number, unit = float(found[1]), found[2] or "px"
        pixels = number * UNITS[unit] if isinstance(number, int | float) and not isinstance(number, bool) else None
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


def _names(given: Any) -> tuple[str, ...]:
    if isinstance(given, str):
        given = [name.strip() for name in given.split(",")]
    names = tuple(given) if isinstance(given, Iterable) else ()
    if not names or not all(isinstance(name, str) and name for name in names):
        raise _refused(N_("{given} names no vertices"), given)
    return names


CHOICES = choices_of(Options)
"""The declared choices of a file by name."""
