"""What a fed vertex is, where nobody has declared it."""

from __future__ import annotations

from ..graph import Kind


def free_kind(name: str) -> Kind:
    """The kind of a fed vertex that nobody has declared."""
    return "input" if name.startswith(("x", "X", "y_true", "Y_true")) else "parameter"
