"""Exports of the rolled picture: one cell with a loop, at every step of the whole walk."""

from __future__ import annotations

import pytest

import graphlab as gl
from graphlab import diagram
from graphlab.export import Options, prepare, render

RNN = gl.scenario("rnn")


def test_a_rolled_export_has_every_step_of_the_walk_on_one_cell():
    job = prepare(RNN, Options(rolled=True, fold="folded"), "all")
    assert job.picture == diagram.draw(job.walk, rolled=True)
    assert job.steps == tuple(range(len(job.walk) + 1))
    assert job.slide(7).sentence.startswith("tmp_6 ")


def test_each_time_step_looks_different():
    first, second = (render(RNN, "svg", rolled=True, steps=step) for step in (2, 7))
    assert b"Rolled computation graph" in first
    assert first != second


def test_a_cropped_export_takes_badges_and_clock_along():
    whole, cropped = (prepare(RNN, Options(rolled=True, crop=crop), "all").picture for crop in (False, True))
    dx = cropped.vertices[0].box.left - whole.vertices[0].box.left
    assert dx != 0
    assert cropped.clock[1].rect.left - whole.clock[1].rect.left == pytest.approx(dx)
    for before, after in zip(whole.edges, cropped.edges, strict=True):
        assert [b.rect.left for b in after.badges] == pytest.approx([b.rect.left + dx for b in before.badges])


def test_a_graph_without_time_is_refused():
    with pytest.raises(gl.ExportError, match="no cell to roll it into"):
        render(gl.scenario("mlp"), "svg", rolled=True)


def test_rolled_is_yes_or_no():
    with pytest.raises(gl.ExportError, match="neither true nor false"):
        Options(rolled="yes")
