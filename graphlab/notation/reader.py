"""Text -> the trees of its equations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lark import Lark, Token, UnexpectedInput
from lark.lexer import Lexer

from ..errors import NotationError
from ..op import Op, registry
from . import mistakes, names
from .spans import Line, Span
from .tokens import Reader
from .tree import Equation, Node
from .word import Word

MAX_CHARACTERS = 4_000
ADD, SUB, MUL, DIV, NEG, POWER, SQRT, NORM2 = (
    registry[name] for name in ("add", "sub", "mul", "div", "neg", "power", "sqrt", "norm2")
)


@cache
def functions() -> dict[str, Op]:
    """The ops that are called by name, under the canonical spelling of that name (`sigma` is `σ`)."""
    return {names.letter(word): op for word, op in registry.functions().items()}


class _Words(Lexer):
    """Hands the words that tokens.py has read to the parser; the parser itself sees no characters."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, words: list[Word]) -> Iterator[Token]:
        yield from words


class _Tree:
    """What each rule of the grammar makes of its parts. It keeps no state: one parser serves all threads."""

    def _span(self, part: Node | Word) -> Span:
        return part.outer if isinstance(part, Node) else part.span

    def _node(self, kind: str, children: list[Any], parts: list[Node], **rest: Any) -> Node:
        first, last = self._span(children[0]), self._span(children[-1])
        span = Span(first.line, first.start, last.end)
        return Node(kind, span, span, parts, **rest)

    def _apply(self, op: Op, children: list[Any], parts: list[Node], **attributes: Any) -> Node:
        return self._node("apply", children, parts, op=op, attributes=attributes)

    def equation(self, children: list[Any]) -> Equation:
        name, _, right = children
        return Equation(str(name), self._span(name), right)

    def add(self, c: list[Any]) -> Node:
        return self._apply(ADD, c, [c[0], c[2]])

    def sub(self, c: list[Any]) -> Node:
        return self._apply(SUB, c, [c[0], c[2]])

    def mul(self, c: list[Any]) -> Node:
        return self._apply(MUL, c, [c[0], c[2]])

    def quotient(self, c: list[Any]) -> Node:
        divisor = c[2]
        if divisor.kind == "product" and divisor.beside and not divisor.grouped:
            raise mistakes.unclear_division(self._span(c[0]), divisor.parts[0].outer, divisor)
        return self._apply(DIV, c, [c[0], c[2]])

    def fraction(self, c: list[Any]) -> Node:
        return self._apply(DIV, c, [c[0], c[2]])

    def frac(self, c: list[Any]) -> Node:
        return self._apply(DIV, c, [c[2], c[5]])

    def neg(self, c: list[Any]) -> Node:
        return self._negative(c) or self._apply(NEG, c, [c[1]])

    def _negative(self, c: list[Any]) -> Node | None:
        """A minus in front of a number belongs to the number: -2 x is (-2) x, with no operation of its own."""
        path: list[Node] = []
        node = c[1]
        while not node.grouped and (node.kind == "product" or node.op in (MUL, DIV)):
            path.append(node)
            node = node.parts[0]
        in_fraction = any(p.op is DIV and p.span.line.source.startswith("\\", p.span.start) for p in path)
        if node.kind != "number" or node.grouped or in_fraction:
            return None
        minus = self._span(c[0])
        number = Node("number", minus.to(node.span), minus.to(node.outer), value=-node.value)
        for above in reversed(path):
            above.parts[0] = number
            above.span = above.outer = minus.to(above.span)
            number = above
        return number

    def beside(self, c: list[Any]) -> Node:
        before = c[0].parts[-1] if c[0].kind == "product" and not c[0].grouped else c[0]
        if before.kind == c[1].kind == "number" and not before.grouped and not c[1].grouped:
            raise mistakes.two_numbers(before.span, c[1].span)
        return self._product(c, c[0], c[1], beside=True)

    def times(self, c: list[Any]) -> Node:
        return self._product(c, c[0], c[2])

    def _product(self, children: list[Any], left: Node, right: Node, **rest: Any) -> Node:
        for part in (left, right):
            while part.kind == "transpose" and not part.factor:
                part.factor = True
                part = part.parts[0]
        return self._node("product", children, [left, right], **rest)

    def transpose(self, c: list[Any]) -> Node:
        return self._node("transpose", c, [c[0]])

    def power(self, c: list[Any]) -> Node:
        operand, exponent = c
        value = float(exponent)
        value = int(value) if value == int(value) else value
        if operand.value == "norm" and not operand.grouped and value == 2:
            return self._apply(NORM2, c, operand.parts[0].parts)
        return self._apply(POWER, c, [operand], exponent=value)

    def norm(self, c: list[Any]) -> Node:
        root = self._apply(SQRT, c, [self._apply(NORM2, c, [c[1]])])
        root.value = "norm"
        return root

    def name(self, c: list[Any]) -> Node:
        return Node("name", c[0].span, c[0].span, [], value=c[0].value)

    def number(self, c: list[Any]) -> Node:
        return Node("number", c[0].span, c[0].span, [], value=float(c[0]))

    def group(self, c: list[Any]) -> Node:
        c[1].outer = self._span(c[0]).to(self._span(c[2]))
        return c[1]

    def call(self, c: list[Any]) -> Node:
        function, _, arguments, _ = c
        op = functions()[str(function)]
        operands = [a for a in arguments if isinstance(a, Node)]
        keywords = [a for a in arguments if not isinstance(a, Node)]
        for argument, following in pairwise(arguments):
            if not isinstance(argument, Node) and isinstance(following, Node):
                raise mistakes.keyword_first(self._span(argument[0]))
        span = self._span(function)
        attributes = {}
        for word, value, negative in keywords:
            key = str(word)
            value_span = self._span(value)
            if key not in op.attributes or key in attributes:
                raise mistakes.unknown_attribute(
                    self._span(word).to(value_span), key, op, key in attributes, not operands
                )
            attributes[key] = mistakes.attribute_value(key, str(value), negative, value_span)
        if not op.takes(len(operands)):
            raise mistakes.wrong_arity(span.to(self._span(c[3])), span, op, operands)
        return self._node("apply", c, operands, op=op.of(len(operands)), attributes=attributes)

    def keyword(self, c: list[Any]) -> tuple[Token, Token, bool]:
        return c[0], c[-1], len(c) == 4

    def arguments(self, c: list[Any]) -> list[Any]:
        return c[::2]


_GRAMMAR = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")


def _parser() -> Lark:
    return Lark(_GRAMMAR, start="equation", parser="lalr", lexer=_Words, transformer=_Tree())


PARSER = _parser()


def _read_equation(words: list[Word], text: str) -> Equation:
    mistakes.check_words(words, functions(), text)
    try:
        tree = PARSER.parse(words)
    except UnexpectedInput as e:
        token = getattr(e, "token", None)
        position = token.start_pos if token is not None and token.type != "$END" else len(words)
        raise mistakes.unexpected(words, position, functions()) from None
    tree.uses = [
        (str(word), word.span)
        for word, following in pairwise((*words[2:], words[0]))
        if word.type == "NAME" and following.type != "EQUALS"
    ]
    return tree


def read(text: str) -> list[Equation]:
    """The equations of a text, in order. Raises NotationError."""
    return read_timed(text)[0]


def read_timed(text: str) -> tuple[list[Equation], list[tuple[Span, str]]]:
    """The equations of a text, in order, and every `t = 1..3` behind them with its end. Raises NotationError."""
    mistakes.check_text(text, MAX_CHARACTERS)
    found: list[list[Word]] = []
    lengths: list[tuple[Span, str]] = []
    for number, source in enumerate(text.split("\n"), start=1):
        reader = Reader(Line(number, source.rstrip("\r")), functions())
        found += reader.read()
        lengths += reader.lengths
    if not found:
        raise mistakes.no_equation(text)
    return [_read_equation(words, text) for words in found], lengths


__all__ = ["MAX_CHARACTERS", "NotationError", "functions", "read", "read_timed"]
