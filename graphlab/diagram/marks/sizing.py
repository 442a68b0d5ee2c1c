"""How labels and numbers are set: what there is room for, how many digits, how large, and which way the graph runs."""

from __future__ import annotations

from dataclasses import dataclass

from .picture import Rect


@dataclass(frozen=True)
class Setting:
    """What the sizes of all nodes depend on besides the graph.

    values  whether values have chips; where gradients have none, no vertex counts as receiving one
    digits  decimals of numbers in chips; None: three of a scalar, two of an element
    scale   of the type in labels and chips; circles keep their height
    down    the graph runs from top to bottom. Nodes are then measured with x and y exchanged, laid out from left to
            right like any others, and exchanged back with everything else
    """

    values: bool = True
    digits: int | None = None
    scale: float = 1.0
    down: bool = False

    def sides(self, width: float, height: float) -> tuple[float, float]:
        """A size as the layout sees it: along its ranks, and across them."""
        return (height, width) if self.down else (width, height)

    def measured(self, rect: Rect) -> Rect:
        """A rectangle as the layout sees it."""
        return exchanged(rect) if self.down else rect


NATURAL = Setting()


def exchanged(rect: Rect) -> Rect:
    """The rectangle with x and y exchanged."""
    return Rect(rect.top, rect.left, rect.bottom, rect.right)
