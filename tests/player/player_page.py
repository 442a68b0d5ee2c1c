"""A Streamlit page for test_player_streamlit.py: the player, and widgets that change what it is given."""

import streamlit as st

from graphlab.app.player import choose, player
from tests.player.sketch import sketch

steps = int(st.query_params.get("step", "0"))
shown = st.checkbox("shown", value=True)
other = st.checkbox("other walk")
theme = st.radio("theme", ["auto", "light", "dark"])
title = st.text_input("title", "A neuron")
st.button("close", on_click=choose, args=(None,))
st.session_state.runs = st.session_state.get("runs", 0) + 1
vertex = None
if shown:
    walk = sketch(key="other", steps=sketch()["steps"][:3]) if other else sketch(title=title)
    vertex = player(walk, step=2 if other else steps, theme=theme)
st.text(
    f"runs {st.session_state.runs}; vertex {vertex}; step {st.session_state.get('player', {}).get('step')}; address {steps}"
)
