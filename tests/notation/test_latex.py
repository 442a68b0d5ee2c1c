"""LaTeX and plain text give the same graph."""

from __future__ import annotations

import pytest

import graphlab as gl

V, M, S = (3,), (3, 3), ()
SHAPES = {name: V for name in ("x", "w", "w_2", "b", "b_1", "z", "f", "i", "c_0", "c~", "x^[n]", "θ", "y_true")}
SHAPES |= {name: M for name in ("X", "W", "W_1", "W_hf", "Q", "K", "V")} | {name: S for name in ("a", "d", "λ", "b_2")}


def described(text: str) -> tuple[object, ...]:
    graph = gl.parse(text, shapes=SHAPES)
    return (
        [(o.op.name, o.inputs, o.output, dict(o.attributes)) for o in graph.operations],
        [(v.name, v.kind, v.shape, v.latex, v.value) for v in graph.vertices.values()],
    )


@pytest.mark.parametrize(
    ("latex", "plain"),
    [
        (r"\mathbf{h} = \tanh(\mathbf{x} \mathbf{W}_1 + \mathbf{b}_1)", "h = tanh(x W_1 + b_1)"),
        (r"y &= \sigma\left(\mathbf{x}\,\mathbf{w}_2^{\top} + b_2\right) \\", "y = sigma(x w_2^T + b_2)"),
        (r"$\mathcal{L} = \mathrm{BCE}(\mathbf{y}_{\text{true}}, \mathbf{z})$", "L = BCE(y_true, z)"),
        (r"\[ p = \operatorname{softmax}(z) \]", "p = softmax(z)"),
        (r"p = \text{softmax} \left[ z \right]", "p = softmax(z)"),
        (r"\mathbf{c} = f \odot \mathbf{c}_0 + i \odot \tilde{\mathbf{c}}", "c = f ⊙ c_0 + i ⊙ c~"),
        (r"h = x \cdot W", "h = x · W"),
        (r"h = x\mathbf{W}_1", "h = x W_1"),
        (r"h = \mathbf{W}^T_1 x", "h = W_1^T x"),
        (r"h = \mathbf{W}_{\mathrm{hf}} x", "h = W_hf x"),
        (r"h = \bm{W}_{h f} x", "h = W_{hf} x"),
        (r"h = W^{\mathsf{T}} x + W^\intercal x", "h = W^T x + W^T x"),
        (r"s = \frac{\lambda}{2} \|\mathbf{w}\|^2", "s = λ/2 ‖w‖^2"),
        (r"s = \frac{\lambda}{2} \lVert W \rVert_F^2", "s = λ/2 ‖W‖^2"),
        (r"s = \dfrac{\lambda}{2}\left\|W\right\|_{F}^{2}", "s = λ/2 ‖W‖^2"),
        (r"s = \Vert w \Vert^{2}", "s = ‖w‖^2"),
        (r"s = \frac{a + 1}{a x}", "s = (a + 1) / (a x)"),
        (r"A = \text{softmax}\!\left(\frac{Q K^\top}{\sqrt{d}}\right) V", "A = softmax(Q K^T / sqrt(d)) V"),
        (r"y = \arg\max(z)", "y = argmax(z)"),
        (r"y = \text{log\_softmax}(z)", "y = log_softmax(z)"),
        (r"\hat{y} = \sigma(\vec{x}^\top \vec{w})", "y_hat = sigma(x^T w)"),
        (r"\boldsymbol{\theta}_1 = \varphi_1 \odot \theta", "theta_1 = φ_1 ⊙ theta"),
        (r"h = \mathbf{x}^{[n]} \mathbf{W}", "h = x^[n] W"),
        (r"h = -2\,x^{-1}", "h = -2 x^-1"),
        (r"h = \left(x + b\right)^{2}", "h = (x + b)²"),
        (r"h = {x} W", "h = x W"),
        (r"h = x~W % a comment", "h = x W"),
        (r"\mathbf{\tilde c} = x + b", "c~ = x + b"),
        (r"\widetilde{c} = x + b", "c~ = x + b"),
        (r"\mathrm{loss} = \operatorname{mean}(X, axis=0)", "loss = mean(X, axis=0)"),
        (r"h = \max(W) \quad \tag{1}", "h = max(W)"),
        ("𝐡 = 𝐱 𝐖", "h = x W"),
        ("c̃ = x + b", "c~ = x + b"),
    ],
)
def test_latex_means_the_same_as_plain_text(latex: str, plain: str) -> None:
    assert described(latex) == described(plain)


def test_several_equations_in_one_block() -> None:
    latex = r"""
    \begin{aligned}
      \mathbf{h} &= \tanh(\mathbf{x} \mathbf{W}_1 + \mathbf{b}_1) \\[4pt]
      y &= \sigma(\mathbf{h} \mathbf{w}_2^\top + b_2) \\
    \end{aligned}
    """
    assert described(latex) == described("h = tanh(x W_1 + b_1)\ny = sigma(h w_2^T + b_2)")


def test_two_backslashes_begin_a_new_equation_on_the_same_line() -> None:
    assert described(r"h = x W \\ y = \tanh(h)") == described("h = x W\ny = tanh(h)")


def test_the_text_of_an_operation_is_the_users_latex() -> None:
    graph = gl.parse(r"h = \tanh\left(\mathbf{x}\,\mathbf{W} + b\right)", shapes=SHAPES)
    assert [o.text for o in graph.operations] == [
        r"\mathbf{x}\,\mathbf{W}",
        r"\mathbf{x}\,\mathbf{W} + b",
        r"\tanh\left(\mathbf{x}\,\mathbf{W} + b\right)",
    ]


def test_the_latex_of_every_vertex_is_set_by_both_typesetters() -> None:
    from latex2mathml.converter import convert
    from ziamath import Latex

    text = "c~_0 = x^{[n]} W_{hf} + θ\ny_hat = sigma(c~_0) + 1e-5\nloss = sum(y_hat) λ\nlogits_1 = a a_2/1e8"
    graph = gl.parse(text, shapes=SHAPES | {"a_2": ()})
    for vertex in graph.vertices.values():
        assert "<svg" in Latex(vertex.latex).svg()
        assert "\\" not in convert(vertex.latex)
