"""The equations on the page: a box to type in, its mistakes under it, and the shapes that have to be asked for."""

from __future__ import annotations

import streamlit as st

from ..errors import N_, Choice, Fix, GraphlabError, MissingShapeError, Translate
from ..notation.reader import MAX_CHARACTERS
from ..scenario import Scenario
from ..scenario import edited as edited_scenario
from . import read_as
from .details import shape_text
from .given import forget, give_shape, shape_box
from .mistakes import show_error
from .shapes import read_shape, show_shape
from .text import code, plain

__all__ = ["equations_box", "read_shape", "show_shape"]

PLACEHOLDER = "f = (x + y) * z\nL = (w x + b - y_true)^2"


def _apply(fix: Fix) -> None:
    if fix.shape is not None:
        give_shape(fix.name, fix.shape)
    else:
        st.session_state.equations = fix.apply(st.session_state.equations)


def _reset(base: Scenario) -> None:
    forget()
    st.session_state.equations = base.text


def _asked_shapes(base: Scenario, error: GraphlabError, t: Translate) -> None:
    """While there is a mistake: a box for each shape that is missing, and for each that was given."""
    missing = error.shapes if isinstance(error, MissingShapeError) else {}
    names = error.names if isinstance(error, MissingShapeError) else ()
    names += tuple(name for name in st.session_state.shapes if name not in names)
    if not names:
        return
    st.markdown("**{}**".format(t(N_("Shapes to give"))))
    for name in names:
        example = t(N_("such as {shape}")).format(shape=show_shape(missing.get(name, (4, 3))))
        shape_box(name, name, example, base.sizes, t)


def _mistake(error: GraphlabError, t: Translate) -> None:
    """The error as it is, the help as a button, and a button for each meaning of an ambiguous text."""
    with st.container(key="mistake", gap="small"):
        show_error(error, t)
        if error.fix is not None:
            st.button(t(N_("Apply the fix")), key="apply_fix", on_click=_apply, args=(error.fix,), width="stretch")
        for number, choice in enumerate(error.choices):
            st.button(_meaning(choice, t), key=f"choice_{number}", on_click=_apply, args=(choice.fix,), width="stretch")


def _meaning(choice: Choice, t: Translate) -> str:
    """One of the meanings of an ambiguous text: in words, as it is written, and the shape that results."""
    return f"{plain(choice.label.text(t))}  \n{code(choice.text)} → {plain(shape_text(choice.shape, t))}"


def _opened_after_an_edit(base: Scenario, changed: bool) -> None:
    """How the text is read stands open after an edit, and is one line otherwise. What a person opens stays open."""
    session = st.session_state
    seen = (session.scenario, session.equations, session.shapes, session.kinds)
    before = session.get("read_of")
    if before != seen:
        same_scenario = before is not None and before[0] == session.scenario
        session.read_as = changed or (same_scenario and bool(session.get("read_as")))
        session.read_of = seen


def equations_box(base: Scenario, t: Translate) -> Scenario | None:
    """The box, and under it what is wrong. Returns the scenario of the text, or None while it has a mistake.

    `base` is the scenario that was chosen. Its declarations go on to hold for the names that the text still has.
    """
    session = st.session_state
    st.text_area(
        t(N_("Equations")),
        key="equations",
        height="content",
        placeholder=PLACEHOLDER,
        max_chars=MAX_CHARACTERS,
        help=t(
            N_(
                "One equation a line, as on the slide, or its LaTeX. A space is the matrix product, * the elementwise "
                "one. Ctrl+Enter draws it."
            )
        ),
    )
    text = session.equations
    changed = text.strip() != base.text.strip() or bool(session.shapes) or bool(session.kinds)
    edited = None
    if not text.strip():
        st.caption(t(N_("Type equations, one a line. What nothing gives a shape is a number.")))
    else:
        _opened_after_an_edit(base, changed)
        try:
            edited = edited_scenario(base, text, session.shapes, session.kinds) if changed else base
            edited.graph  # noqa: B018  it is read here, so that its errors are shown here
        except GraphlabError as e:
            edited = None
            _mistake(e, t)
            _asked_shapes(base, e, t)
        else:
            read_as.show(edited, t)
    if changed and base.text.strip():
        st.button(
            t(N_("Back to the equations of the scenario")), key="reset", on_click=_reset, args=(base,), type="tertiary"
        )
    return edited
