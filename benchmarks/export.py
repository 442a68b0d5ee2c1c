"""Decks of a walk, once it is laid out: `python -m benchmarks export`. Times are of the processor, not of the clock."""

from __future__ import annotations

import gc
import io
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from .measure import Figure

ROUNDS = 5
_PEAK = """
import resource
import graphlab as gl
from graphlab.export import FORMATS, Options, prepare
job = prepare(gl.scenario("lstm"), Options(fold="open"), "all")
FORMATS["{format}"].render(job)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""


def once(run: Callable[[], object]) -> float:
    """The seconds that the processor works at `run`."""
    gc.collect()
    begin = time.process_time()
    run()
    return time.process_time() - begin


def processor(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of such seconds, the first call left out."""
    run()
    return statistics.median(once(run) for _ in range(rounds))


def job(scenario: str, **look):
    """All steps of a scenario, laid out."""
    import graphlab as gl
    from graphlab.export import Options, prepare

    return prepare(gl.scenario(scenario), Options(**look), "all")


def first(format: str = "pptx", scenario: str = "mlp") -> float:
    """Seconds of the processor for a deck in a process that has made none: imports and typesetting are in it."""
    code = (
        "import time; from benchmarks.export import job; from graphlab.export import FORMATS\n"
        f"laid_out = job('{scenario}', fold='open')\n"
        f"begin = time.process_time(); FORMATS['{format}'].render(laid_out); print(time.process_time() - begin)"
    )
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def bare(content: bytes) -> Callable[[], None]:
    """A function that makes a deck of as many slides and as many shapes with python-pptx alone."""
    from pptx import Presentation
    from pptx.enum.shapes import MSO_SHAPE
    from pptx.util import Pt

    counts = [len(slide._element.xpath(".//p:sp | .//p:cxnSp")) for slide in Presentation(io.BytesIO(content)).slides]

    def run() -> None:
        deck = Presentation()
        for n in counts:
            slide = deck.slides.add_slide(deck.slide_layouts[6])
            for i in range(n):
                shape = slide.shapes.add_shape(MSO_SHAPE.OVAL, Pt(i), Pt(i), Pt(20), Pt(20))
                shape.text_frame.text = "tmp"
        deck.save(io.BytesIO())

    return run


def peak(format: str) -> float:
    """The most memory, in bytes, that a process takes which makes the deck of the whole LSTM and nothing else."""
    code = _PEAK.format(format=format)
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)


def figures() -> Iterator[Figure]:
    """Decks of the MLP and the whole LSTM in a fresh process, and its memory; PowerPoint by the step as well."""
    from graphlab.export import FORMATS

    pptx = FORMATS["pptx"].render
    mlp, rnn, lstm = job("mlp"), job("rnn", fold="open"), job("lstm", fold="open")
    yield Figure("PPTX of the MLP, the first deck of a process", ours=first(), limit=2)
    ours, theirs = processor(lambda: pptx(mlp)), processor(bare(pptx(mlp)), rounds=3)
    yield Figure("the same again; against as many bare shapes", ours=ours, theirs=theirs, ratio=ours / theirs)
    a, b = (once(lambda made=made: pptx(made)) / len(made.steps) for made in (rnn, lstm))
    yield Figure("PPTX, a step of the LSTM; against one of the RNN", ours=b, theirs=a, ratio=b / a, limit=2)
    yield Figure("PPTX of the LSTM (160 steps), the process", ours=peak("pptx"), limit=500e6, unit="B")
    yield Figure("PDF of the MLP, the first deck of a process", ours=first("pdf"), limit=1)
    yield Figure("PDF of the LSTM (160 steps), the first of a process", ours=first("pdf", "lstm"), limit=6)
    yield Figure("PDF of the LSTM (160 steps), the process", ours=peak("pdf"), limit=500e6, unit="B")
