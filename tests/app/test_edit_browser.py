"""Edit and see: a number is set in the page, everything follows, and reset restores exactly."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

B_2 = '[data-vertex="b_2"] [data-role=value]'


def chip(page, vertex, role="value"):
    return page.locator(f'[data-vertex="{vertex}"] [data-role={role}]').text_content().split()


def choose(page, vertex):
    page.locator(f'[data-vertex="{vertex}"]').first.click()
    page.locator(".st-key-details").get_by_role("slider").wait_for()


def set_exactly(page, text):
    box = page.locator(".st-key-details").get_by_role("spinbutton", name="exactly")
    box.fill(text)
    box.press("Enter")
    page.locator(".st-key-edits").wait_for()


def test_an_element_is_set_and_forward_and_backward_follow_at_the_same_step(open_page):
    page = open_page("scenario=mlp&lang=en&step=15")
    before = {v: (chip(page, v), chip(page, v, "gradient")) for v in ("loss", "b_2", "W_1")}
    choose(page, "b_2")
    set_exactly(page, "1.5")
    page.wait_for_function("document.querySelector('.st-key-edits')?.innerText.includes('b_2 = 1.5')")
    expect(page.locator(B_2)).to_have_text("1.500")
    assert page.get_attribute(".graphlab-player", "data-step") == "15"
    assert chip(page, "b_2")[0].startswith("1.5")
    assert chip(page, "loss") != before["loss"][0]
    assert chip(page, "W_1", "gradient") != before["W_1"][1]
    said = page.locator(".st-key-edits").inner_text()
    assert "loss 0.8739 →" in said
    assert "The last edit changed the value" in page.locator(".st-key-details").inner_text()
    assert "edits=b_2%3D1.5" in page.url

    page.reload()
    page.locator(".st-key-edits").wait_for(timeout=60_000)
    assert chip(page, "b_2")[0].startswith("1.5")

    page.get_by_role("button", name="Reset 1").click()
    page.locator(".st-key-edits").wait_for(state="detached")
    expect(page.locator(B_2)).to_have_text("−0.200")
    assert {v: (chip(page, v), chip(page, v, "gradient")) for v in before} == before
    assert "edits" not in page.url


def test_edits_are_undone_one_by_one(open_page):
    page = open_page("scenario=mlp&lang=en&edits=b_2%3D1.5%3BW_1%401%2C1%3D2.0")
    page.locator(".st-key-edits").wait_for()
    assert "W_1[1, 1] = 2" in page.locator(".st-key-edits").inner_text()
    page.get_by_role("button", name="Undo").click()
    page.wait_for_function("document.querySelector('.st-key-edits')?.innerText.includes('b_2')")
    page.get_by_role("button", name="Reset 1").wait_for()


def test_other_numbers_take_edits_away_with_a_word(open_page):
    page = open_page("scenario=mlp&lang=en&edits=b_2%3D1.5")
    page.locator(".st-key-edits").wait_for()
    seed = page.get_by_role("spinbutton", name="Seed")
    seed.fill("3")
    seed.press("Enter")
    page.get_by_text("Edited elements of the numbers before are gone: 1.").wait_for()
    page.locator(".st-key-edits").wait_for(state="detached")


@pytest.mark.parametrize("edits", ["nonsense", "W_1%409%2C9%3D1.0", "b_2%3D1e999", "nobody%3D1.0"])
def test_edits_that_can_not_be_used_leave_the_page_as_it_is(open_page, edits):
    page = open_page(f"scenario=mlp&lang=en&edits={edits}")
    assert page.locator(".st-key-edits").count() == 0
    assert chip(page, "b_2") == ["−0.200"]
