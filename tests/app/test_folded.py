"""A folded time step is one step of the player's walk."""

from __future__ import annotations

import json

import numpy as np

import graphlab as gl
from graphlab.app.payload import payload
from graphlab.diagram import Folding


def test_a_folded_time_step_is_one_step_with_what_flows_in_and_out():
    w = gl.scenario("lstm").walk(0)
    closed = payload(w, title="LSTM", stem="lstm", folding=Folding.fold_all(w.graph))
    steps = closed["steps"]
    assert [s["index"] for s in steps] == list(range(1, len(steps) + 1))
    assert [s["operation"] for s in steps[:3]] == ["t=1", "t=2", "t=3"]
    assert {"x_2", "h_1", "c_1"} <= set(steps[1]["inputs"])
    assert steps[-1]["operation"] == "t=1"
    assert {"W_f", "b_o"} <= set(steps[-1]["targets"])
    assert "<math" in steps[1]["formula"]
    assert "<math" in steps[-1]["numbers"]
    assert f'data-forward="{len(steps)}"' not in closed["svg"]


def test_gates_fold_by_themselves():
    w = gl.scenario("lstm").walk(0)
    steps = payload(w, title="LSTM", stem="lstm", folding=Folding.equations(w.graph))["steps"]
    assert [s["operation"] for s in steps[:6]] == ["t=1/f", "t=1/i", "t=1/c~", "t=1/o", "t=1/c", "t=1/h"]


def test_nothing_is_folded_unless_asked_for_in_a_small_graph():
    w = gl.scenario("lstm").walk(0)
    assert len(payload(w, title="LSTM", stem="lstm")["steps"]) == len(w)


def test_a_graph_of_a_hundred_time_steps_is_folded_and_its_walk_stays_small():
    text = gl.scenario("lstm").graph.text
    shapes = {"x": ("T", "D"), "V": ("H", "C"), "d": ("C",), "y_true": ("C",)}
    for n in "fico":
        shapes |= {f"W_{n}": ("D", "H"), f"U_{n}": ("H", "H"), f"b_{n}": ("H",)}
    graph = gl.parse(text, shapes=shapes, sizes={"T": 100, "D": 2, "H": 2, "C": 2})

    draw = np.random.default_rng(0)
    feeds = {"x": draw.normal(size=(100, 2)), "y_true": np.array([1.0, 0.0])}
    feeds |= {name: draw.normal(size=graph.vertices[name].shape) for name in graph.fed if name not in feeds}
    w = gl.trace(graph, feeds, wrt=graph.names("parameter"))
    sent = payload(w, title="LSTM", stem="lstm", folding=Folding.default(graph))
    assert len(json.dumps(sent, ensure_ascii=False).encode()) < 5_000_000
    assert len(sent["steps"]) < 400
