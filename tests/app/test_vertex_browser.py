"""The tab of a vertex in a real browser: a cell is pressed, its arithmetic read, and the graph lights up."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SLOW = 20_000  # milliseconds for an answer of the server while it draws the page as well


def read(locator):
    """Formulas as a person reads them, on one line each: bold letters plain, spaces out."""
    lines = locator.evaluate_all("elements => elements.map((e) => e.textContent)")
    return [re.sub(r"\s", "", unbold(line)) for line in lines]


def unbold(text):
    plain = {0x1D400 + i: ord("A") + i for i in range(26)} | {0x1D41A + i: ord("a") + i for i in range(26)}
    return text.translate(plain)


@pytest.fixture
def open_vertex(open_page):
    def opened(query, vertex):
        page = open_page(query, size=(1600, 900))
        page.keyboard.press("End")
        page.locator('[data-action="explain"]').first.click()
        page.locator('[data-action="tab-vertex"]').click()
        page.locator(f'.stage [data-vertex="{vertex}"]').press("Enter")
        page.locator('[data-role="entries"]').wait_for()
        return page

    return opened


def test_a_cell_of_w_1_is_pressed_and_its_arithmetic_is_read(open_vertex):
    page = open_vertex("scenario=mlp", "W_1")
    page.locator('[data-map="value"] [data-cell="2,1"]').click()
    page.locator('[data-role="element-backward"]').wait_for()
    assert read(page.locator('[data-role="element-forward"] .line')) == ["W1[2,1]=−0.2"]
    assert read(page.locator('[data-role="element-backward"] .line')) == [
        "∂ℒ∂W1[2,1]=∂ℒ∂tmp1[1]·x[2]",
        "=−0.185·(−0.5)=0.092",
    ]
    expect(page.locator(".stage svg[data-dimmed]")).to_have_count(1)
    expect(page.locator('.stage [data-vertex="h"][data-lit]')).to_have_count(1)
    expect(page.locator('.stage [data-vertex="b_1"][data-lit]')).to_have_count(0)


def test_an_element_of_a_product_is_written_out_and_what_feeds_it_is_lit(open_vertex):
    page = open_vertex("scenario=mlp", "tmp_1")
    page.locator('[data-map="value"] [data-cell="1,2"]').click()
    page.locator('[data-role="element-forward"]').wait_for()
    assert read(page.locator('[data-role="element-forward"] .line')) == [
        "tmp1[2]=x[1]·W1[1,2]+x[2]·W1[2,2]",
        "=1·(−0.1)+(−0.5)·0.3=−0.25",
    ]
    expect(page.locator('.stage [data-vertex="W_1"][data-lit]')).to_have_count(1)
    expect(page.locator('.stage [data-vertex="loss"][data-lit]')).to_have_count(0)
    page.locator('[data-action="lit-backward"]').click()
    expect(page.locator('.stage [data-vertex="loss"][data-lit]')).to_have_count(1)
    page.locator('[data-action="tab-step"]').click()
    expect(page.locator(".stage svg[data-dimmed]")).to_have_count(0)


def test_paths_are_counted_and_light_up_one_by_one(open_vertex):
    page = open_vertex("scenario=rnn&lang=ru", "W")
    expect(page.locator('[data-action="lit-paths"]')).to_have_text(re.compile(r"путей: 3, проходов по рёбрам: \d+"))
    expect(page.locator('[data-action="path"]')).to_have_count(3)
    page.locator('[data-action="path"]').first.click()
    expect(page.locator('.stage [data-vertex="tmp_1"][data-lit]')).to_have_count(1)
    page.locator('[data-action="path"]').last.click()
    expect(page.locator('.stage [data-vertex="tmp_1"][data-lit]')).to_have_count(0)


def test_any_gradient_by_any_vertex_with_the_cost_of_both_modes(open_vertex):
    page = open_vertex("scenario=mlp", "x")
    page.locator('[data-action="target-of"]').select_option("h")
    page.locator('[data-action="target-by"]').select_option("W_1")
    expect(page.locator('[data-role="target-says"]')).to_contain_text(
        "h has fewer elements, 3, than W_1, 6.", timeout=SLOW
    )
    expect(page.locator('[data-mode="reverse"]')).to_contain_text("passes: 3")
    expect(page.locator('[data-mode="forward"]')).to_contain_text("passes: 6")
