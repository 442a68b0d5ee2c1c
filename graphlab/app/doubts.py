"""Answers to doubts: every gradient against central differences, where numbers break and why, and the stable form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from ..arrays import to_host
from ..engine import Walk, backward, forward, trace
from ..engine.breaks import Break, breaks, element_name
from ..engine.check import Checked, check_walk, gradients_of
from ..errors import N_, GraphlabError, Translate
from ..explain import number
from ..graph import Graph, Operation
from ..i18n import translator
from ..notation import parse
from ..notation.stable import StableForm, stable_forms
from ..ops.rules import broadcast
from ..scenario import Scenario

SECONDS = 1.5
"""How long one question about a whole graph may take; a second question goes on with the vertices that it names."""


def check(context: Any, question: Mapping[str, Any]) -> dict[str, Any]:
    """Every gradient held against central differences: one row a vertex, and the first that is wrong on the way back.

    `first`, a list of vertices, has these looked at before the others. Raises GraphlabError for anything else.
    """
    t = translator(context.lang)
    first = question.get("first", [])
    if not isinstance(first, list) or not all(isinstance(name, str) for name in first) or len(first) > 1000:
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    found = check_walk(context.walk, seconds=SECONDS, first=set(first))
    rows = [_row(context.walk.graph, name, checked, t) for name, checked in found.items()]
    return {
        "rows": rows,
        "culprit": _culprit(context.walk, found, t),
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


def marks(context: Any) -> list[dict[str, Any]]:
    """What the player marks in the picture: the first value and the first gradients that break, with their causes."""
    t = translator(context.lang)
    return [_mark(context, b, t) for b in breaks(context.walk)]


def _mark(context: Any, b: Break, t: Translate) -> dict[str, Any]:
    fills = {k: number(v, 4) if isinstance(v, float) else v for k, v in b.fills.items()}
    stops = context.picture.stops
    return {
        "phase": b.phase,
        "vertex": b.vertex,
        "element": element_name(b.vertex, b.index),
        "value": number(b.value),
        "step": next((i for i, stop in enumerate(stops, 1) if stop >= b.step), len(stops)) if b.step else 0,
        "operation": b.operation.output if b.operation else None,
        "says": t(b.says).format(**fills),
    }


def stable(context: Any, question: Mapping[str, Any]) -> dict[str, Any]:
    """The stable forms that the equations could have: naive and stable side by side. {"forms": []} where there is none."""
    t = translator(context.lang)
    if context.scenario is None:
        return {"forms": []}
    return {"forms": [shown for form in _forms(context.scenario) if (shown := _side_by_side(context, form, t))]}


def _forms(scenario: Scenario) -> tuple[StableForm, ...]:
    try:
        return stable_forms(scenario.text)
    except GraphlabError:
        return ()


def swapped(scenario: Scenario, index: int, after: object) -> str | None:
    """The text with a stable form put in, by its place in `stable_forms` and as it reads; None where there is none."""
    forms = _forms(scenario)
    return forms[index].text if 0 <= index < len(forms) and forms[index].after == after else None


def _side_by_side(context: Any, form: StableForm, t: Translate) -> dict[str, Any] | None:
    walk, scenario = context.walk, context.scenario
    try:
        new = scenario.edited(form.text)
        new_walk = trace(new.graph, {n: to_host(walk.values[n]) for n in new.graph.fed}, walk.of)
    except GraphlabError:
        return None
    found = _replaced(walk, new_walk, form)
    if found is None:
        return None
    operation, old_name, new_name = found
    ours, theirs = gradients_of(walk).get(old_name), gradients_of(new_walk).get(new_name)
    z = np.asarray(to_host(walk.values[old_name]), dtype=float)
    at = _interesting(z, ours)
    return {
        "index": _forms(scenario).index(form),
        "before": form.before,
        "after": form.after,
        "logits": element_name(old_name, at),
        "loss": [_shown(walk.values[walk.of]), _shown(new_walk.values[new_walk.of])],
        "gradient": [_shown(None if g is None else g[at]) for g in (ours, theirs)],
        "sweep": _sweep(walk, operation, form, z, at),
        "of": walk.of,
    }


def _shown(x: Any) -> str:
    return "–" if x is None else number(float(x), 4)


def _replaced(walk: Walk, new_walk: Walk, form: StableForm) -> tuple[Operation, str, str] | None:
    """The first operation that the stable form takes the place of, and its logits in the graph before and after.

    An equation can hold the pair more than once (`log σ(a) + log σ(b)`), and a form replaces one of them: the one whose
    logits feed fewer such pairs than before.
    """

    def logits(of: Walk, names: Iterable[str]) -> list[tuple[str, np.ndarray]]:
        return [(name, np.asarray(to_host(of.values[name]), dtype=float)) for name in names]

    def same(value: np.ndarray, among: list[tuple[str, np.ndarray]]) -> list[str]:
        return [name for name, other in among if np.array_equal(value, other, equal_nan=True)]

    places = _places(walk.graph, form)
    before = logits(walk, (name for _, name in places))
    after = logits(new_walk, (name for _, name in _places(new_walk.graph, form)))
    into = logits(new_walk, (o.inputs[-1] for o in new_walk.graph.operations if o.op.name == form.into.name))
    for (operation, name), (_, value) in zip(places, before, strict=True):
        moved = same(value, into)
        if moved and len(same(value, before)) > len(same(value, after)):
            return operation, name, moved[0]
    return None


def _places(graph: Graph, form: StableForm) -> list[tuple[Operation, str]]:
    """The operations of the naive form, each with the vertex of its logits."""
    found = []
    for operation in graph.operations:
        if operation.op.name != form.naive.name:
            continue
        for name in operation.inputs:
            inner = graph.producer.get(name)
            if inner is not None and inner.op is form.inner:
                found.append((operation, inner.inputs[0]))
                break
    return found


def _interesting(z: np.ndarray, gradient: np.ndarray | None) -> tuple[int, ...]:
    """The element whose gradient broke, or else the largest."""
    with np.errstate(all="ignore"):
        broken = np.zeros(z.shape, bool) if gradient is None else ~np.isfinite(gradient)
        flat = int(np.argmax(np.where(broken, np.inf, 0) if broken.any() else np.abs(z)))
        if broken.all() and z.size > 1:
            flat = int(np.argmax(np.abs(z)))
    return tuple(int(i) for i in np.unravel_index(flat, z.shape))


LOGITS = (1.0, 10.0, 36.0, 37.0, 100.0, 709.0, 710.0, 800.0)


def _sweep(walk: Walk, operation: Operation, form: StableForm, z: np.ndarray, at: tuple[int, ...]) -> list[list[str]]:
    """Rows (logit, naive value, naive gradient, stable value, stable gradient) while one logit grows."""
    if form.naive.name == "div":
        naive, truth = "exp(z) / sum(exp(z))", None
    elif form.naive.arity == 1:
        naive, truth = f"{form.naive.function}({form.inner.function}(z))", None
    else:
        naive = f"{form.naive.function}(y_true, {form.inner.function}(z))"
        truth = np.asarray(to_host(walk.values[operation.inputs[0]]), dtype=float)
    after = f"{form.into.function}({'y_true, ' if truth is not None else ''}z)"
    shapes = {"z": z.shape} | ({"y_true": truth.shape} if truth is not None else {})
    out = broadcast(z.shape, truth.shape) if truth is not None else z.shape
    if form.naive.name == "CrossEntropy":
        out = z.shape[:-1]
    place = at[len(at) - len(out) :] if len(out) == len(z.shape) else at[: len(out)]
    chosen = np.zeros(out)
    chosen[place] = 1.0

    def measured(text: str, logit: float) -> tuple[str, str, bool]:
        graph = parse(f"v = {text}\nloss = sum(v * m)", {**shapes, "m": out}, kinds={"z": "parameter"})
        moved = z.copy()
        moved[at] = logit
        feeds = {"z": moved, "m": chosen} | ({"y_true": truth} if truth is not None else {})
        values = forward(graph, feeds)
        slope = backward(graph, values)["z"][at]
        with np.errstate(all="ignore"):
            finite = bool(np.isfinite(values["v"][place]) and np.isfinite(slope))
        return _shown(values["v"][place]), _shown(slope), finite

    sides = {sign: [(x, *measured(naive, sign * x)) for x in LOGITS] for sign in (1, -1)}
    sign = min(sides, key=lambda s: (sum(row[3] for row in sides[s]), -s))
    return [[number(sign * x), value, slope, *measured(after, sign * x)[:2]] for x, value, slope, _ in sides[sign]]
