"""What the page is told of a vertex: plain data, one element followed, paths, any gradient; wrong questions refused."""

import json

import pytest

import graphlab as gl
from graphlab.errors import GraphlabError
from graphlab.player.choices import Choices
from graphlab.player.questions import KINDS
from graphlab.player.shown_walk import ShownWalk


def asked(shown, kind, question):
    return KINDS[kind](shown, question)


@pytest.fixture(scope="module")
def mlp():
    scenario = gl.scenario("mlp")
    return ShownWalk(scenario.walk(0), scenario)


def test_an_element_lights_up_what_feeds_it_and_what_its_gradient_is_made_of(mlp):
    given = asked(mlp, "element", {"vertex": "tmp_1", "index": [2]})
    assert given["lit"]["forward"] == {
        "cells": {"tmp_1": [[2]], "x": [[1], [2]], "W_1": [[1, 2], [2, 2]]},
        "edges": ["tmp_1:0", "tmp_1:out", "tmp_1:1"],
    }
    assert given["lit"]["backward"]["cells"]["h"] == [[2]]
    assert given["counts"]["forward"] == [5, 3]
    assert len(given["forward"]) == 2
    assert all(line.startswith("<math") for line in given["forward"])


def test_a_vertex_alone_comes_as_tables(mlp):
    given = asked(mlp, "element", {"vertex": "W_1"})
    assert given["value"]["texts"] == [["0.500", "−0.100", "0.400"], ["−0.200", "0.300", "1"]]
    assert (given["size"], given["sort"], "index" in given) == ("matrix 2 × 3", "parameter", False)


def test_paths_come_with_their_edges(mlp):
    given = asked(mlp, "paths", {"vertex": "h"})
    assert (given["count"], given["visits"]) == ("1", 4)
    assert given["listed"][0]["lit"]["vertices"] == ["h", "tmp_3", "tmp_4", "y", "loss"]
    assert given["edges"] == [
        *("tmp_3:0", "tmp_3:out", "tmp_4:0", "tmp_4:out"),
        *("y:0", "y:out", "loss:1", "loss:out"),
    ]


def test_a_huge_number_of_paths_is_told_by_its_power_of_ten():
    text = "\n".join(f"a_{k + 1}x = a_{k}x * a_{k}x" for k in range(60)).replace("a_0x", "x")
    graph = gl.parse(text + "\nloss = a_60x * a_60x", shapes={"x": ()})
    given = asked(ShownWalk(gl.trace(graph, {"x": 1.0})), "paths", {"vertex": "x"})
    assert (given["count"], given["visits"], given["listed"]) == ("2.3 · 10^18", 122, [])


def test_any_gradient_comes_row_by_row_and_column_by_column(mlp):
    given = asked(mlp, "target", {"of": "h", "by": "x"})
    assert (given["reverse"]["passes"], given["forward"]["passes"]) == (3, 2)
    assert given["reverse"]["visits"] == 3 * 3
    assert [len(given[mode]["table"]["rows"]) for mode in ("reverse", "forward")] == [3, 3]


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("element", {"vertex": "nobody"}),
        ("element", {}),
        ("element", {"vertex": ["h"]}),
        ("element", {"vertex": "h", "index": [4]}),
        ("element", {"vertex": "h", "index": [0]}),
        ("element", {"vertex": "h", "index": [1, 1]}),
        ("element", {"vertex": "h", "index": "1"}),
        ("element", {"vertex": "h", "index": [True]}),
        ("element", {"vertex": "h", "index": [1.0]}),
        ("paths", {"vertex": None}),
        ("target", {"of": "h"}),
        ("target", {"of": "h", "by": "nobody"}),
    ],
)
def test_a_wrong_question_is_refused(mlp, kind, wrong):
    with pytest.raises(GraphlabError):
        asked(mlp, kind, wrong)


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("name", ["softmax-mlp", "rnn", "text-cnn", "neuron-relu"])
def test_every_answer_is_plain_data(name, lang):
    scenario = gl.scenario(name)
    context = ShownWalk(scenario.walk(0), scenario, choices=Choices(lang=lang))
    for vertex in context.walk.graph.vertices.values():
        for given in (
            asked(context, "element", {"vertex": vertex.name, "index": [1] * len(vertex.shape)}),
            asked(context, "paths", {"vertex": vertex.name}),
            asked(context, "target", {"of": context.walk.of, "by": vertex.name}),
        ):
            json.dumps(given, allow_nan=False)
