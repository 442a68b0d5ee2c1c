"""One export under way: the walk, its picture, the steps wanted, and what is said of each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..engine import Walk
from ..scenario import Scenario
from .options import Options

if TYPE_CHECKING:
    from ..diagram import Picture

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
    """What a writer is given. `steps` are numbers of the picture's steps, 0 for the state before the first."""

    scenario: Scenario
    walk: Walk
    picture: Picture
    steps: tuple[int, ...]
    options: Options
    progress: Progress = field(default=_silent, compare=False)

    def slides(self) -> Iterator[Slide]:
        """The slides in the order of `steps`, each told of to `progress` before it is made."""
        for i, step in enumerate(self.steps):
            self.progress(i, len(self.steps))
            yield self.slide(step)

    def slide(self, step: int) -> Slide:
        """What is said of a step."""
        from ..explain import explain

        now = self.walk[self.picture.stops[step - 1] - 1] if step else None
        said = explain(self.walk, now, lang=self.options.lang)
        return Slide(step, self.picture.phase(step), said.symbols, said.numbers, said.sentence)
