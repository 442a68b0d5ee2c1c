"""A graph as a program: its operations forward, then their VJPs backward, recorded once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..engine.sweep import sequences
from ..graph import Graph, Operation
from ..op import Shape
from ..ops import registry
from .program import VIEWS, Node, Program
from .recorder import Namespace, Symbol, Unrecordable


@dataclass(frozen=True)
class Recording:
    """What a plan computes: the feeds it reads, the loss, and the gradients, each a node with memory of its own."""

    feeds: Mapping[str, Node]
    loss: Node
    gradients: Mapping[str, Node]

    @property
    def outputs(self) -> tuple[Node, ...]:
        return (self.loss, *self.gradients.values())

    def order(self) -> list[Node]:
        """Everything that the outputs need, operands first. What nobody needs is not here."""
        needed: set[Node] = set()
        todo = list(self.outputs)
        while todo:
            node = todo.pop()
            if node not in needed:
                needed.add(node)
                todo.extend(node.args)
        return sorted(needed, key=lambda node: node.index)


def record(graph: Graph, of: str, wrt: tuple[str, ...]) -> Recording:
    """The program for the value of `of` and for its gradients by `wrt`; a vertex that `of` does not reach is absent."""
    xp = Namespace(Program())
    operations = fused(needed(graph, of), of, graph.expanded(wrt))
    values = {name: xp.full(v.shape, v.value) for name, v in graph.vertices.items() if v.value is not None}
    for name in graph.fed:
        values[name] = xp.wrap(xp.program.feed(name, graph.fed_shape(name)))
        values |= {step: values[name][t, ...] for t, step in enumerate(graph.sequences.get(name, ()))}
    for operation in operations:
        inputs = tuple(values[name] for name in operation.inputs)
        shape = graph.vertices[operation.output].shape
        values[operation.output] = _run(xp, operation.op.forward, inputs, operation.attributes, shape)
    gradients = _backward(graph, operations, values, of, graph.expanded(wrt))
    gradients |= sequences(graph, values, gradients)
    outputs = _outputs(xp.program, {"": values[of].node} | {n: gradients[n].node for n in wrt if n in gradients})
    return Recording({name: values[name].node for name in graph.fed}, **outputs)


def needed(graph: Graph, of: str) -> list[Operation]:
    """The operations that the value of `of` depends on, in order."""
    wanted, found = {of}, []
    for operation in reversed(graph.operations):
        if operation.output in wanted:
            wanted.update(operation.inputs)
            found.append(operation)
    return found[::-1]


def fused(operations: list[Operation], of: str, wrt: tuple[str, ...]) -> list[Operation]:
    """The operations with each pair that has a stable form (sigma and BCE) replaced by it.

    A pair stays as it is where its inner output is used elsewhere too, or its gradient is wanted.
    """
    producer = {o.output: o for o in operations}
    uses: dict[str, int] = {of: 1} | dict.fromkeys(wrt, 1)
    for operation in operations:
        for name in operation.inputs:
            uses[name] = uses.get(name, 0) + 1
    merged, result = set(), []
    for operation in operations:
        for fusion in operation.op.fusions:
            name = operation.inputs[fusion.slot]
            if (inner := producer.get(name)) is None:
                continue
            # A copy of an op with another VJP is a different op: only the declared pair is known to be equal.
            declared = all(registry.get(o.op.name) is o.op for o in (operation, inner))
            # The stable form of softmax goes along its usual axis, as everything in it has its usual settings.
            usual = all(inner.op.attributes[k] == value for k, value in inner.attributes.items())
            if declared and usual and inner.op.name == fusion.inner and uses[name] == 1:
                inputs = list(operation.inputs)
                inputs[fusion.slot] = inner.inputs[0]
                operation = Operation(registry[fusion.into], tuple(inputs), operation.output)
                merged.add(name)
                break
        result.append(operation)
    return [o for o in result if o.output not in merged]


def _backward(
    graph: Graph, operations: list[Operation], values: Mapping[str, Symbol], of: str, wrt: tuple[str, ...]
) -> dict[str, Symbol]:
    """The sweep of `engine.sweep`, recorded. The gradient 1 of the loss is a constant and is folded away."""
    xp = values[of].__array_namespace__()
    within = graph.depending_on(wrt)
    gradients = {of: xp.ones_like(values[of])}
    for operation in reversed(operations):
        g = gradients.get(operation.output)
        if g is None:
            continue
        inputs = tuple(values[name] for name in operation.inputs)
        for slot, name in enumerate(operation.inputs):
            vjp = operation.op.vjps[slot]
            if vjp is None or name not in within:
                continue
            shape = graph.vertices[name].shape
            part = _run(xp, vjp, (g, values[operation.output], *inputs), operation.attributes, shape)
            gradients[name] = gradients[name] + part if name in gradients else part  # pyright: ignore[reportOperatorIssue]
    return gradients


def _run(
    xp: Namespace, function: Callable[..., Any], args: tuple[Symbol, ...], attributes: Mapping[str, Any], shape: Shape
) -> Symbol:
    """The result of an op's forward or VJP, recorded; where it can not be recorded, a call of it as it is."""
    function = partial(function, **attributes)
    try:
        result = xp.wrap(xp.node(function(*args)))
    except (Unrecordable, TypeError, AttributeError):
        result = xp.wrap(xp.program.call(function, tuple(a.node for a in args), shape))
    if result.shape != shape:
        raise ValueError(f"{function.func} gives the shape {result.shape}, and not {shape}")
    return result


def _outputs(program: Program, nodes: Mapping[str, Node]) -> dict[str, Any]:
    """Each node in memory of its own: a caller may change one gradient without changing another, or a feed.

    The loss goes by the name "", which no vertex has.
    """
    owned: dict[str, Node] = {}
    for name, node in nodes.items():
        if node.kind in VIEWS:
            node = program.copy(node, name)
        if node in owned.values() or node.kind in ("feed", "number"):
            node = program.copy(node, name)
        owned[name] = node
    return {"loss": owned.pop(""), "gradients": owned}
