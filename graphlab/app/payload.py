"""The whole walk as the player needs it: one picture with every chip in it, and what happens in each step."""

from __future__ import annotations

import hashlib
from typing import Any

from ..diagram import Folding
from ..diagram.quick import without_collection
from ..engine import Walk
from . import parts
from .answers import Context
from .doubts import marks
from .kept import kept
from .labels import labels
from .packing import pack
from .texts import CHUNK, chunk, chunks, texts_of

SMALL = 200  # steps of a walk that goes to the page with all of its texts
PACKED = ("svg", "parts", "steps", "texts")


def payload_of(context: Context, *, title: str, stem: str, whole: bool = False) -> dict[str, Any]:
    """Everything the player shows of a walk, as plain data for JSON.

    `title` is the scenario's name for people, `stem` the beginning of the names of files. "key" is a digest of the
    contents: the player starts again at the step it is given when it changes, and stays where it is when it does not.
    Of a small walk, "steps" hold the words and formulas as well. Of a larger one those are in "texts", in chunks: the
    first one, and with `whole` all of them, where there will be no server to ask for more. Of a large picture "svg" has
    the outlines, and "parts" the rest, in the same way.
    """
    texts: dict[str, Any] = {}
    steps = context.steps
    if len(steps) > SMALL:
        there = range(chunks(context) if whole else 1)
        texts = {"texts": {"size": CHUNK, "chunks": {str(n): pack(chunk(context, n)) for n in there}}}
    else:
        said = [text for n in range(chunks(context)) for text in chunk(context, n)]
        steps = [step | text for step, text in zip(steps, said, strict=True)]
    return {
        "key": context.key,
        "lang": context.lang,
        "title": title,
        "stem": stem,
        "svg": context.drawing,
        "labels": labels(context.lang),
        "steps": steps,
        "breaks": marks(context),
        "start": texts_of(context.walk, None, context.lang),
        "batch": bool(context.scenario and context.scenario.batch),
        **({"answers": kept(context)} if whole else {}),
        "walk": _walk_key(context),
        **({"rolled": context.roll.as_json()} if context.roll else {}),
        **({"stops": list(context.picture.stops)} if context.folding.closed else {}),
        **texts,
        **({"parts": parts.sent(context, whole)} if context.split else {}),
    }


def payload(walk: Walk, *, title: str, stem: str, lang: str = "en", folding: Folding | None = None) -> dict[str, Any]:
    """The same from a walk alone, with all of its texts. `folding` says what is one box, and one step, each."""
    context = Context(walk, folding=folding or Folding.open_all(), lang=lang)
    return payload_of(context, title=title, stem=stem, whole=True)


@without_collection
def packed(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as it is sent: what is large of a large one is packed."""
    if "texts" not in payload and "parts" not in payload:
        return payload
    light = {name: value for name, value in payload.items() if name not in PACKED}
    return light | {"packed": pack({name: payload[name] for name in PACKED if name in payload})}


def _walk_key(context: Context) -> str:
    """A digest of the walk itself: the same however it is folded, and in whatever language it is told."""
    return hashlib.sha256(repr((context.walk.of, len(context.walk), context.origin)).encode()).hexdigest()[:16]
