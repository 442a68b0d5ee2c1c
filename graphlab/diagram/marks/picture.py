"""The picture of a walk as frozen data: shapes, edges and chips with coordinates. Every writer reads only this.

Units are CSS pixels at the natural scale, x to the right, y downwards, (0, 0) the upper left corner of the frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .labels import Label

Role = Literal["value", "gradient", "badge"]
Command = tuple[str, tuple[float, ...]]  # ("M", (x, y)), ("L", (x, y)) or ("C", (x1, y1, x2, y2, x, y))


@dataclass(frozen=True)
class Rect:
    """A rectangle by its edges."""

    left: float
    top: float
    right: float
    bottom: float

    def moved(self, dx: float, dy: float) -> Rect:
        """The same rectangle at another place."""
        return Rect(self.left + dx, self.top + dy, self.right + dx, self.bottom + dy)

    def overlaps(self, other: Rect, gap: float = 0.0) -> bool:
        """Whether the two come nearer than `gap` to each other."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    @property
    def width(self) -> float:
        """Right minus left."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Bottom minus top."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """The middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Text:
    """A short text such as a number, centred on x, its baseline at y, never wider than `width`."""

    text: str
    x: float
    y: float
    size: float
    width: float


@dataclass(frozen=True)
class Cell:
    """One element, or one block of elements, of an array: its rectangle and its level of the colour scale.

    Levels of a value run from 0 to 8, of a gradient from -4 to 4; None is a number that is none.
    """

    rect: Rect
    level: int | None


@dataclass(frozen=True)
class Chip:
    """The numbers of one array at one moment, shown from step `step` on until a later chip takes its place.

    `rect` is the room reserved for it: the same for all chips of a vertex in this role. `box` is what is drawn, `cells`
    and `texts` lie inside it. `title` gives the numbers that a heat map does not spell out. `winners` are the places of
    the elements that an operation has picked so far, as max does. A `blank` one is empty boxes, to be filled in by hand.
    """

    role: Role
    step: int
    rect: Rect
    box: Rect
    texts: tuple[Text, ...] = ()
    cells: tuple[Cell, ...] = ()
    title: str = ""
    part: int = 1
    parts: int = 1
    winners: tuple[Rect, ...] = ()
    blank: bool = False


@dataclass(frozen=True)
class VertexShape:
    """A circle (or, with a long name, a circle drawn out to the sides), with its label and all of its chips.

    `forward` is the step that computes it, 0 where it is known from the start; `backward` are the steps in which its
    gradient takes part: those that bring a part of it, and the one that sends it on. `again` are further steps that
    compute it, where one shape stands for all time steps.
    """

    name: str
    kind: str
    box: Rect
    label: Label
    label_at: tuple[float, float]
    label_scale: float
    forward: int
    backward: tuple[int, ...]
    arrivals: tuple[int, ...]
    values: tuple[Chip, ...]
    gradients: tuple[Chip, ...]
    aria: str
    again: tuple[int, ...] = ()


@dataclass(frozen=True)
class OperationShape:
    """A rounded rectangle with the symbol of its op. `name` is its output's; `backward` None: no gradient passes.

    `folded`: it stands for a cluster of that name, whose steps run from `forward_first` to `forward` and from
    `backward_first` to `backward`. Of one operation the two are the same. `within` is the open block or equation around
    it, by the name of the cluster, and `hint` says how it is folded; both may be empty. Where one shape stands for all time steps,
    `forwards` and `backwards` are all steps that pass it, the first ones among them.
    """

    name: str
    op: str
    box: Rect
    label: Label
    label_at: tuple[float, float]
    label_scale: float
    forward: int
    backward: int | None
    forward_first: int = 0
    backward_first: int | None = None
    folded: bool = False
    forwards: tuple[int, ...] = ()
    backwards: tuple[int, ...] = ()
    within: str = ""
    hint: str = ""


@dataclass(frozen=True)
class FrameShape:
    """The light frame around a time step, with its caption. `name` is that of the cluster, "t=2"."""

    name: str
    box: Rect
    label: Label
    label_at: tuple[float, float]
    label_scale: float


@dataclass(frozen=True)
class ReferenceShape:
    """A small sign of the vertex `name`, which stands elsewhere, where it enters a box; `edge` is the key of its edge."""

    name: str
    kind: str
    edge: str
    box: Rect
    label: Label
    label_at: tuple[float, float]
    label_scale: float


@dataclass(frozen=True)
class EdgeShape:
    """A path from `source` to `target` in the direction of the forward flow, both ends on a boundary.

    `part` is "in" for vertex → operation and "out" for operation → its output. `head` is the arrow head at the target,
    `tail` the one at the source that backward flow uses, each as (x, y, direction x, direction y) with the tip first.
    `stem` joins the badge to its operation where the badge does not lie on the path. `forwards` and `backwards` as of
    an operation, and `badges` those of the later times.
    """

    key: str
    source: str
    target: str
    part: Literal["in", "out"]
    slot: int
    forward: int
    backward: int | None
    path: tuple[Command, ...]
    head: tuple[float, float, float, float]
    tail: tuple[float, float, float, float]
    badge: Chip | None = None
    stem: tuple[Command, ...] = ()
    forwards: tuple[int, ...] = ()
    backwards: tuple[int, ...] = ()
    badges: tuple[Chip, ...] = ()


@dataclass(frozen=True)
class Picture:
    """Everything of a whole walk: shapes in drawing order, with the steps at which they change.

    Where clusters are folded, each of them is one step, and all numbers of steps count so. `stops` gives for every step
    of the picture the step of the whole walk that it ends with: the same number where nothing is folded. `clock` says in
    a rolled picture at which time step the walk is, with a chip for every step at which that changes.
    """

    width: float
    height: float
    steps: int
    first_backward: int
    vertices: tuple[VertexShape, ...]
    operations: tuple[OperationShape, ...]
    edges: tuple[EdgeShape, ...]
    title: str
    frames: tuple[FrameShape, ...] = ()
    references: tuple[ReferenceShape, ...] = ()
    stops: tuple[int, ...] = ()
    clock: tuple[Chip, ...] = ()

    @property
    def folded(self) -> dict[str, tuple[int, int | None]]:
        """The folded boxes by name: the steps at which the walk passes each, forward and, where it does, backward."""
        return {o.name: (o.forward, o.backward) for o in self.operations if o.folded}

    def phase(self, step: int) -> str:
        """ "forward" or "backward": the phase that step belongs to."""
        return "backward" if step >= self.first_backward else "forward"
