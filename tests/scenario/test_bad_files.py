"""Scenario files with mistakes: each gets a message with its line, and never a traceback."""

import random
from pathlib import Path

import pytest

import graphlab as gl
from graphlab.i18n import translator
from graphlab.scenario import FOLDER, LARGEST_FILE, load

GOOD = '''\
equations = """
h = tanh(x W)
loss = sum(h)
"""
[kinds]
inputs = ["x"]
parameters = ["W"]
[shapes]
x = ["D"]
W = ["D", "H"]
[sizes]
D = { default = 2, min = 1, max = 8 }
H = 3
[values]
x = [1.0, -0.5]
[draws]
W = "glorot"
[captions]
x = "input"
'''


def changed(old, new):
    assert GOOD.count(old) == 1, old
    return GOOD.replace(old, new)


# (what is changed, into what, the line of the message, a part of its reason or help)
MISTAKES = [
    ("not TOML", '[kinds]\n', "[kinds\n", 5, "not TOML"),
    ("a string that never ends", 'x = "input"', 'x = "input', 19, "not TOML"),
    ("a key set twice", "H = 3", "H = 3\nH = 4", 14, "not TOML"),
    ("an unknown key", "[captions]", "[caption]", 18, "did you mean captions?"),
    ("an unknown kind", 'inputs = ["x"]', 'input = ["x"]', 6, "did you mean inputs?"),
    ("kinds that are no list", 'inputs = ["x"]', 'inputs = "x"', 6, "a list of names"),
    ("a name of two kinds", 'parameters = ["W"]', 'parameters = ["W", "x"]', 7, "x is listed twice"),
    ("a name that is not there", 'inputs = ["x"]', 'inputs = ["x", "z"]', 6, "z is not in the equations"),
    ("a computed name as an input", 'inputs = ["x"]', 'inputs = ["x", "h"]', 6, "computed by the equations"),
    ("a free name as an output", 'parameters = ["W"]', 'outputs = ["W"]', 7, "no output"),
    ("a shape that is no list", 'x = ["D"]', 'x = "D"', 9, "a list of sizes"),
    ("an undeclared size", 'x = ["D"]', 'x = ["E"]', 9, "the size E is not declared"),
    ("a negative size", 'x = ["D"]', "x = [-2]", 9, "whole number from 1"),
    ("a size that is too large", "H = 3", "H = 100000", 13, "whole number from 1 to 1024"),
    ("a size that is no number", "H = 3", 'H = "three"', 13, "whole number"),
    ("a size that is true", "H = 3", "H = true", 13, "whole number"),
    ("a default below its minimum", "default = 2, min = 1", "default = 2, min = 3", 12, "from 1 to 2"),
    ("a default above its maximum", "max = 8", "max = 1", 12, "from 2 to 1024"),
    ("a size with no default", "default = 2, ", "", 12, "no default"),
    ("a size with a misspelt key", "min = 1", "mim = 1", 12, "did you mean min?"),
    ("a size with an impossible name", "H = 3", "H-1 = 3", 13, "no name for a size"),
    ("a value of the wrong shape", "[1.0, -0.5]", "[1.0, -0.5, 2.0]", 15, "(3,); the graph needs (2,)"),
    ("a value that is text", "[1.0, -0.5]", '[1.0, "two"]', 15, "expected: a number"),
    ("a value that is true", "[1.0, -0.5]", "[1.0, true]", 15, "expected: a number"),
    ("a value that is a date", "[1.0, -0.5]", "2020-01-01", 15, "expected: a number"),
    ("a value that is infinite", "[1.0, -0.5]", "[1.0, inf]", 15, "finite"),
    ("a value that is no number", "[1.0, -0.5]", "[1.0, nan]", 15, "finite"),
    ("a value beyond all floats", "[1.0, -0.5]", f"[1.0, 1{'0' * 400}]", 15, "finite"),
    ("rows of different length", "[1.0, -0.5]", "[[1.0], [2.0, 3.0]]", 15, "not equally long"),
    ("a value for a computed vertex", "x = [1.0, -0.5]", "h = [1.0, -0.5]", 15, "h is computed"),
    ("an unknown draw", '"glorot"', '"glorott"', 17, "did you mean glorot?"),
    ("a draw with an unknown key", '"glorot"', '{ draw = "glorot", skale = 2 }', 17, "did you mean scale?"),
    ("a draw with no name", '"glorot"', "{ scale = 2 }", 17, "the name of a draw"),
    ("a draw with half a decimal", '"glorot"', '{ draw = "glorot", decimals = 0.5 }', 17, "from 0 to 12"),
    ("a caption that is a number", 'x = "input"', "x = 7", 19, "text in quotes"),
    ("a caption in an unknown language", 'x = "input"', 'x = { de = "Eingabe" }', 19, "choose one of en, ru"),
    ("a caption that turns the text around", 'x = "input"', 'x = "in\\u202Eput"', 19, "can not be shown"),
    ("a caption that is too long", 'x = "input"', f'x = "{"x" * 300}"', 19, "the limit is 200"),
    ("a caption of nothing", 'x = "input"', 'X = "input"', 19, "X is not in the equations"),
    ("a table that is a number", "[captions]\nx = ", "[title]\nen = ", None, None),
    ("no equations", 'equations = """', 'equation = """', 1, "did you mean equations?"),
    ("equations that are a list", '"""\nh = tanh(x W)\nloss = sum(h)\n"""', "[]", 1, "text in quotes"),
    ("equations that are empty", "h = tanh(x W)\nloss = sum(h)\n", "", 1, ""),
    ("a mistake in an equation", "tanh(x W)", "tanh(x W", 2, ""),
    ("shapes that do not fit", 'x = ["D"]', 'x = ["H"]', 2, ""),
    ("a shape that can not be inferred", "tanh(x W)", "tanh(x W) + sum(A B)", 2, "shapes of A, B"),
    ("a shape of nothing", 'W = ["D", "H"]', 'W = ["D", "H"]\nZ = ["D"]', 11, "Z is not in the equations"),
    ("a draw of nothing", '"glorot"', '"glorot"\nZ = "zeros"', 18, "Z is not in the equations"),
    ("an array of tables", "[captions]", "[[captions]]", 18, "a table"),
    ("a loss that is not there", "[kinds]", 'loss = "los"\n[kinds]', 5, "did you mean loss?"),
    ("a loss that is a vector", "[kinds]", 'loss = "h"\n[kinds]', 5, "a gradient starts from a scalar"),
    ("no scalar to start from", "sum(h)", "tanh(h)", 1, "L = sum(loss)"),
    ("a batch that is no size", "[kinds]", 'batch = "N"\n[kinds]', 5, "one of the sizes: D, H"),
    ("a seed below zero", "[kinds]", "seed = -1\n[kinds]", 5, "whole number from 0"),
]  # fmt: skip
MISTAKES = [m for m in MISTAKES if m[3] is not None]


@pytest.mark.parametrize(("old", "new", "line", "said"), [m[1:] for m in MISTAKES], ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_reported_with_its_line(old, new, line, said):
    text = changed(old, new)
    with pytest.raises(gl.ScenarioError) as caught:
        load(text)
    error = caught.value
    assert said in str(error)
    assert error.place is not None
    assert error.place.line == line
    source = text.split("\n")[line - 1] if line <= text.count("\n") else ""
    assert error.place.source in source
    assert 0 <= error.place.column <= len(error.place.source)
    assert error.text(translator("ru"))


def test_the_good_file_is_good():
    assert load(GOOD).of == "loss"


def test_the_caret_stands_under_the_mistake_in_an_equation():
    with pytest.raises(gl.ScenarioError) as caught:
        load(changed("tanh(x W)", "tanh(x W) ?"))
    assert str(caught.value).startswith("line 2: h = tanh(x W) ?\n                      ^\n")


def test_the_caret_stands_under_the_misspelt_key():
    with pytest.raises(gl.ScenarioError) as caught:
        load(changed("min = 1", "mim = 1"))
    assert str(caught.value).split("\n")[:2] == [
        "line 12: D = { default = 2, mim = 1, max = 8 }",
        "                            ^^^",
    ]


@pytest.mark.parametrize(
    "opening", ["equations = '''\n{}'''", 'equations = """{}"""', "'equations' = '''{}'''", 'equations =   """\n{}"""']
)
def test_the_line_is_found_however_the_string_is_quoted(opening):
    text = "# a comment\n" + opening.format("h = tanh(x)\ny = tanh(x\nloss = sum(y)\n")
    with pytest.raises(gl.ScenarioError) as caught:
        load(text)
    assert caught.value.place.source.startswith("y = tanh(x")
    assert text.split("\n")[caught.value.place.line - 1] == "y = tanh(x"


def test_lines_inside_strings_and_arrays_are_not_taken_for_keys():
    text = GOOD.replace("tanh(x W)", "tanh(x W) # [captions]").replace(
        "[1.0, -0.5]", "[\n  1.0,\n  -0.5,\n]\n# [sizes]\n# H = 3"
    )
    with pytest.raises(gl.ScenarioError) as caught:
        load(text.replace('x = "input"', "x = 7"))
    assert text.split("\n")[caught.value.place.line - 1] == 'x = "input"'


def test_greek_words_and_letters_are_one_name():
    text = 'equations = "loss = lambda x"\nsizes.D = 2\n[shapes]\nx = []\nlambda = []\n[values]\nlambda = 0.5\n'
    assert load(text).values == {"λ": 0.5}
    with pytest.raises(gl.ScenarioError, match="given twice"):
        load(text + '"λ" = 0.5\n')
    with pytest.raises(gl.ScenarioError) as caught:
        load(text.replace("lambda = 0.5", "lambda = [0.5]"))
    assert caught.value.place.line == 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (LARGEST_FILE + 1), "larger than 65536 bytes"),
        (b'equations = "\xff"', "line 1 is not UTF-8"),
        (b"a = " + b"[" * 20_000, ""),
        (b"a = " + b"{a=" * 20_000, ""),
        (b"a = " + b"9" * 20_000, ""),
        (b".".join([b"a"] * 20_000) + b" = 1", "nested too deeply"),
        (b"\x00\x01\x02", "not TOML"),
        (b"", "no equations"),
        ('equations = "\ud800"', "not UTF-8"),
        (b"equations = 1979-05-27T07:32:00Z", "text in quotes"),
        (b'equations = "y = x"\n[sizes.D]\ndefault = 2\n[sizes.D.label.en]\na = 1', "text in quotes"),
        (b"equations = '''" + b"(" * 3_000 + b"'''", ""),
        (b"equations = '''" + b"y = x\n" * 5_000 + b"'''", ""),
    ],
)
def test_hostile_content_gets_a_message(content, said):
    with pytest.raises(gl.ScenarioError) as caught:
        load(content)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 1500


def test_a_string_is_never_taken_for_a_path():
    with pytest.raises(gl.ScenarioError, match="not TOML"):
        load(str(FOLDER / "mlp.toml"))


def test_a_file_that_can_not_be_read(tmp_path):
    with pytest.raises(gl.ScenarioError, match=r"can not be read"):
        load(tmp_path / "missing.toml")
    with pytest.raises(gl.ScenarioError, match=r"can not be read"):
        load(tmp_path)


def test_a_file_saved_by_an_editor_of_windows_is_read(tmp_path):
    path = tmp_path / "My Net (1).toml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load(path).text == "h = tanh(x W)\nloss = sum(h)"
    assert load(path).name == "my-net-1"


def test_mutated_files_load_or_are_refused_with_a_message():
    rng = random.Random(0)
    files = [p.read_text(encoding="utf-8") for p in sorted(Path(FOLDER).glob("*.toml"))]
    refused = 0
    for _ in range(400):
        text = list(rng.choice(files))
        for _ in range(rng.randint(1, 3)):
            at = rng.randrange(len(text))
            match rng.randrange(3):
                case 0:
                    del text[at : at + rng.randint(1, 8)]
                case 1:
                    text.insert(at, rng.choice("[]{}=\"'\n,.#\\0λ-"))
                case _:
                    other = rng.randrange(len(text))
                    text[at:at] = text[other : other + rng.randint(1, 30)]
        try:
            load("".join(text)).feeds()
        except gl.ScenarioError as e:
            refused += bool(str(e))
    assert 100 < refused < 400
