"""Shapes as people type them."""

import pytest

from graphlab.app.shapes import read_shape, show_shape
from graphlab.errors import ShapeError

SIZES = {"D": 4, "H": 3}


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("4, 3", (4, 3)),
        ("4 3", (4, 3)),
        ("4 × 3", (4, 3)),
        ("4×3", (4, 3)),
        ("4x3", (4, 3)),
        ("(4, 3)", (4, 3)),
        ("(3,)", (3,)),
        ("3", (3,)),
        ("D, H", ("D", "H")),
        ("D*2", ("D", 2)),
        ("2, 3, 4", (2, 3, 4)),
        ("()", ()),
        ("", ()),
        ("scalar", ()),
    ],
)
def test_a_shape_is_read_as_people_write_it(text, shape):
    assert read_shape(text, SIZES) == shape
    assert read_shape(show_shape(shape), SIZES) == shape


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("4, K", "4, K is not a shape: K is neither a number nor a size"),
        ("-3", "-3 is not a shape: -3 is neither a number nor a size"),
        ("3.5", "3.5 is not a shape: 3.5 is neither a number nor a size"),
        ("__import__('os')", "__import__('os') is not a shape: __import__('os' is neither a number nor a size"),
    ],
)
def test_anything_else_is_refused_with_what_was_expected(text, said):
    with pytest.raises(ShapeError) as e:
        read_shape(text, SIZES)
    assert str(e.value).splitlines()[0] == said
    assert str(e.value).splitlines()[1] == "expected: numbers or sizes (D, H) between commas"
