"""The slides' LSTM on a GPU, forward and backward, 200 steps: by device events, against torch eager and nn.LSTM."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator

import numpy as np

import graphlab as gl
from graphlab import arrays

from .measure import Figure
from .plan_lstm import EQUATIONS, GATES, PARAMETERS

T, B, D, H = 200, 64, 128, 512
ROUNDS, CALLS = 15, 3
SHAPES = {"x": (T, B, D)} | {n: {"W": (D, H), "U": (H, H), "b": (H,)}[n[0]] for n in PARAMETERS}


def missing() -> str:
    """Why this can not be measured here, in plain words; "" where it can."""
    try:
        arrays.namespace("gpu")
    except gl.GraphlabError as e:
        return str(e)
    import torch

    return "" if torch.cuda.is_available() else "torch has no CUDA here: its CPU build was installed"


def figures() -> Iterator[Figure]:
    """The plan against torch eager, gate by gate, and against cuDNN; float32. Nothing where there is no GPU."""
    if reason := missing():
        print(f"gpu_lstm: not measured: {reason}", flush=True)
        return
    import torch

    rng = np.random.default_rng(1)
    feeds = {name: (0.1 * rng.normal(size=shape)).astype(np.float32) for name, shape in SHAPES.items()}
    plan = gl.compile(gl.parse(EQUATIONS, shapes=SHAPES | {"x": ("T", B, D)}, sizes={"T": T}), device="gpu")
    xp = arrays.namespace("gpu")
    there = {name: xp.asarray(value) for name, value in feeds.items()}
    eager, parameters = _eager(torch, feeds)
    loss, gradients = plan(there)
    assert abs(float(arrays.to_host(loss)) - eager().item()) < 1e-5
    for name, parameter in zip(PARAMETERS, parameters, strict=True):
        ours, theirs = arrays.to_host(gradients[name]), parameter.grad.cpu().numpy()
        assert np.abs(ours - theirs).max() <= 1e-3 * np.abs(theirs).max()
    name = f"LSTM on a GPU (T={T}, B={B}, D={D}, H={H}), float32"
    yield _compare(name, lambda: plan(there), eager, _time_cupy(xp), _time_torch(torch), limit=0.4)
    cudnn = _cudnn(torch, feeds)
    yield _compare("LSTM, the same; nn.LSTM (cuDNN)", lambda: plan(there), cudnn, _time_cupy(xp), _time_torch(torch))


def _eager(torch, feeds: dict[str, np.ndarray]) -> tuple[Callable[[], object], list]:
    """The same in torch on the GPU, operation by operation, and its parameters."""
    there = {name: torch.tensor(value, device="cuda") for name, value in feeds.items()}
    x = there["x"]
    parameters = [there[name].requires_grad_() for name in PARAMETERS]
    start = torch.zeros(B, H, device="cuda")

    def affine(step: object, h: object, gate: str) -> object:
        return step @ there[f"W_{gate}"] + h @ there[f"U_{gate}"] + there[f"b_{gate}"]

    def eager() -> object:
        h = c = start
        for step in x:
            f, i, o = (torch.sigmoid(affine(step, h, gate)) for gate in "fio")
            c = f * c + i * torch.tanh(affine(step, h, "c"))
            h = o * torch.tanh(c)
        loss = h.mean()
        for parameter in parameters:
            parameter.grad = None
        loss.backward()
        return loss

    return eager, parameters


def _cudnn(torch, feeds: dict[str, np.ndarray]) -> Callable[[], object]:
    """`nn.LSTM` of the same size; its numbers do not matter to its time."""
    assert set(GATES) == set("fico")
    layer = torch.nn.LSTM(D, H).cuda()
    x = torch.tensor(feeds["x"], device="cuda")

    def run() -> object:
        layer.zero_grad(set_to_none=True)
        loss = layer(x)[0][-1].mean()
        loss.backward()
        return loss

    return run


Timer = Callable[[Callable[[], object]], float]


def _time_cupy(xp) -> Timer:
    def seconds(run: Callable[[], object]) -> float:
        begin, end = xp.cuda.Event(), xp.cuda.Event()
        begin.record()
        run()
        end.record()
        end.synchronize()
        return xp.cuda.get_elapsed_time(begin, end) / 1e3

    return seconds


def _time_torch(torch) -> Timer:
    def seconds(run: Callable[[], object]) -> float:
        begin, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        begin.record()
        run()
        end.record()
        end.synchronize()
        return begin.elapsed_time(end) / 1e3

    return seconds


def _compare(
    what: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    our_timer: Timer,
    their_timer: Timer,
    limit: float | None = None,
) -> Figure:
    """Both in turns; the median over the rounds of the ratio of neighbouring turns, each a median of some calls."""
    pairs = []
    for i in range(ROUNDS + 1):
        turn = {}
        for run, timer in ((ours, our_timer), (theirs, their_timer))[:: 1 if i % 2 else -1]:
            turn[run] = statistics.median(timer(run) for _ in range(CALLS))
        pairs.append((turn[ours], turn[theirs]))
    pairs = pairs[1:]  # the first compiles kernels
    return Figure(
        what,
        ours=statistics.median(a for a, _ in pairs),
        theirs=statistics.median(b for _, b in pairs),
        ratio=statistics.median(a / b for a, b in pairs),
        limit=limit,
    )
