"""Graphs through time against torch's own RNN and LSTM, and the parts that one parameter receives."""

from __future__ import annotations

import numpy as np
import pytest
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


def lstm(x: str = "x", h: str = "h", layer: str = "") -> str:
    """The lecture's row G6; the names of a second layer end with a 2."""
    return f"""f{layer}_t = sigma({x}_t W_f{layer} + {h}_{{t-1}} U_f{layer} + b_f{layer})
i{layer}_t = sigma({x}_t W_i{layer} + {h}_{{t-1}} U_i{layer} + b_i{layer})
c{layer}~_t = tanh({x}_t W_c{layer} + {h}_{{t-1}} U_c{layer} + b_c{layer})
o{layer}_t = sigma({x}_t W_o{layer} + {h}_{{t-1}} U_o{layer} + b_o{layer})
c{layer}_t = f{layer}_t ⊙ c{layer}_{{t-1}} + i{layer}_t ⊙ c{layer}~_t
{h}_t = o{layer}_t ⊙ tanh(c{layer}_t)
{h}_0 = 0
c{layer}_0 = 0
"""


def torchs_lstm(feeds: dict[str, np.ndarray], layers: int) -> torch.nn.LSTM:
    """torch's LSTM with our weights; torch stacks the gates i, f, g, o."""
    net = torch.nn.LSTM(feeds["W_i"].shape[0], feeds["U_i"].shape[0], layers, dtype=torch.float64)
    with torch.no_grad():
        for layer, suffix in enumerate(("", "2")[:layers]):
            for ours, theirs in (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih")):
                joined = np.concatenate([feeds[f"{ours}_{gate}{suffix}"].T for gate in "ifco"])
                getattr(net, f"{theirs}_l{layer}")[:] = torch.tensor(joined)
            getattr(net, f"bias_hh_l{layer}")[:] = 0
    return net


@pytest.mark.parametrize("layers", [1, 2])
def test_the_lstm_of_the_lecture_is_torchs_lstm(layers: int) -> None:
    text = lstm() + lstm("h", "g", "2") * (layers - 1) + f"loss = sum({'hg'[layers - 1]}_t ⊙ v)"
    shapes = {"x": ("T", "B", "D"), "h": ("T", "B", "H"), "g": ("T", "B", "H")}
    graph = gl.parse(text, shapes=shapes, sizes={"T": 4, "B": 2, "D": 3, "H": 3})
    feeds = drawn(graph)
    grads = gl.backward(graph, gl.forward(graph, feeds))
    net = torchs_lstm(feeds, layers)
    x = torch.tensor(feeds["x"], requires_grad=True)
    (net(x)[0] * torch.tensor(feeds["v"])).sum().backward()
    np.testing.assert_allclose(grads["x"], x.grad, rtol=0, atol=1e-10)
    for layer, suffix in enumerate(("", "2")[:layers]):
        for ours, theirs in (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih")):
            wanted = getattr(net, f"{theirs}_l{layer}").grad.numpy()
            joined = np.concatenate([grads[f"{ours}_{gate}{suffix}"].T for gate in "ifco"])
            np.testing.assert_allclose(joined, wanted, rtol=0, atol=1e-10)
    gradients = gl.compile(graph)(feeds)[1]
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, grads[name], rtol=0, atol=1e-10)


def test_tagging_losses_at_every_step_against_torch() -> None:
    text = "\n".join([*RNN.split("\n")[:2], "y_t = softmax(h_t V + c)", "loss = mean(CrossEntropy(y_true_t, y_t))"])
    graph = gl.parse(text, sizes=SIZES)
    feeds = drawn(graph) | {"y_true": np.eye(2)[[0, 1, 1]]}
    values = gl.forward(graph, feeds)
    tensors = {name: torch.tensor(value, requires_grad=True) for name, value in feeds.items()}
    h, losses = torch.zeros(3, dtype=torch.float64), []
    for x, y_true in zip(tensors["x"], tensors["y_true"], strict=True):
        h = torch.tanh(x @ tensors["W"] + h @ tensors["U"] + tensors["b"])
        losses.append(-(y_true * torch.log_softmax(h @ tensors["V"] + tensors["c"], -1)).sum())
    loss = sum(losses) / 3
    loss.backward()
    np.testing.assert_allclose(values["loss"], loss.item(), atol=1e-12)
    grads = gl.backward(graph, values)
    for name, tensor in tensors.items():
        np.testing.assert_allclose(grads[name], tensor.grad, rtol=0, atol=1e-10)
    assert gl.check_gradients(graph, feeds).worst < 1e-7
    np.testing.assert_allclose(gl.compile(graph, wrt=["x", "V"])(feeds)[1]["x"], grads["x"], atol=1e-12)


def test_the_maximum_over_time_of_each_element_against_torch() -> None:
    """Kim's pooling over the states of an RNN: each element of m comes from the step that has the largest one."""
    text = "\n".join([*RNN.split("\n")[:2], "m = max(h_t, axis=0)", "loss = sum(m ⊙ v)"])
    graph = gl.parse(text, sizes=SIZES)
    assert (graph.producer["m"].op.name, graph.producer["m"].inputs) == ("largest", ("h_1", "h_2", "h_3"))
    feeds = drawn(graph)
    values = gl.forward(graph, feeds)
    grads = gl.backward(graph, values)
    tensors = {name: torch.tensor(array, requires_grad=True) for name, array in feeds.items()}
    h, states = torch.zeros(3, dtype=torch.float64), []
    for x in tensors["x"]:
        h = torch.tanh(x @ tensors["W"] + h @ tensors["U"] + tensors["b"])
        states.append(h)
    torch.amax(torch.stack(states), dim=0).dot(tensors["v"]).backward()
    for name, tensor in tensors.items():
        np.testing.assert_allclose(grads[name], tensor.grad, rtol=0, atol=1e-12)


def test_the_largest_element_of_all_steps_takes_the_whole_gradient_and_a_tie_shares_it() -> None:
    graph = gl.parse("loss = max(x_t)", shapes={"x": (3, 2)})
    values = gl.forward(graph, {"x": np.array([[0.5, 2.0], [-1.0, 0.0], [2.0, 1.0]])})
    assert values["loss"] == 2
    assert gl.backward(graph, values)["x"].tolist() == [[0, 0.5], [0, 0], [0.5, 0]]


def test_the_padded_part_of_a_minibatch_gets_exactly_nothing() -> None:
    """The lecture's row G4: what stands behind the true length of a sequence."""
    text = "\n".join(
        [*RNN.split("\n")[:2], "y = softmax(last(h_t, lengths) V + c)", "loss = mean(CrossEntropy(y_true, y))"]
    )
    shapes = {"x": ("T", "B", "D"), "y_true": ("B", "K"), "b": ("H",), "c": ("K",)}
    graph = gl.parse(text, shapes=shapes, sizes=SIZES | {"B": 3}, kinds={"lengths": "input"})
    feeds = drawn(graph) | {"lengths": np.array([3.0, 1.0, 2.0]), "y_true": np.eye(2)[[0, 1, 0]]}
    grads = gl.backward(graph, gl.forward(graph, feeds))
    for b, length in enumerate((3, 1, 2)):
        assert (grads["x"][length:, b] == 0).all()
        assert (grads["x"][:length, b] != 0).all()
    assert gl.check_gradients(graph, feeds).get("W", 0) < 1e-7
    loss, _ = gl.compile(graph)(feeds)
    shorter = feeds | {"x": feeds["x"].copy()}
    shorter["x"][1:, 1] = 1e3
    np.testing.assert_array_equal(gl.compile(graph)(shorter)[0], loss)


def test_jacobians_through_time() -> None:
    """The lecture's row G5: one step is diag(f'(.)) U^T, and many steps are their product."""
    graph = gl.parse("\n".join(RNN.split("\n")[:2]), sizes=SIZES)
    feeds = drawn(graph)
    values = gl.forward(graph, feeds)
    steps = [np.diag(1 - values[f"h_{t}"] ** 2) @ feeds["U"].T for t in (2, 3)]
    np.testing.assert_allclose(gl.jacobian(graph, values, of="h_2", by="h_1"), steps[0], atol=1e-12)
    np.testing.assert_allclose(gl.jacobian(graph, values, of="h_3", by="h_1"), steps[1] @ steps[0], atol=1e-12)
    assert gl.jacobian(graph, values, of="h_3", by="x").shape == (3, 3, 4)
