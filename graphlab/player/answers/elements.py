"""Answers on a vertex: one element of it followed, its paths to the loss, and any gradient by any vertex."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import prod
from typing import Any

import numpy as np

from ...arrays import to_host
from ...engine import Edge, Walk, follow
from ...errors import N_, GraphlabError
from ...explain import mathml, number
from ...explain.element import MANY, Sum, entry_latex, explain_element, gradient_latex, short
from ...explain.names import KIND_NAMES, shape_text
from ...explain.paths import explain_paths
from ...explain.target import explain_target
from ...folding.clusters import around, derive
from ...graph import Graph
from ...i18n import translator
from ...scenario import Scenario

CELLS = 2048  # of a table that is sent
LIT = 256  # cells of a vertex that are framed one by one; beyond, the vertex is lit as a whole


def _vertex(walk: Walk, question: Mapping[str, Any], field: str = "vertex") -> str:
    name = question.get(field)
    if not isinstance(name, str) or name not in walk.graph.vertices:
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    return name


def _table(array: np.ndarray) -> dict[str, Any] | None:
    """An array as rows for a heat map, the last axis across; None where it is too large."""
    if not 0 < array.size <= CELLS:
        return None
    rows = array.reshape(-1, array.shape[-1] if array.ndim else 1)
    return {
        "rows": [[float(x) if np.isfinite(x) else None for x in row] for row in rows],
        "texts": [[number(float(x)) for x in row] for row in rows],
    }


def _lit(cells: Mapping[str, np.ndarray], edges: Iterable[Edge]) -> dict[str, Any]:
    """What lights up in the graph: cells by vertex, counted from 1, and edges by the keys that the picture gives them."""
    places = {name: np.argwhere(mask) + 1 for name, mask in cells.items() if mask.any()}
    keys = [key for edge in edges for key in (f"{edge.output}:{edge.slot}", f"{edge.output}:out")]
    return {
        "cells": {name: at.tolist() if len(at) <= LIT else [] for name, at in places.items()},
        "edges": list(dict.fromkeys(keys)),
    }


def _gradient(walk: Walk, name: str) -> np.ndarray | None:
    sent = [c.total for step in walk for c in step.contributions if c.vertex == name]
    return to_host(sent[-1]) if sent else np.asarray(1.0) if name == walk.of else None


def _equation(graph: Graph, scenario: Scenario | None, lang: str, name: str) -> dict[str, Any] | None:
    """The equation that a vertex comes from, with its part of the picture, open or folded; None for a single operation.

    "gate": it is one of the parts of a time step that the scenario explains, and is lit without being asked for.
    """
    within = around(graph).get(name, ())
    cluster = derive(graph)[within[-1]] if within else None
    if cluster is None or len({o.equation for o in cluster.operations}) > 1:
        return None
    operations, result = cluster.operations, cluster.operations[-1].output
    entries = {n for o in operations for n in o.inputs} - {o.output for o in operations}
    says = scenario.caption(result, lang) if scenario else ""
    return {
        "says": says,
        "gate": bool(says) and cluster.t is not None,
        "lit": {
            "vertices": list(dict.fromkeys(n for o in operations for n in (*o.inputs, o.output))),
            "edges": [
                f"{name}:{end}"
                for name, slots in (*((o.output, len(o.inputs)) for o in operations), (cluster.name, len(entries)))
                for end in (*range(slots), "out")
            ],
            "operations": [cluster.name],
        },
    }


def element(walk: Walk, scenario: Scenario | None, lang: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """A vertex as tables, and with an `index`, counted from 1, the element there: its arithmetic, and what feeds it."""
    name = _vertex(walk, question)
    vertex, t = walk.graph.vertices[name], translator(lang)
    gradient = _gradient(walk, name)
    found: dict[str, Any] = {
        "vertex": name,
        "name": mathml(vertex.latex),
        "sort": t(KIND_NAMES[vertex.kind]),
        "size": shape_text(vertex.shape, t),
        "shape": list(vertex.shape),
        "value": _table(to_host(walk.values[name])),
        "gradient": None if gradient is None else _table(gradient),
        "gradient_name": mathml(rf"\nabla_{{{vertex.latex}}} {walk.graph.vertices[walk.of].latex}", False),
        "equation": _equation(walk.graph, scenario, lang, name),
    }
    index = question.get("index", [] if not vertex.shape else None)
    if index is None:
        return found
    if not isinstance(index, list) or not all(type(i) is int for i in index):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    at = [i - 1 for i in index]
    followed, said = follow(walk, name, at), explain_element(walk, name, at)
    given = (f"{said.latex} = {short(said.value, 3)}",)
    forward = said.forward.lines() if said.forward is not None else given
    backward = [
        {
            "sender": mathml(walk.graph.vertices[part.sender].latex, False),
            "lines": [mathml(line) for line in part.sum.lines()],
        }
        for part in said.parts
    ]
    total: tuple[str, ...] = ()
    if len(said.parts) > 1:
        total = _added([part.sum.value for part in said.parts], gradient_latex(walk, name, said.index), said.total)
    elif said.total is not None and not said.parts:
        total = (f"{gradient_latex(walk, name, said.index)} = {short(said.total, 3)}",)
    return found | {
        "index": index,
        "entry": mathml(entry_latex(vertex.latex, said.index)),
        "forward": [mathml(line) for line in forward],
        "backward": backward,
        "total": [mathml(line) for line in total],
        "lit": {
            "forward": _lit(followed.forward, followed.forward_edges),
            "backward": _lit(followed.backward, followed.backward_edges),
        },
        "counts": {
            "forward": _counts(followed.forward),
            "backward": _counts(followed.backward),
        },
    }


def _added(parts: list[float], left: str, total: float) -> tuple[str, ...]:
    """The parts of a gradient, added up; of many, the first ones and the last."""
    texts = [short(x, 3) for x in parts]
    terms = [texts[0], *(rf"+ \left({x}\right)" if x.startswith("-") else f"+ {x}" for x in texts[1:])]
    shown = terms if len(terms) <= MANY else [*terms[: MANY - 4], r"+ \dots", terms[-1]]
    return Sum(left, tuple(shown), (short(total, 3),), total).lines()


def _counts(masks: Mapping[str, np.ndarray]) -> list[int]:
    """How many entries of how many vertices."""
    full = [int(mask.sum()) for mask in masks.values()]
    return [sum(full), sum(n > 0 for n in full)]


def paths(walk: Walk, question: Mapping[str, Any]) -> dict[str, Any]:
    """The paths from a vertex to the loss: their number, the edge visits, and the list where they are few."""
    name = _vertex(walk, question)
    said = explain_paths(walk, name)
    listed = [
        {
            "names": [mathml(name, False) for name in path.latex.split(r" \to ")],
            "text": number(float(path.value)) if not path.value.ndim else _table(path.value),
            "lit": {
                "vertices": [name, *(edge.output for edge in path.path)],
                "edges": _lit({}, path.path)["edges"],
            },
        }
        for path in said.listed
    ]
    return {
        "vertex": name,
        "count": f"{said.paths.count:,}".replace(",", "\u202f")
        if said.paths.count < 10**15
        else _power(said.paths.count),
        "visits": said.paths.visits,
        "edges": _lit({}, said.paths.edges)["edges"],
        "vertices": sorted({name, *(edge.output for edge in said.paths.edges)}),
        "listed": listed,
        "apart": None if said.error is None else number(said.error),
    }


def _power(n: int) -> str:
    """A number beyond counting, by its power of ten."""
    digits = str(n)
    return f"{digits[0]}.{digits[1]} · 10^{len(digits) - 1}"


def target(walk: Walk, lang: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """The gradient of the vertex `of` by the vertex `by`, in both modes."""
    of, by = _vertex(walk, question, "of"), _vertex(walk, question, "by")
    said = explain_target(walk, of, by, lang)
    t, shapes = translator(lang), [walk.graph.vertices[name].shape for name in (of, by)]

    def flat(array: np.ndarray | None) -> dict[str, Any] | None:
        """Rows are the elements of `of`, columns those of `by`: what a pass brings is a row, or a column."""
        return None if array is None else _table(array.reshape(prod(shapes[0]), prod(shapes[1])))

    return {
        "of": of,
        "by": by,
        "math": mathml(said.latex),
        "size": shape_text(shapes[0] + shapes[1], t),
        "reverse": {
            "passes": said.reverse_passes,
            "visits": said.reverse_passes * said.edges,
            "table": flat(said.reverse),
        },
        "forward": {
            "passes": said.forward_passes,
            "visits": said.forward_passes * said.edges,
            "table": flat(said.forward),
        },
        "apart": None if said.error is None else number(said.error),
        "sentence": said.sentence,
    }
