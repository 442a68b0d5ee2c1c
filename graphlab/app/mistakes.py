"""An error on the page, in a narrow column."""

from __future__ import annotations

import streamlit as st

from ..errors import N_, GraphlabError, Translate
from .text import plain


def show_error(error: GraphlabError, t: Translate) -> None:
    """Only the user's own line keeps its line, all the rest may wrap."""
    if error.place is not None:
        st.code(error.place.excerpt(t(N_("line {line}")).format(line=error.place.line)), language=None)
    st.markdown(f"**{plain(error.reason.text(t))}**")
    if error.expected is not None:
        st.markdown(plain(t(N_("expected: {what}")).format(what=error.expected.text(t))))
    if error.help is not None and not error.choices:
        st.markdown(plain(t(N_("help: {what}")).format(what=error.help.text(t))))
