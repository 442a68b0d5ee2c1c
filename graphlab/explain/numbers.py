"""Numbers and arrays as they are shown: short enough for a chip, exact enough to follow by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from ..arrays import Array, to_host

MINUS = "−"  # U+2212: as wide as a plus, and read as "minus" by screen readers


def _plain(x: float, width: int, digits: int) -> str | None:
    """x without an exponent in at most `width` characters, sign included; None where too little of it would be left."""
    if x == int(x):
        text = str(int(x))
        return text if len(text) <= width else None
    # The decimals are chosen for −|x|, so that a number and its opposite are shown with the same ones.
    for decimals in range(digits, 0, -1):
        if len(f"{-abs(x):.{decimals}f}") <= width:
            return f"{x:.{decimals}f}" if abs(x) >= 10**-decimals else None
    whole = f"{x:.0f}"
    return whole if len(f"{-abs(x):.0f}") <= width and abs(x) >= 1 else None


def _scientific(x: float, decimals: int) -> tuple[str, int]:
    """(mantissa, exponent) of x, the mantissa with so many decimals and with no idle zero behind the point."""
    mantissa, exponent = f"{x:.{decimals}e}".split("e")
    return mantissa.removesuffix(".0"), int(exponent)


def number(x: float, digits: int = 3) -> str:
    """A number as plain text of at most `digits` + 3 characters, with the minus sign U+2212.

    An integer stands as it is ("1", "−2"), anything else with `digits` decimals while it reads well, with fewer where
    it is large ("−12.35"), and else with an exponent ("1.2e−5"). Infinity is "∞", a number that is none "nan"; one so
    near to 0, or so far from it, that not even its exponent fits is "≈0", "≫1" or "≪−1".
    """
    x = float(x)
    if not math.isfinite(x):
        return "nan" if math.isnan(x) else "∞" if x > 0 else MINUS + "∞"
    width = digits + 3
    if (text := _plain(x, width, digits)) is not None:
        return text.replace("-", MINUS)
    for decimals in (1, 0):
        mantissa, exponent = _scientific(x, decimals)
        text = f"{mantissa}e{exponent}".replace("-", MINUS)
        if len(text) <= width:
            return text
    return "≈0" if abs(x) < 1 else "≫1" if x > 0 else "≪" + MINUS + "1"


def number_latex(x: float, digits: int = 3) -> str:
    r"""A number as LaTeX, as `number` has it; an exponent is set as a power of ten, `1.2 \cdot 10^{-5}`."""
    x = float(x)
    if not math.isfinite(x):
        return r"\text{nan}" if math.isnan(x) else r"\infty" if x > 0 else r"-\infty"
    if (text := _plain(x, digits + 3, digits)) is not None:
        return text
    mantissa, exponent = _scientific(x, 1)
    power = f"10^{{{exponent}}}"
    if mantissa in ("1", "-1"):
        return mantissa.removesuffix("1") + power
    return rf"{mantissa} \cdot {power}"


def shape_latex(shape: Sequence[int]) -> str:
    r"""The shape of an array as LaTeX: `5 \times 3`; for a vector its number of elements."""
    return r" \times ".join(str(n) for n in shape)


def _shown(n: int, limit: int) -> list[int | None]:
    """The indices to show of an axis of n elements, with None for the dots."""
    if n <= limit:
        return list(range(n))
    return [*range(max(1, limit - 2)), None, n - 1]


def grid_latex(
    shape: Sequence[int], cell: Callable[..., str], *, rows: int = 3, columns: int = 4, sizes: bool = True
) -> str:
    """A vector or a matrix in parentheses, `cell(*index)` giving its elements; elided with dots beyond the limits.

    An elided array says its shape below on the right, unless `sizes` is false.
    """
    n_rows, n_columns = (1, *shape) if len(shape) == 1 else shape
    across, down = _shown(n_columns, columns), _shown(n_rows, rows)
    lines = []
    for i in down:
        if i is None:
            lines.append(" & ".join("" if j is None else r"\vdots" for j in across))
        else:
            index = () if len(shape) == 1 else (i,)
            lines.append(" & ".join(r"\cdots" if j is None else cell(*index, j) for j in across))
    # In braces, so that its parentheses are as tall as itself and not as its neighbour, and a subscript can stand by it.
    body = r"{\begin{pmatrix} " + r" \\ ".join(lines) + r" \end{pmatrix}}"
    return f"{body}_{{{shape_latex(shape)}}}" if sizes and (None in across or None in down) else body


def array_latex(array: Array, digits: int = 3, *, rows: int = 3, columns: int = 4) -> str:
    """An array as LaTeX: a scalar as a number, a vector as a row, a matrix in parentheses.

    Beyond `rows` × `columns` elements it is elided with dots and says its shape. What has more than two axes, or no
    elements, is given by its shape alone, in square brackets.
    """
    if array.ndim == 0:
        return number_latex(element(array), digits)
    if array.ndim > 2 or 0 in array.shape:
        return rf"\left[{shape_latex(array.shape)}\right]"
    return grid_latex(array.shape, lambda *i: number_latex(element(array, *i), digits), rows=rows, columns=columns)


def element(array: Array, *index: int) -> float:
    """One element as a number. Of an array on a device only this element is moved."""
    return float(to_host(array[index] if index else array)[()])
