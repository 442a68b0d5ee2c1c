"""Pictures of graphs with several runs through time: the cells of each run side by side, and what stands between them."""

from __future__ import annotations

import numpy as np
import pytest
from geometry import faults

import graphlab as gl
from graphlab import diagram
from graphlab.diagram import FOLDINGS
from graphlab.engine import Walk
from graphlab.folding.boxes import Folding, boxes
from graphlab.folding.cells import split
from graphlab.folding.clusters import derive
from graphlab.player.payload import payload

BACKWARDS = "g_t = tanh(x_t W_g + g_{t+1} U_g)\ng_{T+1} = 0\n"
TEXTS = {
    "backwards": BACKWARDS + "loss = sum(g_1)",
    "bidirectional": "f_t = tanh(x_t W + f_{t-1} U)\nf_0 = 0\n" + BACKWARDS + "h_t = concat(f_t, g_t)\n"
    "l_t = ‖h_t V - y_true_t‖^2\nloss = mean(l_t)",
    "attention": "f_t = tanh(x_t W + f_{t-1} U)\nf_0 = 0\nK = stack(f_t)\ns_0 = f_T\na_t = softmax(K s_{t-1}^T)\n"
    "s_t = tanh(a_t K + s_{t-1} A)\nl_t = ‖s_t V - y_true_t‖^2\nloss = mean(l_t)",
    "deviations": "f_t = tanh(x_t W + f_{t-1} U)\nf_0 = 0\nm = mean(mean(f_t))\nloss = sum(‖f_t - m‖^2)",
}


def walk(name: str, steps: int = 3) -> Walk:
    shapes = {"x": ("T", "D"), "W": ("D", "H"), "W_g": ("D", "H"), "y_true": ("T", "K")}
    if name == "attention":
        shapes["y_true"] = ("S", "K")
    shapes = {n: shape for n, shape in shapes.items() if n in TEXTS[name]}
    if name == "bidirectional":
        shapes["V"] = (6, "K")
    g = gl.parse(TEXTS[name], shapes=shapes, sizes={"T": steps, "S": 2, "D": 2, "H": 3, "K": 2})
    draw = np.random.default_rng(0)
    return gl.trace(g, {n: draw.normal(size=g.fed_shape(n)) for n in g.fed}, of="loss", wrt=g.names("parameter"))


@pytest.mark.parametrize("steps", [1, 3, 6])
@pytest.mark.parametrize("name", TEXTS)
def test_every_way_to_fold_is_drawn(name: str, steps: int) -> None:
    found = walk(name, steps)
    for fold in FOLDINGS.values():
        picture = diagram.draw(found, folding=fold(found.graph))
        assert len({frame.name for frame in picture.frames}) == len(picture.frames)
        assert payload(found, title="x", stem="x", folding=fold(found.graph))["svg"]


@pytest.mark.parametrize("name", TEXTS)
def test_nothing_covers_anything_else(name: str) -> None:
    wrong = [fault for fault in faults(diagram.draw(walk(name))) if "turns back" not in fault]
    assert wrong == []


def test_the_cells_stand_in_the_order_of_the_runs() -> None:
    def cells(name: str) -> list[tuple[int, int | None]]:
        g = walk(name).graph
        return [(cell.run, cell.t) for cell in split(g, boxes(g, Folding()), ())]

    assert cells("bidirectional") == [(0, 1), (0, 2), (0, 3), (1, 3), (1, 2), (1, 1), (2, 1), (2, 2), (2, 3), (2, None)]
    assert cells("attention") == [(0, 1), (0, 2), (0, 3), (0, None), (1, 1), (1, 2), (1, None)]


def test_steps_of_different_runs_fold_one_by_one() -> None:
    g = walk("attention").graph
    steps = [name for name, cluster in derive(g).items() if cluster.sort == "step"]
    assert steps == ["t=1", "t=2", "t=3", "run2/t=1", "run2/t=2"]
    folded = [box.name for box in boxes(g, Folding(frozenset({"run2/t=1"}))) if box.folded]
    assert folded == ["run2/t=1"]
    assert "run2/t=2/a" in derive(g)


@pytest.mark.parametrize("steps", [1, 3])
def test_several_runs_are_not_rolled(steps: int) -> None:
    assert not any(diagram.can_roll(walk(name, steps).graph) for name in TEXTS)


def test_of_long_runs_the_last_two_steps_of_each_are_open() -> None:
    g = walk("bidirectional", 6).graph
    closed = {name for name in Folding.default(g).closed if name.rpartition("/")[2].startswith("t=")}
    assert closed == {
        *(f"t={t}" for t in (1, 2, 3, 4)), *(f"run2/t={t}" for t in (6, 5, 4, 3)), *(f"run3/t={t}" for t in (1, 2, 3, 4))
    }  # fmt: skip
