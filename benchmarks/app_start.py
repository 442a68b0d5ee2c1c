"""From a cold `streamlit run app.py` to the perceptron drawn in a browser, and from one scenario to another."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from typing import Any

from .measure import Figure

DRAWN = ".graphlab-player[data-steps] svg.graphlab-graph"

# A vertex that only this scenario has, and its place in the list of scenarios is found by its title.
CHOICES = (("mlp-minibatch", "X"), ("mlp", "x"))


def _switch(page: Any, title: str, vertex: str) -> float:
    """Seconds from the choice in the list to the other graph on the page."""
    page.locator('[data-testid="stSidebar"] [data-testid="stSelectbox"] [role="combobox"]').first.click()
    page.keyboard.type(title)  # the list draws only the options that are in view
    option = page.get_by_role("option", name=title, exact=True)
    option.wait_for()
    begin = time.perf_counter()
    option.click()
    page.locator(f'.graphlab-player [data-vertex="{vertex}"]').first.wait_for()
    return time.perf_counter() - begin


def figures(switches: int = 8) -> Iterator[Figure]:
    """The cold start, a second visitor, and a switch between two scenarios that have both been shown before."""
    from playwright.sync_api import sync_playwright

    import graphlab as gl
    from tests.chromium import FLAGS, find
    from tests.serving import served

    titles = {name: gl.scenario(name).title("en") for name, _ in CHOICES}
    with sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=find(), args=list(FLAGS))
        begin = time.perf_counter()
        with served("app.py") as address:
            for what in ("App: from a cold start to the MLP drawn", "App: the page again, for a second visitor"):
                page = chromium.new_page(viewport={"width": 1280, "height": 720}, locale="en-US")
                page.goto(address + "/?scenario=mlp&lang=en")
                page.locator(DRAWN).wait_for(timeout=120_000)
                yield Figure(what, ours=time.perf_counter() - begin)
                begin = time.perf_counter()
            times = [_switch(page, titles[name], vertex) for _ in range(switches) for name, vertex in CHOICES]
            yield Figure("App: a switch of scenario, both shown before", statistics.median(times[2:]), limit=0.3)
        chromium.close()
