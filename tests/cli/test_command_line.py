"""The command line: what it prints, where it writes, and its exit codes."""

import os
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from graphlab import __version__
from graphlab.cli import main
from graphlab.export import FORMATS, Format, Options
from graphlab.scenario import FOLDER
from tests.finite import FINITE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to write into."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(line):
    return main(line.split())


def width(path):
    with Image.open(path) as picture:
        return picture.width


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "graphlab", *arguments], cwd=ROOT, capture_output=True, timeout=120, **options
    )


def test_scenarios_are_listed(capsys):
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "row", "title"]
    assert lines[1].split(maxsplit=2) == ["scalars", "A5", "Three numbers"]
    assert lines[2].split(maxsplit=3) == ["mlp", "A3,", "D1", "Multilayer perceptron (MLP)"]
    assert len(lines) == 1 + len(list(FOLDER.glob("*.toml")))
    assert len({line.index(title) for line, title in ((lines[0], "title"), (lines[2], "Multi"))}) == 1


def test_scenarios_are_listed_in_russian(capsys):
    assert main(["scenarios", "--lang", "ru"]) == 0
    assert "Логистическая регрессия" in capsys.readouterr().out


@pytest.mark.parametrize("path", [FOLDER / f"{name}.toml" for name in FINITE], ids=lambda p: p.stem)
def test_every_file_of_ours_passes_its_own_check(path, capsys):
    assert main(["check", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("ok: ")
    assert "agrees with central differences" in out


def test_check_says_what_there_is(capsys):
    assert main(["check", str(FOLDER / "mlp.toml")]) == 0
    assert capsys.readouterr().out.startswith(
        "ok: Multilayer perceptron (MLP): 13 vertices, 7 operations, 15 steps\n"
        "the gradient of loss by x, W_1, b_1, w_2, b_2, y_true agrees with central differences, worst error "
    )


def test_check_gives_the_line_of_a_mistake(tmp_path, capsys):
    path = tmp_path / "bad.toml"
    path.write_text('equations = """\nh = tanh(x\n"""\n')
    assert main(["check", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("line 2: h = tanh(x\n")


def test_check_answers_in_russian(tmp_path, capsys):
    path = tmp_path / "bad.toml"
    path.write_text("equation = 'y = x'\n")
    assert main(["check", str(path), "--lang", "ru"]) == 1
    assert capsys.readouterr().err.startswith("строка 1: equation = 'y = x'")


def test_check_tries_the_bounds_of_the_sizes(tmp_path, capsys):
    path = tmp_path / "bounds.toml"
    path.write_text(
        'equations = "loss = sum(x + z)"\n[shapes]\nx = ["D"]\nz = [2]\n[sizes]\nD = { default = 2, max = 5 }\n'
    )
    assert main(["check", str(path)]) == 1
    assert capsys.readouterr().err.startswith("at D = 5: ")


def test_check_finds_a_gradient_that_is_wrong_at_a_kink(tmp_path, capsys):
    path = tmp_path / "kink.toml"
    path.write_text('equations = "loss = ReLU(x)"\n[shapes]\nx = []\n[values]\nx = 0.0\n')
    assert main(["check", str(path)]) == 1
    assert "the gradient of loss by x is off central differences" in capsys.readouterr().err


def test_check_of_what_is_no_file(tmp_path, capsys):
    assert main(["check", str(tmp_path / "none.toml")]) == 1
    assert main(["check", str(tmp_path)]) == 1
    assert main(["check", "/dev/zero"]) == 1
    err = capsys.readouterr().err
    assert err.count("can not be read") == 2
    assert "larger than" in err


def test_export_writes_the_step(tmp_path, capsys):
    target = tmp_path / "s.svg"
    assert main(["export", "mlp", "--step", "12", "-o", str(target)]) == 0
    assert target.read_text(encoding="utf-8").startswith("<")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == f"{target}\n"


def test_export_names_the_file_itself(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["export", "mlp", "--step", "12"]) == 0
    assert main(["export", "mlp", "--step", "3"]) == 0
    assert main(["export", "neuron-tanh"]) == 0
    assert {p.name for p in tmp_path.iterdir()} == {
        "mlp-backward-12.svg",
        "mlp-forward-03.svg",
        "neuron-tanh-backward-07.svg",
    }


def test_export_takes_a_file_sizes_seed_and_theme(tmp_path, capsys):
    own = tmp_path / "own.toml"
    own.write_text(Path(FOLDER / "mlp.toml").read_text(encoding="utf-8"), encoding="utf-8")
    target = tmp_path / "s.svg"
    assert main(["export", str(own), "--size", "H=4", "--seed", "3", "--theme", "dark", "-o", str(target)]) == 0
    assert target.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mlp", "--step", "99"], "there is no step 99\nexpected: a step from 0 to 15"),
        (["mlp", "--size", "H=99"], "H is a whole number from 1 to 8: got 99"),
        (["mlp", "--size", "K=2"], "there is no size K in this scenario\nhelp: choose one of D, H"),
        (["mlp", "--steps", "some"], "'some' does not name steps"),
        (["mlp", "--steps", "7-99"], "there is no step 99"),
        (["mlp", "--steps", "all"], "SVG is one picture: it takes one step"),
        (["mlp", "--steps", "all"], "help: many steps go into pdf, pptx"),
        (["mlp", "--background", "pink"], "'pink' is no background\nexpected: transparent, paper"),
        (["mlp", "--dpi", "9999"], "9999.0 is no resolution\nexpected: dots per inch from 36 to 1200"),
        (["mlp", "--format", "pdf", "-o", "."], ". is a folder: name a file in it"),
        (["mpl"], "there is no scenario mpl\nhelp: did you mean mlp?"),
        (["mlp", "-o", "s.bmp"], "there is no export to bmp\nexpected: a name that ends in .svg"),
        (["mlp", "-o", "nowhere/s.svg"], "nowhere/s.svg can not be written: No such file or directory"),
        (["mlp", "-o", "."], "there is no export to a file with no ending"),
        (["missing.toml"], "missing.toml can not be read: No such file or directory"),
    ],
)
def test_what_can_not_be_exported_is_said(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["export", *arguments]) == 1
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


def test_export_writes_slides_of_the_format_and_steps_asked_for(here, capsys):
    command = "export mlp --format pptx --steps backward --lang ru -o mlp.pptx"
    assert typed(command) == 0
    assert capsys.readouterr().err == "mlp.pptx\n"
    assert Path("mlp.pptx").read_bytes()[:4] == b"PK\x03\x04"


def test_the_format_is_that_of_the_option_or_of_the_ending(here):
    assert main(["export", "neuron-tanh", "--step", "3", "-o", "step.PNG"]) == 0
    assert main(["export", "neuron-tanh", "--step", "3", "--format", "png", "-o", "step"]) == 0
    assert Path("step.PNG").read_bytes() == Path("step").read_bytes()
    assert Path("step").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("--format pdf", "neuron-tanh.pdf"),
        ("--format pdf --steps all", "neuron-tanh.pdf"),
        ("--format pdf --steps forward", "neuron-tanh-forward.pdf"),
        ("--format pdf --steps backward", "neuron-tanh-backward.pdf"),
        ("--format pdf --steps 2-4", "neuron-tanh-02-04.pdf"),
        ("--format pdf --steps 4,2", "neuron-tanh-steps.pdf"),
        ("--format pdf --steps 0", "neuron-tanh-forward-00.pdf"),
        ("--steps last", "neuron-tanh-backward-07.svg"),
        ("--steps 7", "neuron-tanh-backward-07.svg"),
        ("--step 7", "neuron-tanh-backward-07.svg"),
    ],
)
def test_a_file_that_nobody_named_says_which_steps_are_in_it(arguments, name, here):
    assert main(["export", "neuron-tanh", *arguments.split()]) == 0
    assert [p.name for p in here.iterdir()] == [name]


def test_every_option_of_an_export_is_on_the_command_line_with_its_help(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    out = capsys.readouterr().out
    for field in fields(Options):
        flag = f"--{field.name.replace('_', '-')}"
        assert flag in out
        assert re.search(rf"{flag}\b[^\n]*\s+\S+ \S+", out), f"{flag} is not explained"


def test_options_reach_the_writer(here):
    assert typed("export mlp --step 12 --background #123456 -o s.svg") == 0
    assert 'fill="#123456"' in Path("s.svg").read_text("utf-8")
    assert typed("export mlp --step 12 --dpi 48 -o small.png") == 0
    assert typed("export mlp --step 12 --dpi 96 -o large.png") == 0
    assert width("large.png") == 2 * width("small.png")


def test_all_makes_the_deck_of_every_scenario_and_goes_on_after_a_failure(here, capsys, monkeypatch):
    monkeypatch.setattr("graphlab.commands.export.scenarios", lambda: ("neuron-tanh", "neuron-lost", "neuron-sigma"))
    assert main(["export", "--all", "-o", "out/decks"]) == 1
    err = capsys.readouterr().err.splitlines()
    assert sorted(p.name for p in Path("out/decks").iterdir()) == ["neuron-sigma.pdf", "neuron-tanh.pdf"]
    assert err[0] == "[1/3] out/decks/neuron-tanh.pdf"
    assert err[1] == "[2/3] neuron-lost: there is no scenario neuron-lost"
    assert err[-2:] == ["[3/3] out/decks/neuron-sigma.pdf", "1 of 3 could not be made: neuron-lost"]


def test_all_takes_a_format_and_steps(here, monkeypatch):
    monkeypatch.setattr("graphlab.commands.export.scenarios", lambda: ("neuron-tanh", "neuron-sigma"))
    assert typed("export --all --format svg --steps 3 -o .") == 0
    assert sorted(p.name for p in here.iterdir()) == ["neuron-sigma-forward-03.svg", "neuron-tanh-forward-03.svg"]


def test_all_needs_a_folder_that_can_be_made(here, capsys):
    Path("file").write_text("kept")
    assert main(["export", "--all", "-o", "file"]) == 1
    assert "file can not be written: File exists" in capsys.readouterr().err
    assert Path("file").read_text() == "kept"


def test_an_interruption_while_pages_are_made_leaves_nothing(here, capsys, monkeypatch):
    def interrupted(job):
        job.progress(0, 2)
        raise KeyboardInterrupt

    monkeypatch.setitem(FORMATS, "pdf", Format(interrupted, True, "PDF"))
    assert main(["export", "mlp", "-o", "mlp.pdf"]) == 130
    assert main(["export", "--all", "-o", "decks"]) == 130
    assert capsys.readouterr().err == "interrupted\n" * 2
    assert list(here.rglob("*.*")) == []


def test_an_interruption_while_the_file_is_written_leaves_the_old_one(here, monkeypatch):
    Path("s.svg").write_text("old")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    assert main(["export", "mlp", "-o", "s.svg"]) == 130
    assert [(p.name, p.read_text()) for p in here.iterdir()] == [("s.svg", "old")]


def test_a_terminal_sees_how_far_a_long_job_is_and_a_pipe_does_not(here, capsys, monkeypatch):
    monkeypatch.setattr("graphlab.commands.export.PATIENCE", -1.0)
    assert typed("export neuron-tanh --steps 2-4 -o s.pdf") == 0
    assert capsys.readouterr().err == "s.pdf\n"
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    assert typed("export neuron-tanh --steps 2-4 -o s.pdf") == 0
    err = capsys.readouterr().err
    assert "\rneuron-tanh: page 1 of 3\033[K\rneuron-tanh: page 2 of 3" in err
    assert err.endswith("\r\033[Ks.pdf\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["draw"],
        ["check"],
        ["export"],
        ["export", "mlp", "--all", "-o", "decks"],
        ["export", "--all"],
        ["export", "--all", "-o", "-"],
        ["export", "--all", "-o", "decks", "--size", "H=5"],
        ["export", "mlp", "--format", "bmp"],
        ["export", "mlp", "--step", "3", "--steps", "all"],
        ["export", "mlp", "--ratio", "5:4"],
        ["export", "mlp", "--dpi", "many"],
        ["export", "mlp", "--step", "-1"],
        ["export", "mlp", "--step", "one"],
        ["export", "mlp", "--size", "H"],
        ["export", "mlp", "--size", "H=two"],
        ["export", "mlp", "--theme", "pink"],
        ["scenarios", "--lang", "de"],
    ],
)
def test_a_command_line_that_can_not_be_read_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m graphlab" in capsys.readouterr().err


def test_help_gives_examples_and_exit_codes(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    out = capsys.readouterr().out
    assert "python -m graphlab export mlp --step 12 -o s.svg" in out
    assert "exit codes: 0" in out


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"graphlab {__version__}\n"


def test_as_a_program_it_writes_svg_to_a_pipe():
    done = run("export", "mlp", "--step", "12", "-o", "-")
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout.startswith(b"<")
    assert done.stdout.rstrip().endswith(b"</svg>")


def test_as_a_program_it_writes_a_deck_to_a_pipe():
    done = run("export", "neuron-tanh", "--format", "pdf", "--steps", "3", "-o", "-")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"%PDF-")
    assert done.stdout.rstrip().endswith(b"%%EOF")


def test_as_a_program_it_reads_a_scenario_from_a_pipe():
    text = (FOLDER / "mlp.toml").read_bytes()
    assert run("check", "-", input=text).returncode == 0
    done = run("check", "-", input=text.replace(b"W_1 + b_1", b"W_1 + "))
    assert done.returncode == 1
    assert done.stderr.startswith(b"line 6: h = tanh(x W_1 + )\n")
    assert b"Traceback" not in done.stderr


def test_as_a_program_it_survives_a_terminal_without_cyrillic():
    done = run("scenarios", "--lang", "ru", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert re.search(rb"neuron-sigma +A1 +\?{6} \? \?{8}", done.stdout)


def test_a_handout_is_written_with_a_page_a_seed_and_the_key(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["handout", "mlp", "--seeds", "1", "2", "--blank", "h,tmp_3:gradient"]) == 0
    assert len(PdfReader(tmp_path / "mlp-handout.pdf").pages) == 4
    assert "mlp-handout.pdf" in capsys.readouterr().err


def test_a_blank_that_there_is_not_is_said(capsys):
    assert main(["handout", "mlp", "--blank", "nobody"]) == 1
    assert "there is nothing to find at 'nobody'" in capsys.readouterr().err


def test_check_tells_how_equations_were_read(capsys):
    assert main(["check", "--equations", "f = (x + y) * z, \\quad \\text{where x is a number}"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[0].startswith("ok: equations: 5 vertices, 2 operations")
    assert told[2] == "read as:"
    assert told[3].startswith("  f = ")
    assert told[3].endswith("    ()")
    assert told[4:7] == ["  x: input (), inferred", "  y: parameter (), inferred", "  z: parameter (), inferred"]
    assert told[7] == "  Set aside: \\text{where x is a number}"


def test_check_tells_the_convention_of_a_file(capsys):
    assert main(["check", str(FOLDER / "rnn.toml"), "--lang", "ru"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert "  W: параметр (2, 3)" in told
    assert told[-1] == "  Векторы — строки: слой записан как x W."


@pytest.mark.parametrize("as_file", [True, False])
def test_check_lists_the_meanings_of_an_ambiguous_text(as_file, tmp_path, capsys):
    text = "x \\in \\mathbb{R}^3\nw \\in \\mathbb{R}^3\nL = x · w"
    path = tmp_path / "two.toml"
    path.write_text(f"equations = '''\n{text}\n'''\n", "utf-8")
    assert main(["check", str(path)] if as_file else ["check", "--equations", text]) == 1
    said = capsys.readouterr().err.splitlines()
    assert said[0] == f"line {4 if as_file else 3}: L = x · w"
    assert said[-2:] == [
        "  the inner product, one number: ⟨x, w⟩    ()",
        "  the product element by element: x ⊙ w    (3,)",
    ]


def test_check_takes_a_file_or_equations():
    for line in ("check", "check a.toml --equations b"):
        with pytest.raises(SystemExit) as e:
            typed(line)
        assert e.value.code == 2
