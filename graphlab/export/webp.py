"""An animated WebP: without loss, and transparent where asked for."""

from __future__ import annotations

import io

from . import animation
from .job import Job


def render(job: Job) -> bytes:
    """The steps as a WebP file."""
    from PIL import Image

    found, stays = animation.frames(job)
    mode = "RGBA" if job.options.background == "transparent" and not job.options.words else "RGB"
    frames = (Image.open(io.BytesIO(f)).convert(mode) for f in found)
    first = next(frames)
    out = io.BytesIO()
    if len(stays) == 1:
        first.save(out, "WEBP", lossless=True)
    else:
        first.save(
            out, "WEBP", save_all=True, append_images=frames, duration=stays, loop=int(not job.options.loop),
            lossless=True, quality=40,
        )  # fmt: skip
    return out.getvalue()
