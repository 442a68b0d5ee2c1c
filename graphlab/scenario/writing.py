"""From a Scenario to the text of its file: the same scenario always gives the same text."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..graph import Block
from .draws import Draw
from .model import Scenario, Size, Text
from .reading import KIND_LISTS


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _lines(text: str) -> str:
    """A string of many lines, kept as readable as TOML lets it be: a backslash of LaTeX needs no second one."""
    for quotes, unfit in (('"""', r'"""|\\|"$'), ("'''", r"'''|'$")):
        if not re.search(unfit, text) and "\r" not in text:
            return f"{quotes}\n{text}\n{quotes}"
    return _string(text)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _string(name)


def _pairs(table: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_key(k)} = {v}" for k, v in table.items()) + " }"


def _text(text: Text) -> str:
    return _pairs({lang: _string(t) for lang, t in text.items()})


def _value(value: Any) -> str:
    if not isinstance(value, tuple):
        return repr(float(value))
    if value and isinstance(value[0], tuple):
        return "[\n" + "".join(f"    {' '.join(_value(row).split())},\n" for row in value) + "]"
    return "[" + ", ".join(map(_value, value)) + "]"


def _size(size: Size, chosen: int) -> str:
    pairs = {"default": str(chosen), "min": str(size.min), "max": str(size.max)}
    return _pairs(pairs | ({"label": _text(size.labels)} if size.labels else {}))


def _draw(draw: Draw) -> str:
    pairs = {"draw": _string(draw.draw)}
    if draw.scale != 1.0:
        pairs["scale"] = repr(draw.scale)
    if draw.decimals is not None:
        pairs["decimals"] = str(draw.decimals)
    return _pairs(pairs) if len(pairs) > 1 else pairs["draw"]


def _block(block: Block) -> str:
    equations = json.dumps(list(block.equations), ensure_ascii=False)
    return _pairs({"equations": equations} | {lang: _string(t) for lang, t in block.titles.items()})


def dump(scenario: Scenario) -> str:
    """The TOML text of a scenario. Loaded again it is an equal scenario with equal feeds.

    The sizes and the seed chosen become the file's own; a literal value that does not fit the sizes is left out, as
    `feeds` leaves it out.
    """
    s = scenario
    fits = {n: v for n, v in s.values.items() if np.shape(v) == s.graph.fed_shape(n)}
    top = {
        "row": _string(s.row) if s.row else "",
        "order": str(s.order) if s.order else "",
        "equations": _lines(s.text),
        "loss": _string(s.of),
        "batch": _string(s.batch) if s.batch else "",
        "seed": str(s.seed) if s.seed else "",
    }
    lists = {key: [n for n, k in s.kinds.items() if k == kind] for key, kind in KIND_LISTS.items()}
    tables = {
        "title": {lang: _string(t) for lang, t in s.titles.items()},
        "section": {lang: _string(t) for lang, t in s.sections.items()},
        "description": {lang: _string(t) for lang, t in s.descriptions.items()},
        "kinds": {key: json.dumps(names, ensure_ascii=False) for key, names in lists.items() if names},
        "shapes": {n: json.dumps(list(shape)) for n, shape in s.shapes.items()},
        "sizes": {n: _size(size, s.sizes[n]) for n, size in s.bounds.items()},
        "values": {n: _value(v) for n, v in fits.items()},
        "draws": {n: _draw(d) for n, d in s.draws.items()},
        "captions": {n: _text(t) for n, t in s.captions.items()},
        "blocks": {n: _block(b) for n, b in s.blocks.items()},
    }
    blocks = ["".join(f"{key} = {value}\n" for key, value in top.items() if value)]
    for name, table in tables.items():
        if table:
            blocks.append(f"[{name}]\n" + "".join(f"{_key(k)} = {v}\n" for k, v in table.items()))
    return "\n".join(blocks)


def digest(scenario: Scenario) -> str:
    """A digest of the whole content: equal for equal scenarios, in every process."""
    return hashlib.sha256((scenario.name + "\n" + dump(scenario)).encode()).hexdigest()[:16]
