"""The folder that Streamlit serves the page from: app.py, .streamlit/config.toml, and static/ for the font."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from ..version import __version__

CHECKOUT = Path(__file__).parents[2]
SHIPPED = Path(__file__).parent / "site_files"  # in an installed package: copies of app.py and its settings
FILES = ("app.py", ".streamlit/config.toml")


def site() -> Path:
    """The folder: the checkout itself, or for an installed package a copy that can be written to."""
    if all((CHECKOUT / name).is_file() for name in FILES) and not SHIPPED.is_dir():
        return CHECKOUT
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    for parent in (
        Path(cache) / "graphlab",
        Path(tempfile.gettempdir()) / f"graphlab-{os.getuid() if hasattr(os, 'getuid') else ''}",
    ):
        folder = parent / f"site-{__version__}"
        try:
            for name in FILES:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(SHIPPED / name, folder / name)
        except OSError:
            continue
        return folder
    return SHIPPED
