"""Opening and folding by a click: the step, the place on the screen and the address are kept, and shapes move."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

COUNT = """() => { const animate = Element.prototype.animate; window.moves = [];
Element.prototype.animate = function (frames, timing) {
  window.moves.push([this.getAttribute("data-vertex") ?? "", timing.duration]);
  return animate.call(this, frames, timing);
}; }"""


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def toggled(page, cluster, key=""):
    """Click a cluster, or press a key on it, and wait for the other picture."""
    player = page.locator(".graphlab-player")
    steps = player.get_attribute("data-steps")
    button = page.locator(f'[data-cluster="{cluster}"]')
    if key:
        button.focus()
        page.keyboard.press(key)
    else:
        button.click()
    expect(player).not_to_have_attribute("data-steps", steps, timeout=20_000)
    page.wait_for_timeout(400)
    return player


def test_a_click_opens_a_folded_step_in_its_place_and_one_on_its_caption_folds_it(open_page):
    page = open_page("scenario=rnn&fold=folded&step=2")
    before = middle(page.locator('[data-operation="t=2"]'))
    player = toggled(page, "t=2")
    frame = page.locator('[data-frame="t=2"] .frame')
    assert middle(frame)[0] == pytest.approx(before[0], abs=4)
    # It is taller than there was room for: moved no further than into the stage.
    stage, box = page.locator(".stage").bounding_box(), frame.bounding_box()
    assert stage["y"] <= box["y"]
    assert box["y"] + box["height"] <= stage["y"] + stage["height"]
    before = middle(frame)
    # One box, then five operations: the last of what was one step.
    expect(player).to_have_attribute("data-step", "6")
    expect(page.locator('[data-operation="h_2"]')).to_have_attribute("data-state", "current")
    player = toggled(page, "t=2", key="Enter")
    expect(player).to_have_attribute("data-step", "2")
    assert middle(page.locator('[data-operation="t=2"]')) == pytest.approx(before, abs=4)


def test_what_was_clicked_survives_a_reload_and_a_new_seed(open_page):
    page = open_page("scenario=rnn&fold=folded&seed=3")
    player = toggled(page, "t=2")
    steps = player.get_attribute("data-steps")
    page.wait_for_function("location.search.includes('opened=')")
    assert parse_qs(urlsplit(page.url).query)["opened"] == ["t=2"]
    page.reload()
    expect(page.locator(".graphlab-player")).to_have_attribute("data-steps", steps, timeout=30_000)


def test_shapes_that_stay_move_to_their_new_places(open_page):
    page = open_page("scenario=rnn&fold=folded")
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate(COUNT)
    toggled(page, "t=2")
    moves = page.evaluate("window.moves")
    assert "x_3" in {name for name, _ in moves}
    assert all(150 <= duration <= 300 for _, duration in moves)


def test_nothing_moves_for_a_reader_who_asked_for_less_motion(open_page):
    page = open_page("scenario=rnn&fold=folded")
    page.evaluate(COUNT)
    toggled(page, "t=2")
    assert page.evaluate("window.moves") == []


@pytest.mark.parametrize("how", ["double click", "key on the operation", "key on the vertex"])
def test_an_open_equation_is_folded_at_one_of_its_operations(open_page, how):
    page = open_page("scenario=lstm&fold=gates")
    player = page.locator(".graphlab-player")
    steps = player.get_attribute("data-steps")
    toggled(page, "t=2/f")
    operation = page.locator('.operation[data-within="t=2/f"]').last
    expect(operation).to_have_attribute("aria-label", "double click folds f_2")
    page.wait_for_function("location.search.includes('opened=')")
    if how == "double click":
        operation.dblclick()
    else:
        (operation if "operation" in how else page.locator('[data-vertex="f_2"]')).focus()
        page.keyboard.press("f")
    expect(player).to_have_attribute("data-steps", steps, timeout=20_000)
    expect(page.locator('[data-cluster="t=2/f"]')).to_be_visible()
    page.wait_for_function("location.search.includes('closed=')")
    assert "opened" not in parse_qs(urlsplit(page.url).query)


def test_every_output_of_a_folded_step_is_in_view_while_following(open_page):
    page = open_page("scenario=lstm&fold=folded&T=12&step=4", size=(1280, 720))
    expect(page.locator("[data-action=fit]")).to_have_attribute("aria-pressed", "true")
    stage = page.locator(".stage").bounding_box()
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
        page.wait_for_timeout(100)
        t = page.locator(".operation:is([data-state=current], [data-gradient=current])").first.get_attribute(
            "data-operation"
        )
        for name in ("h", "c"):
            chip = page.locator(f'[data-vertex="{t.replace("t=", name + "_")}"]').bounding_box()
            assert stage["x"] <= chip["x"]
            assert chip["x"] + chip["width"] <= stage["x"] + stage["width"]
            assert stage["y"] <= chip["y"]
            assert chip["y"] + chip["height"] <= stage["y"] + stage["height"]
