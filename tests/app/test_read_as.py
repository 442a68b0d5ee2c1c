"""The page shows how a text was understood, asks where it can mean two things, and begins anew with an empty text."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from graphlab.app.read_as import breakable
from graphlab.app.text import code
from graphlab.scenario import decode

ROOT = Path(__file__).parents[2]
TWO_MEANINGS = "x \\in \\mathbb{R}^3\nw \\in \\mathbb{R}^3\nL = x · w"


@pytest.fixture
def page():
    return AppTest.from_file(ROOT / "app.py", default_timeout=60).run()


def type_in(page, text):
    page.text_area(key="equations").set_value(text).run()
    assert not page.exception


def click(page, key):
    page.button(key=key).click().run()
    assert not page.exception


def new(page, text=""):
    click(page, "new")
    if text:
        type_in(page, text)


def names(page):
    """The lines of what is fed."""
    return [b.label.replace("\\", "") for b in page.button if b.key and b.key.startswith("change.")]


def said(page):
    return " ".join(m.value.replace("\\", "") for m in (*page.sidebar.markdown, *page.sidebar.caption))


def graph(page):
    return page.session_state.good.graph


def own(page):
    """The scenario in the address."""
    return decode("".join(page.query_params["own"]))


# ---- a new text -----------------------------------------------------------------------------------------------------


def test_an_empty_text_shows_no_mistake_but_a_hint(page):
    new(page)
    assert page.text_area(key="equations").value == ""
    assert page.text_area(key="equations").placeholder == "f = (x + y) * z\nL = (w x + b - y_true)^2"
    assert page.info[0].value == "Type equations on the left, for example f = (x + y) * z."
    assert not any("line 1" in c.value for c in page.sidebar.code)


def test_names_that_nothing_gives_a_shape_are_scalars_and_the_graph_shows(page):
    new(page, "f = (x + y) * z")
    assert names(page) == [
        "$x$ input, scalar, inferred",
        "$y$ parameter, scalar, inferred",
        "$z$ parameter, scalar, inferred",
    ]
    assert {v.shape for v in graph(page).vertices.values()} == {()}
    kept = own(page)
    assert (kept.text.strip(), kept.shapes, kept.captions) == ("f = (x + y) * z", {}, {})


def test_the_second_example_of_the_empty_box_works_too(page):
    new(page, page.text_area(key="equations").placeholder.splitlines()[1])
    assert [n.split(",")[0] for n in names(page)] == ["$w$ parameter", "$x$ input", "$b$ parameter", "$y_{true}$ input"]


def test_nothing_of_another_scenario_is_left_over(page):
    new(page, "x = a b\nloss = x^2")
    assert names(page) == ["$a$ parameter, scalar, inferred", "$b$ parameter, scalar, inferred"]
    assert page.session_state.good.captions == {}


def test_what_was_typed_is_kept_and_the_list_has_an_entry_for_it(page):
    type_in(page, "y = sigma(x w^T)\nloss = BCE(y_true, y)")
    new(page, "f = x + y")
    page.selectbox(key="scenario").set_value("mlp").run()
    assert page.text_area(key="equations").value.startswith("y = sigma(x w^T)")
    page.selectbox(key="scenario").set_value("new").run()
    assert page.text_area(key="equations").value == "f = x + y"
    new(page)
    assert page.text_area(key="equations").value == ""
    click(page, "before")
    assert page.text_area(key="equations").value == "f = x + y"


def test_a_mistake_in_a_new_text_leaves_no_picture_of_another_scenario(page):
    new(page, "f = (x +")
    assert page.info[0].value == "Correct the equations on the left to see their graph."
    assert page.session_state.good is None


# ---- read as --------------------------------------------------------------------------------------------------------


def test_the_reading_is_one_line_until_something_is_edited(page):
    assert names(page) == []
    type_in(page, "h = tanh(x W_1 + b_1)\nloss = mean(h)")
    assert names(page) == [
        "$mathbf{x}$ input, vector (2)",
        "$mathbf{W}_1$ parameter, matrix 2 × 3",
        "$mathbf{b}_1$ parameter, vector (3)",
    ]
    assert "Vectors are rows" in said(page)
    assert "mathbf{h} = tanh" in said(page)
    page.selectbox(key="scenario").set_value("rnn").run()
    assert names(page) == []


def test_what_was_set_aside_is_shown_as_it_was_written(page):
    new(page, "f = x + y, \\quad \\text{where x is a number}")
    assert "Set aside: `text{where x is a number}`" in said(page)


def test_a_click_on_a_name_changes_its_shape(page):
    new(page, "f = sum(x * y)")
    click(page, "change.x")
    page.text_input(key="shape.x").set_value("3").run()
    assert names(page)[0] == "$mathbf{x}$ input, vector (3), as you set it"
    assert graph(page).vertices["x"].shape == (3,)
    page.text_input(key="shape.x").set_value("").run()
    assert names(page)[0] == "$x$ input, scalar, inferred"
    click(page, "change.x")
    assert not [b for b in page.text_input if b.key == "shape.x"]


def test_a_shape_that_can_not_be_read_is_refused_and_changes_nothing(page):
    new(page, "f = x + y")
    click(page, "change.x")
    page.text_input(key="shape.x").set_value("many").run()
    assert "many is not a shape" in said(page)
    assert graph(page).vertices["x"].shape == ()
    assert page.session_state.shapes == {}


def test_a_shape_that_does_not_fit_is_a_mistake_and_can_be_taken_back(page):
    type_in(page, "h = tanh(x W_1 + b_1)\nloss = mean(h)")
    click(page, "change.W_1")
    page.text_input(key="shape.W_1").set_value("5, 3").run()
    assert page.sidebar.code[0].value.startswith("line 1: h = tanh(x W_1 + b_1)")
    page.text_input(key="shape.W_1").set_value("").run()
    assert names(page)[1] == "$mathbf{W}_1$ parameter, matrix 2 × 3"


def test_a_click_on_a_name_changes_its_kind_and_the_address_keeps_it(page):
    new(page, "f = (x + y) * z")
    click(page, "change.y")
    kind = next(g for g in page.button_group if g.key == "kind.y")
    kind.set_value("input").run()
    assert names(page)[1] == "$y$ input, scalar, as you set it"
    assert graph(page).vertices["y"].kind == "input"
    assert own(page).graph.vertices["y"].kind == "input"


def test_a_sequence_has_a_shape_and_no_kind_to_choose(page):
    page.selectbox(key="scenario").set_value("rnn").run()
    type_in(page, page.text_area(key="equations").value + "\n")
    page.session_state.read_as = True
    page.run()
    click(page, "change.x")
    assert page.text_input(key="shape.x")
    assert "kind.x" not in page.session_state


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"f = \left(x + y\right)", r"f = \left(x + y\right)"),
        (r"f = \tanh\left(\mathbf{x}\,\mathbf{W}_1 + \mathbf{b}_1\right)", r"f = \tanh(\mathbf{x}\,\mathbf{W}_1 + \mathbf{b}_1)"),
        (r"\mathcal{L} = \tanh\left(\frac{\mathbf{a}}{\mathbf{b}}\right)", r"\mathcal{L} = \tanh\left(\frac{\mathbf{a}}{\mathbf{b}}\right)"),
        (r"\mathcal{L} = \left(\mathbf{a}\right) \leftarrow \mathbf{b}", r"\mathcal{L} = (\mathbf{a}) \leftarrow \mathbf{b}"),
    ],
)  # fmt: skip
def test_long_flat_equations_may_break_inside_their_brackets(latex, shown):
    assert breakable(latex) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("x", "`x`"), ("a\n b", "`a b`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("a``b", "```a``b```")],
)
def test_code_holds_whatever_is_in_it(text, shown):
    assert code(text) == shown


# ---- choices --------------------------------------------------------------------------------------------------------


def choices(page):
    return [b for b in page.button if b.key and b.key.startswith("choice_")]


def test_a_text_of_two_meanings_has_a_button_for_each(page):
    new(page, TWO_MEANINGS)
    assert [b.label for b in choices(page)] == [
        "the inner product, one number  \n`⟨x, w⟩` → scalar",
        "the product element by element  \n`x ⊙ w` → vector \\(3\\)",
    ]


@pytest.mark.parametrize(("number", "text"), [(0, "L = ⟨x, w⟩"), (1, "L = x ⊙ w")])
def test_a_click_writes_the_meaning_into_the_text(page, number, text):
    new(page, TWO_MEANINGS)
    click(page, f"choice_{number}")
    assert page.text_area(key="equations").value.splitlines()[2] == text
    if number == 0:
        assert choices(page) == []
        assert names(page)


def test_a_mistake_with_one_way_out_has_no_choices(page):
    new(page, "f = tanh(x + y")
    assert choices(page) == []
    assert [b.key for b in page.button if b.key == "apply_fix"] == ["apply_fix"]
    click(page, "apply_fix")
    assert page.text_area(key="equations").value == "f = tanh(x + y)"


def test_a_missing_shape_is_asked_for_and_can_be_changed_afterwards(page):
    new(page, "h = x W\nL = sum(tanh(h V))")
    boxes = [b.key for b in page.text_input if b.key and b.key.startswith("shape.")]
    assert boxes
    assert page.text_input(key=boxes[0]).placeholder.startswith("such as ")
    for _ in range(3):
        if any(b.key == "apply_fix" for b in page.button):
            click(page, "apply_fix")
    assert any("as you set it" in name for name in names(page))
