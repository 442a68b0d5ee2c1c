"""Recurrent networks against torch: the plan and the walk give its gradients, in float64."""

from __future__ import annotations

import numpy as np
import pytest

import graphlab as gl
from tests.engine.graphs import relative_error
from tests.engine.unrolled import Unrolled, lstm, rnn

torch = pytest.importorskip("torch")


def _rnn(b: Unrolled, p: dict) -> torch.Tensor:
    n = len(b.rows) and b.rows[0]
    model = torch.nn.RNN(p["x"].shape[-1], p["U_h"].shape[0]).double()
    names = {"weight_ih_l0": p["W_h"].T, "weight_hh_l0": p["U_h"].T, "bias_ih_l0": p["b_h"]}
    names["bias_hh_l0"] = torch.zeros_like(p["b_h"])
    x = p["x"] if n else p["x"][:, None]
    return torch.func.functional_call(model, names, (x,))[1].pow(2).sum()


def _lstm(b: Unrolled, p: dict) -> torch.Tensor:
    """torch's gates lie in the order i, f, c, o."""
    n = len(b.rows) and b.rows[0]
    layers = sum(name.startswith("U_f") for name in p)
    hidden = p["b_f0"].shape[0]
    model = torch.nn.LSTM(p["x"].shape[-1], hidden, num_layers=layers).double()
    names = {}
    for k in range(layers):
        names[f"weight_ih_l{k}"] = torch.cat([p[f"W_{g}{k}"].T for g in "ifco"])
        names[f"weight_hh_l{k}"] = torch.cat([p[f"U_{g}{k}"].T for g in "ifco"])
        names[f"bias_ih_l{k}"] = torch.cat([p[f"b_{g}{k}"] for g in "ifco"])
        names[f"bias_hh_l{k}"] = torch.zeros(4 * hidden, dtype=torch.float64)
    x = p["x"] if n else p["x"][:, None]
    return torch.func.functional_call(model, names, (x,))[1][0][-1].pow(2).sum()


CASES = {
    "RNN, one object": (lambda: rnn(12, None, 5, 4), _rnn),
    "RNN, rows": (lambda: rnn(9, 6, 5, 4), _rnn),
    "LSTM, one object": (lambda: lstm(8, None, 5, 4), _lstm),
    "LSTM, rows": (lambda: lstm(8, 6, 5, 4), _lstm),
    "LSTM, two layers": (lambda: lstm(6, 3, 5, 4, layers=2), _lstm),
}


@pytest.mark.parametrize("case", CASES)
def test_plan_and_walk_agree_with_torch(case):
    made, judge = CASES[case]
    b = made()
    graph = b.graph()
    there = {name: torch.tensor(value, requires_grad=True) for name, value in b.feeds.items()}
    wanted = judge(b, there)
    wanted.backward()
    values = gl.forward(graph, b.feeds)
    walked = gl.backward(graph, values)
    loss, planned = gl.compile(graph, wrt=graph.fed)(b.feeds)
    assert relative_error(loss, wanted.item()) < 1e-10
    assert relative_error(values["loss"], wanted.item()) < 1e-10
    for name, tensor in there.items():
        assert relative_error(walked[name], tensor.grad.numpy()) < 1e-10
        assert relative_error(planned[name], tensor.grad.numpy()) < 1e-10


def test_runs_of_a_long_sequence_give_what_one_product_gives(monkeypatch):
    """A run is what may be merged at once: short runs, in several sizes, change nothing but the rounding."""
    from graphlab.plan import rewrite

    b = lstm(7, 3, 4, 2, layers=2, every=True)
    graph = b.graph()
    wanted = {name: g.copy() for name, g in gl.compile(graph)(b.feeds)[1].items()}
    for limit in (1, 20, 50, 100):
        monkeypatch.setitem(rewrite.COSTS, "cpu", rewrite.Costs(call=1000, run=limit))
        for name, gradient in gl.compile(graph)(b.feeds)[1].items():
            assert relative_error(gradient, wanted[name]) < 1e-12
    assert all(np.isfinite(g).all() for g in wanted.values())
