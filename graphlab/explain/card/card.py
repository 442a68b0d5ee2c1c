"""The card of one step: the chain rule in symbols, with the local derivatives put in, and with the numbers put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...arrays import Array, to_host
from ...engine import Contribution, OperationStep, Step, Walk
from ...errors import N_
from ...graph import Graph
from ...i18n import translator
from ...op import Op
from ..mathml import surely_wider, width
from ..numbers import array_latex, shape_latex
from ..pieces import Piece, alike, fill, in_brackets
from ..steps import sentence, spoken
from .axes import Axes, numbered
from .entries import closed_entry
from .local import Local, local_jacobian
from .product import Factor, Shapes, contraction, read_product
from .why import why

COLUMN = 26.0  # em: what a column of the panel takes, set a little smaller where it has to be
_GRIDS = ((4, 4), (3, 3), (3, 2), (0, 0))  # rows and columns of an array that are written out; 0: its shape alone
_LETTERS = "ijklmnpqrs"
_MARK = 0xE000  # the first of the private characters
_SIGNS = re.compile(
    r"\\odot|\\cdot|\\,|\\frac|/|\\right\)\s*[a-z]"
)  # a multiplication, or a division, of all elements each
_RANKS = {0: N_("a number"), 1: N_("a vector"), 2: N_("a matrix")}


@dataclass(frozen=True, eq=False)
class SlotCard:
    """What one slot sends back, in three stages of LaTeX lines, and its local Jacobian.

    target        the gradient that receives it
    rank          what the local Jacobian is: a vector, a matrix, a 3-tensor
    local         its name, with its axes: those of y, then those of x
    contraction   the chain rule with its axes, over which the sum goes
    coded         the product one would code, with its axes
    why           one sentence on why the product stands as it does
    value         the numbers of the last line: the product, of the vertex's shape
    """

    slot: int
    vertex: str
    part: int
    parts: int
    target: str
    symbols: tuple[str, ...]
    derivatives: tuple[str, ...]
    numbers: tuple[str, ...]
    rank: str
    local: Factor
    contraction: Shapes
    coded: Shapes
    why: str
    value: np.ndarray
    jacobian: Local
    output: str
    output_axes: Axes


@dataclass(frozen=True, eq=False)
class Card:
    """One step, explained. A forward step has its rule, its shapes and its numbers; a backward step a card a slot.

    `sentence` is the step in words, `title` the rule of the operation, or the seed.
    """

    phase: str
    vertex: str
    title: str
    sentence: str
    slots: tuple[SlotCard, ...] = ()
    shapes: Shapes | None = None
    numbers: tuple[str, ...] = ()
    sizes: Mapping[str, int] = field(default_factory=dict)


def card(
    walk: Walk,
    step: Step,
    slot: int | None = None,
    lang: str = "en",
    digits: int = 3,
    axes: Mapping[str, Axes] | None = None,
) -> Card:
    """The card of a step of `walk`; with `slot`, of what that slot sends back alone.

    `axes` names the axes of the vertices, as `named` makes them of a scenario; without it they go by their numbers.
    Raises ValueError for an unknown language, and for a slot that sends nothing back in this step.
    """
    if step.operation is None:
        loss = walk.graph.vertices[walk.of].latex
        return Card("backward", step.output, rf"\nabla_{{{loss}}} {loss} = 1", sentence(walk, step, lang))
    scene = _Scene(walk, step, lang, digits, axes or {})
    if step.phase == "forward":
        return _forward(scene)
    sent = [c for c in step.contributions if slot in (None, c.slot)]
    if not sent:
        raise ValueError(f"slot {slot} sends nothing back in step {step.index}")
    slots = tuple(_slot(scene, c) for c in sent)
    return Card("backward", step.output, scene.rule(), scene.sentence(), slots, sizes=scene.sizes())


class _Scene:
    """What a card is made from: the walk, the step, the names and the axes."""

    def __init__(self, walk: Walk, step: OperationStep, lang: str, digits: int, axes: Mapping[str, Axes]) -> None:
        self.walk, self.step, self.lang, self.digits = walk, step, lang, digits
        self.graph: Graph = walk.graph
        self.translate = translator(lang)
        self.named = axes
        self.names = (step.output, *step.operation.inputs)

    @property
    def op(self) -> Op:
        return self.step.operation.op

    @property
    def attributes(self) -> dict:
        return dict(self.step.operation.attributes)

    def latex(self, name: str) -> str:
        return self.graph.vertices[name].latex

    def axes(self, name: str) -> Axes:
        return self.named.get(name) or numbered(self.graph.vertices[name].shape)

    def gradient(self, name: str) -> str:
        return rf"\nabla_{{{self.latex(name)}}} {self.latex(self.walk.of)}"

    def rule(self) -> str:
        y, *operands = self.symbols()
        return f"{y.latex} = {fill(self.op.latex, operands, **self.attributes)}"

    def symbols(self) -> list[Piece]:
        vertices = [self.graph.vertices[name] for name in self.names]
        return [Piece(v.latex, v.shape, numeric=v.value is not None) for v in vertices]

    def upstream(self) -> Piece:
        if self.step.output == self.walk.of:
            return Piece("1", numeric=True)
        return Piece(self.gradient(self.step.output), self.graph.vertices[self.step.output].shape)

    def values(self) -> list[Array]:
        return [self.walk.values[name] for name in self.names]

    def pieces(self, arrays: Sequence[Array], rows: int, columns: int) -> list[Piece]:
        return [Piece(self.array(a, rows, columns), a.shape, numeric=True) for a in arrays]

    def array(self, array: Array, rows: int, columns: int) -> str:
        if array.ndim and not columns:
            return rf"\left[{shape_latex(array.shape)}\right]"
        return array_latex(array, self.digits, rows=rows, columns=columns)

    def result(self, array: Array) -> str:
        """What comes out, with as many of its numbers as fit."""
        shown = [self.array(array, rows, columns) for rows, columns in _GRIDS[:-1]]
        return next((latex for latex in shown if _fits(latex)), shown[-1])

    def spoken(self) -> list[str]:
        """The gradient, y and the operands, as a sentence speaks of them."""
        upstream = self.translate(N_("the gradient at {y}")).format(y=spoken(self.graph, self.step.output))
        return [upstream, *(spoken(self.graph, name) for name in self.names)]

    def sentence(self) -> str:
        return sentence(self.walk, self.step, self.lang)

    def sizes(self) -> dict[str, int]:
        """The named sizes that occur in this step."""
        return {a.name: a.size for name in self.names for a in self.axes(name) if a.name}


def _fits(*lines: str) -> bool:
    return not any(surely_wider(line, COLUMN) or width(line) > COLUMN for line in lines)


def _fitting(candidates: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    """The first lines that all fit in the column; else the last ones."""
    lines: tuple[str, ...] = ()
    for lines in candidates:
        if _fits(*lines):
            break
    return lines


def _put_in(scene: _Scene, left: str, write: Callable[..., str], arrays: Sequence[Array]) -> Iterator[tuple[str, ...]]:
    """`left = write(arrays)` with as many numbers as fit, in one line or two; in the end the shapes of the arrays."""
    for rows, columns in _GRIDS:
        formula = fill(write, scene.pieces(arrays, rows, columns), **scene.attributes)
        yield (f"{left} = {formula}",)
        yield f"{left} =", formula


def _forward(scene: _Scene) -> Card:
    step, op = scene.step, scene.op
    y = scene.latex(step.output)

    result = Factor(y, scene.axes(step.output), operand=0)
    operands = [(scene.latex(name), scene.axes(name)) for name in step.operation.inputs]
    shapes = read_product(op.latex, operands, result, scene.attributes)
    if shapes is None:
        shapes = Shapes(tuple(Factor(latex, axes) for latex, axes in operands), ",", result)
    numbers = (*_fitting(_put_in(scene, y, op.latex, scene.values()[1:])), f"= {scene.result(step.value)}")
    return Card("forward", step.output, scene.rule(), scene.sentence(), (), shapes, numbers, scene.sizes())


def _slot(scene: _Scene, sent: Contribution) -> SlotCard:
    over, by = scene.axes(scene.step.output), scene.axes(sent.vertex)
    target = scene.gradient(sent.vertex)
    name = rf"\nabla_{{{scene.latex(sent.vertex)}}} {scene.latex(scene.step.output)}"
    result = Factor(target, by, operand=sent.slot + 2)
    gradient = Factor(scene.gradient(scene.step.output), over, operand=0)
    coded = _coded(scene, sent, result)
    cost = _cost(scene, sent, coded)
    jacobian = local_jacobian(scene.step.operation, sent.slot, scene.step.value, scene.values()[1:], cost)
    return SlotCard(
        sent.slot,
        sent.vertex,
        sent.part,
        sent.parts,
        target,
        _chain(scene, sent, name),
        _derivatives(scene, sent, name),
        _numbers(scene, sent),
        _rank(scene, len(over) + len(by)),
        Factor(name, (*over, *by)),
        contraction(gradient, name, over, by, result),
        coded,
        why(
            coded,
            scene.spoken(),
            scene.translate,
            passed=_passed_on(scene, sent),
            ones=jacobian.ones,
            own=_own(scene, sent),
        ),
        np.asarray(to_host(sent.value)),
        jacobian,
        scene.step.output,
        over,
    )


def _own(scene: _Scene, sent: Contribution) -> str | None:
    return scene.op.why[sent.slot] if scene.op.why else None


def _rank(scene: _Scene, ndim: int) -> str:
    if ndim in _RANKS:
        return scene.translate(_RANKS[ndim])
    return scene.translate(N_("a {n}-tensor")).format(n=ndim)


def _target(target: str, sent: Contribution, formula: str) -> str:
    """The gradient and what it is; a later part is added to what has arrived before."""
    if sent.part == 1:
        return f"{target} = {formula}"
    return rf"{target} \leftarrow {target} + {in_brackets(formula) if formula[0] == '-' else formula}"


def _element(latex: str, letters: str) -> str:
    return rf"\left({latex}\right)_{{{letters}}}" if letters else latex


def _entry_of(latex: str, letters: str) -> str:
    """An element of a vertex: in parentheses only where its name has an index already."""
    plain = "_" not in latex and "^" not in latex
    return f"{latex}_{{{letters}}}" if letters and plain else _element(latex, letters)


def _chain(scene: _Scene, sent: Contribution, name: str) -> tuple[str, ...]:
    """The chain rule, and the same by its elements: which axes are summed over."""
    target, upstream = scene.gradient(sent.vertex), scene.gradient(scene.step.output)
    lines = [_target(target, sent, rf"{upstream} \cdot {name}")]
    n, m = len(scene.axes(scene.step.output)), sent.value.ndim
    i, j = _LETTERS[:n], _LETTERS[n : n + m]
    if n:
        total = rf"\sum_{{{','.join(i)}}} {_element(upstream, i)} {_element(name, i + j)}"
        lines.append(f"{_element(target, j)} = {total}")
    return tuple(lines)


def _derivatives(scene: _Scene, sent: Contribution, name: str) -> tuple[str, ...]:
    """The local Jacobian, the chain rule with it in place, and the product that one would code."""
    op, pieces, g = scene.op, scene.symbols(), scene.upstream()
    target = scene.gradient(sent.vertex)
    product = fill(op.sent(sent.slot).product_latex, [g, *pieces], **scene.attributes)
    n, m = len(scene.axes(scene.step.output)), sent.value.ndim
    lines = []
    if n + m <= 2:
        closed = fill(op.sent(sent.slot).jacobian_latex, pieces, **scene.attributes)
        lines.append(f"{name} = {closed}")
        multiplied = rf"{g.latex} \cdot {in_brackets(closed)}"
        if not alike(multiplied, product):
            lines.append(_target(target, sent, multiplied))
    else:  # beyond a matrix: what its elements are
        y, x = scene.latex(scene.step.output), scene.latex(sent.vertex)
        i, j = _LETTERS[:n], _LETTERS[n : n + m]
        entry, closed = _element(name, i + j), _closed(scene, sent, i, j)
        quotient = rf"\frac{{\partial {_entry_of(y, i)}}}{{\partial {_entry_of(x, j)}}}"
        both = f"{entry} = {quotient} = {closed}"
        lines.append(both if closed and _fits(both) else f"{entry} = {closed or quotient}")
    return (*lines, _target(target, sent, product))


def _closed(scene: _Scene, sent: Contribution, i: str, j: str) -> str:
    """An entry of a Jacobian beyond a matrix, by the letters of its places; "" where it has no closed form."""
    y, *inputs = (np.asarray(to_host(a)) for a in scene.values())
    pieces = scene.symbols()
    numeric = [p.numeric for p in pieces[1:]]

    def named(slot: int, letters: str) -> str:
        return _entry_of(pieces[slot + 1].latex, letters)

    return closed_entry(scene.step.operation, sent.slot, y, inputs, i, j, named, numeric)


def _numbers(scene: _Scene, sent: Contribution) -> tuple[str, ...]:
    """The product with numbers in place, what it comes to, and the sum with the parts before it."""
    op, target = scene.op, scene.gradient(sent.vertex)
    arrays = [scene.step.upstream, *scene.values()]
    value = scene.result(sent.value)
    lines = _fitting(_put_in(scene, target, op.sent(sent.slot).product_latex, arrays))
    if lines != (f"{target} = {value}",):  # a gradient passed on unchanged is written once
        lines = (*lines, f"= {value}")
    if sent.part > 1:
        lines = (*lines, rf"{target} \leftarrow {target} + {value}", f"= {scene.result(sent.total)}")
    return lines


def _coded(scene: _Scene, sent: Contribution, result: Factor) -> Shapes:
    """The product one would code as factors with their axes, read from the op's own LaTeX."""
    op, over = scene.op, scene.axes(scene.step.output)
    upstream = "1" if scene.step.output == scene.walk.of else scene.gradient(scene.step.output)
    operands = [(upstream, over), *((scene.latex(name), scene.axes(name)) for name in scene.names)]
    if (read := read_product(op.sent(sent.slot).product_latex, operands, result, scene.attributes)) is not None:
        return read
    gradient = Factor(upstream, over, operand=0)
    if op.elementwise:
        repeated = sent.value.shape != scene.step.value.shape
        if _passed_on(scene, sent):
            return Shapes((gradient,), "", result, repeated)
        slope = Factor(rf"\nabla_{{{scene.latex(sent.vertex)}}} {scene.latex(scene.step.output)}", over)
        return Shapes((gradient, slope), "⊙" if over else "·", result, repeated)
    return Shapes((gradient,), "", result)


def _written(scene: _Scene, sent: Contribution) -> str:
    """The product with marks in place of the gradient (the first one), y and the operands."""
    pieces = [scene.upstream(), *scene.symbols()]
    marks = [Piece(chr(_MARK + i), p.shape) for i, p in enumerate(pieces)]
    return fill(scene.op.sent(sent.slot).product_latex, marks, **scene.attributes)


def _passed_on(scene: _Scene, sent: Contribution) -> bool:
    """Whether the gradient stands in the product alone, with neither y nor an operand nor anything made of them."""
    written = _written(scene, sent)
    return r"\odot" not in written and not any(ord(c) > _MARK for c in written)


def _cost(scene: _Scene, sent: Contribution, coded: Shapes) -> int | None:
    """The multiplications of the product; None where only the Jacobian can tell."""
    size = scene.step.value.size
    if _passed_on(scene, sent):
        return size if r"\frac" in _written(scene, sent) else 0
    if len(coded.factors) == 2 and not coded.summed:
        return coded.multiplications
    if scene.op.elementwise:
        return size
    signs = len(_SIGNS.findall(_written(scene, sent)))
    return signs * max(size, sent.value.size) or None
