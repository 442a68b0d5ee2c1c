"""Losses on real numbers, divergences, more normalisations and operations on images, on numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import op_checks
import pytest
import torch

import graphlab as gl
from graphlab.op import ShapeMismatch
from graphlab.ops import registry
from tests.engine.graphs import relative_error
from tests.engine.torch_ops import TORCH
from tests.ops.test_training_ops import back, call

TRUTH, PREDICTION = [1.0, -2.0, 0.5, 3.0], [0.0, 2.0, 0.5, 2.5]  # the errors are -1, 4, 0 and -0.5


@pytest.mark.parametrize(
    ("name", "attributes", "loss", "gradient"),
    [
        ("MSE", {}, 17.25 / 4, [-0.5, 2.0, 0.0, -0.25]),
        ("MAE", {}, 5.5 / 4, [-0.25, 0.25, 0.0, -0.25]),
        ("Huber", {}, (0.5 + 3.5 + 0.0 + 0.125) / 4, [-0.25, 0.25, 0.0, -0.125]),
        ("Huber", {"delta": 2.0}, (0.5 + 6.0 + 0.0 + 0.125) / 4, [-0.25, 0.5, 0.0, -0.125]),
    ],
)
def test_a_mean_error_and_its_gradient(name, attributes, loss, gradient):
    assert call(name, TRUTH, PREDICTION, **attributes) == loss
    assert back(name, 1, 1.0, TRUTH, PREDICTION, **attributes).tolist() == gradient
    assert back(name, 0, 2.0, TRUTH, PREDICTION, **attributes).tolist() == [-2 * d for d in gradient]


def test_a_mean_error_is_a_mean_over_all_axes():
    t, p = np.reshape(TRUTH, (2, 2)), np.reshape(PREDICTION, (2, 2))
    assert call("MSE", t, p).shape == ()
    assert call("MSE", t, p) == call("MSE", TRUTH, PREDICTION)
    assert back("MAE", 1, 4.0, t, p).tolist() == [[-1.0, 1.0], [0.0, -1.0]]


def test_hinge_counts_what_is_not_beyond_the_margin():
    labels, scores = [1.0, -1.0, 1.0, -1.0], [0.5, 0.5, 3.0, -1.0]
    assert call("hinge", labels, scores).tolist() == [0.5, 1.5, 0.0, 0.0]
    assert back("hinge", 1, [1.0, 2.0, 1.0, 1.0], labels, scores).tolist() == [-1.0, 2.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("name", "inputs", "attributes"),
    [
        ("MAE", ([1.0, 2.0], [1.0, 5.0]), {}),
        ("Huber", ([0.0, 0.0, 0.0], [1.0, -1.0, 0.0]), {}),
        ("hinge", ([1.0, -1.0], [1.0, -1.0]), {}),
        ("cosine", ([0.0, 0.0], [3.0, 4.0]), {}),
        ("RMSnorm", ([0.0, 0.0], [2.0, 1.0]), {}),
        ("max_pool", ([[1.0, 1.0], [1.0, 0.0]],), {}),
        ("max_pool", ([[0.0, 2.0], [2.0, 2.0]],), {}),
    ],
)
def test_at_a_kink_the_gradient_is_that_of_torch(name, inputs, attributes):
    y = call(name, *inputs, **attributes)
    g = op_checks.upstream(y.shape)
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in inputs]
    TORCH[name](*theirs, **attributes).backward(torch.tensor(g))
    for slot, there in enumerate(theirs):
        assert relative_error(back(name, slot, g, *inputs, **attributes), there.grad.numpy()) < 1e-12


def test_nll_and_cross_entropy_are_one_loss():
    t, p = [[0.0, 1.0, 0.0], [0.5, 0.5, 0.0]], np.array([[0.2, 0.5, 0.3], [0.25, 0.25, 0.5]])
    assert call("NLL", t, np.log(p)) == pytest.approx([np.log(2), np.log(4)])
    assert call("NLL", t, np.log(p)) == pytest.approx(call("CrossEntropy", t, p))
    assert back("NLL", 1, [1.0, 2.0], t, np.log(p)).tolist() == [[0.0, -1.0, 0.0], [-1.0, -1.0, 0.0]]


def test_nll_leaves_out_classes_that_are_not_true():
    with np.errstate(all="ignore"):
        assert call("NLL", [1.0, 0.0], [-0.5, -np.inf]) == 0.5
        assert call("NLL", [0.0, 1.0], [-0.5, -np.inf]) == np.inf


def test_kl_is_0_between_equals_and_takes_0_log_0_for_0():
    assert call("KL", [0.25, 0.75], [0.25, 0.75]) == 0
    with np.errstate(all="ignore"):
        assert call("KL", [0.0, 1.0], [0.5, 0.5]) == pytest.approx(np.log(2))
        assert call("KL", [0.0, 1.0], [0.0, 1.0]) == 0
        assert call("KL", [1.0, 0.0], [0.0, 1.0]) == np.inf
        assert back("KL", 1, 1.0, [0.0, 1.0], [0.0, 0.5]).tolist() == [0.0, -2.0]
        assert back("KL", 0, 1.0, [0.0, 1.0], [0.5, 1.0]).tolist() == [-np.inf, 1.0]


def test_the_cosine_does_not_see_lengths():
    assert call("cosine", [[3.0, 4.0], [1.0, 0.0]], [[6.0, 8.0], [0.0, 2.0]]).tolist() == [1.0, 0.0]
    assert call("cosine", [3.0, 4.0], [-30.0, -40.0]) == pytest.approx(-1)
    assert back("cosine", 0, 1.0, [2.0, 0.0], [0.0, 7.0]).tolist() == [0.0, 0.5]
    assert call("cosine", [0.0, 0.0], [3.0, 4.0]) == 0


@pytest.mark.parametrize("name", ["NLL", "KL", "cosine"])
def test_what_is_made_of_rows_refuses_a_scalar_and_other_shapes(name):
    assert registry[name].shape((2, 3), (2, 3)) == (2,)
    assert registry[name].shape((3,), (3,)) == ()
    with pytest.raises(ShapeMismatch, match="a scalar has none"):
        registry[name].shape((), ())
    with pytest.raises(ShapeMismatch, match="have to be equal"):
        registry[name].shape((2, 3), (3,))


def test_rmsnorm_divides_by_the_root_mean_square():
    assert call("RMSnorm", [[1.0, 7.0], [5.0, -5.0]], [1, 2], eps=0).tolist() == [[0.2, 2.8], [1.0, -2.0]]
    along = back("RMSnorm", 0, [1.0, 7.0], [1.0, 7.0], [1.0, 1.0], eps=0)
    assert np.abs(along).max() < 1e-15  # a stretch of the row changes nothing


def test_groupnorm_takes_neighbouring_channels_together():
    x = [1.0, 3.0, 10.0, 30.0]
    assert call("groupnorm", x, [1, 1, 1, 1], [0, 0, 0, 5], eps=0) == pytest.approx([-1, 1, -1, 6])
    gain, bias = [0.5, 2, -1, 1], [0.0, 0.1, 0.2, 0.3]
    one_group = call("groupnorm", [x, x[::-1]], gain, bias, groups=1)
    assert one_group == pytest.approx(call("layernorm", [x, x[::-1]], gain, bias))


def test_a_filter_slides_over_an_image():
    image, kernel = np.arange(9.0).reshape(3, 3), [[1.0, 0.0], [0.0, -1.0]]
    assert call("conv2d", image, kernel).tolist() == [[-4, -4], [-4, -4]]
    assert call("conv2d", image, kernel, padding=1).tolist()[0] == [0, -1, -2, 0]
    assert call("conv2d", image, kernel, padding=1, stride=3).tolist() == [[0, 0], [0, 8]]
    assert back("conv2d", 0, [[1, 0], [0, 1]], image, kernel).tolist() == [[1, 0, 0], [0, 0, 0], [0, 0, -1]]
    assert back("conv2d", 1, [[1, 0], [0, 1]], image, kernel).tolist() == [[0 + 4, 1 + 5], [3 + 7, 4 + 8]]


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("padding", [0, 1, 4])
@pytest.mark.parametrize("kernel", [(1, 1), (2, 3), (4, 2)])
def test_every_stride_and_padding_against_torch(stride, padding, kernel):
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, 6, 5)), rng.normal(size=(4, 3, *kernel))
    theirs = [torch.tensor(a, requires_grad=True) for a in (x, w)]
    wanted = TORCH["conv2d"](*theirs, stride=stride, padding=padding)
    y = call("conv2d", x, w, stride=stride, padding=padding)
    assert y.shape == registry["conv2d"].shape(x.shape, w.shape, stride=stride, padding=padding)
    assert relative_error(y, wanted.detach().numpy()) < 1e-12
    g = op_checks.upstream(y.shape)
    wanted.backward(torch.tensor(g))
    for slot in (0, 1):
        ours = back("conv2d", slot, g, x, w, stride=stride, padding=padding)
        assert relative_error(ours, theirs[slot].grad.numpy()) < 1e-12


def test_pools_take_whole_windows_only():
    image = [[1.0, 2.0, 9.0], [4.0, 3.0, 9.0], [9.0, 9.0, 9.0]]
    assert call("max_pool", image).tolist() == [[4.0]]
    assert call("mean_pool", image).tolist() == [[2.5]]
    assert back("max_pool", 0, [[8.0]], image).tolist() == [[0, 0, 0], [8, 0, 0], [0, 0, 0]]
    assert back("mean_pool", 0, [[8.0]], image).tolist() == [[2, 2, 0], [2, 2, 0], [0, 0, 0]]


def test_the_first_of_several_winners_takes_the_gradient():
    assert back("max_pool", 0, [[5.0]], [[0.0, 2.0], [2.0, 2.0]]).tolist() == [[0, 5], [0, 0]]
    picked = registry["max_pool"].picks.where(np.array([[2.0]]), np.array([[0.0, 2.0], [2.0, 2.0]]))
    assert picked[0].tolist() == [[False, True], [False, False]]


@pytest.mark.parametrize(
    ("name", "shapes", "attributes", "said"),
    [
        ("MSE", ((3,), (3, 1)), {}, "have to be equal"),
        ("Huber", ((3,), (3,)), {"delta": 0}, "delta has to be greater than 0, not 0"),
        ("hinge", ((3,), ()), {}, "have to be equal"),
        ("RMSnorm", ((), ()), {}, "a scalar has none"),
        ("RMSnorm", ((2, 3), (2,)), {}, "one element for each column"),
        ("RMSnorm", ((3,), (3,)), {"eps": -1}, "eps has to be 0 or more"),
        ("groupnorm", ((2, 3), (3,), (3,)), {}, "3 channels can not be shared out into 2 equal groups"),
        ("groupnorm", ((4,), (4,), (4,)), {"groups": 0}, "into 0 equal groups"),
        ("groupnorm", ((2, 4), (2,), (4,)), {}, "one element for each channel"),
        ("groupnorm", ((2, 4, 3), (4,), (4,)), {}, "one row of channels an object"),
        ("conv2d", ((5,), (2,)), {}, "an image is a matrix"),
        ("conv2d", ((5, 5), (1, 1, 2, 2)), {}, "the filter for a matrix is a matrix"),
        ("conv2d", ((3, 5, 5), (2, 2)), {}, "a filter bank has four axes"),
        ("conv2d", ((3, 5, 5), (4, 2, 2, 2)), {}, "another number of channels"),
        ("conv2d", ((2, 5), (3, 3)), {}, "larger than the image"),
        ("conv2d", ((5, 5), (2, 2)), {"stride": 0}, "stride has to be a whole number from 1 up, not 0"),
        ("conv2d", ((5, 5), (2, 2)), {"padding": 0.5}, "padding has to be a whole number from 0 up, not 0.5"),
        ("max_pool", ((5,),), {}, "an image is a matrix"),
        ("max_pool", ((3, 1),), {}, "a window of 2 × 2 is larger than the image"),
        ("mean_pool", ((3, 3),), {"size": -1}, "size has to be a whole number from 1 up"),
    ],
)
def test_operands_that_do_not_fit_are_refused(name, shapes, attributes, said):
    with pytest.raises(ShapeMismatch, match=said):
        registry[name].shape(*shapes, **attributes)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("RMSnorm", ((2, 3), (2,))),
        ("groupnorm", ((2, 4), (2,), (4,))),
        ("conv2d", ((5, 5), (1, 1, 2, 2))),
        ("conv2d", ((3, 5, 5), (2, 2))),
        ("conv2d", ((3, 5, 5), (4, 2, 2, 2))),
        ("conv2d", ((2, 5), (3, 3))),
    ],
)
def test_the_wanted_shape_fits(name, shapes):
    with pytest.raises(ShapeMismatch) as refused:
        registry[name].shape(*shapes)
    assert refused.value.wanted
    for slot, wanted in refused.value.wanted.items():
        registry[name].shape(*shapes[:slot], wanted, *shapes[slot + 1 :])


PLANTED = {
    "the mean of MSE forgotten": ("MSE", 1, lambda g, y, t, p: g * 2 * (p - t)),
    "truth and prediction of MSE changed over": ("MSE", 0, registry["MSE"].vjps[1]),
    "Huber not cut off": ("Huber", 1, lambda g, y, t, p, delta=1.0: g * (p - t) / p.size),
    "the part of KL that p brings itself": ("KL", 0, lambda g, y, p, q: g[..., None] * np.log(p / q)),
    "the projection of the cosine": ("cosine", 0, lambda g, y, a, b, eps=0: g[..., None] * b),
    "the mean of RMSnorm held": ("RMSnorm", 0, lambda g, y, a, gain, eps=1e-5: g * y / a),
    "groups of groupnorm mixed up": (
        "groupnorm",
        0,
        lambda *inputs, groups=2, eps=1e-5: registry["layernorm"].vjps[0](*inputs, eps=eps),
    ),
    "filters of conv2d not turned": (
        "conv2d",
        0,
        lambda g, y, x, w, **k: registry["conv2d"].vjps[0](g, y, x, w[..., ::-1, ::-1], **k),
    ),
    "a maximum shared out": ("max_pool", 0, lambda *inputs, **k: registry["mean_pool"].vjps[0](*inputs, **k)),
}


def _all_examples_agree(op):
    for case in op.examples:
        op_checks.vjp_agrees_with_differences(op, case)


@pytest.mark.parametrize("fault", PLANTED)
def test_the_examples_show_a_planted_fault(fault):
    name, slot, vjp = PLANTED[fault]
    vjps = list(registry[name].vjps)
    vjps[slot] = vjp
    wrong = replace(registry[name], vjps=tuple(vjps))

    with pytest.raises(AssertionError):
        _all_examples_agree(wrong)


def test_an_infinite_fault_is_explained():
    kl = registry["KL"]
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.0, 1.0, 0.0])
    assert kl.faults[0].where(p, q).tolist() == [True, False, False]
    assert kl.faults[3].where(p, q).tolist() == [False, False, True]
    nll = registry["NLL"]
    assert nll.faults[0].where(np.array([1.0, 0.0]), np.array([-np.inf, -np.inf])).tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "shapes", "shape"),
    [
        ("loss = mse(y_true, y)", {"y_true": (3,), "y": (3,)}, ()),
        ("loss = L1Loss(y_true, y)", {"y_true": (3,), "y": (3,)}, ()),
        ("loss = huber(y_true, y)", {"y_true": (3,), "y": (3,)}, ()),
        ("z = cos_sim(a, b)", {"a": (3,), "b": (3,)}, ()),
        ("z = groupnorm(x, g, b, groups=3)", {"x": (2, 6), "g": (6,), "b": (6,)}, (2, 6)),
        ("z = conv2d(X, W, stride=2, padding=1)", {"X": (3, 5, 5), "W": (2, 3, 3, 3)}, (2, 3, 3)),
        ("z = MaxPool(X, size=3)", {"X": (3, 6, 7)}, (3, 2, 2)),
        ("z = avg_pool2d(X)", {"X": (6, 7)}, (3, 3)),
    ],
)
def test_they_are_called_by_name_with_their_settings(text, shapes, shape):
    graph = gl.parse(text, shapes)
    (output,) = {o.output for o in graph.operations}
    assert graph.vertices[output].shape == shape


def test_a_mean_error_of_one_number_is_the_error_itself():
    assert registry["MSE"].latex("t", gl.op.Term("p")) == r"\left(p - t\right)^2"
    assert call("MSE", 1.0, 3.0) == 4
