"""Whatever is typed, the answer is a Graph, a NotationError or a ShapeError; and a graph, printed, reads as itself."""

from __future__ import annotations

import random

import pytest

import graphlab as gl
from tests.fuzz_notation import program, run


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_random_and_mutated_texts(seed: int) -> None:
    outcomes, worst, largest, failures = run(1500, seed)
    assert not failures
    assert worst < 1, largest
    assert set(outcomes) == {"graph", "NotationError", "ShapeError", "MissingShapeError"}


SIGNS = {"add": "+", "sub": "-", "mul": "⊙", "div": "/", "scale": "·"}


def printed(graph: gl.Graph) -> str:
    """One line an operation, in the notation."""
    lines = []
    for o in graph.operations:
        vertices = [graph.vertices[name] for name in o.inputs]
        a, *b = (v.name if v.value is None else f"({v.value!r})" for v in vertices)
        raised = ["^T" if o.attributes.get(t) else "" for t in ("ta", "tb")]
        right = {
            **{name: f"{a} {sign} {b[0] if b else ''}" for name, sign in SIGNS.items()},
            "matmul": f"{a}{raised[0]} {b[0] if b else ''}{raised[1]}",
            "neg": f"-{a}",
            "power": f"{a}^{{{o.attributes.get('exponent')}}}",
            "norm2": f"‖{a}‖^2",
            "transpose": f"{a}^T",
        }.get(o.op.name, f"{o.op.function}({', '.join([a, *b])})")
        lines.append(f"{o.output} = {right}")
    return "\n".join(lines)


def described(graph: gl.Graph) -> list[tuple[object, ...]]:
    return [
        (
            o.op.name,
            [graph.vertices[n].value if graph.vertices[n].value is not None else n for n in o.inputs],
            o.output,
            dict(o.attributes),
            graph.vertices[o.output].shape,
        )
        for o in graph.operations
    ]


@pytest.mark.parametrize("latex", [False, True])
def test_a_graph_printed_in_the_notation_reads_as_itself(latex: bool) -> None:
    rng = random.Random(7)
    square = dict.fromkeys(
        ["x", "X", "W", "W_1", "b", "b_1", "w_2", "h", "c~", "y_true", "L", "λ", "W_hf", "y", "loss"], (3, 3)
    )
    read = 0
    for _ in range(600):
        try:
            graph = gl.parse(program(rng, latex), shapes=square)
        except (gl.NotationError, gl.ShapeError):
            continue
        if any(o.op.name in ("expand", "permute", "inverse") for o in graph.operations):
            continue  # what the shapes decided has no name to be called by
        text = printed(graph)
        if 0 < len(text) < 4000:
            assert described(gl.parse(text, shapes=square)) == described(graph)
            read += 1
    assert read > 100
