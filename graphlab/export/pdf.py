"""The deck as PDF: a title page, one step a page, and last all gradients. Typeset by Typst; words and formulas are text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from importlib import resources
from typing import TYPE_CHECKING

from ..diagram.picture import Rect
from ..errors import N_
from ..i18n import translator
from . import typeset
from .job import Job, Slide
from .options import RATIOS

if TYPE_CHECKING:
    from .drawing import Drawing

_PER_PAGE = 6  # gradients on one of the last pages
_MARGIN, _ABOVE, _STRIP = 32.0, 62.0, 176.0  # points at the sides, over the picture and under it
_SMALLEST = 0.5  # points a pixel: a picture that would be smaller is shown in parts
_CLOSE = 0.66  # points a pixel, of such a part


def render(job: Job) -> bytes:
    """The whole deck as one PDF file."""
    return typeset.compile(document(job), "pdf")[0]


def document(job: Job) -> str:
    """The deck as Typst source."""
    from ..diagram.still import Stills
    from .drawing import Drawing

    drawing = Drawing(Stills(job.picture, job.options.theme))
    seen = _views(job)
    pages = [_title(job)]
    pages += [_step(job, slide, drawing, seen.get(slide.step)) for slide in job.slides()]
    return "\n".join([_preamble(job), drawing.definitions, *pages, *_gradients(job)])


def _views(job: Job) -> dict[int, Rect]:
    """What of the picture each step shows; nothing where it can be read as a whole."""
    from .closeup import views

    width, height = RATIOS[job.options.ratio]
    width, height = width - 2 * _MARGIN, height - _ABOVE - _STRIP
    if min(width / job.picture.width, height / job.picture.height) >= _SMALLEST:
        return {}
    return views(job.picture, job.steps, width / _CLOSE, height / _CLOSE)


def _preamble(job: Job) -> str:
    from ..diagram import theme

    width, height = RATIOS[job.options.ratio]
    colours = theme.palette(job.options.theme)
    named = ", ".join(f'"{k}": rgb("{colours[k]}")' for k in ("paper", "ink", "quiet", "forward", "backward"))
    layout = resources.files(__package__).joinpath("deck.typ").read_text("utf-8")
    # Names are drawn as formulas, tmp₁; these, which nobody sees, are found by a search for tmp_1.
    names = "; ".join(
        f"place(dx: {v.box.left:.1f}pt, dy: {v.box.centre[1]:.1f}pt, {typeset.string(v.name)})"
        for v in job.picture.vertices
    )
    # The whole picture in little, for pages that show a part of it.
    dots = "; ".join(
        f'place(dx: {(v.box.left + v.box.right) / 2:.0f}pt, dy: {v.box.top:.0f}pt, square(size: {v.box.height:.0f}pt, fill: rgb("{colours[v.kind + "-line"]}")))'
        for v in job.picture.vertices
    )
    numbers = {
        "margin": _MARGIN,
        "above": _ABOVE,
        "strip": _STRIP,
        "whole-wide": job.picture.width,
        "whole-high": job.picture.height,
    }
    sizes = "\n".join(f"#let {k} = {v}pt" for k, v in numbers.items())
    metadata = f"#set document(title: {typeset.string(job.scenario.title(job.options.lang))}, date: none)"
    return f"{metadata}\n#let colours = ({named})\n#let wide = {width}pt\n#let high = {height}pt\n#let names = {{{names}}}\n#let dots = {{{dots}}}\n{sizes}\n{layout}"


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


def _step(job: Job, slide: Slide, drawing: Drawing, view: Rect | None) -> str:
    t = translator(job.options.lang)
    shown = view or Rect(0, 0, job.picture.width, job.picture.height)
    phase = t(N_("forward")) if slide.phase == "forward" else t(N_("backward"))
    return _call(
        "step-page",
        title=typeset.string(job.scenario.title(job.options.lang)),
        phase=typeset.string(phase),
        tone=f'colours.at("{slide.phase}")',
        count=typeset.string(f"{slide.step} / {job.picture.steps}"),
        picture=drawing.page(slide.step, view),
        size=f"({shown.width}, {shown.height})",
        view="none" if view is None else f"({view.left}, {view.top}, {view.width}, {view.height})",
        symbols=typeset.equation(slide.symbols) if slide.symbols else "none",
        numbers=typeset.equation(slide.numbers) if slide.numbers else "none",
        sentence=typeset.string(slide.sentence),
    )


def gradients(job: Job) -> list[str]:
    """What the walk ends with, in LaTeX: the loss, and its gradient by every parameter, or by every input."""
    from ..explain import array_latex

    walk, graph = job.walk, job.walk.graph
    loss = graph.vertices[walk.of].latex
    totals = {c.vertex: c.total for step in walk for c in step.contributions}
    wanted = [name for name in graph.names("parameter") if name in totals]
    wanted = wanted or [name for name in graph.names("input") if name in totals]
    show = partial(array_latex, rows=6, columns=6)
    found = [rf"{loss} = {show(walk.values[walk.of])}"]
    return found + [rf"\nabla_{{{graph.vertices[n].latex}}} {loss} = {show(totals[n])}" for n in wanted]


def _gradients(job: Job) -> Iterator[str]:
    found = gradients(job)
    title = translator(job.options.lang)(N_("All gradients"))
    for start in range(0, len(found), _PER_PAGE):
        formulas = "".join(f"{typeset.equation(f)}, " for f in found[start : start + _PER_PAGE])
        yield _call("gradients-page", title=typeset.string(title), formulas=f"({formulas})")
