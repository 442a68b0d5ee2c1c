"""A file that stands alone answers in its tabs what the page answers."""

import pytest
from playwright.sync_api import expect

import graphlab as gl
from graphlab.player.embedded_answers import embedded_answers, question_key
from graphlab.player.packing import unpack
from graphlab.player.payload import payload_of
from graphlab.player.questions import answer
from graphlab.player.shown_walk import ShownWalk
from graphlab.player.standalone import standalone_html


def context_of(name, **sizes):
    scenario = gl.scenario(name, sizes=sizes)
    return ShownWalk(scenario.walk(0), scenario)


@pytest.mark.parametrize(
    ("details", "key"),
    [
        ({}, ""),
        ({"step": 12}, "12"),
        ({"vertex": "W_1"}, "W_1"),
        ({"vertex": "W_1", "index": [2, 1]}, "W_1/2,1"),
        ({"of": "loss", "by": "x"}, "loss/x"),
    ],
)
def test_a_question_has_one_text(details, key):
    assert question_key(details) == key


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("card", {"step": 12}),
        ("element", {"vertex": "W_1"}),
        ("element", {"vertex": "W_1", "index": [2, 1]}),
        ("paths", {"vertex": "x"}),
        ("target", {"of": "h", "by": "x"}),
        ("code", {"language": "pytorch"}),
        ("check", {}),
    ],
)
def test_what_is_kept_is_what_the_page_answers(kind, details):
    context = context_of("mlp")
    given = answer(context, {**details, "id": "1", "kind": kind, "walk": context.key})
    told = unpack(embedded_answers(context)[kind])[question_key(details)]
    assert unpack_like(told) == unpack_like(
        {name: value for name, value in given.items() if name not in ("id", "kind")}
    )


def unpack_like(data):
    """As JSON has it: tuples are lists."""
    if isinstance(data, dict):
        return {str(k): unpack_like(v) for k, v in data.items()}
    return [unpack_like(v) for v in data] if isinstance(data, list | tuple) else data


def test_elements_of_large_arrays_and_cards_of_long_walks_stay_out():
    wide = unpack(embedded_answers(context_of("mlp", D=6, H=6))["element"])
    assert ("W_1" in wide, "W_1/1,1" in wide) == (True, False)
    assert list(embedded_answers(context_of("lstm", T=50))) == ["code"]


@pytest.mark.parametrize("name", ["mlp", "softmax-mlp", "mlp-minibatch", "rnn"])
def test_a_file_stays_small(name):
    context = context_of(name)
    page = standalone_html(payload_of(context, title=name, stem=name, whole=True))
    assert len(page.encode()) < 3_000_000


@pytest.fixture
def open_file(browser, tmp_path):
    pages, errors = [], []

    def opened(name, **sizes):
        context, file = context_of(name, **sizes), tmp_path / f"{name}.html"
        file.write_text(standalone_html(payload_of(context, title=name, stem=name, whole=True)), "utf-8")
        page = browser.new_page(viewport={"width": 1600, "height": 900}, reduced_motion="reduce")
        page.on("pageerror", lambda e: errors.append(str(e)))
        pages.append(page)
        page.goto(file.as_uri())
        page.locator(".graphlab-player[data-steps]").wait_for()
        return page

    yield opened
    for page in pages:
        page.close()
    assert errors == []


@pytest.mark.browser
def test_the_tabs_work_in_a_file(open_file):
    page = open_file("mlp-minibatch")
    page.keyboard.press("End")
    page.keyboard.press("e")
    page.locator('[data-role="jacobian"] [data-cell="1,1"]').wait_for()
    page.locator('[data-action="tab-vertex"]').click()
    page.locator('.stage [data-vertex="W_1"]').first.click()
    page.locator('[data-map="value"] [data-cell="2,1"]').click()
    page.locator('[data-role="element-backward"] math').first.wait_for()
    page.locator('[data-action="target-of"]').select_option("y")
    expect(page.locator('[data-role="target-says"]')).not_to_be_empty()
    page.locator('[data-action="tab-code"]').click()
    expect(page.locator(".code-line[data-current]").first).to_be_visible()
    page.locator('[data-action="tab-check"]').click()
    page.locator('[data-role="check-switch"]').click()
    expect(page.locator('[data-checked="W_1"]')).to_have_attribute("data-verdict", "right")
    page.locator('[data-action="tab-lens"]').click()
    expect(page.locator(".lens-whole")).to_be_visible()
    assert page.locator('[data-action="details"]').count() == 0


@pytest.mark.browser
def test_a_file_of_a_long_walk_has_the_program_alone(open_file):
    page = open_file("lstm", T=50)
    page.keyboard.press("e")
    page.locator(".code-line").first.wait_for()
    assert [tab.inner_text() for tab in page.get_by_role("tab").all() if tab.is_visible()] == ["Code"]


def test_the_stable_form_stands_beside_the_pair_that_it_replaces():
    """word2vec holds log σ twice, once of a number and once of K numbers: each form is compared with its own pair."""
    context = context_of("word2vec", K=4)
    forms = answer(context, {"id": "1", "kind": "stable", "walk": context.key})["forms"]
    assert [form["logits"].partition("[")[0] for form in forms] == ["tmp_1", "tmp_6"]
    for form in forms:
        assert form["gradient"][0] == form["gradient"][1]
        assert form["loss"][0] == form["loss"][1]
