"""The marks of a picture as Typst source. Each look of a part is described once; a page lists the parts it shows."""

from __future__ import annotations

from functools import lru_cache

from ..diagram.marks import labels
from ..diagram.marks.picture import Rect
from ..diagram.marks.still import Box, Circle, Formula, Line, Look, Mark, Part, Path, Stills, room
from ..explain import UnsafeFormula
from . import typeset

# Lengths are Typst's pt for pixels of the picture; the whole is scaled where it is placed.

_ROOM = 400.0  # more than any label is wide


class Drawing:
    """Pictures of many steps for one Typst document: `page` gives an expression, `definitions` what it refers to."""

    def __init__(self, stills: Stills) -> None:
        self.stills = stills
        self._labels: dict[str, str] = {}  # LaTeX: the name under which it is defined
        self._rooms: dict[str, list[Rect]] = {}
        self._parts: dict[str, str] = {}  # the key of a part: its definition

    def page(self, step: int, view: Rect | None = None) -> str:
        """A Typst expression for the picture after `step`, as large as its frame; of the part in `view` where one is given."""
        picture = self.stills.picture
        whole = Rect(0, 0, picture.width, picture.height)
        parts = [p for p in self.stills.at(step) if (p.marks or p.chips) and (view is None or self._lies(p, view))]
        for part in parts:
            if part.key not in self._parts:
                self._parts[part.key] = f"#let {part.key} = {{{'; '.join(map(self._mark, part))}}}"
        body = "; ".join(part.key for part in parts)
        shown = view or whole
        if view is not None:
            body = _place(-view.left, -view.top, f"{{{body}}}")
        return f"box(width: {_pt(shown.width)}, height: {_pt(shown.height)}, clip: {str(view is not None).lower()}, {{{body}}})"

    def _lies(self, part: Part, view: Rect) -> bool:
        """Whether some of the part can be seen in the view."""
        if part.key not in self._rooms:
            self._rooms[part.key] = [room(mark) for mark in part]
        return any(r.overlaps(view) for r in self._rooms[part.key])

    @property
    def definitions(self) -> str:
        """Typst source that has to stand above the pages."""
        typeset = (f"#let {name} = {_typeset(source)}" for source, name in self._labels.items())
        return "\n".join([*typeset, *self._parts.values()])

    def _mark(self, mark: Mark) -> str:
        if not isinstance(mark, Formula):
            return _plain(mark)
        name = self._labels.setdefault(mark.label.source, f"l{len(self._labels)}")
        style = f"size: {_pt(mark.scale * labels.SIZE)}, fill: {_colour(mark.look.fill, mark.look.opacity)}"
        # Two typesetters may space a label differently by a hair: it is centred on the ink that was measured.
        middle = mark.x + mark.scale * (mark.label.left + mark.label.right) / 2
        body = f"box(width: {_pt(_ROOM)}, align(center, text({style}, {name})))"
        return _place(middle - _ROOM / 2, mark.y, body)


def _pt(x: float) -> str:
    return f"{x:.2f}".rstrip("0").rstrip(".") + "pt"


def _colour(colour: str | None, opacity: float) -> str:
    if colour is None:
        return "none"
    return f'rgb("{colour}")' if opacity >= 1 else f'rgb("{colour}").transparentize({round(100 * (1 - opacity))}%)'


def _stroke(look: Look) -> str:
    if look.stroke is None or not look.width:
        return "none"
    more = f", dash: ({', '.join(map(_pt, look.dash))})" if look.dash else ""
    more += ', cap: "round"' if look.round_ends else ""
    return f"(paint: {_colour(look.stroke, look.opacity)}, thickness: {_pt(look.width)}{more})"


def _place(x: float, y: float, body: str) -> str:
    return f"place(dx: {_pt(x)}, dy: {_pt(y)}, {body})"


def _painted(look: Look) -> str:
    return f"fill: {_colour(look.fill, look.opacity)}, stroke: {_stroke(look)}"


def _plain(mark: Box | Circle | Path | Line) -> str:
    look = mark.look
    match mark:
        case Box(rect=r, radius=radius):
            size = f"width: {_pt(r.width)}, height: {_pt(r.height)}, radius: {_pt(radius)}"
            return _place(r.left, r.top, f"rect({size}, {_painted(look)})")
        case Circle(x=x, y=y, r=r):
            return _place(x - r, y - r, f"circle(radius: {_pt(r)}, {_painted(look)})")
        case Path(commands=commands):
            return f"place(curve({_painted(look)}, {', '.join(map(_step, commands))}))"
        case Line(text=t):
            width = labels.text_width(t.text, t.size)
            across = min(1.0, t.width / width) if width else 1.0
            body = (
                f"text(size: {_pt(t.size)}, fill: {_colour(look.fill, look.opacity)}, {typeset.string(_sans(t.text))})"
            )
            if across < 0.995:
                body = f"scale(x: {across * 100:.1f}%, origin: left, reflow: true, {body})"
            return _place(t.x - across * width / 2, t.y, body)


def _step(command: tuple[str, tuple[float, ...]]) -> str:
    letter, values = command
    points = [f"({_pt(x)}, {_pt(y)})" for x, y in zip(values[::2], values[1::2], strict=True)]
    names = {"M": "move", "L": "line", "C": "cubic", "Z": "close"}
    return f"curve.{names[letter]}({', '.join(points)})"


def _sans(text: str) -> str:
    return "".join(labels.sans(c) for c in text)


@lru_cache(maxsize=2048)
def _typeset(source: str) -> str:
    if source.startswith("text "):
        return typeset.string(_sans(source[5:]))
    try:
        return typeset.equation(source, block=False)
    except UnsafeFormula:
        return typeset.string(source)
