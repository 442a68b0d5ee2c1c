"""Where the arrays are computed: the choice in the sidebar, or why there is none."""

from __future__ import annotations

from functools import lru_cache

import streamlit as st

from .. import arrays
from ..errors import N_, GraphlabError, Translate
from .text import plain


@lru_cache(maxsize=1)
def trouble() -> GraphlabError | None:
    """Why there is no GPU to compute on; None where there is one. Looked up once: no GPU comes or goes."""
    try:
        arrays.namespace("gpu")
    except GraphlabError as e:
        return e
    return None


def device_choice(t: Translate) -> str:
    """The switch; where there is no GPU it is disabled, and its help says why and what to install."""
    error = trouble()
    about = t(N_("For large sizes: every array stays on the graphics card, and only what is shown is fetched."))
    if error is not None:
        st.session_state.gpu = False
        told = t(N_("There is no GPU to compute on: {reason}. It takes an NVIDIA card and {command}"))
        needed = told.format(reason=error.reason.text(t), command="pip install -r requirements-gpu.txt")
        about = f"{plain(needed)}\n\n{about}"
    on = st.toggle(
        t(N_("Compute on a GPU")),
        key="gpu",
        disabled=error is not None,
        help=about,
    )
    if error is not None:
        st.caption(t(N_("No GPU here.")))
    return "gpu" if on else "cpu"
