"""What the page is told of the program and of the minibatch: steps of the picture, and wrong questions refused."""

import json

import pytest

import graphlab as gl
from graphlab.diagram import Folding
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk


def asked(context, kind, **details):
    return answer(context, {"id": "1", "kind": kind, "walk": context.key, **details})


def context_of(name, **options):
    scenario = gl.scenario(name)
    return ShownWalk(scenario.walk(), scenario=scenario, **options)


def test_lines_know_the_steps_of_the_picture():
    told = asked(context_of("mlp"), "code", language="numpy")
    lines = told["text"].split("\n")
    steps = {line.strip(): span for line, span in zip(lines, told["steps"], strict=False)}
    assert steps["grad_h = grad_tmp_3 * w_2"] == [12, 12]
    assert steps["# forward"] == [0, 0]
    assert asked(context_of("mlp"), "code", language="pytorch")["steps"][-7][1] == 15
    assert json.dumps(told, allow_nan=False)


def test_folded_steps_hold_several_lines():
    scenario = gl.scenario("lstm")
    context = context_of("lstm", folding=Folding.fold_all(scenario.graph))
    told = asked(context, "code", language="numpy")
    assert max(last for _, last in told["steps"]) == len(context.picture.stops)


def test_the_lens_of_a_step():
    told = asked(context_of("mlp-minibatch"), "lens", step=17)
    [item] = told["items"]
    assert (item["vertex"], item["kind"], len(item["shares"])) == ("W_1", "outer", 4)
    assert item["shares"][-1]["total"]["texts"] == item["whole"]["texts"]
    assert told["reduction"] == "mean"


@pytest.mark.parametrize("step", [-1, 18, "2", None, True, 1.5])
def test_a_step_that_is_not_there_is_refused(step):
    assert "error" in asked(context_of("mlp-minibatch"), "lens", step=step)


@pytest.mark.parametrize("language", ["fortran", None, 3, ["numpy"]])
def test_an_unknown_language_is_refused(language):
    assert "there is no program in" in asked(context_of("mlp"), "code", language=language)["error"]


def test_a_graph_with_no_minibatch_has_no_lens():
    assert asked(context_of("mlp"), "lens", step=1)["error"] == "this graph has no minibatch"
    assert "error" in asked(ShownWalk(gl.scenario("mlp").walk()), "lens", step=1)
