"""cupy's functions over numpy, as far as the plan calls them: every launch is counted, and a way to the host raises.

The C of a generated kernel is read here line by line, and evaluated by numpy.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import numpy as np


class HostCopy(AssertionError):
    """Something read the elements of an array on the device."""


class DeviceArray:
    """An array of which everything but the elements can be seen from the host."""

    def __init__(self, there: np.ndarray, base: DeviceArray | None = None) -> None:
        self._there = there
        self.base = base

    dtype = property(lambda self: self._there.dtype)
    ndim = property(lambda self: self._there.ndim)
    size = property(lambda self: self._there.size)
    nbytes = property(lambda self: self._there.nbytes)
    itemsize = property(lambda self: self._there.itemsize)
    strides = property(lambda self: self._there.strides)
    data = property(lambda self: SimpleNamespace(ptr=self._there.__array_interface__["data"][0]))
    shape = property(lambda self: self._there.shape)

    def _view(self, there: np.ndarray) -> DeviceArray:
        assert np.shares_memory(there, self._there) or not there.size
        return DeviceArray(there, self if self.base is None else self.base)

    def __getitem__(self, key: Any) -> DeviceArray:
        return self._view(self._there[key if isinstance(key, tuple) else (key, ...)])

    def __setitem__(self, key: Any, value: Any) -> None:
        assert isinstance(value, DeviceArray), "cupy takes no array of the host here"
        LAUNCHES.append("copy")
        self._there[key] = value._there

    def reshape(self, *shape: Any) -> DeviceArray:
        return self._view(self._there.reshape(*shape))

    def transpose(self, *axes: Any) -> DeviceArray:
        return self._view(self._there.transpose(*axes))

    def view(self) -> DeviceArray:
        return self._view(self._there.view())

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise HostCopy("the elements of an array on the device were asked for")

    __array__ = __bool__ = __float__ = __int__ = __iter__ = __len__ = get = item = tolist = _refuse


LAUNCHES: list[str] = []


def read(array: DeviceArray) -> np.ndarray:
    """What a test may do: look at the elements."""
    return array._there.copy()


def _inside(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return type(value)(map(_inside, value))
    assert not isinstance(value, np.ndarray), "cupy takes no array of the host here"
    return value._there if isinstance(value, DeviceArray) else value


def _launched(name: str, function: Any) -> Any:
    def call(*args: Any, **named: Any) -> Any:
        LAUNCHES.append(name)
        with np.errstate(all="ignore"):
            result = function(*map(_inside, args), **{k: _inside(v) for k, v in named.items()})
        return DeviceArray(np.asarray(result)) if isinstance(result, (np.ndarray, np.generic)) else result

    return call


def _operator(name: str) -> Any:
    return lambda self, *others: _launched(name, getattr(np.ndarray, name))(self, *others)


for _name in ("add", "radd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv", "pow", "neg", "lt", "gt", "eq", "ne"):
    setattr(DeviceArray, f"__{_name}__", _operator(f"__{_name}__"))


class ElementwiseKernel:
    """A generated kernel: `in_params` and `out_params` are its arrays, `operation` is the text for one element."""

    def __init__(self, in_params: str, out_params: str, operation: str, name: str) -> None:
        self.inputs, self.outputs = (_parameters(p) for p in (in_params, out_params))
        self.operation = operation
        KERNELS.append(self)

    def __call__(self, *args: DeviceArray) -> None:
        LAUNCHES.append("kernel")
        arrays = [_inside(a) for a in args]
        given = arrays[: len(self.inputs)]
        results = arrays[len(self.inputs) :]
        names = [*self.inputs, *self.outputs]
        assert [str(a.dtype) for a in arrays] == [type for type, _ in names]
        assert np.broadcast_shapes(*(a.shape for a in arrays)) == results[0].shape
        found = evaluate(self.operation, {n: a for (_, n), a in zip(self.inputs, given, strict=True)})
        for (_, name), out in zip(self.outputs, results, strict=True):
            assert out.shape == results[0].shape
            assert not any(np.shares_memory(out, a) for a in given)
            out[...] = found[name]


KERNELS: list[ElementwiseKernel] = []
_TYPES = {"double": np.float64, "float": np.float32, "bool": np.bool_}
_FUNCTIONS = {
    n: getattr(np, n)
    for n in (
        *("exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "fabs"),
        *("tanh", "sinh", "cosh", "sin", "cos", "tan", "atan"),
    )
}
_NAMES = _FUNCTIONS | {"pow": np.power, "INFINITY": np.inf, "NAN": np.nan, "where": np.where}
_NAMES |= {"double": lambda x: np.asarray(x, np.float64), "float": lambda x: np.asarray(x, np.float32)}


def _parameters(text: str) -> list[tuple[str, str]]:
    return [tuple(part.split()) for part in text.split(",") if part]


def evaluate(operation: str, values: dict[str, Any]) -> dict[str, Any]:
    """The variables after the statements of a kernel, each on whole arrays."""
    values = dict(values)
    for line in operation.splitlines():
        declared, name, expression = re.fullmatch(r"(?:(double|float|bool) )?(\w+) = (.*);", line).groups()
        if choice := re.fullmatch(r"(.*) \? (.*) : (.*)", expression):
            expression = "where({}, {}, {})".format(*choice.groups())
        with np.errstate(all="ignore"):
            value = eval(expression, {"__builtins__": {}} | _NAMES, values)
        values[name] = np.asarray(value, _TYPES[declared]) if declared else value
    return values


def _as_strided(array: DeviceArray, shape: Any, strides: Any) -> DeviceArray:
    there = np.lib.stride_tricks.as_strided(array._there, shape, strides)
    return DeviceArray(there, array if array.base is None else array.base)


def _dot(a: DeviceArray, b: DeviceArray, out: DeviceArray) -> None:
    LAUNCHES.append("dot")
    np.dot(a._there, b._there, out=out._there)  # raises where `out` is not contiguous, as cupy does


def _asarray(value: Any, dtype: Any = None) -> DeviceArray:
    if isinstance(value, DeviceArray):
        return value if dtype in (None, value.dtype) else _launched("cast", np.asarray)(value, dtype=dtype)
    return DeviceArray(np.array(value, dtype))


class _Module(SimpleNamespace):
    """Any other function of numpy, on arrays of the device."""

    def __getattr__(self, name: str) -> Any:
        found = getattr(np, name)
        return _launched(name, found) if callable(found) and not isinstance(found, type) else found


cupy = _Module(
    ndarray=DeviceArray,
    ElementwiseKernel=ElementwiseKernel,
    empty=lambda shape, dtype: DeviceArray(np.full(shape, -77, dtype)),  # whatever is read unwritten will show
    full=lambda shape, value, dtype: DeviceArray(np.full(shape, value, dtype)),
    asarray=_asarray,
    broadcast_to=lambda a, shape: a._view(np.broadcast_to(a._there, shape)),
    dot=_dot,
    lib=SimpleNamespace(stride_tricks=SimpleNamespace(as_strided=_as_strided)),
)
