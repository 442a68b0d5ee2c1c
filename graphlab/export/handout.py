"""A handout: the graph on paper with numbers left blank, other numbers for each seed, and the key."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from ..errors import N_, ExportError, message
from ..i18n import translator
from ..scenario import Scenario
from . import typeset
from .files import write
from .job import Job, Progress, _silent
from .options import Options

WORDS = ("gradients", "values", "all")
MOST_SEEDS = 100
_WIDE = 1.4  # a picture so much wider than high stands on a page on its side


@dataclass(frozen=True)
class _Question:
    """What is asked: the role and the vertex, its name in LaTeX, and its array."""

    role: str
    name: str
    symbol: str
    array: Any


def handout(
    scenario: Scenario,
    path: str | os.PathLike[str],
    *,
    blank: str | Iterable[str] = "gradients",
    seeds: Iterable[int] = (0,),
    key: bool | str = True,
    progress: Progress = _silent,
    **look: Any,
) -> Path:
    """Write a worksheet of A4 pages as PDF, one page a seed with the numbers of that seed, and return the path.

    `blank` says what students find: "gradients", "values" (of all that is computed), "all", or vertices by name, with
    ":value" or ":gradient" behind a name where only one of them is meant: "h, tmp_3:gradient". Each is an empty box in
    the graph, and a line in the list of questions. `key`: True, pages with the answers stand at the end; False, there
    are none; "only", there is nothing else. `look` are the fields of `Options`; the theme is "print" unless it is given.
    Raises ExportError for a blank, a look or a path that can not be used, ScenarioError for a seed.
    """
    path = Path(path)
    if path.suffix.lower() != ".pdf":
        raise ExportError(
            message(N_("a handout is a PDF file")),
            expected=message(N_("a name that ends in {endings}"), endings=".pdf"),
        )
    write(path, render(scenario, blank=blank, seeds=seeds, key=key, progress=progress, **look))
    return path


def render(
    scenario: Scenario,
    *,
    blank: str | Iterable[str] = "gradients",
    seeds: Iterable[int] = (0,),
    key: bool | str = True,
    progress: Progress = _silent,
    **look: Any,
) -> bytes:
    """The content of the file that `handout` would write, as bytes."""
    from . import prepare

    options = Options(**{"theme": "print", **look})
    if key not in (True, False, "only"):
        raise ExportError(
            message(N_("{given} is not one of {allowed}"), given=repr(key)[:40], allowed="True, False, 'only'")
        )
    if options.rolled:
        raise ExportError(message(N_("a handout shows every time step: it can not be rolled")))
    seeds = _seeds(seeds)
    of = len(seeds) * (1 + (key is True))
    jobs = {seed: prepare(scenario, options, "last", seed) for seed in seeds}
    wanted = _blanks(next(iter(jobs.values())), blank)
    pages: list[str] = []
    definitions = ""
    for answers in [False] * (key != "only") + [True] * (key is not False):
        for seed, job in jobs.items():
            progress(len(pages), of)
            definition, page = _page(job, seed, wanted, answers, f"s{len(pages)}")
            definitions += definition
            pages.append(page)
    layout = resources.files(__package__).joinpath("handout.typ").read_text("utf-8")
    source = [_preamble(scenario, next(iter(jobs.values()))), layout, definitions, "#pagebreak()\n".join(pages)]
    return typeset.compile("\n".join(source), "pdf")[0]


def _seeds(given: Any) -> tuple[int, ...]:
    seeds = tuple(dict.fromkeys(given)) if isinstance(given, Iterable) and not isinstance(given, str) else (given,)
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise ExportError(message(N_("a handout has from 1 to {most} seeds"), most=MOST_SEEDS))
    return seeds


def _findable(job: Job) -> dict[tuple[str, str], Any]:
    """{(role, vertex): array} of all that is computed and drawn with its numbers, in the order of the walk."""
    from ..diagram.worksheet import can_be_blank

    drawn = {v.name: v for v in job.picture.vertices}
    found = {}
    for step in job.walk:
        if step.phase == "forward":
            if step.output in drawn and drawn[step.output].values and can_be_blank(step.value.shape):
                found["value", step.output] = step.value
            continue
        for c in step.contributions:
            v = drawn.get(c.vertex)
            if v is not None and v.gradients and can_be_blank(c.total.shape):
                found.pop(("gradient", c.vertex), None)  # the last part completes it
                found["gradient", c.vertex] = c.total
    return found


def _blanks(job: Job, given: str | Iterable[str]) -> tuple[tuple[str, str], ...]:
    """What is left blank. Raises ExportError for a name with nothing to find, and where nothing is left to find."""
    findable = _findable(job)
    if isinstance(given, str):
        given = given.split(",")
    asked = [part.strip() for part in given] if isinstance(given, Iterable) else []
    found: list[tuple[str, str]] = []
    for part in asked:
        if part in WORDS:
            found += [b for b in findable if part in ("all", f"{b[0]}s")]
            continue
        name, _, role = str(part).partition(":")
        here = [b for b in findable if b[1] == name and role in ("", b[0])]
        if not here:
            raise ExportError(
                message(N_("there is nothing to find at {given}"), given=repr(part)[:40]),
                expected=message(N_("gradients, values, all, or vertices such as h or tmp_3:gradient")),
            )
        found += here
    if not found:
        raise ExportError(message(N_("a handout needs something that is left blank")))
    return tuple(b for b in findable if b in found)


def _questions(job: Job, wanted: Iterable[tuple[str, str]]) -> list[_Question]:
    findable, vertices = _findable(job), job.walk.graph.vertices
    loss = vertices[job.walk.of].latex
    found = []
    for role, name in wanted:
        latex = vertices[name].latex
        symbol = rf"\nabla_{{{latex}}} {loss}" if role == "gradient" else latex
        found.append(_Question(role, name, symbol, findable[role, name]))
    # Side by side, what is equally high: matrices last.
    return sorted(found, key=lambda q: q.array.ndim > 1 and q.array.shape[0])


def _preamble(scenario: Scenario, job: Job) -> str:
    lang = job.options.lang
    return "\n".join(
        [
            f"#set document(title: {typeset.string(scenario.title(lang))}, date: none)",
            f"#set text(lang: {typeset.string(lang)})",
            f"#let wide-page = {str(_on_its_side(job)).lower()}",
        ]
    )


def _on_its_side(job: Job) -> bool:
    return job.picture.width > _WIDE * job.picture.height


def _page(job: Job, seed: int, wanted: tuple[tuple[str, str], ...], answers: bool, name: str) -> tuple[str, str]:
    """What a page refers to, and the page."""
    from ..diagram.marks.still import Stills
    from ..diagram.worksheet import sheet
    from .drawing import Drawing

    t = translator(job.options.lang)
    picture = sheet(job.picture, wanted, key=answers)
    drawing = Drawing(Stills(picture, job.options.theme, job.options.line))
    shown = drawing.page(picture.steps)
    variant = t(N_("Variant {n}")).format(n=seed)
    answer_key = t(N_("Answer key"))
    fields = (N_("Name"), N_("Group"), N_("Date"))
    task = N_("All numbers are those of one pass, forward and backward. Fill in the empty boxes.")
    questions = [_question(q, answers, job.options.decimals) for q in _questions(job, wanted)]
    arguments = {
        "title": typeset.string(job.scenario.title(job.options.lang)),
        "variant": typeset.string(f"{answer_key}: {variant}" if answers else variant),
        "fields": _array(() if answers else (typeset.string(t(f)) for f in fields)),
        "equations": typeset.string(job.scenario.text.strip()),
        "task": typeset.string("" if answers else t(task)),
        "picture": shown,
        "size": f"({picture.width}pt, {picture.height}pt)",
        "columns": "3" if _on_its_side(job) else "2",
        "questions": _array(questions),
    }
    body = ", ".join(f"{k}: {v}" for k, v in arguments.items())
    # Every page has a scope of its own, as parts of two pictures go by the same names.
    return f"#let {name} = {{\n{_inside(drawing.definitions)}\nsheet({body})\n}}\n", f"#{name}\n"


def _inside(definitions: str) -> str:
    """Definitions of a document as lines of a code block."""
    return "\n".join(line.removeprefix("#") for line in definitions.split("\n"))


def _array(parts: Iterable[str]) -> str:
    return "(" + "".join(f"{part}, " for part in parts) + ")"


def _question(q: _Question, answers: bool, digits: int) -> str:
    from ..explain import array_latex

    left = typeset.equation(q.symbol, block=False)
    if answers:
        return f"question({left}, {typeset.equation(array_latex(q.array, digits, rows=4, columns=4), block=False)})"
    shape = q.array.shape
    rows, columns = (0, 0) if not shape else (1, shape[0]) if len(shape) == 1 else shape
    return f"question({left}, blank({rows}, {columns}))"
