"""A graph -> how its text was understood, typeset from the operations that were made of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from ..errors import N_
from ..graph import Graph, Operation, ReadEquation, Reading, ReadName
from ..op import Term
from .spans import Span

# Operands that are sums stand in parentheses under these.
_TIGHT = frozenset(["matmul", "scale", "mul", "neg", "power", "pow", "transpose", "inverse", "outer"])
_SUMS = frozenset(["add", "sub", "neg", "total"])
_POSTFIX = frozenset(["power", "pow", "transpose", "inverse"])
_CLOSED = frozenset(["matmul", "scale", "mul", "div"])
CONVENTIONS = {
    "rows": N_("Vectors are rows: x W is a layer."),
    "columns": N_("Vectors are columns: W x is a layer."),
}
_LEADING = re.compile(r"^(?:[\s,;&.]|\\q?quad\b|\\[,;:! ])+")
MAX_LATEX = 2_000  # characters; of a longer expression only its last operation is shown


def with_reading(graph: Graph, declared: Collection[str], convention: str, remarks: Sequence[Span]) -> Graph:
    """The graph with its `Reading`, made when it is asked for. `declared` are the names whose shapes were given."""
    notes = tuple(text for span in remarks if (text := _LEADING.sub("", span.text).rstrip(" ,;&\\")))
    given = frozenset(declared)

    def understood(graph: Graph) -> Reading:
        return Reading(tuple(_equations(graph)), tuple(_names(graph, given)), convention, notes)

    return replace(graph, understood=understood)


def _names(graph: Graph, declared: Collection[str]) -> list[ReadName]:
    found = []
    for name in graph.fed:
        steps = graph.sequences.get(name)
        vertex = graph.vertices[steps[0] if steps else name]
        latex = vertex.latex if not steps else graph.vertices[steps[0]].latex.replace("_1", "_t", 1)
        found.append(ReadName(name, latex, vertex.kind, graph.fed_shape(name), name not in declared))
    return found


def _equations(graph: Graph) -> list[ReadEquation]:
    """One equation for each name of the text; over time that of the last step, where all of it can be seen."""
    shown: dict[str, ReadEquation] = {}
    for operation in graph.operations:
        vertex = graph.vertices[operation.output]
        if vertex.name.startswith("tmp_"):
            continue
        latex = rf"{vertex.latex} = {_expression(graph, operation, {})}"
        shown[vertex.base or vertex.name] = ReadEquation(vertex.name, latex, vertex.shape)
    return list(shown.values())


def _expression(graph: Graph, operation: Operation, made: dict[str, Term]) -> Term:
    """The LaTeX of what an operation computes, temporaries put in."""
    waiting = [operation]
    while waiting:
        current = waiting[-1]
        needed = [
            graph.producer[n] for n in current.inputs if n.startswith("tmp_") and n not in made and n in graph.producer
        ]
        if needed:
            waiting += needed
            continue
        waiting.pop()
        terms = [_operand(graph, current, slot, made) for slot in range(len(current.inputs))]
        latex = current.op.latex(*terms, **current.attributes)
        if len(latex) > MAX_LATEX:
            names = [Term(graph.vertices[n].latex, graph.vertices[n].shape) for n in current.inputs]
            latex = current.op.latex(*names, **current.attributes)
        made[current.output] = Term(latex, graph.vertices[current.output].shape)
    return made[operation.output]


def _operand(graph: Graph, operation: Operation, slot: int, made: Mapping[str, Term]) -> Term:
    name = operation.inputs[slot]
    vertex = graph.vertices[name]
    term = made.get(name)
    outer = operation.op.name
    if term is None:
        above = "^" in vertex.latex or "'" in vertex.latex  # W^{(1)} has something above it already
        return Term(f"{{{vertex.latex}}}" if above else vertex.latex, vertex.shape)
    inner = graph.producer[name].op.name
    turned = outer == "matmul" and operation.attributes.get("tb" if slot else "ta")
    sum_inside = inner in _SUMS and (outer in _TIGHT or (outer == "sub" and slot == 1))
    tight = inner in _CLOSED and (outer in _POSTFIX or turned)
    factor = outer in ("matmul", "scale") and inner == "mul"  # ⊙ binds looser than the matrix product
    if sum_inside or tight or factor or (outer in _POSTFIX and inner in ("power", "pow")):
        return Term(rf"\left({term}\right)", vertex.shape)
    return term
