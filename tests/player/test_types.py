"""What Python sends to the player is what its scripts are told of it: types.d.ts against real payloads and answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

import graphlab as gl
from graphlab.folding.boxes import FOLDINGS
from graphlab.player.assets import HERE
from graphlab.player.choices import Choices
from graphlab.player.packing import unpack
from graphlab.player.payload import payload_of
from graphlab.player.questions import KINDS, answer
from graphlab.player.shown_walk import ShownWalk

TYPES = (HERE / "js" / "types.d.ts").read_text("utf-8")
PLAIN = {"string": str, "number": (int, float), "boolean": bool}
BLOCK = re.compile(
    r"^export interface (\w+)(?: extends (?:Partial<)?(\w+)(>?))? \{\n(.*?)^\}", re.MULTILINE | re.DOTALL
)
FIELD = re.compile(r"^  (\w+)(\?)?: (.+);$", re.MULTILINE)
ALIASES = dict(re.findall(r"^export type (\w+) = ([^<>\n]+);$", TYPES, re.MULTILINE)) | {
    "Labels": "Record<string, string>"
}


def _interfaces() -> dict[str, dict[str, tuple[bool, str]]]:
    """{interface: {field: (whether it may be missing, its type)}}, those of what it extends among them."""
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    for name, base, partial, body in BLOCK.findall(TYPES):
        inherited = {f: (optional or bool(partial), kind) for f, (optional, kind) in found.get(base, {}).items()}
        found[name] = inherited | {f: (bool(optional), kind) for f, optional, kind in FIELD.findall(body)}
    return found


INTERFACES = _interfaces()


def differences(value: Any, kind: str, where: str) -> Iterator[str]:
    """Where a value of JSON is not of a type, in the part of the language that types.d.ts uses for data."""
    kind = ALIASES.get(kind, kind)
    if " | " in kind and not kind.startswith(("[", "Record<")) and not kind.endswith("[]"):
        found = [list(differences(value, option, where)) for option in kind.split(" | ")]
        if all(found):
            # The option that comes nearest: null says nothing of what is wrong.
            yield from max(found, key=len)
    elif kind in INTERFACES:
        if not isinstance(value, dict):
            yield f"{where}: {value!r} is no {kind}"
            return
        fields = INTERFACES[kind]
        yield from (f"{where}.{name} is not declared in {kind}" for name in sorted(value.keys() - fields.keys()))
        for name, (optional, inner) in fields.items():
            if name in value:
                yield from differences(value[name], inner, f"{where}.{name}")
            elif not optional:
                yield f"{where}.{name} is missing"
    elif kind.endswith("[]"):
        inner = kind[:-2]
        inner = inner[1:-1] if inner.startswith("(") and inner.endswith(")") else inner
        for i, item in enumerate(value if isinstance(value, list) else [value]):
            yield from differences(item, inner, f"{where}[{i}]")
    elif kind.startswith("["):
        inners = kind[1:-1].split(", ")
        if len(inners) != len(value):
            yield f"{where} has {len(value)} items and not {len(inners)}"
        for i, (item, inner) in enumerate(zip(value, inners, strict=False)):
            yield from differences(item, inner, f"{where}[{i}]")
    elif kind.startswith("Record<"):
        inner = kind[7:-1].split(", ", 1)[1]
        for key, item in value.items():
            yield from differences(item, inner, f"{where}.{key}")
    elif kind.startswith('"') or kind == "null":
        if value != json.loads(kind):
            yield f"{where}: {value!r} is not {kind}"
    elif not isinstance(value, PLAIN[kind]) or (kind == "number" and isinstance(value, bool)):
        yield f"{where}: {value!r} is no {kind}"


def shown(name: str, fold: str = "open", *, rolled: bool = False) -> ShownWalk:
    scenario = gl.scenario(name)
    return ShownWalk(scenario.walk(), scenario, FOLDINGS[fold](scenario.graph), Choices(scenario=name, rolled=rolled))


def sent(walk: ShownWalk, *, whole: bool = False) -> dict[str, Any]:
    return json.loads(json.dumps(payload_of(walk, title="A walk", stem="walk", whole=whole)))


@pytest.mark.parametrize("name", gl.scenarios())
def test_the_payload_of_a_scenario_has_the_declared_fields(name):
    assert list(differences(sent(shown(name)), "Payload", name)) == []


def test_folded_and_rolled_payloads_have_the_declared_fields():
    folded, rolled = sent(shown("rnn", "folded")), sent(shown("rnn", rolled=True))
    assert list(differences(folded, "Payload", "folded")) == []
    assert list(differences(rolled, "Payload", "rolled")) == []
    assert "stops" in folded
    assert "rolled" in rolled
    assert any("outputs" in step for step in folded["steps"])


def test_a_payload_of_a_file_is_as_declared_and_so_are_its_answers():
    seen = set()
    for name in ("mlp-minibatch", "numbers-break"):
        payload = sent(shown(name), whole=True)
        assert list(differences(payload, "Payload", name)) == []
        for kind, packed in payload["answers"].items():
            seen.add(kind)
            for key, said in unpack(packed).items():
                assert list(differences(said, INTERFACES["Answers"][kind][1], f"{kind}: {key}")) == []
    assert seen == KINDS.keys() - {"texts", "part"}


def test_the_kinds_of_questions_are_declared():
    assert INTERFACES["Answers"].keys() == KINDS.keys()


def test_texts_of_a_chunk_are_as_declared():
    walk = shown("mlp")
    said = answer(walk, {"id": "1", "kind": "texts", "chunk": 0, "walk": walk.key})
    assert list(differences({"chunk": said["chunk"], "packed": said["packed"]}, "TextsAnswer", "texts")) == []
    assert list(differences(unpack(said["packed"]), "StepTexts[]", "texts")) == []


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"rows": [[1, None]], "texts": [["1", "nan"]]}, []),
        ({"rows": [[1]]}, ["it.texts is missing"]),
        ({"rows": [[1]], "texts": [["1"]], "scale": 1}, ["it.scale is not declared in Table"]),
        ({"rows": [["1"]], "texts": [["1"]]}, ["it.rows[0][0]: '1' is no number"]),
    ],
)
def test_a_difference_is_found(value, said):
    assert list(differences(value, "Table", "it")) == said
