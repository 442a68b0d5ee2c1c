"""The colour-blind palette as protanopes, deuteranopes and tritanopes see it: kinds and phases stay apart."""

from itertools import combinations

import numpy as np
import pytest

from graphlab.diagram.marks import theme

# Machado, Oliveira and Fernandes 2009, severity 1.0: what becomes of linear RGB.
SEEN_BY = {
    "everybody": np.eye(3),
    "protanopes": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopes": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopes": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
COLOURS = theme.palette("colour-blind")


def linear(colour):
    c = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def lab(colour, who):
    xyz = TO_XYZ @ np.clip(np.array(SEEN_BY[who]) @ linear(colour), 0, 1) / [0.9505, 1, 1.089]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(a, b, who):
    return np.linalg.norm(lab(COLOURS[a], who) - lab(COLOURS[b], who))


def contrast(a, b):
    light, dark = sorted(((0.05 + TO_XYZ[1] @ linear(COLOURS[name])) for name in (a, b)), reverse=True)
    return light / dark


@pytest.mark.parametrize("who", SEEN_BY)
def test_the_kinds_of_vertices_differ(who):
    kinds = ("input", "parameter", "temporary", "output")
    found = {pair: distance(f"{pair[0]}-fill", f"{pair[1]}-fill", who) for pair in combinations(kinds, 2)}
    assert min(found.values()) > 8, found
    assert sorted(found.values())[1] > 15, found


@pytest.mark.parametrize("who", SEEN_BY)
@pytest.mark.parametrize(
    ("a", "b", "least"),
    [
        ("forward", "backward", 30),
        ("forward-halo", "backward-halo", 15),
        ("edge", "backward", 20),
        ("edge", "backward-past", 15),
        ("value-fill", "gradient-fill", 12),
        ("g0", "g8", 30),
        ("g4", "g6", 15),
        ("g4", "g2", 15),
        ("pg0", "pg8", 15),
    ],
)
def test_the_phases_differ(a, b, least, who):
    assert distance(a, b, who) > least


@pytest.mark.parametrize(
    ("a", "b"),
    [("forward", "paper"), ("backward", "paper"), ("value-ink", "value-fill"), ("gradient-ink", "gradient-fill"),
     ("ink", "output-fill"), ("ink", "parameter-fill"), ("on-strong", "backward"), ("value-ink", "pv8"), ("gradient-ink", "pg8")],
)  # fmt: skip
def test_what_is_read_has_contrast(a, b):
    assert contrast(a, b) > 4.5
