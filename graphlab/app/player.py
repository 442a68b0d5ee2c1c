"""The player: its files put together, mounted as a Streamlit component or written as one HTML file."""

from __future__ import annotations

import html
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ..diagram import svg
from ..diagram.marks import theme
from ..player.payload import packed

HERE = Path(__file__).parent
# In the order in which they lean on each other; together they are one ES module.
SCRIPTS = (
    "js/safe.js",
    "js/packing.js",
    "js/desk.js",
    "js/texts.js",
    "js/parts.js",
    "js/buttons.js",
    "js/keys.js",
    "js/theme.js",
    "js/strip.js",
    "js/timeline.js",
    "js/camera.js",
    "js/follow.js",
    "js/pointers.js",
    "js/motion.js",
    "js/morph.js",
    "js/folding.js",
    "js/download.js",
    "js/lit.js",
    "js/heat.js",
    "js/panel.js",
    "js/legend.js",
    "js/card.js",
    "js/vertex_tab.js",
    "js/marks.js",
    "js/code.js",
    "js/lens.js",
    "js/check.js",
    "player.js",
)
STYLES = ("player.css", "panel.css", "vertex.css", "code.css", "check.css", "folding.css")
THEMES = ("light", "dark")

_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>{title}</title>
<style>
:root {{ --graphlab-height: 100dvh; }}
body {{ margin: 0; }}
{css}
.graphlab-player {{ border: 0; border-radius: 0; }}
</style>
</head>
<body>
<div id="player"></div>
<script type="application/json" id="walk">{data}</script>
<script type="module">
{js}
const walk = JSON.parse(document.getElementById("walk").textContent);
graphlabPlayer({{ data: walk, parentElement: document.getElementById("player"), standalone: true }});
</script>
</body>
</html>
"""


@cache
def javascript() -> str:
    """The player as one ES module with a default export."""
    return "\n".join((HERE / name).read_text("utf-8") for name in SCRIPTS)


@cache
def stylesheet() -> str:
    """The player's rules, the picture's rules, and the colours of both themes."""
    blocks = [(HERE / name).read_text("utf-8") for name in STYLES] + [svg.css()]
    for name in THEMES:
        colours = "".join(f"  {key}: {value};\n" for key, value in theme.variables(name).items())
        blocks.append(f'.graphlab-player[data-theme="{name}"] {{\n{colours}}}\n')
    return "\n".join(blocks)


@cache
def _component() -> Callable[..., Any]:
    import streamlit as st  # here, so that exports do without it

    return st.components.v2.component("graphlab_player", js=javascript(), css=stylesheet())


def player(
    payload: Mapping[str, Any],
    *,
    step: int = 0,
    theme: str = "auto",
    key: str = "player",
    on_toggle: Callable[[str], None] | None = None,
    on_swap: Callable[[object], None] | None = None,
) -> str | None:
    """Show a walk in the page; call it from a Streamlit script. Gives the name of the vertex a person chose, or None.

    `step` is where a walk begins that was not there before; the same walk stays where it stands. While a vertex is
    chosen `st.session_state[key].step` follows the step; otherwise stepping asks nothing of the server, and the step is
    in the address of the page alone. `on_toggle` is called with the name of a cluster that a person opens or folds,
    `on_swap` with what the page says of the stable form that a person puts into the equations.
    """
    import streamlit as st

    # What goes to the page must not change while the walk does not: a large picture would be sent again each time.
    held = st.session_state.get(f"{key}:walk")
    if held is None or held[0] != payload["key"]:
        held = st.session_state[f"{key}:walk"] = (payload["key"], step)
    data = {**payload, "step": held[1], "theme": theme, "chosen": st.session_state.get(f"{key}:chosen", [0, None])}

    def toggled() -> None:
        cluster = st.session_state[key]["toggle"]
        if on_toggle is not None and isinstance(cluster, str):
            on_toggle(cluster)

    def swapped() -> None:
        if on_swap is not None:
            on_swap(st.session_state[key]["swap"])

    result = _component()(
        key=key,
        data=data,
        on_vertex_change=_noticed,
        on_step_change=_noticed,
        on_toggle_change=toggled,
        on_swap_change=swapped,
    )
    return result.vertex


def choose(vertex: str | None, key: str = "player") -> None:
    """Choose a vertex, or none, from the script's side. For the callbacks of widgets, such as a button that closes."""
    import streamlit as st

    count, _ = st.session_state.get(f"{key}:chosen", [0, None])
    st.session_state[f"{key}:chosen"] = [count + 1, vertex]
    if key in st.session_state:
        st.session_state[key]["vertex"] = vertex


def _noticed() -> None:
    """A callback has to be there for a state to be part of the result."""


def standalone_html(payload: Mapping[str, Any]) -> str:
    """One HTML file with the walk and the player in it, which opens offline in any browser."""
    # Inside a script element only "<" could end it or open a comment.
    data = json.dumps(packed(dict(payload)), ensure_ascii=False).replace("<", "\\u003c")
    return _PAGE.format(
        lang=html.escape(str(payload.get("lang", "en"))),
        title=html.escape(str(payload.get("title", "graphlab"))),
        css=stylesheet(),
        js=javascript(),
        data=data,
    )
