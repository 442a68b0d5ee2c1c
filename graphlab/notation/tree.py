"""The tree of an equation, and walking it without recursion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..op import Op
from .spans import Span


@dataclass(slots=True, eq=False)
class Node:
    """One expression.

    `kind` is "name", "number", "apply" (an op on its parts), "product" (matrix product, scaling, …: the shapes decide)
    or "transpose". Before the meaning of indices and calls is found (`meaning.py`) there are also "call" (of a function
    that the text defines) and "big" (a big operator); after it "block" (the arguments of a call, then its body, which is
    its value), "shared" (an argument inside the body: the value of the node in `value`) and "size" (the size of an axis:
    `value` is a name and an axis). `span` is the expression itself, `outer` the same with the parentheses around it. `value` is a name
    or a number.
    """

    kind: str
    span: Span
    outer: Span
    parts: list[Node] = field(default_factory=list)
    op: Op | None = None
    attributes: Mapping[str, Any] | None = None
    value: Any = None
    beside: bool = False  # a product written with nothing between its factors
    sign: str = (
        ""  # what stands between the factors of a product; "inner", "elementwise" or "outer" where that is settled
    )
    data: Any = None  # the `Reach` of a big operator; what else the text says of a number or a function
    block: str = ""  # the call of a function that an operation belongs to
    index: int = -1  # of its value in the program
    factor: bool = False  # a transpose that belongs to a product: `h w^T` is one operation

    @property
    def applied(self) -> Op:
        """The op of an "apply" node. Raises TypeError for a node of another kind."""
        if self.op is None:
            raise TypeError(f"a {self.kind} applies no op")
        return self.op

    @property
    def grouped(self) -> bool:
        """Whether the expression stands in parentheses."""
        return self.span != self.outer


@dataclass(slots=True, eq=False)
class Equation:
    """`name = expression`; `name_span` is where the name stands, `uses` are the names in the expression, in order."""

    name: str
    name_span: Span
    right: Node
    uses: list[tuple[str, Span]] = field(default_factory=list)
    checks: list[Node] = field(default_factory=list)  # c in a = b = c
    seconds: list[tuple[tuple[str, ...], Node]] = field(default_factory=list)  # y_i = …, where y is defined above
    parameters: tuple[str, ...] | None = None  # of f(x) = …
    index: str = ""  # letters behind the parameters: softmax(z)_i = …


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, operands first and from left to right: the order of evaluation."""
    found, stack = [], [node]
    while stack:
        current = stack.pop()
        found.append(current)
        stack += current.parts
    return reversed(found)  # a node, then its parts from the right; backwards that is what is wanted
