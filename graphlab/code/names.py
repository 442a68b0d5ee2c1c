"""Names of the graph as Python identifiers: c̃_t, W_{hf} and λ become c_tilde_1, W_hf and lambda_."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Collection, Iterable

RESERVED = frozenset({*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "np", "torch", "F"})


def _letter(c: str) -> str:
    """A letter as ASCII: a Greek one by its name, any other as it is."""
    if c.isascii():
        return c
    words = unicodedata.name(c, "").split()
    if words[:1] != ["GREEK"] or "LETTER" not in words:
        return c
    name = words[words.index("LETTER") + 1 :]
    word = {"LAMDA": "lambda"}.get(name[0], name[-1].lower() if name[0] == "FINAL" else name[0].lower())
    return word.capitalize() if "CAPITAL" in words else word


def identifier(name: str) -> str:
    """The name as an identifier that is no keyword and no builtin."""
    spelled = "".join(map(_letter, unicodedata.normalize("NFKC", name.replace("~", "_tilde_").replace("̃", "_tilde_"))))
    plain = re.sub(r"_+", "_", re.sub(r"\W", "_", spelled)).strip("_") or "v"
    if not plain.isidentifier():
        plain = f"v_{plain}"
    return f"{plain}_" if plain in RESERVED else plain


def identifiers(names: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """An identifier for each name, no two alike: {name: identifier}. None of them is in `taken`."""
    used, found = set(taken), {}
    for name in names:
        wanted = given = identifier(name)
        n = 2
        while given in used:
            given, n = f"{wanted.rstrip('_')}_{n}", n + 1
        used.add(given)
        found[name] = given
    return found
