"""Edits: elements of inputs and parameters set by hand, written into addresses and put into a scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .draws import draw_for
from .model import Scenario
from .reading import load
from .writing import dump

MOST = 200  # edits at a time
LONGEST = 1200  # characters of the address
WHOLE = ("index", "lengths")  # draws of whole numbers


@dataclass(frozen=True)
class Edit:
    """One element set by hand: the name of what is fed, a sequence under its own, the place from 0, and the number."""

    name: str
    index: tuple[int, ...]
    value: float


def write_edits(edits: Sequence[Edit]) -> str:
    """Edits as a text for the address: "W_1@2,1=0.75;b_2=-1.0", places from 1."""
    places = ((e, ",".join(str(i + 1) for i in e.index)) for e in edits)
    return ";".join(f"{e.name}{'@' if at else ''}{at}={e.value!r}" for e, at in places)


def read_edits(text: str) -> tuple[Edit, ...] | None:
    """The edits of an address; None for a text that holds none. Whether they fit a scenario is seen by `applied`."""
    found = []
    for part in text[: LONGEST + 1].split(";"):
        match = re.fullmatch(
            r"([^@=;]{1,40})(?:@([0-9]{1,6}(?:,[0-9]{1,6}){0,4}))?=(-?[0-9.]+(?:e[+-]?[0-9]{1,3})?)", part
        )
        if not match:
            return None
        index = tuple(int(i) - 1 for i in match[2].split(",")) if match[2] else ()
        try:
            value = float(match[3])
        except ValueError:
            return None
        if not math.isfinite(value):
            return None
        found.append(Edit(match[1], index, value))
    return tuple(found) if len(text) <= LONGEST and len(found) <= MOST else None


def applied(scenario: Scenario, seed: int, edits: Sequence[Edit]) -> Scenario:
    """The scenario with the edits among its literal values, so that files and pictures of it have them too.

    What was not edited keeps its numbers, bit for bit. Raises ScenarioError for a number that the scenario can not have;
    an edit of what is not there is left out.
    """
    if not edits:
        return scenario
    feeds = scenario.feeds(seed)
    changed: dict[str, np.ndarray] = {}
    for edit in edits:
        array = changed.get(edit.name, feeds.get(edit.name))
        if array is None or not inside(edit.index, array.shape) or not math.isfinite(edit.value):
            continue
        if edit.name not in changed:
            array = changed[edit.name] = np.array(array)  # a drawn scalar is a number, and not an array
        array[edit.index] = _allowed(scenario, edit.name, edit.value)
    values = {name: _tuples(array.tolist()) for name, array in changed.items()}
    draws = {name: draw for name, draw in scenario.draws.items() if name not in values}
    new = replace(scenario, values={**scenario.values, **values}, draws=draws)
    load(dump(new))  # a number that a file may not have is refused here
    return new


def whole_numbers(scenario: Scenario, name: str) -> tuple[int, int] | None:
    """The least and the greatest of what is a whole number (an index, a length); None for any other value."""
    draw = draw_for(scenario.graph, name, scenario.draws.get(name))
    if draw.draw not in WHOLE:
        return None
    return (0, max(1, int(draw.scale)) - 1) if draw.draw == "index" else (1, max(1, int(draw.scale)))


def _allowed(scenario: Scenario, name: str, value: float) -> float:
    """The value, or the nearest one there is where only some whole numbers mean something."""
    bounds = whole_numbers(scenario, name)
    return value if bounds is None else float(min(max(round(value), bounds[0]), bounds[1]))


def inside(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return len(index) == len(shape) and all(0 <= i < n for i, n in zip(index, shape, strict=True))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
