"""Choices: what a user can choose, declared once as a field of a record.

Addresses, widgets, cache keys, command-line options and exports are derived from these declarations. A new choice is one
line in a record; see `player.choices.Choices` for the page and `export.options.Options` for files.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .errors import N_, GraphlabError, Message, message

Kind = Literal["switch", "one of", "whole", "number", "text", "names"]

THEMES: Mapping[str, str] = {
    "light": N_("light"),
    "dark": N_("dark"),
    "print": N_("print, black and white"),
    "colour-blind": N_("colour-blind"),
}
"""The themes of pictures, with what they are called."""

MOST_NAMES = 200  # in an address
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Choice:
    """How one field of a record is chosen.

    kind      what the field holds: a bool, one of `values`, an int, a float, a str, or a tuple of names
    default   its value where nothing is chosen
    label     what the choice is called, `help` what it does, `hint` what stands in an empty box: texts of the catalogues
    values    what is allowed, each with what it is called: a text of the catalogues, or a name that needs no translation
    low, high the bounds of a number
    step      between two numbers of a widget
    about     what it does, for the command line, in English
    formats   the formats of files that it matters to; all of them where this is empty
    refusal   what is wrong with a value that is not allowed, and `expected` what is: texts of the catalogues
    shows     whether the picture depends on it
    optional  whether None is allowed as well
    also      of "one of": whether a string that is not among `values` is allowed, such as a colour
    """

    kind: Kind
    default: Any = None
    label: str = ""
    help: str = ""
    hint: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    step: float | None = None
    about: str = ""
    formats: tuple[str, ...] = ()
    refusal: str = ""
    expected: str = ""
    shows: bool = False
    optional: bool = False
    also: Callable[[Any], bool] | None = None

    @property
    def bounds(self) -> tuple[float, float]:
        """The bounds of a number. Raises TypeError for a choice that is none."""
        if self.low is None or self.high is None:
            raise TypeError("this choice is not a number")
        return self.low, self.high

    @property
    def whole_bounds(self) -> tuple[int, int]:
        """The bounds of a whole number. Raises TypeError as `bounds` does."""
        low, high = self.bounds
        return int(low), int(high)

    def check(self, value: Any) -> None:
        """Raises GraphlabError for a value that the field can not have."""
        if value is None and self.optional:
            return
        if self.kind == "switch" and not isinstance(value, bool):
            raise self._refused(value, N_("{given} is neither true nor false"))
        if self.kind == "one of" and not (isinstance(value, str) and value in self.values):
            if self.also is not None and isinstance(value, str) and self.also(value):
                return
            if self.refusal:
                raise self._refused(value, self.refusal, message(self.expected))
            raise self._refused(value, N_("{given} is not one of {allowed}"), allowed=", ".join(self.values))
        if self.kind in ("whole", "number"):
            low, high = self.bounds
            kinds = (int,) if self.kind == "whole" else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool) or not low <= value <= high:
                expected = message(self.expected, low=f"{low:g}", high=f"{high:g}")
                raise self._refused(value, self.refusal, expected)

    @staticmethod
    def _refused(value: Any, template: str, expected: Message | None = None, **fills: Any) -> GraphlabError:
        return GraphlabError(message(template, given=repr(value)[:40], **fills), expected=expected)

    def read(self, text: str) -> Any:
        """The value that an address gives as text. Raises GraphlabError, whose reason says what the field takes."""
        match self.kind:
            case "switch" if text in ("0", "1"):
                return text == "1"
            case "one of" if text in self.values:
                return text
            case "whole" if re.fullmatch(r"[0-9]{1,10}", text):
                low, high = self.bounds
                if low <= int(text) <= high:
                    return int(text)
            case "names":
                names = [part for part in text.split(",") if part]
                if len(names) <= MOST_NAMES and all(len(n) <= _LONGEST_NAME and n.isprintable() for n in names):
                    return tuple(sorted(set(names)))
            case "text":
                return text
        raise GraphlabError(self._takes())

    def _takes(self) -> Message:
        match self.kind:
            case "whole":
                low, high = self.whole_bounds
                return message(N_("it takes a whole number from {low} to {high}"), low=low, high=high)
            case "names":
                return message(N_("it takes names such as t=2,t=3/f"))
        allowed = ("0", "1") if self.kind == "switch" else self.values
        return message(N_("it takes one of {allowed}"), allowed=", ".join(allowed))

    def write(self, value: Any) -> str:
        """The value as `read` takes it."""
        if self.kind == "switch":
            return "1" if value else "0"
        return ",".join(value) if self.kind == "names" else str(value)


def _field(kind: Kind, default: Any, **more: Any) -> Any:
    return dataclasses.field(default=default, metadata={"choice": Choice(kind, default, **more)})


def switch(default: bool = False, **more: Any) -> Any:
    """A field that is on or off. `more` are fields of `Choice`, here and below."""
    return _field("switch", default, **more)


def one_of(values: Mapping[str, str] | Iterable[str], default: str | None, **more: Any) -> Any:
    """A field that is one of some strings, given with what each is called, or alone."""
    called = dict(values) if isinstance(values, Mapping) else {value: value for value in values}
    return _field("one of", default, values=called, **more)


def whole(default: int | None, low: int, high: int, **more: Any) -> Any:
    """A field that is a whole number from `low` to `high`."""
    return _field("whole", default, low=low, high=high, **more)


def number(default: float | None, low: float, high: float, **more: Any) -> Any:
    """A field that is a number from `low` to `high`."""
    return _field("number", default, low=low, high=high, **more)


def text(default: str | None = "", **more: Any) -> Any:
    """A field that is a text."""
    return _field("text", default, **more)


def names(default: tuple[str, ...] | None = (), **more: Any) -> Any:
    """A field that is some names, such as those of clusters."""
    return _field("names", default, **more)


def choices_of(record: type) -> dict[str, Choice]:
    """The choices of a record's fields, by name and in order."""
    return {f.name: f.metadata["choice"] for f in dataclasses.fields(record) if "choice" in f.metadata}
