"""The card of a step: rule, local Jacobian, contraction and product, in symbols and in numbers, with every axis named."""

from .axes import Axes, Axis, named, named_axes
from .card import Card, SlotCard, card
from .local import Local
from .page import as_json
from .product import Factor, Shapes, spelled

__all__ = [
    "Axes",
    "Axis",
    "Card",
    "Factor",
    "Local",
    "Shapes",
    "SlotCard",
    "as_json",
    "card",
    "named",
    "named_axes",
    "spelled",
]
