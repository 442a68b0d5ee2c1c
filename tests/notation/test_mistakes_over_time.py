"""Every typical mistake over time: what is said of it, where, and that the help works when it is applied."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

import graphlab as gl
from graphlab.errors import GraphlabError, MissingShapeError
from tests.notation.table_of_time import SHAPES, TIME


def parse(text: str, given: dict[str, Any]) -> gl.Graph:
    shapes = {name: shape for name, shape in (SHAPES | given).items() if shape is not None}
    sizes = {length: shapes.pop(length) for length in ("T", "S") if length in shapes}
    return gl.parse(text, shapes=shapes, sizes=sizes)


def error_of(text: str, given: dict[str, Any]) -> GraphlabError:
    with pytest.raises((gl.NotationError, gl.ShapeError)) as caught:
        parse(text, given)
    return caught.value


@pytest.mark.parametrize("row", TIME, ids=lambda row: row[0].replace("\n", " | "))
def test_says_what_is_wrong_and_where(row: tuple[Any, ...]) -> None:
    text, message, _, given = row
    shown = "\n".join(line.rstrip() for line in str(error_of(text, given)).split("\n"))
    assert shown == dedent(message).strip("\n").rstrip()


@pytest.mark.parametrize("row", TIME, ids=lambda row: row[0].replace("\n", " | "))
def test_the_help_works_when_it_is_applied(row: tuple[Any, ...]) -> None:
    text, _, corrected, given = row
    error = error_of(text, given)
    if corrected is None:  # nothing that could be done keeps the meaning
        assert error.fix is None
        assert error.help is not None
        return
    assert error.fix is not None
    if isinstance(corrected, dict):
        found = {error.fix.name: error.fix.shape} | (error.shapes if isinstance(error, MissingShapeError) else {})
        assert found == corrected
        parse(text, given | corrected)
    else:
        assert error.fix.apply(text) == corrected
        parse(corrected, given)


@pytest.mark.parametrize("steps", [0, -1, 2.5, "3", True])
def test_the_number_of_steps_is_a_whole_number_from_1(steps: Any) -> None:
    with pytest.raises(gl.ShapeError, match="the number of time steps T is") as caught:
        gl.parse("h_t = tanh(x_t)", sizes={"T": steps, "D": 4})
    assert caught.value.place.line == 1


def test_too_many_steps_are_counted_before_any_is_made() -> None:
    """One million steps of this would take a minute and gigabytes."""
    with pytest.raises(gl.NotationError) as caught:
        gl.parse("h_t = tanh(x_t W + h_{t-1} U + b)\nh_0 = 0", sizes={"T": 10**6, "D": 8, "H": 8})
    assert str(caught.value) == (
        "line 1: h_t = tanh(x_t W + h_{t-1} U + b)\n"
        "        ^^^\n"
        "1,000,000 time steps make 5,000,000 operations\n"
        "expected: at most 10,000 operations\n"
        "help: T = 2000 is the most that fits"
    )
    text = "h_t = tanh(x_t W + h_{t-1} U + b)\nh_0 = 0"
    assert len(gl.parse(text, sizes={"T": 2000, "D": 1, "H": 1}).operations) == 10_000
    with pytest.raises(gl.NotationError, match="2,001 time steps make 10,005 operations"):
        gl.parse(text, sizes={"T": 2001, "D": 1, "H": 1})
    with pytest.raises(gl.NotationError, match="at most"):
        gl.parse("h_t = 2", sizes={"T": 10**9})


def test_a_sequence_has_at_most_100_million_elements() -> None:
    with pytest.raises(gl.ShapeError, match="x would be"):
        gl.parse("h_t = tanh(x_t)", shapes={"x": (1000, 100_001)})


def test_a_step_can_not_need_what_comes_after_the_last_one() -> None:
    for text in (
        "h_t = tanh(x_t + h_{t-1} s)\nh_0 = 0\ns = sum(h_T)",
        "h_t = tanh(x_t + s)\ns = sum(h_t)",
        "h_t = tanh(x_t + g_t)\ng_t = tanh(h_T)",
        "h_t = tanh(h_{t-1} + x_t)\nh_0 = tanh(h_T)",
        "h_t = tanh(h_{t-1} + x_t)\nh_0 = sum(h_t, axis=0)",
        "h_t = tanh(x_t)\na = sum(h_t ⊙ last(h_t, n))",
    ):
        with pytest.raises(gl.NotationError, match="known only after the last step"):
            gl.parse(text, sizes={"T": 3, "D": 4})


def test_a_step_can_not_need_the_one_before_and_the_one_after() -> None:
    for text in (
        "h_t = tanh(h_{t-1} + h_{t+1} + x_t)\nh_0 = 0\nh_{T+1} = 0",
        "h_t = tanh(g_{t-1} + x_t)\ng_t = tanh(h_{t+1})\ng_0 = 0\nh_{T+1} = 0",
    ):
        with pytest.raises(gl.NotationError, match="no order of the steps computes both"):
            gl.parse(text, sizes={"T": 3, "D": 4})


def test_a_circle_within_a_step_that_runs_backwards() -> None:
    with pytest.raises(gl.NotationError) as caught:
        gl.parse("g_t = tanh(g_{t+1} + q_t)\nq_t = tanh(g_t)\ng_{T+1} = 0", sizes={"T": 3})
    assert str(caught.value.help) == "for the step before, write q_{t+1}"


def test_lengths_that_are_not_known_or_differ() -> None:
    encoder = "h_t = tanh(x_t W)\ng_0 = h_T\n"
    with pytest.raises(gl.ShapeError, match="the number of time steps S is not known"):
        gl.parse(encoder + "g_t = tanh(g_{t-1} U), t = 1..S", shapes=SHAPES | {"y_true": ()})
    with pytest.raises(gl.ShapeError, match="the number of time steps S is 0"):
        gl.parse(encoder + "g_t = tanh(g_{t-1} U), t = 1..S", shapes=SHAPES, sizes={"S": 0})
    with pytest.raises(gl.ShapeError, match="y_true has 5 steps, and x has 3"):
        gl.parse(encoder + "g_t = tanh(g_{t-1} U + x_t W + y_true_t)", shapes=SHAPES | {"y_true": (5, 3)})
    with pytest.raises(gl.ShapeError, match=r"y_true has 5 steps, and t = 1\.\.4 has 4"):
        gl.parse(encoder + "g_t = tanh(g_{t-1} + y_true_t), t = 1..4", shapes=SHAPES | {"y_true": (5, 3)})


def test_a_sequence_that_only_the_declaration_makes_an_input() -> None:
    text = "h_t = tanh(x_t ⊙ m_t)"
    with pytest.raises(gl.NotationError, match="m_t has no equation"):
        gl.parse(text, sizes={"T": 3, "D": 4})
    for declared in ({"kinds": {"m": "input"}}, {"shapes": {"m": ("T", "D")}}):
        graph = gl.parse(text, **({"shapes": {"x": (3, 4)}} | declared | {"sizes": {"T": 3, "D": 4}}))
        assert graph.sequences["m"] == ("m_1", "m_2", "m_3")
        assert graph.vertices["m_2"].kind == "input"
