"""Names of vertices: one canonical spelling for every way of writing them, and their LaTeX."""

from __future__ import annotations

import re
from functools import lru_cache

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
_WORDS = {letter: word for word, letter in GREEK.items()}
VARIANTS = {"varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "varrho": "ρ", "varsigma": "σ"}
LOSSES = frozenset({"loss", "L"})

_NAME = re.compile(
    r"(?P<base>[^\W\d_][^\W_]*)(?P<tilde>~?)(?P<subs>(?:_(?:[^\W_]+|\{[^{}]*\}))*)(?P<superscript>(?:\^\[[^\[\]]*\])?)"
)


def letter(word: str) -> str:
    """A Greek letter for its word ("lambda" -> "λ"); any other word unchanged."""
    return GREEK.get(word, word)


def spell(base: str, tilde: bool = False, subscripts: tuple[str, ...] = (), superscript: str = "") -> str:
    """The canonical spelling: `W_1`, `W_hf`, `c~_t`, `λ`, `x^[n]`; braces only where a subscript needs them."""
    subs = "".join(f"_{s}" if s.isalnum() else f"_{{{s}}}" for s in map(letter, subscripts))
    return letter(base) + "~" * tilde + subs + (f"^[{superscript}]" if superscript else "")


@lru_cache(maxsize=4096)
def simple(text: str) -> str:
    """The canonical spelling of a name in plain letters, digits and single subscripts: `W_1`, `lambda`."""
    base, *subscripts = text.split("_")
    return spell(base, subscripts=tuple(subscripts))


@lru_cache(maxsize=4096)
def split(name: str) -> tuple[str, bool, tuple[str, ...], str]:
    """A canonical name as (base, tilde, subscripts, superscript). Raises ValueError for anything else."""
    match = _NAME.fullmatch(name)
    if not match:
        raise ValueError(f"not a name: {name!r}")
    subs = tuple(a or b for a, b in re.findall(r"_(?:([^\W_]+)|\{([^{}]*)\})", match["subs"]))
    return match["base"], bool(match["tilde"]), subs, match["superscript"][2:-1]


def _symbol(text: str) -> str:
    """Letters of a script as LaTeX: Greek as commands, everything else as it is."""
    return "".join(rf"\{_WORDS[c]} " if c in _WORDS else c for c in text).strip()


@lru_cache(maxsize=16_384)
def latex(name: str, ndim: int) -> str:
    r"""A canonical name as mathematics: bold for an array, italic for a scalar; `loss` and `L` are \mathcal{L}."""
    if name in LOSSES:
        return r"\mathcal{L}"
    base, tilde, subs, superscript = split(name)
    hat = next((a for a in ("hat", "bar") if subs[:1] == (a,)), None)
    if base in _WORDS:
        out = rf"\{_WORDS[base]}"
        out = rf"\boldsymbol{{{out}}}" if ndim else out
    elif ndim:
        out = rf"\mathbf{{{_symbol(base)}}}"
    else:
        out = base if len(base) == 1 else rf"\mathit{{{_symbol(base)}}}"
    if tilde:
        out = rf"\tilde{{{out}}}"
    if hat:
        out, subs = rf"\{hat}{{{out}}}", subs[1:]
    if subs:
        inner = ",".join(map(_symbol, subs))
        out += f"_{inner}" if len(inner) == 1 else f"_{{{inner}}}"
    return out + (f"^{{[{_symbol(superscript)}]}}" if superscript else "")


@lru_cache(maxsize=4096)
def number_latex(value: float) -> str:
    """A number of the text as LaTeX: `2`, `0.5`, `10^{-5}`."""
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")
