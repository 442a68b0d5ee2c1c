"""A file that is made in a thread of its own, so that the page stays alive: how far it is, how it ended, a way to stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from ..errors import N_, ExportError, GraphlabError, message
from ..export import Progress

MOST = 2  # files made at a time, for all who look at the page: each holds a picture and its pages in memory
UNSEEN = 60.0  # seconds without a look at it, after which nobody waits for a file any more: the session is gone

Made = tuple[str, bytes]
"""A file's name and its content."""

_rooms = threading.BoundedSemaphore(MOST)


class Stopped(Exception):
    """Nobody wants the file any more."""


class Work:
    """One file on its way. `make(progress)` makes it; what it raises is `error` in the end.

    `done` of `of` pages are made; `of` is 0 before the first. `made` is the file, None for as long as there is none.
    """

    def __init__(self, make: Callable[[Progress], Made]) -> None:
        self.done = self.of = 0
        self.made: Made | None = None
        self.error: GraphlabError | None = None
        self._make = make
        self._unwanted = threading.Event()
        self._seen = time.monotonic()
        self.thread = threading.Thread(target=self._run, name="export", daemon=True)
        self.thread.start()

    @property
    def running(self) -> bool:
        """Whether the end is still to come. Asking is a sign that somebody waits for it."""
        self._seen = time.monotonic()
        return self.thread.is_alive()

    def stop(self) -> None:
        """Make no more of it. The thread ends with the page that it is at."""
        self._unwanted.set()

    def _progress(self, done: int, of: int) -> None:
        if self._unwanted.is_set() or time.monotonic() - self._seen > UNSEEN:
            raise Stopped
        self.done, self.of = done, of

    def _run(self) -> None:
        try:
            while not _rooms.acquire(timeout=0.2):
                self._progress(0, 0)
            try:
                make = self._make
                assert make is not None  # let go of in the end alone
                made = make(self._progress)
            finally:
                _rooms.release()
            self._progress(self.of, self.of)
            self.made = made
        except Stopped:
            pass
        except GraphlabError as e:
            self.error = e
        except Exception as e:
            logging.getLogger(__name__).exception("an export failed")
            self.error = ExportError(message(N_("the file could not be made: {why}"), why=f"{type(e).__name__}: {e}"))
        finally:
            self._make = None  # the walk and the picture that hang on it
