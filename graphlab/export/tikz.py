"""Steps as LaTeX: a Beamer frame with an overlay for each, or one tikzpicture to paste into a paper.

Plain pdflatex compiles it: shapes are TikZ paths, names of vertices their own LaTeX, and every part of the picture is
written once for each of its looks, with the overlays on which it is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from ..diagram.marks import labels, theme
from ..diagram.marks.picture import Command
from ..diagram.marks.still import Box, Circle, Formula, Line, Look, Mark, Part, Path, Stills, room
from ..errors import N_, ExportError, message
from ..i18n import translator
from . import deck, drawn
from .job import Job, Slide
from .options import RATIOS
from .plain_latex import formula, has_cyrillic, text

_BODY = 10.0  # points of the type at which formulas are set, before they are scaled
_POINTS = 72.27 / 96  # of TeX, in a pixel
_WIDTHS = {"16:9": 160.0, "4:3": 128.0}  # of Beamer's pages, in millimetres
_TEX_MM = 72.27 / 25.4

FIT = r"""% \fit{height}{body}: the body as it is where it fits, and smaller where it does not.
\newcommand\fit[2]{\sbox0{#2}%
  \ifdim\wd0>\linewidth \sbox0{\resizebox{\linewidth}{!}{\usebox0}}\fi
  \ifdim\dimexpr\ht0+\dp0\relax>#1 \sbox0{\resizebox*{!}{#1}{\usebox0}}\fi
  \usebox0}"""


def render(job: Job) -> bytes:
    """A .tex file. Raises ExportError for several steps in one tikzpicture."""
    return (_bare(job) if job.options.bare else _beamer(job)).encode()


def _bare(job: Job) -> str:
    """One tikzpicture, with what it needs said above it."""
    if len(job.steps) != 1:
        raise ExportError(
            message(N_("{format} is one picture: it takes one step"), format="tikzpicture"),
            expected=message(N_("a step from 0 to {last}"), last=job.picture.steps),
        )
    job.progress(0, 1)
    (step,) = job.steps
    unit = _POINTS * drawn.width(job.picture, job.options) / job.picture.width
    ink = _Ink(job.options.theme, unit)
    parts = Stills(job.picture, job.options.theme, job.options.line).at(step)
    body = [line for part in parts for line in map(ink.mark, part)]
    name = f"{job.scenario.name}, {step} / {job.picture.steps}"
    return "\n".join(
        [
            f"% {_comment(name)}. Needs \\usepackage{{amsmath, tikz}}{_cyrillic_note(body)}.",
            *ink.colours.values(),
            rf"\begin{{tikzpicture}}[x={_n(unit)}pt, y=-{_n(unit)}pt, {_LABELS}]",
            rf"  \useasboundingbox (0, 0) rectangle ({_n(job.picture.width)}, {_n(job.picture.height)});",
            *(f"  {line}" for line in body),
            r"\end{tikzpicture}",
            "",
        ]
    )


_LABELS = r"label/.style={anchor=base, inner sep=0pt, outer sep=0pt, font=\fontsize{10}{12}\selectfont}"


def _cyrillic_note(lines: Iterable[str]) -> str:
    return ", and \\usepackage[T2A]{fontenc}" if has_cyrillic("".join(lines)) else ""


def _comment(words: str) -> str:
    """Text for a line of comment."""
    return re.sub(r"[^\w ,./:=-]", "?", words)


def _beamer(job: Job) -> str:
    options, t = job.options, translator(job.options.lang)
    places = deck.places(job)
    width = _WIDTHS[options.ratio] * _TEX_MM
    shrink = width / RATIOS[options.ratio][0]  # points of our pages to points of Beamer's
    place = places[job.steps[0]]
    unit = place.scale * shrink
    stills, ink = Stills(job.picture, options.theme, options.line), _Ink(options.theme, unit)
    slides = list(job.slides())
    found: dict[int, dict[str, tuple[Part, list[int]]]] = {}  # place in the drawing order: {key: (part, its overlays)}
    for overlay, slide in enumerate(slides, 1):
        view = places[slide.step]
        for i, part in enumerate(stills.at(slide.step)):
            if view.whole or any(room(mark).overlaps(view.view) for mark in part):
                found.setdefault(i, {}).setdefault(part.key, (part, []))[1].append(overlay)
    graph = []
    for i in sorted(found):
        for part, overlays in found[i].values():
            marks = [ink.mark(mark) for mark in part]
            if marks:
                graph.append(f"% {part.kind} {_comment(part.name)}")
                graph.append(_only(overlays, len(slides), "\n  ".join(marks)))
    title, colours = text(job.scenario.title(options.lang)), theme.palette(options.theme)
    ink.colour(colours["paper"])
    ink.colour(colours["ink"])
    ink.colour(colours["quiet"])
    phases = [
        rf"\only<{n}>{{{ink.text(colours[s.phase], text(deck.phase(job, s)))} {text(deck.count(job, s))}}}"
        for n, s in enumerate(slides, 1)
    ]
    views = [(places[s.step].view.left, places[s.step].view.top) for s in slides]
    size = (place.view.width, place.view.height)
    words = [_words(n, slide) for n, slide in enumerate(slides, 1)]
    lines = [*graph, *phases, *words, title]
    aspect = "169" if options.ratio == "16:9" else "43"
    ending = text(t(N_("All gradients")))
    return "\n".join(
        [
            "% Compile with pdflatex. Needs beamer and tikz" + (_needs(lines, options.lang)),
            rf"\documentclass[10pt,aspectratio={aspect}]{{beamer}}",
            *_encoding(lines, options.lang),
            r"\usepackage{tikz}",
            r"\usefonttheme[onlymath]{serif}",
            r"\setbeamertemplate{navigation symbols}{}",
            r"\setbeamersize{text margin left=5mm, text margin right=5mm}",
            *ink.colours.values(),
            rf"\setbeamercolor{{background canvas}}{{bg={ink.colour(colours['paper'])}}}",
            rf"\setbeamercolor{{normal text}}{{fg={ink.colour(colours['ink'])}}}",
            rf"\setbeamercolor{{frametitle}}{{fg={ink.colour(colours['ink'])}}}",
            r"\setcounter{MaxMatrixCols}{40}",
            FIT,
            r"\begin{document}",
            rf"\begin{{frame}}[t]{{{title}\hspace*{{0pt plus 1filll}}\normalsize{''.join(phases)}}}",
            *_moves(views, len(slides)),
            r"\centering",
            rf"\begin{{tikzpicture}}[x={_n(unit)}pt, y=-{_n(unit)}pt, {_LABELS}]",
            rf"\useasboundingbox (0, 0) rectangle ({_n(size[0])}, {_n(size[1])});",
            *([] if place.whole else [rf"\clip (0, 0) rectangle ({_n(size[0])}, {_n(size[1])});"]),
            r"\begin{scope}[shift={(-\viewx, -\viewy)}]",
            *graph,
            r"\end{scope}",
            r"\end{tikzpicture}",
            r"\par\vfill",
            r"\begin{minipage}[t][26mm][t]{\linewidth}\raggedright",
            *words,
            r"\end{minipage}",
            r"\end{frame}",
            *(_gradients(ending, page) for page in deck.gradients(job)),
            r"\end{document}",
            "",
        ]
    )


def _words(overlay: int, slide: Slide) -> str:
    """The formulas and the sentence of a step."""
    found = [
        rf"\fit{{{height}}}{{\large$\displaystyle {formula(latex)}$}}\\[1mm]"
        for latex, height in ((slide.symbols, "7.5mm"), (slide.numbers, "10.5mm"))
        if latex
    ]
    return _only([overlay], 0, "\n  ".join([*found, rf"{{\small {text(slide.sentence)}}}"]))


def _gradients(title: str, formulas: list[str]) -> str:
    lines = "\n".join(rf"\fit{{20mm}}{{$\displaystyle {formula(f)}$}}\par\medskip" for f in formulas)
    return f"\\begin{{frame}}[t]{{{title}}}\n{lines}\n\\end{{frame}}"


def _moves(views: list[tuple[float, float]], count: int) -> list[str]:
    """Where the view of each overlay begins, in pixels of the picture."""
    at: dict[tuple[float, float], list[int]] = {}
    for overlay, view in enumerate(views, 1):
        at.setdefault(view, []).append(overlay)
    return [_only(overlays, count, rf"\def\viewx{{{_n(x)}}}\def\viewy{{{_n(y)}}}") for (x, y), overlays in at.items()]


def _encoding(lines: list[str], lang: str) -> list[str]:
    cyrillic = lang == "ru" or has_cyrillic("".join(lines))
    latin = r"\IfFileExists{lmodern.sty}{\usepackage[T1]{fontenc}\usepackage{lmodern}}{}"
    found = [r"\usepackage[T2A]{fontenc}" if cyrillic else latin, r"\usepackage[utf8]{inputenc}"]
    return [*found, r"\usepackage[shorthands=off,russian]{babel}"] if lang == "ru" else found


def _needs(lines: list[str], lang: str) -> str:
    if lang == "ru" or has_cyrillic("".join(lines)):
        return ", for Cyrillic letters T2A fonts, and for Russian babel (TeX Live: texlive-lang-cyrillic, cm-super)."
    return "."


def _only(overlays: list[int], count: int, body: str) -> str:
    """The body on some overlays; as it is where these are all."""
    if len(overlays) == count:
        return body
    ends = [i for i, (a, b) in enumerate(pairwise(overlays)) if b != a + 1]
    runs = zip([0, *(i + 1 for i in ends)], [*ends, len(overlays) - 1], strict=True)
    spoken = ",".join(str(overlays[a]) if a == b else f"{overlays[a]}-{overlays[b]}" for a, b in runs)
    return f"\\only<{spoken}>{{%\n  {body}}}"


def _n(value: float) -> str:
    found = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if found == "-0" else found


class _Ink:
    """Marks as TikZ, `unit` points a pixel; `colours` are the definitions of those that were used."""

    def __init__(self, name: str, unit: float) -> None:
        self.unit = unit
        self.colours: dict[str, str] = {}
        self._names: Mapping[str, str] = {
            colour.lower(): token for token, colour in reversed(list(theme.palette(name).items()))
        }

    def colour(self, colour: str) -> str:
        """The name of a colour, which is defined from now on."""
        name = f"gl-{self._names.get(colour.lower(), colour[1:].lower())}"
        self.colours.setdefault(name, rf"\definecolor{{{name}}}{{HTML}}{{{_six(colour)}}}")
        return name

    def text(self, colour: str, words: str) -> str:
        return rf"\textcolor{{{self.colour(colour)}}}{{{words}}}"

    def mark(self, mark: Mark) -> str:
        """A TikZ command."""
        look = mark.look
        match mark:
            case Box(rect=r, radius=radius):
                radius = min(radius, r.width / 2, r.height / 2)
                rounded = (f"rounded corners={_n(radius * self.unit)}pt",) if radius else ()
                return f"{self._path(look, rounded)} ({_n(r.left)}, {_n(r.top)}) rectangle ({_n(r.right)}, {_n(r.bottom)});"
            case Circle(x=x, y=y, r=r):
                return f"{self._path(look)} ({_n(x)}, {_n(y)}) circle [radius={_n(r)}];"
            case Path(commands=commands):
                return f"{self._path(look)} {' '.join(map(_step, commands))};"
            case Line(text=t):
                width = labels.text_width(t.text, t.size)
                size = t.size * (min(1.0, t.width / width) if width else 1.0)
                return self._node(t.x, t.y, size, look, rf"\textsf{{{text(t.text)}}}")
            case Formula(label=label, x=x, y=y, scale=k):
                middle = x + k * (label.left + label.right) / 2
                source = label.source
                words = text(source[5:]) if source.startswith("text ") else f"${formula(source)}$"
                return self._node(middle, y, k * labels.SIZE, look, words)

    def _node(self, x: float, y: float, size: float, look: Look, words: str) -> str:
        style = f"label, scale={_n(size * self.unit / _BODY)}, text={self.colour(look.fill or '#000000')}"
        style += f", opacity={look.opacity:g}" if look.opacity < 1 else ""
        return rf"\node [{style}] at ({_n(x)}, {_n(y)}) {{{words}}};"

    def _path(self, look: Look, more: tuple[str, ...] = ()) -> str:
        style = list(more)
        if look.fill is not None:
            style.append(f"fill={self.colour(look.fill)}")
        if look.stroke is not None and look.width:
            style += [f"draw={self.colour(look.stroke)}", f"line width={_n(look.width * self.unit)}pt"]
            if look.dash:
                lengths = look.dash if len(look.dash) % 2 == 0 else look.dash * 2
                spoken = (
                    f"{w} {_n(v * self.unit)}pt" for w, v in zip(("on", "off") * len(lengths), lengths, strict=False)
                )
                style.append(f"dash pattern={' '.join(spoken)}")
            style += ["line cap=round"] if look.round_ends else []
        if look.opacity < 1:
            style.append(f"opacity={look.opacity:g}")
        return rf"\path [{', '.join(style)}]"


def _six(colour: str) -> str:
    digits = colour[1:].upper()
    return digits if len(digits) == 6 else "".join(2 * d for d in digits)


def _step(command: Command) -> str:
    letter, v = command
    points = [f"({_n(x)}, {_n(y)})" for x, y in zip(v[::2], v[1::2], strict=True)]
    match letter:
        case "M":
            return points[0]
        case "L":
            return f"-- {points[0]}"
        case "C":
            return f".. controls {points[0]} and {points[1]} .. {points[2]}"
    return "-- cycle"
