"""The panel beside the graph: what a chosen vertex is, its value and its gradient."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from ..arrays import to_host
from ..engine import Contribution, Walk
from ..errors import N_, Translate
from ..explain import array_latex, number
from ..explain.names import KIND_NAMES, shape_text
from ..graph import Operation, Vertex
from ..scenario import Scenario
from . import edit
from .text import plain

# Above this many cells a heat map is drawn without digits in it.
READABLE = 64
# Up to this many elements a change is a table of digits.
FEW = 16
# Values run from white to blue, gradients from blue over white to vermilion; both from the Okabe-Ito palette.
VALUES = [[0.0, "#0072b2"], [0.5, "#f7f7f5"], [1.0, "#009e73"]]
GRADIENTS = [[0.0, "#0072b2"], [0.5, "#f7f7f5"], [1.0, "#d55e00"]]


def heat_map(array: np.ndarray, colours: list, t: Translate):
    """A Plotly heat map of a vector or matrix, its colours centred on zero; a tensor is shown as stacked matrices."""
    import plotly.graph_objects as go  # takes a third of a second: only when a picture is wanted

    rows = array.reshape(-1, array.shape[-1])
    finite = np.where(np.isfinite(rows), rows, 0)
    largest = float(np.max(np.abs(finite), initial=0)) or 1.0
    text = [[number(float(x), 3) for x in row] for row in rows] if rows.size <= READABLE else None
    figure = go.Figure(
        go.Heatmap(
            z=rows,
            x=[str(j) for j in range(1, rows.shape[1] + 1)],
            y=[str(i) for i in range(1, rows.shape[0] + 1)],
            colorscale=colours,
            zmin=-largest,
            zmax=largest,
            text=text,
            texttemplate="%{text}" if text else None,
            textfont={"size": 14},
            xgap=2 if text else 0,
            ygap=2 if text else 0,
            colorbar={"thickness": 10, "len": 1, "tickfont": {"size": 12}},
            showscale=text is None,
            hovertemplate=t(N_("row")) + " %{y}, " + t(N_("column")) + " %{x}: %{z:.6g}<extra></extra>",
        )
    )
    figure.update_layout(
        height=int(min(360, 56 + 40 * min(rows.shape[0], 8))),
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"side": "top", "type": "category", "constrain": "domain", "ticks": "", "showgrid": False},
        yaxis={"autorange": "reversed", "type": "category", "ticks": "", "showgrid": False},
        font={"size": 13},
    )
    return figure


def _numbers(array: np.ndarray, colours: list, key: str, t: Translate) -> None:
    if array.ndim == 0:
        st.markdown(f"### {number(float(array), 4)}")
        return
    if array.size == 0:
        st.caption(t(N_("no elements")))
        return
    st.plotly_chart(heat_map(array, colours, t), key=key, width="stretch", config={"displayModeBar": False})
    if array.size > READABLE:
        least, most = number(float(np.min(array)), 4), number(float(np.max(array)), 4)
        st.caption(t(N_("from {least} to {most}")).format(least=least, most=most))


def ledger(walk: Walk, name: str) -> list[tuple[Operation, Contribution]]:
    """Every part of a vertex's gradient with the operation that sent it, in the order in which they arrive."""
    return [(step.operation, c) for step in walk for c in step.contributions if c.vertex == name]


def _entry(walk: Walk, operation: Operation, part: Contribution, t: Translate) -> None:
    """One line of the ledger: where the part came from, the part, and the sum with it."""
    sender = walk.graph.vertices[operation.output]
    when = "" if operation.t is None else f" $(t = {operation.t})$"
    told = t(N_("Part {part} of {parts}, from")).format(part=part.part, parts=part.parts)
    st.markdown(f"{told} ${sender.latex}${when}")
    latex = array_latex(to_host(part.value), 2)
    if part.part > 1:
        total = t(N_("sum so far"))
        latex = (
            rf"\begin{{aligned}}&{latex}\\[2pt] &\text{{{total}: }}{array_latex(to_host(part.total), 2)}\end{{aligned}}"
        )
    st.latex(latex)


CHANGES = {"value": N_("The last edit changed the value"), "gradient": N_("The last edit changed the gradient")}


def _change(what: str, before: np.ndarray, after: np.ndarray, t: Translate) -> None:
    """Before, after and difference: a line an element where they are few, else a heat map each."""
    st.markdown(f"**{t(CHANGES[what])}**")
    with np.errstate(all="ignore"):
        difference = after - before
    heads = [t(N_("before")), t(N_("after")), t(N_("difference"))]
    if after.size <= FEW:
        lines = ["| | " + " | ".join(heads) + " |", "|---|--:|--:|--:|"]
        for i in np.ndindex(after.shape):
            place = ", ".join(str(k + 1) for k in i)
            numbers = (number(float(before[i]), 4), number(float(after[i]), 4), edit.signed(float(difference[i])))
            lines.append(f"| {place} | " + " | ".join(numbers) + " |")
        st.markdown("\n".join(lines))
        return
    colours = VALUES if what == "value" else GRADIENTS
    for tab, array, name in zip(st.tabs(heads), (before, after, difference), ("old", "new", "by"), strict=True):
        with tab:
            _numbers(array, colours, f"{what}_{name}", t)


def show(
    scenario: Scenario,
    walk: Walk,
    vertex: Vertex,
    lang: str,
    t: Translate,
    close: Callable[[], None],
    inputs: bool = False,
) -> None:
    """Draw the panel of a vertex; `close` is called when it is put away. `inputs`: the walk goes to the inputs too."""
    head, button = st.columns([5, 1], vertical_alignment="center")
    head.markdown(f"### ${vertex.latex}$")
    button.button("✕", key="close_details", help=t(N_("Close")), on_click=close, type="tertiary")
    st.markdown(f"**{t(KIND_NAMES[vertex.kind])}**, {shape_text(vertex.shape, t)}")
    if caption := scenario.caption(vertex.name, lang):
        st.caption(plain(caption))
    edit.controls(scenario, vertex, to_host(walk.values[vertex.name]), t)
    for what, before, after in edit.change(walk, vertex, inputs):
        _change(what, before, after, t)
    st.markdown("**{}**".format(t(N_("Value"))))
    _numbers(to_host(walk.values[vertex.name]), VALUES, "value_map", t)
    st.markdown("**{}**".format(t(N_("Gradient of the loss"))))
    arrived = ledger(walk, vertex.name)
    if vertex.name == walk.of:
        _numbers(np.asarray(1.0), GRADIENTS, "gradient_map", t)
    elif arrived:
        _numbers(to_host(arrived[-1][1].total), GRADIENTS, "gradient_map", t)
    else:
        st.caption(t(N_("The walk brings no gradient here.")))
    if len(arrived) > 1:
        for operation, part in arrived:
            _entry(walk, operation, part, t)
