"""The deck as PowerPoint: native shapes, connectors and text, formulas as outlines, and each step's sentence as its notes.

The slides are written as XML by hand, as adding a shape through python-pptx looks through all others; the package around
them, its layouts and its relations are python-pptx's.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from ..diagram.marks import labels, theme
from ..diagram.marks.picture import Rect
from ..diagram.marks.still import Stills
from . import deck
from . import drawingml as d
from .job import Job, Slide
from .native import Scene
from .options import RATIOS
from .runs import Run
from .typeset import legal

_HIGH = 540.0  # of every page
_TITLE, _TITLE_ONLY = "Title Slide", "Title Only"  # the layouts of python-pptx's template that are used
_DATE = datetime(2000, 1, 1)  # the same input gives the same bytes
_MONO_WIDTH = 0.61  # of the type size: one character
_MAP = (200.0, 34.0)
_GRADIENT, _GAP = 21.0, 14.0  # the type size of the last pages, and what is between their formulas
_FORMULAS = 134.0  # of the strip under the picture: what the formulas may reach
_SENTENCE = (15.0, 12.5)  # type sizes: one line where that is enough, and the least of them, in two lines
_PALETTE = {
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "quiet",
    "lt2": "operation-fill",
    "accent1": "forward",
    "accent2": "backward",
    "accent3": "input-line",
    "accent4": "parameter-line",
    "accent5": "output-line",
    "accent6": "temporary-line",
    "hlink": "forward",
    "folHlink": "backward",
}
_TREE = (
    '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
    '<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
)


@dataclass(frozen=True)
class _Page:
    layout: str
    shapes: str
    name: str = ""
    notes: str = ""


def render(job: Job) -> bytes:
    """The whole deck as one PPTX file."""
    return _packed(job, _Deck(job).pages())


class _Deck:
    """The pages of a job."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.lang = job.options.lang
        self.title = job.scenario.title(self.lang)
        self.colours = theme.palette(job.options.theme)
        self.wide = RATIOS[job.options.ratio][0]
        self.inner = self.wide - 2 * deck.MARGIN

    def pages(self) -> Iterator[_Page]:
        """A title page, a page for every step, and last all gradients."""
        yield self._opening()
        stills = Stills(self.job.picture, self.job.options.theme, self.job.options.line)
        scene = Scene(stills, self.lang)
        places = deck.places(self.job)
        for slide in self.job.slides():
            yield self._step(slide, scene, places[slide.step])
        for formulas in deck.gradients(self.job):
            yield self._gradients(formulas)

    def _words(self, text: str, size: float, colour: str = d.INK, bold: bool = False, font: str = "") -> str:
        paint = d.fill(self.colours.get(colour, colour))
        return d.words([Run(text, bold=bold)], size, paint, self.lang, font)

    def _head(self, words: str, room: float = 190.0) -> str:
        size = _fitting(words, 21, self.inner - room)
        r = Rect(deck.MARGIN, 18, self.wide - deck.MARGIN - room, 48)
        text = d.body([self._words(words, size, bold=True)], "l", wrap=True)
        return d.placeholder(2, "title", 'type="title"', r, text)

    def _number(self) -> str:
        r = Rect(self.wide - deck.MARGIN - 40, _HIGH - 32, self.wide - deck.MARGIN, _HIGH - 12)
        look = f'<a:rPr lang="en-US" sz="1200" dirty="0">{d.fill(self.colours["quiet"])}</a:rPr>'
        field = f'<a:fld id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">{look}<a:t>‹#›</a:t></a:fld>'
        return d.placeholder(3, "page", 'type="sldNum" sz="quarter" idx="12"', r, d.body([field], "r"))

    def _opening(self) -> _Page:
        section, description = self.job.scenario.section(self.lang), self.job.scenario.description(self.lang)
        left, right = deck.MARGIN, self.wide - deck.MARGIN
        lines = self.job.scenario.text.strip().split("\n")
        size = min(17.0, 190 / (1.2 * len(lines)), self.inner / (_MONO_WIDTH * max(1, *map(len, lines))))
        told = 1.2 * 17 * (1 + labels.text_width(description, 17) // self.inner)
        heights = {"title": 48.0, "rule": 19.0, "equations": 1.2 * size * len(lines), "description": 14 + told}
        places, top = {}, (_HIGH - sum(heights.values())) / 2
        for name, height in heights.items():
            places[name] = Rect(left, top, right, top + height)
            top += height
        title = d.body([self._words(self.title, _fitting(self.title, 40, self.inner), bold=True)], "l", wrap=True)
        rule, y = d.stroke(self.colours["backward"], 3), places["rule"].top + 7
        code = d.body([self._words(line, size, font=d.MONO) for line in lines], "l", "t")
        shapes = [
            d.placeholder(2, "title", 'type="ctrTitle"', places["title"], title),
            d.connector(5, "rule", (left, y), (left + 90, y), rule),
            d.text_box(6, "equations", places["equations"], code),
        ]
        if section:
            text = d.body([self._words(section, 15, "quiet")], "l")
            shapes.append(d.text_box(4, "section", Rect(left, left, right, left + 20), text))
        if description:
            text = d.body([self._words(description, 17, "quiet")], "l", "b", wrap=True)
            shapes.append(d.placeholder(7, "description", 'type="subTitle" idx="1"', places["description"], text))
        return _Page(_TITLE, "".join([*shapes, self._number()]))

    def _step(self, slide: Slide, scene: Scene, place: deck.Place) -> _Page:
        left, right, foot = deck.MARGIN, self.wide - deck.MARGIN, _HIGH - deck.STRIP
        more = self._words(deck.phase(self.job, slide), 16, slide.phase, bold=True)
        more += self._words(f"   {deck.count(self.job, slide)}", 16, "quiet")
        shapes = [self._head(self.title, 190.0 if place.whole else (self.inner + _MAP[0]) / 2 + 10)]
        shapes.append(d.text_box(8, "phase", Rect(right - 180, 18, right, 48), d.body([more], "r")))
        shapes.append(self._sentence(slide.sentence))
        top = foot + 16
        for id, name, latex, size in ((6, "formula", slide.symbols, 28.0), (7, "numbers", slide.numbers, 25.0)):
            if latex:
                room = 60.0 if slide.numbers and id == 6 else foot + _FORMULAS - top
                xml, height = self._formula(id, name, latex, size, (left, top), room)
                shapes.append(xml)
                top += height + 8
        line = d.stroke(self.colours["quiet"], 0.75, 0.4)
        shapes.append(d.connector(5, "rule", (left, foot + 6), (right, foot + 6), line))
        if not place.whole:
            picture = self.job.picture
            k = min(_MAP[0] / picture.width, _MAP[1] / picture.height)
            x = (self.wide - k * picture.width) / 2
            shapes.append(scene.overview(place.view, Rect(x, 14, x + k * picture.width, 14 + k * picture.height)))
        shapes.append(scene.shapes(slide.step, place))
        name = f"{deck.phase(self.job, slide)} {deck.count(self.job, slide)}"
        return _Page(_TITLE_ONLY, "".join([*shapes, self._number()]), name, slide.sentence)

    def _sentence(self, sentence: str) -> str:
        width = self.inner - 44
        one, two = _SENTENCE
        size = _fitting(sentence, one, width)
        wrap = size < two
        if wrap:
            size = _fitting(sentence, two, 1.9 * width)
        r = Rect(deck.MARGIN, _HIGH - 38, deck.MARGIN + width, _HIGH - 8)
        return d.text_box(4, "sentence", r, d.body([self._words(sentence, size)], "l", wrap=True))

    def _formula(
        self, id: int, name: str, latex: str, size: float, at: tuple[float, float], room: float
    ) -> tuple[str, float]:
        """A formula at its upper left corner, smaller where it is wider than the page or higher than `room`; its height."""
        label = labels.outline(latex)
        # A line is as high as its tallest letters, whichever it has: the next page's then stands on the same line.
        above, below = max(-label.top, 0.75 * labels.SIZE), max(label.bottom, 0.25 * labels.SIZE)
        k = min(self.job.options.scale * size / labels.SIZE, self.inner / label.width, room / (above + below))
        return _outlined(id, name, label, latex, at[0], at[1] + k * (above + label.top), k), k * (above + below)

    def _gradients(self, formulas: list[str]) -> _Page:
        shapes = [self._head(deck.gradients_title(self.job))]
        found = [labels.outline(latex) for latex in formulas]
        k = self.job.options.scale * _GRADIENT / labels.SIZE
        height = k * sum(label.height for label in found) + _GAP * (len(found) - 1)
        fit = min(1.0, self.inner / (k * max(label.width for label in found)), (_HIGH - 110) / height)
        top = 68.0
        for i, (latex, label) in enumerate(zip(formulas, found, strict=True)):
            shapes.append(_outlined(10 + i, "gradient", label, latex, deck.MARGIN, top, fit * k))
            top += fit * (k * label.height + _GAP)
        return _Page(_TITLE_ONLY, "".join([*shapes, self._number()]))


def _outlined(id: int, name: str, label: labels.Label, latex: str, left: float, top: float, k: float) -> str:
    """A typeset formula as one shape, the upper left corner of its ink at (left, top), `k` points a pixel."""
    r = Rect(left, top, left + k * label.width, top + k * label.height)
    return d.shape(id, name, r, d.outline(label), d.fill(d.INK) + d.stroke(None), description=latex)


def _fitting(text: str, size: float, width: float) -> float:
    """The type size at which a line of text is no wider than `width`."""
    natural = 1.05 * labels.text_width(text, size)
    return size * min(1.0, width / natural) if natural else size


def _packed(job: Job, pages: Iterable[_Page]) -> bytes:
    """The slides in a file, which is the same for the same slides."""
    from pptx import Presentation
    from pptx.opc.constants import CONTENT_TYPE as CT
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    presentation = Presentation()
    layouts = _prepared(presentation, job)
    package, notes_master = presentation.part.package, presentation.notes_master.part

    def part(name: str, content_type: str, xml: str) -> Part:
        declared = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{xml}'
        return Part(PackURI(name), content_type, package, declared.encode())

    listed = presentation.slides._sldIdLst  # asked for once: each time, all slides are named anew
    # A slide stays bytes: nobody looks into it again, and a tree of all its outlines takes more memory.
    for i, page in enumerate(pages, 1):
        slide = part(f"/ppt/slides/slide{i}.xml", CT.PML_SLIDE, _sheet("sld", page.shapes, page.name))
        slide.relate_to(layouts[page.layout], RT.SLIDE_LAYOUT)
        if page.notes:
            xml = _sheet("notes", _notes(page.notes, job.options.lang))
            notes = part(f"/ppt/notesSlides/notesSlide{i}.xml", CT.PML_NOTES_SLIDE, xml)
            notes.relate_to(notes_master, RT.NOTES_MASTER)
            notes.relate_to(slide, RT.SLIDE)
            slide.relate_to(notes, RT.NOTES_SLIDE)
        listed.add_sldId(presentation.part.relate_to(slide, RT.SLIDE))
    file = io.BytesIO()
    presentation.save(file)
    return _dated(file)


def _sheet(kind: str, shapes: str, name: str = "") -> str:
    called = f' name="{d.attribute(name)}"' if name else ""
    tree = f"<p:cSld{called}><p:spTree>{_TREE}{shapes}</p:spTree></p:cSld>"
    return f"<p:{kind} {d.NAMESPACES}>{tree}<p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:{kind}>"


def _notes(sentence: str, lang: str) -> str:
    image = (
        '<p:sp><p:nvSpPr><p:cNvPr id="2" name="slide"/><p:cNvSpPr><a:spLocks noGrp="1" noRot="1" noChangeAspect="1"/>'
        '</p:cNvSpPr><p:nvPr><p:ph type="sldImg" idx="2"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>'
    )
    words = f"<a:p>{d.words([Run(sentence)], 12, '', lang)}</a:p>"
    text = f"<p:txBody><a:bodyPr/><a:lstStyle/>{words}</p:txBody>"
    return image + d.placeholder(3, "notes", 'type="body" sz="quarter" idx="3"', None, text)


def _prepared(presentation, job: Job) -> dict:
    """Make the template's size, colours and properties those of the job; the layouts that are used, by name."""
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT
    from pptx.util import Emu

    wide, lang = RATIOS[job.options.ratio][0], job.options.lang
    for layout in list(presentation.slide_layouts):
        if layout.name not in (_TITLE, _TITLE_ONLY):
            presentation.slide_layouts.remove(layout)
    stretch = d.emu(wide) / presentation.slide_width
    for holder in (presentation.slide_master, *presentation.slide_layouts):
        for shape in holder.placeholders:
            if shape._element.spPr.xfrm is not None:
                shape.left, shape.width = Emu(round(shape.left * stretch)), Emu(round(shape.width * stretch))
    presentation.slide_width, presentation.slide_height = Emu(d.emu(wide)), Emu(d.emu(_HIGH))
    presentation.part._element.sldSz.attrib.pop("type", None)
    colours = theme.palette(job.options.theme)
    scheme = "".join(f'<a:{k}><a:srgbClr val="{colours[v][1:].upper()}"/></a:{k}>' for k, v in _PALETTE.items())
    part = presentation.slide_master.part.part_related_by(RT.THEME)
    named = f'<a:clrScheme name="graphlab">{scheme}</a:clrScheme>'
    part.blob = re.sub(r"<a:clrScheme.*?</a:clrScheme>", named, part.blob.decode(), flags=re.DOTALL).encode()
    for owner, kind in ((presentation.part, RT.PRINTER_SETTINGS), (presentation.part.package, RT.THUMBNAIL)):
        for relation in [r.rId for r in owner._rels.values() if r.reltype == kind]:
            owner._rels.pop(relation)
    about = presentation.core_properties
    about.title, about.author, about.language = legal(job.scenario.title(lang))[:255], "graphlab", lang
    about.last_modified_by, about.revision = "graphlab", 1
    about.created = about.modified = about.last_printed = _DATE
    return {layout.name: layout.part for layout in presentation.slide_layouts}


def _dated(file: io.BytesIO) -> bytes:
    """The same archive with nothing in it of when and in which order it was written."""
    written = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return written.getvalue()
