"""`python -m graphlab check`: read a scenario, run it, check its gradients, and print how it was understood."""

from __future__ import annotations

import argparse
import sys
from math import prod
from pathlib import Path

from ..engine import check_gradients
from ..errors import N_, GraphlabError, ScenarioError, Translate, message
from ..graph import Reading
from ..notation.echo import CONVENTIONS
from ..scenario import LARGEST_FILE, Scenario, from_text, load, scenario

WORST = 1e-6  # of a relative error against central differences; the differences themselves are good to about 1e-9
MOST_CHECKED = 2000  # elements; each of them costs two forward passes
KINDS = {"input": N_("input"), "parameter": N_("parameter"), "constant": N_("constant")}


def open_file(name: str) -> Scenario:
    """The scenario of a file; `-` is standard input."""
    # One byte more than a file may have, so that a longer one is refused, whatever stands at the other end of a pipe.
    return load(sys.stdin.buffer.read(LARGEST_FILE + 1)) if name == "-" else load(Path(name))


def choices(error: GraphlabError, t: Translate) -> str:
    """The meanings that an error asks to choose from, a line each; "" for an error that asks nothing."""
    lines = (f"  {c.label.text(t)}: {c.text}    {c.shape}" for c in error.choices)
    return "\n".join(lines)


def told(reading: Reading, t: Translate) -> str:
    """How the equations were understood, and what is fed, as plain text."""
    lines = [t(N_("read as:"))]
    lines += [f"  {equation.latex}    {equation.shape}" for equation in reading.equations]
    inferred = t(N_("inferred"))
    for name in reading.names:
        kind = t(KINDS.get(name.kind, name.kind))
        lines.append(f"  {name.name}: {kind} {name.shape}" + (f", {inferred}" if name.inferred else ""))
    if reading.convention:
        lines.append("  " + t(CONVENTIONS[reading.convention]))
    lines += ["  " + t(N_("Set aside: {text}")).format(text=remark) for remark in reading.remarks]
    return "\n".join(lines)


def run(arguments: argparse.Namespace, t: Translate) -> int:
    """Print that a scenario works and how it was read. Raises GraphlabError for one that does not."""
    s = open_file(arguments.file) if arguments.equations is None else from_text(arguments.equations, name="equations")
    for sizes in ({n: b.min for n, b in s.bounds.items()}, {n: b.max for n, b in s.bounds.items()}):
        try:
            s.with_sizes(sizes).graph  # noqa: B018  every size that may be chosen has to work
        except GraphlabError as e:
            at = ", ".join(f"{n} = {size}" for n, size in sizes.items())
            raise ScenarioError(
                message(N_("at {sizes}: {reason}"), sizes=at, reason=e.reason),
                expected=e.expected,
                help=e.help,
                choices=e.choices,
            ) from None
    fed = sum(prod(s.graph.fed_shape(n)) for n in s.graph.fed)
    small = s if fed <= MOST_CHECKED else s.with_sizes({n: b.min for n, b in s.bounds.items()})
    report = check_gradients(small.graph, small.feeds(), of=s.of)
    worst = max(report, key=report.get) if report else None
    if worst is not None and not report[worst] <= WORST:
        raise ScenarioError(
            message(
                N_("the gradient of {of} by {name} is off central differences by {error}"),
                of=s.of,
                name=worst,
                error=f"{report[worst]:.1e}",
            ),
            help=message(N_("at a kink, such as ReLU at 0, choose another value; inf and nan come from log 0")),
        )
    print(
        t(N_("ok: {title}: {vertices} vertices, {operations} operations, {steps} steps")).format(
            title=s.title(arguments.lang),
            vertices=len(s.graph.vertices),
            operations=len(s.graph.operations),
            steps=len(s.walk()),
        )
    )
    print(
        t(N_("the gradient of {of} by {names} agrees with central differences, worst error {error}")).format(
            of=s.of, names=", ".join(report), error=f"{report.worst:.1e}"
        )
        if report
        else t(N_("{of} depends on nothing that is fed: there was no gradient to check")).format(of=s.of)
    )
    print(told(s.graph.reading, t))
    return 0


def open_scenario(name_or_file: str) -> Scenario:
    """The scenario of a name, or of a file: what ends in .toml, or has a folder in front, is a file."""
    path = Path(name_or_file)
    if name_or_file == "-" or path.suffix == ".toml" or len(path.parts) > 1:
        return open_file(name_or_file)
    try:
        return scenario(name_or_file)
    except ScenarioError:
        if path.is_file():
            return load(path)
        raise
