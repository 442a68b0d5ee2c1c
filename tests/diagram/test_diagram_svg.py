"""The page's SVG as the player expects it, frames that stand by themselves, and text that stays text."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from diagram_graphs import ALL, graph, minibatch, mlp, softmax, square, walk

from graphlab import diagram
from graphlab.diagram import svg
from graphlab.diagram.marks import labels, nodes, theme

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


def page(g):
    return ET.fromstring(svg.page(diagram.draw(walk(g))))


def group(root, attribute, value):
    return next(e for e in root.iter() if e.get(attribute) == value)


def test_the_page_has_the_names_that_the_player_relies_on():
    root = page(mlp())
    assert root.get("class") == "graphlab-graph"
    assert root.get("role") == "img"
    assert root.get("aria-label") == "Computation graph with 13 vertices and 7 operations"
    edge = group(root, "data-edge", "tmp_3:0")
    assert edge.get("class") == "edge"
    wanted = {"from": "h", "to": "tmp_3", "part": "in", "slot": "0", "forward": "4", "backward": "12", "state": "idle"}
    assert {k: edge.get(f"data-{k}") for k in wanted} == wanted
    assert [e.get("class") for e in edge if e.get("class") in ("line", "badge")] == ["line", "badge"]
    assert group(edge, "class", "badge").get("data-step") == "12"
    assert group(root, "data-edge", "tmp_3:out").get("data-part") == "out"
    operation = group(root, "data-operation", "tmp_3")
    assert (operation.get("data-forward"), operation.get("data-backward")) == ("4", "12")
    vertex = group(root, "data-vertex", "w_2")
    assert vertex.get("class") == "vertex kind-parameter"
    assert (vertex.get("data-state"), vertex.get("role"), vertex.get("tabindex")) == ("done", "button", "0")
    assert vertex.get("aria-label") == "w_2, parameter, shape 3"
    assert [c.get("data-step") for c in group(vertex, "data-role", "value")] == ["0"]
    assert [c.get("data-step") for c in group(vertex, "data-role", "gradient")] == ["12"]


def test_what_no_gradient_reaches_has_no_gradient_chip_and_no_backward_step():
    root = page(mlp())
    assert list(group(group(root, "data-vertex", "x"), "data-role", "gradient")) == []
    assert group(root, "data-edge", "tmp_1:0").get("data-backward") is None


def test_numbers_are_read_off_the_page_as_text():
    w = walk(mlp())
    root = ET.fromstring(svg.page(diagram.draw(w)))
    chip = group(group(root, "data-vertex", "h"), "data-role", "value")
    text = "".join(chip.itertext()).strip()
    assert text == " ".join(f"{v:.2f}" for v in w.values["h"])
    for t in root.iter(SVG + "text"):
        assert float(t.get("textLength")) > 0


def test_every_part_of_a_gradient_has_its_chip():
    g = graph("z = mul w w\nu = add z w\nloss = sum u", {"w": (2,)})
    chips = group(group(page(g), "data-vertex", "w"), "data-role", "gradient")
    assert [c.get("data-step") for c in chips] == ["6", "7"]


def test_a_heat_map_gives_its_numbers_in_its_title():
    root = page(minibatch(6, 2, 3))
    chip = group(group(root, "data-vertex", "tmp_1"), "data-role", "value")[0]
    assert len(chip.find(SVG + "title").text.split(";")) == 6
    assert "6×3" in "".join(chip.itertext())


def test_every_label_is_defined_once_and_every_reference_has_its_definition():
    root = page(mlp())
    defined = [e.get("id") for e in root.find(SVG + "defs")]
    assert len(defined) == len(set(defined))
    assert {e.get("href")[1:] for e in root.iter(SVG + "use")} == set(defined)


ALLOWED = {"svg", "defs", "g", "path", "rect", "circle", "line", "use", "text", "title"}


@pytest.mark.parametrize("name", ALL)
def test_only_plain_elements_occur(name):
    picture = diagram.draw(walk(ALL[name]()))
    for text in (svg.page(picture), svg.frame(picture, picture.steps)):
        assert {e.tag.removeprefix(SVG) for e in ET.fromstring(text).iter()} <= ALLOWED


@pytest.mark.parametrize("name", ["mlp", "minibatch", "square"])
def test_all_frames_of_a_walk_have_the_same_frame_around_them(name):
    picture = diagram.draw(walk(ALL[name]()))
    boxes = {ET.fromstring(svg.frame(picture, k)).get("viewBox") for k in range(picture.steps + 1)}
    assert boxes == {f"0 0 {picture.width:g} {picture.height:g}"}


def test_a_frame_needs_no_style_sheet_no_variables_and_no_fonts():
    picture = diagram.draw(walk(mlp()))
    for name in theme.THEMES:
        text = svg.frame(picture, 11, name)
        assert not re.search(r"var\(|<style|<text|class=|data-|font|currentColor", text)
        root = ET.fromstring(text)
        defined = {e.get("id") for e in root.find(SVG + "defs")}
        assert {e.get(XLINK)[1:] for e in root.iter(SVG + "use")} == defined


def test_a_frame_shows_only_what_is_reached():
    picture = diagram.draw(walk(mlp()))
    sizes = [len(list(ET.fromstring(svg.frame(picture, k)).iter())) for k in range(8)]
    assert sizes == sorted(sizes)
    gradient_ink = theme.palette("light")["gradient-ink"]
    assert gradient_ink not in svg.frame(picture, 7)
    assert gradient_ink in svg.frame(picture, 8)


@pytest.mark.parametrize("step", [-1, 16])
def test_a_step_outside_the_walk_is_refused(step):
    with pytest.raises(ValueError, match="is not between 0 and 15"):
        svg.frame(diagram.draw(walk(mlp())), step)


def test_a_background_is_a_colour_or_none():
    picture = diagram.draw(walk(square()))
    assert "<rect" in svg.frame(picture, 0, background="white")
    assert theme.palette("dark")["paper"] in svg.frame(picture, 0, "dark", background="paper")
    with pytest.raises(ValueError, match="not a colour"):
        svg.frame(picture, 0, background='"/><script>')


def test_an_unknown_theme_is_refused():
    with pytest.raises(ValueError, match="unknown theme"):
        theme.variables("sepia")


def test_kinds_differ_in_outline_without_colour():
    g = graph("tmp_1 = add x w\ntmp_2 = add tmp_1 c\nloss = sum tmp_2", {"x": (2,), "w": (2,), "c": ()})
    found = set()
    for vertex in diagram.draw(walk(g)).vertices:
        if vertex.name == "tmp_2":
            continue
        node = nodes.vertex(vertex)
        facts = {"kind": vertex.kind, "state": "done"}
        lines = tuple(
            (
                child.tag,
                *(theme.resolve(child.style, facts, "print").get(k, "") for k in ("stroke-width", "stroke-dasharray")),
            )
            for child in node.children
            if child.style in ("outline", "inner")
        )
        found.add(lines)
    assert len(found) == 5


def test_every_token_is_in_every_theme():
    assert set(theme.LIGHT) == set(theme.DARK) == set(theme.PRINT)
    used = {v[1:] for rule in theme.RULES for v in rule.properties.values() if v.startswith("$")}
    for name in theme.THEMES:
        assert used <= set(theme.palette(name))
    assert set(re.findall(r"var\(--gl-([\w-]+)\)", svg.css())) <= set(theme.palette("light"))


HOSTILE = [
    "<script>alert(1)</script>",
    '"><svg onload=x>',
    "a&b",
    "'; x",
    "\\input{/etc/passwd}",
    "😀",
    "x\x00y\ud800",
    "]]>",
    "{{{",
    "a" * 500,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_come_out_as_text(name):
    g = graph("tmp_1 = tanh w\nloss = sum tmp_1", {"w": (2,)}, {"w": name, "tmp_1": rf"\text{{{name}}}"})
    shown = {n: v for n, v in g.vertices.items()}
    from dataclasses import replace

    from graphlab.engine import trace
    from graphlab.graph import Graph

    def renamed(n):
        return name if n == "w" else n

    vertices = {renamed(n): replace(v, name=renamed(n)) for n, v in shown.items()}
    operations = tuple(replace(o, inputs=tuple(renamed(n) for n in o.inputs)) for o in g.operations)
    w = trace(Graph(vertices, operations), {name: [0.1, 0.2]}, of="loss")
    picture = diagram.draw(w)
    root = ET.fromstring(svg.page(picture))
    ET.fromstring(svg.frame(picture, picture.steps))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= ALLOWED
    assert not any(k.startswith("on") for e in root.iter() for k in e.attrib)
    names = {e.get("data-vertex") for e in root.iter() if e.get("data-vertex")}
    assert names == {re.sub("[\x00\ud800]", "\ufffd", name), "tmp_1", "loss"}


def test_labels_never_raise_and_are_the_same_every_time():
    for source in HOSTILE:
        label = labels.latex(source)
        assert label.width > 0
        assert label == labels.latex.__wrapped__(source)
        assert re.fullmatch(r"[MLQCZ0-9 .-]*", label.d)


def test_a_vertex_without_gradient_is_drawn_beside_the_walk():
    root = page(softmax())
    assert group(root, "data-operation", "y_pred").get("data-backward") is None


def test_texts_for_screen_readers_follow_the_language():
    picture = diagram.draw(walk(mlp()), options=diagram.DrawOptions(lang="ru"))
    assert picture.title
