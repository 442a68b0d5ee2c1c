"""Finds a Chromium for the browser tests, or installs one: `python -m tests.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# Quiet, and with no connections to anywhere but the page under test.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of a Chromium: $CHROMIUM, one on PATH, or Playwright's own; None where there is none."""
    if path := os.environ.get("CHROMIUM"):
        return path
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as p:
        own = p.chromium.executable_path
    return own if own and Path(own).exists() else None


def _tried(*command: str) -> bool:
    print("$", " ".join(command), flush=True)
    try:
        return subprocess.run(command, check=False, stdin=subprocess.DEVNULL, timeout=900).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install() -> None:
    """Install Playwright's Chromium or, where that can not be had, Debian's."""
    if _tried(sys.executable, "-m", "playwright", "install", "chromium"):
        _tried(sys.executable, "-m", "playwright", "install-deps", "chromium")
        return
    if shutil.which("apt-get"):
        sudo = [] if os.geteuid() == 0 else ["sudo", "-n"]
        _tried(*sudo, "apt-get", "update", "-qq")
        _tried(*sudo, "apt-get", "install", "-y", "-qq", "chromium")


def main() -> int:
    """Exit status 0 where there is a Chromium in the end, 1 where there is none."""
    if find() is None:
        install()
    path = find()
    if path is None:
        print("No Chromium was found or could be installed: install one, or name it in $CHROMIUM.", file=sys.stderr)
        return 1
    print(f"Chromium: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
