"""Ops of any number of operands: the declaration is a family, an operation refers to the member it needs."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain import explain
from graphlab.graph import Graph, Operation, Vertex
from graphlab.op import Code, IncompleteOp, Registry, example
from graphlab.ops import registry


def total(**changed):
    """A complete declaration of y = a + b + c + …, with parts changed."""
    parts = {
        "name": "total",
        "arity": None,
        "shape": lambda *shapes: shapes[0],
        "forward": lambda *inputs: sum(inputs),
        "vjps": lambda slot: lambda g, y, *inputs: g,
        "jacobians": lambda slot: None,
        "symbol": "+",
        "latex": lambda *terms: " + ".join(terms),
        "jacobian_latex": lambda slot: lambda y, *terms: r"\mathbf{I}",
        "product_latex": lambda slot: lambda g, y, *terms: str(g),
        "says": "{y} is a sum.",
        "says_back": lambda slot: "Unchanged.",
        "code": Code(lambda *names: " + ".join(names), lambda slot: "{g}", lambda *names: " + ".join(names)),
        "examples": (example([0.5], [2.0]), example([0.5], [2.0], [1.0])),
    }
    return {**parts, **changed}


def test_a_member_has_an_entry_for_each_slot():
    op = Registry().declare(**total())
    member = op.of(3)
    assert member.arity == 3
    assert len(member.vjps) == len(member.says_back) == 3
    assert op.of(3) is member
    assert member.of(3) is member
    assert str(member) == "total"


def test_an_op_takes_the_operands_it_declares():
    op = Registry().declare(**total(at_least=2))
    assert [op.takes(n) for n in range(4)] == [False, False, True, True]
    assert [registry["mul"].takes(n) for n in range(4)] == [False, False, True, False]
    with pytest.raises(ValueError, match="total takes at least 2 operands, not 1"):
        op.of(1)
    with pytest.raises(ValueError, match="mul takes 2 operands, not 3"):
        registry["mul"].of(3)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vjps": (None, None)}, "total: vjps has to be a function of the slot"),
        ({"says_back": lambda slot: ""}, "total: slot 0 has a VJP and no says_back"),
        ({"product_latex": lambda slot: None if slot == 2 else str}, "total: slot 2 has a VJP and no product_latex"),
        ({"code": Code("{a}", ("{g}",), "{a}")}, "total: code.vjps has to be a function of the slot"),
        ({"at_least": 3}, "total: an example has 2 operands for at least 3 slots"),
        ({"examples": ()}, "total: examples is empty"),
    ],
)
def test_an_incomplete_family_is_refused(changed, said):
    ours = Registry()
    with pytest.raises(IncompleteOp, match=said):
        ours.declare(**total(**changed))
    assert not ours


def test_an_operation_refers_to_the_member():
    operation = Operation(registry["concat"], ("a", "b", "c"), "y")
    assert operation.op is registry["concat"].of(3)
    with pytest.raises(ValueError, match="last takes at least 2 operands, not 1"):
        Operation(registry["last"], ("length",), "y")


def test_hundreds_of_operands():
    n = 300
    names = [f"h_{t}" for t in range(1, n + 1)]
    vertices = {name: Vertex(name, "parameter", (2,), name) for name in names}
    vertices["c"] = Vertex("c", "temporary", (2 * n,), "c")
    vertices["loss"] = Vertex("loss", "output", (), r"\mathcal{L}")
    graph = Graph(
        vertices, (Operation(registry["concat"], tuple(names), "c"), Operation(registry["norm2"], ("c",), "loss"))
    )
    feeds = {name: np.array([t, -t], dtype=float) for t, name in enumerate(names)}
    gradients = gl.backward(graph, gl.forward(graph, feeds))
    assert gradients["h_300"].tolist() == [598, -598]
    _, planned = gl.compile(graph)(feeds)
    assert planned["h_300"].tolist() == [598, -598]
    walk = gl.trace(graph, feeds)
    for step in walk:  # a few of the operands stand for all
        said = explain(walk, step)
        assert len(said.symbols) < 1000
        assert len(said.numbers) < 1000
        assert len(said.sentence) < 300
    assert r"\dots" in said.symbols
