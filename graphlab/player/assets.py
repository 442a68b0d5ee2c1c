"""The player's script and style sheet, each put together from its files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..diagram import svg, theme
from .linker import link

HERE = Path(__file__).parent
ENTRY = "player.js"
STYLES = ("player.css", "panel.css", "vertex.css", "code.css", "check.css", "folding.css")
THEMES = ("light", "dark")


def modules() -> dict[str, str]:
    """The texts of the script's files, by their paths in the folder js."""
    root = HERE / "js"
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in sorted(root.rglob("*.js"))}


@cache
def javascript() -> str:
    """The player as one ES module with a default export."""
    return link(modules(), ENTRY)


@cache
def stylesheet() -> str:
    """The player's rules, the picture's rules, and the colours of both themes."""
    blocks = [(HERE / "css" / name).read_text("utf-8") for name in STYLES] + [svg.css()]
    for name in THEMES:
        colours = "".join(f"  {key}: {value};\n" for key, value in theme.variables(name).items())
        blocks.append(f'.graphlab-player[data-theme="{name}"] {{\n{colours}}}\n')
    return "\n".join(blocks)
