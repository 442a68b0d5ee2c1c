"""Gradients doubted: kinks told from mistakes, a planted fault found, and the first number that breaks with its cause."""

import dataclasses

import numpy as np
import pytest

import graphlab as gl
from graphlab.engine.breaks import breaks, element_name
from graphlab.engine.check import check_walk
from graphlab.graph import Graph
from graphlab.ops import registry


def walk(text, feeds, **kinds):
    shapes = {name: np.shape(value) for name, value in feeds.items()}
    return gl.trace(gl.parse(text, shapes=shapes, kinds=kinds), feeds, wrt=kinds or None)


def verdicts(walked, **options):
    return {name: checked.verdict for name, checked in check_walk(walked, **options).items() if checked}


@pytest.mark.parametrize("name", gl.scenarios())
def test_every_gradient_of_every_scenario_is_right_or_breaks_on_purpose(name):
    walked = gl.scenario(name).walk()
    expected = {"right", "unknown"} if breaks(walked) else {"right"}
    assert set(verdicts(walked, seconds=0.4).values()) <= expected


@pytest.mark.parametrize("op", ["ReLU", "SELU"])
def test_an_activation_at_0_is_a_kink_and_is_named(op):
    found = check_walk(walk(f"h = {op}(x)\nloss = sum(h)", {"x": [0.0, 1.0, -1.0]}))["x"]
    assert (found.verdict, found.worst.index, found.kink.output) == ("kink", (0,), "h")


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("loss = max(x)", [2.0, 2.0, 1.0]),
        ("loss = max(x)", [2.0, 2.0, 2.0]),
        ("loss = sum(max_over_time(x))", [[2.0, 1.0], [2.0, 0.0]]),
    ],
)
def test_a_tie_is_a_kink_even_where_both_methods_agree(text, x):
    found = check_walk(walk(text, {"x": x}))["x"]
    assert found.verdict == "kink"
    assert found.kink is not None


def test_a_kink_nearby_is_no_kink_here():
    assert verdicts(walk("h = ReLU(x)\nloss = sum(h)", {"x": [1e-6, -1e-6]}))["x"] == "right"


def test_a_steep_curve_is_no_kink():
    assert verdicts(walk("h = sigma(x * 50)\nloss = sum(h)", {"x": [0.0, 0.01]}))["x"] == "right"


def with_wrong_vjp(graph, name, vjps):
    wrong = dataclasses.replace(registry[name], vjps=vjps)
    operations = tuple(dataclasses.replace(o, op=wrong) if o.op.name == name else o for o in graph.operations)
    return Graph(graph.vertices, operations, graph.text, graph.sequences)


def test_a_planted_wrong_vjp_is_wrong_from_its_operand_on_back():
    s = gl.scenario("mlp")
    graph = with_wrong_vjp(s.graph, "tanh", (lambda g, y, a: g * (1 + y * y),))
    found = verdicts(gl.trace(graph, s.feeds(), wrt=s.parameters))
    assert {name for name, verdict in found.items() if verdict == "wrong"} == {"tmp_2", "b_1", "tmp_1", "W_1"}


def test_a_wrong_value_at_a_kink_is_wrong():
    graph = with_wrong_vjp(
        gl.parse("h = ReLU(x)\nloss = sum(h)", shapes={"x": (1,)}), "relu", (lambda g, y, a: g * 1.5,)
    )
    assert verdicts(gl.trace(graph, {"x": [0.0]}))["x"] == "wrong"


def test_no_time_leaves_vertices_unchecked_and_says_so():
    found = check_walk(gl.scenario("lstm").walk(), seconds=0.0)
    assert next(checked for checked in found.values() if checked is not None).elements == 1
    assert None in found.values()


def test_a_mask_of_minus_infinity_breaks_nothing():
    assert breaks(gl.scenario("attention-causal").walk()) == ()


BCE = "y = sigma(z)\nloss = BCE(y_true, y)"


@pytest.mark.parametrize(("z", "broken"), [(36.0, False), (37.0, True), (800.0, True)])
def test_naive_bce_breaks_at_a_logit_of_37_where_the_stable_gradient_is_1(z, broken):
    naive = walk(BCE, {"z": z, "y_true": 0.0}, z="parameter")
    stable = walk("loss = BCEWithLogits(y_true, z)", {"z": z, "y_true": 0.0}, z="parameter")
    assert bool(breaks(naive)) is broken
    assert bool(np.isinf(naive.values["loss"])) is broken
    assert float(stable.values["loss"]) == pytest.approx(z, abs=1e-12)
    gradients = gl.backward(stable.graph, stable.values)
    assert float(gradients["z"]) == pytest.approx(1.0, abs=1e-12)


def test_what_breaks_first_is_told_forward_and_backward():
    told = breaks(walk(BCE, {"z": 40.0, "y_true": 0.0}, z="parameter"))
    assert [(b.phase, b.vertex, str(b.value)) for b in told] == [
        ("forward", "loss", "inf"),
        ("backward", "y", "inf"),
        ("backward", "z", "nan"),
    ]
    assert "exactly 1" in told[0].says
    assert told[0].fills["x"] == "y"
    assert "0 · ∞" in told[2].says


@pytest.mark.parametrize(
    ("text", "feeds", "vertex", "says"),
    [
        ("e = exp(x)\nloss = sum(e)", {"x": [1.0, 800.0]}, "e", "709.8"),
        ("l = log(x)\nloss = sum(l)", {"x": [1.0, 0.0]}, "l", "logarithm of 0"),
        ("l = log(x)\nloss = sum(l)", {"x": [-1.0]}, "l", "negative number"),
        ("r = sqrt(x)\nloss = sum(r)", {"x": [-1.0]}, "r", "square root of a negative"),
        ("q = 1/x\nloss = sum(q)", {"x": [0.0]}, "q", "division by 0"),
        ("q = x/x\nloss = sum(q)", {"x": [0.0]}, "q", "0 divided by 0"),
        ("s = x * x\nloss = sum(s)", {"x": [1e200]}, "s", "larger than the largest"),
        ("loss = CrossEntropy(x_true, x)", {"x_true": [1.0, 0.0], "x": [0.0, 1.0]}, "loss", "exactly 0"),
    ],
)
def test_the_cause_of_a_break_is_told(text, feeds, vertex, says):
    first = breaks(walk(text, feeds))[0]
    assert (first.vertex, first.phase) == (vertex, "forward")
    assert says in first.says


def test_a_gradient_may_break_alone():
    told = breaks(walk("r = sqrt(x)\nloss = sum(r)", {"x": [0.0, 4.0]}))
    assert [(b.phase, b.vertex, b.index, b.value) for b in told] == [("backward", "x", (0,), np.inf)]


def test_elements_are_named_from_1():
    assert [element_name("W_1", (1, 0)), element_name("b", ())] == ["W_1[2, 1]", "b"]
