"""One step as a standalone SVG file."""

from __future__ import annotations

from .job import Job
from .options import UNITS


def render(job: Job) -> bytes:
    """The picture after one step, as an SVG that needs no fonts."""
    from ..diagram import svg
    from . import drawn

    (step,) = job.steps
    options, picture = job.options, job.picture
    size = None
    if options.width is not None or options.type_size is not None:
        # A millimetre on paper stays one: what was asked for in millimetres is written so.
        name = "mm" if options.on_paper else "px"
        wide = drawn.width(picture, options) / UNITS[name]
        high = wide * picture.height / picture.width
        size = (f"{round(wide, 3):g}{name}", f"{round(high, 3):g}{name}")
    return svg.frame(
        picture, step, theme=options.theme, background=options.background, size=size, line=options.line
    ).encode()
