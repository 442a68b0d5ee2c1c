"""How numbers and arrays are written."""

import array_api_strict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphlab.explain import array_latex, number, number_latex


@pytest.mark.parametrize(
    ("x", "three", "two", "latex"),
    [
        (1, "1", "1", "1"),
        (-2.0, "−2", "−2", "-2"),
        (0.0, "0", "0", "0"),
        (-0.0, "0", "0", "0"),
        (0.4661, "0.466", "0.47", "0.466"),
        (-0.5341, "−0.534", "−0.53", "-0.534"),
        (0.9999, "1.000", "1.00", "1.000"),
        (9.9999, "10.00", "10.0", "10.00"),
        (-12.3456, "−12.35", "−12.3", "-12.35"),
        (1234.56, "1235", "1235", "1235"),
        (0.0012, "0.001", "1e−3", "0.001"),
        (0.000123, "1.2e−4", "1e−4", r"1.2 \cdot 10^{-4}"),
        (-0.000123, "−1e−4", "−1e−4", r"-1.2 \cdot 10^{-4}"),
        (1e-30, "1e−30", "1e−30", "10^{-30}"),
        (-1e-30, "−1e−30", "≈0", "-10^{-30}"),
        (123456789.0, "1.2e8", "1.2e8", r"1.2 \cdot 10^{8}"),
        (-1e300, "−1e300", "≪−1", "-10^{300}"),
        (float("inf"), "∞", "∞", r"\infty"),
        (float("-inf"), "−∞", "−∞", r"-\infty"),
        (float("nan"), "nan", "nan", r"\text{nan}"),
    ],
)
def test_a_number_is_short_and_says_what_it_can(x, three, two, latex):
    assert (number(x), number(x, 2), number_latex(x)) == (three, two, latex)


@given(st.floats())
def test_a_number_never_outgrows_its_chip(x):
    assert len(number(x, 3)) <= 6
    assert len(number(x, 2)) <= 5
    assert "-" not in number(x)


@given(st.floats(0.001, 9.9995))
def test_a_number_is_rounded_and_its_opposite_alike(x):
    assert float(number(x)) == pytest.approx(x, abs=0.00051)
    if number(x) != "0":
        assert number(-x) == "−" + number(x)


def test_arrays_of_every_size():
    assert array_latex(np.array(0.5)) == "0.500"
    assert array_latex(np.array([0.604, -0.336])) == r"{\begin{pmatrix} 0.604 & -0.336 \end{pmatrix}}"
    assert array_latex(np.eye(2)) == r"{\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}}"
    assert array_latex(np.arange(10.0)) == r"{\begin{pmatrix} 0 & 1 & \cdots & 9 \end{pmatrix}}_{10}"
    assert array_latex(np.arange(30.0).reshape(5, 6)) == (
        r"{\begin{pmatrix} 0 & 1 & \cdots & 5 \\ \vdots & \vdots &  & \vdots \\ 24 & 25 & \cdots & 29 \end{pmatrix}}"
        r"_{5 \times 6}"
    )
    assert array_latex(np.zeros((2, 3, 4))) == r"\left[2 \times 3 \times 4\right]"
    assert array_latex(np.zeros((0, 3))) == r"\left[0 \times 3\right]"


def test_an_array_of_another_library_is_shown_alike():
    assert array_latex(array_api_strict.asarray([1.5, 2.0])) == array_latex(np.array([1.5, 2.0]))
