"""The player's script and stylesheet, put together from their files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..diagram import svg
from ..diagram.marks import theme
from .constants import THEMES, constants
from .linker import link

HERE = Path(__file__).parent
ENTRY = "player.js"
STYLES = ("player.css", "panel.css", "vertex.css", "code.css", "check.css", "folding.css")


def sources() -> dict[str, str]:
    """The player's modules by their paths, the constants that it shares with Python among them."""
    folder = HERE / "js"
    files = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*.js"))}
    return files | {"constants.js": constants()}


@cache
def javascript() -> str:
    """The player as one ES module with a default export."""
    return link(sources(), ENTRY)


@cache
def stylesheet() -> str:
    """The player's rules, the picture's rules, and the colours of both themes."""
    blocks = [(HERE / "css" / name).read_text("utf-8") for name in STYLES] + [svg.css()]
    for name in THEMES:
        colours = "".join(f"  {key}: {value};\n" for key, value in theme.variables(name).items())
        blocks.append(f'.graphlab-player[data-theme="{name}"] {{\n{colours}}}\n')
    return "\n".join(blocks)
