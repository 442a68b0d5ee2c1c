"""In a real browser the page looks as the frame does, at every moment of the walk."""

from __future__ import annotations

import pytest
from diagram_graphs import diamond, mlp, walk

from graphlab import diagram
from graphlab.diagram import svg
from graphlab.diagram.marks import nodes, theme

# What the player does to the picture at a step, in short.
GO = """([step, states]) => {
  const latest = (chips) => chips.filter((c) => +c.dataset.step <= step).pop();
  for (const role of document.querySelectorAll("[data-role]")) {
    const kept = latest([...role.children]);
    for (const chip of [...role.children]) if (chip !== kept) chip.remove();
    if (kept && step && +kept.dataset.step === step) kept.setAttribute("data-fresh", "true");
  }
  for (const e of document.querySelectorAll(".edge, .operation")) {
    const at = (now) => (step === +now ? "current" : "done");
    e.dataset.state = step < +e.dataset.forward ? "idle" : at(e.dataset.forward);
    if (step >= +e.dataset.backward) e.dataset.gradient = at(e.dataset.backward);
  }
  for (const v of document.querySelectorAll(".vertex")) {
    const { state, arrives } = states[v.dataset.vertex];
    v.dataset.state = state;
    if (arrives === "true") v.dataset.arrives = "true";
  }
}"""


def shot(page, content):
    from io import BytesIO

    from PIL import Image

    page.set_content(content[0])
    if len(content) > 1:
        page.evaluate(GO, content[1])
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("graph", "step", "name"), [(mlp, 0, "light"), (mlp, 4, "dark"), (mlp, 12, "light"), (diamond, 10, "dark")]
)
def test_the_page_and_the_frame_look_the_same(browser, graph, step, name):
    from PIL import ImageChops

    picture = diagram.draw(walk(graph()))
    states = {v.name: nodes.vertex(v).facts(step) for v in picture.vertices}
    colours = "; ".join(f"{k}: {v}" for k, v in theme.variables(name).items())
    style = (
        f"body {{ margin: 0; background: var(--gl-paper); {colours} }} svg {{ display: block }} text {{ opacity: 0 }}"
    )
    still = "* { transition: none !important }"
    size = {"width": int(picture.width) + 1, "height": int(picture.height) + 1}
    sized = svg.page(picture).replace("<svg ", f'<svg width="{picture.width}" height="{picture.height}" ', 1)
    page = browser.new_page(viewport=size)
    html = f'<style>{style}{svg.css()}{still}</style><body data-phase="{picture.phase(step)}">{sized}'
    in_page = shot(page, (html, [step, states]))
    frame = svg.frame(picture, step, name, background="paper")
    alone = shot(page, (f"<style>{style}</style><body>{frame}",))
    page.close()
    # The digits are the system's in the page and our own in the frame, so only what is not a digit is compared.
    apart = ImageChops.difference(in_page, alone).convert("L").point(lambda v: 255 if v > 8 else 0)
    for room in _number_rooms(picture):
        apart.paste(0, tuple(int(v) for v in room))
    assert apart.histogram()[255] < 30


def _number_rooms(picture):
    chips = [c for v in picture.vertices for c in (*v.values, *v.gradients)] + [
        e.badge for e in picture.edges if e.badge
    ]
    for chip in chips:
        for t in chip.texts:
            yield t.x - t.width / 2 - 3, t.y - t.size, t.x + t.width / 2 + 3, t.y + 5
