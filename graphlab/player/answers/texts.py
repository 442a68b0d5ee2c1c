"""The words and formulas of steps, in chunks: those of a long walk are made when the player comes near them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...engine import Step, Walk
from ...errors import N_, GraphlabError
from ...explain import explain, mathml
from ...i18n import translator
from ..packing import pack

CHUNK = 32  # steps; made in less than a tenth of a second, and more than a person steps through in that time
FIELDS = ("formula", "numbers", "sentence")


def texts_of(walk: Walk, step: Step | None, lang: str) -> dict[str, str]:
    """A step's formula in symbols and with numbers, as MathML, and its sentence; None is the state before the first."""
    said = explain(walk, step, lang=lang)
    begin = N_("Press Next to begin.")
    sentence = said.sentence if step else f"{said.sentence} {translator(lang)(begin)}"
    return dict(zip(FIELDS, (mathml(said.symbols), mathml(said.numbers), sentence), strict=True))


def chunks(stops: Sequence[int]) -> int:
    """How many chunks the texts of the walk fill."""
    return -(-len(stops) // CHUNK)


def chunk(
    walk: Walk, stops: Sequence[int], folded: Mapping[int, Mapping[str, Any]], lang: str, n: int
) -> list[dict[str, str]]:
    """The texts of the steps from n · CHUNK + 1 on, as many as there are up to CHUNK.

    `stops` gives for every step of the picture the step of the walk that it ends with; `folded` has the texts of folded
    boxes, by the numbers of their steps.
    """
    first = n * CHUNK
    found = []
    for index, stop in enumerate(stops[first : first + CHUNK], first + 1):
        ready = folded.get(index)
        found.append({f: ready[f] for f in FIELDS} if ready else texts_of(walk, walk[stop - 1], lang))
    return found


def answer(
    walk: Walk,
    stops: Sequence[int],
    folded: Mapping[int, Mapping[str, Any]],
    lang: str,
    question: Mapping[str, Any],
) -> dict[str, Any]:
    """One chunk, packed: {"chunk": n, "packed": "…"}. Raises GraphlabError where there is none of that number."""
    n = question.get("chunk")
    if type(n) is not int or not 0 <= n < chunks(stops):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    return {"chunk": n, "packed": pack(chunk(walk, stops, folded, lang, n))}
