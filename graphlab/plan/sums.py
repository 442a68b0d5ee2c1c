"""Sums of products as one product: Σ_t a_t b_t = [a_1 … a_T] · [b_1; …; b_T], a product of block matrices.

So the gradient of a weight that is used at every step is one product, of all the inputs and of all the gradients that
met there, and the gradient that four gates send to one vector is one product with their four weights side by side. A
sum of sums, or of small arrays, is likewise one call over all of them. Exact but for the order of the additions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from functools import partial, reduce

from .differentiate import Recording
from .program import Node, Program, place_of
from .rewrite import Costs, Replacement, copied, join, rewritten, runs, uses

SMALL = 4096  # elements; larger arrays are added as fast as they come


def merge_sums(recording: Recording, costs: Costs) -> Recording:
    """The recording with the terms of every sum merged where that saves more than it copies."""
    order = recording.order()
    count = uses(recording, order)
    sums = _sums(order, count)
    groups = {node: _groups(terms, count) for node, terms in sums.items()}
    shared = Counter(_rights(g) for found in groups.values() for g in found if g[0].kind == "dot")
    merged: dict[Node, list[list[Node]]] = defaultdict(list)
    position: dict[Node, int] = {}  # of what a merged product joins: a plain sum of the same arrays joins them alike
    for kind in ("dot", "sum", "other"):
        for node, found in groups.items():
            for group in found:
                if _kind(group[0]) != kind:
                    continue
                if kind == "dot":
                    group.sort(key=_moment)
                    if _copies(group, shared) < (len(group) - 1) * (costs.call + 2 * group[0].size):
                        position |= {n.args[1].root: i for i, n in enumerate(group)}
                        merged[node].append(group)
                elif len(group) > 2:
                    group.sort(key=lambda n: position.get(n.root if kind == "other" else n.args[0].root, 0))
                    merged[node].append(group)
    instead: dict[Node, Replacement] = {}
    for node, found in merged.items():
        instead |= _replacements(node, sums[node], found, costs)
    return rewritten(recording, order, instead)


def _sums(order: Sequence[Node], count: Counter[Node]) -> dict[Node, list[Node]]:
    """The terms of every sum: of an `add` that is not a term of another one itself."""
    adds = [node for node in order if node.kind == "add"]
    inner = {a for node in adds for a in node.args if a.kind == "add" and a.shape == node.shape and count[a] == 1}
    sums = {}
    for node in adds:
        if node in inner:
            continue
        terms, todo = [], [node]
        while todo:
            term = todo.pop()
            if term is node or term in inner:
                todo += term.args
            else:
                terms.append(term)
        if all(term.shape == node.shape for term in terms):
            sums[node] = terms
    return sums


def _kind(node: Node) -> str:
    return node.kind if node.kind in ("dot", "sum") else "other"


def _groups(terms: list[Node], count: Counter[Node]) -> list[list[Node]]:
    """The terms that can be merged with each other, more than one in a group."""
    groups: dict[tuple, list[Node]] = defaultdict(list)
    for term in terms:
        if term.kind == "dot" and count[term] == 1:
            left, right = term.args
            groups["dot", left.shape[:-1], right.shape[1:]].append(term)
        elif term.kind == "sum" and count[term] == 1 and 0 in term.detail:
            groups["sum", term.detail, term.args[0].shape[1:]].append(term)
        elif term.kind not in ("dot", "sum", "number") and term.size <= SMALL and term.contiguous:
            groups["other"].append(term)
    return [group for group in groups.values() if len(group) > 1]


def _moment(product: Node) -> tuple[int, int]:
    """When the earlier factor of a product is there, and where in memory it begins: steps of one array in their order."""
    factor = min(product.args, key=lambda a: a.root.index)
    factor = factor.args[0] if factor.kind == "permute" else factor
    root, offset = place_of(factor) if factor.contiguous else (factor.root, 0)
    return root.index, offset


def _rights(group: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(sorted((node.args[1] for node in group), key=lambda node: node.index))


def _copies(group: Sequence[Node], shared: Counter[tuple[Node, ...]]) -> float:
    """How much joining the factors copies. Weights that are joined alike for many sums are copied once for all."""
    lefts, rights = (copied([node.args[i] for node in group]) for i in (0, 1))
    return lefts + rights / shared[_rights(group)]


def _replacements(
    node: Node, terms: Sequence[Node], merged: Sequence[Sequence[Node]], costs: Costs
) -> dict[Node, Replacement]:
    """The sum of the merged groups, and of the terms that are in none of them, in place of `node`."""
    gone = {term for group in merged for term in group}
    parts = [Replacement((term,), lambda _, operand: operand) for term in terms if term not in gone]
    instead: dict[Node, Replacement] = {}
    for group in merged:
        in_runs = runs(group, _size(group), costs.run)
        if _kind(group[0]) == "other":
            parts += [_merged(run) for run in in_runs]
        else:
            chain, last = _chain(in_runs)
            instead |= chain
            parts.append(Replacement((last,), lambda _, operand: operand))

    def build(program: Program, *operands: Node) -> Node:
        found, start = [], 0
        for part in parts:
            found.append(part.build(program, *operands[start : start + len(part.operands)]))
            start += len(part.operands)
        return reduce(partial(program.elementwise, "add"), found)

    return instead | {node: Replacement(tuple(operand for part in parts for operand in part.operands), build)}


def _chain(in_runs: Sequence[Sequence[Node]]) -> tuple[dict[Node, Replacement], Node]:
    """The runs added up as they come: each in place of its last term, together with the runs before it.

    What a run has joined is not needed after that. Also the node in whose place the whole sum is.
    """
    instead: dict[Node, Replacement] = {}
    before: Node | None = None
    for run in sorted(in_runs, key=lambda run: max(term.index for term in run)):
        last = max(run, key=lambda term: term.index)
        part = _merged(run)
        if before is not None:
            add = partial(_added, part.build)
            part = Replacement((before, *part.operands), add)
        instead[last] = part
        before = last
    return instead, before


def _added(build: Callable[..., Node], program: Program, before: Node, *operands: Node) -> Node:
    return program.elementwise("add", before, build(program, *operands))


def _size(group: Sequence[Node]) -> int:
    """The elements that each member of a group reads, in its larger operand."""
    kind = _kind(group[0])
    return max(group[0].size if kind == "other" else max(a.size for a in node.args) for node in group)


def _merged(run: Sequence[Node]) -> Replacement:
    """The sum of a run of terms of one kind as one call."""
    n, kind, detail = len(run), _kind(run[0]), run[0].detail
    if kind == "dot":
        operands = tuple(node.args[i] for i in (0, 1) for node in run)
        last = len(operands[0].shape) - 1
        return Replacement(operands, lambda p, *o: p.dot(join(p, o[:n], last), join(p, o[n:], 0)))
    if kind == "sum":
        operands = tuple(node.args[0] for node in run)
        return Replacement(operands, lambda p, *o: p.reduce("sum", p.concat(o, 0), detail))
    return Replacement(tuple(run), lambda p, *o: p.reduce("sum", p.concat(tuple(p.expand(a, 0) for a in o), 0), (0,)))
