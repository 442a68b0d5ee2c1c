"""The errors a user can cause, with their place in the text and a way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str], str]


def N_(template: str) -> str:
    """Mark a template for the catalogues; it is translated where it is shown."""
    return template


def _unchanged(template: str) -> str:
    return template


@dataclass(frozen=True)
class Message:
    """A template of the catalogues and the values to put into it.

    Templates are kept apart from their values until they are shown, so that one error can be shown in the language of
    the page and in English in a log.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def text(self, translate: Translate = _unchanged) -> str:
        """The message in the language of `translate`, a gettext function."""
        values = {k: v.text(translate) if isinstance(v, Message) else v for k, v in self.values.items()}
        return translate(self.template).format(**values)

    def __str__(self) -> str:
        return self.text()


def message(template: str, **values: Any) -> Message:
    """A `Message`; write the template inside `N_(...)` so that the catalogues find it."""
    return Message(template, values)


@dataclass(frozen=True)
class Place:
    """A span of one line of a user's text. `line` counts from 1; `column` and `width` count characters from 0."""

    line: int
    column: int
    width: int
    source: str

    def excerpt(self, label: str) -> str:
        """The user's own line, and carets under the span."""
        head = f"{label}: "
        # Tabs stay tabs in the padding, so that the carets stand under the span whatever a tab's width is.
        padding = "".join("\t" if c == "\t" else " " for c in self.source[: self.column])
        return f"{head}{self.source}\n{' ' * len(head)}{padding}{'^' * max(1, self.width)}"


@dataclass(frozen=True)
class Fix:
    """The help of an error, applied: an edit of one line, or a shape to declare.

    `replacement` goes in for `width` characters at (`line`, `column`) of the text. Where more than one place has to
    change, `whole` is the whole text as it should be. Where `shape` is set instead, it is the shape that the vertex
    `name` should be given.
    """

    line: int = 0
    column: int = 0
    width: int = 0
    replacement: str = ""
    name: str = ""
    shape: tuple[int | str, ...] | None = None
    whole: str | None = None

    def apply(self, text: str) -> str:
        """The text with the edit done. Raises ValueError for a fix that declares a shape."""
        if self.shape is not None:
            raise ValueError("this fix declares a shape; it does not edit the text")
        if self.whole is not None:
            return self.whole
        lines = text.split("\n")
        old = lines[self.line - 1]
        lines[self.line - 1] = old[: self.column] + self.replacement + old[self.column + self.width :]
        return "\n".join(lines)


@dataclass(frozen=True)
class Choice:
    """One of the meanings that a text can have.

    label  what it means, in words
    text   how it is written: what `fix` puts in the place of the ambiguous part
    shape  the shape that it would have
    """

    label: Message
    text: str
    shape: tuple[int | str, ...]
    fix: Fix


class GraphlabError(Exception):
    """The base of every error that a user can cause.

    `reason`, `expected` and `help` are `Message`s; `place` is the span of the user's text, or None. `fix` is the help
    applied, which keeps the meaning of the text. `choices` are the meanings of an ambiguous text, for the user to choose.
    """

    def __init__(
        self,
        reason: Message | str,
        *,
        expected: Message | None = None,
        help: Message | None = None,
        place: Place | None = None,
        fix: Fix | None = None,
        choices: tuple[Choice, ...] = (),
    ) -> None:
        self.reason = reason if isinstance(reason, Message) else Message("{text}", {"text": reason})
        self.expected = expected
        self.help = help
        self.place = place
        self.fix = fix
        self.choices = choices
        super().__init__(self.reason)

    def text(self, translate: Translate = _unchanged) -> str:
        """The whole error as plain text: the line with carets, the reason, what was expected, the help."""
        parts = []
        if self.place is not None:
            parts.append(self.place.excerpt(translate(N_("line {line}")).format(line=self.place.line)))
        parts.append(self.reason.text(translate))
        if self.expected is not None:
            parts.append(translate(N_("expected: {what}")).format(what=self.expected.text(translate)))
        if self.help is not None:
            parts.append(translate(N_("help: {what}")).format(what=self.help.text(translate)))
        return "\n".join(parts)

    def __str__(self) -> str:
        return self.text()


class NotationError(GraphlabError):
    """The text of the equations can not be read."""


class ShapeError(GraphlabError):
    """The shapes of the operands do not fit, can not be inferred, or are larger than the limits allow."""


class MissingShapeError(ShapeError):
    """Shapes that can not be inferred and have to be given. `names` lists the vertices, in order of appearance.

    `shapes` is an example for all of them that fits together, {name: shape}.
    """

    def __init__(
        self, reason: Message, names: tuple[str, ...], shapes: Mapping[str, tuple[int, ...]] | None = None, **rest: Any
    ) -> None:
        super().__init__(reason, **rest)
        self.names = names
        self.shapes = dict(shapes or {})


class ScenarioError(GraphlabError):
    """A scenario file, or a value chosen for a scenario, can not be used."""


class ExportError(GraphlabError):
    """A picture or a deck can not be written."""
