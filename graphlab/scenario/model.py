"""Scenario: equations with the sizes, values and captions to show them with. Frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from ..engine import Walk, trace
from ..errors import N_, Message, ScenarioError, message
from ..graph import Block, Graph, Kind
from ..i18n import translator
from ..notation import parse
from .draws import Draw, draw_for, drawn

Shape = tuple[int | str, ...]
Text = Mapping[str, str]  # {"en": …, "ru": …}; one of them may be missing

LARGEST_SIZE = 1024
LARGEST_SEED = 2**32 - 1


def suggestion(name: str, known: Any) -> Message:
    """The help for a name that is not known: the nearest one, or all of them."""
    known = list(known)
    if near := get_close_matches(name, known, 1, 0.6):
        return message(N_("did you mean {name}?"), name=near[0])
    return message(N_("choose one of {names}"), names=", ".join(known))


def in_language(text: Text, lang: str) -> str:
    """The text of a language, or of another one where that is missing; "" where there is none at all."""
    return text.get(lang) or text.get("en") or next(iter(text.values()), "")


@dataclass(frozen=True)
class Size:
    """A size a person can choose: its value in the file, its bounds, and what it counts."""

    default: int
    min: int = 1
    max: int = 8
    labels: Text = field(default_factory=dict)

    def label(self, lang: str = "en") -> str:
        """What the size counts ("hidden units"); "" where the file does not say."""
        return in_language(self.labels, lang)


@lru_cache(maxsize=64)
def _graph(text: str, shapes: tuple, sizes: tuple, kinds: tuple, blocks: tuple) -> Graph:
    # Kept, so that the same scenario is the same Graph object again and whatever hangs on it is found again.
    graph = parse(text, dict(shapes), dict(sizes), dict(kinds))
    named = {name: Block(equations, dict(titles)) for name, equations, titles in blocks}
    return replace(graph, blocks=named) if named else graph


@dataclass(frozen=True)
class Scenario:
    """Equations (`text`), and all it takes to walk through them. Made by `scenario`, `load` or `from_text`.

    name     the file's name without its ending
    of       the scalar vertex that the backward pass starts from
    row      the row of the lecture's checklist, such as "D1"; `order` is its place in the list
    kinds    {vertex: kind}, as declared; the graph knows the kind of every vertex
    shapes   {vertex: shape}, with names of sizes in it, as declared
    sizes    {size: int}, as chosen; `bounds` holds what may be chosen
    batch    the size that counts the objects of a minibatch, or None
    values   {vertex: number or nested tuples}: the literal values, `draws` how to draw others
    blocks   {name: equations that belong together, and their title}: a layer, a cell; they fold into one box
    seed     the seed that `feeds` uses where none is given
    """

    name: str
    text: str
    of: str
    titles: Text = field(default_factory=dict)
    sections: Text = field(default_factory=dict)
    descriptions: Text = field(default_factory=dict)
    captions: Mapping[str, Text] = field(default_factory=dict)
    row: str = ""
    order: int = 0
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    bounds: Mapping[str, Size] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    batch: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    draws: Mapping[str, Draw] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    seed: int = 0

    def __hash__(self) -> int:
        return hash((self.name, self.text, tuple(self.sizes.items()), self.seed))

    @cached_property
    def graph(self) -> Graph:
        """The graph at the chosen sizes. Raises NotationError or ShapeError for equations that can not be read."""
        blocks = tuple((name, b.equations, tuple(b.titles.items())) for name, b in self.blocks.items())
        tables = (tuple(table.items()) for table in (self.shapes, self.sizes, self.kinds))
        return _graph(self.text, *tables, blocks)

    @property
    def parameters(self) -> tuple[str, ...]:
        """The vertices that the walk takes its gradients to."""
        return self.graph.names("parameter")

    def feeds(self, seed: int | None = None) -> dict[str, np.ndarray]:
        """{vertex: float64 array} for everything that has to be fed.

        With seed 0 each vertex has its literal value as long as it fits the chosen sizes; every other seed, and every
        shape with no literal value, is a draw that depends on the seed and the vertex's name and shape alone. A
        literal value that has no draw beside it keeps its number with every seed.
        Raises ScenarioError for a seed that is not a whole number from 0 to 2^32 - 1.
        """
        seed = self.seed if seed is None else check_seed(seed)
        return {name: self._value(name, seed) for name in self.graph.fed}

    def _value(self, name: str, seed: int) -> np.ndarray:
        shape = self.graph.fed_shape(name)
        if name in self.values and (seed == 0 or name not in self.draws):
            literal = np.array(self.values[name], dtype=np.float64)
            if literal.shape == shape:
                return literal
        return drawn(draw_for(self.graph, name, self.draws.get(name)), name, shape, seed)

    def walk(self, seed: int | None = None, *, device: str = "cpu") -> Walk:
        """Every step, forward and then backward to the parameters, as on the slides.

        Where there are no parameters, or `of` does not depend on them, every gradient is walked.
        """
        reached = [name for name in self.parameters if name in self.graph.reaching(self.of)]
        return trace(self.graph, self.feeds(seed), self.of, wrt=reached or None, device=device)

    def with_sizes(self, sizes: Mapping[str, int] | None = None, seed: int | None = None) -> Scenario:
        """The scenario at other sizes and with another seed. Raises ScenarioError for one that is out of bounds."""
        chosen = dict(self.sizes)
        for name, n in (sizes or {}).items():
            if name not in self.bounds:
                raise ScenarioError(
                    message(N_("there is no size {name} in this scenario"), name=name),
                    help=suggestion(name, self.bounds) if self.bounds else None,
                )
            chosen[name] = check_size(name, n, self.bounds[name])
        return replace(self, sizes=chosen, seed=self.seed if seed is None else check_seed(seed))

    def title(self, lang: str = "en") -> str:
        """The title in a language."""
        return in_language(self.titles, lang) or self.name

    def section(self, lang: str = "en") -> str:
        """The lecture's section in a language; "" for a person's own scenario."""
        return in_language(self.sections, lang)

    def description(self, lang: str = "en") -> str:
        """What there is to see, one or two sentences in a language."""
        return in_language(self.descriptions, lang)

    def caption(self, vertex: str, lang: str = "en") -> str:
        """What a vertex means, and at which time step. A temporary says what it was computed from; "" where nothing is
        known.
        """
        if vertex in self.captions:
            return in_language(self.captions[vertex], lang)
        known = self.graph.vertices.get(vertex)
        if known is not None and known.base in self.captions:  # h_2 is what the file says of h
            return f"{in_language(self.captions[known.base], lang)}, t = {known.t}"
        operation = self.graph.producer.get(vertex)
        if operation is None or not operation.text:
            return ""
        return translator(lang)(N_("intermediate value: {text}")).format(text=operation.text)


def is_whole(n: Any) -> bool:
    """Whether n is a whole number; True is not one."""
    return isinstance(n, (int, np.integer)) and not isinstance(n, bool)


def check_seed(seed: Any) -> int:
    """The seed as an int. Raises ScenarioError where it can not be one."""
    if not is_whole(seed) or not 0 <= seed <= LARGEST_SEED:
        raise ScenarioError(
            message(N_("a seed is a whole number from 0 to {most}: got {given}"), most=LARGEST_SEED, given=repr(seed))
        )
    return int(seed)


def check_size(name: str, n: Any, size: Size) -> int:
    """The size as an int. Raises ScenarioError where it is no whole number or out of bounds."""
    if not is_whole(n) or not size.min <= n <= size.max:
        raise ScenarioError(
            message(
                N_("{name} is a whole number from {low} to {high}: got {given}"),
                name=name,
                low=size.min,
                high=size.max,
                given=repr(n)[:40],
            )
        )
    return int(n)
