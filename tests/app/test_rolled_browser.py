"""The switch between all time steps and one cell with a loop: in the address, in the picture, and in the walk."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_switch_rolls_the_graph_keeps_the_step_and_goes_into_the_address(open_page):
    page = open_page("scenario=rnn&fold=open&step=7")
    assert page.locator('[data-vertex="h_1"]').count() == 1
    page.get_by_text("Rolled: one cell").click()
    expect(page.locator('[data-operation="h_3:later"]')).to_have_count(1, timeout=20_000)
    expect(page.locator('[data-vertex="h_1"]')).to_have_count(0)
    expect(page.locator(".graphlab-player")).to_have_attribute("data-step", "7")
    page.wait_for_function("location.search.includes('rolled=1')")
    page.get_by_text("Rolled: one cell").click()
    expect(page.locator('[data-vertex="h_1"]')).to_have_count(1, timeout=20_000)
    page.wait_for_function("!location.search.includes('rolled')")


def test_the_cell_is_walked_through_once_for_every_time_step(open_page):
    page = open_page("scenario=rnn&rolled=1&step=2")
    product = page.locator('[data-operation="tmp_10"]')
    clock = page.locator('[data-role="clock"]')
    value = page.locator('[data-vertex="h_2"] [data-role="value"]')
    for step, said, numbers in ((2, "t = 1 / 3", "0 0 0"), (7, "t = 2 / 3", "0.60 −0.34 0.10")):
        while page.locator(".graphlab-player").get_attribute("data-step") != str(step):
            page.locator('[data-action="next"]').click()
        expect(product).to_have_attribute("data-state", "current")
        expect(clock).to_have_text(said)
        expect(value).to_have_text(numbers)
        expect(page.locator(".counter")).to_have_text(f"{step} / 39 · {said.removesuffix(' / 3')}")
    page.locator('[data-action="last"]').click()
    expect(clock).to_have_text("t = 1 / 3")
    expect(page.locator('[data-vertex="tmp_10"] [data-role="value"]')).not_to_be_empty()


def test_an_address_with_another_value_is_told_so(open_page):
    page = open_page("scenario=rnn&rolled=2")
    expect(page.get_by_text("rolled=2 in the address was left out")).to_be_visible()


def test_a_graph_without_time_has_no_switch(open_page):
    page = open_page("scenario=mlp&rolled=1")
    expect(page.get_by_text("Rolled: one cell")).to_have_count(0)
    assert page.locator('[data-operation$=":later"]').count() == 0
