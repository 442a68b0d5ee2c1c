"""A page with the player alone, opened from disk."""

import pytest

from graphlab.player.standalone import standalone_html
from tests.player.sketch import sketch


@pytest.fixture
def open_page(browser, tmp_path):
    """Opens the walk as one file, from disk; a test fails for any error or request in the page."""
    contexts, troubles = [], []

    def opened(motion="reduce", size=(1280, 720), **changes):
        file = tmp_path / "walk.html"
        file.write_text(standalone_html(sketch(**changes)), encoding="utf-8")
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, reduced_motion=motion, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda r: troubles.append(r.url) if not r.url.startswith(("file:", "blob:", "data:")) else None
        )
        page.goto(file.as_uri())
        page.wait_for_selector(".graphlab-player")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert troubles == []
