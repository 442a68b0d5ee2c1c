"""The words and formulas of steps, in chunks: those of a long walk are made when the player comes near them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..engine import Step, Walk
from ..errors import N_, GraphlabError
from ..explain import explain, mathml
from ..i18n import translator
from .packing import pack

if TYPE_CHECKING:
    from .answers import Context

CHUNK = 32  # steps; made in less than a tenth of a second, and more than a person steps through in that time
FIELDS = ("formula", "numbers", "sentence")


def texts_of(walk: Walk, step: Step | None, lang: str) -> dict[str, str]:
    """A step's formula in symbols and with numbers, as MathML, and its sentence; None is the state before the first."""
    said = explain(walk, step, lang=lang)
    begin = N_("Press Next to begin.")
    sentence = said.sentence if step else f"{said.sentence} {translator(lang)(begin)}"
    return dict(zip(FIELDS, (mathml(said.symbols), mathml(said.numbers), sentence), strict=True))


def chunks(context: Context) -> int:
    """How many chunks the texts of the walk fill."""
    return -(-len(context.picture.stops) // CHUNK)


def chunk(context: Context, n: int) -> list[dict[str, str]]:
    """The texts of the steps from n · CHUNK + 1 on, as many as there are up to CHUNK."""
    first, folded = n * CHUNK, context.folded_steps
    found = []
    for index, stop in enumerate(context.picture.stops[first : first + CHUNK], first + 1):
        ready = folded.get(index)
        texts = {f: ready[f] for f in FIELDS} if ready else texts_of(context.walk, context.walk[stop - 1], context.lang)
        found.append(texts)
    return found


def answer(context: Context, question: Mapping[str, Any]) -> dict[str, Any]:
    """One chunk, packed: {"chunk": n, "packed": "…"}. Raises GraphlabError where there is none of that number."""
    n = question.get("chunk")
    if type(n) is not int or not 0 <= n < chunks(context):
        raise GraphlabError(N_("The page asks for something that is not there: load it again."))
    return {"chunk": n, "packed": pack(chunk(context, n))}
