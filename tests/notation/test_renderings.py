"""One meaning written in many notations: 2,000 random formulas, each in a random way to typeset it, are read as meant."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

import graphlab as gl

SIZES = {"n": 3, "m": 4}
# Names by their axes. W_1 and A_{ij} have rows of n and columns of m elements.
NAMES = {
    (): ["a", r"\alpha", "b_0", r"\lambda", "s'"],
    ("n",): ["x", "y", r"\hat{y}", r"\mathbf{w}", r"\beta", "u_1", r"\tilde{c}", "b^{(1)}"],
    ("m",): ["z", r"\boldsymbol{\gamma}", "v_{hid}"],
    ("n", "m"): ["W_1", r"\mathbf{A}", "W^{(2)}", r"\Theta"],
}
CANONICAL = {
    r"\alpha": "α", r"\lambda": "λ", r"\hat{y}": "y_hat", r"\mathbf{w}": "w", r"\beta": "β", r"\tilde{c}": "c~",
    "b^{(1)}": "b^[1]", r"\boldsymbol{\gamma}": "γ", "v_{hid}": "v_hid", r"\mathbf{A}": "A", "W^{(2)}": "W^[2]",
    r"\Theta": "Θ",
}  # fmt: skip
FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    r"\tanh": np.tanh,
    r"\exp": np.exp,
    r"\sigma": lambda v: 1 / (1 + np.exp(-v)),
    r"\sin": np.sin,
}


@dataclass
class Text:
    """A rendering, its value, and how tightly it holds together: 0 sum, 1 product, 2 atom."""

    text: str
    value: np.ndarray
    level: int


class Writer:
    """Writes random formulas with their values."""

    def __init__(self, seed: int) -> None:
        self.r = random.Random(seed)
        numbers = np.random.default_rng(seed)
        self.values = {
            name: numbers.uniform(0.2, 0.9, [SIZES[n] for n in axes]) for axes, names in NAMES.items() for name in names
        }
        self.used: set[str] = set()

    def name(self, axes: tuple[str, ...]) -> Text:
        name = self.r.choice(NAMES[axes])
        self.used.add(name)
        return Text(name, self.values[name], 2)

    def held(self, part: Text, level: int) -> str:
        """The text, in brackets where it binds looser than `level`."""
        if part.level >= level:
            return part.text
        left, right = self.r.choice([("(", ")"), (r"\left(", r"\right)"), (r"\bigl(", r"\bigr)"), ("[", "]")])
        return f"{left}{part.text}{right}"

    def expression(self, axes: tuple[str, ...], depth: int) -> Text:
        if depth <= 0:
            return self.name(axes)
        makers = [self.sum, self.elementwise, self.function, self.scaled, self.fraction, self.power]
        if axes == ("n",):
            makers += [self.product, self.product]
        if not axes:
            makers += [self.inner, self.total, self.norm, self.indexed_total, self.root]
        return self.r.choice(makers)(axes, depth - 1)

    def sum(self, axes: tuple[str, ...], depth: int) -> Text:
        a, b = self.expression(axes, depth), self.expression(axes, depth)
        if self.r.random() < 0.5:
            return Text(f"{a.text} + {self.held(b, 1)}", a.value + b.value, 0)
        return Text(f"{a.text} - {self.held(b, 1)}", a.value - b.value, 0)

    def elementwise(self, axes: tuple[str, ...], depth: int) -> Text:
        a, b = self.expression(axes, depth), self.expression(axes, depth)
        sign = self.r.choice([r"\odot", r"\otimes", "⊙", "*"])
        return Text(f"{self.held(a, 2)} {sign} {self.held(b, 2)}", a.value * b.value, 1)

    def function(self, axes: tuple[str, ...], depth: int) -> Text:
        name, a = self.r.choice(list(FUNCTIONS)), self.expression(axes, depth)
        brackets = self.r.choice([("(", ")"), (r"\left(", r"\right)"), ("[", "]")])
        return Text(f"{name}{brackets[0]}{a.text}{brackets[1]}", FUNCTIONS[name](a.value), 2)

    def scaled(self, axes: tuple[str, ...], depth: int) -> Text:
        a, b = self.name(()), self.expression(axes, depth)
        sign = self.r.choice([r"\,", r" \cdot ", " ", r" \times "])
        return Text(f"{a.text}{sign}{self.held(b, 2)}", a.value * b.value, 1)

    def fraction(self, axes: tuple[str, ...], depth: int) -> Text:
        a, b = self.expression(axes, depth), self.name(())
        if self.r.random() < 0.6:
            return Text(rf"\frac{{{a.text}}}{{{b.text}}}", a.value / b.value, 2)
        return Text(f"({a.text})/{b.text}", a.value / b.value, 1)

    def power(self, axes: tuple[str, ...], depth: int) -> Text:
        a = self.expression(axes, depth)
        exponent = self.r.choice(["^2", "^{2}", "^3"])
        base = f"({a.text})" if a.level < 2 or "^" in a.text or "'" in a.text else a.text
        return Text(f"{base}{exponent}", a.value ** int(exponent.strip("^{}")), 2)

    def product(self, axes: tuple[str, ...], depth: int) -> Text:
        matrix, vector = self.name(("n", "m")), self.expression(("m",), depth)
        sign = self.r.choice([r"\,", " ", r" \cdot ", " @ "])
        return Text(f"{matrix.text}{sign}{self.held(vector, 2)}", matrix.value @ vector.value, 1)

    def inner(self, axes: tuple[str, ...], depth: int) -> Text:
        side = self.r.choice([("n",), ("m",)])
        a, b = self.expression(side, depth), self.expression(side, depth)
        text = self.r.choice([rf"\langle {a.text}, {b.text} \rangle", rf"({a.text})^\top ({b.text})"])
        return Text(text, a.value @ b.value, 2 if "langle" in text else 1)

    def total(self, axes: tuple[str, ...], depth: int) -> Text:
        a = self.expression(self.r.choice([("n",), ("m",)]), depth)
        text = self.r.choice([rf"\operatorname{{sum}}({a.text})", rf"(\sum {self.held(a, 1)})"])
        return Text(text, a.value.sum(), 2)

    def indexed_total(self, axes: tuple[str, ...], depth: int) -> Text:
        """`\\sum_i x_i y_i`, `\\sum_{i,j} x_i W_{ij} z_j`."""
        i, j = self.r.sample("ijkl", 2)
        if self.r.random() < 0.5:
            a, b = "x", "y"
            self.used |= {a, b}
            below = self.r.choice([f"_{i}", f"_{{{i}=1}}^{{n}}", f"_{{{i}}}"])
            return Text(rf"(\sum{below} {a}_{i} {b}_{i}^2)", (self.values[a] * self.values[b] ** 2).sum(), 2)
        self.used |= {"x", r"\mathbf{A}", "z"}
        below = self.r.choice([rf"\sum_{{{i},{j}}}", rf"\sum_{i} \sum_{j}"])
        value = self.values["x"] @ self.values[r"\mathbf{A}"] @ self.values["z"]
        return Text(rf"({below} x_{i} A_{{{i}{j}}} z_{j})", value, 2)

    def norm(self, axes: tuple[str, ...], depth: int) -> Text:
        a = self.expression(self.r.choice([("n",), ("m",)]), depth)
        bars = self.r.choice([(r"\|", r"\|"), (r"\left\|", r"\right\|"), ("‖", "‖"), (r"\lVert ", r" \rVert")])
        return Text(f"{bars[0]}{a.text}{bars[1]}^2", (a.value**2).sum(), 2)

    def root(self, axes: tuple[str, ...], depth: int) -> Text:
        a = self.name(())
        return Text(rf"\sqrt{{{a.text}}}", np.sqrt(a.value), 2)


def written(seed: int) -> tuple[str, dict[str, tuple[str, ...]], dict[str, np.ndarray], np.ndarray]:
    """A text of two equations, the shapes and values of what it feeds, and the value of its loss."""
    w = Writer(seed)
    h = w.expression(("n",), 2)
    w.values["H"], NAMES_H = h.value, "H"
    loss = w.expression((), 2)
    end = w.r.choice(["", ".", ",", r" \qquad (3)", r" \tag{1}", r", \quad \text{where } H \in \mathbb{R}^n"])
    first = f"{NAMES_H} {w.r.choice(['=', '&=', ':='])} {h.text}"
    last = f"loss = {loss.text} + \\operatorname{{sum}}({NAMES_H}){end}"
    lines = [first, last] if w.r.random() < 0.7 else [last, first]
    text = "\n".join(lines)
    if w.r.random() < 0.3:
        text = "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"
    axes_of = {name: axes for axes, names in NAMES.items() for name in names}
    shapes = {CANONICAL.get(name, name): axes_of[name] for name in w.used}
    feeds = {CANONICAL.get(name, name): w.values[name] for name in w.used}
    return text, shapes, feeds, loss.value + h.value.sum()


@pytest.mark.parametrize("block", range(20))
def test_random_formulas_are_read_as_they_are_meant_or_refused(block: int) -> None:
    refused = 0
    for seed in range(block * 100, block * 100 + 100):
        text, shapes, feeds, value = written(seed)
        try:
            graph = gl.parse(text, shapes=shapes, sizes=SIZES)
        except gl.GraphlabError:
            refused += 1
            continue
        assert set(graph.fed) == set(feeds), text
        got = gl.forward(graph, feeds)["loss"]
        np.testing.assert_allclose(got, value, rtol=1e-9, err_msg=text)
    assert refused <= 5, refused
