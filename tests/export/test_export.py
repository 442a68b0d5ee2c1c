"""The export facade: one step as an SVG file, written whole or not at all."""

import os
import re
import stat
import xml.etree.ElementTree as ET

import pytest

import graphlab as gl
from graphlab.diagram.marks import labels
from graphlab.export import render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def mlp():
    return gl.scenario("mlp")


def test_a_step_is_written_as_a_standalone_svg(mlp, tmp_path):
    path = gl.export(mlp, tmp_path / "s.svg", steps=12)
    root = ET.parse(path).getroot()
    assert root.tag == SVG + "svg"
    text = path.read_text(encoding="utf-8")
    assert "var(--" not in text
    assert "<script" not in text


def test_the_picture_holds_what_is_reached_and_nothing_more(mlp):
    def shown(number, step):
        # Digits are drawn as paths, each defined once: a number is a row of references.
        drawn = re.findall(r'xlink:href="#([^"]+)"', render(mlp, "svg", steps=step).decode())
        return " ".join(c.id for c, _ in labels.characters(number)) in " ".join(drawn)

    assert not shown("0.417", 5)
    assert shown("0.417", 6)
    assert not shown("−0.583", 9)
    assert shown("−0.583", 10)
    assert render(mlp, "svg") == render(mlp, "svg", steps=15) != render(mlp, "svg", steps=14)


def test_the_background_is_transparent_unless_asked_for(mlp):
    assert b'fill="#123456"' not in render(mlp, "svg", steps=0)
    assert b'fill="#123456"' in render(mlp, "svg", steps=0, background="#123456")
    assert render(mlp, "svg", steps=0, background="paper") != render(mlp, "svg", steps=0)


def test_the_title_is_in_the_language(mlp):
    titles = [ET.fromstring(render(mlp, "svg", steps=0, lang=lang)).findtext(SVG + "title") for lang in ("en", "ru")]
    assert all(titles)


def test_the_same_step_has_the_same_bytes(mlp):
    assert render(mlp, "svg", steps=12) == render(gl.scenario("mlp"), "svg", steps=12)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_every_theme_is_drawn(mlp, theme):
    assert ET.fromstring(render(mlp, "svg", steps=12, theme=theme)).tag == SVG + "svg"


def test_the_seed_changes_the_numbers(mlp):
    assert render(mlp, "svg", steps=12, seed=7) != render(mlp, "svg", steps=12)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"steps": 16}, "there is no step 16\nexpected: a step from 0 to 15"),
        ({"steps": -1}, "there is no step -1"),
        ({"steps": "all"}, "one picture: it takes one step"),
        ({"steps": [1, 2]}, "one picture: it takes one step"),
        ({"steps": True}, "True does not name steps"),
        ({"steps": 1.0}, "1.0 does not name steps"),
        ({"background": "url(x)"}, "'url(x)' is no background"),
        ({"background": None}, "None is no background"),
        ({"theme": "pink"}, "'pink' is not one of light, dark, print"),
        ({"lang": "de"}, "'de' is not one of en, ru"),
    ],
)
def test_what_can_not_be_drawn_is_refused_and_nothing_is_written(mlp, tmp_path, options, said):
    with pytest.raises(gl.ExportError) as caught:
        gl.export(mlp, tmp_path / "s.svg", **options)
    assert said in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["s.bmp", "s", "s.svg.exe", ".svg"])
def test_an_unknown_format_names_the_known_ones(mlp, tmp_path, name):
    with pytest.raises(gl.ExportError, match=r"a name that ends in \.svg"):
        gl.export(mlp, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_not_overwritten(mlp, tmp_path):
    (tmp_path / "s.svg").mkdir()
    with pytest.raises(gl.ExportError, match="is a folder"):
        gl.export(mlp, tmp_path / "s.svg")


def test_a_missing_folder_is_said(mlp, tmp_path):
    with pytest.raises(gl.ExportError, match="can not be written: No such file"):
        gl.export(mlp, tmp_path / "nowhere" / "s.svg")


def test_a_failure_leaves_the_old_file_and_no_other(mlp, tmp_path, monkeypatch):
    path = tmp_path / "s.svg"
    path.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(gl.ExportError, match="No space left"):
        gl.export(mlp, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_replaced_and_keeps_its_permissions(mlp, tmp_path):
    path = tmp_path / "s.svg"
    path.write_text("old")
    path.chmod(0o640)
    gl.export(mlp, path)
    assert path.read_text(encoding="utf-8").startswith("<")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_is_as_readable_as_any_other(mlp, tmp_path):
    (tmp_path / "plain").write_text("")
    path = gl.export(mlp, tmp_path / "S.SVG")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_is_written_through(mlp, tmp_path):
    (tmp_path / "real.svg").write_text("old")
    (tmp_path / "link.svg").symlink_to("real.svg")
    gl.export(mlp, tmp_path / "link.svg")
    assert (tmp_path / "link.svg").is_symlink()
    assert (tmp_path / "real.svg").read_text(encoding="utf-8").startswith("<")
