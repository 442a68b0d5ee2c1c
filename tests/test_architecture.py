"""The house keeps its order: imports point upwards, one module knows cupy, and nothing evaluates text."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "graphlab"
FLOORS = (
    {"errors", "i18n"},
    *({name} for name in ("arrays", "op", "ops", "graph", "engine", "notation", "scenario", "learn")),
    *({name} for name in ("explain", "code", "diagram", "export")),
    {"player", "app"},
    *({name} for name in ("cli_check", "__main__")),
)
FLOOR = {name: i for i, floor in enumerate(FLOORS) for name in floor}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def _imported(tree: ast.AST, inside: tuple[str, ...]) -> Iterator[str]:
    """The parts of graphlab that a module imports, by their first name. `inside` is the package it lies in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            paths = [alias.name.split(".") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = list(inside[: len(inside) - node.level + 1]) if node.level else []
            base += node.module.split(".") if node.module else []
            paths = [[*base, alias.name] for alias in node.names]
        else:
            continue
        for path in paths:
            if path[0] == "graphlab" and len(path) > 1:
                yield path[1]


def _judged(path: Path) -> list[str]:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    own = parts[1]
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lower = {name for name in _imported(tree, parts[:-1]) if FLOOR.get(name, -1) > FLOOR[own]}
    return [f"{'.'.join(parts)} imports {name}" for name in sorted(lower)]


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_upwards(path):
    assert not _judged(path)


def test_every_part_of_the_package_has_its_place():
    parts = {p.relative_to(PACKAGE).parts[0].removesuffix(".py") for p in MODULES}
    assert parts <= set(FLOOR)


def test_only_arrays_knows_cupy():
    knowing = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "cupy" for name in names):
                knowing.add(path.name)
    assert knowing == {"arrays.py"}


def test_no_text_is_evaluated():
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id in {"eval", "exec"}), f"{path}:{node.lineno}"


def test_an_import_that_points_downwards_is_found():
    tree = ast.parse("from ..engine import forward\nfrom .. import export\nimport graphlab.app.page\nimport numpy")
    assert sorted(_imported(tree, ("graphlab", "ops"))) == ["app", "engine", "export"]
