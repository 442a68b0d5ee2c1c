"""The whole walk as the player needs it: one picture with every chip in it, and what happens in each step."""

from __future__ import annotations

import hashlib
from typing import Any

from ..diagram import Folding
from ..engine import Walk
from ..gc_pause import without_collection
from .answers import parts
from .answers.checks import marks
from .answers.texts import CHUNK, chunk, chunks, texts_of
from .choices import Choices
from .embedded_answers import embedded_answers
from .labels import labels
from .packing import pack
from .shown_walk import ShownWalk

SMALL = 200  # steps of a walk that goes to the page with all of its texts
PACKED = ("svg", "parts", "steps", "texts")


def payload_of(shown: ShownWalk, *, title: str, stem: str, whole: bool = False) -> dict[str, Any]:
    """Everything the player shows of a walk, as plain data for JSON.

    `title` is the scenario's name for people, `stem` the beginning of the names of files. "key" is a digest of the
    contents: the player starts again at the step it is given when it changes, and stays where it is when it does not.
    Of a small walk, "steps" hold the words and formulas as well. Of a larger one those are in "texts", in chunks: the
    first one, and with `whole` all of them, where there will be no server to ask for more. Of a large picture "svg" has
    the outlines, and "parts" the rest, in the same way.
    """

    def part_of(n: int) -> list[dict[str, str]]:
        return chunk(shown.walk, shown.stops, shown.folded_steps, shown.lang, n)

    texts: dict[str, Any] = {}
    steps = shown.steps
    if len(steps) > SMALL:
        there = range(chunks(shown.stops) if whole else 1)
        texts = {"texts": {"size": CHUNK, "chunks": {str(n): pack(part_of(n)) for n in there}}}
    else:
        said = [text for n in range(chunks(shown.stops)) for text in part_of(n)]
        steps = [step | text for step, text in zip(steps, said, strict=True)]
    return {
        "key": shown.key,
        "lang": shown.lang,
        "title": title,
        "stem": stem,
        "svg": shown.drawing,
        "labels": labels(shown.lang),
        "steps": steps,
        "breaks": marks(shown.walk, shown.stops, shown.lang),
        "start": texts_of(shown.walk, None, shown.lang),
        "batch": bool(shown.scenario and shown.scenario.batch),
        **({"answers": embedded_answers(shown)} if whole else {}),
        "walk": _walk_key(shown),
        **({"rolled": shown.roll.as_json()} if shown.roll else {}),
        **({"stops": list(shown.stops)} if shown.folding.closed else {}),
        **texts,
        **({"parts": parts.sent(shown.split, whole)} if shown.split else {}),
    }


def payload(walk: Walk, *, title: str, stem: str, lang: str = "en", folding: Folding | None = None) -> dict[str, Any]:
    """The same from a walk alone, with all of its texts. `folding` says what is one box, and one step, each."""
    shown = ShownWalk(walk, folding=folding or Folding.open_all(), choices=Choices(lang=lang))
    return payload_of(shown, title=title, stem=stem, whole=True)


@without_collection
def packed(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as it is sent: what is large of a large one is packed."""
    if "texts" not in payload and "parts" not in payload:
        return payload
    light = {name: value for name, value in payload.items() if name not in PACKED}
    return light | {"packed": pack({name: payload[name] for name in PACKED if name in payload})}


def _walk_key(shown: ShownWalk) -> str:
    """A digest of the walk itself: the same however it is folded, and in whatever language it is shown."""
    return hashlib.sha256(repr((shown.walk.of, len(shown.walk), shown.origin)).encode()).hexdigest()[:16]
