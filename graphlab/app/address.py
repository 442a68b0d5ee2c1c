"""The address of the page: the choices that a person would miss after a reload, read, validated, and written back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..errors import N_, GraphlabError, Message, message
from ..i18n import LANGUAGES
from ..player.choices import CHOICES, Choices

OTHERS = ("edits",)  # what else stands in an address, and is no size


def read(query: Mapping[str, str], scenarios: Sequence[str], lang: str = "en") -> tuple[Choices, list[Message]]:
    """The choices that an address asks for, and a message for each part of it that could not be used.

    `lang` is the language of the browser, used where the address names none. Sizes are checked as numbers here and
    against their bounds by the scenario.
    """
    problems: list[Message] = []

    def left_out(name: str, why: Message) -> None:
        template = N_("{name}={text} in the address was left out: {why}")
        problems.append(message(template, name=name, text=query[name][:40], why=why))

    usual = CHOICES["scenario"].default
    start = Choices(
        scenario=usual if usual in scenarios else scenarios[0],
        lang=lang if lang in LANGUAGES else CHOICES["lang"].default,
    )
    given: dict[str, Any] = {}
    for name, choice in CHOICES.items():
        if name in query:
            try:
                given[name] = choice.read(query[name])
            except GraphlabError as e:
                left_out(name, e.reason)
    if given.get("scenario", scenarios[0]) not in scenarios:
        del given["scenario"]
        left_out("scenario", message(N_("it takes one of {allowed}"), allowed=", ".join(scenarios)))
    sizes = {}
    for name, text in query.items():
        if name in CHOICES or name in OTHERS or not re.fullmatch(r"[A-Za-z]{1,3}", name):
            continue
        if re.fullmatch(r"[0-9]{1,6}", text):
            sizes[name] = int(text)
        else:
            left_out(name, message(N_("a size is a whole number")))
    return replace(start, **given, sizes=sizes), problems


def write(choices: Choices) -> dict[str, str]:
    """The address of the choices; reading it back gives them again. What is as usual is left out, save the language."""
    query = {"own": choices.own} if choices.own else {"scenario": choices.scenario}
    query |= {name: str(size) for name, size in choices.sizes.items()}
    for name, choice in CHOICES.items():
        value = getattr(choices, name)
        if name not in ("scenario", "own") and (name == "lang" or value != choice.default):
            query[name] = choice.write(value)
    return query
