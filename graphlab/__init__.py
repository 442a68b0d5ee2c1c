"""graphlab: computation graphs in lecture notation, walked forward and backward with the real numbers."""

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

__version__ = "0.1.0"
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
