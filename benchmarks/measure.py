"""How two programs are compared: in turns, in one run, as the median of the ratios of neighbours."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

THREADS = 2


@dataclass(frozen=True)
class Figure:
    """One line of the table. `ratio` is ours to theirs; a line with no other side gives a time and its `limit`, in s.

    With the unit "B" a line is about memory, in bytes.
    """

    what: str
    ours: float
    theirs: float | None = None
    ratio: float | None = None
    limit: float | None = None
    unit: str = "s"

    @property
    def kept(self) -> bool:
        """Whether the limit holds; True where there is none."""
        measured = self.ours if self.ratio is None else self.ratio
        return self.limit is None or measured <= self.limit


def use_threads() -> None:
    """Give torch as many threads as the environment gives the BLAS of numpy: see `benchmarks.__main__`."""
    import torch

    torch.set_num_threads(THREADS)


def _block(run: Callable[[], object], calls: int) -> float:
    times = []
    run()
    for _ in range(calls):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def compare(
    what: str,
    ours: Callable[[], object],
    theirs: Callable[[], object],
    *,
    limit: float,
    rounds: int,
    calls: int,
    rest: float = 0,
) -> Figure:
    """Run both in turns, `calls` at a time, and take the median over the rounds of the ratio of the two.

    `rest` seconds lie before each turn. Both sides keep threads that spin for some 50 ms after their last product,
    waiting for another one; on a machine with two cores they would be measured against each other's idling.
    """
    found: list[tuple[float, float]] = []
    gc.collect()
    for i in range(rounds):
        turn = {}
        for run in (ours, theirs) if i % 2 else (theirs, ours):
            time.sleep(rest)
            turn[run] = _block(run, calls)
        found.append((turn[ours], turn[theirs]))
    return Figure(
        what,
        ours=statistics.median(a for a, _ in found),
        theirs=statistics.median(b for _, b in found),
        ratio=statistics.median(a / b for a, b in found),
        limit=limit,
    )


def _amount(number: float | None, unit: str) -> str:
    if number is None:
        return ""
    return _time(number) if unit == "s" else f"{number / 1e6:.3g} MB"


def _time(seconds: float) -> str:
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds * 1e9:.3g} ns"


def print_table(figures: Iterable[Figure]) -> bool:
    """Print each figure as it comes; True where all limits hold."""
    kept = True
    print(f"{'':52}{'graphlab':>10}{'torch':>10}{'ratio':>8}{'limit':>9}", flush=True)
    for f in figures:
        ratio = "" if f.ratio is None else f"{f.ratio:.3f}"
        limit = "" if f.limit is None else _amount(f.limit, f.unit) if f.ratio is None else f"{f.limit:g}"
        print(
            f"{f.what:52}{_amount(f.ours, f.unit):>10}{_amount(f.theirs, f.unit):>10}{ratio:>8}{limit:>9}",
            end="",
            flush=True,
        )
        print("" if f.kept else "  over the limit", flush=True)
        kept = kept and f.kept
    return kept
