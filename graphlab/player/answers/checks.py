"""Checks: every gradient against central differences, where numbers break and why, and the stable form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...engine import Walk
from ...engine.breaks import Break, breaks, element_name
from ...engine.check import Checked, check_walk
from ...errors import N_, GraphlabError, Translate
from ...explain import number
from ...explain.stable_form import Comparison, compare
from ...graph import Graph
from ...i18n import translator
from ...scenario import Scenario

SECONDS = 1.5
"""How long one question about a whole graph may take; a second question goes on with the vertices that it names."""


def check(walk: Walk, lang: str, question: Mapping[str, Any]) -> dict[str, Any]:
    """Every gradient held against central differences: one row a vertex, and the first that is wrong on the way back.

    `first`, a list of vertices, has these looked at before the others. Raises GraphlabError for anything else.
    """
    t = translator(lang)
    first = question.get("first", [])
    if not isinstance(first, list) or not all(isinstance(name, str) for name in first) or len(first) > 1000:
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    found = check_walk(walk, seconds=SECONDS, first=set(first))
    rows = [_row(walk.graph, name, checked, t) for name, checked in found.items()]
    return {
        "rows": rows,
        "culprit": _culprit(walk, found, t),
        "sampled": any(c is not None and c.elements < c.size for c in found.values()),
        "missed": [name for name, c in found.items() if c is None],
    }


def _row(graph: Graph, name: str, checked: Checked | None, t: Translate) -> dict[str, Any]:
    size = graph.vertices[name].size
    if checked is None:
        return {"vertex": name, "verdict": "missed", "elements": 0, "size": size}
    e = checked.worst
    return {
        "vertex": name,
        "verdict": checked.verdict,
        "elements": checked.elements,
        "size": checked.size,
        "element": element_name(name, e.index),
        "index": [i + 1 for i in e.index],
        "error": _error(e.error),
        "ours": number(e.ours, 6),
        "theirs": number(e.theirs, 6),
        "left": number(e.left, 4),
        "right": number(e.right, 4),
        "why": _why(checked, t),
    }


def _error(error: float) -> str:
    if error == 0 or not np.isfinite(error):
        return "0" if error == 0 else "–"
    mantissa, exponent = f"{error:.0e}".split("e")
    return f"{mantissa}e{int(exponent)}".replace("-", "−") if error < 1e-3 else number(error, 3)


def _why(checked: Checked, t: Translate) -> str:
    if checked.verdict != "kink":
        return ""
    if checked.kink is None:
        return t(N_("the slopes from the left and from the right differ"))
    return t(checked.kink.op.kinks.says)


def _culprit(walk: Walk, found: Mapping[str, Checked | None], t: Translate) -> dict[str, str] | None:
    """The first wrong gradient of the backward pass that an operation sent although its own came in right."""
    for step in walk:
        if step.operation is None:
            continue
        for part in step.contributions:
            ours, above = found.get(part.vertex), found.get(step.output)
            came_right = above is None or above.verdict != "wrong"
            if ours is not None and ours.verdict == "wrong" and came_right:
                says = t(
                    N_("The first wrong gradient is that of {vertex}: it is sent by {op}, the operation of {output}.")
                )
                told = says.format(vertex=part.vertex, op=step.operation.op.name, output=step.output)
                return {"vertex": part.vertex, "operation": step.output, "says": told}
    return None


def marks(walk: Walk, stops: Sequence[int], lang: str) -> list[dict[str, Any]]:
    """What the player marks in the picture: the first value and the first gradients that break, with their causes."""
    t = translator(lang)
    return [_mark(b, stops, t) for b in breaks(walk)]


def _mark(b: Break, stops: Sequence[int], t: Translate) -> dict[str, Any]:
    fills = {k: number(v, 4) if isinstance(v, float) else v for k, v in b.fills.items()}
    return {
        "phase": b.phase,
        "vertex": b.vertex,
        "element": element_name(b.vertex, b.index),
        "value": number(b.value),
        "step": next((i for i, stop in enumerate(stops, 1) if stop >= b.step), len(stops)) if b.step else 0,
        "operation": b.operation.output if b.operation else None,
        "says": t(b.says).format(**fills),
    }


def stable(walk: Walk, scenario: Scenario | None) -> dict[str, Any]:
    """The stable forms that the equations could have: naive and stable side by side. {"forms": []} where there is none."""
    return {"forms": [_side_by_side(c, walk.of) for c in compare(walk, scenario)] if scenario is not None else []}


def _side_by_side(c: Comparison, of: str) -> dict[str, Any]:
    def shown(x: float | None) -> str:
        return "–" if x is None else number(x, 4)

    return {
        "index": c.index,
        "before": c.form.before,
        "after": c.form.after,
        "logits": c.logits,
        "loss": [shown(x) for x in c.loss],
        "gradient": [shown(x) for x in c.gradient],
        "sweep": [
            [number(r.logit), *map(shown, (r.naive_value, r.naive_gradient, r.stable_value, r.stable_gradient))]
            for r in c.sweep
        ],
        "of": of,
    }
