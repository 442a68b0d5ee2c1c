"""The scenarios of further reading as one would write them in torch: {scenario: model}, a model takes tensors by name."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.nn import functional as F  # noqa: N812 - its usual name

Tensors = dict[str, torch.Tensor]


def _classified(state: torch.Tensor, p: Tensors) -> torch.Tensor:
    return F.cross_entropy((state @ p["V"] + p["d"])[None], p["y_true"].argmax()[None])


def gru(p: Tensors) -> torch.Tensor:
    h = torch.zeros_like(p["b_z"])
    for x in p["x"]:
        z = torch.sigmoid(x @ p["W_z"] + h @ p["U_z"] + p["b_z"])
        r = torch.sigmoid(x @ p["W_r"] + h @ p["U_r"] + p["b_r"])
        new = torch.tanh(x @ p["W_h"] + (r * h) @ p["U_h"] + p["b_h"])
        h = torch.lerp(h, new, z)
    return _classified(h, p)


def peepholes(p: Tensors) -> torch.Tensor:
    h = c = torch.zeros_like(p["b_f"])
    for x in p["x"]:
        f, i = (torch.sigmoid(x @ p[f"W_{g}"] + h @ p[f"U_{g}"] + p[f"v_{g}"] * c + p[f"b_{g}"]) for g in ("f", "i"))
        c = f * c + i * torch.tanh(x @ p["W_c"] + h @ p["U_c"] + p["b_c"])
        h = torch.sigmoid(x @ p["W_o"] + h @ p["U_o"] + p["v_o"] * c + p["b_o"]) * torch.tanh(c)
    return _classified(h, p)


def _elman(p: Tensors, x: torch.Tensor, w: str, u: str, b: torch.Tensor | None = None) -> list[torch.Tensor]:
    states = [torch.zeros(p[u].shape[0], dtype=x.dtype)]
    for row in x:
        states.append(torch.tanh(row @ p[w] + states[-1] @ p[u] + (0 if b is None else b)))
    return states[1:]


def deep(p: Tensors) -> torch.Tensor:
    below = torch.stack(_elman(p, p["x"], "W^[1]", "U^[1]", p["b^[1]"]))
    return _classified(_elman(p, below, "W^[2]", "U^[2]", p["b^[2]"])[-1], p)


def bidirectional(p: Tensors) -> torch.Tensor:
    forward = torch.stack(_elman(p, p["x"], "W_f", "U_f"))
    backward = torch.stack(_elman(p, p["x"].flip(0), "W_b", "U_b")).flip(0)
    return _classified(torch.cat([forward[-1], backward[0]]), p)


def bahdanau(p: Tensors) -> torch.Tensor:
    encoded = torch.stack(_elman(p, p["x"], "W", "U"))
    s, loss = encoded[-1], torch.zeros((), dtype=torch.float64)
    for target in p["y_true"]:
        weights = F.softmax(torch.tanh(s @ p["W_a"] + encoded @ p["U_a"]) @ p["v_a"], 0)
        s = torch.tanh(target @ p["V"] + s @ p["R"] + (weights @ encoded) @ p["C"])
        loss = loss + F.mse_loss(s, target, reduction="sum")
    return loss


def luong(p: Tensors) -> torch.Tensor:
    encoded = torch.stack(_elman(p, p["x"], "W", "U"))
    s, loss = encoded[-1], torch.zeros((), dtype=torch.float64)
    for target in p["y_true"]:
        s = torch.tanh(target @ p["V"] + s @ p["R"])
        context = F.softmax(encoded @ (s @ p["W_a"]), 0) @ encoded
        loss = loss + F.mse_loss(torch.tanh(torch.cat([context, s]) @ p["W_c"]), target, reduction="sum")
    return loss


def transformer_block(p: Tensors) -> torch.Tensor:
    x, d = p["X"], p["X"].shape[-1:]
    heads = [
        F.scaled_dot_product_attention(
            *(x @ p[f"W^[{a}]_{i}"] for a in "QKV"), scale=float(1 / p["d_k"].detach().sqrt())
        )
        for i in (1, 2)
    ]
    z = F.layer_norm(x + torch.cat(heads, -1) @ p["W^[O]"], d, p["γ_1"], p["β_1"])
    y = F.layer_norm(z + F.relu(z @ p["W_1"] + p["b_1"]) @ p["W_2"] + p["b_2"], d, p["γ_2"], p["β_2"])
    return F.mse_loss(y, p["Y_true"])


def batch_norm(p: Tensors) -> torch.Tensor:
    y = F.batch_norm(p["X"], None, None, p["γ"], p["β"], training=True, eps=p["ε"].item())
    return F.mse_loss(y, p["Y_true"])


def vae(p: Tensors) -> torch.Tensor:
    mean, log_variance = p["x"] @ p["W_μ"] + p["b_μ"], p["x"] @ p["W_s"] + p["b_s"]
    code = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    z = mean + code.scale * p["ε"]
    kl = torch.distributions.kl_divergence(code, torch.distributions.Normal(torch.zeros_like(mean), 1.0)).sum()
    return F.mse_loss(z @ p["V"] + p["d"], p["x"], reduction="sum") + kl


def convnet(p: Tensors) -> torch.Tensor:
    pooled = F.max_pool2d(F.relu(F.conv2d(p["X"][None], p["F"])), 2).flatten(1)
    return F.cross_entropy(pooled @ p["W"] + p["b"], p["y_true"].argmax()[None])


MODELS: dict[str, Callable[[Tensors], torch.Tensor]] = {
    "scalars": lambda p: (p["x"] + p["y"]) * p["z"],
    "softmax-spelled-out": lambda p: F.cross_entropy((p["x"] @ p["W"] + p["b"])[None], p["q"].argmax()[None]),
    "batch-norm-spelled-out": batch_norm,
    "hinge": lambda p: F.relu(1 - p["q"] * (p["x"] @ p["w"] + p["b"])) + p["λ"] / 2 * p["w"].pow(2).sum(),
    "normal-equations": lambda p: (
        (p["X"] @ torch.linalg.solve(p["X"].T @ p["X"], p["X"].T @ p["y"]) - p["y"]).pow(2).sum()
    ),
    "linear-regression": lambda p: F.mse_loss(p["X"] @ p["w"] + p["b"], p["y"]),
    "gru": gru,
    "lstm-peephole": peepholes,
    "deep-rnn": deep,
    "bidirectional-rnn": bidirectional,
    "bahdanau": bahdanau,
    "luong": luong,
    "transformer-block": transformer_block,
    "swiglu": lambda p: F.mse_loss((F.silu(p["x"] @ p["W"]) * (p["x"] @ p["V"])) @ p["W_2"] + p["x"], p["y_true"]),
    "word2vec": lambda p: -F.logsigmoid(p["u_o"] @ p["v_c"]) - F.logsigmoid(-(p["u"] @ p["v_c"])).sum(),
    "vae": vae,
    "convnet": convnet,
    "triplet": lambda p: F.relu(
        F.mse_loss(p["A"] @ p["W"], p["P"] @ p["W"], reduction="sum")
        - F.mse_loss(p["A"] @ p["W"], p["N"] @ p["W"], reduction="sum")
        + p["m"]
    ),
}
