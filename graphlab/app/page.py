"""The page: the sidebar's choice, the graph with its player, and the details of a chosen vertex."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import streamlit as st

from ..diagram import Folding, cluster_names
from ..engine import Walk, trace
from ..errors import N_, GraphlabError, Translate
from ..explain.stable_form import swapped
from ..folding.chosen import clicked, folding_of
from ..gc_pause import without_collection
from ..i18n import translator
from ..player.choices import Choices
from ..player.payload import packed, payload_of
from ..player.shown_walk import ShownWalk
from ..scenario import Scenario, dump, encode, load
from . import details, edit, export_panel, fonts, through_time
from .address import read, write
from .player import choose, player
from .question_channel import desk, desk_name
from .sidebar import NEW, OWN, begin, sidebar

# Wide enough for most equations in one line; in pixels.
SIDEBAR = 320
STYLE = Path(__file__).with_name("page.css")


@without_collection
def _walk(current: Scenario, choices: Choices) -> Walk:
    if choices.inputs:
        return trace(current.graph, current.feeds(choices.seed), current.of, device=choices.device)
    return current.walk(choices.seed, device=choices.device)


@st.cache_resource(max_entries=32, show_spinner=False)
def _shown_walk(text: str, name: str, choices: Choices) -> ShownWalk:
    """A walk as it is shown. Keyed on the whole text of the scenario, so that one entry serves all who look at it."""
    current = replace(load(text), name=name)
    if choices.rolled:
        folding = Folding.open_all()
    else:
        folding = folding_of(current.graph, choices.fold, choices.opened, choices.closed)
    return ShownWalk(_walk(current, choices), current, folding, choices)


@st.cache_resource(max_entries=64, show_spinner=False)
def _payload(_shown: ShownWalk, key: str, title: str, name: str) -> dict:
    """The player's data of a walk with this key; not to be changed."""
    return packed(payload_of(_shown, title=title, stem=name)) | {"desk": desk_name()}


def _address(choices: Choices, current: Scenario, edited: bool, step: int, t: Translate) -> None:
    """Save the page's choices to the address. Warns if a person's own scenario is too long for it."""
    session = st.session_state
    own = ""
    typed = session.scenario in (NEW, OWN)
    if edited or typed:
        try:
            own = encode(current)
        except GraphlabError:
            st.caption(
                t(N_("These equations are too long for the address of the page: save them as a file to keep them."))
            )
    names = cluster_names(current.graph)
    kept = replace(
        choices,
        scenario=current.name if typed else session.scenario,
        own=own,
        sizes={} if own else {n: size for n, size in current.sizes.items() if size != current.bounds[n].default},
        opened=tuple(name for name in choices.opened if name in names),
        closed=tuple(name for name in choices.closed if name in names),
        panel=read(st.query_params.to_dict(), [current.name])[0].panel,
        step=step,
    )
    query = write(kept) | edit.address(t)
    if st.query_params.to_dict() != query:
        st.query_params.from_dict(query)


def _toggled(cluster: str) -> None:
    """A folded box or the caption of an open cluster was clicked."""
    session = st.session_state
    names = cluster_names(session.good.graph)
    if cluster in names:
        opened, closed = clicked(session.folding, cluster, session.opened, session.closed)
        session.opened = tuple(name for name in opened if name in names)
        session.closed = tuple(name for name in closed if name in names)


def _swapped(asked: object) -> None:
    """A stable form is to be put into the equations: by its place among those there are, and as it was shown."""
    if isinstance(asked, list) and len(asked) == 3 and isinstance(asked[0], int):
        text = swapped(st.session_state.good, asked[0], asked[1])
        if text is not None:
            edit.swap(text)


def _put_away() -> None:
    choose(None, key="player")


def _stage(choices: Choices, current: Scenario, step: int, t: Translate) -> ShownWalk:
    session = st.session_state
    shown = _shown_walk(dump(current), current.name, choices.shown())
    session.folding = shown.folding
    data = _payload(shown, shown.key, current.title(choices.lang), current.name)
    with st.container(horizontal=True, key="stage", gap="medium"):
        with st.container(key="graph", width="stretch"):
            picked = player(data, step=step, key="player", on_toggle=_toggled, on_swap=_swapped)
        vertex = current.graph.vertices.get(picked or "")
        if choices.flow:
            with st.container(key="flow_panel", width=420):
                through_time.show(t)
        if vertex is not None:
            with st.container(key="details", width=300):
                walk = _walk(current, choices)
                details.show(current, walk, vertex, choices.lang, t, _put_away, choices.inputs)
    desk(shown)
    return shown


def main() -> None:
    """Draw the page for one run of Streamlit's script."""
    st.set_page_config(page_title="graphlab", layout="wide", initial_sidebar_state=SIDEBAR)
    fonts.serve()
    st.html(STYLE)
    begin()
    session = st.session_state
    with st.sidebar:
        typed, choices = sidebar()
    t = translator(choices.lang)
    # While a text has a mistake, the last good picture stays.
    if typed.scenario is not None:
        session.good, session.good_edited = typed.scenario, typed.edited
    current = session.good
    if current is None:
        empty = not session.equations.strip()
        hint = (
            N_("Type equations on the left, for example {this}.")
            if empty
            else N_("Correct the equations on the left to see their graph.")
        )
        st.info(t(hint).format(this="f = (x + y) * z"))
        return
    base, current = current, edit.begin(current, choices.seed, t)
    step = read(st.query_params.to_dict(), [current.name])[0].step
    if session.pop("restart", False):
        step = 0
    with st.container(key="heading", horizontal=True, vertical_alignment="center"):
        section = "" if edit.under_way() else current.section(choices.lang)
        heading = f"# {current.title(choices.lang)}" + (f" :small[:gray[{section}]]" if section else "")
        st.markdown(heading, width="stretch")
        edit.bar(current, choices.seed, choices.inputs, t)
        beside = st.container(key="export", width="content")
    shown = _stage(choices, current, step, t)
    with beside:
        export_panel.panel(shown, step, t)
    _address(choices, base, session.good_edited, step, t)
