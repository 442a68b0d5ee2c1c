r"""The scalar arithmetic of one element, forward and backward, in symbols and then with the numbers put in.

Everything comes from the declarations of the ops: sums of products from `terms`, a formula from `latex` where the op is
elementwise and from `element` where it is not. Elements are counted from 1, as in mathematics: `\mathbf{W}_1[2, 1]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

import numpy as np

from ..arrays import Array, to_host
from ..engine import Backward, Contribution, Walk
from ..engine.follow import checked_index, entries, fed
from ..graph import Operation
from ..op import Entries, Index
from .mathml import width
from .numbers import element as element_of
from .numbers import number_latex
from .pieces import Piece, fill, in_brackets

MANY = 16  # terms of a sum that are all written; of more, the first ones and the last
WIDE = 24.0  # em: where a long sum is broken
_DOTS = r"\dots"
_OUTPUT = -1  # the slot by which an operation's own output is spoken of


@dataclass(frozen=True)
class Sum:
    """One element as a sum: `left` = the terms = `value`.

    left      its name in LaTeX
    symbols   the terms in symbols; of a long sum some are left out, with dots in their place
    numbers   the same terms with numbers put in
    value     what they add up to, as the walk has it
    where     definitions that the symbols use, and `where_numbers` the same with numbers
    """

    left: str
    symbols: tuple[str, ...]
    numbers: tuple[str, ...]
    value: float
    where: tuple[str, ...] = ()
    where_numbers: tuple[str, ...] = ()

    def lines(self, digits: int = 3, wide: float = WIDE) -> tuple[str, ...]:
        """The sum as lines of LaTeX, none much wider than `wide` em: in symbols, then in numbers, then the value."""
        value = short(self.value, digits)
        symbols = _broken(self.left, self.symbols, wide)
        if not self.symbols:
            return (f"{self.left} = {value}",)
        if len(self.numbers) == 1 and self.numbers[0] == value:  # "= 5 = 5" would say nothing
            return (*symbols, *self.where, rf"\quad = {value}")
        return (
            *symbols,
            *self.where,
            *_broken(r"\quad", (*self.numbers,), wide, ends=f"= {value}"),
            *self.where_numbers,
        )


@dataclass(frozen=True)
class Part:
    """What one operation adds to the gradient of an element: `sender` is the vertex that it computes."""

    sender: str
    slot: int
    sum: Sum


@dataclass(frozen=True)
class ElementExplained:
    """An element of a vertex: how it is computed (None where it is fed), and the parts of its gradient.

    `total` is the gradient in the walk, None where the walk brings none here.
    """

    vertex: str
    index: Index
    latex: str
    value: float
    forward: Sum | None
    parts: tuple[Part, ...]
    total: float | None


def _broken(left: str, terms: Sequence[str], wide: float, ends: str = "") -> Iterator[str]:
    """`left = terms ends`, a new line begun where the next term would go beyond `wide` em."""
    line, used = f"{left} =", width(f"{left} =")
    for i, term in enumerate([*terms, *([ends] if ends else [])]):
        here = width(term)
        if i and used + here > wide:
            yield line
            line, used = r"\qquad", 2.0
        line, used = f"{line} {term}", used + here
    yield line


def short(x: float, digits: int) -> str:
    """A number as LaTeX, with no idle zeros where it is exact: sums are followed by hand here."""
    text = number_latex(x, digits)
    exact = "." in text and "\\" not in text and abs(float(text) - x) < 1e-12
    return text.rstrip("0").rstrip(".") if exact else text


def entry_latex(latex: str, index: Index) -> str:
    """The name of one element: that of its vertex with the place, counted from 1, in square brackets."""
    return latex + rf"\left[{', '.join(str(i + 1) for i in index)}\right]" if index else latex


class _Place:
    """One operation of a walk and one element of its output, with the names and the numbers of all that goes in."""

    def __init__(self, walk: Walk, operation: Operation, at: Index, digits: int) -> None:
        self.walk, self.operation, self.at, self.digits = walk, operation, at, digits
        self.arrays: list[Array] = [walk.values[name] for name in operation.inputs]

    def symbol(self, slot: int, index: Index) -> Piece:
        vertex = self.walk.graph.vertices[self._name(slot)]
        return Piece(entry_latex(vertex.latex, index), numeric=vertex.value is not None)

    def number(self, slot: int, index: Index) -> Piece:
        return Piece(short(element_of(self.walk.values[self._name(slot)], *index), self.digits), numeric=True)

    def _name(self, slot: int) -> str:
        return self.operation.output if slot == _OUTPUT else self.operation.inputs[slot]


def _factor(c: float) -> str:
    """A constant factor: 1/3 as a fraction."""
    ratio = Fraction(c).limit_denominator(10**6)
    if ratio.denominator == 1:
        return str(ratio.numerator)
    return rf"\frac{{{ratio.numerator}}}{{{ratio.denominator}}}"


def _product(c: float, pieces: Sequence[Piece], first: bool) -> str:
    """c times the pieces, as a term of a sum: with a plus before it unless it is the first one."""
    plus = "" if first else "+ "
    known = [_factor(c)] if c != 1 or not pieces else []
    return fill(lambda *terms: plus + r" \cdot ".join([*known, *terms]), pieces)


def _signed(term: str, first: bool) -> str:
    """A term of a sum with the sign it needs."""
    if first:
        return term
    return rf"+ \left({term}\right)" if term.startswith("-") else f"+ {term}"


def _some(n: int) -> list[int | None]:
    """Which of n terms are written, with None for the dots."""
    return list(range(n)) if n <= MANY else [*range(MANY - 4), None, n - 1]


def _written(n: int, term: Callable[[int, bool], str]) -> tuple[str, ...]:
    return tuple(f"+ {_DOTS}" if i is None else term(i, i == 0) for i in _some(n))


def _filled(place: _Place, piece: Callable[[int, Index], Piece], write: Callable[..., str]) -> str:
    """`write(y, *operands)`, which names elements one by one, with a piece in place of each that it names."""
    order: dict[tuple[int, Index], int] = {}

    def operands(named: Callable[[int, Index], str]) -> list[Entries]:
        arrays = [place.walk.values[place.operation.output], *place.arrays]
        return [Entries(a.shape, partial(named, slot)) for slot, a in enumerate(arrays, start=_OUTPUT)]

    def noted(slot: int, index: Index) -> str:
        order.setdefault((slot, index), len(order))
        return ""

    write(*operands(noted))
    pieces = [piece(*entry) for entry in order]
    return fill(lambda *terms: write(*operands(lambda slot, index: terms[order[slot, index]])), pieces)


def _formula(place: _Place, piece: Callable[[int, Index], Piece]) -> list[str]:
    """The formula of an op's `element` and its definitions, with pieces for the elements it names."""
    element = place.operation.op.element
    assert element is not None  # asked for of ops that have one alone
    write = partial(element, place.at, **place.operation.attributes)
    count = len(write(*(Entries(a.shape, lambda _: "") for a in place.arrays)))
    return [_filled(place, piece, lambda _, *operands, i=i: write(*operands)[i]) for i in range(count)]


def _forward(place: _Place) -> Sum:
    op, attributes, walk = place.operation.op, place.operation.attributes, place.walk
    output = place.operation.output
    left = entry_latex(walk.graph.vertices[output].latex, place.at)
    value = element_of(walk.values[output], *place.at)
    if op.terms is not None:
        terms = op.terms(place.at, *map(to_host, place.arrays), **attributes)

        def summand(piece: Callable[[int, Index], Piece], i: int, first: bool) -> str:
            c, factors = terms[i]
            return _product(c, [piece(*factor) for factor in factors], first)

        symbols, numbers = (_written(len(terms), partial(summand, piece)) for piece in (place.symbol, place.number))
        return Sum(left, symbols, numbers, value)
    if op.elementwise:
        asked = entries(op, place.at, place.arrays, attributes)
        symbols, numbers = (
            fill(op.latex, [piece(*entry) for entry in asked], **attributes) for piece in (place.symbol, place.number)
        )
        return Sum(left, (symbols,), (numbers,), value)
    (symbols, *where), (numbers, *where_numbers) = (_formula(place, piece) for piece in (place.symbol, place.number))
    return Sum(left, (symbols,), (numbers,), value, tuple(where), tuple(where_numbers))


def _without(factors: Sequence[tuple[int, Index]], entry: tuple[int, Index]) -> tuple[float, list[tuple[int, Index]]]:
    """The derivative of a product by one of its factors: how often it stands there, and what remains of it."""
    rest = list(factors)
    rest.remove(entry)
    return float(list(factors).count(entry)), rest


def gradient_latex(walk: Walk, name: str, index: Index = ()) -> str:
    """∂L/∂(one element) in LaTeX."""
    loss, below = walk.graph.vertices[walk.of].latex, entry_latex(walk.graph.vertices[name].latex, index)
    return rf"\frac{{\partial {loss}}}{{\partial {below}}}"


def _derivatives(place: _Place, slot: int, index: Index, g: float, symbolic: bool) -> Iterator[list[Piece] | str]:
    """∂(output element)/∂(entry) times the gradient at the output: factors of a product, or LaTeX of the whole."""
    op, attributes = place.operation.op, place.operation.attributes
    walk, output = place.walk, place.operation.output
    piece = place.symbol if symbolic else place.number
    if symbolic and output != walk.of:
        upstream = Piece(gradient_latex(walk, output, place.at))
    else:
        upstream = Piece(short(g, place.digits), numeric=True)
    if op.terms is not None:
        for c, factors in op.terms(place.at, *map(to_host, place.arrays), **attributes):
            if (slot, index) in factors:
                times, rest = _without(factors, (slot, index))
                known = [] if c * times == 1 else [Piece(_factor(c * times), numeric=True)]
                yield [upstream, *known, *(piece(*f) for f in rest)]
    elif op.elementwise:
        asked = [piece(*entry) for entry in entries(op, place.at, place.arrays, attributes)]
        yield fill(op.sent(slot).product_latex, [upstream, piece(_OUTPUT, place.at), *asked], **attributes)
    elif op.partials is not None and (declared := op.partials[slot]) is not None:
        write = partial(declared, place.at, index, **attributes)
        yield [upstream, Piece(in_brackets(_filled(place, piece, write)))]
    elif symbolic:
        above = entry_latex(walk.graph.vertices[output].latex, place.at)
        yield [upstream, Piece(rf"\frac{{\partial {above}}}{{\partial {place.symbol(slot, index).latex}}}")]
    else:
        yield [upstream, Piece(short(_derivative(place, slot, index), place.digits), numeric=True)]


def _derivative(place: _Place, slot: int, index: Index) -> float:
    """∂(output element)/∂(entry) as a number."""
    operation, y = place.operation, place.walk.values[place.operation.output]
    unit = np.zeros(y.shape)
    unit[place.at] = 1
    inputs = map(to_host, place.arrays)
    with np.errstate(all="ignore"):
        product = operation.op.sent(slot).vjp(unit, to_host(y), *inputs, **operation.attributes)
    return float(np.asarray(product)[index])


def _part(walk: Walk, step: Backward, sent: Contribution, index: Index, digits: int) -> Part:
    operation = step.operation
    moved = np.zeros(sent.value.shape, dtype=bool)
    moved[index] = True
    reached = [tuple(at) for at in np.argwhere(fed(operation, sent.slot, moved, walk.values)).tolist()]

    def term(symbolic: bool) -> Callable[[int, bool], str]:
        def write(i: int, first: bool) -> str:
            place = _Place(walk, operation, reached[i], digits)
            g = element_of(step.upstream, *place.at)
            made = next(_derivatives(place, sent.slot, index, g, symbolic))
            return _signed(made, first) if isinstance(made, str) else _product(1.0, made, first)

        return write

    symbols, numbers = (_written(len(reached), term(symbolic)) for symbolic in (True, False))
    left = gradient_latex(walk, sent.vertex, index)
    return Part(operation.output, sent.slot, Sum(left, symbols, numbers, element_of(sent.value, *index)))


def explain_element(walk: Walk, vertex: str, index: Sequence[int] = (), digits: int = 3) -> ElementExplained:
    """One element of a vertex written out: what it is computed from, and what its gradient is made of.

    `index` counts from 0, one number an axis. Numbers have `digits` decimals. Raises GraphlabError where there is no
    such vertex, or no such element of it.
    """
    at = checked_index(walk, vertex, index)
    operation = walk.graph.producer.get(vertex)
    sent = [(s, c) for s in walk if isinstance(s, Backward) for c in s.contributions if c.vertex == vertex]
    total = element_of(sent[-1][1].total, *at) if sent else 1.0 if vertex == walk.of else None
    return ElementExplained(
        vertex,
        at,
        entry_latex(walk.graph.vertices[vertex].latex, at),
        element_of(walk.values[vertex], *at),
        _forward(_Place(walk, operation, at, digits)) if operation else None,
        tuple(_part(walk, step, c, at, digits) for step, c in sent),
        total,
    )
