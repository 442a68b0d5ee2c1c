"""Entries of Jacobians beyond a matrix: read from the ops' declarations, and held against the Jacobian number by number."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain.card import card, named
from graphlab.explain.card.entries import of_sums
from graphlab.ops import registry
from tests.explain.walks import single_walk
from tests.ops.op_checks import case_id, cases

LETTERS = "ijklmnpqrs"
SUMS = [(op, example) for op, example in cases(registry) if op.terms is not None]


def value(entry, inputs, places):
    """The number that an entry gives at places counted from 1, by their letters."""
    if any(places[a] != places[b] for a, b in entry.same):
        return 0.0
    at = [tuple(eval(x, {}, dict(places)) - 1 for x in letters) for _, letters in entry.factors]
    return entry.number * np.prod([inputs[slot][i] for (slot, _), i in zip(entry.factors, at, strict=True)])


@pytest.mark.parametrize(("op", "example"), SUMS, ids=lambda x: case_id(x) if not isinstance(x, tuple) else None)
def test_an_entry_gives_every_number_of_the_jacobian(op, example):
    walk = single_walk(op, example)
    step = next(s for s in walk if s.phase == "backward" and s.operation and s.output == "y")
    inputs = [np.asarray(walk.values[name]) for name in step.operation.inputs]
    for sent in card(walk, step).slots:
        shape, operand = step.value.shape, sent.value.shape
        i, j = LETTERS[: len(shape)], LETTERS[len(shape) : len(shape) + len(operand)]
        entry = of_sums(step.operation, sent.slot, shape, inputs, i, j)
        if entry is None:
            continue
        for n, place in enumerate(np.ndindex(shape + operand)):
            places = {letter: k + 1 for letter, k in zip(i + j, place, strict=True)}
            assert value(entry, inputs, places) == pytest.approx(sent.jacobian.matrix.reshape(-1)[n], abs=1e-12)


def entry_of(name, vertex, by):
    scenario = gl.scenario(name)
    walk = scenario.walk()
    step = next(s for s in walk if s.phase == "backward" and s.operation and s.output == vertex)
    sent = next(s for s in card(walk, step, axes=named(scenario)).slots if s.vertex == by)
    return sent.derivatives[0].replace(r"\mathbf", "").replace(r"\left", "").replace(r"\right", "").replace(r"\,", " ")


@pytest.mark.parametrize(
    ("scenario", "vertex", "by", "entry"),
    [
        ("mlp", "tmp_1", "W_1", "{x}_{j} [i = k]"),
        ("mlp-minibatch", "tmp_1", "W_1", "{X}_{ik} [j = l]"),
        ("mlp-minibatch", "tmp_2", "b_1", "[j = k]"),
        ("mlp-minibatch", "h", "tmp_2", "(1 - {h}_{ij}^2) [i = k] [j = l]"),
        ("mlp-minibatch", "tmp_3", "h", "({w}_2)_{k} [i = j]"),
        ("attention", "tmp_1", "K", "{Q}_{il} [j = k]"),
        ("attention", "h", "M", r"\frac{1}{3} [i = k]"),
        ("text-cnn", "tmp_3", "F_3", "{X}_{i+k-1, l} [j = m]"),
    ],
)
def test_an_entry_reads_as_on_a_blackboard(scenario, vertex, by, entry):
    assert entry_of(scenario, vertex, by).endswith(f"= {entry}")


def test_the_entry_of_the_lecture_says_which_derivative_it_is():
    assert entry_of("mlp", "tmp_1", "W_1") == (
        r"(\nabla_{{W}_1} {tmp}_1)_{ijk} = \frac{\partial ({tmp}_1)_{i}}{\partial ({W}_1)_{jk}} = {x}_{j} [i = k]"
    )


def test_without_a_closed_form_the_quotient_stays():
    assert (
        entry_of("text-cnn", "m_3", "C_3")
        == r"(\nabla_{{C}_3} {m}_3)_{ijk} = \frac{\partial ({m}_3)_{i}}{\partial ({C}_3)_{jk}}"
    )
