"""What a person would miss after a reload, in the address of the page: read, validated, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..diagram import FOLDINGS
from ..errors import N_, Message, message
from ..i18n import LANGUAGES
from ..scenario.model import LARGEST_SEED

MAX_SEED = LARGEST_SEED
MAX_STEP = 100_000
FOLDS = tuple(FOLDINGS)
MOST_CLUSTERS = 200
RESERVED = (
    "scenario", "own", "seed", "lang", "step", "inputs", "flow", "fold", "opened", "closed", "panel", "device", "rolled",
)  # fmt: skip
DEVICES = ("cpu", "gpu")
PANELS = ("", "step", "vertex", "check", "code", "lens")


@dataclass(frozen=True)
class State:
    """The choices of the page.

    scenario  the name of a shipped scenario
    own       a person's own scenario in its compact form, or "" for the shipped one
    sizes     the sizes chosen, by name; a scenario's defaults where a name is absent
    seed      of the drawn values; 0 gives the scenario's own
    step      the step of the walk, 0 before the first
    inputs    whether the walk goes to the inputs too, and not to the parameters alone
    flow      whether the gradient through time is shown beside the graph
    fold      how much of the graph is folded: one of `FOLDS`
    opened, closed  clusters a person opened or folded one by one, on top of `fold`: "t=2", "t=2/f"
    panel     the tab of the panel that stands open, "" for none; the player writes it
    device    where the arrays are computed: one of `DEVICES`
    rolled    whether one cell with a loop stands for all time steps
    """

    scenario: str
    own: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    seed: int = 0
    lang: str = "en"
    step: int = 0
    inputs: bool = False
    flow: bool = False
    fold: str = "auto"
    opened: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    panel: str = ""
    device: str = "cpu"
    rolled: bool = False


def _whole(query: Mapping[str, str], name: str, largest: int, problems: list[Message]) -> int:
    text = query.get(name, "0")
    if re.fullmatch(r"[0-9]{1,10}", text) and int(text) <= largest:
        return int(text)
    problems.append(
        message(
            N_("{name}={text} in the address was left out: it takes a whole number from 0 to {largest}"),
            name=name,
            text=text[:40],
            largest=largest,
        )
    )
    return 0


def _choice(query: Mapping[str, str], name: str, allowed: Sequence[str], default: str, problems: list[Message]) -> str:
    text = query.get(name, default)
    if text in allowed:
        return text
    problems.append(
        message(
            N_("{name}={text} in the address was left out: it takes one of {allowed}"),
            name=name,
            text=text[:40],
            allowed=", ".join(allowed),
        )
    )
    return default


def _clusters(query: Mapping[str, str], name: str, problems: list[Message]) -> tuple[str, ...]:
    """Names of clusters, each once; whether the graph has them is seen when it is folded."""
    names = [part for part in query.get(name, "").split(",") if part]
    if len(names) <= MOST_CLUSTERS and all(len(n) <= 80 and n.isprintable() for n in names):
        return tuple(sorted(set(names)))
    problems.append(
        message(
            N_("{name}={text} in the address was left out: it takes names such as t=2,t=3/f"),
            name=name,
            text=query[name][:40],
        )
    )
    return ()


OPENING = "mlp"  # the scenario that the page opens with


def read(query: Mapping[str, str], scenarios: Sequence[str], lang: str = "en") -> tuple[State, list[Message]]:
    """The state that an address asks for, and a message for each part of it that could not be used.

    `lang` is the language of the browser, used where the address names none. Sizes are checked as numbers here and
    against their bounds by the scenario.
    """
    problems: list[Message] = []
    sizes = {}
    for name, text in query.items():
        if name in RESERVED or not re.fullmatch(r"[A-Za-z]{1,3}", name):
            continue
        if re.fullmatch(r"[0-9]{1,6}", text):
            sizes[name] = int(text)
        else:
            problems.append(
                message(
                    N_("{name}={text} in the address was left out: a size is a whole number"), name=name, text=text[:40]
                )
            )
    state = State(
        scenario=_choice(query, "scenario", scenarios, OPENING if OPENING in scenarios else scenarios[0], problems),
        own=query.get("own", ""),
        sizes=sizes,
        seed=_whole(query, "seed", MAX_SEED, problems),
        lang=_choice(query, "lang", LANGUAGES, lang if lang in LANGUAGES else "en", problems),
        step=_whole(query, "step", MAX_STEP, problems),
        inputs=_choice(query, "inputs", ("0", "1"), "0", problems) == "1",
        flow=_choice(query, "flow", ("0", "1"), "0", problems) == "1",
        fold=_choice(query, "fold", FOLDS, "auto", problems),
        opened=_clusters(query, "opened", problems),
        closed=_clusters(query, "closed", problems),
        panel=_choice(query, "panel", PANELS, "", problems),
        device=_choice(query, "device", DEVICES, "cpu", problems),
        rolled=_choice(query, "rolled", ("0", "1"), "0", problems) == "1",
    )
    return state, problems


def write(state: State) -> dict[str, str]:
    """The address of a state; reading it back gives the state again. The step is left out at 0, and so on."""
    query = {"own": state.own} if state.own else {"scenario": state.scenario}
    query |= {name: str(size) for name, size in state.sizes.items()}
    if state.seed:
        query["seed"] = str(state.seed)
    query["lang"] = state.lang
    if state.inputs:
        query["inputs"] = "1"
    if state.flow:
        query["flow"] = "1"
    if state.fold != "auto":
        query["fold"] = state.fold
    if state.rolled:
        query["rolled"] = "1"
    if state.opened:
        query["opened"] = ",".join(state.opened)
    if state.closed:
        query["closed"] = ",".join(state.closed)
    if state.device != "cpu":
        query["device"] = state.device
    if state.panel:
        query["panel"] = state.panel
    if state.step:
        query["step"] = str(state.step)
    return query
