"""The desk: questions of the player, answered in a short run of a fragment, without sending the walk again."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from ..player.questions import answer
from ..player.shown_walk import ShownWalk

SCRIPT = Path(__file__).with_name("desk_component.js")
MOST = 64  # questions answered at a time; a page that asks for more asks again


@cache
def _component() -> Callable[..., Any]:
    return st.components.v2.component("graphlab_desk", js=SCRIPT.read_text("utf-8"))


def desk_name(key: str = "player") -> str:
    """The name by which the player with this key and its desk find each other in the page."""
    return f"{key}_desk"


def desk(shown: ShownWalk, key: str = "player") -> None:
    """Answer what the player with this key asks of the walk; call it from a Streamlit script, once, in any place."""
    st.fragment(_answered)(shown, desk_name(key))


def _answered(shown: ShownWalk, name: str) -> None:
    session = st.session_state
    waiting, answers = f"{name}:questions", f"{name}:answers"

    def asked() -> None:
        questions = session[name]["ask"]
        session[waiting] = questions[:MOST] if isinstance(questions, list) else []

    # A run may be stopped half way: questions wait until they are answered, and answers stay until the next ones, since
    # a page that is drawn again at once may never have shown them.
    if questions := session.get(waiting):
        session[answers] = [answer(shown, question) for question in questions]
        session[waiting] = []
    _component()(key=name, data={"name": name, "answers": session.get(answers, [])}, height=1, on_ask_change=asked)
