"""What the pages of a deck have in common, whatever the format: their sizes, what each shows, and the last pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from ..diagram.marks.picture import Rect
from ..errors import N_
from ..i18n import translator
from .job import Job, Slide
from .options import RATIOS

MARGIN, ABOVE, STRIP = 32.0, 62.0, 176.0  # points at the sides, over the picture, and under it
_SMALLEST = 0.5  # points a pixel: a picture that would be smaller is shown in parts
_CLOSE = 0.66  # points a pixel, of such a part
_LARGEST = 1.15  # points a pixel
_PER_PAGE = 6  # gradients on one of the last pages


@dataclass(frozen=True)
class Place:
    """Where a picture stands on its page: `scale` points a pixel, `view` the part of it that is shown, at (x, y)."""

    view: Rect
    x: float
    y: float
    scale: float
    whole: bool


def places(job: Job) -> dict[int, Place]:
    """{step: where and how its picture stands}. All are alike where the picture can be read as a whole."""
    from .closeup import views

    page_width, page_height = RATIOS[job.options.ratio]
    width, height = page_width - 2 * MARGIN, page_height - ABOVE - STRIP
    picture = job.picture
    scale = min(width / picture.width, height / picture.height, _LARGEST)
    whole = scale >= _SMALLEST
    if whole:
        seen = dict.fromkeys(job.steps, Rect(0, 0, picture.width, picture.height))
    else:
        scale = _CLOSE
        seen = views(picture, job.steps, width / scale, height / scale)
    return {
        step: Place(
            view,
            MARGIN + (width - scale * view.width) / 2,
            ABOVE + (height - scale * view.height) / 2,
            scale,
            whole,
        )
        for step, view in seen.items()
    }


def phase(job: Job, slide: Slide) -> str:
    """The word for the slide's phase."""
    t = translator(job.options.lang)
    return t(N_("forward")) if slide.phase == "forward" else t(N_("backward"))


def count(job: Job, slide: Slide) -> str:
    """Which step of how many."""
    return f"{slide.step} / {job.picture.steps}"


def gradients_title(job: Job) -> str:
    """The heading of the last pages."""
    return translator(job.options.lang)(N_("All gradients"))


def gradients(job: Job) -> Iterator[list[str]]:
    """What the walk ends with, page by page, in LaTeX: the loss, and its gradient by every parameter, or by every input."""
    from ..explain import array_latex

    walk, graph = job.walk, job.walk.graph
    loss = graph.vertices[walk.of].latex
    totals = {c.vertex: c.total for step in walk for c in step.contributions}
    wanted = [name for name in graph.names("parameter") if name in totals]
    wanted = wanted or [name for name in graph.names("input") if name in totals]
    show = partial(array_latex, digits=job.options.decimals, rows=6, columns=6)
    found = [rf"{loss} = {show(walk.values[walk.of])}"]
    found += [rf"\nabla_{{{graph.vertices[n].latex}}} {loss} = {show(totals[n])}" for n in wanted]
    for start in range(0, len(found), _PER_PAGE):
        yield found[start : start + _PER_PAGE]
