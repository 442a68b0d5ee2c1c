"""A formula with the meaning its author gives it, and whether graphlab reads it with this meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

import graphlab as gl

TOLERANCE = 1e-10
Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Formula:
    """A text, the shapes of what its author feeds, and the result as PyTorch computes it.

    text       as it stands in its source
    shapes     {name: shape}; strings are names of `sizes`
    reference  {name: tensor} -> the number `of`
    positive, unit, onehot  names that are fed with positive numbers, with numbers between 0.1 and 0.9, with one-hot rows
    convention the text does not show all of its meaning: it may be refused or asked, and never read otherwise
    """

    name: str
    text: str
    shapes: Mapping[str, Sequence[int | str]]
    reference: Callable[[Tensors], torch.Tensor]
    sizes: Mapping[str, int] = field(default_factory=dict)
    of: str = "loss"
    positive: Sequence[str] = ()
    onehot: Sequence[str] = ()
    unit: Sequence[str] = ()
    convention: bool = False

    def feeds(self) -> dict[str, np.ndarray]:
        """Numbers for everything that the author feeds; the same ones at every call."""
        random = np.random.default_rng(7)
        found = {}
        for name, shape in self.shapes.items():
            a = random.normal(size=tuple(self.sizes[n] if isinstance(n, str) else n for n in shape))
            if name in self.positive:
                a = 0.3 + np.abs(a)
            if name in self.unit:
                a = 0.1 + 0.8 / (1 + np.exp(-a))
            if name in self.onehot:
                a = np.zeros_like(a)
                a[..., 1] = 1.0
            found[name] = np.asarray(a, dtype=float)
        return found


def another_meaning(formula: Formula, graph: gl.Graph) -> str:
    """What in a graph differs from the author's meaning; "" where value and all gradients agree."""
    feeds = formula.feeds()
    if set(graph.fed) != set(feeds):
        return f"fed are {sorted(graph.fed)}, the author feeds {sorted(feeds)}"
    if formula.of not in graph.vertices or graph.vertices[formula.of].shape != ():
        return f"{formula.of} is not a number"
    values = gl.forward(graph, feeds)
    gradients = gl.backward(graph, values, of=formula.of)
    tensors = {n: torch.tensor(a, dtype=torch.float64, requires_grad=True) for n, a in feeds.items()}
    loss = formula.reference(tensors)
    wanted = torch.autograd.grad(loss, list(tensors.values()), allow_unused=True)
    if not _close(values[formula.of], loss.detach().numpy()):
        return f"{formula.of} is {values[formula.of]}, the author's is {loss.item()}"
    for (name, tensor), gradient in zip(tensors.items(), wanted, strict=True):
        want = np.zeros(tensor.shape) if gradient is None else gradient.numpy()
        mine = np.asarray(gradients.get(name, np.zeros(tensor.shape)))
        if mine.shape != want.shape or not _close(mine, want):
            return f"the gradient at {name} differs"
    return ""


def read(formula: Formula) -> gl.Graph | gl.GraphlabError:
    """The graph of a formula, or the error with which it is refused."""
    try:
        return gl.parse(formula.text, shapes=formula.shapes, sizes=formula.sizes)
    except gl.GraphlabError as error:
        return error


def _close(a: Any, b: Any) -> bool:
    return float(np.max(np.abs(a - b), initial=0)) <= TOLERANCE * max(1.0, float(np.max(np.abs(b), initial=0)))


def after_fixes(formula: Formula, choices: bool, depth: int = 6) -> Iterator[gl.Graph]:
    """Every graph that fixes (and choices) of errors lead to, applied one after another in every order."""
    waiting: list[tuple[str, dict[str, Any], int]] = [(formula.text, dict(formula.shapes), 0)]
    seen = set()
    while waiting:
        text, shapes, steps = waiting.pop()
        if (text, str(shapes)) in seen or steps > depth:
            continue
        seen.add((text, str(shapes)))
        try:
            yield gl.parse(text, shapes=shapes, sizes=formula.sizes)
        except gl.GraphlabError as error:
            fixes = [error.fix] * (error.fix is not None) + [c.fix for c in error.choices] * choices
            for fix in fixes:
                if fix.shape is not None:
                    waiting.append((text, {**shapes, fix.name: fix.shape}, steps + 1))
                else:
                    waiting.append((fix.apply(text), shapes, steps + 1))
