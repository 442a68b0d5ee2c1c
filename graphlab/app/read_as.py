"""Under the equations: how they were understood, typeset, with what was inferred and a place to change it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from ..errors import N_, ShapeError, Translate
from ..graph import Graph
from ..notation.echo import CONVENTIONS
from .shapes import read_shape, show_shape
from .text import plain

KINDS = {
    "input": N_("input"),
    "parameter": N_("parameter"),
    "constant": N_("constant"),
}


def show(graph: Graph, sizes: Mapping[str, int], opened: bool, t: Translate) -> None:
    """The equations as they were read, what is fed, and what was set aside. `opened` after an edit."""
    reading = graph.reading
    with st.expander(t(N_("Read as")), expanded=opened, key="read_as"):
        for equation in reading.equations:
            st.markdown(f"$\\displaystyle {equation.latex}$ :small[:gray[{plain(_shape(equation.shape, t))}]]")
        inferred = [n for n in reading.names if n.inferred]
        for name in reading.names:
            mark = t(N_("inferred")) if name.inferred else ""
            words = [t(KINDS.get(name.kind, name.kind)), _shape(name.shape, t), mark]
            st.markdown(f":small[${name.latex}$ {plain(', '.join(w for w in words if w))}]")
        if reading.convention:
            st.caption(t(CONVENTIONS[reading.convention]))
        for remark in reading.remarks:
            st.caption(t(N_("Set aside: {text}")).format(text=plain(remark)))
        if inferred:
            _change([n.name for n in inferred], sizes, t)


def _shape(shape: tuple[int, ...], t: Translate) -> str:
    return show_shape(shape) if shape else t(N_("a number"))


def _change(names: list[str], sizes: Mapping[str, int], t: Translate) -> None:
    """A name whose shape was inferred, and a box for another shape."""
    columns = st.columns(2, vertical_alignment="bottom")
    with columns[0]:
        name = st.selectbox(t(N_("Change a shape")), names, key="inferred_name")
    with columns[1]:
        st.text_input(
            t(N_("Shape")),
            key="inferred_shape",
            placeholder=t(N_("such as 4, 3")),
            on_change=_changed,
            args=(name, dict(sizes)),
            label_visibility="collapsed",
        )


def _changed(name: str, sizes: Mapping[str, int]) -> None:
    """Give a name the shape that was typed; one that can not be read is asked for again under the equations."""
    session = st.session_state
    text, session.inferred_shape = session.inferred_shape, ""
    if not text.strip():
        return
    try:
        shape = read_shape(text, sizes)
    except ShapeError:
        shape = None
    session[f"shape.{name}"] = text
    session.shapes = session.shapes | {name: shape if shape is not None else ()}
