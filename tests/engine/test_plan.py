"""The compiled plan: what it promises about its arrays, its errors, its stable forms, and how little it computes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import graphlab as gl
from graphlab.graph import Graph
from graphlab.ops import registry
from graphlab.plan.program import Program
from tests.engine.graphs import CALLED, Builder, mlp, relative_error


def _sums() -> tuple[Graph, dict[str, np.ndarray]]:
    """loss = Σ (a + b) + c: every gradient is the same one, and passes unchanged."""
    b = Builder()
    for name in "abc":
        b.leaf([1.0, 2.0] if name < "c" else 3.0, name=name)
    b.apply("add", "a", "b", name="ab")
    b.apply("sum", "ab", name="s")
    b.apply("add", "s", "c", name="loss")
    return b.graph(), b.feeds


def _judge(graph, feeds, plan):
    loss, planned = plan(feeds)
    values = gl.forward(graph, feeds)
    gradients = gl.backward(graph, values)
    assert relative_error(loss, values["loss"]) < 1e-12
    for name, gradient in planned.items():
        assert relative_error(gradient, gradients[name]) < 1e-12


# Arrays


def test_the_arrays_are_the_plans_own_and_are_overwritten_by_its_next_call():
    graph, feeds = mlp()
    plan = gl.compile(graph)
    loss, first = plan(feeds)
    kept = first["W_1"].copy()
    again, second = plan({**feeds, "x": feeds["x"] * 2})
    assert again is loss
    assert all(first[name] is second[name] for name in first)
    assert not np.array_equal(first["W_1"], kept)
    assert first is not second  # taking a name out of one result leaves the next one whole


def test_nothing_that_is_returned_shares_memory():
    for graph, feeds in (_sums(), mlp()):
        loss, gradients = gl.compile(graph, wrt=graph.vertices)(feeds)
        arrays = [loss, *gradients.values(), *feeds.values()]
        for i, a in enumerate(arrays):
            assert not any(np.shares_memory(a, other) for other in arrays[i + 1 :])
            assert a.flags.c_contiguous
            assert a.flags.writeable


def test_results_may_be_changed_in_place_and_fed_back():
    """Clipping scales gradients where they lie; the next call starts afresh."""
    for graph, feeds in (_sums(), mlp()):
        plan = gl.compile(graph, wrt=graph.vertices)
        wanted = {name: g.copy() for name, g in plan(feeds)[1].items()}
        for gradient in plan(feeds)[1].values():
            gradient *= 7
        again = plan(feeds)[1]
        assert all(np.array_equal(again[name], wanted[name]) for name in wanted)
        fed_back = {name: again[name] for name in feeds}
        copies = {name: value.copy() for name, value in fed_back.items()}
        results = {name: g.copy() for name, g in plan(fed_back)[1].items()}
        assert all(np.array_equal(g, results[name]) for name, g in plan(copies)[1].items())


def test_feeds_are_not_changed():
    graph, feeds = mlp()
    copies = {name: value.copy() for name, value in feeds.items()}
    gl.compile(graph)(feeds)
    assert all(np.array_equal(feeds[name], copies[name]) for name in feeds)


def test_one_plan_serves_both_precisions_and_anything_like_an_array():
    graph, feeds = mlp()
    plan = gl.compile(graph)
    single = {name: value.astype(np.float32) for name, value in feeds.items()}
    plain = {name: value.tolist() for name, value in feeds.items()}
    for _ in range(2):
        assert plan(feeds)[0].dtype == np.float64
        assert plan(single)[0].dtype == np.float32
        assert plan({**single, "x": feeds["x"]})[0].dtype == np.float64
        assert plan(plain)[0].dtype == np.float64
        assert plan(plain)[0] == plan(feeds)[0]


def test_a_plan_goes_on_after_an_error():
    graph, feeds = mlp()
    plan = gl.compile(graph)
    loss = float(plan(feeds)[0])
    for bad in ({}, {**feeds, "x": np.zeros(5)}, {**feeds, "h": np.zeros(2)}):
        with pytest.raises(gl.GraphlabError):
            plan(bad)
    with pytest.raises(gl.ShapeError, match="the value of y_true"):
        plan({**feeds, "y_true": np.zeros((1, 1))})
    assert float(plan(feeds)[0]) == loss


def test_what_overflows_gives_infinities_and_no_warning():
    b = Builder()
    b.leaf([0.0, 1000.0], name="x")
    b.apply("sum", b.apply("log", b.apply("neg", b.apply("exp", "x"))), name="loss")
    loss, gradients = gl.compile(b.graph())(b.feeds)
    assert np.isnan(loss)
    assert not np.isfinite(gradients["x"][1])


# What is wanted


def test_parameters_are_wanted_unless_names_are_given():
    graph, feeds = mlp()
    assert set(gl.compile(graph)(feeds)[1]) == {"W_1", "b_1", "w_2", "b_2"}
    assert list(gl.compile(graph, wrt=["x", "h", "x"])(feeds)[1]) == ["x", "h"]
    assert gl.compile(graph, wrt=())(feeds)[1] == {}
    assert gl.compile(graph, wrt=["loss"])(feeds)[1] == {"loss": 1}


def test_the_loss_can_be_any_scalar_vertex():
    graph, feeds = mlp()
    loss, gradients = gl.compile(graph, of="tmp_3", wrt=["w_2", "b_2"])(feeds)
    assert float(loss) == pytest.approx(-0.16264015856425462, rel=1e-14)
    np.testing.assert_allclose(gradients.pop("w_2"), [0.7615941559557649, 0.46211715726000974])
    assert gradients == {}
    loss, gradients = gl.compile(graph, of="b_2")(feeds)
    assert (float(loss), gradients) == (0.5, {"b_2": 1})


# Stable forms


def _saturated(extra=False):
    b = Builder()
    b.leaf([800.0, -3.0], name="z")
    b.leaf([0.0, 1.0], "input", "t")
    b.apply("sigma", "z", name="y")
    b.apply("BCE", "t", "y", name="l")
    b.apply("sum", "l", name="s")
    b.apply("add", "s", b.apply("sum", "y") if extra else b.number(0), name="loss")
    return b.graph(), b.feeds


def test_sigma_and_bce_are_computed_in_their_stable_form():
    graph, feeds = _saturated()
    assert gl.forward(graph, feeds)["loss"] == np.inf
    loss, gradients = gl.compile(graph)(feeds)
    assert float(loss) == pytest.approx(803.0485873515737)
    np.testing.assert_allclose(gradients["z"], [1.0, -0.9525741268224334])


def test_softmax_and_cross_entropy_are_computed_in_their_stable_form():
    b = Builder()
    b.leaf([[900.0, 0.0, -900.0]], name="z")
    b.leaf([[0.0, 1.0, 0.0]], "input", "t")
    b.apply("sum", b.apply("CrossEntropy", "t", b.apply("softmax", "z")), name="loss")
    assert gl.forward(b.graph(), b.feeds)["loss"] == np.inf
    loss, gradients = gl.compile(b.graph())(b.feeds)
    assert float(loss) == 900.0
    np.testing.assert_allclose(gradients["z"], [[1.0, -1.0, 0.0]])


def test_a_prediction_that_is_needed_itself_keeps_the_forms_as_written():
    for graph, feeds, wrt in ((*_saturated(extra=True), None), (*_saturated(), ["y", "z"])):
        assert gl.compile(graph, wrt=wrt)(feeds)[0] == np.inf
        tame = {**feeds, "z": np.array([0.8, -3.0])}
        _judge(graph, tame, gl.compile(graph, wrt=wrt))


def test_an_argmax_beside_the_loss_does_not_stand_in_the_way():
    b = Builder()
    b.leaf([900.0, 0.0], name="z")
    b.leaf([0.0, 1.0], "input", "t")
    b.apply("softmax", "z", name="y")
    b.apply("argmax", "y", name="predicted")
    b.apply("CrossEntropy", "t", "y", name="loss")
    assert gl.compile(b.graph())(b.feeds)[0] == 900.0


# Ops that can not be recorded


def _counting_positives(a):
    if float(a.sum()) > 0:  # needs the numbers
        return np.tanh(a)
    return a - a


STRANGE = {
    "numbers needed": _counting_positives,
    "numpy called": lambda a: np.tanh(a),
    "a host copy": lambda a: np.tanh(np.asarray(a)),
    "elements chosen": lambda a: np.tanh(a[[0, 1]]),
    "a function that is not recorded": lambda a: a.__array_namespace__().tanh(np.flip(np.flip(a))),
    "an attribute that is not recorded": lambda a: np.tanh(a.flat[:].reshape(a.shape)),
}


@pytest.mark.parametrize("how", STRANGE)
def test_an_op_that_can_not_be_recorded_is_called_as_it_is(how):
    def slope(g, y, a):
        return g * (1 - np.asarray(y) ** 2)

    strange = replace(registry["tanh"], forward=STRANGE[how], vjps=(slope,))
    graph, feeds = mlp()
    operations = [replace(o, op=strange) if o.output == "h" else o for o in graph.operations]
    graph = Graph(graph.vertices, tuple(operations))
    plan = gl.compile(graph)
    _judge(graph, feeds, plan)
    _judge(graph, {**feeds, "x": np.array([1.0, 1.0])}, plan)
    assert sum(node.kind == "call" for node in plan.recording.order()) == 2


@pytest.mark.parametrize(
    "op", [op for op in registry.values() if op.vjps != (None,) and op.name not in CALLED], ids=str
)
def test_every_declared_op_is_recorded(op):
    for case in op.examples:
        b = Builder()
        y = b.apply(op, *(b.leaf(value) for value in case.inputs), **case.attributes)
        b.apply("norm2", y, name="loss")
        assert not [node for node in gl.compile(b.graph()).recording.order() if node.kind == "call"]


def test_a_vjp_of_the_wrong_shape_is_refused():
    wrong = replace(registry["tanh"], vjps=(lambda g, y, a: a.__array_namespace__().sum(g),))
    graph, _ = mlp()
    operations = [replace(o, op=wrong) if o.output == "h" else o for o in graph.operations]
    with pytest.raises(ValueError, match=r"gives the shape \(\), and not \(2,\)"):
        gl.compile(Graph(graph.vertices, tuple(operations)))


PARTS = {
    "a row": lambda a: a[1],
    "the last column": lambda a: a[:, -1],
    "some columns": lambda a: a[..., 1:3],
    "some rows": lambda a: a[1:],
    "one element": lambda a: a[2, 3],
    "every other column, backwards": lambda a: a[:, ::-2],
    "down to the first": lambda a: a[2::-1, 1:],
    "nothing": lambda a: a[1:1],
    "all of it": lambda a: a[:],
    "a new axis": lambda a: a[:, None, 1:],
    "joined": lambda a: a.__array_namespace__().concat([a, a[:, :2], 2 * a], axis=-1),
    "stacked": lambda a: a.__array_namespace__().stack([a, -a], axis=1),
}


@pytest.mark.parametrize("part", PARTS)
def test_parts_of_arrays_are_views(part):
    def forward(a):
        return PARTS[part](a) * 3

    def never(*_):
        raise AssertionError

    value = np.arange(12.0).reshape(3, 4)
    op = replace(registry["neg"], forward=forward, vjps=(never,), shape=lambda a: forward(value).shape)
    b = Builder()
    b.apply(op, b.leaf(value, "input"), name="y")
    b.apply("norm2", "y", name="loss")
    plan = gl.compile(b.graph(), wrt=["y"])
    loss, gradients = plan(b.feeds)
    np.testing.assert_allclose(loss, np.sum(forward(value) ** 2))
    np.testing.assert_allclose(gradients["y"], 2 * forward(value))
    assert not [node for node in plan.recording.order() if node.kind == "call"]


# How little is computed


def test_what_neither_the_loss_nor_a_wanted_gradient_needs_is_not_computed():
    def never(*_, **__):
        raise AssertionError("computed")

    b = Builder()
    b.leaf([1.0, 2.0], "input", "x")
    b.leaf([1.0, 2.0], name="w")
    b.apply(replace(registry["exp"], forward=never), "w", name="unused")
    b.apply(replace(registry["mul"], vjps=(never, registry["mul"].vjps[1])), "x", "w", name="xw")
    b.apply("sum", "xw", name="loss")
    loss, gradients = gl.compile(b.graph())(b.feeds)
    assert float(loss) == 5.0
    assert gradients["w"].tolist() == [1.0, 2.0]


def test_a_chain_of_calls_runs_in_the_memory_of_one():
    b = Builder()
    name = b.leaf(np.linspace(-1, 1, 50), name="x")
    for _ in range(20):
        name = b.apply("tanh", b.apply("neg", name))
    b.apply("sum", name, name="loss")
    plan = gl.compile(b.graph(), wrt=())
    _judge(b.graph(), b.feeds, plan)
    assert plan.binding(np.dtype(np.float64)).nbytes <= 8 * (50 + 50 + 1)  # the feed, what is passing, the loss


@pytest.mark.parametrize("first", [True, False])
def test_a_choice_does_not_write_over_what_it_still_has_to_read(first):
    """Both choices are passing values whose memory is free afterwards."""

    def forward(a):
        xp = a.__array_namespace__()
        e, n = xp.exp(a), -a
        return xp.where(a > 0, e, n) if first else xp.where(a > 0, n, e)

    b = Builder()
    x = b.leaf([-1.0, 0.5, 2.0])
    b.apply("sum", b.apply(replace(registry["tanh"], forward=forward), x), name="loss")
    _judge(b.graph(), b.feeds, gl.compile(b.graph(), wrt=()))


def test_the_perceptron_takes_few_calls():
    graph, _ = mlp()
    assert len(gl.compile(graph).binding(np.dtype(np.float64)).calls) <= 24


# The program


def test_an_expression_is_entered_once():
    p = Program()
    a, b = p.feed("a", (3,)), p.feed("b", (3,))
    assert p.elementwise("add", a, b) is p.elementwise("add", b, a)
    assert p.elementwise("subtract", a, b) is not p.elementwise("subtract", b, a)
    assert p.reduce("sum", a, (0,)) is p.reduce("sum", a, (-1,))


def test_constants_are_folded_and_neutral_elements_disappear():
    p = Program()
    a = p.feed("a", (3,))
    one, zero, two = (p.number(v, (3,)) for v in (1, 0, 2))
    assert p.elementwise("multiply", a, one) is a
    assert p.elementwise("multiply", one, a) is a
    assert p.elementwise("add", zero, a) is a
    assert p.elementwise("subtract", a, zero) is a
    assert p.elementwise("divide", a, one) is a
    assert p.elementwise("negative", p.elementwise("negative", a)) is a
    assert p.elementwise("power", a, two) is p.elementwise("multiply", a, a)
    assert p.elementwise("multiply", two, two) is p.number(4, (3,))
    assert p.reduce("sum", two, (0,)) is p.number(6)
    assert p.reduce("max", two, (0,)) is p.number(2)


def test_a_neutral_element_may_still_change_the_shape():
    p = Program()
    s = p.elementwise("multiply", p.feed("a", ()), p.number(1, (2, 3)))
    assert s is p.broadcast(p.feed("a", ()), (2, 3))


def test_a_broadcast_moves_outwards():
    p = Program()
    a = p.feed("a", (3,))
    wide = p.elementwise("tanh", p.broadcast(a, (100, 3)))
    assert (wide.kind, wide.args[0]) == ("broadcast", p.elementwise("tanh", a))
    assert p.reduce("sum", wide, (0,)) is p.elementwise("multiply", p.elementwise("tanh", a), p.number(100))
    assert p.reduce("max", wide, (0,)) is p.elementwise("tanh", a)


def test_a_sum_of_products_is_a_scalar_product():
    p = Program()
    a, b = p.feed("a", (2, 3)), p.feed("b", (2, 3))
    product = p.elementwise("multiply", a, b)
    assert p.reduce("sum", product, (0, 1)).kind == "dot"
    assert p.reduce("sum", product, (1,)).kind == "sum"


def test_views_of_views_are_one_view():
    p = Program()
    a = p.feed("a", (2, 3, 4))
    assert p.permute(p.permute(a, (2, 0, 1)), (1, 2, 0)) is a
    assert p.reshape(p.reshape(a, (6, 4)), (2, 3, 4)) is a
    assert p.permute(p.feed("row", (1, 5)), (1, 0)).kind == "reshape"  # one row and one column lie alike in memory
    column = p.expand(p.permute(a, (2, 1, 0)), 1)
    assert (column.kind, column.shape) == ("permute", (4, 1, 3, 2))


def test_a_transposed_product_is_computed_transposed():
    p = Program()
    a, b = p.feed("a", (2, 3)), p.feed("b", (3, 4))
    assert p.copy(p.permute(p.dot(a, b), (1, 0))).kind == "dot"
