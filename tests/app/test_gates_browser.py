"""A gate of the LSTM in a real browser: it lights up by itself when a vertex of it is chosen, and says what it does."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_forget_gate_is_lit_alone_and_says_what_it_does(open_page):
    page = open_page("scenario=lstm&lang=ru", size=(1600, 900))
    page.locator('[data-action="explain"]').first.click()
    page.locator('[data-action="tab-vertex"]').click()
    page.locator('.stage [data-vertex="f_2"]').press("Enter")
    gate = page.locator('[data-role="equation"]')
    expect(gate).to_contain_text("forget gate: с учётом x_t определяет")
    button = page.locator('[data-action="lit-equation"]')
    expect(button).to_have_text("Только это уравнение")
    expect(button).to_have_attribute("aria-pressed", "true")
    for lit in ("f_2", "W_f", "h_1"):
        expect(page.locator(f'.stage [data-vertex="{lit}"][data-lit]')).to_have_count(1)
    for dimmed in ("i_2", "W_i", "f_1"):
        expect(page.locator(f'.stage [data-vertex="{dimmed}"]:not([data-lit])')).to_have_count(1)
    expect(page.locator('.stage [data-operation="t=2/f"][data-lit]')).to_have_count(1)
    expect(page.locator('.stage [data-edge="t=2/f:out"][data-lit]')).to_have_count(1)
    expect(page.locator('.stage [data-operation="t=2/i"]:not([data-lit])')).to_have_count(1)
    for reference, lit in (("t=2/f:1", 1), ("t=2/i:1", 0)):  # the small signs of W_f and W_i inside the step
        expect(page.locator(f'.stage [data-reference][data-for="{reference}"][data-lit]')).to_have_count(lit)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".stage svg[data-dimmed]")).to_have_count(0)
