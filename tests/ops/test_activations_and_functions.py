"""Activations, elementary functions, comparisons: numbers by hand, torch at the kinks, and no warning that leaks."""

import math
import warnings
from dataclasses import replace

import numpy as np
import op_checks
import pytest
import torch

import graphlab as gl
from graphlab.op import ShapeMismatch
from graphlab.ops import registry
from graphlab.ops.normal import erf, normal_cdf
from tests.engine.graphs import relative_error
from tests.engine.torch_ops import TORCH

INF, NAN = math.inf, math.nan


def call(name, *inputs, **attributes):
    return np.asarray(registry[name].forward(*(np.asarray(x, dtype=np.float64) for x in inputs), **attributes))


def back(name, slot, g, *inputs, **attributes):
    inputs = [np.asarray(x, dtype=np.float64) for x in inputs]
    y = call(name, *inputs, **attributes)
    return np.asarray(registry[name].vjps[slot](np.asarray(g, dtype=np.float64), y, *inputs, **attributes))


@pytest.mark.parametrize(
    ("name", "x", "attributes", "y", "slope"),
    [
        ("leaky_relu", [2.0, -3.0, 0.0], {}, [2.0, -0.03, 0.0], [1.0, 0.01, 0.01]),
        ("leaky_relu", [2.0, -3.0], {"slope": 0.5}, [2.0, -1.5], [1.0, 0.5]),
        ("elu", [2.0, -math.log(2), 0.0], {}, [2.0, -0.5, 0.0], [1.0, 0.5, 1.0]),
        ("elu", [2.0, -math.log(2), 0.0], {"alpha": 4.0}, [2.0, -2.0, 0.0], [1.0, 2.0, 4.0]),
        (
            "gelu",
            [0.0, 1.0, -1.0],
            {},
            [0.0, 0.841344746068543, -0.158655253931457],
            [0.5, 1.083315470587, -0.083315470587],
        ),
        ("gelu_tanh", [0.0, 1.0], {}, [0.0, 0.841191990608276], [0.5, 1.0829640838457826]),
        ("silu", [0.0, math.log(3), -math.log(3)], {}, [0, 0.75 * math.log(3), -0.25 * math.log(3)], None),
        ("mish", [0.0, math.log(2)], {}, [0.0, 0.8 * math.log(2)], [0.6, 0.8 + math.log(2) * 0.36 * 2 / 3]),
        ("softplus", [0.0, math.log(3)], {}, [math.log(2), math.log(4)], [0.5, 0.75]),
        ("softsign", [1.0, -3.0, 0.0], {}, [0.5, -0.75, 0.0], [0.25, 0.0625, 1.0]),
        ("hardtanh", [-2.0, -1.0, 0.5, 1.0, 7.0], {}, [-1.0, -1.0, 0.5, 1.0, 1.0], [0, 0, 1, 0, 0]),
        ("relu6", [-2.0, 0.0, 0.5, 6.0, 7.0], {}, [0.0, 0.0, 0.5, 6.0, 6.0], [0, 0, 1, 0, 0]),
        ("sin", [0.0, math.pi / 6], {}, [0.0, 0.5], [1.0, math.sqrt(3) / 2]),
        ("cos", [0.0, math.pi / 3], {}, [1.0, 0.5], [0.0, -math.sqrt(3) / 2]),
        ("tan", [0.0, math.pi / 4], {}, [0.0, 1.0], [1.0, 2.0]),
        ("sinh", [0.0, math.log(2)], {}, [0.0, 0.75], [1.0, 1.25]),
        ("cosh", [0.0, math.log(2)], {}, [1.0, 1.25], [0.0, 0.75]),
        ("arctan", [0.0, 1.0, INF], {}, [0.0, math.pi / 4, math.pi / 2], [1.0, 0.5, 0.0]),
        ("erf", [0.0, 0.5, 1.0], {}, [0.0, 0.520499877813047, 0.842700792949715], None),
        ("normal_cdf", [0.0, 1.0], {}, [0.5, 0.8413447460685429], [1 / math.sqrt(2 * math.pi), 0.24197072451914337]),
        ("abs", [-2.0, 0.0, 3.0], {}, [2.0, 0.0, 3.0], [-1.0, 0.0, 1.0]),
        ("log2", [8.0, 0.5], {}, [3.0, -1.0], [1 / (8 * math.log(2)), 2 / math.log(2)]),
        ("log10", [1000.0, 0.1], {}, [3.0, -1.0], [1 / (1000 * math.log(10)), 10 / math.log(10)]),
        ("log1p", [0.0, 1e-20, 1.0], {}, [0.0, 1e-20, math.log(2)], [1.0, 1.0, 0.5]),
        ("expm1", [0.0, 1e-20, math.log(3)], {}, [0.0, 1e-20, 2.0], [1.0, 1.0, 3.0]),
        ("logsigmoid", [0.0, -math.log(3)], {}, [-math.log(2), -math.log(4)], [0.5, 0.75]),
        ("power", [0.0, -3.0, 2.0], {"exponent": 0}, [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
        ("power", [0.0, -3.0, 2.0], {"exponent": 1}, [0.0, -3.0, 2.0], [1.0, 1.0, 1.0]),
    ],
)
def test_values_and_slopes_by_hand(name, x, attributes, y, slope):
    assert call(name, x, **attributes) == pytest.approx(y, rel=1e-12, abs=1e-15)
    if slope is not None:
        assert back(name, 0, np.ones(len(x)), x, **attributes) == pytest.approx(slope, rel=1e-9, abs=1e-15)
        assert back(name, 0, np.full(len(x), -2.0), x, **attributes) == pytest.approx(-2 * np.array(slope), rel=1e-9)


def torch_back(name, g, *inputs, **attributes):
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    y = TORCH[name](*theirs, **attributes)
    y.backward(torch.as_tensor(g, dtype=torch.float64))
    return y.detach().numpy(), [np.zeros(t.shape) if t.grad is None else t.grad.numpy() for t in theirs]


WIDE = [0.0, -0.0, 1.0, -1.0, 6.0, -6.0, 0.3, 1e-9, -1e-300, 4.0, 12.0, 25.0, -25.0, 100.0, -100.0, 1000.0, -1000.0]
UNARY = (
    *("leaky_relu", "elu", "gelu", "gelu_tanh", "silu", "mish", "softplus", "softsign", "hardtanh", "relu6"),
    *("sin", "cos", "tan", "arctan", "erf", "normal_cdf", "abs", "logsigmoid"),
)


@pytest.mark.parametrize("name", UNARY)
def test_at_kinks_and_far_out_they_are_those_of_torch(name):
    g = np.arange(1.0, 1 + len(WIDE))
    y, (grad,) = torch_back(name, g, WIDE)
    assert np.isfinite(y).all()
    np.testing.assert_allclose(call(name, WIDE), y, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(back(name, 0, g, WIDE), grad, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("name", UNARY)
def test_nan_stays_nan(name):
    assert np.isnan(call(name, [NAN, 1.0])).tolist() == [True, False]


def test_the_sign_lets_no_gradient_through():
    assert call("sign", [-2.0, 0.0, 5.0]).tolist() == [-1.0, 0.0, 1.0]
    assert registry["sign"].vjps == (None,)
    graph = gl.parse("loss = sum(sign(x) + x)", {"x": (2,)})
    assert gl.backward(graph, gl.forward(graph, {"x": [1.0, -2.0]}))["x"].tolist() == [1.0, 1.0]


def test_erf_has_all_digits_everywhere():
    x = np.concatenate([np.linspace(-7, 7, 5001), np.linspace(-0.5, 0.5, 1001), 10.0 ** -np.arange(1.0, 300, 7)])
    np.testing.assert_allclose(erf(x), [math.erf(v) for v in x], rtol=1e-15)
    assert erf(np.array([0.0, INF, -INF, 1e300])).tolist() == [0.0, 1.0, -1.0, 1.0]


def test_the_normal_distribution_has_its_digits_far_to_the_left():
    """The left tail is not 1 - (almost 1)."""
    x = np.linspace(-12, 9, 4001)
    np.testing.assert_allclose(normal_cdf(x), [math.erfc(-v / math.sqrt(2)) / 2 for v in x], rtol=1e-13)
    assert normal_cdf(np.array([-INF, 0.0, INF])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("name", "inputs"),
    [
        ("maximum", ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])),
        ("minimum", ([1.0, 2.0, 3.0], [1.0, 3.0, 2.0])),
        ("maximum", ([[1.0, 2.0], [2.0, 2.0]], 2.0)),
        ("clip", ([-1.0, 0.0, 0.5, 1.0, 2.0], 0.0, 1.0)),
        ("clip", ([-1.0, 0.0, 0.5, 1.0, 2.0], 1.0, 0.0)),
        ("clip", ([-1.0, 0.0, 0.5, 1.0, 2.0], 0.5, 0.5)),
        ("clip", ([[0.3], [2.0]], [0.0, 0.3, 1.0], [1.0, 2.0, 3.0])),
        ("pow", ([0.0, 0.0, 0.0, 2.0], [0.0, 1.0, 2.5, 0.0])),
        ("pow", ([0.0, 0.0], [-1.0, 0.5])),
        ("pow", ([-2.0, -2.0], [2.0, 3.0])),
        ("pow", (0.0, [[0.0, 1.0], [2.0, 3.0]])),
        ("pow", ([[0.0, 1.5], [2.0, 3.0]], 1.0)),
        ("power", ([0.0, -1.5, INF],)),
    ],
)
def test_two_operands_at_their_kinks_are_those_of_torch(name, inputs):
    attributes = {"exponent": 0} if name == "power" else {}
    with np.errstate(all="ignore"):
        y = call(name, *inputs, **attributes)
        g = np.cos(np.arange(y.size)).reshape(y.shape) + 1.1
        theirs, grads = torch_back(name, g, *inputs, **attributes)
        np.testing.assert_allclose(y, theirs, rtol=1e-13)
        for slot, grad in enumerate(grads):
            np.testing.assert_allclose(back(name, slot, g, *inputs, **attributes), grad, rtol=1e-12, err_msg=f"{slot}")


def test_conditions_are_0_and_1_of_the_kind_of_their_operands():
    a, b = np.array([[1.0], [2.0]], dtype=np.float32), np.array([1.0, 2.0], dtype=np.float32)
    wanted = {
        "less": [[0, 1], [0, 0]],
        "less_equal": [[1, 1], [0, 1]],
        "greater": [[0, 0], [1, 0]],
        "greater_equal": [[1, 0], [1, 1]],
        "equal": [[1, 0], [0, 1]],
        "not_equal": [[0, 1], [1, 0]],
    }
    for name, table in wanted.items():
        y = registry[name].forward(a, b)
        assert (y.tolist(), y.dtype) == (table, np.float32)
        assert registry[name].vjps == (None, None)


def test_conditions_are_put_together():
    a, b = [1.0, 1.0, 0.0, 0.0], [-2.0, 0.0, 0.5, 0.0]
    assert call("logical_and", a, b).tolist() == [1, 0, 0, 0]
    assert call("logical_or", a, b).tolist() == [1, 1, 1, 0]
    assert call("logical_not", b).tolist() == [0, 1, 0, 1]
    assert call("logical_and", [[1.0], [0.0]], [1.0, 0.0]).tolist() == [[1, 0], [0, 0]]


A, B = [[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]


@pytest.mark.parametrize(
    ("mask", "a", "b", "y", "to_a", "to_b"),
    [
        ([0, 1], A, B, [[5, 6], [3, 4]], [[0, 0], [3, 4]], [[1, 2], [0, 0]]),
        ([0, 1], A, 9.0, [[9, 9], [3, 4]], [[0, 0], [3, 4]], 3),
        ([0, 1], 9.0, A, [[1, 2], [9, 9]], 7, [[1, 2], [0, 0]]),
        ([0, 1], [1.0, 2.0], B, [[5, 6], [1, 2]], [3, 4], [[1, 2], [0, 0]]),
        ([[0, 1]], A, B, [[5, 2], [7, 4]], [[0, 2], [0, 4]], [[1, 0], [3, 0]]),
        ([[0, 1], [1, 1]], 0.0, 9.0, [[9, 0], [0, 0]], 9, 1),
        ([[0, 1], [1, 0]], [1.0, 2.0], 9.0, [[9, 2], [1, 9]], [3, 2], 5),
        (1, [[1.0], [2.0]], [3.0, 4.0], [[1, 1], [2, 2]], [[3], [7]], [0, 0]),
    ],
)
def test_select_broadcasts(mask, a, b, y, to_a, to_b):
    g = [[1.0, 2.0], [3.0, 4.0]]
    assert registry["select"].shape(*(np.shape(x) for x in (mask, a, b))) == np.shape(y)
    assert call("select", mask, a, b).tolist() == y
    assert back("select", 1, g, mask, a, b).tolist() == to_a
    assert back("select", 2, g, mask, a, b).tolist() == to_b


def test_a_mask_of_select_speaks_of_the_first_axes():
    with pytest.raises(ShapeMismatch, match="its axes are the first ones"):
        registry["select"].shape((3,), (2, 3), (2, 3))
    with pytest.raises(ShapeMismatch, match="the shapes have to be equal"):
        registry["select"].shape((2,), (2, 3), (2, 4))


@pytest.mark.parametrize(
    ("text", "x"),
    [
        ("loss = sum(exp(x))", [1000.0, -1000.0]),
        ("loss = sum(sigma(x))", [1000.0, -1000.0]),
        ("loss = sum(log(x))", [0.0, -1.0]),
        ("loss = sum(log2(x) + log10(x) + log1p(x))", [0.0, -1.0, -2.0]),
        ("loss = sum(x / x)", [0.0, 1.0]),
        ("loss = sum(1 / x)", [0.0, INF]),
        ("loss = sum(sqrt(x))", [0.0, -1.0]),
        ("loss = sum(x^{-1} + x^{0.5})", [0.0, -1.0]),
        ("loss = sum(pow(x, x))", [0.0, -0.5, 1000.0]),
        ("loss = sum(sinh(x) + cosh(x) + tan(x) + expm1(x))", [1000.0, INF]),
        ("loss = sum(sin(x) + cos(x) + arctan(x))", [INF, 1e308]),
        ("loss = sum(silu(x) + gelu(x) + gelu_tanh(x) + mish(x))", [-INF, INF, 1e308, -1e308]),
        ("loss = sum(softsign(x) + softplus(x) + logsigmoid(x) + erf(x))", [-INF, INF, 1e308, NAN]),
        ("loss = sum(elu(x) + SELU(x) + LeakyReLU(x, slope=0) + ReLU6(x) + hardtanh(x))", [-INF, INF, 1e308]),
        ("loss = sum(clip(x, 0, 1) + maximum(x, 0) - x)", [INF, -INF, NAN]),
        ("loss = sum(softmax(x) ⊙ x)", [INF, 1.0]),
    ],
)
def test_no_warning_leaks_where_numbers_break(text, x):
    graph = gl.parse(text, {"x": (len(x),)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        values = gl.forward(graph, {"x": x})
        gl.backward(graph, values)
        gl.trace(graph, {"x": x})
        loss, _ = gl.compile(graph)({"x": x})
        jacobian = gl.jacobian(graph, values, of="loss", by="x")
    np.testing.assert_array_equal(loss, values["loss"])
    assert jacobian.shape == (len(x),)


@pytest.mark.parametrize(
    "name", ["silu", "gelu", "gelu_tanh", "mish", "softplus", "softsign", "logsigmoid", "erf", "normal_cdf", "elu"]
)
def test_large_numbers_do_not_even_warn_inside(name):
    """The pytest run makes an error of a warning."""
    x = [800.0, -800.0, 1e5, -1e5]
    assert np.isfinite(call(name, x)).all()
    assert np.isfinite(back(name, 0, np.ones(4), x)).all()


def test_the_logarithm_of_a_sigmoid_has_a_stable_form():
    graph = gl.parse("loss = sum(log(sigma(x)))", {"x": (2,)})
    loss, grads = gl.compile(graph, wrt=["x"])({"x": np.array([-1000.0, 0.0])})
    assert loss == pytest.approx(-1000 - math.log(2))
    assert grads["x"].tolist() == [1.0, 0.5]


@pytest.mark.parametrize("language", ["numpy", "pytorch"])
def test_the_code_of_a_power_keeps_all_digits_and_the_slope_of_x_to_the_0(language):
    from tests.code.programs import run

    graph = gl.parse("loss = sum(x^{1/3} + x^0 + pow(x, y) + pow(x, 0))", {"x": (2,), "y": (2,)})
    feeds = {"x": np.array([0.7, 2.0]), "y": np.array([0.0, 1.0])}
    wanted = gl.backward(graph, gl.forward(graph, feeds))
    _, grads = run(gl.code(graph, language), feeds)
    assert all(relative_error(grads[name], wanted[name]) < 1e-14 for name in ("x", "y"))
    graph = gl.parse("loss = sum(x^0 + pow(x, y))", {"x": (2,), "y": (2,)})
    feeds = {"x": np.array([0.0, 0.0]), "y": np.array([0.0, 1.0])}
    _, grads = run(gl.code(graph, language), feeds)
    assert (grads["x"].tolist(), grads["y"].tolist()) == ([0.0, 1.0], [0.0, 0.0])


PLANTED = {
    "the slope of LeakyReLU forgotten": ("leaky_relu", 0, lambda g, y, a, slope=0.01: g * (a > 0)),
    "the slope of LeakyReLU fixed": ("leaky_relu", 0, lambda g, y, a, slope=0.01: g * np.where(a > 0, 1, 0.01)),
    "the alpha of ELU fixed": ("elu", 0, lambda g, y, a, alpha=1.0: g * np.where(a > 0, 1, y + 1)),
    "GELU with the slope of its tanh form": ("gelu", 0, registry["gelu_tanh"].vjps[0]),
    "the density of GELU forgotten": ("gelu", 0, lambda g, y, a: g * normal_cdf(a)),
    "the gate of SiLU held": ("silu", 0, lambda g, y, a: g / (1 + np.exp(-a))),
    "the gate of Mish held": ("mish", 0, lambda g, y, a: g * np.tanh(np.log1p(np.exp(a)))),
    "softplus passed on": ("softplus", 0, lambda g, y, a: g),
    "a square of softsign forgotten": ("softsign", 0, lambda g, y, a: g / (1 + np.abs(a))),
    "a sign of the cosine": ("cos", 0, lambda g, y, a: g * np.sin(a)),
    "cosh with a minus, as of cos": ("cosh", 0, lambda g, y, a: -g * np.sinh(a)),
    "the bound of ReLU6": ("relu6", 0, lambda g, y, a: g * (a > 0)),
    "the lower bound of hardtanh": ("hardtanh", 0, lambda g, y, a: g * (a < 1)),
    "the base of log2": ("log2", 0, lambda g, y, a: g / a),
    "bases changed over": ("log10", 0, registry["log2"].vjps[0]),
    "σ(a) in place of σ(−a)": ("logsigmoid", 0, lambda g, y, a: g / (1 + np.exp(-a))),
    "the winner of minimum is that of maximum": ("minimum", 0, registry["maximum"].vjps[0]),
    "the bounds of clip changed over": ("clip", 1, registry["clip"].vjps[2]),
    "the operands of pow changed over": ("pow", 1, lambda g, y, a, b: registry["pow"].vjps[0](g, y, b, a)),
    "the other side of select": ("select", 1, lambda g, y, mask, a, b: registry["select"].vjps[2](g, y, mask, b, a)),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_the_examples_show_a_planted_fault(fault):
    name, slot, vjp = PLANTED[fault]
    vjps = list(registry[name].vjps)
    vjps[slot] = vjp
    wrong = replace(registry[name], vjps=tuple(vjps))

    def all_agree():
        for case in wrong.examples:
            op_checks.vjp_agrees_with_differences(wrong, case)

    with pytest.raises(AssertionError), np.errstate(all="ignore"):
        all_agree()


@pytest.mark.parametrize(
    ("name", "inputs", "which", "where"),
    [
        ("log2", ([0.0, -1.0, 2.0],), 0, [True, False, False]),
        ("log1p", ([-1.0, -2.0, 0.0],), 1, [False, True, False]),
        ("sinh", ([711.0, -711.0, 700.0],), 0, [True, True, False]),
        ("expm1", ([710.0, -710.0],), 0, [True, False]),
        ("silu", ([-INF, INF],), 0, [True, False]),
        ("softsign", ([-INF, 3.0],), 0, [True, False]),
        ("power", ([0.0, 1.0], {"exponent": 0.5}), 2, [True, False]),
        ("power", ([0.0, 1.0], {"exponent": 0}), 2, [False, False]),
        ("pow", ([0.0, 0.0, 0.0], [0.5, 0.0, 1.0]), 2, [True, False, False]),
        ("pow", ([-1.0, 1.0], [2.0, 2.0]), 3, [True, False]),
    ],
)
def test_what_breaks_is_found(name, inputs, which, where):
    attributes = next((x for x in inputs if isinstance(x, dict)), {})
    arrays = [np.array(x) for x in inputs if not isinstance(x, dict)]
    assert registry[name].faults[which].where(*arrays, **attributes).tolist() == where


@pytest.mark.parametrize(
    ("text", "op", "attributes"),
    [
        ("leaky_relu(x, slope=0.2)", "leaky_relu", {"slope": 0.2}),
        ("leakyReLU(x)", "leaky_relu", {}),
        ("ELU(x, alpha=0.5)", "elu", {"alpha": 0.5}),
        ("GELU(x)", "gelu", {}),
        ("swish(x)", "silu", {}),
        ("Mish(x)", "mish", {}),
        ("Softplus(x)", "softplus", {}),
        ("ReLU6(x)", "relu6", {}),
        ("atan(x)", "arctan", {}),
        ("sgn(x)", "sign", {}),
        ("LogSigmoid(x)", "logsigmoid", {}),
        ("clamp(x, 0, 1)", "clip", {}),
        ("logical_not(x)", "logical_not", {}),
        ("less(x, 0)", "less", {}),
    ],
)
def test_they_are_called_by_name(text, op, attributes):
    (operation,) = gl.parse(f"y = {text}", {"x": (3,)}).operations
    assert (operation.op.name, dict(operation.attributes)) == (op, attributes)
