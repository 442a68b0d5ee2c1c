"""The minibatch lens: shares of the objects add up to the gradient, and one-object graphs to that of the minibatch."""

import numpy as np
import pytest
import torch

import graphlab as gl
from graphlab.explain.lens import Lens

BATCHED = [name for name in gl.scenarios() if gl.scenario(name).batch]
SEPARATE = [name for name in BATCHED if name != "batch-norm"]


def lens_of(name, seed=0):
    scenario = gl.scenario(name)
    return Lens(scenario, scenario.walk(seed))


def backward_step(lens, output):
    [step] = [s for s in lens.walk if s.phase == "backward" and s.operation and s.output == output]
    return step


def test_objects_are_the_rows():
    lens = lens_of("mlp-minibatch")
    assert lens.count == 4
    assert lens.axes == dict.fromkeys(("X", "tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y", "y_true", "losses"), 0)


def test_a_minibatch_of_one_has_its_rows_too():
    scenario = gl.scenario("mlp-minibatch", sizes={"N": 1})
    lens = Lens(scenario, scenario.walk())
    assert lens.axes["X"] == 0
    assert lens.objects.reduction == "mean"


def test_the_gradient_of_weights_is_a_sum_of_outer_products():
    lens = lens_of("mlp-minibatch")
    step = backward_step(lens, "tmp_1")
    [found] = lens.gathered(step)
    assert (found.contribution.vertex, found.kind) == ("W_1", "outer")
    X, G = lens.walk.values["X"], step.upstream
    assert [s.left.tolist() for s in found.shares] == [[1.0, -0.5], [0.5, 1.0], [-1.0, 0.5], [-0.5, -1.5]]
    for n, share in enumerate(found.shares):
        np.testing.assert_allclose(share.value, np.outer(X[n], G[n]), rtol=1e-15)
        np.testing.assert_allclose(share.total, X[: n + 1].T @ G[: n + 1], rtol=1e-12)
    np.testing.assert_allclose(found.shares[-1].total, found.contribution.value, rtol=1e-12)


def test_the_gradient_of_a_bias_is_a_sum_over_rows():
    lens = lens_of("mlp-minibatch")
    [found] = lens.gathered(backward_step(lens, "tmp_2"))
    assert (found.contribution.vertex, found.kind) == ("b_1", "rows")
    g = backward_step(lens, "tmp_2").upstream
    assert [s.value.tolist() for s in found.shares] == g.tolist()
    np.testing.assert_allclose(found.shares[-1].total, g.sum(axis=0), rtol=1e-12)


@pytest.mark.parametrize("name", SEPARATE)
def test_shares_add_up_in_every_step(name):
    lens = lens_of(name)
    found = [g for step in lens.walk for g in lens.gathered(step)]
    assert found
    for gathered in found:
        assert len(gathered.shares) == lens.count
        np.testing.assert_allclose(gathered.shares[-1].total, gathered.contribution.value, rtol=1e-9, atol=1e-15)


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", SEPARATE)
def test_the_mean_of_one_object_gradients_is_that_of_the_minibatch(name, seed):
    objects = lens_of(name, seed).objects
    assert objects.reduction == "mean"
    assert objects.error < 1e-12


def test_one_object_is_the_object_of_the_slides():
    lens = lens_of("mlp-minibatch")
    slides = gl.scenario("mlp").walk()
    assert lens.objects.losses[0] == pytest.approx(float(slides.values["loss"]), rel=1e-12)
    totals = {c.vertex: c.total for s in slides for c in s.contributions}
    for name, gradients in lens.objects.gradients.items():
        np.testing.assert_allclose(gradients[0], totals[name], rtol=1e-12)


def test_the_gradients_of_single_objects_against_torch():
    lens = lens_of("mlp-minibatch", 3)
    values = {name: torch.tensor(np.asarray(lens.walk.values[name])) for name in lens.walk.graph.fed}

    def loss(parameters, x, t):
        hidden = torch.tanh(x @ parameters["W_1"] + parameters["b_1"])
        y = torch.sigmoid(hidden @ parameters["w_2"] + parameters["b_2"])
        return torch.nn.functional.binary_cross_entropy(y, t)

    parameters = {name: values[name] for name in ("W_1", "b_1", "w_2", "b_2")}
    judged = torch.func.vmap(torch.func.grad(loss), (None, 0, 0))(parameters, values["X"], values["y_true"])
    for name, gradients in lens.objects.gradients.items():
        np.testing.assert_allclose(gradients, judged[name].numpy(), rtol=1e-10)


def test_batch_normalisation_mixes_its_objects():
    lens = lens_of("batch-norm")
    assert lens.objects.reduction == ""
    mixed = [g.contribution.vertex for step in lens.walk for g in lens.gathered(step) if not g.shares]
    assert mixed == ["γ"]


def test_a_sum_of_losses_adds_the_gradients():
    from dataclasses import replace

    scenario = gl.scenario("mlp-minibatch")
    scenario = replace(scenario, text=scenario.text.replace("mean(losses)", "sum(losses)"))
    assert Lens(scenario, scenario.walk()).objects.reduction == "sum"


def test_what_has_no_objects_is_refused():
    scenario = gl.scenario("mlp")
    with pytest.raises(gl.GraphlabError, match="this graph has no minibatch"):
        Lens(scenario, scenario.walk())
    with pytest.raises(gl.GraphlabError, match="there are 4 objects, and none with the number 5"):
        lens_of("mlp-minibatch").feeds(5)
