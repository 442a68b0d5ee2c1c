"""The DOT text, the worker process and its time limit, and what happens without it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from diagram_graphs import mlp, penalised, square

from graphlab.diagram.layout import graphviz_client as places
from graphlab.diagram.layout import placement as layout
from graphlab.diagram.marks import measure
from graphlab.diagram.marks.structure import build

GOLDEN = Path(__file__).parent / "mlp.dot"


def dot_of(graph):
    structure = build(graph, "loss")
    return layout.dot_text(structure, *measure.sizes(graph, structure))[0]


def test_the_dot_text_of_the_mlp():
    assert dot_of(mlp()) == GOLDEN.read_text()


def test_no_name_of_a_user_enters_the_dot_text():
    assert "tmp" not in dot_of(mlp())


def test_x_times_itself_is_two_edges_for_graphviz():
    assert dot_of(square()).count("v4 -> o0 ") == 2


def test_what_is_used_again_later_hangs_from_its_first_operation():
    structure = build(penalised(), "loss")
    assert structure.hanging["w_2"] == ("tmp_3", "below")
    assert structure.ranks["operation", "tmp_7"] > structure.ranks["operation", "tmp_3"]


def test_a_worker_answers_and_answers_again_after_it_was_killed():
    worker = places.Worker()
    try:
        assert set(worker.ask("digraph { a -> b }")) == {"a", "b"}
        worker._process.kill()
        worker._process.wait()
        assert set(worker.ask("digraph { a -> b -> c }")) == {"a", "b", "c"}
    finally:
        worker.stop()


def test_what_graphviz_can_not_read_is_an_error_and_the_worker_lives_on():
    worker = places.Worker()
    try:
        with pytest.raises(places.LayoutFailed):
            worker.ask("digraph { a -> ")
        assert set(worker.ask("digraph { a -> b }")) == {"a", "b"}
    finally:
        worker.stop()


READY = "import sys,time; sys.stdout.buffer.write(b'\\0\\0\\0\\2{}'); sys.stdout.flush(); "


def test_a_worker_that_is_too_slow_is_stopped_in_time():
    worker = places.Worker([sys.executable, "-c", READY + "time.sleep(60)"])
    start = time.monotonic()
    with pytest.raises(places.LayoutFailed, match="out of time"):
        worker.ask("digraph { a -> b }", limit=0.2)
    assert time.monotonic() - start < 10
    assert worker._process is None


def test_a_worker_that_dies_in_its_work_is_an_error():
    worker = places.Worker([sys.executable, "-c", READY + "sys.stdin.buffer.read(4); sys.exit(3)"])
    with pytest.raises(places.LayoutFailed, match="ended"):
        worker.ask("digraph { a -> b }")


def test_a_worker_that_can_not_be_started_is_an_error():
    with pytest.raises(places.LayoutFailed):
        places.Worker(["/nowhere/python"]).ask("digraph { a -> b }")


def test_an_answer_is_kept(monkeypatch):
    asked = []
    monkeypatch.setattr(places.worker, "ask", lambda dot, limit: asked.append(dot) or {"a": (0.0, 0.0)})
    dot = f"digraph {{ a [comment={time.monotonic_ns()}] }}"
    assert places.find(dot) == places.find(dot)
    assert asked == [dot]


SCRIPT = """
import hashlib, sys
sys.path[:0] = [{root!r}, {here!r}]
from diagram_graphs import mlp, random_graph, walk
from graphlab import diagram
digest = hashlib.sha256()
for g in (mlp(), random_graph(7, 14)):
    picture = diagram.draw(walk(g))
    digest.update(diagram.svg.page(picture).encode())
    digest.update(diagram.svg.frame(picture, picture.steps, "dark").encode())
print(digest.hexdigest())
"""


def test_the_same_graph_gives_the_same_bytes_in_every_process_and_in_a_script_with_no_main_guard():
    here = Path(__file__).parent
    script = SCRIPT.format(root=str(here.parents[1]), here=str(here))
    found = set()
    for seed in ("0", "4321"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        found.add(run.stdout)
    assert len(found) == 1
