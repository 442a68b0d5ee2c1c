"""The picture of a walk: labels, places, shapes, and SVG."""

from ..folding.boxes import FOLDINGS, Folding, cluster_names
from . import svg
from .draw import draw
from .marks import theme
from .marks.picture import Picture
from .options import DrawOptions
from .rolled import can_roll

__all__ = ["FOLDINGS", "DrawOptions", "Folding", "Picture", "can_roll", "cluster_names", "draw", "svg", "theme"]
