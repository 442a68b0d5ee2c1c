"""The rolled picture: one cell for all time steps, what it carries on led back to it, and the numbers of each t in it."""

from __future__ import annotations

import numpy as np
import pytest
from geometry import faults, rooms

import graphlab as gl
from graphlab import diagram
from graphlab.diagram import svg
from graphlab.diagram.marks.still import Stills
from graphlab.diagram.rolled import can_roll, cell_of
from graphlab.explain import number

TIMED = ["rnn", "rnn-tagging", "lstm", "rnn-minibatch-padded", "sentiment-lstm", "zoneout"]
WALK = gl.scenario("rnn").walk()
PICTURE = diagram.draw(WALK, rolled=True)


def vertex(picture, name):
    return next(v for v in picture.vertices if v.name == name)


def shown(chips, step):
    """The numbers that are seen at a step, None where there are none."""
    chip = [c for c in chips if c.step <= step][-1:]
    texts = [t.text for t in chip[0].texts] if chip else []
    return texts or None


def written(array):
    return [number(x, 2) for x in np.ravel(array)]


def test_the_cell_of_an_rnn_has_its_state_its_input_and_the_temporaries_of_one_step():
    labels = {v.name: v.label.source for v in PICTURE.vertices}
    cell = {"x_3", "W", "tmp_9", "h_2", "U", "tmp_10", "tmp_11", "b", "tmp_12", "h_3"}
    assert set(labels) == cell | {"V", "tmp_13", "c", "tmp_14", "y", "y_true", "loss"}
    assert labels["x_3"] == r"\mathbf{x}_t"
    assert (labels["h_2"], labels["h_3"]) == (r"\mathbf{h}_{t-1}", r"\mathbf{h}_t")
    assert labels["tmp_9"] == r"\mathbf{tmp}_1"


@pytest.mark.parametrize(
    ("name", "loops"),
    [
        ("rnn", [("h_3", "h_2")]),
        ("lstm", [("h_3", "h_2"), ("c_3", "c_2")]),
        ("zoneout", [("h_3", "h_2")]),
    ],
)
def test_what_is_carried_on_is_led_back(name, loops):
    assert {(a, b) for a, b, _ in cell_of(gl.scenario(name).graph).loops} == set(loops)


def test_two_layers_have_two_loops_each():
    picture = diagram.draw(gl.scenario("sentiment-lstm").walk(), rolled=True)
    assert sum(o.name.endswith(":later") for o in picture.operations) == 4


@pytest.mark.parametrize("name", TIMED)
def test_nothing_covers_anything_else_and_no_loop_runs_through_a_box(name):
    picture = diagram.draw(gl.scenario(name).walk(), rolled=True)
    loops = [o.name for o in picture.operations if o.name.endswith(":later")]
    # A loop alone runs back to the left.
    assert set(faults(picture)) == {f"edge {name}:{part} turns back" for name in loops for part in ("in", "out")}
    clock = picture.clock[0].rect
    assert not [other for other, room in rooms(picture).items() if room.overlaps(clock)]


def test_a_vertex_of_the_cell_shows_the_values_of_the_time_at_which_the_walk_is():
    step_of = {step.output: step.index for step in WALK if step.phase == "forward"}
    for t in (1, 2, 3):
        assert shown(vertex(PICTURE, "h_3").values, step_of[f"h_{t}"]) == written(WALK.values[f"h_{t}"])
        assert shown(vertex(PICTURE, "h_2").values, step_of[f"h_{t}"]) == written(WALK.values[f"h_{t - 1}"])
        assert shown(vertex(PICTURE, "x_3").values, step_of[f"h_{t}"]) == written(WALK.values[f"x_{t}"])
    # The walk has come to t = 2, and h_2 is not computed yet.
    assert shown(vertex(PICTURE, "h_3").values, step_of["h_1"] + 1) is None


def test_at_each_time_step_the_same_operation_is_current():
    of = next(o for o in PICTURE.operations if o.name == "h_3")
    assert of.forwards == tuple(s.index for s in WALK if s.phase == "forward" and s.output in ("h_1", "h_2", "h_3"))
    assert of.backwards == tuple(
        s.index for s in WALK if s.phase == "backward" and s.operation and s.output in ("h_1", "h_2", "h_3")
    )


def test_a_parameter_collects_its_gradient_over_time():
    w = vertex(PICTURE, "W")
    parts = [c for s in WALK if s.operation and s.phase == "backward" for c in s.contributions if c.vertex == "W"]
    assert [(c.part, c.parts) for c in w.gradients if c.texts] == [(1, 3), (2, 3), (3, 3)]
    assert shown(w.gradients, PICTURE.steps) == written(parts[-1].total)
    np.testing.assert_allclose(sum(p.value for p in parts), parts[-1].total)


def test_the_gradient_of_the_state_is_that_of_its_time():
    last = {
        c.vertex: (s.index, c.total) for s in WALK if s.phase == "backward" and s.operation for c in s.contributions
    }
    for t in (1, 2, 3):
        index = next(s.index for s in WALK if s.phase == "backward" and s.operation and s.output == f"h_{t}")
        assert shown(vertex(PICTURE, "h_3").gradients, index) == written(last[f"h_{t}"][1])


def test_the_clock_says_the_time_step_there_and_back():
    assert [chip.texts[0].text for chip in PICTURE.clock] == [f"t = {t} / 3" for t in (1, 2, 3, 2, 1)]
    first_of_t = [next(s.index for s in WALK if s.operation and s.operation.t == t) for t in (1, 2, 3)]
    assert [chip.step for chip in PICTURE.clock][:3] == first_of_t


def test_stills_and_svg_have_the_clock():
    stills = Stills(PICTURE)
    said = [
        mark.text.text
        for part in stills.at(PICTURE.steps)
        if part.kind == "clock"
        for marks in part.chips.values()
        for mark in marks
        if hasattr(mark, "text")
    ]
    assert said == ["t = 1 / 3"]
    assert 'data-role="clock"' in svg.page(PICTURE)


def test_a_graph_without_time_can_not_be_rolled():
    assert not can_roll(gl.scenario("mlp").graph)
    with pytest.raises(ValueError, match="there are none"):
        diagram.draw(gl.scenario("mlp").walk(), rolled=True)
