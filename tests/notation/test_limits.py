"""Limits on size, depth and time, checked before anything is allocated."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

import graphlab as gl
from graphlab.notation import program


def test_4000_characters_are_read_and_4001_are_not() -> None:
    text = "h = x + " + "b" * 3992
    assert len(text) == 4000
    gl.parse(text, shapes={"x": (), "b" * 3992: ()})
    with pytest.raises(gl.NotationError, match="the text has 4001 characters"):
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
    "text",
    [
        "y = " + "-" * 3990 + "x",
        "y = " + "x+" * 1990 + "x",
        "y = " + "x W" * 1300,
        "y = " + "tanh(x" * 600,
        "y = " + "(" * 3990,
        "y = " + "‖" * 3990,
        "\n".join(f"v_{k}=-x" for k in range(400)),
        "y = " + " ".join(f"a_{k}" for k in range(500)),
        "y = " + r"\mathbf{W}" * 390,
        "y = " + "x" * 3990,
        "y = tanh(" + "&c~" * 1200 + ")",
    ],
    ids=lambda text: text[:16],
)
def test_every_answer_comes_within_50_ms(text: str) -> None:
    assert min(timed(text) for _ in range(5)) < 0.05


def timed(text: str) -> float:
    """Seconds of this thread: other work on the machine does not count."""
    start = time.thread_time()
    with suppress(gl.NotationError, gl.ShapeError):
        gl.parse(text)
    return time.thread_time() - start
