"""The expressions of an operation, put together from what its op declares and from the names of its operands."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..graph import Operation, Vertex
from ..op import Source

Template = str | Callable[..., str]

WIDEST = 100  # characters of a line


def literal(value: float) -> str:
    """A number of the text as Python: 2, 0.5, and -1 in parentheses."""
    text = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
    return f"({text})" if value < 0 else text


def written(template: Template, operation: Operation, operands: tuple[Source, ...], *ahead: Source) -> str:
    """An expression from its template; `ahead` are g and y, in this order, for a vector-Jacobian product."""
    attributes = {**operation.op.attributes, **operation.attributes}
    if callable(template):
        return template(*ahead, *operands, **attributes)
    names = dict(zip("abcdefhij", operands, strict=False)) | dict(zip("gy", ahead, strict=False))
    return template.format(**names, **attributes)


def source(name: str, vertex: Vertex) -> Source:
    """The name of a vertex in the program, with its shape."""
    return Source(name, vertex.shape)


def folded(text: str, indent: str = "    ") -> list[str]:
    """A line of a program, broken inside of its brackets where it is too wide."""
    code, mark, remark = text.partition("  # ")
    lines, room = [], WIDEST - len(indent)
    line, depth = "", 0
    for piece in re.split(r"(?<=, )", code):
        if line and depth > 0 and len(line) + len(piece.rstrip()) > room:
            lines.append(indent + line.rstrip())
            line = "    "
        line += piece
        depth += sum(map(piece.count, "([{")) - sum(map(piece.count, ")]}"))
    return [*lines, f"{indent}{line}{mark}{remark}"]
