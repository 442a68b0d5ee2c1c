"""Steps of a walk as files for slides: one function in front of a writer for each format."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import N_, ExportError, message
from .files import write
from .formats import FORMATS, Format, known
from .job import Job, Progress, _silent
from .naming import file_name
from .options import RATIOS, Options
from .steps import chosen_steps

if TYPE_CHECKING:
    from ..diagram import Folding
    from ..engine import Walk
    from ..scenario import Scenario


def render(
    scenario: Scenario,
    format: str,
    *,
    steps: Any = None,
    seed: int | None = None,
    progress: Progress = _silent,
    **look: Any,
) -> bytes:
    """The content of the file that `export` would write, as bytes.

    `format` is a file name's ending without the dot, one of `FORMATS`. `progress(done, of)` is called before each page
    and may raise to end the job. Raises ExportError as `export` does.
    """
    return FORMATS[known(format)].render(
        ready(scenario, format, Options(**look), steps=steps, seed=seed, progress=progress)
    )


def ready(
    scenario: Scenario,
    format: str,
    options: Options,
    *,
    steps: Any = None,
    seed: int | None = None,
    progress: Progress = _silent,
    **shown: Any,
) -> Job:
    """A job that the format's writer can do; `shown` is the walk and the folding of a page. Raises ExportError."""
    many = FORMATS[known(format)].many
    job = prepare(scenario, options, ("all" if many else "last") if steps is None else steps, seed, progress, **shown)
    if not many and len(job.steps) != 1:
        raise ExportError(
            message(N_("{format} is one picture: it takes one step"), format=format.upper()),
            expected=message(N_("a step from 0 to {last}"), last=job.picture.steps),
            help=message(N_("many steps go into {formats}"), formats=", ".join(f for f in FORMATS if FORMATS[f].many)),
        )
    return job


def prepare(
    scenario: Scenario,
    options: Options,
    steps: Any,
    seed: int | None = None,
    progress: Progress = _silent,
    *,
    walk: Walk | None = None,
    folding: Folding | None = None,
) -> Job:
    """A job for the writers. Raises ExportError for steps, vertices or a direction that there are not.

    `walk` and `folding` are what a page shows, where that is not what the scenario and the options say.
    """
    # Drawing takes a while to import, and a program that only runs graphs does not need it.
    from ..diagram import FOLDINGS, Folding
    from . import drawn

    walk = scenario.walk(seed) if walk is None else walk
    if options.rolled:
        folding = Folding.open_all()
    elif folding is None:
        folding = FOLDINGS[options.fold](walk.graph)
    picture = drawn.picture(walk, folding, options)
    chosen = chosen_steps(steps, picture.steps, picture.first_backward)
    if options.only and isinstance(steps, str):  # "all" means all that is seen
        chosen = drawn.seen(picture, chosen)
    if options.crop:
        picture = drawn.cropped(picture, chosen)
    return Job(scenario, walk, picture, chosen, options, progress, folding)


def export(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    steps: Any = None,
    seed: int | None = None,
    progress: Progress = _silent,
    **look: Any,
) -> Path:
    """Write steps of the scenario's walk to `path`, whose ending says in which format, and return the path.

    `steps` is a step's number, 0 for the state before the first, "all", "forward", "backward", "last", a range "3-7" or
    a list of numbers; by default all, or the last one for a format that holds one picture. A file that is there
    is replaced, whole or not at all. `look` are the fields of `Options`:

    lang, theme, background     the words, the colours ("light", "dark", "print", "colour-blind"), what is behind them
    fold                        "auto", as reads well; "open", "gates", "blocks", "folded": a folded box is one step
    only                        names of vertices: these alone, with what lies between them
    values, gradients, digits   whether there are chips with them, and the decimals in chips and formulas
    scale, direction            of the type; "lr" from left to right, "tb" from top to bottom
    crop, line                  a frame close around what is seen; how many times as wide lines are
    width, type_size            of an SVG or PNG: 800 pixels, or "120mm"; the names of vertices in points
    ratio, dpi                  of a deck's pages, "16:9" or "4:3"; of pictures made of pixels

    Raises ExportError for a format, step, look or path that can not be used.
    """
    path = Path(path)
    write(path, render(scenario, path.suffix[1:].lower(), steps=steps, seed=seed, progress=progress, **look))
    return path


__all__ = [
    "FORMATS",
    "RATIOS",
    "Format",
    "Job",
    "Options",
    "Progress",
    "export",
    "file_name",
    "known",
    "prepare",
    "ready",
    "render",
    "write",
]
