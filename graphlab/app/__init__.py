"""The Streamlit page and the player component."""


def main() -> None:
    """Draw the page. Streamlit is imported here: the player alone, written as a file, does without it."""
    from .page import main as draw

    draw()


__all__ = ["main"]
