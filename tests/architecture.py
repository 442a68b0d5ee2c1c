"""The import graph of graphlab, file by file: what points downwards, cycles, and private names that cross packages.

`python -m tests.architecture` prints every violation.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "graphlab"

# From top to bottom: a module imports from its own line and from lines above it, never from below.
ORDER = (
    ("version", "errors", "i18n", "choices", "arrays", "gc_pause"),
    ("op", "graph"),
    ("ops",),
    ("notation",),
    ("engine",),
    ("plan",),
    ("scenario",),
    ("learn",),
    ("interop",),
    ("folding",),
    ("typeset",),
    ("explain",),
    ("code",),
    ("diagram.marks",),
    ("diagram.layout",),
    ("diagram",),
    ("player",),
    ("export",),
    ("classroom",),
    ("app",),
    ("commands",),
    ("cli",),
    ("__main__",),
)


@dataclass(frozen=True)
class Import:
    """One import of a module of the package by another one; `name` is what is taken from it, "" for the module itself."""

    by: str
    of: str
    name: str
    line: int
    types_only: bool = False


def modules(package: Path) -> dict[str, str]:
    """The source of every module of a package, by its dotted name: "graphlab.notation.reader", "graphlab.notation"."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        name = ".".join(path.relative_to(package.parent).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path.read_text(encoding="utf-8")
    return found


def imports(sources: Mapping[str, str], packages: Iterable[str]) -> list[Import]:
    """Every import between the modules, those inside of functions too. `packages` are the names that are folders."""
    folders = set(packages)
    found = []
    for name, source in sources.items():
        home = name if name in folders else name.rpartition(".")[0]
        tree = ast.parse(source)
        typing = {id(n) for block in ast.walk(tree) if _for_types(block) for n in ast.walk(block)}
        for node in ast.walk(tree):
            for target, taken in _targets(node, home, sources):
                found.append(Import(name, target, taken, node.lineno, id(node) in typing))
    return found


def _for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _targets(node: ast.AST, home: str, sources: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Import):
        for alias in node.names:
            if alias.name in sources:
                yield alias.name, ""
    elif isinstance(node, ast.ImportFrom):
        base = home.split(".")[: len(home.split(".")) - node.level + 1] if node.level else []
        module = ".".join([*base, *([node.module] if node.module else [])])
        for alias in node.names:
            inner = f"{module}.{alias.name}"
            if inner in sources:
                yield inner, ""
            elif module in sources:
                yield module, alias.name


def line_of(module: str) -> int | None:
    """The place of a module in `ORDER`, that of the longest name which fits; None where it has none."""
    parts = module.split(".")[1:]
    for length in range(len(parts), 0, -1):
        name = ".".join(parts[:length])
        for i, names in enumerate(ORDER):
            if name in names:
                return i
    return None


def downward(found: Iterable[Import]) -> list[str]:
    """Imports from below. The package's own front, `graphlab`, may import everything and is imported by nothing."""
    wrong = []
    for i in found:
        above, own = line_of(i.of), line_of(i.by)
        if own is not None and (above is None or above > own):
            wrong.append(f"{i.by}:{i.line} imports {i.of} from below")
    return list(dict.fromkeys(wrong))


def cycles(found: Iterable[Import]) -> list[str]:
    """Modules that import each other, directly or by way of others; imports for type checkers alone do not count."""
    graph: dict[str, set[str]] = {}
    for i in found:
        if not i.types_only and i.by != i.of:
            graph.setdefault(i.by, set()).add(i.of)
    return [" <-> ".join(sorted(group)) for group in _components(graph) if len(group) > 1]


def _components(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """Strongly connected components (Tarjan 1972), without recursion."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found = []
    for root in sorted(graph):
        if root in index:
            continue
        work = [(root, iter(sorted(graph.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, following = work[-1]
            for after in following:
                if after not in index:
                    index[after] = low[after] = len(index)
                    stack.append(after)
                    on_stack.add(after)
                    work.append((after, iter(sorted(graph.get(after, ())))))
                    break
                if after in on_stack:
                    low[node] = min(low[node], index[after])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = []
                    while not group or group[-1] != node:
                        group.append(stack.pop())
                        on_stack.discard(group[-1])
                    found.append(group)
    return found


def private(found: Iterable[Import]) -> list[str]:
    """Names with a leading underscore that are imported from another package."""

    def package(module: str) -> str:
        return module.split(".")[1] if "." in module else module

    return [
        f"{i.by}:{i.line} imports the private {i.of}.{i.name}"
        for i in found
        if package(i.by) != package(i.of)
        and any(p.startswith("_") and not p.startswith("__") for p in (i.name, *i.of.split(".")))
    ]


def of_package(package: Path) -> list[Import]:
    """The imports between the files of a package."""
    sources = modules(package)
    folders = {".".join(p.parent.relative_to(package.parent).parts) for p in package.rglob("__init__.py")}
    return imports(sources, folders)


def violations(package: Path = PACKAGE) -> list[str]:
    """Everything that is against the order, in words."""
    found = of_package(package)
    homeless = sorted({name for name in modules(package) if name != package.name and line_of(name) is None})
    return [
        *(f"{name} has no place in ORDER" for name in homeless),
        *downward(found),
        *(f"cycle: {c}" for c in cycles(found)),
        *private(found),
    ]


if __name__ == "__main__":
    print("\n".join(violations()) or "none")
