"""Graphs through time: equal cells side by side, shared parameters once, references to them where there are many steps."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from geometry import faults

import graphlab as gl
from graphlab import diagram
from graphlab.diagram import Folding, svg
from graphlab.folding.boxes import boxes
from graphlab.folding.clusters import derive, within
from graphlab.graph import Block

RNN = "h_0 = 0\nh_t = tanh(x_t W + h_{t-1} U + b)\ny = softmax(h_T V + c)\nloss = CrossEntropy(y_true, y)"
GATE = "{g}_t = {f}(x_t W_{n} + h_{{t-1}} U_{n} + b_{n})\n"
LSTM = "h_0 = 0\nc_0 = 0\n" + "".join(
    GATE.format(g=g, f=f, n=g.rstrip("~")) for g, f in (("f", "σ"), ("i", "σ"), ("c~", "tanh"), ("o", "σ"))
)
LSTM += "c_t = f_t ⊙ c_{t-1} + i_t ⊙ c~_t\nh_t = o_t ⊙ tanh(c_t)\nloss = CrossEntropy(y_true, softmax(h_T V))"


def walk(text: str, steps: int = 3):
    shapes = {"x": ("T", "D"), "V": ("H", "C"), "c": ("C",), "b": ("H",), "W": ("D", "H"), "U": ("H", "H")}
    shapes |= {"y_true": ("C",)}
    for gate in "fico":
        shapes |= {f"W_{gate}": ("D", "H"), f"U_{gate}": ("H", "H"), f"b_{gate}": ("H",)}
    shapes = {name: shape for name, shape in shapes.items() if name in text}
    if "c_0" in text:
        del shapes["c"]
    g = gl.parse(text, shapes=shapes, sizes={"T": steps, "D": 2, "H": 3, "C": 2})
    draw = np.random.default_rng(0)
    feeds = {"x": draw.normal(size=(steps, 2)), "y_true": np.array([1.0, 0.0])}
    feeds |= {name: draw.normal(size=g.vertices[name].shape) for name in g.fed if name not in feeds}
    return gl.trace(g, feeds, of="loss", wrt=g.names("parameter"))


def unsound(picture):
    # Lanes turn corners, and a branch may lead to the left.
    return [fault for fault in faults(picture) if "turns back" not in fault]


@pytest.mark.parametrize("text", [RNN, LSTM], ids=["rnn", "lstm"])
@pytest.mark.parametrize("steps", [1, 2, 3, 6])
def test_nothing_covers_anything_else_through_time(text, steps):
    assert unsound(diagram.draw(walk(text, steps))) == []


@pytest.mark.parametrize("text", [RNN, LSTM], ids=["rnn", "lstm"])
def test_the_steps_are_exact_repetitions(text):
    picture = diagram.draw(walk(text, 4))
    frames = [f.box for f in picture.frames]
    assert [f.name for f in picture.frames] == ["t=1", "t=2", "t=3", "t=4"]
    pitch = frames[1].left - frames[0].left
    boxes = {v.name: v.box for v in picture.vertices}
    for name in ("h", "x"):
        places = [boxes[f"{name}_{t}"] for t in (1, 2, 3, 4)]
        assert len({box.top for box in places}) == 1
        assert [box.left - places[0].left for box in places] == pytest.approx([0, pitch, 2 * pitch, 3 * pitch])


def test_a_shared_parameter_stands_once_and_is_joined_to_every_step():
    picture = diagram.draw(walk(RNN, 3))
    assert [v.name for v in picture.vertices].count("W") == 1
    assert [e.target for e in picture.edges if e.source == "W"] == ["tmp_1", "tmp_5", "tmp_9"]
    assert not picture.references
    chips = next(v for v in picture.vertices if v.name == "W").gradients
    assert [(chip.part, chip.parts) for chip in chips] == [(1, 3), (2, 3), (3, 3)]


def test_beyond_a_few_steps_every_step_has_references():
    picture = diagram.draw(walk(RNN, 6))
    assert [v.name for v in picture.vertices].count("W") == 1
    assert [r.name for r in picture.references].count("W") == 6
    root = ET.fromstring(svg.page(picture))
    found = [e.get("data-for") for e in root.iter() if e.get("data-reference") == "W"]
    assert found == [e.key for e in picture.edges if e.source == "W"]


def test_every_vertex_and_operation_of_an_open_graph_is_drawn_once():
    w = walk(LSTM, 3)
    picture = diagram.draw(w, folding=Folding.open_all())
    assert sorted(v.name for v in picture.vertices) == sorted(
        n for n in w.graph.vertices if w.graph.consumers[n] or n in w.graph.producer
    )
    assert sorted(o.name for o in picture.operations) == sorted(o.output for o in w.graph.operations)
    slots = sum(len(o.inputs) + 1 for o in w.graph.operations)
    assert len({e.key for e in picture.edges}) == len(picture.edges) == slots


@pytest.mark.parametrize("folding", [Folding.fold_all, Folding.equations, Folding.default])
@pytest.mark.parametrize("text", [RNN, LSTM], ids=["rnn", "lstm"])
@pytest.mark.parametrize("steps", [2, 3, 6])
def test_nothing_covers_anything_else_where_clusters_are_folded(text, steps, folding):
    w = walk(text, steps)
    assert unsound(diagram.draw(w, folding=folding(w.graph))) == []


def test_a_folded_time_step_is_one_box_and_one_step_of_the_walk():
    w = walk(LSTM, 3)
    picture = diagram.draw(w, folding=Folding.fold_all(w.graph))
    folded = [o for o in picture.operations if o.folded]
    assert [o.name for o in folded] == ["t=1", "t=2", "t=3"]
    assert [o.forward for o in folded] == [1, 2, 3]
    last = len(w.graph.operations) - len(picture.operations) + 3
    assert picture.stops[:3] == (last // 3, 2 * last // 3, last)
    assert picture.stops[-1] == len(w)
    names = {v.name for v in picture.vertices}
    assert {"h_2", "c_2", "x_2", "W_f"} <= names
    assert not {"f_2", "tmp_1"} & names
    back = [o.backward for o in folded]
    assert back == sorted(back, reverse=True)


def test_a_folded_gate_keeps_what_flows_in_and_out():
    w = walk(LSTM, 3)
    picture = diagram.draw(w, folding=Folding.equations(w.graph))
    sources = {e.source for e in picture.edges if e.target == "t=2/f"}
    assert sources == {"x_2", "h_1", "W_f", "U_f", "b_f"}
    assert [e.target for e in picture.edges if e.source == "t=2/f"] == ["f_2"]


def test_the_gradient_of_a_folded_box_is_the_one_of_the_open_graph():
    w = walk(LSTM, 3)
    picture = diagram.draw(w, folding=Folding.fold_all(w.graph))
    shown = {v.name: v.gradients[-1].texts for v in picture.vertices if v.gradients}
    opened = {v.name: v.gradients[-1].texts for v in diagram.draw(w).vertices if v.gradients}
    for name in ("h_1", "c_2", "b_f"):
        assert [t.text for t in shown[name]] == [t.text for t in opened[name]]


def test_small_graphs_are_open_and_long_ones_folded_but_for_the_end():
    assert Folding.default(walk(RNN, 3).graph) == Folding()
    gates = Folding.default(walk(LSTM, 3).graph).closed
    assert "t=1/f" in gates
    assert "t=1" not in gates
    long = Folding.default(walk(RNN, 9).graph).closed
    assert long == {f"t={t}" for t in range(1, 8)}


@pytest.mark.parametrize("folding", ["open_all", "equations", "blocks", "fold_all", "default"])
@pytest.mark.parametrize("name", gl.scenarios())
def test_nothing_covers_anything_else_in_any_scenario_however_it_is_folded(name, folding):
    w = gl.scenario(name).walk(0)
    make = getattr(Folding, folding)
    closed = make() if folding == "open_all" else make(w.graph)
    assert unsound(diagram.draw(w, folding=closed)) == []


def test_without_time_every_equation_folds_into_one_box_and_one_step():
    w = gl.scenario("mlp").walk(0)
    picture = diagram.draw(w, folding=Folding.fold_all(w.graph))
    assert [(o.name, o.folded) for o in picture.operations] == [("h", True), ("y", True), ("loss", False)]
    assert {v.name for v in picture.vertices} == {"x", "W_1", "b_1", "h", "w_2", "b_2", "y", "y_true", "loss"}
    assert picture.stops[:3] == (3, 6, 7)


def test_named_blocks_are_clusters_with_their_title_and_all_that_leaves_them():
    text = "a = x W\nb = tanh(a)\nc = b ⊙ b\nloss = sum(b) + sum(c)"
    graph = gl.parse(text, shapes={"x": ("D",), "W": ("D", "H")}, sizes={"D": 2, "H": 2})
    graph = replace(
        graph, blocks={"layer": Block(("b", "c"), {"en": "layer 1", "ru": "слой 1"}), "torn": Block(("a", "c"))}
    )
    assert "torn" not in derive(graph)  # its equations do not follow one another
    box = next(box for box in boxes(graph, Folding(frozenset({"layer"})), "ru") if box.folded)
    assert (box.title, box.inputs, box.outputs) == ("слой 1", ("a",), ("b", "c"))


def test_clicks_stand_on_top_of_the_policy_and_fall_away_with_their_cluster():
    graph = walk(LSTM, 3).graph
    folding = Folding.fold_all(graph).clicked(graph, opened=["t=2"], closed=["t=9", "nonsense"])
    names = {box.name for box in boxes(graph, folding) if box.folded}
    assert names == {"t=1", "t=3", *(f"t=2/{g}" for g in ("f", "i", "c~", "o", "c", "h"))}


def test_an_operation_says_which_open_equation_or_block_is_around_it():
    w = walk(LSTM)
    picture = diagram.draw(w, folding=Folding(frozenset({"t=2/i"})), options=diagram.DrawOptions(lang="ru"))
    around = {o.name: (o.within, o.hint) for o in picture.operations}
    assert around["f_2"] == ("t=2/f", "двойной щелчок сворачивает f_2")
    assert around["t=2/i"] == ("", "")  # the time step has a caption of its own
    graph = replace(w.graph, blocks={"gates": Block(("f", "i"), {"en": "Gates"})})
    assert within(graph, "f_2").name == "t=2/f"
    assert within(graph, "t=2/f").name == "t=2/gates"
    assert within(graph, "t=2/gates") is None
