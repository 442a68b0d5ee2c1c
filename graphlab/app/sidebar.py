"""The choices beside the graph: scenario, equations, sizes, seed, batch, language; and a person's own scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ..diagram import can_roll, cluster_names
from ..errors import N_, GraphlabError, Translate
from ..i18n import translator
from ..player.choices import CHOICES, Choices
from ..scenario import Scenario, decode, dump, headings, load, scenario, scenarios
from . import edit
from .address import read
from .device import device_choice, trouble
from .editor import equations_box
from .given import forget
from .mistakes import show_error
from .text import plain

OWN = "own"  # a scenario that was opened, or came with the address
NEW = "new"  # an empty text, with nothing declared
BEFORE = "new.before"  # the draft that the button for a new text put away
WIDGETS = tuple(name for name in CHOICES if name not in ("scenario", "own", "device", "panel", "step"))
"""The choices whose widgets have their names in the session."""
EMPTY = Scenario(OWN, "", "", {"en": "New graph", "ru": "Новый граф"})


@dataclass(frozen=True)
class Typed:
    """The scenario of the equations as they stand, None while they have a mistake, and whether they were edited."""

    scenario: Scenario | None
    edited: bool


def begin() -> None:
    """Once a session: take the choices from the address of the page. What can not be used is said on the page."""
    session = st.session_state
    if "begun" in session:
        return
    choices, problems = read(st.query_params.to_dict(), scenarios(), lang=(st.context.locale or "en")[:2])
    if choices.device == "gpu" and (error := trouble()):
        problems = [*problems, error.reason]
        choices = replace(choices, device="cpu")
    session.problems = problems
    session.own = None
    session.good = None
    forget()
    chosen = scenario(choices.scenario)
    if choices.own:
        try:
            chosen = session.own = decode(choices.own)
        except GraphlabError as e:
            session.problems = [*problems, e.reason]
    for name in WIDGETS:
        session[name] = getattr(choices, name)
    session.gpu = choices.device == "gpu"
    session.scenario = OWN if session.own else choices.scenario
    session.equations = chosen.text
    session.shown = session.scenario
    session.drafts = {}
    _sizes_from(choices.sizes, chosen)
    session.begun = True


def _size_key(name: str) -> str:
    return f"size.{st.session_state.scenario}.{name}"


def _sizes_from(sizes: Mapping[str, int], chosen: Scenario) -> None:
    for name, n in sizes.items():
        try:
            chosen.with_sizes({name: n})
        except GraphlabError as e:
            st.session_state.problems = [*st.session_state.problems, e.reason]
        else:
            st.session_state[_size_key(name)] = n


def _chosen() -> Scenario:
    """The scenario in the list, at the sizes of its file."""
    session = st.session_state
    if session.scenario == NEW:
        return EMPTY
    return session.own if session.scenario == OWN and session.own else scenario(session.scenario)


def _keep_draft() -> None:
    session = st.session_state
    session.drafts[session.shown] = (session.equations, session.shapes, session.kinds)


def _other_scenario() -> None:
    """A scenario was chosen: its equations come with it, and the walk starts from the beginning.

    What a person typed over the other one's equations is kept, and is there again when they come back to it.
    """
    session = st.session_state
    _keep_draft()
    session.shown = session.scenario
    _begin_with(*session.drafts.get(session.scenario, (_chosen().text, {}, {})))


def _begin_with(equations: str, shapes: Mapping[str, Any], kinds: Mapping[str, Any]) -> None:
    session = st.session_state
    forget()
    session.equations, session.shapes, session.kinds = equations, shapes, kinds
    session.good = None  # the picture of another scenario
    session.problems = []
    session.restart = True
    _fold_anew()


def _fold_anew() -> None:
    """Another way to fold was chosen: what was opened and folded one by one is gone."""
    st.session_state.opened = st.session_state.closed = ()


def open_own(text: bytes | str) -> None:
    """Open a person's own scenario file. Raises ScenarioError for one that can not be used."""
    st.session_state.own = replace(load(text), name=OWN)
    for key in [key for key in st.session_state if str(key).startswith(f"size.{OWN}.")]:
        del st.session_state[key]  # sizes of the one before, which may be out of bounds here
    st.session_state.scenario = OWN
    st.session_state.seed = st.session_state.own.seed
    _keep_draft()
    st.session_state.shown = OWN
    _begin_with(st.session_state.own.text, {}, {})


def _new() -> None:
    """Begin with an empty text: nothing is declared, and what is typed is all there is."""
    session = st.session_state
    _keep_draft()
    if session.drafts.get(NEW, ("",))[0].strip():
        session.drafts[BEFORE] = session.drafts[NEW]
    session.scenario = session.shown = NEW
    _begin_with("", {}, {})


def _back_to_the_text_before() -> None:
    _begin_with(*st.session_state.drafts.pop(BEFORE))


def _uploaded() -> None:
    upload = st.session_state.upload
    st.session_state.upload_error = None
    if upload is None:
        return
    try:
        open_own(upload.getvalue())
    except GraphlabError as e:
        st.session_state.upload_error = e


def _scenario_list(t: Translate, lang: str) -> Scenario:
    own = st.session_state.own
    titles = {NEW: t(N_("New: an empty text"))} | {heading.name: heading.title(lang) for heading in headings()}
    if own:
        titles[OWN] = t(N_("Your own: {title}")).format(title=own.title(lang))
    chosen = _chosen()
    with st.container(key="choose_scenario", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            t(N_("Scenario")),
            list(titles),
            key="scenario",
            format_func=titles.__getitem__,
            on_change=_other_scenario,
            help=plain(chosen.description(lang)) or None,
        )
        st.button(
            t(N_("New")),
            key="new",
            on_click=_new,
            help=t(N_("An empty text. What was typed here is kept.")),
            width="content",
        )
    return chosen


def _sizes(base: Scenario, t: Translate, lang: str) -> Scenario:
    """A stepper for each size; the batch, the size that counts objects, is called so and has a line of its own."""
    chosen = {}

    def stepper(name: str, label: str) -> None:
        size, key = base.bounds[name], _size_key(name)
        st.session_state.setdefault(key, base.sizes[name])
        chosen[name] = st.number_input(
            label, min_value=size.min, max_value=size.max, step=1, key=key, help=size.label(lang) or None
        )

    others = [name for name in base.bounds if name != base.batch]
    columns = st.columns(min(3, len(others)) or 1)
    for i, name in enumerate(others):
        with columns[i % len(columns)]:
            stepper(name, name)
    if base.batch is not None:
        stepper(base.batch, t(N_("Batch {name}")).format(name=base.batch))
    return base.with_sizes(chosen)


def _files(current: Scenario | None, seed: int, t: Translate) -> None:
    """Save what is shown as a scenario file, its seed included; open one."""
    with st.expander(t(N_("Save and open"))):
        if current is not None:
            st.download_button(
                t(N_("Save as a scenario file")),
                dump(edit.kept(current, seed).with_sizes(seed=seed)),
                file_name=f"{current.name}.toml",
                mime="application/toml",
                on_click="ignore",
                width="stretch",
                key="save",
            )
        st.file_uploader(t(N_("Open a scenario file")), type="toml", key="upload", on_change=_uploaded)
        if error := st.session_state.get("upload_error"):
            show_error(error, t)


def _equations_and_sizes(base: Scenario, t: Translate, lang: str) -> tuple[Scenario | None, bool]:
    """The scenario of the text at the chosen sizes, or None while it has a mistake; and whether it was edited."""
    # The box stands above the sizes, and needs them: its place is kept, and filled once they are known.
    box = st.container()
    sized = _sizes(base, t, lang)
    with box:
        current = equations_box(sized, t)
        empty = base is EMPTY and not st.session_state.equations.strip()
        if empty and BEFORE in st.session_state.drafts:
            st.button(
                t(N_("Back to the text before")), key="before", on_click=_back_to_the_text_before, type="tertiary"
            )
    return current, current is not sized


def _seed_and_inputs(t: Translate) -> None:
    seed = CHOICES["seed"]
    st.number_input(t(seed.label), *seed.whole_bounds, step=1, key="seed", help=t(seed.help))
    toggle("inputs", t)


def toggle(name: str, t: Translate) -> None:
    """The switch of a choice."""
    choice = CHOICES[name]
    st.toggle(t(choice.label), key=name, help=t(choice.help))


def _folds(current: Scenario) -> dict[str, str]:
    """The ways to fold a graph, and what they are called: those that make a difference."""
    graph = current.graph
    names = dict(CHOICES["fold"].values)
    if not graph.blocks:
        del names["blocks"]
    if not any(o.t is not None for o in graph.operations):
        del names["folded"]
        names["gates"] = N_("equations folded")
    return names


def _folding_and_time(current: Scenario | None, t: Translate) -> dict[str, Any]:
    """How much of the graph is folded and, where there is time, whether it is rolled, and the gradient through it.

    Gives the choices that this graph does not have, at their defaults.
    """
    session, absent = st.session_state, {"fold": "auto", "rolled": False, "flow": False}
    if current is None or not cluster_names(current.graph):
        return absent
    names = _folds(current)
    if session.get("fold") not in names:
        session.fold = "auto"
    can = can_roll(current.graph)
    fold = CHOICES["fold"]
    st.selectbox(
        t(fold.label),
        list(names),
        key="fold",
        format_func=lambda name: t(names[name]),
        on_change=_fold_anew,
        disabled=bool(session.get("rolled")) and can,
        help=t(fold.help),
    )
    del absent["fold"]
    if not current.graph.sequences:
        return absent
    if can:
        toggle("rolled", t)
        del absent["rolled"]
    toggle("flow", t)
    del absent["flow"]
    return absent


def _language(t: Translate) -> None:
    lang = CHOICES["lang"]
    st.segmented_control(
        t(lang.label),
        list(lang.values),
        key="lang",
        format_func=lang.values.__getitem__,
        required=True,
        width="stretch",
    )


def sidebar() -> tuple[Typed, Choices]:
    """Draw the sidebar; what was typed, and what was chosen."""
    session = st.session_state
    lang = session.lang
    t = translator(lang)
    for problem in session.problems:
        st.warning(plain(problem.text(t)))
    base = _scenario_list(t, lang)
    current, edited = _equations_and_sizes(base, t, lang)
    _seed_and_inputs(t)
    # While the text has a mistake the last good picture stays, and so does the way it is shown.
    absent = _folding_and_time(current or session.good, t)
    device = device_choice(t)
    _language(t)
    chosen = {name: session.get(name, choice.default) for name, choice in CHOICES.items() if name in WIDGETS}
    choices = Choices(**{**chosen, **absent, "device": device, "lang": lang})
    _files(current, choices.seed, t)
    return Typed(current, edited), choices
