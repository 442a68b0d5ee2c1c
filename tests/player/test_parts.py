"""A large picture goes to the page in outline, and its parts as the picture comes near them."""

import re

import pytest
from playwright.sync_api import expect

import graphlab as gl
from graphlab.diagram import svg
from graphlab.diagram.parts import BREADTH, split
from graphlab.player.choices import Choices
from graphlab.player.packing import unpack
from graphlab.player.payload import payload, payload_of
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk
from graphlab.player.standalone import standalone_html

expect.set_options(timeout=20_000)  # two cores, and other tests beside this one

NAMES = re.compile(r'data-(vertex|operation|edge|for)="([^"]+)"')


@pytest.fixture(scope="module")
def large():
    scenario = gl.scenario("lstm", sizes={"T": 25})
    return ShownWalk(scenario.walk(0), scenario)


def named(drawing, *kinds):
    return [name for kind, name in NAMES.findall(drawing) if kind in kinds]


def test_the_parts_hold_every_shape_of_the_picture_once(large):
    whole = svg.page(large.picture)
    parts = "".join(svg.page(part) for part in large.split.parts)
    for kind in ("vertex", "operation", "edge", "for"):
        assert sorted(named(parts, kind)) == sorted(named(whole, kind))


def test_every_vertex_and_operation_is_there_in_outline_before_its_part(large):
    whole = svg.page(large.picture)
    assert named(large.drawing, "vertex", "operation") == named(whole, "vertex", "operation")
    assert "<text" not in large.drawing
    assert len(large.drawing) < len(whole) / 4


def test_what_a_part_holds_stands_in_it(large):
    third = large.split.parts[3]
    assert all(3 * BREADTH <= v.box.centre[0] < 4 * BREADTH for v in third.vertices)


@pytest.mark.parametrize("name", gl.scenarios())
def test_a_scenario_at_its_usual_size_goes_to_the_page_as_a_whole(name):
    scenario = gl.scenario(name)
    assert split(ShownWalk(scenario.walk(0), scenario).picture) is None


def test_the_room_of_an_outline_holds_what_its_part_draws_there(large):
    vertex = large.picture.vertices[40]
    group = re.search(rf'<g [^>]*data-vertex="{vertex.name}"[^>]*>', large.drawing)[0]
    x, y, width, height = map(float, re.search(r'data-room="([^"]+)"', group)[1].split())
    for rect in (vertex.box, vertex.values[0].box):
        assert x - 0.01 <= rect.left
        assert rect.right <= x + width + 0.01
        assert y - 0.01 <= rect.top
        assert rect.bottom <= y + height + 0.01


def test_a_part_is_given_when_it_is_asked_for(large):
    given = answer(large, {"id": "1", "kind": "part", "walk": large.key, "part": 5})
    assert unpack(given["packed"]) == svg.page(large.split.parts[5])


@pytest.mark.parametrize("part", [-1, 1000, "1", None, True])
def test_a_part_that_is_not_there_is_refused(large, part):
    given = answer(large, {"id": "1", "kind": "part", "walk": large.key, "part": part})
    assert given["error"] == "The page asks for something that is not there: load it again."


def test_the_first_parts_come_with_the_walk_and_all_of_them_in_a_file(large):
    sent = payload_of(large, title="", stem="")["parts"]
    assert (list(sent["drawn"]), sent["count"]) == (["0", "1"], len(large.split.parts))
    assert len(payload_of(large, title="", stem="", whole=True)["parts"]["drawn"]) == sent["count"]


def test_other_numbers_in_the_same_graph_have_another_key(large):
    other = ShownWalk(large.scenario.walk(1), large.scenario, choices=Choices(seed=1))
    assert other.drawing == large.drawing
    assert other.key != large.key


def test_a_small_walk_has_no_parts():
    assert "parts" not in payload(gl.scenario("mlp").walk(0), title="", stem="")


# ---- in the browser ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(large, tmp_path_factory):
    path = tmp_path_factory.mktemp("parts") / "walk.html"
    path.write_text(standalone_html(payload_of(large, title="LSTM", stem="lstm", whole=True)), "utf-8")
    return path


@pytest.fixture
def page(browser, file):
    page = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    failed = []
    page.on("pageerror", lambda e: failed.append(str(e)))
    page.goto(file.as_uri())
    page.locator(".graphlab-player[data-steps]").wait_for()
    yield page
    assert failed == []
    page.close()


def full(page, name):
    return page.locator(f'[data-vertex="{name}"] > .halo')


@pytest.mark.browser
def test_what_is_far_from_view_is_an_outline_until_the_picture_comes_near(page):
    expect(full(page, "x_1")).to_have_count(1)
    expect(full(page, "h_25")).to_have_count(0)
    assert page.locator('[data-vertex="h_25"]').get_attribute("data-state") == "idle"
    page.locator("[data-role=scrubber]").evaluate("s => { s.value = 630; s.dispatchEvent(new Event('input')) }")
    expect(full(page, "h_25")).to_have_count(1)
    expect(page.locator('[data-vertex="h_25"] [data-role="value"] .chip')).to_have_count(1)
    assert page.locator('[data-vertex="h_25"]').get_attribute("aria-label") == "h_25, temporary, shape 2"


@pytest.mark.browser
def test_an_outline_has_the_state_of_the_step_too(page):
    page.keyboard.press("End")
    assert page.locator('[data-vertex="tmp_200"]').get_attribute("data-state") == "done"


@pytest.mark.browser
def test_a_jump_shows_the_numbers_that_are_reached_and_no_others(page, large):
    steps = len(large.steps)
    page.keyboard.press("End")
    expect(full(page, "tmp_1")).to_have_count(1)
    expect(page.locator('[data-vertex="tmp_1"] [data-role="gradient"] .chip')).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator('[data-vertex="tmp_1"] [data-role="gradient"] .chip')).to_have_count(0)
    assert page.locator(".graphlab-player").get_attribute("data-steps") == str(steps)


@pytest.mark.browser
def test_before_the_first_step_of_a_very_long_graph_its_beginning_is_seen(page):
    box = page.locator('[data-vertex="tmp_1"] .outline').bounding_box()
    assert 0 < box["x"] < 1280
    assert box["width"] > 30


@pytest.mark.browser
def test_a_file_of_the_picture_has_all_of_its_parts(page, large, tmp_path):
    page.keyboard.press("ArrowRight")
    page.locator('[data-role="formula"] math').first.wait_for()
    with page.expect_download(timeout=60_000) as download:
        page.click("[data-action=download]")
    download.value.save_as(tmp_path / "graph.svg")
    assert len(named((tmp_path / "graph.svg").read_text("utf-8"), "edge")) == len(large.picture.edges)
