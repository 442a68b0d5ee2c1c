"""Formulas of teaching material are read with the author's meaning, or refused: never with another one."""

from __future__ import annotations

import pytest
from formulas import documentation, public_blocks
from formulas.judge import Formula, after_fixes, another_meaning, read

import graphlab as gl

# Blocks that are refused today, and why. What is refused is never read otherwise, whatever helps are followed.
REFUSED = {
    "Spinning Up: g of the clipped objective": "an array inside \\left\\{ over several lines with a condition and no comma",
    "torch: SoftMarginLoss": "x.nelement() is a method",
    "Barlow Twins": "an index in braces behind a name in braces",
    "DDPM: the simple loss": "t is an argument and an index",
    "Wikipedia: RBF network": "the argument of the function is an expression",
    "d2l: factorisation machine, pairs j > i": "a part of an axis",
    "mixture of experts": "a function whose parameters have an index",
    "d2l: attention weights of scaled dot products, a chain through softmax": "a family of arguments",
    "Luong attention with tags": "an index with a prime",
    "PyG: GCNConv": "a diagonal matrix defined by its elements",
}

every_block = pytest.mark.parametrize("formula", public_blocks.FORMULAS + documentation.FORMULAS, ids=lambda f: f.name)


@every_block
def test_a_block_is_read_with_the_meaning_of_its_author(formula: Formula) -> None:
    found = read(formula)
    if isinstance(found, gl.GraphlabError):
        assert formula.convention or formula.name in REFUSED, str(found)
    else:
        assert another_meaning(formula, found) == ""
        assert formula.name not in REFUSED, "this block is read now: take it out of the list"


@every_block
def test_fixes_keep_the_meaning_of_the_author(formula: Formula) -> None:
    for graph in after_fixes(formula, choices=False):
        assert another_meaning(formula, graph) == "", graph.text


@every_block
def test_one_of_the_choices_is_the_meaning_of_the_author(formula: Formula) -> None:
    found = read(formula)
    if isinstance(found, gl.GraphlabError) and found.choices:
        meanings = [another_meaning(formula, graph) for graph in after_fixes(formula, choices=True)]
        assert "" in meanings, meanings
