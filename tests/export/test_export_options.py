"""What is drawn and how, in every format: folding, parts of a graph, chips, type, direction, sizes on paper."""

import io
import re
import xml.etree.ElementTree as ET

import pytest
from PIL import Image
from pypdf import PdfReader

import graphlab as gl
from graphlab.diagram import FOLDINGS
from graphlab.diagram.marks import theme
from graphlab.export import Options, prepare, render
from graphlab.export.options import CHOICES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def mlp():
    return gl.scenario("mlp")


def job(name, steps="all", **look):
    return prepare(gl.scenario(name), Options(**look), steps)


def size(svg):
    root = ET.fromstring(svg)
    return root.get("width"), root.get("height"), root.get("viewBox")


def names(picture):
    return {v.name for v in picture.vertices}, {o.name for o in picture.operations}


def test_the_page_and_the_files_share_one_table_of_foldings():
    assert tuple(CHOICES["fold"].values) == tuple(FOLDINGS) == ("auto", "open", "gates", "blocks", "folded")
    assert tuple(CHOICES["theme"].values) == tuple(theme.THEMES) == ("light", "dark", "print", "colour-blind")


@pytest.mark.parametrize(("fold", "steps"), [("open", 159), ("gates", 45), ("folded", 15)])
def test_a_folded_box_is_one_step(fold, steps):
    assert job("lstm", fold=fold).picture.steps == steps


def test_a_small_graph_is_open_unless_it_is_asked_to_be_folded():
    assert job("mlp").picture.steps == 15
    assert job("mlp", fold="gates").picture.steps < 15


def test_a_folded_step_is_told_as_such():
    found = job("lstm", fold="folded")
    first, last = found.slide(1), found.slide(15)
    assert first.sentence == "c_1, h_1 from x_1, h_0, c_0, by the 25 operations folded in this box."
    assert first.symbols == r"\mathbf{c}_1,\; \mathbf{h}_1 \leftarrow \mathbf{x}_1,\; \mathbf{h}_0,\; \mathbf{c}_0"
    assert (last.phase, "∂h_1/∂h_0" in last.sentence) == ("backward", True)
    assert found.slide(7).sentence.startswith("L is the cross-entropy")


def test_a_folded_deck_has_a_page_a_folded_step():
    text = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(render(gl.scenario("lstm"), "pdf", fold="folded"))).pages
    )
    assert "15 / 15" in text
    assert "folded in this box" in text


def test_only_some_vertices_and_what_lies_between_them():
    found = job("mlp", only=("x", "h")).picture
    assert names(found) == ({"x", "tmp_1", "tmp_2", "h"}, {"tmp_1", "tmp_2", "h"})
    assert found.width < 600


def test_one_vertex_stands_alone():
    assert names(job("mlp", only="W_1").picture) == ({"W_1"}, set())


def test_edges_that_lose_an_end_are_stubs():
    edges = {e.key: e for e in job("mlp", only=("x", "h")).picture.edges}
    assert set(edges) == {
        "tmp_1:0",
        "tmp_1:1",
        "tmp_1:out",
        "tmp_2:0",
        "tmp_2:1",
        "tmp_2:out",
        "h:0",
        "h:out",
        "tmp_3:0",
    }
    (x0, y0), (x1, y1) = edges["tmp_1:1"].path[0][1], edges["tmp_1:1"].path[-1][1]  # W_1 comes from below
    assert (x1 - x0, round(y0 - y1, 3)) == (0, 30)
    assert edges["tmp_1:1"].badge is None


def test_with_only_some_vertices_all_steps_are_those_in_which_they_change():
    assert job("mlp", only=("x", "h")).steps == (0, 1, 2, 3, 12, 13, 14, 15)
    assert job("mlp", only=("x", "h"), steps=5).steps == (5,)


def test_a_time_step_that_is_left_out_has_no_frame():
    found = job("rnn", fold="open", only=("h_1", "h_2")).picture
    assert [f.name for f in found.frames] == ["t=1", "t=2"]


@pytest.mark.parametrize("look", [{"values": False, "gradients": False}, {"gradients": False}, {"values": False}])
def test_chips_can_be_left_out(look):
    found = job("mlp", **look).picture
    assert any(v.values for v in found.vertices) == look.get("values", True)
    assert any(v.gradients for v in found.vertices) == look.get("gradients", True)
    assert any(e.badge for e in found.edges) == look.get("gradients", True)


def test_without_chips_the_graph_is_as_low_as_its_circles():
    assert job("mlp", values=False, gradients=False).picture.height < 0.5 * job("mlp").picture.height


def test_digits_hold_in_chips_and_in_formulas():
    found = job("mlp", digits=5)
    (loss,) = next(v for v in found.picture.vertices if v.name == "loss").values[0].texts
    assert loss.text == "0.87395"
    assert found.slide(6).numbers.endswith("0.41730")
    assert job("mlp", digits=1).slide(6).numbers.endswith("0.4")


def test_scale_enlarges_type_and_leaves_circles_as_high():
    small, large = job("mlp").picture, job("mlp", scale=1.5).picture
    assert [v.box.height for v in small.vertices] == [v.box.height for v in large.vertices]
    sizes = [{t.size for v in p.vertices for t in v.values[0].texts} for p in (small, large)]
    assert sizes == [{14.0, 15.0}, {21.0, 22.5}]


def test_from_top_to_bottom_every_vertex_stands_under_what_it_is_made_of():
    found = job("mlp", direction="tb").picture
    heights = [next(v for v in found.vertices if v.name == n).box.centre[1] for n in ("x", "tmp_1", "tmp_2", "h", "y")]
    assert heights == sorted(heights)
    assert found.height > found.width


def test_from_top_to_bottom_nothing_lies_over_anything_else():
    for name in ("mlp", "softmax-mlp", "attention", "tree-lstm-1"):
        found = job(name, direction="tb").picture
        rooms = [v.box for v in found.vertices] + [o.box for o in found.operations]
        rooms += [chips[-1].rect for v in found.vertices for chips in (v.values, v.gradients) if chips]
        assert not [(a, b) for i, a in enumerate(rooms) for b in rooms[:i] if a.overlaps(b)], name


def test_labels_and_numbers_stay_upright_from_top_to_bottom():
    chips = {v.name: v.values[0] for v in job("mlp", direction="tb").picture.vertices}
    assert chips["tmp_1"].rect.width > chips["tmp_1"].rect.height
    assert len({t.y for t in chips["tmp_1"].texts}) == 1


def test_crop_leaves_no_paper_that_is_not_needed():
    whole, cropped = job("mlp", 3).picture, job("mlp", 3, crop=True).picture
    assert cropped.height < whole.height - 60  # no gradient is reached yet
    assert min(v.box.left for v in cropped.vertices) >= 0


def test_all_steps_that_are_asked_for_share_the_cropped_frame():
    sizes = {size(render(gl.scenario("mlp"), "svg", steps=n)) for n in (0, 15)}
    assert len(sizes) == 1


@pytest.mark.parametrize(
    ("width", "expected"),
    [(800, "800px"), ("800", "800px"), ("800 px", "800px"), ("120mm", "120mm"), ("12 cm", "120mm"), ("4in", "101.6mm")],
)
def test_an_svg_is_as_wide_as_asked_for(mlp, width, expected):
    wide, high, view = size(render(mlp, "svg", width=width))
    ratio = float(view.split()[3]) / float(view.split()[2])
    assert wide == expected
    assert float(re.sub("[a-z]", "", high)) == pytest.approx(ratio * float(re.sub("[a-z]", "", wide)), abs=0.01)


@pytest.mark.parametrize(
    ("look", "pixels"),
    [({"width": 700}, 700), ({"width": "100mm", "dpi": 254}, 1000), ({"width": "100mm", "dpi": 127}, 500)],
)
def test_a_png_has_the_pixels_asked_for(mlp, look, pixels):
    assert abs(Image.open(io.BytesIO(render(mlp, "png", **look))).width - pixels) <= 1


def test_names_have_the_size_asked_for_in_points(mlp):
    wide, _, view = size(render(mlp, "svg", type_size=9))
    natural = 21 * 72 / 96  # points that a name has where a pixel is a pixel
    assert float(wide[:-2]) == pytest.approx(float(view.split()[2]) * 9 / natural * 25.4 / 96, rel=1e-4)


def test_names_have_the_size_asked_for_at_a_width(mlp):
    found = prepare(mlp, Options(width="170mm", type_size=9), "last").picture
    label = next(v for v in found.vertices if v.name == "x")
    points = 20 * label.label_scale * (170 / 25.4 * 72) / found.width
    assert points == pytest.approx(9, rel=0.02)


def test_lines_are_as_wide_as_asked_for(mlp):
    def widths(**look):
        found = ET.fromstring(render(mlp, "svg", **look)).iter()
        return sorted(float(e.get("stroke-width")) for e in found if e.get("stroke-width"))

    assert widths(line=2) == pytest.approx([2 * w for w in widths()])


def test_print_is_black_white_and_grey(mlp):
    colours = set(re.findall(r'(?:fill|stroke)="#(\w{6})"', render(mlp, "svg", theme="print").decode()))
    assert colours
    assert all(c[:2] == c[2:4] == c[4:] for c in colours)


@pytest.mark.parametrize(
    ("look", "said"),
    [
        ({"fold": "half"}, "'half' is not one of auto, open, gates, blocks, folded"),
        ({"direction": "up"}, "'up' is not one of lr, tb"),
        ({"only": ()}, "() names no vertices"),
        ({"only": ("x", "nobody")}, "there is no vertex nobody"),
        ({"values": 1}, "1 is neither true nor false"),
        ({"digits": 0}, "0 is no number of digits\nexpected: a whole number from 1 to 6"),
        ({"digits": 2.5}, "2.5 is no number of digits"),
        ({"scale": 3}, "3 is no scale\nexpected: a number from 0.5 to 2"),
        ({"scale": float("nan")}, "nan is no scale"),
        ({"line": 0}, "0 is no width of lines"),
        ({"width": "wide"}, "'wide' is no width\nexpected: pixels from 10 to 20000, or a length such as 120mm"),
        ({"width": 5}, "5 is no width"),
        ({"width": True}, "True is no width"),
        ({"type_size": 1}, "1 is no size of type\nexpected: points from 4 to 72"),
        ({"type_size": 40, "width": "50mm"}, "40 pt is no size of type for a picture of this width"),
        ({"theme": ["light"]}, "['light'] is not one of light, dark, print, colour-blind"),
    ],
)
def test_what_can_not_be_drawn_is_refused(mlp, look, said):
    with pytest.raises(gl.ExportError) as caught:
        render(mlp, "svg", **look)
    assert said in str(caught.value)


def test_a_graph_through_time_runs_to_the_right_alone():
    with pytest.raises(gl.ExportError, match="a graph through time runs from left to right"):
        render(gl.scenario("rnn"), "svg", direction="tb")


def test_a_vertex_that_is_folded_away_is_named():
    with pytest.raises(gl.ExportError, match="tmp_1 is folded away"):
        render(gl.scenario("rnn"), "svg", fold="folded", only=("tmp_1",))
