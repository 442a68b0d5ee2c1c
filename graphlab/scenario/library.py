"""The scenarios that come with the program: the files in `scenarios/`, in the lecture's order."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ..errors import N_, ScenarioError, message
from .model import Scenario, suggestion
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


def scenarios() -> tuple[str, ...]:
    """The names of all scenarios: the smallest graph, then those of the lecture in its order."""
    found = [_load(path) for path in FOLDER.glob("*.toml")]
    return tuple(s.name for s in sorted(found, key=lambda s: (s.order, s.name)))


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
