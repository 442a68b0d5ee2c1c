"""Vertex, Operation, Graph: a computation graph as frozen data, with no arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from .op import Op, Shape

Kind = Literal["input", "parameter", "temporary", "output", "constant"]


@dataclass(frozen=True)
class Vertex:
    """A circle of the graph: a named array.

    `latex` is its name as mathematics. `value` is the number of a constant that was written as a digit in the text;
    None for everything that is fed or computed. `t` is the time step it belongs to, None outside of time; `base` its
    name without the step ("h" of h_2), "" where it has none.
    """

    name: str
    kind: Kind
    shape: Shape
    latex: str
    value: float | None = None
    t: int | None = None
    base: str = ""

    @property
    def size(self) -> int:
        """The number of elements."""
        size = 1
        for n in self.shape:
            size *= n
        return size


@dataclass(frozen=True)
class Operation:
    """A rectangle of the graph: one application of an op. `inputs` are vertex names, one a slot, in order.

    `text` is the part of the user's equation it was read from, for messages ("x W_1"). `t` is the time step it is
    unrolled in, None outside of time; `run` the number of its run through time, from 0: 1 for a decoder behind its
    encoder. `equation` is the name on the left of its equation, without the step ("f" for f_t).
    """

    op: Op
    inputs: tuple[str, ...]
    output: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    text: str = ""
    t: int | None = None
    equation: str = ""
    run: int = 0

    def __post_init__(self) -> None:
        if self.op.arity is None:  # of a family, the member with as many operands
            object.__setattr__(self, "op", self.op.of(len(self.inputs)))

    def __hash__(self) -> int:
        return hash((self.op.name, self.inputs, self.output))


@dataclass(frozen=True)
class Block:
    """Equations that belong together, such as a layer or a cell; `titles` says by language what they are called."""

    equations: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadEquation:
    """An equation as it was understood: the name it defines, its typeset form, and the shape of its result.

    `latex` is written from the operations that compute it. Of an equation over time it is that of one step.
    """

    name: str
    latex: str
    shape: Shape


@dataclass(frozen=True)
class ReadName:
    """A name that is fed, as it was understood. `inferred` is whether the text and its user left its shape open."""

    name: str
    latex: str
    kind: Kind
    shape: Shape
    inferred: bool


@dataclass(frozen=True)
class Reading:
    """How a text was understood.

    equations   in order of evaluation
    names       what is fed, in order of appearance; a sequence under its own name
    convention  "rows" or "columns" where the products of the text show which its vectors are, else ""
    remarks     words and equation numbers that are no part of an equation, as they were written
    """

    equations: tuple[ReadEquation, ...] = ()
    names: tuple[ReadName, ...] = ()
    convention: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Graph:
    """Vertices by name, and operations in order of evaluation. Every vertex is the output of at most one operation.

    `sequences` names the vertices of each fed sequence in the order of time: {"x": ("x_1", "x_2", "x_3")}. A sequence
    is fed as one array under its own name, axis 0 is time. `blocks` are the named groups of its equations. `understood` makes
    its `reading`, how the text was understood.
    """

    vertices: Mapping[str, Vertex]
    operations: tuple[Operation, ...]
    text: str = ""
    sequences: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    blocks: Mapping[str, Block] = field(default_factory=dict)
    understood: Callable[[Graph], Reading] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "vertices", MappingProxyType(dict(self.vertices)))
        known = {name for name, v in self.vertices.items() if v.kind in ("input", "parameter", "constant")}
        for operation in self.operations:
            if len(operation.inputs) != operation.op.arity:
                raise ValueError(f"{operation.output}: {operation.op} takes {operation.op.arity} operands")
            for name in operation.inputs:
                if name not in known:
                    raise ValueError(f"{operation.output} uses {name} before it is computed")
            if operation.output in known or operation.output not in self.vertices:
                raise ValueError(f"{operation.output} is computed twice, or is not a vertex")
            known.add(operation.output)

    @cached_property
    def reading(self) -> Reading:
        """How the text was understood; empty for a graph that was not made of a text."""
        return self.understood(self) if self.understood is not None else Reading()

    @cached_property
    def producer(self) -> Mapping[str, Operation]:
        """The operation that computes a vertex; absent for inputs, parameters and constants."""
        return MappingProxyType({o.output: o for o in self.operations})

    @cached_property
    def consumers(self) -> Mapping[str, tuple[tuple[Operation, int], ...]]:
        """For each vertex, every (operation, slot) it enters, in order of evaluation. `x ⊙ x` enters twice."""
        found: dict[str, list[tuple[Operation, int]]] = {name: [] for name in self.vertices}
        for operation in self.operations:
            for slot, name in enumerate(operation.inputs):
                found[name].append((operation, slot))
        return MappingProxyType({name: tuple(places) for name, places in found.items()})

    def names(self, *kinds: Kind) -> tuple[str, ...]:
        """The vertices of these kinds, in order of appearance."""
        return tuple(name for name, v in self.vertices.items() if v.kind in kinds)

    @cached_property
    def fed(self) -> tuple[str, ...]:
        """What has to be fed: inputs, parameters, and constants that are not plain numbers; a sequence under its name."""
        leaves = (n for n in self.names("input", "parameter", "constant") if self.vertices[n].value is None)
        sequence_of = {step: name for name, steps in self.sequences.items() for step in steps}
        return tuple(dict.fromkeys(sequence_of.get(n, n) for n in leaves))

    def fed_shape(self, name: str) -> Shape:
        """The shape of a fed value: of a sequence, the number of time steps and then the shape of one."""
        steps = self.sequences.get(name)
        return (len(steps), *self.vertices[steps[0]].shape) if steps else self.vertices[name].shape

    def expanded(self, names: Iterable[str]) -> tuple[str, ...]:
        """Vertices by name, each once: a sequence stands for its time steps."""
        return tuple(dict.fromkeys(step for name in names for step in self.sequences.get(name, (name,))))

    def reaching(self, target: str) -> frozenset[str]:
        """The vertices that a gradient of `target` flows to, `target` among them."""
        reached = {target}
        for operation in reversed(self.operations):
            if operation.output in reached:
                reached.update(n for n, vjp in zip(operation.inputs, operation.op.vjps, strict=True) if vjp)
        return frozenset(reached)

    def depending_on(self, sources: Iterable[str]) -> frozenset[str]:
        """The vertices that a change of one of `sources` can change with a gradient, `sources` among them."""
        moved = set(sources)
        for operation in self.operations:
            if any(n in moved and vjp for n, vjp in zip(operation.inputs, operation.op.vjps, strict=True)):
                moved.add(operation.output)
        return frozenset(moved)
