"""Running a graph: forward, backward, the traced walk, Jacobians, the gradient check and the compiled plan."""

from .check import GradientReport, check_gradients
from .evaluate import forward
from .jacobians import jacobian
from .plan import Plan, compile
from .sweep import backward
from .trace import Contribution, Step, Walk, trace

__all__ = [
    "Contribution",
    "GradientReport",
    "Plan",
    "Step",
    "Walk",
    "backward",
    "check_gradients",
    "compile",
    "forward",
    "jacobian",
    "trace",
]
