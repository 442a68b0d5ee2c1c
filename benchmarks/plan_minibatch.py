"""A minibatch through a perceptron of a usual size, forward and backward: where the products decide."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import graphlab as gl

from .measure import Figure, compare, use_threads

N, D, H, C = 256, 784, 512, 10

EQUATIONS = """
h = tanh(X W_1 + b_1)
y = softmax(h W_2 + b_2)
loss = mean(CrossEntropy(Y, y))
"""
SHAPES = {"X": (N, D), "W_1": (D, H), "b_1": (H,), "W_2": (H, C), "b_2": (C,), "Y": (N, C)}
KINDS = {"X": "input", "Y": "input"}


def figures() -> Iterator[Figure]:
    """The compiled plan against torch eager, 256 objects, 784 × 512 × 10, softmax cross-entropy, float32."""
    import torch

    use_threads()
    rng = np.random.default_rng(1)
    feeds = {name: (0.05 * rng.normal(size=shape)).astype(np.float32) for name, shape in SHAPES.items()}
    feeds["Y"] = np.eye(C, dtype=np.float32)[rng.integers(0, C, N)]
    plan = gl.compile(gl.parse(EQUATIONS, shapes=SHAPES, kinds=KINDS))
    there = {name: torch.tensor(value) for name, value in feeds.items()}
    X, Y = there["X"], there["Y"]
    parameters = W_1, b_1, W_2, b_2 = [there[n].requires_grad_() for n in ("W_1", "b_1", "W_2", "b_2")]

    def backward(loss: torch.Tensor) -> torch.Tensor:
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss

    def eager() -> torch.Tensor:
        y = torch.softmax(torch.tanh(X @ W_1 + b_1) @ W_2 + b_2, -1)
        return backward(-(Y * torch.log(y)).sum(-1).mean())

    def merged() -> torch.Tensor:
        scores = torch.addmm(b_2, torch.tanh(torch.addmm(b_1, X, W_1)), W_2)
        return backward(torch.nn.functional.cross_entropy(scores, Y))

    def ours() -> object:
        return plan(feeds)

    assert abs(float(ours()[0]) - eager().item()) < 1e-4
    name = f"MLP, minibatch {N}×{D}, {H}, {C}, float32"
    yield compare(name, ours, eager, limit=1.15, rounds=15, calls=15, rest=0.08)
    yield compare("MLP, the same; torch's merged calls", ours, merged, limit=1.15, rounds=15, calls=15, rest=0.08)
