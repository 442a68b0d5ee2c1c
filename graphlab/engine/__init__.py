"""Running a graph: forward, backward, the traced walk, Jacobians and the gradient check."""

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
    "Step",
    "Walk",
    "along_path",
    "backward",
    "check_gradients",
    "follow",
    "forward",
    "jacobian",
    "jvp",
    "paths",
    "trace",
]
