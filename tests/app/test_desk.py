"""Questions of the player to the server: answered beside the page, about the walk that is shown and no other."""

import pytest
from playwright.sync_api import expect

import graphlab as gl
from graphlab.diagram import Folding
from graphlab.player.answers.texts import CHUNK
from graphlab.player.choices import Choices
from graphlab.player.packing import pack, unpack
from graphlab.player.payload import SMALL, packed, payload, payload_of
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk
from graphlab.player.standalone import standalone_html

expect.set_options(timeout=20_000)  # two cores, and other tests beside this one


@pytest.fixture(scope="module")
def long():
    """The LSTM over ten words, every operation a step."""
    scenario = gl.scenario("lstm", sizes={"T": 10})
    return ShownWalk(scenario.walk(0), scenario)


def test_what_is_packed_comes_out_again():
    assert unpack(pack({"a": ["∇", 1.5, None]})) == {"a": ["∇", 1.5, None]}


def test_a_small_walk_goes_to_the_page_with_all_of_its_texts():
    sent = payload_of(ShownWalk(gl.scenario("mlp").walk(0)), title="", stem="")
    assert "texts" not in sent
    assert packed(sent) is sent
    assert all(step["formula"].startswith("<math") and step["sentence"] for step in sent["steps"])


def test_a_long_walk_goes_packed_with_its_first_texts_alone_and_a_file_with_all(long):
    assert len(long.steps) > SMALL
    sent = packed(payload_of(long, title="", stem=""))
    assert not {"svg", "steps", "texts"} & set(sent)
    inside = unpack(sent["packed"])
    assert "formula" not in inside["steps"][0]
    assert list(inside["texts"]["chunks"]) == ["0"]
    whole = payload_of(long, title="", stem="", whole=True)["texts"]["chunks"]
    assert sum(len(unpack(chunk)) for chunk in whole.values()) == len(long.steps)


def test_the_second_chunk_tells_of_the_steps_after_the_first(long):
    given = answer(long, {"id": "1", "kind": "texts", "walk": long.key, "chunk": 1})
    texts = unpack(given["packed"])
    assert (given["id"], given["kind"], given["chunk"], len(texts)) == ("1", "texts", 1, CHUNK)
    name = long.steps[CHUNK]["output"]
    assert name == "tmp_26"
    assert name in texts[0]["sentence"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"chunk": 99}, {"chunk": -1}, {"chunk": "1"}, {"chunk": True}, {"chunk": None}, {},
        {"chunk": 1, "walk": "another"}, {"chunk": 1, "kind": "no such"}, {"chunk": 1, "kind": ["texts"]},
    ],
)  # fmt: skip
def test_a_wrong_question_is_refused_in_words(long, wrong):
    given = answer(long, {"id": "1", "kind": "texts", "walk": long.key} | wrong)
    assert given["error"] == "The page asks for something that is not there: load it again."
    assert given["id"] == "1"
    assert "packed" not in given


def test_what_is_no_question_at_all_is_refused(long):
    assert "error" in answer(long, ["texts"])


def test_the_key_is_of_what_is_shown():
    mlp = gl.scenario("mlp")
    walk = mlp.walk(0)
    assert ShownWalk(walk).key == ShownWalk(walk, mlp).key
    assert len({ShownWalk(walk).key, ShownWalk(walk, choices=Choices(lang="ru")).key, ShownWalk(mlp.walk(1)).key}) == 3


@pytest.mark.browser
def test_texts_come_as_the_walk_nears_them_without_a_run_of_the_page(open_page, long):
    page = open_page("scenario=lstm&T=10&fold=open")
    sentence = page.locator('[data-role="sentence"]')
    first = long.steps[0]["output"]
    page.keyboard.press("ArrowRight")
    expect(sentence).to_contain_text(first)
    page.keyboard.press("End")
    expect(page.locator(".strip[data-waiting]")).to_have_count(0)
    expect(page.locator('[data-role="formula"] math')).to_be_visible()
    last = unpack(answer(long, {"kind": "texts", "walk": long.key, "chunk": (len(long.steps) - 1) // CHUNK})["packed"])[
        -1
    ]
    assert sentence.inner_text() == last["sentence"]


@pytest.mark.browser
def test_a_walk_that_takes_the_place_of_another_is_told_in_its_own_words(open_page):
    page = open_page("scenario=lstm&T=10&fold=open&step=500")
    expect(page.locator('[data-role="formula"] math')).to_be_visible()
    before = page.locator('[data-role="sentence"]').inner_text()
    page.goto(page.url.replace("T=10", "T=9"))
    expect(page.locator('[data-role="formula"] math')).to_be_visible()
    assert page.locator('[data-role="sentence"]').inner_text() != before


def test_folded_boxes_have_their_texts_too():
    scenario = gl.scenario("lstm", sizes={"T": 10})
    context = ShownWalk(scenario.walk(0), folding=Folding.fold_all(scenario.graph))
    sent = payload_of(context, title="", stem="")
    assert "folded in this box" in sent["steps"][0]["sentence"]


@pytest.mark.browser
def test_a_file_holds_all_texts_of_a_long_walk(browser, tmp_path, long):
    file = tmp_path / "walk.html"
    file.write_text(standalone_html(payload(long.walk, title="LSTM", stem="lstm")), "utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.locator(".graphlab-player[data-steps]").wait_for()
    page.keyboard.press("End")
    expect(page.locator('[data-role="formula"] math')).to_be_visible()
    expect(page.locator(".strip[data-waiting]")).to_have_count(0)
    page.close()
