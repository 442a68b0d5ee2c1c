"""The words that the grammar is written in."""

from __future__ import annotations

from lark import Token

from .spans import Span


class Word(Token):
    """A terminal of the grammar: a canonical name, a number as text, or the characters themselves, and its span."""

    __slots__ = ("span",)
    span: Span

    @classmethod
    def at(cls, type: str, value: str, span: Span, position: int) -> Word:
        """The word number `position` of its equation."""
        # Word by word this is the inner loop of reading; lark's own constructor takes three times as long.
        word = str.__new__(cls, value)
        word.type, word.value, word.span, word.start_pos = type, value, span, position
        word.line = word.column = word.end_line = word.end_column = word.end_pos = None
        return word
