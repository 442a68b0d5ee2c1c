"""`graphlab export`: steps of a walk as a file, or every scenario's file in a folder."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..errors import N_, ExportError, GraphlabError, Translate, message
from ..export import FORMATS, Options, Progress, file_name, known, ready, write
from ..export.options import CHOICES
from ..scenario import Scenario, scenario, scenarios
from .check import open_scenario

PATIENCE = 1.0  # seconds before a terminal shows the progress of a job


def run(arguments: argparse.Namespace, t: Translate) -> int:
    options = Options(**{name: getattr(arguments, name) for name in CHOICES})
    if arguments.all:
        return _export_all(arguments, options, t)
    to = arguments.output
    ending = Path(to).suffix[1:].lower() if to not in (None, "-") else "svg"
    format = known(arguments.format or ending)
    s = open_scenario(arguments.scenario).with_sizes(dict(arguments.size), arguments.seed)
    name, content = _rendered(s, format, options, arguments.steps, t)
    if to == "-":
        sys.stdout.buffer.write(content)
        return 0
    write(Path(to or name), content)
    print(to or name, file=sys.stderr)
    return 0


def _rendered(s: Scenario, format: str, options: Options, steps: Any, t: Translate) -> tuple[str, bytes]:
    """What the file should be called, and its content."""
    with _told(s.name, t) as progress:
        job = ready(s, format, options, steps=steps, progress=progress)
        return file_name(job, format), FORMATS[format].render(job)


def _export_all(arguments: argparse.Namespace, options: Options, t: Translate) -> int:
    """Every scenario's file in a folder. One that can not be made is said, and the others are made all the same."""
    format, folder = arguments.format or "pdf", Path(arguments.output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        reason = message(N_("{path} can not be written: {why}"), path=folder, why=e.strerror or type(e).__name__)
        raise ExportError(reason) from None
    failed = []
    names = scenarios()
    for i, name in enumerate(names, 1):
        try:
            called, content = _rendered(
                scenario(name).with_sizes(seed=arguments.seed), format, options, arguments.steps, t
            )
            write(folder / called, content)
            told = str(folder / called)
        except GraphlabError as e:
            failed.append(name)
            told = f"{name}: {e.text(t)}"
        except Exception as e:  # a fault of ours in one scenario is no reason to leave the others out
            failed.append(name)
            told = f"{name}: {type(e).__name__}: {e}"
        print(f"[{i}/{len(names)}] {told}", file=sys.stderr, flush=True)
    if failed:
        summary = t(N_("{n} of {of} could not be made: {names}"))
        print(summary.format(n=len(failed), of=len(names), names=", ".join(failed)), file=sys.stderr)
    return 1 if failed else 0


@contextmanager
def _told(name: str, t: Translate) -> Iterator[Progress]:
    """Shows the progress of a long job in one line of a terminal, and removes it in the end. Writes nothing to a file or a pipe."""
    began, shown = time.monotonic(), False

    def progress(done: int, of: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and time.monotonic() - began > PATIENCE:
            shown = True
            line = t(N_("{name}: page {n} of {of}")).format(name=name, n=done + 1, of=of)
            print(f"\r{line}\033[K", end="", file=sys.stderr, flush=True)

    try:
        yield progress
    finally:
        if shown:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
