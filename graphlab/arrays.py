"""numpy or cupy, chosen once; `to_host` is the only way off the device."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np

from .errors import N_, GraphlabError, message

Array = Any  # numpy.ndarray, cupy.ndarray, or another array of the array-API standard


def namespace(device: str = "cpu") -> ModuleType:
    """The array module of a device: numpy for "cpu", cupy for "gpu".

    Raises GraphlabError where the device is unknown, or where cupy or a GPU is missing.
    """
    if device == "cpu":
        return np
    if device != "gpu":
        raise GraphlabError(message(N_('unknown device "{device}": choose "cpu" or "gpu"'), device=device))
    try:
        import cupy  # pyright: ignore[reportMissingImports]  # an extra
    except ImportError as e:
        raise GraphlabError(
            message(N_("cupy is not installed")),
            help=message(N_("pip install -r requirements-gpu.txt")),
        ) from e
    if not cupy.is_available():
        raise GraphlabError(message(N_("no GPU was found on this machine")))
    return cupy


def xp_of(array: Array) -> ModuleType:
    """The array-API namespace that an array belongs to."""
    if hasattr(array, "__array_namespace__"):
        return array.__array_namespace__()
    return namespace("gpu")  # cupy 14 has the functions of the standard; only its arrays do not say so


def is_single(array: Array) -> bool:
    """Whether the elements are float32; False for a list or a plain number."""
    return str(getattr(array, "dtype", "")).rpartition(".")[2] == "float32"  # every namespace has dtypes of its own


def to_host(array: Array) -> np.ndarray:
    """A numpy array with the same contents. A copy to the host where the array lives on a device."""
    if isinstance(array, (np.ndarray, np.generic)):
        return np.asarray(array)
    return _moved(array)


def _moved(array: Array) -> np.ndarray:
    return array.get() if hasattr(array, "get") else np.asarray(array)  # cupy has get
