"""Places for the nodes of a DOT text, found by Graphviz in a worker process with a time limit."""

from __future__ import annotations

import atexit
import json
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

TIME_LIMIT = 5.0
"""Seconds that one layout may take."""
_START_LIMIT = 20.0  # seconds for a fresh worker's first answer, on a busy machine
_CACHED = 256

Places = dict[str, tuple[float, float]]


class LayoutFailed(Exception):
    """Graphviz gave no answer: it refused, crashed, or took too long."""


class Worker:
    """One worker process, started when it is first needed and again after it was lost. Safe to use from any thread."""

    def __init__(self, command: list[str] | None = None) -> None:
        script = Path(__file__).with_name("graphviz_worker.py")
        # -P keeps the script's folder off sys.path, where names like "svg" would shadow others.
        self._command = command or [sys.executable, "-P", str(script)]
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._fresh = True

    def start(self) -> None:
        """Start the process, if there is none, without waiting for it."""
        with self._lock:
            self._ensure()

    def _ensure(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._drop()
            try:
                self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
            except OSError as e:
                raise LayoutFailed(str(e)) from e
            self._fresh = True
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # bytes of a request that the worker died of can not be sent any more
                pipe.close()

    def stop(self) -> None:
        """End the process. The next request starts another."""
        with self._lock:
            self._drop()

    def ask(self, dot: str, limit: float = TIME_LIMIT) -> Places:
        """The centres of the nodes, in points, y upwards. Raises LayoutFailed after at most `limit` seconds."""
        with self._lock:
            process = self._ensure()
            if self._fresh:
                self._timed(lambda: _receive(process), _START_LIMIT)
                self._fresh = False
            reply = self._timed(lambda: _exchange(process, dot), limit)
        if "error" in reply:
            raise LayoutFailed(reply["error"])
        return {name: (x, y) for name, (x, y) in reply["places"].items()}

    def _timed(self, exchange: Callable[[], dict], limit: float) -> dict:
        # A pipe can not be read with a time limit on every system; ending the process ends the reading everywhere.
        process, late = self._process, threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limit, end)
        timer.daemon = True
        timer.start()
        try:
            return exchange()
        except (OSError, ValueError, struct.error) as e:
            self._drop()
            raise LayoutFailed("out of time" if late.is_set() else f"the layout process ended: {e}") from e
        finally:
            timer.cancel()
            timer.join()


def _exchange(process: subprocess.Popen[bytes], dot: str) -> dict:
    data = dot.encode()
    process.stdin.write(struct.pack(">I", len(data)) + data)
    process.stdin.flush()
    return _receive(process)


def _receive(process: subprocess.Popen[bytes]) -> dict:
    (size,) = struct.unpack(">I", process.stdout.read(4))
    return json.loads(process.stdout.read(size))


worker = Worker()
atexit.register(worker.stop)
_cache: OrderedDict[str, Places] = OrderedDict()
_cache_lock = threading.Lock()


def find(dot: str, limit: float = TIME_LIMIT) -> Places:
    """As `Worker.ask` of the shared worker; an answer is kept for the next time. Raises LayoutFailed."""
    with _cache_lock:
        if dot in _cache:
            _cache.move_to_end(dot)
            return _cache[dot]
    found = worker.ask(dot, limit)
    with _cache_lock:
        _cache[dot] = found
        while len(_cache) > _CACHED:
            _cache.popitem(last=False)
    return found
