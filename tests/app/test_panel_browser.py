"""The panel in the page: it opens on the step, follows it, and says what the lecture says."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def plain(text):
    """What a formula reads as, without the space between its parts; bold letters of mathematics are plain ones."""
    text = "".join(chr(ord("a") + ord(c) - 0x1D41A) if 0x1D41A <= ord(c) <= 0x1D433 else c for c in text)
    return re.sub(r"[\s\u2062]", "", text)


def read(page, stage):
    """The formulas of a stage."""
    return [plain(t) for t in page.locator(f'[data-stage="{stage}"] .line').all_text_contents()]


def card(page):
    page.locator('[data-role="panel"] .page-step math').first.wait_for(timeout=20_000)
    return page.locator('[data-role="panel"]')


def test_the_card_of_the_scalar_product_says_what_the_lecture_says(open_page):
    page = open_page("scenario=mlp&step=12&panel=step&lang=en", size=(1920, 1080))
    panel = card(page)
    assert plain(panel.locator(".card-head .line").text_content()) == "tmp3=hw2⊤"
    assert read(page, "symbols") == ["∇hℒ=∇tmp3ℒ·∇htmp3"]
    assert read(page, "derivatives") == ["∇htmp3=w2", "∇hℒ=∇tmp3ℒ·w2"]
    assert read(page, "numbers") == ["∇hℒ=−0.583·(0.5001−1)", "=(−0.291−0.5830.583)"]


def test_the_other_slot_is_one_click_away(open_page):
    page = open_page("scenario=mlp&step=12&panel=step&lang=en", size=(1920, 1080))
    card(page)
    page.click('[data-action="slot-1"]')
    page.locator('[data-action="slot-1"][aria-pressed="true"]').wait_for()
    assert read(page, "derivatives")[-1] == "∇w2ℒ=∇tmp3ℒ·h"


def test_axes_meet_in_one_colour(open_page):
    page = open_page("scenario=mlp&step=15&panel=step&lang=en", size=(1920, 1080))
    card(page)
    shapes = page.locator('[data-stage="symbols"] [data-role="shapes"]')
    assert shapes.get_attribute("aria-label") == "(H) · (H×D×H) → (D×H)"
    met = shapes.locator(".dim[data-met]")
    colours = met.evaluate_all("all => all.map(e => getComputedStyle(e).color)")
    assert (met.all_text_contents(), len(set(colours))) == (["H3", "H3"], 1)


def test_the_panel_follows_the_step_and_closes(open_page):
    page = open_page("scenario=mlp&lang=en", size=(1920, 1080))
    page.locator(".graphlab-player").press("e")
    card_of_nothing = page.locator('[data-role="panel"] .page-step')
    card_of_nothing.get_by_text("Press Next").wait_for(timeout=20_000)
    page.click('[data-action="next"]')
    page.locator('.page-step .shapes[aria-label="(D) · (D×H) → (H)"]').wait_for(timeout=20_000)
    page.wait_for_url(re.compile("panel=step"))
    page.locator(".graphlab-player").press("e")
    assert page.locator('[data-role="panel"]').count() == 0


def test_a_cell_of_the_jacobian_tells_who_it_is(open_page):
    page = open_page("scenario=mlp&step=15&panel=step&lang=en", size=(1920, 1080))
    card(page)
    listen = "player => player.addEventListener('cell', e => { window.told = e.detail; }, { once: true })"
    page.locator(".graphlab-player").evaluate(listen)
    page.locator('[data-role="jacobian"] [data-cell="2,5"]').click()
    assert page.evaluate("window.told") == {"array": "W_1", "index": [2, 2], "of": {"array": "tmp_1", "index": [2]}}


def test_the_stages_come_one_after_another(open_page):
    page = open_page("scenario=mlp&step=12&panel=step&lang=en", size=(1920, 1080))
    card(page)
    player = page.locator(".graphlab-player")
    shown = lambda: [s.is_visible() for s in page.locator(".stage-body").all()]  # noqa: E731
    assert shown() == [True, True, True]
    player.press("1")
    assert shown() == [True, False, False]
    page.click('[data-action="stage-2"]')
    assert shown() == [True, True, False]


def test_a_narrow_page_has_the_panel_below_the_graph(open_page):
    page = open_page("scenario=mlp&step=12&panel=step&lang=ru", size=(1280, 720))
    card(page)
    stage, panel = page.locator(".stage").bounding_box(), page.locator('[data-role="panel"]').bounding_box()
    assert panel["y"] > stage["y"] + stage["height"] - 1
    assert stage["height"] > 220
    assert page.locator('[data-stage="symbols"] .stage-head').inner_text() == "1 символы"


def test_an_operation_in_a_box_is_chosen_and_explained(open_page):
    page = open_page("scenario=rnn&lang=en&fold=folded&step=1&panel=step", size=(1920, 1080))
    page.locator('[data-action="inside-5"]').click()
    page.locator(".card-head").wait_for()
    expect(page.locator('[data-action="inside-5"]')).to_have_attribute("aria-pressed", "true")
    page.locator('[data-action="inside-5"]').click()
    expect(page.locator(".card-head")).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(page.locator('.choices.inside [aria-pressed="true"]')).to_have_count(0)
