"""The choices of the page: one record, from which the address, the widgets and the keys of the caches are derived."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..choices import choices_of, names, one_of, switch, text, whole
from ..errors import N_
from ..folding.boxes import FOLDINGS
from ..i18n import LANGUAGE_NAMES
from ..scenario.model import LARGEST_SEED
from .labels import TABS

MAX_STEP = 100_000
PANELS = ("", *TABS)  # "" where the panel is closed


@dataclass(frozen=True)
class Choices:
    """What is chosen on the page. The fields in the order of the address; `shows` are those a picture depends on.

    `scenario` is the name of a shipped scenario, `own` a person's own in its compact form, or "" for the shipped one.
    `sizes` are those that differ from the scenario's. `opened` and `closed` are clusters opened or folded one by one on
    top of `fold`. The player writes `step` and `panel`.
    """

    scenario: str = text("mlp")
    own: str = text()
    sizes: Mapping[str, int] = field(default_factory=dict)
    seed: int = whole(
        0,
        0,
        LARGEST_SEED,
        shows=True,
        label=N_("Seed"),
        help=N_("0 shows the numbers of the scenario; every other seed draws new ones."),
    )
    lang: str = one_of(LANGUAGE_NAMES, "en", shows=True, label=N_("Language"))
    inputs: bool = switch(
        shows=True,
        label=N_("Gradients of the inputs too"),
        help=N_("The lecture's walk goes to the parameters; x and y_true need no gradient to learn."),
    )
    flow: bool = switch(
        label=N_("The gradient through time"),
        help=N_("Beside the graph: how the gradient shrinks or grows on its way back, in an RNN and in an LSTM."),
    )
    fold: str = one_of(
        {name: policy.label for name, policy in FOLDINGS.items()},
        "auto",
        shows=True,
        label=N_("Folding"),
        help=N_("What is folded is one box, and one step of the walk: click a box to open it, a caption to fold."),
    )
    rolled: bool = switch(
        shows=True,
        label=N_("Rolled: one cell"),
        help=N_("One cell stands for all time steps, and a loop leads its state back to it."),
    )
    opened: tuple[str, ...] = names(shows=True)
    closed: tuple[str, ...] = names(shows=True)
    device: str = one_of(
        ("cpu", "gpu"),
        "cpu",
        shows=True,
        label=N_("Compute on a GPU"),
        help=N_("For large sizes: every array stays on the graphics card, and only what is shown is fetched."),
    )
    panel: str = one_of(PANELS, "")
    step: int = whole(0, 0, MAX_STEP)

    def shown(self) -> Choices:
        """Only what the picture depends on, besides the scenario itself: the key of everything that is made from it."""
        kept = {name: getattr(self, name) for name, choice in CHOICES.items() if choice.shows}
        return Choices(**kept)


CHOICES = choices_of(Choices)
"""The declared choices by name, in the order of the address."""
