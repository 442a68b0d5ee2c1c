"""Scenarios made on the page: from typed-in equations, or from another scenario whose equations were changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ..errors import N_, Choice, Fix, GraphlabError, ShapeError, message
from ..graph import Kind
from ..notation import parse
from ..notation.reader import read_text
from .draws import Draw
from .model import Scenario, Shape, Size
from .reading import KIND_LISTS, Reader, finish, names_in
from .source import canonical


def _nowhere(path: tuple[str, ...]) -> None:
    return None


def _lists(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_lists(v) for v in value]
    return value.tolist() if hasattr(value, "tolist") else value


def _size(size: int | Size) -> Any:
    if not isinstance(size, Size):
        return size
    plain = {"default": size.default, "min": size.min, "max": size.max}
    return plain | ({"label": dict(size.labels)} if size.labels else {})


def from_text(
    equations: str,
    shapes: Mapping[str, Shape] | None = None,
    sizes: Mapping[str, int | Size] | None = None,
    *,
    kinds: Mapping[str, Kind] | None = None,
    values: Mapping[str, Any] | None = None,
    draws: Mapping[str, str | Draw] | None = None,
    captions: Mapping[str, Mapping[str, str]] | None = None,
    title: str | Mapping[str, str] = "",
    loss: str = "",
    batch: str | None = None,
    seed: int = 0,
    name: str = "own",
) -> Scenario:
    """The scenario of typed-in equations. What is not given is inferred, as `parse` infers it, and drawn.

    Raises NotationError, ShapeError and MissingShapeError with their places in `equations`, as `parse` does, and
    ScenarioError for everything else.
    """
    data: dict[str, Any] = {
        "equations": equations,
        "shapes": {n: list(shape) for n, shape in (shapes or {}).items()},
        "sizes": {n: _size(size) for n, size in (sizes or {}).items()},
        "kinds": {key: [n for n, k in (kinds or {}).items() if k == kind] for key, kind in KIND_LISTS.items()},
        "values": {n: _lists(v) for n, v in (values or {}).items()},
        "draws": {
            n: {k: v for k, v in asdict(d).items() if v is not None} if isinstance(d, Draw) else d
            for n, d in (draws or {}).items()
        },
        "captions": {n: dict(c) for n, c in (captions or {}).items()},
        "loss": loss,
        "seed": seed,
    }
    if title:
        data["title"] = title if isinstance(title, str) else dict(title)
    if batch is not None:
        data["batch"] = batch
    return finish(Reader(data, _nowhere).scenario(name), _nowhere)


def _ask_about_arrays(
    base: Scenario,
    text: str,
    known: Mapping[str, Any],
    declared: Mapping[str, Shape],
    given: Mapping[str, Any],
    fed: Collection[str],
    computed: Collection[str],
) -> None:
    """New equations between numbers, with a name that the scenario declares as an array: which of the two is meant?

    Raises ShapeError with a choice for each. Not where the text keeps an equation of the scenario, or says of the name
    itself what it is.
    """
    arrays = [n for n in fed if declared.get(n) and n not in given]
    if not arrays or set(computed) & set(names_in(base.text, base.shapes)[1]):
        return
    numbers = {n: () if n in arrays else shape for n, shape in known.items() if n in fed}
    try:
        graph = parse(text, shapes=numbers, sizes=base.sizes)
    except GraphlabError:
        return
    if any(vertex.shape for vertex in graph.vertices.values()):
        return
    name = arrays[0]
    shape = tuple(base.sizes.get(n, n) if isinstance(n, str) else n for n in declared[name])
    raise ShapeError(
        message(
            N_("{name} is an array of the shape {shape} in this scenario, and a number would do here"),
            name=name,
            shape=shape,
        ),
        expected=message(N_("one of the two meanings")),
        help=message(N_("choose: {a}, or {b}"), a=f"{name}: ()", b=f"{name}: {shape}"),
        choices=(
            Choice(message(N_("a number")), f"{name}: ()", (), Fix(name=name, shape=())),
            Choice(message(N_("the array of the scenario")), f"{name}: {shape}", shape, Fix(name=name, shape=shape)),
        ),
    )


def edited(
    base: Scenario,
    text: str,
    shapes: Mapping[str, Shape] | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> Scenario:
    """`base` with other equations. What it declares goes on to hold for every name the new text still has.

    What the text says of a shape itself (`x \\in \\mathbb{R}^3`) comes before what `base` declares. `shapes` and `kinds`
    are given on top of its own, the shapes in its sizes. Of a name that is not fed they are left out. A value that no
    longer fits is drawn instead. Raises NotationError, ShapeError and MissingShapeError with their places in `text`, and
    ScenarioError for everything else.
    """
    told = {canonical(n) for n, _ in read_text(text, base.shapes).members}
    declared = {n: shape for n, shape in base.shapes.items() if n not in told}
    fed, computed = names_in(text, {**declared, **(shapes or {})})

    def kept(table: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
        return {n: value for n, value in table.items() if n in names}

    _ask_about_arrays(base, text, {**declared, **(shapes or {})}, declared, shapes or {}, fed, computed)
    reader = Reader({}, _nowhere)
    given = {canonical(n): reader.shape(n, list(shape), base.bounds) for n, shape in (shapes or {}).items()}
    all_kinds = {**base.kinds, **{canonical(n): kind for n, kind in (kinds or {}).items()}}
    new = replace(
        base,
        text=text.rstrip(),
        of=base.of if base.of in computed else "",
        shapes=kept({**declared, **given}, fed),
        kinds={n: kind for n, kind in all_kinds.items() if n in (computed if kind == "output" else fed)},
        values={},
        draws=kept(base.draws, fed),
        captions=kept(base.captions, fed + computed),
        blocks={n: b for n, b in base.blocks.items() if set(b.equations) <= set(computed)},
    )
    graph = new.graph
    if new.of and graph.vertices[new.of].shape != ():
        new = replace(new, of="")
    values = {n: v for n, v in kept(base.values, fed).items() if np.shape(v) == graph.fed_shape(n)}
    return finish(replace(new, values=values), _nowhere)
