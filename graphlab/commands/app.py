"""`graphlab app`: the page, served by Streamlit."""

from __future__ import annotations

import argparse
import subprocess
import sys

from ..app import fonts
from ..app.site import site
from ..errors import Translate


def run(arguments: argparse.Namespace, t: Translate) -> int:
    """Serve the page until it is interrupted; the exit code of Streamlit."""
    folder = site()
    fonts.serve()  # before the start: Streamlit warns where the folder is missing
    command = [sys.executable, "-m", "streamlit", "run", str(folder / "app.py"), *arguments.streamlit]
    if arguments.port is not None:
        command += ["--server.port", str(arguments.port)]
    if arguments.headless:
        command += ["--server.headless", "true"]
    # Streamlit reads its settings from the folder in which it starts.
    return subprocess.call(command, cwd=folder)
