"""The equations of a text taken together: functions that are called, other names for one value, what has to go first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import mistakes, names
from .meaning import Meaning
from .substitution import INDICES, index_letters
from .tree import Equation, walk


def meant(reading: Any, shapes: Mapping[str, Any], sizes: Mapping[str, int]) -> list[Equation]:
    """The equations of a text with the meaning of their calls and indices, in order.

    A function that another equation calls is put in where it is called; one that nothing calls is an equation, its
    parameters are what is fed. Raises NotationError.
    """
    equations: list[Equation] = reading.equations
    equations = _without_aliases(equations, shapes)
    for e in equations:
        _of_indexed_parameters(e)
    equations = _with_renamed(_with_second_definitions(equations))
    called = {n.value for e in equations for top in (e.right, *e.checks) for n in walk(top) if n.kind == "call"}
    used = {n.value for e in equations for n in walk(e.right) if n.kind == "name"}
    definitions: dict[str, Equation] = {}
    for e in equations:
        if e.parameters is not None and e.name in called:
            if e.name in definitions:
                raise mistakes.defined_twice(e.name_span, e.name)
            definitions[e.name] = e
    ranks: dict[str, int | None] = {}
    over_time = any(names.timed(e.name) for e in equations) or any(names.timed(n) for n in used)
    for name, shape in shapes.items():
        axes = None if isinstance(shape, (str, int)) else len(shape)
        if axes and over_time and not isinstance(shape, (str, int)) and shape[0] == "T":
            axes -= 1
        ranks[name] = axes
    for name, member in reading.members:
        ranks.setdefault(name, None if member.sizes is None else len(member.sizes))
    lefts = {e.name for e in equations}
    for e in equations:
        for name, span in e.uses:
            if "{" in name and name not in ranks and name not in lefts and "_" in names.split(name)[2][-1]:
                raise mistakes.index_by_label(span, name)
    meaning = Meaning(ranks, lefts - set(shapes), definitions, sizes, timed=over_time)
    drawn = [e for e in equations if e.name not in definitions or e.name in used]
    for e in drawn:
        if e.parameters is not None and len(e.parameters) == 1:
            _of_one_number(e)
    for e in definitions.values():
        if len(e.parameters or ()) == 1:
            _of_one_number(e)
    for e in equations:  # the ends of all indices are known everywhere: 1/n may stand before the sum
        for top in (e.right, *e.checks):
            for node in walk(top):
                if node.kind == "big":
                    meaning._note_end(node.data, node.parts[0])
    if (
        not any(_has_meaning(e) for e in equations)
        and not reading.members
        and not meaning.ends
        and not _mentions(drawn, ("T", "I", "I_n", "I_d", "I_m"))
    ):
        return equations
    return [meaning.equation(e) for e in _in_order(drawn)]


def _of_indexed_parameters(equation: Equation) -> None:
    """`softmin(x_i) = …` and `f_j(z) = …` define a function whose result has the index."""
    if equation.parameters is None:
        return
    found = []
    for name in equation.parameters:
        base, tilde, subs, above = names.split(name)
        if (
            subs
            and subs[-1] in INDICES
            and subs[-1] in index_letters(equation.right)
            and any(n.kind == "big" for n in walk(equation.right))
        ):
            equation.index = equation.index or subs[-1]
            name = names.spell(base, tilde, subs[:-1], above)
        found.append(name)
    equation.parameters = tuple(found)
    *_, subs, _ = names.split(equation.name)
    if not equation.index and subs and subs[-1] in INDICES and subs[-1] in index_letters(equation.right):
        equation.index = subs[-1]


def _without_aliases(equations: list[Equation], declared: Mapping[str, Any]) -> list[Equation]:
    """`l(x, y) = L = {l_1, …, l_N}` gives one array several names: the one that an equation defines is kept."""
    alias: dict[str, str] = {}
    lefts = {e.name for e in equations}
    rest = []
    for e in equations:
        tops = [e.right, *e.checks]
        new = e.right.kind == "name" and e.right.value not in lefts and e.right.value not in declared
        again = {n.value for n in walk(e.checks[0]) if n.kind == "name"} if e.checks else set()
        if (
            new and e.checks and e.checks[0].kind != "name" and e.right.value not in again
        ):  # y = h = tanh(x): h is another name for y
            alias[e.right.value] = e.name
            e.right, e.checks = e.checks[0], e.checks[1:]
            rest.append(e)
        elif e.checks and all(top.kind == "name" for top in tops):
            alias |= {name: tops[-1].value for name in (e.name, *(top.value for top in tops[:-1]))}
        else:
            rest.append(e)
    if alias:
        for e in rest:
            for top in (e.right, *e.checks):
                for node in walk(top):
                    if node.kind == "name" and node.value in alias:
                        node.value = alias[node.value]
    return rest


def _with_second_definitions(equations: list[Equation]) -> list[Equation]:
    """`y = softmax(o)` and, further on, `y_i = …`: the second says the same once more, as `a = b = c` does."""
    first: dict[str, Equation] = {}
    rest = []
    for e in equations:
        base, tilde, subs, above = names.split(e.name)
        indexed = subs and set(subs[-1].replace(",", "")) <= INDICES and set(subs[-1]) & index_letters(e.right)
        whole = names.spell(base, tilde, subs[:-1], above) if indexed else ""
        if whole in first and e.parameters is None and e.name not in {n for n, _ in first[whole].uses}:
            first[whole].seconds.append((tuple(subs[-1].replace(",", "")), e.right))
            continue
        first.setdefault(e.name, e)
        rest.append(e)
    return rest


def _with_renamed(equations: list[Equation]) -> list[Equation]:
    """`loss = E` of a name that an equation defines is another name for it: the equation of E defines the loss."""
    by_name = {e.name: e for e in equations}
    for e in equations:
        other = by_name.get(e.right.value) if e.right.kind == "name" and not e.checks else None
        timed = names.timed(e.name) or (e.right.kind == "name" and names.timed(e.right.value))
        if other is None or other is e or timed or other.parameters is not None or other.right.kind == "name":
            continue
        for one in equations:
            for top in (one.right, *one.checks):
                for node in walk(top):
                    if node.kind == "name" and node.value == other.name:
                        node.value = e.name
            one.uses = [(e.name if name == other.name else name, span) for name, span in one.uses]
        other.name = e.name
        return _with_renamed([one for one in equations if one is not e])
    return equations


def _mentions(equations: Sequence[Equation], words: Sequence[str]) -> bool:
    return any(n in words for e in equations for n, _ in e.uses)


def _has_meaning(equation: Equation) -> bool:
    """Whether an equation has a call, a big operator or an index."""
    if equation.checks or equation.seconds or equation.parameters is not None:
        return True
    return (
        any(n.kind in ("call", "big", "indexed", "mask") for n in walk(equation.right))
        or bool(index_letters(equation.right) & set("".join(names.split(equation.name)[2][-1:])))
        or bool(index_letters(equation.right) & {names.split(equation.name)[3]})
    )


def _in_order(equations: Sequence[Equation]) -> list[Equation]:
    """The equations, those first that others need: what is known of their axes decides how others are read."""
    if len(equations) > 200:  # as deep as the recursion may be
        return list(equations)
    by_name: dict[str, Equation] = {}
    for e in equations:
        for name in (e.name, _array_of(e.name)):
            by_name.setdefault(name, e)
    found: list[Equation] = []
    state: set[int] = set()

    def visit(e: Equation) -> None:
        if id(e) in state:
            return
        state.add(id(e))
        for name, _ in e.uses:
            for one in (name, _array_of(name)):
                if one in by_name and by_name[one] is not e:
                    visit(by_name[one])
        found.append(e)

    for e in equations:
        visit(e)
    return found


def _array_of(name: str) -> str:
    """The array that an indexed name is an element of: x for x_i and x^{(i)}; the name itself where it has no index."""
    base, tilde, subs, above = names.split(name)
    if subs and set(subs[-1].replace(",", "")) <= INDICES:
        subs = subs[:-1]
    return names.spell(base, tilde, subs, "" if above in INDICES else above)


def _of_one_number(equation: Equation) -> None:
    """In the definition of a function of one number `x · σ(x)` is taken element by element."""
    (parameter,) = equation.parameters or ("",)
    for node in walk(equation.right):
        if (
            node.kind == "product"
            and node.sign not in ("inner", "@")
            and all(any(n.kind == "name" and n.value == parameter for n in walk(part)) for part in node.parts)
            and not any(n.kind == "transpose" for n in walk(node))
        ):
            node.sign = "elementwise"
