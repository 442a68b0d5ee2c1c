"""Files of many frames: animations, archives, overlays."""

import io
import re
import zipfile

import pytest
from PIL import Image

import graphlab as gl
from graphlab.export import render


@pytest.fixture(scope="module")
def mlp():
    return gl.scenario("mlp")


def frames(content):
    picture = Image.open(io.BytesIO(content))
    for i in range(picture.n_frames):
        picture.seek(i)
        picture.load()
        yield picture.convert("RGB"), picture.info["duration"]


@pytest.mark.parametrize("format", ["gif", "webp"])
def test_a_frame_a_step_and_the_last_stays_longer(mlp, format):
    shown = list(frames(render(mlp, format, steps="9-12", dpi=48.0, pace=0.5, background="paper")))
    assert len({frame.size for frame, _ in shown}) == 1
    assert len(shown) == 4
    assert len({frame.tobytes() for frame, _ in shown}) == 4
    if format == "gif":
        assert [stays for _, stays in shown] == [500, 500, 500, 1000]


def test_the_paper_has_one_colour_in_all_frames_of_a_gif(mlp):
    corners = {frame.getpixel((0, 0)) for frame, _ in frames(render(mlp, "gif", dpi=48.0, background="#fefffe"))}
    assert corners == {(0xFE, 0xFF, 0xFE)}


def test_an_animation_is_no_wider_than_a_screen_unless_asked(mlp):
    assert Image.open(io.BytesIO(render(mlp, "gif", steps=3))).width == 1920
    assert Image.open(io.BytesIO(render(mlp, "gif", steps=3, width=640))).width == 640


def test_with_words_a_frame_is_a_page_of_the_deck(mlp):
    assert Image.open(io.BytesIO(render(mlp, "png", steps=3, words=True, dpi=96.0))).size == (960, 540)
    assert Image.open(io.BytesIO(render(mlp, "gif", steps="3-4", words=True, dpi=48.0))).size == (480, 270)


def test_too_much_is_refused_with_a_way_out(mlp):
    with pytest.raises(gl.ExportError, match="fewer steps, or a smaller width"):
        render(mlp, "gif", width=9000)
    with pytest.raises(gl.ExportError, match="fewer dots per inch"):
        render(mlp, "png", width="2000mm", dpi=1200.0)


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_frames_in_an_archive_are_numbered_and_told(mlp, kind):
    with zipfile.ZipFile(io.BytesIO(render(mlp, "zip", steps="6-8", frames=kind, dpi=48.0))) as archive:
        assert archive.namelist() == [
            f"mlp-forward-06.{kind}", f"mlp-forward-07.{kind}", f"mlp-backward-08.{kind}", "captions.txt",
        ]  # fmt: skip
        assert {file.date_time for file in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        first = archive.read("captions.txt").decode().splitlines()[0]
    assert first.startswith(f"mlp-forward-06.{kind}\t6 / 15\t")


def test_overlays_follow_the_steps_and_every_vertex_is_there(mlp):
    source = render(mlp, "tikz", lang="ru").decode()
    assert {int(n) for ns in re.findall(r"\\only<([\d,-]+)>", source) for n in re.findall(r"\d+", ns)} == set(
        range(1, 17)
    )
    for vertex in (r"\mathbf{W}_{1}", r"\mathbf{tmp}_{2}", "y_{true}", r"\mathcal{L}"):
        assert f"{{${vertex}$}}" in source
    assert r"\usepackage[T2A]{fontenc}" in source
    begun, ended = (re.findall(rf"\\{word}{{(\w+)}}", source) for word in ("begin", "end"))
    assert sorted(begun) == sorted(ended)


def test_one_tikzpicture_for_a_paper(mlp):
    source = render(mlp, "tikz", steps=12, bare=True).decode()
    assert "documentclass" not in source
    assert source.count(r"\begin{tikzpicture}") == 1
    with pytest.raises(gl.ExportError, match="it takes one step"):
        render(mlp, "tikz", bare=True)
