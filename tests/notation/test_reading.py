"""What a text means: equations in, operations out."""

from __future__ import annotations

import pytest

import graphlab as gl

V, M, S = (3,), (3, 3), ()

# Names by the shape they have in these tests.
SHAPES = {name: V for name in ("x", "w", "b", "z", "y_true", "x^[n]", "c~", "c~_0", "W_hf")}
SHAPES |= {name: M for name in ("X", "W", "U", "W_1", "Q", "K")}
SHAPES |= {name: S for name in ("a", "c", "d", "λ")}


def operations(text: str, **declared: object) -> list[str]:
    """The operations of a text, one string each: output = op(inputs, attributes)."""
    graph = gl.parse(text, **({"shapes": SHAPES} | declared))
    return [
        f"{o.output} = {o.op}({', '.join([*o.inputs, *(f'{k}={v}' for k, v in o.attributes.items())])})"
        for o in graph.operations
    ]


MLP = "h = tanh(x W_1 + b_1)\ny = sigma(h w_2^T + b_2)\nloss = BCE(y_true, y)"
MLP_SHAPES = {"x": ("D",), "W_1": ("D", "H"), "b_1": ("H",), "w_2": ("H",), "b_2": (), "y_true": ()}


def test_the_lectures_perceptron() -> None:
    assert operations(MLP, shapes=MLP_SHAPES, sizes={"D": 4, "H": 3}) == [
        "tmp_1 = matmul(x, W_1)",
        "tmp_2 = add(tmp_1, b_1)",
        "h = tanh(tmp_2)",
        "tmp_3 = matmul(h, w_2, tb=True)",
        "tmp_4 = add(tmp_3, b_2)",
        "y = sigma(tmp_4)",
        "loss = BCE(y_true, y)",
    ]


def test_vertices_of_the_lectures_perceptron() -> None:
    graph = gl.parse(MLP, shapes=MLP_SHAPES, sizes={"D": 4, "H": 3})
    assert [(v.name, v.kind, v.shape, v.latex) for v in graph.vertices.values()] == [
        ("x", "input", (4,), r"\mathbf{x}"),
        ("W_1", "parameter", (4, 3), r"\mathbf{W}_1"),
        ("tmp_1", "temporary", (3,), r"\mathbf{tmp}_1"),
        ("b_1", "parameter", (3,), r"\mathbf{b}_1"),
        ("tmp_2", "temporary", (3,), r"\mathbf{tmp}_2"),
        ("h", "temporary", (3,), r"\mathbf{h}"),
        ("w_2", "parameter", (3,), r"\mathbf{w}_2"),
        ("tmp_3", "temporary", (), r"\mathit{tmp}_3"),
        ("b_2", "parameter", (), "b_2"),
        ("tmp_4", "temporary", (), r"\mathit{tmp}_4"),
        ("y", "output", (), "y"),
        ("y_true", "input", (), "y_{true}"),
        ("loss", "output", (), r"\mathcal{L}"),
    ]


def test_every_operation_carries_the_text_it_was_read_from() -> None:
    graph = gl.parse(MLP, shapes=MLP_SHAPES, sizes={"D": 4, "H": 3})
    assert [o.text for o in graph.operations] == [
        "x W_1",
        "x W_1 + b_1",
        "tanh(x W_1 + b_1)",
        "h w_2^T",
        "h w_2^T + b_2",
        "sigma(h w_2^T + b_2)",
        "BCE(y_true, y)",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The matrix product, written in three ways.
        ("h = x W", ["h = matmul(x, W)"]),
        ("h = x · W", ["h = matmul(x, W)"]),
        ("h = x @ W", ["h = matmul(x, W)"]),
        ("h = x W U", ["tmp_1 = matmul(x, W)", "h = matmul(tmp_1, U)"]),
        ("h = x (W U)", ["tmp_1 = matmul(W, U)", "h = matmul(x, tmp_1)"]),
        # A scalar beside anything scales it.
        ("h = a x", ["h = scale(a, x)"]),
        ("h = W a", ["h = scale(W, a)"]),
        ("h = a c", ["h = scale(a, c)"]),
        ("h = 2 x", ["h = scale(const_1, x)"]),
        ("h = 2x", ["h = scale(const_1, x)"]),
        ("h = 2(x + b)", ["tmp_1 = add(x, b)", "h = scale(const_1, tmp_1)"]),
        # Elementwise products bind looser than matrix products, tighter than sums.
        ("h = x ⊙ w", ["h = mul(x, w)"]),
        ("h = x * w", ["h = mul(x, w)"]),
        ("h = x W ⊙ w U", ["tmp_1 = matmul(x, W)", "tmp_2 = matmul(w, U)", "h = mul(tmp_1, tmp_2)"]),
        ("h = x + w ⊙ b", ["tmp_1 = mul(w, b)", "h = add(x, tmp_1)"]),
        ("h = x ⊙ -w", ["tmp_1 = neg(w)", "h = mul(x, tmp_1)"]),
        # A slash without spaces is a fraction, with spaces it divides the whole product on its left.
        ("h = a/c x", ["tmp_1 = div(a, c)", "h = scale(tmp_1, x)"]),
        ("h = a x/c", ["tmp_1 = div(x, c)", "h = scale(a, tmp_1)"]),
        ("h = a x / c", ["tmp_1 = scale(a, x)", "h = div(tmp_1, c)"]),
        ("h = x ⊙ w / a", ["tmp_1 = mul(x, w)", "h = div(tmp_1, a)"]),
        ("h = x / w ⊙ b", ["tmp_1 = div(x, w)", "h = mul(tmp_1, b)"]),
        ("h = a/c/d", ["tmp_1 = div(a, c)", "h = div(tmp_1, d)"]),
        ("h = x^2/w^2", ["tmp_1 = power(x, exponent=2)", "tmp_2 = power(w, exponent=2)", "h = div(tmp_1, tmp_2)"]),
        ("h = λ/2 ‖w‖^2", ["tmp_1 = div(λ, const_1)", "tmp_2 = norm2(w)", "h = scale(tmp_1, tmp_2)"]),
        (
            "h = Q K^T / sqrt(d)",
            ["tmp_1 = matmul(Q, K, tb=True)", "tmp_2 = sqrt(d)", "h = div(tmp_1, tmp_2)"],
        ),
        # Sums and differences, from the left; unary minus.
        ("h = x - w - b", ["tmp_1 = sub(x, w)", "h = sub(tmp_1, b)"]),
        ("h = x − w", ["h = sub(x, w)"]),
        ("h = x -w", ["h = sub(x, w)"]),
        ("h = -x W", ["tmp_1 = matmul(x, W)", "h = neg(tmp_1)"]),
        ("h = -x + b", ["tmp_1 = neg(x)", "h = add(tmp_1, b)"]),
        ("h = x - -b", ["tmp_1 = neg(b)", "h = sub(x, tmp_1)"]),
        ("h = -2 x", ["h = scale(const_1, x)"]),
        ("h = -(a + 1)", ["tmp_1 = add(a, const_1)", "h = neg(tmp_1)"]),
        ("h = 1 - a", ["h = sub(const_1, a)"]),
        ("h = -x^2", ["tmp_1 = power(x, exponent=2)", "h = neg(tmp_1)"]),
        # Transposes: part of a matrix product, an operation of a matrix by itself, nothing for a vector.
        ("h = x w^T", ["h = matmul(x, w, tb=True)"]),
        ("h = W^T x", ["h = matmul(W, x, ta=True)"]),
        ("h = W.T U.T", ["h = matmul(W, U, ta=True, tb=True)"]),
        ("h = Wᵀ x", ["h = matmul(W, x, ta=True)"]),
        ("h = W^T^T x", ["h = matmul(W, x)"]),
        ("h = (W U)^T x", ["tmp_1 = matmul(W, U)", "h = matmul(tmp_1, x, ta=True)"]),
        ("h = W^T + U", ["tmp_1 = transpose(W)", "h = add(tmp_1, U)"]),
        ("h = x^T + b", ["h = add(x, b)"]),
        ("h = a W^T", ["tmp_1 = transpose(W)", "h = scale(a, tmp_1)"]),
        ("h = W^T", ["h = transpose(W)"]),
        # Powers and norms.
        ("h = x^2", ["h = power(x, exponent=2)"]),
        ("h = x²", ["h = power(x, exponent=2)"]),
        ("h = x^{-1}", ["h = power(x, exponent=-1)"]),
        ("h = x^0.5", ["h = power(x, exponent=0.5)"]),
        ("h = x^{1/2}", ["h = power(x, exponent=0.5)"]),
        ("h = a x^2", ["tmp_1 = power(x, exponent=2)", "h = scale(a, tmp_1)"]),
        ("h = ‖W‖_F^2", ["h = norm2(W)"]),
        ("h = ||W||^2_F", ["h = norm2(W)"]),
        ("h = ‖x‖", ["h = norm(x)"]),
        ("h = ‖x - w‖^2", ["tmp_1 = sub(x, w)", "h = norm2(tmp_1)"]),
        ("h = ‖x‖^2 ‖w‖^2", ["tmp_1 = norm2(x)", "tmp_2 = norm2(w)", "h = scale(tmp_1, tmp_2)"]),
        # Functions, their other names and their settings.
        ("h = σ(x)", ["h = sigma(x)"]),
        ("h = sigmoid(x)", ["h = sigma(x)"]),
        ("h = sigma (x)", ["h = sigma(x)"]),
        ("h = ReLU(x)", ["h = relu(x)"]),
        ("h = ln(x)", ["h = log(x)"]),
        ("h = log_softmax(x)", ["h = log_softmax(x)"]),
        ("h = sum(W)", ["h = sum(W)"]),
        ("h = sum(W, axis=0)", ["h = sum(W, axis=0)"]),
        ("h = mean(W, axis = -1)", ["h = mean(W, axis=-1)"]),
        ("h = argmax(softmax(x))", ["tmp_1 = softmax(x)", "h = argmax(tmp_1)"]),
        # One vertex, two slots.
        ("h = x ⊙ x", ["h = mul(x, x)"]),
    ],
)
def test_an_equation_and_its_operations(text: str, expected: list[str]) -> None:
    assert operations(text) == expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("h = x + b # the sum", "h"),
        ("W_{hf} = x + b", "W_hf"),
        ("c~ = x + b", "c~"),
        ("c~_0 = x + b", "c~_0"),
        ("lambda = a + c", "λ"),
        ("lambda_1 = a + c", "λ_1"),
        ("λ = a + c", "λ"),
        ("x^{[n]} = w + b", "x^[n]"),
        ("x^[n] = w + b", "x^[n]"),
        ("W₁ = x + b", "W_1"),
        ("W_12 = x + b", "W_12"),
        ("y_true_2 = x + b", "y_true_2"),
        ("W_{h,1} = x + b", "W_{h,1}"),
        ("tmp_1 = x + b", "tmp_1"),
        ("h2 = x + b", "h2"),
    ],
)
def test_a_name_and_its_canonical_spelling(text: str, name: str) -> None:
    declared = {n: shape for n, shape in SHAPES.items() if n != name}
    assert gl.parse(text, shapes=declared).operations[-1].output == name


@pytest.mark.parametrize(
    ("name", "scalar", "array"),
    [
        ("W_1", "W_1", r"\mathbf{W}_1"),
        ("W_{hf}", "W_{hf}", r"\mathbf{W}_{hf}"),
        ("c~_0", r"\tilde{c}_0", r"\tilde{\mathbf{c}}_0"),
        ("lambda", r"\lambda", r"\boldsymbol{\lambda}"),
        ("x^{[n]}", "x^{[n]}", r"\mathbf{x}^{[n]}"),
        ("y_true", "y_{true}", r"\mathbf{y}_{true}"),
        ("tmp_4", r"\mathit{tmp}_4", r"\mathbf{tmp}_4"),
        ("score", r"\mathit{score}", r"\mathbf{score}"),
        ("y_hat", r"\hat{y}", r"\hat{\mathbf{y}}"),
        ("loss", r"\mathcal{L}", r"\mathcal{L}"),
        ("L", r"\mathcal{L}", r"\mathcal{L}"),
    ],
)
def test_a_name_as_mathematics(name: str, scalar: str, array: str) -> None:
    assert list(gl.parse(f"{name} = p + q", shapes={"p": (), "q": ()}).vertices.values())[-1].latex == scalar
    assert list(gl.parse(f"{name} = p + q", shapes={"p": (2,), "q": ()}).vertices.values())[-1].latex == array


def test_every_number_is_a_constant_of_its_own() -> None:
    graph = gl.parse("h = 1 - a + 1 + 0.5 c", shapes=SHAPES)
    constants = [(v.name, v.kind, v.value, v.latex) for v in graph.vertices.values() if v.value is not None]
    assert constants == [
        ("const_1", "constant", 1.0, "1"),
        ("const_2", "constant", 1.0, "1"),
        ("const_3", "constant", 0.5, "0.5"),
    ]


def test_a_minus_in_front_of_a_number_belongs_to_it() -> None:
    assert gl.parse("h = -2 x", shapes=SHAPES).vertices["const_1"].value == -2


def test_a_minus_in_front_of_a_power_does_not_belong_to_the_number() -> None:
    assert operations("h = -2^2") == ["tmp_1 = power(const_1, exponent=2)", "h = neg(tmp_1)"]


def test_a_name_can_be_a_number() -> None:
    graph = gl.parse("lambda = 0.1\nh = λ x", shapes={"x": (3,)})
    vertex = graph.vertices["λ"]
    assert (vertex.kind, vertex.value, vertex.shape, vertex.latex) == ("constant", 0.1, (), r"\lambda")
    assert [o.inputs for o in graph.operations] == [("λ", "x")]


def test_temporaries_leave_out_names_that_are_in_use() -> None:
    assert operations("tmp_1 = x W\nh = tanh(tmp_1 + b) U + tmp_3", shapes=SHAPES | {"tmp_3": V}) == [
        "tmp_1 = matmul(x, W)",
        "tmp_2 = add(tmp_1, b)",
        "tmp_4 = tanh(tmp_2)",
        "tmp_5 = matmul(tmp_4, U)",
        "h = add(tmp_5, tmp_3)",
    ]


def test_kinds_by_convention() -> None:
    graph = gl.parse("z_1 = x W + b\ny_1 = sigma(z_1)\ny_2 = y_1 + 1\ns = z_1 + X_2", shapes=SHAPES | {"X_2": V})
    assert {name: v.kind for name, v in graph.vertices.items()} == {
        "x": "input",
        "W": "parameter",
        "b": "parameter",
        "tmp_1": "temporary",
        "z_1": "temporary",
        "y_1": "output",
        "const_1": "constant",
        "y_2": "output",
        "X_2": "input",
        "s": "output",
    }


def test_kinds_as_declared() -> None:
    kinds = {"x": "parameter", "W": "constant", "b": "input", "h": "output", "y": "temporary"}
    graph = gl.parse("h = x W\ny = h + b", shapes=SHAPES, kinds=kinds)
    assert {name: v.kind for name, v in graph.vertices.items()} == kinds
    assert graph.vertices["W"].value is None


def test_declarations_may_spell_a_name_as_the_text_does() -> None:
    graph = gl.parse("h = lambda W_{hf}", shapes={"lambda": (), "W_{hf}": (2, 3)}, kinds={"lambda": "constant"})
    assert graph.vertices["λ"].kind == "constant"
    assert graph.vertices["W_hf"].shape == (2, 3)


def test_declarations_for_names_that_do_not_occur_change_nothing() -> None:
    assert operations("h = x W", shapes=SHAPES | {"nowhere": (1, 2)}, kinds={"never": "input"}) == ["h = matmul(x, W)"]


def test_windows_line_ends_and_tabs_are_white_space() -> None:
    assert operations("h\t=\tx W\r\ny = h\t+ b\r\n") == ["h = matmul(x, W)", "y = add(h, b)"]


def test_user_text_is_never_evaluated() -> None:
    for text in ("y = __import__(x)", "y = exec(x)", "y = x.__class__", "y = (lambda: 1)()", "y = {x!r}", "y = %s"):
        with pytest.raises(gl.NotationError):
            gl.parse(text, shapes={"x": ()})


def test_a_function_of_any_number_of_arguments() -> None:
    assert operations("h = concat(x, w, b)") == ["h = concat(x, w, b)"]


def test_a_transposed_tensor_can_not_be_scaled() -> None:
    with pytest.raises(gl.ShapeError, match="only a matrix or a vector can be transposed"):
        gl.parse("h = 2 T^T", shapes={"T": (2, 3, 4)})
