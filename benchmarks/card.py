"""How soon the card of a step stands in the page after a click: `python -m benchmarks.card`.

From the press on the line of the walk, at a step whose card nobody has asked for, to the card drawn in the panel: the
question to the server, the run of the fragment, the card made, and its formulas and heat map set.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .measure import Figure

LIMIT = 0.1  # s
# The step to begin with, 0 for the walk back, and how far apart the steps are: those asked for in advance are left out.
CASES = (
    ("MLP", "scenario=mlp", 2, 4),
    ("LSTM, T = 50, every operation drawn", "scenario=lstm&T=50&fold=open", 0, 61),
)

MEASURE = """async (root, [begin, stride]) => {
  const scrubber = root.querySelector('[data-role=scrubber]');
  const body = root.querySelector('.tab-body');
  const frame = () => new Promise(requestAnimationFrame);
  const rest = () => new Promise((done) => setTimeout(done, 400));
  const first = begin || Math.ceil(Number(scrubber.max) / 2) + 2;
  const times = [];
  for (let step = first; step <= Number(scrubber.max) && times.length < 20; step += stride) {
    await rest();
    const before = body.firstElementChild;
    const pressed = performance.now();
    scrubber.value = String(step);
    scrubber.dispatchEvent(new Event('input', { bubbles: true }));
    while (body.firstElementChild === before && performance.now() - pressed < 5000) await frame();
    await frame();
    times.push(performance.now() - pressed);
  }
  return times;
}"""


def times(query: str, begin: int, stride: int) -> list[float]:
    """Milliseconds from the press to the card, one a step."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import FLAGS, find
    from tests.serving import ROOT, served

    with served(str(ROOT / "app.py")) as address, sync_playwright() as p, tempfile.TemporaryDirectory() as folder:
        chromium = p.chromium.launch(executable_path=find(), args=list(FLAGS), downloads_path=Path(folder))
        page = chromium.new_page(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
        page.goto(f"{address}/?{query}&panel=step&step=1")
        page.locator(".page-step math").first.wait_for(timeout=60_000)
        found = page.locator(".graphlab-player").evaluate(MEASURE, [begin, stride])
        chromium.close()
    return found


def figures() -> Iterator[Figure]:
    """One line a scenario: the median."""
    for what, query, begin, stride in CASES:
        yield Figure(f"the card of a step: {what}", statistics.median(times(query, begin, stride)) / 1000, limit=LIMIT)


def main() -> None:
    """Print the medians and the slowest."""
    for what, query, begin, stride in CASES:
        found = sorted(times(query, begin, stride))
        print(f"{what}: median {statistics.median(found):.0f} ms, slowest {found[-1]:.0f} ms of {len(found)}")


if __name__ == "__main__":
    main()
