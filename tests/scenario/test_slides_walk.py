"""The slides' walk, D1 and D2: its operations, names, order and numbers, typed as they stand on the projector."""

import numpy as np
import pytest

import graphlab as gl

OPERATIONS = [
    ("tmp_1", "matmul", ("x", "W_1")),
    ("tmp_2", "add", ("tmp_1", "b_1")),
    ("h", "tanh", ("tmp_2",)),
    ("tmp_3", "matmul", ("h", "w_2")),
    ("tmp_4", "add", ("tmp_3", "b_2")),
    ("y", "sigma", ("tmp_4",)),
    ("loss", "BCE", ("y_true", "y")),
]

# Worked out with y = σ(tmp_4), loss = -log y, and the chain rule by hand; six digits.
VALUES = {
    "tmp_1": [0.6, -0.25, -0.1],
    "tmp_2": [0.7, -0.35, 0.1],
    "h": [0.604368, -0.336376, 0.099668],
    "tmp_3": -0.133860,
    "tmp_4": -0.333860,
    "y": 0.417302,
    "loss": 0.873946,
}
GRADIENTS = {
    "y": -2.396347,
    "tmp_4": -0.582698,
    "tmp_3": -0.582698,
    "b_2": -0.582698,
    "h": [-0.291349, -0.582698, 0.582698],
    "w_2": [-0.352164, 0.196005, -0.058076],
    "tmp_2": [-0.184931, -0.516767, 0.576910],
    "tmp_1": [-0.184931, -0.516767, 0.576910],
    "b_1": [-0.184931, -0.516767, 0.576910],
    "W_1": [[-0.184931, -0.516767, 0.576910], [0.092465, 0.258383, -0.288455]],
}
BACKWARD = [
    ("loss", None, ["loss"]),
    ("loss", "BCE", ["y"]),
    ("y", "sigma", ["tmp_4"]),
    ("tmp_4", "add", ["tmp_3", "b_2"]),
    ("tmp_3", "matmul", ["h", "w_2"]),
    ("h", "tanh", ["tmp_2"]),
    ("tmp_2", "add", ["tmp_1", "b_1"]),
    ("tmp_1", "matmul", ["W_1"]),
]


@pytest.fixture(scope="module")
def mlp():
    return gl.scenario("mlp")


def test_the_walk_is_the_first_scenario():
    assert gl.scenarios()[:2] == ("scalars", "mlp")  # the smallest graph comes first; the page opens on the perceptron


def test_operations_have_the_slides_names_and_order(mlp):
    assert [(o.output, o.op.name, o.inputs) for o in mlp.graph.operations] == OPERATIONS


def test_kinds_are_the_lectures(mlp):
    assert {n: v.kind for n, v in mlp.graph.vertices.items()} == {
        "x": "input",
        "y_true": "input",
        "W_1": "parameter",
        "b_1": "parameter",
        "w_2": "parameter",
        "b_2": "parameter",
        "tmp_1": "temporary",
        "tmp_2": "temporary",
        "h": "temporary",
        "tmp_3": "temporary",
        "tmp_4": "temporary",
        "y": "output",
        "loss": "output",
    }


def test_forward_values(mlp):
    walk = mlp.walk()
    assert {s.output for s in walk if s.phase == "forward"} == set(VALUES)
    for step in walk:
        np.testing.assert_allclose(step.value, VALUES[step.output], atol=5e-7, err_msg=step.output)


def test_backward_goes_one_operation_a_slide(mlp):
    backward = [s for s in mlp.walk() if s.phase == "backward"]
    said = [(s.output, s.operation and s.operation.op.name, [c.vertex for c in s.contributions]) for s in backward]
    assert [(output, op, targets or [output]) for output, op, targets in said] == BACKWARD
    assert [s.index for s in backward] == list(range(8, 16))


def test_gradients(mlp):
    seen = {}
    for step in mlp.walk():
        for c in step.contributions:
            assert c.vertex not in seen
            np.testing.assert_allclose(c.value, GRADIENTS[c.vertex], atol=5e-7, err_msg=c.vertex)
            seen[c.vertex] = c.total
    assert seen.keys() == GRADIENTS.keys()


def test_automatic_differentiation_as_d2_writes_it(mlp):
    feeds = mlp.feeds()
    values = gl.forward(mlp.graph, feeds)
    g = gl.backward(mlp.graph, values)
    np.testing.assert_allclose(g["h"], g["tmp_3"] * feeds["w_2"], rtol=1e-15)
    np.testing.assert_allclose(g["w_2"], g["tmp_3"] * values["h"], rtol=1e-15)
    np.testing.assert_allclose(g["tmp_4"], g["y"] * values["y"] * (1 - values["y"]), rtol=1e-12)


def test_minibatch_temporaries_become_matrices_and_vectors():
    s = gl.scenario("mlp-minibatch", sizes={"N": 5})
    shapes = {n: v.shape for n, v in s.graph.vertices.items()}
    assert {n: shapes[n] for n in ("tmp_1", "tmp_2", "h")} == {"tmp_1": (5, 3), "tmp_2": (5, 3), "h": (5, 3)}
    assert {shapes[n] for n in ("tmp_3", "tmp_4", "y", "y_true", "losses")} == {(5,)}
    assert shapes["loss"] == ()
    assert s.graph.vertices["loss"].kind == "output"
    assert s.batch == "N"


def test_the_first_row_of_the_minibatch_is_the_slides_object(mlp):
    one = gl.forward(mlp.graph, mlp.feeds())
    s = gl.scenario("mlp-minibatch")
    many = gl.forward(s.graph, s.feeds())
    for name in ("tmp_1", "tmp_2", "h", "tmp_3", "tmp_4", "y"):
        np.testing.assert_allclose(many[name][0], one[name], rtol=1e-14)
    assert many["losses"][0] == pytest.approx(float(one["loss"]))


def test_weights_with_a_penalty_receive_two_parts_that_add_up():
    s = gl.scenario("binary-cross-entropy")
    parts = [c for step in s.walk() for c in step.contributions if c.vertex == "w"]
    assert [c.part for c in parts] == [1, 2]
    # The penalty's part is λ w; the loss's part is (y - y_true) x.
    np.testing.assert_allclose(parts[0].value, [0.1, 0.04, -0.06], atol=1e-12)
    np.testing.assert_allclose(parts[1].value, [-0.287221, 0.574443, -0.574443], atol=5e-7)
    np.testing.assert_allclose(parts[1].total, parts[0].value + parts[1].value)


def test_no_gradient_reaches_the_prediction():
    s = gl.scenario("softmax-mlp")
    assert "y_pred" not in gl.backward(s.graph, gl.forward(s.graph, s.feeds()))


def test_a_neuron_without_a_loss_walks_back_from_its_own_output():
    s = gl.scenario("neuron-sigma")
    assert s.of == "y"
    values = gl.forward(s.graph, s.feeds())
    assert values["tmp_2"] == pytest.approx(0.5)
    assert values["y"] == pytest.approx(0.622459, abs=5e-7)
    np.testing.assert_allclose(gl.backward(s.graph, values, of="y")["w"], [0.235004, -0.117502, 0.470007], atol=5e-7)
