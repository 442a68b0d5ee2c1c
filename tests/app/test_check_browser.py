"""The tab of doubts in the page: gradients checked in the picture, numbers that break, the stable form put in."""

import pytest

from tests.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def faulty():
    with served("tests/app/wrong_vjp_page.py") as address:
        yield address


def checked(page):
    """Switch the check on and wait for its table: {vertex: verdict}."""
    page.locator("[data-role=check-switch]").click()
    page.locator("[data-role=checked]").wait_for(timeout=30_000)
    rows = page.locator("tr[data-checked]")
    return dict(rows.evaluate_all("rows => rows.map(r => [r.dataset.checked, r.dataset.verdict])"))


def mark_of(page, vertex):
    return page.locator(f'[data-vertex="{vertex}"] [data-role=verdict]')


def test_every_gradient_of_the_slides_walk_gets_its_tick(open_page):
    page = open_page("scenario=mlp&lang=en&panel=check&step=15")
    assert set(checked(page).values()) == {"right"}
    assert mark_of(page, "W_1").locator("text").text_content() == "✓"
    page.locator("[data-role=check-switch]").click()
    assert page.locator("[data-role=verdict]").count() == 0


def test_a_tick_stands_only_where_a_gradient_does(open_page):
    page = open_page("scenario=mlp&lang=en&panel=check&step=9")
    checked(page)
    assert mark_of(page, "y").is_visible()
    assert mark_of(page, "W_1").is_hidden()


def test_a_planted_wrong_vjp_is_caught_at_the_vertex_it_reaches_first(faulty, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    page.goto(f"{faulty}/?scenario=mlp&lang=en&panel=check&step=15")
    page.locator(".graphlab-player[data-steps]").wait_for(timeout=60_000)
    found = checked(page)
    assert {name for name, verdict in found.items() if verdict == "wrong"} == {"tmp_2", "b_1", "tmp_1", "W_1"}
    assert mark_of(page, "tmp_2").locator("text").text_content() == "✗ wrong"
    assert mark_of(page, "h").locator("text").text_content() == "✓"
    assert "that of tmp_2: it is sent by tanh" in page.locator("[data-role=culprit]").inner_text()
    page.close()


def test_a_kink_is_named_and_not_called_wrong(open_page):
    page = open_page("scenario=neuron-relu&lang=en&panel=check")
    box = page.get_by_role("textbox", name="Equations")
    box.fill("h = ReLU(x - x)\ny = sum(h * w)")
    box.press("Control+Enter")
    page.locator('[data-vertex="h"]').first.wait_for()
    found = checked(page)
    assert "wrong" not in found.values()


def test_numbers_that_break_are_marked_from_the_step_in_which_they_do(open_page):
    page = open_page("scenario=numbers-break&lang=en&panel=check&step=3")
    first = page.locator('[data-vertex="loss"] [data-role=break]')
    assert first.is_hidden()
    page.locator("[data-action=next]").click()
    first.wait_for()
    assert first.locator("text").text_content() == "⚠ ∞"
    assert "y is exactly 1" in page.locator("[data-role=breaks]").inner_text()
    page.locator("[data-action=last]").click()
    assert page.locator('[data-vertex="z"] [data-role=break] text').text_content() == "⚠ nan"


def test_both_forms_stand_side_by_side_and_the_stable_one_is_put_in_and_taken_back(open_page):
    page = open_page("scenario=numbers-break&lang=en&panel=check")
    sides = page.locator("[data-role=sides] tbody tr")
    sides.first.wait_for(timeout=30_000)
    cells = [row.split("\t") for row in sides.all_inner_texts()]
    assert cells[1:] == [["loss", "∞", "40"], ["∂loss / ∂z", "nan", "1"]]
    rows = dict(
        (r.split("\t")[0], r.split("\t")[1:]) for r in page.locator("[data-role=sweep] tbody tr").all_inner_texts()
    )
    assert rows["36"][1] == "1.0000"
    assert rows["37"] == ["∞", "nan", "37", "1"]
    page.locator("[data-role=swap]").click()
    page.locator('[data-vertex="loss"]').first.wait_for()
    page.get_by_role("button", name="Back to the naive form").wait_for()
    assert (
        page.get_by_role("textbox", name="Equations").input_value()
        == "z = x w^T + b\ny = sigma(z)\nloss = BCEWithLogits(y_true, z)"
    )
    page.locator("[data-role=breaks]").wait_for(state="detached")
    page.get_by_role("button", name="Back to the naive form").click()
    page.locator("[data-role=breaks]").wait_for()
    assert (
        page.get_by_role("textbox", name="Equations").input_value()
        == "z = x w^T + b\ny = sigma(z)\nloss = BCE(y_true, y)"
    )


@pytest.mark.parametrize("name", ["numbers-break", "softmax-overflow", "log-of-zero"])
def test_each_scenario_of_broken_numbers_is_told_in_russian(open_page, name):
    page = open_page(f"scenario={name}&lang=ru&panel=check&step=3")
    assert "Здесь числа ломаются" in page.locator("[data-role=breaks]").inner_text()
    page.locator("[data-role=swap]").first.wait_for(timeout=30_000)


WITHIN = """svg => {
  const [x, y, width] = svg.getAttribute("viewBox").split(" ").map(Number);
  const boxes = [...svg.querySelectorAll("[data-role=break]:not([hidden]) .pill rect")].map(pill => pill.getBBox());
  return boxes.map(box => [box.x >= x, box.y >= y, box.x + box.width <= x + width]);
}"""


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_a_mark_at_the_edge_of_the_picture_is_seen_as_a_whole(open_page, size):
    page = open_page("scenario=numbers-break&lang=en&panel=check", size=size)
    page.keyboard.press("End")
    page.locator("[data-role=break]:not([hidden])").first.wait_for()
    found = page.locator(".graphlab-graph").first.evaluate(WITHIN)
    assert found
    assert all(all(sides) for sides in found)
