"""A folded time step is one step of the player's walk."""

from __future__ import annotations

import json

import numpy as np
import torch

import graphlab as gl
from graphlab.diagram import FOLDINGS, Folding, draw
from graphlab.explain import width
from graphlab.explain.folded_step import box_jacobian, folded_steps, jacobian_pairs
from graphlab.folding.boxes import boxes
from graphlab.folding.chosen import clicked, folding_of
from graphlab.player.payload import payload


def test_a_folded_time_step_is_one_step_with_what_flows_in_and_out():
    w = gl.scenario("lstm").walk(0)
    closed = payload(w, title="LSTM", stem="lstm", folding=Folding.fold_all(w.graph))
    steps = closed["steps"]
    assert [s["index"] for s in steps] == list(range(1, len(steps) + 1))
    assert [s["operation"] for s in steps[:3]] == ["t=1", "t=2", "t=3"]
    assert {"x_2", "h_1", "c_1"} <= set(steps[1]["inputs"])
    assert set(steps[1]["outputs"]) == {"h_2", "c_2"}
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


def box_of(walk, name):
    return next(b for b in boxes(walk.graph, Folding.fold_all(walk.graph)) if b.name == name)


def test_the_jacobian_of_a_folded_rnn_step_is_torchs():
    w = gl.scenario("rnn").walk(0)
    assert jacobian_pairs(w.graph, box_of(w, "t=2")) == [("h_2", "h_1")]
    v = {name: torch.tensor(value, dtype=torch.float64) for name, value in w.values.items()}
    expected = torch.autograd.functional.jacobian(
        lambda h: torch.tanh(v["x_2"] @ v["W"] + h @ v["U"] + v["b"]), v["h_1"]
    )
    np.testing.assert_allclose(box_jacobian(w, box_of(w, "t=2"), "h_2", "h_1"), expected, atol=1e-12)
    np.testing.assert_allclose(expected, gl.jacobian(w.graph, w.values, of="h_2", by="h_1"), atol=1e-12)


def test_along_the_memory_of_a_folded_lstm_step_the_jacobian_is_the_forget_gate():
    w = gl.scenario("lstm").walk(0)
    assert set(jacobian_pairs(w.graph, box_of(w, "t=2"))) == {("c_2", "c_1"), ("h_2", "h_1")}
    # Along the box alone: in the whole graph c_1 reaches c_2 through h_1 as well.
    np.testing.assert_allclose(box_jacobian(w, box_of(w, "t=2"), "c_2", "c_1"), np.diag(w.values["f_2"]), atol=1e-12)
    assert not np.allclose(gl.jacobian(w.graph, w.values, of="c_2", by="c_1"), np.diag(w.values["f_2"]))


def test_a_folded_step_says_its_jacobian_and_of_a_large_one_only_the_shape():
    steps = payload(gl.scenario("rnn").walk(0), title="RNN", stem="rnn", folding=fold_all("rnn"))["steps"]
    last = next(s for s in steps if s["operation"] == "t=3" and s["phase"] == "backward")
    assert "∂h_3/∂h_2" in last["sentence"]
    assert "<mtable" in last["numbers"]
    large = gl.scenario("rnn", sizes={"H": 8}).walk(0)
    assert box_jacobian(large, box_of(large, "t=2"), "h_2", "h_1").shape == (8, 8)
    batch = gl.scenario("rnn-minibatch-padded").walk(0)
    size = batch.graph.vertices["h_2"].size
    found = box_jacobian(batch, box_of(batch, "t=2"), "h_2", "h_1")
    assert found is None if size**2 > 64 else found.shape == (size, size)


def fold_all(name):
    return Folding.fold_all(gl.scenario(name).graph)


def test_a_click_opens_what_is_folded_and_folds_what_is_open():
    graph = gl.scenario("lstm").graph
    opened, closed = clicked(folding_of(graph, "folded"), "t=2", (), ())
    assert (opened, closed) == (("t=2",), ())
    assert "t=2" not in folding_of(graph, "folded", opened, closed).closed
    assert clicked(folding_of(graph, "folded", opened, closed), "t=2", opened, closed) == ((), ("t=2",))


def test_what_was_clicked_falls_away_where_the_cluster_is_gone():
    short = gl.scenario("lstm", sizes={"T": 1}).graph
    assert folding_of(short, "open", (), ("t=1", "t=3")).closed == {"t=1"}


def test_of_a_box_that_much_flows_through_the_first_are_told_and_how_many_there_are_besides():
    walk = gl.scenario("sentiment-lstm").walk()
    folding = FOLDINGS["folded"](walk.graph)
    said = folded_steps(walk, folding, draw(walk, folding=folding).folded, "en")
    last = said[max(said)]
    assert "and 18 more. On the way" in last.sentence
    assert last.numbers.endswith(r"\dots")
    assert width(last.numbers) < 36
    assert width(last.symbols) < 36
