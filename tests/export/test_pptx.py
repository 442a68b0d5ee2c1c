"""The deck as PowerPoint, read back by python-pptx: native shapes by name, glued connectors, text, notes, the same bytes."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE as TYPE
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Pt

import graphlab as gl
from graphlab.diagram.marks import labels
from graphlab.diagram.marks.picture import Rect
from graphlab.export import Options, drawingml, native, pptx, prepare, render
from graphlab.export.runs import ABOVE, BELOW, Run, plain, runs

HOSTILE = [
    "<script>alert(1)</script>",
    "a & b \"quoted\" 'single'",
    "\\input{/etc/passwd} \\\\",
    "Ωμέγα Привет 😀",
    "x" * 200,
    "bell\x07 and null\x00",
]


def opened(content):
    return Presentation(io.BytesIO(content))


def every(shapes):
    for shape in shapes:
        yield shape
        if shape.shape_type == TYPE.GROUP:
            yield from every(shape.shapes)


def named(slide, name):
    return next(s for s in every(slide.shapes) if s.name == name)


def texts(shape):
    inner = every(shape.shapes) if shape.shape_type == TYPE.GROUP else [shape]
    return [s.text_frame.text for s in inner if s.has_text_frame and s.text_frame.text]


def beyond(deck):
    """The shapes that stand over the border of their slide."""
    return [
        s.name
        for slide in deck.slides
        for s in every(slide.shapes)
        if min(s.left, s.top) < 0 or s.left + s.width > deck.slide_width or s.top + s.height > deck.slide_height
    ]


@pytest.fixture(scope="module")
def mlp():
    return render(gl.scenario("mlp"), "pptx")


@pytest.fixture(scope="module")
def slides(mlp):
    return list(opened(mlp).slides)


def test_a_page_for_the_title_for_every_step_and_for_the_gradients(mlp, slides):
    assert len(slides) == 1 + 16 + 1
    assert (opened(mlp).slide_width, opened(mlp).slide_height) == (Pt(960), Pt(540))
    assert [s.shapes.title.text for s in slides[:2]] == ["Multilayer perceptron (MLP)"] * 2
    assert slides[-1].shapes.title.text == "All gradients"
    assert slides[11].name == "backward 10 / 15"
    assert all(any(p.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER for p in s.placeholders) for s in slides)


def test_the_title_page_has_the_equations(slides):
    assert named(slides[0], "equations").text_frame.text.split("\n") == [
        "h = tanh(x W_1 + b_1)",
        "y = sigma(h w_2^T + b_2)",
        "loss = BCE(y_true, y)",
    ]


def test_pages_may_be_4_to_3():
    deck = opened(render(gl.scenario("mlp"), "pptx", ratio="4:3", steps=[3]))
    assert (deck.slide_width, deck.slide_height) == (Pt(720), Pt(540))
    assert beyond(deck) == []


def test_every_vertex_is_a_group_of_its_name_with_its_label_as_text(slides):
    last = slides[-2]
    said = {
        "x": "x", "W_1": "W1", "tmp_1": "tmp1", "b_1": "b1", "tmp_2": "tmp2", "h": "h", "w_2": "w2", "tmp_3": "tmp3",
        "b_2": "b2", "tmp_4": "tmp4", "y": "y", "y_true": "ytrue", "loss": "ℒ",
    }  # fmt: skip
    for name, text in said.items():
        assert named(last, name).shape_type == TYPE.GROUP
        assert text in texts(named(last, name)), name
    assert texts(named(last, "tmp_1 value")) == ["0.60", "−0.25", "−0.10"]
    assert texts(named(last, "tmp_1 gradient")) == ["−0.18", "−0.52", "0.58"]


def test_an_operation_is_named_by_what_it_computes(slides):
    assert texts(named(slides[1], "tmp_1 = ×")) == ["×"]
    assert texts(named(slides[1], "loss = BCE")) == ["BCE"]
    assert named(slides[1], "tmp_1 = ×").auto_shape_type.name == "ROUNDED_RECTANGLE"


def test_labels_are_runs_with_scripts():
    assert runs(r"\mathbf{W}_1") == (Run("W", bold=True), Run("1", shift=BELOW))
    assert runs("y_{true}") == (Run("y", italic=True), Run("true", italic=True, shift=BELOW))
    assert runs(r"\times^{\top}") == (Run("×"), Run("⊤", shift=ABOVE))
    assert runs(r"\tilde{\mathbf{c}}_2") == (Run("c̃", bold=True), Run("2", shift=BELOW))
    assert plain("t = 1") == "t = 1"
    assert plain(r"\sqrt{\;\;}") == "√"
    assert plain("text 2 < 3") == "2 < 3"
    assert plain(r"\nonsense{") == r"\nonsense{"


def test_straight_edges_are_connectors_glued_to_shapes_of_the_slide(slides):
    for slide in slides[1:-1]:
        ids = [s.shape_id for s in every(slide.shapes)]
        assert len(ids) == len(set(ids))
        edges = [
            s for s in every(slide.shapes) if s.shape_type == TYPE.LINE and " → " in s.name and s.name[-4:] != "stem"
        ]
        assert len(edges) == 19
        for edge in edges:
            ends = edge._element.xpath(".//a:stCxn | .//a:endCxn")
            assert [int(end.get("id")) in ids for end in ends] == [True, True], edge.name
    by_id = {s.shape_id: s for s in every(slides[1].shapes)}
    edge = named(slides[1], "x → tmp_1")._element
    start, end = edge.xpath(".//a:stCxn")[0], edge.xpath(".//a:endCxn")[0]
    assert by_id[int(start.get("id"))].name == "x outline"
    assert by_id[int(end.get("id"))].name == "tmp_1 = ×"
    assert (start.get("idx"), end.get("idx")) == ("6", "1")  # the right of an oval, the left of a rectangle


def test_arrows_point_the_way_that_the_step_goes(slides):
    def heads(slide, name):
        return [e.tag.rpartition("}")[2] for e in named(slide, name)._element.xpath(".//a:headEnd | .//a:tailEnd")]

    assert heads(slides[2], "x → tmp_1") == ["tailEnd"]
    assert heads(slides[-2], "tmp_1 → tmp_2") == ["headEnd"]


def test_the_notes_are_the_sentence_of_the_step(slides):
    sentence = "The sigmoid multiplies the gradient by its slope y(1 − y), which is 1/4 at most."
    assert slides[11].notes_slide.notes_text_frame.text == sentence
    assert named(slides[11], "sentence").text_frame.text == sentence
    languages = set(re.findall(r' lang="([^"]+)"', etree.tostring(slides[11]._element).decode()))
    assert languages == {"en-US"}


def test_the_deck_in_russian():
    slide = opened(render(gl.scenario("mlp"), "pptx", lang="ru", steps=[10])).slides[1]
    assert "обратный" in named(slide, "phase").text_frame.text
    assert 'lang="ru-RU"' in etree.tostring(named(slide, "sentence")._element).decode()


def test_a_formula_is_one_freeform_with_its_latex_as_the_alternative_text(slides):
    formula = named(slides[2], "formula")
    assert formula.shape_type == TYPE.FREEFORM
    assert formula._element.xpath(".//p:cNvPr/@descr") == [r"\mathbf{tmp}_1 = \mathbf{x}\,\mathbf{W}_1"]
    assert len(formula._element.xpath(".//a:path")) > 5
    assert formula.left == Pt(32)


def test_outlines_of_any_length_are_set_as_mathematics():
    long = " + ".join(rf"\mathbf{{tmp}}_{{{i}}}" for i in range(60))
    assert labels.outline(long).width > 1500
    assert labels.outline(long).source == long
    assert labels.outline(r"\nonsense{").source == r"text \nonsense{"


def test_each_contour_with_its_holes_is_a_path_of_its_own():
    label = replace(
        labels.outline("x"), d="M0 0L8 0L8 8ZM2 2L4 2L4 4ZM4 0L16 0L16 8Z", left=0, top=0, right=16, bottom=8
    )
    paths = re.findall("<a:path .*?</a:path>", drawingml.outline(label))
    assert [p.count("<a:close/>") for p in paths] == [2, 1]


def test_the_same_input_gives_the_same_bytes(mlp):
    assert mlp == render(gl.scenario("mlp"), "pptx")
    with zipfile.ZipFile(io.BytesIO(mlp)) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert not [n for n in archive.namelist() if "thumbnail" in n or "printer" in n]


def test_a_dark_deck_has_dark_paper_and_light_ink():
    deck = opened(render(gl.scenario("mlp"), "pptx", theme="dark", steps=[3]))
    theme = next(p for p in deck.part.package.iter_parts() if p.partname == "/ppt/theme/theme1.xml").blob.decode()
    assert '<a:dk1><a:srgbClr val="F0F4F8"/></a:dk1><a:lt1><a:srgbClr val="10151C"/></a:lt1>' in theme
    assert named(deck.slides[1], "tmp_1 = ×").fill.fore_color.rgb.__str__() == "242D38"


@pytest.mark.parametrize("text", HOSTILE)
def test_any_text_comes_out_as_text(text):
    job = prepare(gl.scenario("mlp"), Options(), [1])
    shown = re.sub("[\x00\x07]", "\ufffd", text)
    vertices = [replace(v, label=labels.text(text)) if v.name == "x" else v for v in job.picture.vertices]
    vertices = [replace(v, name=text, aria=text) if v.name == "x" else v for v in vertices]
    edges = [replace(e, source=text) if e.source == "x" else e for e in job.picture.edges]
    picture = replace(job.picture, vertices=tuple(vertices), edges=tuple(edges))
    scenario = replace(job.scenario, titles={"en": text}, descriptions={"en": text})
    slides = opened(pptx.render(replace(job, picture=picture, scenario=scenario))).slides
    assert slides[0].shapes.title.text == shown
    assert slides[1].shapes.title.text == shown
    assert texts(named(slides[1], shown))[0] == shown
    assert named(slides[1], f"{shown} → tmp_1")


def test_a_picture_in_parts_shows_what_lies_in_the_view_and_cuts_edges_at_its_border():
    job = prepare(gl.scenario("rnn"), Options(), "all")
    deck = opened(pptx.render(job))
    assert len(deck.slides) == 1 + 40 + 1
    first = deck.slides[2]
    shown = {s.name for s in first.shapes}
    assert {"map", "x_1", "tmp_1 = ×", "W", "t=1"} <= shown
    assert not {"loss", "c", "y"} & shown
    assert {"loss", "c", "y"} <= {s.name for s in deck.slides[25].shapes}
    assert beyond(deck) == []


def test_a_path_is_cut_where_it_leaves_the_view():
    view = Rect(0, 0, 10, 10)
    straight = [("M", (-5.0, 5.0)), ("L", (15.0, 5.0))]
    assert native._cut(straight, view) == [[("M", (0.0, 5.0)), ("L", (10.0, 5.0))]]
    assert native._cut([("M", (-5.0, 20.0)), ("L", (15.0, 20.0))], view) == []
    around = [("M", (5.0, 5.0)), ("L", (15.0, 5.0)), ("L", (15.0, 8.0)), ("L", (5.0, 8.0))]
    assert [p[-1][1] for p in native._cut(around, view)] == [(10.0, 5.0), (5.0, 8.0)]


def test_a_curve_that_leaves_the_view_between_two_of_its_shapes_is_cut_as_well():
    deck = opened(render(gl.scenario("sentiment-lstm"), "pptx", steps="last"))
    assert named(deck.slides[1], "h_1_1")
    assert beyond(deck) == []
