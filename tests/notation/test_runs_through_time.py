"""Texts with several runs through time: in which order they run, how long each of them is, and what stands between."""

from __future__ import annotations

from typing import Any

import pytest

import graphlab as gl

SIZES = {"T": 2, "S": 3, "D": 4, "H": 3, "K": 2}
ENCODER = "h_t = tanh(x_t W + h_{t-1} U)\nh_0 = 0\n"


def graph_of(text: str, shapes: dict[str, Any] | None = None, sizes: dict[str, int] | None = None) -> gl.Graph:
    return gl.parse(text, shapes={"x": ("T", "D"), "y_true": ("S", "H")} | (shapes or {}), sizes=SIZES | (sizes or {}))


def steps(graph: gl.Graph) -> list[str]:
    """What the equations define, in order, each with the number of its run where it is in one: "g_3 1"."""
    named = [o for o in graph.operations if not o.output.startswith("tmp")]
    return [o.output if o.t is None else f"{o.output} {o.run}" for o in named]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # From the last step to the first.
        ("g_t = tanh(x_t ⊙ g_{t+1})\ng_{T+1} = 0\ny = sum(g_1)", "g_2 0, g_1 0, y"),
        ("g_t = tanh(x_t ⊙ g_{t+1})\ng_{T+1} = tanh(w)\ny = g_1 ⊙ g_T", "g_{T+1}, g_2 0, g_1 0, y"),
        ("g_t = tanh(x_t ⊙ g_{t+2})\ng_{T+1} = 0", "g_2 0, g_1 0"),
        # What both runs need is in the first one, what one of them needs in that one.
        ("a_t = tanh(x_t)\nf_t = a_t + f_{t-1}\nf_0 = 0\ng_t = a_t + g_{t+1}\ng_{T+1} = 0",
         "a_1 0, f_1 0, a_2 0, f_2 0, g_2 1, g_1 1"),
        ("f_t = x_t + f_{t-1}\nf_0 = 0\na_t = tanh(x_t)\ng_t = a_t + g_{t+1}\ng_{T+1} = 0",
         "f_1 0, f_2 0, a_2 1, g_2 1, a_1 1, g_1 1"),
        # What needs both comes in a run of its own, forwards.
        ("y_t = concat(f_t, g_t)\nf_t = x_t + f_{t-1}\nf_0 = 0\ng_t = x_t + g_{t+1}\ng_{T+1} = 0",
         "f_1 0, f_2 0, g_2 1, g_1 1, y_1 2, y_2 2"),
        ("g_t = x_t + g_{t+1}\ng_{T+1} = 0\nf_t = g_t + f_{t-1}\nf_0 = 0\ny_t = f_t + g_t",
         "g_2 0, g_1 0, f_1 1, y_1 1, f_2 1, y_2 1"),
        # One starts from what another one has computed.
        (ENCODER + "s_0 = h_T\ns_t = tanh(s_{t-1})", "h_1 0, h_2 0, s_1 1, s_2 1"),
        ("s_t = tanh(s_{t-1})\ns_0 = h_T\n" + ENCODER, "h_1 0, h_2 0, s_1 1, s_2 1"),
        (ENCODER + "s_0 = tanh(h_T)\ns_t = s_{t-1} + y_true_t", "h_1 0, h_2 0, s_0, s_1 1, s_2 1, s_3 1"),
        (ENCODER + "m = mean(h_t, axis=0)\nd_t = h_t - m\ny = sum(d_t)", "h_1 0, h_2 0, m, d_1 1, d_2 1, y"),
        (ENCODER + "d_t = h_t - h_T", "h_1 0, h_2 0, d_1 1, d_2 1"),
        (ENCODER + "y = sum(h_t ⊙ h_T)", "h_1 0, h_2 0, y"),
        ("h_t = tanh(h_{t-1} + x_t)\ng_t = tanh(x_t)\nh_0 = tanh(g_T)", "g_1 0, g_2 0, h_0, h_1 1, h_2 1"),
        # Within a step, and outside of time, what is needed comes first; else the order is that of the text.
        ("b_t = a_t + x_t\na_t = tanh(x_t)\nc_t = x_t + w", "a_1 0, b_1 0, c_1 0, a_2 0, b_2 0, c_2 0"),
        ("b_t = a_t + v\na_t = x_t + u\nv = u + w\nu = tanh(w)", "u, v, a_1 0, b_1 0, a_2 0, b_2 0"),
        ("y = v + u\nv = sum(a_t, axis=0)\nu = tanh(w)\na_t = tanh(x_t)", "u, a_1 0, a_2 0, v, y"),
    ],
)  # fmt: skip
def test_what_is_computed_in_which_run(text: str, expected: str) -> None:
    graph = graph_of(text, {"w": (4,), "W": ("D", "H")} | ({"x": ("T", 3), "w": (3,)} if "W" not in text else {}))
    assert ", ".join(steps(graph)) == expected


def test_every_run_has_its_own_length() -> None:
    decoder = "s_0 = h_T\ns_t = tanh(s_{t-1} A + y_true_t)\n"
    for end in ("s_T", "s_S"):
        graph = graph_of(ENCODER + decoder + f"loss = sum({end})")
        assert graph.producer["loss"].inputs == ("s_3",)
        assert [len(graph.sequences[name]) for name in ("x", "y_true")] == [2, 3]
        assert graph.producer["s_1"].run == 1
    numbers = graph_of(ENCODER + decoder, {"x": (2, 4), "y_true": (5, 3)})
    assert steps(numbers)[-1] == "s_5 1"


@pytest.mark.parametrize("end", ["3", "S"])
def test_a_run_that_nothing_is_fed_to_says_its_length_behind_an_equation(end: str) -> None:
    text = ENCODER + f"s_0 = h_T\ns_t = tanh(s_{{t-1}} A), t = 1..{end}\nloss = mean(sum(s_t))"
    graph = graph_of(text)
    assert steps(graph)[:5] == ["h_1 0", "h_2 0", "s_1 1", "s_2 1", "s_3 1"]
    assert graph.producer["loss"].op.name == "average"
    assert len(graph.producer["loss"].inputs) == 3


def test_without_a_length_of_its_own_a_run_has_t_steps() -> None:
    assert steps(graph_of(ENCODER + "s_0 = h_T\ns_t = tanh(s_{t-1} A)"))[-1] == "s_2 1"


def test_lengths_with_names_that_happen_to_be_equal_change_nothing() -> None:
    """The order does not depend on the numbers: a slider for S moves no equation from one run to another."""
    text = "a_t = tanh(x_t)\nb_t = tanh(y_true_t)\nloss = sum(a_t) + sum(b_t)"
    orders = [steps(graph_of(text, sizes={"S": s})) for s in (2, 3)]
    assert [[step for step in order if step[-1] == "1"][:2] for order in orders] == [["b_1 1", "b_2 1"]] * 2


def test_the_start_that_is_another_name_for_a_value_is_that_value() -> None:
    graph = graph_of(ENCODER + "s_0 = h_T\ns_t = tanh(s_{t-1} A)")
    assert graph.producer["tmp_7"].inputs == ("h_2", "A")
    assert "s_0" not in graph.vertices
    assert graph.vertices["A"].shape == (3, 3)
    fed = graph_of("h_t = tanh(x_t W + h_{t-1} U)\nh_0 = z", {"W": ("D", "H")})
    assert fed.vertices["z"].shape == (3,)


def test_what_stands_behind_the_last_step() -> None:
    graph = graph_of("g_t = tanh(x_t W + g_{t+1} U)\ng_{T+1} = 0", {"W": ("D", "H")})
    vertex = graph.vertices["g_{T+1}"]
    assert (vertex.kind, vertex.shape, vertex.value, vertex.t, vertex.base) == ("constant", (3,), 0.0, 3, "g")
    assert vertex.latex == r"\mathbf{g}_{T+1}"
    text = "g_t = tanh(x_t W + g_{t+1} U)"
    fed = gl.parse(text, {"x": (2, 4), "W": (4, 3)}, kinds={"g_{T+1}": "parameter"})
    assert fed.fed_shape("g_{T+1}") == (3,)
    later = graph_of("g_t = tanh(y_true_t + g_{t+1}), t = 1..S\ng_{S+1} = 0")
    assert steps(later) == ["g_3 0", "g_2 0", "g_1 0"]


def test_sequences_are_gathered_in_the_order_of_time_whichever_way_they_run() -> None:
    graph = graph_of("g_t = tanh(x_t ⊙ g_{t+1})\ng_{T+1} = 0\nK = stack(g_t)\nloss = sum(tanh(g_t))")
    assert graph.producer["K"].inputs == ("g_1", "g_2")
    assert [graph.producer[name].inputs for name in graph.producer["loss"].inputs] == [("g_1",), ("g_2",)]


def test_a_stack_has_the_shape_of_all_steps_when_shapes_are_inferred() -> None:
    graph = graph_of(ENCODER + "K = stack(h_t)\na = softmax(K w)\nv = a ⊙ u", sizes={"T": 5})
    assert {n: graph.vertices[n].shape for n in ("K", "a", "u")} == {"K": (5, 3), "a": (5,), "u": (5,)}


def test_the_limit_counts_the_steps_of_every_run() -> None:
    text = ENCODER + "s_0 = h_T\ns_t = tanh(s_{t-1} A + y_true_t)"
    with pytest.raises(gl.NotationError, match="2,500 time steps make 11,500 operations"):
        graph_of(text, sizes={"T": 1000, "S": 2500})
    with pytest.raises(gl.NotationError) as caught:
        graph_of(text, {"y_true": ("T", "H")}, sizes={"T": 2000})
    assert str(caught.value.help) == "T = 1428 is the most that fits"
