"""A file made in a thread: how far it is, how it ends, and that nobody's file is made on."""

import threading

import pytest

from graphlab.app import export_work
from graphlab.app.export_work import Work
from graphlab.errors import ExportError

PATIENCE = 10  # seconds; only a test that fails waits so long


def ended(work):
    work.thread.join(PATIENCE)
    assert not work.running
    return work


def endless(begun):
    """Makes pages until it is stopped."""

    def make(progress):
        while True:
            progress(0, 1)
            begun.set()

    return make


def test_a_file_is_made_with_its_pages_counted():
    told, go_on = threading.Event(), threading.Event()

    def make(progress):
        progress(1, 3)
        told.set()
        assert go_on.wait(PATIENCE)
        return "mlp.pdf", b"content"

    work = Work(make)
    assert told.wait(PATIENCE)
    assert (work.running, work.done, work.of, work.made) == (True, 1, 3, None)
    go_on.set()
    assert ended(work).made == ("mlp.pdf", b"content")
    assert work.done == work.of == 3
    assert work.error is None


def test_a_stopped_file_ends_at_its_next_page_and_is_never_there():
    begun = threading.Event()
    work = Work(endless(begun))
    assert begun.wait(PATIENCE)
    work.stop()
    assert ended(work).made is None
    assert work.error is None


def test_a_file_stopped_after_its_last_page_is_not_there_either():
    last, go_on = threading.Event(), threading.Event()

    def make(progress):
        progress(0, 1)
        last.set()
        assert go_on.wait(PATIENCE)
        return "mlp.pdf", b"content"

    work = Work(make)
    assert last.wait(PATIENCE)
    work.stop()
    go_on.set()
    assert ended(work).made is None


def test_what_nobody_looks_at_any_more_ends_by_itself(monkeypatch):
    monkeypatch.setattr(export_work, "UNSEEN", -1.0)
    assert ended(Work(endless(threading.Event()))).made is None


def test_an_error_that_a_user_can_cause_is_kept_as_it_is():
    def make(progress):
        raise ExportError("no room")

    assert str(ended(Work(make)).error) == "no room"


def test_any_other_error_is_told_as_well(caplog):
    def make(progress):
        raise ZeroDivisionError("by nought")

    assert str(ended(Work(make)).error) == "the file could not be made: ZeroDivisionError: by nought"
    assert "an export failed" in caplog.text


@pytest.mark.parametrize("waiting", [True, False])
def test_only_so_many_files_are_made_at_a_time(waiting):
    begun = [threading.Event() for _ in range(export_work.MOST)]
    works = [Work(endless(e)) for e in begun]
    assert all(e.wait(PATIENCE) for e in begun)
    late = threading.Event()
    another = Work(endless(late))
    assert not late.wait(0.5)
    if waiting:
        works[0].stop()
        assert late.wait(PATIENCE)
    for work in (another, *works):
        work.stop()
        ended(work)
    assert late.is_set() == waiting
