"""Sequences: fed as one array, seen by their steps, with gradients both ways."""

from __future__ import annotations

import numpy as np
import pytest

import graphlab as gl
from tests.engine.graphs import relative_error
from tests.engine.unrolled import lstm, rnn, with_loss


def test_a_sequence_is_fed_under_its_own_name_and_its_steps_are_views():
    b = rnn(3, 2, 4, 3)
    graph = b.graph()
    assert graph.fed == ("x", "W_h", "U_h", "b_h")
    assert graph.fed_shape("x") == (3, 2, 4)
    values = gl.forward(graph, b.feeds)
    assert np.shares_memory(values["x"], values["x_2"])
    assert np.array_equal(values["x_2"], b.feeds["x"][1])
    gradients = gl.backward(graph, values)
    assert gradients["x"].shape == (3, 2, 4)
    assert all(np.shares_memory(gradients["x"], gradients[f"x_{t}"]) for t in (1, 2, 3))
    assert gl.check_gradients(graph, b.feeds).worst < 1e-8
    assert "x" in gl.check_gradients(graph, b.feeds)


def test_a_step_that_nothing_reaches_has_a_gradient_of_zeros_beside_one_that_something_reaches():
    b = rnn(3, None, 4, 3)
    graph = with_loss(b, ("norm2", "h_2", "loss"))
    for gradients in (
        gl.backward(graph, gl.forward(graph, b.feeds)),
        gl.compile(graph, wrt=["x", "x_1", "x_3"])(b.feeds)[1],
    ):
        assert not gradients["x_3"].any()
        assert not gradients["x"][2].any()
        assert gradients["x_1"].all()
    graph = with_loss(b, ("norm2", "U_h", "loss"))
    assert not {"x", "x_1"} & set(gl.backward(graph, gl.forward(graph, b.feeds)))
    assert not gl.compile(graph, wrt=["x", "x_1"])(b.feeds)[1]


def test_the_jacobian_by_a_sequence_has_its_shape():
    b = rnn(3, None, 4, 2)
    graph = b.graph()
    values = gl.forward(graph, b.feeds)
    jacobian = gl.jacobian(graph, values, of="h_3", by="x")
    assert jacobian.shape == (2, 3, 4)
    assert np.array_equal(jacobian[:, 1], gl.jacobian(graph, values, of="h_3", by="x_2"))


def test_a_sequence_of_the_wrong_length_is_refused():
    b = rnn(3, None, 4, 2)
    with pytest.raises(gl.ShapeError, match=r"x has the shape \(2, 4\); the graph needs \(3, 4\)"):
        gl.forward(b.graph(), {**b.feeds, "x": b.feeds["x"][:2]})
    with pytest.raises(gl.GraphlabError, match="no value was given for x"):
        gl.forward(b.graph(), {name: value for name, value in b.feeds.items() if name != "x"})


def test_the_walk_goes_to_a_sequence_by_its_steps():
    b = rnn(3, None, 4, 2)
    walk = gl.trace(b.graph(), b.feeds, wrt=["x"])
    assert {c.vertex for s in walk for c in s.contributions} >= {"x_1", "x_2", "x_3"}


CASES = {
    "RNN, one object": lambda: rnn(7, None, 4, 3),
    "RNN, rows": lambda: rnn(6, 5, 4, 3),
    "RNN, a loss at every step": lambda: rnn(5, 3, 4, 2, every=True),
    "RNN, one step": lambda: rnn(1, 3, 4, 2),
    "RNN, two steps": lambda: rnn(2, None, 4, 2, every=True),
    "LSTM, one object": lambda: lstm(6, None, 4, 3),
    "LSTM, rows": lambda: lstm(6, 5, 4, 3),
    "LSTM, two layers": lambda: lstm(4, 3, 4, 3, layers=2),
    "LSTM, two layers, one object, a loss at every step": lambda: lstm(5, None, 4, 3, layers=2, every=True),
    "LSTM, one step": lambda: lstm(1, 2, 4, 3),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("wrt", ["parameters", "everything fed", "all vertices"])
def test_a_plan_gives_the_gradients_of_the_walk(case, wrt):
    b = CASES[case]()
    graph = b.graph()
    names = {"parameters": None, "everything fed": graph.fed, "all vertices": (*graph.vertices, "x")}[wrt]
    plan = gl.compile(graph, wrt=names)
    for scale in (1, 2):
        feeds = {name: value * scale for name, value in b.feeds.items()}
        values = gl.forward(graph, feeds)
        wanted = gl.backward(graph, values)
        loss, gradients = plan(feeds)
        assert relative_error(loss, values["loss"]) < 1e-12
        assert set(gradients) == {n for n in names or graph.names("parameter") if n in wanted}
        for name, gradient in gradients.items():
            assert relative_error(gradient, wanted[name]) < 1e-11


def test_a_step_takes_few_calls_and_no_copies():
    """x_t W of all t is one product, the gradients of the weights are products over all t."""
    calls = {t: len(gl.compile(rnn(t, None, 4, 3).graph()).binding(np.dtype(np.float64)).calls) for t in (20, 40)}
    assert (calls[40] - calls[20]) / 20 <= 9
    kinds = [node.kind for node in gl.compile(rnn(40, 5, 4, 3).graph()).recording.order()]
    assert kinds.count("dot") <= 2 * 40 + 4
    assert kinds.count("sum") == 1


def test_the_memory_of_long_sequences_is_what_the_backward_pass_needs():
    """A step of the LSTM keeps four gates, c, tanh c and h, and reads x; merging adds runs of a bounded size."""
    n, d, h = 64, 32, 128

    def size(steps: int) -> int:
        return gl.compile(lstm(steps, n, d, h).graph()).binding(np.dtype(np.float32)).nbytes

    assert (size(96) - size(64)) / 32 <= 4 * n * (7 * h + d) * 1.1
