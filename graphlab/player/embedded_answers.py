"""Precomputed answers embedded in the HTML export, which has no server to query."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any

import numpy as np

from ..code import LANGUAGES
from ..errors import GraphlabError
from .answers.step_card import LISTED
from .packing import pack
from .questions import KINDS
from .shown_walk import ShownWalk

SMALL = 200  # steps of a walk whose answers are all made; of a larger one only the programs go along
FEW = 16  # elements of an array that can be followed one by one
PAIRS = 900  # gradients of a vertex by a vertex
BETWEEN, WITHIN = "/", ","  # the details of a question, and the items of one that is a list
ROOM = 2_000_000  # bytes of a kind of answers, packed; a kind that takes more stays out


def question_key(details: Mapping[str, Any]) -> str:
    """A question's details as one text, as js/lib/desk.js spells it: {"vertex": "W_1", "index": [2, 1]} is "W_1/2,1"."""
    return BETWEEN.join(WITHIN.join(map(str, v)) if isinstance(v, list) else str(v) for v in details.values())


def embedded_answers(shown: ShownWalk) -> dict[str, str]:
    """The answers of a walk by kind, each kind packed: {question_key: answer}."""
    packed = {kind: pack(_answered(shown, kind, asked)) for kind, asked in _questions(shown)}
    return {kind: text for kind, text in packed.items() if len(text) <= ROOM}


def _questions(shown: ShownWalk) -> Iterator[tuple[str, Sequence[dict[str, Any]]]]:
    """What may be asked of a walk, by kind: the details as the tabs give them, names in the same order."""
    yield "code", [{"language": language} for language in LANGUAGES]
    if len(shown.walk) > SMALL:
        return
    vertices, steps = shown.walk.graph.vertices, [{"step": n + 1} for n in range(len(shown.stops))]
    boxes = [{"step": n, "of": i} for n in shown.folded_steps for i in range(1, LISTED + 1)]
    yield "card", [*steps, *boxes]
    yield "check", [{}]
    yield "stable", [{}]
    if shown.scenario is not None and shown.scenario.batch:
        yield "lens", [{"step": 0}, *steps]
    whole = [{"vertex": name} for name in vertices]
    yield "paths", whole
    few = {name: v.shape for name, v in vertices.items() if v.shape and prod(v.shape) <= FEW}
    places = ((name, [i + 1 for i in at]) for name, shape in few.items() for at in np.ndindex(shape))
    yield "element", [*whole, *({"vertex": name, "index": index} for name, index in places)]
    if len(vertices) ** 2 <= PAIRS:
        yield "target", [{"of": of, "by": by} for of, by in product(vertices, repeat=2)]


def _answered(shown: ShownWalk, kind: str, asked: Sequence[dict[str, Any]]) -> dict[str, Any]:
    give, found = KINDS[kind], {}
    for details in asked:
        try:
            found[question_key(details)] = give(shown, details)
        except GraphlabError:  # a file says nothing where the page would say why not
            continue
    return found
