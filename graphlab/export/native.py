"""The parts of a picture as shapes that a lecturer can move and recolour: ovals, connectors glued to them, groups by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count, pairwise
from math import hypot

from ..diagram.marks import labels, theme
from ..diagram.marks.picture import Command, EdgeShape, Rect
from ..diagram.marks.still import Box, Circle, Formula, Line, Look, Mark, Part, Path, Stills
from . import drawingml as d
from .deck import Place
from .drawing import room
from .runs import Run, plain, runs

_IDS = 10_000  # numbers of shapes for each part: more than any heat map has cells
_FIRST = 1_000  # those below are for what else stands on a slide
_OVER = (24.0, 5.0)  # points by which a shape may stand over the sides of a view, and over its top and bottom
_BODIES = ("outline", "shape")
_LINE = 1.5  # heights of its type that a line of text is given
_MIDDLE = 0.35  # of the type size: the middle of a line over its baseline
_PIECES = 12  # straight lines in place of a curve that is cut

# Where connectors can be glued, by PowerPoint's numbers, from the middle in halves of the width and the height.
_D = 0.5**0.5
_OVAL = ((0, -1), (-_D, -_D), (-1, 0), (-_D, _D), (0, 1), (_D, _D), (1, 0), (_D, -_D))
_RECTANGLE = ((0, -1), (-1, 0), (0, 1), (1, 0))


class Scene:
    """The pictures of a deck as shapes. What looks alike on two slides, at one place, is written once."""

    def __init__(self, stills: Stills, lang: str) -> None:
        self.lang = lang
        self._stills = stills
        picture = stills.picture
        self._about = {v.name: v.aria for v in picture.vertices}
        self._symbols = {o.name: plain(o.label.source) for o in picture.operations}
        self.edges = {e.key: e for e in picture.edges}
        self._bodies: dict[tuple[str, str], tuple[int, Box | Circle]] = {}
        self._written: dict[tuple[str, Place], str] = {}
        entered = iter([r.edge for r in picture.references])
        for i, part in enumerate(stills.at(0)):
            body = next((m for m in part.marks if m.style in _BODIES), None)
            if body is not None:
                name = next(entered) if part.kind == "reference" else part.name
                self._bodies[part.kind, name] = _first(i) + 1, body

    def shapes(self, step: int, place: Place) -> str:
        """The picture after a step."""
        return "".join(self._part(i, part, place) for i, part in enumerate(self._stills.at(step)))

    def overview(self, view: Rect, r: Rect) -> str:
        """In `r`, the whole picture in little, and in it the frame of a view."""
        picture, colours = self._stills.picture, theme.palette(self._stills.theme)
        k = r.width / picture.width
        ids = count(20)
        children = []
        for kind in sorted({v.kind for v in picture.vertices}):
            dots: list[Command] = []
            for v in picture.vertices:
                if v.kind == kind:
                    dots += _square(r.left + k * v.box.left, r.top + k * v.box.top, k * v.box.height)
            bounds = _bounds(dots)
            paint = d.fill(colours[f"{kind}-line"]) + d.stroke(None)
            children.append(d.shape(next(ids), kind, bounds, d.path(dots, bounds, True), paint))
        frame = Rect(
            r.left + k * max(view.left, 0),
            r.top + k * max(view.top, 0),
            r.left + k * min(view.right, picture.width),
            r.top + k * min(view.bottom, picture.height),
        )
        paint = d.fill(d.INK, 0.1) + d.stroke(d.INK, 1.5)
        children.append(d.shape(next(ids), "view", frame, d.preset("rect"), paint))
        return d.group(19, "map", r, children)

    def _part(self, i: int, part: Part, place: Place) -> str:
        at = part.key, place
        if at not in self._written:
            self._written[at] = _Sheet(self, place).part(i, part)
        return self._written[at]

    def name(self, part: Part) -> str:
        """The name under which a lecturer finds the part: x, tmp_1 = ×, x → tmp_1."""
        match part.kind:
            case "operation":
                return f"{part.name} = {self._symbols[part.name]}"
            case "edge":
                e = self.edges[part.name]
                source = self._symbols.get(e.source, e.source) if e.part == "out" else e.source
                return f"{source} → {e.target}"
        return part.name

    def description(self, part: Part) -> str:
        """What a screen reader says of the part."""
        return self._about.get(part.name, "") if part.kind == "vertex" else ""

    def ends(self, e: EdgeShape) -> Iterator[tuple[int, Box | Circle] | None]:
        """The shapes at the start and the end of an edge, each with its id."""
        kinds = ("vertex", "operation") if e.part == "in" else ("operation", "vertex")
        for kind, name in zip(kinds, (e.source, e.target), strict=True):
            sign = self._bodies.get(("reference", e.key)) if kind == "vertex" and e.part == "in" else None
            yield sign or self._bodies.get((kind, name))


class _Sheet:
    """A part of the picture at its place on a slide."""

    def __init__(self, scene: Scene, place: Place) -> None:
        self.scene = scene
        self.k = place.scale
        self.left = place.x - place.scale * place.view.left
        self.top = place.y - place.scale * place.view.top
        across, along = (over / place.scale for over in _OVER)
        view = place.view
        self.seen = (
            None
            if place.whole
            else Rect(view.left - across, view.top - along, view.right + across, view.bottom + along)
        )

    def rect(self, r: Rect) -> Rect:
        """A rectangle of the picture on the slide."""
        return Rect(*self.point(r.left, r.top), *self.point(r.right, r.bottom))

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the picture on the slide."""
        return self.left + self.k * x, self.top + self.k * y

    def part(self, i: int, part: Part) -> str:
        """The shapes of a part; "" where it can not be seen."""
        if not part.marks and not part.chips:
            return ""
        if part.kind == "edge":
            return self._edge(i, part)
        if part.kind == "frame":
            return self._frame(i, part)
        if part.kind == "clock":
            seen = [marks for marks in part.chips.values() if marks and self._visible(_extent(marks))]
            return "".join(self._chip(count(_first(i)), "t", marks) for marks in seen)
        body = next(m for m in part.marks if m.style in _BODIES)
        if not self._visible(room(body)):
            return ""
        ids = count(_first(i) + 2)
        name, description = self.scene.name(part), self.scene.description(part)
        chips = [(role, marks) for role, marks in part.chips.items() if marks and self._visible(_extent(marks))]
        alone = not chips and len(part.marks) == 2
        label = next((m for m in part.marks if isinstance(m, Formula)), None)
        children = []
        for mark in part.marks:
            if mark is body:
                title = name if alone else f"{name} {mark.style}"
                text = self._label(label) if label else ""
                about = description if alone else ""
                children.append(self._shape(_first(i) + 1, title, mark, text, about))
            elif mark is not label:
                children.append(self._shape(next(ids), f"{name} {mark.style}", mark))
        children += [self._chip(ids, f"{name} {role}", marks) for role, marks in chips]
        if alone:
            return children[0]
        bounds = _extent([*part.marks, *(m for _, marks in chips for m in marks)])
        return d.group(_first(i), name, self.rect(bounds), children, description)

    def _visible(self, r: Rect) -> bool:
        s = self.seen
        return s is None or (s.left <= r.left and r.right <= s.right and s.top <= r.top and r.bottom <= s.bottom)

    def _shape(self, id: int, name: str, mark: Mark, text: str = "", about: str = "") -> str:
        match mark:
            case Box(rect=r, radius=radius):
                at = self.rect(r)
                return d.shape(id, name, at, d.rounded(at, radius * self.k), self._paint(mark.look), text, about)
            case Circle():
                return d.shape(
                    id, name, self.rect(room(mark)), d.preset("ellipse"), self._paint(mark.look), text, about
                )
            case Path(commands=commands):
                on = self._commands(commands)
                bounds = _bounds(on)
                geometry = d.path(on, bounds, mark.look.fill is not None)
                return d.shape(id, name, bounds, geometry, self._paint(mark.look))
            case Formula():
                return d.text_box(id, name, self.rect(room(mark)), self._label(mark))
        return self._line(id, name, mark)

    def _line(self, id: int, name: str, mark: Line) -> str:
        """A number that stands by itself."""
        t = mark.text
        middle = t.y - _MIDDLE * t.size
        r = Rect(t.x - t.width / 2, middle - _LINE / 2 * t.size, t.x + t.width / 2, middle + _LINE / 2 * t.size)
        return d.text_box(id, name, self.rect(r), self._text(mark))

    def _commands(self, commands: Iterable[Command]) -> list[Command]:
        return [
            (letter, tuple(v for p in zip(values[::2], values[1::2], strict=True) for v in self.point(*p)))
            for letter, values in commands
        ]

    def _paint(self, look: Look) -> str:
        return d.fill(look.fill, look.opacity) + self._stroke(look)

    def _stroke(self, look: Look, heads: tuple[float, float] = (0, 0)) -> str:
        dash = tuple(length / look.width for length in look.dash) if look.width else ()
        return d.stroke(look.stroke, self.k * look.width, look.opacity, dash, look.round_ends, heads)

    def _label(self, mark: Formula, align: str = "ctr") -> str:
        size = labels.SIZE * mark.scale * self.k
        paint = d.fill(mark.look.fill, mark.look.opacity)
        return d.body([d.words(runs(mark.label.source), size, paint, self.scene.lang, d.SERIF)], align)

    def _text(self, mark: Line) -> str:
        t = mark.text
        natural = labels.text_width(t.text, t.size)
        size = self.k * t.size * (min(1.0, t.width / natural) if natural else 1.0)
        paint = d.fill(mark.look.fill, mark.look.opacity)
        return d.body([d.words([Run(t.text)], size, paint, self.scene.lang, d.SANS)])

    def _chip(self, ids: Iterator[int], name: str, marks: tuple[Mark, ...]) -> str:
        """The numbers of one array. A number is the text of its cell, or of the chip where it is the only one."""
        boxes = [m for m in marks if isinstance(m, Box) and m.look.fill is not None]
        lines = [m for m in marks if isinstance(m, Line)]
        cells = [m for m in boxes if m.style != "box"] or (boxes if len(lines) == 1 else [])
        texts: dict[int, Line] = {}
        for line in lines:
            cell = next((c for c in cells if _inside(c.rect, line)), None)
            if cell is not None:
                texts[id(cell)] = line
        within = {id(line) for line in texts.values()}
        drawn = [m for m in marks if id(m) not in within]
        own = next(ids)
        if len(drawn) == 1:
            inner = texts.get(id(drawn[0]))
            return self._shape(own, name, drawn[0], self._text(inner) if inner else "")
        children = []
        for mark in drawn:
            inner = texts.get(id(mark))
            title = f"{name} {mark.style if mark.style in ('box', 'rule', 'number', 'caption') else 'cell'}"
            children.append(self._shape(next(ids), title, mark, self._text(inner) if inner else ""))
        return d.group(own, name, self.rect(_extent(marks)), children)

    def _frame(self, i: int, part: Part) -> str:
        found = []
        for n, mark in enumerate(part.marks):
            if isinstance(mark, Box):
                r = mark.rect
                if self.seen is not None:
                    s = self.seen
                    if not r.overlaps(s):
                        return ""
                    r = Rect(max(r.left, s.left), max(r.top, s.top), min(r.right, s.right), min(r.bottom, s.bottom))
                radius = mark.radius if r == mark.rect else 0
                found.append(self._shape(_first(i) + n, part.name, replace(mark, rect=r, radius=radius)))
            elif isinstance(mark, Formula) and self._visible(room(mark)):
                box = self.rect(room(mark))
                text = self._label(mark, "l")
                found.append(d.text_box(_first(i) + n, f"{part.name} caption", box, text))
        return "".join(found)

    def _edge(self, i: int, part: Part) -> str:
        e = self.scene.edges[part.name]
        name = self.scene.name(part)
        ids = count(_first(i))
        styles = {m.style: m for m in part.marks}
        found = []
        if "line" in styles:
            heads = tuple(11.0 * self.k if style in styles else 0.0 for style in ("tail", "head"))
            found += self._flow(ids, name, e, styles["line"], heads)
        if "stem" in styles and self._visible(room(styles["stem"])):
            found.append(self._shape(next(ids), f"{name} stem", styles["stem"]))
        for role, marks in part.chips.items():
            if marks and self._visible(_extent(marks)):
                found.append(self._chip(ids, f"{name} {'gradient' if role == 'badge' else role}", marks))
        return "".join(found)

    def _flow(
        self, ids: Iterator[int], name: str, e: EdgeShape, mark: Path, heads: tuple[float, float]
    ) -> Iterator[str]:
        """The line of an edge: a connector where it is straight, and pieces of it where the view cuts it."""
        ends = [end if end and self._visible(room(end[1])) else None for end in self.scene.ends(e)]
        whole = self.seen is None or self._visible(_bounds(mark.commands))
        pieces = [mark.commands] if whole else _cut(mark.commands, self.seen)
        for commands in pieces:
            first, last = commands[0][1], commands[-1][1][-2:]
            reached = [whole or first == mark.commands[0][1], whole or last == mark.commands[-1][1][-2:]]
            tips = tuple(
                h if ok and (end or self.seen is None) else 0.0 for h, ok, end in zip(heads, reached, ends, strict=True)
            )
            line = self._stroke(mark.look, tips)
            if len(commands) == 2 and commands[1][0] == "L":
                glue = tuple(
                    _glue(end, at) if ok and end else None
                    for end, at, ok in zip(ends, (first, last), reached, strict=True)
                )
                yield d.connector(next(ids), name, self.point(*first), self.point(*last), line, glue)
            else:
                on = self._commands(commands)
                bounds = _bounds(on)
                yield d.shape(next(ids), name, bounds, d.path(on, bounds, False), d.fill(None) + line)


def _first(i: int) -> int:
    """The first of the numbers for the shapes of the picture's part `i`."""
    return _FIRST + _IDS * i


def _extent(marks: Iterable[Mark]) -> Rect:
    rooms = [room(m) for m in marks]
    return Rect(
        min(r.left for r in rooms),
        min(r.top for r in rooms),
        max(r.right for r in rooms),
        max(r.bottom for r in rooms),
    )


def _bounds(commands: Iterable[Command]) -> Rect:
    points = [values for _, values in commands]
    xs, ys = [v for p in points for v in p[::2]], [v for p in points for v in p[1::2]]
    return Rect(min(xs), min(ys), max(xs), max(ys))


def _square(left: float, top: float, side: float) -> list[Command]:
    right, bottom = left + side, top + side
    return [("M", (left, top)), ("L", (right, top)), ("L", (right, bottom)), ("L", (left, bottom)), ("Z", ())]


def _inside(r: Rect, line: Line) -> bool:
    """Whether a line of text stands in the middle of a box."""
    x, y = r.centre
    middle = line.text.y - _MIDDLE * line.text.size
    return abs(line.text.x - x) < 1 and abs(middle - y) < r.height / 4


def _off(r: Rect, x: float, y: float) -> tuple[float, float]:
    """How far a point lies beside a rectangle."""
    return max(r.left - x, 0, x - r.right), max(r.top - y, 0, y - r.bottom)


def _glue(end: tuple[int, Box | Circle], at: tuple[float, ...]) -> tuple[int, int]:
    """The id of a shape, and the number of the connection site nearest to where an edge ends."""
    id, body = end
    r = room(body)
    x, y = r.centre
    sites = _OVAL if isinstance(body, Circle) else _RECTANGLE
    away = [hypot(x + a * r.width / 2 - at[0], y + b * r.height / 2 - at[1]) for a, b in sites]
    return id, away.index(min(away))


def _cut(commands: Iterable[Command], view: Rect) -> list[list[Command]]:
    """The pieces of a path that lie in a view, curves as short straight lines."""
    points: list[tuple[float, float]] = []
    for letter, values in commands:
        if letter == "C":
            points += (_along(points[-1], values, n / _PIECES) for n in range(1, _PIECES + 1))
        else:
            points.append((values[0], values[1]))
    pieces: list[list[Command]] = []
    for a, b in pairwise(points):
        inside = _segment(a, b, view)
        if inside is None:
            continue
        start, end = inside
        if not pieces or pieces[-1][-1][1] != start:
            pieces.append([("M", start)])
        pieces[-1].append(("L", end))
    return pieces


def _along(start: tuple[float, float], c: tuple[float, ...], t: float) -> tuple[float, float]:
    """A point of a cubic curve."""
    if t == 1:
        return c[4], c[5]
    s = 1 - t
    x, y = (s**3 * start[i] + 3 * s * s * t * c[i] + 3 * s * t * t * c[2 + i] + t**3 * c[4 + i] for i in (0, 1))
    return x, y


def _segment(a: tuple[float, float], b: tuple[float, float], view: Rect):
    """The part of a straight line that lies in a view, after Liang and Barsky; None where there is none."""
    low, high = 0.0, 1.0
    dx, dy = b[0] - a[0], b[1] - a[1]
    for p, q in ((-dx, a[0] - view.left), (dx, view.right - a[0]), (-dy, a[1] - view.top), (dy, view.bottom - a[1])):
        if p == 0 and q < 0:
            return None
        if p < 0:
            low = max(low, q / p)
        elif p > 0:
            high = min(high, q / p)
    if low >= high:
        return None
    start = a if low == 0 else (a[0] + low * dx, a[1] + low * dy)
    return start, b if high == 1 else (a[0] + high * dx, a[1] + high * dy)
