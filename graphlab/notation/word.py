"""The words that the grammar is written in."""

from __future__ import annotations

from typing import Any

from lark import Token

from .spans import Span


class Word(Token):
    """A terminal of the grammar: a canonical name, a number as text, or the characters themselves, and its span.

    `data` is what the lexer knows besides: the `Reach` of a big operator, the kind of a norm.
    """

    __slots__ = ("data", "span")
    span: Span
    data: Any

    @classmethod
    def at(cls, type: str, value: str, span: Span, position: int, data: Any = None) -> Word:
        """The word number `position` of its equation."""
        # Word by word this is the inner loop of reading; lark's own constructor takes three times as long.
        word = str.__new__(cls, value)
        word.type, word.value, word.span, word.start_pos, word.data = type, value, span, position, data
        word.line = word.column = word.end_line = word.end_column = word.end_pos = None
        return word
