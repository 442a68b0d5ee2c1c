"""The Streamlit page and the player component."""

from .page import main

__all__ = ["main"]
