"""Blocks of the documentation of libraries and of lecture notes, in their typesetting, with their meaning in PyTorch.

Each is written down in the typesetting of the source that stands above it. Lines behind a block name what it feeds, or its
scalar loss.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from .judge import Formula

FORMULAS: list[Formula] = []


def case(name: str, text: str, shapes: Any, ref: Any, sizes: Any = None, **rest: Any) -> None:
    """Add a formula."""
    FORMULAS.append(Formula(name, text, shapes, ref, sizes or {}, **rest))


def activation(name: str, text: str, call: str, ref: Any, shapes: Any = None, **rest: Any) -> None:
    """An activation, weighted and added up."""
    case(
        name,
        text + f"\nloss = c^\\top {call}(x)",
        {"x": (5,), "c": (5,), **(shapes or {})},
        lambda t: t["c"] @ ref(t),
        **rest,
    )


# PyTorch, torch.nn activations
activation(
    "ELU",
    r"\text{ELU}(x) = \begin{cases} x, & \text{ if } x > 0\\ \alpha * (\exp(x) - 1), & \text{ if } x \leq 0 \end{cases}",
    r"\text{ELU}",
    lambda t: torch.where(t["x"] > 0, t["x"], t["α"] * torch.expm1(t["x"])),
    {"α": ()},
)
activation(
    "CELU",
    r"\text{CELU}(x) = \max(0,x) + \min(0, \alpha * (\exp(x/\alpha) - 1))",
    r"\text{CELU}",
    lambda t: torch.relu(t["x"]) + torch.clamp(t["α"] * torch.expm1(t["x"] / t["α"]), max=0),
    {"α": ()},
    positive=("α",),
)
activation(
    "SELU",
    r"\text{SELU}(x) = \text{scale} * (\max(0,x) + \min(0, \alpha * (\exp(x) - 1)))",
    r"\text{SELU}",
    lambda t: t["scale"] * (torch.relu(t["x"]) + torch.clamp(t["α"] * torch.expm1(t["x"]), max=0)),
    {"α": (), "scale": ()},
    positive=("α",),
)
activation(
    "GELU",
    r"\text{GELU}(x) = x * \Phi(x)" + "\n" + r"\Phi(x) = \frac{1}{2} (1 + \operatorname{erf}(x / \sqrt{2}))",
    r"\text{GELU}",
    lambda t: F.gelu(t["x"]),
)
activation(
    "GELU by tanh",
    r"\text{GELU}(x) = 0.5 * x * (1 + \text{Tanh}(\sqrt{2 / \pi} * (x + 0.044715 * x^3)))",
    r"\text{GELU}",
    lambda t: F.gelu(t["x"], approximate="tanh"),
)
activation(
    "SiLU",
    r"\text{silu}(x) = x * \sigma(x), \text{where } \sigma(x) \text{ is the logistic sigmoid.}",
    r"\text{silu}",
    lambda t: F.silu(t["x"]),
)
activation("Mish", r"\text{Mish}(x) = x * \text{Tanh}(\text{Softplus}(x))", r"\text{Mish}", lambda t: F.mish(t["x"]))
activation(
    "Hardtanh",
    r"\text{HardTanh}(x) = \begin{cases} 1 & \text{ if } x > 1 \\ -1 & \text{ if } x < -1 \\ x & \text{ otherwise } \\ \end{cases}",
    r"\text{HardTanh}",
    lambda t: F.hardtanh(t["x"]),
)
activation(
    "Hardsigmoid",
    r"""\text{Hardsigmoid}(x) = \begin{cases}
    0 & \text{if~} x \le -3, \\
    1 & \text{if~} x \ge +3, \\
    x / 6 + 1 / 2 & \text{otherwise}
\end{cases}""",
    r"\text{Hardsigmoid}",
    lambda t: torch.clamp(t["x"] / 6 + 0.5, 0, 1),
)
activation(
    "LogSigmoid",
    r"\text{LogSigmoid}(x) = \log\left(\frac{ 1 }{ 1 + \exp(-x)}\right)",
    r"\text{LogSigmoid}",
    lambda t: F.logsigmoid(t["x"]),
)
activation("Softsign", r"\text{SoftSign}(x) = \frac{x}{ 1 + |x|}", r"\text{SoftSign}", lambda t: F.softsign(t["x"]))
activation("Tanhshrink", r"\text{Tanhshrink}(x) = x - \tanh(x)", r"\text{Tanhshrink}", lambda t: F.tanhshrink(t["x"]))
activation(
    "Tanh by exponentials",
    r"\text{Tanh}(x) = \tanh(x) = \frac{\exp(x) - \exp(-x)} {\exp(x) + \exp(-x)}",
    r"\text{Tanh}",
    lambda t: torch.tanh(t["x"]),
)
activation(
    "Sigmoid",
    r"\text{Sigmoid}(x) = \sigma(x) = \frac{1}{1 + \exp(-x)}",
    r"\text{Sigmoid}",
    lambda t: torch.sigmoid(t["x"]),
)
activation(
    "LeakyReLU",
    r"\text{LeakyReLU}(x) = \max(0, x) + \text{negative\_slope} * \min(0, x)",
    r"\text{LeakyReLU}",
    lambda t: torch.relu(t["x"]) + t["negative_slope"] * torch.clamp(t["x"], max=0),
    {"negative_slope": ()},
)
activation("ReLU6", r"\text{ReLU6}(x) = \min(\max(0,x), 6)", r"\text{ReLU6}", lambda t: F.relu6(t["x"]))
activation(
    "Softmax",
    r"\text{Softmax}(x_{i}) = \frac{\exp(x_i)}{\sum_j \exp(x_j)}",
    r"\text{Softmax}",
    lambda t: F.softmax(t["x"], 0),
)
activation(
    "LogSoftmax",
    r"\text{LogSoftmax}(x_{i}) = \log\left(\frac{\exp(x_i) }{ \sum_j \exp(x_j)} \right)",
    r"\text{LogSoftmax}",
    lambda t: F.log_softmax(t["x"], 0),
)

# PyTorch, torch.nn losses (the reduction behind the block)
L1 = r"""\ell(x, y) = L = \{l_1,\dots,l_N\}^\top, \quad
l_n = \left| x_n - y_n \right|,
loss = \operatorname{mean}(L)"""
case("L1Loss", L1, {"x": (4,), "y": (4,)}, lambda t: F.l1_loss(t["x"], t["y"]))
case(
    "MSELoss",
    L1.replace(r"\left| x_n - y_n \right|", r"\left( x_n - y_n \right)^2"),
    {"x": (4,), "y": (4,)},
    lambda t: F.mse_loss(t["x"], t["y"]),
)
case(
    "BCELoss",
    r"""\ell(x, y) = L = \{l_1,\dots,l_N\}^\top, \quad
l_n = - w_n \left[ y_n \cdot \log x_n + (1 - y_n) \cdot \log (1 - x_n) \right],
loss = \operatorname{mean}(L)""",
    {"x": (4,), "y": (4,), "w": (4,)},
    lambda t: (
        F.binary_cross_entropy(t["x"], t["y"].detach(), t["w"].detach()) * 0
        + (-t["w"] * (t["y"] * t["x"].log() + (1 - t["y"]) * (1 - t["x"]).log())).mean()
    ),
    unit=("x", "y"),
)
case(
    "PoissonNLLLoss",
    r"\text{loss}(\text{input}, \text{target}) = \text{input} - \text{target}*\log(\text{input}+\text{eps})",
    {"input": (), "target": (), "eps": ()},
    lambda t: t["input"] - t["target"] * (t["input"] + t["eps"]).log(),
    positive=("input", "eps"),
)
case(
    "GaussianNLLLoss",
    r"\text{loss} = \frac{1}{2}\left(\log\left(v\right) + \frac{\left(\text{input} - \text{target}\right)^2}{v}\right)",
    {"v": (), "input": (), "target": ()},
    lambda t: 0.5 * (t["v"].log() + (t["input"] - t["target"]) ** 2 / t["v"]),
    positive=("v",),
)
case(
    "TripletMarginLoss",
    r"L(a, p, n) = \max \{d(a, p) - d(a, n) + {\rm margin}, 0\}"
    + "\n"
    + r"d(x, y) = \left\lVert {\bf x} - {\bf y} \right\rVert",
    {"a": (3,), "p": (3,), "n": (3,), "margin": ()},
    lambda t: torch.clamp((t["a"] - t["p"]).norm() - (t["a"] - t["n"]).norm() + t["margin"], min=0),
    of="L",
    positive=("margin",),
)
case(
    "CosineSimilarity",
    r"\text{similarity} = \dfrac{x_1 \cdot x_2}{\max(\Vert x_1 \Vert _2 \cdot \Vert x_2 \Vert _2, \epsilon)}",
    {"x_1": (3,), "x_2": (3,), "ε": ()},
    lambda t: F.cosine_similarity(t["x_1"], t["x_2"], 0),
    of="similarity",
    unit=("ε",),
    convention=True,
)

# PyTorch, torch.nn recurrent layers
GATES = {
    **{f"W_i{n}": (3, 2) for n in "ifgo"},
    **{f"W_h{n}": (3, 3) for n in "ifgo"},
    **{f"b_{s}{n}": (3,) for s in "ih" for n in "ifgo"},
}


def _torch_layer(kind: Any, names: str) -> Any:
    def run(t: Any) -> Any:
        net = kind(2, 3, dtype=torch.float64)
        weights = {
            "weight_ih_l0": torch.cat([t["W_i" + n] for n in names]),
            "weight_hh_l0": torch.cat([t["W_h" + n] for n in names]),
            "bias_ih_l0": torch.cat([t["b_i" + n] for n in names]),
            "bias_hh_l0": torch.cat([t["b_h" + n] for n in names]),
        }
        return torch.func.functional_call(net, weights, (t["x"],))[0][-1].pow(2).sum()

    return run


case(
    "LSTM",
    r"""\begin{array}{ll} \\
    i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi}) \\
    f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf}) \\
    g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg}) \\
    o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho}) \\
    c_t = f_t \odot c_{t-1} + i_t \odot g_t \\
    h_t = o_t \odot \tanh(c_t) \\
\end{array}
h_0 = 0
c_0 = 0
loss = \|h_T\|^2""",
    {"x": ("T", 2), **GATES},
    _torch_layer(torch.nn.LSTM, "ifgo"),
    {"T": 3},
)
case(
    "GRU",
    r"""\begin{array}{ll}
    r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{(t-1)} + b_{hr}) \\
    z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{(t-1)} + b_{hz}) \\
    n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{(t-1)}+ b_{hn})) \\
    h_t = (1 - z_t) \odot n_t + z_t \odot h_{(t-1)}
\end{array}
h_0 = 0
loss = \|h_T\|^2""",
    {
        "x": ("T", 2),
        **{f"W_i{n}": (3, 2) for n in "rzn"},
        **{f"W_h{n}": (3, 3) for n in "rzn"},
        **{f"b_{s}{n}": (3,) for s in "ih" for n in "rzn"},
    },
    _torch_layer(torch.nn.GRU, "rzn"),
    {"T": 3},
)
case(
    "RNN",
    r"h_t = \tanh(x_t W_{ih}^T + b_{ih} + h_{t-1}W_{hh}^T + b_{hh})" + "\nh_0 = 0\n" + r"loss = \|h_T\|^2",
    {"x": ("T", 2), "W_ih": (3, 2), "W_hh": (3, 3), "b_ih": (3,), "b_hh": (3,)},
    lambda t: (
        torch.func.functional_call(
            torch.nn.RNN(2, 3, dtype=torch.float64),
            {
                "weight_ih_l0": t["W_ih"],
                "weight_hh_l0": t["W_hh"],
                "bias_ih_l0": t["b_ih"],
                "bias_hh_l0": t["b_hh"],
            },
            (t["x"],),
        )[0][-1]
        .pow(2)
        .sum()
    ),
    {"T": 3},
)
case(
    "Linear",
    r"y = xA^T + b" + "\n" + r"loss = \|y\|^2",
    {"x": (4,), "A": (3, 4), "b": (3,)},
    lambda t: F.linear(t["x"], t["A"], t["b"]).pow(2).sum(),
)
case(
    "Bilinear",
    r"y = x_1^T A x_2 + b",
    {"x_1": (2,), "A": (2, 3), "x_2": (3,), "b": ()},
    lambda t: t["x_1"] @ t["A"] @ t["x_2"] + t["b"],
    of="y",
)

# Stanford CS229, lecture notes 1 (linear and logistic regression)
case(
    "CS229: least squares",
    r"""h_\theta(x) = \theta^T x
J(\theta) = \frac{1}{2} \sum_{i=1}^m (h_\theta(x^{(i)}) - y^{(i)})^2.""",
    {"x": ("m", 3), "y": ("m",), "θ": (3,)},
    lambda t: 0.5 * (t["x"] @ t["θ"] - t["y"]).pow(2).sum(),
    {"m": 5},
    of="J",
)
case(
    "CS229: log likelihood of logistic regression",
    r"""h_\theta(x) = g(\theta^T x) = \frac{1}{1 + e^{-\theta^T x}},
g(z) = \frac{1}{1 + e^{-z}}
\ell(\theta) = \sum_{i=1}^m y^{(i)} \log h(x^{(i)}) + (1 - y^{(i)}) \log(1 - h(x^{(i)}))
h(x) = h_\theta(x)""",
    {"x": ("m", 3), "y": ("m",), "θ": (3,)},
    lambda t: -F.binary_cross_entropy_with_logits(t["x"] @ t["θ"], t["y"], reduction="sum"),
    {"m": 5},
    of="l",
    unit=("y",),
)
# Stanford CS230 and the deep learning specialisation: layers in square brackets, columns
case(
    "CS230: forward propagation",
    r"""z^{[1]} = W^{[1]} x + b^{[1]}
a^{[1]} = g(z^{[1]})
z^{[2]} = W^{[2]} a^{[1]} + b^{[2]}
\hat{y} = \sigma(z^{[2]})
g(z) = \tanh(z)
loss = \|\hat{y}\|^2""",
    {"x": (3,), "W^[1]": (4, 3), "b^[1]": (4,), "W^[2]": (2, 4), "b^[2]": (2,)},
    lambda t: torch.sigmoid(t["W^[2]"] @ torch.tanh(t["W^[1]"] @ t["x"] + t["b^[1]"]) + t["b^[2]"]).pow(2).sum(),
)
# scikit-learn, user guide, linear models
case(
    "scikit-learn: ridge",
    r"loss = || X w - y||_2^2 + \alpha ||w||_2^2",
    {"X": (5, 3), "w": (3,), "y": (5,), "α": ()},
    lambda t: (t["X"] @ t["w"] - t["y"]).pow(2).sum() + t["α"] * t["w"].pow(2).sum(),
)
case(
    "scikit-learn: lasso",
    r"loss = { \frac{1}{2n_{\text{samples}}} ||X w - y||_2 ^ 2 + \alpha ||w||_1}",
    {"X": (5, 3), "w": (3,), "y": (5,), "α": (), "n_samples": ()},
    lambda t: (t["X"] @ t["w"] - t["y"]).pow(2).sum() / (2 * t["n_samples"]) + t["α"] * t["w"].abs().sum(),
    positive=("n_samples",),
)
# Wikipedia
case(
    "Wikipedia: mean squared error",
    r"\operatorname{MSE} = \frac{1}{n} \sum_{i=1}^n \left(Y_i-\hat{Y_i}\right)^2.",
    {"Y": ("n",), "Y_hat": ("n",)},
    lambda t: F.mse_loss(t["Y"], t["Y_hat"]),
    {"n": 5},
    of="MSE",
)
case(
    "Wikipedia: cross-entropy",
    r"H(p, q) = -\sum_{i} p_i \log q_i",
    {"p": (4,), "q": (4,)},
    lambda t: -t["p"] @ t["q"].log(),
    of="H",
    positive=("q",),
)
case(
    "Wikipedia: Kullback-Leibler divergence",
    r"D_\text{KL} = \sum_{i} P_i \log\left(\frac{P_i}{Q_i}\right).",
    {"P": (4,), "Q": (4,)},
    lambda t: (t["P"] * (t["P"] / t["Q"]).log()).sum(),
    of="D_KL",
    positive=("P", "Q"),
)
case(
    "Wikipedia: logistic function",
    r"f(x) = \frac{L}{1 + e^{-k(x-x_0)}}",
    {"L": (), "k": (), "x": (), "x_0": ()},
    lambda t: t["L"] / (1 + torch.exp(-t["k"] * (t["x"] - t["x_0"]))),
    of="f",
)
case(
    "Wikipedia: Huber loss",
    r"""L_\delta (a) = \begin{cases}
 \frac{1}{2}{a^2}                   & \text{for } |a| \le \delta, \\
 \delta \cdot \left(|a| - \frac{1}{2}\delta\right), & \text{otherwise.}
\end{cases}""",
    {"a": (), "δ": ()},
    lambda t: torch.where(t["a"].abs() <= t["δ"], 0.5 * t["a"] ** 2, t["δ"] * (t["a"].abs() - 0.5 * t["δ"])),
    of="L_δ",
    positive=("δ",),
)
case(
    "Wikipedia: hinge loss",
    r"\ell(y) = \max(0, 1-t \cdot y)",
    {"t": (), "y": ()},
    lambda t: torch.relu(1 - t["t"] * t["y"]),
    of="l",
)
# Goodfellow, Bengio, Courville, Deep Learning
case(
    "Goodfellow: quadratic form",
    r"f(\boldsymbol{x}) = \frac{1}{2} \boldsymbol{x}^\top \boldsymbol{A} \boldsymbol{x} + \boldsymbol{b}^\top \boldsymbol{x} + c",
    {"x": (3,), "A": (3, 3), "b": (3,), "c": ()},
    lambda t: 0.5 * t["x"] @ t["A"] @ t["x"] + t["b"] @ t["x"] + t["c"],
    of="f",
)
case(
    "Goodfellow: softmax",
    r"\text{softmax}(\boldsymbol{z})_i = \frac{\exp(z_i)}{\sum_j \exp(z_j)}."
    + "\n"
    + r"loss = c^\top \text{softmax}(z)",
    {"z": (4,), "c": (4,)},
    lambda t: t["c"] @ F.softmax(t["z"], 0),
)
# Vorontsov, lectures on machine learning
case(
    "Vorontsov: logistic loss",
    r"Q(w) = \sum_{i=1}^{\ell} \ln\left(1 + \exp(-\langle w, x_i \rangle y_i)\right) \to \min_w.",
    {"w": (3,), "x": ("l", 3), "y": ("l",)},
    lambda t: F.softplus(-(t["x"] @ t["w"]) * t["y"]).sum(),
    {"l": 5},
    of="Q",
)
