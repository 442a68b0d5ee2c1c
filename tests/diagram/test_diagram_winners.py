"""Max over time passes one element of each column on: the picture and the sentence show which one."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np
import pytest

import graphlab as gl
from graphlab import diagram
from graphlab.diagram import svg
from graphlab.diagram.marks.still import Stills
from graphlab.explain import explain

SCENARIO = gl.scenario("text-cnn")  # C_2 is 3×2, its largest elements are in row 1 of column 1 and row 2 of column 2
WALK = SCENARIO.walk()
PICTURE = diagram.draw(WALK)
FORWARD, BACKWARD = 7, 21  # the steps of m_2 = max_over_time(C_2)


def vertex(picture, name):
    return next(v for v in picture.vertices if v.name == name)


def ringed(chip):
    """[(row, column)] of the elements with a ring, read off the places of the cells."""
    places = [cell.rect for cell in chip.cells] or [None]
    columns = len({place.left for place in places})
    return [divmod(places.index(ring), columns) for ring in chip.winners]


def walk_of(text, of="loss", **feeds):
    arrays = {name: np.array(numbers) for name, numbers in feeds.items()}
    return gl.trace(gl.parse(text, shapes={name: a.shape for name, a in arrays.items()}), arrays, of=of)


def test_the_winners_are_marked_from_the_step_that_finds_them() -> None:
    c = vertex(PICTURE, "C_2")
    assert [(chip.step, ringed(chip)) for chip in c.values] == [(3, []), (FORWARD, [(0, 0), (1, 1)])]


def test_the_gradient_shows_that_they_alone_receive_it() -> None:
    c = vertex(PICTURE, "C_2")
    assert [(chip.step, ringed(chip)) for chip in c.gradients] == [(BACKWARD, [(0, 0), (1, 1)])]
    assert [t.text != "0" for t in c.gradients[0].texts] == [True, False, False, True, False, False]


def test_a_vertex_that_nothing_is_picked_from_has_one_chip_and_no_ring() -> None:
    m = vertex(PICTURE, "m_2")
    assert [len(chip.winners) for chip in (*m.values, *m.gradients)] == [0, 0]


def test_every_writer_draws_the_rings() -> None:
    root = ET.fromstring(svg.page(PICTURE))
    chips = [e for e in root.iter() if e.get("class") == "chip" and e.get("data-step") == str(FORWARD)]
    assert sum(e.get("class") == "winner" for chip in chips for e in chip) == 2
    part = next(p for p in Stills(PICTURE).at(FORWARD) if (p.kind, p.name) == ("vertex", "C_2"))
    assert [mark.look.stroke for mark in part.chips["value"] if mark.style == "winner"] == ["#0072b2"] * 2
    before = next(p for p in Stills(PICTURE).at(FORWARD - 1) if (p.kind, p.name) == ("vertex", "C_2"))
    assert not any(mark.style == "winner" for mark in before)


def test_the_sentence_names_the_windows_both_ways() -> None:
    forward, backward = WALK[FORWARD - 1], WALK[BACKWARD - 1]
    where = "The largest of filter 1 stands at window 1. The largest of filter 2 stands at window 2."
    assert explain(WALK, forward).sentence.endswith(where)
    assert explain(WALK, backward).sentence == (
        f"In each column the winner takes the whole gradient at m_2; all other places receive 0. {where}"
    )
    assert "Наибольший отклик фильтра 2 — в окне 2." in explain(WALK, backward, "ru").sentence


@pytest.mark.parametrize(
    ("text", "feeds", "said", "rings"),
    [
        ("loss = max(x)", {"x": [0.5, 2.0, -1.0]}, "It is element 2.", 1),
        ("loss = max(X)", {"X": [[0.5, 2.0], [3.0, 1.0]]}, "It stands in row 2, column 1.", 1),
        (
            "m = max(X, axis=1)\nloss = sum(m)",
            {"X": [[0.5, 2.0], [3.0, 1.0]]},
            "The largest of row 1 stands in column 2. The largest of row 2 stands in column 1.",
            2,
        ),
        ("k = argmax(x)\nloss = sum(x)", {"x": [0.5, 2.0, -1.0]}, "It is element 2.", 1),
    ],
)
def test_max_and_argmax_say_where(text: str, feeds: dict, said: str, rings: int) -> None:
    walk = walk_of(text, of=text.split(" =")[0] if "argmax" in text else "loss", **feeds)
    first = next(s for s in walk if s.operation and s.operation.op.picks)
    assert explain(walk, first).sentence.endswith(said)
    picture = diagram.draw(walk)
    assert len(vertex(picture, next(iter(feeds))).values[-1].winners) == rings


def test_a_thumbnail_of_a_large_array_has_no_rings() -> None:
    walk = walk_of("loss = max(x)", x=[float(i % 7) for i in range(50)])
    assert [len(chip.winners) for chip in vertex(diagram.draw(walk), "x").values] == [0]


def test_over_time_each_step_rings_what_it_won() -> None:
    walk = walk_of("m = max(x_t, axis=0)\nloss = sum(m)", x=[[0.5, 2.0], [3.0, 1.0], [-1.0, 0.0]])
    picture = diagram.draw(walk)
    assert [len(vertex(picture, f"x_{t}").values[-1].winners) for t in (1, 2, 3)] == [1, 1, 0]
    assert explain(walk, walk[0]).sentence == (
        "Each element of m is the largest that it has at any time step. "
        "The largest of element 1 stands at time step 2. The largest of element 2 stands at time step 1."
    )


def test_the_last_real_state_of_each_text_is_ringed_and_the_padding_gets_exactly_zero() -> None:
    """Text 1 has three words, text 2 has two: its third row is padding."""
    walk = gl.scenario("rnn-minibatch-padded").walk()
    picture = diagram.draw(walk)
    taken = next(s for s in walk if s.operation and s.operation.op.name == "last")
    sent = next(s for s in walk if s.phase == "backward" and s.operation is taken.operation)
    ends = {f"h_{t}": ringed(vertex(picture, f"h_{t}").values[-1]) for t in (1, 2, 3)}
    assert ends == {"h_1": [], "h_2": [(1, 0), (1, 1)], "h_3": [(0, 0), (0, 1)]}
    assert [c.value[1].tolist() for c in sent.contributions if c.vertex == "h_3"] == [[0.0, 0.0]]
    assert [text.text for text in vertex(picture, "h_3").gradients[-1].texts[2:]] == ["0", "0"]
    said = explain(walk, sent).sentence
    assert "all other steps receive exactly 0 from here" in said
    assert "The last real step of object 1 is 3. The last real step of object 2 is 2." in said
