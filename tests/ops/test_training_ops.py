"""Dropout, normalisation, convolution and what chooses, on numbers that can be followed by hand."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.op import ShapeMismatch
from graphlab.ops import registry
from tests.engine.graphs import Builder


def call(name, *inputs, **attributes):
    return registry[name].of(len(inputs)).forward(*(np.asarray(x, dtype=float) for x in inputs), **attributes)


def back(name, slot, g, *inputs, **attributes):
    """What the op sends back from a slot, given the gradient g."""
    arrays = [np.asarray(x, dtype=float) for x in inputs]
    y = call(name, *inputs, **attributes)
    return registry[name].of(len(inputs)).vjps[slot](np.asarray(g, dtype=float), y, *arrays, **attributes)


def test_selu_keeps_mean_0_and_variance_1():
    x = np.random.default_rng(0).standard_normal(10**6)
    y = call("selu", x)
    assert abs(y.mean()) < 5e-3
    assert abs(y.var() - 1) < 1e-2
    assert call("selu", [1000.0, -1000.0]) == pytest.approx([1050.70098, -1.75809934])


def test_concat_joins_and_takes_apart():
    assert call("concat", [1, 2], [3], [4, 5]).tolist() == [1, 2, 3, 4, 5]
    assert back("concat", 1, [10, 20, 30, 40, 50], [1, 2], [3], [4, 5]).tolist() == [30]
    assert call("concat", [[1, 2]], [[3, 4]], axis=0).tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("shapes", [((2,), (2, 3)), ((2, 3), (3, 3)), ((), ()), ((2, 3), (2,))])
def test_concat_refuses_what_does_not_line_up(shapes):
    with pytest.raises(ShapeMismatch):
        registry["concat"].shape(*shapes)


def test_dropout_divides_by_1_minus_p_and_keeps_the_mean():
    assert call("dropout", [3.0, 6.0], [1, 0], p=0.25).tolist() == [4.0, 0.0]
    assert back("dropout", 0, [1.0, 1.0], [3.0, 6.0], [1, 0], p=0.25).tolist() == [4 / 3, 0.0]
    mask = np.random.default_rng(0).random(10**6) >= 0.25
    assert call("dropout", np.full(10**6, 2.0), mask, p=0.25).mean() == pytest.approx(2, abs=0.01)


@pytest.mark.parametrize("p", [1, 1.5, -0.1, float("nan")])
def test_dropout_refuses_what_is_no_probability(p):
    with pytest.raises(ShapeMismatch, match="p is a probability from 0 to below 1"):
        registry["dropout"].shape((2,), (2,), p=p)


def test_zoneout_keeps_old_values_and_hands_their_gradient_past_the_step():
    assert call("zoneout", [1, 2], [10, 20], [0, 1]).tolist() == [1, 20]
    assert back("zoneout", 0, [5, 7], [1, 2], [10, 20], [0, 1]).tolist() == [5, 0]
    assert back("zoneout", 1, [5, 7], [1, 2], [10, 20], [0, 1]).tolist() == [0, 7]


def test_layernorm_takes_rows_and_batchnorm_columns():
    x = [[1.0, 3.0], [2.0, 10.0]]
    assert call("layernorm", x, [1, 1], [0, 0], eps=0) == pytest.approx(np.array([[-1, 1], [-1, 1]]))
    assert call("batchnorm", x, [1, 2], [0, 5], eps=0) == pytest.approx(np.array([[-1, 3], [1, 7]]))


def test_a_shift_of_a_row_sends_nothing_back_through_layernorm():
    x, gain, bias = [1.0, 3.0, -2.0], [1, 1, 1], [0, 0, 0]
    assert np.abs(back("layernorm", 0, [1, 1, 1], x, gain, bias)).max() < 1e-12
    assert back("layernorm", 0, [1, 0, 0], x, gain, bias).sum() == pytest.approx(0, abs=1e-12)


def test_weightnorm_has_the_lengths_it_is_given():
    assert call("weightnorm", [3.0, 4.0], 10).tolist() == [6, 8]
    assert np.abs(back("weightnorm", 0, [6, 8], [3.0, 4.0], 10)).max() < 1e-12  # along the direction: nothing to turn
    assert back("weightnorm", 1, [6, 8], [3.0, 4.0], 10) == 10


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        ("layernorm", ((2, 3), (2,), (3,))),
        ("layernorm", ((), (), ())),
        ("batchnorm", ((2, 3), (3,), (2,))),
        ("weightnorm", ((2, 3), (2,))),
        ("weightnorm", ((), ())),
        ("conv", ((4, 2), (2, 3, 5))),
        ("conv", ((4, 2), (5, 2, 3))),
        ("conv", ((4, 2), (2, 3))),
        ("conv", ((4,), (2, 1, 3))),
        ("max_over_time", ((3,),)),
        ("max_over_time", ((0, 3),)),
        ("embed", ((3,), (4,))),
        ("last", ((2,), (3, 5), (3, 5))),
        ("last", ((), (3,), (4,))),
        ("select", ((3,), (2, 3), (2, 3))),
        ("select", ((2,), (2, 3), (2, 4))),
        ("mask_future", ((2, 3),)),
    ],
)
def test_operands_that_do_not_fit_are_refused(name, shapes):
    with pytest.raises(ShapeMismatch):
        registry[name].shape(*shapes)


def test_a_filter_answers_to_each_fragment():
    words = [[1, 0], [0, 1], [1, 1]]
    pairs = [[[1], [0]], [[0], [1]]]  # one filter of two words: the first's first element plus the second's second
    assert call("conv", words, pairs).tolist() == [[2], [1]]
    assert back("conv", 0, [[1], [10]], words, pairs).tolist() == [[1, 0], [10, 1], [0, 10]]
    assert back("conv", 1, [[1], [10]], words, pairs).tolist() == [[[1], [10]], [[10], [11]]]


def test_max_over_time_pays_the_winner_and_ties_share():
    a = [[1.0, 5.0], [3.0, 5.0], [2.0, 0.0]]
    assert call("max_over_time", a).tolist() == [3, 5]
    assert back("max_over_time", 0, [10, 10], a).tolist() == [[0, 5], [10, 5], [0, 0]]


def test_embed_adds_up_the_gradients_of_a_word_that_occurs_twice():
    table = [[1, 2], [3, 4], [5, 6]]
    assert call("embed", [2, 0, 2], table).tolist() == [[5, 6], [1, 2], [5, 6]]
    assert back("embed", 1, [[1, 1], [10, 10], [100, 100]], [2, 0, 2], table).tolist() == [[10, 10], [0, 0], [101, 101]]
    assert registry["embed"].vjps[0] is None


@pytest.mark.parametrize("index", [3, -1, 0.5, float("nan")])
def test_embed_refuses_what_is_no_row(index):
    with pytest.raises(gl.GraphlabError, match="an index is not a whole number from 0 to 2"):
        call("embed", index, [[1, 2], [3, 4], [5, 6]])


def test_a_frozen_table_receives_nothing_from_the_plan():
    b = Builder()
    b.leaf([1, 0], "input", "x")
    b.leaf([[1, 2], [3, 4]], "constant", "E")
    b.leaf([1, 1], name="w")
    b.apply("embed", "x", "E", name="tmp_1")
    b.apply("matmul", "tmp_1", "w", name="tmp_2")
    b.apply("sum", "tmp_2", name="loss")
    loss, gradients = gl.compile(b.graph())(b.feeds)
    assert loss == 10
    assert {name: g.tolist() for name, g in gradients.items()} == {"w": [4, 6]}


def test_last_takes_each_objects_own_last_step():
    steps = [[[1, 1], [2, 2]], [[3, 3], [4, 4]], [[5, 5], [6, 6]]]
    assert call("last", [3, 1], *steps).tolist() == [[5, 5], [2, 2]]
    assert call("last", 2, [1.0], [2.0], [3.0]).tolist() == [2]
    assert back("last", 1, [[7, 7], [9, 9]], [3, 1], *steps).tolist() == [[0, 0], [9, 9]]
    assert back("last", 2, [[7, 7], [9, 9]], [3, 1], *steps).tolist() == [[0, 0], [0, 0]]
    assert back("last", 3, [[7, 7], [9, 9]], [3, 1], *steps).tolist() == [[7, 7], [0, 0]]


def test_select_stops_even_an_infinite_gradient():
    g, a, b = [[np.inf, np.nan], [1, 2]], [[1, 2], [3, 4]], [[5, 6], [7, 8]]
    assert call("select", [0, 1], a, b).tolist() == [[5, 6], [3, 4]]
    assert back("select", 1, g, [0, 1], a, b).tolist() == [[0, 0], [1, 2]]
    assert back("select", 2, g, [1, 0], a, b).tolist() == [[0, 0], [1, 2]]


def test_no_step_attends_to_a_later_one():
    scores = np.arange(9.0).reshape(3, 3)
    weights = call("softmax", call("mask_future", scores))
    assert np.all(np.triu(weights, 1) == 0)
    assert weights.sum(axis=-1) == pytest.approx([1, 1, 1])
    g = registry["softmax"].vjps[0](np.cos(scores), weights, scores)
    assert np.all(np.triu(back("mask_future", 0, g, scores), 1) == 0)


def test_padded_steps_receive_exactly_nothing():
    """A recurrence that carries its state over where the mask is 0: two objects of 3 steps and of 1."""
    b = Builder()
    length = [3, 1]
    b.leaf(b.rng.standard_normal((2, 3)), name="W")
    b.leaf(b.rng.standard_normal((3, 3)), name="U")
    h = b.leaf(np.zeros((2, 3)), "constant", "h_0")
    for t in (1, 2, 3):
        b.leaf(b.rng.standard_normal((2, 2)), "input", f"x_{t}")
        b.leaf([float(t <= n) for n in length], "input", f"m_{t}")
        total = b.apply("add", b.apply("matmul", f"x_{t}", "W"), b.apply("matmul", h, "U"))
        h = b.apply("select", f"m_{t}", b.apply("tanh", total), h, name=f"h_{t}")
    b.apply("norm2", h, name="loss")
    graph = b.graph()
    gradients = gl.backward(graph, gl.forward(graph, b.feeds))
    for t in (1, 2, 3):
        real = [t <= n for n in length]
        assert [bool(np.any(row)) for row in gradients[f"x_{t}"]] == real
    _, planned = gl.compile(graph)(b.feeds)
    alone = {name: value for name, value in b.feeds.items()}
    alone |= {f"x_{t}": np.where(np.array(length)[:, None] >= t, alone[f"x_{t}"], 1e6) for t in (1, 2, 3)}
    _, other = gl.compile(graph)(alone)  # whatever stands in the padding
    for name in planned:
        assert np.array_equal(planned[name], other[name])
