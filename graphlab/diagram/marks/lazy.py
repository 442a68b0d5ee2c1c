"""A value that is made when it is first asked for: of a large picture most chips are never looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Lazy(Generic[T]):
    """What `make` returns, called once. Equal to another one, and pickled, by its value."""

    __slots__ = ("_make", "_value")

    def __init__(self, make: Callable[[], T]) -> None:
        self._make: Callable[[], T] | None = make

    @property
    def value(self) -> T:
        """The value."""
        if self._make is not None:
            self._value = self._make()
            self._make = None  # lets go of what it was made from
        return self._value

    def __eq__(self, other: object) -> bool:
        return self.value == other.value if isinstance(other, Lazy) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.value)

    def __reduce__(self) -> tuple[Any, ...]:
        return ready, (self.value,)


def ready(value: T) -> Lazy[T]:
    """A value that is there already."""
    return Lazy(lambda: value)
