"""The same numbers from a real GPU: `pytest -m gpu`. What can be proven without one is in test_devices.py."""

from __future__ import annotations

import numpy as np
import pytest

import graphlab as gl
from graphlab import arrays
from graphlab.ops import registry
from graphlab.plan.source import STATEMENTS
from tests.engine.graphs import Builder, mlp, relative_error
from tests.engine.unrolled import lstm, rnn

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def cupy():
    """Fails, and does not skip, where cupy or a GPU is missing: whoever asks for these tests wants to know."""
    return arrays.namespace("gpu")


def _host(cupy, array) -> np.ndarray:
    assert isinstance(array, cupy.ndarray)
    return arrays.to_host(array)


@pytest.mark.parametrize("op", registry.values(), ids=str)
def test_every_op_gives_the_same_values_and_gradients(cupy, op):
    for case in op.examples:
        b = Builder()
        y = b.apply(op, *(b.leaf(value) for value in case.inputs), name="y", **case.attributes)
        b.apply("norm2", y, name="loss")
        graph = b.graph()
        there, here = gl.forward(graph, b.feeds, device="gpu"), gl.forward(graph, b.feeds)
        for name in graph.vertices:
            assert relative_error(_host(cupy, there[name]), here[name]) < 1e-12
        theirs, ours = gl.backward(graph, there), gl.backward(graph, here)
        assert list(theirs) == list(ours)
        for name in ours:
            assert relative_error(_host(cupy, theirs[name]), ours[name]) < 1e-12


def test_the_walk_the_jacobian_and_the_plan(cupy):
    graph, feeds = mlp()
    walk, wanted = gl.trace(graph, feeds, device="gpu"), gl.trace(graph, feeds)
    for ours, theirs in zip(walk, wanted, strict=True):
        assert relative_error(_host(cupy, ours.value), theirs.value) < 1e-12
        for c, w in zip(ours.contributions, theirs.contributions, strict=True):
            assert relative_error(_host(cupy, c.total), w.total) < 1e-12
    jacobian = gl.jacobian(graph, walk.values, of="h", by="W_1")
    assert relative_error(_host(cupy, jacobian), gl.jacobian(graph, wanted.values, of="h", by="W_1")) < 1e-12
    loss, gradients = gl.compile(graph, device="gpu")(feeds)
    wanted_loss, wanted_gradients = gl.compile(graph)(feeds)
    assert relative_error(_host(cupy, loss), wanted_loss) < 1e-12
    for name, gradient in wanted_gradients.items():
        assert relative_error(_host(cupy, gradients[name]), gradient) < 1e-12


def test_single_precision_stays_single(cupy):
    graph, feeds = mlp()
    values = gl.forward(graph, {name: value.astype(np.float32) for name, value in feeds.items()}, device="gpu")
    assert {value.dtype for value in values.values()} == {np.dtype(np.float32)}


def test_every_generated_statement_computes_there_what_numpy_computes(cupy):
    from tests.engine.test_device_plan import launched

    for name in sorted(STATEMENTS):
        out, wanted = launched(cupy, name)
        np.testing.assert_allclose(_host(cupy, out), wanted, rtol=1e-13, err_msg=name)


SMALL = {
    "RNN": lambda: rnn(7, 3, 4, 5, every=True),
    "LSTM, two layers": lambda: lstm(7, 3, 4, 5, layers=2),
    "LSTM, one object": lambda: lstm(7, None, 4, 5),
}


@pytest.mark.parametrize("case", SMALL)
def test_in_double_precision_the_gpu_gives_what_the_processor_gives(cupy, case):
    """The processor's gradients are judged by torch in test_time_against_torch.py."""
    b = SMALL[case]()
    graph = b.graph()
    wanted_loss, wanted = gl.compile(graph, wrt=graph.fed)(b.feeds)
    plan = gl.compile(graph, wrt=graph.fed, device="gpu")
    walked = gl.backward(graph, gl.trace(graph, b.feeds, device="gpu").values)
    for feeds in (b.feeds, {name: cupy.asarray(value) for name, value in b.feeds.items()}):
        loss, gradients = plan(feeds)
        assert relative_error(_host(cupy, loss), wanted_loss) < 1e-10
        for name in graph.fed:
            assert relative_error(_host(cupy, gradients[name]), wanted[name]) < 1e-10
            assert relative_error(_host(cupy, walked[name]), wanted[name]) < 1e-10


LARGE = {
    "RNN, T=200, B=64, H=512": lambda: rnn(200, 64, 128, 512),
    "LSTM, T=200, B=64, D=128, H=512": lambda: lstm(200, 64, 128, 512),
}


@pytest.mark.parametrize("case", LARGE)
def test_large_networks_through_time_run_on_the_gpu(cupy, case):
    """Forward, backward and the walk stay there; the gradients are those of the processor, in single precision."""
    b = LARGE[case]()
    graph = b.graph()
    feeds = {name: value.astype(np.float32) for name, value in b.feeds.items()}
    walk = gl.trace(graph, feeds, wrt=graph.names("parameter"), device="gpu")
    assert all(isinstance(s.value, cupy.ndarray) for s in walk)
    assert all(isinstance(c.total, cupy.ndarray) for s in walk for c in s.contributions)
    there = gl.backward(graph, walk.values)
    loss, gradients = gl.compile(graph, device="gpu")(feeds)
    wanted_loss, wanted = gl.compile(graph)(feeds)
    assert relative_error(_host(cupy, loss), wanted_loss) < 1e-3
    for name, gradient in wanted.items():
        assert relative_error(_host(cupy, gradients[name]), gradient) < 1e-3
        assert relative_error(_host(cupy, there[name]), gradient) < 1e-3


def test_a_minibatch_runs_on_the_gpu(cupy):
    scenario = gl.scenario("mlp-minibatch")
    feeds = scenario.feeds(1)
    walk = gl.trace(scenario.graph, feeds, device="gpu")
    assert all(isinstance(s.value, cupy.ndarray) for s in walk)
    gradients, wanted = (gl.compile(scenario.graph, device=d)(feeds)[1] for d in ("gpu", "cpu"))
    for name in wanted:
        assert relative_error(_host(cupy, gradients[name]), wanted[name]) < 1e-12
