"""Every program, run, gives the gradients of the engine: each scenario, each example of each op, in both languages."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.ops import registry
from tests.code.programs import graph_of, run, worst
from tests.finite import FINITE

LANGUAGES = ("numpy", "pytorch")


def breaks(walk):
    """Whether numbers overflow in the walk; torch bounds some of them (its BCE does), so it can not be a judge there."""
    return not all(np.isfinite(v).all() for v in walk.values.values())


CASES = [(op.of(len(case.inputs)), case) for op in registry.values() for case in op.examples]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", FINITE)
def test_the_program_of_a_scenario_gives_its_gradients(name, seed, language):
    scenario = gl.scenario(name)
    walk, feeds = scenario.walk(seed), scenario.feeds(seed)
    wanted = gl.backward(walk.graph, walk.values, walk.of)
    loss, grads = run(gl.code(walk, language), feeds)
    if language == "pytorch" and breaks(walk):
        return
    assert loss == pytest.approx(float(walk.values[walk.of]), rel=1e-12, nan_ok=True)
    assert set(grads) == {n for n in (scenario.parameters or scenario.graph.fed) if n in wanted}
    assert worst(grads, wanted) < 1e-10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FINITE)
def test_the_program_of_a_graph_gives_every_gradient(name, language):
    scenario = gl.scenario(name)
    feeds = scenario.feeds()
    values = gl.forward(scenario.graph, feeds)
    wanted = gl.backward(scenario.graph, values, scenario.of)
    _, grads = run(gl.code(scenario.graph, language, of=scenario.of), feeds)
    if language == "pytorch" and breaks(scenario.walk()):
        return
    assert set(grads) == {n for n in scenario.graph.fed if n in wanted}
    assert worst(grads, wanted) < 1e-10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("op", "case"), CASES, ids=[f"{op.name}-{i}" for i, (op, _) in enumerate(CASES)])
def test_the_code_of_an_op_gives_its_gradients(op, case, language):
    graph, feeds = graph_of(op, case)
    values = gl.forward(graph, feeds)
    wanted = gl.backward(graph, values)
    loss, grads = run(gl.code(graph, language), feeds)
    assert loss == pytest.approx(float(values["loss"]), rel=1e-12)
    assert set(grads) == {n for n in graph.fed if n in wanted}
    assert worst(grads, wanted) < 1e-10


def test_a_swapped_operand_is_noticed():
    scenario = gl.scenario("mlp")
    listing, feeds = gl.code(scenario.graph), scenario.feeds()
    wanted = gl.backward(scenario.graph, gl.forward(scenario.graph, feeds))
    right = "grad_h = grad_tmp_3 * w_2"
    assert right in listing.text
    swapped = listing.text.replace(right, "grad_h = grad_tmp_3 * h")
    assert worst(run(listing, feeds)[1], wanted) < 1e-10
    assert worst(run(listing, feeds, swapped)[1], wanted) > 1e-2


def test_wrt_may_name_any_vertex():
    scenario = gl.scenario("rnn")
    feeds = scenario.feeds()
    wanted = gl.backward(scenario.graph, gl.forward(scenario.graph, feeds))
    for language in LANGUAGES:
        _, grads = run(gl.code(scenario.graph, language, wrt=["h_2", "x", "x_1", "U"]), feeds)
        assert set(grads) == {"h_2", "x", "x_1", "U"}
        assert worst(grads, wanted) < 1e-10


def test_saturated_probabilities_give_what_the_engine_gives():
    graph = gl.parse("loss = CrossEntropy(y_true, y)", {"y_true": (2,), "y": (2,)})
    feeds = {"y_true": np.array([1.0, 0.0]), "y": np.array([1.0, 0.0])}
    wanted = gl.backward(graph, gl.forward(graph, feeds))
    loss, grads = run(gl.code(graph, wrt=["y"]), feeds)
    assert loss == 0
    assert grads["y"].tolist() == wanted["y"].tolist() == [-1.0, 0.0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_the_text_stand_as_they_are(language):
    text = "z = log(2) x - 1/3\nloss = λ/2 ‖z‖^2 + 3 sum(x^{[1]})"
    graph = gl.parse(text, {"x": (3,), "x^{[1]}": (3,)})
    feeds = {"x": np.array([0.5, -1.0, 2.0]), "λ": np.array(0.1), "x^[1]": np.array([1.0, 2.0, 3.0])}
    wanted = gl.backward(graph, gl.forward(graph, feeds))
    listing = gl.code(graph, language)
    _, grads = run(listing, feeds)
    assert "lambda_ / 2" in listing.text
    assert set(grads) == {"x", "λ", "x^[1]"}
    assert worst(grads, wanted) < 1e-10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_program_of_a_long_sequence(language):
    scenario = gl.scenario("lstm").with_sizes({"T": 10})
    walk, feeds = scenario.walk(), scenario.feeds()
    listing = gl.code(walk, language)
    assert max(len(line.text) for line in listing.lines) <= 110
    assert worst(run(listing, feeds)[1], gl.backward(walk.graph, walk.values)) < 1e-10
