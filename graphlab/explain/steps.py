"""One step of a walk: in symbols, with numbers put in, and as a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from string import ascii_lowercase
from weakref import WeakKeyDictionary

import numpy as np

from ..arrays import Array, to_host
from ..engine import Contribution, OperationStep, Step, Walk
from ..engine.overview import WHOLE
from ..errors import N_
from ..graph import Graph
from ..i18n import translator
from ..op import Op, Term
from .mathml import surely_wider, width
from .numbers import array_latex, element, number, number_latex, shape_latex
from .pieces import Piece, alike, fill, in_brackets

STRIP = 31.0  # em: what fits beside the margins of a strip 900 px wide at 28 px
_QUAD = 2.0  # em, between two formulas side by side
_TALL = 4  # rows of numbers that two lines may have together
_MANY = 4  # contributions of one step that are all told; of more, the first two and the last one


@dataclass(frozen=True)
class Explanation:
    """A step in LaTeX (`symbols`, and `numbers` with the numbers put in; either may be empty) and in words."""

    symbols: str
    numbers: str
    sentence: str


@dataclass(frozen=True)
class _Detail:
    """How much of an array is shown: its rows and columns at most (0: its shape alone), for operands and results."""

    operand_rows: int = 3
    operand_columns: int = 4
    result_rows: int = 3
    result_columns: int = 4


_DETAILS = (
    _Detail(),
    _Detail(3, 3, 3, 3),
    _Detail(1, 3, 3, 3),
    _Detail(1, 3, 1, 3),
    _Detail(1, 2, 1, 3),
    _Detail(0, 0, 1, 3),
    _Detail(0, 0, 0, 0),
)


def _array(array: Array, digits: int, rows: int, columns: int) -> str:
    """The array with so many rows and columns at most; a matrix with fewer than two rows allowed gives its shape."""
    if (array.ndim > 0 and columns == 0) or (array.ndim > 1 and rows <= 1 < array.shape[0]):
        return rf"\left[{shape_latex(array.shape)}\right]"
    return array_latex(array, digits, rows=rows, columns=columns)


class _Scene:
    """What one step is explained from: the walk, its names, and the digits wanted."""

    def __init__(self, walk: Walk, step: OperationStep, digits: int) -> None:
        self.walk, self.step, self.digits = walk, step, digits
        self.graph: Graph = walk.graph
        self.loss = walk.graph.vertices[walk.of].latex
        self.names = (step.output, *step.operation.inputs)  # y, then the operands

    def latex(self, name: str) -> str:
        return self.graph.vertices[name].latex

    def gradient(self, name: str) -> str:
        return rf"\nabla_{{{self.latex(name)}}} {self.loss}"

    def _symbol(self, name: str) -> Piece:
        vertex = self.graph.vertices[name]
        return Piece(vertex.latex, vertex.shape, numeric=vertex.value is not None)

    def symbols(self) -> list[Piece]:
        """y and the operands as symbols."""
        return [self._symbol(name) for name in self.names]

    def upstream(self) -> Piece:
        """The gradient at y as a symbol; 1 where y is the loss itself."""
        if self.step.output == self.walk.of:
            return Piece("1", numeric=True)
        return Piece(self.gradient(self.step.output), self.graph.vertices[self.step.output].shape)

    def numbers(self, detail: _Detail) -> list[Piece]:
        """g (1 where there is none), y and the operands as numbers."""
        arrays = [self.walk.values[name] for name in self.names]
        if self.step.upstream is not None:
            arrays.insert(0, self.step.upstream)
        rows, columns = detail.operand_rows, detail.operand_columns
        return [Piece(_array(a, self.digits, rows, columns), a.shape, numeric=True) for a in arrays]

    def firsts(self) -> list[Piece]:
        """The same, of each array the first element only."""
        arrays = [self.walk.values[name] for name in self.names]
        if self.step.upstream is not None:
            arrays.insert(0, self.step.upstream)
        return [Piece(number_latex(element(a, *(0,) * a.ndim), self.digits), numeric=True) for a in arrays]

    def result(self, array: Array, detail: _Detail) -> str:
        return _array(array, self.digits, detail.result_rows, detail.result_columns)


def _rows_high(latex: str) -> int:
    """How many rows of numbers stand in the tallest grid of the formula."""
    return max(
        (grid.split(r"\end{pmatrix}")[0].count(r"\\") + 1 for grid in latex.split(r"\begin{pmatrix}")), default=1
    )


def _arranged(lines: Sequence[str]) -> str | None:
    """The formulas side by side, or one under the other; None where they fit in neither way."""
    if any(surely_wider(line, STRIP) for line in lines):
        return None
    widths = [width(line) for line in lines]
    if sum(widths) + _QUAD * (len(lines) - 1) <= STRIP:
        return r" \qquad ".join(lines)
    if len(lines) > 2 or max(widths) > STRIP or sum(map(_rows_high, lines)) > _TALL:
        return None
    return _stacked(lines)


def _stacked(lines: Sequence[str]) -> str:
    return r"\begin{array}{l} " + r" \\ ".join(lines) + r" \end{array}" if len(lines) > 1 else lines[0]


def _best(candidates: Iterator[Sequence[str]]) -> str:
    """The first arrangement that fits in the strip; else the last one, stacked."""
    lines: Sequence[str] = ()
    for lines in candidates:
        if (found := _arranged(lines)) is not None:
            return found
    return _stacked(lines)


def _broken(line: str) -> list[str]:
    """A formula in two lines, broken at its first equals sign."""
    left, right = line.split(" = ", 1)
    return [left, rf"\qquad = {right}"]


def _forward(scene: _Scene) -> tuple[str, str]:
    operation = scene.step.operation
    op, y = operation.op, scene.latex(operation.output)

    def in_numbers() -> Iterator[list[str]]:
        for details in (_DETAILS[:2],) if op.elementwise else (_DETAILS[:2], _DETAILS[2:]):
            formulas = []
            for detail in details:
                _, *operands = scene.numbers(detail)
                formula = fill(op.latex, operands, **operation.attributes)
                formulas.append([f"{y} = {formula}", f"= {scene.result(scene.step.value, detail)}"])
            for first, second in formulas:
                yield [f"{first} {second}"]
                yield [first, rf"\qquad {second}"]
        if op.elementwise:
            _, *operands = scene.firsts()
            formula = fill(op.latex, operands, **operation.attributes)
            value = number_latex(element(scene.step.value, *(0,) * scene.step.value.ndim), scene.digits)
            yield [f"{_first(y, scene.step.value.ndim)} = {formula} = {value}"]

    symbols = f"{y} = {fill(op.latex, scene.symbols()[1:], **operation.attributes)}"
    return symbols, _best(in_numbers())


def _first(latex: str, ndim: int) -> str:
    """The name of the first element of an array, counted from 1 as in mathematics."""
    if not ndim:
        return latex
    name = rf"\left({latex}\right)" if "_" in latex or "^" in latex else latex
    return f"{name}_{{{','.join('1' * ndim)}}}"


def _chain(scene: _Scene, sent: Contribution, closed: bool) -> str:
    """The chain rule for one slot in symbols; with the local Jacobian by itself where `closed` and where it is new."""
    op, attributes = scene.step.operation.op, scene.step.operation.attributes
    y, target = scene.step.output, scene.gradient(sent.vertex)
    pieces, g = scene.symbols(), scene.upstream()
    product = fill(op.sent(sent.slot).product_latex, [g, *pieces], **attributes)
    by_jacobian = rf"{scene.gradient(y)} \cdot \nabla_{{{scene.latex(sent.vertex)}}} {scene.latex(y)}"
    steps = [] if y == scene.walk.of else [by_jacobian]  # ∇L is 1 · ∇L: nothing is said by that
    jacobian = fill(op.sent(sent.slot).jacobian_latex, pieces, **attributes)
    multiplied = rf"{g.latex} \cdot {in_brackets(jacobian)}"
    # Beyond a matrix the Jacobian is a tensor, which the product shows better than any symbol for it.
    dense = len(pieces[0].shape) + sent.value.ndim <= 2
    if closed and dense and sent.part == 1 and g.latex != "1" and not alike(multiplied, product):
        steps.append(multiplied)
    steps.append(product)
    if sent.parts == 1:
        return " = ".join([target, *steps])
    if sent.part > 1:
        steps = [f"{target} + {in_brackets(s) if s.startswith('-') else s}" for s in steps]
    return rf"{target} \leftarrow {' = '.join(steps)}"


_TOTALS: WeakKeyDictionary[Walk, dict[tuple[str, int], Array]] = WeakKeyDictionary()


def _before(walk: Walk, sent: Contribution) -> Array:
    """The gradient of a vertex before this part came: the running sum that the part before it left."""
    if walk not in _TOTALS:  # looked up once: a parameter at a hundred time steps has as many parts
        _TOTALS[walk] = {(c.vertex, c.part): c.total for step in walk for c in step.contributions}
    return _TOTALS[walk][sent.vertex, sent.part - 1]


def _line(scene: _Scene, sent: Contribution, detail: _Detail) -> str:
    """The product of one slot with numbers put in."""
    op, attributes = scene.step.operation.op, scene.step.operation.attributes
    numbers = scene.numbers(detail)
    product = fill(op.sent(sent.slot).product_latex, numbers, **attributes)
    if sent.part == 1:
        value = scene.result(sent.value, detail)
        passed_on = product == numbers[0].latex  # unchanged: "5 = 5" would say less than whose gradient it is
        return f"{scene.gradient(sent.vertex)} = {value}" if passed_on else f"{value} = {product}"
    before = scene.result(_before(scene.walk, sent), detail)
    return f"{scene.result(sent.total, detail)} = {before} + {in_brackets(product) if product[0] == '-' else product}"


def _first_line(scene: _Scene, sent: Contribution) -> str:
    """The same for the first element; for an elementwise op this is the whole of it."""
    op, attributes = scene.step.operation.op, scene.step.operation.attributes
    product = fill(op.sent(sent.slot).product_latex, scene.firsts(), **attributes)

    def first(array: Array) -> str:
        return number_latex(element(array, *(0,) * array.ndim), scene.digits)

    target = _first(scene.gradient(sent.vertex), sent.value.ndim)
    if sent.part == 1:
        value = first(sent.value)
        return f"{target} = {value}" if product == value else f"{target} = {product} = {value}"
    before = first(_before(scene.walk, sent))
    return f"{target} = {before} + {in_brackets(product) if product[0] == '-' else product} = {first(sent.total)}"


def _told(sent: Sequence[Contribution]) -> Sequence[Contribution]:
    """The contributions of a step that are written out: an op of any number of operands may have hundreds."""
    return sent if len(sent) <= _MANY else (*sent[:2], sent[-1])


def _backward(scene: _Scene) -> tuple[str, str]:
    everything = scene.step.contributions
    sent = _told(everything)
    one_by_one = scene.step.operation.op.elementwise and all(c.value.shape == scene.step.value.shape for c in sent)

    def in_symbols() -> Iterator[list[str]]:
        yield [_chain(scene, c, closed=True) for c in sent]
        yield [_chain(scene, c, closed=False) for c in sent]

    def in_numbers() -> Iterator[list[str]]:
        for details in (_DETAILS[:2],) if one_by_one else (_DETAILS[:2], _DETAILS[2:]):
            formulas = [[_line(scene, c, detail) for c in sent] for detail in details]
            for lines in formulas:
                yield lines
                if len(sent) == 1:
                    yield _broken(lines[0])
        if one_by_one:
            yield [_first_line(scene, c) for c in sent]

    def elided(formulas: Iterator[list[str]]) -> Iterator[list[str]]:
        for lines in formulas:
            yield lines if len(sent) == len(everything) else [*lines[:2], r"\dots", *lines[2:]]

    return _best(elided(in_symbols())), _best(elided(in_numbers()))


def spoken(graph: Graph, name: str) -> str:
    """A vertex's name in a sentence: L for the loss drawn as ℒ, the number itself for a constant."""
    vertex = graph.vertices[name]
    if vertex.value is not None:
        return number(vertex.value)
    return "L" if vertex.latex == r"\mathcal{L}" else vertex.name


def _template(says: str | Callable[..., str], terms: Sequence[Term], attributes: dict) -> str:
    return says if isinstance(says, str) else says(*terms, **attributes)


def _templates(op: Op, step: OperationStep, terms: Sequence[Term]) -> list[str]:
    """The sentences of a step: of each slot that sends something, or one for all of them where the op has one."""
    attributes = dict(step.operation.attributes)
    if step.phase == "forward":
        return [_template(op.says, terms, attributes)]
    slots = [c.slot for c in step.contributions]
    receivers = {c.vertex for c in step.contributions}  # fewer than slots where a vertex enters twice, as in x ⊙ x
    if op.says_all and len(receivers) == op.arity and (whole := _template(op.says_all, terms, attributes)):
        return [whole]
    return [_template(op.sent(slot).says_back, terms, attributes) for slot in slots]


def _picked(scene: _Scene, terms: Sequence[Term]) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Where the elements stand that the step's operation picks: sentences with their words, for small operands."""
    operation, values = scene.step.operation, scene.walk.values
    picks, inputs = operation.op.picks, [values[name] for name in operation.inputs]
    if picks is None or max(prod(a.shape) for a in inputs) > WHOLE:
        return
    found = picks.where(values[operation.output], *inputs, **operation.attributes)
    places = [(slot, tuple(place)) for slot, mask in enumerate(found) for place in np.argwhere(to_host(mask)).tolist()]
    said = [picks.says(slot, index, *terms, **operation.attributes) for slot, index in places]
    once = {(text, *words.values()): (text, words) for text, words in said}  # a whole row may be picked
    if len(once) <= _MANY:
        yield from sorted(once.values(), key=lambda found: tuple(found[1].values()))


def _sentence(scene: _Scene, lang: str) -> str:
    translate, step, graph = translator(lang), scene.step, scene.graph
    vertices = [graph.vertices[name] for name in step.operation.inputs]
    terms = [Term(v.latex, v.shape) for v in vertices]
    words = {"y": spoken(graph, step.output)}
    words |= dict(zip(ascii_lowercase, (spoken(graph, v.name) for v in vertices), strict=False))
    said = [translate(t).format(**words) for t in _templates(step.operation.op, step, terms)]
    said += [translate(t).format(**words, **places) for t, places in _picked(scene, terms) if t]
    last_parts = tuple({c.vertex: c for c in step.contributions}.values())  # of each vertex that this step reaches
    for sent in _told(last_parts):
        if sent.parts > 1:
            template = (
                N_("This completes the gradient at {vertex}: it is the sum of {parts} parts.")
                if sent.part == sent.parts
                else N_("This is part {part} of {parts} of the gradient at {vertex}; the parts are added up.")
            )
            values = {"vertex": spoken(graph, sent.vertex), "part": sent.part, "parts": sent.parts}
            said.append(translate(template).format(**values))
    return " ".join(dict.fromkeys(said))


def sentence(walk: Walk, step: Step, lang: str = "en") -> str:
    """The sentence of a step alone, without its formulas. Raises ValueError for an unknown language."""
    return explain(walk, step, lang).sentence if step.operation is None else _sentence(_Scene(walk, step, 3), lang)


def explain(walk: Walk, step: Step | None, lang: str = "en", digits: int = 3) -> Explanation:
    """One step in symbols, with numbers put in, and as a sentence in `lang` ("en" or "ru").

    `step` is a step of `walk`, or None for the state before the first one. Formulas are LaTeX that latex2mathml and
    ziamath both read, at most 31 em wide and two lines high; arrays are elided until they fit. Numbers have `digits`
    decimals. Raises ValueError for an unknown language.
    """
    translate = translator(lang)
    if step is None:
        said = N_("Nothing is computed yet: only the inputs and the parameters are known.")
        return Explanation("", "", translate(said))
    if step.operation is None:
        said = translate(N_("The walk back starts here: the gradient of {loss} by itself is 1."))
        loss = walk.graph.vertices[walk.of].latex
        return Explanation(rf"\nabla_{{{loss}}} {loss} = 1", "", said.format(loss=spoken(walk.graph, walk.of)))
    scene = _Scene(walk, step, digits)
    symbols, numbers = _forward(scene) if step.phase == "forward" else _backward(scene)
    return Explanation(symbols, numbers, _sentence(scene, lang))
