"""Names of vertices: one canonical spelling for every way of writing them, and their LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ",
    "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
WORDS = {letter: word for word, letter in GREEK.items()}
VARIANTS = {"varepsilon": "ε", "vartheta": "θ", "varphi": "φ", "varrho": "ρ", "varsigma": "σ"}
LOSSES = frozenset({"loss", "L"})

_SUBSCRIPTS = r"(?:_(?:[^\W_]+|\{[^{}]*\}))*"
_ABOVE = r"(?:\^\[[^\[\]]*\])?"
_NAME = re.compile(
    rf"(?P<base>[^\W\d_][^\W_]*)(?P<primes>'*)(?P<tilde>~?)"
    rf"(?P<first>{_ABOVE})(?P<subs>{_SUBSCRIPTS})(?P<last>{_ABOVE})"
)
# Accents that are kept as the first subscript of a canonical name, and their LaTeX.
ACCENTS = {"hat": r"\hat", "bar": r"\bar", "right": r"\overrightarrow", "left": r"\overleftarrow"}
# Greek letters whose words are also two letters in a row: W_xi is the weight from x to i, only W_\xi has the letter.
_SHORT = frozenset(word for word in GREEK if len(word) < 4)


def letter(word: str) -> str:
    """A Greek letter for its word ("lambda" -> "λ"); any other word unchanged."""
    return GREEK.get(word, word)


def subscript_letter(word: str) -> str:
    """A Greek letter for the word of a subscript, unless the word is as likely two or three letters: `xi`, `mu`."""
    return word if word in _SHORT else GREEK.get(word, word)


def spell(base: str, tilde: bool = False, subscripts: tuple[str, ...] = (), superscript: str = "") -> str:
    """The canonical spelling: `W_1`, `W_hf`, `c~_t`, `λ`, `h'`, `W^[Q]_i`, `x_i^[n]`; braces only where a subscript needs them."""
    subs = "".join(f"_{s}" if s.isalnum() else f"_{{{s}}}" for s in map(subscript_letter, subscripts))
    letters = base.rstrip("'")
    above = f"^[{superscript}]" if superscript else ""
    start = letter(letters) + base[len(letters) :] + "~" * tilde
    # A capital is part of the name, W^[Q]_1; an index stands behind the others, h_2^[1].
    return start + above + subs if superscript[:1].isupper() else start + subs + above


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
    above = match["first"] or match["last"]
    if match["first"] and match["last"]:
        raise ValueError(f"not a name: {name!r}")
    return match["base"] + match["primes"], bool(match["tilde"]), subs, above[2:-1]


class Timed(NamedTuple):
    """A name with a time index: `h_{t-1}` is the sequence `h`, one step back."""

    base: str
    offset: int


_TIME = re.compile(r"t([+-][0-9]+)?")
# Names that end in _t and are no sequences, in the text that is being read: p_t, declared as it stands.
_not_timed: ContextVar[frozenset[str]] = ContextVar("_not_timed", default=frozenset())


@contextmanager
def without_time(names: Iterable[str]) -> Iterator[None]:
    """Read these names as they stand, although they end in a time index."""
    token = _not_timed.set(frozenset(names))
    try:
        yield
    finally:
        _not_timed.reset(token)


def timed(name: str) -> Timed | None:
    """The sequence and the offset of a canonical name over time; None for any other name."""
    return None if "t" not in name or name in _not_timed.get() else _timed(name)


@lru_cache(maxsize=4096)
def _timed(name: str) -> Timed | None:
    base, tilde, subs, superscript = split(name)
    for i, sub in enumerate(subs):
        if match := _TIME.fullmatch(sub):
            return Timed(spell(base, tilde, subs[:i] + subs[i + 1 :], superscript), int(match[1] or 0))
    return None


def at(base: str, step: int | str) -> str:
    """The name of a sequence's vertex at a step: `h` at 2 is `h_2`, `h` at "T" is `h_T`."""
    if not base.endswith("]"):
        return f"{base}_{step}"
    letters, tilde, subs, superscript = split(base)
    return spell(letters, tilde, (*subs, str(step)), superscript)


@lru_cache(maxsize=4096)
def indexed(name: str) -> tuple[str, str] | None:
    """A name as (the name without its last subscript, that subscript): `h_T` is ("h", "T"). None without one."""
    base, tilde, subs, superscript = split(name)
    return (spell(base, tilde, subs[:-1], superscript), subs[-1]) if subs else None


def _symbol(text: str) -> str:
    """Letters of a script as LaTeX: Greek as commands, everything else as it is."""
    return "".join(rf"\{WORDS[c]} " if c in WORDS else c for c in text).strip()


@lru_cache(maxsize=16_384)
def latex(name: str, ndim: int) -> str:
    r"""A canonical name as mathematics: bold for an array, italic for a scalar; `loss` and `L` are \mathcal{L}."""
    if name.startswith("tmp_") and name[4:].isdecimal():
        index = name[4:] if len(name) == 5 else f"{{{name[4:]}}}"
        return (r"\mathbf{tmp}_" if ndim else r"\mathit{tmp}_") + index
    if name in LOSSES:
        return r"\mathcal{L}"
    base, tilde, subs, superscript = split(name)
    accent = next((a for a in ACCENTS if subs[:1] == (a,)), None)
    letters = base.rstrip("'")
    primes, base = base[len(letters) :], letters
    if base in WORDS:
        out = rf"\{WORDS[base]}"
        out = rf"\boldsymbol{{{out}}}" if ndim else out
    elif ndim:
        out = rf"\mathbf{{{_symbol(base)}}}"
    else:
        out = base if len(base) == 1 else rf"\mathit{{{_symbol(base)}}}"
    if tilde:
        out = rf"\tilde{{{out}}}"
    if accent:
        out, subs = rf"{ACCENTS[accent]}{{{out}}}", subs[1:]
    if subs:
        inner = ",".join(map(_symbol, subs))
        out += f"_{inner}" if len(inner) == 1 else f"_{{{inner}}}"
    if not superscript:
        return out + primes
    plain = superscript == "*" or (superscript.isalpha() and superscript[0].isupper())
    above = _symbol(superscript) if plain else f"[{_symbol(superscript)}]"
    marks = r"\prime " * len(primes)
    return out + f"^{{{marks}{above}}}"


@lru_cache(maxsize=4096)
def number_latex(value: float) -> str:
    """A number of the text as LaTeX: `2`, `0.5`, `10^{-5}`."""
    mantissa, _, exponent = f"{value:.12g}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return {"1": power, "-1": f"-{power}"}.get(mantissa, rf"{mantissa} \cdot {power}")
