"""Where something stands in the user's text."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import Fix, Place


class Line(NamedTuple):
    """One line of the text, numbered from 1."""

    number: int
    source: str

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
        """The span as errors carry it."""
        return Place(self.line.number, self.start, self.end - self.start, self.line.source)

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of `other`, on the same line."""
        return Span(self.line, self.start, other.end)

    def replaced(self, by: str) -> Fix:
        """The fix that puts `by` in the place of the span."""
        return Fix(self.line.number, self.start, self.end - self.start, by)

    def before(self) -> Span:
        """The empty span in front of this one."""
        return Span(self.line, self.start, self.start)

    def after(self) -> Span:
        """The empty span behind this one."""
        return Span(self.line, self.end, self.end)
