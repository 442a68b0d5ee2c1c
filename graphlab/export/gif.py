"""An animated GIF, with one palette for all of its frames so that no colour flickers."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from . import animation
from .job import Job

if TYPE_CHECKING:
    from PIL.Image import Image

_FLAT = 96  # colours of areas, which are kept as they are; the others are those of smooth edges
_COLOURS = 255  # one is left for what does not change from frame to frame


def render(job: Job) -> bytes:
    """The steps as a GIF on the paper of the theme, or on the colour asked for."""
    job = replace(job, options=replace(job.options, background=animation.paper(job)))
    found, stays = animation.frames(job)
    files = list(found)
    frames = _with_one_palette(files)
    first = next(frames)
    out = io.BytesIO()
    again = {"loop": 0} if job.options.loop else {}
    if len(files) == 1:
        first.save(out, "GIF", optimize=False)
    else:
        first.save(out, "GIF", save_all=True, append_images=frames, duration=stays, optimize=False, **again)
    return out.getvalue()


def _with_one_palette(files: list[bytes]) -> Iterator[Image]:
    """The frames with the same palette: the most frequent colours exactly as they are, the others as the nearest one."""
    from PIL import Image

    counts: Counter[int] = Counter()
    for file in files:
        colours, numbers = np.unique(_packed(file), return_counts=True)
        counts.update(dict(zip(colours.tolist(), numbers.tolist(), strict=True)))
    ranked = np.array(sorted(counts, key=lambda colour: (-counts[colour], colour)))
    palette = _rgb(ranked[:_FLAT])
    if len(ranked) > _FLAT:
        edges = Image.fromarray(_rgb(ranked[_FLAT:]).astype(np.uint8)[None])
        gathered = edges.quantize(_COLOURS - _FLAT, method=Image.Quantize.MEDIANCUT).getpalette()
        palette = np.concatenate([palette, np.array(gathered).reshape(-1, 3)])[:_COLOURS]
    known = np.sort(ranked)
    nearest = np.array([((palette - c) ** 2).sum(1).argmin() for c in _rgb(known)], dtype=np.uint8)
    for file in files:
        frame = Image.fromarray(nearest[np.searchsorted(known, _packed(file))])
        frame.putpalette(palette.astype(np.uint8).tobytes())
        yield frame


def _packed(file: bytes) -> np.ndarray:
    """The colours of a picture as whole numbers, 0xRRGGBB."""
    from PIL import Image

    pixels = np.asarray(Image.open(io.BytesIO(file)).convert("RGB"), dtype=np.int32)
    return pixels[..., 0] << 16 | pixels[..., 1] << 8 | pixels[..., 2]


def _rgb(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1)
