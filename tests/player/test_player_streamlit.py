"""The player inside Streamlit: one view an element, whatever comes and goes, and a server that is not asked a step."""

import re

import pytest

from tests.serving import served

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address():
    with served("tests/player/player_page.py") as address:
        yield address


@pytest.fixture
def open_page(address, browser):
    pages, errors = [], []

    def opened(query="", scheme="light"):
        page = browser.new_page(color_scheme=scheme, reduced_motion="reduce", viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        page.goto(f"{address}/?{query}")
        page.locator(".graphlab-player").wait_for(timeout=60_000)
        return page

    yield opened
    for page in pages:
        page.close()
    assert errors == []


def step(page) -> int:
    return int(page.get_attribute(".graphlab-player", "data-step"))


def said(page) -> dict:
    """What the script says that it knows."""
    line = page.locator("[data-testid=stText]").inner_text()
    return dict(part.split(" ") for part in line.split("; "))


def wait_for(page, **wanted):
    for _ in range(100):
        if {k: said(page)[k] for k in wanted} == wanted:
            return
        page.wait_for_timeout(50)
    assert {k: said(page)[k] for k in wanted} == wanted


def check(page, label):
    page.locator("[data-testid=stCheckbox]").filter(has_text=re.compile(f"^{label}$")).locator("label").click()


def focus_page(page):
    page.evaluate("document.activeElement?.blur()")


def test_stepping_writes_the_address_and_does_not_ask_the_server(open_page):
    page = open_page()
    focus_page(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(600)
    assert step(page) == 3
    assert page.url.endswith("?step=3")
    assert said(page)["runs"] == "1"
    page.keyboard.press("Home")
    page.wait_for_timeout(300)
    assert "step" not in page.url


def test_a_reload_comes_back_to_the_step(open_page):
    page = open_page("step=5")
    assert step(page) == 5
    page.reload()
    page.locator(".graphlab-player").wait_for()
    assert step(page) == 5


def test_new_data_of_the_same_walk_keeps_the_step_and_one_listener(open_page):
    page = open_page()
    focus_page(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    for n, title in enumerate(["Another title", "A third one"], 4):
        page.get_by_label("title", exact=True).fill(title)
        page.get_by_label("title", exact=True).press("Enter")
        page.locator(f'.graphlab-player[aria-label="{title}"]').wait_for()
        assert page.locator(".graphlab-player").count() == 1
        assert step(page) == n - 1
        focus_page(page)
        page.keyboard.press("ArrowRight")
        assert step(page) == n


def test_another_walk_begins_where_it_is_told(open_page):
    page = open_page()
    focus_page(page)
    page.keyboard.press("End")
    check(page, "other walk")
    page.locator('.graphlab-player[data-steps="3"]').wait_for()
    assert step(page) == 2
    assert page.locator('[data-vertex="loss"] [data-role=value]').inner_html() == ""


def test_taken_away_it_hears_nothing_and_mounted_again_it_stands_where_it_stood(open_page):
    page = open_page()
    focus_page(page)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    check(page, "shown")
    page.locator(".graphlab-player").wait_for(state="detached")
    focus_page(page)
    page.keyboard.press("ArrowRight")
    check(page, "shown")
    page.locator(".graphlab-player").wait_for()
    assert step(page) == 4
    focus_page(page)
    page.keyboard.press("ArrowRight")
    assert step(page) == 5


def test_a_chosen_vertex_is_told_and_can_be_let_go_by_the_script(open_page):
    page = open_page()
    page.locator('[data-vertex="y"] .outline').click()
    wait_for(page, vertex="y", step="0")
    page.locator(".graphlab-player").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    wait_for(page, vertex="y", step="2")
    page.get_by_role("button", name="close").click()
    wait_for(page, vertex="None")
    page.locator(".graphlab-player [data-selected]").wait_for(state="detached")
    page.locator('[data-vertex="y"] .outline').click()
    wait_for(page, vertex="y")
    assert step(page) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_page_around_it(open_page, scheme):
    page = open_page(scheme=scheme)
    assert page.get_attribute(".graphlab-player", "data-theme") == scheme
    other = {"light": "dark", "dark": "light"}[scheme]
    page.locator("[data-testid=stRadio] label").filter(has_text=re.compile(f"^{other}$")).click()
    page.locator(f".graphlab-player[data-theme={other}]").wait_for()
