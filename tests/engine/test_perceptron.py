"""The slides' perceptron, forward and backward, in numbers that can be followed by hand."""

from __future__ import annotations

import numpy as np
import pytest

import graphlab as gl
from graphlab.engine import Walk
from tests.engine.graphs import Builder, mlp

VALUES = {
    "tmp_1": [1.0, 0.0],
    "tmp_2": [1.0, 0.5],
    "h": [0.7615941559557649, 0.46211715726000974],  # tanh 1, tanh 1/2
    "tmp_3": -0.16264015856425462,
    "tmp_4": 0.3373598414357454,
    "y": 0.5835490546442076,
    "loss": 0.5386267611332991,  # -log y, since y_true = 1
}
GRADIENTS = {
    "loss": 1.0,
    "y": -1.7136519921357842,  # -1 / y
    "tmp_4": -0.4164509453557924,  # y - y_true
    "tmp_3": -0.4164509453557924,
    "b_2": -0.4164509453557924,
    "h": [-0.4164509453557924, 0.8329018907115848],  # times w_2 = (1, -2)
    "w_2": [-0.3171666062252251, -0.19244912700606245],  # times h
    "tmp_2": [-0.1748987115903377, 0.6550338037331606],  # times 1 - h²
    "tmp_1": [-0.1748987115903377, 0.6550338037331606],
    "b_1": [-0.1748987115903377, 0.6550338037331606],
    "W_1": [[-0.1748987115903377, 0.6550338037331606], [-0.3497974231806754, 1.3100676074663211]],
    "x": [-0.7424831595283294, 0.28379222396899584],
    "y_true": -0.3373598414357454,
}


def test_forward_gives_every_vertex_its_value():
    graph, feeds = mlp()
    values = gl.forward(graph, feeds)
    assert set(values) == set(graph.vertices)
    for name, value in VALUES.items():
        np.testing.assert_allclose(values[name], value, rtol=1e-14)


def test_backward_gives_every_vertex_its_gradient():
    graph, feeds = mlp()
    gradients = gl.backward(graph, gl.forward(graph, feeds))
    assert set(gradients) == set(GRADIENTS)
    for name, value in GRADIENTS.items():
        np.testing.assert_allclose(gradients[name], value, rtol=1e-13)


def test_the_plan_gives_the_loss_and_the_gradients_of_the_parameters():
    graph, feeds = mlp()
    loss, gradients = gl.compile(graph)(feeds)
    np.testing.assert_allclose(loss, VALUES["loss"], rtol=1e-14)
    assert list(gradients) == ["W_1", "b_1", "w_2", "b_2"]
    for name, value in gradients.items():
        np.testing.assert_allclose(value, GRADIENTS[name], rtol=1e-13)


def test_the_walk_goes_through_the_slides():
    graph, feeds = mlp()
    walk = gl.trace(graph, feeds, wrt=graph.names("parameter"))
    assert isinstance(walk, Walk)
    assert [(s.index, s.phase, s.output, [c.vertex for c in s.contributions]) for s in walk] == [
        (1, "forward", "tmp_1", []),
        (2, "forward", "tmp_2", []),
        (3, "forward", "h", []),
        (4, "forward", "tmp_3", []),
        (5, "forward", "tmp_4", []),
        (6, "forward", "y", []),
        (7, "forward", "loss", []),
        (8, "backward", "loss", []),
        (9, "backward", "loss", ["y"]),
        (10, "backward", "y", ["tmp_4"]),
        (11, "backward", "tmp_4", ["tmp_3", "b_2"]),
        (12, "backward", "tmp_3", ["h", "w_2"]),
        (13, "backward", "h", ["tmp_2"]),
        (14, "backward", "tmp_2", ["tmp_1", "b_1"]),
        (15, "backward", "tmp_1", ["W_1"]),
    ]
    for step in walk:
        np.testing.assert_allclose(step.value, VALUES[step.output], rtol=1e-14)
        if step.phase == "forward":
            assert step.operation is graph.producer[step.output]
            assert step.upstream is None
        else:
            np.testing.assert_allclose(step.upstream, GRADIENTS[step.output], rtol=1e-13)
        for c in step.contributions:
            assert c.vertex == step.operation.inputs[c.slot]
            assert (c.part, c.parts) == (1, 1)
            np.testing.assert_allclose(c.value, GRADIENTS[c.vertex], rtol=1e-13)
            np.testing.assert_allclose(c.total, GRADIENTS[c.vertex], rtol=1e-13)
    assert walk[7].operation is None  # the seed: ∂loss/∂loss = 1
    assert walk[7].upstream == 1


def test_without_wrt_the_walk_goes_to_the_inputs_too():
    graph, feeds = mlp()
    walk = gl.trace(graph, feeds)
    assert {c.vertex for step in walk for c in step.contributions} == set(GRADIENTS) - {"loss"}
    assert [c.vertex for c in walk[8].contributions] == ["y_true", "y"]


def _shared():
    """s = Σ (a W ⊙ b W) with W shared, and x ⊙ x."""
    b = Builder()
    b.leaf([3.0], name="W")
    b.leaf(2.0, name="a")
    b.leaf(5.0, name="b")
    b.apply("scale", "a", "W", name="aW")
    b.apply("scale", "b", "W", name="bW")
    b.apply("mul", "aW", "bW", name="y")
    b.apply("mul", "y", "y", name="square")
    b.apply("sum", "square", name="loss")
    return b.graph(), b.feeds


def test_parts_of_a_shared_vertex_arrive_one_by_one_and_are_summed():
    graph, feeds = _shared()
    arrived = [
        (s.output, c.slot, c.vertex, c.value.tolist(), c.total.tolist(), c.part, c.parts)
        for s in gl.trace(graph, feeds)
        for c in s.contributions
    ]
    assert arrived == [
        ("loss", 0, "square", [1.0], [1.0], 1, 1),
        ("square", 0, "y", [90.0], [90.0], 1, 2),  # x ⊙ x: two slots, two contributions
        ("square", 1, "y", [90.0], [180.0], 2, 2),
        ("y", 0, "aW", [2700.0], [2700.0], 1, 1),
        ("y", 1, "bW", [1080.0], [1080.0], 1, 1),
        ("bW", 0, "b", 3240.0, 3240.0, 1, 1),
        ("bW", 1, "W", [5400.0], [5400.0], 1, 2),
        ("aW", 0, "a", 8100.0, 8100.0, 1, 1),
        ("aW", 1, "W", [5400.0], [10800.0], 2, 2),
    ]


def test_a_total_once_shown_does_not_change_when_the_next_part_arrives():
    graph, feeds = _shared()
    walk = gl.trace(graph, feeds)
    totals = [c.total for s in walk for c in s.contributions if c.vertex == "W"]
    assert [t.tolist() for t in totals] == [[5400.0], [10800.0]]


def test_an_unset_gradient_is_absent_and_a_zero_one_is_zero():
    b = Builder()
    b.leaf([-1.0, -2.0], name="dead")
    b.leaf([1.0, 2.0], name="aside")
    b.apply("relu", "dead", name="r")
    b.apply("argmax", "r", name="winner")
    b.apply("tanh", "aside", name="t")
    b.apply("sum", "r", name="loss")
    graph, feeds = b.graph(), b.feeds
    gradients = gl.backward(graph, gl.forward(graph, feeds))
    assert set(gradients) == {"loss", "r", "dead"}
    assert gradients["dead"].tolist() == [0.0, 0.0]
    assert set(gl.compile(graph)(feeds)[1]) == {"dead"}
    assert {c.vertex for s in gl.trace(graph, feeds) for c in s.contributions} == {"r", "dead"}


def test_nothing_flows_through_argmax():
    b = Builder()
    b.leaf([1.0, 3.0, 2.0], name="p")
    b.apply("argmax", "p", name="winner")
    b.apply("norm2", "winner", name="loss")
    gradients = gl.backward(b.graph(), gl.forward(b.graph(), b.feeds))
    assert {name: g.tolist() for name, g in gradients.items()} == {"loss": 1.0, "winner": 2.0}
    loss, planned = gl.compile(b.graph())(b.feeds)
    assert (float(loss), planned) == (1.0, {})


def test_a_jacobian_has_the_shape_of_the_output_and_then_of_the_operand():
    graph, feeds = mlp()
    values = gl.forward(graph, feeds)
    np.testing.assert_allclose(
        gl.jacobian(graph, values, of="h", by="W_1"),  # a 3-tensor: ∂h_i / ∂W_jk = (1 - h_i²) x_j δ_ik
        [[[0.41997434161402614, 0], [0.8399486832280523, 0]], [[0, 0.7864477329659274], [0, 1.5728954659318548]]],
    )
    np.testing.assert_allclose(gl.jacobian(graph, values, of="loss", by="w_2"), GRADIENTS["w_2"])
    np.testing.assert_array_equal(gl.jacobian(graph, values, of="tmp_1", by="tmp_1"), np.eye(2))
    np.testing.assert_array_equal(gl.jacobian(graph, values, of="tmp_1", by="w_2"), np.zeros((2, 2)))
    np.testing.assert_array_equal(gl.jacobian(graph, values, of="x", by="h"), np.zeros((2, 2)))


def test_float32_stays_float32_and_everything_else_becomes_float64():
    graph, feeds = mlp()
    single = gl.forward(graph, {name: v.astype(np.float32) for name, v in feeds.items()})
    assert {v.dtype for v in single.values()} == {np.dtype(np.float32)}
    assert {g.dtype for g in gl.backward(graph, single).values()} == {np.dtype(np.float32)}
    mixed = gl.forward(graph, {**feeds, "x": [1, 2], "b_2": 0.5, "W_1": feeds["W_1"].astype(np.float32)})
    assert {v.dtype for v in mixed.values()} == {np.dtype(np.float64)}


def test_every_value_is_an_array():
    graph, feeds = mlp()
    values = gl.forward(graph, feeds)
    assert all(isinstance(v, np.ndarray) for v in [*values.values(), *gl.backward(graph, values).values()])


# Errors, the same from everything that takes feeds

RUNS = [gl.forward, gl.trace, gl.check_gradients, lambda graph, feeds: gl.compile(graph)(feeds)]


@pytest.mark.parametrize("run", RUNS)
def test_a_missing_feed_is_named(run):
    graph, feeds = mlp()
    del feeds["W_1"], feeds["b_2"]
    with pytest.raises(gl.GraphlabError, match="no value was given for W_1, b_2"):
        run(graph, feeds)


@pytest.mark.parametrize("run", RUNS)
def test_an_unknown_feed_is_named(run):
    graph, feeds = mlp()
    with pytest.raises(gl.GraphlabError, match="tmp_1 can not be fed"):
        run(graph, {**feeds, "tmp_1": [1.0, 2.0]})


@pytest.mark.parametrize("run", RUNS)
def test_a_feed_of_the_wrong_shape_is_named(run):
    graph, feeds = mlp()
    with pytest.raises(gl.ShapeError, match=r"the value of x has the shape \(3,\); the graph needs \(2,\)"):
        run(graph, {**feeds, "x": np.zeros(3)})


TARGETS = [
    lambda graph, feeds, of: gl.backward(graph, gl.forward(graph, feeds), of),
    lambda graph, feeds, of: gl.trace(graph, feeds, of),
    lambda graph, feeds, of: gl.check_gradients(graph, feeds, of),
    lambda graph, feeds, of: gl.compile(graph, of),
]


@pytest.mark.parametrize("run", TARGETS)
def test_a_gradient_starts_from_a_scalar(run):
    graph, feeds = mlp()
    with pytest.raises(gl.GraphlabError, match=r"h has the shape \(2,\): a gradient starts from a scalar") as e:
        run(graph, feeds, "h")
    assert str(e.value.help) == "take the mean or the sum first: loss = mean(h)"
    with pytest.raises(gl.GraphlabError, match="there is no vertex risk in this graph"):
        run(graph, feeds, "risk")


@pytest.mark.parametrize("run", [gl.trace, lambda graph, feeds, wrt: gl.compile(graph, wrt=wrt)])
def test_a_gradient_that_is_wanted_has_to_have_a_vertex(run):
    graph, feeds = mlp()
    with pytest.raises(gl.GraphlabError, match="there is no vertex W_9 in this graph"):
        run(graph, feeds, wrt=["W_1", "W_9"])


def test_a_jacobian_of_something_else_or_of_too_much_is_refused():
    graph, feeds = mlp()
    values = gl.forward(graph, feeds)
    with pytest.raises(gl.GraphlabError, match="there is no vertex z in this graph"):
        gl.jacobian(graph, values, of="z", by="x")
    b = Builder()
    b.leaf(np.zeros((200, 100)), name="A")
    b.apply("tanh", "A", name="B")
    with pytest.raises(gl.ShapeError, match="would have 400000000 elements; the limit is 100000000"):
        gl.jacobian(b.graph(), gl.forward(b.graph(), b.feeds), of="B", by="A")
