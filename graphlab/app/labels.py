"""The player's own words, in the language of the page."""

from __future__ import annotations

from ..errors import N_
from ..i18n import translator

LABELS = {
    "next": N_("Next"),
    "back": N_("Back"),
    "play": N_("Play"),
    "pause": N_("Pause"),
    "first": N_("First"),
    "last": N_("Last"),
    "present": N_("Present full screen"),
    "leave": N_("Leave full screen"),
    "speed": N_("Speed"),
    "step": N_("Step"),
    "forward": N_("forward"),
    "backward": N_("backward"),
    "zoom_in": N_("Zoom in"),
    "zoom_out": N_("Zoom out"),
    "fit": N_("Fit to the frame"),
    "follow": N_("Follow the steps"),
    "following": N_("The picture follows the steps: show the whole graph"),
    "download": N_("This step as SVG"),
    "explain": N_("Explain this step"),
    "close": N_("Close"),
    "tab_step": N_("Step"),
    "card_symbols": N_("symbols"),
    "card_derivatives": N_("derivatives put in"),
    "card_numbers": N_("numbers put in"),
    "card_dense": N_("Jacobian"),
    "card_product": N_("product"),
    "card_numbers_of": N_("{n} numbers"),
    "card_multiplications": N_("{n} multiplications"),
    "card_inside": N_("Operations in this box"),
    "card_start": N_("Press Next: the step that you see is explained here."),
    "card_missing": N_("This step can not be explained here: the card is made by the running program."),
    "code": N_("Code"),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "copy_failed": N_("Could not be copied"),
    "save": N_("Save as .py"),
    "code_missing": N_("There is no program here: it is written by the running program."),
    "lens": N_("Minibatch"),
    "lens_object": N_("one object"),
    "lens_stack": N_("all objects"),
    "lens_matrix": N_("matrices"),
    "lens_large": N_("too large to be shown"),
    "lens_missing": N_("There is no minibatch in this graph."),
    "lens_all": N_("All objects together"),
    "lens_so_far": N_("The sum so far"),
    "lens_whole": N_("The whole graph"),
    "help": N_("Keys: → ← step, Home and End, P full screen, + − zoom, 0 fits; drag moves the picture"),
}


def labels(lang: str) -> dict[str, str]:
    """The words of the player's buttons and readings in a language, by the names player.js knows them by.

    Raises ValueError for an unknown language.
    """
    translate = translator(lang)
    return {name: translate(text) for name, text in LABELS.items()}
