"""[blocks] in a scenario file: equations that belong together, with a title."""

from __future__ import annotations

import pytest

import graphlab as gl
from graphlab.graph import Block
from graphlab.scenario import dump, edited, load

FILE = 'equations = """\nh = x * x\ng = h * h\nloss = sum(g)\n"""\n[shapes]\nx = [2]\n[blocks]\n'


def test_a_block_is_on_the_graph_with_its_title_in_each_language():
    s = load(FILE + 'square = { equations = ["h", "g"], en = "squares", ru = "квадраты" }\n')
    assert s.graph.blocks == {"square": Block(("h", "g"), {"en": "squares", "ru": "квадраты"})}
    assert load(dump(s)).blocks == s.blocks


def test_a_block_goes_where_one_of_its_equations_is_edited_away():
    s = load(FILE + 'square = { equations = ["h", "g"] }\n')
    assert edited(s, "h = x * x\nloss = sum(h)").blocks == {}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('b = { equations = ["k"] }', "k is not on the left of an equation"),
        ("b = { equations = [] }", "blocks.b.equations can not be []"),
        ("b = 3", "blocks.b can not be 3"),
        ('h = { equations = ["h", "g"] }', "h is given twice"),
        ('"t=1" = { equations = ["h", "g"] }', "t=1 is no name for a block"),
    ],
)
def test_a_block_that_can_not_be_used_is_said(line, said):
    with pytest.raises(gl.ScenarioError, match="(?s).*" + said.replace("[", r"\[").replace("]", r"\]")):
        load(FILE + line + "\n")


def test_the_layers_of_the_sentiment_classifier_and_the_nodes_of_the_tree_have_names():
    assert [b.titles["ru"] for b in gl.scenario("sentiment-lstm").graph.blocks.values()] == ["слой 1", "слой 2"]
    assert list(gl.scenario("tree-lstm-2").graph.blocks) == ["node_4", "node_5"]
