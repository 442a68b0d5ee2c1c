"""The panel of a vertex: its shape in words, and the ledger of the parts of its gradient."""

import pytest

import graphlab as gl
from graphlab.app.details import ledger
from graphlab.explain.names import shape_text
from graphlab.i18n import translator


@pytest.mark.parametrize(
    ("shape", "en", "ru"),
    [
        ((), "scalar", "скаляр"),
        ((3,), "vector (3)", "вектор (3)"),
        ((2, 3), "matrix 2 × 3", "матрица 2 × 3"),
        ((2, 3, 4), "tensor 2 × 3 × 4", "тензор 2 × 3 × 4"),
    ],
)
def test_a_shape_is_said_in_words(shape, en, ru):
    assert shape_text(shape, translator("en")) == en
    assert shape_text(shape, translator("ru")) == ru


def test_the_ledger_of_x_times_itself_has_two_parts_from_one_operation():
    graph = gl.parse("z = x ⊙ x\nloss = sum(z)", shapes={"x": (2,)})
    walk = gl.trace(graph, {"x": [3.0, -1.0]})
    entries = ledger(walk, "x")
    assert [(o.output, c.part, c.parts) for o, c in entries] == [("z", 1, 2), ("z", 2, 2)]
    assert [c.value.tolist() for _, c in entries] == [[3.0, -1.0], [3.0, -1.0]]
    assert [c.total.tolist() for _, c in entries] == [[3.0, -1.0], [6.0, -2.0]]


def test_a_vertex_that_nothing_reaches_has_an_empty_ledger():
    walk = gl.scenario("mlp").walk()
    assert ledger(walk, "x") == []
    assert [o.output for o, _ in ledger(walk, "W_1")] == ["tmp_1"]
