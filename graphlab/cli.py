"""The command line: its commands and options. A command is a module of `commands`, imported when it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from .choices import Choice
from .errors import N_, GraphlabError
from .export.formats import FORMATS
from .export.options import CHOICES
from .i18n import LANGUAGES, translator
from .version import __version__

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
    _app_parser(commands, language)
    return top


def _app_parser(commands: Any, language: argparse.ArgumentParser) -> None:
    out = commands.add_parser(
        "app",
        parents=[language],
        help="serve the page with Streamlit",
        description="Serve the page with Streamlit, and open it in a browser.",
    )
    out.add_argument(
        "--port", type=_whole, metavar="N", help="where to serve it; by default 8501, or the next free one"
    )
    out.add_argument("--headless", action="store_true", help="open no browser")
    out.add_argument(
        "streamlit",
        nargs="*",
        metavar="OPTION",
        help="options for `streamlit run`, behind --: -- --server.address localhost",
    )


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


def _refuse_what_does_not_go_together(top: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    if arguments.command != "export" or not arguments.all:
        return
    if arguments.output in (None, "-"):
        top.error("--all needs a folder: -o DIR")
    if arguments.size:
        top.error("--size goes with one scenario, not with --all")


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
        code = import_module(f".commands.{arguments.command}", __package__).run(arguments, t)
        sys.stdout.flush()
        return code
    except GraphlabError as e:
        print(e.text(t), file=sys.stderr)
        if e.choices:
            from .commands.check import choices

            print(choices(e, t), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(t(N_("interrupted")), file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of the pipe (`head`) has seen enough; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
