"""The gradient through time, beside the graph: an RNN and an LSTM on the same sequence, with what can be varied."""

from __future__ import annotations

import numpy as np
import streamlit as st

from ..errors import N_, Translate
from ..explain import number
from ..learn.through_time import ACTIVATIONS, Cell, Flow, Setting, flow

CELLS: dict[Cell, str] = {"rnn": "RNN", "lstm": "LSTM"}
COLOURS = {"rnn": "#d55e00", "lstm": "#0072b2"}  # Okabe-Ito
DASHES = {"rnn": "solid", "lstm": "dash"}
FLOOR = 1e-18  # a gradient of exactly 0 has no place on a log axis: it is drawn at the bottom


@st.cache_data(max_entries=64, show_spinner=False)
def _flows(setting: Setting) -> dict[str, Flow]:
    return {cell: flow(cell, setting) for cell in CELLS}


def _axes(figure, title: str, y: str, x: str) -> None:
    figure.update_layout(
        title={"text": title, "font": {"size": 14}, "x": 0, "xanchor": "left"},
        height=235,
        margin={"l": 8, "r": 8, "t": 36, "b": 8},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 1, "xanchor": "right"},
        font={"size": 13},
    )
    figure.update_xaxes(title=x, title_standoff=4)
    figure.update_yaxes(title=y, type="log", exponentformat="power", title_standoff=4)


def gradient_figure(flows: dict[str, Flow], t: Translate):
    """‖∇_{h_t} L‖ by t on a log axis, one line a cell."""
    import plotly.graph_objects as go  # takes a third of a second: only when a picture is wanted

    figure = go.Figure()
    for cell, name in CELLS.items():
        norms = np.maximum(flows[cell].gradient, FLOOR)
        figure.add_scatter(
            x=list(range(1, len(norms) + 1)),
            y=norms,
            name=name,
            mode="lines+markers",
            line={"color": COLOURS[cell], "dash": DASHES[cell], "width": 2.5},
            marker={"size": 5},
            hovertemplate="t = %{x}: %{y:.3g}<extra>" + name + "</extra>",
        )
    _axes(figure, t(N_("The gradient at each step")), "‖∇<sub>h<sub>t</sub></sub> L‖", "t")
    return figure


def singular_figure(flows: dict[str, Flow], part: str, title: str, x: str):
    """The largest and the smallest singular value by t on a log axis, and the band between them, one a cell."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for cell, name in CELLS.items():
        values = np.maximum(getattr(flows[cell], part), FLOOR)
        steps = list(range(1, len(values) + 1))
        line = {"color": COLOURS[cell], "dash": DASHES[cell], "width": 2}
        figure.add_scatter(
            x=steps, y=values[:, -1], mode="lines", line=line | {"width": 1}, showlegend=False, hoverinfo="skip"
        )
        figure.add_scatter(
            x=steps,
            y=values[:, 0],
            name=name,
            mode="lines",
            line=line,
            fill="tonexty",
            opacity=0.6,
            customdata=values[:, -1],
            hovertemplate="t = %{x}: %{customdata:.3g} … %{y:.3g}<extra>" + name + "</extra>",
        )
    _axes(figure, title, "σ", x)
    return figure


def _controls(t: Translate) -> Setting:
    left, right = st.columns(2)
    norm = left.slider(t(N_("‖U‖, its largest singular value")), 0.2, 4.0, 1.0, 0.1, key="flow.norm")
    steps = right.slider(t(N_("T, the length of the sequence")), 2, 60, 20, key="flow.steps")
    activation = left.selectbox(t(N_("Activation")), ACTIVATIONS, key="flow.activation")
    bias = right.segmented_control(
        t(N_("Forget bias")), [0.0, 1.0], default=1.0, key="flow.bias", format_func=lambda b: f"{b:g}", required=True
    )
    orthogonal = left.toggle(t(N_("Orthogonal U")), key="flow.orthogonal")
    clip = right.toggle(t(N_("Clip the gradient at norm 1")), key="flow.clip")
    return Setting(
        steps=steps,
        norm=norm,
        orthogonal=orthogonal,
        activation=activation,
        forget_bias=bias,
        clip=1.0 if clip else None,
    )


def _said(name: str, found: Flow, t: Translate) -> str:
    """What happened to the gradient of a cell between the last step and the first, in one sentence."""
    ratio = float(found.gradient[0] / found.gradient[-1]) if found.gradient[-1] else 0.0
    if ratio < 0.1:
        said = t(N_("{name}: the gradient vanishes, from the last step to the first it shrinks to {ratio} of itself."))
    elif ratio > 10:
        said = t(N_("{name}: the gradient explodes, from the last step to the first it grows {ratio} times."))
    else:
        said = t(N_("{name}: the gradient arrives, the first step receives {ratio} of what the last one does."))
    text = said.format(name=name, ratio=number(ratio, 3))
    if found.clipped < found.norm:
        text += " " + t(N_("Clipping scales all parameters' gradients from norm {norm} to {clipped}.")).format(
            norm=number(found.norm, 3), clipped=number(found.clipped, 3)
        )
    return text


def show(t: Translate) -> None:
    """Draw the panel."""
    st.markdown("#### " + t(N_("The gradient through time")))
    setting = _controls(t)
    flows = _flows(setting)
    figures = (
        ("gradient", gradient_figure(flows, t)),
        ("step", singular_figure(flows, "step", t(N_("Singular values of one step's Jacobian")), "t")),
        ("product", singular_figure(flows, "product", t(N_("Singular values of the product from t to T")), "t")),
    )
    for key, figure in figures:
        st.plotly_chart(figure, key=f"flow.{key}.figure", width="stretch", config={"displayModeBar": False})
    for cell, name in CELLS.items():
        st.caption(_said(name, flows[cell], t))
