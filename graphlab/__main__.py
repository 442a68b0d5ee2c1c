"""The command line: list the scenarios, check a scenario file, export a step of a walk."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from math import prod
from pathlib import Path

from . import __version__
from .engine import check_gradients
from .errors import N_, GraphlabError, ScenarioError, Translate, message
from .export import THEMES, export, render
from .i18n import LANGUAGES, translator
from .scenario import LARGEST_FILE, Scenario, load, scenario, scenarios

DESCRIPTION = "Computation graphs in lecture notation, walked forward and backward with the real numbers."
EXAMPLES = """\
examples:
  python -m graphlab scenarios
  python -m graphlab scenarios --lang ru
  python -m graphlab check my-network.toml
  python -m graphlab export mlp --step 12 -o s.svg
  python -m graphlab export mlp --size H=5 --seed 7 --theme dark -o -

exit codes: 0 done; 1 the scenario, the step or the file can not be used; 2 the command line can not be read
"""
WORST = 1e-6  # of a relative error against central differences; the differences themselves are good to about 1e-9
MOST_CHECKED = 2000  # elements; each of them costs two forward passes


def _size(text: str) -> tuple[str, int]:
    name, _, n = text.partition("=")
    if not name or not n.strip().isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=NUMBER, such as H=5")
    return name.strip(), int(n[:9])


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 10:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)


def parser() -> argparse.ArgumentParser:
    """The commands and their options."""
    top = argparse.ArgumentParser(
        prog="python -m graphlab",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"graphlab {__version__}")
    language = argparse.ArgumentParser(add_help=False)
    language.add_argument("--lang", choices=LANGUAGES, default="en", help="the language of titles and messages")
    chosen = argparse.ArgumentParser(add_help=False)
    chosen.add_argument(
        "--size", action="append", type=_size, default=[], metavar="NAME=NUMBER", help="a size, such as H=5; repeatable"
    )
    chosen.add_argument("--seed", type=_whole, help="draw the values with this seed; 0 takes those of the file")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("scenarios", parents=[language], help="list the scenarios that come with the program")
    check = commands.add_parser(
        "check", parents=[language], help="read a scenario file, run it, and check its gradients"
    )
    check.add_argument("file", metavar="FILE", help="a scenario file, or - for standard input")
    out = commands.add_parser(
        "export",
        parents=[language, chosen],
        help="write one step of a walk as an SVG file",
        description="Write one step of a walk as an SVG file.",
    )
    out.add_argument("scenario", metavar="SCENARIO", help="the name of a scenario, or a scenario file (.toml)")
    out.add_argument("--step", type=_whole, help="the step, 0 for the state before the first; by default the last")
    out.add_argument("--theme", choices=THEMES, default="light")
    out.add_argument(
        "--background", default="transparent", help="transparent, paper (the theme's own), or a colour such as #ffffff"
    )
    out.add_argument(
        "-o", "--output", metavar="FILE", help="where to; - for standard output; by default SCENARIO-PHASE-STEP.svg"
    )
    return top


def _file(name: str) -> Scenario:
    # One byte more than a file may have, so that a longer one is refused, whatever stands at the other end of a pipe.
    return load(sys.stdin.buffer.read(LARGEST_FILE + 1)) if name == "-" else load(Path(name))


def _open(name_or_file: str) -> Scenario:
    """The scenario of a name, or of a file: what ends in .toml, or has a folder in front, is a file."""
    path = Path(name_or_file)
    if name_or_file == "-" or path.suffix == ".toml" or len(path.parts) > 1:
        return _file(name_or_file)
    try:
        return scenario(name_or_file)
    except ScenarioError:
        if path.is_file():
            return load(path)
        raise


def _scenarios(arguments: argparse.Namespace, t: Translate) -> int:
    rows = [(t(N_("name")), t(N_("row")), t(N_("title")))]
    rows += [(s.name, s.row, s.title(arguments.lang)) for s in map(scenario, scenarios())]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    for name, row, title in rows:
        print(f"{name:<{widths[0]}}  {row:<{widths[1]}}  {title}")
    return 0


def _check(arguments: argparse.Namespace, t: Translate) -> int:
    s = _file(arguments.file)
    for sizes in ({n: b.min for n, b in s.bounds.items()}, {n: b.max for n, b in s.bounds.items()}):
        try:
            s.with_sizes(sizes).graph  # noqa: B018  every size that may be chosen has to work
        except GraphlabError as e:
            at = ", ".join(f"{n} = {size}" for n, size in sizes.items())
            raise ScenarioError(
                message(N_("at {sizes}: {reason}"), sizes=at, reason=e.reason), expected=e.expected, help=e.help
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
    return 0


def _export(arguments: argparse.Namespace, t: Translate) -> int:
    s = _open(arguments.scenario).with_sizes(dict(arguments.size), arguments.seed)
    options = {key: getattr(arguments, key) for key in ("lang", "theme", "background")} | {"steps": arguments.step}
    if arguments.output == "-":
        sys.stdout.buffer.write(render(s, "svg", **options))
        return 0
    print(export(s, arguments.output or _default_name(s, arguments.step), **options), file=sys.stderr)
    return 0


def _default_name(s: Scenario, step: int | None) -> str:
    walk = s.walk()
    number = len(walk) if step is None else min(step, len(walk))
    phase = walk[number - 1].phase if number else "forward"
    return f"{s.name}-{phase}-{number:02d}.svg"


COMMANDS: dict[str, Callable[[argparse.Namespace, Translate], int]] = {
    "scenarios": _scenarios,
    "check": _check,
    "export": _export,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0, or 1 where a message on stderr says what can not be used."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe or an old console may know no Cyrillic; a question mark is better than a traceback.
            stream.reconfigure(errors="replace")
    arguments = parser().parse_args(argv)
    t = translator(arguments.lang)
    try:
        code = COMMANDS[arguments.command](arguments, t)
        sys.stdout.flush()
        return code
    except GraphlabError as e:
        print(e.text(t), file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader of the pipe (`head`) has seen enough; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
