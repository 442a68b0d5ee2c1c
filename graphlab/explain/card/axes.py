"""The axes of every vertex by the names of their sizes: what is (4, 3) in numbers is D × H on the slide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...graph import Graph, Operation
from ...op import ShapeMismatch

if TYPE_CHECKING:
    from ...scenario import Scenario

_UNIT = 10**6  # the shape rules are run on powers of it, so that a sum of sizes can be read off its digits


@dataclass(frozen=True)
class Axis:
    """One axis: its size, and what that is called ("H", "T − 2"); "" where it is a number only."""

    size: int
    name: str = ""

    @property
    def label(self) -> str:
        """The name, or the size where there is none."""
        return self.name or str(self.size)


Axes = tuple[Axis, ...]


def numbered(shape: Sequence[int]) -> Axes:
    """The axes of a shape that has no names."""
    return tuple(Axis(n) for n in shape)


def named(scenario: Scenario) -> dict[str, Axes]:
    """The axes of every vertex of a scenario's graph, as its sizes name them."""
    return named_axes(scenario.graph, scenario.shapes, scenario.sizes)


def named_axes(graph: Graph, shapes: Mapping[str, Sequence[int | str]], sizes: Mapping[str, int]) -> dict[str, Axes]:
    """The axes of every vertex. `shapes` is what is declared, with names of `sizes` in it.

    What is computed gets its names from the ops' own shape rules, run on sizes that can be told apart.
    """
    probes = {name: _UNIT ** (i + 1) for i, name in enumerate(sizes)}
    found = {name: tuple(v.shape) for name, v in graph.vertices.items()}
    for name, shape in _declared(graph, shapes).items():
        if len(shape) == len(found.get(name, ())):
            found[name] = tuple(probes.get(n, n) if isinstance(n, str) else n for n in shape)
    free = {name for name in found if name not in graph.producer and found[name] == graph.vertices[name].shape}
    for operation in graph.operations:
        shape = _run(operation, found, free, sizes)
        if shape is not None and len(shape) == len(found[operation.output]):
            found[operation.output] = tuple(shape)
    actual = {name: v.shape for name, v in graph.vertices.items()}
    return {
        name: tuple(Axis(n, _name(probe, n, sizes)) for probe, n in zip(shape, actual[name], strict=True))
        for name, shape in found.items()
    }


def _run(operation: Operation, found: dict, free: Collection[str], sizes: Mapping[str, int]) -> Sequence[int] | None:
    """The shape of what an operation computes; None where a size that has no name meets one that has.

    Where such a size is that of a vertex with no declaration (h_0 = 0), it takes the name that the shape rule asks for.
    """
    shapes = [found[name] for name in operation.inputs]
    for _ in (1, 2):
        try:
            return operation.op.shape(*shapes, **operation.attributes)
        except ShapeMismatch as e:
            for slot, wanted in e.wanted.items():
                name, shape = operation.inputs[slot], tuple(wanted)
                if sum(shape) > sum(shapes[slot]) and _sizes(shape, sizes) == _sizes(shapes[slot], sizes):
                    shapes[slot] = shape  # the same sizes, and more of them with a name
                    if name in free:
                        found[name] = shape
    return None


def _sizes(shape: Sequence[int], sizes: Mapping[str, int]) -> list[int]:
    return [_size(n, sizes) for n in shape]


def _declared(graph: Graph, shapes: Mapping[str, Sequence[int | str]]) -> dict[str, tuple[int | str, ...]]:
    """The declared shapes by vertex: of a sequence, each of its steps has the shape without the time."""
    found = {name: tuple(shape) for name, shape in shapes.items() if name in graph.vertices}
    for name, steps in graph.sequences.items():
        if name in shapes:
            found |= dict.fromkeys(steps, tuple(shapes[name])[1:])
    return found


def _size(probe: int, sizes: Mapping[str, int]) -> int:
    """The actual size of a probed one."""
    rest = (probe + _UNIT // 2) // _UNIT
    total = probe - rest * _UNIT
    for n in sizes.values():
        rest, count = divmod(rest, _UNIT)
        total += count * n
    return total


def _name(probe: int, size: int, sizes: Mapping[str, int]) -> str:
    """What a probed size is called: "H", "2H", "H + D", "T − 2"; "" for a plain number."""
    rest = (probe + _UNIT // 2) // _UNIT
    constant = probe - rest * _UNIT
    parts = []
    for name in sizes:
        rest, count = divmod(rest, _UNIT)
        if count:
            parts.append(f"{count if count > 1 else ''}{name}")
    if not parts or _size(probe, sizes) != size:
        return ""
    tail = f" {'+' if constant > 0 else '−'} {abs(constant)}" if constant else ""
    return " + ".join(parts) + tail
