"""ES modules into one: the files of a folder that import each other by name become one script, without a build step.

What is understood is what the player needs: `import { a, b } from "./x.js";` and `export` before a declaration. The
files share one scope in the result, so a name is declared once in all of them. Declarations and imports of a file's own
scope begin their line.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_QUOTED = {quote: re.compile(rf"(?:\\.|[^\\\n{quote}])*{quote}", re.DOTALL) for quote in "\"'"}
_TEMPLATE = re.compile(r"(?:\\.|\$(?!\{)|[^\\`$])*(`|\$\{)", re.DOTALL)
_PATTERN = re.compile(r"(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^\\/\[\n])+/")
_MARK = re.compile(r"//[^\n]*|/\*.*?\*/|[\"'`/{}]", re.DOTALL)
_BEFORE_PATTERN = re.compile(r"(?:^|[(,=:\[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|of|in|yield|await))\s*$")

_IMPORT = re.compile(r'^import \{([^{}]*)\} from "([^"]*)";[^\S\n]*\n?', re.MULTILINE)
_DECLARED = re.compile(
    r"^(export )?(default )?(?:(?:async )?function\b\s*\*?|class\b|const\b|let\b|var\b)\s*([\w$]*)", re.MULTILINE
)
_STATEMENT = re.compile(r"^\s*(?:import\b(?!\s*[(.])|export\b)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")


class LinkError(ValueError):
    """The files do not make one module. The message begins with the file and the line."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}:{line}: {reason}")


@dataclass
class _Module:
    """One file: what it imports, as (line, file, names), and the lines on which it declares and exports names."""

    text: str
    imports: list[tuple[int, str, list[str]]] = field(default_factory=list)
    declared: dict[str, int] = field(default_factory=dict)
    exported: set[str] = field(default_factory=set)


def link(files: Mapping[str, str], entry: str) -> str:
    """The module that the file `entry` and all that it imports make together; its exports are the default one alone.

    `files` are texts by their paths in one folder, such as "panel/card.js". Every file stands behind the ones that it
    imports. Raises LinkError for an import of a file or a name that is not there or is not used, a cycle, a name that
    two files declare, a file that nothing imports, and statements beyond those that are understood.
    """
    modules: dict[str, _Module] = {}
    _visit(files, entry, [], modules, entry)
    owners: dict[str, str] = {}
    for file, module in modules.items():
        for name, line in module.declared.items():
            if name in owners:
                raise LinkError(file, line, f"{name} is declared in {owners[name]} too")
            owners[name] = file
        for line, source, names in module.imports:
            for name in names:
                if name not in modules[source].exported:
                    raise LinkError(file, line, f"{source} does not export {name}")
    for file in files:
        if file not in modules:
            raise LinkError(file, 1, "nothing imports this file")
    return "\n".join(f"// {file}\n{module.text.strip()}\n" for file, module in modules.items())


def _visit(files: Mapping[str, str], file: str, path: list[str], modules: dict[str, _Module], entry: str) -> None:
    """Read a file behind the ones that it imports. `path` are the files on the way to it."""
    if file in modules:
        return
    module = _read(file, files[file], is_entry=file == entry)
    for line, source, _ in module.imports:
        if source not in files:
            raise LinkError(file, line, f"there is no file {source}")
        if source in (way := [*path, file]):
            raise LinkError(file, line, f"imports in a circle: {' -> '.join([*way[way.index(source) :], source])}")
        _visit(files, source, way, modules, entry)
    modules[file] = module


def _read(file: str, text: str, *, is_entry: bool) -> _Module:
    code = _code_of(file, text)
    module = _Module(text)
    cuts = []  # places of the text that the result has no use for

    def line_of(place: int) -> int:
        return text.count("\n", 0, place) + 1

    for found in _IMPORT.finditer(text):
        if not code.startswith("import", found.start()):
            continue  # in a comment or a text
        line = line_of(found.start())
        names = [name for part in found[1].split(",") if (name := part.strip())]
        for name in names:
            if not _NAME.fullmatch(name):
                raise LinkError(file, line, f"{name!r} can not be imported: names stand for themselves")
        if not found[2].startswith("."):
            raise LinkError(file, line, f"{found[2]} is no path that begins with ./ or ../")
        source = posixpath.normpath(posixpath.join(posixpath.dirname(file), found[2]))
        module.imports.append((line, source, names))
        cuts.append(found.span())
    for start, stop in cuts:  # what is left are uses of the names
        code = code[:start] + " " * (stop - start - 1) + "\n" + code[stop:]

    understood = set()
    for found in _DECLARED.finditer(code):
        line = line_of(found.start())
        export, default, name = found.groups()
        if not name:
            raise LinkError(file, line, "a declaration of one name is expected")
        if name in module.declared:
            raise LinkError(file, line, f"{name} is declared twice")
        module.declared[name] = line
        understood.add(found.start())
        if default and not is_entry:
            raise LinkError(file, line, "only the entry has a default export")
        if export and not default:
            module.exported.add(name)
            cuts.append(found.span(1))
    for found in _STATEMENT.finditer(code):
        start = found.end() - len(found[0].lstrip())
        if start not in understood:
            raise LinkError(file, line_of(start), f"this {found[0].strip()} is not understood")
    _check_names(file, module, code)
    for start, stop in sorted(cuts, reverse=True):
        module.text = module.text[:start] + module.text[stop:]
    return module


def _check_names(file: str, module: _Module, code: str) -> None:
    seen = dict(module.declared)
    for line, _, names in module.imports:
        for name in names:
            if name in seen:
                raise LinkError(file, line, f"{name} is there already, from line {seen[name]}")
            seen[name] = line
            if not re.search(
                rf"{re.escape(name)}(?![\w$])(?<![\w$#]{re.escape(name)})(?<![^.]\.{re.escape(name)})", code
            ):
                raise LinkError(file, line, f"{name} is imported and not used")


def _code_of(file: str, text: str) -> str:
    """The text with comments and the contents of strings, templates and patterns blank, every character in its place."""
    pieces: list[str] = []
    done = 0  # up to here the text is in `pieces`
    templates: list[int] = []  # the depth of braces at which each open ${ was met
    depth = 0
    place = 0

    def blank(start: int, stop: int) -> None:
        nonlocal done
        pieces.append(text[done:start])
        pieces.append(re.sub(r"[^\n]", " ", text[start:stop]))
        done = stop

    while found := _MARK.search(text, place):
        mark, start, place = found[0], found.start(), found.end()
        if mark == "{":
            depth += 1
            continue
        if mark == "}" and not (templates and templates[-1] == depth):
            depth -= 1
            continue
        if len(mark) > 1:
            blank(start, place)
            continue
        if mark == "/" and not _BEFORE_PATTERN.search("".join(pieces[-2:])[-80:] + text[done:start]):
            continue  # a division
        if mark == "}":
            depth = templates.pop() - 1
        end = (_TEMPLATE if mark in "`}" else _PATTERN if mark == "/" else _QUOTED[mark]).match(text, place)
        if end is None:
            raise LinkError(file, text.count("\n", 0, start) + 1, f"{mark} is not closed")
        blank(place, end.end() - len(end[1]) if mark in "`}" else end.end() - 1)
        place = end.end()
        if mark in "`}" and end[1] == "${":
            depth += 1
            templates.append(depth)
    pieces.append(text[done:])
    return "".join(pieces)
