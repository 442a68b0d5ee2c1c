"""The gradient on its way back through an RNN and an LSTM, judged by torch and by the whole unrolled graph."""

import numpy as np
import pytest
import torch

from graphlab.engine import forward, jacobian
from graphlab.learn.through_time import Setting, feeds, flow, recurrent_matrix, unrolled

SETTING = Setting(steps=6, hidden=4, norm=1.2, seed=3)


def torch_states(cell, setting):
    """The hidden states of the sequence and the loss, written as one would in torch."""
    w = {name: torch.tensor(value, requires_grad=True) for name, value in feeds(cell, setting).items()}
    h = c = torch.zeros(setting.hidden, dtype=torch.float64)
    states = []
    for x in w["x"]:
        if cell == "rnn":
            h = torch.tanh(x @ w["W"] + h @ w["U"] + w["b"])
        else:
            f, i, o = (torch.sigmoid(x @ w[f"W_{g}"] + h @ w[f"U_{g}"] + w[f"b_{g}"]) for g in "fio")
            c = f * c + i * torch.tanh(x @ w["W_c"] + h @ w["U_c"] + w["b_c"])
            h = o * torch.tanh(c)
        h.retain_grad()
        states.append(h)
    loss = h @ w["v"]
    loss.backward()
    parameters = [v.grad for name, v in w.items() if name != "x"]
    return states, torch.sqrt(sum((g**2).sum() for g in parameters)).item()


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_norm_of_the_gradient_at_each_step_is_torchs(cell):
    states, norm = torch_states(cell, SETTING)
    found = flow(cell, SETTING)
    np.testing.assert_allclose(found.gradient, [h.grad.norm().item() for h in states], rtol=1e-10)
    assert found.norm == pytest.approx(norm, rel=1e-10)


@pytest.mark.parametrize(("cell", "state"), [("rnn", "h"), ("lstm", "c")])
def test_the_product_over_time_is_the_jacobian_of_the_last_state_by_the_first(cell, state):
    graph = unrolled(cell, SETTING)
    values = forward(graph, feeds(cell, SETTING))
    found = flow(cell, SETTING)
    whole = jacobian(graph, values, of=f"{state}_6", by=f"{state}_1")
    np.testing.assert_allclose(found.product[0], np.linalg.svd(whole, compute_uv=False), rtol=1e-9)
    np.testing.assert_allclose(found.product[-1], np.ones(4))


def test_a_step_of_the_rnn_is_diag_of_the_slope_times_u_transposed():
    weights = feeds("rnn", SETTING)
    values = forward(unrolled("rnn", SETTING), weights)
    step = np.diag(1 - values["h_2"] ** 2) @ weights["U"].T
    np.testing.assert_allclose(flow("rnn", SETTING).step[1], np.linalg.svd(step, compute_uv=False), rtol=1e-10)


def test_a_step_of_the_lstms_memory_is_diag_of_the_forget_gate():
    values = forward(unrolled("lstm", SETTING), feeds("lstm", SETTING))
    np.testing.assert_allclose(flow("lstm", SETTING).step[2], np.sort(values["f_3"])[::-1], rtol=1e-10)


def test_an_orthogonal_matrix_has_equal_singular_values_and_the_other_one_the_norm_as_its_largest():
    for orthogonal, smallest in ((True, 1.2), (False, None)):
        setting = Setting(hidden=4, norm=1.2, orthogonal=orthogonal)
        s = np.linalg.svd(recurrent_matrix(np.random.default_rng(0), setting), compute_uv=False)
        assert s[0] == pytest.approx(1.2)
        assert (s[-1] == pytest.approx(1.2)) == (smallest is not None)


def test_both_cells_see_the_same_sequence_and_the_same_output_weights():
    rnn, lstm = feeds("rnn", SETTING), feeds("lstm", SETTING)
    for name in ("x", "v"):
        np.testing.assert_array_equal(rnn[name], lstm[name])


def test_a_small_u_makes_the_gradient_vanish_and_a_large_one_makes_it_explode():
    small = flow("rnn", Setting(steps=20, norm=0.3)).gradient
    large = flow("rnn", Setting(steps=20, norm=3.0, activation="ReLU", orthogonal=True)).gradient
    assert small[0] < 1e-6 * small[-1]
    assert large[0] > 10 * large[-1]


def test_a_forget_bias_of_one_lets_more_gradient_through_than_zero():
    with_one, with_zero = (flow("lstm", Setting(steps=20, forget_bias=b)).gradient[0] for b in (1.0, 0.0))
    assert with_one > 10 * with_zero


def test_clipping_bounds_the_norm_and_leaves_a_small_gradient_alone():
    free = flow("rnn", SETTING)
    assert flow("rnn", Setting(steps=6, hidden=4, norm=1.2, seed=3, clip=free.norm / 2)).clipped == free.norm / 2
    assert flow("rnn", Setting(steps=6, hidden=4, norm=1.2, seed=3, clip=free.norm * 2)).clipped == free.norm
