"""Edits: how they stand in an address, what they change, and that nothing else changes."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.scenario import dump, load
from graphlab.scenario.edits import LONGEST, Edit, applied, read_edits, write_edits

EDITS = (Edit("W_1", (1, 0), 0.75), Edit("b_2", (), -1.0))


def test_edits_are_a_short_text_and_come_back_from_it():
    assert write_edits(EDITS) == "W_1@2,1=0.75;b_2=-1.0"
    assert read_edits(write_edits(EDITS)) == EDITS
    assert read_edits(write_edits([Edit("λ", (), 1e-300)])) == (Edit("λ", (), 1e-300),)


@pytest.mark.parametrize(
    "text", ["W_1", "W_1@0,1=nan", "W_1@a=1", "W_1=inf", "=1", "W_1@1,1=1;", "x=1..2", "b_2=1;" * LONGEST, "x=0x10"]
)
def test_what_is_no_text_of_edits_is_refused(text):
    assert read_edits(text) is None


@pytest.mark.parametrize("seed", [0, 7])
def test_an_edit_changes_its_element_and_no_other_bit(seed):
    s = gl.scenario("mlp")
    before, after = s.feeds(seed), applied(s, seed, EDITS).feeds(seed)
    assert (after["W_1"][1, 0], float(after["b_2"])) == (0.75, -1.0)
    after["W_1"][1, 0], after["b_2"] = before["W_1"][1, 0], before["b_2"]
    assert {name: array.tobytes() for name, array in after.items()} == {n: a.tobytes() for n, a in before.items()}


def test_without_edits_the_scenario_is_the_same_object():
    s = gl.scenario("mlp")
    assert applied(s, 0, ()) is s


def test_a_file_holds_the_edits():
    s = applied(gl.scenario("mlp"), 3, EDITS)
    again = load(dump(s.with_sizes(seed=3)))
    assert float(again.feeds()["W_1"][1, 0]) == 0.75
    np.testing.assert_array_equal(again.feeds()["x"], gl.scenario("mlp").feeds(3)["x"])


def test_a_step_of_a_sequence_is_edited_in_its_sequence():
    s = gl.scenario("rnn")
    feeds = applied(s, 0, [Edit("x", (1, 0), 9.0)]).feeds(0)
    assert gl.forward(s.graph, feeds)["x_2"][0] == 9.0


@pytest.mark.parametrize("edit", [Edit("nobody", (), 1.0), Edit("W_1", (9, 9), 1.0), Edit("W_1", (0,), 1.0)])
def test_an_edit_of_what_is_not_there_is_left_out(edit):
    s = gl.scenario("mlp")
    assert {n: a.tolist() for n, a in applied(s, 0, [edit]).feeds(0).items()} == {
        n: a.tolist() for n, a in s.feeds(0).items()
    }


def test_an_index_stays_an_index_of_the_table():
    s = gl.scenario("sentiment-lstm")
    name = next(o.inputs[0] for o in s.graph.operations if o.op.name == "embed")
    fed = next((n for n, steps in s.graph.sequences.items() if name in steps), name)
    index = (0,) * len(s.graph.fed_shape(fed))
    rows = s.graph.vertices[next(o.inputs[1] for o in s.graph.operations if o.op.name == "embed")].shape[0]
    assert applied(s, 0, [Edit(fed, index, 1e6)]).feeds(0)[fed][index] == rows - 1
    assert applied(s, 0, [Edit(fed, index, -0.7)]).feeds(0)[fed][index] == 0
