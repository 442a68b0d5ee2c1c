"""The card of a step on the slides' walk: what LECTURE D2 says, symbol by symbol, and then number by number."""

import numpy as np
import pytest

import graphlab as gl
from graphlab.explain.card import as_json, card, named, named_axes, spelled
from graphlab.op import example
from graphlab.ops import registry
from tests.explain.walks import single_walk

MLP = gl.scenario("mlp")
L = r"\mathcal{L}"
TMP_1, TMP_3, H, W_1, W_2 = r"\mathbf{tmp}_1", r"\mathit{tmp}_3", r"\mathbf{h}", r"\mathbf{W}_1", r"\mathbf{w}_2"


def nabla(by, of=L):
    return rf"\nabla_{{{by}}} {of}"


def row(*numbers):
    return r"{\begin{pmatrix} " + " & ".join(numbers) + r" \end{pmatrix}}"


@pytest.fixture(scope="module")
def walk():
    return MLP.walk()


def back(walk, vertex):
    """The step that passes the gradient of a vertex back."""
    return next(s for s in walk if s.phase == "backward" and s.operation and s.output == vertex)


def forth(walk, vertex):
    return next(s for s in walk if s.phase == "forward" and s.output == vertex)


def slots(walk, vertex):
    return {s.vertex: s for s in card(walk, back(walk, vertex), axes=named(MLP)).slots}


def test_the_scalar_product_passes_its_gradient_back_as_the_lecture_writes_it(walk):
    sent = slots(walk, "tmp_3")["h"]
    assert sent.symbols == (rf"{nabla(H)} = {nabla(TMP_3)} \cdot {nabla(H, TMP_3)}",)
    assert sent.derivatives == (
        rf"{nabla(H, TMP_3)} = {W_2}",
        rf"{nabla(H)} = {nabla(TMP_3)} \cdot {W_2}",
    )
    assert sent.numbers == (
        rf"{nabla(H)} = -0.583 \cdot {row('0.500', '1', '-1')}",
        f"= {row('-0.291', '-0.583', '0.583')}",
    )


def test_the_weights_receive_the_hidden_layer(walk):
    sent = slots(walk, "tmp_3")["w_2"]
    assert sent.derivatives[-1] == rf"{nabla(W_2)} = {nabla(TMP_3)} \cdot {H}"
    assert sent.numbers[-1] == f"= {row('-0.352', '0.196', '-0.058')}"


def test_the_jacobian_of_a_layer_by_its_weights_is_a_3_tensor(walk):
    sent = slots(walk, "tmp_1")["W_1"]
    assert sent.rank == "a 3-tensor"
    assert sent.contraction.text() == "(H) · (H×D×H) → (D×H)"
    assert sent.symbols[1] == (
        rf"\left({nabla(W_1)}\right)_{{jk}} = \sum_{{i}} \left({nabla(TMP_1)}\right)_{{i}}"
        rf" \left({nabla(W_1, TMP_1)}\right)_{{ijk}}"
    )


def test_the_product_that_one_would_code_has_a_column_and_a_row(walk):
    sent = slots(walk, "tmp_1")["W_1"]
    assert sent.derivatives[-1] == rf"{nabla(W_1)} = \mathbf{{x}}^{{\top}}\,{nabla(TMP_1)}"
    assert sent.coded.text() == "(D×1) · (1×H) → (D×H)"
    assert sent.why == (
        "x stands upright, as a column: each of its elements meets each element of the gradient at tmp_1, "
        "which makes the shape of W_1, (D×H)."
    )


def test_the_jacobian_costs_more_than_the_product(walk):
    local = slots(walk, "tmp_1")["W_1"].jacobian
    assert (local.elements, local.dense, local.product) == (18, 18, 6)
    assert local.structure == "blocks"


def test_a_transpose_stands_where_axes_have_to_meet():
    scenario = gl.scenario("mlp-minibatch")
    walk = scenario.walk()
    sent = {s.vertex: s for s in card(walk, back(walk, "tmp_1"), axes=named(scenario)).slots}["W_1"]
    assert sent.coded.text() == "(D×N) · (N×H) → (D×H)"
    assert sent.why == "X is transposed, so that the axis N meets the axis N; what is left is the shape of W_1, (D×H)."


def test_what_was_repeated_is_summed():
    scenario = gl.scenario("mlp-minibatch")
    walk = scenario.walk()
    sent = {s.vertex: s for s in card(walk, back(walk, "tmp_2"), axes=named(scenario)).slots}["b_1"]
    assert sent.coded.summed
    assert sent.why == "b_1 was repeated to the shape (N×H), so what comes back is summed over the repetitions."


def test_tanh_has_a_diagonal_jacobian(walk):
    sent = slots(walk, "h")["tmp_2"]
    assert sent.derivatives[0] == nabla(r"\mathbf{tmp}_2", H) + rf" = \operatorname{{diag}}\left(1 - {H}^2\right)"
    assert sent.jacobian.structure == "diagonal"
    assert sent.coded.text() == "(H) ⊙ (H) → (H)"


def test_softmax_has_a_full_jacobian_and_shows_its_closed_form():
    scenario = gl.scenario("softmax-mlp")
    walk = scenario.walk()
    (sent,) = card(walk, back(walk, "y")).slots
    y = walk.values["y"]
    assert sent.derivatives[0].endswith(r" = \operatorname{diag}\left(\mathbf{y}\right) - \mathbf{y}^{\top} \mathbf{y}")
    assert sent.jacobian.structure == "full"
    np.testing.assert_allclose(sent.jacobian.matrix, np.diag(y) - np.outer(y, y))


def test_the_seed_is_one(walk):
    seed = next(s for s in walk if s.operation is None)
    assert card(walk, seed).title == rf"\nabla_{{{L}}} {L} = 1"
    assert card(walk, seed).slots == ()


def test_a_forward_step_has_its_rule_its_shapes_and_its_numbers(walk):
    shown = card(walk, forth(walk, "tmp_1"), axes=named(MLP))
    assert shown.title == rf"{TMP_1} = \mathbf{{x}}\,{W_1}"
    assert shown.shapes.text() == "(D) · (D×H) → (H)"
    assert shown.numbers[-1] == f"= {row('0.600', '-0.250', '-0.100')}"
    assert shown.sizes == {"D": 2, "H": 3}


def test_a_gradient_in_parts_shows_the_running_sum():
    scenario = gl.scenario("rnn")
    walk = scenario.walk()
    step = next(s for s in walk if any(c.vertex == "W" and c.part == 2 for c in s.contributions))
    sent = next(s for s in card(walk, step).slots if s.vertex == "W")
    assert (sent.part, sent.parts) == (2, 3)
    assert sent.symbols[0].startswith(rf"{sent.target} \leftarrow {sent.target} + ")
    assert sent.numbers[-2].startswith(rf"{sent.target} \leftarrow {sent.target} + ")


def test_one_slot_can_be_asked_for(walk):
    assert [s.vertex for s in card(walk, back(walk, "tmp_3"), slot=1).slots] == ["w_2"]
    with pytest.raises(ValueError, match="slot 7 sends nothing back"):
        card(walk, back(walk, "tmp_3"), slot=7)


def test_a_large_jacobian_is_outlined_and_not_formed():
    n = 128
    walk = single_walk(registry["tanh"], example([0.1] * n))
    (sent,) = card(walk, back(walk, "y")).slots
    local = sent.jacobian
    assert local.matrix is None
    assert (local.structure, local.elements, local.dense, local.product) == ("diagonal", 16384, 16384, 128)
    assert local.outline == tuple(tuple(i == j for j in range(24)) for i in range(24))
    said = as_json(card(walk, back(walk, "y")))["slots"][0]["jacobian"]
    assert said["too_large"].startswith("16\u202f384 numbers are too many to form.")


def test_sizes_are_named_through_the_whole_graph():
    axes = named(gl.scenario("lstm"))
    assert {name: spelled(axes[name]) for name in ("x_2", "U_f", "h_0", "f_1", "y")} == {
        "x_2": "(D)",
        "U_f": "(H×H)",
        "h_0": "(H)",
        "f_1": "(H)",
        "y": "(C)",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [("y = concat(a, a)", "(2H)"), ("y = concat(a, b)", "(H + D)"), ("y = conv(s, w)", "(T − 1×F)")],
)
def test_a_size_made_of_sizes_says_so(text, name):
    sizes = {"H": 3, "D": 2, "T": 5, "F": 4}
    shapes = {"a": ("H",), "b": ("D",), "s": ("T", "D"), "w": (2, "D", "F")}
    graph = gl.parse(text, shapes={n: s for n, s in shapes.items() if f"{n}," in text or f" {n})" in text}, sizes=sizes)
    assert spelled(named_axes(graph, shapes, sizes)["y"]) == name


def test_the_same_axis_has_one_colour_in_the_whole_card(walk):
    said = as_json(card(walk, back(walk, "tmp_1"), axes=named(MLP)))
    factors = [
        f for s in said["slots"] for line in ("contraction", "coded") for f in (*s[line]["factors"], s[line]["result"])
    ]
    colours = {(a["label"], a["colour"]) for f in factors for a in f["axes"]}
    assert colours == {("H", 0), ("D", 1), ("1", None)}


def test_the_card_speaks_russian(walk):
    (sent, _) = card(walk, back(walk, "tmp_3"), lang="ru").slots
    assert sent.rank == "вектор"
    with pytest.raises(ValueError, match="unknown language"):
        card(walk, walk[0], lang="de")
