"""The registry refuses what is incomplete, and the checks catch a derivative that is wrong."""

import numpy as np
import op_checks
import pytest

import graphlab as gl
from graphlab.graph import Graph, Operation, Vertex
from graphlab.op import Code, IncompleteOp, Registry, example
from graphlab.ops import registry


def square(**changed):
    """A complete declaration of y = a ⊙ b, with parts changed; a part set to `...` is left out."""
    parts = {
        "name": "product",
        "arity": 2,
        "shape": lambda a, b: a,
        "forward": lambda a, b: a * b,
        "vjps": (lambda g, y, a, b: g * b, lambda g, y, a, b: g * a),
        "jacobians": (None, None),
        "symbol": r"\odot",
        "latex": lambda a, b: rf"{a} \odot {b}",
        "jacobian_latex": (lambda y, a, b: str(b), lambda y, a, b: str(a)),
        "product_latex": (lambda g, y, a, b: f"{g} {b}", lambda g, y, a, b: f"{g} {a}"),
        "says": "{y} is {a} times {b}.",
        "says_back": ("Times {b}.", "Times {a}."),
        "code": Code("{a} * {b}", ("{g} * {b}", "{g} * {a}"), "{a} * {b}"),
        "examples": (example([0.5, -1.5], [2.0, 3.0]),),
    }
    parts.update(changed)
    return {name: part for name, part in parts.items() if part is not ...}


def test_a_complete_op_is_accepted():
    ours = Registry()
    assert ours.declare(**square()) is ours["product"]
    assert list(ours) == ["product"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vjps": (lambda g, y, a, b: g * b,)}, "product: vjps has 1 entries for 2 slots"),
        ({"vjps": ...}, "product: .*missing.*'vjps'"),
        ({"shape": ...}, "product: .*missing.*'shape'"),
        ({"jacobians": (None,)}, "product: jacobians has 1 entries for 2 slots"),
        ({"jacobian_latex": (None, lambda y, a, b: str(a))}, "product: slot 0 has a VJP and no jacobian_latex"),
        ({"product_latex": (lambda g, y, a, b: "", None)}, "product: slot 1 has a VJP and no product_latex"),
        ({"says_back": ("Times {b}.", "")}, "product: slot 1 has a VJP and no says_back"),
        ({"says": ""}, "product: says is empty"),
        ({"code": ...}, "product: .*missing.*'code'"),
        ({"code": Code("", (None, None), "{a} * {b}")}, "product: code has no numpy"),
        ({"code": Code("{a} * {b}", ("{g} * {b}", "{g} * {a}"), "")}, "product: code has no torch"),
        ({"code": Code("{a} * {b}", ("{g} * {b}",), "{a} * {b}")}, "product: code.vjps has 1 entries for 2 slots"),
        ({"code": Code("{a} * {b}", ("{g} * {b}", None), "{a} * {b}")}, "product: slot 1 has a VJP and no code for it"),
        ({"examples": ()}, "product: examples is empty"),
        ({"examples": (example(1.0),)}, "product: an example has 1 operands for 2 slots"),
        ({"examples": (example(1.0, 2.0, axis=0),)}, "product: an example uses the attributes .'axis'., which are not"),
        ({"name": ""}, "an op with no name: name is empty"),
        ({"colour": "red"}, "product: .*unexpected keyword argument 'colour'"),
    ],
)
def test_an_incomplete_op_is_refused(changed, said):
    ours = Registry()
    with pytest.raises(IncompleteOp, match=said):
        ours.declare(**square(**changed))
    assert not ours


def test_a_name_is_given_once():
    ours = Registry()
    ours.declare(**square(function="times"))
    with pytest.raises(IncompleteOp, match="product: this name is declared already"):
        ours.declare(**square())
    with pytest.raises(IncompleteOp, match="other: this name is declared already"):
        ours.declare(**square(name="other", aliases=("times",)))


WRONG = {
    "wrong sign": (lambda g, y, a, b: -g * b, lambda g, y, a, b: g * a),
    "swapped operand": (lambda g, y, a, b: g * a, lambda g, y, a, b: g * b),
    "second edge missing": (lambda g, y, a, b: g * b, None),
    "second edge zero": (lambda g, y, a, b: g * b, lambda g, y, a, b: 0 * a),
    "factor forgotten": (lambda g, y, a, b: g, lambda g, y, a, b: g * a),
    "upstream forgotten": (lambda g, y, a, b: b, lambda g, y, a, b: g * a),
}


def graph_of(op, inputs):
    """loss = sum(op(inputs)); one name given twice makes two edges from one vertex."""
    vertices = {name: Vertex(name, "parameter", (2,), name) for name in inputs}
    vertices["tmp_1"] = Vertex("tmp_1", "temporary", (2,), r"\mathbf{tmp}_1")
    vertices["tmp_2"] = Vertex("tmp_2", "temporary", (2,), r"\mathbf{tmp}_2")
    vertices["loss"] = Vertex("loss", "output", (), r"\mathcal{L}")
    return Graph(
        vertices,
        (
            Operation(op, inputs, "tmp_1"),
            Operation(registry["tanh"], ("tmp_1",), "tmp_2"),
            Operation(registry["sum"], ("tmp_2",), "loss"),
        ),
    )


FEEDS = {"a": np.array([0.5, -1.5]), "b": np.array([2.0, 0.3])}


def test_check_gradients_accepts_the_right_op():
    op = Registry().declare(**square())
    assert gl.check_gradients(graph_of(op, ("a", "b")), FEEDS).worst < 1e-8
    assert gl.check_gradients(graph_of(op, ("a", "a")), {"a": FEEDS["a"]}).worst < 1e-8


@pytest.mark.parametrize("fault", WRONG)
def test_check_gradients_catches_a_planted_fault(fault):
    op = Registry().declare(**square(vjps=WRONG[fault]))
    distinct = gl.check_gradients(graph_of(op, ("a", "b")), FEEDS).worst
    shared = gl.check_gradients(graph_of(op, ("a", "a")), {"a": FEEDS["a"]}).worst
    assert max(distinct, shared) > 1e-2


@pytest.mark.parametrize("fault", [name for name in WRONG if name != "second edge missing"])
def test_the_generic_check_catches_a_planted_fault(fault):
    op = Registry().declare(**square(vjps=WRONG[fault]))
    with pytest.raises(AssertionError):
        op_checks.vjp_agrees_with_differences(op, op.examples[0])


def test_the_generic_checks_catch_a_wrong_shape_and_a_wrong_jacobian():
    op = Registry().declare(**square(shape=lambda a, b: (*a, 1)))
    with pytest.raises(AssertionError):
        op_checks.shape_rule_agrees(op, op.examples[0])
    op = Registry().declare(**square(jacobians=(lambda y, a, b: np.diag(a), None)))
    with pytest.raises(AssertionError):
        op_checks.jacobian_agrees_with_vjp(op, op.examples[0])
    op = Registry().declare(**square(says="{y} is {a} times {c}."))
    with pytest.raises(AssertionError):
        op_checks.sentences_have_known_placeholders(op, op.examples[0])


def test_the_generic_check_catches_a_silent_move_to_the_host():
    import array_api_strict

    op = Registry().declare(**square(forward=lambda a, b: np.asarray(a) * np.asarray(b)))
    with pytest.raises(AssertionError):
        op_checks.same_numbers_elsewhere(op, op.examples[0], array_api_strict.asarray, np.asarray)
