"""Limits on size, depth and work, checked before anything is allocated."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

import pytest

import graphlab as gl
from graphlab.notation import program


def test_20000_characters_are_read_and_20001_are_not() -> None:
    text = "h = x + " + "b" * 19_992
    assert len(text) == 20_000
    gl.parse(text, shapes={"x": (), "b" * 19_992: ()})
    with pytest.raises(gl.NotationError, match="the text has 20001 characters"):
        gl.parse(text + "b")


def test_64_brackets_inside_each_other_are_read_and_65_are_not() -> None:
    gl.parse("h = tanh" + "(" * 64 + "x" + ")" * 64, shapes={"x": ()})
    with pytest.raises(gl.NotationError, match="nested too deeply") as caught:
        gl.parse("h = tanh" + "(" * 65 + "x" + ")" * 65, shapes={"x": ()})
    assert caught.value.place.column == len("h = tanh") + 64


@pytest.mark.parametrize("opening", [r"\mathbf{", r"\tilde", r"\left(", "{", "‖", r"\frac{", "tanh("])
def test_nothing_nests_without_end(opening: str) -> None:
    with pytest.raises(gl.NotationError):
        gl.parse("h = " + opening * (3990 // len(opening)) + "x")


def test_long_sums_are_not_nested() -> None:
    assert len(gl.parse("h = " + "x+" * 1900 + "x", shapes={"x": ()}).operations) == 1900


def test_operations_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert program.MAX_OPERATIONS == 10_000
    monkeypatch.setattr(program, "MAX_OPERATIONS", 5)
    gl.parse("h = x + x + x + x + x + x", shapes={"x": ()})
    with pytest.raises(gl.NotationError, match="more than 5 operations"):
        gl.parse("h = x + x + x + x + x + x + x", shapes={"x": ()})


def test_a_vertex_has_at_most_100_million_elements() -> None:
    gl.parse("h = X W", shapes={"X": (10_000, 2), "W": (2, 10_000)})
    with pytest.raises(gl.ShapeError, match="100,010,000 elements"):
        gl.parse("h = X W", shapes={"X": (10_001, 2), "W": (2, 10_000)})
    with pytest.raises(gl.ShapeError, match="elements"):
        gl.parse("h = tanh(x)", shapes={"x": (10**9,)})


def test_a_shape_has_at_most_8_axes() -> None:
    gl.parse("h = tanh(x)", shapes={"x": (1,) * 8})
    with pytest.raises(gl.ShapeError, match="not a shape"):
        gl.parse("h = tanh(x)", shapes={"x": (1,) * 9})
    with pytest.raises(gl.ShapeError, match="at most"):
        gl.parse("h = X Y", shapes={"X": (1,) * 6, "Y": (1,) * 6})


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (lambda n: "y = " + "-" * n + "x", 135_000),
        (lambda n: "y = " + "x+" * (n // 2) + "x", 500_000),
        (lambda n: "y = " + "x W" * (n // 3), 255_000),
        (lambda n: "y = " + "tanh(x" * (n // 6), 1_100),
        (lambda n: "y = " + "(" * n, 2_400),
        (lambda n: "y = " + "‖" * n, 2_300),
        (lambda n: "\n".join(f"v_{k}=-x" for k in range(n // 10)), 225_000),
        (lambda n: "y = " + " ".join(f"a_{k}" for k in range(n // 8)), 110_000),
        (lambda n: "y = " + r"\mathbf{W}" * (n // 10 - 1), 95_000),
        (lambda n: "y = " + "x" * n, 530),
        (lambda n: "y = tanh(" + "&c~" * (n // 3 - 5) + ")", 300_000),
    ],
    ids=lambda case: case(60)[:16] if callable(case) else "",
)
def test_the_work_of_an_answer_is_bounded_and_grows_with_the_length(text: Callable[[int], str], most: int) -> None:
    """Counted in function calls, which no busy machine changes; `tests.fuzz_notation` reports seconds."""
    calls(text(3960))  # what is read once and kept does not count
    half, whole = calls(text(1980)), calls(text(3960))
    assert whole < most
    assert whole / half < 2.2


def calls(text: str) -> int:
    """The function calls, Python's own among them, that one answer takes."""
    counted = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(gl.NotationError, gl.ShapeError):
            gl.parse(text)
    finally:
        sys.setprofile(before)
    return counted
