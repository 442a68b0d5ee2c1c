"""The program as a wheel: everything that it needs travels in it, and it runs from any folder."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("streamlit", "plotly", "typst", "pptx", "babel", "lark", "ziamath", "numpy")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, ROOT]
    subprocess.run(command, check=True, capture_output=True)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """run(*arguments, cwd): python with the wheel unpacked, and without the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as z:
        z.extractall(folder)

    def run(*arguments: str, cwd: Path) -> str:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | {
            "PYTHONPATH": str(folder),
            "XDG_CACHE_HOME": str(cwd / "cache"),
        }
        done = subprocess.run(
            [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    return run


def test_the_wheel_names_the_command_the_dependencies_and_the_extras(wheel):
    with zipfile.ZipFile(wheel) as z:
        names = z.namelist()
        (metadata,) = (z.read(n).decode() for n in names if n.endswith(".dist-info/METADATA"))
        (commands,) = (z.read(n).decode() for n in names if n.endswith(".dist-info/entry_points.txt"))
    assert "graphlab = graphlab.cli:main" in commands
    required = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    for name in (line.split(">=")[0] for line in required if line):
        assert f"Requires-Dist: {name}<" in metadata
    for extra in ("gpu", "notebook", "torch", "onnx", "cluster", "postgres"):
        assert f"Provides-Extra: {extra}\n" in metadata
    assert "graphlab/py.typed" in names


def test_the_gpu_extra_is_that_of_the_requirements_file():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert (ROOT / "requirements-gpu.txt").read_text().splitlines()[-1] == extras["gpu"][0]


def test_it_lists_its_scenarios_and_exports_a_step_from_any_folder(installed, tmp_path):
    assert (
        len(installed("-m", "graphlab", "scenarios", cwd=tmp_path).splitlines())
        == len(list((ROOT / "scenarios").glob("*.toml"))) + 1
    )
    installed("-m", "graphlab", "export", "mlp", "--step", "12", "--lang", "ru", "-o", "s.svg", cwd=tmp_path)
    assert (tmp_path / "s.svg").read_text(encoding="utf-8").startswith("<svg")


def test_the_page_is_served_from_a_folder_of_its_own_with_its_settings(installed, tmp_path):
    folder = Path(installed("-c", "from graphlab.app.site import site; print(site())", cwd=tmp_path).strip())
    assert folder.is_relative_to(tmp_path / "cache")
    for name in ("app.py", ".streamlit/config.toml"):
        assert (folder / name).read_text() == (ROOT / name).read_text()
    assert "graphlabPlayer" in installed(
        "-c", "from graphlab.player.assets import javascript; print(javascript())", cwd=tmp_path
    )


def test_the_checkout_serves_itself():
    from graphlab.app.site import site

    assert site() == ROOT


def test_importing_the_package_loads_nothing_large():
    code = f"import graphlab, sys; print([m for m in {HEAVY} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_help_loads_nothing_large():
    code = (
        "import sys\nfrom graphlab.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        f"print([m for m in {HEAVY} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_every_public_name_is_there_and_a_package_does_not_take_its_place():
    code = (
        "import graphlab as gl\nimport graphlab.export.options, graphlab.code.names, graphlab.scenario.library\n"
        "assert set(gl.__all__) <= set(dir(gl))\n"
        "for name in gl.__all__: getattr(gl, name)\n"
        "print(*(callable(f) for f in (gl.export, gl.code, gl.scenario)), gl.ops.__name__)\n"
        "try: gl.nothing\nexcept AttributeError as e: print(e)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True True True graphlab.ops\nmodule 'graphlab' has no attribute 'nothing'\n"


@pytest.mark.parametrize(
    "first",
    [
        "gl.parse('y = tanh(x) + 1')",
        "gl.scenario('mlp').walk()",
        "gl.scenarios()",
        "gl.compile(gl.scenario('mlp').graph)",
        "gl.code(gl.scenario('mlp').walk(), 'numpy')",
        "gl.check_gradients(gl.scenario('mlp').graph, gl.scenario('mlp').feeds())",
    ],
)
def test_any_name_can_be_the_first_that_is_used(first):
    subprocess.run([sys.executable, "-c", f"import graphlab as gl; {first}"], check=True)


def test_every_package_can_be_the_first_that_is_imported():
    """A package that needs another one to be loaded first is found by forgetting all of them in between."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in sorted((ROOT / "graphlab").rglob("__init__.py"))
    ]
    code = (
        "import importlib, sys\n"
        f"for name in {names}:\n"
        "    for loaded in [m for m in sys.modules if m.split('.')[0] == 'graphlab']: del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
