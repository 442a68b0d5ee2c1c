"""The checks that hold for every op of a registry, one function a check; each raises AssertionError."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from string import Formatter

import numpy as np

from graphlab.op import Example, Op, Registry, Term

STEP = np.finfo(np.float64).eps ** (1 / 3)
Convert = Callable[[np.ndarray], object]


def cases(registry: Registry, applies: Callable[[Op], object] = lambda op: True) -> list[tuple[Op, Example]]:
    """Every op with every one of its examples; of a family, the member with as many operands.

    `applies` says for which ops a check says anything: a case that it leaves out would assert nothing.
    """
    found = [(op.of(len(example.inputs)), example) for op in registry.values() for example in op.examples]
    return [(op, example) for op, example in found if applies(op)]


def sends(op: Op) -> bool:
    """Whether a gradient flows to any operand."""
    return any(vjp is not None for vjp in op.vjps)


def has_closed_jacobian(op: Op) -> bool:
    """Whether an operand that receives a gradient has its Jacobian in closed form."""
    return any(j is not None and vjp is not None for j, vjp in zip(op.jacobians, op.vjps, strict=True))


def case_id(value: object) -> str:
    """A short name for pytest: the op, and the shapes of the example."""
    if isinstance(value, Op):
        return value.name
    shapes = [np.shape(x) for x in value.inputs]
    return ",".join([*map(str, shapes), *(f"{k}={v}" for k, v in value.attributes.items())]).replace(" ", "")


def operands(example: Example) -> list[np.ndarray]:
    return [np.asarray(x, dtype=np.float64) for x in example.inputs]


def output(op: Op, example: Example) -> np.ndarray:
    return np.asarray(op.forward(*operands(example), **example.attributes))


def upstream(shape: tuple[int, ...]) -> np.ndarray:
    """A gradient with no two elements alike, and of both signs."""
    n = int(np.prod(shape))
    return np.reshape(np.cos(np.arange(n) * 1.7 + 0.3) + 0.1, shape)


def shape_rule_agrees(op: Op, example: Example) -> None:
    """The shape rule gives the shape that forward gives."""
    assert op.shape(*(x.shape for x in operands(example)), **example.attributes) == output(op, example).shape


def central_difference(op: Op, example: Example, slot: int, g: np.ndarray) -> np.ndarray:
    """∂(g · y) / ∂(operand of the slot), element by element. What is infinite stays so, and is left out."""
    inputs = operands(example)
    finite = np.isfinite(output(op, example))
    x, estimate = inputs[slot], np.zeros_like(inputs[slot])
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + STEP
        above = np.sum((g * np.asarray(op.forward(*inputs, **example.attributes)))[finite])
        x[index] = kept - STEP
        below = np.sum((g * np.asarray(op.forward(*inputs, **example.attributes)))[finite])
        x[index] = kept
        estimate[index] = (above - below) / (2 * STEP)
    return estimate


def vjp_agrees_with_differences(op: Op, example: Example) -> None:
    """Every slot's VJP is of the operand's shape, and equals the central differences."""
    inputs, y = operands(example), output(op, example)
    g = upstream(y.shape)
    for slot, vjp in enumerate(op.vjps):
        if vjp is None:
            continue
        product = np.asarray(vjp(g, y, *inputs, **example.attributes))
        assert product.shape == inputs[slot].shape, f"slot {slot}"
        expected = central_difference(op, example, slot, g)
        size = max(1.0, np.abs(expected).max(initial=0))
        assert np.abs(product - expected).max(initial=0) / size < 1e-7, f"slot {slot}: {product} against {expected}"


def jacobian_agrees_with_vjp(op: Op, example: Example) -> None:
    """A Jacobian in closed form has the shape of y and then of the operand, and its rows are the VJPs of unit vectors."""
    inputs, y = operands(example), output(op, example)
    for slot, (jacobian, vjp) in enumerate(zip(op.jacobians, op.vjps, strict=True)):
        if jacobian is None or vjp is None:
            continue
        closed = np.asarray(jacobian(y, *inputs, **example.attributes))
        assert closed.shape == y.shape + inputs[slot].shape, f"slot {slot}"
        for index in np.ndindex(y.shape):
            unit = np.zeros_like(y)
            unit[index] = 1
            row = np.asarray(vjp(unit, y, *inputs, **example.attributes))
            np.testing.assert_allclose(closed[index], row, rtol=1e-12, atol=1e-14, err_msg=f"slot {slot} at {index}")


def formulas(op: Op, example: Example) -> Iterator[str]:
    """All LaTeX that the op writes for the example, with plain names for its operands."""
    op = op.of(len(example.inputs))
    shapes = [x.shape for x in operands(example)]
    y_shape = output(op, example).shape

    def name(letter: str, shape: tuple[int, ...]) -> Term:
        return Term(rf"\mathbf{{{letter}}}" if shape else letter, shape)

    terms = [name(letter, shape) for letter, shape in zip("abcde", shapes, strict=False)]
    y, g = name("y", y_shape), Term(rf"\nabla_{{{name('y', y_shape)}}} \mathcal{{L}}", y_shape)
    yield op.symbol if isinstance(op.symbol, str) else op.symbol(*terms, **example.attributes)
    yield op.latex(*terms, **example.attributes)
    for jacobian in filter(None, op.jacobian_latex):
        yield jacobian(y, *terms, **example.attributes)
    for product in filter(None, op.product_latex):
        yield product(g, y, *terms, **example.attributes)


def templates(op: Op, example: Example) -> Iterator[str]:
    """All sentences that the op has for the example."""
    terms = [Term("a", x.shape) for x in operands(example)]
    for says in (op.says, op.says_all, *op.says_back):
        if says:
            yield says if isinstance(says, str) else says(*terms, **example.attributes)


def sentences_have_known_placeholders(op: Op, example: Example) -> None:
    """Sentences name y and the operands, nothing else, and read as sentences."""
    known = {"y", *"abcde"[: op.arity]}
    for template in filter(None, templates(op, example)):
        used = {field for _, field, _, _ in Formatter().parse(template) if field is not None}
        assert used <= known, template
        assert re.fullmatch(r"[^a-z].*[.]", template) or template.startswith("tanh"), template


def same_numbers_elsewhere(op: Op, example: Example, convert: Convert, back: Callable[[object], np.ndarray]) -> None:
    """Forward and VJPs, given arrays of another library or device, give the same numbers there."""
    there = [convert(x) for x in operands(example)]
    y, y_there = output(op, example), op.forward(*there, **example.attributes)
    assert type(y_there) is type(there[0])
    assert y_there.device == there[0].device
    np.testing.assert_allclose(back(y_there), y, rtol=1e-12)
    g = upstream(y.shape)
    for vjp in filter(None, op.vjps):
        product = vjp(convert(g), y_there, *there, **example.attributes)
        assert type(product) is type(there[0])
        assert product.device == there[0].device
        np.testing.assert_allclose(back(product), vjp(g, y, *operands(example), **example.attributes), rtol=1e-12)
