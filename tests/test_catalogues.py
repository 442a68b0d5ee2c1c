"""Every string that the program shows is marked, translated, and keeps its placeholders."""

import ast
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from graphlab.i18n import LANGUAGES, LOCALE, translator

SOURCE = Path(__file__).parent.parent / "graphlab"
TRANSLATED = [lang for lang in LANGUAGES if lang != "en"]
SHOWING = {"message", "translate", "t", "gettext", "Message"}  # what takes a template, which N_ has to mark


def trees():
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE.parent), ast.parse(path.read_text(encoding="utf-8"))


def calls(tree, names):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in names and node.args:
                yield node


def marked() -> dict[str, str]:
    """Every marked string of the source, and where it stands."""
    found = {}
    for path, tree in trees():
        for call in calls(tree, {"N_"}):
            assert isinstance(call.args[0], ast.Constant), f"{path}:{call.lineno}: N_ takes a plain string"
            found[call.args[0].value] = f"{path}:{call.lineno}"
    return found


def catalogue(lang):
    with (LOCALE / lang / "LC_MESSAGES" / "graphlab.po").open("rb") as f:
        return read_po(f, locale=lang)


def placeholders(text):
    return sorted((field, spec, conversion) for _, field, spec, conversion in Formatter().parse(text) if field)


def test_the_extraction_finds_every_marked_string():
    """A call inside an f-string is hidden from the extraction on Python 3.11: format the string outside of it."""
    extracted = {
        text
        for _, _, text, *_ in extract_from_dir(SOURCE, [("**.py", "python")], keywords={"N_": None}, options_map={})
    }
    hidden = {text: place for text, place in marked().items() if text not in extracted}
    assert hidden == {}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_every_marked_string_is_translated(lang):
    translated = {m.id for m in catalogue(lang) if m.id and m.string}
    assert {text: place for text, place in marked().items() if text not in translated} == {}


@pytest.mark.parametrize("lang", TRANSLATED)
def test_no_translation_is_stale_or_fuzzy(lang):
    known, ours = marked(), catalogue(lang)
    assert [m.id for m in ours if m.id and m.id not in known] == []
    assert [m.id for m in ours if m.fuzzy] == []
    assert list(ours.obsolete) == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_template(lang):
    wrong = [
        (m.id, m.string) for m in catalogue(lang) if m.id and m.string and placeholders(m.id) != placeholders(m.string)
    ]
    # A language may name a thing twice or avoid a repetition, but never drop one or name another.
    assert [pair for pair in wrong if set(placeholders(pair[0])) != set(placeholders(pair[1]))] == []


@pytest.mark.parametrize("lang", TRANSLATED)
def test_a_translation_begins_and_ends_as_its_template(lang):
    """A sentence stays a sentence, and a message that follows a colon stays one."""
    ours = [m for m in catalogue(lang) if m.id and m.string]
    assert [m.id for m in ours if m.id.endswith(".") != m.string.endswith(".")] == []
    capital = [m for m in ours if m.string[0].isupper() and not m.string[:2].isupper()]  # a sentence, not "SVG"
    assert [m.id for m in capital if m.id[0].islower() and not m.id.endswith(".")] == []


def test_nothing_is_shown_that_is_not_marked():
    bare = []
    for path, tree in trees():
        for call in calls(tree, SHOWING):
            first = call.args[0]
            text = first.value if isinstance(first, ast.Constant) else ""
            written = isinstance(text, str) and text != "{text}" and any(c.isalpha() for c in text)
            if written or isinstance(first, ast.JoinedStr):
                bare.append(f"{path}:{call.lineno}: {ast.unparse(call)[:80]}")
    assert bare == []


def test_a_translation_is_what_is_shown():
    assert translator("ru")("parameter") == "параметр"
    assert translator("en")("parameter") == "parameter"
    assert translator("ru")("no such template") == "no such template"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="unknown language 'xx': choose one of en, ru"):
        translator("xx")
