"""The picture of a walk: labels, places, shapes, and SVG."""

from . import svg, theme
from .boxes import Folding
from .draw import Options, draw
from .picture import Picture

__all__ = ["Folding", "Options", "Picture", "draw", "svg", "theme"]
