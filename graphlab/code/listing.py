"""A program as lines that know which steps of the walk they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from ..graph import Operation


@dataclass(frozen=True)
class Line:
    """A line of a program. `steps` are the steps of the walk it stands for, by their index; of a heading there are none.

    `phase` is "forward", "backward" or "" and `operation` the one that is computed, or passed back through, if any.
    """

    text: str
    steps: tuple[int, ...] = ()
    phase: str = ""
    operation: Operation | None = None


@dataclass(frozen=True)
class Listing:
    """A whole program. `function` is the name of the function in it that gives (loss, {vertex: gradient}).

    `parameters` says what to call it with: {fed name of the graph: name in the program}, in order.
    """

    language: str
    lines: tuple[Line, ...]
    parameters: Mapping[str, str]
    function: str = "forward_backward"

    @cached_property
    def text(self) -> str:
        """The program, ready to be saved and run."""
        return "\n".join(line.text for line in self.lines) + "\n"

    @cached_property
    def lines_of(self) -> Mapping[int, tuple[int, ...]]:
        """The numbers of the lines of each step, counted from 1; a step that no line stands for is absent."""
        found: dict[int, list[int]] = {}
        for number, line in enumerate(self.lines, 1):
            for step in line.steps:
                found.setdefault(step, []).append(number)
        return MappingProxyType({step: tuple(numbers) for step, numbers in found.items()})
