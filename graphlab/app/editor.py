"""The equations on the page: a box to type in, its mistakes under it, and the shapes that have to be asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping

import streamlit as st

from ..errors import N_, GraphlabError, MissingShapeError, ShapeError, Translate, message
from ..notation.reader import MAX_CHARACTERS
from ..scenario import Scenario
from .text import plain

Shape = tuple[int | str, ...]


def read_shape(text: str, sizes: Mapping[str, int]) -> Shape:
    """A shape as people write it: "4 × 3", "4, 3", "D, H", "(H,)"; "()" or "scalar" for a scalar.

    Raises ShapeError for anything else, and for the name of a size that is not one of `sizes`.
    """
    inner = text.strip().removeprefix("(").removesuffix(")").strip()
    if inner in ("", "scalar", "скаляр"):
        return ()
    shape: list[int | str] = []
    for part in re.split(r"\s*[,×*;]\s*|(?<=\d)\s*[xх]\s*(?=\d)|\s+", inner.rstrip(", ")):
        if re.fullmatch(r"[0-9]{1,9}", part):
            shape.append(int(part))
        elif part in sizes:
            shape.append(part)
        else:
            raise ShapeError(
                message(
                    N_("{text} is not a shape: {part} is neither a number nor a size"), text=text[:40], part=part[:40]
                ),
                expected=message(N_("numbers or sizes ({sizes}) between commas"), sizes=", ".join(sizes) or "–"),
                help=message(N_("write 4, 3 for a matrix, 3 for a vector, () for a scalar")),
            )
    return tuple(shape)


def show_shape(shape: Shape) -> str:
    """A shape as `read_shape` reads it."""
    return "(" + ", ".join(map(str, shape)) + ")"


def _apply(error: GraphlabError) -> None:
    fix = error.fix
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
    if error.help is not None:
        st.markdown(plain(t(N_("help: {what}")).format(what=error.help.text(t))))


def _mistake(error: GraphlabError, t: Translate) -> None:
    """The error as it is: the line, carets under the place, what was expected, the help; and the help as a button."""
    with st.container(key="mistake", gap="small"):
        show_error(error, t)
        if error.fix is not None:
            st.button(t(N_("Do what the help says")), key="apply_fix", on_click=_apply, args=(error,), width="stretch")


def equations_box(base: Scenario, t: Translate) -> Scenario | None:
    """The box, and under it what is wrong. Returns the scenario of the text, or None while it has a mistake.

    `base` is the scenario that was chosen. Its declarations go on to hold for the names that the text still has.
    """
    st.text_area(
        t(N_("Equations")),
        key="equations",
        height="content",
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
    try:
        edited = base.edited(text, st.session_state.shapes) if changed else base
        edited.graph  # noqa: B018  it is read here, so that its errors are shown here
    except GraphlabError as e:
        edited, error = None, e
    if error is not None:
        _mistake(error, t)
    asked = error.names if isinstance(error, MissingShapeError) else ()
    asked += tuple(name for name in st.session_state.shapes if name not in asked)
    if asked:
        _asked_shapes(base, asked, t)
    if changed:
        st.button(
            t(N_("Back to the equations of the scenario")), key="reset", on_click=_reset, args=(base,), type="tertiary"
        )
    return edited
