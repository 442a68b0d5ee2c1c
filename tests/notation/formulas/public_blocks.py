"""Blocks of public teaching material about neural networks, each as its source typesets it, with its meaning in PyTorch.

The source of each stands above it. "As typeset in" means that the block was read there; "faithful to" means that it was
written down in the typesetting of that source. Lines that a source says in prose (initial states, an activation, the
scalar loss) are added behind the block.
"""

from __future__ import annotations

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name

from .judge import Formula

FORMULAS: list[Formula] = []
LSTM = {
    **{f"W_i{n}": (3, 2) for n in "ifgo"},
    **{f"W_h{n}": (3, 3) for n in "ifgo"},
    **{f"b_{s}{n}": (3,) for s in "ih" for n in "ifgo"},
}
GRU = {
    **{f"W_i{n}": (3, 2) for n in "rzn"},
    **{f"W_h{n}": (3, 3) for n in "rzn"},
    **{f"b_{s}{n}": (3,) for s in "ih" for n in "rzn"},
}
S = torch.sigmoid


def case(name: str, text: str, shapes: Any, ref: Any, sizes: Any = None, refuse: bool = False, **rest: Any) -> None:
    """Add a formula; `refuse` where its meaning depends on a convention that the text does not show."""
    FORMULAS.append(Formula(name, text, shapes, ref, sizes or {}, convention=refuse, **rest))


def zeros(*shape):
    return torch.zeros(*shape, dtype=torch.float64)


def eye(n):
    return torch.eye(n, dtype=torch.float64)


def sq(y):
    return y.pow(2).sum()


# === Scalars and circuits ================================================================================================
# CS231n notes, optimization-2, as typeset in cs231n/cs231n.github.io optimization-2.md
case(
    "CS231n: f(x,y,z) = (x + y) z",
    r"f(x,y,z) = (x + y) z",
    {"x": (), "y": (), "z": ()},
    lambda t: (t["x"] + t["y"]) * t["z"],
    of="f",
)
# CS231n notes, optimization-2, as typeset in cs231n/cs231n.github.io optimization-2.md
case(
    "CS231n: the sigmoid neuron as a circuit",
    r"f(w,x) = \frac{1}{1+e^{-(w_0x_0 + w_1x_1 + w_2)}}",
    {"w_0": (), "x_0": (), "w_1": (), "x_1": (), "w_2": ()},
    lambda t: S(t["w_0"] * t["x_0"] + t["w_1"] * t["x_1"] + t["w_2"]),
    of="f",
)
# CS231n notes, optimization-2 ("Backprop in practice: Staged computation"), as typeset there (find_string, file 892318301)
case(
    "CS231n: staged computation",
    r"f(x,y) = \frac{x + \sigma(y)}{\sigma(x) + (x+y)^2}",
    {"x": (), "y": ()},
    lambda t: (t["x"] + S(t["y"])) / (S(t["x"]) + (t["x"] + t["y"]) ** 2),
    of="f",
)
# Understanding Deep Learning (Prince), eq. 3.1, faithful to the book; own: the activation a is ReLU (said in its prose)
case(
    "UDL: shallow network with three hidden units",
    r"""y = \phi_0 + \phi_1 \textrm{a}[\theta_{10} + \theta_{11}x] + \phi_2 \textrm{a}[\theta_{20} + \theta_{21}x] + \phi_3 \textrm{a}[\theta_{30} + \theta_{31}x].
\textrm{a}[z] = \max(0, z)""",
    {**{f"φ_{i}": () for i in range(4)}, **{f"θ_{i}{j}": () for i in (1, 2, 3) for j in (0, 1)}, "x": ()},
    lambda t: t["φ_0"] + sum(t[f"φ_{i}"] * torch.relu(t[f"θ_{i}0"] + t[f"θ_{i}1"] * t["x"]) for i in (1, 2, 3)),
    of="y",
    positive=("x", "θ_10", "θ_11", "θ_30", "θ_31"),
)
# stats.stackexchange.com/questions/7440, KL divergence between two univariate Gaussians, faithful to the answer
case(
    "KL between two univariate Gaussians",
    r"KL(p, q) = \log \frac{\sigma_2}{\sigma_1} + \frac{\sigma_1^2 + (\mu_1 - \mu_2)^2}{2 \sigma_2^2} - \frac{1}{2}",
    {"σ_1": (), "σ_2": (), "μ_1": (), "μ_2": ()},
    lambda t: torch.distributions.kl_divergence(
        torch.distributions.Normal(t["μ_1"], t["σ_1"]), torch.distributions.Normal(t["μ_2"], t["σ_2"])
    ),
    of="KL",
    positive=("σ_1", "σ_2"),
)
# Focal loss, paper arXiv 1708.02002 eq. 5 (also torchvision docs), faithful to the paper; p_t is no sequence
case(
    "focal loss: p_t in roman is no time",
    "\\textrm{FL}(p_\\textrm{t}) = - \\alpha_\\textrm{t} (1 - p_\\textrm{t})^\\gamma \\log (p_\\textrm{t}).\nloss = \\textrm{FL}(p_\\textrm{t})",
    {"p_t": (), "α_t": (), "γ": ()},
    lambda t: -t["α_t"] * (1 - t["p_t"]) ** t["γ"] * t["p_t"].log(),
    positive=("γ",),
    unit=("p_t",),
)
# Hadsell et al. 2006 contrastive loss, faithful to eq. 4 of the paper
case(
    "contrastive loss of Hadsell",
    r"L(W,Y,\vec{X}_1,\vec{X}_2) = (1-Y)\frac{1}{2}(D_W)^2 + (Y)\frac{1}{2}\{\max(0, m-D_W)\}^2",
    {"D_W": (), "Y": (), "m": ()},
    lambda t: (1 - t["Y"]) * 0.5 * t["D_W"] ** 2 + t["Y"] * 0.5 * torch.clamp(t["m"] - t["D_W"], min=0) ** 2,
    of="L",
    positive=("m",),
    unit=("D_W",),
)
# OpenAI Spinning Up, PPO, as typeset in openai/spinningup docs/algorithms/ppo.rst; own: the loss (the simplified objective)
case(
    "Spinning Up: g of the clipped objective",
    r"""g(\epsilon, A) = \left\{
    \begin{array}{ll}
    (1 + \epsilon) A & A \geq 0 \\
    (1 - \epsilon) A & A < 0.
    \end{array}
    \right.
loss = \min(r A, g(\epsilon, A))""",
    {"ε": (), "r": (), "A": ()},
    lambda t: torch.minimum(t["r"] * t["A"], torch.where(t["A"] >= 0, (1 + t["ε"]) * t["A"], (1 - t["ε"]) * t["A"])),
    positive=("ε",),
    unit=("r",),
)
# OpenAI Spinning Up, DDPG pseudocode, as typeset in docs/algorithms/ddpg.rst; own: Q, the policy and the loss
case(
    "Spinning Up: the target of DDPG",
    r"""y(r,s',d) = r + \gamma (1-d) Q_{\phi_{\text{targ}}}(s', \mu_{\theta_{\text{targ}}}(s'))
Q_{\phi_{\text{targ}}}(s, a) = u^\top s + v^\top a
\mu_{\theta_{\text{targ}}}(s) = \tanh(K s)
loss = (q - y(r,s',d))^2""",
    {"r": (), "γ": (), "d": (), "s'": (3,), "u": (3,), "v": (2,), "K": (2, 3), "q": ()},
    lambda t: (
        (t["q"] - (t["r"] + t["γ"] * (1 - t["d"]) * (t["u"] @ t["s'"] + t["v"] @ torch.tanh(t["K"] @ t["s'"])))) ** 2
    ),
)

# === Losses ==============================================================================================================
# CS231n notes, neural-networks-2 (attribute classification), as typeset in cs231n/cs231n.github.io neural-networks-2.md
case(
    "CS231n: a binary hinge per attribute",
    "L_i = \\sum_j \\max(0, 1 - y_{ij} f_j)\nloss = \\sum_i L_i",
    {"y": (3, 4), "f": (4,)},
    lambda t: torch.clamp(1 - t["y"] * t["f"], min=0).sum(),
)
# CS231n notes, neural-networks-2, as typeset there: the sum reaches over both terms, else j of the second is bound nowhere
case(
    "CS231n: logistic regression per attribute, the sum over both terms",
    "L_i = \\sum_j y_{ij} \\log(\\sigma(f_j)) + (1 - y_{ij}) \\log(1 - \\sigma(f_j))\nloss = \\sum_i L_i",
    {"y": (3, 4), "f": (4,)},
    lambda t: (t["y"] * F.logsigmoid(t["f"]) + (1 - t["y"]) * F.logsigmoid(-t["f"])).sum(),
)
# CS231n notes, neural-networks-2 (regression), as typeset there
case(
    "CS231n: L1 loss, two ways in a chain",
    "L_i = \\Vert f - y_i \\Vert_1 = \\sum_j \\mid f_j - (y_i)_j \\mid\nloss = \\sum_i L_i",
    {"f": (4,), "y": (3, 4)},
    lambda t: (t["f"] - t["y"]).abs().sum(),
)
# CS231n notes, linear-classify (regularization), faithful to that page
case(
    "CS231n: the regularisation penalty", r"R(W) = \sum_k\sum_l W_{k,l}^2", {"W": (3, 4)}, lambda t: sq(t["W"]), of="R"
)
# CS231n notes, linear-classify (softmax classifier), as typeset there (find_string, file 5248845860); own: the loss
case(
    "CS231n: the softmax function f_j(z)",
    "f_j(z) = \\frac{e^{z_j}}{\\sum_k e^{z_k}}\nloss = \\sum_j c_j f_j(z)",
    {"z": (4,), "c": (4,)},
    lambda t: t["c"] @ torch.softmax(t["z"], 0),
)
# PyTorch docs, nn.MarginRankingLoss, as typeset in its docstring
case(
    "torch: MarginRankingLoss",
    r"\text{loss}(x1, x2, y) = \max(0, -y * (x1 - x2) + \text{margin})",
    {"x1": (), "x2": (), "y": (), "margin": ()},
    lambda t: torch.clamp(-t["y"] * (t["x1"] - t["x2"]) + t["margin"], min=0),
    positive=("margin",),
)
# PyTorch docs, nn.SoftMarginLoss, as typeset in its docstring
case(
    "torch: SoftMarginLoss",
    r"\text{loss}(x, y) = \sum_i \frac{\log(1 + \exp(-y[i]*x[i]))}{\text{x.nelement}()}",
    {"x": (4,), "y": (4,)},
    lambda t: torch.log1p(torch.exp(-t["y"] * t["x"])).sum() / 4,
)
# PyTorch docs, nn.MultiLabelSoftMarginLoss, as typeset in its docstring; C is the number of classes (its prose and the shape);
# the bracket that the sum reaches over both terms is missing there: i of the second term is bound by nothing else
case(
    "torch: MultiLabelSoftMarginLoss",
    r"""loss(x, y) = - \frac{1}{C} * \sum_i y[i] * \log((1 + \exp(-x[i]))^{-1})
                         + (1-y[i]) * \log\left(\frac{\exp(-x[i])}{(1 + \exp(-x[i]))}\right)""",
    {"x": ("C",), "y": ("C",)},
    lambda t: -(t["y"] * F.logsigmoid(t["x"]) + (1 - t["y"]) * F.logsigmoid(-t["x"])).mean(),
    sizes={"C": 4},
)
# PyTorch docs, nn.KLDivLoss, as typeset in its docstring (pointwise)
case(
    "torch: KLDivLoss, pointwise",
    r"""L(y_{\text{pred}},\ y_{\text{true}})
            = y_{\text{true}} \cdot \log \frac{y_{\text{true}}}{y_{\text{pred}}}
            = y_{\text{true}} \cdot (\log y_{\text{true}} - \log y_{\text{pred}})""",
    {"y_pred": (), "y_true": ()},
    lambda t: t["y_true"] * (t["y_true"].log() - t["y_pred"].log()),
    of="L",
    positive=("y_pred", "y_true"),
)
# PyTorch docs, nn.SmoothL1Loss, as typeset in its docstring; own: the mean
case(
    "torch: SmoothL1Loss",
    r"""l_n = \begin{cases}
        0.5 (x_n - y_n)^2 / beta, & \text{if } |x_n - y_n| < beta \\
        |x_n - y_n| - 0.5 * beta, & \text{otherwise }
        \end{cases}
loss = \operatorname{mean}(l)""",
    {"x": (5,), "y": (5,), "β": ()},
    lambda t: torch.where(
        (t["x"] - t["y"]).abs() < t["β"], 0.5 * (t["x"] - t["y"]) ** 2 / t["β"], (t["x"] - t["y"]).abs() - 0.5 * t["β"]
    ).mean(),
    positive=("β",),
)
# PyTorch docs, nn.BCEWithLogitsLoss, as typeset in its docstring; own: the mean (its default reduction)
case(
    "torch: BCEWithLogitsLoss",
    r"""\ell(x, y) = L = \{l_1,\dots,l_N\}^\top, \quad
        l_n = - w_n \left[ y_n \cdot \log \sigma(x_n)
        + (1 - y_n) \cdot \log (1 - \sigma(x_n)) \right],
loss = \operatorname{mean}(L)""",
    {"x": (4,), "y": (4,), "w": (4,)},
    lambda t: (t["w"] * F.binary_cross_entropy_with_logits(t["x"], t["y"], reduction="none")).mean(),
)
# Dive into Deep Learning, linear-regression, faithful to that page
case(
    "d2l: the loss of linear regression over objects above",
    r"L(\mathbf{w}, b) =\frac{1}{n}\sum_{i=1}^n \frac{1}{2}\left(\mathbf{w}^\top \mathbf{x}^{(i)} + b - y^{(i)}\right)^2.",
    {"w": (3,), "x": ("n", 3), "b": (), "y": ("n",)},
    lambda t: 0.5 * (t["x"] @ t["w"] + t["b"] - t["y"]).pow(2).mean(),
    of="L",
    sizes={"n": 5},
)
# Dive into Deep Learning, softmax-regression, faithful to that page; own: the loss
case(
    "d2l: softmax and its cross-entropy",
    r"""\hat{\mathbf{y}} = \mathrm{softmax}(\mathbf{o}) \quad \textrm{where}\quad \hat{y}_i = \frac{\exp(o_i)}{\sum_j \exp(o_j)}.
l(\mathbf{y}, \hat{\mathbf{y}}) = - \sum_{j=1}^q y_j \log \hat{y}_j.
loss = l(\mathbf{y}, \hat{\mathbf{y}})""",
    {"o": ("q",), "y": ("q",)},
    lambda t: -t["y"] @ F.log_softmax(t["o"], 0),
    sizes={"q": 4},
)
# Dive into Deep Learning, gan, faithful to that page (inside \min_D); own: D
case(
    "d2l: the discriminator's loss",
    r"""loss = - y \log D(\mathbf x) - (1-y)\log(1-D(\mathbf x)),
D(\mathbf x) = \sigma(\mathbf w^\top \mathbf x + b)""",
    {"y": (), "x": (3,), "w": (3,), "b": ()},
    lambda t: F.binary_cross_entropy_with_logits(t["w"] @ t["x"] + t["b"], t["y"]),
)
# Wikipedia, Triplet loss, faithful to that page; own: the embedding f and the call
case(
    "Wikipedia: triplet loss",
    r"""\mathcal{L}\left(A, P, N\right) = \operatorname{max}\left({\|\operatorname{f}\left(A\right) - \operatorname{f}\left(P\right)\|}_2 - {\|\operatorname{f}\left(A\right) - \operatorname{f}\left(N\right)\|}_2 + \alpha, 0\right)
\operatorname{f}\left(x\right) = W x
loss = \mathcal{L}\left(A, P, N\right)""",
    {"A": (3,), "P": (3,), "N": (3,), "W": (2, 3), "α": ()},
    lambda t: torch.clamp(
        (t["W"] @ t["A"] - t["W"] @ t["P"]).norm() - (t["W"] @ t["A"] - t["W"] @ t["N"]).norm() + t["α"], min=0
    ),
    positive=("α",),
)


def ntxent(t):
    z = t["z"] / t["z"].norm(dim=1, keepdim=True)
    s = torch.exp(z @ z.T / t["τ"])
    return -(s / (s.sum(1) - s.diagonal())[:, None]).log().sum()


# SimCLR's NT-Xent as typeset in public notes (find_string, file 66748162742 and others); sim from the same file; own: the sum over i, j
case(
    "NT-Xent of SimCLR with its indicator",
    r"""\ell_{i,j} = -\log \frac{\exp(\text{sim}(z_i, z_j)/\tau)}{\sum_{k=1}^{2N} \mathbb{1}_{[k \neq i]} \exp(\text{sim}(z_i, z_k)/\tau)}
\text{sim}(z_i, z_j)=\frac{z_i^\top z_j}{\|z_i\|\|z_j\|}
loss = \sum_{i,j} \ell_{i,j}""",
    {"z": (6, 3), "τ": ()},
    ntxent,
    sizes={"N": 3},
    positive=("τ",),
)


def barlow(t):
    a, b = t["z^[A]"], t["z^[B]"]
    c = (a.T @ b) / (a.pow(2).sum(0).sqrt()[:, None] * b.pow(2).sum(0).sqrt()[None])
    return (1 - c.diagonal()).pow(2).sum() + t["λ"] * (sq(c) - sq(c.diagonal()))


# Barlow Twins, arXiv 2103.03230 eqs. 1 and 2, faithful to the paper (compared with notes on it, file 63504786479)
case(
    "Barlow Twins",
    r"""\mathcal{L_{BT}} \triangleq \sum_i (1-\mathcal{C}_{ii})^2 + \lambda \sum_{i}\sum_{j \neq i} {\mathcal{C}_{ij}}^2
\mathcal{C}_{ij} \triangleq \frac{ \sum_b z^A_{b,i} z^B_{b,j}} {\sqrt{\sum_b {(z^A_{b,i})}^2} \sqrt{\sum_b {(z^B_{b,j})}^2}}
loss = \mathcal{L_{BT}}""",
    {"z^[A]": (5, 3), "z^[B]": (5, 3), "λ": ()},
    barlow,
)
# Gatys et al., A Neural Algorithm of Artistic Style, arXiv 1508.06576 eqs. 3 and 4, faithful to the paper
case(
    "neural style: Gram matrices of a layer",
    r"""G_{ij}^l = \sum_k F_{ik}^l F_{jk}^l.
E_l = \frac{1}{4 N_l^2 M_l^2} \sum_{i,j} \left(G_{ij}^l - A_{ij}^l\right)^2
loss = E_l""",
    {"F^[l]": (3, 5), "A^[l]": (3, 3), "N_l": (), "M_l": ()},
    lambda t: sq(t["F^[l]"] @ t["F^[l]"].T - t["A^[l]"]) / (4 * t["N_l"] ** 2 * t["M_l"] ** 2),
    positive=("N_l", "M_l"),
)
# Hinton et al., Distilling the Knowledge, arXiv 1503.02531 eq. 1, faithful to the paper (exp without a backslash, T a temperature)
case(
    "distillation: softmax with a temperature T",
    "q_i = \\frac{exp(z_i/T)}{\\sum_j exp(z_j/T)}\nloss = c^\\top q",
    {"z": (4,), "T": (), "c": (4,)},
    lambda t: t["c"] @ torch.softmax(t["z"] / t["T"], 0),
    positive=("T",),
)
# Wikipedia, Normal distribution (estimation of parameters), faithful to that page, right-hand side
case(
    "Wikipedia: log-likelihood of a Gaussian sample",
    r"loss = -\frac{n}{2}\ln(2\pi) - \frac{n}{2}\ln\sigma^2 - \frac{1}{2\sigma^2}\sum_{i=1}^n (x_i-\mu)^2.",
    {"x": ("n",), "μ": (), "σ": ()},
    lambda t: torch.distributions.Normal(t["μ"], t["σ"]).log_prob(t["x"]).sum(),
    sizes={"n": 5},
    positive=("σ",),
)
# Wikipedia, Multivariate normal distribution, faithful to that page
case(
    "Wikipedia: density of a multivariate Gaussian",
    r"""f(\mathbf x) = \frac{
\exp\left(-\frac 1 2 \left({\mathbf x} - {\boldsymbol\mu}\right)^\mathrm{T}{\boldsymbol\Sigma}^{-1}\left({\mathbf x}-{\boldsymbol\mu}\right)\right)
}{\sqrt{(2\pi)^k |\boldsymbol\Sigma|}}""",
    {"x": ("k",), "μ": ("k",), "Σ": ("k", "k")},
    lambda t: (
        torch.exp(-0.5 * (t["x"] - t["μ"]) @ torch.linalg.inv(t["Σ"]) @ (t["x"] - t["μ"]))
        / ((2 * math.pi) ** 2 * torch.linalg.det(t["Σ"])).sqrt()
    ),
    of="f",
    sizes={"k": 2},
    positive=("Σ",),
)
# Kingma & Welling, Auto-Encoding Variational Bayes, appendix B, faithful to the paper (right-hand side)
case(
    "VAE: the KL term by elements",
    r"loss = \frac{1}{2} \sum_{j=1}^{J} \left(1 + \log ((\sigma_j)^2) - (\mu_j)^2 - (\sigma_j)^2 \right)",
    {"σ": ("J",), "μ": ("J",)},
    lambda t: 0.5 * (1 + (t["σ"] ** 2).log() - t["μ"] ** 2 - t["σ"] ** 2).sum(),
    sizes={"J": 4},
    positive=("σ",),
)
# Lilian Weng, From Autoencoder to Beta-VAE (reparameterization trick), faithful to that post; own: the loss
case(
    "reparameterisation trick, the noise behind it",
    "\\mathbf{z} = \\boldsymbol{\\mu} + \\boldsymbol{\\sigma} \\odot \\boldsymbol{\\epsilon} \\text{, where } \\boldsymbol{\\epsilon} \\sim \\mathcal{N}(0, \\boldsymbol{I})\nloss = \\|z\\|^2",
    {"μ": (3,), "σ": (3,), "ε": (3,)},
    lambda t: sq(t["μ"] + t["σ"] * t["ε"]),
)
# Lilian Weng, What are Diffusion Models? (L_t^simple), as typeset in copies of that post (file 22387086034), inside the expectation; own: the net
case(
    "DDPM: the simple loss",
    r"""loss = \|\boldsymbol{\epsilon}_t - \boldsymbol{\epsilon}_\theta(\sqrt{\bar{\alpha}_t}\mathbf{x}_0 + \sqrt{1 - \bar{\alpha}_t}\boldsymbol{\epsilon}_t, t)\|^2
\boldsymbol{\epsilon}_\theta(\mathbf{x}, t) = W \mathbf{x} + t b""",
    {"ε_t": (3,), "α_bar_t": (), "x_0": (3,), "W": (3, 3), "t": (), "b": (3,)},
    lambda t: sq(
        t["ε_t"] - (t["W"] @ (t["α_bar_t"].sqrt() * t["x_0"] + (1 - t["α_bar_t"]).sqrt() * t["ε_t"]) + t["t"] * t["b"])
    ),
    unit=("α_bar_t",),
)
# Yandex ML handbook, linear models (logistic loss), faithful to that page
case(
    "Yandex handbook: log-loss with scalar products",
    r"L(w, X, y) = -\sum_{i=1}^N \big( y_i \log(\sigma(\langle w, x_i \rangle)) + (1 - y_i) \log(\sigma(-\langle w, x_i \rangle)) \big)",
    {"w": (3,), "x": ("N", 3), "y": ("N",)},
    lambda t: -(t["y"] * F.logsigmoid(t["x"] @ t["w"]) + (1 - t["y"]) * F.logsigmoid(-(t["x"] @ t["w"]))).sum(),
    of="L",
    sizes={"N": 5},
)
# Vorontsov's lectures (machinelearning.ru), least squares, faithful to his typesetting
case(
    "Vorontsov: empirical risk, to be minimised",
    r"Q(w) = \frac{1}{\ell} \sum_{i=1}^{\ell} \left( \langle w, x_i \rangle - y_i \right)^2 \to \min_{w}.",
    {"w": (3,), "x": ("l", 3), "y": ("l",)},
    lambda t: (t["x"] @ t["w"] - t["y"]).pow(2).mean(),
    of="Q",
    sizes={"l": 5},
)
# Goodfellow, Bengio, Courville, Deep Learning, eq. 7.2, faithful to the book; own: J
case(
    "Goodfellow: weight decay",
    r"""\tilde{J}(\boldsymbol{w}; \boldsymbol{X}, \boldsymbol{y}) = \frac{\alpha}{2} \boldsymbol{w}^\top \boldsymbol{w} + J(\boldsymbol{w}; \boldsymbol{X}, \boldsymbol{y}),
J(\boldsymbol{w}; \boldsymbol{X}, \boldsymbol{y}) = \|\boldsymbol{X} \boldsymbol{w} - \boldsymbol{y}\|_2^2
loss = \tilde{J}(\boldsymbol{w}; \boldsymbol{X}, \boldsymbol{y})""",
    {"α": (), "w": (3,), "X": (4, 3), "y": (4,)},
    lambda t: t["α"] / 2 * sq(t["w"]) + sq(t["X"] @ t["w"] - t["y"]),
)

# === Energies, kernels, quadratic forms ==================================================================================
# Wikipedia, Hopfield network, faithful to that page
case(
    "Wikipedia: the energy of a Hopfield network",
    r"E = -\frac12\sum_{i,j} w_{ij} s_i s_j -\sum_i \theta_i s_i",
    {"w": (4, 4), "s": (4,), "θ": (4,)},
    lambda t: -0.5 * t["s"] @ t["w"] @ t["s"] - t["θ"] @ t["s"],
    of="E",
)
# Wikipedia, Restricted Boltzmann machine, faithful to that page
case(
    "Wikipedia: the energy of an RBM by elements",
    r"E(v,h) = -\sum_i a_i v_i - \sum_j b_j h_j -\sum_i \sum_j v_i w_{i,j} h_j",
    {"a": (3,), "v": (3,), "b": (2,), "h": (2,), "w": (3, 2)},
    lambda t: -t["a"] @ t["v"] - t["b"] @ t["h"] - t["v"] @ t["w"] @ t["h"],
    of="E",
)
# Wikipedia, Restricted Boltzmann machine, faithful to that page
case(
    "Wikipedia: the energy of an RBM by matrices",
    r"E(v,h) = -a^{\mathrm{T}} v - b^{\mathrm{T}} h -v^{\mathrm{T}} W h.",
    {"a": (3,), "v": (3,), "b": (2,), "h": (2,), "W": (3, 2)},
    lambda t: -t["a"] @ t["v"] - t["b"] @ t["h"] - t["v"] @ t["W"] @ t["h"],
    of="E",
)
# Wikipedia, Radial basis function kernel, faithful to that page
case(
    "Wikipedia: RBF kernel",
    r"K(\mathbf{x}, \mathbf{x'}) = \exp\left(-\frac{\|\mathbf{x} - \mathbf{x'}\|^2}{2\sigma^2}\right)",
    {"x": (3,), "x'": (3,), "σ": ()},
    lambda t: torch.exp(-sq(t["x"] - t["x'"]) / (2 * t["σ"] ** 2)),
    of="K",
    positive=("σ",),
)
# Wikipedia, Radial basis function network, faithful to that page; own: the loss
case(
    "Wikipedia: RBF network",
    r"""\varphi(\mathbf{x}) = \sum_{i=1}^N a_i \rho(||\mathbf{x}-\mathbf{c}_i||)
\rho \big ( \left \Vert \mathbf{x} - \mathbf{c}_i \right \Vert \big ) = \exp \left[ -\beta_i \left \Vert \mathbf{x} - \mathbf{c}_i \right \Vert ^2 \right].
loss = \varphi(\mathbf{x})""",
    {"a": ("N",), "x": (3,), "c": ("N", 3), "β": ("N",)},
    lambda t: t["a"] @ torch.exp(-t["β"] * (t["x"] - t["c"]).pow(2).sum(1)),
    sizes={"N": 4},
    positive=("β",),
)
# Nielsen, Neural Networks and Deep Learning, ch. 2 (quadratic cost), faithful to that page
case(
    "Nielsen: quadratic cost of the last layer",
    r"C = \frac{1}{2} \sum_j (y_j-a^L_j)^2,",
    {"y": (3,), "a^[L]": (3,)},
    lambda t: 0.5 * sq(t["y"] - t["a^[L]"]),
    of="C",
)

# === Embeddings and recommenders =========================================================================================
# Dive into Deep Learning, word2vec (skip-gram), as typeset in d2l-ai/d2l-en word2vec.md
case(
    "d2l: skip-gram softmax over the vocabulary",
    r"P(w_o \mid w_c) = \frac{\text{exp}(\mathbf{u}_o^\top \mathbf{v}_c)}{ \sum_{i \in \mathcal{V}} \text{exp}(\mathbf{u}_i^\top \mathbf{v}_c)},",
    {"u_o": (3,), "v_c": (3,), "u": (5, 3)},
    lambda t: torch.exp(t["u_o"] @ t["v_c"]) / torch.exp(t["u"] @ t["v_c"]).sum(),
    of="P",
)
# Dive into Deep Learning, word2vec (CBOW), as typeset there, right-hand side
case(
    "d2l: CBOW log-likelihood",
    r"loss = \mathbf{u}_c^\top \bar{\mathbf{v}}_o - \log\,\left(\sum_{i \in \mathcal{V}} \exp\left(\mathbf{u}_i^\top \bar{\mathbf{v}}_o\right)\right).",
    {"u_c": (3,), "v_bar_o": (3,), "u": (5, 3)},
    lambda t: t["u_c"] @ t["v_bar_o"] - torch.logsumexp(t["u"] @ t["v_bar_o"], 0),
)
# Dive into Deep Learning, glove, as typeset in d2l-ai/d2l-en glove.md; own: the weight function of its prose, below c = 100
case(
    "d2l: GloVe",
    r"""loss = \sum_{i\in\mathcal{V}} \sum_{j\in\mathcal{V}} h(x_{ij}) \left(\mathbf{u}_j^\top \mathbf{v}_i + b_i + c_j - \log\,x_{ij}\right)^2.
h(x) = (x/100) ^{0.75}""",
    {"x": (4, 4), "u": (4, 3), "v": (4, 3), "b": (4,), "c": (4,)},
    lambda t: ((t["x"] / 100) ** 0.75 * (t["v"] @ t["u"].T + t["b"][:, None] + t["c"] - t["x"].log()) ** 2).sum(),
    positive=("x",),
)


def fm(t):
    g = t["v"] @ t["v"].T * torch.outer(t["x"], t["x"])
    return t["w_0"] + t["w"] @ t["x"] + torch.triu(g, 1).sum()


# Dive into Deep Learning, fm, as typeset in d2l-ai/d2l-en fm.md
case(
    "d2l: factorisation machine, pairs j > i",
    r"\hat{y}(x) = \mathbf{w}_0 + \sum_{i=1}^d \mathbf{w}_i x_i + \sum_{i=1}^d\sum_{j=i+1}^d \langle\mathbf{v}_i, \mathbf{v}_j\rangle x_i x_j",
    {"w_0": (), "w": ("d",), "x": ("d",), "v": ("d", 2)},
    fm,
    of="y_hat",
    sizes={"d": 4},
)
# Dive into Deep Learning, fm, as typeset there: the last line of the reformulation (its first bracket is \big, its last one is not)
case(
    "d2l: factorisation machine in linear time",
    r"loss = \frac{1}{2} \sum_{l=1}^k \big ((\sum_{i=1}^d \mathbf{v}_{i,l} x_i)^2 - \sum_{i=1}^d \mathbf{v}_{i,l}^2 x_i^2)",
    {"x": ("d",), "v": ("d", "k")},
    lambda t: 0.5 * ((t["x"] @ t["v"]) ** 2 - t["x"] ** 2 @ t["v"] ** 2).sum(),
    sizes={"d": 4, "k": 2},
)
# Dive into Deep Learning, mf, as typeset in d2l-ai/d2l-en mf.md; refuse: b_u and b_i are two vectors of one name
case(
    "d2l: matrix factorisation with biases by index",
    "\\hat{\\mathbf{R}}_{ui} = \\mathbf{P}_u\\mathbf{Q}^\\top_i + b_u + b_i\nloss = \\|\\hat{\\mathbf{R}}\\|_F^2",
    {"P": (3, 2), "Q": (4, 2), "b_u": (3,), "b_i": (4,)},
    lambda t: sq(t["P"] @ t["Q"].T + t["b_u"][:, None] + t["b_i"]),
    refuse=True,
)
# Dive into Deep Learning, neumf (GMF), as typeset in d2l-ai/d2l-en neumf.md; own: the activation and the loss
case(
    "d2l: generalised matrix factorisation of NeuMF",
    r"""\mathbf{x} = \mathbf{p}_u \odot \mathbf{q}_i \\
\hat{y}_{ui} = \alpha(\mathbf{h}^\top \mathbf{x}),
\alpha(z) = \sigma(z)
loss = (\hat{y}_{ui} - 1)^2""",
    {"p_u": (3,), "q_i": (3,), "h": (3,)},
    lambda t: (S(t["h"] @ (t["p_u"] * t["q_i"])) - 1) ** 2,
)
# Wikipedia, Matrix factorization (recommender systems), faithful to that page, inside the arg min; refuse: which norm is \|H\| of a matrix
case(
    "Wikipedia: Funk MF",
    "\\tilde{R}=H W\nloss = \\|R - \\tilde{R}\\|_{\\rm F} + \\alpha\\|H\\| + \\beta\\|W\\|",
    {"R": (3, 4), "H": (3, 2), "W": (2, 4), "α": (), "β": ()},
    lambda t: (t["R"] - t["H"] @ t["W"]).norm() + t["α"] * t["H"].norm() + t["β"] * t["W"].norm(),
    refuse=True,
)

# === Activations and normalisation =======================================================================================
# PyTorch docs, nn.Softplus, as typeset in its docstring; own: the loss
case(
    "torch: Softplus",
    "\\text{Softplus}(x) = \\frac{1}{\\beta} * \\log(1 + \\exp(\\beta * x))\nloss = c^\\top \\text{Softplus}(x)",
    {"x": (4,), "β": (), "c": (4,)},
    lambda t: t["c"] @ (torch.log1p(torch.exp(t["β"] * t["x"])) / t["β"]),
    positive=("β",),
)
# PyTorch docs, nn.PReLU, as typeset in its docstring; own: the loss
case(
    "torch: PReLU",
    "\\text{PReLU}(x) = \\max(0,x) + a * \\min(0,x)\nloss = c^\\top \\text{PReLU}(x)",
    {"x": (4,), "a": (), "c": (4,)},
    lambda t: t["c"] @ F.prelu(t["x"], t["a"]),
)
# PyTorch docs, nn.Hardswish, as typeset in its docstring; own: the loss
case(
    "torch: Hardswish",
    r"""\text{Hardswish}(x) = \begin{cases}
            0 & \text{if~} x \le -3, \\
            x & \text{if~} x \ge +3, \\
            x \cdot (x + 3) /6 & \text{otherwise}
        \end{cases}
loss = c^\top \text{Hardswish}(x)""",
    {"x": (4,), "c": (4,)},
    lambda t: t["c"] @ F.hardswish(t["x"]),
)
# PyTorch docs, nn.Softshrink, as typeset in its docstring; own: the loss
case(
    "torch: Softshrink",
    r"""\text{SoftShrinkage}(x) =
        \begin{cases}
        x - \lambda, & \text{ if } x > \lambda \\
        x + \lambda, & \text{ if } x < -\lambda \\
        0, & \text{ otherwise }
        \end{cases}
loss = c^\top \text{SoftShrinkage}(x)""",
    {"x": (4,), "λ": (), "c": (4,)},
    lambda t: (
        t["c"]
        @ torch.where(t["x"] > t["λ"], t["x"] - t["λ"], torch.where(t["x"] < -t["λ"], t["x"] + t["λ"], 0 * t["x"]))
    ),
    positive=("λ",),
)
# PyTorch docs, nn.Softmin, as typeset in its docstring; own: the loss
case(
    "torch: Softmin",
    "\\text{Softmin}(x_{i}) = \\frac{\\exp(-x_i)}{\\sum_j \\exp(-x_j)}\nloss = c^\\top \\text{Softmin}(x)",
    {"x": (4,), "c": (4,)},
    lambda t: t["c"] @ F.softmin(t["x"], 0),
)
# PyTorch docs, nn.RMSNorm, as typeset in its docstring; own: the loss
case(
    "torch: RMSNorm, where",
    r"""y_i = \frac{x_i}{\mathrm{RMS}(x)} * \gamma_i, \quad
        \text{where} \quad \text{RMS}(x) = \sqrt{\epsilon + \frac{1}{n} \sum_{i=1}^{n} x_i^2}
loss = c^\top y""",
    {"x": ("n",), "γ": ("n",), "ε": (), "c": ("n",)},
    lambda t: t["c"] @ (t["x"] / (t["ε"] + t["x"].pow(2).mean()).sqrt() * t["γ"]),
    sizes={"n": 4},
    positive=("ε",),
)
# PyTorch docs, nn.LayerNorm and nn.GroupNorm, as typeset in the docstrings; own: the loss
case(
    "torch: LayerNorm with E[x] and Var[x]",
    "y = \\frac{x - \\mathrm{E}[x]}{ \\sqrt{\\mathrm{Var}[x] + \\epsilon}} * \\gamma + \\beta\nloss = c^\\top y",
    {"x": (4,), "ε": (), "γ": (4,), "β": (4,), "c": (4,)},
    lambda t: t["c"] @ ((t["x"] - t["x"].mean()) / (t["x"].var(unbiased=False) + t["ε"]).sqrt() * t["γ"] + t["β"]),
    positive=("ε",),
)
# Dive into Deep Learning, batch-norm (layer normalization), as typeset in d2l-ai/d2l-en batch-norm.md (find_string, file 2514424593); own: the loss
case(
    "d2l: layer normalisation, the variance defined by its square",
    r"""\mathbf{x} \rightarrow \mathrm{LN}(\mathbf{x}) =  \frac{\mathbf{x} - \hat{\mu}}{\hat\sigma},
\hat{\mu} := \frac{1}{n} \sum_{i=1}^n x_i \text{ and }
\hat{\sigma}^2 := \frac{1}{n} \sum_{i=1}^n (x_i - \hat{\mu})^2 + \epsilon.
loss = c^\top \mathrm{LN}(\mathbf{x})""",
    {"x": ("n",), "ε": (), "c": ("n",)},
    lambda t: t["c"] @ ((t["x"] - t["x"].mean()) / (t["x"].var(unbiased=False) + t["ε"]).sqrt()),
    sizes={"n": 4},
    positive=("ε",),
)
# Dive into Deep Learning, batch-norm, as typeset there (find_string, file 1585031647 and others); own: the loss; the statistics are fed
case(
    "d2l: batch normalisation of one object",
    r"""\mathrm{BN}(\mathbf{x}) = \boldsymbol{\gamma} \odot \frac{\mathbf{x} - \hat{\boldsymbol{\mu}}_\mathcal{B}}{\hat{\boldsymbol{\sigma}}_\mathcal{B}} + \boldsymbol{\beta}.
loss = c^\top \mathrm{BN}(\mathbf{x})""",
    {"x": (4,), "γ": (4,), "μ_hat_B": (4,), "σ_hat_B": (4,), "β": (4,), "c": (4,)},
    lambda t: t["c"] @ (t["γ"] * (t["x"] - t["μ_hat_B"]) / t["σ_hat_B"] + t["β"]),
    positive=("σ_hat_B",),
)

# === Feed-forward, residual, experts =====================================================================================
# Goodfellow et al., Deep Learning, eq. 6.3 (XOR), faithful to the book
case(
    "Goodfellow: the XOR network",
    r"f(\boldsymbol{x}; \boldsymbol{W}, \boldsymbol{c}, \boldsymbol{w}, b) = \boldsymbol{w}^\top \max\{0, \boldsymbol{W}^\top \boldsymbol{x} + \boldsymbol{c}\} + b.",
    {"x": (2,), "W": (2, 3), "c": (3,), "w": (3,), "b": ()},
    lambda t: t["w"] @ torch.relu(t["W"].T @ t["x"] + t["c"]) + t["b"],
    of="f",
)
# CS224n lecture notes, part 3 (max-margin objective), faithful to the notes
case(
    "CS224n: max-margin objective, true and corrupt window",
    r"""s = U^T \sigma(Wx + b)
s_c = U^T \sigma(Wx_c + b)
J = \max(\Delta + s_c - s, 0)""",
    {"U": (3,), "W": (3, 4), "x": (4,), "x_c": (4,), "b": (3,), "Δ": ()},
    lambda t: torch.clamp(
        t["Δ"] + t["U"] @ S(t["W"] @ t["x_c"] + t["b"]) - t["U"] @ S(t["W"] @ t["x"] + t["b"]), min=0
    ),
    of="J",
    positive=("Δ",),
)
# He et al., Deep Residual Learning, arXiv 1512.03385 eq. 1 and its text, faithful to the paper; own: its sigma is ReLU (its prose), the loss
case(
    "ResNet: a building block, sigma is ReLU",
    r"""\mathbf{y}= \mathcal{F}(\mathbf{x}, \{W_{i}\}) + \mathbf{x}.
\mathcal{F}(\mathbf{x}, \{W_{i}\})=W_{2}\sigma(W_{1}\mathbf{x})
\sigma(z) = \max(0, z)
loss = \|\mathbf{y}\|^2""",
    {"x": (3,), "W_1": (5, 3), "W_2": (3, 5)},
    lambda t: sq(t["x"] + t["W_2"] @ torch.relu(t["W_1"] @ t["x"])),
)
# Papers with Code, Highway Layer, as typeset there; own: H, T, the loss; refuse: the dot between two vectors is elementwise in the paper
case(
    "Highway layer with dots",
    r"""\mathbf{y} = H\left(\mathbf{x},\mathbf{W_{H}}\right) \cdot T\left(\mathbf{x},\mathbf{W_{T}}\right) + \mathbf{x} \cdot \left(1 - T\left(\mathbf{x},\mathbf{W_{T}}\right)\right)
H(x, W) = \tanh(W x)
T(x, W) = \sigma(W x)
loss = \|\mathbf{y}\|^2""",
    {"x": (3,), "W_H": (3, 3), "W_T": (3, 3)},
    lambda t: sq(torch.tanh(t["W_H"] @ t["x"]) * S(t["W_T"] @ t["x"]) + t["x"] * (1 - S(t["W_T"] @ t["x"]))),
    refuse=True,
)
# Shazeer, GLU Variants Improve Transformer, arXiv 2002.05202 eq. 6, as typeset in lecture notes (find_string, files 62739417321, 57922143326); own: the call
case(
    "SwiGLU feed-forward",
    r"""\text{FFN}_{\text{SwiGLU}}(x, W, V, W_2) = (\text{Swish}_1(xW) \otimes xV)W_2
\text{Swish}_1(x) = x \cdot \sigma(x)
loss = \|\text{FFN}_{\text{SwiGLU}}(x, W, V, W_2)\|^2""",
    {"x": (3,), "W": (3, 5), "V": (3, 5), "W_2": (5, 3)},
    lambda t: sq((F.silu(t["x"] @ t["W"]) * (t["x"] @ t["V"])) @ t["W_2"]),
)
# The Annotated Transformer, position-wise feed-forward, faithful to that page; own: the call
case(
    "Annotated Transformer: FFN of a matrix",
    "\\mathrm{FFN}(x)=\\max(0, xW_1 + b_1) W_2 + b_2\nloss = \\|\\mathrm{FFN}(X)\\|_F^2",
    {"X": (4, 3), "W_1": (3, 5), "b_1": (5,), "W_2": (5, 3), "b_2": (3,)},
    lambda t: sq(torch.relu(t["X"] @ t["W_1"] + t["b_1"]) @ t["W_2"] + t["b_2"]),
)
# Hugging Face blog, Mixture of Experts Explained, as typeset in copies (file 8254200156); own: the experts, the loss
case(
    "mixture of experts",
    r"""y = \sum_{i=1}^n G(x)_i E_i(x)
G(x) = softmax(x \cdot W_g)
E_i(x) = \tanh(x W_i)
loss = \|y\|^2""",
    {"x": (3,), "W_g": (3, "n"), "W": ("n", 3, 2)},
    lambda t: sq(torch.softmax(t["x"] @ t["W_g"], 0) @ torch.tanh(torch.einsum("d,ndp->np", t["x"], t["W"]))),
    sizes={"n": 4},
)

# === Attention ===========================================================================================================
# The Annotated Transformer, scaled dot-product attention, faithful to that page; own: the call
case(
    "Annotated Transformer: attention, d_k the width of the keys",
    "\\mathrm{Attention}(Q, K, V) = \\mathrm{softmax}(\\frac{QK^T}{\\sqrt{d_k}})V\nloss = \\|\\mathrm{Attention}(Q, K, V)\\|_F^2",
    {"Q": (3, "d_k"), "K": (4, "d_k"), "V": (4, 2)},
    lambda t: sq(torch.softmax(t["Q"] @ t["K"].T / 5**0.5, -1) @ t["V"]),
    sizes={"d_k": 5},
)


def multihead(t):
    heads = [
        torch.softmax(t["Q"] @ t["W^[Q]"][i] @ (t["K"] @ t["W^[K]"][i]).T / 2**0.5, -1) @ t["V"] @ t["W^[V]"][i]
        for i in range(2)
    ]
    return sq(torch.cat(heads, -1) @ t["W^[O]"])


# The Annotated Transformer, multi-head attention, as typeset there (find_string, file 40819001878); refuse: how many heads there are
case(
    "Annotated Transformer: multi-head attention",
    r"""\mathrm{MultiHead}(Q, K, V) =
    \mathrm{Concat}(\mathrm{head_1}, ..., \mathrm{head_h})W^O \\
    \text{where}~\mathrm{head_i} = \mathrm{Attention}(QW^Q_i, KW^K_i, VW^V_i)
\mathrm{Attention}(Q, K, V) = \mathrm{softmax}(\frac{QK^T}{\sqrt{d_k}})V
loss = \|\mathrm{MultiHead}(Q, K, V)\|_F^2""",
    {
        "Q": (3, 4),
        "K": (3, 4),
        "V": (3, 4),
        "W^[Q]": ("h", 4, "d_k"),
        "W^[K]": ("h", 4, "d_k"),
        "W^[V]": ("h", 4, 2),
        "W^[O]": (4, 4),
    },
    multihead,
    sizes={"h": 2, "d_k": 2},
    refuse=True,
)
# CS231n notes, attention, as typeset in cs231n/cs231n.github.io attention.md; refuse: its softmax runs down the columns (its prose)
case(
    "CS231n: attention by elements, softmax down the columns",
    r"""e_{i,j} = \frac{q_j \cdot x_i}{\sqrt{D_x}}
\mathbf{a} = \text{softmax}(\mathbf{e})
y_j = \sum_{i} a_{i,j} x_i
loss = \sum_j \|y_j\|^2""",
    {"q": (2, "D_x"), "x": (4, "D_x")},
    lambda t: sq(torch.softmax(t["x"] @ t["q"].T / 3**0.5, 0).T @ t["x"]),
    sizes={"D_x": 3},
    refuse=True,
)
# Dive into Deep Learning, attention-pooling (Nadaraya-Watson, Gaussian kernel), faithful to that page; own: the loss
case(
    "d2l: Nadaraya-Watson attention pooling",
    r"""f(\mathbf{q}) = \sum_i \mathbf{v}_i \frac{\alpha(\mathbf{q}, \mathbf{k}_i)}{\sum_j \alpha(\mathbf{q}, \mathbf{k}_j)}.
\alpha(\mathbf{q}, \mathbf{k}) = \exp\left(-\frac{1}{2} \|\mathbf{q} - \mathbf{k}\|^2 \right)
loss = \|f(\mathbf{q})\|^2""",
    {"q": (3,), "k": (4, 3), "v": (4, 2)},
    lambda t: sq(torch.softmax(-0.5 * (t["q"] - t["k"]).pow(2).sum(1), 0) @ t["v"]),
)
# Dive into Deep Learning, attention-scoring-functions, as typeset there (find_string, file 53810718421 and others): both equations; own: the loss
case(
    "d2l: attention weights of scaled dot products, a chain through softmax",
    r"""a(\mathbf{q}, \mathbf{k}_i) = \mathbf{q}^\top \mathbf{k}_i / \sqrt{d}.
\alpha(\mathbf{q}, \mathbf{k}_i) = \mathrm{softmax}(a(\mathbf{q}, \mathbf{k}_i)) = \frac{\exp(\mathbf{q}^\top \mathbf{k}_i / \sqrt{d})}{\sum_{j=1} \exp(\mathbf{q}^\top \mathbf{k}_j / \sqrt{d})}.
loss = \sum_i c_i \alpha(\mathbf{q}, \mathbf{k}_i)""",
    {"q": ("d",), "k": (4, "d"), "c": (4,)},
    lambda t: t["c"] @ torch.softmax(t["k"] @ t["q"] / 3**0.5, 0),
    sizes={"d": 3},
)


def bahdanau(t):
    s, total = zeros(3), 0
    for x in t["x"]:
        a = torch.softmax(torch.tanh(s @ t["W_a"].T + t["h"] @ t["U_a"].T) @ t["v_a"], 0)
        s = torch.tanh(t["C"] @ (a @ t["h"]) + t["V"] @ x)
        total = total + sq(s)
    return total


# Bahdanau attention as typeset in public lecture notes (find_string, file 5134781812); own: the decoder, its start, the loss
case(
    "Bahdanau attention inside a decoder",
    r"""e_{t,i} = v_a^\top \tanh(W_a s_{t-1} + U_a h_i)
\alpha_{t,i} = \frac{\exp(e_{t,i})}{\sum_{k=1}^n \exp(e_{t,k})}
c_t = \sum_{i=1}^n \alpha_{t,i} h_i
s_0 = 0
s_t = \tanh(C c_t + V x_t)
loss = \sum_t \|s_t\|^2""",
    {"x": ("T", 2), "h": ("n", 3), "v_a": (4,), "W_a": (4, 3), "U_a": (4, 3), "C": (3, 3), "V": (3, 2)},
    bahdanau,
    sizes={"T": 3, "n": 4},
)


def luong(t):
    a = torch.softmax(t["h"] @ t["W_a"] @ t["h_bar"].T, -1)
    return sq(torch.tanh(torch.cat([a @ t["h_bar"], t["h"]], -1) @ t["W_c"].T))


# TensorFlow NMT tutorial (tensorflow/nmt README, Luong's attention), faithful to that page; own: score (its eq. 4), the loss
case(
    "Luong attention with tags",
    r"""\begin{align}
\alpha_{ts} &= \frac{\exp\left(\text{score}(h_t, \bar{h}_s)\right)}{\sum_{s'=1}^{S} \exp\left(\text{score}(h_t, \bar{h}_{s'})\right)} \tag{1} \\
c_t &= \sum_s \alpha_{ts} \bar{h}_s \tag{2} \\
a_t &= f(c_t, h_t) = \tanh(W_c[c_t; h_t]) \tag{3}
\end{align}
\text{score}(h_t, \bar{h}_s) = h_t^\top W_a \bar{h}_s
loss = \sum_t \|a_t\|^2""",
    {"h": ("T", 3), "h_bar": ("S", 2), "W_a": (3, 2), "W_c": (3, 5)},
    luong,
    sizes={"T": 3, "S": 4},
)

# === Graph networks ======================================================================================================


def gcn(t):
    a = t["A"] + eye(4)
    d = a.sum(1) ** -0.5
    return sq(d[:, None] * a * d @ t["X"] @ t["Θ"])


# PyG docs, GCNConv, as typeset in its docstring (pytorch-geometric.readthedocs.io 1.4.2), with the two formulas of its sentence; own: the loss
case(
    "PyG: GCNConv",
    r"""\mathbf{X}^{\prime} = \mathbf{\hat{D}}^{-1/2} \mathbf{\hat{A}}
        \mathbf{\hat{D}}^{-1/2} \mathbf{X} \mathbf{\Theta},
\mathbf{\hat{A}} = \mathbf{A} + \mathbf{I}
\hat{D}_{ii} = \sum_{j=0} \hat{A}_{ij}
loss = \|\mathbf{X}^{\prime}\|_F^2""",
    {"A": (4, 4), "X": (4, 3), "Θ": (3, 2)},
    gcn,
    positive=("A",),
)
# PyG docs, GINConv, as typeset in its docstring (find_string, file 67247883235); own: the network h, the loss
case(
    "PyG: GINConv",
    r"""\mathbf{X}^{\prime} = h_{\mathbf{\Theta}} \left( \left( \mathbf{A} +
        (1 + \epsilon) \cdot \mathbf{I} \right) \cdot \mathbf{X} \right),
h_{\mathbf{\Theta}}(Z) = ReLU(Z W)
loss = \|\mathbf{X}^{\prime}\|_F^2""",
    {"A": (4, 4), "ε": (), "X": (4, 3), "W": (3, 2)},
    lambda t: sq(torch.relu((t["A"] + (1 + t["ε"]) * eye(4)) @ t["X"] @ t["W"])),
)
# PyG docs, GCN2Conv, as typeset in its docstring (find_string, file 1353542925); own: the loss
case(
    "PyG: GCN2Conv",
    r"""\mathbf{X}^{\prime} = \left( (1 - \alpha) \mathbf{\hat{P}}\mathbf{X} +
        \alpha \mathbf{X^{(0)}}\right) \left( (1 - \beta) \mathbf{I} + \beta
        \mathbf{\Theta} \right)
loss = \|\mathbf{X}^{\prime}\|_F^2""",
    {"α": (), "P_hat": (4, 4), "X": (4, 3), "X^[0]": (4, 3), "β": (), "Θ": (3, 3)},
    lambda t: sq(
        ((1 - t["α"]) * t["P_hat"] @ t["X"] + t["α"] * t["X^[0]"]) @ ((1 - t["β"]) * eye(3) + t["β"] * t["Θ"])
    ),
)
# PyG docs, SAGEConv, as typeset in its docstring (2.0.4); refuse: the graph behind N(i) is not in the text (here every node sees all)
case(
    "PyG: SAGEConv, neighbours unknown",
    r"""\mathbf{x}^{\prime}_i = \mathbf{W}_1 \mathbf{x}_i + \mathbf{W}_2 \cdot
        \mathrm{mean}_{j \in \mathcal{N(i)}} \mathbf{x}_j
loss = \|x'\|_F^2""",
    {"W_1": (2, 3), "W_2": (2, 3), "x": (4, 3)},
    lambda t: sq(t["x"] @ t["W_1"].T + t["W_2"] @ t["x"].mean(0)),
    refuse=True,
)


def gat(t):
    z = t["h"] @ t["W"].T
    return sq(F.leaky_relu((z @ t["a"][:2])[:, None] + (z @ t["a"][2:])[None], 0.01))


# DGL and MindSpore docs, GATConv, as typeset in mindspore_gl.nn.conv.gatconv; refuse: the slope of LeakyReLU (0.01 or GAT's 0.2)
case(
    "DGL: the scores of GATConv",
    r"""e_{ij}^{l} = \mathrm{LeakyReLU}\left(\vec{a}^T [W h_{i} \| W h_{j}]\right)
loss = \sum_{i,j} (e_{ij}^{l})^2""",
    {"a": (4,), "W": (2, 3), "h": (4, 3)},
    gat,
    refuse=True,
)

# === Recurrent networks ==================================================================================================


def over_time(t, step, *states, x="x"):
    for row in t[x]:
        states = step(row, *states)
    return states


# CS231n notes, rnn, as typeset in cs231n/cs231n.github.io rnn.md (tanh without a backslash); own: the start and the loss
case(
    "CS231n: vanilla RNN with outputs",
    r"""h_t = tanh(W_{hh}h_{t-1} + W_{xh}x_t)
y_t = W_{hy}h_t
h_0 = 0
loss = \sum_t \|y_t\|^2""",
    {"x": ("T", 2), "W_hh": (3, 3), "W_xh": (3, 2), "W_hy": (2, 3)},
    sizes={"T": 3},
    ref=lambda t: over_time(
        t,
        lambda x, h, s: (lambda n: (n, s + sq(t["W_hy"] @ n)))(torch.tanh(t["W_hh"] @ h + t["W_xh"] @ x)),
        zeros(3),
        zeros(()),
    )[1],
)


def goodfellow(t):
    h, total = zeros(3), 0
    for x in t["x"]:
        h = torch.tanh(t["b"] + t["W"] @ h + t["U"] @ x)
        total = total + sq(torch.softmax(t["c"] + t["V"] @ h, -1))
    return total


# Goodfellow et al., Deep Learning, eqs. 10.8-10.11, faithful to the book (time above in brackets); own: the start and the loss
case(
    "Goodfellow: RNN with the time above",
    r"""\begin{aligned}
\boldsymbol{a}^{(t)} &= \boldsymbol{b} + \boldsymbol{W} \boldsymbol{h}^{(t-1)} + \boldsymbol{U} \boldsymbol{x}^{(t)}, \\
\boldsymbol{h}^{(t)} &= \tanh(\boldsymbol{a}^{(t)}), \\
\boldsymbol{o}^{(t)} &= \boldsymbol{c} + \boldsymbol{V} \boldsymbol{h}^{(t)}, \\
\hat{\boldsymbol{y}}^{(t)} &= \mathrm{softmax}(\boldsymbol{o}^{(t)}),
\end{aligned}
\boldsymbol{h}^{(0)} = 0
loss = \sum_t \|\hat{\boldsymbol{y}}^{(t)}\|^2""",
    {"x": ("T", 2), "b": (3,), "W": (3, 3), "U": (3, 2), "c": (4,), "V": (4, 3)},
    goodfellow,
    sizes={"T": 3},
)
# Wikipedia, Recurrent neural network (Elman network), faithful to that page; own: the activations, the start, the loss
case(
    "Wikipedia: Elman network",
    r"""\begin{align}
h_t &= \sigma_h(W_{h} x_t + U_{h} h_{t-1} + b_h) \\
y_t &= \sigma_y(W_{y} h_t + b_y)
\end{align}
\sigma_h(z) = \tanh(z)
\sigma_y(z) = \frac{1}{1 + e^{-z}}
h_0 = 0
loss = \|y_T\|^2""",
    {"x": ("T", 2), "W_h": (3, 2), "U_h": (3, 3), "b_h": (3,), "W_y": (2, 3), "b_y": (2,)},
    sizes={"T": 3},
    ref=lambda t: sq(
        S(
            t["W_y"] @ over_time(t, lambda x, h: (torch.tanh(t["W_h"] @ x + t["U_h"] @ h + t["b_h"]),), zeros(3))[0]
            + t["b_y"]
        )
    ),
)


def lstm_columns(t, key, hx=False):
    h = c = zeros(3)
    for x in t["x"]:

        def gate(n, x=x, h=h):
            return (t["W_" + n] @ torch.cat([h, x]) if hx else t["W_" + n] @ x + t["U_" + n] @ h) + t["b_" + n]

        f, i, o = S(gate("f")), S(gate("i")), S(gate("o"))
        c = f * c + i * torch.tanh(gate(key))
        h = o * torch.tanh(c)
    return sq(h)


GATES = {**{f"W_{n}": (3, 2) for n in "fioc"}, **{f"U_{n}": (3, 3) for n in "fioc"}, **{f"b_{n}": (3,) for n in "fioc"}}
# Wikipedia, Long short-term memory, faithful to that page; own: sigma_g, sigma_c, sigma_h (its prose), the starts, the loss
case(
    "Wikipedia: LSTM with named activations",
    r"""\begin{align}
f_t &= \sigma_g(W_{f} x_t + U_{f} h_{t-1} + b_f) \\
i_t &= \sigma_g(W_{i} x_t + U_{i} h_{t-1} + b_i) \\
o_t &= \sigma_g(W_{o} x_t + U_{o} h_{t-1} + b_o) \\
\tilde{c}_t &= \sigma_c(W_{c} x_t + U_{c} h_{t-1} + b_c) \\
c_t &= f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\
h_t &= o_t \odot \sigma_h(c_t)
\end{align}
\sigma_g(z) = \frac{1}{1 + e^{-z}}
\sigma_c(z) = \tanh(z)
\sigma_h(z) = \tanh(z)
h_0 = 0
c_0 = 0
loss = \|h_T\|^2""",
    {"x": ("T", 2), **GATES},
    lambda t: lstm_columns(t, "c"),
    sizes={"T": 3},
)
# colah's blog, Understanding LSTM Networks, and neerc.ifmo.ru wiki (ЛСТМ), faithful to the pages; own: the starts, the loss
case(
    "colah: LSTM over [h, x]",
    r"""f_t = \sigma\left(W_f \cdot [h_{t-1}, x_t] \ + \ b_f\right)
i_t = \sigma\left(W_i \cdot [h_{t-1}, x_t] \ + \ b_i\right)
\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] \ + \ b_C)
C_t = f_t * C_{t-1} + i_t * \tilde{C}_t
o_t = \sigma\left(W_o \ [h_{t-1}, x_t] \ + \ b_o\right)
h_t = o_t * \tanh \left( C_t \right)
h_0 = 0
C_0 = 0
loss = \|h_T\|^2""",
    {"x": ("T", 2), **{f"W_{n}": (3, 5) for n in "fioC"}, **{f"b_{n}": (3,) for n in "fioC"}},
    lambda t: lstm_columns(t, "C", True),
    sizes={"T": 3},
)


def colah_gru(t):
    h = zeros(3)
    for x in t["x"]:
        z, r = S(t["W_z"] @ torch.cat([h, x])), S(t["W_r"] @ torch.cat([h, x]))
        h = (1 - z) * h + z * torch.tanh(t["W"] @ torch.cat([r * h, x]))
    return sq(h)


# colah's blog, Understanding LSTM Networks (GRU), faithful to that page; own: the start, the loss
case(
    "colah: GRU over [h, x]",
    r"""z_t = \sigma\left(W_z \cdot [h_{t-1}, x_t]\right)
r_t = \sigma\left(W_r \cdot [h_{t-1}, x_t]\right)
\tilde{h}_t = \tanh\left(W \cdot [r_t * h_{t-1}, x_t]\right)
h_t = (1 - z_t) * h_{t-1} + z_t * \tilde{h}_t
h_0 = 0
loss = \|h_T\|^2""",
    {"x": ("T", 2), "W_z": (3, 5), "W_r": (3, 5), "W": (3, 5)},
    colah_gru,
    sizes={"T": 3},
)


def d2l_lstm(t):
    h = c = zeros(2, 3)
    for x in t["X"]:
        i, f, o = (S(x @ t["W_x" + n] + h @ t["W_h" + n] + t["b_" + n]) for n in "ifo")
        c = f * c + i * torch.tanh(x @ t["W_xc"] + h @ t["W_hc"] + t["b_c"])
        h = o * torch.tanh(c)
    return sq(h)


# Dive into Deep Learning, lstm, as typeset in d2l-ai/d2l-en chapter_recurrent-modern/lstm.md; own: the starts, the loss
case(
    "d2l: LSTM of a minibatch with commas and full stops",
    r"""\begin{aligned}
\mathbf{I}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{xi} + \mathbf{H}_{t-1} \mathbf{W}_{hi} + \mathbf{b}_i),\\
\mathbf{F}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{xf} + \mathbf{H}_{t-1} \mathbf{W}_{hf} + \mathbf{b}_f),\\
\mathbf{O}_t &= \sigma(\mathbf{X}_t \mathbf{W}_{xo} + \mathbf{H}_{t-1} \mathbf{W}_{ho} + \mathbf{b}_o),
\end{aligned}
\tilde{\mathbf{C}}_t = \text{tanh}(\mathbf{X}_t \mathbf{W}_{xc} + \mathbf{H}_{t-1} \mathbf{W}_{hc} + \mathbf{b}_c),
\mathbf{C}_t = \mathbf{F}_t \odot \mathbf{C}_{t-1} + \mathbf{I}_t \odot \tilde{\mathbf{C}}_t.
\mathbf{H}_t = \mathbf{O}_t \odot \tanh(\mathbf{C}_t).
\mathbf{H}_0 = 0
\mathbf{C}_0 = 0
loss = \|\mathbf{H}_T\|_F^2""",
    {
        "X": ("T", 2, 2),
        **{f"W_x{n}": (2, 3) for n in "ifoc"},
        **{f"W_h{n}": (3, 3) for n in "ifoc"},
        **{f"b_{n}": (3,) for n in "ifoc"},
    },
    d2l_lstm,
    sizes={"T": 3},
)


def mingru(t):
    h = zeros(2, 3)
    for x in t["X"]:
        z = S(x @ t["W_xz"] + t["b_z"])
        h = (1 - z) * h + z * torch.tanh(x @ t["W_xh"] + t["b_h"])
    return sq(h)


# Dive into Deep Learning (newer edition), minGRU, as typeset in its source (find_string, file 54510775432); own: the start, the loss
case(
    "d2l: minGRU, two equations on a line",
    r"""\mathbf{Z}_t = \sigma(\mathbf{X}_t \mathbf{W}_{\textrm{xz}} + \mathbf{b}_\textrm{z}),
\qquad
\tilde{\mathbf{H}}_t = \tanh(\mathbf{X}_t \mathbf{W}_{\textrm{xh}} + \mathbf{b}_\textrm{h}),
\mathbf{H}_t = (1 - \mathbf{Z}_t) \odot \mathbf{H}_{t-1} + \mathbf{Z}_t \odot \tilde{\mathbf{H}}_t.
\mathbf{H}_0 = 0
loss = \|\mathbf{H}_T\|_F^2""",
    {"X": ("T", 2, 2), "W_xz": (2, 3), "b_z": (3,), "W_xh": (2, 3), "b_h": (3,)},
    mingru,
    sizes={"T": 3},
)


def birnn(t):
    f = b = zeros(2, 3)
    for x in t["X"]:
        f = torch.tanh(x @ t["W_xh^[f]"] + f @ t["W_hh^[f]"] + t["b_h^[f]"])
    for x in t["X"].flip(0):
        b = torch.tanh(x @ t["W_xh^[b]"] + b @ t["W_hh^[b]"] + t["b_h^[b]"])
    return sq(f) + sq(b)


# Dive into Deep Learning, bi-rnn, as typeset in d2l-ai/d2l-en bi-rnn.md; own: phi, the starts, the loss
case(
    "d2l: bidirectional RNN with arrows",
    r"""\begin{aligned}
\overrightarrow{\mathbf{H}}_t &= \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(f)} + \overrightarrow{\mathbf{H}}_{t-1} \mathbf{W}_{hh}^{(f)}  + \mathbf{b}_h^{(f)}),\\
\overleftarrow{\mathbf{H}}_t &= \phi(\mathbf{X}_t \mathbf{W}_{xh}^{(b)} + \overleftarrow{\mathbf{H}}_{t+1} \mathbf{W}_{hh}^{(b)}  + \mathbf{b}_h^{(b)}).
\end{aligned}
\phi(z) = \tanh(z)
\overrightarrow{\mathbf{H}}_0 = 0
\overleftarrow{\mathbf{H}}_{T+1} = 0
loss = \|\overrightarrow{\mathbf{H}}_T\|_F^2 + \|\overleftarrow{\mathbf{H}}_1\|_F^2""",
    {
        "X": ("T", 2, 2),
        **{f"W_xh^[{d}]": (2, 3) for d in "fb"},
        **{f"W_hh^[{d}]": (3, 3) for d in "fb"},
        **{f"b_h^[{d}]": (3,) for d in "fb"},
    },
    birnn,
    sizes={"T": 3},
)


def peephole(t):
    h = c = zeros(3)
    for x in t["x"]:
        i = S(x @ t["W_xi"] + h @ t["W_hi"] + t["w_ci"] * c + t["b_i"])
        f = S(x @ t["W_xf"] + h @ t["W_hf"] + t["w_cf"] * c + t["b_f"])
        c = f * c + i * torch.tanh(x @ t["W_xc"] + h @ t["W_hc"] + t["b_c"])
        h = S(x @ t["W_xo"] + h @ t["W_ho"] + t["w_co"] * c + t["b_o"]) * torch.tanh(c)
    return sq(h)


# Lasagne docs, LSTMLayer, as typeset in its docstring (find_string, file 21146487240); own: its default nonlinearities, the starts, the loss
case(
    "Lasagne: LSTM with peepholes",
    r"""i_t &= \sigma_i(x_t W_{xi} + h_{t-1} W_{hi}
               + w_{ci} \odot c_{t-1} + b_i)\\
f_t &= \sigma_f(x_t W_{xf} + h_{t-1} W_{hf}
               + w_{cf} \odot c_{t-1} + b_f)\\
c_t &= f_t \odot c_{t - 1}
               + i_t \odot \sigma_c(x_t W_{xc} + h_{t-1} W_{hc} + b_c)\\
o_t &= \sigma_o(x_t W_{xo} + h_{t-1} W_{ho} + w_{co} \odot c_t + b_o)\\
h_t &= o_t \odot \sigma_h(c_t)
\sigma_i(z) = \sigma(z)
\sigma_f(z) = \sigma(z)
\sigma_o(z) = \sigma(z)
\sigma_c(z) = \tanh(z)
\sigma_h(z) = \tanh(z)
h_0 = 0
c_0 = 0
loss = \|h_T\|^2""",
    {
        "x": ("T", 2),
        **{f"W_x{n}": (2, 3) for n in "ifco"},
        **{f"W_h{n}": (3, 3) for n in "ifco"},
        **{f"w_c{n}": (3,) for n in "ifo"},
        **{f"b_{n}": (3,) for n in "ifco"},
    },
    peephole,
    sizes={"T": 3},
)


def cell(t, names):
    return [torch.cat([t[p + n] for n in names]) for p in ("W_i", "W_h", "b_i", "b_h")]


def lstm_cell(t):
    wi, wh, bi, bh = cell(t, "ifgo")
    return sq(torch._VF.lstm_cell(t["x"][None], (t["h"][None], t["c"][None]), wi, wh, bi, bh)[0])


def gru_cell(t):
    wi, wh, bi, bh = cell(t, "rzn")
    return sq(torch._VF.gru_cell(t["x"][None], t["h"][None], wi, wh, bi, bh))


# PyTorch docs, nn.LSTMCell, as typeset in its docstring; own: the loss
case(
    "torch: LSTMCell, primes",
    r"""\begin{array}{ll}
        i = \sigma(W_{ii} x + b_{ii} + W_{hi} h + b_{hi}) \\
        f = \sigma(W_{if} x + b_{if} + W_{hf} h + b_{hf}) \\
        g = \tanh(W_{ig} x + b_{ig} + W_{hg} h + b_{hg}) \\
        o = \sigma(W_{io} x + b_{io} + W_{ho} h + b_{ho}) \\
        c' = f \odot c + i \odot g \\
        h' = o \odot \tanh(c') \\
        \end{array}
loss = \|h'\|^2""",
    {"x": (2,), "h": (3,), "c": (3,), **LSTM},
    lstm_cell,
)
# PyTorch docs, nn.GRUCell, as typeset in its docstring; own: the loss
case(
    "torch: GRUCell, primes",
    r"""\begin{array}{ll}
        r = \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
        z = \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\
        n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\
        h' = (1 - z) \odot n + z \odot h
        \end{array}
loss = \|h'\|^2""",
    {"x": (2,), "h": (3,), **GRU},
    gru_cell,
)
# Dive into Deep Learning, seq2seq (encoder), faithful to that page; own: f, the start, the loss
case(
    "d2l: an encoder h_t = f(x_t, h_{t-1})",
    r"""\mathbf{h}_t = f(\mathbf{x}_t, \mathbf{h}_{t-1}).
f(\mathbf{x}, \mathbf{h}) = \tanh(W \mathbf{x} + U \mathbf{h})
\mathbf{h}_0 = 0
loss = \|\mathbf{h}_T\|^2""",
    {"x": ("T", 2), "W": (3, 2), "U": (3, 3)},
    sizes={"T": 3},
    ref=lambda t: sq(over_time(t, lambda x, h: (torch.tanh(t["W"] @ x + t["U"] @ h),), zeros(3))[0]),
)


def returns(t):
    g, total = zeros(()), 0
    for r in t["r"].flip(0):
        g = r + t["γ"] * g
        total = total + g**2
    return total


# Sutton & Barto, Reinforcement Learning, eq. 3.9, in the common typesetting with r_t; own: the end, the loss
case(
    "discounted returns, backwards in time",
    "G_t = r_t + \\gamma G_{t+1}\nG_{T+1} = 0\nloss = \\sum_t G_t^2",
    {"r": ("T",), "γ": ()},
    returns,
    sizes={"T": 4},
)
