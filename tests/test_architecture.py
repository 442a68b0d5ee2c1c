"""The house keeps its order: imports point upwards, no cycles, one module knows cupy, and nothing evaluates text."""

from __future__ import annotations

import ast

from tests.architecture import PACKAGE, cycles, downward, imports, line_of, of_package, private, violations

FOLDERS = ["graphlab", "graphlab.engine", "graphlab.notation", "graphlab.export"]
MODULES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def of(**sources: str):
    """The imports of modules given by name, with a double underscore for a dot, and source."""
    named = {f"graphlab.{name.replace('__', '.')}": source for name, source in sources.items()}
    return imports({folder: "" for folder in FOLDERS} | named, FOLDERS)


def test_the_package_keeps_the_order():
    assert violations() == []


def test_an_import_from_below_is_found():
    found = of(ops="from .export import files", engine__sweep="from ..ops import registry\nfrom ..export.files import write",
               export__files="")  # fmt: skip
    assert downward(found) == [
        "graphlab.ops:1 imports graphlab.export.files from below",
        "graphlab.engine.sweep:2 imports graphlab.export.files from below",
    ]


def test_an_import_from_below_is_found_inside_a_function_and_for_types():
    inside = "def f():\n    from ..export import files"
    typed = "if TYPE_CHECKING:\n    from ..export import files"
    assert len(downward(of(engine__a=inside, engine__b=typed, export__files=""))) == 2


def test_a_cycle_is_found_also_by_way_of_a_third_and_inside_a_function():
    found = of(
        notation__a="from .b import x",
        notation__b="from . import c",
        notation__c="def f():\n    from .a import y",
        notation__d="from .a import x",
    )
    assert cycles(found) == ["graphlab.notation.a <-> graphlab.notation.b <-> graphlab.notation.c"]


def test_an_import_for_type_checkers_makes_no_cycle():
    assert cycles(of(notation__a="from .b import x", notation__b="if TYPE_CHECKING:\n    from .a import y")) == []


def test_a_private_name_of_another_package_is_found():
    found = of(engine__a="from ..notation.b import _hidden, shown\nfrom .c import _own", engine__c="", notation__b="")
    assert private(found) == ["graphlab.engine.a:1 imports the private graphlab.notation.b._hidden"]


def test_the_longest_name_gives_the_place():
    assert line_of("graphlab.diagram.layout.rows") > line_of("graphlab.diagram.marks.chips")
    assert line_of("graphlab.diagram.draw") > line_of("graphlab.diagram.layout.rows")
    assert line_of("graphlab.nowhere") is None


def test_only_arrays_knows_cupy():
    knowing = set()
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "cupy" for name in names):
                knowing.add(path.name)
    assert knowing == {"arrays.py"}


def test_only_the_page_knows_streamlit():
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name.split(".")[0] == "streamlit" for name in names):
                assert path.relative_to(PACKAGE).parts[0] == "app", path


def test_no_text_is_evaluated():
    for path, tree in MODULES.items():
        for node in ast.walk(tree):
            called = node.func if isinstance(node, ast.Call) else None
            assert not (isinstance(called, ast.Name) and called.id in {"eval", "exec"}), f"{path}:{node.lineno}"


def test_the_registry_is_taken_from_where_it_is_filled():
    """`graphlab.op` alone has an empty one: `gl.parse` in a fresh process would know no operation."""
    taken = {i.by for i in of_package(PACKAGE) if (i.of, i.name) == ("graphlab.op", "registry")}
    assert {by for by in taken if not by.startswith("graphlab.ops")} == set()
