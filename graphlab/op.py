"""The Op record: everything the program knows about one operation, declared once, and the registry of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, NamedTuple, Self, cast

from .arrays import Array
from .errors import Message

Shape = tuple[int, ...]
Index = tuple[int, ...]
Summand = tuple[float, tuple[tuple[int, Index], ...]]  # a factor, and elements of operands, each by slot and place


class ShapeMismatch(Exception):
    """Raised by a shape rule: the operands do not fit together.

    `reason` says why, without naming the operands. `wanted` maps a slot to a shape that would fit in it; whoever knows
    the operands' names makes a help of it.
    """

    def __init__(self, reason: Message, wanted: Mapping[int, Shape] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.wanted = dict(wanted or {})


class Term(str):
    """The LaTeX of an operand, a gradient or a number, together with the shape of what it stands for."""

    shape: Shape

    def __new__(cls, latex: str, shape: Shape = ()) -> Self:
        term = super().__new__(cls, latex)
        term.shape = tuple(shape)
        return term

    @property
    def ndim(self) -> int:
        """The number of axes: 0 for a scalar."""
        return len(self.shape)


class Source(Term):
    """The Python of an operand or a gradient, a name or a number, together with the shape of what it stands for."""


@dataclass(frozen=True)
class Helper:
    """A function that a program writes out: what it does, a text of the catalogues or "", and its lines."""

    says: str
    text: str


@dataclass(frozen=True)
class Code:
    """How an op is written in a program: expressions over the names of its operands, which are `Source`.

    numpy          the value: a template with {a}, {b}, … for the operands and with the attributes by their names; or
                   numpy(*operands, **attributes), which gives the expression
    vjps           one a slot, the vector-Jacobian product: a template that knows {g} and {y} besides, or
                   vjp(g, y, *operands, **attributes); None where no gradient flows
    torch          the value in PyTorch, which finds the gradients by itself
    helpers        the functions that the numpy expressions may call, by their names
    torch_helpers  those of the PyTorch expression

    Of a family `vjps` is a function of the slot, of any other op a tuple.
    """

    numpy: str | Callable[..., str]
    vjps: Any
    torch: str | Callable[..., str]
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    torch_helpers: Mapping[str, Helper] = field(default_factory=dict)


@dataclass(frozen=True)
class Entries:
    """An operand whose elements are spoken of one by one: `a(0, 2)` is the LaTeX of the one in row 1, column 3."""

    shape: Shape
    latex: Callable[[Index], str]

    def __call__(self, *index: int) -> str:
        return self.latex(index)


@dataclass(frozen=True)
class Example:
    """Operands, as nested lists of numbers, and attributes: a case that the generic tests run."""

    inputs: tuple[Any, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)


def example(*inputs: Any, **attributes: Any) -> Example:
    """An `Example`, written as the op would be called."""
    return Example(inputs, attributes)


@dataclass(frozen=True)
class Fusion:
    """A stable form of a pair of operations: this op, fed in `slot` by an operation `inner`, equals the op `into`.

    `into` takes the same operands, with the operand of `inner` in place of its output.
    """

    slot: int
    inner: str
    into: str


@dataclass(frozen=True)
class Kinks:
    """Where an op has no derivative.

    says      a text of the catalogues: "ReLU at 0"
    distance  distance(*inputs, **attributes) -> how far the operands are from such a place, an array of any shape
    """

    says: str
    distance: Callable[..., Array]


@dataclass(frozen=True)
class Fault:
    """A way in which an op leaves the numbers that a computer has.

    says   a template of the catalogues with {x}, the element of an operand that does it, {value}, its value, and {y}
    where  where(*inputs, **attributes) -> the elements of the operand in `slot` that do it, as an array of truth values
    back   whether the value is still a number, and only what is sent back breaks
    """

    says: str
    where: Callable[..., Array]
    slot: int = 0
    back: bool = False


@dataclass(frozen=True)
class Picks:
    """An op that goes by some elements of its operands alone: the largest ones.

    where  where(y, *inputs, **attributes) -> for each operand an array of truth values, of its shape: what is picked
    says   says(slot, index, *terms, **attributes) -> a text of the catalogues about one picked element, and its words,
           in the order by which several are told; {y}, {a}, {b}, … are put in as in every sentence
    """

    where: Callable[..., tuple[Array, ...]]
    says: Callable[..., tuple[str, Mapping[str, int]]]


class Sent(NamedTuple):
    """How a gradient goes to an operand: the declared parts of its slot, which are all there where a VJP is."""

    vjp: Callable[..., Array]
    jacobian_latex: Callable[..., str]
    product_latex: Callable[..., str]
    says_back: str | Callable[..., str]


PER_SLOT = ("vjps", "jacobians", "jacobian_latex", "product_latex", "says_back")


@dataclass(frozen=True)
class Inference:
    """How shapes that the user does not give follow from the others, where the shape rule alone does not say it.

    rule    "same": the result has the shape of the operand
            "alike": so do the operands in the slots `alike`; `parts` are the axes of the result that others have
            "reduces": an axis of the operand is gone, or all of them
            "a number a row", "a number": of a loss, whose operands have one shape
            "over time": of the values of all time steps, which have one shape; "stacks": with an axis of their number
            "transposes", "diagonal", "joins", "outer": as their names say
    factor  whether a name in it is taken for a vector (x) or a matrix (W), as the factor of a product is
    """

    rule: Literal[
        "same", "alike", "reduces", "a number a row", "a number", "over time", "stacks",
        "transposes", "diagonal", "joins", "outer",
    ]  # fmt: skip
    alike: slice = field(default_factory=lambda: slice(None))
    parts: Mapping[int, slice] = field(default_factory=dict)
    factor: bool = False


@dataclass(frozen=True, kw_only=True)
class Op:
    """One operation. `y` is its own output everywhere, `g` the upstream gradient ∂loss/∂y, of y's shape.

    name            what operations are called in a graph and in messages
    arity           the number of operands; None for an op of any number of them (concat), see below
    shape           shape(*shapes, **attributes) -> the shape of y; raises `ShapeMismatch`
    forward         forward(*inputs, **attributes) -> y, in array-API calls, so that it runs on any device
    vjps            one a slot: vjp(g, y, *inputs, **attributes) -> g contracted with ∂y/∂input, of the input's shape;
                    None where no gradient flows (argmax)
    jacobians       one a slot: jacobian(y, *inputs, **attributes) -> ∂y/∂input in closed form, of y's shape followed by
                    the input's shape; None where the dense form teaches nothing
    symbol          LaTeX for the rectangle: a string, or symbol(*terms, **attributes)
    latex           latex(*terms, **attributes) -> y in terms of its operands
    jacobian_latex  one a slot: (y, *terms, **attributes) -> the local Jacobian in symbols
    product_latex   one a slot: (g, y, *terms, **attributes) -> the vector-Jacobian product as one would code it
    says            a sentence on the forward step: a template of the catalogues with {y} and the operands {a}, {b}, …;
                    or says(*terms, **attributes), which gives such a template
    says_back       the same for the backward step, one a slot
    why             one a slot: a sentence on why the product stands as it does, where its factors do not say it; () or
                    None where they do
    says_all        one sentence instead, for a backward step that sends something from every slot
    code            how it is written in a program, see `Code`
    examples        operands for the generic tests
    fusions         the stable forms this op takes part in
    function        the name users call it by in equations, where it has one
    aliases         further names for it in equations
    elementwise     whether y[i] depends on each operand at i only, after broadcasting
    linear          in what y is linear: "each" operand while the others are held, or all "together"; an operand with no
                    VJP is always held. "" where it is not, or where elementwise says enough
    terms           where y[at] is a sum of products: terms(at, *inputs, **attributes) -> its summands
    element         else, where y is not elementwise: element(at, *entries, **attributes) -> LaTeX of y[at] over the
                    elements it depends on, and then the definitions that it uses, one a string
    partials        with element, one a slot: partial(at, index, y, *entries, **attributes) -> LaTeX of
                    ∂y[at]/∂operand[index], a short one; None where there is none
    picks           which elements of its operands it takes, see `Picks`; None where it goes by all of them
    kinks           where it has no derivative, see `Kinks`; None where the op is smooth
    infinite        whether an infinite value is meant, as in a mask
    faults          how inf and nan come about, the likeliest first
    draws           how operands are drawn where a scenario does not say: by slot, the name of a draw (scenario/draws.py),
                    or draw(shapes, **attributes) -> its name and its scale
    inference       how unknown shapes follow from known ones, see `Inference`; None where the shape rule says enough
    sums_over_rows  the slot of an operand, the same for all rows of the others, whose gradient is a sum of outer products
    attributes      the attributes and their default values
    at_least        the smallest number of operands of an op with no arity

    An op with no arity is a family: the parts that stand here one a slot are then each a function of the slot, counted
    from 0, and `of(n)` is its member with n operands, which an `Operation` refers to.
    """

    name: str
    arity: int | None
    shape: Callable[..., Shape]
    forward: Callable[..., Array]
    vjps: tuple[Callable[..., Array] | None, ...]
    jacobians: tuple[Callable[..., Array] | None, ...]
    symbol: str | Callable[..., str]
    latex: Callable[..., str]
    jacobian_latex: tuple[Callable[..., str] | None, ...]
    product_latex: tuple[Callable[..., str] | None, ...]
    says: str | Callable[..., str]
    says_back: tuple[str | Callable[..., str] | None, ...]
    code: Code
    examples: tuple[Example, ...]
    fusions: tuple[Fusion, ...] = ()
    function: str = ""
    aliases: tuple[str, ...] = ()
    elementwise: bool = False
    linear: Literal["", "each", "together"] = ""
    terms: Callable[..., list[Summand]] | None = None
    element: Callable[..., tuple[str, ...]] | None = None
    partials: tuple[Callable[..., str] | None, ...] | None = None
    picks: Picks | None = None
    kinks: Kinks | None = None
    infinite: bool = False
    faults: tuple[Fault, ...] = ()
    draws: Mapping[int, str | Callable[..., tuple[str, float]]] = field(default_factory=dict)
    inference: Inference | None = None
    sums_over_rows: int | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    why: tuple[str | None, ...] = ()
    says_all: str | Callable[..., str] = ""
    at_least: int = 1
    _members: dict[int, Op] = field(default_factory=dict, init=False, repr=False, compare=False)

    def sent(self, slot: int) -> Sent:
        """How a slot sends a gradient. Raises ValueError for one that sends none, such as that of argmax."""
        vjp = self.vjps[slot]
        if vjp is None:
            raise ValueError(f"{self.name}: no gradient flows to slot {slot}")
        rest = (self.jacobian_latex[slot], self.product_latex[slot], self.says_back[slot])
        return Sent(vjp, *cast("tuple[Callable[..., str], Callable[..., str], str | Callable[..., str]]", rest))

    def takes(self, n: int) -> bool:
        """Whether there may be n operands."""
        return n == self.arity if self.arity is not None else n >= self.at_least

    def of(self, n: int) -> Op:
        """The op with n operands: the op itself, or the member of a family. Raises ValueError for another number."""
        if not self.takes(n):
            least = "" if self.arity is not None else "at least "
            raise ValueError(f"{self.name} takes {least}{self.arity or self.at_least} operands, not {n}")
        if self.arity is not None:
            return self
        if n not in self._members:
            slots = {part: tuple(map(getattr(self, part), range(n))) for part in PER_SLOT}
            code = replace(self.code, vjps=tuple(map(self.code.vjps, range(n))))
            self._members[n] = replace(self, arity=n, code=code, **slots)
        return self._members[n]

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"<op {self.name}>"


class IncompleteOp(TypeError):
    """A declaration that lacks a part; the message names the op and the part."""


def _check_complete(op: Op) -> None:
    """Raises IncompleteOp where a part of the declaration is missing or its slots do not match the arity."""
    if op.arity is None:
        for part in PER_SLOT:
            if not callable(getattr(op, part)):
                raise IncompleteOp(f"{op.name}: {part} has to be a function of the slot, for any number of operands")
        if not callable(op.code.vjps):
            raise IncompleteOp(f"{op.name}: code.vjps has to be a function of the slot, for any number of operands")
        for n in {len(case.inputs) for case in op.examples if op.takes(len(case.inputs))} or {op.at_least}:
            _check_slots(op.of(n))
    else:
        _check_slots(op)
    for case in op.examples:
        if not op.takes(len(case.inputs)):
            slots = f"{op.arity} slots" if op.arity is not None else f"at least {op.at_least} slots"
            raise IncompleteOp(f"{op.name}: an example has {len(case.inputs)} operands for {slots}")


def _check_slots(op: Op) -> None:
    for part in PER_SLOT:
        if len(getattr(op, part)) != op.arity:
            raise IncompleteOp(f"{op.name}: {part} has {len(getattr(op, part))} entries for {op.arity} slots")
    for part in ("name", "says", "symbol", "examples"):
        if not getattr(op, part):
            raise IncompleteOp(f"{op.name or 'an op with no name'}: {part} is empty")
    if op.why and len(op.why) != op.arity:
        raise IncompleteOp(f"{op.name}: why has {len(op.why)} entries for {op.arity} slots")
    if not op.code.numpy or not op.code.torch:
        raise IncompleteOp(f"{op.name}: code has no {'torch' if op.code.numpy else 'numpy'}")
    if len(op.code.vjps) != op.arity:
        raise IncompleteOp(f"{op.name}: code.vjps has {len(op.code.vjps)} entries for {op.arity} slots")
    for slot, vjp in enumerate(op.vjps):
        if vjp is not None and not op.code.vjps[slot]:
            raise IncompleteOp(f"{op.name}: slot {slot} has a VJP and no code for it")
        for part in ("jacobian_latex", "product_latex", "says_back"):
            if vjp is not None and not getattr(op, part)[slot]:
                raise IncompleteOp(f"{op.name}: slot {slot} has a VJP and no {part}")
    for case in op.examples:
        if unknown := set(case.attributes) - set(op.attributes):
            raise IncompleteOp(f"{op.name}: an example uses the attributes {sorted(unknown)}, which are not declared")


class Registry(Mapping[str, Op]):
    """The declared ops by name, in order of declaration. An incomplete declaration, or a name given twice, is refused."""

    def __init__(self) -> None:
        self._ops: dict[str, Op] = {}

    def declare(self, **parts: Any) -> Op:
        """Declare an op from its parts (see `Op`) and return it. Raises IncompleteOp."""
        try:
            op = Op(**parts)
        except TypeError as e:
            raise IncompleteOp(f"{parts.get('name', 'an op with no name')}: {e}") from None
        _check_complete(op)
        taken = {word for other in self._ops.values() for word in (other.function, *other.aliases) if word}
        if op.name in self._ops or taken & {op.function, *op.aliases}:
            raise IncompleteOp(f"{op.name}: this name is declared already")
        self._ops[op.name] = op
        return op

    def functions(self) -> dict[str, Op]:
        """The ops that can be called by name in equations, aliases included."""
        return {word: op for op in self._ops.values() for word in (op.function, *op.aliases) if word}

    def __getitem__(self, name: str) -> Op:
        return self._ops[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ops)

    def __len__(self) -> int:
        return len(self._ops)


registry = Registry()
