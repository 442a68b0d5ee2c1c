"""The scalar arithmetic of one element: what is written, and that it comes to what the walk has."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain import mathml, width
from graphlab.explain.element import WIDE, explain_element
from graphlab.ops import registry
from tests.explain.reading import worked_out
from tests.explain.walks import single_walk, slides_walk
from tests.ops import op_checks

every_case = pytest.mark.parametrize(("op", "example"), op_checks.cases(registry), ids=op_checks.case_id)


def plain(latex):
    for old, new in ((r"\left", ""), (r"\right", ""), (r"\mathbf", ""), (r"\mathit", ""), (r"\mathcal{L}", "L")):
        latex = latex.replace(old, new)
    return latex.replace(r"\cdot", "·").replace("{tmp}", "tmp").replace("{x}", "x").replace("{W}", "W")


def test_an_element_of_x_w():
    found = explain_element(slides_walk(), "tmp_1", (1,))
    assert [plain(line) for line in found.forward.lines()] == [
        "tmp_1[2] = x[1] · W_1[1, 2] + x[2] · W_1[2, 2]",
        r"\quad = 1 · (-0.25) + (-0.5) · 0.5 = -0.5",
    ]


def test_the_gradient_of_one_weight():
    found = explain_element(slides_walk(), "W_1", (1, 0))
    assert found.forward is None
    assert found.value == 1
    (part,) = found.parts
    assert part.sender == "tmp_1"
    symbols, numbers = part.sum.lines()
    assert plain(symbols) == r"\frac{\partial L}{\partial W_1[2, 1]} = \frac{\partial L}{\partial tmp_1[1]} · x[2]"
    assert numbers.endswith(f" = {part.sum.value:.3f}")
    assert part.sum.value == found.total


def test_softmax_is_written_over_its_row():
    walk = single_walk(registry["softmax"], registry["softmax"].examples[0])
    found = explain_element(walk, "y", (1,)).forward
    assert plain(found.symbols[0]).count("e^") == 4
    assert found.numbers[0] == r"\frac{e^{-0.35}}{e^{0.7} + e^{-0.35} + e^{0.1}}"
    parts = explain_element(walk, "a_0", (1,)).parts[0].sum
    assert [r"\left(1 - " in term for term in parts.symbols] == [False, True, False]


def test_a_long_sum_is_elided_in_the_middle():
    walk = single_walk(registry["sum"], gl.op.example(list(range(40))))
    found = explain_element(walk, "y").forward
    assert (len(found.numbers), found.numbers[-2], found.numbers[-1]) == (14, r"+ \dots", "+ 39")


def test_what_is_used_three_times_has_three_parts():
    s = gl.scenario("rnn", sizes={"T": 3})
    found = explain_element(s.walk(0), "W", (0, 0))
    assert [part.sender for part in found.parts] == ["tmp_9", "tmp_5", "tmp_1"]
    assert sum(part.sum.value for part in found.parts) == pytest.approx(found.total, rel=1e-12)


def judged(sum_):
    """The numbers of a sum, worked out by an independent reader, come to its value."""
    if not np.isfinite(sum_.value):
        return
    total = worked_out(" ".join(sum_.numbers) or "0", sum_.where_numbers)
    assert total == pytest.approx(sum_.value, rel=1e-9, abs=1e-11), sum_


@every_case
def test_the_arithmetic_comes_to_what_the_walk_has(op, example):
    walk = single_walk(op, example)
    for name in ("y", *dict.fromkeys(walk.graph.producer["y"].inputs)):
        for index in np.ndindex(walk.graph.vertices[name].shape):
            found = explain_element(walk, name, index, digits=15)
            if found.forward:
                assert found.forward.value == walk.values[name][index]
                judged(found.forward)
            for part in found.parts:
                judged(part.sum)
            if found.total is not None and np.isfinite(found.total):
                assert sum(part.sum.value for part in found.parts) == pytest.approx(found.total, rel=1e-12)
            for sum_ in ([found.forward] if found.forward else []) + [part.sum for part in found.parts]:
                for line in sum_.lines():
                    assert mathml(line).startswith("<math"), line


@pytest.mark.parametrize("name", gl.scenarios())
def test_every_scenario_has_arithmetic_for_the_first_and_the_last_element_of_each_vertex(name):
    s = gl.scenario(name)
    walk = s.walk(0)
    for vertex in walk.graph.vertices.values():
        if vertex.t not in (None, 1, 2):
            continue
        for index in {(0,) * len(vertex.shape), tuple(n - 1 for n in vertex.shape)}:
            found = explain_element(walk, vertex.name, index)
            for part in found.parts:
                for line in part.sum.lines():
                    assert width(line) < 2 * WIDE, line
