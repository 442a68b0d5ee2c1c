"""The handout: sheets with blanks for each seed, then the key, as PDF."""

import io
import re

import pytest
from pypdf import PdfReader

import graphlab as gl
from graphlab.diagram.worksheet import sheet
from graphlab.export import Options, prepare
from graphlab.export.handout import render


@pytest.fixture(scope="module")
def mlp():
    return gl.scenario("mlp")


def pages(content):
    return [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]


def drawn(mlp, blanks, **how):
    found = sheet(prepare(mlp, Options(), "last", 0).picture, blanks, **how)
    return {v.name: v for v in found.vertices}, found


def numbers(text):
    """The numbers of a page, set with the sans-serif digits of chips or the upright ones of formulas."""
    plain = "".join(chr(ord(c) - 0x1D7E2 + ord("0")) if "𝟢" <= c <= "𝟫" else c for c in text)
    return re.findall(r"−?\d+\.\d+", plain.replace("\u2212", "−"))


def test_a_page_a_seed_and_then_the_key(mlp):
    found = pages(render(mlp, seeds=(1, 2, 3)))
    assert ["Answer key" in page for page in found] == [False, False, False, True, True, True]
    assert [re.search(r"Variant (\d)", page)[1] for page in found] == list("123123")


def test_a_sheet_has_room_for_the_name_and_says_what_to_do(mlp):
    page = pages(render(mlp))[0]
    for word in ("Multilayer perceptron", "Name", "Group", "Date", "Fill in the empty boxes", "loss = BCE(y_true, y)"):
        assert word in page


def test_what_is_asked_for_stands_in_the_key_alone(mlp):
    blank, answer = pages(render(mlp, blank="tmp_3:gradient, b_2:gradient, tmp_4:gradient"))
    assert "−0.583" not in numbers(blank)
    assert numbers(answer).count("−0.583") == 6  # three in the graph, three in the list


def test_the_numbers_are_those_of_the_seed(mlp):
    first, second = pages(render(mlp, seeds=(0, 7), key=False))
    assert "0.417" in numbers(first)  # y
    assert "0.417" not in numbers(second)


def test_there_may_be_no_key_and_nothing_but_the_key(mlp):
    assert ["Answer key" in page for page in pages(render(mlp, seeds=(1, 2), key=False))] == [False, False]
    assert ["Answer key" in page for page in pages(render(mlp, seeds=(1, 2), key="only"))] == [True, True]


def test_a_blank_chip_is_empty_boxes_of_the_same_size(mlp):
    whole, _ = drawn(mlp, ())
    found, _ = drawn(mlp, {("gradient", "W_1"), ("gradient", "h"), ("value", "y")})
    assert found["W_1"].gradients[0].rect == whole["W_1"].gradients[0].rect
    assert [c.rect for c in found["W_1"].gradients[0].cells] == [c.rect for c in whole["W_1"].gradients[0].cells]
    assert [t.text for t in found["h"].gradients[0].texts] == [" ", " ", " "]
    assert [t.text for t in found["y"].values[0].texts] == [" "]
    assert [t.text for t in found["h"].values[0].texts] == ["0.60", "−0.34", "0.10"]


def test_on_a_sheet_nothing_is_under_way_and_edges_point_forward(mlp):
    _, picture = drawn(mlp, ())
    assert picture.steps == 16
    assert not any(e.backward or e.badge for e in picture.edges)


def test_a_key_has_its_answers_outlined(mlp):
    found, picture = drawn(mlp, {("gradient", "h")}, key=True)
    assert found["h"].gradients[0].step == picture.steps
    assert [t.text for t in found["h"].gradients[0].texts] == ["−0.29", "−0.58", "0.58"]
    assert found["y"].gradients[0].step < picture.steps


@pytest.mark.parametrize(
    ("blank", "asked"), [("gradients", 10), ("values", 7), ("all", 17), ("h", 2), ("h:value", 1), (["h", "y:value"], 3)]
)
def test_words_and_names_say_what_is_left_blank(mlp, blank, asked):
    from graphlab.export.handout import _blanks

    assert len(_blanks(prepare(mlp, Options(), "last"), blank)) == asked


def test_the_gradient_of_the_loss_by_itself_is_given(mlp):
    from graphlab.export.handout import _blanks

    assert ("gradient", "loss") not in _blanks(prepare(mlp, Options(), "last"), "all")


def test_it_is_in_the_language():
    page, key = pages(render(gl.scenario("softmax-mlp"), lang="ru"))
    for word in ("Имя", "Группа", "Дата", "Вариант 0", "Заполните пустые клетки"):
        assert word in page
    assert "Ответы: Вариант 0" in key


@pytest.mark.parametrize(
    ("name", "look"), [("mlp", {"direction": "tb"}), ("softmax-mlp", {}), ("rnn", {"fold": "folded"}), ("lstm", {})]
)
def test_a_sheet_takes_one_page(name, look):
    assert len(pages(render(gl.scenario(name), blank="gradients" if name != "lstm" else "h_1", **look))) == 2


def test_pages_are_a4(mlp):
    box = PdfReader(io.BytesIO(render(mlp))).pages[0].mediabox
    assert sorted((round(box.width), round(box.height))) == [595, 842]


def test_the_same_sheet_has_the_same_bytes(mlp):
    assert render(mlp, seeds=(1, 2)) == render(gl.scenario("mlp"), seeds=(1, 2))


def test_it_is_written_whole(mlp, tmp_path):
    assert gl.handout(mlp, tmp_path / "sheet.pdf", seeds=(1,), blank="values").read_bytes().startswith(b"%PDF")
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.pdf"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"blank": "x"}, "there is nothing to find at 'x'"),
        ({"blank": "nobody"}, "there is nothing to find at 'nobody'\nexpected: gradients, values, all, or vertices"),
        ({"blank": "h:size"}, "there is nothing to find at 'h:size'"),
        ({"blank": ()}, "a handout needs something that is left blank"),
        ({"blank": "gradients", "gradients": False}, "a handout needs something that is left blank"),
        ({"seeds": ()}, "a handout has from 1 to 100 seeds"),
        ({"seeds": range(101)}, "a handout has from 1 to 100 seeds"),
        ({"seeds": (-1,)}, "a seed is a whole number"),
        ({"key": "no"}, "'no' is not one of True, False, 'only'"),
        ({"rolled": True}, "a handout shows every time step: it can not be rolled"),
        ({"theme": "pink"}, "'pink' is not one of light"),
    ],
)
def test_what_can_not_be_made_is_refused(mlp, given, said):
    with pytest.raises(gl.GraphlabError) as caught:
        render(mlp, **given)
    assert said in str(caught.value)


def test_a_handout_is_a_pdf(mlp, tmp_path):
    with pytest.raises(gl.ExportError, match="a handout is a PDF file"):
        gl.handout(mlp, tmp_path / "sheet.pptx")
