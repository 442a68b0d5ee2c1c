"""The deck as PDF, read by pypdf."""

import io

import pytest
from pypdf import PdfReader

import graphlab as gl
from graphlab.export import render


def pages(scenario, **look):
    content = render(gl.scenario(scenario), "pdf", **look)
    found = PdfReader(io.BytesIO(content)).pages
    assert len(content) < 100_000 * len(found)
    return found


def test_the_deck_has_a_title_page_a_page_a_step_and_the_gradients():
    deck = pages("mlp")
    assert len(deck) == 1 + 16 + 1
    first, step, last = (deck[i].extract_text() for i in (0, 13, 17))
    assert "Multilayer perceptron (MLP)" in first
    assert "h = tanh(x W_1 + b_1)" in first
    assert "12 / 15" in step
    assert "trade places" in step
    assert "−0.352" in step
    assert "All gradients" in last
    for name in gl.scenario("mlp").graph.vertices:
        assert name in step


@pytest.mark.parametrize(("ratio", "size"), [("16:9", (960, 540)), ("4:3", (720, 540))])
def test_pages_are_as_wide_as_asked_for(ratio, size):
    box = pages("mlp", steps=3, ratio=ratio)[1].mediabox
    assert (box.width, box.height) == size


def test_a_page_that_shows_a_part_of_the_graph_is_found_by_the_names_on_it():
    text = pages("lstm", fold="open", steps=88)[1].extract_text()
    assert "tmp_56" in text
    assert "f_3" in text
    assert "h_1" not in text


def test_words_are_in_the_language_asked_for():
    text = pages("mlp", steps=12, lang="ru")[1].extract_text()
    assert "обратный проход" in text
