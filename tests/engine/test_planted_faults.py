"""Tests of the tests: a fault planted in an op or in a graph has to be found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import graphlab as gl
from graphlab.graph import Graph, Operation
from graphlab.op import Op
from graphlab.ops import registry
from tests.engine.graphs import Builder, mlp, relative_error
from tests.engine.torch_ops import torch_backward, torch_forward


def _with_fault(output: str, **change) -> tuple[Graph, dict]:
    """The perceptron with something changed about the operation that computes `output`."""
    graph, feeds = mlp()
    operations = [replace(o, **change) if o.output == output else o for o in graph.operations]
    return Graph(graph.vertices, tuple(operations)), feeds


def _vjp(op: str, slot: int, vjp) -> Op:
    vjps = list(registry[op].vjps)
    vjps[slot] = vjp
    return replace(registry[op], vjps=tuple(vjps))


WRONG = {
    "a slope forgotten": ("h", _vjp("tanh", 0, lambda g, y, a: g)),
    "a sign": ("y", _vjp("sigma", 0, lambda g, y, a: -g * y * (1 - y))),
    "the operand in place of the output": ("h", _vjp("tanh", 0, lambda g, y, a: g * (1 - a * a))),
    "operands swapped": ("tmp_3", _vjp("matmul", 0, lambda g, y, a, b, **_: g * a)),
    "one part in ten thousand": ("tmp_4", _vjp("add", 1, lambda g, y, a, b: g * 1.0001)),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_vjp_is_found_by_differences_and_by_torch(fault):
    output, op = WRONG[fault]
    graph, feeds = _with_fault(output, op=op)
    assert gl.check_gradients(graph, feeds).worst > 1e-6
    wanted = torch_backward(torch_forward(graph, feeds))
    gradients = gl.backward(graph, gl.forward(graph, feeds))
    assert max(relative_error(gradients[name], wanted[name]) for name in wanted) > 1e-6


def test_the_check_passes_where_nothing_is_wrong():
    graph, feeds = mlp()
    report = gl.check_gradients(graph, feeds)
    assert set(report) == {"x", "W_1", "b_1", "w_2", "b_2", "y_true"}
    assert report.worst < 1e-9
    assert report.worst == max(report.values())


def test_the_plan_differentiates_with_the_vjps_it_is_given():
    """A changed op is not taken for the declared one, whose pair with BCE is known to be equal."""
    output, op = WRONG["a sign"]
    graph, feeds = _with_fault(output, op=op)
    gradients = gl.backward(graph, gl.forward(graph, feeds))
    for name, planned in gl.compile(graph)(feeds)[1].items():
        assert relative_error(planned, gradients[name]) < 1e-14


def test_swapped_operands_of_a_difference_are_found_by_torch():
    b = Builder()
    b.leaf([1.0, 2.0], name="a")
    b.leaf([4.0, 8.0], name="b")
    b.apply("sub", "a", "b", name="d")
    b.apply("norm2", "d", name="square")
    b.apply("exp", b.apply("scale", b.number(0.01), "square"), name="loss")
    graph = b.graph()
    swapped = [replace(o, inputs=("b", "a")) if o.output == "d" else o for o in graph.operations]
    values = gl.forward(Graph(graph.vertices, tuple(swapped)), b.feeds)
    assert relative_error(values["d"], torch_forward(graph, b.feeds)["d"].detach()) > 0.1


def test_the_lost_second_edge_of_a_product_is_found():
    """What a set of children does to x ⊙ x: one of its two edges is gone."""
    b = Builder()
    b.leaf([1.0, -2.0], name="x")
    b.apply("mul", "x", "x", name="y")
    b.apply("sum", "y", name="loss")
    graph = b.graph()
    lost = Operation(_vjp("mul", 1, None), ("x", "x"), "y")
    broken = Graph(graph.vertices, (lost, graph.operations[1]))
    assert gl.check_gradients(graph, b.feeds).worst < 1e-9
    assert gl.check_gradients(broken, b.feeds).worst > 0.1
    wanted = torch_backward(torch_forward(graph, b.feeds))["x"]
    assert relative_error(gl.backward(broken, gl.forward(broken, b.feeds))["x"], wanted) > 0.1
    assert np.allclose(wanted, [2.0, -4.0])
