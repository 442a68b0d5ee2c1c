"""Equations over time: what is unrolled, in which order, under which names."""

from __future__ import annotations

import time

import pytest

import graphlab as gl

RNN = "h_t = tanh(x_t W + h_{t-1} U + b)\nh_0 = 0"
LSTM = """f_t = sigma(x_t W_f + h_{t-1} U_f + b_f)
i_t = sigma(x_t W_i + h_{t-1} U_i + b_i)
c~_t = tanh(x_t W_c + h_{t-1} U_c + b_c)
o_t = sigma(x_t W_o + h_{t-1} U_o + b_o)
c_t = f_t ⊙ c_{t-1} + i_t ⊙ c~_t
h_t = o_t ⊙ tanh(c_t)
h_0 = 0
c_0 = 0"""
SIZES = {"T": 3, "D": 4, "H": 3, "K": 2}


def operations(text: str, **declared: object) -> list[str]:
    """One string each: output = op(inputs) @ t equation."""
    graph = gl.parse(text, **({"sizes": SIZES} | declared))
    return [f"{o.output} = {o.op}({', '.join(o.inputs)}) @ {o.t} {o.equation}" for o in graph.operations]


def test_the_lectures_rnn() -> None:
    assert operations(RNN + "\ny = softmax(h_T V + c)") == [
        "tmp_1 = matmul(x_1, W) @ 1 h",
        "tmp_2 = matmul(h_0, U) @ 1 h",
        "tmp_3 = add(tmp_1, tmp_2) @ 1 h",
        "tmp_4 = add(tmp_3, b) @ 1 h",
        "h_1 = tanh(tmp_4) @ 1 h",
        "tmp_5 = matmul(x_2, W) @ 2 h",
        "tmp_6 = matmul(h_1, U) @ 2 h",
        "tmp_7 = add(tmp_5, tmp_6) @ 2 h",
        "tmp_8 = add(tmp_7, b) @ 2 h",
        "h_2 = tanh(tmp_8) @ 2 h",
        "tmp_9 = matmul(x_3, W) @ 3 h",
        "tmp_10 = matmul(h_2, U) @ 3 h",
        "tmp_11 = add(tmp_9, tmp_10) @ 3 h",
        "tmp_12 = add(tmp_11, b) @ 3 h",
        "h_3 = tanh(tmp_12) @ 3 h",
        "tmp_13 = matmul(h_3, V) @ None y",
        "tmp_14 = add(tmp_13, c) @ None y",
        "y = softmax(tmp_14) @ None y",
    ]


def test_vertices_of_the_lectures_rnn() -> None:
    graph = gl.parse(RNN, sizes=SIZES | {"T": 2})
    assert [(v.name, v.kind, v.shape, v.latex, v.value, v.t, v.base) for v in graph.vertices.values()] == [
        ("x_1", "input", (4,), r"\mathbf{x}_1", None, 1, "x"),
        ("W", "parameter", (4, 3), r"\mathbf{W}", None, None, ""),
        ("tmp_1", "temporary", (3,), r"\mathbf{tmp}_1", None, 1, ""),
        ("h_0", "constant", (3,), r"\mathbf{h}_0", 0.0, 0, "h"),
        ("U", "parameter", (3, 3), r"\mathbf{U}", None, None, ""),
        ("tmp_2", "temporary", (3,), r"\mathbf{tmp}_2", None, 1, ""),
        ("tmp_3", "temporary", (3,), r"\mathbf{tmp}_3", None, 1, ""),
        ("b", "parameter", (3,), r"\mathbf{b}", None, None, ""),
        ("tmp_4", "temporary", (3,), r"\mathbf{tmp}_4", None, 1, ""),
        ("h_1", "temporary", (3,), r"\mathbf{h}_1", None, 1, "h"),
        ("x_2", "input", (4,), r"\mathbf{x}_2", None, 2, "x"),
        ("tmp_5", "temporary", (3,), r"\mathbf{tmp}_5", None, 2, ""),
        ("tmp_6", "temporary", (3,), r"\mathbf{tmp}_6", None, 2, ""),
        ("tmp_7", "temporary", (3,), r"\mathbf{tmp}_7", None, 2, ""),
        ("tmp_8", "temporary", (3,), r"\mathbf{tmp}_8", None, 2, ""),
        ("h_2", "output", (3,), r"\mathbf{h}_2", None, 2, "h"),
    ]
    assert graph.sequences == {"x": ("x_1", "x_2")}
    assert graph.fed == ("x", "W", "U", "b")
    assert graph.fed_shape("x") == (2, 4)


def test_the_lectures_lstm() -> None:
    graph = gl.parse(LSTM, sizes=SIZES)
    assert len(graph.operations) == 3 * 25
    assert [o.equation for o in graph.operations if o.t == 2] == ["f"] * 5 + ["i"] * 5 + ["c~"] * 5 + ["o"] * 5 + [
        "c"
    ] * 3 + ["h"] * 2
    assert graph.vertices["c~_2"].latex == r"\tilde{\mathbf{c}}_2"
    assert {n: graph.vertices[n].shape for n in ("W_f", "U_f", "b_f", "c_0", "h_0", "c~_3")} == {
        "W_f": (4, 3), "U_f": (3, 3), "b_f": (3,), "c_0": (3,), "h_0": (3,), "c~_3": (3,)
    }  # fmt: skip


def test_a_second_layer_over_the_first() -> None:
    text = RNN + "\ng_t = tanh(h_t W_2 + g_{t-1} U_2 + b_2)\ng_0 = 0\ny = g_T V"
    found = operations(text, sizes=SIZES | {"T": 2}, shapes={"W_2": (3, 5), "V": (5, 2)})
    assert [line.split(" @")[0] for line in found] == [
        "tmp_1 = matmul(x_1, W)",
        "tmp_2 = matmul(h_0, U)",
        "tmp_3 = add(tmp_1, tmp_2)",
        "tmp_4 = add(tmp_3, b)",
        "h_1 = tanh(tmp_4)",
        "tmp_5 = matmul(h_1, W_2)",
        "tmp_6 = matmul(g_0, U_2)",
        "tmp_7 = add(tmp_5, tmp_6)",
        "tmp_8 = add(tmp_7, b_2)",
        "g_1 = tanh(tmp_8)",
        "tmp_9 = matmul(x_2, W)",
        "tmp_10 = matmul(h_1, U)",
        "tmp_11 = add(tmp_9, tmp_10)",
        "tmp_12 = add(tmp_11, b)",
        "h_2 = tanh(tmp_12)",
        "tmp_13 = matmul(h_2, W_2)",
        "tmp_14 = matmul(g_1, U_2)",
        "tmp_15 = add(tmp_13, tmp_14)",
        "tmp_16 = add(tmp_15, b_2)",
        "g_2 = tanh(tmp_16)",
        "y = matmul(g_2, V)",
    ]
    assert [line.split("@ ")[1] for line in found[3:7]] == ["1 h", "1 h", "1 g", "1 g"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # What is outside of time stands before the steps, and after them where it needs them.
        ("h_t = tanh(x_t + v)\nv = w ⊙ w", ["v = mul(w, w) @ None v", "tmp_1 = add(x_1, v) @ 1 h"]),
        ("v = w ⊙ w\nh_t = tanh(x_t + v)", ["v = mul(w, w) @ None v", "tmp_1 = add(x_1, v) @ 1 h"]),
        ("h_t = x_t + x_t\ny = h_T + w\nv = w ⊙ w", ["v = mul(w, w) @ None v", "h_1 = add(x_1, x_1) @ 1 h"]),
        ("v = tanh(x_T)\nh_t = x_t ⊙ v", ["v = tanh(x_3) @ None v", "h_1 = mul(x_1, v) @ 1 h"]),
        # Earlier steps; before the first one there is the start.
        ("h_t = x_t + h_{t-2}\nh_0 = 0", ["h_1 = add(x_1, h_0) @ 1 h", "h_2 = add(x_2, h_0) @ 2 h", "h_3 = add(x_3, h_1) @ 3 h"]),
        ("h_t = x_t ⊙ x_{t-1}\nx_0 = 0", ["h_1 = mul(x_1, x_0) @ 1 h", "h_2 = mul(x_2, x_1) @ 2 h"]),
        # A start that is computed.
        ("h_0 = tanh(w)\nh_t = h_{t-1} ⊙ x_t", ["h_0 = tanh(w) @ None h", "h_1 = mul(h_0, x_1) @ 1 h"]),
        # Numbers are vertices of their step.
        ("h_t = 1 - x_t", ["h_1 = sub(const_1, x_1) @ 1 h", "h_2 = sub(const_2, x_2) @ 2 h"]),
        # A whole sequence, outside of time.
        ("h_t = tanh(x_t)\nloss = sum(h_t)", ["h_3 = tanh(x_3) @ 3 h", "loss = total(h_1, h_2, h_3) @ None loss"]),
        ("loss = mean(tanh(x_t))", ["tmp_1 = tanh(x_1) @ 1 loss", "tmp_2 = tanh(x_2) @ 2 loss", "tmp_3 = tanh(x_3) @ 3 loss",
                                    "loss = average(tmp_1, tmp_2, tmp_3) @ None loss"]),
        ("h_t = tanh(x_t)\nz = last(h_t, n)", ["h_3 = tanh(x_3) @ 3 h", "z = last(n, h_1, h_2, h_3) @ None z"]),
        ("h_t = tanh(x_t)\nZ = stack(h_t)", ["h_3 = tanh(x_3) @ 3 h", "Z = stack(h_1, h_2, h_3) @ None Z"]),
        ("h_t = tanh(x_t)\nloss = sum(stack(h_t) w)", ["h_3 = tanh(x_3) @ 3 h", "tmp_1 = stack(h_1, h_2, h_3) @ None loss",
                                                      "tmp_2 = matmul(tmp_1, w) @ None loss", "loss = sum(tmp_2) @ None loss"]),
        ("h_t = tanh(x_t)\nz = concat(h_t, w)", ["h_3 = tanh(x_3) @ 3 h", "z = concat(h_1, h_2, h_3, w) @ None z"]),
        # Inside of time a sum is that of the step.
        ("s_t = sum(x_t)", ["s_1 = sum(x_1) @ 1 s", "s_2 = sum(x_2) @ 2 s", "s_3 = sum(x_3) @ 3 s"]),
    ],
)  # fmt: skip
def test_what_is_computed_when(text: str, expected: list[str]) -> None:
    shapes = {"w": (4,), "x": ("T", "D")} | ({"n": ()} if "last" in text else {})
    found = operations(text, shapes=shapes)
    start = found.index(expected[0])
    assert found[start : start + len(expected)] == expected


@pytest.mark.parametrize(
    "text",
    [
        r"\mathbf{h}_t = \tanh(\mathbf{x}_t \mathbf{W} + \mathbf{h}_{t-1} \mathbf{U} + \mathbf{b}), \quad \mathbf{h}_0 = 0",
        r"\mathbf{h}_{t} &= \tanh\left(\mathbf{x}_{t}\mathbf{W} + \mathbf{h}_{t - 1}\mathbf{U} + \mathbf{b}\right) \\ \mathbf{h}_0 &= 0",
        "h_t = tanh(x_t W + h_{t−1} U + b), t = 1..T\nh_0 = 0",
        "h_t = tanh(x_t W + h_{t-1} U + b), t = 1, …, T\nh_0 = 0",
        "h_t = tanh(x_t W + h_{t-1} U + b)   t = 1..3   # each step\nh_0 = 0",
        r"h_t = \tanh(x_t W + h_{t-1} U + b), \quad t = 1, \ldots, T \\ h_0 = 0",
        r"h_t = \tanh(x_t W + h_{t-1} U + b), \; t = 1, 2, \dots, T" + "\nh_0 = 0",
        r"h_t = \tanh(x_t W + h_{t-1} U + b) \quad \text{for } t = 1, \dots, T" + "\nh_0 = 0",
        "h_t = tanh(x_t W + h_{t-1} U + b)  (t = 1..T)\nh_0 = 0",
        r"\mathbf{h}_0 = \mathbf{0} \\ h_t = \tanh(x_t W + h_{t-1} U + b)",
        "h_0 = 0\nh_t = tanh(x_t W + h_{t-1} U + b)",
    ],
)  # fmt: skip
def test_all_ways_of_writing_it_are_the_same(text: str) -> None:
    if r"\quad \mathbf{h}_0" in text:  # two equations on a line need \\ between them
        text = text.replace(r", \quad", r" \\")
    assert operations(text) == operations(RNN)


@pytest.mark.parametrize(
    ("name", "vertex", "latex"),
    [
        ("c~_t", "c~_2", r"\tilde{\mathbf{c}}_2"),
        (r"\tilde{c}_t", "c~_2", r"\tilde{\mathbf{c}}_2"),
        (r"\tilde{\mathbf{c}}_{t}", "c~_2", r"\tilde{\mathbf{c}}_2"),
        ("h_{1,t}", "h_1_2", r"\mathbf{h}_{1,2}"),
        ("h^{[1]}_t", "h_2^[1]", r"\mathbf{h}_2^{[1]}"),
        ("α_t", "α_2", r"\boldsymbol{\alpha}_2"),
    ],
)
def test_names_over_time(name: str, vertex: str, latex: str) -> None:
    graph = gl.parse(f"{name} = tanh(x_t)", shapes={"x": (3, 4)})
    assert graph.vertices[vertex].latex == latex
    assert graph.vertices[vertex].t == 2


def test_the_number_of_steps_comes_from_a_size_a_shape_or_the_text() -> None:
    for declared in (
        {"sizes": {"T": 5, "D": 2}},
        {"shapes": {"x": (5, 2)}},
        {"shapes": {"x": ("N", 2)}, "sizes": {"N": 5}},
    ):
        assert len(gl.parse("h_t = tanh(x_t)", **({"shapes": {"x": ("T", 2)}} | declared)).operations) == 5
    assert len(gl.parse("h_t = tanh(x_t w), t = 1..5", sizes={"D": 2}).operations) == 10


def test_minibatches_of_sequences() -> None:
    graph = gl.parse(RNN + "\ny = last(h_t, lengths)", shapes={"x": ("T", "B", "D")}, sizes=SIZES | {"B": 5})
    shapes = {n: graph.vertices[n].shape for n in ("x_1", "W", "U", "b", "h_0", "h_3", "lengths", "y")}
    assert shapes == {
        "x_1": (5, 4), "W": (4, 3), "U": (3, 3), "b": (3,), "h_0": (5, 3), "h_3": (5, 3), "lengths": (5,), "y": (5, 3)
    }  # fmt: skip


def test_a_start_that_is_fed() -> None:
    text = "h_t = tanh(x_t W + h_{t-1} U + b)"
    for declared in ({"kinds": {"h_0": "parameter"}}, {"shapes": {"h_0": ("H",)}}):
        graph = gl.parse(text, sizes=SIZES, **declared)
        vertex = graph.vertices["h_0"]
        assert (vertex.kind, vertex.shape, vertex.value, vertex.t, vertex.base) == ("parameter", (3,), None, 0, "h")
        assert "h_0" in graph.fed
    assert gl.parse(text, sizes=SIZES, kinds={"h_0": "input"}).vertices["h_0"].kind == "input"


def test_a_layer_and_a_step_in_one_subscript_are_the_name_with_two() -> None:
    """`h_{1,t}` is layer 1 at t: its start and its last step are written the same way."""
    text = "h_{1,t} = tanh(x_t W + h_{1,t-1} U)\nh_{1,0} = 0\nloss = sum(h_{1,T})"
    graph = gl.parse(text, sizes=SIZES)
    assert graph.vertices["h_1_0"].kind == "constant"
    assert graph.producer["loss"].inputs == ("h_1_3",)
    assert graph.vertices["h_1_3"].latex == r"\mathbf{h}_{1,3}"


def test_a_maximum_outside_of_time_is_over_all_steps() -> None:
    graph = gl.parse(RNN + "\nm = max(h_t, axis=0)\nloss = max(h_t ⊙ h_t)", sizes=SIZES)
    assert graph.vertices["m"].shape == graph.vertices["h_1"].shape
    assert graph.vertices["loss"].shape == ()
    assert [graph.producer[n].op.name for n in ("m", "loss")] == ["largest", "largest"]


def test_kinds_of_a_sequence_hold_for_all_its_steps() -> None:
    graph = gl.parse(RNN + "\ny_t = h_t V", sizes=SIZES, kinds={"h": "output"})
    assert {graph.vertices[f"{n}_{t}"].kind for n in "hy" for t in (1, 2, 3)} == {"output"}


def test_a_sequence_of_which_a_step_is_not_used_is_there_whole() -> None:
    graph = gl.parse("h_t = tanh(x_{t-1})\nx_0 = 0", shapes={"x": (3, 4)})
    assert graph.sequences == {"x": ("x_1", "x_2", "x_3")}
    assert graph.vertices["x_3"].shape == (4,)


def test_tagging_has_a_loss_at_every_step() -> None:
    text = RNN + "\ny_t = softmax(h_t V + c)\nloss_t = CrossEntropy(y_true_t, y_t)\nloss = mean(loss_t)"
    graph = gl.parse(text, sizes=SIZES)
    assert graph.sequences.keys() == {"x", "y_true"}
    assert graph.producer["loss"].inputs == ("loss_1", "loss_2", "loss_3")
    assert graph.vertices["loss_2"].latex == r"\mathit{loss}_2"
    assert {graph.vertices[f"loss_{t}"].kind for t in (1, 2, 3)} == {"temporary"}


def test_the_equation_is_named_outside_of_time_too() -> None:
    graph = gl.parse("h = tanh(x W + b)\ny = h V", sizes={"D": 4, "H": 3, "K": 2})
    assert [(o.equation, o.t) for o in graph.operations] == [("h", None)] * 3 + [("y", None)]


def test_a_step_is_typed_once_and_then_stamped() -> None:
    """LSTM T = 100, 2,300 operations: within 0.3 s on any machine; RNN T = 200 within 0.1 s."""
    for text, steps, limit in ((LSTM, 100, 0.3), (RNN, 200, 0.1)):
        took = []
        for _ in range(3):
            start = time.thread_time()
            gl.parse(text, sizes={"T": steps, "D": 8, "H": 8})
            took.append(time.thread_time() - start)
        assert min(took) < limit
