"""A server of the page, one for all tests of a run, and a browser page on it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of `streamlit run app.py`."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port = s.getsockname()[1]
    log = (tmp_path_factory.mktemp("server") / "log").open("w+")
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "streamlit", "run", "app.py"),
            *("--server.headless=true", f"--server.port={port}", "--server.address=127.0.0.1"),
        ],
        cwd=ROOT,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)
        log.seek(0)
        said = log.read()
        log.close()
    assert "Traceback" not in said, said


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
