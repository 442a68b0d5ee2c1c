"""From the text of a scenario file, or from typed-in equations, to a Scenario, every part of it checked."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import N_, GraphlabError, Message, NotationError, Place, ScenarioError, ShapeError, message
from ..graph import Block, Graph, Kind
from ..i18n import LANGUAGES
from ..notation import fed_and_computed
from ..notation.reader import read
from .draws import DRAWS, Draw
from .model import LARGEST_SEED, LARGEST_SIZE, Scenario, Size, is_whole, suggestion
from .source import Source, canonical, place

LARGEST_FILE = 64 * 1024  # bytes
LONGEST = {"title": 120, "section": 120, "description": 1000, "captions": 200, "label": 60, "row": 20}
KIND_LISTS: dict[str, Kind] = {
    "inputs": "input",
    "parameters": "parameter",
    "constants": "constant",
    "outputs": "output",
}
KEYS = (
    *("row", "order", "title", "section", "description", "equations", "loss", "batch", "seed"),
    *("kinds", "shapes", "sizes", "values", "draws", "captions", "blocks"),
)
SIZE_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,15}")
_LONG_KEY = re.compile(r"""(?<![\w"'-])(?:[\w"'-]+[ \t]*\.[ \t]*){16}""")

Where = Callable[[tuple[str, ...]], Place | None]


class Reader:
    """Takes the values of a TOML table one by one, and says where the first wrong one stands."""

    def __init__(self, data: Mapping[str, Any], where: Where) -> None:
        self.data = data
        self.where = where

    def error(self, path: tuple[str, ...], reason: Message, **rest: Any) -> ScenarioError:
        return ScenarioError(reason, place=self.where(path), **rest)

    def wrong(self, path: tuple[str, ...], what: Message, given: Any) -> ScenarioError:
        reason = message(N_("{key} can not be {given}"), key=".".join(path), given=_shown(given))
        return self.error(path, reason, expected=what)

    def known(self, table: Mapping[str, Any], keys: Iterable[str], path: tuple[str, ...] = ()) -> None:
        keys = list(keys)
        for key in table:
            if key not in keys:
                reason = message(N_("there is no key {key} here"), key=_shown(key))
                raise self.error((*path, key), reason, help=suggestion(key, keys))

    def table(self, key: str) -> Mapping[str, Any]:
        value = self.data.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong((key,), message(N_("a table: [{key}] and a line for each name"), key=key), value)
        return value

    def string(self, path: tuple[str, ...], value: Any, longest: int, lines: bool = False) -> str:
        if not isinstance(value, str):
            raise self.wrong(path, message(N_("text in quotes")), value)
        if len(value) > longest:
            raise self.error(
                path,
                message(
                    N_("{key} has {n} characters; the limit is {limit}"),
                    key=".".join(path),
                    n=len(value),
                    limit=longest,
                ),
            )
        # Not printable: control characters, and those that turn the direction of the text around them.
        if bad := [c for c in value if not (c.isprintable() or c == "\u00a0" or (lines and c in "\n\t"))]:
            raise self.error(
                path,
                message(N_("{key} has a character that can not be shown: {c}"), key=".".join(path), c=ascii(bad[0])),
            )
        return value

    def text(self, path: tuple[str, ...], value: Any) -> dict[str, str]:
        """{language: text}; one string stands for every language."""
        longest = LONGEST[path[-1] if path[-1] in LONGEST else path[0]]
        if isinstance(value, str):
            return {lang: self.string(path, value, longest) for lang in LANGUAGES}
        if not isinstance(value, dict):
            raise self.wrong(path, message(N_("text in quotes, or a table with en and ru")), value)
        self.known(value, LANGUAGES, path)
        return {lang: self.string((*path, lang), value[lang], longest) for lang in LANGUAGES if lang in value}

    def whole(self, path: tuple[str, ...], value: Any, low: int, high: int) -> int:
        if not is_whole(value) or not low <= value <= high:
            raise self.wrong(path, message(N_("a whole number from {low} to {high}"), low=low, high=high), value)
        return int(value)

    def number(self, path: tuple[str, ...], value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.wrong(path, message(N_("a number")), value)
        try:
            value = float(value)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise self.wrong(path, message(N_("a finite number")), value)
        return value

    def size(self, name: str, value: Any) -> Size:
        path = ("sizes", name)
        if not SIZE_NAME.fullmatch(name):
            raise self.error(
                path,
                message(N_("{name} is no name for a size"), name=_shown(name)),
                expected=message(N_("a letter, then letters, digits and _, 16 characters at most")),
            )
        if not isinstance(value, dict):
            default = self.whole(path, value, 1, LARGEST_SIZE)
            return Size(default, 1, min(LARGEST_SIZE, max(8, 2 * default)))
        self.known(value, ("default", "min", "max", "label"), path)
        if "default" not in value:
            raise self.error(path, message(N_("the size {name} has no default"), name=name))
        default = self.whole((*path, "default"), value["default"], 1, LARGEST_SIZE)
        low = self.whole((*path, "min"), value.get("min", 1), 1, default)
        high = self.whole((*path, "max"), value.get("max", max(8, 2 * default)), default, LARGEST_SIZE)
        return Size(default, low, high, self.text((*path, "label"), value["label"]) if "label" in value else {})

    def shape(self, name: str, value: Any, sizes: Mapping[str, Size]) -> tuple[int | str, ...]:
        path = ("shapes", name)
        if not isinstance(value, list):
            raise self.wrong(path, message(N_('a list of sizes, such as ["D", "H"]; a scalar is []')), value)
        for n in value:
            if isinstance(n, str):
                if n not in sizes:
                    raise self.error(
                        path,
                        message(N_("the size {size} is not declared"), size=_shown(n)),
                        help=suggestion(n, sizes)
                        if sizes
                        else message(N_("write it under [sizes]: {size} = 3"), size=_shown(n)),
                    )
            else:
                self.whole(path, n, 1, LARGEST_SIZE)
        return tuple(value)

    def value(self, name: str, value: Any) -> Any:
        """A number, or nested tuples of numbers as regular as an array."""
        path = ("values", name)
        if not isinstance(value, list):
            return self.number(path, value)
        rows = tuple(self.value(name, v) for v in value)
        if len({_form(row) for row in rows}) > 1:
            raise self.error(path, message(N_("the rows of {name} are not equally long"), name=name))
        return rows

    def draw(self, name: str, value: Any) -> Draw:
        path = ("draws", name)
        if isinstance(value, str):
            value = {"draw": value}
        if not isinstance(value, dict) or "draw" not in value:
            raise self.wrong(path, message(N_('the name of a draw, or {{ draw = "normal", scale = 0.5 }}')), value)
        self.known(value, ("draw", "scale", "decimals"), path)
        draw = self.string((*path, "draw"), value["draw"], 40)
        if draw not in DRAWS:
            raise self.error(
                (*path, "draw"), message(N_("there is no draw {name}"), name=_shown(draw)), help=suggestion(draw, DRAWS)
            )
        decimals = value.get("decimals")
        return Draw(
            draw,
            self.number((*path, "scale"), value.get("scale", 1.0)),
            None if decimals is None else self.whole((*path, "decimals"), decimals, 0, 12),
        )

    def vertices(self, key: str) -> Iterator[tuple[str, str, Any]]:
        """(canonical name, the name as written, value) for each line of a table of vertices."""
        seen = set()
        for written, value in self.table(key).items():
            name = canonical(written)
            if name in seen:
                raise self.error((key, written), message(N_("{name} is given twice"), name=_shown(written)))
            seen.add(name)
            yield name, written, value

    def kinds(self) -> dict[str, Kind]:
        lists = self.table("kinds")
        self.known(lists, KIND_LISTS, ("kinds",))
        kinds: dict[str, Kind] = {}
        for key, kind in KIND_LISTS.items():
            listed = lists.get(key, [])
            if not isinstance(listed, list) or not all(isinstance(n, str) for n in listed):
                raise self.wrong(("kinds", key), message(N_('a list of names, such as ["x", "y_true"]')), listed)
            for name in map(canonical, listed):
                if name in kinds:
                    reason = message(N_("{name} is listed twice among the kinds"), name=_shown(name))
                    raise self.error(("kinds", key), reason)
                kinds[name] = kind
        return kinds

    def block(self, name: str, value: Any) -> Block:
        path = ("blocks", name)
        what = message(N_("a table: {example}"), example='{ equations = ["h", "y"], en = "…", ru = "…" }')
        if not SIZE_NAME.fullmatch(name):
            raise self.error(
                path,
                message(N_("{name} is no name for a block"), name=_shown(name)),
                expected=message(N_("a letter, then letters, digits and _, 16 characters at most")),
            )
        if not isinstance(value, dict):
            raise self.wrong(path, what, value)
        self.known(value, ("equations", *LANGUAGES), path)
        listed = value.get("equations")
        if not isinstance(listed, list) or not listed or not all(isinstance(n, str) for n in listed):
            raise self.wrong((*path, "equations"), message(N_('a list of names, such as ["x", "y_true"]')), listed)
        titles = {
            lang: self.string((*path, lang), value[lang], LONGEST["label"]) for lang in LANGUAGES if lang in value
        }
        return Block(tuple(map(canonical, listed)), titles)

    def scenario(self, name: str) -> Scenario:
        """Everything but what needs the graph."""
        self.known(self.data, KEYS)
        if "equations" not in self.data:
            raise ScenarioError(
                message(N_("the file has no equations")),
                help=message(N_("write them as on the slide: equations = {quotes}"), quotes='"""…"""'),
            )
        bounds = {n: self.size(n, v) for n, v in self.table("sizes").items()}
        batch = self.data.get("batch")
        if batch is not None and batch not in bounds:
            raise self.wrong(("batch",), message(N_("one of the sizes: {names}"), names=", ".join(bounds)), batch)
        texts = {k: self.text((k,), self.data[k]) for k in ("title", "section", "description") if k in self.data}
        return Scenario(
            name=name,
            text=self.string(("equations",), self.data["equations"], LARGEST_FILE, lines=True).rstrip(),
            of=canonical(self.string(("loss",), self.data.get("loss", ""), 80)),
            titles=texts.get("title", {}),
            sections=texts.get("section", {}),
            descriptions=texts.get("description", {}),
            captions={n: self.text(("captions", w), v) for n, w, v in self.vertices("captions")},
            row=self.string(("row",), self.data.get("row", ""), LONGEST["row"]),
            order=self.whole(("order",), self.data.get("order", 0), -1, 10**6),
            kinds=self.kinds(),
            shapes={n: self.shape(w, v, bounds) for n, w, v in self.vertices("shapes")},
            bounds=bounds,
            sizes={n: size.default for n, size in bounds.items()},
            batch=batch,
            values={n: self.value(w, v) for n, w, v in self.vertices("values")},
            draws={n: self.draw(w, v) for n, w, v in self.vertices("draws")},
            blocks={n: self.block(n, v) for n, v in self.table("blocks").items()},
            seed=self.whole(("seed",), self.data.get("seed", 0), 0, LARGEST_SEED),
        )


def _shown(value: Any) -> str:
    """A value of a file in a message: short, with nothing that a terminal or a page would act on."""
    text = ascii(value) if not isinstance(value, str) else "".join(c if c.isprintable() else "�" for c in value)
    return text if len(text) <= 40 else text[:39] + "…"


def _form(value: Any) -> tuple[int, ...]:
    return (len(value), *_form(value[0])) if isinstance(value, tuple) and value else (0,) * isinstance(value, tuple)


def _loss(graph: Graph, where: Where) -> str:
    """The vertex to start backwards from where none is named: the loss, or else the last scalar."""
    scalars = [o.output for o in graph.operations if graph.vertices[o.output].shape == ()]
    scalars = [name for name in scalars if graph.reaching(name) != {name}]
    for name in ("loss", "L"):
        if name in scalars:
            return name
    if not scalars:
        free = next(name for name in ("loss", "L", "J", "total_loss") if name not in graph.vertices)
        raise ScenarioError(
            message(N_("there is no scalar to start the gradient from")),
            help=message(N_("add a line: {name} = sum({last})"), name=free, last=graph.operations[-1].output),
            place=where(("equations",)),
        )
    return scalars[-1]


def names_in(text: str, shapes: Mapping[str, Any] | None = None) -> tuple[list[str], list[str]]:
    """(names to be fed, names computed) by the equations of a text, in order; a sequence under its name, without the
    time index. `shapes` are those that are declared beside the text. Raises NotationError.
    """
    return fed_and_computed(read(text, shapes))


def _check_names(s: Scenario, fed: list[str], computed: list[str], error: Callable[..., ScenarioError]) -> None:
    """Every name that is declared stands in the equations, and is what it is declared as."""
    for key in ("kinds", "shapes", "values", "draws", "captions"):
        for name in getattr(s, key):
            if name not in fed and name not in computed:
                lists = [(key, k) for k, kind in KIND_LISTS.items() if s.kinds.get(name) == kind]
                reason = message(N_("{name} is not in the equations"), name=_shown(name))
                raise error(lists[0] if key == "kinds" else (key, name), reason, help=suggestion(name, fed + computed))
    for key, kind in KIND_LISTS.items():
        for name in (n for n, k in s.kinds.items() if k == kind):
            if name in computed and kind != "output":
                reason = message(
                    N_("{name} is computed by the equations, so it is not one of the {kinds}"), name=name, kinds=key
                )
                raise error(("kinds", key), reason)
            if name in fed and kind == "output":
                reason = message(N_("{name} is not computed by the equations, so it is no output"), name=name)
                raise error(("kinds", key), reason)
    for block, name in ((block, n) for block, b in s.blocks.items() for n in b.equations if n not in computed):
        reason = message(N_("{name} is not on the left of an equation"), name=_shown(name))
        raise error(("blocks", block), reason, help=suggestion(name, computed))
    for block in (block for block in s.blocks if block in computed):
        raise error(("blocks", block), message(N_("{name} is given twice"), name=block))
    for key in ("values", "draws"):
        for name in (n for n in getattr(s, key) if n in computed):
            raise error((key, name), message(N_("{name} is computed; it takes no value from the file"), name=name))


def _check_loss(name: str, graph: Graph, error: Callable[..., ScenarioError]) -> None:
    scalars = [o.output for o in graph.operations if graph.vertices[o.output].shape == ()]
    if name in scalars:
        return
    reason = message(N_("{name} is not in the equations"), name=_shown(name))
    if name in graph.vertices:
        reason = message(
            N_("{name} has the shape {shape}: a gradient starts from a scalar"),
            name=name,
            shape=graph.vertices[name].shape,
        )
        if graph.vertices[name].shape == ():
            reason = message(N_("{name} is not computed by the equations, so it is no output"), name=name)
    raise error(("loss",), reason, help=suggestion(name, scalars) if scalars else None)


def finish(s: Scenario, where: Where) -> Scenario:
    """Check everything that needs the graph. Raises NotationError and ShapeError for the equations, as they come."""

    def error(path: tuple[str, ...], reason: Message, **rest: Any) -> ScenarioError:
        return ScenarioError(reason, place=where(path), **rest)

    _check_names(s, *names_in(s.text, s.shapes), error)
    # A literal value says its shape, where nothing else does.
    s = replace(s, shapes={**{n: np.shape(v) for n, v in s.values.items()}, **s.shapes})
    if s.of:
        _check_loss(s.of, s.graph, error)
    for name, value in s.values.items():
        given, wanted = np.shape(value), s.graph.fed_shape(name)
        if given != wanted:
            reason = message(
                N_("the value of {name} has the shape {given}; the graph needs {wanted}"),
                name=name,
                given=given,
                wanted=wanted,
            )
            raise error(("values", name), reason)
    return replace(s, of=s.of or _loss(s.graph, where))


def _table(text: str, source: Source) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as e:
        detail, at = str(e), re.search(r" \(at line (\d+), column (\d+)\)$", str(e))
        where = place(source.lines, int(at[1]), int(at[2]) - 1) if at else place(source.lines, len(source.lines))
        detail = re.sub(r" \(at [^()]*\)$", "", detail)
        raise ScenarioError(message(N_("this is not TOML: {detail}"), detail=detail[:200]), place=where) from None
    except (RecursionError, ValueError):
        # ValueError: a number of thousands of digits.
        raise ScenarioError(
            message(N_("this is not a scenario: it is nested too deeply, or a number is too long"))
        ) from None


def _decoded(source: Path | str | bytes) -> str:
    too_large = message(N_("the file is larger than {limit} bytes"), limit=LARGEST_FILE)
    if isinstance(source, Path):
        try:
            with source.open("rb") as f:
                source = f.read(LARGEST_FILE + 1)
        except OSError as e:
            raise ScenarioError(
                message(
                    N_("{path} can not be read: {why}"), path=_shown(str(source)), why=e.strerror or type(e).__name__
                )
            ) from None
    elif isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    if len(source) > LARGEST_FILE:
        raise ScenarioError(too_large)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        raise ScenarioError(
            message(N_("line {line} is not UTF-8 text"), line=source[: e.start].count(b"\n") + 1)
        ) from None
    if _LONG_KEY.search(text):
        # Nobody writes a.b.c.d.e.f by the dozen, and tomllib takes the square of its length in time.
        raise ScenarioError(message(N_("this is not a scenario: it is nested too deeply, or a number is too long")))
    return text.replace("\r\n", "\n")


def load(source: Path | str | bytes, name: str | None = None) -> Scenario:
    """The scenario in a file (a `Path`), or in the text or bytes of one. A str is always text, never a path.

    `name` is the scenario's; by default the file's own without its ending, or "own".
    Raises ScenarioError, with its line in the file, for everything that is wrong with it.
    """
    if name is None:
        name = re.sub(r"[^a-z0-9]+", "-", source.stem.lower()).strip("-")[:40] if isinstance(source, Path) else "own"
    text = _decoded(source)
    lines = Source(text)
    try:
        return finish(Reader(_table(text, lines), lines.place).scenario(name or "own"), lines.place)
    except (NotationError, ShapeError) as e:
        where = lines.inside(("equations",), e.place) if e.place else lines.place(("equations",))
        raise ScenarioError(e.reason, expected=e.expected, help=e.help, place=where, choices=e.choices) from None
    except ScenarioError:
        raise
    except GraphlabError as e:
        raise ScenarioError(e.reason, expected=e.expected, help=e.help, place=e.place) from None
