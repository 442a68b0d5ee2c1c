"""A graph too large to be read as a whole is looked at step by step."""

import pytest

pytestmark = pytest.mark.browser

LAST = 7
WIDE = 5  # times as wide as the sketch: 4,500 units, which 1,280 pixels show at a scale of 0.28

OUTSIDE = """() => {
  const stage = document.querySelector('.stage').getBoundingClientRect();
  const now = '[data-operation][data-state=current], [data-operation][data-gradient=current], .vertex[data-state=current], .badge';
  return [...document.querySelectorAll(now)].filter(e => {
    const b = e.getBoundingClientRect();
    return b.left < stage.left || b.right > stage.right || b.top < stage.top || b.bottom > stage.bottom;
  }).map(e => e.dataset.operation ?? e.dataset.vertex ?? e.textContent);
}"""
SCALE = """() => {
  const rect = document.querySelector('[data-vertex=x] .outline').getBoundingClientRect();
  return rect.width / 60;
}"""
WHERE = """() => { const b = document.querySelector('[data-vertex=x] .outline').getBoundingClientRect();
  return [b.left, b.top, b.width].map(v => Math.round(v)) }"""


def drawn(page):
    """After two frames a step without motion stands where it stays."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def where(page):
    drawn(page)
    return page.evaluate(WHERE)


def pressed(page):
    return page.get_attribute("[data-action=fit]", "aria-pressed")


def drag(page, dx=80, dy=30):
    page.mouse.move(640, 60)
    page.mouse.down()
    page.mouse.move(640 + dx, 60 + dy, steps=4)
    page.mouse.up()


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_every_step_is_in_view_and_large_enough_to_read(open_page, size):
    page = open_page(size=size, spread=WIDE)
    assert page.evaluate(SCALE) < 0.5
    for key in ["ArrowRight"] * LAST + ["ArrowLeft"] * (LAST - 1):
        page.keyboard.press(key)
        drawn(page)
        assert page.evaluate(OUTSIDE) == []
        assert page.evaluate(SCALE) >= 0.55


def test_a_jump_has_its_step_in_view_too(open_page):
    page = open_page("no-preference", spread=WIDE)
    for n in (7, 3, 5, 1, 6):
        page.evaluate(
            "n => { const s = document.querySelector('[data-role=scrubber]'); s.value = n; s.dispatchEvent(new Event('input')) }",
            n,
        )
        drawn(page)
        assert page.evaluate(OUTSIDE) == []
    assert open_page(spread=WIDE, step=6).evaluate(OUTSIDE) == []


def test_with_motion_the_picture_arrives_at_each_step(open_page):
    page = open_page("no-preference", spread=WIDE)
    for _ in range(LAST):
        page.keyboard.press("ArrowRight")
        for _ in range(600):  # pairs of frames: more than motion takes, however slowly they come
            if page.evaluate(OUTSIDE) == []:
                break
            drawn(page)
        assert page.evaluate(OUTSIDE) == []


def test_where_a_step_is_in_view_already_nothing_moves(open_page):
    page = open_page(spread=WIDE)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    before = where(page)
    page.keyboard.press("ArrowRight")  # the gradient of the loss, where the loss has just been computed
    assert where(page) == before


def test_before_the_first_step_the_whole_graph_is_seen(open_page):
    page = open_page(spread=WIDE)
    whole = where(page)
    assert pressed(page) == "true"
    page.keyboard.press("ArrowRight")
    assert where(page) != whole
    page.keyboard.press("ArrowLeft")
    assert where(page) == whole


@pytest.mark.parametrize("by", ["0", "button", "double click"])
def test_fit_changes_between_the_whole_graph_and_following(open_page, by):
    def fit():
        if by == "0":
            page.keyboard.press("0")
        elif by == "button":
            page.click("[data-action=fit]")
        else:
            page.mouse.dblclick(640, 20)

    page = open_page(spread=WIDE)
    whole = where(page)
    page.keyboard.press("ArrowRight")
    following = where(page)
    title = page.get_attribute("[data-action=fit]", "title")
    fit()
    assert (where(page), pressed(page)) == (whole, "false")
    assert page.get_attribute("[data-action=fit]", "title") != title
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert where(page) == whole
    fit()
    assert pressed(page) == "true"
    drawn(page)
    assert page.evaluate(OUTSIDE) == []
    assert where(page)[2] == following[2]


@pytest.mark.parametrize("again", ["0", "Home"])
def test_a_person_who_moves_the_picture_is_left_alone_until_fit_or_home(open_page, again):
    page = open_page(spread=WIDE)
    page.keyboard.press("ArrowRight")
    before = where(page)
    drag(page)
    left, top, width = where(page)
    assert (left - before[0], top - before[1], width) == (80, 30, before[2])
    assert pressed(page) == "false"
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowLeft"):
        page.keyboard.press(key)
        assert where(page) == [left, top, width]
    page.keyboard.press(again)
    assert pressed(page) == "true"
    page.keyboard.press("ArrowRight")
    drawn(page)
    assert page.evaluate(OUTSIDE) == []


def test_the_wheel_holds_the_point_under_the_pointer_after_following(open_page):
    page = open_page(spread=WIDE)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    drawn(page)
    middle = "e => { const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2] }"
    x, y = page.locator('[data-operation="loss"] .shape').evaluate(middle)
    page.mouse.move(x, y)
    page.keyboard.down("Control")
    page.mouse.wheel(0, -60)
    page.keyboard.up("Control")
    drawn(page)
    assert page.locator('[data-operation="loss"] .shape').evaluate(middle) == pytest.approx([x, y], abs=1)


def test_a_stage_of_another_size_has_the_step_in_view(open_page):
    page = open_page(spread=WIDE)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    for size in ((1000, 600), (1920, 1080)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        drawn(page)
        assert page.evaluate(OUTSIDE) == []
    page.keyboard.press("p")
    page.wait_for_selector(".graphlab-player[data-present]")
    drawn(page)
    assert page.evaluate(OUTSIDE) == []


def test_an_input_from_far_away_does_not_make_the_step_unreadable(open_page):
    page = open_page(spread=4 * WIDE)
    page.keyboard.press("End")
    drawn(page)
    assert "tmp_1" in page.evaluate(
        "() => [...document.querySelectorAll('[data-state=current]')].map(e => e.dataset.vertex)"
    )
    operation = page.locator('[data-operation="tmp_1"] .shape').bounding_box()
    assert operation["x"] >= 0
    assert operation["x"] + operation["width"] <= 1280


def test_a_small_graph_stays_whole(open_page):
    page = open_page()
    whole = where(page)
    assert pressed(page) is None
    for _ in range(LAST):
        page.keyboard.press("ArrowRight")
        assert where(page) == whole
    assert page.get_attribute("[data-action=fit]", "aria-label") == "Fit to the frame"
    assert page.get_attribute("svg.graphlab-graph", "style") is None


def test_the_file_of_a_step_has_the_whole_graph(open_page):
    page = open_page(spread=WIDE)
    page.keyboard.press("ArrowRight")
    with page.expect_download() as told:
        page.click("[data-action=download]")
    text = told.value.path().read_text(encoding="utf-8")
    assert 'viewBox="0 0 4500 380"' in text
    assert "translate(" not in text.split(">", 1)[0]
