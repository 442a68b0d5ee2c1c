"""One step as a standalone SVG file."""

from __future__ import annotations

from typing import Any

from ..engine import Walk
from ..errors import N_, ExportError, message
from .options import Options


def chosen_step(walk: Walk, steps: Any) -> int:
    """The one step that was asked for, the last by default. Raises ExportError for several, or one there is not."""
    if steps is None:
        return len(walk)
    if isinstance(steps, bool) or not hasattr(steps, "__index__"):
        raise ExportError(
            message(N_("an SVG is one picture: it takes one step")),
            expected=message(N_("a step from 0 to {last}"), last=len(walk)),
        )
    step = steps.__index__()
    if not 0 <= step <= len(walk):
        raise ExportError(
            message(N_("there is no step {step}"), step=step),
            expected=message(N_("a step from 0 to {last}"), last=len(walk)),
        )
    return step


def render(walk: Walk, steps: Any, options: Options) -> bytes:
    """The picture after one step, as an SVG that needs no fonts."""
    # Drawing takes a while to import, and whoever only runs graphs has no use for it.
    from .. import diagram

    step = chosen_step(walk, steps)
    picture = diagram.draw(walk, options=diagram.Options(lang=options.lang))
    return diagram.svg.frame(picture, step, theme=options.theme, background=options.background).encode()
