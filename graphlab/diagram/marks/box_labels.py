"""The faces of boxes: an operation's symbol, or the name of what is folded, and the rectangle around it."""

from __future__ import annotations

import re

from ...folding.boxes import Box
from ...folding.cells import Cell
from ...graph import Graph, Operation
from ...op import Term
from . import labels
from .labels import Label
from .picture import Rect
from .sizing import NATURAL, Setting

HALF_OPERATION = 18.0  # half the height of a rectangle
PORT = 11.0  # between edges that arrive at one side of a rectangle
REFERENCE = 16.0
"""The radius of a reference to a parameter that is drawn elsewhere."""
_MOST_SHARED = 3  # a box with more of them is drawn without
_FOLDED_LABEL = 24.0


def shared_slots(cell: Cell, box: Box) -> list[tuple[int, str]]:
    """(slot, name) of the shared vertices that are drawn at a box."""
    found = [(slot, name) for slot, name in enumerate(box.inputs) if name in cell.shared]
    return found if len(found) <= _MOST_SHARED else []


def symbol(operation: Operation, graph: Graph) -> Label:
    """The symbol of an operation as its op gives it for these operands."""
    given = operation.op.symbol
    if callable(given):
        terms = [Term(graph.vertices[n].latex, graph.vertices[n].shape) for n in operation.inputs]
        given = given(*terms, **operation.attributes)
    return labels.latex(given)


def face(graph: Graph, box: Box, flows: int, shared: int, setting: Setting = NATURAL) -> tuple[Label, float, Rect]:
    """The label of a box, its scale, and its rectangle as the layout sees it."""
    k = setting.scale
    if not box.folded:
        label = symbol(box.operations[0], graph)
        # A dot or a minus by itself would be lost from the last row.
        scale = k * (30 if label.width < 6 else 22 if label.width < 18 else 18) / labels.SIZE
        width, height = max(38.0, label.width * scale + 18), max(2 * HALF_OPERATION, label.height * scale + 10)
    else:
        label = fold_label(graph, box)
        scale = k * _FOLDED_LABEL / labels.SIZE
        width, height = max(84.0, label.width * scale + 32), max(60.0, label.height * scale + 24)
    along, across = setting.sides(width, height)
    along, half = max(along, shared * (2 * REFERENCE + 6)), max(across, (flows + 1) * PORT) / 2
    return label, scale, Rect(-along / 2, -half, along / 2, half)


def fold_label(graph: Graph, box: Box) -> Label:
    """What a folded box is called: the left side of its equation, the title of its block, or its time step."""
    if box.title:
        return labels.latex(rf"\text{{{_plain(box.title)}}}")
    if box.equation:
        for operation in box.operations:
            if graph.vertices[operation.output].base == box.equation:
                return labels.latex(graph.vertices[operation.output].latex)
        return labels.latex(rf"\mathit{{{box.equation}}}")
    return labels.latex(rf"t = {box.t}")


def _plain(title: str) -> str:
    """A title with nothing in it that LaTeX would read as a command."""
    return re.sub(r"[\\{}$^_#%&~]", " ", title)
