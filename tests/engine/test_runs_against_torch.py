"""Networks with several runs through time against loops written out in torch, with their gradients."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
import torch
from torch import Tensor, tanh

import graphlab as gl

Tensors = Mapping[str, Tensor]

FORWARDS = "f_t = tanh(x_t W_f + f_{t-1} U_f)\nf_0 = 0\n"
BACKWARDS = "g_t = tanh(x_t W_g + g_{t+1} U_g)\ng_{T+1} = 0\n"
ENCODER = "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0\n"


def states(x: Tensor, w: Tensor, u: Tensor, start: Tensor | None = None) -> list[Tensor]:
    """The states of a plain RNN over the rows of x."""
    h, found = torch.zeros(u.shape[0], dtype=torch.float64) if start is None else start, []
    for row in x:
        h = tanh(row @ w + h @ u)
        found.append(h)
    return found


def reversed_states(x: Tensor, w: Tensor, u: Tensor) -> list[Tensor]:
    """The same from the last row to the first; the state of each row at its place."""
    return states(x.flip(0), w, u)[::-1]


def backwards(v: Tensors) -> Tensor:
    return (reversed_states(v["x"], v["W_g"], v["U_g"])[0] * v["v"]).sum()


def both_ends(v: Tensors) -> Tensor:
    f, g = states(v["x"], v["W_f"], v["U_f"]), reversed_states(v["x"], v["W_g"], v["U_g"])
    return torch.cat([f[-1], g[0]]) @ v["v"]


def tagging(v: Tensors) -> Tensor:
    f, g = states(v["x"], v["W_f"], v["U_f"]), reversed_states(v["x"], v["W_g"], v["U_g"])
    losses = [
        -(true * torch.log_softmax(torch.cat([a, b]) @ v["V"] + v["c"], -1)).sum()
        for a, b, true in zip(f, g, v["y_true"], strict=True)
    ]
    return torch.stack(losses).mean()


def two_layers(v: Tensors) -> Tensor:
    f, g = states(v["x"], v["W_f"], v["U_f"]), reversed_states(v["x"], v["W_g"], v["U_g"])
    h = torch.stack([torch.cat([a, b]) for a, b in zip(f, g, strict=True)])
    p, q = states(h, v["W_p"], v["U_p"]), reversed_states(h, v["W_q"], v["U_q"])
    return sum((a * b).sum() for a, b in zip(p, q, strict=True))  # type: ignore[return-value]


def forced(v: Tensors) -> Tensor:
    """Each step of the decoder is given the true word before."""
    s, losses = states(v["x"], v["W"], v["U"])[-1], []
    before = torch.zeros(v["y_true"].shape[1], dtype=torch.float64)
    for true in v["y_true"]:
        s = tanh(before @ v["E"] + s @ v["U_s"])
        losses.append(-(true * torch.log_softmax(s @ v["V"], -1)).sum())
        before = true
    return torch.stack(losses).sum()


def attention(v: Tensors) -> Tensor:
    """Additive attention of Bahdanau over all states of the encoder, at every step of the decoder."""
    keys = torch.stack(states(v["x"], v["W"], v["U"]))
    s, losses = keys[-1], []
    for true in v["y_true"]:
        scores = tanh(keys @ v["W_k"] + s @ v["W_q"]) @ v["w_v"]
        context = torch.softmax(scores, -1) @ keys
        s = tanh(context @ v["C"] + s @ v["U_s"])
        losses.append(((true - s @ v["V"]) ** 2).sum())
    return torch.stack(losses).mean()


def context_at_every_step(v: Tensors) -> Tensor:
    """Cho's decoder reads the last state of the encoder at every step."""
    last = states(v["x"], v["W"], v["U"])[-1]
    s, losses = torch.zeros_like(last), []
    for true in v["y_true"]:
        s = tanh(s @ v["U_s"] + last @ v["C"])
        losses.append(((true - s @ v["V"]) ** 2).sum())
    return torch.stack(losses).sum()


def started_with_a_sum(v: Tensors) -> Tensor:
    start = sum(states(v["x"], v["W"], v["U"]))
    return (states(v["x"], v["A"], v["B"], tanh(start))[-1] * v["v"]).sum()  # type: ignore[arg-type]


def deviations(v: Tensors) -> Tensor:
    """A sum over time that needs a mean over time."""
    h = torch.stack(states(v["x"], v["W"], v["U"]))
    return ((h - h.mean()) ** 2).sum()


def what_comes(v: Tensors) -> Tensor:
    """A step reads the next element of what is fed and of what was computed before."""
    h = states(v["x"], v["W"], v["U"])
    x, h = [*v["x"], torch.zeros_like(v["x"][0])], [*h, v["b"]]
    return sum(((x[t + 1] @ v["W"] - h[t + 1]) ** 2).sum() for t in range(len(v["x"])))  # type: ignore[return-value]


SHAPES = {"x": ("T", "D")} | dict.fromkeys(["W_f", "W_g", "A"], ("D", "H")) | {"U_s": ("H", "H")}

# A text, the same in torch, and shapes besides those above.
NETWORKS: dict[str, tuple[str, Callable[[Tensors], Tensor], dict[str, tuple[object, ...]]]] = {
    "backwards": (BACKWARDS + "loss = sum(g_1 ⊙ v)", backwards, {}),
    "both ends": (
        FORWARDS + BACKWARDS + "h = concat(f_T, g_1)\nloss = sum(h ⊙ v)", both_ends, {}
    ),
    "tagging": (
        FORWARDS + BACKWARDS + "h_t = concat(f_t, g_t)\ny_t = softmax(h_t V + c)\n"
        "loss_t = CrossEntropy(y_true_t, y_t)\nloss = mean(loss_t)",
        tagging, {"y_true": ("T", "K"), "V": (6, "K")},
    ),
    "tagging, its equations in another order": (
        "loss = mean(loss_t)\nloss_t = CrossEntropy(y_true_t, y_t)\ny_t = softmax(h_t V + c)\n"
        "h_t = concat(f_t, g_t)\n" + BACKWARDS + FORWARDS,
        tagging, {"y_true": ("T", "K"), "V": (6, "K")},
    ),
    "two layers": (
        FORWARDS + BACKWARDS + "h_t = concat(f_t, g_t)\np_t = tanh(h_t W_p + p_{t-1} U_p)\np_0 = 0\n"
        "q_t = tanh(h_t W_q + q_{t+1} U_q)\nq_{T+1} = 0\nloss = sum(p_t ⊙ q_t)",
        two_layers, {"W_p": (6, 3), "W_q": (6, 3)},
    ),
    "forced": (
        ENCODER + "s_0 = h_T\ny_true_0 = 0\ns_t = tanh(y_true_{t-1} E + s_{t-1} U_s)\ny_t = softmax(s_t V)\n"
        "l_t = CrossEntropy(y_true_t, y_t)\nloss = sum(l_t)",
        forced, {"y_true": ("S", "K")},
    ),
    "attention": (
        ENCODER + "K = stack(h_t)\ns_0 = h_T\ne_t = tanh(K W_k + s_{t-1} W_q) w_v\na_t = softmax(e_t)\n"
        "c_t = a_t K\ns_t = tanh(c_t C + s_{t-1} U_s)\nl_t = ‖y_true_t - s_t V‖^2\nloss = mean(l_t)",
        attention, {"y_true": ("S", "K"), "W_k": ("H", 5)},
    ),
    "context at every step": (
        ENCODER + "s_0 = 0\ns_t = tanh(s_{t-1} U_s + h_T C)\nloss = sum(‖y_true_t - s_t V‖^2)",
        context_at_every_step, {"y_true": ("S", "K")},
    ),
    "started with a sum": (
        "s_t = tanh(x_t A + s_{t-1} B)\ns_0 = tanh(c)\nc = sum(h_t, axis=0)\n" + ENCODER + "loss = sum(s_T ⊙ v)",
        started_with_a_sum, {},
    ),
    "deviations": (ENCODER + "m = mean(mean(h_t))\nd_t = ‖h_t - m‖^2\nloss = sum(d_t)", deviations, {}),
    "what comes": (
        ENCODER + "x_{T+1} = 0\nh_{T+1} = b\nloss = sum(‖x_{t+1} W - h_{t+1}‖^2)", what_comes, {}
    ),
}  # fmt: skip


@pytest.mark.parametrize("steps", [(3, 4), (1, 1), (4, 2)])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_the_loop_in_torch(name: str, steps: tuple[int, int]) -> None:
    text, loss_of, shapes = NETWORKS[name]
    sizes = {"T": steps[0], "D": 2, "H": 3, "K": 2} | ({"S": steps[1]} if "'S'" in str(shapes) else {})
    graph = gl.parse(text, shapes=SHAPES | shapes, sizes=sizes)
    rng = np.random.default_rng(3)
    feeds = {n: rng.normal(0, 0.7, graph.fed_shape(n)) for n in graph.fed}
    if "y_true" in feeds:
        feeds["y_true"] = np.eye(2)[rng.integers(0, 2, len(feeds["y_true"]))]
    values = gl.forward(graph, feeds)
    grads = gl.backward(graph, values)
    tensors = {n: torch.tensor(value, requires_grad=True) for n, value in feeds.items()}
    loss = loss_of(tensors)
    loss.backward()
    np.testing.assert_allclose(values["loss"], loss.item(), rtol=0, atol=1e-10)
    for n, tensor in tensors.items():
        if tensor.grad is not None:
            np.testing.assert_allclose(grads[n], tensor.grad, rtol=0, atol=1e-10, err_msg=n)
    again, gradients = gl.compile(graph)(feeds)
    np.testing.assert_allclose(again, values["loss"], rtol=0, atol=1e-10)
    for n, gradient in gradients.items():
        np.testing.assert_allclose(gradient, grads[n], rtol=0, atol=1e-10)


def test_a_bidirectional_lstm_is_torchs() -> None:
    def lstm(s: str, step: str, bound: str) -> str:
        return "\n".join(
            [f"{gate}{s}_t = {f}(x_t W_{gate}{s} + h{s}_{{{step}}} U_{gate}{s} + b_{gate}{s})"
             for gate, f in (("i", "sigma"), ("f", "sigma"), ("z", "tanh"), ("o", "sigma"))]
            + [f"c{s}_t = f{s}_t ⊙ c{s}_{{{step}}} + i{s}_t ⊙ z{s}_t", f"h{s}_t = o{s}_t ⊙ tanh(c{s}_t)",
               f"h{s}_{{{bound}}} = 0", f"c{s}_{{{bound}}} = 0\n"]
        )  # fmt: skip

    text = lstm("a", "t-1", "0") + lstm("b", "t+1", "T+1") + "h_t = concat(ha_t, hb_t)\nloss = sum(h_t ⊙ v)"
    shapes = {"x": ("T", "D"), "ha": ("T", "H"), "hb": ("T", "H"), "v": (6,)}
    graph = gl.parse(text, shapes=shapes, sizes={"T": 4, "D": 2, "H": 3})
    rng = np.random.default_rng(0)
    feeds = {n: rng.normal(0, 0.7, graph.fed_shape(n)) for n in graph.fed}
    grads = gl.backward(graph, gl.forward(graph, feeds))
    net = torch.nn.LSTM(2, 3, bidirectional=True, dtype=torch.float64)
    with torch.no_grad():
        for s, suffix in (("a", ""), ("b", "_reverse")):
            for ours, theirs in (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih")):
                joined = np.concatenate([feeds[f"{ours}_{gate}{s}"].T for gate in "ifzo"])
                getattr(net, f"{theirs}_l0{suffix}")[:] = torch.tensor(joined)
            getattr(net, f"bias_hh_l0{suffix}")[:] = 0
    x = torch.tensor(feeds["x"], requires_grad=True)
    (net(x)[0] * torch.tensor(feeds["v"])).sum().backward()
    np.testing.assert_allclose(grads["x"], x.grad, rtol=0, atol=1e-10)
    for s, suffix in (("a", ""), ("b", "_reverse")):
        for ours, theirs in (("W", "weight_ih"), ("U", "weight_hh"), ("b", "bias_ih")):
            joined = np.concatenate([grads[f"{ours}_{gate}{s}"].T for gate in "ifzo"])
            wanted = getattr(net, f"{theirs}_l0{suffix}").grad.numpy()
            np.testing.assert_allclose(joined, wanted, rtol=0, atol=1e-10)
