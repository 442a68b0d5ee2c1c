"""What kinds of vertices and shapes are called in words."""

from __future__ import annotations

from ..errors import N_, Translate

KIND_NAMES = {
    "input": N_("input"),
    "parameter": N_("parameter"),
    "temporary": N_("temporary"),
    "output": N_("output"),
    "constant": N_("constant"),
}
"""The kinds of vertices as texts of the catalogues."""


def shape_text(shape: tuple[int, ...], t: Translate) -> str:
    """A shape for people: "scalar", "vector (3)", "matrix 2 × 3"."""
    if not shape:
        return t(N_("scalar"))
    if len(shape) == 1:
        return t(N_("vector ({n})")).format(n=shape[0])
    sides = " × ".join(map(str, shape))
    return t(N_("matrix {sides}") if len(shape) == 2 else N_("tensor {sides}")).format(sides=sides)
