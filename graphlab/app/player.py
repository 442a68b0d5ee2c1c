"""The player as a Streamlit component."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from ..player.assets import javascript, stylesheet


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component("graphlab_player", js=javascript(), css=stylesheet())


def player(
    payload: Mapping[str, Any],
    *,
    step: int = 0,
    theme: str = "auto",
    key: str = "player",
    on_toggle: Callable[[str], None] | None = None,
    on_swap: Callable[[object], None] | None = None,
) -> str | None:
    """Show a walk in the page; call it from a Streamlit script. Gives the name of the vertex a person chose, or None.

    `step` is where a walk begins that was not there before; the same walk stays where it stands. While a vertex is
    chosen `st.session_state[key].step` follows the step; otherwise stepping asks nothing of the server, and the step is
    in the address of the page alone. `on_toggle` is called with the name of a cluster that a person opens or folds,
    `on_swap` with what the page says of the stable form that a person puts into the equations.
    """
    # What goes to the page must not change while the walk does not: a large picture would be sent again each time.
    held = st.session_state.get(f"{key}:walk")
    if held is None or held[0] != payload["key"]:
        held = st.session_state[f"{key}:walk"] = (payload["key"], step)
    data = {**payload, "step": held[1], "theme": theme, "chosen": st.session_state.get(f"{key}:chosen", [0, None])}

    def toggled() -> None:
        cluster = st.session_state[key]["toggle"]
        if on_toggle is not None and isinstance(cluster, str):
            on_toggle(cluster)

    def swapped() -> None:
        if on_swap is not None:
            on_swap(st.session_state[key]["swap"])

    result = _component()(
        key=key,
        data=data,
        on_vertex_change=_noticed,
        on_step_change=_noticed,
        on_toggle_change=toggled,
        on_swap_change=swapped,
    )
    return result.vertex


def choose(vertex: str | None, key: str = "player") -> None:
    """Choose a vertex, or none, from the script's side. For the callbacks of widgets, such as a button that closes."""
    count, _ = st.session_state.get(f"{key}:chosen", [0, None])
    st.session_state[f"{key}:chosen"] = [count + 1, vertex]
    if key in st.session_state:
        st.session_state[key]["vertex"] = vertex


def _noticed() -> None:
    """A callback has to be there for a state to be part of the result."""
