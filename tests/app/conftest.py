"""A server of the page, one for all tests of a run, and a browser page on it."""

from __future__ import annotations

import pytest

from tests.serving import served


@pytest.fixture(scope="session")
def server():
    """The address of `streamlit run app.py`."""
    with served("app.py") as address:
        yield address


@pytest.fixture
def open_page(server, browser):
    """open_page(query, size=…, scheme=…) -> a page with the player drawn. Fails at the end on any error in the page."""
    pages, errors = [], []

    def opened(query="", *, size=(1280, 720), scheme="light", locale="en-US"):
        page = browser.new_page(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce",
        )
        page.on("pageerror", lambda e: errors.append(str(e)))
        pages.append(page)
        page.goto(f"{server}/?{query}")
        page.locator(".graphlab-player[data-steps]").wait_for(timeout=60_000)
        return page

    yield opened
    for page in pages:
        page.close()
    assert errors == []
