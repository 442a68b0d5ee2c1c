"""The player and a walk in one HTML file, which opens offline in any browser."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from typing import Any

from .assets import javascript, stylesheet
from .payload import packed

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
