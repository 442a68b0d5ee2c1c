"""Stable forms put into a text: what is written instead, with every name kept."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.notation.stable import stable_forms
from graphlab.scenario import edited

REWRITTEN = [
    (
        "y = sigma(x w^T + b)\nloss = BCE(y_true, y) + λ/2 ‖w‖^2",
        "z = x w^T + b\ny = sigma(z)\nloss = BCEWithLogits(y_true, z) + λ/2 ‖w‖^2",
    ),
    ("loss = mean(BCE(y_true, sigma(z)))", "loss = mean(BCEWithLogits(y_true, z))"),
    ("y = sigma(s)\nloss = BCE(y_true, y)", "y = sigma(s)\nloss = BCEWithLogits(y_true, s)"),
    (
        "z = x W\ny = softmax(z V)\nloss = CrossEntropy(y_true, y)",
        "z = x W\nz_2 = z V\ny = softmax(z_2)\nloss = CrossEntropyWithLogits(y_true, z_2)",
    ),
    (
        "y_t = softmax(h_t V + c)\nloss_t = CrossEntropy(y_true_t, y_t)\nloss = sum(loss_t)",
        "z_t = h_t V + c\ny_t = softmax(z_t)\nloss_t = CrossEntropyWithLogits(y_true_t, z_t)\nloss = sum(loss_t)",
    ),
    ("l = log(softmax(x W))\nloss = sum(l)", "l = log_softmax(x W)\nloss = sum(l)"),
    ("p = exp(z) / sum(exp(z))\nloss = sum(p)", "p = softmax(z)\nloss = sum(p)"),
    ("e = exp(z)\ns = sum(e)\np = e / s\nloss = sum(p)", "p = softmax(z)\nloss = sum(p)"),
    (
        "e = exp(z)\np = e / sum(e)\nloss = sum(p) + sum(e)",
        "e = exp(z)\np = softmax(z)\nloss = sum(p) + sum(e)",
    ),
]


@pytest.mark.parametrize(("text", "stable"), REWRITTEN)
def test_the_text_is_rewritten(text, stable):
    assert [form.text for form in stable_forms(text)] == [stable]


@pytest.mark.parametrize(
    "text",
    [
        "y = tanh(z)\nloss = BCE(y_true, y)",
        "p = exp(z) / sum(exp(x))\nloss = sum(p)",
        "loss = BCEWithLogits(y_true, z)",
    ],
)
def test_what_has_no_stable_form_is_left_alone(text):
    assert stable_forms(text) == ()


@pytest.mark.parametrize("name", ["mlp", "softmax-mlp", "rnn-tagging", "mlp-minibatch", "sentiment-lstm"])
def test_the_stable_form_of_a_scenario_gives_the_same_loss_and_gradients(name):
    s = gl.scenario(name)
    (form,) = stable_forms(s.text)
    new = edited(s, form.text)
    ours, theirs = (gl.compile(g.graph, of=s.of)(g.feeds()) for g in (s, new))
    assert float(ours[0]) == pytest.approx(float(theirs[0]), rel=1e-12)
    for parameter in s.parameters:
        np.testing.assert_allclose(ours[1][parameter], theirs[1][parameter], rtol=1e-9, atol=1e-12)


def test_latex_is_rewritten_too():
    text = (
        r"\mathbf{y} &= \sigma(\mathbf{x} \mathbf{w}^{\top} + b) \\"
        + "\n"
        + r"loss &= \text{BCE}(y_{true}, \mathbf{y})"
    )
    (form,) = stable_forms(text)
    graph = gl.parse(form.text, shapes={"x": (2,), "w": (2,)})
    assert graph.producer["loss"].op.name == "BCEWithLogits"
