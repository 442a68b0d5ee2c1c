"""Every typical mistake: what is said of it, where, and that the help works when it is applied."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

import graphlab as gl
from graphlab.errors import GraphlabError, MissingShapeError
from tests.notation.table_of_mistakes import NOTATION, SHAPE, SHAPES


def error_of(text: str, shapes: dict[str, Any]) -> GraphlabError:
    with pytest.raises((gl.NotationError, gl.ShapeError)) as caught:
        gl.parse(text, shapes=shapes)
    return caught.value


def shown(error: GraphlabError) -> str:
    return "\n".join(line.rstrip() for line in str(error).split("\n"))


def identity(row: tuple[Any, ...]) -> str:
    return row[0].encode("ascii", "backslashreplace").decode()[:40] or "empty"


@pytest.mark.parametrize("row", NOTATION + SHAPE, ids=identity)
def test_says_what_is_wrong_and_where(row: tuple[Any, ...]) -> None:
    text, message, _, *more = row
    assert shown(error_of(text, SHAPES | (more[0] if more else {}))) == dedent(message).strip("\n").rstrip()


@pytest.mark.parametrize("row", NOTATION + SHAPE, ids=identity)
def test_the_help_works_when_it_is_applied(row: tuple[Any, ...]) -> None:
    text, _, corrected, *more = row
    shapes = SHAPES | (more[0] if more else {})
    error = error_of(text, shapes)
    assert error.help is not None
    if corrected is None:  # nothing that could be done keeps the meaning
        assert error.fix is None
        return
    assert error.fix is not None
    if isinstance(corrected, dict):
        given = {error.fix.name: error.fix.shape} | (error.shapes if isinstance(error, MissingShapeError) else {})
        assert given == corrected
        gl.parse(text, shapes=shapes | corrected)
    else:
        assert error.fix.apply(text) == corrected
        gl.parse(corrected, shapes=shapes)


@pytest.mark.parametrize("row", NOTATION, ids=identity)
def test_says_what_was_expected(row: tuple[Any, ...]) -> None:
    text, _, _, *more = row
    error = error_of(text, SHAPES | (more[0] if more else {}))
    assert error.expected is not None
    assert error.place is not None
    lines = text.split("\n")
    assert error.place.source == lines[error.place.line - 1]
    assert 0 <= error.place.column <= error.place.column + error.place.width <= len(error.place.source) + 1


def test_the_example_of_the_design_comes_out_literally() -> None:
    text = "# the hidden layer\nh = tanh(x W_1 + b_1)\ny = sigma(h w_2^T + b_2)\nloss = BCE(y_true, y)"
    error = error_of(text, {"x": (5,), "W_1": (4, 3), "b_1": (3,), "w_2": (3,), "b_2": (), "y_true": ()})
    assert type(error) is gl.ShapeError
    assert str(error) == (
        "line 2: h = tanh(x W_1 + b_1)\n"
        "                 ^^^^^\n"
        "x W_1: inner sizes differ: x is (5,), W_1 is (4, 3)\n"
        "help: W_1 needs 5 rows"
    )


def test_a_line_is_counted_among_comments_and_empty_lines() -> None:
    assert error_of("# one\n\nh = tanh(x)\ny = tanh(h", {"x": ()}).place.line == 4


def test_carets_stand_under_the_users_own_latex() -> None:
    error = error_of(r"\mathbf{h} &= \tanh\left(\mathbf{x} \mathbf{W}_1\right) \\", {"x": (5,), "W_1": (4, 3)})
    assert str(error).split("\n")[:3] == [
        r"line 1: \mathbf{h} &= \tanh\left(\mathbf{x} \mathbf{W}_1\right) \\",
        r"                                 ^^^^^^^^^^^^^^^^^^^^^^^",
        r"\mathbf{x} \mathbf{W}_1: inner sizes differ: x is (5,), W_1 is (4, 3)",
    ]


def test_a_message_can_be_shown_in_another_language() -> None:
    error = error_of("h = tanh(x", {})
    russian = {"line {line}": "строка {line}", "this {c} is never closed": "эта {c} не закрыта"}
    shown = error.text(lambda template: russian.get(template, template))
    assert shown.split("\n")[:3] == ["строка 1: h = tanh(x", "                  ^", "эта ( не закрыта"]


@pytest.mark.parametrize("kinds", [{"x": "inputs"}, {"W": ""}, {"W": None}])
def test_a_kind_that_does_not_exist_is_refused(kinds: dict[str, Any]) -> None:
    with pytest.raises(gl.NotationError, match="there is no kind"):
        gl.parse("h = x W", shapes=SHAPES, kinds=kinds)
