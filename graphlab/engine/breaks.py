"""Where numbers break: the first value and the first gradient of a walk that is inf or nan, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..arrays import Array, to_host, xp_of
from ..errors import N_
from ..graph import Operation
from .trace import Walk

OVERFLOW = N_("The result is larger than the largest number there is, about 1.8·10³⁰⁸.")
GIVEN = N_("It was given so.")
INDEFINITE = N_("0 · ∞ and ∞ − ∞ are no numbers: infinity came in, and nan goes out.")
NAN_PASSED_ON = N_("A nan came in: whatever is computed from it is nan.")
PASSED_ON = N_("Infinity came in and is passed on.")
BACK_ZERO_TIMES = N_("The gradient that comes in is ∞ and the slope here is 0: 0 · ∞ is nan.")


@dataclass(frozen=True)
class Break:
    """The first element that is no finite number, forward or backward.

    index      its place in the vertex, from 0
    value      inf, -inf or nan
    step       the index of the step in the walk; 0 where the value was fed so
    operation  what computes it, or sends the gradient; None where the value was fed so
    says       a template of the catalogues on the cause, and `fills`, the names (str) and numbers (float) to put into it
    """

    phase: Literal["forward", "backward"]
    vertex: str
    index: tuple[int, ...]
    value: float
    step: int
    operation: Operation | None
    says: str
    fills: Mapping[str, Any] = field(default_factory=dict)


def element_name(name: str, index: tuple[int, ...]) -> str:
    """An element for people, counted from 1: "W_1[2, 1]"; of a scalar the name alone."""
    return f"{name}[{', '.join(str(i + 1) for i in index)}]" if index else name


def breaks(walk: Walk) -> tuple[Break, ...]:
    """The first value, the first gradient, and the first gradient that is nan after an infinite one; those there are."""
    with np.errstate(all="ignore"):
        found = [_first_value(walk), *_first_gradients(walk)]
    return tuple(b for b in found if b is not None)


def _broken(array: Array) -> tuple[int, ...] | None:
    """The first element that is inf or nan. An array on a device is moved only where it has one."""
    xp = xp_of(array)
    if bool(to_host(xp.all(xp.isfinite(array)))):
        return None
    return tuple(int(i) for i in np.argwhere(~np.isfinite(to_host(array)))[0])


def _has_nan(array: Array) -> bool:
    xp = xp_of(array)
    return bool(to_host(xp.any(xp.isnan(array))))


def _first_value(walk: Walk) -> Break | None:
    for name in walk.graph.names("input", "parameter", "constant"):
        if (index := _broken(walk.values[name])) is not None:
            return Break("forward", name, index, float(to_host(walk.values[name][index])), 0, None, GIVEN)
    for i, operation in enumerate(walk.graph.operations, 1):
        y = walk.values[operation.output]
        if (index := _broken(y)) is None or (operation.op.infinite and not _has_nan(y)):
            continue
        says, fills = _cause(walk, operation, back=False) or (_carried(walk, operation), {})
        return Break("forward", operation.output, index, float(to_host(y[index])), i, operation, says, fills)
    return None


def _carried(walk: Walk, operation: Operation) -> str:
    finite = all(_broken(walk.values[name]) is None for name in operation.inputs)
    if finite:
        return OVERFLOW
    return INDEFINITE if _has_nan(walk.values[operation.output]) else PASSED_ON


def _cause(walk: Walk, operation: Operation, *, back: bool) -> tuple[str, dict[str, Any]] | None:
    """The first fault that the operation declares and that is there in the values; its text with names and numbers."""
    operands = [np.asarray(to_host(walk.values[name])) for name in operation.inputs]
    for fault in operation.op.faults:
        if fault.back and not back:
            continue
        at = np.broadcast_to(fault.where(*operands, **operation.attributes), _shape(operands, fault.slot))
        if not at.any():
            continue
        index = tuple(int(i) for i in np.argwhere(at)[0])
        name, operand = operation.inputs[fault.slot], operands[fault.slot]
        # An operand that was broadcast has fewer axes, or an axis of one element, where the result has more.
        own = tuple(min(i, n - 1) for i, n in zip(index[len(index) - operand.ndim :], operand.shape, strict=True))
        fills = {"x": element_name(name, own), "value": float(operand[own]), "y": operation.output}
        return fault.says, fills
    return None


def _shape(operands: list[np.ndarray], slot: int) -> tuple[int, ...]:
    try:
        return np.broadcast_shapes(*(o.shape for o in operands))
    except ValueError:
        return operands[slot].shape


def _first_gradients(walk: Walk) -> list[Break]:
    found: list[Break] = []
    for step in walk:
        for part in step.contributions:
            index = _broken(part.total)
            if index is None:
                continue
            total = np.asarray(to_host(part.total))
            if found:  # after an infinite one, the first that is nan
                nan = np.argwhere(np.isnan(total))
                if not len(nan):
                    continue
                index = tuple(int(i) for i in nan[0])
                arrived = np.asarray(to_host(step.upstream))
                says = BACK_ZERO_TIMES if np.isinf(arrived).any() else INDEFINITE
                fills: dict[str, Any] = {}
            else:
                assert step.operation is not None  # the seed sends nothing
                says, fills = _cause(walk, step.operation, back=True) or (_sent(walk, step, total), {})
            value = float(total[index])
            found.append(Break("backward", part.vertex, index, value, step.index, step.operation, says, fills))
            if np.isnan(value):
                return found
    return found


def _sent(walk: Walk, step: Any, total: np.ndarray) -> str:
    came_in = [step.upstream, *(walk.values[name] for name in (*step.operation.inputs, step.output))]
    if any(map(_has_nan, came_in)):
        return NAN_PASSED_ON
    if np.isnan(total).any():
        return INDEFINITE
    finite = all(_broken(walk.values[name]) is None for name in (*step.operation.inputs, step.output))
    return OVERFLOW if finite and _broken(step.upstream) is None else PASSED_ON
