"""Edit and see: elements of inputs and parameters set in the page, kept in its address, undone one by one or all."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from ..arrays import to_host
from ..engine import Walk, trace
from ..engine.breaks import element_name
from ..engine.check import gradients_of
from ..errors import N_, GraphlabError, Translate
from ..explain import number
from ..graph import Vertex
from ..scenario import Scenario
from ..scenario.edits import LONGEST, MOST, Edit, applied, inside, read_edits, whole_numbers, write_edits

TABLE = 400  # elements that a table still shows

# ---- the session ----------------------------------------------------------------------------------------------------


def _belongs_to(scenario: Scenario, seed: int) -> tuple[Any, ...]:
    return (st.session_state.scenario, tuple(scenario.sizes.items()), seed)


def begin(scenario: Scenario, seed: int, t: Translate) -> Scenario:
    """The scenario as edited; call it once a run. Edits of other numbers go away, and the page says so."""
    session = st.session_state
    if "edits" not in session:
        text = st.query_params.get("edits", "")
        session.edits = (read_edits(text) or ()) if text else ()
        session.edits_of = _belongs_to(scenario, seed)
        session.edits_version = 0
        if text and not session.edits:
            st.toast(t(N_("The edits in the address can not be read and were left out.")), duration="long")
    if session.edits and session.edits_of != _belongs_to(scenario, seed):
        text = t(N_("Edited elements of the numbers before are gone: {n}."))
        st.toast(text.format(n=len(session.edits)), duration="long")
        session.edits = ()
    session.edits_of = _belongs_to(scenario, seed)
    fed = {name: scenario.graph.fed_shape(name) for name in scenario.graph.fed}
    fitting = tuple(e for e in session.edits if e.name in fed and inside(e.index, fed[e.name]))
    if len(fitting) < len(session.edits):
        session.edits = fitting
    session.edit_base = (scenario, seed)
    try:
        return applied(scenario, seed, session.edits)
    except GraphlabError as e:
        st.toast(e.reason.text(t), duration="long")
        session.edits = session.edits[:-1]
        session.edits_version += 1
        try:
            return applied(scenario, seed, session.edits)
        except GraphlabError:
            session.edits = ()
            return scenario


def kept(scenario: Scenario, seed: int) -> Scenario:
    """The scenario with this session's edits in it, for a file; as it is where they do not belong to it."""
    session = st.session_state
    if not session.get("edits") or session.edits_of != _belongs_to(scenario, seed):
        return scenario
    try:
        return applied(scenario, seed, session.edits)
    except GraphlabError:
        return scenario


def address(t: Translate) -> dict[str, str]:
    """What the edits add to the address of the page; edits too long for it are said so."""
    text = write_edits(st.session_state.edits)
    if len(text) <= LONGEST:
        return {"edits": text} if text else {}
    st.caption(t(N_("These edits are too long for the address of the page: save a scenario file to keep them.")))
    return {}


def push(edit: Edit) -> None:
    """Set an element. Moving the same element again is one edit, so that it is undone at once."""
    session = st.session_state
    edits = session.edits
    if edits and (edits[-1].name, edits[-1].index) == (edit.name, edit.index):
        edits = edits[:-1]
    session.edits = (*edits, edit)[-MOST:]


def _undo() -> None:
    st.session_state.edits = st.session_state.edits[:-1]
    st.session_state.edits_version += 1


def _reset() -> None:
    st.session_state.edits = ()
    st.session_state.edits_version += 1


def previous(inputs: bool) -> Walk | None:
    """The walk before the last edit; None where nothing is edited."""
    session = st.session_state
    if not session.edits:
        return None
    scenario, seed = session.edit_base
    before = applied(scenario, seed, session.edits[:-1])
    return trace(before.graph, before.feeds(seed), before.of) if inputs else before.walk(seed)


# ---- what stands in the page ------------------------------------------------------------------------------------------


def _unswap() -> None:
    st.session_state.equations = st.session_state.pop("unswapped")[0]


def swap(text: str) -> None:
    """Put another text into the box of the equations, to be taken back with one click."""
    session = st.session_state
    session.unswapped = (session.equations, text)
    session.equations = text


def under_way() -> bool:
    """Whether `bar` has something to show."""
    session = st.session_state
    return bool(session.edits) or session.get("unswapped", ("", ""))[1] == session.equations


def bar(current: Scenario, seed: int, inputs: bool, t: Translate) -> None:
    """Beside the heading, where something is edited: what the last edit did to the loss, undo, and reset."""
    session = st.session_state
    if session.get("unswapped", ("", ""))[1] == session.equations:
        with st.container(horizontal=True, key="unswap", width="content", vertical_alignment="center"):
            st.button(t(N_("Back to the naive form")), key="unswap_button", on_click=_unswap)
    if not session.edits:
        return
    before = previous(inputs)
    after = current.walk(seed)
    last = session.edits[-1]
    told = t(N_("{element} = {value}: loss {before} → {after} ({change})"))
    old, new = (float(to_host(w.values[current.of])) for w in (before, after))
    with st.container(horizontal=True, key="edits", width="content", vertical_alignment="center", gap="small"):
        st.markdown(
            told.format(
                element=f"`{element_name(last.name, last.index)}`",
                value=number(last.value, 4),
                before=number(old, 4),
                after=number(new, 4),
                change=signed(new - old),
            )
        )
        st.button(t(N_("Undo")), key="undo_edit", on_click=_undo)
        st.button(
            t(N_("Reset {n}")).format(n=len(session.edits)),
            key="reset_edits",
            on_click=_reset,
            help=t(N_("Every number as the seed gave it")),
        )


def signed(x: float) -> str:
    """A difference, its plus written out."""
    return ("+" if x > 0 else "") + number(x, 4)


def _place(vertex: Vertex, scenario: Scenario) -> tuple[str, tuple[int, ...]]:
    """The fed value a vertex is part of, and where: a step of a sequence is one row of it."""
    for name, steps in scenario.graph.sequences.items():
        if vertex.name in steps:
            return name, (steps.index(vertex.name),)
    return vertex.name, ()


def _table_changed(key: str, name: str, before: tuple[int, ...], shape: tuple[int, ...]) -> None:
    for row, cells in st.session_state[key]["edited_rows"].items():
        for column, value in cells.items():
            if value is not None and math.isfinite(value):
                flat = (int(row), int(column) - 1) if len(shape) > 1 else (int(column) - 1,)
                push(Edit(name, before + flat, float(value)))
    st.session_state.edits_version += 1


def _element_changed(key: str, name: str, index: tuple[int, ...]) -> None:
    value = st.session_state[key]
    if value is not None and math.isfinite(value):
        push(Edit(name, index, float(value)))


def controls(current: Scenario, vertex: Vertex, value: np.ndarray, t: Translate) -> None:
    """A table for an array, a slider and a box for one element of it. Nothing for what is computed."""
    name, before = _place(vertex, current)
    if name not in current.graph.fed:
        return
    version = st.session_state.edits_version
    whole = whole_numbers(st.session_state.edit_base[0], name)
    st.markdown("**{}**".format(t(N_("Set values"))))
    if value.ndim in (1, 2) and 1 < value.size <= TABLE:
        import pandas as pd  # with Streamlit

        key = f"edit.table.{vertex.name}.{version}"
        rows = value.reshape(-1, value.shape[-1])
        frame = pd.DataFrame(rows, columns=[str(j) for j in range(1, rows.shape[1] + 1)])
        st.data_editor(
            frame,
            key=key,
            hide_index=True,
            height=min(36 * (len(rows) + 1), 220),
            column_config={
                c: st.column_config.NumberColumn(step=1 if whole is not None else None, width=64) for c in frame
            },
            on_change=partial(_table_changed, key, name, before, value.shape),
        )
    index = _chosen_element(vertex, value, t)
    _element(name, before + index, float(value[index]), whole, element_name(vertex.name, index), t)


def _chosen_element(vertex: Vertex, value: np.ndarray, t: Translate) -> tuple[int, ...]:
    if value.ndim == 0:
        return ()
    if value.size <= TABLE:
        places = list(np.ndindex(value.shape))
        return st.selectbox(
            t(N_("Element")), places, key=f"edit.at.{vertex.name}", format_func=lambda i: element_name(vertex.name, i)
        )
    columns = st.columns(value.ndim)
    return tuple(
        int(column.number_input(t(N_("axis {n}")).format(n=axis + 1), 1, n, key=f"edit.at.{vertex.name}.{axis}")) - 1
        for axis, (column, n) in enumerate(zip(columns, value.shape, strict=True))
    )


def _element(
    name: str, index: tuple[int, ...], x: float, whole: tuple[int, int] | None, label: str, t: Translate
) -> None:
    """A slider for a feel, a box for an exact number. Both follow what undo and the table do."""
    scenario, seed = st.session_state.edit_base
    given = float(scenario.feeds(seed)[name][index])
    reach = float(math.ceil(max(3.0, 2 * abs(given), abs(x))))
    low, high, step = (-reach, reach, reach / 100) if whole is None else (float(whole[0]), float(whole[1]), 1.0)
    if low >= high:
        return
    stem = f"edit.{name}.{'.'.join(map(str, index))}"
    for kind in ("slider", "box"):
        st.session_state[f"{stem}.{kind}"] = x
    st.slider(
        label,
        low,
        high,
        step=step,
        key=f"{stem}.slider",
        format="%.3g",
        on_change=partial(_element_changed, f"{stem}.slider", name, index),
    )
    st.number_input(
        t(N_("exactly")),
        key=f"{stem}.box",
        min_value=None if whole is None else low,
        max_value=None if whole is None else high,
        step=0.1 if whole is None else 1.0,
        format="%.6g",
        on_change=partial(_element_changed, f"{stem}.box", name, index),
    )


def change(current: Walk, vertex: Vertex, inputs: bool) -> list[tuple[str, np.ndarray, np.ndarray]]:
    """What the last edit changed at a vertex: ("value" or "gradient", before, after), where it is not the same."""
    before = previous(inputs)
    if before is None or vertex.name not in before.values:
        return []
    found = []
    pairs = [("value", before.values[vertex.name], current.values[vertex.name])]
    old, new = gradients_of(before).get(vertex.name), gradients_of(current).get(vertex.name)
    if old is not None and new is not None:
        pairs.append(("gradient", old, new))
    for what, was, now in pairs:
        was, now = (np.asarray(to_host(a), dtype=float) for a in (was, now))
        if was.shape == now.shape and not np.array_equal(was, now, equal_nan=True):
            found.append((what, was, now))
    return found
