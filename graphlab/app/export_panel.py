"""Export in the page: what to write and how, a preview of the very page, and the file, made while the page stays alive."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from ..errors import N_, GraphlabError, Translate
from ..export import FORMATS, Job, Options, Progress, file_name, ready
from ..export.options import CHOICES, PIXELS
from ..player.shown_walk import ShownWalk
from .export_work import Made, Work
from .text import plain

STEPS = {
    "all": N_("All steps"),
    "forward": N_("Forward"),
    "backward": N_("Backward"),
    "this": N_("This step"),
    "range": N_("A range"),
}
FIRST = ("theme", "ratio", "dpi", "lang")  # the others are behind "More"
ELSEWHERE = ("fold", "rolled")  # as in the page
PREVIEW = 1200  # pixels


@dataclass(frozen=True)
class Wanted:
    """What is to be written: the format, the steps as `export` takes them, and the look."""

    format: str
    steps: str
    options: Options


def panel(shown: ShownWalk, step: int, t: Translate) -> None:
    """The button, and the panel for as long as it is open. `step` is the one that the page shows."""
    session = st.session_state
    if st.button(t(N_("Export")), key="export_open", icon=":material/download:"):
        session.exporting = True
    kept = session.setdefault("export_kept", {})  # Streamlit forgets a choice whose widget is not drawn
    kept.update({key: session[key] for key in kept if key in session})
    if not session.get("exporting"):
        return
    dialog = st.dialog(t(N_("Export")), width="large", icon=":material/download:", on_dismiss=_closed)
    dialog(_panel)(shown, min(step, shown.picture.steps), t)


def _closed() -> None:
    session = st.session_state
    session.exporting = False
    _drop()
    for name in ("export_job", "export_preview"):
        session.pop(name, None)


def _drop() -> None:
    """Forget the file, made or not."""
    work = st.session_state.pop("export_work", None)
    if work is not None:
        work[1].stop()


def _panel(shown: ShownWalk, step: int, t: Translate) -> None:
    with st.container(horizontal=True, key="export_panel", gap="medium"):
        with st.container(key="export_choices", width=300):
            try:
                wanted = _choices(shown, step, t)
                error = None
            except GraphlabError as e:
                wanted, error = None, e
        with st.container(key="export_page"):
            if wanted is not None:
                error = _preview(shown, wanted, step, t)
            if error is not None:
                _drop()
                st.error(plain(error.text(t)))
            else:
                _file(shown, wanted, t)


# ---- the choices ------------------------------------------------------------------------------------------------------


def _busy() -> bool:
    work = st.session_state.get("export_work")
    return work is not None and work[1].running


def _choices(shown: ShownWalk, step: int, t: Translate) -> Wanted:
    """The widgets, and what they say. Raises ExportError for an option that can not be used."""
    session = st.session_state
    format = st.selectbox(
        t(N_("Format")),
        list(FORMATS),
        key=_first("format", "pdf"),
        format_func=lambda f: t(FORMATS[f].label),
        disabled=_busy(),
    )
    steps = _steps(shown, format, step, t)
    _first("lang", shown.lang)
    offered = [name for name in CHOICES if name not in ELSEWHERE and _matters(name, format)]
    for name in (name for name in FIRST if name in offered):
        _option(name, shown, t)
    rest = [name for name in offered if name not in FIRST]
    if rest:
        with st.expander(t(N_("More"))):
            for name in rest:
                _option(name, shown, t)
    given = {name: _given(session[f"export.{name}"]) for name in offered}
    if shown.rolled:
        given["rolled"] = True
    return Wanted(format, steps, Options(**{name: value for name, value in given.items() if value is not None}))


def _matters(name: str, format: str) -> bool:
    if (only := FORMATS[format].choices) is not None:
        return name in only
    if name == "ratio" and format in PIXELS:
        return bool(st.session_state.get("export.words"))
    return not CHOICES[name].formats or format in CHOICES[name].formats


def _first(name: str, value: Any) -> str:
    """The key of a widget, which begins with this value."""
    session, key = st.session_state, f"export.{name}"
    kept = session.setdefault("export_kept", {})
    session.setdefault(key, kept.get(key, value))
    kept[key] = session[key]
    return key


def _steps(shown: ShownWalk, format: str, step: int, t: Translate) -> str:
    session, last = st.session_state, shown.picture.steps
    if session.get("export_of") != shown.key:  # another walk: its numbers mean other steps
        session.export_of = shown.key
        for key in ("export.step", "export.range", "export.lang", "export_shown"):
            session.pop(key, None)
            session.get("export_kept", {}).pop(key, None)
    if not FORMATS[format].many:
        return str(st.slider(t(N_("Step")), 0, last, key=_first("step", step), disabled=_busy())) if last else "0"
    kind = st.selectbox(
        t(N_("Steps")),
        list(STEPS),
        key=_first("steps", "all"),
        format_func=lambda name: t(STEPS[name]) + (f" ({step})" if name == "this" else ""),
        disabled=_busy(),
    )
    if kind == "range" and last:
        first, end = st.slider(
            t(N_("From and to")), 0, last, key=_first("range", (min(step, last), last)), disabled=_busy()
        )
        return f"{first}-{end}"
    return str(step) if kind in ("this", "range") else kind


def _option(name: str, shown: ShownWalk, t: Translate) -> None:
    """The widget of one option, of the kind that it declares."""
    choice = CHOICES[name]
    label, hint = t(choice.label), t(choice.hint) if choice.hint else None
    asked: dict[str, Any] = {"key": _first(name, choice.default), "disabled": _busy()}
    match choice.kind:
        case "names":
            session, there = st.session_state, [v.name for v in shown.picture.vertices]
            session[asked["key"]] = [n for n in session[asked["key"]] or () if n in there]
            st.multiselect(label, there, placeholder=hint or "", **asked)
        case "switch":
            st.toggle(label, **asked)
        case "one of":
            st.selectbox(label, list(choice.values), format_func=lambda c: t(choice.values[c]), **asked)
        case "text":
            st.text_input(label, placeholder=hint, **asked)
        case "whole":
            st.number_input(label, int(choice.low), int(choice.high), step=1, placeholder=hint or "", **asked)
        case "number":
            bounds = {"min_value": choice.low, "max_value": choice.high, "step": choice.step or 0.1}
            st.number_input(label, **bounds, format="%g", placeholder=hint or "", **asked)


def _given(value: Any) -> Any:
    """What a widget says; None where it was left empty."""
    if isinstance(value, list):
        value = tuple(value)
    return None if value in ((), "") else value


# ---- the preview and the file -----------------------------------------------------------------------------------------


def _job(shown: ShownWalk, wanted: Wanted) -> Job:
    """The job that makes the file, drawn once for as long as nothing else is chosen. Raises ExportError."""
    session = st.session_state
    key = (shown.key, wanted)
    if session.get("export_job", ("",))[0] != key:
        job = ready(
            shown.scenario,
            wanted.format,
            wanted.options,
            steps=wanted.steps,
            walk=shown.walk,
            folding=shown.folding,
        )
        session.export_job = (key, job)
    return session.export_job[1]


def _made(job: Job, format: str, progress: Progress) -> Made:
    return file_name(job, format), FORMATS[format].render(replace(job, progress=progress))


def _preview(shown: ShownWalk, wanted: Wanted, step: int, t: Translate) -> GraphlabError | None:
    """A page of the file, and a slider through its pages. What can not be drawn comes back."""
    from ..export.preview import preview

    session = st.session_state
    try:
        job = _job(shown, wanted)
        page = _page(job.steps, session.get("export_shown", step))
        key = (shown.key, wanted, page)
        if session.get("export_preview", ("",))[0] != key:
            with st.spinner(t(N_("Drawing the page…"))):
                session.export_preview = (key, preview(job, wanted.format, page, PREVIEW))
    except GraphlabError as e:
        return e
    with st.container(key=f"export_preview_{wanted.options.theme}"):
        alt = t(N_("The page of step {step}")).format(step=page)
        st.image(session.export_preview[1], width="stretch", alt=alt)
    if len(job.steps) > 1:
        session["export_shown"] = page
        st.select_slider(
            t(N_("Page")),
            job.steps,
            key="export_shown",
            format_func=lambda at: t(N_("step {step}")).format(step=at),
            label_visibility="collapsed",
            disabled=_busy(),
        )
    return None


def _page(steps: tuple[int, ...], asked: int) -> int:
    """The step to show: the one asked for, or the nearest one there is."""
    return min(steps, key=lambda step: abs(step - asked))


def _start(shown: ShownWalk, wanted: Wanted) -> None:
    _drop()
    job = _job(shown, wanted)
    work = Work(lambda progress: _made(job, wanted.format, progress))
    st.session_state.export_work = ((shown.key, wanted), work)


def _file(shown: ShownWalk, wanted: Wanted, t: Translate) -> None:
    """The button that makes the file; then how far it is; then the file, or why there is none."""
    of, work = st.session_state.get("export_work", (None, None))
    if work is not None and of != (shown.key, wanted):
        _drop()
        work = None
    with st.container(horizontal=True, key="export_file", vertical_alignment="center"):
        if work is not None and work.running:
            st.fragment(_on_its_way, run_every=0.4)(t)
            return
        if work is not None and work.made is not None:
            name, content = work.made
            st.download_button(
                t(N_("Save {name}")).format(name=name),
                content,
                file_name=name,
                on_click="ignore",
                type="primary",
                icon=":material/download:",
                key="export_save",
            )
            st.caption(_size(len(content), t))
            return
        st.button(t(N_("Make the file")), type="primary", key="export_make", on_click=_start, args=(shown, wanted))
        if work is not None and work.error is not None:
            st.error(plain(work.error.text(t)))


def _on_its_way(t: Translate) -> None:
    _, work = st.session_state.get("export_work", (None, None))
    if work is None or not work.running:
        st.rerun()
    told = t(N_("Page {n} of {of}")).format(n=work.done + 1, of=work.of) if work.of else t(N_("Drawing the graph…"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.progress(work.done / work.of if work.of else 0.0, told)
        cancelled = st.button(t(N_("Cancel")), key="export_cancel")
    if cancelled:
        _drop()
        st.rerun()


def _size(n: int, t: Translate) -> str:
    if n < 1_000_000:
        return t(N_("{n} kB")).format(n=max(1, round(n / 1000)))
    return t(N_("{n} MB")).format(n=f"{n / 1e6:.1f}")
