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


@pytest.mark.parametrize(
    ("equation", "fed", "name", "draw"),
    [
        ("y = dropout(x, m, p=0.2)", "x m", "m", Draw("mask", 0.8)),
        ("y = zoneout(x, x, m)", "x m", "m", Draw("mask", 0.5)),
        ("y = gaussian_dropout(x, n)", "x n", "n", Draw("noise", 0.5)),
        ("y = layernorm(x, γ, β)", "x γ β", "γ", Draw("ones")),
        ("y = layernorm(x, γ, β)", "x γ β", "β", Draw("normal", 0.5)),
    ],
)
def test_a_typed_in_vertex_gets_the_draw_its_operation_wants(equation, fed, name, draw):
    s = from_text(f"{equation}\nloss = sum(y)", dict.fromkeys(fed.split(), (3,)))
    assert default_draw(s.graph, name) == draw
