"""The player and a walk in one file that opens offline."""

import pytest

import graphlab as gl
from graphlab.export import render


@pytest.fixture(scope="module")
def page() -> str:
    return render(gl.scenario("mlp"), "html", steps="5-15", lang="ru", theme="dark").decode()


def test_it_is_one_page_that_fetches_nothing(page):
    assert page.startswith("<!doctype html>")
    assert "default-src 'none'" in page
    assert "src=" not in page.replace("default-src", "").replace("script-src", "").replace("style-src", "").replace(
        "img-src", ""
    )


def test_it_plays_in_a_browser(page, browser, tmp_path):
    path = tmp_path / "mlp.html"
    path.write_text(page, encoding="utf-8")
    context = browser.new_context(offline=True)
    tab = context.new_page()
    failures: list[str] = []
    tab.on("pageerror", lambda e: failures.append(str(e)))
    tab.goto(path.as_uri())
    root = tab.locator(".graphlab-player")
    assert root.get_attribute("data-step") == "5"
    assert root.get_attribute("data-steps") == "15"
    assert root.get_attribute("data-theme") == "dark"
    for name in gl.scenario("mlp").graph.vertices:
        assert tab.locator(f'[data-vertex="{name}"]').count() == 1
    tab.keyboard.press("End")
    assert "-0.35" in tab.locator('[data-vertex="w_2"] [data-role="gradient"]').text_content().replace("−", "-")
    assert not failures
    context.close()


def test_it_is_folded_as_asked_for():
    lstm = gl.scenario("lstm")
    assert len(lstm.walk()) == 159
    folded, opened = (render(lstm, "html", fold=fold).decode() for fold in ("gates", "open"))
    assert 'data-cluster=\\"t=2/f\\"' in folded.replace("\\u003c", "<")
    assert 'class=\\"operation folded' not in opened.replace("\\u003c", "<")


def test_nothing_in_it_says_that_it_folds(browser, tmp_path):
    path = tmp_path / "lstm.html"
    path.write_bytes(render(gl.scenario("lstm"), "html", fold="open"))
    tab = browser.new_page()
    failures: list[str] = []
    tab.on("pageerror", lambda e: failures.append(str(e)))
    tab.goto(path.as_uri())
    operation = tab.locator('[data-operation="f_2"]')
    operation.wait_for()
    assert tab.locator("[data-within]").count() == 0
    assert operation.get_attribute("aria-label") is None
    assert operation.locator("title").count() == 0
    tab.locator('[data-vertex="f_2"]').focus()
    tab.keyboard.press("f")
    assert not failures
    tab.close()


@pytest.mark.parametrize("name", gl.scenarios())
def test_every_scenario_goes_into_a_file(name):
    scenario = gl.scenario(name)
    page = render(scenario, "html", lang="ru").decode()
    assert f"<title>{scenario.title('ru')}</title>" in page
