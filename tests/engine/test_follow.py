"""One element followed: what it is made of, found from the declarations of the ops and not from the numbers."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.engine import Edge, follow
from graphlab.engine.follow import entries, fed, feeding
from graphlab.graph import Operation
from graphlab.ops import registry
from tests.explain.walks import do, graph, single_walk, slides_walk, tmp, vertex
from tests.ops import op_checks

every_case = pytest.mark.parametrize(("op", "example"), op_checks.cases(registry), ids=op_checks.case_id)


def test_an_element_of_the_slides_walk_is_made_of_a_column_of_w():
    found = follow(slides_walk(), "tmp_1", (1,))
    assert {name: mask.tolist() for name, mask in found.forward.items()} == {
        "tmp_1": [False, True],
        "x": [True, True],
        "W_1": [[False, True], [False, True]],
    }
    assert found.forward_edges == (Edge("tmp_1", 0), Edge("tmp_1", 1))


def test_the_gradient_of_one_weight_comes_back_through_one_hidden_element():
    found = follow(slides_walk(), "W_1", (1, 0))
    assert {name: np.argwhere(mask).tolist() for name, mask in found.backward.items()} == {
        "W_1": [[1, 0]],
        "tmp_1": [[0]],
        "tmp_2": [[0]],
        "h": [[0]],
        "tmp_3": [[]],
        "tmp_4": [[]],
        "y": [[]],
        "loss": [[]],
    }
    assert [edge.output for edge in found.backward_edges] == ["tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y", "loss"]


def test_a_vertex_that_the_walk_leaves_alone_has_no_gradient_to_follow():
    assert follow(slides_walk(), "x", (0,)).backward == {}


def test_a_silent_relu_still_feeds():
    g = graph(
        [vertex("x", "parameter", (2,), "x"), tmp(1, (2,)), vertex("loss", "output", (), "L")],
        [do("relu", "x", "tmp_1"), do("sum", "tmp_1", "loss")],
    )
    found = follow(gl.trace(g, {"x": [0.0, -1.0]}), "loss")
    assert found.forward["x"].tolist() == [True, True]
    assert follow(gl.trace(g, {"x": [0.0, -1.0]}), "x", (1,)).backward["tmp_1"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("vertex", "index", "said"),
    [
        ("h", (2,), "h has the shape (2,): there is no element (2,)"),
        ("h", (), "h has the shape (2,): there is no element ()"),
        ("h", (-1,), "h has the shape (2,): there is no element (-1,)"),
        ("nobody", (), "there is no vertex nobody in this graph"),
    ],
)
def test_an_element_that_is_not_there(vertex, index, said):
    with pytest.raises(gl.GraphlabError) as caught:
        follow(slides_walk(), vertex, index)
    assert str(caught.value) == said


@every_case
def test_what_feeds_an_element_agrees_with_the_jacobian_of_the_op(op, example):
    """Every nonzero derivative stands at an entry that feeds; set by set it is what it is element by element."""
    walk = single_walk(op, example)
    operation = walk.graph.producer["y"]
    inputs = [walk.values[name] for name in operation.inputs]
    shape = walk.values["y"].shape
    one_by_one = []
    for at in np.ndindex(shape):
        wanted = np.zeros(shape, dtype=bool)
        wanted[at] = True
        masks = feeding(operation, wanted, walk.values)
        one_by_one.append(masks)
        listed = set(entries(op, at, inputs, example.attributes))
        assert listed == {(slot, tuple(i)) for slot, m in enumerate(masks) for i in np.argwhere(m).tolist()}
        for slot, vjp in enumerate(op.vjps):
            if vjp is not None:
                derivative = np.asarray(vjp(wanted.astype(float), walk.values["y"], *inputs, **example.attributes))
                assert not (np.abs(derivative) > 1e-12)[~masks[slot]].any()
    everything = feeding(operation, np.ones(shape, dtype=bool), walk.values)
    for slot, mask in enumerate(everything):
        assert np.array_equal(mask, np.any([masks[slot] for masks in one_by_one], axis=0))
        if op.vjps[slot] is None:
            continue
        for index in np.ndindex(mask.shape):  # and the other way round: whom does this entry feed?
            moved = np.zeros(mask.shape, dtype=bool)
            moved[index] = True
            assert fed(operation, slot, moved, walk.values).ravel().tolist() == [m[slot][index] for m in one_by_one]


def test_a_chosen_row_depends_on_its_index():
    table = [[0.5, -1.5], [2.0, -0.25], [0.3, 0.8]]
    found = entries(registry["embed"], (1, 0), (np.array([0.0, 2.0]), np.array(table)), {})
    assert found == ((0, (1,)), (1, (2, 0)))
    assert Operation(registry["embed"], ("i", "E"), "y").op.terms((1, 0), np.array([0, 2]), np.array(table)) == [
        (1.0, ((1, (2, 0)),))
    ]
