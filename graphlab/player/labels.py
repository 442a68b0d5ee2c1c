"""The player's own words, in the language of the page."""

from __future__ import annotations

from ..errors import N_
from ..i18n import translator

TABS = {
    "step": N_("Step"),
    "vertex": N_("Vertex"),
    "code": N_("Code"),
    "lens": N_("Minibatch"),
    "check": N_("Check"),
}
"""The tabs of the panel in their order, by the names that the scripts and the address know them by."""

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
    "legend": N_("Legend"),
    "legend_operation": N_("operation"),
    "legend_value": N_("value"),
    "legend_gradient": N_("gradient"),
    "legend_forward": N_("forward: values"),
    "legend_backward": N_("backward: gradients"),
    "kind_input": N_("input"),
    "kind_parameter": N_("parameter"),
    "kind_temporary": N_("temporary"),
    "kind_output": N_("output"),
    "kind_constant": N_("constant"),
    "download": N_("This step as SVG"),
    "explain": N_("Explain this step"),
    "close": N_("Close"),
    "card_symbols": N_("symbols"),
    "card_derivatives": N_("derivatives put in"),
    "card_numbers": N_("numbers put in"),
    "card_dense": N_("Jacobian"),
    "card_product": N_("product"),
    "card_numbers_of": N_("numbers: {n}"),
    "card_multiplications": N_("multiplications: {n}"),
    "card_inside": N_("Operations in this box"),
    "card_start": N_("Press Next: the step that you see is explained here."),
    "card_missing": N_("This step can not be explained here: the card is made by the running program."),
    "vertex_choose": N_("Click a vertex of the graph: its elements can be followed here."),
    "vertex_missing": N_("This vertex can not be explained here: that is done by the running program."),
    "vertex_details": N_("Details, set values"),
    "vertex_alone": N_("This equation alone"),
    "vertex_press": N_("Press a cell to follow that element through the graph."),
    "vertex_large": N_("This array is too large to be shown element by element."),
    "vertex_value": N_("Value"),
    "vertex_forward": N_("What it is made of"),
    "vertex_backward": N_("What its gradient is made of"),
    "vertex_counts_forward": N_("Lit: the entries that feed it, {n} in {m} vertices, itself among them."),
    "vertex_counts_backward": N_(
        "Lit: the gradients that it is made of, {n} entries in {m} vertices, itself among them."
    ),
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
    "vertex_too_many": N_("There are too many passes to run them here: only their number is shown."),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "copy_failed": N_("Could not be copied"),
    "save": N_("Save as .py"),
    "code_missing": N_("There is no program here: it is written by the running program."),
    "lens_object": N_("one object"),
    "lens_stack": N_("all objects"),
    "lens_matrix": N_("matrices"),
    "lens_large": N_("too large to be shown"),
    "lens_missing": N_("There is no minibatch in this graph."),
    "lens_all": N_("All objects together"),
    "lens_so_far": N_("The sum so far"),
    "lens_whole": N_("The whole graph"),
    "check_switch": N_("Hold every gradient against central differences"),
    "check_about": N_(
        "Each element is changed a little, up and down, and the loss computed again: its slope should be the gradient."
    ),
    "check_running": N_("Checking…"),
    "check_sampled": N_("A large graph: a sample of the elements was checked, the largest gradients first."),
    "check_vertex": N_("vertex"),
    "check_elements": N_("elements"),
    "check_error": N_("worst error"),
    "check_worst": N_("at"),
    "check_right": N_("right"),
    "check_wrong": N_("wrong"),
    "check_kink": N_("kink"),
    "check_unknown": N_("not finite"),
    "check_missed": N_("not checked"),
    "check_slopes": N_("{left} from the left, {right} from the right; backpropagation takes {ours}"),
    "check_differs": N_("{element}: backpropagation gives {ours}, central differences {theirs}"),
    "check_breaks": N_("Here numbers break"),
    "check_stable": N_("The stable form"),
    "check_stable_form": N_("stable"),
    "check_naive": N_("naive"),
    "check_formula": N_("formula"),
    "check_value": N_("value"),
    "check_gradient": N_("gradient"),
    "check_swap": N_("Put the stable form into the equations"),
    "check_sweep": N_("Both forms as {name} moves away from 0:"),
}


def labels(lang: str) -> dict[str, str]:
    """The words of the player's buttons and readings in a language, by the names that the scripts know them by.

    Raises ValueError for an unknown language.
    """
    translate = translator(lang)
    texts = LABELS | {f"tab_{name}": text for name, text in TABS.items()}
    return {name: translate(text) for name, text in texts.items()}
