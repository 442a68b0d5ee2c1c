"""Shapes: inferred where the equations and the lecture's conventions say them, asked for where they do not."""

from __future__ import annotations

from typing import Any

import pytest

import graphlab as gl
from graphlab.errors import MissingShapeError

MLP = "h = tanh(x W_1 + b_1)\ny = sigma(h w_2^T + b_2)\nloss = BCE(y_true, y)"


def shapes(text: str, given: dict[str, Any] | None = None, sizes: dict[str, int] | None = None) -> dict[str, Any]:
    """The shapes of the vertices that are fed."""
    graph = gl.parse(text, shapes=given, sizes=sizes)
    return {name: graph.vertices[name].shape for name in graph.fed}


@pytest.mark.parametrize("given", [{"x": (4,), "W_1": (4, 3)}, {"W_1": (4, 3)}, {"W_1": (4, 3), "h": (3,), "loss": ()}])
def test_the_perceptron_from_the_shape_of_its_first_matrix(given: dict[str, Any]) -> None:
    assert shapes(MLP, given) == {"x": (4,), "W_1": (4, 3), "b_1": (3,), "w_2": (3,), "b_2": (), "y_true": ()}


def test_the_perceptron_from_the_customary_sizes() -> None:
    expected = {"x": (4,), "W_1": (4, 3), "b_1": (3,), "w_2": (3,), "b_2": (), "y_true": ()}
    assert shapes(MLP, sizes={"D": 4, "H": 3}) == expected


@pytest.mark.parametrize(
    ("text", "given", "expected"),
    [
        # A small letter in a product is a vector, a capital one a matrix.
        ("h = x W", {"x": (4,), "h": (3,)}, {"x": (4,), "W": (4, 3)}),
        ("y = x w^T", {"x": (4,)}, {"x": (4,), "w": (4,)}),
        ("h = W^T x", {"x": (4,), "h": (3,)}, {"W": (4, 3), "x": (4,)}),
        ("h = x W^T", {"x": (4,), "h": (3,)}, {"x": (4,), "W": (3, 4)}),
        ("s = ‖W‖^2", {"W": (2, 3)}, {"W": (2, 3)}),
        # A bias has the shape of what it is added to; with a matrix, of one of its rows.
        ("h = x W + b", {"W": (4, 3)}, {"x": (4,), "W": (4, 3), "b": (3,)}),
        ("h = X W + b", {"X": (5, 4), "W": (4, 3)}, {"X": (5, 4), "W": (4, 3), "b": (3,)}),
        ("h = b + X W", {"X": (5, 4), "W": (4, 3)}, {"b": (3,), "X": (5, 4), "W": (4, 3)}),
        ("h = X W + B", {"X": (5, 4), "W": (4, 3)}, {"X": (5, 4), "W": (4, 3), "B": (5, 3)}),
        ("z = X w + b", {"X": (5, 4)}, {"X": (5, 4), "w": (4,), "b": ()}),
        # Elementwise operations have operands of one shape.
        ("h = tanh(X W) ⊙ g", {"X": (5, 4), "W": (4, 3)}, {"X": (5, 4), "W": (4, 3), "g": (5, 3)}),
        ("d = x - m", {"x": (4,)}, {"x": (4,), "m": (4,)}),
        ("d = sigma(p) ⊙ x", {"x": (4,)}, {"p": (4,), "x": (4,)}),
        # The truth has the shape of the prediction.
        ("loss = BCE(y_true, sigma(z))", {"z": (5,)}, {"y_true": (5,), "z": (5,)}),
        ("loss = mean(CrossEntropy(Y_true, softmax(Z)))", {"Z": (5, 3)}, {"Y_true": (5, 3), "Z": (5, 3)}),
        ("loss = -(y_true ⊙ log(y) + (1 - y_true) ⊙ log(1 - y))", {"y": ()}, {"y_true": (), "y": ()}),
        # Rates and weights of penalties are scalars, and so is what one divides by.
        ("s = λ/2 ‖w‖^2", {"w": (4,)}, {"λ": (), "w": (4,)}),
        ("A = Q K^T / sqrt(d)", {"Q": (5, 3), "K": (5, 3)}, {"Q": (5, 3), "K": (5, 3), "d": ()}),
        # From the result back to the operands.
        ("h = tanh(p)", {"h": (7,)}, {"p": (7,)}),
        ("s = sum(X W, axis=0)", {"X": (5, 4), "s": (3,)}, {"X": (5, 4), "W": (4, 3)}),
    ],
)
def test_a_shape_follows_from_the_others(text: str, given: dict[str, Any], expected: dict[str, Any]) -> None:
    assert shapes(text, given) == expected


def test_a_minibatch_from_the_customary_sizes() -> None:
    text = "h = tanh(X W_1 + b_1)\ny = sigma(h w_2^T + b_2)\nloss = mean(BCE(y_true, y))"
    expected = {"X": (8, 4), "W_1": (4, 3), "b_1": (3,), "w_2": (3,), "b_2": (), "y_true": (8,)}
    assert shapes(text, sizes={"N": 8, "D": 4, "H": 3}) == expected


def test_classes_from_the_customary_sizes() -> None:
    text = "h = tanh(x W_1 + b_1)\ny = softmax(h W_2 + b_2)\nloss = CrossEntropy(y_true, y)"
    expected = {"x": (4,), "W_1": (4, 3), "b_1": (3,), "W_2": (3, 2), "b_2": (2,), "y_true": (2,)}
    assert shapes(text, sizes={"D": 4, "H": 3, "K": 2}) == expected


def test_what_can_not_be_inferred_is_asked_for_by_name_all_at_once() -> None:
    with pytest.raises(MissingShapeError) as caught:
        gl.parse(MLP)
    assert caught.value.names == ("x", "W_1")
    assert str(caught.value) == (
        "line 1: h = tanh(x W_1 + b_1)\n"
        "                 ^\n"
        "the shapes of x, W_1 can not be inferred\n"
        "help: give them, for example x: (4,), W_1: (4, 3)"
    )


@pytest.mark.parametrize(
    "text",
    [
        MLP,
        "A = softmax(Q K^T / sqrt(d)) V",
        "h = tanh(A B C D)",
        "s = sum(X, axis=1) ⊙ sum(Y, axis=0)",
        "y = softmax(z)\nloss = CrossEntropy(y_true, y)",
    ],
)
def test_the_shapes_given_as_an_example_are_enough(text: str) -> None:
    with pytest.raises(MissingShapeError) as caught:
        gl.parse(text)
    assert set(caught.value.names) == set(caught.value.shapes)
    gl.parse(text, shapes=caught.value.shapes)


def test_a_shape_error_is_raised_before_anything_is_allocated() -> None:
    with pytest.raises(gl.ShapeError, match="10,000,000,000 elements"):
        gl.parse("h = X W", shapes={"X": (100_000, 2), "W": (2, 100_000)})


def test_numpy_integers_are_sizes() -> None:
    import numpy as np

    assert shapes("h = tanh(x)", {"x": ("D",)}, {"D": np.int64(3)}) == {"x": (3,)}


@pytest.mark.parametrize("sizes", [{"D": 0}, {"D": -1}, {"D": 1.5}, {"D": "3"}, {"D": True}, {}])
def test_a_size_is_a_whole_number_from_1_on(sizes: dict[str, Any]) -> None:
    with pytest.raises(gl.ShapeError, match="the shape of x"):
        gl.parse("h = tanh(x)", shapes={"x": ("D",)}, sizes=sizes)
