"""One export under way: the walk, its picture, the steps wanted, and the words of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from .options import Options

if TYPE_CHECKING:
    from ..diagram import Folding, Picture
    from ..engine import Walk
    from ..explain.folded_step import FoldedStep
    from ..scenario import Scenario

Progress = Callable[[int, int], None]  # (done, of how many), called before each page; it may raise to end the job


def _silent(done: int, of: int) -> None:
    pass


@dataclass(frozen=True)
class Slide:
    """What stands beside the picture of a step: formulas in LaTeX (either may be empty) and a sentence."""

    step: int
    phase: str
    symbols: str
    numbers: str
    sentence: str


@dataclass(frozen=True)
class Job:
    """What a writer is given. `steps` are numbers of the picture's steps, 0 for the state before the first.

    `folding` is what the picture was folded by, None where it is open.
    """

    scenario: Scenario
    walk: Walk
    picture: Picture
    steps: tuple[int, ...]
    options: Options
    progress: Progress = field(default=_silent, compare=False)
    folding: Folding | None = None

    def slides(self) -> Iterator[Slide]:
        """The slides in the order of `steps`, each told of to `progress` before it is made."""
        for i, step in enumerate(self.steps):
            self.progress(i, len(self.steps))
            yield self.slide(step)

    def slide(self, step: int) -> Slide:
        """The words and formulas of a step."""
        from ..explain import explain

        if step in self._folded:
            told = self._folded[step]
            return Slide(step, told.phase, told.symbols, told.numbers, told.sentence)
        now = self.walk[self.picture.stops[step - 1] - 1] if step else None
        said = explain(self.walk, now, lang=self.options.lang, digits=self.options.decimals)
        return Slide(step, self.picture.phase(step), said.symbols, said.numbers, said.sentence)

    @cached_property
    def _folded(self) -> Mapping[int, FoldedStep]:
        """The steps that are folded boxes, by their number."""
        if self.folding is None or not self.folding.closed:
            return {}
        from ..explain.folded_step import folded_steps

        return folded_steps(self.walk, self.folding, self.picture.folded, self.options.lang, self.options.decimals)
