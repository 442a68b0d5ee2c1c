"""A linker for the player's ES modules: one script from many files, so that nobody needs a build step.

It reads the part of the language that the modules use: `import { a, b } from "./file.js";`, `export` in front of a
declaration, and one `export default` in the entry. All modules share one scope when they are linked, so two of them may
not declare the same name at the top level.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

_IMPORT = re.compile(r'^import\s+(?P<what>[^"\';]*?)\s*from\s+"(?P<path>[^"]+)";[^\S\n]*\n?', re.MULTILINE)
_ANY_IMPORT = re.compile(r"^import\b.*", re.MULTILINE)
_DECLARATION = re.compile(
    r"^(?P<export>export\s+)?(?:async\s+)?(?:function\*?|class|const|let|var)\s+(?P<name>[A-Za-z_$][\w$]*)",
    re.MULTILINE,
)
_DEFAULT = re.compile(r"^export\s+default\b", re.MULTILINE)
_OTHER_EXPORT = re.compile(r"^export\s+(?!default\b|(?:async\s+)?(?:function|class|const|let|var)\b).*", re.MULTILINE)
_NOT_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


class LinkError(Exception):
    """Modules that can not be linked. The message names the file and the line."""


@dataclass(frozen=True)
class Import:
    """One import statement: the file it names, the names it takes, and its line."""

    path: str
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Module:
    """A file: its imports, the names it declares at the top level, those it exports, and its code without both words."""

    path: str
    imports: tuple[Import, ...]
    declared: Mapping[str, int]
    exported: frozenset[str]
    code: str


def read(path: str, source: str) -> Module:
    """The parts of one module. Raises LinkError for a statement that the linker does not know, and an unused import."""
    found: list[Import] = []

    def line_of(at: int) -> int:
        return source.count("\n", 0, at) + 1

    for statement in _IMPORT.finditer(source):
        line = line_of(statement.start())
        what = statement["what"].strip()
        names = tuple(n.strip() for n in what[1:-1].split(",") if n.strip()) if what[:1] + what[-1:] == "{}" else ()
        if not names or not all(_NAME.fullmatch(name) for name in names):
            raise LinkError(f'{path}:{line}: write import {{ a, b }} from "./file.js";')
        target = str(PurePosixPath(path).parent / statement["path"])
        found.append(Import(_normal(target), names, line))
    body = _IMPORT.sub("", source)
    for pattern, what in ((_ANY_IMPORT, "import"), (_OTHER_EXPORT, "export")):
        if left := pattern.search(body):
            raise LinkError(f"{path}: this {what} is not known to the linker: {left[0].strip()}")
    spoken = set(_NAME.findall(_without_strings(body)))
    for statement in found:
        for name in statement.names:
            if name not in spoken:
                raise LinkError(f"{path}:{statement.line}: {name} is imported and not used")
    declared = {d["name"]: line_of(d.start()) for d in _DECLARATION.finditer(source)}
    exported = frozenset(d["name"] for d in _DECLARATION.finditer(source) if d["export"])
    code = re.sub(r"^export\s+(?!default\b)", "", body, flags=re.MULTILINE)
    return Module(path, tuple(found), declared, exported, code)


def _without_strings(source: str) -> str:
    """The source without comments and plain strings; what stands in a template stays, since it can hold code."""
    return _NOT_CODE.sub(" ", source)


def _normal(path: str) -> str:
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def link(sources: Mapping[str, str], entry: str) -> str:
    """One ES module from `sources`, {path: text}, that does what the module `entry` does.

    Modules come before those that import them. Raises LinkError for a missing file, a name that is not exported or not
    used, a cycle, a name that two modules declare, a default export outside of the entry, and a module that nothing
    imports.
    """
    ordered: list[Module] = []
    done: set[str] = set()

    def visit(path: str, trail: tuple[str, ...], asked: str) -> Iterator[None]:
        if path in trail:
            raise LinkError(f"{asked}: a cycle of imports: {' -> '.join((*trail[trail.index(path) :], path))}")
        if path in done:
            return
        if path not in sources:
            raise LinkError(f"{asked}: there is no {path}")
        module = read(path, sources[path])
        for statement in module.imports:
            yield from visit(statement.path, (*trail, path), f"{path}:{statement.line}")
        done.add(path)
        ordered.append(module)
        yield

    for _ in visit(entry, (), entry):
        pass
    _check(ordered, entry)
    if unused := sorted(set(sources) - done):
        raise LinkError(f"{unused[0]}: nothing imports this file")
    return "\n".join(f"// {module.path}\n{module.code.strip()}\n" for module in ordered)


def _check(modules: list[Module], entry: str) -> None:
    by_path = {module.path: module for module in modules}
    owner: dict[str, Module] = {}
    for module in modules:
        for statement in module.imports:
            for name in statement.names:
                if name not in by_path[statement.path].exported:
                    raise LinkError(f"{module.path}:{statement.line}: {statement.path} does not export {name}")
        for name, line in module.declared.items():
            if name in owner:
                other = owner[name]
                raise LinkError(
                    f"{module.path}:{line}: {name} is declared in {other.path}:{other.declared[name]} as well"
                )
            owner[name] = module
        if module.path != entry and _DEFAULT.search(module.code):
            raise LinkError(f"{module.path}: only {entry} has a default export")
