"""One object through the slides' perceptron, forward and backward: where every operation is overhead."""

from __future__ import annotations

from collections.abc import Iterator

import graphlab as gl

from .measure import Figure, compare, use_threads


def figures() -> Iterator[Figure]:
    """The compiled plan against torch eager writing the same operations, D = 4, H = 3, float64."""
    import torch

    use_threads()
    scenario = gl.scenario("mlp", sizes={"D": 4, "H": 3})
    feeds = scenario.feeds(1)
    plan = gl.compile(scenario.graph)
    there = {name: torch.tensor(value, dtype=torch.float64) for name, value in feeds.items()}
    x, t = there["x"], there["y_true"]
    parameters = W_1, b_1, w_2, b_2 = [there[n].requires_grad_() for n in ("W_1", "b_1", "w_2", "b_2")]

    def eager() -> torch.Tensor:
        h = torch.tanh(x @ W_1 + b_1)
        y = torch.sigmoid(h @ w_2 + b_2)
        loss = -(t * torch.log(y) + (1 - t) * torch.log(1 - y))
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss

    assert abs(float(plan(feeds)[0]) - eager().item()) < 1e-12
    yield compare(
        "MLP, one object (D=4, H=3), float64, a step", lambda: plan(feeds), eager, limit=0.25, rounds=41, calls=200
    )
