"""A vertex of a gate: what its equation does, and the part of the picture that is lit with it."""

import pytest

import graphlab as gl
from graphlab.player.answers import elements


def equation(name, vertex, lang="en"):
    scenario = gl.scenario(name)
    return elements.element(scenario.walk(0), scenario, lang, {"vertex": vertex})["equation"]


@pytest.mark.parametrize("vertex", ["tmp_20", "tmp_23", "f_2"])
def test_every_vertex_of_a_gate_lights_its_operations_and_nothing_else(vertex):
    gate = equation("lstm", vertex)
    assert gate["gate"]
    assert gate["lit"]["vertices"] == [
        *("x_2", "W_f", "tmp_20", "h_1", "U_f", "tmp_21", "tmp_22", "b_f", "tmp_23", "f_2"),
    ]
    assert {key.split(":")[0] for key in gate["lit"]["edges"]} == {
        *("tmp_20", "tmp_21", "tmp_22", "tmp_23", "f_2"),
        "t=2/f",  # the box that it folds into, with the edges of what enters: x_2, W_f, h_1, U_f, b_f
    }
    assert [key for key in gate["lit"]["edges"] if key.startswith("t=2/f")] == [
        *("t=2/f:0", "t=2/f:1", "t=2/f:2", "t=2/f:3", "t=2/f:4", "t=2/f:out")
    ]
    assert gate["lit"]["operations"] == ["t=2/f"]


def test_a_gate_says_what_it_does_in_both_languages():
    assert equation("lstm", "f_2")["says"] == "forget gate: given x_t, which part of c_{t−1} is worth keeping, t = 2"
    assert equation("lstm", "f_2", "ru")["says"].startswith("forget gate: с учётом x_t определяет")


def test_outside_of_time_an_equation_is_lit_on_request_alone():
    layer = equation("mlp", "tmp_2")
    assert (layer["gate"], layer["lit"]["vertices"]) == (False, ["x", "W_1", "tmp_1", "b_1", "tmp_2", "h"])


@pytest.mark.parametrize("vertex", ["x", "W_1", "loss"])
def test_what_is_fed_and_a_single_operation_have_no_equation_to_light(vertex):
    assert equation("mlp", vertex) is None
