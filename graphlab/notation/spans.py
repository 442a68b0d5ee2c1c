"""Where something stands in the user's text."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from ..errors import Fix, Place


class Line(NamedTuple):
    """One line of the text, numbered from 1. Of lines that were joined, `starts` are their places in `source` and
    `parts` the lines themselves.
    """

    number: int
    source: str
    starts: tuple[int, ...] = ()
    parts: tuple[str, ...] = ()

    def span(self, start: int, end: int) -> Span:
        """The characters `start` to `end` of the line."""
        return Span(self, start, end)


class Span(NamedTuple):
    """The characters `start` to `end` (counted from 0, `end` excluded) of a line."""

    line: Line
    start: int
    end: int

    @property
    def text(self) -> str:
        """The characters themselves."""
        return self.line.source[self.start : self.end]

    @property
    def short(self) -> str:
        """The characters, or the beginning of very many of them: the texts of all partial sums of a line of n terms
        would take n² characters."""
        if self.end - self.start <= 200:
            return self.line.source[self.start : self.end]
        return self.line.source[self.start : self.start + 199] + "…"

    @property
    def place(self) -> Place:
        """The span as errors carry it: of lines that were joined, as much of it as stands on the first of them."""
        line = self.line
        if not line.starts:
            return Place(line.number, self.start, self.end - self.start, line.source)
        k = bisect_right(line.starts, self.start) - 1
        start = self.start - line.starts[k]
        end = min(self.end - line.starts[k], len(line.parts[k]))
        return Place(line.number + k, start, max(end - start, 0), line.parts[k])

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of `other`, on the same line."""
        return Span(self.line, self.start, other.end)

    def replaced(self, by: str) -> Fix | None:
        """The fix that puts `by` in the place of the span; None for a span over several lines of the text."""
        place = self.place
        if self.line.starts and place.width < self.end - self.start:
            return None
        return Fix(place.line, place.column, place.width, by)

    def before(self) -> Span:
        """The empty span in front of this one."""
        return Span(self.line, self.start, self.start)

    def after(self) -> Span:
        """The empty span behind this one."""
        return Span(self.line, self.end, self.end)
