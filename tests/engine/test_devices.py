"""Forward, backward, the walk and the Jacobian on an array library with devices, where every silent copy to the host
raises: what runs here keeps its arrays on a GPU. The compiled plan has tests of its own, in test_device_plan.py.
"""

from __future__ import annotations

from types import SimpleNamespace

import array_api_strict as strict
import numpy as np
import pytest

import graphlab as gl
from graphlab import arrays
from graphlab.ops import registry
from tests.engine.graphs import Builder, mlp, relative_error
from tests.engine.unrolled import lstm, rnn

DEVICE = strict.Device("device1")  # not the default one: an array made without saying where lands elsewhere, and raises


def _there(function):
    return lambda *args, **named: function(*args, device=DEVICE, **named)


@pytest.fixture
def device(monkeypatch):
    """The namespace of the fake device in place of cupy's."""
    names = {name: getattr(strict, name) for name in strict.__all__}
    makers = ("asarray", "empty", "eye", "full", "linspace", "ones", "zeros", "arange")
    fake = SimpleNamespace(**names | {name: _there(names[name]) for name in makers})
    chosen = arrays.namespace
    monkeypatch.setattr(arrays, "namespace", lambda device="cpu": fake if device == "gpu" else chosen(device))


def _host(array) -> np.ndarray:
    assert array.device == DEVICE
    return np.asarray(strict.asarray(array, device=strict.Device("CPU_DEVICE")))


def test_the_fake_device_refuses_a_silent_copy():
    with pytest.raises((RuntimeError, TypeError)):
        np.asarray(strict.ones(3, device=DEVICE))
    with pytest.raises(ValueError, match="device"):
        strict.ones(3, device=DEVICE) + strict.ones(3)


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("op", registry.values(), ids=str)
def test_forward_and_backward_of_every_op_stay_on_the_device(op):
    for case in op.examples:
        b = Builder()
        y = b.apply(op, *(b.leaf(value) for value in case.inputs), name="y", **case.attributes)
        b.apply("norm2", y, name="loss")
        graph = b.graph()
        there, here = gl.forward(graph, b.feeds, device="gpu"), gl.forward(graph, b.feeds)
        for name in graph.vertices:
            assert relative_error(_host(there[name]), here[name]) < 1e-14
        theirs, ours = gl.backward(graph, there), gl.backward(graph, here)
        assert list(theirs) == list(ours)
        for name in ours:
            assert relative_error(_host(theirs[name]), ours[name]) < 1e-14


@pytest.mark.usefixtures("device")
def test_the_walk_and_the_jacobian_stay_on_the_device():
    graph, feeds = mlp()
    walk = gl.trace(graph, feeds, device="gpu")
    for step in walk:
        _host(step.value)
        for contribution in step.contributions:
            _host(contribution.value)
            _host(contribution.total)
    assert _host(gl.jacobian(graph, walk.values, of="h", by="W_1")).shape == (2, 2, 2)
    assert _host(gl.jacobian(graph, walk.values, of="loss", by="loss")) == 1


@pytest.mark.usefixtures("device")
def test_float32_stays_float32_on_the_device():
    graph, feeds = mlp()
    values = gl.forward(graph, {name: value.astype(np.float32) for name, value in feeds.items()}, device="gpu")
    assert {value.dtype for value in values.values()} == {strict.float32}
    again = gl.forward(graph, {name: values[name] for name in feeds}, device="gpu")
    assert again["loss"].dtype == strict.float32


UNROLLED = {
    "RNN": lambda: rnn(4, 3, 4, 2, every=True),
    "LSTM, two layers": lambda: lstm(3, 2, 4, 3, layers=2),
    "LSTM, one object": lambda: lstm(3, None, 4, 3),
}


@pytest.mark.usefixtures("device")
@pytest.mark.parametrize("case", UNROLLED)
def test_a_network_through_time_stays_on_the_device(case):
    b = UNROLLED[case]()
    graph = b.graph()
    walk, wanted = gl.trace(graph, b.feeds, device="gpu"), gl.trace(graph, b.feeds)
    for step, other in zip(walk, wanted, strict=True):
        assert relative_error(_host(step.value), other.value) < 1e-14
        for c, o in zip(step.contributions, other.contributions, strict=True):
            assert relative_error(_host(c.value), o.value) < 1e-13
            assert relative_error(_host(c.total), o.total) < 1e-13
    theirs, ours = gl.backward(graph, walk.values), gl.backward(graph, wanted.values)
    assert list(theirs) == list(ours)
    for name in ours:
        assert relative_error(_host(theirs[name]), ours[name]) < 1e-13
    assert _host(gl.jacobian(graph, walk.values, of="loss", by="x")).shape == b.feeds["x"].shape


@pytest.mark.usefixtures("device")
def test_a_minibatch_stays_on_the_device():
    scenario = gl.scenario("mlp-minibatch")
    feeds = scenario.feeds(1)
    walk = gl.trace(scenario.graph, feeds, device="gpu")
    for step in walk:
        _host(step.value)
        for c in step.contributions:
            _host(c.total)
    theirs = gl.backward(scenario.graph, walk.values)
    ours = gl.backward(scenario.graph, gl.forward(scenario.graph, feeds))
    for name in ours:
        assert relative_error(_host(theirs[name]), ours[name]) < 1e-13


def test_an_array_that_does_not_say_where_it_belongs_is_one_of_cupys(monkeypatch):
    monkeypatch.setattr(arrays, "namespace", lambda device: f"the arrays of {device}")
    assert arrays.xp_of(object()) == "the arrays of gpu"
    assert arrays.xp_of(np.float64(1)) is np
    assert arrays.xp_of(np.zeros(3)) is np


def test_an_unknown_device_is_named():
    graph, feeds = mlp()
    for call in (gl.forward, gl.trace):
        with pytest.raises(gl.GraphlabError, match='unknown device "tpu"'):
            call(graph, feeds, device="tpu")
    with pytest.raises(gl.GraphlabError, match='unknown device "tpu"'):
        gl.compile(graph, device="tpu")
