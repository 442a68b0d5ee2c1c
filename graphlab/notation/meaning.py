r"""What calls, big operators and indices mean: trees as they were read -> trees of operations on whole arrays.

An expression under indices is an array whose leading axes are labelled by them, followed by its own axes: of `x_i`, a
row of the matrix x, the labels are ("i",) and it has one axis of its own. A big operator contracts labelled axes, with a
matrix product where one is meant: `\sum_j W_{ij} x_j` is `W x`. What stands on both sides of an equation is a label too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ..op import Op
from ..ops import registry
from . import mistakes, names
from .big_operators import Reach
from .spans import Span
from .substitution import INDICES, index_letters, renamed, substituted, with_parts
from .tree import Equation, Node, walk

SUM, MUL, ADD, TRANSPOSE = registry["sum"], registry["mul"], registry["add"], registry["transpose"]
REDUCTIONS = {name: registry[name] for name in ("sum", "prod", "max", "min", "mean", "argmax")}
NORM, NORM1, NORM2, POWER = (registry[name] for name in ("norm", "norm1", "norm2", "power"))
NORMS = ("norm", "norm1", "norm2")


@dataclass
class Term:
    """An expression: its node, the labels of its leading axes, and how many axes of its own follow (None: unknown).

    `factors` are the two terms of a product of labelled numbers, which a sum may contract.
    """

    node: Node
    labels: tuple[str, ...] = ()
    own: int | None = 0
    factors: tuple[Term, Term] | None = None


@dataclass
class Meaning:
    """The state of one text.

    ranks        how many axes a name has, as far as that is known
    definitions  the functions of the text
    sizes        sizes by name; `ends` are the names of the last values of indices, with the array and axis they count
    """

    ranks: dict[str, int | None]
    known: set[str]
    definitions: dict[str, Equation]
    sizes: Mapping[str, int]
    ends: dict[str, tuple[str, int]] = field(default_factory=dict)
    arrays: dict[str, str] = field(default_factory=dict)  # L -> L_i where the text defines both L and L_i
    calls: dict[str, int] = field(default_factory=dict)  # how often each function has been called
    timed: bool = False
    depth: int = 0

    # --- equations

    def equation(self, equation: Equation) -> Equation:
        """The equation with the meaning of its expression; `a_{ij} = …` defines the whole array a."""
        name, labels = self._left(equation)
        term = self.term(equation.right, labels)
        if labels:
            term = self._aligned(term, labels, exactly=True, span=equation.right.span)
        own = term.own
        self.ranks[name] = None if own is None else own + len(labels)
        left = names.timed(name)
        if left is not None:
            self.ranks[left.base] = self.ranks[name]
        checks = [self._aligned(self.term(c, labels), labels, True, c.span).node for c in equation.checks]
        checks += [self._aligned(self.term(c, i), i, True, c.span).node for i, c in equation.seconds]
        found = Equation(name, equation.name_span, term.node, [], checks)
        found.uses = [(n.value, n.span) for n in sorted(_names(term.node), key=lambda n: (n.span.start, n.span.end))]
        return found

    def _left(self, equation: Equation) -> tuple[str, tuple[str, ...]]:
        """The name that an equation defines, and the indices on its left side."""
        if equation.index:
            return equation.name, tuple(equation.index)
        base, tilde, subs, above = names.split(equation.name)
        if equation.name in self.ranks and equation.name not in self.known:
            return equation.name, ()
        last = subs[-1] if subs else ""
        letters = tuple(last.replace(",", ""))
        if (
            len(set(letters)) < len(letters)
            and set(letters) <= INDICES
            and set(letters) & index_letters(equation.right)
        ):
            raise mistakes.index_not_understood(equation.name_span)
        on_right = index_letters(equation.right)
        if letters and set(letters) <= INDICES & on_right and self._indexes(equation.right, letters):
            array = names.spell(base, tilde, subs[:-1], above)
            if array in self.known:  # L = Σ L_i: the losses of all objects are not the loss
                self.arrays[array] = equation.name
                array = equation.name
            return array, letters
        if len(above) == 1 and above in INDICES & on_right and self._indexes(equation.right, (above,)):
            return names.spell(base, tilde, subs, ""), (above,)
        return equation.name, ()

    def _indexes(self, right: Node, letters: Sequence[str]) -> bool:
        """Whether a letter is an index of some name on the right that is not declared with the letter in it."""
        for node in walk(right):
            if node.kind == "name" and node.value not in self.ranks:
                _, _, subs, above = names.split(node.value)
                if subs and set(subs[-1].replace(",", "")) & set(letters) and set(subs[-1].replace(",", "")) <= INDICES:
                    return True
                if above in letters:
                    return True
        return False

    # --- expressions

    def term(self, node: Node, bound: tuple[str, ...]) -> Term:
        """The meaning of an expression in which the indices `bound` are bound."""
        match node.kind:
            case "name":
                return self._name(node, bound)
            case "number":
                return Term(node)
            case "product":
                return self._product(node, bound)
            case "transpose":
                inner = self.term(node.parts[0], bound)
                if inner.labels and inner.own != 1 and inner.own != 0:
                    raise mistakes.index_not_understood(node.span)
                if inner.labels:
                    return inner  # of rows that an index counts, each is its own transpose
                return Term(with_parts(node, [inner.node]), (), inner.own)
            case "call":
                return self._call(node, bound)
            case "big":
                return self._big(node, bound)
            case "shared":
                return Term(node, *node.data)
            case "indexed":
                return self._element(node, bound)
            case "mask":
                return self._mask(node, node.value, bound)
        return self._apply(node, bound)

    def _name(self, node: Node, bound: tuple[str, ...]) -> Term:
        name = node.value
        if name in self.ranks and name not in self.arrays.values():
            return Term(node, (), self.ranks[name])
        if name in ("I", "I_n", "I_d", "I_m") and name not in self.known:
            ones = replace(node, kind="number", value=1.0, data="ones")
            return Term(self._op(registry["diag"], node, [ones]), (), 2)
        if name == "T" and self.timed:
            return Term(replace(node, kind="size", value=("T", 0)))
        if name in self.ends:
            array, axis = self.ends[name]
            if name in self.sizes:
                return Term(replace(node, kind="number", value=float(self.sizes[name]), data="constant"))
            return Term(replace(node, kind="size", value=(array, axis)))
        if name in self.sizes and not self.known & {name}:
            return Term(replace(node, kind="number", value=float(self.sizes[name]), data="constant"))
        base, labels = self._indexed(name, bound)
        base = self.arrays.get(base, base) if labels else base
        use = names.timed(base)
        rank = self.ranks.get(use.base if use and base not in self.ranks else base)
        if not labels:
            return Term(node, (), rank if use or base in self.ranks else 0 if bound else None)
        if rank is not None and rank < len(labels):
            raise mistakes.too_many_indices(node.span, base, rank, len(labels))
        whole = replace(node, value=base)
        own = None if rank is None else rank - len(labels)
        if len(set(labels)) < len(labels):
            if len(labels) != 2:
                raise mistakes.index_not_understood(node.span)
            return Term(self._op(registry["diagonal"], whole, [whole]), labels[:1], own or 0)
        return Term(whole, labels, own or 0)

    def _indexed(self, name: str, bound: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """A name as the array it is an element of, and the indices of its axes: `x^{(i)}_j` is x at i, j."""
        base, tilde, subs, above = names.split(name)
        labels: tuple[str, ...] = ()
        if above in bound:
            labels, above = (above,), ""
        letters = tuple(subs[-1].replace(",", "")) if subs else ()
        if letters and set(letters) <= set(bound):
            labels, subs = labels + letters, subs[:-1]
        return names.spell(base, tilde, subs, above), labels

    def _element(self, node: Node, bound: tuple[str, ...]) -> Term:
        """`softmax(z)_i`: the elements of an expression, counted by an index."""
        term = self.term(node.parts[0], bound)
        letters = tuple(node.value.replace(",", ""))
        if not set(letters) <= set(bound) or (term.own is not None and term.own < len(letters)):
            raise mistakes.index_not_understood(node.span)
        return Term(term.node, term.labels + letters, (term.own or len(letters)) - len(letters))

    def _mask(self, node: Node, pair: tuple[str, str], bound: tuple[str, ...]) -> Term:
        """1 where two indices differ, 0 where they are the same: 1 − I."""
        if not set(pair) <= set(bound) or pair[0] == pair[1]:
            raise mistakes.condition_not_read(node.span, node.span.text)
        ones = Node("number", node.span, node.span, value=1.0, data="ones")
        one = Node("number", node.span, node.span, value=1.0, data="constant")
        identity = self._op(registry["diag"], node, [ones])
        return Term(self._op(registry["sub"], node, [one, identity]), pair, 0)

    def _apply(self, node: Node, bound: tuple[str, ...]) -> Term:
        if (
            node.op is not None
            and node.op.name in ("add", "sub")
            and (wider := self._reaches_on(node, bound)) is not None
        ):
            return self.term(wider, bound)
        terms = [self.term(part, bound) for part in node.parts]
        labels = _union(terms)
        op, attributes = node.op, dict(node.attributes or {})
        assert op is not None
        if not labels:
            return Term(with_parts(node, [t.node for t in terms]), (), _own(op, attributes, terms))
        if op.elementwise or op.name == "select":
            own = max((t.own or 0) for t in terms)
            parts = [self._aligned(t, labels, False, node.span, own).node for t in terms]
            settled = replace(with_parts(node, parts), data="settled")  # the indices say what is meant
            return Term(settled, labels, own)
        if len(terms) == 1 and op.name in NORMS:
            return self._norm(node, terms[0])
        if len(terms) == 1 and op.name in REDUCTIONS and "axis" not in attributes:
            if terms[0].own != 1:
                raise mistakes.index_not_understood(node.span)
            return Term(self._op(op, node, [terms[0].node], axis=-1), labels, 0)
        if op.name in ("softmax", "log_softmax") and terms[0].own == 1:
            return Term(with_parts(node, [terms[0].node]), labels, 1)
        if all(t.labels == labels and t.own == 1 for t in terms) and op.name.startswith(
            ("CrossEntropy", "KL", "NLL", "cos")
        ):
            return Term(with_parts(node, [t.node for t in terms]), labels, 0)
        raise mistakes.index_not_understood(node.span)

    def _norm(self, node: Node, term: Term) -> Term:
        """The norm of each row that an index counts."""
        if term.own == 0:
            op, attributes = (POWER, {"exponent": 2}) if node.op is NORM2 else (registry["abs"], {})
            return Term(self._op(op, node, [term.node], **attributes), term.labels, 0)
        if term.own != 1:
            raise mistakes.index_not_understood(node.span)
        if node.op is NORM1:
            return Term(self._op(SUM, node, [self._op(registry["abs"], node, [term.node])], axis=-1), term.labels, 0)
        squares = self._op(SUM, node, [self._op(POWER, node, [term.node], exponent=2)], axis=-1)
        return Term(squares if node.op is NORM2 else self._op(registry["sqrt"], node, [squares]), term.labels, 0)

    # --- products

    def _product(self, node: Node, bound: tuple[str, ...]) -> Term:
        left, right = (self.term(part, bound) for part in node.parts)
        labels = _union([left, right])
        if (
            not labels
            and left.node.kind == right.node.kind == "number"
            and "constant" in (left.node.data, right.node.data)
        ):
            return Term(replace(left.node, span=node.span, outer=node.outer, value=left.node.value * right.node.value))
        if not labels:
            return Term(with_parts(node, [left.node, right.node]), (), _product_axes(left.own, right.own, node.sign))
        if left.own == right.own == 0:
            return self._numbers(node, left, right, labels)
        if 0 in (left.own, right.own):
            own = max(left.own or 0, right.own or 0)
            term = self._numbers(node, left, right, labels, own)
            return term
        turned = node.parts[0].kind == "transpose" or node.parts[1].kind == "transpose" or node.sign == "inner"
        if left.own == right.own == 1 and turned:
            return self._rows_by_rows(node, left, right)
        if left.own == 2 and not left.labels and right.own == 1:  # W x_i for each i
            return Term(self._matrix(node, right.node, self._turned(left.node)), right.labels, 1)
        if right.own == 2 and not right.labels and left.own == 1:  # x_i W
            return Term(self._matrix(node, left.node, right.node), left.labels, 1)
        raise mistakes.index_not_understood(node.span)

    def _numbers(self, node: Node, left: Term, right: Term, labels: tuple[str, ...], own: int = 0) -> Term:
        """Labelled numbers, one by one; a sum over one of the labels may still contract them."""
        parts = [self._aligned(t, labels, False, node.span, own).node for t in (left, right)]
        factors = (left, right) if left.labels and right.labels else None
        return Term(self._op(MUL, node, parts), labels, own, factors)

    def _rows_by_rows(self, node: Node, left: Term, right: Term) -> Term:
        """Inner products of vectors that indices count: `u_k^T v`, `x_i^T y_i`, `x_i^T x_j`."""
        a, b = _without_turn(left.node), _without_turn(right.node)
        if left.labels == right.labels:
            return Term(self._op(SUM, node, [self._op(MUL, node, [a, b])], axis=-1), left.labels, 0)
        if len(left.labels) + len(right.labels) == 1:
            matrix, vector = (a, b) if left.labels else (b, a)
            return Term(self._matrix(node, matrix, vector), left.labels or right.labels, 0)
        if len(left.labels) == len(right.labels) == 1:
            return Term(self._matrix(node, a, self._turned(b)), (*left.labels, *right.labels), 0)
        raise mistakes.index_not_understood(node.span)

    # --- big operators

    def _big(self, node: Node, bound: tuple[str, ...]) -> Term:
        reach: Reach = node.data
        op = REDUCTIONS[node.value]
        letters = [i for i in reach.indices if i not in bound]
        operand = node.parts[0]
        over_time = "t" in letters
        letters = [i for i in letters if i != "t"]
        self._note_end(reach, operand)
        if clash := set(reach.indices) & set(bound) - {"t"}:
            return self.term(renamed(node, clash, bound), bound)
        term = self.term(operand, (*bound, *letters))
        for left, sign, right in reach.conditions:
            if sign == "≠" and op is SUM and {left, right} <= {*bound, *letters} and len(left) == len(right) == 1:
                term = self._masked(node, term, (left, right), (*bound, *letters))
        found = [i for i in letters if i in term.labels]
        self._check_reach(node, reach, term, found)
        if over_time:
            if found:
                raise mistakes.index_not_understood(node.span)
            return Term(self._op(op, node, [term.node]), term.labels, term.own)
        if not letters or not found:
            if letters and (term.own == 0 or term.labels):
                raise mistakes.nothing_indexed(node.span, letters[0])
            if term.labels:
                raise mistakes.index_not_understood(node.span)
            return Term(self._op(op, node, [term.node]), (), 0)
        if len(found) < len(letters):
            raise mistakes.nothing_indexed(node.span, next(i for i in letters if i not in found))
        if op is SUM and len(found) == 1 and term.factors and (contracted := self._contracted(node, term, found[0])):
            return contracted
        rest = tuple(i for i in term.labels if i not in found)
        whole = not rest and not term.own
        result = term.node
        if whole:
            return Term(self._op(op, node, [result]), (), 0)
        for i in sorted((term.labels.index(i) for i in found), reverse=True):
            result = self._op(op, node, [result], axis=i)
        return Term(result, rest, term.own)

    def _masked(self, node: Node, term: Term, pair: tuple[str, str], bound: tuple[str, ...]) -> Term:
        """A term with zeros where two indices are the same."""
        mask = self._mask(node, pair, bound)
        labels = _union([term, mask])
        parts = [self._aligned(t, labels, False, node.span, term.own).node for t in (term, mask)]
        return Term(self._op(MUL, node, parts), labels, term.own)

    def _check_reach(self, node: Node, reach: Reach, term: Term, found: Sequence[str]) -> None:
        """Raises NotationError for a part of an axis, or a condition, which are not read."""
        if reach.lower not in ("", "0", "1"):
            raise mistakes.part_of_an_axis(node.span, reach.text)
        for _, sign, right in reach.conditions:
            # `j ≠ y` where s_y is a value of its own: the others are what is left, and y is no name of the text.
            if sign == "≠" and node.value == "sum" and len(right) == 1 and right in INDICES:
                continue
            if (
                sign == "≠"
                and right not in self.ranks
                and right not in reach.indices
                and len(right) == 1
                and right not in INDICES
            ):
                continue
            raise mistakes.condition_not_read(node.span, reach.text)

    def _note_end(self, reach: Reach, operand: Node) -> None:
        """`n` in `\\sum_{i=1}^n` is the number of the values of i."""
        end = reach.upper
        if not end.isalpha() or end in self.ranks or len(reach.indices) != 1 or end in self.ends:
            return
        letter = reach.indices[0]
        first: tuple[str, int] | None = None
        for node in reversed(list(walk(operand))):
            if node.kind == "name":
                base, labels = self._indexed(node.value, reach.indices)
                if letter in labels:
                    self.ends[end] = (base, labels.index(letter))
                    return
                if self.ranks.get(node.value) == 1:
                    first = (node.value, 0)
        if first is not None:
            self.ends[end] = first

    def _contracted(self, node: Node, term: Term, letter: str) -> Term | None:
        """The matrix product that a sum of products is; None where it is none."""
        assert term.factors is not None
        a, b = term.factors
        if letter not in a.labels or letter not in b.labels or (a.own or (b.own and b.own > 1)):
            return None
        rest_a, rest_b = (tuple(i for i in t.labels if i != letter) for t in (a, b))
        if len(rest_a) > 1 or len(rest_b) > 1 or set(rest_a) & set(rest_b) or (b.own and rest_b):
            return None
        left = a.node if not rest_a or a.labels[-1] == letter else self._turned(a.node)
        right = b.node if not rest_b or b.labels[0] == letter else self._turned(b.node)
        result = self._matrix(node, left, right)
        if not rest_a and rest_b and b.labels[-1] == letter:  # W_{ij} x_j, with x first: the matrix goes first
            result = self._matrix(node, b.node, a.node)
        return Term(result, rest_a + rest_b, b.own)

    def _reaches_on(self, node: Node, bound: tuple[str, ...]) -> Node | None:
        r"""`\\sum_j a_j + b_j`: the index is bound by nothing else, so the sum reaches over both terms."""
        path: list[tuple[Node, int]] = []
        top = node.parts[0]
        while top.kind != "big" and not top.grouped:
            if top.kind == "product" or (top.op is not None and top.op.name in ("mul", "neg")):
                path.append((top, len(top.parts) - 1))
                top = top.parts[-1]
            else:
                return None
        if top.kind != "big":
            return None
        free = {i for i in top.data.indices if i not in bound and i != "t"}
        used = {i for n in walk(node.parts[1]) if n.kind == "name" for i in self._indexed(n.value, tuple(free))[1]}
        rebound = {i for n in walk(node.parts[1]) if n.kind == "big" for i in n.data.indices}
        if not used - rebound:
            return None
        inside = replace(node, parts=[top.parts[0], node.parts[1]])
        result = replace(top, parts=[inside])
        for above, slot in reversed(path):
            parts = list(above.parts)
            parts[slot] = result
            result = replace(above, parts=parts)
        return result

    # --- calls of functions that the text defines

    def _call(self, node: Node, bound: tuple[str, ...]) -> Term:
        definition = self.definitions[node.value]
        parameters = definition.parameters or ()
        if len(node.parts) != len(parameters):
            raise mistakes.wrong_number_of_arguments(node.span, node.value, parameters, len(node.parts))
        self.depth += 1
        if self.depth > 20:
            raise mistakes.calls_itself(node.span, node.value)
        terms = [self.term(part, bound) for part in node.parts]
        arguments: dict[str, Node] = {}
        evaluated = []
        for name, term in zip(parameters, terms, strict=True):
            if definition.index and term.node.kind == "name" and term.labels == tuple(definition.index):
                arguments[name] = term.node  # α(q, k_i) of a family α(q, k_i) = …: all k, counted by i
                continue
            if term.node.kind in ("name", "number") and not term.labels:
                arguments[name] = term.node
            else:
                evaluated.append(term.node)
                arguments[name] = Node(
                    "shared", term.node.span, term.node.span, value=term.node, data=(term.labels, term.own)
                )
        right = definition.right
        for big in [n for n in walk(right) if n.kind == "big"]:
            if clash := set(big.data.indices) & set(bound) - {"t"}:
                right = renamed(right, clash, bound)
        body = substituted(right, arguments)
        letters = tuple(i for i in definition.index if i not in bound)
        result = self.term(body, (*bound, *letters))
        if letters:  # the index of its definition counts the elements of what the function gives
            others = tuple(i for i in result.labels if i not in letters)
            result = self._aligned(result, (*others, *letters), True, node.span)
            result = Term(result.node, others, (result.own or 0) + len(letters))
        self.depth -= 1
        number = self.calls[node.value] = self.calls.get(node.value, 0) + 1
        label = node.value if number == 1 else names.at(node.value, number)
        for inner in walk(result.node):
            if not inner.block and inner.kind in ("apply", "product", "transpose"):
                inner.block = label
            inner.span = inner.outer = node.span if inner.span.line is not node.span.line else inner.span
        if not evaluated:
            return result
        block = Node("block", node.span, node.outer, [*evaluated, result.node], value=node.value)
        return Term(block, result.labels, result.own)

    # --- nodes

    def _op(self, op: Op, like: Node, parts: list[Node], **attributes: Any) -> Node:
        return Node("apply", like.span, like.span, parts, op, attributes)

    def _matrix(self, like: Node, left: Node, right: Node) -> Node:
        for part in (left, right):
            if part.kind == "transpose":
                part.factor = True
        return Node("product", like.span, like.span, [left, right], sign="matrix")

    def _turned(self, node: Node) -> Node:
        if node.kind == "transpose":
            return node.parts[0]
        return Node("transpose", node.span, node.span, [node])

    def _aligned(self, term: Term, labels: tuple[str, ...], exactly: bool, span: Span, own: int | None = None) -> Term:
        """The term with these labels in this order; axes of size 1 where it has none of them."""
        node, have = term.node, term.labels
        if not have and not exactly:
            if term.own and own is not None and term.own > own:
                raise mistakes.index_not_understood(span)
            return term
        order = [i for i in labels if i in have]
        if exactly and set(have) != set(labels):
            missing = sorted(set(labels) ^ set(have))
            raise mistakes.nothing_indexed(span, missing[0])
        if list(have) != order:
            if len(have) != 2 or term.own:
                axes = tuple(have.index(i) for i in order) + tuple(range(len(have), len(have) + (term.own or 0)))
                node = self._op(registry["permute"], node, [node], axes=axes)
            else:
                node = self._turned(node)
        last = max((k for k, i in enumerate(labels) if i in have), default=-1)
        for k, i in enumerate(labels):
            # In front of its first label numpy adds the axes by itself.
            if i not in have and (k < last or own or any(j in have for j in labels[:k])):
                node = self._op(registry["expand"], node, [node], axis=k)
        for _ in range((own or 0) - (term.own or 0)):
            node = self._op(registry["expand"], node, [node], axis=-1)
        return Term(node, labels, own if own is not None else term.own)


def _names(node: Node) -> list[Node]:
    return [n for n in walk(node) if n.kind == "name"]


def _without_turn(node: Node) -> Node:
    return node.parts[0] if node.kind == "transpose" else node


def _union(terms: Sequence[Term]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for t in terms for i in t.labels))


def _own(op: Op, attributes: Mapping[str, Any], terms: Sequence[Term]) -> int | None:
    """How many axes the result of an op has, as far as that is plain."""
    if op.elementwise or op.name == "select":
        return None if any(t.own is None for t in terms) else max(t.own or 0 for t in terms)
    if op.name in REDUCTIONS or op.name in NORMS:
        axis = attributes.get("axis", -1 if op.name == "argmax" else None)
        own = terms[0].own
        return 0 if axis is None else None if own is None else own - 1
    if len(terms) == 1 and op.name in ("softmax", "log_softmax", "mask_future", "inverse"):
        return terms[0].own
    if op.name in ("concat", "layernorm", "batchnorm", "RMSnorm", "dropout"):
        return terms[0].own
    return None


def _product_axes(a: int | None, b: int | None, sign: str) -> int | None:
    if a is None or b is None:
        return None
    if sign == "inner":
        return 0
    return a + b - 2 if a and b else a + b
