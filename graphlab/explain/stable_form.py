"""A naive form beside its stable form, on the numbers of a walk: losses, gradients, and both while one logit grows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np

from ..arrays import to_host
from ..engine import Walk, backward, forward, trace
from ..engine.breaks import element_name
from ..engine.check import gradients_of
from ..errors import GraphlabError
from ..graph import Graph, Operation
from ..notation import parse
from ..notation.stable import StableForm, stable_forms
from ..ops.rules import broadcast
from ..scenario import Scenario, edited


@dataclass(frozen=True)
class SweepRow:
    """One logit, and the value and the gradient of both forms there."""

    logit: float
    naive_value: float
    naive_gradient: float
    stable_value: float
    stable_gradient: float


@dataclass(frozen=True)
class Comparison:
    """A stable form against the naive one that it replaces.

    index     its place among the forms of the equations
    logits    the element whose gradient is compared, by its name
    loss      of the walk, naive and stable
    gradient  at that element, naive and stable; None where no gradient arrives
    sweep     both forms while that element grows
    """

    index: int
    form: StableForm
    logits: str
    loss: tuple[float, float]
    gradient: tuple[float | None, ...]
    sweep: tuple[SweepRow, ...]


def forms_of(scenario: Scenario) -> tuple[StableForm, ...]:
    """The stable forms that the scenario's equations could have; none where the text can not be read."""
    try:
        return stable_forms(scenario.text)
    except GraphlabError:
        return ()


def swapped(scenario: Scenario, index: int, after: object) -> str | None:
    """The text with a stable form put in, by its place in `stable_forms` and as it reads; None where there is none."""
    forms = forms_of(scenario)
    return forms[index].text if 0 <= index < len(forms) and forms[index].after == after else None


def compare(walk: Walk, scenario: Scenario) -> list[Comparison]:
    """Every stable form that the equations could have, on the numbers of the walk; those that do not fit are left out."""
    found = (_compared(walk, scenario, i, form) for i, form in enumerate(forms_of(scenario)))
    return [comparison for comparison in found if comparison is not None]


def _compared(walk: Walk, scenario: Scenario, index: int, form: StableForm) -> Comparison | None:
    try:
        new = edited(scenario, form.text)
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
    return Comparison(
        index=index,
        form=form,
        logits=element_name(old_name, at),
        loss=(float(walk.values[walk.of]), float(new_walk.values[new_walk.of])),
        gradient=tuple(None if g is None else float(g[at]) for g in (ours, theirs)),
        sweep=_sweep(walk, operation, form, z, at),
    )


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


def _sweep(
    walk: Walk, operation: Operation, form: StableForm, z: np.ndarray, at: tuple[int, ...]
) -> tuple[SweepRow, ...]:
    """Both forms while one logit grows, to the side on which the naive form breaks first."""
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

    def measured(text: str, logit: float) -> tuple[float, float]:
        graph = parse(f"v = {text}\nloss = sum(v * m)", {**shapes, "m": out}, kinds={"z": "parameter"})
        moved = z.copy()
        moved[at] = logit
        feeds = {"z": moved, "m": chosen} | ({"y_true": truth} if truth is not None else {})
        values = forward(graph, feeds)
        slope = backward(graph, values)["z"][at]
        return float(values["v"][place]), float(slope)

    def finite(rows: Sequence[tuple[float, float]]) -> int:
        return sum(isfinite(value) and isfinite(slope) for value, slope in rows)

    sides = {sign: [measured(naive, sign * x) for x in LOGITS] for sign in (1, -1)}
    sign = min(sides, key=lambda s: (finite(sides[s]), -s))
    return tuple(
        SweepRow(sign * x, *row, *measured(after, sign * x)) for x, row in zip(LOGITS, sides[sign], strict=True)
    )
