"""Vanishing and exploding gradients: one sequence through an RNN and an LSTM, and the gradient on its way back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..engine import backward, forward, jacobian
from ..graph import Graph
from ..notation import parse

Cell = Literal["rnn", "lstm"]
ACTIVATIONS = ("tanh", "sigma", "ReLU")
INPUTS = 3

_STEP = {
    "rnn": "h_t = {f}(x_t W + h_{{t-1}} U + b)",
    "lstm": """f_t = sigma(x_t W_f + h_{{t-1}} U_f + b_f)
i_t = sigma(x_t W_i + h_{{t-1}} U_i + b_i)
c~_t = {f}(x_t W_c + h_{{t-1}} U_c + b_c)
o_t = sigma(x_t W_o + h_{{t-1}} U_o + b_o)
c_t = f_t ⊙ c_{{t-1}} + i_t ⊙ c~_t
h_t = o_t ⊙ {f}(c_t)""",
}
_STATES = {"rnn": ("h",), "lstm": ("c", "h")}
_GATES = {"rnn": ("",), "lstm": ("_f", "_i", "_c", "_o")}


@dataclass(frozen=True)
class Setting:
    """What is varied.

    steps        T, the length of the sequence
    hidden       H, the size of the state
    norm         ‖U‖, the largest singular value of each recurrent matrix
    orthogonal   whether U is orthogonal times `norm`, so that all its singular values are equal
    activation   of the state: one of `ACTIVATIONS`
    forget_bias  b_f of the LSTM, the same for all elements
    clip         the largest norm of the gradient of all parameters together; None for no clipping
    seed         of the weights and of the sequence
    """

    steps: int = 20
    hidden: int = 8
    norm: float = 1.0
    orthogonal: bool = False
    activation: str = "tanh"
    forget_bias: float = 1.0
    clip: float | None = None
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Flow:
    """How the gradient came back through one cell; time runs from 1 to T along axis 0.

    gradient  (T,): ‖∇_{h_t} L‖
    step      (T, H): singular values of the step Jacobian, ∇_{h_{t-1}} h_t; of the LSTM ∇_{c_{t-1}} c_t = diag(f_t)
    product   (T, H): singular values of the product over time, ∇_{h_t} h_T; of the LSTM ∇_{c_t} c_T
    norm      the norm of the gradient of all parameters together
    clipped   the same after clipping
    """

    gradient: np.ndarray
    step: np.ndarray
    product: np.ndarray
    norm: float
    clipped: float


def recurrent_matrix(rng: np.random.Generator, setting: Setting) -> np.ndarray:
    """An H × H matrix with the largest singular value `norm`; all of them are equal where it is orthogonal."""
    u, s, vt = np.linalg.svd(rng.normal(size=(setting.hidden, setting.hidden)))
    s = np.ones_like(s) if setting.orthogonal else s / s[0]
    return setting.norm * (u * s) @ vt


def unrolled(cell: Cell, setting: Setting) -> Graph:
    """The graph of the whole sequence, read out by a linear loss of the last state.

    Linear, so that the gradient that arrives at h_T is v for every cell and setting, and all that differs before it is
    the doing of time.
    """
    starts = "\n".join(f"{state}_0 = 0" for state in _STATES[cell])
    step = _STEP[cell].format(f=setting.activation)
    sizes = {"T": setting.steps, "D": INPUTS, "H": setting.hidden}
    shapes: dict[str, tuple[str, ...]] = {"x": ("T", "D"), "v": ("H",)}
    for gate in _GATES[cell]:
        shapes |= {f"W{gate}": ("D", "H"), f"U{gate}": ("H", "H"), f"b{gate}": ("H",)}
    return parse(f"{starts}\n{step}\nloss = h_T v^T", shapes, sizes)


def feeds(cell: Cell, setting: Setting) -> dict[str, np.ndarray]:
    """Weights and sequence: v and the sequence depend on the seed and the sizes alone, so both cells see the same."""
    rng = np.random.default_rng([setting.seed, 0])
    v = rng.normal(size=setting.hidden)
    shared = {"v": v / np.linalg.norm(v), "x": rng.normal(size=(setting.steps, INPUTS))}
    rng = np.random.default_rng([setting.seed, 1])
    for gate in _GATES[cell]:
        bound = np.sqrt(6 / (INPUTS + setting.hidden))  # Glorot & Bengio 2010, uniform
        shared[f"W{gate}"] = rng.uniform(-bound, bound, (INPUTS, setting.hidden))
        shared[f"U{gate}"] = recurrent_matrix(rng, setting)
        shared[f"b{gate}"] = np.full(setting.hidden, setting.forget_bias if gate == "_f" else 0.0)
    return shared


def _one_step(cell: Cell, setting: Setting) -> Graph:
    """A single step as a graph of its own: the state before it is fed as s_h (and s_c)."""
    text = _STEP[cell].format(f=setting.activation).replace("_{t-1}", "_before").replace("_t", "")
    shapes = {f"{state}_before": ("H",) for state in _STATES[cell]} | {"x": ("D",)}
    for gate in _GATES[cell]:
        shapes |= {f"W{gate}": ("D", "H"), f"U{gate}": ("H", "H"), f"b{gate}": ("H",)}
    return parse(text, shapes, {"D": INPUTS, "H": setting.hidden})


def _step_jacobians(cell: Cell, setting: Setting, values: dict, weights: dict) -> tuple[np.ndarray, np.ndarray]:
    """The Jacobians of every step, with axis 0 the time.

    First ∂(state after)/∂(state before), (T, S, S), S the number of state elements, c before h. Then (T, S, H), how
    the whole state follows the part of it that carries the memory: of an LSTM, h_t = o_t ⊙ tanh(c_t) follows c_t.
    """
    graph, states = _one_step(cell, setting), _STATES[cell]
    found, follows = [], []
    for t in range(1, setting.steps + 1):
        fed = {name: weights[name] for name in graph.fed if name in weights}
        fed |= {"x": values[f"x_{t}"]} | {f"{s}_before": values[f"{s}_{t - 1}"] for s in states}
        at = forward(graph, fed)
        found.append(
            np.block([[jacobian(graph, at, of=above, by=f"{below}_before") for below in states] for above in states])
        )
        follows.append(np.vstack([jacobian(graph, at, of=state, by=states[0]) for state in states]))
    return np.stack(found), np.stack(follows)


def flow(cell: Cell, setting: Setting) -> Flow:
    """Run the sequence forward and backward through a cell, and measure the gradient on its way.

    Raises ShapeError where the unrolled graph would pass the limits of the notation.
    """
    graph, fed = unrolled(cell, setting), feeds(cell, setting)
    values = forward(graph, fed)
    gradients = backward(graph, values)
    jacobians, follows = _step_jacobians(cell, setting, values, fed)
    size = setting.hidden  # the block of the state that carries the memory: c of an LSTM, h of an RNN
    products = np.empty((setting.steps, size, size))
    later = np.eye(jacobians.shape[-1])
    for t in reversed(range(setting.steps)):
        products[t] = (later @ follows[t])[:size] if t + 1 < setting.steps else np.eye(size)
        later = later @ jacobians[t]
    norm = float(np.sqrt(sum(np.sum(gradients[name] ** 2) for name in graph.names("parameter"))))
    return Flow(
        gradient=np.array([np.linalg.norm(gradients[f"h_{t}"]) for t in range(1, setting.steps + 1)]),
        step=np.linalg.svd(jacobians[:, :size, :size], compute_uv=False),
        product=np.linalg.svd(products, compute_uv=False),
        norm=norm,
        clipped=min(norm, setting.clip) if setting.clip is not None else norm,
    )
