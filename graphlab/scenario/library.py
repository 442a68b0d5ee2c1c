"""The scenarios that come with the program: the files in `scenarios/`, in the lecture's order."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..errors import N_, ScenarioError, message
from .model import Scenario, Text, in_language, is_whole, suggestion
from .reading import load

_CHECKOUT = Path(__file__).parents[2] / "scenarios"
_INSTALLED = Path(__file__).parents[1] / "scenarios"  # where a wheel puts the same files
FOLDER = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT


@lru_cache(maxsize=128)
def _loaded(path: Path, changed: int) -> Scenario:
    try:
        return load(path)
    except ScenarioError as e:
        reason = message(N_("{path} can not be read: {why}"), path=path.name, why=e.reason)
        raise ScenarioError(reason, expected=e.expected, help=e.help, place=e.place) from None


def _load(path: Path) -> Scenario:
    # A file that was edited while the page is open is read again.
    return _loaded(path, path.stat().st_mtime_ns)


@dataclass(frozen=True)
class Heading:
    """What a list of scenarios shows of one, read without its equations: the page opens with all of them."""

    name: str
    order: int
    titles: Text

    def title(self, lang: str = "en") -> str:
        """The title in a language."""
        return in_language(self.titles, lang) or self.name


@lru_cache(maxsize=256)
def _heading(path: Path, changed: int) -> Heading:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        order, titles = data.get("order", 0), data.get("title", {})
        if is_whole(order) and isinstance(titles, dict) and all(isinstance(text, str) for text in titles.values()):
            return Heading(path.stem, order, titles)
    except ValueError:  # no TOML, or no text: said below, with its place
        pass
    whole = _loaded(path, changed)
    return Heading(whole.name, whole.order, whole.titles)


def headings() -> tuple[Heading, ...]:
    """The names and titles of all scenarios: the smallest graph, then those of the lecture in its order."""
    found = [_heading(path, path.stat().st_mtime_ns) for path in FOLDER.glob("*.toml")]
    return tuple(sorted(found, key=lambda heading: (heading.order, heading.name)))


def scenarios() -> tuple[str, ...]:
    """The names of all scenarios: the smallest graph, then those of the lecture in its order."""
    return tuple(heading.name for heading in headings())


def scenario(name: str, sizes: Mapping[str, int] | None = None, seed: int | None = None) -> Scenario:
    """The scenario of this name, at other sizes or with another seed where they are given.

    Raises ScenarioError for a name that is not known, and for a size or seed that is out of bounds.
    """
    known = scenarios()
    if name not in known:
        raise ScenarioError(
            message(N_("there is no scenario {name}"), name=str(name)[:40]), help=suggestion(str(name)[:40], known)
        )
    found = _load(FOLDER / f"{name}.toml")
    return found.with_sizes(sizes, seed) if sizes or seed is not None else found
