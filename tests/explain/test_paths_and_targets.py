"""Paths told one by one, with the sum checked; and any gradient by any vertex, with the cost of both modes."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain import mathml
from graphlab.explain.paths import explain_paths
from graphlab.explain.target import explain_target
from tests.explain.walks import slides_walk, square_walk


def test_both_edges_of_a_square_give_half_of_the_gradient():
    found = explain_paths(square_walk(), "x")
    assert (found.paths.count, found.paths.visits) == (2, 3)
    assert [path.value.tolist() for path in found.listed] == [[0.5, -3], [0.5, -3]]
    assert found.error == 0


def test_in_the_rnn_w_reaches_the_loss_by_three_times():
    found = explain_paths(gl.scenario("rnn", sizes={"T": 3}).walk(0), "W")
    assert [mathml(path.latex).count("→") for path in found.listed] == [7, 7, 8]
    assert r"\cdots" in found.listed[0].latex
    assert found.error < 1e-12


def test_the_loss_itself_has_the_empty_path():
    found = explain_paths(gl.scenario("softmax-mlp").walk(0), "loss")
    assert (found.paths.count, found.listed[0].path) == (1, ())
    assert found.error == 0


def test_one_loss_is_one_pass_back_and_four_forward():
    found = explain_target(slides_walk(), "loss", "W_1")
    assert (found.reverse_passes, found.forward_passes, found.edges) == (1, 4, 7)
    assert found.reverse.shape == (2, 2)
    assert found.error < 1e-15
    assert found.sentence.startswith("L is one number: reverse mode takes one pass")


@pytest.mark.parametrize(
    ("of", "by", "start"),
    [
        ("h", "W_1", "Reverse mode is the cheaper one here: h has fewer elements, 2, than W_1, 4."),
        ("tmp_2", "b_1", "Both modes take the same number of passes here: 2."),
        ("h", "b_2", "h does not depend on b_2, at least not with a gradient: every derivative is 0."),
        ("W_1", "W_1", "A vertex by itself: every element moves with itself alone, so the Jacobian is the identity."),
        ("loss", "y", "Both modes take the same number of passes here: 1."),
    ],
)
def test_which_mode_is_the_cheaper_one(of, by, start):
    assert explain_target(slides_walk(), of, by).sentence == start


def test_forward_mode_wins_where_one_number_moves_many():
    walk = gl.trace(gl.parse("y = x W\nz = s y\nloss = sum(z)", shapes={"x": (2,), "W": (2, 5), "s": ()}), FEEDS)
    found = explain_target(walk, "z", "s", "ru")
    assert (found.reverse_passes, found.forward_passes) == (5, 1)
    assert found.sentence == "Здесь дешевле прямой режим: у s меньше элементов (1), чем у z (5)."


FEEDS = {"x": [1.0, -0.5], "W": np.cos(np.arange(10.0)).reshape(2, 5), "s": 2.0}


@pytest.mark.parametrize("name", ["mlp", "softmax-mlp", "rnn", "layer-norm", "text-cnn", "attention"])
def test_the_modes_agree_for_any_two_vertices(name):
    walk = gl.scenario(name).walk(0)
    names = list(walk.graph.vertices)
    for of in names[:: max(1, len(names) // 5)]:
        for by in names[:: max(1, len(names) // 5)]:
            found = explain_target(walk, of, by)
            assert found.error is None or found.error < 1e-12, (of, by)


def test_a_name_that_is_no_vertex():
    with pytest.raises(gl.GraphlabError, match="there is no vertex nobody"):
        explain_target(slides_walk(), "nobody", "x")
    with pytest.raises(gl.GraphlabError, match="there is no vertex nobody"):
        explain_paths(slides_walk(), "nobody")
