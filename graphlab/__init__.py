"""graphlab: computation graphs in lecture notation, walked forward and backward with the real numbers.

Every name is imported when it is first used: `import graphlab` alone loads next to nothing.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .version import __version__

if TYPE_CHECKING:
    from . import ops
    from .code import code
    from .engine import backward, check_gradients, follow, forward, jacobian, jvp, paths, trace
    from .errors import ExportError, GraphlabError, NotationError, ScenarioError, ShapeError
    from .export import export
    from .export.handout import handout
    from .graph import Graph, Operation, Vertex
    from .notation import parse
    from .plan import compile
    from .scenario import Scenario, scenario, scenarios

_HOMES = {
    **dict.fromkeys(
        ("backward", "check_gradients", "follow", "forward", "jacobian", "jvp", "paths", "trace"), "engine"
    ),
    **dict.fromkeys(("ExportError", "GraphlabError", "NotationError", "ScenarioError", "ShapeError"), "errors"),
    **dict.fromkeys(("Graph", "Operation", "Vertex"), "graph"),
    **dict.fromkeys(("Scenario", "scenario", "scenarios"), "scenario"),
    "code": "code",
    "compile": "plan",
    "export": "export",
    "handout": "export.handout",
    "ops": "ops",
    "parse": "notation",
}
"""Where each public name is defined."""

__all__ = [
    "ExportError",
    "Graph",
    "GraphlabError",
    "NotationError",
    "Operation",
    "Scenario",
    "ScenarioError",
    "ShapeError",
    "Vertex",
    "__version__",
    "backward",
    "check_gradients",
    "code",
    "compile",
    "export",
    "follow",
    "forward",
    "handout",
    "jacobian",
    "jvp",
    "ops",
    "parse",
    "paths",
    "scenario",
    "scenarios",
    "trace",
]


class _Front(ModuleType):
    """The package itself. `export`, `code` and `scenario` are functions here, and packages of these names exist too.

    The import system sets a package as an attribute of its parent; these three it must not take the place of.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "ops" or name not in _HOMES or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __getattr__(self, name: str) -> Any:
        if name not in _HOMES:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        home = import_module(f".{_HOMES[name]}", self.__name__)
        value = home if name == "ops" else getattr(home, name)
        super().__setattr__(name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *__all__})


sys.modules[__name__].__class__ = _Front
