"""The card of every op: the shapes it states contract, and its numbers are those of the walk."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain import array_latex
from graphlab.explain.card import as_json, card, named
from graphlab.i18n import LANGUAGES
from graphlab.ops import registry
from tests.explain.walks import single_walk
from tests.ops.op_checks import case_id, cases

EVERY = pytest.mark.parametrize(("op", "example"), cases(registry), ids=case_id)


def cards(op, example):
    """The walk of an op by itself, and the cards of its own step back."""
    walk = single_walk(op, example)
    steps = [s for s in walk if s.phase == "backward" and s.operation and s.output == "y"]
    return walk, [(step, card(walk, step)) for step in steps]


def sizes(axes):
    return tuple(axis.size for axis in axes)


@EVERY
def test_the_gradient_times_the_jacobian_is_what_the_walk_sends(op, example):
    _, found = cards(op, example)
    for step, shown in found:
        g = np.where(np.isfinite(step.upstream), step.upstream, 0).reshape(-1)
        for sent in shown.slots:
            product = (g @ sent.jacobian.matrix).reshape(sent.value.shape)
            np.testing.assert_allclose(product, np.where(np.isfinite(sent.value), sent.value, 0), atol=1e-12)


@EVERY
def test_the_numbers_end_in_what_the_walk_sends(op, example):
    _, found = cards(op, example)
    for step, shown in found:
        for sent, contribution in zip(shown.slots, step.contributions, strict=True):
            assert sent.value is contribution.value or (sent.value == contribution.value).all()
            exact = [array_latex(contribution.value, rows=r, columns=c) for r, c in ((4, 4), (3, 3), (3, 2))]
            assert any(sent.numbers[-1].endswith(f"= {value}") for value in exact)


@EVERY
def test_the_stated_shapes_contract(op, example):
    _, found = cards(op, example)
    for step, shown in found:
        for sent in shown.slots:
            over, by = step.value.shape, sent.value.shape
            gradient, local = sent.contraction.factors
            assert (sizes(gradient.axes), sizes(local.axes)) == (over, over + by)
            assert sizes(sent.contraction.result.axes) == by
            contracts(sent.coded, by)


def contracts(shapes, target):
    """Arrays of the stated shapes, multiplied as stated, have the shape of the target."""
    arrays = [np.ones(sizes(f.axes)) for f in shapes.factors]
    if len(arrays) == 1 or shapes.summed:
        return
    left, right = arrays
    n = len(shapes.factors[0].met)
    product = left * right if shapes.sign == "⊙" or not (left.ndim and right.ndim) else np.tensordot(left, right, n)
    assert product.shape == target


@EVERY
def test_the_product_never_costs_more_than_the_jacobian(op, example):
    for _, shown in cards(op, example)[1]:
        for sent in shown.slots:
            assert 0 <= sent.jacobian.product <= sent.jacobian.dense == sent.jacobian.elements


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_card_reaches_the_page(op, example, lang):
    walk, _ = cards(op, example)
    for step in walk:
        said = as_json(card(walk, step, lang=lang), lang)
        for slot in said["slots"]:
            assert slot["why"]
            assert "{" not in slot["why"] + slot["jacobian"]["says"] + slot["rank"]


@pytest.mark.parametrize("name", gl.scenarios())
def test_every_step_of_every_scenario_has_a_card(name):
    scenario = gl.scenario(name)
    walk, axes = scenario.walk(), named(scenario)
    for step in walk[:120]:
        shown = card(walk, step, axes=axes)
        assert as_json(shown)["title"]
        for sent in shown.slots:
            contracts(sent.coded, sent.value.shape)


@pytest.mark.parametrize(("op", "example"), cases(registry, lambda op: any(op.why)), ids=case_id)
def test_a_product_that_its_factors_do_not_explain_is_explained_by_the_op(op, example):
    _, found = cards(op, example)
    for _, shown in found:
        for sent in shown.slots:
            if op.why and op.why[sent.slot] and len(sent.coded.factors) == 1 and "as it is" not in sent.why:
                words = [w for w in op.why[sent.slot].split() if "{" not in w]
                assert set(words) <= set(sent.why.split())
