"""What a program looks like: its lines, the steps they stand for, its names and its colours."""

import pytest

import graphlab as gl
from graphlab.code import tokens
from graphlab.code.names import identifier, identifiers

MLP = """\
    # x: (2,), W_1: (2, 3), b_1: (3,), w_2: (3,), b_2: a number,
    # y_true: a number

    # forward
    tmp_1 = x @ W_1  # (3,)
    tmp_2 = tmp_1 + b_1  # (3,)
    h = np.tanh(tmp_2)  # (3,)
    tmp_3 = h @ w_2
    tmp_4 = tmp_3 + b_2
    y = 1 / (1 + np.exp(-tmp_4))
    loss = -(xlogy(y_true, y) + xlogy(1 - y_true, 1 - y))

    # backward
    grad_loss = 1.0
    grad_y = grad_loss * (ratio(1 - y_true, 1 - y) - ratio(y_true, y))
    grad_tmp_4 = grad_y * y * (1 - y)
    grad_tmp_3 = grad_tmp_4
    grad_b_2 = grad_tmp_4
    grad_h = grad_tmp_3 * w_2
    grad_w_2 = grad_tmp_3 * h
    grad_tmp_2 = grad_h * (1 - h**2)
    grad_tmp_1 = grad_tmp_2
    grad_b_1 = grad_tmp_2
    grad_W_1 = np.outer(x, grad_tmp_1)

    return loss, {"W_1": grad_W_1, "b_1": grad_b_1, "w_2": grad_w_2, "b_2": grad_b_2}
"""


def test_the_perceptron_of_the_slides_in_numpy():
    text = gl.code(gl.scenario("mlp").walk()).text
    head, body = text.split("def forward_backward(x, W_1, b_1, w_2, b_2, y_true):\n")
    assert body == MLP
    assert head.startswith("import numpy as np\n")
    assert head.count("def ") == 2  # xlogy and ratio, which the loss calls, and no others


@pytest.mark.parametrize("language", ["numpy", "pytorch"])
@pytest.mark.parametrize("name", gl.scenarios())
def test_every_step_of_the_walk_has_its_lines(name, language):
    walk = gl.scenario(name).walk()
    listing = gl.code(walk, language)
    assert set(listing.lines_of) == {step.index for step in walk}
    for step in walk:
        for number in listing.lines_of[step.index]:
            line = listing.lines[number - 1]
            assert line.phase == step.phase
            if language == "numpy":
                assert line.operation == step.operation


def test_the_slides_walk_of_d2():
    scenario = gl.scenario("mlp")
    listing = gl.code(scenario.walk())
    [index] = [s.index for s in scenario.walk() if s.phase == "backward" and s.output == "tmp_3"]
    shown = [listing.lines[n - 1].text.strip() for n in listing.lines_of[index]]
    assert shown == ["grad_h = grad_tmp_3 * w_2", "grad_w_2 = grad_tmp_3 * h"]


def test_pytorch_finds_the_gradients_by_itself():
    lines = [line.text.strip() for line in gl.code(gl.scenario("mlp").walk(), "pytorch").lines]
    assert "return torch.tensor(a, dtype=torch.float64, requires_grad=True)" in lines
    assert "W_1 = leaf(W_1)" in lines
    assert "x = tensor(x)" in lines
    assert "loss.backward()" in lines
    assert "grad_W_1 = W_1.grad" in lines


def test_what_arrives_in_parts_is_added():
    text = gl.code(gl.scenario("rnn").walk()).text
    parts = [line.strip() for line in text.split("\n") if line.strip().startswith("grad_W =")]
    assert parts == [
        "grad_W = np.outer(x_3, grad_tmp_9)  # part 1 of 3",
        "grad_W = grad_W + np.outer(x_2, grad_tmp_5)  # part 2 of 3",
        "grad_W = grad_W + np.outer(x_1, grad_tmp_1)  # part 3 of 3",
    ]


def test_what_was_broadcast_is_summed_back():
    text = gl.code(gl.scenario("mlp-minibatch").walk()).text
    assert "    grad_b_1 = np.sum(grad_tmp_2, axis=0)\n" in text
    assert "    grad_b_2 = np.sum(grad_tmp_4)\n" in text
    assert "    grad_W_1 = X.T @ grad_tmp_1\n" in text


def test_comments_in_russian():
    text = gl.code(gl.scenario("rnn").walk(), lang="ru").text
    assert "# прямой проход\n" in text
    assert "# обратный проход\n" in text
    assert "# часть 2 из 3\n" in text
    assert text.encode().decode() == text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("tmp_1", "tmp_1"),
        ("c~_1", "c_tilde_1"),
        ("h~", "h_tilde"),
        ("W_{hf}", "W_hf"),
        ("σ", "sigma"),
        ("λ", "lambda_"),
        ("Σ", "Sigma"),
        ("x^[2]", "x_2"),
        ("sum", "sum_"),
        ("np", "np_"),
        ("2", "v_2"),
    ],
)
def test_a_name_as_an_identifier(name, expected):
    assert identifier(name) == expected
    assert expected.isidentifier()


def test_no_two_names_become_one():
    assert identifiers(["W_{hf}", "W_hf", "λ", "lambda_"]) == {
        "W_{hf}": "W_hf",
        "W_hf": "W_hf_2",
        "λ": "lambda_",
        "lambda_": "lambda_2",
    }


def test_a_vertex_may_be_named_as_a_gradient():
    graph = gl.parse("grad_x = 2 x\nloss = ‖grad_x‖^2", {"x": (2,)})
    listing = gl.code(graph)
    assert "grad_x_2 = grad_grad_x * 2" in listing.text.replace("2 * grad_grad_x", "grad_grad_x * 2")


def test_colours_of_a_line():
    text = '    return np.sum(a, axis=0), {"W_1": 2.5e-3}  # part 1'
    assert [(text[start:end], kind) for start, end, kind in tokens(text)] == [
        ("return", "keyword"),
        ("sum", "call"),
        ("0", "number"),
        ('"W_1"', "string"),
        ("2.5e-3", "number"),
        ("# part 1", "comment"),
    ]


def test_what_can_not_be_written_is_refused():
    graph = gl.scenario("mlp-minibatch").graph
    with pytest.raises(gl.GraphlabError, match="there is no program in fortran: choose one of numpy, pytorch"):
        gl.code(graph, "fortran")
    with pytest.raises(gl.GraphlabError, match="there is no vertex z"):
        gl.code(graph, wrt=["z"])
    with pytest.raises(gl.GraphlabError, match="losses has the shape"):
        gl.code(graph, of="losses")
