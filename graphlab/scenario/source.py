"""Where a key of a TOML file stands: tomllib reads the values and forgets their lines."""

from __future__ import annotations

import re

from ..errors import Place
from ..notation import names

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]\]?\s*(?:#.*)?$")
_PAIR = re.compile(rf"\s*({_DOTTED})\s*=\s*")
_QUOTED = re.compile(r"""\"(?:\\.|[^"\\])*\"|'[^']*'|#.*""")
WIDEST = 160

Path = tuple[str, ...]


def canonical(name: str) -> str:
    """The spelling of a name in the graph: `lambda` is λ, `W_{hf}` is W_hf. Anything that is no name is unchanged."""
    try:
        return names.spell(*names.split(name))
    except ValueError:
        return name


def _parts(dotted: str) -> Path:
    return tuple(canonical(k[1:-1] if k[0] in "\"'" else k) for k in re.findall(_KEY, dotted))


def place(lines: list[str], line: int, column: int = 0, width: int = 1) -> Place:
    """A span of a file's line, for a message: a very long line is cut around it, and control characters are not kept."""
    source = lines[line - 1] if 0 < line <= len(lines) else ""
    start = max(0, column - WIDEST // 2) if len(source) > WIDEST else 0
    shown = "".join(c if c.isprintable() or c in "\t\u00a0" else "�" for c in source[start : start + WIDEST])
    column = min(column - start, len(shown))
    return Place(line, column, max(1, min(width, len(shown) - column)), shown)


class Source:
    """The lines of a TOML text, and where in them each key is set."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self._keys: dict[Path, tuple[int, int, int]] = {}  # line from 1, column, width
        self._scan()

    def _scan(self) -> None:
        table: Path = ()
        depth, until = 0, None  # open brackets of an array, and the quotes that end a string of many lines
        for number, line in enumerate(self.lines, 1):
            rest = line
            if until is not None:
                end = line.find(until)
                if end < 0:
                    continue
                rest, until = line[end + 3 :], None
            elif depth == 0:
                if header := _HEADER.match(line):
                    table = _parts(header[1])
                    self._keys.setdefault(table, (number, header.start(1), len(header[1])))
                    continue
                pair = _PAIR.match(line)
                if pair is None:
                    continue
                path = table + _parts(pair[1])
                self._keys.setdefault(path, (number, pair.start(1), len(pair[1])))
                rest = line[pair.end() :]
                self._inline(path, number, pair.end(), rest)
            for quotes in ('"""', "'''"):
                if rest.count(quotes) % 2:
                    rest, until = rest[: rest.find(quotes)], quotes
                    break
            plain = _QUOTED.sub("", rest)
            depth = max(0, depth + plain.count("[") - plain.count("]"))

    def _inline(self, path: Path, number: int, start: int, rest: str) -> None:
        """The keys of `{ default = 2, min = 1 }`, one level deep."""
        if not rest.startswith("{"):
            return
        plain = _QUOTED.sub(lambda m: "\0" * len(m[0]), rest)
        for key in re.finditer(r"[A-Za-z0-9_-]+(?=\s*=)", plain):
            where = (number, start + key.start(), len(key[0]))
            self._keys.setdefault((*path, canonical(key[0])), where)

    def place(self, path: Path) -> Place | None:
        """The span of the key at `path`, or of the nearest key around it; None where there is none."""
        path = tuple(map(canonical, path))
        for end in range(len(path), 0, -1):
            if path[:end] in self._keys:
                return place(self.lines, *self._keys[path[:end]])
        return None

    def inside(self, path: Path, inner: Place) -> Place | None:
        """The place of a span of the text that the multi-line string at `path` holds."""
        if path not in self._keys:
            return None
        first, column, width = self._keys[path]
        opening = re.search(r"""=\s*(?:\"\"\"|''')""", self.lines[first - 1])
        hangs = opening is not None and opening.end() == len(self.lines[first - 1].rstrip())
        expected = first + inner.line - (0 if hangs else 1)
        candidates = [expected, *range(first, len(self.lines) + 1)]
        for number in candidates:
            if number <= len(self.lines) and inner.source.strip() and inner.source in self.lines[number - 1]:
                shift = self.lines[number - 1].index(inner.source)
                return place(self.lines, number, shift + inner.column, inner.width)
        return place(self.lines, first, column, width)
