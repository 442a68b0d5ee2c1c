"""How a walk is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .marks.sizing import Setting


@dataclass(frozen=True)
class DrawOptions:
    """How a walk is drawn.

    lang       the language of the texts for screen readers, and of the titles of folded blocks
    values     whether vertices have the chips of their values
    gradients  whether they have those of their gradients, and edges the badges of what is sent back
    digits     decimals of the numbers in chips; None: as reads well
    scale      of the type in labels and chips
    direction  "lr", from left to right, or "tb", from top to bottom; a graph through time runs "lr" alone
    """

    lang: str = "en"
    values: bool = True
    gradients: bool = True
    digits: int | None = None
    scale: float = 1.0
    direction: Literal["lr", "tb"] = "lr"

    @property
    def setting(self) -> Setting:
        """What the sizes of nodes depend on."""
        return Setting(self.values, self.digits, self.scale, self.direction == "tb")
