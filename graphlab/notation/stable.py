"""Stable forms put into equations: the text rewritten where a pair of operations has one, its names kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..op import Op
from ..ops import registry
from . import names
from .reader import read_timed
from .spans import Span
from .tree import Equation, Node, walk

EXP, SUM, DIV, SOFTMAX = (registry[name] for name in ("exp", "sum", "div", "softmax"))


@dataclass(frozen=True)
class StableForm:
    """A rewriting of a text.

    text    the whole text with the stable form in it
    before  the expression that it replaces, and what defines its operand: "BCE(y_true, y), y = sigma(z)"
    after   what stands there instead: "BCEWithLogits(y_true, z)"
    naive   the op that breaks, `inner` the op before it, and `into` the op that takes the place of both
    logits  the name of what goes into the stable form, "" where it has no name
    """

    text: str
    before: str
    after: str
    naive: Op
    inner: Op
    into: Op
    logits: str


def stable_forms(text: str) -> tuple[StableForm, ...]:
    """Every stable form that could be put into the equations, each by itself, in order of the text.

    Pairs are those that ops declare (`Op.fusions`), nested or by way of a name, and a softmax written out by hand.
    Raises NotationError for a text that can not be read.
    """
    equations, _ = read_timed(text)
    return tuple(_forms(text, equations))


def _forms(text: str, equations: Sequence[Equation]) -> Iterator[StableForm]:
    defined = {e.name: e for e in equations}
    for equation in equations:
        for node in walk(equation.right):
            if node.kind == "apply" and node.op is DIV:
                yield from _softmax_by_hand(text, equation, node, equations)
            for fusion in node.applied.fusions if node.kind == "apply" else ():
                operand = node.parts[fusion.slot]
                definition = defined.get(operand.value) if operand.kind == "name" else None
                inner = definition.right if definition else operand
                if inner.kind == "apply" and inner.applied.name == fusion.inner and not inner.attributes:
                    yield _fused(text, equations, node, fusion.slot, registry[fusion.into], inner, definition)


def _fused(
    text: str,
    equations: Sequence[Equation],
    node: Node,
    slot: int,
    into: Op,
    inner: Node,
    definition: Equation | None,
) -> StableForm:
    logits = inner.parts[0]
    edits: list[tuple[Span, str]] = []
    name = logits.span.text if logits.kind == "name" else ""
    source = logits.span.text
    before = node.span.text
    if definition is not None:
        before += f",  {definition.name} = {inner.span.text}"
        if not name:
            # The logits get a name, so that what was computed once goes on to be computed once.
            source = name = _new_name("z", definition.name, equations)
            edits += [(definition.name_span.before(), f"{name} = {logits.span.text}\n"), (logits.outer, name)]
            if logits.span == logits.outer:
                edits[-1] = (logits.span, name)
    operands = [source if i == slot else part.outer.text for i, part in enumerate(node.parts)]
    after = f"{into.function}({', '.join(operands)})"
    edits.append((node.span, after))
    return StableForm(_edited(text, edits), before, after, node.applied, inner.applied, into, name)


def _softmax_by_hand(text: str, equation: Equation, node: Node, equations: Sequence[Equation]) -> Iterator[StableForm]:
    """exp(z) / sum(exp(z)), with names for its parts or without."""
    defined: Mapping[str, Equation] = {e.name: e for e in equations}

    def meant(part: Node) -> Node:
        return defined[part.value].right if part.kind == "name" and part.value in defined else part

    above, below = meant(node.parts[0]), meant(node.parts[1])
    if not (above.op is EXP and below.op is SUM):
        return
    summed = meant(below.parts[0])
    if summed.op is not EXP or summed.parts[0].span.text != above.parts[0].span.text:
        return
    logits = above.parts[0]
    after = f"softmax({logits.span.text})"
    name = logits.span.text if logits.kind == "name" else ""
    edits = [(node.span, after)]
    # Names that only served the fraction go with it: nothing would use them, and they would still overflow.
    rest = [e for e in equations if e is not equation]
    for part in (*node.parts, below.parts[0]):
        if part.kind != "name" or part.value not in defined:
            continue
        users = [e for e in rest if any(n == part.value for n, _ in e.uses)]
        helpers = {p.value for p in (*node.parts, below.parts[0]) if p.kind == "name"}
        if all(user.name in helpers for user in users):
            line = defined[part.value].name_span.line
            edits.append((line.span(0, len(line.source)), ""))
    edits = list(dict.fromkeys(edits))
    yield StableForm(_edited(text, edits, drop_empty=True), node.span.text, after, DIV, EXP, SOFTMAX, name)


def _new_name(base: str, like: str, equations: Sequence[Equation]) -> str:
    """A name that is not in use; over time where `like` is."""
    taken = {e.name for e in equations} | {name for e in equations for name, _ in e.uses}
    timed = names.timed(like)
    k = 1
    while True:
        stem = base if k == 1 else f"{base}{k}" if timed else f"{base}_{k}"
        name = names.at(stem, "t") if timed else stem
        if name not in taken:
            return name
        k += 1


def _edited(text: str, edits: Sequence[tuple[Span, str]], drop_empty: bool = False) -> str:
    """The text with several places replaced, from the last to the first."""
    lines = text.split("\n")
    for span, by in sorted(edits, key=lambda e: (e[0].line.number, e[0].start), reverse=True):
        at = span.line.number - 1
        lines[at] = lines[at][: span.start] + by + lines[at][span.end :]
        if drop_empty and not lines[at].strip() and span.text.strip():
            del lines[at]
    return "\n".join(lines)
