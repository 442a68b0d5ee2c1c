"""What the tests of the programs share: running a text, and a graph of one op alone."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from graphlab.code import Listing
from graphlab.graph import Graph, Operation, Vertex
from graphlab.op import Example, Op
from graphlab.ops import registry


def run(listing: Listing, feeds: Mapping[str, np.ndarray], text: str | None = None) -> tuple[float, dict]:
    """Run the program in a namespace of its own; (loss, {vertex: gradient as a numpy array})."""
    namespace: dict = {}
    exec(compile(text or listing.text, f"<{listing.language}>", "exec"), namespace)
    with np.errstate(all="ignore"):
        loss, grads = namespace[listing.function](*(feeds[name] for name in listing.parameters))
    return float(loss), {name: np.asarray(g) for name, g in grads.items()}


def worst(ours: Mapping[str, np.ndarray], theirs: Mapping[str, np.ndarray]) -> float:
    """The largest relative error of any gradient; the shapes have to be equal too, and so has what is not finite."""
    errors = [0.0]
    for name, g in ours.items():
        assert theirs[name].shape == g.shape, name
        finite = np.isfinite(g)
        np.testing.assert_array_equal(theirs[name][~finite], g[~finite], err_msg=name)
        away = np.abs(theirs[name][finite] - g[finite]).max(initial=0)
        errors.append(float(away / max(1.0, np.abs(g[finite]).max(initial=0))))
    return float(np.max(errors))


def graph_of(op: Op, case: Example) -> tuple[Graph, dict[str, np.ndarray]]:
    """loss = Σ u ⊙ op(a, b, …) with weights u, no two of them alike; and what to feed it."""
    arrays = [np.asarray(x, dtype=np.float64) for x in case.inputs]
    names = tuple(f"x_{i}" for i, _ in enumerate(arrays, 1))
    feeds = dict(zip(names, arrays, strict=True))
    y = np.asarray(op.forward(*arrays, **case.attributes))
    feeds["u"] = np.reshape(np.cos(np.arange(y.size) * 1.7 + 0.3) + 0.1, y.shape)
    if op.name == "mask_future":  # −∞ is no summand
        feeds["u"] = np.tril(feeds["u"])
    vertices = {n: Vertex(n, "parameter", a.shape, n) for n, a in feeds.items()}
    operations = [Operation(op, names, "y", dict(case.attributes))]
    vertices["y"] = Vertex("y", "temporary", y.shape, "y")
    last = "y"
    if op.name == "mask_future":
        operations.append(Operation(registry["exp"], ("y",), "p"))
        vertices["p"], last = Vertex("p", "temporary", y.shape, "p"), "p"
    operations += [Operation(registry["mul"], (last, "u"), "v"), Operation(registry["sum"], ("v",), "loss")]
    vertices |= {"v": Vertex("v", "temporary", y.shape, "v"), "loss": Vertex("loss", "output", (), "L")}
    return Graph(vertices, tuple(operations)), feeds
