"""Under the equations: how they were understood, typeset. A click on a name changes its shape or its kind."""

from __future__ import annotations

import re

import streamlit as st

from ..errors import N_, Translate
from ..graph import Graph, Reading, ReadName
from ..notation.echo import CONVENTIONS
from ..scenario import Scenario
from .details import shape_text
from .given import KINDS, kind_box, shape_box
from .shapes import show_shape
from .text import code, plain

LONG = 40  # characters of LaTeX: about half a line
_TALL = re.compile(r"\\(?:frac|sqrt|sum|prod|begin|left[^(a-z]|right[^)a-z])")


def show(scenario: Scenario, t: Translate) -> None:
    """The equations as they were read, what is fed, and what was set aside. `st.session_state.read_as`: is it open?"""
    # Only what is open is made: a class runs this page a hundred times a second.
    box = st.expander(t(N_("Read as")), key="read_as", on_change="rerun")
    if not box.open:
        return
    with box:
        reading = scenario.graph.reading
        with st.container(key="read_equations"):
            st.markdown(_equations(reading, t))
        if reading.names:
            with st.container(key="read_names", gap=None):
                for name in reading.names:
                    _name(name, scenario, t)
        if reading.convention:
            st.caption(t(CONVENTIONS[reading.convention]))
        for remark in reading.remarks:
            st.caption(t(N_("Set aside: {text}")).format(text=code(remark)))


def _equations(reading: Reading, t: Translate) -> str:
    lines = (
        f"$\\displaystyle {breakable(e.latex)}$ &ensp;:gray[{_together(shape_text(e.shape, t))}]"
        for e in reading.equations
    )
    return "\n\n".join(lines)


def _together(words: str) -> str:
    """Words that stay in one line."""
    return plain(words).replace(" ", "\N{NO-BREAK SPACE}")


def breakable(latex: str) -> str:
    """The browser breaks a line at a sign, but not inside brackets that grow: those around flat terms need not."""
    if len(latex) < LONG or _TALL.search(latex):
        return latex
    return re.sub(r"\\(?:left|right)(?=[()])", "", latex)


def _choose(name: str) -> None:
    session = st.session_state
    session.changing = None if session.changing == name else name


def _name(name: ReadName, scenario: Scenario, t: Translate) -> None:
    """A line that can be clicked and, where it was, the boxes under it."""
    session = st.session_state
    words = [t(KINDS.get(name.kind, name.kind)), shape_text(name.shape, t)]
    if name.name in session.shapes or name.name in session.kinds:
        words.append(t(N_("as you set it")))
    elif name.inferred:
        words.append(t(N_("inferred")))
    chosen = session.changing == name.name
    st.button(
        f"${name.latex}$ {plain(', '.join(words))}",
        key=f"change.{name.name}",
        on_click=_choose,
        args=(name.name,),
        type="tertiary",
        icon=":material/expand_less:" if chosen else ":material/edit:",
        icon_position="right",
        width="stretch",
    )
    if not chosen:
        return
    with st.container(key="changing", gap="small"):
        shape_box(name.name, t(N_("Shape")), show_shape(name.shape), scenario.sizes, t)
        if not _is_sequence(scenario.graph, name.name):
            kind_box(name.name, name.kind, t)


def _is_sequence(graph: Graph, name: str) -> bool:
    """A sequence has a value of its own at each time step: it can not be a parameter."""
    return name in graph.sequences
