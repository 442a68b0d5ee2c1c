"""Scenarios: a lecture's equations with sizes, values and captions, read from small TOML files."""

from .draws import DRAWS, Draw
from .library import FOLDER, Heading, headings, scenario, scenarios
from .link import decode, encode
from .model import Scenario, Size
from .reading import LARGEST_FILE, load
from .typed import edited, from_text
from .writing import digest, dump

__all__ = [
    "DRAWS",
    "FOLDER",
    "LARGEST_FILE",
    "Draw",
    "Heading",
    "Scenario",
    "Size",
    "decode",
    "digest",
    "dump",
    "edited",
    "encode",
    "from_text",
    "headings",
    "load",
    "scenario",
    "scenarios",
]
