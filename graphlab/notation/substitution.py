"""Copies of trees: with arguments in the place of parameters, with other letters for bound indices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from . import names
from .tree import Node, walk

# Letters that are indices where they stand on both sides of an equation.
INDICES = frozenset("ijklmn")


def index_letters(node: Node) -> set[str]:
    """The single letters that stand as the last subscript, or above, of some name."""
    found: set[str] = set()
    for n in walk(node):
        if n.kind == "name":
            _, _, subs, above = names.split(n.value)
            if subs:
                found |= set(subs[-1].replace(",", "")) if set(subs[-1].replace(",", "")) <= INDICES else set()
            found.add(above)
    return found & INDICES


def with_parts(node: Node, parts: list[Node]) -> Node:
    """The node with other parts; the node itself where they are the same."""
    if all(a is b for a, b in zip(node.parts, parts, strict=True)):
        return node
    return replace(node, parts=parts)


def substituted(node: Node, arguments: Mapping[str, Node]) -> Node:
    """A copy of an expression with the arguments of a call in the place of the parameters."""
    if node.kind == "name":
        found = arguments.get(node.value)
        if found is not None:
            return replace(found, parts=[])
        base, tilde, subs, above = names.split(node.value)
        bare = names.spell(base, tilde, subs[:-1], above)
        if subs and bare in arguments and set(subs[-1]) <= _LETTERS:  # z_j of the parameter z
            array = arguments[bare]
            if array.kind == "name":
                inner = names.split(array.value)
                return replace(node, value=names.spell(inner[0], inner[1], (*inner[2], subs[-1]), inner[3]))
            return replace(node, kind="indexed", value=subs[-1], parts=[replace(array, parts=[])])
        return replace(node, parts=[])
    return replace(node, parts=[substituted(part, arguments) for part in node.parts])


_LETTERS = frozenset("abcdefghijklmnopqrsuvwxyz")
_FRESH = "абвгдежзиклмн"  # letters for indices that have to be told from others of the same name; no text has them


def renamed(node: Node, clash: set[str], bound: Sequence[str]) -> Node:
    """A copy in which the bound indices `clash` have other letters, since an index outside has the same one."""
    fresh = dict(zip(sorted(clash), (c for c in _FRESH if c not in bound), strict=False))

    def letters(text: str) -> str:
        return "".join(fresh.get(c, c) for c in text)

    def copy(n: Node, inside: bool) -> Node:
        if n.kind == "big" and set(n.data.indices) & clash:
            conditions = tuple(tuple(letters(p) for p in c) for c in n.data.conditions)
            reach = replace(n.data, indices=tuple(map(letters, n.data.indices)), conditions=conditions)
            return replace(n, data=reach, parts=[copy(p, True) for p in n.parts])
        if inside and n.kind == "name":
            base, tilde, subs, above = names.split(n.value)
            if subs and set(subs[-1].replace(",", "")) <= _LETTERS:
                subs = (*subs[:-1], letters(subs[-1]))
            return replace(n, value=names.spell(base, tilde, subs, letters(above) if len(above) == 1 else above))
        if inside and n.kind in ("indexed", "mask"):
            value = letters(n.value) if n.kind == "indexed" else tuple(map(letters, n.value))
            return replace(n, value=value, parts=[copy(p, True) for p in n.parts])
        return replace(n, parts=[copy(p, inside) for p in n.parts])

    return copy(node, False)
