"""Text -> the trees of its equations."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from lark import Lark, Token, UnexpectedInput
from lark.lexer import Lexer

from ..errors import NotationError
from ..op import Op
from ..ops import registry
from . import mistakes, names
from .declared import is_name
from .lines import Member, logical_lines, set_aside
from .name_reader import NameReader
from .scope import Scope, is_latex, lead, parameters
from .spans import Line, Span
from .tokens import Reader
from .tree import Equation, Node
from .whole_text import meant
from .word import Word

MAX_CHARACTERS = 20_000
ADD, SUB, MUL, DIV, NEG, POWER, NORM2, SQRT = (
    registry[n] for n in ("add", "sub", "mul", "div", "neg", "power", "norm2", "sqrt")
)
NORM, NORM1, ABS, POW, WHERE = (registry[n] for n in ("norm", "norm1", "abs", "pow", "where"))
CONCAT, STACK, MAXIMUM, MINIMUM = (registry[n] for n in ("concat", "stack", "maximum", "minimum"))
COMPARE = {
    sign: registry[name]
    for sign, name in {
        "<": "less", ">": "greater", "≤": "less_equal", "≥": "greater_equal", "<=": "less_equal", ">=": "greater_equal",
        "=": "equal", "==": "equal", "≠": "not_equal", "!=": "not_equal",
    }.items()
}  # fmt: skip
# Functions of one array that, of two, are something else.
OF_TWO = {"max": MAXIMUM, "min": MINIMUM}


@cache
def functions() -> dict[str, Op]:
    """The ops that are called by name, under the canonical spelling of that name (`sigma` is `σ`)."""
    return {names.letter(word): op for word, op in registry.functions().items()}


class _Words(Lexer):
    """Hands the words that tokens.py has read to the parser; the parser itself sees no characters."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, words: Any) -> Iterator[Token]:  # pyright: ignore[reportIncompatibleMethodOverride]
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
        name, _, right, *more = children
        return Equation(str(name), self._span(name), right, checks=more[1::2])

    def plus(self, c: list[Any]) -> Node:
        return c[1]

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
        constants = "constant" in (before.data, c[1].data)
        if before.kind == c[1].kind == "number" and c[0] is before and constants:
            return self._node("number", c, [], value=before.value * c[1].value, data="constant")
        if before.kind == c[1].kind == "number" and not before.grouped and not c[1].grouped and not constants:
            raise mistakes.two_numbers(before.span, c[1].span)
        return self._product(c, c[0], c[1], beside=True)

    def times(self, c: list[Any]) -> Node:
        return self._product(c, c[0], c[2])

    def _product(self, children: list[Any], left: Node, right: Node, **rest: Any) -> Node:
        sign = str(children[1]) if len(children) == 3 else ""
        for part in (left, right):
            while part.kind == "transpose" and not part.factor:
                part.factor = True
                part = part.parts[0]
            if part.kind == "number" and part.data == "whole":
                part.data = "ones"
        return self._node("product", children, [left, right], sign=sign, **rest)

    def transpose(self, c: list[Any]) -> Node:
        return self._node("transpose", c, [c[0]])

    def power(self, c: list[Any]) -> Node:
        operand, exponent = c
        value = float(exponent)
        value = int(value) if value == int(value) else value
        if operand.op is NORM and not operand.grouped and value == 2:
            squared = self._apply(NORM2, c, operand.parts)
            squared.data = operand.data
            return squared
        return self._apply(POWER, c, [operand], exponent=value)

    def indexed(self, c: list[Any]) -> Node:
        operand, index = c
        if operand.op is NORM and str(index) in ("1", "2", "F"):
            return self._apply(NORM1 if index == "1" else NORM, c, operand.parts)
        return self._node("indexed", c, [operand], value=str(index))

    def raised(self, c: list[Any]) -> Node:
        base, exponent = c[0], c[3]
        if exponent.kind == "number" and exponent.data is None:
            value = int(exponent.value) if exponent.value == int(exponent.value) else exponent.value
            return self._apply(POWER, [c[0], c[-1]], [base], exponent=value)
        return self._apply(POW, [c[0], c[-1]], [base, exponent])

    def norm(self, c: list[Any]) -> Node:
        found = self._apply(NORM1 if c[2].data == "1" else NORM, c, [c[1]])
        found.data = c[2].data
        return found

    def bars(self, c: list[Any]) -> Node:
        absolute = self._apply(ABS, c, [c[1]])
        absolute.data = "bars"
        return absolute

    def inner(self, c: list[Any]) -> Node:
        return self._node("product", c, [c[1], c[3]], sign="inner")

    def listed(self, c: list[Any]) -> Node:
        if c[0] != "[":
            raise mistakes.list_in_parentheses(self._span(c[2]))
        return self._apply(CONCAT.of(len(c[1::2])), c, c[1::2])

    def prefix(self, c: list[Any]) -> Node:
        for factor in self._factors(c[1])[1:]:
            if factor.kind == "apply" and factor.op is not None and factor.op.function and not factor.grouped:
                raise mistakes.function_of_function(self._span(c[0]), c[1].span, factor.outer)
        return self._called(c[0], self._span(c[0]), [c[1]], {}, c)

    def _factors(self, node: Node) -> list[Node]:
        if node.grouped or not (node.kind == "product" or node.op is MUL):
            return [node]
        return [*self._factors(node.parts[0]), node.parts[1]]

    def prefix_minus(self, c: list[Any]) -> Node:
        return self._called(c[0], self._span(c[0]), [self._apply(NEG, c[1:], [c[2]])], {}, c)

    def prefix_squared(self, c: list[Any]) -> Node:
        return self._raised_call(c, self._called(c[0], self._span(c[0]), [c[2]], {}, c))

    def call_squared(self, c: list[Any]) -> Node:
        return self._raised_call(c, self.call([c[0], *c[2:]]))

    def _raised_call(self, c: list[Any], call: Node) -> Node:
        r"""`\tanh^2(x)` is the square of tanh(x); an exponent of −1 would be as likely the inverse function."""
        if float(c[1]) < 0:
            raise mistakes.inverse_function(self._span(c[0]).to(self._span(c[1])), call.span)
        return self.power([call, c[1]])

    def big(self, c: list[Any]) -> Node:
        return self._node("big", c, [c[1]], value=str(c[0]), data=c[0].data)

    def big_minus(self, c: list[Any]) -> Node:
        negative = self._negative(c[1:]) or self._apply(NEG, c[1:], [c[2]])
        return self._node("big", c, [negative], value=str(c[0]), data=c[0].data)

    def compare(self, c: list[Any]) -> Node:
        return self._apply(COMPARE[str(c[1])], c, [c[0], c[2]])

    def between(self, c: list[Any]) -> Node:
        return self._apply(MUL, c, [self.compare(c[:3]), self.compare(c[2:])])

    def indicator(self, c: list[Any]) -> Node:
        return c[2]

    def mask(self, c: list[Any]) -> Node:
        return self._node("mask", c, [], value=c[0].data)

    def branch(self, c: list[Any]) -> tuple[Node, Node | None]:
        return c[0], c[2]

    def otherwise(self, c: list[Any]) -> tuple[Node, None]:
        return c[0], None

    def cases(self, c: list[Any]) -> Node:
        """Branches from the last to the first: select(condition, value, the rest)."""
        branches = [b for b in c[1:-1] if isinstance(b, tuple)]
        value, condition = branches[-1]
        for earlier, other in branches[:-1]:
            if other is None:
                raise mistakes.case_without_condition(earlier.outer)
        if condition is not None and len(branches) == 1:
            raise mistakes.case_without_rest(self._span(c[0]).to(self._span(c[-1])))
        for earlier, other in reversed(branches[:-1]):
            value = self._apply(WHERE, c, [other, earlier, value])
        return value

    def row(self, c: list[Any]) -> list[Node]:
        return c[::2]

    def matrix(self, c: list[Any]) -> Node:
        """Rows of entries: a stack of stacks; one column, or one row, is a vector."""
        rows = [r for r in c[1:-1] if isinstance(r, list)]
        if len({len(r) for r in rows}) > 1:
            raise mistakes.uneven_rows(self._span(c[0]).to(self._span(c[-1])))
        if len(rows[0]) == 1 or len(rows) == 1:
            entries = [r[0] for r in rows] if len(rows[0]) == 1 else rows[0]
            return self._apply(STACK.of(len(entries)), c, entries)
        lines = [self._apply(STACK.of(len(r)), r, r) for r in rows]
        return self._apply(STACK.of(len(lines)), c, lines)

    def name(self, c: list[Any]) -> Node:
        return Node("name", c[0].span, c[0].span, [], value=c[0].value)

    def number(self, c: list[Any]) -> Node:
        return Node("number", c[0].span, c[0].span, [], value=float(c[0]), data=c[0].data or None)

    def group(self, c: list[Any]) -> Node:
        c[1].outer = self._span(c[0]).to(self._span(c[2]))
        return c[1]

    def call(self, c: list[Any]) -> Node:
        function, _, arguments, close = c
        operands = [a for a in arguments if isinstance(a, Node)]
        keywords = [a for a in arguments if not isinstance(a, Node)]
        for argument, following in pairwise(arguments):
            if not isinstance(argument, Node) and isinstance(following, Node):
                raise mistakes.keyword_first(self._span(argument[0]))
        span = self._span(function)
        attributes: dict[str, Any] = {}
        op = functions().get(str(function))
        for word, value, negative in keywords:
            key = str(word)
            if op is not None and key not in op.attributes and self._span(word).text in op.attributes:
                key = self._span(word).text  # delta, which as a name would be δ
            value_span = self._span(value)
            if op is None or function.data == "own":
                raise mistakes.no_settings(self._span(word).to(value_span), str(function))
            if key not in op.attributes or key in attributes:
                raise mistakes.unknown_attribute(
                    self._span(word).to(value_span), key, op, key in attributes, not operands
                )
            attributes[key] = mistakes.attribute_value(key, str(value), negative, value_span)
        return self._called(function, span.to(self._span(close)), operands, attributes, c)

    def _called(
        self, function: Word, span: Span, operands: list[Node], attributes: Mapping[str, Any], c: list[Any]
    ) -> Node:
        """The call of an op, or of a function that the text defines."""
        if function.data == "own":
            return self._node("call", c, operands, value=str(function))
        op = functions()[str(function)]
        if op.name in OF_TWO and len(operands) == 2:
            return self._apply(OF_TWO[op.name], c, operands)
        if not op.takes(len(operands)):
            raise mistakes.wrong_arity(span, self._span(function), op, operands)
        return self._node("apply", c, operands, op=op.of(len(operands)), attributes=attributes, data=function.data)

    def keyword(self, c: list[Any]) -> tuple[Token, Token, bool]:
        return c[0], c[-1], len(c) == 4

    def arguments(self, c: list[Any]) -> list[Any]:
        return c[::2]


_GRAMMAR = (Path(__file__).parent / "grammar.lark").read_text(encoding="utf-8")


def _parser() -> Lark:
    return Lark(_GRAMMAR, start="equation", parser="lalr", lexer=_Words, transformer=_Tree())


PARSER = _parser()


def _read_equation(words: list[Word], text: str) -> Equation:
    squared = len(words) > 3 and words[1].type == "POWER" and words[1] == "2" and words[2].type == "EQUALS"
    if squared:  # \\sigma^2 = …: what is defined is σ, the root of it
        words = _renumbered([words[0], *words[2:]])
    mistakes.check_words(words, functions(), text)
    try:
        tree: Any = PARSER.parse(words)  # pyright: ignore[reportArgumentType]  # lark takes what its lexer takes
    except UnexpectedInput as e:
        token = getattr(e, "token", None)
        position = token.start_pos if token is not None and token.type != "$END" else len(words)
        raise mistakes.unexpected(words, position, functions()) from None
    if squared:
        span = tree.right.outer
        tree.right = Node("apply", span, span, [tree.right], SQRT, {})
    tree.uses = [
        (str(word), word.span)
        for word, following in pairwise((*words[2:], words[0]))
        if word.type == "NAME" and following.type != "EQUALS"
    ]
    return tree


@dataclass
class Reading:
    r"""The equations of a text, and what it says besides.

    equations    in order, before the meaning of calls and indices is found
    lengths      every `t = 1..3` behind an equation, with its end
    members      `X \in \mathbb{R}^{n \times d}`: names and what is said of them
    remarks      words and equation numbers that are no part of an equation
    """

    equations: list[Equation]
    lengths: list[tuple[Span, str]] = field(default_factory=list)
    members: list[tuple[str, Member]] = field(default_factory=list)
    remarks: list[Span] = field(default_factory=list)


def read_text(text: str, declared: Collection[str] = ()) -> Reading:
    """Read a text; `declared` are the names that have a shape or a kind beside it. Raises NotationError."""
    mistakes.check_text(text, MAX_CHARACTERS)
    lines = list(logical_lines(text))
    scope = _scope(lines, declared)
    reading = Reading([])
    found: list[tuple[list[Word], Reader, int]] = []
    for line in lines:
        reader = Reader(line, scope)
        before = 0
        for number, words in enumerate(reader.read()):
            if not words:
                continue
            members = reader.members(words, before)
            before = words[-1].span.end
            reading.members += members
            if members and not any(w.type == "EQUALS" for w in words):
                if any(w.type not in ("NAME", "COMMA") for w in words):
                    raise mistakes.set_without_name(words[0].span.to(words[-1].span))
                continue
            found += [(part, reader, number if k == 0 else -1) for k, part in enumerate(_parts(words))]
        reading.lengths += reader.lengths
        reading.remarks += [*reader.aside.remarks, *reader.aside.numbers]
    if not found:
        raise mistakes.no_equation(text)
    for words, reader, number in found:
        equation = _read_equation(words, text)
        if number in reader.parameters:
            equation.parameters, equation.name_span, equation.index = reader.parameters[number]
        reading.equations.append(equation)
    return reading


def _parts(words: list[Word]) -> Iterator[list[Word]]:
    """Equations on one line with a comma between them: `h_t = …, h_0 = 0`."""
    depth, start = 0, 0
    for k, word in enumerate(words):
        depth += (word.type in _OPENING) - (word.type in _CLOSING)
        name_follows = k + 2 < len(words) and words[k + 1].type == "NAME" and words[k + 2].type == "EQUALS"
        if word.type == "COMMA" and depth == 0 and name_follows and k > start:
            yield _renumbered(words[start:k])
            start = k + 1
    yield _renumbered(words[start:])


_OPENING = frozenset(["OPEN", "NORM", "BAR", "LANGLE", "CASES", "MATRIX"])
_CLOSING = frozenset(["CLOSE", "END_NORM", "END_BAR", "RANGLE", "END_CASES", "END_MATRIX"])


def _renumbered(words: list[Word]) -> list[Word]:
    for position, word in enumerate(words):
        word.start_pos = position
    return words


def _scope(lines: Sequence[Line], declared: Collection[str]) -> Scope:
    """What the left sides of a text define, found before its equations are read."""
    scope = Scope(functions(), {}, set(declared))
    scope.known |= {left.base for name in declared if is_name(name) and (left := names.timed(name))}
    for line in lines:
        source, _ = set_aside(line)
        scope.latex = scope.latex or is_latex(source)
        reader = NameReader(line._replace(source=source), functions())
        reader.is_left = True
        scope.time_above = scope.time_above or bool(
            re.search(r"\^\s*\{?\s*(?:[(<\[]|\\langle)\s*t\s*[-+)>\]1\\]", source)
        )
        for start in (
            0,
            *(m.end() for m in re.finditer(r"\\\\(?:\[[^\]]*\])?|(?<!\\),(?=[^=,]{1,60}=)|(?<!\\);", source)),
        ):
            at = lead(source, start)
            try:
                if not reader._letter_at(at):
                    continue
                name, raised, end = reader.read_name(at)
            except NotationError:
                continue
            if raised:
                continue
            if (found := parameters(source, end)) is not None:
                scope.definitions[name] = ()
                scope.parameters |= (
                    set(re.findall(r"[A-Za-zα-ω]", source[end : found[1]]))
                    if source[end : found[1]].count("\\") == 0
                    else set()
                )
            elif not re.compile(
                r"\s*(?:\^\s*\{?2\}?)?\s*&?\s*(?:=|:=|:&=|\\(?:triangleq|coloneqq|equiv|doteq|stackrel)|≜|≔|\\in\b|∈)"
            ).match(line.source, end):
                continue
            else:
                scope.known.add(name)
                base, tilde, _, above = names.split(name)
                if above:
                    scope.known.add(names.spell(base, tilde, (), above))
                if (left := names.timed(name)) is not None:
                    scope.known.add(left.base)
    scope.marks = frozenset(name for name in scope.known if "^[" in name)
    return scope


def read(text: str, shapes: Mapping[str, Any] | None = None) -> list[Equation]:
    """The equations of a text, in order, with the meaning of their calls and indices. Raises NotationError."""
    return read_timed(text, shapes)[0]


def read_timed(
    text: str, shapes: Mapping[str, Any] | None = None, sizes: Mapping[str, int] | None = None
) -> tuple[list[Equation], list[tuple[Span, str]]]:
    """The equations of a text, in order, and every `t = 1..3` behind them with its end. Raises NotationError.

    `shapes` are those declared beside the text, by canonical name: they say how many axes an indexed name has.
    """
    reading = read_text(text, (shapes or {}).keys())
    return meant(reading, shapes or {}, sizes or {}), reading.lengths


__all__ = ["MAX_CHARACTERS", "NotationError", "Reading", "functions", "read", "read_text", "read_timed"]
