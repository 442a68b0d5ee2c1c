"""All benchmarks: `python -m benchmarks`, or some of them by name; exit status 1 where a limit does not hold."""

from __future__ import annotations

import argparse
import os
import sys

from .measure import THREADS, print_table

# The BLAS of numpy reads these when it is loaded, which no benchmark has done yet.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = str(THREADS)

NAMES = (
    "plan_mlp",
    "plan_minibatch",
    "plan_rnn",
    "plan_lstm",
    "gpu_lstm",
    "layout_lstm",
    "app_start",
    "player_steps",
    "card",
    "export",
)


def main() -> int:
    """Run the benchmarks that were named, or all."""
    from importlib import import_module

    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition(":")[0])
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="the benchmarks to run; all by default")
    names = parser.parse_args().names or NAMES
    return not print_table(f for name in names for f in import_module(f".{name}", __package__).figures())


if __name__ == "__main__":
    sys.exit(main())
