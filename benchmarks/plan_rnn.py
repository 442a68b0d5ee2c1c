"""One object through a recurrent network of 200 steps, forward and backward: 1,003 small operations, all overhead."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import graphlab as gl

from .measure import Figure, compare, use_threads

T, D, H = 200, 8, 8

EQUATIONS = """
h_0 = 0
h_t = tanh(x_t W + h_{t-1} U + b)
y = sigma(h_T w)
loss = BCE(y_true, y)
"""
SHAPES = {"x": ("T", D), "W": (D, H), "U": (H, H), "b": (H,), "w": (H,), "y_true": ()}
PARAMETERS = ("W", "U", "b", "w")


def figures() -> Iterator[Figure]:
    """The compiled plan against torch eager writing the same operations, T = 200, D = H = 8, float64."""
    import torch

    use_threads()
    rng = np.random.default_rng(1)
    shapes = {name: tuple(T if n == "T" else n for n in shape) for name, shape in SHAPES.items()}
    feeds = {name: 0.4 * rng.normal(size=shape) for name, shape in shapes.items()} | {"y_true": np.array(1.0)}
    graph = gl.parse(EQUATIONS, shapes=SHAPES, sizes={"T": T})
    assert len(graph.operations) == 5 * T + 3
    plan = gl.compile(graph)
    there = {name: torch.tensor(value) for name, value in feeds.items()}
    x, y_true = there["x"], there["y_true"]
    parameters = W, U, b, w = [there[name].requires_grad_() for name in PARAMETERS]
    start = torch.zeros(H, dtype=torch.float64)

    def eager() -> torch.Tensor:
        h = start
        for t in range(T):
            h = torch.tanh(x[t] @ W + h @ U + b)
        y = torch.sigmoid(h @ w)
        loss = -(y_true * torch.log(y) + (1 - y_true) * torch.log(1 - y))
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss

    loss, gradients = plan(feeds)
    assert abs(float(loss) - eager().item()) < 1e-12
    for name, parameter in zip(PARAMETERS, parameters, strict=True):
        assert np.allclose(gradients[name], parameter.grad.numpy(), rtol=1e-10, atol=1e-12)
    yield compare(
        f"RNN, one object (T={T}, D=H={H}), float64", lambda: plan(feeds), eager, limit=0.15, rounds=31, calls=10
    )
