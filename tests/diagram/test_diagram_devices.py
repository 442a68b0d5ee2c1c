"""A picture of a walk on a device: only what is shown comes to the host. Every element that does is counted."""

from __future__ import annotations

from types import SimpleNamespace

import array_api_strict as strict
import numpy as np
import pytest

import graphlab as gl
from graphlab import arrays
from graphlab.diagram import draw
from graphlab.diagram.marks.chips import chip, form
from graphlab.diagram.marks.picture import Rect
from graphlab.engine.breaks import breaks
from graphlab.engine.overview import WHOLE, overview
from tests.engine.unrolled import rnn

DEVICE = strict.Device("device1")
HOST = strict.Device("CPU_DEVICE")


@pytest.fixture
def moved(monkeypatch) -> list[int]:
    """The number of elements of each array that came to the host. Any other way there raises."""
    names = {name: getattr(strict, name) for name in strict.__all__}
    makers = ("asarray", "empty", "eye", "full", "linspace", "ones", "zeros", "arange")
    there = {n: (lambda *a, f=names[n], **k: f(*a, device=DEVICE, **k)) for n in makers}
    chosen = arrays.namespace
    fake = SimpleNamespace(**names | there)
    monkeypatch.setattr(arrays, "namespace", lambda device="cpu": fake if device == "gpu" else chosen(device))
    counted: list[int] = []

    def move(array):
        counted.append(array.size)
        return np.asarray(strict.asarray(array, device=HOST))

    monkeypatch.setattr(arrays, "_moved", move)
    return counted


def _device(x):
    return strict.asarray(x, device=DEVICE)


AWKWARD = {
    "many rows": np.arange(5000.0).reshape(500, 10),
    "many columns": np.sin(np.arange(3000.0)).reshape(3, 1000),
    "infinite": np.where(np.arange(900).reshape(30, 30) == 31, np.inf, 1.5),
    "nan": np.where(np.arange(900).reshape(30, 30) == 31, np.nan, -1.5),
    "a vector": np.linspace(-1, 1, 700),
    "three axes": np.arange(4000.0).reshape(10, 20, 20),
    "small": np.arange(100.0).reshape(10, 10),
}


@pytest.mark.parametrize("name", AWKWARD)
@pytest.mark.parametrize("role", ["value", "gradient", "badge"])
def test_the_chip_of_an_array_on_the_device_is_the_one_of_its_copy(moved, name, role):
    x = AWKWARD[name]
    f = form(x.shape, role)
    place = Rect(0, 0, f.width, f.height)
    here, there = chip(x, role, 1, place), chip(_device(x), role, 1, place)
    assert [c.level for c in there.cells] == [c.level for c in here.cells]
    assert (there.title, there.texts) == (here.title, here.texts)
    assert 0 < sum(moved) <= WHOLE + 3


def test_a_large_matrix_is_averaged_where_it_lies(moved):
    x = np.random.default_rng(0).normal(size=(640, 512))
    seen, wanted = overview(_device(x), x.shape, 12, 12), overview(x, x.shape, 12, 12)
    np.testing.assert_allclose(seen.blocks, wanted.blocks, rtol=0, atol=1e-15)
    assert (seen.least, seen.most, seen.scale) == (x.min(), x.max(), np.abs(x).max())
    assert sum(moved) == 12 * 12 + 3


def test_drawing_a_network_through_time_moves_its_thumbnails_alone(moved):
    b = rnn(6, 16, 20, 24)
    graph = b.graph()
    walk = gl.trace(graph, b.feeds, device="gpu")
    assert moved == []
    picture = draw(walk)
    assert picture.vertices
    assert max(moved) <= WHOLE
    shown = sum(len(step.contributions) + 2 for step in walk) + 2 * len(graph.vertices)
    assert sum(moved) <= 2 * (WHOLE + 4) * shown
    assert sum(moved) < sum(v.size for v in walk.values.values())


def test_looking_for_numbers_that_break_moves_one_answer_an_array(moved):
    b = rnn(6, 16, 20, 24)
    walk = gl.trace(b.graph(), b.feeds, device="gpu")
    assert breaks(walk) == ()
    assert set(moved) == {1}
