"""One step as a standalone SVG file."""

from __future__ import annotations

from .job import Job


def render(job: Job) -> bytes:
    """The picture after one step, as an SVG that needs no fonts."""
    from ..diagram import svg

    (step,) = job.steps
    return svg.frame(job.picture, step, theme=job.options.theme, background=job.options.background).encode()
