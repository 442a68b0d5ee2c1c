"""Scenarios over time: where W's gradient comes from, and that padding takes part in nothing."""

import numpy as np
import pytest

import graphlab as gl


def parts(name, vertex, **sizes):
    walk = gl.scenario(name, sizes=sizes).walk()
    return [(step.output, c) for step in walk for c in step.contributions if c.vertex == vertex]


def test_w_receives_its_gradient_in_parts_from_tmp_9_tmp_5_and_tmp_1():
    found = parts("rnn", "W")
    assert [source for source, _ in found] == ["tmp_9", "tmp_5", "tmp_1"]
    assert [(c.part, c.parts) for _, c in found] == [(1, 3), (2, 3), (3, 3)]
    s = gl.scenario("rnn")
    gradient = gl.backward(s.graph, gl.forward(s.graph, s.feeds()))["W"]
    np.testing.assert_allclose(sum(c.value for _, c in found), gradient, atol=1e-14)
    np.testing.assert_array_equal(found[-1][1].total, gradient)


@pytest.mark.parametrize(
    ("vertex", "sources"), [("U", ["tmp_10", "tmp_6", "tmp_2"]), ("b", ["tmp_12", "tmp_8", "tmp_4"])]
)
def test_u_and_b_receive_theirs_likewise(vertex, sources):
    assert [source for source, _ in parts("rnn", vertex)] == sources


def test_only_the_last_output_is_computed_for_classification():
    outputs = [o.output for o in gl.scenario("rnn").graph.operations if o.op.name == "softmax"]
    assert outputs == ["y"]


def test_tagging_has_a_loss_at_every_step():
    s = gl.scenario("rnn-tagging", sizes={"T": 5})
    values = gl.forward(s.graph, s.feeds())
    assert values["loss"] == pytest.approx(np.mean([values[f"l_{t}"] for t in range(1, 6)]))


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_padding_gets_exactly_zero_gradient_and_changes_nothing(seed):
    s = gl.scenario("rnn-minibatch-padded", sizes={"T": 6, "N": 4})
    feeds = s.feeds(seed)
    padding = np.arange(1, 7)[:, None] > feeds["n"]
    assert padding.any()
    values = gl.forward(s.graph, feeds)
    gradients = gl.backward(s.graph, values, of="loss")
    assert not gradients["X"][padding].any()
    assert np.all(gradients["X"][~padding].any(axis=-1))
    for t in range(1, 7):
        assert not gradients[f"h_{t}"][padding[t - 1]].any()

    feeds["X"] = np.where(padding[..., None], 1e3, feeds["X"])
    other = gl.forward(s.graph, feeds)
    again = gl.backward(s.graph, other, of="loss")
    assert other["loss"] == values["loss"]
    for name in s.parameters:
        np.testing.assert_array_equal(again[name], gradients[name])


def test_lengths_are_drawn_as_a_minibatch_is_packed():
    for seed in range(1, 20):
        n = gl.scenario("rnn-minibatch-padded", sizes={"T": 5, "N": 4}).feeds(seed)["n"]
        assert n[0] == 5
        assert sorted(n, reverse=True) == list(n)
        assert n.min() >= 1


def test_the_forget_gate_starts_open():
    assert gl.scenario("lstm", sizes={"H": 4}).feeds(3)["b_f"].tolist() == [1, 1, 1, 1]


def test_the_gradient_along_the_memory_is_multiplied_by_the_forget_gate():
    s = gl.scenario("lstm")
    gates = gl.forward(s.graph, s.feeds())["f_3"]
    product = next(o for o in s.graph.operations if o.inputs == ("f_3", "c_2"))
    step = next(step for step in s.walk() if step.phase == "backward" and step.operation is product)
    along = next(c for c in step.contributions if c.vertex == "c_2")
    np.testing.assert_allclose(along.value, step.upstream * gates, rtol=1e-14)


def test_zoneout_keeps_what_the_mask_says():
    s = gl.scenario("zoneout")
    values = gl.forward(s.graph, s.feeds())
    kept = s.feeds()["m"][1] == 1
    np.testing.assert_array_equal(values["h_2"][kept], values["h_1"][kept])
    assert np.all(values["h_2"][~kept] != values["h_1"][~kept])


def test_a_vertex_of_a_step_says_what_its_sequence_is_and_when():
    s = gl.scenario("lstm")
    assert s.caption("h_0") == "the state before the first word: zeros"
    assert s.caption("f_2").startswith("forget gate: ")
    assert s.caption("f_2", "ru").endswith(", t = 2")
