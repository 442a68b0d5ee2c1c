"""`make messages`: gather the marked strings of the program into the catalogues, and list what is not translated yet."""

from pathlib import Path

from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
TEMPLATE = ROOT / "build" / "graphlab.pot"
CATALOGUES = ROOT / "graphlab" / "locale"


def pybabel(*arguments: object) -> None:
    CommandLineInterface().run(["pybabel", "-q", *map(str, arguments)])


def main() -> int:
    """Update every catalogue from the source; 1 where strings are left to translate."""
    TEMPLATE.parent.mkdir(exist_ok=True)
    marked = ("--no-default-keywords", "-k", "N_", "--no-location", "--sort-output")
    pybabel("extract", "-F", ROOT / "babel.cfg", *marked, "-o", TEMPLATE, ROOT / "graphlab")
    update = ("-d", CATALOGUES, "-D", "graphlab", "-w", 120, "--no-fuzzy-matching", "--ignore-obsolete")
    pybabel("update", "-i", TEMPLATE, *update)
    left = 0
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/graphlab.po")):
        with path.open("rb") as f:
            missing = [m.id for m in read_po(f) if m.id and not m.string]
        left += len(missing)
        print(f"{path.relative_to(ROOT)}: {len(missing)} to translate", *missing, sep="\n  ")
    return 1 if left else 0


if __name__ == "__main__":
    raise SystemExit(main())
