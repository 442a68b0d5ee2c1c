"""Large data for the page, made small: JSON, deflated, as text. js/packing.js reads it."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

LEVEL = 6  # beyond it a large picture takes twice the time for a twentieth less


def pack(data: Any) -> str:
    """The data as JSON, deflated with a zlib header, in base64: text that is safe in any page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), LEVEL)).decode("ascii")


def unpack(packed: str) -> Any:
    """What `pack` has packed."""
    return json.loads(zlib.decompress(base64.b64decode(packed)))
