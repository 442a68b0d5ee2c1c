"""Steps one after the other in one picture that moves: what GIF and WebP have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..errors import N_, ExportError, message
from . import png
from .job import Job

_WIDEST = 1920.0  # pixels, where no width was asked for
_MOST = 250e6  # pixels of all frames together: a byte each while a GIF is put together


def frames(job: Job) -> tuple[Iterator[bytes], list[int]]:
    """The frames as PNG files, all of one size, and the milliseconds that each stays.

    Raises ExportError for more than can be put together.
    """
    if job.options.width is None and png.size(job)[0] > _WIDEST:
        job = replace(job, options=replace(job.options, width=_WIDEST, type_size=None))
    wide, high = png.size(job)
    if wide * high * len(job.steps) > _MOST:
        raise ExportError(
            message(
                N_("{count} frames of {width} × {height} pixels are too many for an animation"),
                count=len(job.steps),
                width=round(wide),
                height=round(high),
            ),
            expected=message(N_("fewer steps, or a smaller width")),
        )
    stays = round(1000 * job.options.pace)
    return png.frames(job), [stays] * (len(job.steps) - 1) + [2 * stays]


def paper(job: Job) -> str:
    """The colour behind the pictures, where transparency has no place."""
    from ..diagram.marks import theme

    given = job.options.background
    return given if given.startswith("#") else theme.palette(job.options.theme)["paper"]
