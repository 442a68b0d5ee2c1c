"""One page of an export in pixels, as a page shows it before the file is made."""

from __future__ import annotations

from dataclasses import fields, replace

from . import typeset
from .job import Job, _silent
from .options import DECKS, RATIOS


def preview(job: Job, format: str, step: int, width: int) -> bytes:
    """The page of a step as PNG, about `width` pixels wide: a slide of a deck, the bare picture for every other format.

    Raises ExportError where the writer does.
    """
    if format in DECKS or job.options.words:
        from . import pdf

        return typeset.compile(pdf.document(job, step), "png", 72 * width / RATIOS[job.options.ratio][0])[0]
    from . import png

    dpi = min(max(96 * width / job.picture.width, 36.0), 192.0)
    natural = {f.name: f.default for f in fields(job.options) if f.name in ("width", "type_size")}
    look = replace(job.options, dpi=dpi, **natural)
    return png.render(replace(job, steps=(step,), options=look, progress=_silent))
