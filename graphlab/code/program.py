"""From a graph to a program: its head, one line or more for each step of the walk, and what it returns."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from textwrap import wrap

from ..engine import Walk
from ..engine.sweep import check_target
from ..errors import N_, GraphlabError, message
from ..graph import Graph, Operation
from ..i18n import translator
from ..op import Helper, Source
from .course import Passed, course
from .expressions import folded, literal, source, written
from .listing import Line, Listing
from .names import identifiers

LANGUAGES = {"numpy": "NumPy", "pytorch": "PyTorch"}
"""The languages of programs, and what they are called."""
FUNCTION = "forward_backward"
WIDEST_REMARK = 64  # characters
UNPACKED = 8  # time steps of a sequence that are named in one line

TENSORS = {
    "tensor": Helper("", "def tensor(a):\n    return torch.tensor(a, dtype=torch.float64)\n"),
    "leaf": Helper(
        N_("A tensor that is to receive a gradient."),
        "def leaf(a):\n    return torch.tensor(a, dtype=torch.float64, requires_grad=True)\n",
    ),
}


def code(
    of_what: Graph | Walk,
    language: str = "numpy",
    *,
    of: str = "loss",
    wrt: Iterable[str] | None = None,
    lang: str = "en",
) -> Listing:
    """The program of a walk: a function of the fed values that returns the loss and {vertex: gradient}.

    Of a Walk it has the very steps, and of a Graph those of `trace(graph, feeds, of, wrt=wrt)`, so that a line knows its
    steps. The gradients it returns are those of `wrt`, or of everything fed that the walk reaches. `language` is
    "numpy" or "pytorch", `lang` the language of the comments.
    Raises GraphlabError for a language that is not known, where `of` is not a scalar vertex, and where `wrt` names
    something that is not a vertex.
    """
    if language not in LANGUAGES:
        raise GraphlabError(
            message(
                N_("there is no program in {language}: choose one of {names}"),
                language=language,
                names=", ".join(LANGUAGES),
            )
        )
    graph, within = of_what, None
    if isinstance(of_what, Walk):
        graph, of = of_what.graph, of_what.of
        within = {c.vertex for step in of_what for c in step.contributions}
    wanted = None if wrt is None else tuple(wrt)
    check_target(graph, of)
    for name in graph.expanded(wanted or ()):
        if name not in graph.vertices:
            raise GraphlabError(message(N_("there is no vertex {name} in this graph"), name=name))
    if within is None and wanted is not None:
        within = graph.depending_on(graph.expanded(wanted))
    writer = _Numpy if language == "numpy" else _Torch
    return writer(graph, of, course(graph, of, within), wanted, translator(lang)).listing()


def _called(helpers: Mapping[str, Helper], texts: Iterable[str]) -> list[str]:
    """The helpers that the texts call, and those that these call, in the order in which they lean on each other."""
    known, found = dict(helpers), []

    def visit(text: str) -> None:
        for name in re.findall(r"(?<![\w.])(\w+)\(", text):
            if name in known:
                helper = known.pop(name)
                visit(helper.text)
                found.append(name)

    for text in texts:
        visit(text)
    return found


@dataclass
class _Writer(ABC):
    """What both languages share. The lines of the function's body are gathered first, then the head is written."""

    graph: Graph
    of: str
    passes: tuple[Passed, ...]
    wanted: tuple[str, ...] | None
    say: Callable[[str], str]
    body: list[Line] = field(default_factory=list)
    helpers: dict[str, Helper] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for operation in self.graph.operations:
            self.helpers |= self.helpers_of(operation)
        taken = {FUNCTION, *self.helpers, *TENSORS}
        self.names = identifiers([*self.graph.vertices, *self.graph.sequences], taken)
        grads = identifiers((f"grad_{self.names[n]}" for n in self.names), taken | set(self.names.values()))
        self.grads = dict(zip(self.names, grads.values(), strict=True))
        self.reached = {self.of} | {sent.vertex for p in self.passes for sent in p.sent}

    @abstractmethod
    def helpers_of(self, operation: Operation) -> Mapping[str, Helper]: ...

    # -- pieces

    def put(self, text: str, steps: Iterable[int] = (), phase: str = "", operation: Operation | None = None) -> None:
        """A line of the function's body; a long one is broken."""
        self.body += [Line(line.rstrip(), tuple(steps), phase, operation) for line in folded(text)]

    def remark(self, text: str, phase: str = "") -> None:
        self.put(f"# {text}", phase=phase)

    def operands(self, operation: Operation) -> tuple[Source, ...]:
        """The names of the operands; a number of the text stands as it is."""
        vertices = [self.graph.vertices[name] for name in operation.inputs]
        numbers = all(v.value is not None for v in vertices)  # then nothing would make an array of them
        return tuple(
            source(self.names[v.name], v)
            if v.value is None or v.shape
            else Source(self.array(v.value) if numbers else literal(v.value), ())
            for v in vertices
        )

    @abstractmethod
    def array(self, value: float) -> str: ...

    def returned(self) -> list[str]:
        """The vertices, and sequences, whose gradients are returned."""
        reached = [n for n in (self.wanted or self.graph.fed) if self.reached.intersection(self.graph.expanded([n]))]
        return list(dict.fromkeys(reached))

    # -- parts

    def listing(self) -> Listing:
        self.prepare()
        self.forward()
        self.backward()
        self.finish()
        fed = {name: self.names[name] for name in self.graph.fed}
        head = [Line(text) for text in self.imports()]
        for name in _called(self.helpers, (line.text for line in self.body)):
            head += [Line(""), Line(""), *map(Line, self.helper_lines(self.helpers[name]))]
        head += [Line(""), Line("")]
        head += [Line(text) for text in folded(f"def {FUNCTION}({', '.join(fed.values())}):", "")]
        return Listing(self.language, (*head, *self.body), fed, FUNCTION)

    def helper_lines(self, helper: Helper) -> list[str]:
        lines = helper.text.rstrip("\n").split("\n")
        return [lines[0], *([f'    """{self.say(helper.says)}"""'] if helper.says else []), *lines[1:]]

    def shapes(self) -> None:
        """What is to be fed, as a comment."""
        number = self.say(N_("a number"))
        told = (f"{self.names[n]}: {self.graph.fed_shape(n) or number}" for n in self.graph.fed)
        whole = ", ".join(text.replace(" ", "\u00a0") for text in told)  # broken between names alone
        for text in wrap(whole, WIDEST_REMARK, break_long_words=False):
            self.remark(text.replace("\u00a0", " "))

    def unpacked(self) -> None:
        """The steps of each sequence by their own names."""
        for name, steps in self.graph.sequences.items():
            for start in range(0, len(steps), UNPACKED):
                some = [self.names[s] for s in steps[start : start + UNPACKED]]
                part = "" if len(steps) <= UNPACKED else f"[{start}:{start + len(some)}]"
                self.put(f"{', '.join(some)}{',' if len(some) == 1 else ''} = {self.names[name]}{part}")

    def constants(self, zeros: str, full: str) -> None:
        """Constants with a shape, such as h_0 = 0."""
        for v in self.graph.vertices.values():
            if v.value is not None and v.shape:
                made = zeros.format(shape=v.shape) if v.value == 0 else full.format(shape=v.shape, value=v.value)
                self.put(f"{self.names[v.name]} = {made}")

    def forward(self) -> None:
        self.put("")
        self.remark(self.say(N_("forward")), "forward")
        t = None
        for index, operation in enumerate(self.graph.operations, 1):
            if operation.t is not None and operation.t != t:
                self.remark(f"t = {operation.t}", "forward")
            t = operation.t if operation.t is not None else t
            shape = self.graph.vertices[operation.output].shape
            remark = f"  # {shape}" if shape else ""
            text = f"{self.names[operation.output]} = {self.value(operation)}{remark}"
            self.put(text, [index], "forward", operation)

    @property
    def seed(self) -> int:
        """The step that starts the backward pass."""
        return len(self.graph.operations) + 1

    @abstractmethod
    def value(self, operation: Operation) -> str: ...


class _Numpy(_Writer):
    language = "numpy"

    def helpers_of(self, operation: Operation) -> Mapping[str, Helper]:
        return operation.op.code.helpers

    def imports(self) -> list[str]:
        return ["import numpy as np"]

    def array(self, value: float) -> str:
        return f"np.float64({value!r})"

    def prepare(self) -> None:
        self.shapes()
        self.unpacked()
        self.constants("np.zeros({shape})", "np.full({shape}, {value!r})")

    def value(self, operation: Operation) -> str:
        return written(operation.op.code.numpy, operation, self.operands(operation))

    def backward(self) -> None:
        self.put("")
        self.remark(self.say(N_("backward")), "backward")
        self.put(f"{self.grads[self.of]} = 1.0", [self.seed], "backward")
        t = None
        for p in self.passes:
            if p.operation.t is not None and p.operation.t != t:
                self.remark(f"t = {p.operation.t}", "backward")
                t = p.operation.t
            for text in self.sends(p):
                self.put(text, [p.index], "backward", p.operation)

    def sends(self, p: Passed) -> Iterator[str]:
        """One line for each slot that a gradient goes back through; a further part is added to what is there."""
        output = self.graph.vertices[p.operation.output]
        ahead = source(self.grads[output.name], output), source(self.names[output.name], output)
        for sent in p.sent:
            product = written(p.operation.op.code.vjps[sent.slot], p.operation, self.operands(p.operation), *ahead)
            grad = self.grads[sent.vertex]
            before = f"{grad} + " if sent.part > 1 else ""
            text = f"{grad} = {before}{f'({product})' if before and product.startswith('-') else product}"
            if sent.parts > 1:
                told = self.say(N_("part {part} of {parts}")).format(part=sent.part, parts=sent.parts)
                text += f"  # {told}"
            yield text

    def finish(self) -> None:
        self.put("")
        pairs = []
        for name in self.returned():
            if steps := self.graph.sequences.get(name):
                parts = [self.grads[s] if s in self.reached else f"np.zeros_like({self.names[s]})" for s in steps]
                self.put(f"{self.grads[name]} = np.stack([{', '.join(parts)}])")
            pairs.append(f'"{name}": {self.grads[name]}')
        self.put(f"return {self.names[self.of]}, {{{', '.join(pairs)}}}")


class _Torch(_Writer):
    language = "pytorch"

    def helpers_of(self, operation: Operation) -> Mapping[str, Helper]:
        return operation.op.code.torch_helpers

    def imports(self) -> list[str]:
        functional = any(re.search(r"\bF\.", line.text) for line in self.body)
        return ["import torch", *(["import torch.nn.functional as F"] if functional else [])]

    def array(self, value: float) -> str:
        return f"tensor({value!r})"

    def prepare(self) -> None:
        self.helpers |= TENSORS
        self.shapes()
        differentiated = set(self.returned())
        for name in self.graph.fed:
            own = self.names[name]
            self.put(f"{own} = {'leaf' if name in differentiated else 'tensor'}({own})")
        self.unpacked()
        self.constants(
            "torch.zeros({shape}, dtype=torch.float64)", "torch.full({shape}, {value!r}, dtype=torch.float64)"
        )

    def value(self, operation: Operation) -> str:
        operands = self.operands(operation)
        text = written(operation.op.code.torch, operation, operands)
        if re.search(r"\b(torch|F)\.|\btensor\(", text):  # its functions take tensors alone
            vertices = [self.graph.vertices[name] for name in operation.inputs]
            tensors = (
                s if v.value is None or v.shape else Source(self.array(v.value), ())
                for s, v in zip(operands, vertices, strict=True)
            )
            text = written(operation.op.code.torch, operation, tuple(tensors))
        return text

    def backward(self) -> None:
        kept = [n for n in self.returned() if n not in self.graph.fed]
        for name in kept:
            self.put(f"{self.names[name]}.retain_grad()")
        self.put("")
        self.remark(self.say(N_("backward")), "backward")
        if self.passes:
            steps = [self.seed, *(p.index for p in self.passes)]
            self.put(f"{self.names[self.of]}.backward()", steps, "backward")

    def finish(self) -> None:
        complete = {s.vertex: p for p in self.passes for s in p.sent}
        for name in self.returned():
            ends = [complete[n] for n in self.graph.expanded([name]) if n in complete]
            last = max(ends, key=lambda p: p.index, default=None)
            steps, operation = ([last.index], last.operation) if last else ([], None)
            self.put(f"{self.grads[name]} = {self.names[name]}.grad", steps, "backward", operation)
        self.put("")
        pairs = ", ".join(f'"{name}": {self.grads[name]}' for name in self.returned())
        self.put(f"return {self.names[self.of]}.item(), {{{pairs}}}")
