"""One step as a PNG file, at any resolution."""

from __future__ import annotations

from . import typeset
from .job import Job


def render(job: Job) -> bytes:
    """The picture after one step in pixels: `dpi` / 96 of them for a pixel of the page, or as many as asked for."""
    return frames(job)[0]


def frames(job: Job) -> list[bytes]:
    """The picture after each of the steps, all of the same size."""
    from ..diagram import theme
    from ..diagram.still import Stills
    from . import drawn
    from .drawing import Drawing

    background = job.options.background
    if background == "paper":
        background = theme.palette(job.options.theme)["paper"]
    fill = "none" if background == "transparent" else f'rgb("{background}")'
    drawing = Drawing(Stills(job.picture, job.options.theme, job.options.line))
    pages = []
    for i, step in enumerate(job.steps):
        job.progress(i, len(job.steps))
        pages.append(f"#page({drawing.page(step)})")
    size = f"width: {job.picture.width}pt, height: {job.picture.height}pt"
    look = 'text(font: "STIX Two Math", top-edge: "baseline", bottom-edge: "baseline")'
    source = [
        f"#set page({size}, margin: 0pt, fill: {fill})\n#set {look}\n#set par(leading: 100pt)",
        drawing.definitions,
        *pages,
    ]
    # A point of this page is a pixel of the picture, and 96 of those are an inch.
    options = job.options
    density = 1.0 if options.width is not None and not options.on_paper else options.dpi / 96
    times = density * drawn.width(job.picture, options) / job.picture.width
    return typeset.compile("\n".join(source), "png", 72 * times)
