"""What the page is told of a rolled picture: the names of its shapes in the steps, and who they are at each time."""

from __future__ import annotations

import graphlab as gl
from graphlab.player.choices import Choices
from graphlab.player.payload import payload_of
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk

SCENARIO = gl.scenario("rnn")
CONTEXT = ShownWalk(SCENARIO.walk(0), SCENARIO, choices=Choices(rolled=True))
SENT = payload_of(CONTEXT, title="RNN", stem="rnn")


def test_steps_have_the_names_of_the_shapes_and_the_texts_of_their_time():
    assert len(SENT["steps"]) == len(CONTEXT.walk)
    first, second = (next(s for s in SENT["steps"] if s["index"] == i) for i in (2, 7))
    assert (CONTEXT.walk[1].output, CONTEXT.walk[6].output) == ("tmp_2", "tmp_6")
    for step in (first, second):
        assert (step["operation"], step["output"], step["inputs"]) == ("tmp_10", "tmp_10", ["h_2", "U"])
    assert first["sentence"].startswith("tmp_2 ")
    assert second["sentence"].startswith("tmp_6 ")


def test_the_page_knows_which_vertex_a_shape_is_at_each_time():
    rolled = SENT["rolled"]
    assert len(rolled["at"]) == len(CONTEXT.walk) + 1
    assert [rolled["at"][i] for i in (0, 2, 7, len(CONTEXT.walk))] == [1, 1, 2, 1]
    assert rolled["shows"]["2"]["h_3"] == "h_2"
    assert rolled["shows"]["2"]["h_2"] == "h_1"
    assert rolled["stands"]["h_1"] == "h_3"
    assert rolled["stands"]["h_0"] == "h_2"


def test_the_card_of_a_step_is_that_of_the_whole_walk():
    asked = {"kind": "card", "walk": CONTEXT.key, "step": 7}
    assert (
        answer(CONTEXT, asked)["card"]
        == answer(plain := ShownWalk(CONTEXT.walk, SCENARIO), asked | {"walk": plain.key})["card"]
    )


def test_an_unrolled_walk_says_nothing_of_it():
    assert "rolled" not in payload_of(ShownWalk(CONTEXT.walk, SCENARIO), title="", stem="")
