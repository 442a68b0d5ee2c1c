"""Paths to the loss: counted, listed, and added up to the gradient that one visit to each edge gives."""

from itertools import pairwise

import numpy as np
import pytest

import graphlab as gl
from graphlab.engine import Edge, along_path, paths
from tests.explain.walks import LOSS, do, graph, slides_walk, square_walk, tmp, vertex


def doubled(n):
    """x_{k+1} = x_k ⊙ x_k, n times: each squaring doubles the paths."""
    names = ["x", *(f"tmp_{k}" for k in range(1, n)), "loss"]
    inner = [tmp(k) for k in range(1, n)]
    operations = [do("mul", f"{a} {a}", b) for a, b in pairwise(names)]
    return graph([vertex("x", "parameter", (), "x"), *inner, LOSS], operations)


def layered(layers, width):
    """Fully connected layers of scalars: h_{k,j} = a sum of all h_{k-1,i}, and a loss that adds up the last layer."""
    names = [["x"], *([f"h_{k}{j}" for j in range(width)] for k in range(1, layers + 1)), ["loss"]]
    vertices = [vertex(n, "parameter" if n == "x" else "temporary", (), n) for row in names[:-1] for n in row]
    operations = [do("total", " ".join(below), name) for below, row in pairwise(names) for name in row]
    return graph([*vertices, LOSS], operations)


def test_a_chain_has_one_path():
    found = paths(slides_walk().graph, "W_1")
    assert (found.count, found.visits) == (1, 7)
    assert [edge.output for edge in found.listed[0]] == ["tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y", "loss"]


def test_six_squarings_have_64_paths_and_12_edge_visits():
    found = paths(doubled(6), "x")
    assert (found.count, found.visits) == (64, 12)
    assert found.listed == ()


def test_three_layers_of_four_have_64_paths_and_40_edge_visits():
    found = paths(layered(3, 4), "x")
    assert (found.count, found.visits) == (64, 4 + 16 + 16 + 4)


def test_paths_are_counted_exactly_far_beyond_what_could_be_listed():
    assert paths(doubled(200), "x").count == 2**200
    assert paths(doubled(200), "x").visits == 400


def test_x_times_x_has_two_paths_that_differ_in_their_slot():
    found = paths(square_walk().graph, "x")
    assert found.listed == ((Edge("tmp_1", 0), Edge("loss", 0)), (Edge("tmp_1", 1), Edge("loss", 0)))


def test_the_loss_reaches_itself_by_the_empty_path_and_a_dead_end_by_none():
    g = slides_walk().graph
    assert (paths(g, "loss").count, paths(g, "loss").visits, paths(g, "loss").listed) == (1, 0, ((),))
    assert (paths(g, "loss", "h").count, paths(g, "loss", "h").visits) == (0, 0)


def test_in_the_slides_rnn_w_reaches_the_loss_on_three_paths():
    s = gl.scenario("rnn", sizes={"T": 3})
    found = paths(s.graph, "W", s.of)
    assert found.count == 3
    assert [path[0].output for path in found.listed] == ["tmp_1", "tmp_5", "tmp_9"]


@pytest.mark.parametrize("name", gl.scenarios())
def test_the_sum_over_all_paths_is_the_gradient(name):
    s = gl.scenario(name)
    values = gl.forward(s.graph, s.feeds(0))
    gradients = gl.backward(s.graph, values, of=s.of)
    for vertex_name in s.graph.names("parameter", "temporary"):
        found = paths(s.graph, vertex_name, s.of, limit=64)
        if found.listed:
            total = sum(along_path(s.graph, values, path, s.of) for path in found.listed)
            np.testing.assert_allclose(total, gradients[vertex_name], rtol=1e-10, atol=1e-14)
        elif found.count == 0:
            assert vertex_name not in gradients


def test_a_name_that_is_no_vertex():
    with pytest.raises(gl.GraphlabError, match="there is no vertex nobody in this graph"):
        paths(slides_walk().graph, "nobody")
