"""Scenarios: a lecture's equations with sizes, values and captions, read from small TOML files."""

from .library import FOLDER, scenario, scenarios
from .model import Scenario, Size
from .reading import load

__all__ = ["FOLDER", "Scenario", "Size", "load", "scenario", "scenarios"]
