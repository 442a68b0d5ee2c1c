"""The linker: literal files in, one literal module out, and an error with its place for everything else."""

from __future__ import annotations

import re

import pytest

from graphlab.player import assets
from graphlab.player.constants import SHARED
from graphlab.player.linker import LinkError, link


def test_files_stand_behind_what_they_import_in_one_scope():
    files = {
        "main.js": (
            '// The entry.\n\nimport { area } from "./shapes/area.js";\nimport { UNIT } from "./unit.js";\n\n'
            "export default function main(a) {\n  return `${area(a)} ${UNIT}`;\n}\n"
        ),
        "shapes/area.js": (
            'import {\n  half,\n} from "./half.js";\nimport { UNIT } from "../unit.js";\n'
            "export const area = (a) => [...half(a), UNIT];\n"
        ),
        "shapes/half.js": "export async function half(a) {\n  return [a / 2];\n}\n",
        "unit.js": 'export const UNIT = "cm";\n',
    }
    assert link(files, "main.js") == (
        "// shapes/half.js\nasync function half(a) {\n  return [a / 2];\n}\n\n"
        '// unit.js\nconst UNIT = "cm";\n\n'
        "// shapes/area.js\nconst area = (a) => [...half(a), UNIT];\n\n"
        "// main.js\n// The entry.\n\n\nexport default function main(a) {\n  return `${area(a)} ${UNIT}`;\n}\n"
    )


def test_what_only_looks_like_a_statement_is_left_alone():
    text = (
        "/*\nimport { a } from './a.js';\nconst twice = 1;\n*/\n"
        "const twice = `\nimport nothing\nconst twice = ${[1, 2].map((n) => `${n}\nexport {`)}\nexport const twice\n`;\n"
        "const pattern = /[/\"`]\\/'/g; // `\nconst third = twice / 3; /* ' */\n"
        "export default () => import.meta;\n"
    )
    with pytest.raises(LinkError, match="a declaration of one name is expected") as error:
        link({"main.js": text.replace("export default () =>", "export default function () =>")}, "main.js")
    assert str(error.value).startswith("main.js:13: ")
    named = text.replace("export default () =>", "export default function main() =>")
    assert link({"main.js": named}, "main.js") == f"// main.js\n{named}"


def broken(main: str, **others: str) -> str:
    """What is wrong with files; others are called by the names of the keywords."""
    files = {"main.js": main, **{f"{name}.js": text for name, text in others.items()}}
    with pytest.raises(LinkError) as error:
        link(files, "main.js")
    return str(error.value)


def test_a_file_that_is_not_there():
    assert broken('\nimport { a } from "./b.js";\na();\n') == "main.js:2: there is no file b.js"


def test_a_name_that_is_not_exported():
    assert broken('import { a } from "./b.js";\na();\n', b="const a = 1;\n") == "main.js:1: b.js does not export a"


def test_a_circle():
    said = broken('import { a } from "./a.js";\na();\n', a='\nimport { b } from "./b.js";\nexport const a = b;\n',
                  b='// b\n\nimport { a } from "./a.js";\nexport const b = a;\n')  # fmt: skip
    assert said == "b.js:3: imports in a circle: a.js -> b.js -> a.js"


def test_two_files_with_one_name():
    said = broken('import { a } from "./a.js";\n\nconst size = a;\n', a="export const a = 1;\nfunction size() {}\n")
    assert said == "main.js:3: size is declared in a.js too"


def test_one_file_with_a_name_twice():
    assert broken("class A {}\nlet A = 1;\n") == "main.js:2: A is declared twice"
    said = broken('import { a } from "./a.js";\nconst a = 2;\n', a="export const a = 1;\n")
    assert said == "main.js:1: a is there already, from line 2"


@pytest.mark.parametrize("use", ["", "box.a();", "const ab = 1;", "// a", '"a";', "this.#a();"])
def test_an_import_that_is_not_used(use):
    said = broken(f'import {{ a }} from "./b.js";\n{use}\n', b="export const a = 1;\n")
    assert said == "main.js:1: a is imported and not used"


@pytest.mark.parametrize("use", ["a();", "[...a];", "`${a}`;", "b.c(a);", "!a"])
def test_an_import_that_is_used(use):
    assert use in link(
        {"main.js": f'import {{ a }} from "./b.js";\n{use}\n', "b.js": "export const a = 1;\n"}, "main.js"
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ('import a from "./b.js";', "this import is not understood"),
        ('import * as b from "./b.js";', "this import is not understood"),
        ('import "./b.js";', "this import is not understood"),
        ('  import { a } from "./b.js";', "this import is not understood"),
        ("export { a };", "this export is not understood"),
        ('export * from "./b.js";', "this export is not understood"),
        ("export default 3;", "this export is not understood"),
        ('import { a as c } from "./b.js";', "'a as c' can not be imported: names stand for themselves"),
        ('import { a } from "b";', "b is no path that begins with ./ or ../"),
        ("const { a } = b;", "a declaration of one name is expected"),
        ('const a = "b;', '" is not closed'),
        ("const a = `${b`;", "` is not closed"),
    ],
)
def test_statements_that_are_not_understood(statement, reason):
    assert broken(f"// A file.\n{statement}\n", b="export const a = 1;\n") == f"main.js:2: {reason}"


def test_a_default_export_besides_that_of_the_entry():
    said = broken('import { a } from "./b.js";\na();\n', b="export const a = 1;\nexport default function c() {}\n")
    assert said == "b.js:2: only the entry has a default export"


def test_a_file_that_nothing_imports():
    assert broken("start();\n", a="export const a = 1;\n") == "a.js:1: nothing imports this file"


def test_the_player_is_linked_whole():
    files = assets.sources()
    script = link(files, assets.ENTRY)
    assert re.findall(r"^export .*", script, re.MULTILINE) == ["export default function graphlabPlayer(component) {"]
    assert not re.search(r"^import ", script, re.MULTILINE)


def test_a_shared_constant_is_written_in_python_alone():
    files = assets.sources()
    for name in SHARED:
        assert f"export const {name} = " in files["constants.js"]
        assert any(name in text for path, text in files.items() if path != "constants.js")
