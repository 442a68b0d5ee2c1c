"""The equations on the page: a box to type in, its mistakes under it, and the shapes that have to be asked for."""

from __future__ import annotations

import streamlit as st

from ..errors import N_, Choice, Fix, GraphlabError, MissingShapeError, ShapeError, Translate
from ..notation.reader import MAX_CHARACTERS
from ..scenario import Scenario
from . import read_as
from .shapes import read_shape, show_shape
from .text import plain

PLACEHOLDER = "f = (x + y) * z\nL = (w x + b - y_true)^2"


def _apply(fix: Fix) -> None:
    if fix.shape is not None:
        st.session_state.shapes = st.session_state.shapes | {fix.name: fix.shape}
        st.session_state[f"shape.{fix.name}"] = show_shape(fix.shape)
    else:
        st.session_state.equations = fix.apply(st.session_state.equations)


def _reset(base: Scenario) -> None:
    st.session_state.equations = base.text
    st.session_state.shapes = {}


def _asked_shapes(base: Scenario, names: tuple[str, ...], t: Translate) -> None:
    """A box for each shape that could not be inferred; what is typed goes to the session's shapes."""
    st.markdown("**{}**".format(t(N_("Shapes to give"))))
    for name in names:
        key = f"shape.{name}"
        text = st.text_input(name, key=key, placeholder=t(N_("such as 4, 3")))
        given = st.session_state.shapes
        if not text.strip():
            if name in given:
                st.session_state.shapes = {n: s for n, s in given.items() if n != name}
            continue
        try:
            shape = read_shape(text, base.sizes)
        except ShapeError as e:
            show_error(e, t)
            continue
        if given.get(name) != shape:
            st.session_state.shapes = given | {name: shape}
            st.rerun()


def show_error(error: GraphlabError, t: Translate) -> None:
    """An error in a narrow column: only the user's own line keeps its line, all the rest may wrap."""
    if error.place is not None:
        st.code(error.place.excerpt(t(N_("line {line}")).format(line=error.place.line)), language=None)
    st.markdown(f"**{plain(error.reason.text(t))}**")
    if error.expected is not None:
        st.markdown(plain(t(N_("expected: {what}")).format(what=error.expected.text(t))))
    if error.help is not None and not error.choices:
        st.markdown(plain(t(N_("help: {what}")).format(what=error.help.text(t))))


def _mistake(error: GraphlabError, t: Translate) -> None:
    """The error as it is: the line, carets under the place, what was expected, the help; and the help as a button."""
    with st.container(key="mistake", gap="small"):
        show_error(error, t)
        if error.fix is not None:
            st.button(
                t(N_("Do what the help says")), key="apply_fix", on_click=_apply, args=(error.fix,), width="stretch"
            )
        for number, choice in enumerate(error.choices):
            st.button(_meaning(choice, t), key=f"choice_{number}", on_click=_apply, args=(choice.fix,), width="stretch")


def _meaning(choice: Choice, t: Translate) -> str:
    """One of the meanings of an ambiguous text: in words, as it is written, and the shape that results."""
    shape = show_shape(choice.shape) if choice.shape else t(N_("a number"))
    return f"{plain(choice.label.text(t))}: `{choice.text}` → {plain(shape)}"


def equations_box(base: Scenario, t: Translate) -> Scenario | None:
    """The box, and under it what is wrong. Returns the scenario of the text, or None while it has a mistake.

    `base` is the scenario that was chosen. Its declarations go on to hold for the names that the text still has.
    """
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
    text = st.session_state.equations
    error: GraphlabError | None = None
    edited: Scenario | None = None
    changed = text.strip() != base.text.strip() or bool(st.session_state.shapes)
    if not text.strip():
        st.caption(t(N_("Type equations, one a line. What nothing gives a shape is a number.")))
        return None
    try:
        edited = base.edited(text, st.session_state.shapes) if changed else base
        edited.graph  # noqa: B018  it is read here, so that its errors are shown here
    except GraphlabError as e:
        edited, error = None, e
    if error is not None:
        _mistake(error, t)
    if edited is not None:
        read_as.show(edited.graph, edited.sizes, changed, t)
    asked = error.names if isinstance(error, MissingShapeError) else ()
    asked += tuple(name for name in st.session_state.shapes if name not in asked)
    if asked:
        _asked_shapes(base, asked, t)
    if changed:
        st.button(
            t(N_("Back to the equations of the scenario")), key="reset", on_click=_reset, args=(base,), type="tertiary"
        )
    return edited
