"""The card that the page asks for: of a step, and of one operation in a folded box."""

import pytest

import graphlab as gl
from graphlab.diagram import Folding
from graphlab.player.embedded_answers import embedded_answers
from graphlab.player.packing import unpack
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk


@pytest.fixture(scope="module")
def folded():
    scenario = gl.scenario("rnn")
    return ShownWalk(scenario.walk(0), scenario, Folding.fold_all(scenario.graph))


def asked(context, **details):
    return answer(context, {"id": "1", "kind": "card", "walk": context.key, **details})


def test_a_folded_box_lists_its_operations_and_has_the_card_of_each(folded):
    box = asked(folded, step=1)
    assert (len(box["inside"]), box["more"], "card" in box) == (5, False, False)
    first, last = asked(folded, step=1, of=1), asked(folded, step=1, of=5)
    assert (first["card"]["vertex"], last["card"]["vertex"]) == ("tmp_1", "h_1")


@pytest.mark.parametrize("of", [0, 6, 2.0, "1", [], True])
def test_an_operation_that_is_not_there_is_refused(folded, of):
    assert list(asked(folded, step=1, of=of)) == ["error", "id", "kind"]


def test_a_card_is_made_once(folded):
    assert asked(folded, step=1, of=2)["card"] is asked(folded, step=1, of=2)["card"]


def test_a_file_has_the_cards_in_its_boxes(folded):
    cards = unpack(embedded_answers(folded)["card"])
    assert cards["1/5"]["card"]["vertex"] == "h_1"
    assert "1/6" not in cards
