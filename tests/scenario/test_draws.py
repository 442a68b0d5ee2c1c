"""How values are drawn: what each draw is made of, and which one a vertex gets whose file says nothing."""

import numpy as np
import pytest

from graphlab.scenario import Draw, from_text
from graphlab.scenario.draws import default_draw, drawn


def test_a_mask_is_zeros_and_ones_in_the_share_asked_for():
    mask = drawn(Draw("mask", 0.8), "m", (2000,), seed=1)
    assert set(mask) == {0.0, 1.0}
    assert mask.mean() == pytest.approx(0.8, abs=0.03)


def test_noise_has_the_mean_one():
    noise = drawn(Draw("noise", 0.5, 1), "n", (4000,), seed=1)
    assert noise.mean() == pytest.approx(1, abs=0.03)
    assert noise.std() == pytest.approx(0.5, abs=0.03)
    assert np.array_equal(noise, np.round(noise, 1))


def test_labels_are_of_both_signs():
    assert set(drawn(Draw("labels"), "t", (50,), seed=1)) == {-1.0, 1.0}


@pytest.mark.parametrize("n", [1, 2, 3, 10, 11, 64])
def test_probabilities_are_positive_rows_that_sum_to_1(n):
    p = drawn(Draw("probabilities"), "p", (5, n), seed=1)
    assert p.min() > 0
    assert p.sum(axis=-1) == pytest.approx(np.ones(5), abs=1e-12)


@pytest.mark.parametrize(
    ("equation", "fed", "name", "draw"),
    [
        ("y = dropout(x, m, p=0.2)", "x m", "m", Draw("mask", 0.8)),
        ("y = zoneout(x, x, m)", "x m", "m", Draw("mask", 0.5)),
        ("y = gaussian_dropout(x, n)", "x n", "n", Draw("noise", 0.5)),
        ("y = layernorm(x, γ, β)", "x γ β", "γ", Draw("ones")),
        ("y = layernorm(x, γ, β)", "x γ β", "β", Draw("normal", 0.5)),
        ("y = RMSnorm(x, γ)", "x γ", "γ", Draw("ones")),
        ("y = hinge(t, x)", "t x", "t", Draw("labels")),
        ("y = NLL(t, log_softmax(x))", "t x", "t", Draw("one_hot")),
        ("y = KL(p, softmax(x))", "p x", "p", Draw("probabilities")),
    ],
)
def test_a_typed_in_vertex_gets_the_draw_its_operation_wants(equation, fed, name, draw):
    s = from_text(f"{equation}\nloss = sum(y)", dict.fromkeys(fed.split(), (3,)))
    assert default_draw(s.graph, name) == draw
