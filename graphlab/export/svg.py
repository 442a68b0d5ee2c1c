"""One step as a standalone SVG file."""

from __future__ import annotations

from typing import Any

from ..engine import Walk
from ..errors import N_, ExportError, message


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


def render(walk: Walk, steps: Any, lang: str, theme: str) -> bytes:
    """The picture after one step. It holds no words, so it is the same in every language."""
    from .. import diagram

    step = chosen_step(walk, steps)
    return diagram.svg.frame(diagram.draw(walk), step, theme=theme).encode()
