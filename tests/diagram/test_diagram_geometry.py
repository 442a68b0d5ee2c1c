"""Nothing in a picture covers anything else, edges end on boundaries, and the main line is straight."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from diagram_graphs import ALL, chain, graph, minibatch, mlp, random_graph, square, walk
from geometry import faults, points

from graphlab import diagram
from graphlab.diagram.draw import _plan, plan
from graphlab.diagram.layout import graphviz_client as places
from graphlab.diagram.marks import chips
from graphlab.diagram.marks.picture import Rect


@pytest.mark.parametrize("name", ALL)
def test_nothing_covers_anything_else(name):
    assert faults(diagram.draw(walk(ALL[name]()))) == []


@pytest.mark.parametrize("seed", range(40))
def test_nothing_covers_anything_else_in_graphs_of_any_form(seed):
    assert faults(diagram.draw(walk(random_graph(seed, 4 + seed % 14)))) == []


@pytest.mark.parametrize("name", ["mlp", "penalised", "softmax", "diamond"])
def test_without_graphviz_the_picture_is_sound_too(name, monkeypatch):
    def fail(dot):
        raise places.LayoutFailed("none here")

    monkeypatch.setattr(places, "find", fail)
    _plan.cache_clear()
    try:
        found = faults(diagram.draw(walk(ALL[name]())))
    finally:
        _plan.cache_clear()
    assert found == []


def test_the_check_of_the_geometry_finds_planted_faults():
    picture = diagram.draw(walk(mlp()))
    first, *others = picture.vertices
    covered = replace(first, box=others[0].box)
    assert any("overlaps" in f for f in faults(replace(picture, vertices=(covered, *others))))
    edge, *edges = picture.edges
    short = replace(edge, path=(edge.path[0], ("L", (edge.path[-1][1][0] - 3, edge.path[-1][1][1]))))
    assert any("from the boundary" in f for f in faults(replace(picture, edges=(short, *edges))))


@pytest.mark.parametrize("name", ["mlp", "minibatch", "penalised", "softmax", "neuron", "chain"])
def test_the_main_line_is_straight(name):
    g = ALL[name]()
    drawn = plan(g, "loss" if "loss" in g.vertices else "y")
    assert len({drawn.at[key][1] for key in drawn.structure.chain}) == 1


def test_the_main_line_of_the_mlp_starts_at_x():
    drawn = plan(mlp(), "loss")
    names = [name for kind, name in drawn.structure.chain if kind == "vertex"]
    assert names == ["x", "tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y", "loss"]


def test_parameters_of_the_mlp_hang_under_their_operations_in_one_row():
    drawn = plan(mlp(), "loss")
    homes = {"W_1": "tmp_1", "b_1": "tmp_2", "w_2": "tmp_3", "b_2": "tmp_4", "y_true": "loss"}
    for name, home in homes.items():
        assert drawn.at["vertex", name][0] == drawn.at["operation", home][0]
    assert len({drawn.at["vertex", name][1] for name in homes}) == 1


def test_the_mlp_is_wide_enough_to_read_and_narrow_enough_to_fit():
    picture = diagram.draw(walk(mlp(2, 3)))
    assert picture.width < 1140
    assert picture.height < 380
    assert min(v.box.height for v in picture.vertices) >= 48


def test_x_times_itself_has_two_edges_that_can_be_told_apart():
    edges = [e for e in diagram.draw(walk(square())).edges if e.target == "z" and e.part == "in"]
    assert [e.key for e in edges] == ["z:0", "z:1"]
    above, below = (points(e.path) for e in edges)
    assert max(b[1] - a[1] for a, b in zip(above, below, strict=True)) > 20
    assert all(a[1] < b[1] for a, b in zip(above, below, strict=True))


@pytest.mark.parametrize(
    "value", [0.0, -1e300, 1e-300, -123456.789, -9.99e-5, float("inf"), float("-inf"), float("nan")]
)
@pytest.mark.parametrize("shape", [(), (3,), (4,), (4, 4), (3, 9), (20,), (2, 3, 4)])
def test_no_number_is_wider_than_its_room(value, shape):
    import numpy as np

    form = chips.form(shape)
    room = Rect(0, 0, form.width, form.height)
    for role in ("value", "gradient"):
        chip = chips.chip(np.full(shape, value), role, 1, room)
        boxes = [Rect(t.x - t.width / 2, 1, t.x + t.width / 2, 2) for t in chip.texts]
        assert all(b.left >= 0 and b.right <= form.width for b in boxes)
        rows = {t.y for t in chip.texts}
        for y in rows:
            row = [b for b, t in zip(boxes, chip.texts, strict=True) if t.y == y]
            assert not any(a.overlaps(b) for a, b in combinations(row, 2))
        assert all(c.rect.left >= 0 and c.rect.right <= form.width + 1e-9 for c in chip.cells)


def test_geometry_does_not_depend_on_the_numbers():
    small, large = (diagram.draw(walk(mlp(), seed=seed, scale=scale)) for seed, scale in ((0, 1.0), (7, 1e-9)))
    assert (small.width, small.height) == (large.width, large.height)
    for a, b in zip(small.vertices, large.vertices, strict=True):
        assert (a.box, a.values[0].rect, [c.rect for c in a.gradients]) == (
            b.box,
            b.values[0].rect,
            [c.rect for c in b.gradients],
        )
    assert [e.path for e in small.edges] == [e.path for e in large.edges]


def test_a_large_matrix_is_drawn_in_few_cells_with_its_shape_below():
    picture = diagram.draw(walk(minibatch(256, 784, 20)))
    chip = next(v for v in picture.vertices if v.name == "x").values[0]
    assert len(chip.cells) == 12 * 12
    assert [t.text for t in chip.texts] == ["256×784"]


def test_an_array_with_no_elements_shows_its_shape():
    import numpy as np

    form = chips.form((0, 3))
    chip = chips.chip(np.zeros((0, 3)), "value", 0, Rect(0, 0, form.width, form.height))
    assert [t.text for t in chip.texts] == ["0×3"]


def test_a_chain_of_300_operations_is_drawn():
    picture = diagram.draw(walk(chain(300)))
    assert len(picture.operations) == 300
    assert len({o.box.top for o in picture.operations}) == 1


def test_a_penalty_beside_the_main_line_takes_one_row_more():
    fed = {"x": (3,), "w": (3,), "b": (), "y_true": (), "l": (), "c": ()}
    lines = "tmp_1 = matmul x w tb\ntmp_2 = add tmp_1 b\ny = sigma tmp_2\ntmp_3 = BCE y_true y\n"
    lines += "tmp_4 = div l c\ntmp_5 = norm2 w\ntmp_6 = scale tmp_4 tmp_5\nloss = add tmp_3 tmp_6"
    picture = diagram.draw(walk(graph(lines, fed), wrt=("w", "b")))
    heights = {v.name: v.box.centre[1] for v in picture.vertices}
    assert heights["tmp_5"] == heights["tmp_6"]
    assert picture.height < 460


def test_what_receives_no_gradient_has_no_room_for_one():
    alone, all_of_it = (diagram.draw(walk(mlp(), wrt=wrt)) for wrt in (("b_2",), None))
    assert alone.height < all_of_it.height
