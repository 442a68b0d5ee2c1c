"""The command line: list the scenarios, check a scenario file, export steps of a walk."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from . import __version__, cli_check
from .choices import Choice
from .errors import N_, ExportError, GraphlabError, ScenarioError, Translate, message
from .export import FORMATS, Options, Progress, file_name, handout, known, ready, write
from .export.options import CHOICES
from .i18n import LANGUAGES, translator
from .scenario import Scenario, load, scenario, scenarios

DESCRIPTION = "Computation graphs in lecture notation, walked forward and backward with the real numbers."
EXAMPLES = """\
examples:
  python -m graphlab scenarios
  python -m graphlab scenarios --lang ru
  python -m graphlab check my-network.toml
  python -m graphlab check --equations 'f = (x + y) * z'
  python -m graphlab export mlp -o mlp.pdf
  python -m graphlab export mlp --step 12 -o s.svg
  python -m graphlab export mlp --size H=5 --seed 7 --theme dark -o - > s.svg
  python -m graphlab export --help

exit codes: 0 done; 1 the scenario, the step or the file can not be used; 2 the command line can not be read;
130 interrupted
"""
EXPORT = """\
Write steps of a walk as a picture, as slides, or as an animation. The format is that of --format or of the ending of
the file's name, and svg where neither says. A file is written whole or not at all; what it is called is printed on
standard error.
"""
EXPORT_EXAMPLES = """\
examples:
  python -m graphlab export mlp --format pptx --steps backward --lang ru -o mlp.pptx
  python -m graphlab export mlp --steps 12                        writes mlp-backward-12.svg
  python -m graphlab export mlp --format pdf                      writes mlp.pdf, the whole deck
  python -m graphlab export rnn --size T=4 --steps 3-7 --theme dark --ratio 4:3 -o rnn.pdf
  python -m graphlab export my-network.toml --steps 12 --dpi 300 -o step.png
  python -m graphlab export mlp --format png -o - | display       "-" is standard output
  python -m graphlab export --all -o decks                        decks/mlp.pdf and every other scenario

exit codes: 0 done; 1 a scenario, step, option or file can not be used, with --all: at least one; 2 the command line
can not be read; 130 interrupted
"""
HANDOUT_EXAMPLES = """\
examples:
  python -m graphlab handout mlp --seeds 1 2 3                    writes mlp-handout.pdf, the key at its end
  python -m graphlab handout mlp --blank h,tmp_3:gradient --key no --lang ru -o sheet.pdf
"""
PATIENCE = 1.0  # seconds before a terminal is told how far a job is


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
    what = check.add_mutually_exclusive_group(required=True)
    what.add_argument("file", nargs="?", metavar="FILE", help="a scenario file, or - for standard input")
    what.add_argument("--equations", metavar="TEXT", help="equations in place of a file, such as 'f = (x + y) * z'")
    _export_parser(commands, [language, chosen])
    _handout_parser(commands, [language])
    return top


def _export_parser(commands: Any, parents: Sequence[argparse.ArgumentParser]) -> None:
    out = commands.add_parser(
        "export",
        parents=parents,
        help="write steps of a walk: a picture, slides, an animation",
        description=EXPORT,
        epilog=EXPORT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    what = out.add_mutually_exclusive_group(required=True)
    what.add_argument("scenario", nargs="?", metavar="SCENARIO", help="a scenario's name, its file (.toml), or -")
    what.add_argument("--all", action="store_true", help="every scenario that comes with the program, into a folder")
    out.add_argument("--format", choices=list(FORMATS), help="the kind of file; by default what -o ends in, or svg")
    steps = out.add_mutually_exclusive_group()
    steps.add_argument(
        "--steps",
        metavar="STEPS",
        help="all, forward, backward, last, a number such as 12 (0: before the first), a range such as 3-7, or several "
        "of these with commas; by default all, or the last for a format that is one picture",
    )
    steps.add_argument("--step", dest="steps", type=_whole, metavar="N", help="one step")
    out.add_argument(
        "-o", "--output", metavar="FILE", help="where to, - for standard output; by default SCENARIO-STEPS.FORMAT here"
    )
    _add_look(out)


def _handout_parser(commands: Any, parents: Sequence[argparse.ArgumentParser]) -> None:
    out = commands.add_parser(
        "handout",
        parents=parents,
        help="write a worksheet with blanks, a page a seed, and the key",
        description="Write a worksheet as PDF: the graph with numbers left blank, other numbers for each seed, and the key.",
        epilog=HANDOUT_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    out.add_argument("scenario", metavar="SCENARIO", help="a scenario's name, its file (.toml), or -")
    out.add_argument(
        "--blank",
        default="gradients",
        metavar="WHAT",
        help="gradients, values, all, or vertices such as h,tmp_3:gradient (default: gradients)",
    )
    out.add_argument("--seeds", type=_whole, nargs="+", default=[0], metavar="SEED", help="one page each (default: 0)")
    out.add_argument(
        "--key", choices=("yes", "no", "only"), default="yes", help="pages with the answers (default: yes)"
    )
    out.add_argument(
        "--size", action="append", type=_size, default=[], metavar="NAME=NUMBER", help="a size, such as H=5"
    )
    out.add_argument(
        "-o", "--output", metavar="FILE", help="where to, - for standard output; by default SCENARIO-handout.pdf"
    )
    _add_look(out)
    out.set_defaults(theme="print")


def _add_look(out: argparse.ArgumentParser) -> None:
    """A flag for every choice of the options, save the language, which every command has."""
    look = out.add_argument_group("look")
    for name, choice in CHOICES.items():
        if name != "lang":
            look.add_argument(f"--{name.replace('_', '-')}", **_argument(name, choice))


def _argument(name: str, choice: Choice) -> dict[str, Any]:
    """How a choice is read from the command line."""
    shown = "" if choice.default is None or choice.default == () else f"(default: {choice.default})"
    asked: dict[str, Any] = {"default": choice.default, "help": f"{choice.about} {shown}".strip().replace("%", "%%")}
    match choice.kind:
        case "switch":
            return asked | {"action": argparse.BooleanOptionalAction, "help": choice.about}
        case "one of" if choice.also is None:
            return asked | {"choices": list(choice.values)}
        case "names":
            return asked | {"type": _names, "metavar": "NAME,NAME"}
        case "whole" | "number":
            return asked | {"type": int if choice.kind == "whole" else float, "metavar": "N"}
    return asked | {"metavar": name.upper()}


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in (part.strip() for part in text.split(",")) if name)


def _open(name_or_file: str) -> Scenario:
    """The scenario of a name, or of a file: what ends in .toml, or has a folder in front, is a file."""
    path = Path(name_or_file)
    if name_or_file == "-" or path.suffix == ".toml" or len(path.parts) > 1:
        return cli_check.open_file(name_or_file)
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


def _export(arguments: argparse.Namespace, t: Translate) -> int:
    options = Options(**{name: getattr(arguments, name) for name in CHOICES})
    if arguments.all:
        return _export_all(arguments, options, t)
    to = arguments.output
    ending = Path(to).suffix[1:].lower() if to not in (None, "-") else "svg"
    format = known(arguments.format or ending)
    s = _open(arguments.scenario).with_sizes(dict(arguments.size), arguments.seed)
    name, content = _rendered(s, format, options, arguments.steps, t)
    if to == "-":
        sys.stdout.buffer.write(content)
        return 0
    write(Path(to or name), content)
    print(to or name, file=sys.stderr)
    return 0


def _handout(arguments: argparse.Namespace, t: Translate) -> int:
    look = {name: getattr(arguments, name) for name in CHOICES}
    s = _open(arguments.scenario).with_sizes(dict(arguments.size))
    asked = {"blank": arguments.blank, "seeds": arguments.seeds}
    key = {"yes": True, "no": False}.get(arguments.key, arguments.key)
    if arguments.output == "-":
        sys.stdout.buffer.write(handout.render(s, **asked, key=key, **look))
        return 0
    print(handout.handout(s, arguments.output or f"{s.name}-handout.pdf", **asked, key=key, **look), file=sys.stderr)
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
    """How far a long job is, in one line of a terminal that is gone in the end; a file or a pipe is told nothing."""
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


def _refuse_what_does_not_go_together(top: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    if arguments.command != "export" or not arguments.all:
        return
    if arguments.output in (None, "-"):
        top.error("--all needs a folder: -o DIR")
    if arguments.size:
        top.error("--size goes with one scenario, not with --all")


COMMANDS: dict[str, Callable[[argparse.Namespace, Translate], int]] = {
    "scenarios": _scenarios,
    "check": cli_check.check,
    "export": _export,
    "handout": _handout,
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns its exit code: 0, 1 where a message on stderr says what can not be used, 130 after ^C."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe or an old console may know no Cyrillic; a question mark is better than a traceback.
            stream.reconfigure(errors="replace")
    top = parser()
    arguments = top.parse_args(argv)
    _refuse_what_does_not_go_together(top, arguments)
    t = translator(arguments.lang)
    try:
        code = COMMANDS[arguments.command](arguments, t)
        sys.stdout.flush()
        return code
    except GraphlabError as e:
        print(e.text(t), file=sys.stderr)
        if e.choices:
            print(cli_check.choices(e, t), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(t(N_("interrupted")), file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of the pipe (`head`) has seen enough; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main())
