"""Graphs through time against torch's own RNN and LSTM, and the parts that one parameter receives."""

from __future__ import annotations

import numpy as np
import torch

import graphlab as gl

RNN = "h_t = tanh(x_t W + h_{t-1} U + b)\nh_0 = 0\ny = softmax(h_T V + c)\nloss = CrossEntropy(y_true, y)"
SIZES = {"T": 3, "D": 4, "H": 3, "K": 2}


def drawn(graph: gl.Graph, seed: int = 0) -> dict[str, np.ndarray]:
    """A value for everything that has to be fed."""
    rng = np.random.default_rng(seed)
    return {name: rng.normal(0, 0.7, graph.fed_shape(name)) for name in graph.fed}


def test_w_collects_its_gradient_from_tmp_9_tmp_5_and_tmp_1_in_this_order() -> None:
    """The lecture's row G3: four temporaries a step, three steps."""
    graph = gl.parse(RNN, sizes=SIZES)
    walk = gl.trace(graph, drawn(graph), wrt=["W", "U", "b"])
    arrived = {
        name: [(step.output, c) for step in walk for c in step.contributions if c.vertex == name]
        for name in ("W", "U", "b")
    }
    assert {name: [output for output, _ in parts] for name, parts in arrived.items()} == {
        "W": ["tmp_9", "tmp_5", "tmp_1"],
        "U": ["tmp_10", "tmp_6", "tmp_2"],
        "b": ["tmp_12", "tmp_8", "tmp_4"],
    }
    whole = gl.backward(graph, walk.values)
    for name, parts in arrived.items():
        np.testing.assert_allclose(sum(c.value for _, c in parts), whole[name], rtol=1e-12)
        np.testing.assert_array_equal(parts[-1][1].total, whole[name])
        assert [(c.part, c.parts) for _, c in parts] == [(1, 3), (2, 3), (3, 3)]


def test_a_plain_rnn_is_torchs_rnn() -> None:
    graph = gl.parse("h_t = tanh(x_t W + h_{t-1} U + b)\nh_0 = 0\nloss = sum(h_T ⊙ g)", sizes={"T": 5, "D": 4, "H": 3})
    feeds = drawn(graph)
    values = gl.forward(graph, feeds)
    grads = gl.backward(graph, values)
    net = torch.nn.RNN(4, 3, dtype=torch.float64)
    with torch.no_grad():
        net.weight_ih_l0[:] = torch.tensor(feeds["W"].T)
        net.weight_hh_l0[:] = torch.tensor(feeds["U"].T)
        net.bias_ih_l0[:] = torch.tensor(feeds["b"])
        net.bias_hh_l0[:] = 0
    x = torch.tensor(feeds["x"], requires_grad=True)
    out, _ = net(x)
    (out[-1] * torch.tensor(feeds["g"])).sum().backward()
    for t in range(1, 6):
        np.testing.assert_allclose(values[f"h_{t}"], out[t - 1].detach(), rtol=0, atol=1e-10)
    for name, theirs in {
        "x": x.grad, "W": net.weight_ih_l0.grad.T, "U": net.weight_hh_l0.grad.T, "b": net.bias_ih_l0.grad
    }.items():  # fmt: skip
        np.testing.assert_allclose(grads[name], theirs, rtol=0, atol=1e-10)
    assert gl.check_gradients(graph, feeds).worst < 1e-7
    plan = gl.compile(graph)
    loss, gradients = plan(feeds)
    np.testing.assert_allclose(loss, values["loss"])
    np.testing.assert_allclose(gradients["W"], grads["W"], atol=1e-12)
