"""The command line: what it prints, where it writes, and its exit codes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from graphlab import __version__
from graphlab.__main__ import main
from graphlab.scenario import FOLDER
from tests.finite import FINITE

ROOT = Path(__file__).parents[2]


def run(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "graphlab", *arguments], cwd=ROOT, capture_output=True, timeout=120, **options
    )


def test_scenarios_are_listed(capsys):
    assert main(["scenarios"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["name", "row", "title"]
    assert lines[1].split(maxsplit=3) == ["mlp", "A3,", "D1", "Multilayer perceptron (MLP)"]
    assert len(lines) == 1 + len(list(FOLDER.glob("*.toml")))
    assert len({line.index(title) for line, title in ((lines[0], "title"), (lines[1], "Multi"))}) == 1


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


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["draw"],
        ["check"],
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
