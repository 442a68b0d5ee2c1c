"""The LaTeX that equations may be written in: which commands stand for what. tokens.py reads them where they stand."""

from __future__ import annotations

import re

COMMAND = re.compile(r"\\([A-Za-z]+\*?|.)")

# Commands that only change how a name looks: \mathbf{W} is W.
STYLES = frozenset(
    [
        "mathbf",
        "mathbb",
        "mathcal",
        "mathrm",
        "mathit",
        "mathsf",
        "mathtt",
        "mathfrak",
        "mathscr",
        "mathnormal",
        "boldsymbol",
        "bm",
        "pmb",
        "vec",
        "text",
        "textrm",
        "textbf",
        "textit",
        "textsf",
        "texttt",
        "textnormal",
        "operatorname",
        "operatorname*",
        "mbox",
        "hbox",
    ]
)

# Accents that are part of the name.
TILDE = "~"
ACCENTS = {
    "tilde": TILDE, "widetilde": TILDE, "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar",
    "overrightarrow": "right", "overleftarrow": "left",
}  # fmt: skip

# White space.
SPACES = frozenset(
    [",", "mathrel", "allowbreak", ";", ":", "!", " ", ">", "quad", "qquad", "enspace", "thinspace", "space", "hfill"]
)

# Commands that mean nothing to us.
SKIPPED = frozenset(
    [
        "scriptstyle",
        "rm",
        "bf",
        "it",
        "small",
        "large",
        "centering",
        "allowbreak",
        "protect",
        "nonumber",
        "notag",
        "displaystyle",
        "textstyle",
        "limits",
        "nolimits",
        "hline",
        "(",
        ")",
        "[",
        "]",
        "&",
        "$",
    ]
)

# Commands that mean nothing to us, with one group in braces behind them.
ARGUMENT_SKIPPED = frozenset(["label", "tag", "tag*", "hspace", "hspace*", "vspace", "vspace*", "phantom"])

# Commands that set the size of the bracket behind them.
SIZING = frozenset(
    [
        "left",
        "right",
        "middle",
        "big",
        "Big",
        "bigg",
        "Bigg",
        "bigl",
        "Bigl",
        "biggl",
        "Biggl",
        "bigr",
        "Bigr",
        "biggr",
        "Biggr",
        "bigm",
    ]
)

OPERATORS = {
    "odot": "ODOT", "circ": "ODOT", "ast": "ODOT", "otimes": "ODOT", "cdot": "DOT", "bullet": "DOT", "times": "DOT",
}  # fmt: skip

# Relations that define the left side.
EQUALITIES = frozenset(["triangleq", "coloneqq", "equiv", "doteq", "coloneq", "eqdef"])

COMPARISONS = {
    "lt": "<", "gt": ">", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "leqslant": "≤", "geqslant": "≥", "ne": "≠", "neq": "≠",
}  # fmt: skip

# Environments that hold the entries of an array.
MATRICES = frozenset(["matrix", "bmatrix", "pmatrix", "vmatrix", "Bmatrix", "smallmatrix"])

TRANSPOSES = frozenset(["T", "⊤", "ᵀ", r"\top", r"\intercal", r"\mathsf T", r"\mathrm T", r"\mathbf T"])
