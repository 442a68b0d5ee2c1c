"""The export panel, in a browser: what is chosen is shown and comes down as a file that other programs can read."""

import io
import re
import unicodedata
import xml.etree.ElementTree as ET

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

import graphlab as gl

SLOW = 40_000  # milliseconds, on a busy machine


@pytest.fixture
def open_panel(open_page):
    def opened(query="", **options):
        page = open_page(query, **options)
        page.locator(".st-key-export_open button").click()
        page.locator(".st-key-export_page :is(img, [data-testid=stAlert])").first.wait_for(timeout=SLOW)
        return page

    return opened


def choose(page, box, option):
    page.get_by_role("combobox", name=box).click()
    page.get_by_role("option", name=option).click()


def more(page, label):
    # While the panel is drawn anew, what was there is still there.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=SLOW)
    page.get_by_text(label, exact=True).click()


def preview(page):
    """The picture of the page that is shown, as bytes."""
    image = page.locator(".st-key-export_page img")
    expect(image).to_be_visible(timeout=SLOW)
    return page.request.get(image.evaluate("image => image.src")).body()


def changed(page, before):
    for _ in range(100):
        now = preview(page)
        if now != before:
            return now
        page.wait_for_timeout(100)
    raise AssertionError("the preview stays as it was")


def saved(page):
    """Make the file and save it: its name and its content."""
    page.locator(".st-key-export_make button").click()
    button = page.locator(".st-key-export_save button")
    expect(button).to_be_visible(timeout=SLOW)
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename in button.text_content()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_the_deck_is_previewed_made_and_saved(open_panel):
    page = open_panel("step=12")
    assert preview(page).startswith(b"\x89PNG")
    expect(page.get_by_alt_text("The page of step 12")).to_be_visible()
    name, content = saved(page)
    assert name == "mlp.pdf"
    pages = PdfReader(io.BytesIO(content)).pages
    assert len(pages) == 18
    text = pages[13].extract_text()
    assert "12 / 15" in text
    for vertex in gl.scenario("mlp").graph.vertices:
        assert vertex in text


def test_this_step_is_one_picture_with_a_name_that_says_so(open_panel):
    page = open_panel("step=12")
    choose(page, "Format", "SVG")
    expect(page.get_by_alt_text("The page of step 12")).to_be_visible(timeout=SLOW)
    name, content = saved(page)
    assert name == "mlp-backward-12.svg"
    assert ET.fromstring(content).tag.endswith("svg")


def test_the_steps_of_a_deck_are_chosen(open_panel):
    page = open_panel("scenario=neuron-tanh&step=2")
    choose(page, "Steps", "Backward")
    expect(page.get_by_alt_text("The page of step 2")).to_have_count(0, timeout=SLOW)
    name, content = saved(page)
    assert name == "neuron-tanh-backward.pdf"
    assert not any("forward" in p.extract_text() for p in PdfReader(io.BytesIO(content)).pages[1:-1])


def test_the_preview_follows_the_options(open_panel):
    page = open_panel("scenario=neuron-tanh&step=5")
    light = preview(page)
    choose(page, "Theme", "dark")
    dark = changed(page, light)
    more(page, "More")
    page.locator("[role=dialog] label").filter(has_text="Values").click()
    changed(page, dark)


def test_an_edit_a_seed_and_the_folding_of_the_page_are_in_the_file(open_panel):
    page = open_panel("scenario=rnn&fold=folded&seed=3&edits=V%401%2C1%3D9.75&step=1")
    assert int(page.locator(".graphlab-player").get_attribute("data-steps")) < len(gl.scenario("rnn").walk())
    choose(page, "Format", "SVG")
    steps = page.locator(".graphlab-player").get_attribute("data-steps")
    expect(page.locator(".st-key-export_choices [data-testid=stSlider]")).to_contain_text(steps)
    choose(page, "Format", "PDF")
    choose(page, "Steps", "This step (1)")
    name, content = saved(page)
    assert name == "rnn-forward-01.pdf"
    text = PdfReader(io.BytesIO(content)).pages[1].extract_text()
    assert f"1 / {steps}" in text
    assert "9.75" in unicodedata.normalize("NFKC", text)


def test_a_long_job_is_cancelled_and_the_panel_goes_on(open_panel):
    page = open_panel("scenario=lstm&fold=open&T=8")
    page.locator(".st-key-export_make button").click()
    cancel = page.locator(".st-key-export_cancel button")
    expect(cancel).to_be_visible(timeout=SLOW)
    expect(page.get_by_role("combobox", name="Format")).to_be_disabled()
    cancel.click()
    expect(page.locator(".st-key-export_make button")).to_be_visible(timeout=SLOW)
    expect(page.locator(".st-key-export_save")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Format")).to_be_enabled()
    choose(page, "Steps", "This step (0)")
    assert saved(page)[0] == "lstm-forward-00.pdf"


def test_what_can_not_be_made_says_why_in_the_language(open_panel):
    page = open_panel("lang=ru&step=3")
    choose(page, "Формат", "SVG")
    expect(page.get_by_role("dialog").get_by_role("slider", name="Шаг")).to_be_visible(timeout=SLOW)
    more(page, "Ещё")
    width = page.get_by_label("Ширина")
    width.fill("три аршина")
    width.press("Enter")
    alert = page.locator(".st-key-export_page [data-testid=stAlert]")
    expect(alert).to_contain_text("три аршина", timeout=SLOW)
    expect(alert).to_contain_text(re.compile("ожидается|ожидал"))
    expect(page.locator(".st-key-export_make")).to_have_count(0)
    width.fill("120mm")
    width.press("Enter")
    expect(page.locator(".st-key-export_make button")).to_be_visible(timeout=SLOW)
    expect(alert).to_have_count(0)


def test_a_choice_is_there_again_when_the_panel_is_opened_again(open_panel):
    page = open_panel("scenario=neuron-tanh&step=3")
    before = preview(page)
    choose(page, "Theme", "dark")
    changed(page, before)
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.locator(".graphlab-player").press("ArrowRight")
    page.locator(".st-key-export_open button").click()
    expect(page.get_by_role("combobox", name="Theme")).to_have_value("dark", timeout=SLOW)
    assert page.locator(".graphlab-player").get_attribute("data-step") == "4"
