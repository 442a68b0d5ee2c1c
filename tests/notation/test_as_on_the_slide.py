"""Texts as they stand on slides and in papers, and how they are read: the typeset echo of every equation."""

from __future__ import annotations

import pytest

import graphlab as gl
from tests.notation.table_of_mistakes import SHAPES


@pytest.mark.parametrize(
    ("text", "equations"),
    [
        ("h := tanh(x W)", ["\\mathbf{h} = \\tanh\\left(\\mathbf{x}\\,\\mathbf{W}\\right)"]),
        ("y = h = tanh(x W)", ["\\mathbf{y} = \\tanh\\left(\\mathbf{x}\\,\\mathbf{W}\\right)"]),
        ("h^2 = x W", ["\\mathbf{h} = \\sqrt{\\mathbf{x}\\,\\mathbf{W}}"]),
        ("f(x) = tanh(x W)", ["\\mathbf{f} = \\tanh\\left(\\mathbf{x}\\,\\mathbf{W}\\right)"]),
        ("h = x W + + b", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W} + \\mathbf{b}"]),
        ("h = x × W", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = x W /2", ["\\mathbf{h} = \\frac{\\mathbf{x}\\,\\mathbf{W}}{2}"]),
        ("h = x W/ 2", ["\\mathbf{h} = \\frac{\\mathbf{x}\\,\\mathbf{W}}{2}"]),
        ("h = x^a", ["\\mathbf{h} = \\mathbf{x}^{a}"]),
        ("h = e^x", ["\\mathbf{h} = \\exp\\left(\\mathbf{x}\\right)"]),
        ("h = ‖w‖_1", ["h = \\left\\| \\mathbf{w} \\right\\|_1"]),
        ("h = |x|", ["\\mathbf{h} = \\left|\\mathbf{x}\\right|"]),
        ("h = \\{x W\\}", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = tanh x", ["\\mathbf{h} = \\tanh\\left(\\mathbf{x}\\right)"]),
        ("h = log x^2", ["\\mathbf{h} = \\log\\left(\\mathbf{x}^{2}\\right)"]),
        ("sigma = x W", ["\\boldsymbol{\\sigma} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = x W + sigma", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W} + \\boldsymbol{\\sigma}"]),
        ("h = Sigmoid(x W)", ["\\mathbf{h} = \\sigma\\left(\\mathbf{x}\\,\\mathbf{W}\\right)"]),
        ("h = x W,", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = x W.", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h' = x W", ["\\mathbf{h}' = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = x \\times W", ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}"]),
        ("h = \\frac a c", ["h = \\frac{a}{c}"]),
        ("h = e^{2 x}", ["\\mathbf{h} = \\exp\\left(2\\,\\mathbf{x}\\right)"]),
        ("h = 2 ^ x", ["\\mathbf{h} = 2^{\\mathbf{x}}"]),
        (
            "y = tanh(h)\nh = x W",
            ["\\mathbf{h} = \\mathbf{x}\\,\\mathbf{W}", "\\mathbf{y} = \\tanh\\left(\\mathbf{h}\\right)"],
        ),
        (
            "h = \\log\\mathrm{softmax}(z)",
            ["\\mathbf{h} = \\log\\left(\\operatorname{softmax}\\left(\\mathbf{z}\\right)\\right)"],
        ),
        ("h = tanh(q)", ["h = \\tanh\\left(q\\right)"]),
        ("h = tanh(p q + r)", ["h = \\tanh\\left(p\\,q + r\\right)"]),
        ("y = a_1 / a_2", ["y = \\frac{a_1}{a_2}"]),
    ],
)
def test_a_text_is_read_as(text: str, equations: list[str]) -> None:
    assert [e.latex for e in gl.parse(text, shapes=SHAPES).reading.equations] == equations
