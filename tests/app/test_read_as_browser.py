"""How a text was understood, in a real Chromium: it fits the sidebar, and a click changes what was inferred."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def sidebar(page):
    """On a narrow page the sidebar is behind a button."""
    handle = page.locator('[data-testid="stExpandSidebarButton"]')
    if page.viewport_size["width"] < 700 and handle.is_visible():
        handle.click()


def edit(page, text):
    box = page.locator(".st-key-equations textarea")
    box.fill(text)
    box.press("Control+Enter")


def test_from_an_empty_text_to_a_graph_that_a_reload_keeps(open_page):
    page = open_page("scenario=mlp&lang=en")
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".st-key-equations textarea")).to_have_value("")
    expect(page.get_by_text("Type equations on the left, for example")).to_be_visible()
    expect(page.locator(".graphlab-player")).to_have_count(0)
    expect(page.locator(".st-key-mistake")).to_have_count(0)
    edit(page, "f = (x + y) * z")
    expect(page.locator('[data-vertex="tmp_1"]')).to_have_count(1)
    lines = page.locator('.st-key-read_names [class*="st-key-change-"] button')
    expect(lines).to_have_count(3)
    expect(lines.nth(1)).to_contain_text("parameter, scalar, inferred")

    lines.nth(1).click()
    page.locator(".st-key-changing").get_by_role("radio", name="input").or_(
        page.locator(".st-key-changing").get_by_role("button", name="input")
    ).first.click()
    expect(lines.nth(1)).to_contain_text("input, scalar, as you set it")
    page.wait_for_url(re.compile("own="))
    page.reload()
    expect(page.locator('[data-vertex="tmp_1"]')).to_have_count(1, timeout=60_000)
    expect(page.locator(".st-key-equations textarea")).to_have_value("f = (x + y) * z")
    expect(page.locator(".st-key-read_names")).to_have_count(0)  # one line, until something is edited


def test_a_button_for_each_meaning_writes_it_into_the_text(open_page):
    page = open_page("scenario=mlp&lang=en")
    edit(page, "x \\in \\mathbb{R}^3\nw \\in \\mathbb{R}^3\nL = x · w")
    inner = page.locator(".st-key-choice_0 button")
    expect(inner).to_contain_text("the inner product, one number")
    expect(inner).to_contain_text("⟨x, w⟩ → scalar")
    expect(page.locator(".st-key-choice_1 button")).to_contain_text("x ⊙ w → vector (3)")
    inner.click()
    expect(page.locator(".st-key-mistake")).to_have_count(0)
    expect(page.locator(".st-key-equations textarea")).to_have_value(re.compile(r"L = ⟨x, w⟩$"))
    expect(page.locator('[data-vertex="w"]')).to_have_count(1)


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
@pytest.mark.parametrize("name", ["lstm", "transformer-block"])
def test_wide_equations_break_or_scroll_and_the_sidebar_keeps_its_width(open_page, name, size):
    page = open_page(f"scenario={name}&lang=ru", size=size, scheme="dark")
    sidebar(page)
    page.locator(".st-key-read_as summary").click()
    page.locator(".st-key-read_equations .katex").first.wait_for()
    assert page.locator(".katex-error").count() == 0
    inside = page.locator(".st-key-read_as").bounding_box()
    for line in page.locator(".st-key-read_equations p").all():
        box = line.bounding_box()
        assert box["x"] >= inside["x"]
        assert box["x"] + box["width"] <= inside["x"] + inside["width"] + 1
        assert line.evaluate("e => getComputedStyle(e).overflowX") == "auto"
