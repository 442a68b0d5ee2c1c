"""The deck as PDF: a title page, one step a page, and last all gradients. Typeset by Typst; words and formulas are text."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

from ..diagram.marks import theme
from ..diagram.marks.picture import Picture, Rect
from ..diagram.marks.still import Stills
from . import deck, typeset
from .drawing import Drawing
from .job import Job, Slide
from .options import RATIOS


def render(job: Job) -> bytes:
    """The whole deck as one PDF file."""
    return typeset.compile(document(job), "pdf")[0]


def document(job: Job, *only: int) -> str:
    """The deck as Typst source, or `only` the pages of some of its steps."""
    drawing = Drawing(Stills(job.picture, job.options.theme, job.options.line))
    places = deck.places(job)
    layout = resources.files(__package__).joinpath("deck.typ").read_text("utf-8")
    if only:
        pages = []
        for step in only:
            pages.append(f"#counter(page).update({job.steps.index(step) + 2})")  # the title page is the first
            pages.append(_step(job, job.slide(step), drawing, places[step]))
    else:
        pages = [_title(job)]
        pages += [_step(job, slide, drawing, places[slide.step]) for slide in job.slides()]
        pages += _gradients(job)
    return "\n".join([_preamble(job), layout, drawing.definitions, *pages])


def _preamble(job: Job) -> str:
    """The names that deck.typ and the pages refer to."""
    width, height = RATIOS[job.options.ratio]
    picture, colours = job.picture, theme.palette(job.options.theme)
    named = ", ".join(f'"{k}": rgb("{colours[k]}")' for k in ("paper", "ink", "quiet", "forward", "backward"))
    dots = []
    for v in picture.vertices:
        x = v.box.centre[0]
        # The whole picture in little, for pages that show a part of it.
        square = f'square(size: {v.box.height:.0f}pt, fill: rgb("{colours[v.kind + "-line"]}"))'
        dots.append(f"place(dx: {x:.0f}pt, dy: {v.box.top:.0f}pt, {square})")
    defined = {
        "colours": f"({named})",
        "wide": f"{width}pt",
        "high": f"{height}pt",
        "margin": f"{deck.MARGIN}pt",
        "times": f"{job.options.scale:g}",
        "above": f"{deck.ABOVE}pt",
        "strip": f"{deck.STRIP}pt",
        "whole-wide": f"{picture.width}pt",
        "whole-high": f"{picture.height}pt",
        "names": _names(picture, Rect(0, 0, picture.width, picture.height)),
        "dots": f"{{{'; '.join(dots)}}}",
    }
    title = typeset.string(job.scenario.title(job.options.lang))
    lang = typeset.string(job.options.lang)
    lines = [f"#set document(title: {title}, date: none)", f"#set text(lang: {lang})"]
    return "\n".join(lines + [f"#let {name} = {value}" for name, value in defined.items()])


def _names(picture: Picture, view: Rect) -> str:
    """The names of the vertices in a view, each at its place. They are drawn as formulas, tmp₁; these, which nobody sees,
    are found by a search for tmp_1."""
    seen = (v for v in picture.vertices if v.box.overlaps(view))
    places = (
        f"place(dx: {v.box.left - view.left:.1f}pt, dy: {v.box.centre[1] - view.top:.1f}pt, {typeset.string(v.name)})"
        for v in seen
    )
    return f"{{{'; '.join(places)}}}"


def _call(name: str, **arguments: str) -> str:
    return f"#{name}({', '.join(f'{k}: {v}' for k, v in arguments.items())})"


def _title(job: Job) -> str:
    lang = job.options.lang
    return _call(
        "title-page",
        title=typeset.string(job.scenario.title(lang)),
        section=typeset.string(job.scenario.section(lang)),
        equations=typeset.string(job.scenario.text.strip()),
        description=typeset.string(job.scenario.description(lang)),
    )


def _step(job: Job, slide: Slide, drawing: Drawing, place: deck.Place) -> str:
    view = place.view
    return _call(
        "step-page",
        title=typeset.string(job.scenario.title(job.options.lang)),
        phase=typeset.string(deck.phase(job, slide)),
        tone=f'colours.at("{slide.phase}")',
        count=typeset.string(deck.count(job, slide)),
        picture=drawing.page(slide.step, None if place.whole else view),
        at=f"({place.x}pt, {place.y}pt)",
        factor=str(place.scale),
        names="names" if place.whole else _names(job.picture, view),
        view="none" if place.whole else f"({view.left}pt, {view.top}pt, {view.width}pt, {view.height}pt)",
        symbols=typeset.equation(slide.symbols) if slide.symbols else "none",
        numbers=typeset.equation(slide.numbers) if slide.numbers else "none",
        sentence=typeset.string(slide.sentence),
    )


def _gradients(job: Job) -> Iterator[str]:
    title = typeset.string(deck.gradients_title(job))
    for page in deck.gradients(job):
        formulas = "".join(f"{typeset.equation(f)}, " for f in page)
        yield _call("gradients-page", title=title, formulas=f"({formulas})")
