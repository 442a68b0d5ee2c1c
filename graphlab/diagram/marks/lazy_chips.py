"""Chips that are filled when they are first looked at: of a large picture most never are."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from .picture import Chip, Rect, Role

_set = object.__setattr__


class LaterChip(Chip):
    """A chip with its place and its step, and the rest of it when that is asked for. Equal to one that is made alike."""

    def __init__(self, make: Callable[[], Chip], role: Role, step: int, rect: Rect, part: int, parts: int) -> None:
        for name, value in (("role", role), ("step", step), ("rect", rect), ("part", part), ("parts", parts)):
            _set(self, name, value)
        _set(self, "_make", make)

    def _filled(self) -> Chip:
        found = self.__dict__.get("_found")
        if found is None:
            found = self._make()
            _set(self, "_found", found)
            _set(self, "_make", None)  # lets the array go
        return found


for _name in ("box", "texts", "cells", "title", "winners"):
    setattr(LaterChip, _name, property(lambda self, name=_name: getattr(self._filled(), name)))


def later(make: Callable[..., Chip]) -> Callable[..., Chip]:
    """The same function of a chip, called when the contents of its chip are needed."""

    @wraps(make)
    def promised(array: Any, role: Role, step: int, rect: Rect, **rest: Any) -> Chip:
        fill = partial(make, array, role, step, rect, **rest)
        return LaterChip(fill, role, step, rect, rest.get("part", 1), rest.get("parts", 1))

    return promised
