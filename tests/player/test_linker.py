"""The linker: modules in their order in one scope, and an error with its place for everything that can not be linked."""

import pytest

from graphlab.player.assets import javascript, sources
from graphlab.player.constants import SHARED
from graphlab.player.linker import LinkError, link


def linked(**files):
    return link({f"{name.replace('__', '/')}.js": source for name, source in files.items()}, "main.js")


def test_a_module_stands_behind_what_it_imports_and_both_words_are_gone():
    text = linked(
        main='import { b } from "./lib/b.js";\n\nexport default function start() { return b(); }\n',
        lib__b='import { a } from "./a.js";\nexport const b = () => a + 1;\n',
        lib__a="export const a = 1;\n",
    )
    assert text == (
        "// lib/a.js\nconst a = 1;\n\n"
        "// lib/b.js\nconst b = () => a + 1;\n\n"
        "// main.js\nexport default function start() { return b(); }\n"
    )


def test_a_module_that_two_import_is_there_once():
    text = linked(
        main='import { b } from "./b.js";\nimport { c } from "./c.js";\nb(c);\n',
        b='import { a } from "./a.js";\nexport const b = a;\n',
        c='import {\n  a,\n} from "./a.js";\nexport const c = a;\n',
        a="export class a {}\n",
    )
    assert text.count("class a {}") == 1


@pytest.mark.parametrize(
    ("files", "error"),
    [
        ({"main": 'import { a } from "./a.js";\na();\n'}, "main.js:1: there is no a.js"),
        (
            {"main": '\nimport { a } from "./b/a.js";\na();\n', "b__a": "const a = 1;\n"},
            "main.js:2: b/a.js does not export a",
        ),
        ({"main": 'import { a } from "./a.js";\n// a\n', "a": "export const a = 1;\n"}, "main.js:1: a is imported and not used"),
        (
            {
                "main": 'import { a } from "./a.js";\na();\n',
                "a": 'import { b } from "./b.js";\nexport const a = b;\n',
                "b": 'import { a } from "./a.js";\nexport const b = a;\n',
            },
            "b.js:1: a cycle of imports: a.js -> b.js -> a.js",
        ),
        (
            {"main": 'import { a } from "./a.js";\nconst one = a;\n', "a": "const one = 1;\nexport const a = one;\n"},
            "main.js:2: one is declared in a.js:1 as well",
        ),
        ({"main": "start();\n", "a": "export const a = 1;\n"}, "a.js: nothing imports this file"),
        (
            {"main": 'import { a } from "./a.js";\na();\n', "a": "export const a = 1;\nexport default a;\n"},
            "a.js: only main.js has a default export",
        ),
        ({"main": 'import * as a from "./a.js";\na();\n', "a": ""}, 'main.js:1: write import { a, b } from "./file.js";'),
        ({"main": 'import "./a.js";\n', "a": ""}, 'main.js: this import is not known to the linker: import "./a.js";'),
        ({"main": "const a = 1;\nexport { a };\n"}, "main.js: this export is not known to the linker: export { a };"),
    ],
)  # fmt: skip
def test_what_can_not_be_linked_is_an_error_with_its_place(files, error):
    with pytest.raises(LinkError) as found:
        linked(**files)
    assert str(found.value) == error


def test_the_player_is_one_module_with_one_export():
    text = javascript()
    assert text.count("\nexport ") == 1
    assert "\nexport default function graphlabPlayer(" in text
    assert "\nimport " not in text


def test_a_shared_constant_is_written_in_python_alone():
    files = sources()
    for name in SHARED:
        assert f"export const {name} = " in files["constants.js"]
        assert any(f"{name}" in text for path, text in files.items() if path != "constants.js")
