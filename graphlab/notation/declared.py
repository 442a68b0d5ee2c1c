"""Shapes, sizes and kinds that are declared beside the text: checked, and brought to canonical names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, get_args

from ..errors import N_, Fix, NotationError, ShapeError, message
from ..graph import Kind
from ..op import Shape
from . import names
from .lengths import is_size
from .lines import Member
from .mistakes import closest
from .program import Program
from .shapes import MAX_AXES, span_of


def canonical(name: str) -> str:
    """The canonical spelling of a declared name: `W_{hf}` is W_hf, `lambda` is λ; anything else unchanged."""
    try:
        plain = re.sub(r"\^\{?[\[(]([^\[\]()]*)[\])]\}?", r"^[\1]", name)
        base, tilde, subscripts, superscript = names.split(
            re.sub(r"\^([A-SU-Z])(?![\w\]])|\^\{(\w+)\}", r"^[\1\2]", plain)
        )
    except ValueError:
        return name
    return names.spell(base, tilde, subscripts, superscript)


def is_name(name: str) -> bool:
    """Whether a declared name is one that a text can have."""
    try:
        names.split(name)
    except ValueError:
        return False
    return True


def with_members(
    shapes: Mapping[str, Sequence[int | str]], members: Sequence[tuple[str, Member]], sizes: Mapping[str, int]
) -> dict[str, Sequence[int | str]]:
    r"""The shapes with those that the text itself declares: `W \in \mathbb{R}^{n \times d}`.

    A set whose sizes are not all given says nothing more than how many axes there are; a shape that is given wins.
    """
    found = dict(shapes)
    for name, member in members:
        if member.sizes is None or name in found:
            continue
        axes = [int(a) if a.isdecimal() else a for a in (s.strip().strip("{}") for s in member.sizes)]
        if all(isinstance(a, int) or a in sizes for a in axes):
            found[name] = tuple(axes)
    return found


def declared_kinds(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds by canonical name. Raises NotationError for a kind that does not exist."""
    for name, kind in kinds.items():
        if kind not in get_args(Kind):
            raise NotationError(
                message(N_("{name}: there is no kind {kind}"), name=name, kind=kind),
                expected=message(N_("one of {kinds}"), kinds=", ".join(get_args(Kind))),
            )
    return {canonical(name): kind for name, kind in kinds.items()}


def declared_shapes(
    shapes: Mapping[str, Sequence[int | str]], sizes: Mapping[str, int], program: Program
) -> dict[str, Shape]:
    """The shapes by canonical name, sizes put in. Names that the text does not use are left out.

    Raises ShapeError for a size that is not given, or is not a whole number of at least 1.
    """
    found = {}
    for name, shape in shapes.items():
        key = canonical(name)
        if key in program.free or key in program.defined:
            found[key] = _concrete(key, shape, sizes, program)
    return found


def _concrete(name: str, shape: Sequence[int | str], sizes: Mapping[str, int], program: Program) -> Shape:
    index = program.free.get(name, program.defined.get(name))
    place = program.values[index].span.place if index is not None else None
    if isinstance(shape, (str, int)) or not isinstance(shape, Sequence) or len(shape) > MAX_AXES:
        raise ShapeError(
            message(N_("{shape} is not a shape for {name}"), shape=repr(shape)[:80], name=name),
            expected=message(N_("numbers and names of sizes, () for a scalar, at most {axes} axes"), axes=MAX_AXES),
            place=place,
            help=message(N_("for example {shape}"), shape=(3,)),
            fix=Fix(name=name, shape=(3,)),
        )
    return tuple(_size(name, tuple(shape), i, sizes, place) for i in range(len(shape)))


def _size(name: str, shape: tuple[Any, ...], i: int, sizes: Mapping[str, int], place: Any) -> int:
    size = shape[i]
    value = sizes.get(size) if isinstance(size, str) else size
    if is_size(value):
        return int(value)
    example = tuple(s if is_size(sizes.get(s) if isinstance(s, str) else s) else 3 for s in shape)
    if isinstance(size, str) and size not in sizes:
        near = closest(size, [str(s) for s in sizes])
        example = (*example[:i], near or 3, *example[i + 1 :])
        reason = message(N_("the shape of {name} needs the size {size}, which is not given"), name=name, size=size)
        help = (
            message(N_("did you mean {this}?"), this=near)
            if near
            else message(N_("give it, for example {size} = 3"), size=size)
        )
    else:
        reason = message(N_("the shape of {name} has the size {size}"), name=name, size=repr(value)[:40])
        help = message(N_("for example {shape}"), shape=example)
    raise ShapeError(
        reason,
        expected=message(N_("whole numbers from 1 on")),
        help=help,
        place=place,
        fix=Fix(name=name, shape=example),
    )


__all__ = ["canonical", "declared_kinds", "declared_shapes", "span_of"]
