"""An animated GIF, with one palette for all of its frames so that no colour flickers."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from . import animation
from .job import Job

if TYPE_CHECKING:
    from PIL.Image import Image

_FLAT = 96  # colours of areas, which are kept as they are; the others are those of smooth edges
_COLOURS = 255  # one is left for what does not change from frame to frame


def render(job: Job) -> bytes:
    """The steps as a GIF on the paper of the theme, or on the colour asked for."""
    from PIL import Image

    job = replace(job, options=replace(job.options, background=animation.paper(job)))
    found, stays = animation.frames(job)
    files = list(found)
    palette = _palette(Image.open(io.BytesIO(f)).convert("RGB") for f in files)
    frames = (
        Image.open(io.BytesIO(f)).convert("RGB").quantize(palette=palette, dither=Image.Dither.NONE) for f in files
    )
    first = next(frames)
    out = io.BytesIO()
    again = {"loop": 0} if job.options.loop else {}
    if len(files) == 1:
        first.save(out, "GIF", optimize=False)
    else:
        first.save(out, "GIF", save_all=True, append_images=frames, duration=stays, optimize=False, **again)
    return out.getvalue()


def _palette(frames: Iterable[Image]) -> Image:
    """A palette image for all the frames: the most frequent colours as they are, the others gathered to few."""
    from PIL import Image

    counts: Counter[tuple[int, int, int]] = Counter()
    for frame in frames:
        for count, colour in frame.getcolors(frame.width * frame.height):
            counts[colour] += count
    ranked = sorted(counts, key=lambda colour: (-counts[colour], colour))
    flat, others = ranked[:_FLAT], ranked[_FLAT:]
    colours = list(flat)
    if others:
        strip = Image.new("RGB", (len(others), 1))
        strip.putdata(others)
        gathered = strip.quantize(_COLOURS - len(flat), method=Image.Quantize.MEDIANCUT).getpalette()
        colours += zip(*[iter(gathered)] * 3, strict=True)
    palette = Image.new("P", (1, 1))
    palette.putpalette([v for colour in colours[:_COLOURS] for v in colour])
    return palette
