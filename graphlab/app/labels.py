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
    "tab_vertex": N_("Vertex"),
    "vertex_choose": N_("Click a vertex of the graph: its elements can be followed here."),
    "vertex_missing": N_("This vertex can not be explained here: that is done by the running program."),
    "vertex_press": N_("Press a cell to follow that element through the graph."),
    "vertex_large": N_("This array is too large to be shown element by element."),
    "vertex_value": N_("Value"),
    "vertex_forward": N_("What it is made of"),
    "vertex_backward": N_("What its gradient is made of"),
    "vertex_counts_forward": N_("Lit: the entries that feed it, {n} in {m} vertices, itself among them."),
    "vertex_counts_backward": N_("Lit: the gradients that it is made of, {n} entries in {m} vertices, itself among them."),
    "vertex_from": N_("from"),
    "vertex_paths": N_("Paths to the loss"),
    "vertex_counted": N_("paths: {n}, edge visits: {m}"),
    "vertex_no_path": N_("No path leads from here to the loss."),
    "vertex_once": N_("The gradient is the sum over all paths; backpropagation visits each edge only once."),
    "vertex_checked": N_("The products along the paths add up to the gradient; the error is {error}."),
    "vertex_target": N_("Any gradient"),
    "vertex_of": N_("gradient of"),
    "vertex_by": N_("by"),
    "vertex_mode_reverse": N_("reverse mode"),
    "vertex_mode_forward": N_("forward mode"),
    "vertex_made_reverse": N_("Reverse: row by row"),
    "vertex_made_forward": N_("Forward: column by column"),
    "vertex_passes": N_("passes: {n}"),
    "vertex_visits": N_("edge visits: {n}"),
    "vertex_agree": N_("Both modes agree; the difference is {error}."),
    "vertex_too_many": N_("Too many passes to be run here: only their number is told."),
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
