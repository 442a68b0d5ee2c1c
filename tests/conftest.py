"""What all tests share: one Chromium for all that drive a page."""

from collections.abc import Iterator

import pytest

from tests.chromium import FLAGS, find


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A real Chromium. Where none is found the test fails: a page that nobody looked at has not been tested."""
    from playwright.sync_api import sync_playwright

    path = find()
    if path is None:
        pytest.fail("no Chromium was found: run `make test`, which installs one, or name it in $CHROMIUM")
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()
