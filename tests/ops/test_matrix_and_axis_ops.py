"""Axes, norms, matrices and more reductions, on numbers worked out by hand, and where torch makes a choice, against it."""

from dataclasses import replace

import numpy as np
import op_checks
import pytest
import torch

import graphlab as gl
from graphlab.engine.breaks import breaks
from graphlab.op import ShapeMismatch, example
from graphlab.ops import registry
from graphlab.plan.differentiate import fused
from tests.engine.graphs import Builder, relative_error
from tests.engine.torch_ops import TORCH
from tests.explain.walks import single_walk
from tests.ops.test_training_ops import back, call

A = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
SINGULAR = [[1.0, 2.0], [2.0, 4.0]]


@pytest.mark.parametrize(
    ("name", "attributes", "y"),
    [
        ("permute", {"axes": (1, 0)}, [[1, 4], [2, 5], [3, 6]]),
        ("expand", {}, [A]),
        ("expand", {"axis": 1}, [[[1, 2, 3]], [[4, 5, 6]]]),
        ("expand", {"axis": -1}, [[[1], [2], [3]], [[4], [5], [6]]]),
        ("reshape", {"shape": (3, 2)}, [[1, 2], [3, 4], [5, 6]]),
        ("flatten", {}, [1, 2, 3, 4, 5, 6]),
        ("flatten", {"start": 1}, A),
        ("slice", {"start": 1, "stop": 2}, [[4, 5, 6]]),
        ("slice", {"axis": 1, "start": 1, "stop": 3}, [[2, 3], [5, 6]]),
    ],
)
def test_elements_are_moved_and_their_gradients_moved_back(name, attributes, y):
    assert call(name, A, **attributes).tolist() == y
    kept = np.isin(A, y)
    assert back(name, 0, y, A, **attributes).tolist() == np.where(kept, A, 0).tolist()


def test_three_axes_in_another_order():
    a = np.arange(24.0).reshape(2, 3, 4)
    y = call("permute", a, axes=(2, 0, 1))
    assert y.shape == (4, 2, 3)
    assert y[3, 1, 2] == a[1, 2, 3]
    assert back("permute", 0, y, a, axes=(2, 0, 1)).tolist() == a.tolist()
    assert call("flatten", a, start=1).shape == (2, 12)


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "said"),
    [
        ("permute", [(2, 3)], {"axes": (0, 0)}, "each of the 2 axes once"),
        ("permute", [(2, 3)], {"axes": (0,)}, "each of the 2 axes once"),
        ("permute", [(2, 3)], {"axes": (1, 2)}, "each of the 2 axes once"),
        ("expand", [(2, 3)], {"axis": 3}, "one of 3, counted from 0, not 3"),
        ("expand", [(2, 3)], {"axis": -4}, "one of 3"),
        ("reshape", [(2, 3)], {"shape": (4, 2)}, "6 elements do not fill"),
        ("reshape", [(2, 3)], {"shape": (-2, -3)}, "6 elements do not fill"),
        ("flatten", [(2, 3)], {"start": 2}, "there is no axis 2"),
        ("flatten", [(2, 3)], {"start": 0.5}, "has to be a whole number"),
        ("flatten", [()], {}, "there is no axis 0"),
        ("slice", [()], {}, "a scalar has none"),
        ("slice", [(3,)], {"start": 1, "stop": 4}, "within an axis of size 3"),
        ("slice", [(3,)], {"start": 1, "stop": 1}, "within an axis of size 3"),
        ("slice", [(3,)], {"start": -1, "stop": 2}, "within an axis of size 3"),
        ("slice", [(3,)], {"axis": 1}, "there is no axis 1"),
        ("gather", [(2, 3), (3,)], {}, "one index for each row"),
        ("gather", [(), ()], {}, "a scalar has none"),
        ("inverse", [(2, 3)], {}, "one square matrix"),
        ("inverse", [(4, 2, 2)], {}, "one square matrix"),
        ("det", [(3,)], {}, "one square matrix"),
        ("logdet", [(5, 2, 2)], {}, "one square matrix"),
        ("trace", [(0, 0)], {}, "one square matrix"),
        ("diagonal", [()], {}, "one square matrix"),
        ("diag", [(2, 2)], {}, "made of a vector"),
        ("outer", [(2,), (2, 2)], {}, "of two vectors"),
        ("spectral_norm", [(2, 2, 2)], {}, "that of a matrix"),
        ("min", [(0,)], {}, "no elements"),
        ("std", [(2, 0)], {"axis": 1}, "no elements"),
        ("prod", [(2, 3)], {"axis": 2}, "there is no axis 2"),
        ("softmax", [(2, 3)], {"axis": 2}, "there is no axis 2"),
        ("log_softmax", [()], {}, "a scalar has none"),
    ],
)
def test_what_does_not_fit_is_refused(name, shapes, attributes, said):
    with pytest.raises(ShapeMismatch, match=said):
        registry[name].shape(*shapes, **attributes)


def test_a_shape_that_would_fit_is_named():
    for name, shapes, wanted in (
        ("gather", [(2, 3), (3,)], {1: (2,)}),
        ("det", [(2, 3)], {0: (3, 3)}),
        ("outer", [(2,), (4, 5)], {1: (5,)}),
    ):
        with pytest.raises(ShapeMismatch) as caught:
            registry[name].shape(*shapes)
        assert caught.value.wanted == wanted


def test_pick_takes_one_element_of_each_row():
    assert call("gather", A, [2, 0]).tolist() == [3, 4]
    assert back("gather", 0, [10, 20], A, [2, 0]).tolist() == [[0, 0, 10], [20, 0, 0]]
    assert call("gather", [0.5, -np.inf, 2.0], 0).tolist() == 0.5
    assert back("gather", 0, np.inf, [0.5, 1.0], 0).tolist() == [np.inf, 0]
    assert registry["gather"].vjps[1] is None


@pytest.mark.parametrize("index", [3, -1, 0.5, np.nan])
def test_pick_refuses_what_is_no_place_in_the_row(index):
    with pytest.raises(gl.GraphlabError, match="whole number from 0 to 2"):
        call("gather", A, [0, index])


def test_pick_of_log_softmax_is_the_cross_entropy():
    z, classes = [[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]], [1, 0]
    picked = call("gather", call("log_softmax", z), classes)
    assert picked == pytest.approx(-call("CrossEntropyWithLogits", [[0, 1, 0], [1, 0, 0]], z))


def test_norms():
    assert call("norm", [3.0, -4.0]) == 5
    assert call("norm1", [3.0, -4.0]) == 7
    assert call("norm", [[1.0, 2.0], [2.0, 4.0]]) == 5  # Frobenius
    assert call("spectral_norm", [[3.0, 0.0], [0.0, -4.0]]) == pytest.approx(4)
    assert back("norm", 0, 10.0, [3.0, -4.0]).tolist() == [6, -8]
    assert back("norm1", 0, 10.0, [3.0, -4.0]).tolist() == [10, -10]
    assert back("spectral_norm", 0, 10.0, [[3.0, 0.0], [0.0, -4.0]]) == pytest.approx(np.array([[0, 0], [0, -10]]))
    assert np.isnan(call("spectral_norm", [[np.nan, 1.0], [0.0, 2.0]]))


@pytest.mark.parametrize(
    ("name", "a", "attributes"),
    [
        ("norm", [0.0, 0.0], {}),
        ("norm", 0.0, {}),
        ("norm1", [0.0, -2.0, 0.0], {}),
        ("spectral_norm", [[1.0, 0.0], [0.0, 1.0]], {}),
        ("min", [1.0, 3.0, 1.0], {}),
        ("min", [[1.0, 3.0], [1.0, 2.0]], {"axis": 0}),
        ("std", [2.0, 2.0], {}),
        ("std", 3.0, {}),
        ("std", [[2.0, 2.0], [1.0, 3.0]], {"axis": 1}),
        ("var", 3.0, {}),
        ("prod", [0.0, 2.0, 3.0], {}),
        ("prod", [0.0, 2.0, 0.0], {}),
        ("prod", [[0.0, 2.0], [5.0, 0.0], [0.0, 7.0]], {"axis": 0}),
        ("logsumexp", [1000.0, -1000.0, 999.0], {}),
        ("logsumexp", [-np.inf, 1.0], {}),
        ("det", [[2.0, 1.0, 0.0], [0.0, 3.0, 1.0], [1.0, 0.0, 1.0]], {}),
    ],
)
def test_where_there_is_a_choice_the_gradient_is_that_of_torch(name, a, attributes):
    y = call(name, a, **attributes)
    g = op_checks.upstream(y.shape)
    there = torch.tensor(a, dtype=torch.float64, requires_grad=True)
    theirs = TORCH[name](there, **attributes)
    theirs.backward(torch.tensor(g))
    assert relative_error(y, theirs.detach().numpy()) < 1e-12
    assert relative_error(back(name, 0, g, a, **attributes), there.grad.numpy()) < 1e-12


def test_matrices():
    assert call("inverse", [[2.0, 0.0], [0.0, 4.0]]).tolist() == [[0.5, 0], [0, 0.25]]
    assert call("det", [[1.0, 2.0], [3.0, 4.0]]) == pytest.approx(-2)
    assert call("trace", [[1.0, 2.0], [3.0, 4.0]]) == 5
    assert call("diag", [1.0, 2.0]).tolist() == [[1, 0], [0, 2]]
    assert call("diagonal", [[1.0, 2.0], [3.0, 4.0]]).tolist() == [1, 4]
    assert call("outer", [1.0, 2.0], [3.0, 4.0, 5.0]).tolist() == [[3, 4, 5], [6, 8, 10]]
    assert back("inverse", 0, [[1.0, 0.0], [0.0, 0.0]], [[2.0, 0.0], [0.0, 4.0]]).tolist() == [[-0.25, 0], [0, 0]]
    assert back("det", 0, 1.0, [[1.0, 2.0], [3.0, 4.0]]) == pytest.approx(np.array([[4, -3], [-2, 1]]))
    assert back("trace", 0, 7.0, np.zeros((3, 3))).tolist() == [[7, 0, 0], [0, 7, 0], [0, 0, 7]]
    assert back("diag", 0, [[1.0, 2.0], [3.0, 4.0]], [0.0, 0.0]).tolist() == [1, 4]
    assert back("diagonal", 0, [5.0, 6.0], np.zeros((2, 2))).tolist() == [[5, 0], [0, 6]]
    g = [[1.0, 0.0, 2.0], [0.0, 1.0, 0.0]]
    assert back("outer", 0, g, [1.0, 2.0], [3.0, 4.0, 5.0]).tolist() == [13, 4]
    assert back("outer", 1, g, [1.0, 2.0], [3.0, 4.0, 5.0]).tolist() == [1, 2, 2]


def test_the_gradient_of_a_determinant_is_made_of_cofactors_even_where_it_is_0():
    assert back("det", 0, 1.0, SINGULAR) == pytest.approx(np.array([[4, -2], [-2, 1]]))
    assert back("det", 0, 1.0, np.zeros((2, 2))).tolist() == [[0, 0], [0, 0]]
    assert back("det", 0, 3.0, [[0.0]]).tolist() == [[3]]


def test_logdet_does_not_overflow_where_det_does():
    assert call("logdet", 1000 * np.eye(200)) == pytest.approx(200 * np.log(1000))
    assert np.isnan(call("logdet", [[-1.0, 0.0], [0.0, 1.0]]))
    with np.errstate(all="ignore"):
        assert call("logdet", SINGULAR) == -np.inf


@pytest.mark.parametrize(
    ("name", "a", "said"),
    [
        ("inverse", SINGULAR, "has no inverse"),
        ("logdet", SINGULAR, "is singular"),
        ("logdet", [[0.0, 1.0], [1.0, 0.0]], "is negative"),
    ],
)
def test_a_matrix_that_breaks_the_numbers_is_explained(name, a, said):
    walk = single_walk(registry[name], example(a))
    assert not np.isfinite(walk.values["y"]).any()
    assert said in breaks(walk)[0].says


def test_statistics():
    assert call("var", [1.0, 2.0, 3.0, 6.0]) == 3.5
    assert call("std", [[1.0, 3.0], [2.0, 8.0]], axis=1).tolist() == [1, 3]
    assert call("min", [[1.0, 3.0], [2.0, -8.0]], axis=0).tolist() == [1, -8]
    assert call("prod", [1.0, 2.0, 3.0, 4.0, 5.0]) == 120
    assert call("prod", A, axis=1).tolist() == [6, 120]
    assert back("prod", 0, 1.0, [0.0, 2.0, 3.0]).tolist() == [6, 0, 0]
    assert back("prod", 0, 1.0, [0.0, 2.0, 0.0]).tolist() == [0, 0, 0]
    assert back("var", 0, 2.0, [1.0, 2.0, 3.0, 6.0]).tolist() == [-2, -1, 0, 3]
    assert call("logsumexp", [np.log(2), np.log(3)]) == pytest.approx(np.log(5))


def test_logsumexp_neither_overflows_nor_makes_nan():
    assert call("logsumexp", [1000.0, 1000.0]) == pytest.approx(1000 + np.log(2))
    with np.errstate(all="ignore"):
        assert call("logsumexp", [-np.inf, -np.inf]) == -np.inf
        assert call("logsumexp", [np.inf, 1.0]) == np.inf


@pytest.mark.parametrize("name", ["softmax", "log_softmax"])
def test_softmax_along_another_axis_is_that_of_the_transpose(name):
    z, g = np.array([[0.5, -1.5, 0.2], [2.0, -0.25, 0.9]]), op_checks.upstream((2, 3))
    assert call(name, z, axis=0).tolist() == call(name, z.T).T.tolist()
    assert back(name, 0, g, z, axis=0).tolist() == back(name, 0, g.T, z.T).T.tolist()
    assert call(name, z, axis=1).tolist() == call(name, z).tolist()


@pytest.mark.parametrize(("axis", "merged"), [(None, True), (-1, True), (0, False)])
@pytest.mark.parametrize("loss", ["log", "CrossEntropy"])
def test_a_plan_merges_only_the_softmax_along_the_usual_axis(loss, axis, merged):
    b = Builder()
    z = b.leaf([[0.5, -1.5], [2.0, -0.25]], name="z")
    p = b.apply("softmax", z, **({} if axis is None else {"axis": axis}))
    y = b.apply(loss, *([b.leaf([[0.0, 1.0], [1.0, 0.0]], "input"), p] if loss == "CrossEntropy" else [p]))
    b.apply("norm2", y, name="loss")
    run = {o.op.name for o in fused(list(b.graph().operations), "loss", ("z",))}
    assert ("softmax" not in run) == merged
    value, gradients = gl.compile(b.graph())(b.feeds)
    values = gl.forward(b.graph(), b.feeds)
    assert value == pytest.approx(values["loss"], rel=1e-12)
    assert relative_error(gradients["z"], gl.backward(b.graph(), values)["z"]) < 1e-12


def test_the_usual_softmax_is_written_as_before():
    op = registry["softmax"]
    term = gl.op.Term("z", (2, 3))
    assert op.latex(term) == r"\operatorname{softmax}\left(z\right)"
    assert op.latex(term, axis=0) == r"\operatorname{softmax}_{\text{axis}=0}\left(z\right)"
    assert op.code.numpy(term, axis=-1) == "softmax(z)"
    assert op.code.numpy(term, axis=0) == "softmax_along(z, axis=0)"


WRONG = {
    "inverse": lambda g, y, a: -(y @ g @ y),
    "det": lambda g, y, a: g * y * np.linalg.inv(a),
    "logdet": lambda g, y, a: g * np.linalg.inv(a),
    "spectral_norm": lambda g, y, a: g * a / y,
    "permute": lambda g, y, a, *, axes=(): np.transpose(g, axes),
    "prod": lambda g, y, a, *, axis=None: g * y * np.ones_like(a),
    "var": lambda g, y, a, *, axis=None: np.broadcast_to(g, a.shape) * 2 * (a - a.mean()) / (a.size - 1),
    "outer": lambda g, y, a, b: g.T @ a,
    "softmax": lambda g, y, a, *, axis=-1: (g - (g * y).sum(-1, keepdims=True)) * y,
}


def _check_all(op):
    for case in op.examples:
        op_checks.vjp_agrees_with_differences(op, case)


@pytest.mark.parametrize("name", WRONG)
def test_a_planted_fault_is_caught_on_the_examples(name):
    op = registry[name]
    wrong = replace(op, vjps=(WRONG[name], *op.vjps[1:]))
    with pytest.raises(AssertionError):
        _check_all(wrong)
