"""A clicker goes on stepping whatever the mouse has pressed; and beside the graph one thing stands open in a narrow page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WIDE = (2560, 1440)

PRESSED = {
    "a tab": ("mlp", "step", '[data-action="tab-code"]'),
    "the tab that is open": ("mlp", "step", '[data-action="tab-step"]'),
    "a slot": ("mlp", "step", '[data-action="slot-1"]'),
    "a stage": ("mlp", "step", '[data-action="stage-2"]'),
    "a cell of the Jacobian": ("mlp", "step", '[data-role="jacobian"] [data-cell="1,1"]'),
    "a line of code": ("mlp", "code", '.code-line[data-step="12"]'),
    "a language": ("mlp", "code", '[data-action="code-pytorch"]'),
    "an object": ("mlp-minibatch", "lens", '[data-object="2"]'),
    "a way to look at them": ("mlp-minibatch", "lens", '[data-action="lens-matrix"]'),
    "the switch of the check": ("mlp", "check", '[data-role="check-switch"]'),
    "the button of the panel": ("mlp", "step", '.bar [data-action="explain"]'),
    "a zoom": ("mlp", "step", '[data-action="zoom_in"]'),
}


def at(page, step):
    expect(page.locator(f'.graphlab-player[data-step="{step}"]')).to_have_count(1)


def steps_on(page):
    """→ PageDown Space and back three times, from wherever the walk stands."""
    step = int(page.get_attribute(".graphlab-player", "data-step"))
    for key in ("ArrowRight", "PageDown", " "):
        step += 1
        page.keyboard.press(key)
        at(page, step)
    for key in ("ArrowLeft", "PageUp"):
        step -= 1
        page.keyboard.press(key)
        at(page, step)


@pytest.mark.parametrize(("scenario", "panel", "pressed"), PRESSED.values(), ids=PRESSED)
def test_keys_step_after_a_click_on(open_page, scenario, panel, pressed):
    page = open_page(f"scenario={scenario}&step=12&lang=en&panel={panel}", size=WIDE)
    page.locator(pressed).first.click()
    steps_on(page)


def test_keys_step_after_a_click_on_an_entry_of_a_vertex(open_page):
    page = open_page("scenario=mlp&step=12&lang=en&panel=vertex", size=WIDE)
    page.locator('.stage [data-vertex="W_1"]').first.click()
    page.locator('[data-map="value"] [data-cell="2,1"]').click()
    page.locator('[data-role="element-backward"]').wait_for()
    steps_on(page)


def test_arrows_walk_a_map_that_the_keyboard_has_entered_until_escape(open_page):
    page = open_page("scenario=mlp&step=12&lang=en&panel=step", size=WIDE)
    first = page.locator('[data-role="jacobian"] [data-cell="1,1"]')
    first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-role="jacobian"] [data-cell="1,2"]')).to_be_focused()
    at(page, 12)
    page.keyboard.press("PageDown")
    at(page, 13)
    page.locator('[data-role="jacobian"] [data-cell="1,1"]').focus()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    at(page, 14)


def test_a_cell_that_is_chosen_by_keys_keeps_the_keyboard(open_page):
    page = open_page("scenario=mlp&step=12&lang=en&panel=vertex", size=WIDE)
    page.locator('.stage [data-vertex="W_1"]').first.click()
    page.locator('[data-map="value"] [data-cell="1,1"]').focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.locator('[data-role="element-backward"]').wait_for()
    expect(page.locator('[data-map="value"] [data-cell="2,1"]')).to_be_focused()


def details(page):
    return page.locator(".st-key-details")


def panel(page):
    return page.locator('[data-role="panel"]')


def test_in_a_narrow_page_the_panel_and_the_details_take_turns(open_page):
    page = open_page("scenario=mlp&step=12&lang=en", size=(1280, 800))
    page.locator('.stage [data-vertex="W_1"]').first.click()
    details(page).wait_for()
    page.keyboard.press("e")
    panel(page).wait_for()
    details(page).wait_for(state="detached")
    page.locator('.stage [data-vertex="b_1"]').first.click()
    page.locator('[data-role="panel"][data-tab="vertex"] [data-action="details"]').click()
    details(page).get_by_role("slider").wait_for()
    assert panel(page).count() == 0
    page.get_by_role("button", name="✕").click()
    details(page).wait_for(state="detached")
    page.locator('.stage [data-vertex="b_1"]').first.click()
    details(page).wait_for()


def test_in_a_wide_page_both_stand_side_by_side(open_page):
    page = open_page("scenario=mlp&step=12&lang=en&panel=step", size=WIDE)
    page.locator('.stage [data-vertex="W_1"]').first.click()
    details(page).wait_for()
    assert panel(page).count() == 1


@pytest.mark.parametrize("size", [(1280, 720), WIDE])
def test_the_picture_keeps_its_place_when_something_is_edited(open_page, size):
    page = open_page("scenario=mlp&lang=en", size=size)
    top = page.locator(".graphlab-player").bounding_box()["y"]
    page.goto(page.url + "&edits=b_2%3D1.5")
    page.locator(".st-key-edits").wait_for()
    assert page.locator(".graphlab-player").bounding_box()["y"] == top
