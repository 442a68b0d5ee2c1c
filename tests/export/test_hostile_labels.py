"""Whatever a vertex is called, every format holds its name as text, and an independent reader finds it there."""

import io
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace

import pytest

import graphlab as gl
from graphlab.diagram.marks import labels
from graphlab.engine import trace
from graphlab.export import FORMATS, Options, prepare
from graphlab.export.plain_latex import formula, text
from graphlab.graph import Graph
from graphlab.scenario import from_text

NAMES = [
    "<script>alert(1)</script>",
    "a&b<c>",
    "\"quoted\" and 'so'",
    r"\input{/etc/passwd}\n",
    "αβγ Ω",
    "вершина",
    "😀 smile",
    "]]> {{{ #$%^~_",
    "-->*/",
    "name " * 40,
]


def job(name: str, steps: object = "last", **look):
    """A small walk with a vertex called `name`, drawn with the label that such a name gets where it is read as LaTeX."""
    scenario = from_text("x_1 = tanh(x)\nloss = sum(x_1)", shapes={"x": ("D",)}, sizes={"D": 2})
    graph = scenario.graph

    def renamed(n: str) -> str:
        return name if n == "x" else n

    vertices = {renamed(n): replace(v, name=renamed(n)) for n, v in graph.vertices.items()}
    operations = tuple(replace(o, inputs=tuple(map(renamed, o.inputs))) for o in graph.operations)
    walk = trace(Graph(vertices, operations), {name: [0.1, 0.2]}, of="loss")
    made = prepare(scenario, Options(**look), steps, walk=walk)
    shapes = tuple(replace(v, label=labels.latex(name)) if v.name == name else v for v in made.picture.vertices)
    return replace(made, picture=replace(made.picture, vertices=shapes))


@pytest.mark.parametrize("name", NAMES)
def test_svg_and_the_frames_of_a_zip_are_sound(name):
    assert ET.fromstring(FORMATS["svg"].render(job(name))).tag.endswith("svg")
    with zipfile.ZipFile(io.BytesIO(FORMATS["zip"].render(job(name, "all")))) as archive:
        assert archive.testzip() is None
        for file in archive.namelist():
            content = archive.read(file)
            if file.endswith(".svg"):
                tags = {e.tag.rpartition("}")[2] for e in ET.fromstring(content).iter()}
                assert "script" not in tags
        captions = archive.read("captions.txt").decode().splitlines()
    assert len(captions) == len(job(name, "all").steps)


@pytest.mark.parametrize("name", NAMES)
def test_a_pdf_has_the_name_as_text(name):
    from pypdf import PdfReader

    pages = PdfReader(io.BytesIO(FORMATS["pdf"].render(job(name)))).pages
    found = "".join(page.extract_text() for page in pages)
    assert squeezed(name)[:40] in squeezed(found) or name == "😀 smile"  # no font of ours draws a face


@pytest.mark.parametrize("name", NAMES)
def test_a_powerpoint_file_has_the_name_as_text(name):
    import pptx

    deck = pptx.Presentation(io.BytesIO(FORMATS["pptx"].render(job(name))))
    names = [s.name for slide in deck.slides for s in shapes(slide.shapes)]
    assert any(squeezed(name)[:40] in squeezed(found) for found in names)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("format", ["png", "gif", "webp"])
def test_pictures_open(format, name):
    from PIL import Image

    picture = Image.open(io.BytesIO(FORMATS[format].render(job(name, dpi=48.0))))
    picture.load()
    assert len(picture.convert("RGB").getcolors(picture.width * picture.height)) > 5


@pytest.mark.parametrize("name", NAMES)
def test_dot_has_the_name_and_no_markup(name):
    pygraphviz = pytest.importorskip("pygraphviz")
    source = FORMATS["dot"].render(job(name)).decode()
    graph = pygraphviz.AGraph(string=source)
    labels = [node.attr["label"] for node in graph.nodes()]
    # Graphviz reads \\ in a label as one backslash.
    assert name in [label.replace("\\\\", "\\") for label in labels]
    assert "label=<" not in source


@pytest.mark.parametrize("name", NAMES)
def test_tikz_has_the_name_and_only_known_commands(name):
    source = FORMATS["tikz"].render(job(name)).decode()
    assert balanced(source)
    shown = name if len(name) <= 160 else name[:20]
    assert text(shown) in source or f"${formula(shown)}$" in source
    assert not re.search(r"\\input\b|\\write|\\catcode|\\csname", source)
    if shutil.which("pdflatex"):
        assert not first_errors(source)


def test_a_formula_passes_whole_or_becomes_text():
    assert formula(r"\tilde{\mathbf{c}}_1") == r"\tilde{\mathbf{c}}_{1}"
    assert (
        formula(r"f'(x) \odot \nabla_{\mathbf{h}} \mathcal{L}") == r"f^{\prime}(x)\odot \nabla _{\mathbf{h}}\mathcal{L}"
    )
    for broken in (
        "a^b^c",
        "a_",
        "{",
        "}",
        "a&b",
        r"\input{x}",
        "a$b",
        "a%b",
        "a#1",
        r"\left(x",
        r"\begin{x}\end{x}",
        "^^41",
    ):
        assert formula(broken) == rf"\text{{{text(broken)}}}"
    assert text("50 % of {a_1} & \\x") == r"50 \% of \{a\_1\} \& \textbackslash{}x"


def test_same_input_same_bytes():
    mlp = [gl.scenario("mlp"), gl.scenario("mlp")]
    for format in FORMATS:
        steps = "3-5" if FORMATS[format].many else 4
        first, second = (FORMATS[format].render(prepare(s, Options(dpi=48.0), steps)) for s in mlp)
        assert first == second, format


def squeezed(characters: str) -> str:
    """Without spaces and line ends, as readers of pages add and drop them."""
    return "".join(c for c in characters if not c.isspace())


def shapes(found):
    for shape in found:
        yield shape
        yield from shapes(getattr(shape, "shapes", ()))


def balanced(source: str) -> bool:
    depth = 0
    for token in re.findall(r"\\.|[{}]|%[^\n]*", source):
        depth += {"{": 1, "}": -1}.get(token, 0)
        if depth < 0:
            return False
    return depth == 0


def first_errors(source: str) -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "x.tex").write_text(source, encoding="utf-8")
        command = ["pdflatex", "-interaction=nonstopmode", "-draftmode", "-no-shell-escape", "x.tex"]
        said = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False).stdout
    return "\n".join(line for line in said.decode("latin-1").splitlines() if line.startswith("!"))
