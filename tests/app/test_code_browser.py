"""The program beside the graph: its line follows the step, a line is a way to its step, and the text can be taken."""

import re

import pytest
from playwright.sync_api import expect

import graphlab as gl

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def lit(page):
    return [text.strip() for text in page.locator(".code-line[data-current] .code-text").all_text_contents()]


def opened(open_page, query):
    page = open_page(f"{query}&panel=code", size=(1920, 1080))
    page.locator(".code-line").first.wait_for(timeout=20_000)
    return page


def test_the_line_of_the_step_is_lit(open_page):
    page = opened(open_page, "scenario=mlp&step=12&lang=en")
    expect(page.locator(".code-line[data-current]")).to_have_count(2)
    assert lit(page) == ["grad_h = grad_tmp_3 * w_2", "grad_w_2 = grad_tmp_3 * h"]
    page.click('[data-action="back"]')
    expect(page.locator(".code-line[data-current]").first).to_contain_text("grad_tmp_3 = grad_tmp_4")
    box, panel = page.locator(".code-line[data-current]").first.bounding_box(), page.locator(".tab-body").bounding_box()
    assert panel["y"] <= box["y"] <= panel["y"] + panel["height"]


def test_a_line_is_a_way_to_its_step(open_page):
    page = opened(open_page, "scenario=mlp&lang=en")
    page.locator(".code-line", has_text="h = np.tanh(tmp_2)").click()
    expect(page.locator(".graphlab-player")).to_have_attribute("data-step", "3")
    page.locator(".code-line", has_text=re.compile("grad_W_1 = np.outer")).click()
    expect(page.locator(".graphlab-player")).to_have_attribute("data-step", "15")


def test_pytorch_is_one_click_away(open_page):
    page = opened(open_page, "scenario=mlp&step=9&lang=en")
    page.click('[data-action="code-pytorch"]')
    expect(page.locator(".code-line[data-current]")).to_have_text("loss.backward()")
    expect(page.locator('[data-action="code-pytorch"]')).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("secure", [True, False])
def test_the_program_is_copied_with_and_without_a_clipboard(open_page, secure):
    page = opened(open_page, "scenario=mlp&lang=en")
    page.evaluate(
        """secure => {
            const kept = { writeText: async text => { if (!secure) throw new Error("no https"); window.copied = text; } };
            Object.defineProperty(navigator, "clipboard", { value: kept });
            document.addEventListener("copy", event => { window.copied = event.composedPath()[0].value; }, true);
        }""",
        secure,
    )
    page.click('[data-action="code-copy"]')
    expect(page.locator('[data-action="code-copy"]')).to_have_text("Copied")
    assert page.evaluate("window.copied") == gl.code(gl.scenario("mlp").walk()).text


def test_the_program_is_saved(open_page):
    page = opened(open_page, "scenario=mlp-minibatch&lang=ru")
    with page.expect_download() as download:
        page.click('[data-action="code-save"]')
    assert download.value.suggested_filename == "mlp_minibatch_numpy.py"
    with open(download.value.path(), encoding="utf-8") as f:
        assert f.read() == gl.code(gl.scenario("mlp-minibatch").walk(), lang="ru").text


def test_the_lens_adds_up_outer_products(open_page):
    page = open_page("scenario=mlp-minibatch&step=17&panel=lens&lang=en", size=(1920, 1080))
    item = page.locator('.lens-item[data-vertex-shown="W_1"]')
    item.wait_for(timeout=20_000)
    page.click('[data-object="4"]')
    expect(item.locator(".lens-sum")).to_have_text("All objects together (1 + … + 4)")
    total = item.locator(".heat").last.locator("text").all_text_contents()
    page.click('[data-action="lens-matrix"]')
    whole = item.locator(".lens-total .heat text")
    expect(whole.first).to_be_visible()
    assert whole.all_text_contents() == total == ["−6e−4", "0.007", "0.003", "−0.078", "−0.112", "0.024"]
    page.click('[data-action="lens-stack"]')
    expect(item.locator(".lens-adding figure")).to_have_count(5)
    expect(page.locator('[data-role="lens-check"]')).to_contain_text("the mean of the 4 gradients")


def test_the_lens_is_there_only_where_there_is_a_minibatch(open_page):
    page = open_page("scenario=mlp&panel=code&lang=en", size=(1920, 1080))
    expect(page.locator('[data-action="tab-code"]')).to_be_visible()
    expect(page.locator('[data-action="tab-lens"]')).to_be_hidden()
