"""Equations between numbers typed over a scenario that declares arrays: what is meant is asked."""

import pytest

import graphlab as gl
from graphlab.scenario import edited


@pytest.mark.parametrize("text", ["f = (x + y) * z", "L = (w x + b - y_true)^2"])
def test_a_vector_of_the_scenario_is_asked_about(text):
    with pytest.raises(gl.ShapeError, match="x is an array of the shape") as caught:
        edited(gl.scenario("mlp"), text)
    assert [(c.text, c.fix.name, c.fix.shape) for c in caught.value.choices] == [
        ("x: ()", "x", ()),
        ("x: (2,)", "x", (2,)),
    ]


@pytest.mark.parametrize("text", ["f = (x + y) * z", "L = (w x + b - y_true)^2"])
def test_a_number_was_meant(text):
    s = edited(gl.scenario("mlp"), text, {"x": ()})
    assert {vertex.shape for vertex in s.graph.vertices.values()} == {()}


def test_equations_of_the_scenario_that_stay_are_not_asked_about():
    s = edited(gl.scenario("mlp"), "h = tanh(x W_1 + b_1)\ny = sum(h)")
    assert s.graph.vertices["x"].shape == (2,)


def test_an_empty_beginning_has_nothing_to_ask_about():
    assert gl.parse("f = (x + y) * z").vertices["f"].shape == ()
