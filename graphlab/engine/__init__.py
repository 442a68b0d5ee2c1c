"""Running a graph: forward, backward, the traced walk, Jacobians, the gradient check and the compiled plan."""

from ..plan import Plan, compile
from .check import GradientReport, check_gradients
from .evaluate import forward
from .follow import Followed, follow
from .jacobians import jacobian
from .paths import Edge, Paths, along_path, paths
from .sweep import backward
from .tangents import jvp
from .trace import Contribution, Step, Walk, trace

__all__ = [
    "Contribution",
    "Edge",
    "Followed",
    "GradientReport",
    "Paths",
    "Plan",
    "Step",
    "Walk",
    "along_path",
    "backward",
    "check_gradients",
    "compile",
    "follow",
    "forward",
    "jacobian",
    "jvp",
    "paths",
    "trace",
]
