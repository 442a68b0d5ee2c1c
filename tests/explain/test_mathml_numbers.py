"""Formulas that differ in their numbers alone are converted once: each still has its own numbers, in their places."""

import re

import pytest

from graphlab.explain import mathml, width
from graphlab.explain.mathml import tree
from graphlab.explain.pieces import Piece, fill

BEGIN = '<math display="block" xmlns="http://www.w3.org/1998/Math/MathML"><mrow>'


def text(latex: str) -> str:
    return re.sub(r"<[^>]*>", " ", mathml(latex)).split()


def test_one_after_the_other_they_keep_their_own():
    assert text(r"\nabla_{\mathbf{x}_{12}} L = -0.5 \cdot 3") == ["∇", "𝐱", "12", "L", "=", "−", "0.5", "·", "3"]
    assert text(r"\nabla_{\mathbf{x}_{7}} L = -2 \cdot 40.25") == ["∇", "𝐱", "7", "L", "=", "−", "2", "·", "40.25"]


def test_a_grid_is_a_table_in_parentheses_and_signs_in_it_keep_close():
    assert mathml(r"{\begin{pmatrix} 1 & -0.5 \end{pmatrix}}") == (
        f"{BEGIN}<mrow><mo>(</mo><mtable><mtr><mtd><mn>1</mn></mtd>"
        '<mtd><mo form="prefix" lspace="0em" rspace="0em">−</mo><mn>0.5</mn></mtd></mtr></mtable><mo>)</mo></mrow>'
        "</mrow></math>"
    )


def test_a_superscript_stands_by_its_grid():
    assert "<msup><mrow><mo>(</mo><mtable>" in mathml(r"{\begin{pmatrix} 1 & 2 \end{pmatrix}}^{\top}")


def test_one_digit_after_a_bare_underscore_is_the_whole_subscript():
    assert "<msub><mi>x</mi><mn>1</mn></msub><mn>2.5</mn>" in mathml("x_12.5")


@pytest.mark.parametrize("latex", [r"x = 90001 + 90002", r"\text{layer 2} = 3", r"10^{-5} \cdot 10^{-12}"])
def test_numbers_that_look_like_anything_come_out_as_they_went_in(latex):
    assert re.findall(r"\d+", " ".join(text(latex))) == re.findall(r"\d+", latex)


def test_elided_grids_have_empty_cells():
    grid = r"{\begin{pmatrix} 1 & \cdots & 2 \\ \vdots &  & \vdots \end{pmatrix}}_{9 \times 9}"
    assert text(grid) == ["(", "1", "⋯", "2", "⋮", "⋮", ")", "9", "×", "9"]
    assert width(grid) > width(r"{\begin{pmatrix} 1 & \cdots \end{pmatrix}}")


def test_wider_numbers_make_a_wider_formula():
    assert width("x = 0.123") - width("x = 1") == pytest.approx(3 * 0.5 + 0.28)


def test_the_tree_is_what_is_written():
    latex = r"y = \frac{1}{2} {\begin{pmatrix} -1 & 2 \end{pmatrix}}^{\top} - \log 3"
    assert "".join(tree(latex, True).itertext()) == "".join(text(latex))


def test_a_grid_with_powers_of_ten_has_no_second_parentheses():
    grid = Piece(r"{\begin{pmatrix} 1.2 \cdot 10^{-5} & \cdots & 3 \end{pmatrix}}_{9}", (9,), numeric=True)
    assert fill(lambda a, b: rf"{a}^{{\top}}\,{b}", [grid, grid]) == rf"{grid.latex}^{{\top}}\,{grid.latex}"
