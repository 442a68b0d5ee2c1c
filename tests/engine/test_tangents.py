"""Forward mode: against the Jacobian-vector products of torch, and against reverse mode, in float64."""

import numpy as np
import pytest
import torch

import graphlab as gl
from graphlab.engine import jvp
from graphlab.graph import Graph, Operation, Vertex
from graphlab.ops import registry
from tests.engine.graphs import relative_error
from tests.engine.torch_ops import TORCH
from tests.finite import FINITE
from tests.ops import op_checks

LIMIT = 1e-10


def each_case(applies=lambda op: True):
    return pytest.mark.parametrize(("op", "example"), op_checks.cases(registry, applies), ids=op_checks.case_id)


every_case = each_case()


def alone(op, example):
    shapes = [np.shape(x) for x in example.inputs]
    names = [f"a_{i}" for i in range(len(shapes))]
    vertices = {n: Vertex(n, "parameter", s, n) for n, s in zip(names, shapes, strict=True)}
    vertices["y"] = Vertex("y", "output", op.shape(*shapes, **example.attributes), "y")
    graph = Graph(vertices, (Operation(op, tuple(names), "y", example.attributes),))
    return graph, gl.forward(graph, dict(zip(names, example.inputs, strict=True)))


@every_case
def test_the_tangent_of_an_op_is_that_of_torch(op, example):
    graph, values = alone(op, example)
    moving = [slot for slot, vjp in enumerate(op.vjps) if vjp is not None]
    tangents = {f"a_{slot}": op_checks.upstream(values[f"a_{slot}"].shape) for slot in moving}
    ours = jvp(graph, values, of="y", along=tangents)
    assert ours.shape == values["y"].shape
    if not moving:
        assert not ours.any()
        return

    def theirs(*moved):
        operands = dict(zip(moving, moved, strict=True))
        inputs = [operands.get(i, torch.tensor(values[f"a_{i}"])) for i in range(op.arity)]
        return TORCH[op.name](*inputs, **example.attributes)

    primals = tuple(torch.tensor(values[f"a_{slot}"]) for slot in moving)
    tangents = tuple(map(torch.tensor, tangents.values()))
    wanted = torch.autograd.functional.jvp(theirs, primals, tangents)[1]
    assert relative_error(ours, wanted.numpy()) < LIMIT


@pytest.mark.parametrize("name", FINITE)
def test_forward_mode_and_reverse_mode_agree_on_every_scenario(name):
    s = gl.scenario(name)
    values = gl.forward(s.graph, s.feeds(0))
    gradients = gl.backward(s.graph, values, of=s.of)
    along = {n: op_checks.upstream(values[n].shape) for n in s.graph.fed if n in gradients}
    down = sum(float(np.sum(gradients[n] * v)) for n, v in along.items())
    up = float(jvp(s.graph, values, of=s.of, along=along))
    assert up == pytest.approx(down, rel=1e-10, abs=1e-13)


@pytest.mark.parametrize(("of", "by"), [("h", "W_1"), ("loss", "x"), ("y", "h"), ("W_1", "W_1"), ("x", "h")])
def test_a_jacobian_by_columns_is_the_one_by_rows(of, by):
    s = gl.scenario("mlp")
    values = gl.forward(s.graph, s.feeds(0))
    rows = gl.jacobian(s.graph, values, of=of, by=by)
    columns = gl.jacobian(s.graph, values, of=of, by=by, mode="forward")
    assert columns.shape == rows.shape == values[of].shape + values[by].shape
    np.testing.assert_allclose(columns, rows, rtol=1e-12, atol=1e-15)


def test_a_fed_sequence_moves_as_one():
    s = gl.scenario("rnn")
    values = gl.forward(s.graph, s.feeds(0))
    v = op_checks.upstream(values["x"].shape)
    whole = jvp(s.graph, values, of=s.of, along={"x": v})
    steps = jvp(s.graph, values, of=s.of, along={name: v[t] for t, name in enumerate(s.graph.sequences["x"])})
    assert whole == pytest.approx(float(steps), rel=1e-14)
    assert gl.jacobian(s.graph, values, of=s.of, by="x", mode="forward") == pytest.approx(
        gl.jacobian(s.graph, values, of=s.of, by="x"), rel=1e-10
    )


def test_a_temporary_vertex_moves_by_itself():
    s = gl.scenario("mlp")
    values = gl.forward(s.graph, s.feeds(0))
    v = op_checks.upstream(values["h"].shape)
    expected = np.tensordot(gl.jacobian(s.graph, values, of="y", by="h"), v, axes=1)
    assert jvp(s.graph, values, of="y", along={"h": v}) == pytest.approx(expected, rel=1e-12)


def test_tangents_that_do_not_fit():
    s = gl.scenario("mlp")
    values = gl.forward(s.graph, s.feeds(0))
    with pytest.raises(gl.GraphlabError, match="there is no vertex nobody"):
        jvp(s.graph, values, of="y", along={"nobody": 1.0})
    with pytest.raises(gl.GraphlabError, match="there is no vertex nobody"):
        jvp(s.graph, values, of="nobody", along={"h": values["h"]})
    with pytest.raises(gl.ShapeError, match=r"the tangent of h has the shape \(\); the vertex has"):
        jvp(s.graph, values, of="y", along={"h": 1.0})


@each_case(lambda op: op.linear)
def test_an_op_that_says_it_is_linear_is(op, example):
    """f(…, 2u − v, …) = 2 f(…, u, …) − f(…, v, …), in each operand, or in all of them together."""
    inputs = op_checks.operands(example)
    slots = [slot for slot, vjp in enumerate(op.vjps) if vjp is not None]
    for moved in [[slot] for slot in slots] if op.linear == "each" else [slots]:
        u = [np.cos(a + 1) if i in moved else a for i, a in enumerate(inputs)]
        mixed = [2 * b - a if i in moved else a for i, (a, b) in enumerate(zip(inputs, u, strict=True))]
        f = [op.forward(*operands, **example.attributes) for operands in (mixed, u, inputs)]
        np.testing.assert_allclose(f[0], 2 * f[1] - f[2], rtol=1e-12, atol=1e-14)


@each_case(lambda op: op.terms)
def test_the_summands_of_an_op_add_up_to_its_value(op, example):
    inputs, y = op_checks.operands(example), op_checks.output(op, example)
    for at in np.ndindex(y.shape):
        summands = op.terms(at, *inputs, **example.attributes)
        total = sum(c * np.prod([inputs[slot][i] for slot, i in factors]) for c, factors in summands)
        assert total == pytest.approx(y[at], rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("op", registry.values(), ids=str)
def test_every_op_says_what_one_of_its_elements_is_made_of(op):
    assert op.elementwise or op.terms or op.element
