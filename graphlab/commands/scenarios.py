"""`graphlab scenarios`: the scenarios that come with the program, as a table."""

from __future__ import annotations

import argparse

from ..errors import N_, Translate
from ..scenario import scenario, scenarios


def run(arguments: argparse.Namespace, t: Translate) -> int:
    rows = [(t(N_("name")), t(N_("row")), t(N_("title")))]
    rows += [(s.name, s.row, s.title(arguments.lang)) for s in map(scenario, scenarios())]
    widths = [max(len(row[i]) for row in rows) for i in range(2)]
    for name, row, title in rows:
        print(f"{name:<{widths[0]}}  {row:<{widths[1]}}  {title}")
    return 0
