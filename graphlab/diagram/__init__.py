"""The picture of a walk: labels, places, shapes, and SVG."""

from . import svg, theme
from .boxes import FOLDINGS, Folding, cluster_names
from .draw import Options, draw
from .picture import Picture
from .rolled import can_roll

__all__ = ["FOLDINGS", "Folding", "Options", "Picture", "can_roll", "cluster_names", "draw", "svg", "theme"]
