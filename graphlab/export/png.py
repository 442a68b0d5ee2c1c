"""One step as a PNG file, at any resolution; and many, for animations and archives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import N_, ExportError, message
from . import typeset
from .job import Job
from .options import RATIOS

_AT_ONCE = 40e6  # pixels that are typeset together: what they are made of is then let go
_MOST = 250e6  # pixels of one picture


def render(job: Job) -> bytes:
    """The picture after one step in pixels: `dpi` / 96 of them for a pixel of the page, or as many as asked for."""
    return next(frames(job))


def frames(job: Job) -> Iterator[bytes]:
    """The picture after each of the steps, all of the same size. Raises ExportError for pictures that are too large."""
    wide, high = size(job)
    if wide * high > _MOST:
        raise ExportError(
            message(N_("a picture of {width} × {height} pixels is too large"), width=round(wide), height=round(high)),
            expected=message(N_("fewer dots per inch (dpi), or a smaller width")),
        )
    at_once = max(1, int(_AT_ONCE / (wide * high)))
    for start in range(0, len(job.steps), at_once):
        job.progress(start, len(job.steps))
        yield from _pages(job, job.steps[start : start + at_once], wide)


def size(job: Job) -> tuple[float, float]:
    """The width and height of every frame, in pixels."""
    from . import drawn

    options = job.options
    density = 1.0 if options.width is not None and not options.on_paper else options.dpi / 96
    if options.words:
        page_width, page_height = RATIOS[options.ratio]
        wide = density * (page_width if options.pixels is None else options.pixels)
        return wide, wide * page_height / page_width
    wide = density * drawn.width(job.picture, options)
    return wide, wide * job.picture.height / job.picture.width


def _pages(job: Job, steps: tuple[int, ...], wide: float) -> list[bytes]:
    # A point of these pages is a pixel of the picture.
    if job.options.words:
        from . import pdf

        return typeset.compile(pdf.document(job, *steps), "png", 72 * wide / RATIOS[job.options.ratio][0])
    return typeset.compile(_document(replace(job, steps=steps)), "png", 72 * wide / job.picture.width)


def _document(job: Job) -> str:
    """The bare pictures as Typst source."""
    from ..diagram.marks import theme
    from ..diagram.marks.still import Stills
    from .drawing import Drawing

    background = job.options.background
    if background == "paper":
        background = theme.palette(job.options.theme)["paper"]
    fill = "none" if background == "transparent" else f'rgb("{background}")'
    drawing = Drawing(Stills(job.picture, job.options.theme, job.options.line))
    pages = [f"#page({drawing.page(step)})" for step in job.steps]
    measures = f"width: {job.picture.width}pt, height: {job.picture.height}pt"
    look = (
        '#set text(font: "STIX Two Math", top-edge: "baseline", bottom-edge: "baseline")\n'
        '#show math.equation: set text(font: "STIX Two Math")\n'
        "#set par(leading: 100pt)"
    )
    head = f"#set page({measures}, margin: 0pt, fill: {fill})\n{look}"
    return "\n".join([head, drawing.definitions, *pages])
