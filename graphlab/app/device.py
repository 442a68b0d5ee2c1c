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
    """The switch; where there is no GPU it is disabled, with the reason and what to install below it."""
    error = trouble()
    if error is not None:
        st.session_state.gpu = False
    on = st.toggle(
        t(N_("Compute on a GPU")),
        key="gpu",
        disabled=error is not None,
        help=t(N_("For large sizes: every array stays on the graphics card, and only what is shown is fetched.")),
    )
    if error is not None:
        told = t(N_("There is no GPU to compute on: {reason}. It takes an NVIDIA card and {command}"))
        st.caption(plain(told.format(reason=error.reason.text(t), command="pip install -r requirements-gpu.txt")))
    return "gpu" if on else "cpu"
