"""The compiled plan for a GPU, without one: what it computes, what it launches, and that nothing comes to the host."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
from collections import Counter

import numpy as np
import pytest
import torch

import graphlab as gl
from graphlab import arrays
from graphlab.ops import registry
from graphlab.plan.fusion import MOST_ARRAYS, Launch, fused
from graphlab.plan.program import Program
from graphlab.plan.source import STATEMENTS, source
from tests.engine import fake_cupy
from tests.engine.graphs import CALLED, Builder, mlp, relative_error
from tests.engine.unrolled import lstm, rnn


@pytest.fixture(autouse=True)
def launches(monkeypatch) -> list[str]:
    """The fake device in place of cupy's; what it launches."""
    chosen = arrays.namespace
    monkeypatch.setattr(arrays, "namespace", lambda d="cpu": fake_cupy.cupy if d == "gpu" else chosen(d))
    fake_cupy.KERNELS.clear()
    fake_cupy.LAUNCHES.clear()
    return fake_cupy.LAUNCHES


def _on_device(feeds):
    return {name: fake_cupy.cupy.asarray(value) for name, value in feeds.items()}


def _same(graph, feeds, wrt=None, limit=1e-12):
    """The device's plan twice against the processor's: also with memory that the first call has used."""
    plan = gl.compile(graph, wrt=wrt, device="gpu")
    wanted_loss, wanted = gl.compile(graph, wrt=wrt)(feeds)
    for fed in (feeds, _on_device(feeds)):
        loss, gradients = plan(fed)
        assert relative_error(fake_cupy.read(loss), wanted_loss) < limit
        assert list(gradients) == list(wanted)
        for name in wanted:
            assert relative_error(fake_cupy.read(gradients[name]), wanted[name]) < limit


GRAPHS = {
    "MLP": mlp,
    "RNN": lambda: (b := rnn(4, 3, 4, 2, every=True)).graph() and (b.graph(), b.feeds),
    "LSTM, two layers": lambda: (b := lstm(3, 2, 4, 3, layers=2)).graph() and (b.graph(), b.feeds),
    "LSTM, one object": lambda: (b := lstm(3, None, 4, 3)).graph() and (b.graph(), b.feeds),
}


@pytest.mark.parametrize("name", GRAPHS)
def test_a_plan_on_the_device_gives_what_the_one_on_the_processor_gives(name):
    graph, feeds = GRAPHS[name]()
    _same(graph, feeds)
    _same(graph, feeds, wrt=tuple(graph.fed))


# What is called as it is has the device's own tests.
@pytest.mark.parametrize("op", [op for op in registry.values() if op.name not in CALLED], ids=str)
def test_every_op(op):
    for case in op.examples:
        b = Builder()
        y = b.apply(op, *(b.leaf(value) for value in case.inputs), name="y", **case.attributes)
        b.apply("norm2", y, name="loss")
        _same(b.graph(), b.feeds)


@pytest.mark.parametrize("name", gl.scenarios())
def test_every_scenario_with_a_loss(name):
    s = gl.scenario(name)
    called = {o.op.name for o in s.graph.operations} & CALLED
    if s.graph.vertices[s.of].shape == () and not called:
        loss, gradients = gl.compile(s.graph, s.of, device="gpu")(s.feeds(1))
        wanted_loss, wanted = gl.compile(s.graph, s.of)(s.feeds(1))
        np.testing.assert_allclose(fake_cupy.read(loss), wanted_loss, rtol=1e-10)
        for parameter in wanted:
            np.testing.assert_allclose(fake_cupy.read(gradients[parameter]), wanted[parameter], 1e-9, 1e-12)


def test_an_lstm_against_torch():
    T, B, D, H = 6, 3, 4, 5
    b = lstm(T, B, D, H)
    there = {name: torch.tensor(value, requires_grad=True) for name, value in b.feeds.items()}
    h = c = torch.zeros(B, H, dtype=torch.float64)
    for x in there["x"]:
        f, i, new, o = (x @ there[f"W_{g}0"] + h @ there[f"U_{g}0"] + there[f"b_{g}0"] for g in "fico")
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(new)
        h = torch.sigmoid(o) * torch.tanh(c)
    wanted = (h**2).sum()
    wanted.backward()
    graph = b.graph()
    loss, gradients = gl.compile(graph, wrt=graph.fed, device="gpu")(_on_device(b.feeds))
    assert relative_error(fake_cupy.read(loss), wanted.item()) < 1e-10
    for name in graph.fed:
        assert relative_error(fake_cupy.read(gradients[name]), there[name].grad.numpy()) < 1e-10


# How few launches


def _counts(launches, steps) -> Counter:
    b = lstm(steps, 3, 4, 5)
    plan = gl.compile(b.graph(), device="gpu")
    feeds = _on_device(b.feeds)
    plan(feeds)
    launches.clear()
    plan(feeds)
    return Counter(launches)


def test_one_more_step_of_an_lstm_is_one_product_and_one_kernel_each_way(launches):
    assert _counts(launches, 9) - _counts(launches, 8) == Counter(dot=2, kernel=2)


def test_the_weights_of_an_lstm_get_their_gradients_in_one_product_over_all_steps(launches):
    products = _counts(launches, 8)["dot"]
    # x W of all t, h U of each, 7 on the way back, the loss h · h, and the gradients of all W and of all U.
    assert products == 1 + 8 + 7 + 1 + 2


def test_one_kernel_is_compiled_for_all_steps_but_the_ends():
    b = lstm(9, 3, 4, 5)
    gl.compile(b.graph(), device="gpu")(b.feeds)
    few = len(fake_cupy.KERNELS)
    fake_cupy.KERNELS.clear()
    b = lstm(30, 3, 4, 5)
    gl.compile(b.graph(), device="gpu")(b.feeds)
    assert len(fake_cupy.KERNELS) == few


def test_no_array_is_allocated_by_a_second_call(monkeypatch):
    graph, feeds = mlp()
    plan, feeds = gl.compile(graph, device="gpu"), _on_device(feeds)
    first = plan(feeds)
    monkeypatch.setattr(fake_cupy.cupy, "empty", None)
    again = plan(feeds)
    assert again[0] is first[0]
    assert all(again[1][name] is first[1][name] for name in first[1])


def test_the_fake_device_refuses_a_way_to_the_host():
    there = fake_cupy.cupy.asarray([1.0, 2.0])
    for look in (np.asarray, float, bool, list, arrays.to_host):
        with pytest.raises((fake_cupy.HostCopy, TypeError)):
            look(there)
    with pytest.raises(AssertionError, match="no array of the host"):
        there[...] = np.ones(2)


def test_a_long_sum_is_split_into_kernels_that_cuda_can_be_handed():
    b = Builder()
    names = [b.leaf(np.full((70, 70), float(i))) for i in range(100)]
    total = names[0]
    for name in names[1:]:
        total = b.apply("add", total, name)
    b.apply("norm2", total, name="loss")
    graph = b.graph()
    plan = gl.compile(graph, wrt=(), device="gpu")
    kernels = [launch for launch in fused(plan.recording) if launch.is_kernel]
    assert len(kernels) >= 2
    assert all(len(launch.operands) + len(launch.outputs) <= MOST_ARRAYS + 2 for launch in kernels)
    _same(graph, b.feeds, wrt=())


# The text


def test_a_kernel_reads_as_the_formula_it_computes():
    graph = gl.parse("loss = sum(tanh(a) * b)", shapes={"a": (3,), "b": (3,)})
    (kernel,) = [launch for launch in fused(gl.compile(graph, wrt=["a"], device="gpu").recording) if launch.is_kernel]
    text = source(kernel, np.dtype(np.float32))
    assert (text.in_params, text.out_params.split(",")[0]) == ("float32 in0, float32 in1", "float32 out0")
    assert "float t0 = tanh(in0);" in text.body.splitlines()
    assert "double" not in text.body


VALUES = np.array([-3.0, -0.5, -0.0, 0.0, 0.25, 1.0, 700.0, np.inf, -np.inf, np.nan])


def one_statement(name):
    """A kernel of one operation, on every pair of numbers that may be special; and what numpy gives.

    A comparison returns booleans. `cast` and `where` read them from an array, as they do behind another launch.
    """
    p = Program()
    a, b = p.feed("a", (10, 10)), p.feed("b", (10, 10))
    x, y = (np.ascontiguousarray(v) for v in np.meshgrid(VALUES, VALUES, indexing="ij"))
    less = p.elementwise("less", a, b)
    values = {a: x, b: y, less: x < y}
    with np.errstate(all="ignore"):
        if name == "where":
            node, wanted = p.elementwise("where", less, a, b), np.where(x < y, x, y)
        elif name == "cast":
            node, wanted = p.cast(less), (x < y).astype(float)
        elif name == "copy":
            node, wanted = p.copy(a), x
        elif getattr(np, name).nin == 1:
            node, wanted = p.elementwise(name, a), getattr(np, name)(x)
        else:
            node, wanted = p.elementwise(name, a, b), getattr(np, name)(x, y)
    text = source(Launch((node,), tuple(dict.fromkeys(node.args)), (node,)), np.dtype(np.float64))
    return text, {f"in{i}": values[n] for i, n in enumerate(text.inputs)}, wanted


def launched(xp, name):
    """What the kernel of one statement writes, with the arrays as a plan would hand them over; and what numpy gives."""
    text, given, wanted = one_statement(name)
    kernel = xp.ElementwiseKernel(text.in_params, text.out_params, text.body, f"graphlab_{name}")
    out = xp.empty(wanted.shape, wanted.dtype)
    kernel(*map(xp.asarray, given.values()), out)
    return out, wanted


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_every_statement_computes_what_numpy_computes(name):
    """The fake kernel refuses an array of another type than the kernel declares, as cupy does."""
    out, wanted = launched(fake_cupy.cupy, name)
    np.testing.assert_allclose(fake_cupy.read(out), wanted, rtol=1e-15)


@pytest.mark.parametrize("name", sorted(STATEMENTS))
def test_the_types_of_a_kernel_are_those_of_its_arrays(name):
    text, given, wanted = one_statement(name)
    declared = [p.split()[0] for p in (text.in_params + ", " + text.out_params).split(", ")]
    assert declared == [str(a.dtype) for a in (*given.values(), wanted)]


def test_the_statements_are_c(tmp_path):
    """Compiled, where the machine has a compiler, they give the same; the test above says it of the text everywhere."""
    compiler = shutil.which("g++")
    functions, cases = [], []
    for name in sorted(STATEMENTS):
        text, given, wanted = one_statement(name)
        types = {n: "bool" if a.dtype == bool else "double" for n, a in (given | {"out0": wanted}).items()}
        inputs = "".join(f"const {types[n]}* p_{n}, " for n in given)
        reads = "".join(f"{types[n]} {n} = p_{n}[i]; " for n in given)
        functions.append(
            f'extern "C" void f_{name}({inputs}{types["out0"]}* p, int n) {{ for (int i = 0; i < n; ++i) '
            f"{{ {reads} {types['out0']} out0; {text.body} p[i] = out0; }} }}"
        )
        cases.append((name, given, wanted))
    assert len(functions) == len(STATEMENTS)
    if compiler is None:
        return
    (tmp_path / "kernels.cpp").write_text("#include <cmath>\nusing namespace std;\n" + "\n".join(functions))
    command = [compiler, "-shared", "-fPIC", "-O1", "kernels.cpp", "-o", "kernels.so"]
    subprocess.run(command, check=True, cwd=tmp_path)
    library = ctypes.CDLL(str(tmp_path / "kernels.so"))
    for name, given, wanted in cases:
        out = np.empty(wanted.shape, wanted.dtype)
        pointers = [ctypes.c_void_p(a.ctypes.data) for a in (*given.values(), out)]
        getattr(library, f"f_{name}")(*pointers, ctypes.c_int(out.size))
        np.testing.assert_allclose(out, wanted, rtol=1e-13, err_msg=name)
