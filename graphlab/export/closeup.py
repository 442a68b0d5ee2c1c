"""Where to look in a picture that is too large to be read on a page as a whole: the same place for as long as it can be."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagram import Picture
from ..diagram.marks.picture import Rect

_MARGIN = 30.0  # pixels around what a step is about


def views(picture: Picture, steps: Iterable[int], width: float, height: float) -> dict[int, Rect]:
    """{step: the part of the picture to show}, each `width` × `height` pixels and inside the picture where that is larger.

    The view stays where it is while what the step is about lies in it, so that from page to page little moves.
    """
    found: dict[int, Rect] = {}
    view: Rect | None = None
    for step in steps:
        about = _about(picture, step)
        if about is not None and (view is None or not _holds(view, about)):
            view = _around(picture, about, width, height)
        found[step] = view or _around(picture, Rect(0, 0, 0, picture.height), width, height)
    return found


def _about(picture: Picture, step: int) -> Rect | None:
    """What happens at a step: the operation, and the vertices and edges that take part in it."""
    rooms = [o.box for o in picture.operations if step in (o.forward, o.backward, *o.forwards, *o.backwards)]
    rooms += [v.box for v in picture.vertices if step and (step == v.forward or step in (*v.again, *v.backward))]
    rooms += [b.box for e in picture.edges if e.badge is not None for b in (e.badge, *e.badges) if b.step == step]
    if not rooms or not step:
        return None
    return Rect(
        min(r.left for r in rooms) - _MARGIN,
        min(r.top for r in rooms) - _MARGIN,
        max(r.right for r in rooms) + _MARGIN,
        max(r.bottom for r in rooms) + _MARGIN,
    )


def _holds(outer: Rect, inner: Rect) -> bool:
    across = outer.left <= inner.left and inner.right <= outer.right
    return across and outer.top <= inner.top and inner.bottom <= outer.bottom


def _around(picture: Picture, about: Rect, width: float, height: float) -> Rect:
    """A view with `about` in its middle; where that is larger than the view, its right lower end: the operation."""

    def along(low: float, high: float, size: float, whole: float) -> float:
        start = (low + high - size) / 2 if high - low <= size else high - size
        return max(0.0, min(start, whole - size)) if whole > size else (whole - size) / 2

    left = along(about.left, about.right, width, picture.width)
    top = along(about.top, about.bottom, height, picture.height)
    return Rect(left, top, left + width, top + height)
