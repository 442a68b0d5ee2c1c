"""How long a step of the player takes in a browser, on a walk of about 2,500 nodes: `python -m benchmarks.player_steps`.

With `--lstm T` the walk is the LSTM's over T time steps, every operation drawn, which is drawn in parts.

Work is what the page itself does for one key: the handler, and the style and layout that follow. A frame is the time
from one drawn frame to the next while steps are taken one a frame, drawn by the processor where there is no GPU.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphlab.player.standalone import standalone_html

from .measure import Figure

COLUMNS = 40
PITCH = (230, 190)

MEASURE = """async ({steps, key}) => {
  const root = document.querySelector('.graphlab-player');
  const stage = root.querySelector('.stage');
  const frame = () => new Promise(requestAnimationFrame);
  const work = [], frames = [];
  let before = await frame();
  for (let i = 0; i < steps; i++) {
    const begin = performance.now();
    document.body.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, composed: true}));
    stage.getBoundingClientRect();
    root.querySelector('[data-role=formula]').scrollWidth;
    work.push(performance.now() - begin);
    const now = await frame();
    frames.push(now - before);
    before = now;
  }
  return {work, frames, at: Number(root.dataset.step)};
}"""


def _chip(x: float, y: float, step: int, text: str, role: str) -> str:
    group = "badge" if role == "badge" else "chip"
    return (
        f'<g class="{group}" data-step="{step}" data-chip="{role}"><rect class="box" x="{x - 32}" y="{y - 12}" width="64" '
        f'height="24" rx="7"/><text class="number" x="{x}" y="{y + 5}" text-anchor="middle" textLength="44" '
        f'font-size="15">{text}</text></g>'
    )


def _vertex(name: str, kind: str, x: float, y: float, forward: int, backward: int) -> str:
    value, gradient = _chip(x, y + 44, forward, "−0.534", "value"), _chip(x, y - 44, backward, "0.125", "gradient")
    return (
        f'<g class="vertex kind-{kind}" data-vertex="{name}" data-forward="{forward}" tabindex="0" role="button">'
        f'<circle class="halo" cx="{x}" cy="{y}" r="34"/><circle class="outline" cx="{x}" cy="{y}" r="28"/>'
        f'<use class="label" href="#n" transform="translate({x} {y})"/>'
        f'<g data-role="value">{value}</g><g data-role="gradient">{gradient}</g></g>'
    )


def _edge(key: str, source: str, target: str, forward: int, backward: int, ends: tuple[float, ...]) -> str:
    x1, y1, x2, y2 = ends
    part = "out" if key.endswith("out") else "in"
    badge = "" if part == "out" else _chip((x1 + x2) / 2, (y1 + y2) / 2 - 16, backward, "0.125", "badge")
    return (
        f'<g class="edge" data-edge="{key}" data-from="{source}" data-to="{target}" data-part="{part}" '
        f'data-forward="{forward}" data-backward="{backward}"><path class="line" d="M{x1} {y1}L{x2} {y2}"/>'
        f'<path class="head" d="M{x2} {y2}l-9 -5v10z"/><path class="tail" d="M{x1} {y1}l9 -5v10z"/>{badge}</g>'
    )


def synthetic(nodes: int) -> dict[str, Any]:
    """A payload of a long chain: operation k takes vertex k - 1 and a parameter of its own and gives vertex k."""
    n = nodes // 3
    place = [(60 + PITCH[0] * (k % COLUMNS), 80 + PITCH[1] * (k // COLUMNS)) for k in range(n + 1)]
    edges, operations, vertices = [], [], [_vertex("v0", "input", *place[0], 0, 2 * n + 1)]
    steps = []
    for k in range(1, n + 1):
        (x, y), back, name = place[k], 2 * n + 2 - k, f"v{k}"
        ox, oy = x - 95, y
        operations.append(
            f'<g class="operation" data-operation="{name}" data-forward="{k}" data-backward="{back}"><rect class="halo" '
            f'x="{ox - 23}" y="{oy - 23}" width="46" height="46"/><rect class="shape" x="{ox - 18}" y="{oy - 18}" '
            f'width="36" height="36" rx="9"/></g>'
        )
        vertices.append(_vertex(name, "temporary", x, y, k, 2 * n + 1 if k == n else back - 1))
        vertices.append(_vertex(f"w{k}", "parameter", ox, oy + 90, 0, back))
        px, py = place[k - 1]
        edges.append(_edge(f"{name}:0", f"v{k - 1}", name, k, back, (px + 28, py, ox - 18, oy)))
        edges.append(_edge(f"{name}:1", f"w{k}", name, k, back, (ox, oy + 62, ox, oy + 18)))
        edges.append(_edge(f"{name}:out", name, name, k, back, (ox + 18, oy, x - 28, y)))
        steps.append(
            {"phase": "forward", "operation": name, "output": name, "inputs": [f"v{k - 1}", f"w{k}"], "targets": []}
        )
    steps.append({"phase": "backward", "operation": None, "output": f"v{n}", "inputs": [], "targets": [f"v{n}"]})
    for k in range(n, 0, -1):
        ends = [f"v{k - 1}", f"w{k}"]
        steps.append({"phase": "backward", "operation": f"v{k}", "output": f"v{k}", "inputs": ends, "targets": ends})
    math = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block"><mrow>{}</mrow></math>'
    row = "<msub><mo>∇</mo><mi>h</mi></msub><mi>L</mi><mo>=</mo><mfrac><mi>a</mi><mn>{}</mn></mfrac>"
    for i, step in enumerate(steps, 1):
        step |= {
            "formula": math.format(row.format(i)),
            "numbers": math.format(row.format(-i)),
            "sentence": f"Step {i}.",
        }
    size = (PITCH[0] * COLUMNS, PITCH[1] * (n // COLUMNS + 1) + 80)
    picture = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="graphlab-graph" viewBox="0 0 {size[0]} {size[1]}">'
        '<defs><path id="n" d="M-8 6c4-18 12-18 16 0z"/></defs>'
        f'<g class="operations">{"".join(operations)}</g><g class="vertices">{"".join(vertices)}</g>'
        f'<g class="edges">{"".join(edges)}</g></svg>'
    )
    start = {"formula": "", "numbers": "", "sentence": ""}
    return {"key": "synthetic", "theme": "light", "svg": picture, "steps": steps, "start": start, "labels": {}}


def lstm(length: int) -> dict[str, Any]:
    """The payload of the LSTM, with all of its parts and texts."""
    import graphlab as gl
    from graphlab.player.payload import payload_of
    from graphlab.player.shown_walk import ShownWalk

    scenario = gl.scenario("lstm", sizes={"T": length})
    context = ShownWalk(scenario.walk(0), scenario)
    return payload_of(context, title="LSTM", stem="lstm", whole=True) | {"theme": "light"}


def measure(payload: dict[str, Any], steps: int = 150) -> dict[str, dict[str, float]]:
    """p50, p95 and the worst of work and frame in milliseconds, by kind of step."""
    from playwright.sync_api import sync_playwright

    from tests.chromium import FLAGS, find

    turn = len(payload["steps"]) // 2
    found = {}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        file = Path(folder) / "walk.html"
        chromium = p.chromium.launch(executable_path=find(), args=list(FLAGS))
        for motion, name in (("no-preference", "with motion"), ("reduce", "without motion")):
            for at, key, what in ((10, "ArrowRight", "forward"), (turn - steps // 2, "ArrowRight", "over the turn"),
                                  (turn + steps, "ArrowRight", "backward"), (turn, "ArrowLeft", "back")):  # fmt: skip
                file.write_text(standalone_html({**payload, "step": at}), encoding="utf-8")
                page = chromium.new_page(viewport={"width": 1280, "height": 720}, reduced_motion=motion)
                page.goto(file.as_uri())
                page.wait_for_selector(".graphlab-player[data-steps]")
                page.wait_for_timeout(1000)  # what is drawn at leisure around the first step
                times = page.evaluate(MEASURE, {"steps": steps, "key": key})
                assert abs(times["at"] - at) == steps
                for kind in ("work", "frames"):
                    cuts = statistics.quantiles(times[kind][3:], n=20)
                    found[f"{what}, {name}: {kind}"] = {"p50": cuts[9], "p95": cuts[18], "worst": max(times[kind][3:])}
                page.close()
        chromium.close()
    return found


def figures(nodes: int = 2500) -> Iterator[Figure]:
    """For the table of all benchmarks: the work of a step, in the slowest of the ways to step."""
    slowest = max(times["p95"] for name, times in measure(synthetic(nodes), steps=100).items() if name.endswith("work"))
    yield Figure(f"Player: a step at {nodes} nodes, 95th percentile", ours=slowest / 1000, limit=1 / 60)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nodes", type=int, default=2500)
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--lstm", type=int, metavar="T")
    given = parser.parse_args()
    payload = lstm(given.lstm) if given.lstm else synthetic(given.nodes)
    what = f"LSTM, T = {given.lstm}" if given.lstm else f"{given.nodes} nodes"
    print(f"a step of the player in the browser, {what}, {given.steps} steps each, ms")
    for name, times in measure(payload, given.steps).items():
        print(f"  {name:42}" + "".join(f"  {k} {v:6.1f}" for k, v in times.items()))


if __name__ == "__main__":
    main()
