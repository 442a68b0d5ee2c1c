"""The player and a whole walk in one HTML file, which opens offline in any browser."""

from __future__ import annotations

from ..errors import N_, ExportError, message
from .job import Job

LARGEST = 64_000_000  # bytes; beyond it a browser takes minutes to open the file


def render(job: Job) -> bytes:
    """The whole walk in a player that opens offline; it begins at the first of the steps asked for.

    Raises ExportError for a walk too large for a file.
    """
    # Imported here: the other formats do not need the player.
    from ..diagram import Folding
    from ..player.choices import Choices
    from ..player.payload import payload_of
    from ..player.shown_walk import ShownWalk
    from ..player.standalone import standalone_html

    job.progress(0, 1)
    folding = job.folding or Folding.open_all()
    choices = Choices(lang=job.options.lang, rolled=job.options.rolled)
    shown = ShownWalk(job.walk, job.scenario, folding, choices)
    title = job.scenario.title(job.options.lang)
    payload = payload_of(shown, title=title, stem=job.scenario.name, whole=True)
    whole_walk = len(job.steps) > job.picture.steps
    begin = 0 if whole_walk else job.steps[0]
    theme = job.options.theme if job.options.theme in ("light", "dark") else "auto"
    page = standalone_html({**payload, "step": begin, "theme": theme}).encode()
    if len(page) > LARGEST:
        raise ExportError(
            message(N_("this walk is too large for one file: {n} MB"), n=len(page) // 1_000_000),
            help=message(N_("fold its time steps, or choose a smaller T")),
        )
    return page
