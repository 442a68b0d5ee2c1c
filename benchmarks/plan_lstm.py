"""A minibatch through the slides' LSTM, 50 steps, gate by gate, forward and backward: time, and memory.

The memory of each side is measured in a process of its own: `python -m benchmarks.plan_lstm ours`, or `theirs`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np

import graphlab as gl

from .measure import Figure, compare, use_threads

T, B, D, H = 50, 64, 128, 256

EQUATIONS = """
h_0 = 0
c_0 = 0
f_t = sigma(x_t W_f + h_{t-1} U_f + b_f)
i_t = sigma(x_t W_i + h_{t-1} U_i + b_i)
c~_t = tanh(x_t W_c + h_{t-1} U_c + b_c)
o_t = sigma(x_t W_o + h_{t-1} U_o + b_o)
c_t = f_t ⊙ c_{t-1} + i_t ⊙ c~_t
h_t = o_t ⊙ tanh(c_t)
loss = mean(h_T)
"""
GATES = "fico"
PARAMETERS = [f"{kind}_{gate}" for gate in GATES for kind in "WUb"]
SHAPES = {"x": (T, B, D)} | {n: {"W": (D, H), "U": (H, H), "b": (H,)}[n[0]] for n in PARAMETERS}


def _feeds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    return {name: (0.1 * rng.normal(size=shape)).astype(np.float32) for name, shape in SHAPES.items()}


def _plan(steps: int = T) -> gl.Plan:
    return gl.compile(gl.parse(EQUATIONS, shapes=SHAPES | {"x": ("T", B, D)}, sizes={"T": steps}))


def _eager(feeds: dict[str, np.ndarray]) -> tuple[Callable[..., object], list]:
    """The same in torch, operation by operation, and its parameters."""
    import torch

    use_threads()
    there = {name: torch.tensor(value) for name, value in feeds.items()}
    x = there["x"]
    parameters = [there[name].requires_grad_() for name in PARAMETERS]
    W_f, U_f, b_f, W_i, U_i, b_i, W_c, U_c, b_c, W_o, U_o, b_o = parameters
    start = torch.zeros(B, H)

    def eager(steps: int = T) -> torch.Tensor:
        h = c = start
        for t in range(steps):
            f = torch.sigmoid(x[t] @ W_f + h @ U_f + b_f)
            i = torch.sigmoid(x[t] @ W_i + h @ U_i + b_i)
            new = torch.tanh(x[t] @ W_c + h @ U_c + b_c)
            o = torch.sigmoid(x[t] @ W_o + h @ U_o + b_o)
            c = f * c + i * new
            h = o * torch.tanh(c)
        loss = h.mean()
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss

    return eager, parameters


def figures() -> Iterator[Figure]:
    """The compiled plan against torch eager writing the same operations, T = 50, B = 64, D = 128, H = 256, float32."""
    feeds = _feeds()
    plan = _plan()
    eager, parameters = _eager(feeds)
    loss, gradients = plan(feeds)
    assert abs(float(loss) - eager().item()) < 1e-6
    for name, parameter in zip(PARAMETERS, parameters, strict=True):
        assert np.allclose(gradients[name], parameter.grad.numpy(), rtol=1e-3, atol=1e-6)
    name = f"LSTM, minibatch (T={T}, B={B}, D={D}, H={H}), float32"
    yield compare(name, lambda: plan(feeds), eager, limit=1.15, rounds=15, calls=3, rest=0.08)
    ours, theirs = (float(_child(side)) for side in ("ours", "theirs"))
    yield Figure("LSTM, the same; growth of the process", ours, theirs, ours / theirs, limit=1, unit="B")


def _child(side: str) -> str:
    """What a fresh process says of its memory."""
    command = [sys.executable, "-m", f"{__package__}.plan_lstm", side]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _memory(what: str) -> int:
    """The resident memory of this process in bytes: VmRSS now, VmHWM at most so far."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) * 1024


def _growth(side: str) -> int:
    """By how many bytes the process grows at most from two time steps, which load all libraries, to three whole calls."""
    feeds = _feeds()
    if side == "ours":
        _plan(2)({**feeds, "x": feeds["x"][:2]})
        before = _memory("VmRSS")
        run = partial(_plan(), feeds)
    else:
        run, _ = _eager(feeds)
        run(2)
        before = _memory("VmRSS")
    for _ in range(3):
        run()
    return _memory("VmHWM") - before


if __name__ == "__main__":
    print(_growth(sys.argv[1]))
