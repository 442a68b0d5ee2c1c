"""One step as Graphviz DOT text: kinds as outlines, numbers as tooltips and beside the vertices."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..diagram.marks import theme
from ..diagram.marks.picture import Chip, OperationShape, VertexShape
from .job import Job
from .runs import plain
from .typeset import legal

_OUTLINES = {
    "input": {"style": "filled,bold"},
    "parameter": {"style": "filled", "peripheries": "2"},
    "output": {"style": "filled", "penwidth": "3"},
    "constant": {"style": "filled,dashed"},
}


def render(job: Job) -> bytes:
    """The graph with the values and gradients known after one step. Node ids are names where those are plain words."""
    import graphviz

    (step,) = job.steps
    job.progress(0, 1)
    picture, colours = job.picture, theme.palette(job.options.theme)
    dot = graphviz.Digraph(
        "graph",
        graph_attr={"rankdir": job.options.direction.upper(), "forcelabels": "true"},
        node_attr={"fontname": "Times-Italic"},
        edge_attr={"color": colours["edge"]},
    )
    ids: dict[tuple[str, str], str] = {}
    for i, v in enumerate(picture.vertices):
        ids["vertex", v.name] = v.name if re.fullmatch(r"[A-Za-z]\w*", v.name, re.ASCII) else f"vertex {i}"
        dot.node(ids["vertex", v.name], **_vertex(v, step, colours))
    for i, o in enumerate(picture.operations):
        ids["operation", o.name] = f"operation {i}"
        dot.node(ids["operation", o.name], **_operation(o, colours))
    for e in picture.edges:
        ends = ("vertex", "operation") if e.part == "in" else ("operation", "vertex")
        a, b = ids.get((ends[0], e.source)), ids.get((ends[1], e.target))
        if a and b:
            dot.edge(a, b)
    return dot.source.encode()


def _vertex(v: VertexShape, step: int, colours: dict[str, str]) -> dict[str, str]:
    value, gradient = _last(v.values, step), _last(v.gradients, step)
    short = [
        _text(f"{sign}{_digits(chip)}") for sign, chip in (("", value), ("∇ ", gradient)) if chip and not chip.title
    ]
    known = [f"{sign}{chip.title or _digits(chip)}" for sign, chip in (("", value), ("∇ ", gradient)) if chip]
    found = {
        "label": _text(v.name),
        "shape": "ellipse" if len(v.name) > 6 else "circle",
        "fillcolor": colours[f"{v.kind}-fill"],
        "color": colours[f"{v.kind}-line"],
        "fontcolor": colours["ink"],
        "tooltip": "\\n".join(map(_text, [v.name, *known])),
        **_OUTLINES.get(v.kind, {"style": "filled"}),
    }
    return found | ({"xlabel": "\\n".join(short)} if short else {})


def _operation(o: OperationShape, colours: dict[str, str]) -> dict[str, str]:
    return {
        "label": _text(plain(o.label.source)),
        "shape": "box",
        "style": "filled,rounded",
        "fontname": "Times-Roman",
        "fillcolor": colours["operation-fill"],
        "color": colours["operation-line"],
        "fontcolor": colours["ink"],
        "tooltip": _text(o.op),
    }


def _last(chips: Iterable[Chip], step: int) -> Chip | None:
    return max((c for c in chips if c.step <= step), key=lambda c: c.step, default=None)


def _digits(chip: Chip) -> str:
    return " ".join(t.text for t in chip.texts)


def _text(characters: str) -> str:
    """The text so that Graphviz draws just that: no escape sequence, no HTML."""
    from graphviz import escape

    return escape(legal(characters).replace("\n", " "))
