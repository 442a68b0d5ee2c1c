"""`graphlab handout`: a worksheet with blanks, and its key."""

from __future__ import annotations

import argparse
import sys

from ..errors import Translate
from ..export import handout
from ..export.options import CHOICES
from .check import open_scenario


def run(arguments: argparse.Namespace, t: Translate) -> int:
    look = {name: getattr(arguments, name) for name in CHOICES}
    s = open_scenario(arguments.scenario).with_sizes(dict(arguments.size))
    asked = {"blank": arguments.blank, "seeds": arguments.seeds}
    key = {"yes": True, "no": False}.get(arguments.key, arguments.key)
    if arguments.output == "-":
        sys.stdout.buffer.write(handout.render(s, **asked, key=key, **look))
        return 0
    print(handout.handout(s, arguments.output or f"{s.name}-handout.pdf", **asked, key=key, **look), file=sys.stderr)
    return 0
