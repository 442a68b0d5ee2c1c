"""The picture of an LSTM through many time steps, fully open: places, shapes, and the page's SVG."""

from __future__ import annotations

import statistics
import time
import zlib
from collections.abc import Callable, Iterator

import numpy as np

from .measure import Figure

STEPS = (25, 50, 100)

_GATES = (("f", "sigma"), ("i", "sigma"), ("c~", "tanh"), ("o", "sigma"))
TEXT = "c_0 = 0\nh_0 = 0\n"
for _name, _function in _GATES:
    _n = _name[0]
    TEXT += f"{_name}_t = {_function}(x_t W_{_n} + h_{{t-1}} U_{_n} + b_{_n})\n"
TEXT += "c_t = f_t ⊙ c_{t-1} + i_t ⊙ c~_t\nh_t = o_t ⊙ tanh(c_t)\n"
TEXT += "y = softmax(h_T V + d)\nloss = CrossEntropy(y_true, y)"


def walk(steps: int):
    """The walk of an LSTM on random numbers."""
    import graphlab as gl

    shapes = {"x": ("T", "D"), "V": ("H", "C"), "d": ("C",), "y_true": ("C",)}
    for n in "fico":
        shapes |= {f"W_{n}": ("D", "H"), f"U_{n}": ("H", "H"), f"b_{n}": ("H",)}
    graph = gl.parse(TEXT, shapes=shapes, sizes={"T": steps, "D": 2, "H": 2, "C": 2})
    draw = np.random.default_rng(0)
    feeds = {"x": draw.normal(size=(steps, 2)), "y_true": np.array([1.0, 0.0])}
    feeds |= {name: draw.normal(size=graph.vertices[name].shape) for name in graph.fed if name not in feeds}
    return gl.trace(graph, feeds, of="loss", wrt=graph.names("parameter"))


def _median(run: Callable[[], object], times: int = 5) -> float:
    """In processor time: all of it is work of one thread, whatever else the machine does."""
    found = []
    for _ in range(times):
        begin = time.process_time()
        run()
        found.append(time.process_time() - begin)
    return statistics.median(found)


def figures() -> Iterator[Figure]:
    """Places with the cell known (at most 0.1 s at T = 100), and the whole way to the page's SVG."""
    from graphlab import diagram
    from graphlab.diagram.draw import plan

    open_all = diagram.Folding.open_all()
    for steps in STEPS:
        w = walk(steps)
        picture = diagram.draw(w, folding=open_all)
        receiving = {v.name for v in picture.vertices if v.gradients}
        limit = 0.1 if steps == 100 else None
        nodes = len(picture.vertices) + len(picture.operations)
        yield Figure(
            f"LSTM T={steps}, {nodes} nodes open: layout",
            _median(lambda w=w, r=receiving: plan(w.graph, w.of, r, open_all)),
            limit=limit,
        )
        yield Figure(f"LSTM T={steps}: picture", _median(lambda w=w: diagram.draw(w, folding=open_all), 3))
        text = diagram.svg.page(picture)
        packed = len(zlib.compress(text.encode()))
        yield Figure(
            f"LSTM T={steps}: SVG, {len(text) / 1e6:.1f} MB, packed {packed / 1e6:.2f} MB",
            _median(lambda p=picture: diagram.svg.page(p), 3),
        )
