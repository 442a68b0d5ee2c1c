"""Numbered frames in one ZIP file, and the words of each step."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

from . import png, svg
from .deck import count
from .job import Job

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a ZIP file can hold: the same input gives the same bytes


def render(job: Job) -> bytes:
    """The steps as SVG or PNG files, mlp-forward-01.svg, and captions.txt with the sentence of each."""
    ending = job.options.frames
    names = [_name(job, step, ending) for step in job.steps]
    captions = []
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, frame in zip(names, _frames(job), strict=True):
            _add(archive, name, frame)
        for name, step in zip(names, job.steps, strict=True):
            slide = job.slide(step)
            captions.append(f"{name}\t{count(job, slide)}\t{' '.join(slide.sentence.split())}\n")
        _add(archive, "captions.txt", "".join(captions).encode())
    return out.getvalue()


def _frames(job: Job) -> Iterator[bytes]:
    if job.options.frames == "png":
        yield from png.frames(job)
        return
    for i, step in enumerate(job.steps):
        job.progress(i, len(job.steps))
        yield svg.render(replace(job, steps=(step,)))


def _name(job: Job, step: int, ending: str) -> str:
    digits = max(2, len(str(job.picture.steps)))
    return f"{job.scenario.name}-{job.picture.phase(step)}-{step:0{digits}d}.{ending}"


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    file = zipfile.ZipInfo(name, _DATE)
    file.create_system = 3
    file.external_attr = 0o644 << 16
    stored = name.endswith(".png")  # it is compressed as it is
    archive.writestr(file, content, zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED, 6)
