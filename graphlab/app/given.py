"""What a person says of names beside the equations: their shapes and kinds. Kept in the session."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..errors import N_, ShapeError, Translate
from ..graph import Kind
from .mistakes import show_error
from .shapes import Shape, read_shape, show_shape

KINDS: dict[Kind, str] = {
    "input": N_("input"),
    "parameter": N_("parameter"),
    "constant": N_("constant"),
}


def forget() -> None:
    """Forget all shapes and kinds that were given, and close the boxes: for another scenario."""
    session = st.session_state
    session.shapes, session.kinds, session.changing = {}, {}, None
    for key in [key for key in session if str(key).startswith(("shape.", "kind."))]:
        del session[key]  # each box fills itself from what is given


def give_shape(name: str, shape: Shape) -> None:
    """Give a name a shape, and show it in its box. For callbacks."""
    st.session_state.shapes = st.session_state.shapes | {name: shape}
    st.session_state[f"shape.{name}"] = show_shape(shape)


def shape_box(name: str, label: str, shown: str, sizes: Mapping[str, int], t: Translate) -> None:
    """A box for the shape of a name. An empty one, where `shown` stands, leaves the shape to be inferred."""
    given = st.session_state.shapes
    key = f"shape.{name}"
    st.session_state.setdefault(key, show_shape(given[name]) if name in given else "")
    text = st.text_input(
        label,
        key=key,
        placeholder=shown,
        help=t(N_("4, 3 for a matrix, 3 for a vector, () for a scalar. Empty: as inferred.")),
    ).strip()
    if not text:
        if name in given:
            st.session_state.shapes = {n: s for n, s in given.items() if n != name}
            st.rerun()
        return
    try:
        shape = read_shape(text, sizes)
    except ShapeError as e:
        show_error(e, t)
        return
    if name not in given or given[name] != shape:
        st.session_state.shapes = given | {name: shape}
        st.rerun()


def kind_box(name: str, kind: Kind, t: Translate) -> None:
    """Two buttons: whether a name is an input or a parameter."""
    kinds = [k for k in KINDS if k in ("input", "parameter", kind)]
    st.session_state[f"kind.{name}"] = kind
    st.segmented_control(
        t(N_("Kind")),
        kinds,
        key=f"kind.{name}",
        format_func=lambda k: t(KINDS[k]),
        required=True,
        width="stretch",
        on_change=_kind_chosen,
        args=(name,),
    )


def _kind_chosen(name: str) -> None:
    st.session_state.kinds = st.session_state.kinds | {name: st.session_state[f"kind.{name}"]}
