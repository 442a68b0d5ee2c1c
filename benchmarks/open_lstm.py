"""How long the LSTM takes to open on the page, every operation drawn: `python -m benchmarks.open_lstm`.

From the choice (the address is opened in a page that already stands, so that Python and the browser are warm) to the
drawn picture of that walk; and what is sent of it. A walk is opened for the first time: nothing of it is kept anywhere.
Beside the time by the clock stands the processor time of the browser's page, which says something on a busy machine too.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import graphlab as gl
from graphlab.player.payload import packed, payload_of
from graphlab.player.shown_walk import ShownWalk

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession

LENGTHS = (25, 50, 100)


def made(length: int) -> dict[str, float]:
    """Seconds of the processor for what the page needs, and the bytes that go to it."""
    scenario = gl.scenario("lstm", sizes={"T": length})
    walk = scenario.walk(0)
    context = ShownWalk(walk, scenario)
    found, begin = {"steps": len(walk)}, time.process_time()
    for name, make in (
        ("picture", lambda: context.picture),
        ("svg", lambda: context.drawing),
        ("rest", lambda: packed(payload_of(context, title="LSTM", stem="lstm"))),
    ):
        sent = make()
        found[name] = time.process_time() - begin
        begin = time.process_time()
    return found | {"bytes": len(json.dumps(sent))}


def opened(length: int) -> tuple[float, float]:
    """From the choice of the length in the sidebar to the picture: seconds, and those of the browser's main thread."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import FLAGS, find
    from tests.serving import ROOT, served

    with served(str(ROOT / "app.py")) as address, sync_playwright() as p, tempfile.TemporaryDirectory() as folder:
        chromium = p.chromium.launch(executable_path=find(), args=list(FLAGS), downloads_path=Path(folder))
        page = chromium.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
        page.goto(f"{address}/?scenario=lstm&fold=open&T=5")
        page.locator(".graphlab-player[data-steps]").wait_for(timeout=60_000)
        steps = page.get_attribute(".graphlab-player", "data-steps")
        size = page.get_by_label("T", exact=True)
        size.fill(str(length))
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        busy = _busy(session)
        begin = time.perf_counter()
        size.press("Enter")
        page.locator(f'.graphlab-player[data-steps]:not([data-steps="{steps}"])').wait_for(timeout=60_000)
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        taken, busy = time.perf_counter() - begin, _busy(session) - busy
        chromium.close()
    return taken, busy


def _busy(session: CDPSession) -> float:
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--lengths", type=int, nargs="+", default=LENGTHS)
    for length in parser.parse_args().lengths:
        cost = made(length)
        print(f"T={length}: {cost['steps']} steps; {cost['bytes'] / 1e6:.2f} MB sent; ", end="")
        print(f"picture {cost['picture']:.2f} s, SVG {cost['svg']:.2f} s, the rest {cost['rest']:.2f} s; ", end="")
        taken, busy = opened(length)
        print(f"on the page after {taken:.2f} s, the browser at work for {busy:.2f} s of them", flush=True)


if __name__ == "__main__":
    main()
